"""Opening: a ledger by its address, a path or postgresql://…; the server's library is fetched when it is asked for."""

from __future__ import annotations

from emulation.ledger.clock import Clock, now
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import Store


def open_ledger(address: str, *, create: bool = False, clock: Clock = now) -> Store:
    """Open a ledger; ``create`` makes it where there is none.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, open_ledger(f"{folder}/drive.ledger", create=True) as ledger:
    ...     ledger.head().seq
    0
    """
    return SQLiteLedger(address, create=create, clock=clock)
