"""Writing: one writer at a time in a folder, and how the others are told; its lock dies with who holds it.

The lock is the system's own, on a file that stays in the folder and holds nothing. A program that is killed leaves no
lock behind, so that none has to be taken away by hand.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from emulation.problems import Problem, Refused
from emulation.surroundings import holders

LOCK = "archive.lock"
WAIT = 1
"""Seconds to wait for a lock: long enough for who looks whether there is one, and no longer."""

_HELD = ("SQLITE_BUSY", "SQLITE_LOCKED")


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Keep all other writers out of a folder that is there; raise `Refused` (E797) where somebody writes already.

    A folder in which nothing can be locked is refused too (E621).

    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as name, alone(Path(name)):
    ...     is_written(Path(name))
    True
    """
    file = folder / LOCK
    try:
        connection = _connected(file, "rwc", WAIT)
    except sqlite3.Error as error:
        raise Refused([_problem(error, folder)]) from error
    with closing(connection):
        try:
            _lock(connection)
        except sqlite3.Error as error:
            raise Refused([_problem(error, folder)]) from error
        yield


def is_written(folder: Path) -> bool:
    """Say whether somebody is writing in a folder now."""
    try:
        with closing(_connected(folder / LOCK, "rw", 0)) as connection:
            _lock(connection)
    except sqlite3.Error as error:
        return _names(error).startswith(_HELD)
    return False


def at_work(folder: Path) -> Problem:
    """Say that somebody is writing in a folder, and who, where the system tells."""
    others = "".join(f", process {pid} of this machine" for pid in holders(folder / LOCK))
    return Problem("E797", f"somebody is writing in {folder}{others}", "wait until that is done, and do it again")


def _connected(file: Path, mode: str, wait: int) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file))}?mode={mode}", uri=True, isolation_level=None, timeout=wait)


def _lock(connection: sqlite3.Connection) -> None:
    # Nothing is ever written under the lock; a journal of that would be a second file that is left behind.
    connection.execute("PRAGMA journal_mode = MEMORY")
    connection.execute("BEGIN EXCLUSIVE")


def _names(error: sqlite3.Error) -> str:
    return str(getattr(error, "sqlite_errorname", ""))


def _problem(error: sqlite3.Error, folder: Path) -> Problem:
    if _names(error).startswith(_HELD):
        return at_work(folder)
    what = f"the system does not let anything be locked in {folder} ({error})"
    return Problem("E621", what, "see to the disk, and to who may write there")
