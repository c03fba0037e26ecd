"""PostgreSQL: the store of a ledger on a server, for several machines; the only room that sees psycopg."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import errors

from emulation.addresses import shown
from emulation.ledger.chain import Line
from emulation.ledger.clock import Clock, now
from emulation.ledger.entries import EMPTY, Head
from emulation.ledger.store import VERSION, Ledger, head_kept
from emulation.problems import Problem, Refused

OLDEST = 140_000
_AT_ONCE = 20_000

TABLES = """
CREATE TABLE emulation_entry (seq bigint PRIMARY KEY, text text NOT NULL, hash text NOT NULL);
CREATE TABLE emulation_head (
    one integer PRIMARY KEY CHECK (one = 1), version integer NOT NULL, seq bigint NOT NULL, batch bigint NOT NULL,
    known_at text, hash text NOT NULL
);
CREATE FUNCTION emulation_stays() RETURNS trigger LANGUAGE plpgsql AS
    $$BEGIN RAISE EXCEPTION 'what a ledger holds is never changed or deleted'; END$$;
CREATE TRIGGER emulation_entry_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON emulation_entry
    FOR EACH STATEMENT EXECUTE FUNCTION emulation_stays();
CREATE TRIGGER emulation_head_is_kept BEFORE DELETE OR TRUNCATE ON emulation_head
    FOR EACH STATEMENT EXECUTE FUNCTION emulation_stays();
CREATE TRIGGER emulation_head_goes_on BEFORE UPDATE ON emulation_head
    FOR EACH ROW WHEN (NEW.seq <= OLD.seq) EXECUTE FUNCTION emulation_stays();
