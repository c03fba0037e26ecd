"""Plausibility: figures that can be used and yet look wrong, found by checks that the campaign declares."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Literal, TypeAlias

from attrs import frozen

from emulation.exact import Rational, relative_gap, write_number
from emulation.grammar import inline, word_for
from emulation.names import near
from emulation.observations import Observation, Observations
from emulation.problems import Place, Problem


@frozen
class Range:
    """A figure outside of where such figures lie.

    Keys:
        fact: what is looked at.
        from: the least that is plausible.
        to: the greatest that is plausible.
    """

    fact: str
    from_: Rational | None = None
    to: Rational | None = None


@frozen
class Jump:
    """A figure that differs from the body's report before it by more than a share of that.

    Keys:
        fact: what is looked at.
        more_than: the share.
    """

    fact: str
    more_than: Rational


@frozen
class Repeated:
    """The same figure from a body so many reports in a row.

    Keys:
        fact: what is looked at.
        times: how many reports.
    """

    fact: str
    times: int


@frozen
class Alike:
    """The same figure from all bodies that reported for the same days, if they are more than two.

    Keys:
        fact: what is looked at.
    """

    fact: str


Look: TypeAlias = Range | Jump | Repeated | Alike


@frozen
class Plausibility:
    """A check of what is handed in, and what it means.

    Keys:
        look: range, jump, repeated or alike.
        then: told, or refused, which stops the table it is in.
    """

    look: Look = inline()
    then: Literal["told", "refused"] = "told"


@frozen
class Doubt:
    """A figure that looks wrong, by which check, beside the figure it is held against, if it is one."""

    check: Plausibility
    observation: Observation
    before: Observation | None = None


def doubts(checks: Iterable[Plausibility], observations: Observations) -> tuple[Doubt, ...]:
    """Find the figures that look wrong, check by check, in the order of bodies and days.

    >>> from datetime import date
    >>> from emulation.exact import read_number
    >>> from emulation.periods import Span
    >>> def told(day, value):
    ...     return Observation("a", "files", Span(date(2025, 7, day), date(2025, 7, day)), value)
    >>> found = doubts([Plausibility(Jump("files", read_number("50%")))], Observations((told(1, 100), told(2, 20))))
    >>> [(one.before.value, one.observation.value) for one in found]
    [(100, 20)]
    """
    return tuple(doubt for check in checks for doubt in _found(check, observations))


def _found(check: Plausibility, observations: Observations) -> Iterator[Doubt]:
    reports = observations.about.get(check.look.fact, {})
    match check.look:
        case Range() as range_:
            for series in reports.values():
                yield from (Doubt(check, one) for one in _measured(series) if _lies_outside(range_, one))
        case Jump(_, share):
            for series in reports.values():
                yield from (
                    Doubt(check, one, before)
                    for before, one in pairwise(_measured(series))
                    if _jumps(before, one, share)
                )
        case Repeated(_, times):
            for series in reports.values():
                yield from (Doubt(check, run[-1], run[0]) for run in _runs(series) if len(run) >= times)
        case Alike():
            yield from (Doubt(check, one) for one in _alike(reports))


def _measured(series: Sequence[Observation]) -> list[Observation]:
    return [one for one in series if one.value is not None]


def _lies_outside(range_: Range, one: Observation) -> bool:
    value = one.value or 0
    return (range_.from_ is not None and value < range_.from_) or (range_.to is not None and value > range_.to)


def _jumps(before: Observation, one: Observation, share: Rational) -> bool:
    """Say whether a figure jumps; from nothing, any figure but nothing does."""
    gap = relative_gap(before.value or 0, one.value or 0)
    return gap is None or gap > share


def _runs(series: Sequence[Observation]) -> Iterator[list[Observation]]:
    return (list(run) for _, run in groupby(_measured(series), key=lambda one: one.value))


_SEVERAL = 3
_LEAST = 2


def _alike(reports: Mapping[str, Sequence[Observation]]) -> Iterator[Observation]:
    """Give one report of each span of days for which several bodies have the same figure, and nobody another."""
    spans: dict[object, list[Observation]] = {}
    for series in reports.values():
        for one in _measured(series):
            spans.setdefault(one.span, []).append(one)
    for several in spans.values():
        if len(several) >= _SEVERAL and len({one.value for one in several}) == 1:
            yield several[0]


def problem_of(doubt: Doubt) -> Problem:
    """Say what looks wrong, and where it was written."""
    one, before = doubt.observation, doubt.before
    value, whose = write_number(one.value or 0), f"{one.fact} of {one.participant}"
    place = Place(one.file, one.line) if one.file else None
    match doubt.check.look:
        case Range(_, low, high):
            ends = [f"at least {write_number(low)}" if low is not None else ""]
            ends.append(f"at most {write_number(high)}" if high is not None else "")
            return Problem("E344", f"{whose} is {value}", " and ".join(filter(None, ends)), place=place)
        case Jump():
            what = f"{whose} jumps from {write_number(before.value or 0) if before else 0} to {value}"
            return Problem("E341", what, "a figure that was looked at once more", place=place)
        case Repeated(_, times):
            what = f"{whose} is {value} in {times} reports in a row or more"
            return Problem("E342", what, "a new figure in each report", place=place)
        case Alike():
            return Problem("E343", f"{one.fact} is {value} for all bodies", "a figure of its own for each", place=place)


def problems_of(checks: Sequence[Plausibility], facts: Collection[str]) -> Iterator[Problem]:
    """Find checks of what nobody reports, and shares and numbers of reports that make no sense."""
    for number, check in enumerate(checks):
        path = ("plausibility", str(number), word_for(type(check.look)))
        if check.look.fact not in facts:
            hint = near(check.look.fact, facts)
            yield Problem("E135", f"unknown fact {check.look.fact!r}", "what is reported", hint, (*path, "fact"))
        match check.look:
            case Range(_, None, None):
                yield Problem("E153", "a range without ends", "from, to or both", path=path)
            case Range(_, low, high) if low is not None and high is not None and low > high:
                yield Problem("E118", "the range ends before it begins", "from at most to", path=path)
            case Jump(_, share) if share <= 0:
                yield Problem("E118", "a share of nothing", "above 0", path=(*path, "more_than"))
            case Repeated(_, times) if times < _LEAST:
                yield Problem("E118", f"{times} reports in a row", "two at least", path=(*path, "times"))
            case _:
                pass
