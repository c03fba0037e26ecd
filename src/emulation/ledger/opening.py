"""Opening: a ledger by its address, a path or postgresql://…; the server's library is fetched when it is asked for."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from emulation.ledger.clock import Clock, now
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import Store
from emulation.problems import Problem, Refused

SERVERS = ("postgresql://", "postgres://")


def is_server(address: str) -> bool:
    """Say whether an address is that of a server.

    >>> is_server("postgresql://db/drive"), is_server("drive.ledger")
    (True, False)
    """
    return address.startswith(SERVERS)


def open_ledger(address: str | Path, *, create: bool = False, clock: Clock = now, wait: int = 30) -> Store:
    """Open a ledger; ``create`` makes it where there is none; ``wait`` so many seconds for other writers.

    Raise `Refused` for what cannot be opened safely (E601, E602, E612, E621, E640 to E643), and where the library
    for a server is not installed (E641).

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open_ledger(f"{folder}/drive.ledger", create=True) as ledger:
    ...     ledger.head().seq
    0
    """
    if is_server(str(address)):
        return _server(str(address), create=create, clock=clock, wait=wait)
    return SQLiteLedger(address, create=create, clock=clock, wait=wait)


def _server(address: str, *, create: bool, clock: Clock, wait: int) -> Store:
    """Fetch the room that sees the server's library, which most installations lack, and open."""
    try:
        room = import_module("emulation.ledger.postgres")
    except ImportError as missing:
        what = f"PostgreSQL needs a library that is not installed ({missing})"
        raise Refused([Problem("E641", what, "pip install 'emulation-campaigns[postgres]'")]) from None
    ledger: Store = room.PostgresLedger(address, create=create, clock=clock, wait=wait)
    return ledger
