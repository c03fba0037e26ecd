"""Copies: a ledger as lines of JSON for git, auditors and other programs, and back; and backups while others write."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import tee
from pathlib import Path
from typing import BinaryIO

from emulation.ledger.chain import Line, hash_of, head_of, lines_of
from emulation.ledger.entries import EMPTY, Head
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import LONGEST, TOLD_EVERY, Store, Tell, altered, entries_of, sound, untold
from emulation.problems import Place, Problem, Refused

_LINE = re.compile(rb'\{"entry":(\{.*\}),"hash":"([0-9a-f]{64})"\}\n')


def json_lines(store: Store, tell: Tell = untold) -> Iterator[bytes]:
    """Give a ledger as lines of JSON, each an entry and its hash; every hash is checked on the way (E610).

    >>> import tempfile
    >>> from datetime import UTC, datetime
    >>> from emulation.ledger.entries import Amended
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with SQLiteLedger(f"{folder}/drive.ledger", create=True) as ledger:
    ...         _ = ledger.append([Amended("drive", "f00d")], author="Lan")
    ...         [line[:36] for line in json_lines(ledger)]
    [b'{"entry":{"author":"Lan","batch":1,"']
    """
    for line in sound(store, tell=tell):
        yield b'{"entry":%b,"hash":"%b"}\n' % (line.text, line.hash.encode())


def export(store: Store, path: str | Path, tell: Tell = untold) -> Head:
    """Write a ledger as lines of JSON to a new file, whole or not at all; refuse to write over one (E630)."""
    target = Path(path)
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    _must_be_new(target)
    with _told(target):
        try:
            last = _written(part, json_lines(store, tell))
            part.replace(target)
            _flush_folder(target.parent)
        finally:
            part.unlink(missing_ok=True)
    return _head_in(last)


def import_ledger(path: str | Path, store: Store, tell: Tell = untold) -> Head:
    """Take an exported ledger over into an empty one: the same entries, moments and hashes, so the same head.

    Raise `Refused` for a file that is no export (E604) or was altered (E610), and for a ledger that has entries
    (E630); nothing is written then.
    """
    file = Path(path)
    with _told(file), file.open("rb") as lines:
        return store.adopt(_understood(_lines_in(lines, file.name, tell)))


def backup(store: Store, path: str | Path, tell: Tell = untold) -> Head:
    """Copy a ledger, as it is at one moment, into a new SQLite file; refuse to write over one (E630).

    Every hash is checked on the way, so that no damage is copied; others may go on writing.
    """
    target = Path(path)
    _must_be_new(target)
    try:
        with SQLiteLedger(target, create=True) as copy:
            return copy.adopt(sound(store, tell=tell))
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _must_be_new(target: Path) -> None:
    if target.exists():
        raise Refused([Problem("E630", f"{target} is there already", "a new file")])


def _written(part: Path, lines: Iterable[bytes]) -> bytes:
    """Write lines to the disk itself, not only to the system's memory; give the last."""
    last = b""
    with part.open("xb") as file:
        for last in lines:
            file.write(last)
        file.flush()
        os.fsync(file.fileno())
    return last


def _flush_folder(folder: Path) -> None:
    """See that a new name is on the disk; Windows does that by itself."""
    if hasattr(os, "O_DIRECTORY"):
        opened = os.open(folder, os.O_DIRECTORY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)


def _head_in(exported: bytes) -> Head:
    """Give the head of a ledger from the last line of its export."""
    found = _LINE.fullmatch(exported)
    return head_of(Line(0, found[1], found[2].decode())) if found else EMPTY


def _lines_in(file: BinaryIO, name: str, tell: Tell) -> Iterator[Line]:
    """Give the lines of an export, each seen to follow from the one before; how far, is told in bytes."""
    digest, number, size = EMPTY.hash, 0, os.fstat(file.fileno()).st_size
    while read := file.readline(LONGEST):
        number += 1
        if number % TOLD_EVERY == 0:
            tell(file.tell(), size)
        found = _LINE.fullmatch(read)
        if found is None:
            what = "this is no line of an exported ledger"
            raise Refused([Problem("E604", what, "one entry and its hash a line", place=Place(name, number))])
        digest = hash_of(digest, found[1])
        if digest.encode() != found[2]:
            raise altered(number, "was altered: its hash does not fit it")
        yield Line(number, found[1], digest)


def _understood(lines: Iterable[Line]) -> Iterator[Line]:
    """Give the lines on, each seen to be an entry that follows, written as this program would write it."""
    ahead, behind = tee(lines)
    for line, entry in zip(behind, entries_of(ahead), strict=True):
        before = Head(entry.seq - 1, entry.batch - 1, None, entry.previous)
        (again,) = lines_of([entry.content], before, entry.known_at, entry.author, entry.reason)
        if again != line:
            raise altered(line.seq, "is not in the canonical form")
        yield line


@contextmanager
def _told(file: Path) -> Iterator[None]:
    """Turn the system's errors into ours, in its own words."""
    try:
        yield
    except OSError as error:
        raise Refused([Problem("E600", f"{file}: {error.strerror}")]) from error
