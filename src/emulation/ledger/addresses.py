"""Addresses: which of them are those of ledgers, told without opening one and without the rooms that could."""

from __future__ import annotations

from pathlib import Path

SERVERS = ("postgresql://", "postgres://")
_SQLITE = b"SQLite format 3\0"


def is_server(address: str) -> bool:
    """Say whether an address is that of a server.

    >>> is_server("postgresql://db/drive"), is_server("drive.ledger")
    (True, False)
    """
    return address.startswith(SERVERS)


def is_ledger(address: str) -> bool:
    """Say whether an address is that of a server, or of a file in the form that ledgers have.

    >>> is_ledger("postgresql://db/drive"), is_ledger("campaigns/thai-nguyen-2025/observations.csv")
    (True, False)
    """
    file = Path(address)
    if is_server(address) or not file.is_file():
        return is_server(address)
    with file.open("rb") as start:
        return start.read(len(_SQLITE)) == _SQLITE
