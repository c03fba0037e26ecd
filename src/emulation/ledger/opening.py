"""Opening: a ledger by its address, a path or postgresql://…; the server's library is fetched when it is asked for."""

from __future__ import annotations

from pathlib import Path

from emulation.addresses import is_server, is_table, shown
from emulation.doors import open_extra
from emulation.ledger.clock import Clock, now
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import Store
from emulation.problems import Problem, Refused


def open_ledger(address: str | Path, *, create: bool = False, clock: Clock = now, wait: int = 30) -> Store:
    """Open a ledger; ``create`` makes it where there is none; ``wait`` so many seconds for other writers.

    Raise `Refused` for what cannot be opened safely (E601, E602, E612, E621, E640 to E643), and where the library
    for a server is not installed (E641).

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open_ledger(f"{folder}/drive.ledger", create=True) as ledger:
    ...     ledger.head().seq
    0
    """
    if is_table(str(address)):
        what = f"{shown(str(address))} is the address of a table, and holds no ledger"
        raise Refused([Problem("E601", what, "an address without table=")])
    if is_server(str(address)):
        room = open_extra("ledger.postgres", "postgres", "PostgreSQL")
        server: Store = room.PostgresLedger(str(address), create=create, clock=clock, wait=wait)
        return server
    return SQLiteLedger(address, create=create, clock=clock, wait=wait)
