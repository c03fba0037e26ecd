"""Store: what every ledger store can do, and what is made of that: reading, verifying, moving on in time."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Protocol, Self, TypeAlias

from attrs import frozen

from emulation.ledger.chain import Line, NotAnEntry, entry_of, hash_of, head_of, lines_of, moment_text
from emulation.ledger.clock import Clock, next_moment
from emulation.ledger.entries import EMPTY, Content, Entry, Head
from emulation.problems import Problem, Refused

VERSION = 1
LONGEST = 1_000_000  # bytes of an entry as it is kept, and of a line of an export
"""Of the layout of a store and of the text of entries; a program refuses what is newer than itself."""


class Moved(Exception):
    """The ledger has moved on since it was read: what was to be appended must be thought over."""


@frozen
class Appended:
    """A batch is in the ledger: where the ledger ends now, and what to say of it (W624: the clock was behind)."""

    head: Head
    warnings: tuple[Problem, ...] = ()


class Store(Protocol):
    """A ledger in some keeping; each refusal is a `Refused` with a code E6xx, and then nothing was written.

    ``address`` is what it was opened by, ``warnings`` what opening it found doubtful.
    """

    @property
    def address(self) -> str:
        """The path or address it was opened by."""

    @property
    def warnings(self) -> tuple[Problem, ...]:
        """What is doubtful about where it is kept."""

    def head(self) -> Head:
        """Give the last entry's number, moment and hash."""

    def lines(self, after: int = 0) -> Iterator[Line]:
        """Give the lines after a number as they are kept, unchecked; those appended meanwhile may follow."""

    def append(
        self, contents: Iterable[Content], *, author: str, reason: str | None = None, after: Head | None = None
    ) -> Appended:
        """Append a batch, the whole or nothing; raise `Moved` if the ledger does not end ``after`` that head."""

    def adopt(self, lines: Iterable[Line]) -> Head:
        """Take over all lines of another ledger as they are, the whole or nothing; this one must be empty (E630)."""

    def examine(self) -> None:
        """Refuse a keeping that is damaged or was tampered with: its tables, its triggers, its pages (E610, E612)."""

    def close(self) -> None:
        """Let go of the ledger."""

    def __enter__(self) -> Self:
        """Open nothing more; close at the end."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close."""


class Ledger(Protocol):
    """What a store brings along, and what follows from it wherever it is kept: appending, taking over, letting go."""

    clock: Clock

    @property
    def address(self) -> str:
        """The path or address it was opened by."""

    def _writing(self) -> AbstractContextManager[Head]:
        """Keep all other writers out, and give the head; what is written meanwhile is kept wholly or not at all."""

    def _insert(self, lines: Iterable[Line]) -> Line | None:
        """Write lines; give the last."""

    def _end_with(self, head: tuple[int, int, str | None, str]) -> None:
        """Write how far the ledger goes from now on: number, batch, moment and hash."""

    def close(self) -> None:
        """Let go of the ledger."""

    def append(
        self, contents: Iterable[Content], *, author: str, reason: str | None = None, after: Head | None = None
    ) -> Appended:
        """Append a batch, the whole or nothing; raise `Moved` if the ledger does not end ``after`` that head."""
        with self._writing() as before:
            if after is not None and after != before:
                raise Moved
            said = self.clock().astimezone(UTC)
            known_at = next_moment(said, before.known_at)
            last = self._insert(lines_of(contents, before, known_at, author, reason))
            if last is None:
                raise AssertionError("a batch says something")
            head = self._move(Head(last.seq, before.batch + 1, known_at, last.hash))
        return Appended(head, clock_was_back(said, known_at))

    def adopt(self, lines: Iterable[Line]) -> Head:
        """Take over all lines of another ledger as they are, the whole or nothing; this one must be empty (E630)."""
        with self._writing() as before:
            if before != EMPTY:
                raise Refused([Problem("E630", f"the ledger {self.address} has entries already", "a new, empty one")])
            last = self._insert(lines)
            return EMPTY if last is None else self._move(head_of(last))

    def _move(self, head: Head) -> Head:
        """Let the ledger end with a head."""
        moment = None if head.known_at is None else moment_text(head.known_at)
        self._end_with((head.seq, head.batch, moment, head.hash))
        return head

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


Tell: TypeAlias = Callable[[int, int], None]
"""Who is told how far long work has come: how much of how much."""
TOLD_EVERY = 5_000  # lines


def untold(_done: int, _of: int) -> None:
    """Tell nobody."""


def sound(store: Store, after: Head = EMPTY, tell: Tell = untold) -> Iterator[Line]:
    """Give the lines after a head up to the ledger's head of now, each seen to follow from the one before.

    Raise `Refused` (E610) at the first line that was altered, moved, put in or left out.
    """
    head, seq, digest = store.head(), after.seq, after.hash
    for line in store.lines(seq):
        if seq == head.seq:
            # Somebody may have appended since; if nobody has, what stands beyond the head was put there.
            if store.head().seq < line.seq:
                raise altered(line.seq, "stands beyond the ledger's head")
            return
        seq += 1
        if line.seq != seq:
            raise altered(seq, f"is missing: {line.seq} comes in its place")
        digest = hash_of(digest, line.text)
        if digest != line.hash:
            raise altered(seq, "was altered: its hash does not fit it")
        if seq % TOLD_EVERY == 0:
            tell(seq, head.seq)
        if seq == head.seq and _head_in(line) != head:
            raise altered(seq, "is not the one that the ledger's head names")
        yield line
    if seq != head.seq:
        raise altered(seq + 1, f"is missing: the ledger's head is {head.seq}")
    if digest != head.hash:
        raise altered(seq, "is not the one that the ledger's head names")


