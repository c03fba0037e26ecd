"""Admission: which of the facts handed in count: in time, at the stage that counts, from the source believed first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Literal, TypeAlias

from attrs import evolve, field, frozen

from emulation.exact import Rational, relative_gap
from emulation.names import ParticipantId, near
from emulation.observations import Observation, Observations
from emulation.periods import MOST_WORKDAYS, Calendar, Span
from emulation.problems import Path, Problem


@frozen
class Days:
    """So many days after the last day a fact is about.

    Keys:
        days: how many.
    """

    days: int


@frozen
class Workdays:
    """So many working days after the last day a fact is about.

    Keys:
        workdays: how many.
    """

    workdays: int


Within: TypeAlias = Days | Workdays


@frozen
class Appeals:
    """How long after a publication a participant can appeal against it.

    Keys:
        within: so many days or working days.
    """

    within: Within


@frozen
class Admission:
    """Which of the facts handed in count. Whatever does not is kept and shown with the reason.

    Keys:
        within: how long after the last of its days a fact can be handed in, in days or workdays.
        closes: the last day on which anything can be handed in.
        late: what becomes of a fact handed in later: left_out, or counted.
        stages: who stands behind a figure, from the first stage to the last.
        counts: the stage that counts, or last, the last there is of each fact.
        sources: where figures come from, the one that is believed before the others first.
        tolerance: by what share of the figure that counts another source may differ before it is told.
        disputed: what a disputed figure is: counted, left_out, or withheld.
    """

    within: Within | None = None
    closes: date | None = None
    late: Literal["left_out", "counted"] | None = None
    stages: tuple[str, ...] = ()
    counts: str | None = None
    sources: tuple[str, ...] = ()
    tolerance: Rational | None = None
    disputed: Literal["counted", "left_out", "withheld"] | None = None

    def last_day(self, span: Span, calendar: Calendar) -> date | None:
        """Give the last day on which a fact about some days is in time.

        >>> Admission(within=Workdays(5)).last_day(Span(date(2025, 7, 31), date(2025, 7, 31)), Calendar())
        datetime.date(2025, 8, 7)
        """
        last = None if self.within is None else after(span.last, self.within, calendar)
        return min((day for day in (last, self.closes) if day is not None), default=None)


def after(day: date, within: Within, calendar: Calendar) -> date:
    """Give the last of so many days or working days after a day.

    >>> after(date(2025, 8, 1), Workdays(1), Calendar())
    datetime.date(2025, 8, 4)
    """
    match within:
        case Days(count):
            return day + timedelta(days=count)
        case Workdays(count):
            return calendar.workday(day + timedelta(days=1), count)


Because = Literal[
    "late", "undated", "disputed", "unknown_stage", "unknown_source", "not_this_stage", "earlier_stage", "other_source"
]
"""Why a fact does not count; *undated* facts have no day of receipt where the rules ask for one."""


ALL_COUNT = Admission()


def problems_of(rules: Admission, appeals: Appeals | None = None) -> Iterator[Problem]:
    """Find what does not agree in the rules of admission, and in how long one can appeal."""
    path = ("admission",)
    bounded = rules.within is not None or rules.closes is not None
    if appeals is not None:
        yield from _length_problems(appeals.within, ("appeals",))
    if rules.within is not None:
        yield from _length_problems(rules.within, (*path, "within"))
    if bounded and rules.late is None:
        yield Problem("E153", "admission lacks what becomes of late facts", "late: left_out or counted", path=path)
    if rules.late is not None and not bounded:
        yield Problem("E114", "late goes with a last day", "within or closes", path=(*path, "late"))
    if rules.stages and rules.counts is None:
        yield Problem("E153", "admission lacks the stage that counts", "counts: a stage, or last", path=path)
    if rules.counts is not None and rules.counts not in (*rules.stages, "last"):
        hint = near(rules.counts, rules.stages)
        yield Problem("E135", f"unknown stage {rules.counts!r}", "a stage, or last", hint, path=(*path, "counts"))
    if rules.tolerance is not None and not rules.sources:
        yield Problem("E114", "a tolerance goes with several sources", "sources", path=(*path, "tolerance"))
    if rules.tolerance is not None and rules.tolerance < 0:
        yield Problem("E118", "the tolerance is negative", "a share of the figure", path=(*path, "tolerance"))
    for key, names in (("stages", rules.stages), ("sources", rules.sources)):
        if len(set(names)) < len(names):
            yield Problem("E114", f"{key} names one twice", "each once", path=(*path, key))


def _length_problems(within: Within, path: Path) -> Iterator[Problem]:
    match within:
        case Days(count) if count < 0:
            yield Problem("E118", "days below zero", "a number of days", path=path)
        case Workdays(count) if not 1 <= count <= MOST_WORKDAYS:
            what = f"workdays lie between 1 and {MOST_WORKDAYS}"
            yield Problem("E118", what, "a number of working days", path=path)
        case _:
            pass


@frozen
class LeftOut:
    """A fact that does not count, why, and the one that counts in its stead, if any."""

    observation: Observation
    because: Because
    instead: Observation | None = None


@frozen
class Conflict:
    """Two sources that differ by more than the tolerance: the figure that counts, and the other."""

    counted: Observation
    other: Observation


@frozen
class Admitted:
    """The facts that count, those that do not with their reasons, those that came late, and where sources differ.

    ``stages`` are the facts of each stage that were in time, for indicators that ask for a stage of their own.
    """

    observations: Observations
    left_out: tuple[LeftOut, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    late: tuple[Observation, ...] = ()
    stages: Mapping[str, Observations] = field(factory=dict)


def admit(rules: Admission, observations: Observations, calendar: Calendar) -> Admitted:
    """Pick the facts that count; without rules, all do.

    No row is lost or doubled: what was reported is what counts and what is left out.

    >>> july = Span(date(2025, 7, 31), date(2025, 7, 31))
    >>> told = Observation("a", "files", july, 9, stage="self"), Observation("a", "files", july, 7, stage="verified")
    >>> admitted = admit(Admission(stages=("self", "verified"), counts="last"), Observations(told), Calendar())
    >>> [one.value for one in admitted.observations], admitted.left_out[0].because
    ([7], 'earlier_stage')
    """
    if rules == ALL_COUNT:
        return Admitted(observations)
    spans = dict.fromkeys(one.span for one in observations)
    last_days = {span: rules.last_day(span, calendar) for span in spans}
    in_time, refused = _in_time(rules, last_days, observations)
    at_stage, passed_by = _at_their_stage(rules, in_time)
    counting, outdone = _believed(rules, at_stage)
    return Admitted(
        evolve(observations, reported=tuple(counting)),
        (*refused, *passed_by, *outdone),
        tuple(_conflicts(rules, outdone)),
        tuple(one for one in counting if _is_late(last_days, one)),
        {stage: Observations(tuple(_believed(rules, _of(stage, in_time))[0])) for stage in rules.stages},
    )


Parted: TypeAlias = tuple[list[Observation], list[LeftOut]]
LastDays: TypeAlias = Mapping[Span, date | None]
"""For the days that facts are about, the last day on which one is in time; working days are slow to count."""


def _in_time(rules: Admission, last_days: LastDays, facts: Iterable[Observation]) -> Parted:
    """Part the facts that were handed in as they should from those that were not."""
    kept: list[Observation] = []
    out: list[LeftOut] = []
    for one in facts:
        because = _kept_out(rules, last_days, one)
        if because is not None:
            out.append(LeftOut(one, because))
        elif one.disputed and rules.disputed == "withheld":
            kept.append(evolve(one, value=None, state="withheld", bound=None))
        else:
            kept.append(one)
    return kept, out


def _kept_out(rules: Admission, last_days: LastDays, one: Observation) -> Because | None:
    """Say why a fact cannot count whatever else was reported, if so."""
    if one.disputed and rules.disputed == "left_out":
        return "disputed"
    if rules.late == "left_out" and one.received is None:
        return "undated"
    if rules.late == "left_out" and _is_late(last_days, one):
        return "late"
    if rules.stages and one.stage not in rules.stages:
        return "unknown_stage"
    if rules.sources and one.source not in rules.sources:
        return "unknown_source"
    return None


def _is_late(last_days: LastDays, one: Observation) -> bool:
    last = last_days[one.span]
    return last is not None and one.received is not None and one.received > last


def _at_their_stage(rules: Admission, facts: Sequence[Observation]) -> Parted:
    """Keep the facts of the stage that counts, or of the last stage that each fact has reached."""
    if not rules.stages:
        return list(facts), []
    if rules.counts != "last":
        return _of(rules.counts, facts), [LeftOut(one, "not_this_stage") for one in facts if one.stage != rules.counts]
    return _foremost(facts, lambda one: -rules.stages.index(one.stage or ""), "earlier_stage")


def _of(stage: str | None, facts: Iterable[Observation]) -> list[Observation]:
    return [one for one in facts if one.stage == stage]


def _believed(rules: Admission, facts: Sequence[Observation]) -> Parted:
    """Keep of each fact what the source says that is believed first."""
    if not rules.sources:
        return list(facts), []
    return _foremost(facts, lambda one: rules.sources.index(one.source or ""), "other_source")


def _foremost(facts: Sequence[Observation], place: Callable[[Observation], int], because: Because) -> Parted:
    """Keep of the reports on the same fact the one with the least place."""
    first: dict[tuple[ParticipantId, str, Span], Observation] = {}
    for one in facts:
        ahead = first.setdefault((one.participant, one.fact, one.span), one)
        if place(one) < place(ahead):
            first[one.participant, one.fact, one.span] = one
    kept: list[Observation] = []
    out: list[LeftOut] = []
    for one in facts:
        ahead = first[one.participant, one.fact, one.span]
        if place(one) == place(ahead):
            kept.append(one)
        else:
            out.append(LeftOut(one, because, ahead))
    return kept, out


def _conflicts(rules: Admission, outdone: Iterable[LeftOut]) -> Iterator[Conflict]:
    """Find the figures that differ by more than the tolerance from those that count in their stead."""
    for one in outdone:
        if rules.tolerance is not None and one.instead is not None:
            apart = _apart(one.instead, one.observation)
            if apart is None or apart > rules.tolerance:
                yield Conflict(one.instead, one.observation)


def _apart(counted: Observation, other: Observation) -> Rational | None:
    """Give by what share of the figure that counts another differs from it; none where that is no number."""
    if counted.value == other.value and counted.state == other.state:
        return 0
    if counted.value is None or other.value is None:
        return None
    return relative_gap(counted.value, other.value)
