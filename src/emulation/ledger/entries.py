"""Entries: what a ledger can say, one record a kind; an entry is never changed, later ones speak of it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal, TypeAlias

from attrs import frozen

from emulation.names import ParticipantId
from emulation.observations import Observation, Tally
from emulation.periods import Span
from emulation.standings import Decision


@frozen
class Key:
    """Which fact: of whom, what, about which days, at which stage; two reports with one key are about one thing.

    ``source`` is part of the key only where a campaign keeps the figures of several sources beside each other.
    """

    participant: ParticipantId
    fact: str
    span: Span
    stage: str | None = None
    source: str | None = None

    def __str__(self) -> str:
        first, last = self.span.first.isoformat(), self.span.last.isoformat()
        days = first if first == last else f"{first} to {last}"
        beside = "".join(f", {part}" for part in (self.stage, self.source) if part)
        return f"{self.fact} of {self.participant} on {days}{beside}"


@frozen
class Reported:
    """A fact is reported, for the first time or corrected.

    ``given`` is the text of the cell as it stood in the file; ``apart`` says that the figures of its source stand
    beside those of other sources.

    >>> day = Span(date(2025, 7, 31), date(2025, 7, 31))
    >>> print(Reported(Observation(ParticipantId("a"), "files", day, 850)).key)
    files of a on 2025-07-31
    """

    observation: Observation
    given: str | None = None
    apart: bool = False

    @property
    def key(self) -> Key:
        """Which fact it is."""
        one = self.observation
        return Key(one.participant, one.fact, one.span, one.stage, one.source if self.apart else None)


@frozen
class Withdrawn:
    """A fact is taken back: from now on it was never given, except in history."""

    key: Key


@frozen
class Disputed:
    """Somebody disputes a fact, and says why."""

    key: Key
    by: str
    because: str


@frozen
class Settled:
    """A dispute has ended: the figure is upheld, or it is corrected or withdrawn by entries of its own."""

    key: Key
    outcome: Literal["upheld", "corrected", "withdrawn"]
    by: str
    because: str | None = None


@frozen
class Verified:
    """Somebody looked at a fact's documents: it is confirmed, or it cannot be."""

    key: Key
    status: Literal["confirmed", "refuted", "unverified"]
    by: str
    document: str | None = None


@frozen
class Decided:
    """A human decision on a tie, as a campaign records it, and the words of the minutes."""

    decision: Decision
    text: str | None = None


@frozen
class Appealed:
    """A participant appeals: against what, in which words, and on which day it was lodged."""

    appeal: str
    participant: ParticipantId
    against: str
    because: str
    on: date


@frozen
class Ruled:
    """A human ruling on an appeal, on an award that is held or revoked, or on anything else that has a name.

    ``about`` is the id of the appeal, or what is ruled on (``awards.flag``); ``outcome`` a word for what came of it
    (granted, dismissed, held, revoked).
    """

    about: str
    outcome: str
    by: str
    on: date
    participant: ParticipantId | None = None
    because: str | None = None


@frozen
class Amended:
    """The rules are these from now on: the fingerprint before (none for the first) and after, and why."""

    campaign: str
    to: str
    from_: str | None = None
    because: str | None = None


@frozen
class Sealed:
    """A publication: which results were shown, from which rules and data, and which seal they replace.

    ``view`` is the moment up to which the ledger was read; ``head`` the hash of the last entry in that view;
    ``supersedes`` the number of the entry that sealed what is replaced.
    """

    as_of: date
    view: datetime
    head: str
    fingerprint: str
    data_hash: str
    outcome_hash: str
    supersedes: int | None = None
    title: str | None = None


@frozen
class Ingested:
    """A file was taken in: its name and hash, what became of each row, and sums to check it by.

    It is written also when nothing in the file was new, so that the ledger's time has moved on. ``sums`` are exact,
    one for each fact with a value; ``fingerprint`` is that of the rules the file was read by.
    """

    file: str
    sha256: str
    tally: Tally
    sums: tuple[tuple[str, str], ...] = ()
    fingerprint: str | None = None


Content: TypeAlias = (
    Reported | Withdrawn | Disputed | Settled | Verified | Decided | Appealed | Ruled | Amended | Sealed | Ingested
)


@frozen
class Entry:
    """One line of a ledger: its number from 1, its batch, since when it is known, who wrote it, and what it says.

    ``known_at`` (UTC) is given by the ledger and is later in every batch than in the one before. ``hash`` is the
    SHA-256 of the hash before it and of the entry's canonical text.
    """

    seq: int
    batch: int
    known_at: datetime
    author: str
    content: Content
    previous: str
    hash: str
    reason: str | None = None


@frozen
class Head:
    """How far a ledger goes: its last entry's number, batch, moment and hash. Who keeps it can prove a change.

    >>> Head().seq, Head().hash[:8]
    (0, '00000000')
    """

    seq: int = 0
    batch: int = 0
    known_at: datetime | None = None
    hash: str = "0" * 64

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"


EMPTY = Head()