def _head_in(line: Line) -> Head:
    try:
        return head_of(line)
    except NotAnEntry as slip:
        raise _unknown(slip) from slip


def _unknown(slip: NotAnEntry) -> Refused:
    return Refused([Problem("E602", str(slip), "a newer version of emulation")])


def read(store: Store, known_at: datetime | None = None, after: Head = EMPTY, tell: Tell = untold) -> Iterator[Entry]:
    """Give the entries after a head and up to a moment, all without one; every hash is checked on the way (E610)."""
    return entries_of(sound(store, after, tell), known_at, after)


def entries_of(lines: Iterable[Line], known_at: datetime | None = None, after: Head = EMPTY) -> Iterator[Entry]:
    """Read lines that follow from each other, up to a moment; what they say must follow too (E610)."""
    last = after
    for line in lines:
        try:
            entry = entry_of(line, last.hash)
        except NotAnEntry as slip:
            raise _unknown(slip) from slip
        moved_on = last.known_at is None or entry.known_at > last.known_at
        if (entry.seq, entry.batch) != (line.seq, last.batch + moved_on) or not (
            moved_on or entry.known_at == last.known_at
        ):
            raise altered(line.seq, "does not follow the one before it in number, batch and time")
        if known_at is not None and entry.known_at > known_at:
            return
        last = Head(entry.seq, entry.batch, entry.known_at, entry.hash)
        yield entry


def verify(store: Store, kept: Head | None = None, tell: Tell = untold) -> Head:
    """Derive every hash anew and examine the keeping; give the head to print and to keep elsewhere.

    With a head ``kept`` from before, see that the ledger still goes through it (E611: its end was cut off, or it
    was put back to an older state and went on differently). Raise `Refused` at the first thing wrong.
    """
    store.examine()
    last, moment, through = Line(0, b"", EMPTY.hash), b"", kept is None
    for line in sound(store, tell=tell):
        known = _moment_in(line)
        if known < moment:
            raise altered(line.seq, "is dated before the one before it")
        last, moment = line, known
        if kept is not None and line.seq == kept.seq:
            through = line.hash == kept.hash
    if not through and kept is not None and (kept.seq, kept.hash) != (0, EMPTY.hash):
        what = f"the ledger does not go on from the head that was kept, {kept}"
        raise Refused([Problem("E611", what, "entries were cut off, or an older copy was put in its place")])
    return _head_in(last) if last.seq else EMPTY


def _moment_in(line: Line) -> bytes:
    """Find when a line is known since, and see that it holds its own number, without reading all of it."""
    # A text inside the entry cannot look like this key, since its quotation marks are written with a backslash.
    start = line.text.rfind(b'"known_at":"') + 12
    if not line.text.endswith(b',"seq":%d}' % line.seq):
        raise altered(line.seq, "holds another number than its own")
    return line.text[start : start + 27]


def altered(seq: int, what: str) -> Refused:
    """Tell of the first entry that is not as it was written."""
    remedy = "restore the ledger from a backup; the entries before it are as they were written"
    return Refused([Problem("E610", f"entry {seq} {what}", remedy)])


def clock_was_back(clock_said: datetime, known_at: datetime) -> tuple[Problem, ...]:
    """Warn where the ledger gave a later moment than the clock."""
    if clock_said >= known_at:
        return ()
    what = f"the clock says {moment_text(clock_said)}, which is not after the last entry"
    return (Problem("W624", what, f"the batch is dated {moment_text(known_at)}"),)


def head_in(text: str) -> Head:
    """Read a head that was kept as ``number:hash``.

    >>> head_in("0:" + "0" * 64) == EMPTY
    True
    """
    seq, _, digest = text.strip().partition(":")
    if not (seq.isascii() and seq.isdecimal() and len(seq) < 19 and len(digest) == 64):  # noqa: PLR2004
        raise Refused([Problem("E603", f"{text!r} is no head of a ledger", "its number, a colon and its hash")])
    return Head(int(seq), hash=digest)


def head_kept(row: tuple[Any, ...] | None) -> Head:
    """Give the head as a store keeps it: its number, batch, moment and hash; refuse what is none (E610)."""
    try:
        seq, batch, known_at, digest = row or ()
        moment = None if known_at is None else datetime.fromisoformat(known_at)
        return Head(operator.index(seq), operator.index(batch), moment, digest)
    except (ValueError, TypeError) as slip:
        what = f"the ledger is damaged: its head is {row}"
        raise Refused([Problem("E610", what, "restore it from a backup")]) from slip
