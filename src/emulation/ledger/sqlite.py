"""SQLite: the default store of a ledger, one file that survives power cuts, kept by the standard library."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from emulation.ledger.chain import Line
from emulation.ledger.clock import Clock, now
from emulation.ledger.entries import EMPTY, Head
from emulation.ledger.store import LONGEST, VERSION, Ledger, altered, head_kept
from emulation.problems import Problem, Refused
from emulation.surroundings import doubts, holders

APPLICATION = int.from_bytes(b"EMUL")
OLDEST = (3, 37, 0)  # the first with STRICT tables

TABLES = {
    "entry": "CREATE TABLE entry (seq INTEGER PRIMARY KEY, text TEXT NOT NULL, hash TEXT NOT NULL) STRICT",
    "head": (
        "CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), seq INTEGER NOT NULL, batch INTEGER NOT NULL,"
        " known_at TEXT, hash TEXT NOT NULL) STRICT"
    ),
    "entry_stays": (
        "CREATE TRIGGER entry_stays BEFORE UPDATE ON entry"
        " BEGIN SELECT raise(ABORT, 'an entry of a ledger is never changed'); END"
    ),
    "entry_is_kept": (
        "CREATE TRIGGER entry_is_kept BEFORE DELETE ON entry"
        " BEGIN SELECT raise(ABORT, 'an entry of a ledger is never deleted'); END"
    ),
    "head_goes_on": (
        "CREATE TRIGGER head_goes_on BEFORE UPDATE ON head WHEN NEW.seq <= OLD.seq"
        " BEGIN SELECT raise(ABORT, 'the head of a ledger only goes on'); END"
    ),
    "head_is_kept": (
        "CREATE TRIGGER head_is_kept BEFORE DELETE ON head"
        " BEGIN SELECT raise(ABORT, 'the head of a ledger is never deleted'); END"
    ),
}
# DELETE + EXTRA is the one setting of SQLite's own journal that loses no acknowledged commit in a power cut:
# with FULL, Python's default, the removal of the journal may not have reached the disk.
_SETTINGS = {
    "journal_mode": ("DELETE", "delete"),
    "synchronous": ("EXTRA", 3),
    "foreign_keys": ("ON", 1),
    "trusted_schema": ("OFF", 0),
    "cell_size_check": ("ON", 1),
}


class SQLiteLedger(Ledger):
    """A ledger in an SQLite file.

    Opening refuses what is no ledger (E601), a newer layout (E602), a file whose triggers were taken away (E612),
    and an SQLite that is too old (E640) or does not take the safe settings (E643). ``create`` makes the file if it
    is not there; without it a missing file is refused (E139). Where another process writes, wait so many seconds
    before giving up (E622).

    >>> import tempfile
    >>> from emulation.ledger.entries import Amended
    >>> with tempfile.TemporaryDirectory() as folder, SQLiteLedger(f"{folder}/drive.db", create=True) as ledger:
    ...     ledger.append([Amended("drive", "f00d")], author="Lan").head.seq
    1
    """

    def __init__(self, path: str | Path, *, create: bool = False, clock: Clock = now, wait: int = 30) -> None:
        self.path, self.clock, self.wait = Path(path), clock, wait
        self.warnings = doubts(self.path)
        if sqlite3.sqlite_version_info < OLDEST:
            found, needed = sqlite3.sqlite_version, ".".join(map(str, OLDEST))
            raise Refused([Problem("E640", f"SQLite {found} is too old to keep a ledger", f"SQLite {needed} or newer")])
        if not create and not self.path.is_file():
            raise Refused([Problem("E139", f"there is no ledger {self.path}")])
        self._connection = self._connected("rwc" if create else "rw")
        try:
            with self._told():
                self._prepare(create=create)
        except BaseException:
            self._connection.close()
            raise

    @property
    def address(self) -> str:
        """The path it was opened by."""
        return str(self.path)

    def head(self) -> Head:
        """Give the last entry's number, moment and hash."""
        with self._told():
            return self._head()

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Give the lines after a number as they are kept, of one moment, unchecked."""
        # A connection of its own: a reader that stops half-way does not stand in this one's way.
        with self._told(), closing(self._connected("rw")) as connection:
            connection.execute("PRAGMA cell_size_check = ON")
            connection.text_factory = bytes
            query = "SELECT seq, text, hash FROM entry WHERE seq > ? ORDER BY seq"
            with closing(connection.execute(query, (after,))) as rows:
                for seq, text, digest in rows:
                    # A damaged page can hold anything, whatever the table's columns are declared as.
                    if type(text) is not bytes or type(digest) is not bytes:
                        raise altered(seq, "was altered: it is no text")
                    yield Line(seq, text, digest.decode("ascii", "replace"))

    def examine(self) -> None:
        """Refuse a file with damaged pages, or with tables or triggers that are not a ledger's (E610, E612)."""
        with self._told():
            self._examine_layout()
            found = self._one("PRAGMA integrity_check(1)")
        if found != "ok":
            raise Refused([_damage(f"{self.path}: {found}")])

    def close(self) -> None:
        """Let go of the file."""
        self._connection.close()

    # --- writing

    @contextmanager
    def _writing(self) -> Iterator[Head]:
        """Keep all other writers out, and give the head; what is written meanwhile is kept wholly or not at all."""
        with self._told(), self._transaction():
            yield self._head()

    def _insert(self, lines: Iterable[Line]) -> Line | None:
        """Write lines; give the last."""
        last: Line | None = None

        def rows() -> Iterator[tuple[int, str, str]]:
            nonlocal last
            for last in lines:
                yield last.seq, last.text.decode(), last.hash

        self._connection.executemany("INSERT INTO entry VALUES (?, ?, ?)", rows())
        return last

    def _end_with(self, head: tuple[int, int, str | None, str]) -> None:
        """Write how far the ledger goes from now on: number, batch, moment and hash."""
        self._connection.execute("UPDATE head SET seq = ?, batch = ?, known_at = ?, hash = ?", head)

    # --- opening

    def _connected(self, mode: str) -> sqlite3.Connection:
        with self._told():
            return _open(self.path, mode, self.wait)

    def _prepare(self, *, create: bool) -> None:
        """Set what makes the file safe, see that it took effect, and see that it is a ledger, or make it one."""
        application = self._one("PRAGMA application_id")
        for setting, (value, expected) in _SETTINGS.items():
            self._connection.execute(f"PRAGMA {setting} = {value}").fetchall()
            found = self._one(f"PRAGMA {setting}")
            if found != expected:
                what = f"SQLite keeps {setting} at {found} for {self.path}"
                raise Refused([Problem("E643", what, f"{setting} = {value}, without which entries can be lost")])
        if create and application == 0:
            with self._transaction():
                if self._one("SELECT count(*) FROM sqlite_schema") == 0:
                    self._found()
        self._examine_layout()

    def _found(self) -> None:
        """Make the tables and their triggers."""
        for statement in TABLES.values():
            self._connection.execute(statement)
        self._connection.execute("INSERT INTO head VALUES (1, ?, ?, NULL, ?)", (EMPTY.seq, EMPTY.batch, EMPTY.hash))
        self._connection.execute(f"PRAGMA application_id = {APPLICATION}")
        self._connection.execute(f"PRAGMA user_version = {VERSION}")

    def _examine_layout(self) -> None:
        if self._one("PRAGMA application_id") != APPLICATION:
            raise Refused([Problem("E601", f"{self.path} is no ledger of emulation", "one made by emulation ingest")])
        version = self._one("PRAGMA user_version")
        if version != VERSION:
            what = f"{self.path} is a ledger of version {version}, and this program knows version {VERSION}"
            raise Refused([Problem("E602", what, "a newer version of emulation")])
        kept = dict(self._connection.execute("SELECT name, sql FROM sqlite_schema"))
        if kept != TABLES:
            changed = sorted(name for name in kept.keys() | TABLES.keys() if kept.get(name) != TABLES.get(name))
            what = f"{self.path} was tampered with: {', '.join(changed)} is not as a ledger has it"
            raise Refused([Problem("E612", what, "restore the ledger from a backup, or verify its entries and export")])

    # --- small ones

    def _one(self, query: str) -> object:
        row = self._connection.execute(query).fetchone()
        return row[0] if row else None

    def _head(self) -> Head:
        row = self._connection.execute("SELECT seq, batch, known_at, hash FROM head").fetchone()
        return head_kept(row)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Keep all other writers out; the whole happens, or nothing of it."""
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self._connection.execute("COMMIT")
        except BaseException:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
            raise

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Turn SQLite's errors into ours."""
        try:
            yield
        except sqlite3.ProgrammingError:
            raise  # the ledger is closed, or is another thread's: a slip of the program, not of the file
        except sqlite3.Error as error:
            raise Refused([_problem(error, self.path, self.wait)]) from error
        except UnicodeDecodeError as error:  # SQLite quotes a damaged file in its words
            raise Refused([_damage(f"{self.path}: {error.reason}")]) from error


