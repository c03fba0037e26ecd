"""Inventing: plausible figures for a rulebook that has none yet, so that it can be tried before anybody reports.

They come of the rules alone: what kind of figure it is, and the numbers the rules hold it against, near which half of
the figures are drawn so that both sides of every bound are tried. The same seed gives the same figures on any machine,
and those of one participant do not hang on who else takes part.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property
from hashlib import shake_256
from itertools import chain
from typing import Any

from attrs import frozen

from emulation.campaign import Campaign
from emulation.checks import records_in
from emulation.exact import Rational
from emulation.indicators import (
    At,
    Count,
    Indicator,
    Level,
    Milestone,
    Over,
    Rank,
    Ratio,
    Sample,
    Share,
    YesNo,
)
from emulation.limits import Indicator_
from emulation.names import IndicatorId, ParticipantId
from emulation.observations import Observation, Observations
from emulation.periods import Span, Window
from emulation.reading.examples import days_of, handed_in
from emulation.reading.values import kinds_of_facts

LEAST, MOST = 20, 400
"""How many things there are of what is counted among others."""
NEAR = Fraction(1, 10)
"""How far from a bound the half of figures lies that is drawn near one, as a share of it."""
LATE = 20
"""How many days before or after it is due a task is done."""


@frozen
class _Dice:
    """Numbers that come of a seed and of whose they are, one after another."""

    of: str

    def below(self, count: int, throw: str) -> int:
        """Give a whole number from 0 up to a count, which is far below 2^64."""
        return int.from_bytes(shake_256(f"{self.of}/{throw}".encode()).digest(8), "big") % count

    def are_below(self, share: Fraction) -> bool:
        """Say whether a share of all cases is met."""
        return Fraction(self.below(10**6, "missing"), 10**6) < share

    def between(self, low: int, high: int, throw: str) -> int:
        return low + self.below(max(1, high - low + 1), throw)


def invent(rules: Campaign, seed: int, missing: Rational = 0, day: date | None = None) -> Observations:
    """Invent figures for everybody up to a day, else the last of the period; a share of them is missing.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> len(invent(rules, seed=1)), invent(rules, seed=1) == invent(rules, seed=1)
    (736, True)
    """
    on = day or rules.timetable.period.last
    return Observations(tuple(_reports(rules, seed, Fraction(missing), on)))


def _reports(rules: Campaign, seed: int, missing: Fraction, day: date) -> Iterator[Observation]:
    inventor = _Inventor(rules, seed, day, _parts(rules), _bounds(rules))
    kinds = kinds_of_facts(rules)
    for body in rules.participants.living_on(day):
        for fact, several in kinds.items():
            kind = next((one for one in several if one.for_.selects(body) and _own(one, body.kind)), None)
            if kind is not None and not inventor.dice(body.id, fact).are_below(missing):
                yield from handed_in(rules.admission, inventor.reports(kind, body.id, fact))


def _own(indicator: Indicator, kind: str) -> bool:
    """Say whether a kind of body reports an indicator itself."""
    return indicator.pooled is None or indicator.pooled.for_ != kind


@frozen
class _Part:
    """A fact that is counted among another: how much of it there may be, and how many of the other at least."""

    whole: str
    indicator: Indicator
    is_left_out: bool = False

    @property
    def least(self) -> int:
        """How many must be asked."""
        return self.indicator.measured_as.at_least if isinstance(self.indicator.measured_as, Sample) else 0


def _parts(rules: Campaign) -> dict[str, list[_Part]]:
    """Give the facts that are counted among others; what is left out of a ratio is a small part of it."""
    found: dict[str, list[_Part]] = {}
    for one in rules.indicators:
        match one.measured_as:
            case Share(of=of, among=among, excluding=cut) | Ratio(of=of, among=among, excluding=cut):
                found.setdefault(of, []).append(_Part(among, one))
                for _, left_out in cut:
                    for part, whole in ((left_out.of, of), (left_out.among, among)):
                        if part is not None:
                            found.setdefault(part, []).append(_Part(whole, one, is_left_out=True))
            case Sample(of=of, asked=asked):
                found.setdefault(of, []).append(_Part(asked, one))
            case _:
                pass
    return found


@frozen(slots=False)
class _Inventor:
    """Invents the figures of a campaign; a whole is the same for all its parts."""

    rules: Campaign
    seed: int
    day: date
    parts: Mapping[str, Sequence[_Part]]
    bounds: Mapping[IndicatorId, Sequence[Rational]]

    def dice(self, body: ParticipantId, fact: str) -> _Dice:
        return _Dice(f"{self.seed}/{body}/{fact}")

    def reports(self, kind: Indicator, body: ParticipantId, fact: str) -> Iterator[Observation]:
        """Report one figure, by each day on which something is judged, and at the end."""
        spans = list(_spans(self.rules, kind, self.day))
        if kind.id == fact and fact not in self.parts and fact not in self.wholes:
            value = _value(kind, self.bounds.get(kind.id, ()), self.dice(body, fact), spans[-1])
        else:
            value = self.count(body, fact)
        if value is None:
            return
        parts = _split(value, len(spans)) if isinstance(kind.time, Over) else [value] * len(spans)
        for span, part in zip(spans, parts, strict=True):
            yield Observation(body, fact, span, part, illustrative=True)

    @cached_property
    def wholes(self) -> Mapping[str, int]:
        """The facts that others are counted among, and how many there must be at least."""
        found: dict[str, int] = {}
        for part in chain.from_iterable(self.parts.values()):
            found[part.whole] = max(found.get(part.whole, 0), part.least)
        return found

    def count(self, body: ParticipantId, fact: str) -> int:
        """Give how many there are of what is counted: of a part what each of its wholes allows, of a whole enough."""
        dice, parts = self.dice(body, fact), self.parts.get(fact, ())
        if not parts:
            return max(dice.between(LEAST, MOST, "whole"), self.wholes.get(fact, 0))
        return min(self._part(part, self.count(body, part.whole), dice) for part in parts)

    def _part(self, part: _Part, whole: int, dice: _Dice) -> int:
        if part.is_left_out:
            return dice.below(whole // LEAST + 1, "left out")
        of = int(_share(self.bounds.get(part.indicator.id, ()), dice) * whole)
        return of if isinstance(part.indicator.measured_as, Ratio) else min(of, whole)


def _bounds(rules: Campaign) -> dict[IndicatorId, list[Rational]]:
    """Give the numbers that each indicator is held against: bounds, full points, edges."""
    found: dict[IndicatorId, list[Rational]] = {}
    for shelf in ("criteria", "readiness", "targets", "awards"):
        for written in records_in(getattr(rules, shelf)):
            for id, number in _held_against(written.record):
                found.setdefault(id, []).append(number)
    return found


def _held_against(record: Any) -> Iterator[tuple[IndicatorId, Rational]]:
    subject, limit = getattr(record, "subject", None), getattr(record, "limit", None)
    if isinstance(subject, Indicator_) and isinstance(getattr(limit, "bound", None), int | Fraction):
        yield subject.id, limit.bound  # type: ignore[union-attr]
    rule, indicator = getattr(record, "earns", None), getattr(record, "indicator", None)
    for key in ("full_at", "zero_at"):
        number = getattr(rule, key, None)
        if indicator is not None and isinstance(number, int | Fraction):
            yield indicator, number


def _spans(rules: Campaign, kind: Indicator, day: date) -> Iterator[Span]:
    """Give the days that reports are about: a flow's window up to each deadline, a stock on each; one for a task."""
    first, last = days_of(rules, [kind], day)
    end = date.fromisoformat(last)
    begin = date.fromisoformat(first) if first else min(rules.timetable.period.first, end)
    deadlines = {one.deadline.last for one in rules.targets if one.deadline is not None}
    between = sorted(one for one in deadlines if begin <= one < end)
    if isinstance(kind.measured_as, Milestone) or (isinstance(kind.time, At) and kind.time.day != "latest"):
        between = []
    for until in (*between, end):
        yield Span(begin, until) if isinstance(kind.time, Over) else Span(until, until)
        begin = until + timedelta(days=1)


