"""Keepings: where the tests keep ledgers, in a file or on a server, and how somebody with all rights changes them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg

from emulation.ledger.clock import Clock
from emulation.ledger.opening import open_ledger
from emulation.ledger.sqlite import TABLES
from emulation.ledger.store import Store

from drive import daily
from server import Server

GUARDS = ("entry_stays", "entry_is_kept", "head_goes_on")


class Keeping(Protocol):
    """Where a ledger is kept: how to open it, and how somebody with all rights changes it behind its back."""

    def open(self, *, create: bool = True, clock: Clock | None = None, wait: int = 30) -> Store:
        """Open the ledger, again and again the same."""

    def tamper(self, statements: str) -> None:
        """Run statements on the tables ``entry`` and ``head`` with the guards off, and put the guards back."""


class FileKeeping:
    """A ledger in an SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def open(self, *, create: bool = True, clock: Clock | None = None, wait: int = 30) -> Store:
        """Open the ledger, again and again the same."""
        return open_ledger(self.path, create=create, clock=clock or daily(), wait=wait)

    def tamper(self, statements: str) -> None:
        """Run statements with the triggers gone, and put them back."""
        with closing(sqlite3.connect(self.path, isolation_level=None)) as outside:
            outside.executescript("; ".join(f"DROP TRIGGER {guard}" for guard in GUARDS))
            outside.executescript(statements)
            outside.executescript("; ".join(TABLES[guard] for guard in GUARDS))


class ServerKeeping:
    """A ledger in a schema of a PostgreSQL server."""

    def __init__(self, server: Server) -> None:
        self.server, self.schema = server, server.schema()
        self.address = server.address(self.schema)
        with psycopg.connect(server.address(), autocommit=True) as outside:
            outside.execute(f"CREATE SCHEMA {self.schema}".encode())

    def open(self, *, create: bool = True, clock: Clock | None = None, wait: int = 30) -> Store:
        """Open the ledger, again and again the same."""
        return open_ledger(self.address, create=create, clock=clock or daily(), wait=wait)

    def tamper(self, statements: str) -> None:
        """Run statements with the triggers switched off, and on again."""
        named = statements.replace(" entry", " emulation_entry").replace(" head", " emulation_head")
        with psycopg.connect(self.address) as outside:
            outside.execute("SET session_replication_role = replica")
            outside.execute(named.encode())