def _open(path: Path, mode: str, wait: int) -> sqlite3.Connection:
    """Connect to a file by its name, which may hold any character; no text in it may be longer than an entry is."""
    file = f"file:{quote(str(path))}?mode={mode}"
    connection = sqlite3.connect(file, uri=True, isolation_level=None, timeout=wait)
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, LONGEST)
    return connection


def _problem(error: sqlite3.Error, path: Path, wait: int) -> Problem:
    """Word an error of SQLite; whatever it was, the transaction it came in was undone."""
    name = getattr(error, "sqlite_errorname", "")
    said = f"{path}: {error}"
    match name.removeprefix("SQLITE_").partition("_")[0]:
        case "FULL":
            return Problem("E620", f"the disk is full; nothing was written ({said})", "free some space and do it again")
        case "BUSY" | "LOCKED":
            others = "".join(f", held by process {pid} of this machine" for pid in holders(path))
            return Problem("E622", f"{path} is locked{others}; waited {wait} s", "try again later")
        case "NOTADB":
            return Problem("E601", f"{path} is no ledger of emulation", "one made by emulation ingest")
        case "IOERR" | "CANTOPEN" | "READONLY" | "PERM" | "AUTH":
            remedy = "see to the disk and do it again: what is there already counts as unchanged"
            return Problem("E621", f"the system refused to read or write ({said})", remedy)
        case _:
            return _damage(said)


def _damage(found: str) -> Problem:
    return Problem("E610", f"the ledger is damaged ({found})", "restore it from a backup")