def _split(value: Rational, count: int) -> list[Rational]:
    """Split a sum into parts as even as whole numbers can be, so that no part of a part passes that of its whole.

    >>> _split(11, 4)
    [3, 3, 3, 2]
    """
    even, more = divmod(int(value), count)
    parts: list[Rational] = [even + (number < more) for number in range(count)]
    parts[0] += value - int(value)
    return parts


def _share(bounds: Sequence[Rational], dice: _Dice) -> Fraction:
    """Give a share: for one half anywhere, for the other near a number that the rules hold it against."""
    anywhere = Fraction(dice.below(1001, "share"), 1000)
    if not bounds or dice.below(2, "near"):
        return anywhere
    bound = Fraction(bounds[dice.below(len(bounds), "which")])
    return max(Fraction(0), bound + bound * NEAR * Fraction(dice.between(-1000, 1000, "off"), 1000))


def _value(kind: Indicator, bounds: Sequence[Rational], dice: _Dice, span: Span) -> Rational | None:
    """Give a figure as its kind asks; None for a task that is not done yet."""
    match kind.measured_as:
        case YesNo():
            return dice.below(2, "done")
        case Level(names=names):
            return dice.between(1, len(names), "level")
        case Rank(of=of):
            return dice.between(1, of, "rank")
        case Milestone(due=due):
            last = due.to or due.before if isinstance(due, Window) else due
            done = (last or span.last) + timedelta(days=dice.between(-LATE, LATE, "late"))
            return done.toordinal() if done <= span.last else None
        case _:
            return _amount(kind, bounds, dice)


def _amount(kind: Indicator, bounds: Sequence[Rational], dice: _Dice) -> Rational:
    """Give a number within what can be reported, for one half near what it is held against."""
    low = kind.bounds.from_ if kind.bounds and kind.bounds.from_ is not None else 0
    high = kind.bounds.to if kind.bounds and kind.bounds.to is not None else None
    most = high if high is not None else max([Fraction(MOST, 4), *(2 * Fraction(bound) for bound in bounds)])
    value = Fraction(low) + (Fraction(most) - Fraction(low)) * Fraction(dice.below(1001, "amount"), 1000)
    if bounds and not dice.below(2, "near"):
        bound = Fraction(bounds[dice.below(len(bounds), "which")])
        value = bound + bound * NEAR * Fraction(dice.between(-1000, 1000, "off"), 1000)
    value = max(Fraction(low), value if high is None else min(value, Fraction(high)))
    return int(value) if isinstance(kind.measured_as, Count) else Fraction(int(value * 100), 100)
