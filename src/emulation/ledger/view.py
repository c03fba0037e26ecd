"""View: what a ledger knows at a moment, as a fold of its entries; corrections and withdrawals hold from their moment.

A view at a moment the ledger has passed is the same for ever, whatever comes after.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, tzinfo
from functools import cached_property

from attrs import evolve, field, frozen

from emulation.ledger.entries import (
    EMPTY,
    Amended,
    Appealed,
    Decided,
    Disputed,
    Entry,
    Head,
    Ingested,
    Key,
    Reported,
    Ruled,
    Sealed,
    Settled,
    Verified,
    Withdrawn,
)
from emulation.observations import Observation, Observations, Tally
from emulation.standings import Decision


@frozen
class Known:
    """What is known of one fact: its latest report, since when there is one, which entry says it, what is doubted.

    ``dispute`` is the open one, if any; ``verified`` speaks of the latest report, not of one before it.
    """

    reported: Reported
    since: datetime
    seq: int
    dispute: Disputed | None = None
    verified: Verified | None = None

    def observation(self, zone: tzinfo = UTC) -> Observation:
        """Give the fact as rules see it: received on the day it was first known, disputed while a dispute is open."""
        one = self.reported.observation
        return evolve(
            one, received=self.since.astimezone(zone).date(), disputed=one.disputed or self.dispute is not None
        )


@frozen(slots=False)
class View:
    """What a ledger knows at a moment: facts, and all that was said of them and of the rules, in its order.

    ``published`` is the moment of the last seal.
    """

    head: Head = EMPTY
    facts: Mapping[Key, Known] = field(factory=dict)
    decided: tuple[Decided, ...] = ()
    appeals: tuple[Appealed, ...] = ()
    rulings: tuple[Ruled, ...] = ()
    amendments: tuple[Amended, ...] = ()
    seals: tuple[tuple[int, Sealed], ...] = ()
    ingested: tuple[Ingested, ...] = ()
    published: datetime | None = None

    def observations(self, zone: tzinfo = UTC, as_of: date | None = None) -> Observations:
        """Give the facts to score, of days up to ``as_of``; the tally adds up those of all files taken in.

        ``zone`` is the declared one in which a moment becomes the day on which a fact was received.
        """
        facts = (known.observation(zone) for known in self.facts.values())
        return Observations(tuple(one for one in facts if as_of is None or one.span.last <= as_of), (), self.tally)

    @cached_property
    def tally(self) -> Tally:
        """What became of the rows of all files taken in."""
        told = [one.tally for one in self.ingested]
        return Tally(
            sum(one.read for one in told),
            sum(one.new for one in told),
            sum(one.corrected for one in told),
            sum(one.unchanged for one in told),
            sum(one.rejected for one in told),
        )

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """The recorded decisions on ties; of several on the same tie the last holds and stands first."""
        return tuple(one.decision for one in reversed(self.decided))

    @property
    def fingerprint(self) -> str | None:
        """The fingerprint of the rules in force; none before the first amendment has said it."""
        return self.amendments[-1].to if self.amendments else None


NOTHING = View()


def view_of(entries: Iterable[Entry], known_at: datetime | None = None, since: View = NOTHING) -> View:
    """Fold entries, up to a moment if one is given, to what was known then; ``since`` is what was known before them.

    >>> view_of([]) == NOTHING
    True
    """
    fold = _Fold(since)
    for entry in entries:
        if known_at is not None and entry.known_at > known_at:
            break
        fold.add(entry)
    return fold.view()


class _Fold:
    """Takes in entry after entry."""

    def __init__(self, since: View) -> None:
        self.head = since.head
        self.facts = dict(since.facts)
        self.decided = list(since.decided)
        self.appeals = list(since.appeals)
        self.rulings = list(since.rulings)
        self.amendments = list(since.amendments)
        self.seals = list(since.seals)
        self.ingested = list(since.ingested)
        self.published = since.published

    def add(self, entry: Entry) -> None:
        """Take in what an entry says."""
        self.head = Head(entry.seq, entry.batch, entry.known_at, entry.hash)
        match entry.content:
            case Reported() | Withdrawn() | Disputed() | Settled() | Verified():
                _fold_fact(self.facts, entry)
            case Decided():
                self.decided.append(entry.content)
            case Appealed():
                self.appeals.append(entry.content)
            case Ruled():
                self.rulings.append(entry.content)
            case Amended():
                self.amendments.append(entry.content)
            case Sealed():
                self.seals.append((entry.seq, entry.content))
                self.published = entry.known_at
            case Ingested():
                self.ingested.append(entry.content)

    def view(self) -> View:
        """Give what is known after the entries taken in."""
        return View(
            self.head,
            self.facts,
            tuple(self.decided),
            tuple(self.appeals),
            tuple(self.rulings),
            tuple(self.amendments),
            tuple(self.seals),
            tuple(self.ingested),
            self.published,
        )


def _fold_fact(facts: dict[Key, Known], entry: Entry) -> None:
    """Fold what an entry says of one fact; what speaks of a fact that is not known changes nothing."""
    content = entry.content
    if isinstance(content, Reported):
        key = content.key
        before = facts.get(key)
        if before is None:
            facts[key] = Known(content, entry.known_at, entry.seq)
        else:
            facts[key] = Known(content, before.since, entry.seq, before.dispute)
        return
    match content:
        case Withdrawn(key):
            facts.pop(key, None)
        case Disputed(key) if key in facts:
            facts[key] = evolve(facts[key], dispute=content)
        case Settled(key) if key in facts:
            facts[key] = evolve(facts[key], dispute=None)
        case Verified(key) if key in facts:
            facts[key] = evolve(facts[key], verified=content)
        case _:
            pass


def history(entries: Iterable[Entry], key: Key) -> tuple[Entry, ...]:
    """Give all entries that speak of a fact, withdrawn and corrected ones too."""
    return tuple(entry for entry in entries if getattr(entry.content, "key", None) == key)