"""
# What a server says of the triggers above: name, enabled, when they fire as bits, what they run.
_GUARDS = {
    ("emulation_entry_stays", "O", 58),
    ("emulation_head_is_kept", "O", 42),
    ("emulation_head_goes_on", "O", 19),
}
_BODY = "BEGIN RAISE EXCEPTION 'what a ledger holds is never changed or deleted'; END"
_SAFE = {"synchronous_commit": ("on", "remote_apply"), "fsync": ("on",), "full_page_writes": ("on",)}


class PostgresLedger(Ledger):
    """A ledger in the first schema of a PostgreSQL connection's search path.

    Opening refuses a server that cannot be reached (E621), is older than 14 (E642) or set to lose commits (E643),
    and what is no ledger (E601), newer than this program (E602) or without its triggers (E612).
    """

    def __init__(self, address: str, *, create: bool = False, clock: Clock = now, wait: int = 30) -> None:
        self._dsn, self.clock, self.wait = address, clock, wait
        self.warnings: tuple[Problem, ...] = ()
        self._connection = self._connected()
        try:
            with self._told():
                self._prepare(create=create)
        except BaseException:
            self._connection.close()
            raise

    @property
    def address(self) -> str:
        """The address it was opened by, without its password."""
        return shown(self._dsn)

    def head(self) -> Head:
        """Give the last entry's number, moment and hash."""
        with self._told():
            return self._head()

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Give the lines after a number as they are kept, unchecked; those that are appended meanwhile may follow."""
        query = "SELECT seq, convert_to(text, 'UTF8'), hash FROM emulation_entry WHERE seq > %s ORDER BY seq LIMIT %s"
        last = after
        while True:
            with self._told():
                rows = self._connection.execute(query, (last, _AT_ONCE)).fetchall()
            if not rows:
                return
            yield from map(Line._make, rows)
            last = rows[-1][0]

    def examine(self) -> None:
        """Refuse tables whose triggers are not a ledger's (E612); their pages the server sees to."""
        with self._told():
            self._examine_layout()

    def close(self) -> None:
        """Let go of the connection."""
        self._connection.close()

    # --- writing

    @contextmanager
    def _writing(self) -> Iterator[Head]:
        """Keep all other writers out, and give the head; what is written meanwhile is kept wholly or not at all."""
        with self._told(), self._connection.transaction():
            yield self._head(lock=True)

    def _insert(self, lines: Iterable[Line]) -> Line | None:
        """Write lines; give the last."""
        last: Line | None = None
        copied = "COPY emulation_entry (seq, text, hash) FROM STDIN"
        with self._connection.cursor() as cursor, cursor.copy(copied) as copy:
            for last in lines:
                copy.write_row((last.seq, last.text.decode(), last.hash))
        return last

    def _end_with(self, head: tuple[int, int, str | None, str]) -> None:
        """Write how far the ledger goes from now on: number, batch, moment and hash."""
        self._connection.execute("UPDATE emulation_head SET seq = %s, batch = %s, known_at = %s, hash = %s", head)

    # --- opening

    def _connected(self) -> psycopg.Connection[Any]:
        with self._told():
            connection = psycopg.connect(self._dsn, autocommit=True, connect_timeout=self.wait)
            connection.execute("SELECT set_config('lock_timeout', %s, false)", (f"{self.wait}s",))
            connection.execute("SET synchronous_commit TO on")
            connection.execute("SET client_encoding TO 'UTF8'")
            return connection

    def _prepare(self, *, create: bool) -> None:
        """See that the server is new enough and keeps what it acknowledges; see that a ledger is there, or make it."""
        version = self._connection.info.server_version
        if version < OLDEST:
            what = f"PostgreSQL {version // 10_000} is too old to keep a ledger"
            raise Refused([Problem("E642", what, f"PostgreSQL {OLDEST // 10_000} or newer")])
        for setting, safe in _SAFE.items():
            found = self._one(f"SHOW {setting}")
            if found not in safe:
                what = f"the server keeps {setting} at {found}"
                raise Refused([Problem("E643", what, f"{setting} = {safe[0]}, without which entries can be lost")])
        if self._one("SHOW server_encoding") != "UTF8":
            raise Refused([Problem("E643", "the database is not in UTF-8", "createdb --encoding=UTF8")])
        if create:
            self._found()
        self._examine_layout()

    def _found(self) -> None:
        """Make the tables and their triggers, unless they are there; of several who come at once, one does."""
        with self._connection.transaction():
            self._connection.execute("SELECT pg_advisory_xact_lock(hashtext('emulation ledger'))")
            if self._one("SELECT to_regclass('emulation_head')") is None:
                self._connection.execute(TABLES)
                founded = (VERSION, EMPTY.seq, EMPTY.batch, EMPTY.hash)
                self._connection.execute("INSERT INTO emulation_head VALUES (1, %s, %s, %s, NULL, %s)", founded)

    def _examine_layout(self) -> None:
        if self._one("SELECT to_regclass('emulation_head')") is None:
            raise Refused([Problem("E601", f"{self.address} holds no ledger", "one made by emulation ingest")])
        version = self._one("SELECT version FROM emulation_head")
        if version != VERSION:
            what = f"{self.address} is a ledger of version {version}, and this program knows version {VERSION}"
            raise Refused([Problem("E602", what, "a newer version of emulation")])
        guards = set(self._connection.execute(
            "SELECT tgname, tgenabled::text, tgtype::int FROM pg_trigger WHERE NOT tgisinternal"
            " AND tgrelid IN (to_regclass('emulation_entry'), to_regclass('emulation_head'))"
        ))  # fmt: skip
        body = self._one("SELECT prosrc FROM pg_proc WHERE oid = to_regproc('emulation_stays')")
        changed = sorted(str(guard[0]) for guard in guards ^ _GUARDS) + ["emulation_stays"] * (body != _BODY)
        if changed:
            what = f"{self.address} was tampered with: {', '.join(changed)} is not as a ledger has it"
            raise Refused([Problem("E612", what, "restore the ledger from a backup, or verify its entries and export")])

    # --- small ones

    def _one(self, query: str) -> object:
        row = self._connection.execute(query).fetchone()
        return row[0] if row else None

    def _head(self, *, lock: bool = False) -> Head:
        """Give the head; locked, no other writer passes until the transaction ends."""
        # Numbers are given under this lock and not by a sequence, whose order is not that of commits: a reader
        # could see 2 before 1.
        query = "SELECT seq, batch, known_at, hash FROM emulation_head"
        return head_kept(self._connection.execute(f"{query} FOR UPDATE" if lock else query).fetchone())

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn psycopg's errors into ours."""
        try:
            yield
        except psycopg.Error as error:
            raise Refused([_problem(error, self.address, self.wait)]) from error


def _problem(error: psycopg.Error, address: str, wait: int) -> Problem:
    """Word an error of the server or of the way to it."""
    said = f"{address}: {' '.join(str(error).split())}"
    match error:
        case errors.DiskFull():
            return Problem("E620", f"the server's disk is full; nothing was written ({said})", "free some space there")
        case errors.LockNotAvailable():
            return Problem("E622", f"{address} is locked by another writer; waited {wait} s", "try again later")
        case errors.DataCorrupted() | errors.IndexCorrupted():
            return Problem("E610", f"the ledger is damaged ({said})", "restore it from a backup")
        case _:
            remedy = "see to the server and do it again: what is there already counts as unchanged"
            return Problem("E621", f"the server did not answer as it should ({said})", remedy)
