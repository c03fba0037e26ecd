"""Measures: from observations to one measurement per participant and indicator; roll-up by pooled parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Literal, TypeAlias, cast

from attrs import evolve, field, frozen

from emulation.asking import OnAsking
from emulation.exact import NotExact, Rational, add_up, divide
from emulation.formulas import DividedByZero, Expression, Unknown, evaluate
from emulation.indicators import (
    At,
    Change,
    Count,
    Exclusion,
    Formula,
    Indicator,
    Level,
    Milestone,
    Number,
    Over,
    Pool,
    Rank,
    Ratio,
    Sample,
    Share,
    YesNo,
)
from emulation.names import IndicatorId, ParticipantId, RoundId
from emulation.observations import Bound, Observation, Observations, State
from emulation.participants import EVERYBODY, Participant, Participants
from emulation.periods import Span, Timetable, Window


@frozen
class Measurement:
    """An indicator's exact value for one participant, or the state that stands in its place.

    ``of`` and ``among`` are the parts of a ratio, kept whether or not it could be divided. ``because`` says why
    there is no value (``unreported``, ``stale``, ``small_sample`` ...); ``flags`` say what to know about the value
    (``illustrative``, ``undone``, ``incomplete``, ``censored``, ``pooled``); ``facts`` are the observations used.
    """

    state: State
    value: Rational | None = None
    of: Rational | None = None
    among: Rational | None = None
    bound: Bound | None = None
    because: str | None = None
    flags: tuple[str, ...] = ()
    facts: tuple[Observation, ...] = field(default=(), repr=False)


@frozen
class Parts:
    """What was plainly measured of one indicator: each one's numerator, and its denominator where it has one."""

    of: Mapping[str, int]
    among: Mapping[str, int] | None = None


@frozen(eq=False, repr=False)
class Taken(OnAsking[ParticipantId, Measurement]):
    """One indicator's measurements, each taken when it is asked for; ``parts`` holds the plain ones all at once."""

    parts: Callable[[], Parts | None] = field(kw_only=True)


Measurements: TypeAlias = Mapping[IndicatorId, Mapping[ParticipantId, Measurement]]

_NOBODY: Mapping[ParticipantId, tuple[Observation, ...]] = {}
_MADE_UP = ((), ("illustrative",))

UNREPORTED = Measurement("missing", because="unreported")
NOT_MEANT = Measurement("not_applicable", because="not_meant")


_NO_STAGES: Mapping[str, Observations] = {}


def measure(
    indicators: Iterable[Indicator],
    participants: Participants,
    observations: Observations,
    timetable: Timetable,
    day: date,
    stages: Mapping[str, Observations] = _NO_STAGES,
) -> Measurements:
    """Give each indicator's measurement for each participant it is for, as things stood at the end of a day.

    ``stages`` are the facts of each stage, for indicators that look at one of their own.
    """
    declared = {indicator.id: indicator for indicator in indicators}
    taker = _Taker(declared, participants, observations, stages, timetable, day)
    return {id: taker.taken_of(indicator) for id, indicator in declared.items()}


@frozen
class _Taker:
    """Takes measurements, each once: indicators made of others ask for those first."""

    indicators: Mapping[IndicatorId, Indicator]
    participants: Participants
    observations: Observations
    stages: Mapping[str, Observations]
    timetable: Timetable
    day: date
    taken: dict[tuple[str, str], Measurement] = field(factory=dict, eq=False)
    spans: dict[RoundId | Window, Span] = field(factory=dict, eq=False)

    def taken_of(self, indicator: Indicator) -> Taken:
        """Give an indicator's measurements for those it is for."""
        by_id = cast("Mapping[ParticipantId, Participant]", self.participants.by_id)
        for_ = indicator.for_
        bodies = by_id if for_ == EVERYBODY else {body.id: body for body in self.participants.selected(for_)}
        return Taken(bodies, lambda id: self.take(indicator, by_id[id]), parts=lambda: self._plain_parts(indicator))

    def _plain_parts(self, indicator: Indicator) -> Parts | None:
        """Give what was plainly measured, where a measurement is what was reported once, or one over the other."""
        if indicator.time is None or (indicator.pooled, indicator.stale_after, indicator.stage) != (None, None, None):
            return None
        names: tuple[IndicatorId, ...]
        match indicator.measured_as:
            case Share(of, among, ()) | Ratio(of, among, ()):
                names = (of, among)
                if of in self.indicators or among in self.indicators:
                    return None
            case Count() | Number() | YesNo() | Level() | Rank():
                names = (indicator.id,)
            case _:
                return None
        found = [self.observations.plain[name] for name in names if name in self.observations.plain]
        spans = {span for one in found for span in one.spans}
        if len(found) < len(names) or not all(self._counts(indicator.time, span) for span in spans):
            return None
        return Parts(*(one.values for one in found))

    def _counts(self, time: Over | At, span: Span) -> bool:
        """Say whether a fact about these days counts as things stood."""
        match time:
            case Over(window):
                return span.last <= self.day and self._span(window).holds(span)
            case At() as at:
                return span.last <= self._until(at)

    def take(self, indicator: Indicator, body: Participant) -> Measurement:
        key = (indicator.id, body.id)
        found = self.taken.get(key)
        if found is None:
            found = self.taken[key] = self._take(indicator, body)
        return found

    def _take(self, indicator: Indicator, body: Participant) -> Measurement:
        if not indicator.for_.selects(body):
            return NOT_MEANT
        if indicator.pooled is not None and indicator.pooled.for_ == body.kind:
            return self._pooled(indicator, indicator.pooled, body)
        match indicator.measured_as:
            case Share() | Ratio() as ratio:
                return self._divided(indicator, ratio, body)
            case Sample() as sample:
                return self._sampled(indicator, sample, body)
            case Formula(expression):
                return self._calculated(expression, body)
            case Change() as change:
                return self._changed(change, body)
            case Milestone() as milestone:
                return self._late(indicator, milestone, body)
            case _:
                return self._reported(indicator, indicator.id, body)

    def _part(self, name: IndicatorId, indicator: Indicator, body: Participant) -> Measurement:
        """Measure a part of a ratio: an indicator in its own right, or a fact observed under its name."""
        if name in self.indicators:
            return self.take(self.indicators[name], body)
        return self._reported(indicator, name, body)

    def _reported(self, indicator: Indicator, fact: str, body: Participant) -> Measurement:
        facts = self._counting(indicator, fact, body)
        if facts and indicator.stale_after is not None and isinstance(indicator.time, At):
            age = self._until(indicator.time) - facts[-1].span.last
            if age.days > indicator.stale_after:
                return Measurement("missing", because="stale", facts=facts)
        return _summed(indicator, facts)

    def _counting(self, indicator: Indicator, fact: str, body: Participant) -> tuple[Observation, ...]:
        """Give the facts that count: those inside the window of a flow, the latest of a stock."""
        reported = self.observations if indicator.stage is None else self.stages[indicator.stage]
        facts = reported.about.get(fact, _NOBODY).get(body.id, ())
        match indicator.time:
            case Over(window):
                span = self._span(window)
                return tuple(one for one in facts if one.span.last <= self.day and span.holds(one.span))
            case At() as at:
                until = self._until(at)
                if facts and facts[-1].span.last <= until:
                    return facts[-1:]
                return next(((one,) for one in reversed(facts) if one.span.last <= until), ())
            case None:
                return ()

    def _until(self, at: At) -> date:
        """Give the last day a stock can be about: the checkpoint, or the day asked for if that is earlier."""
        return self.day if at.day == "latest" or at.day > self.day else at.day

    def _span(self, window: RoundId | Window) -> Span:
        found = self.spans.get(window)
        if found is None:
            found = self.spans[window] = self.timetable.span(window)
        return found

    def _divided(self, indicator: Indicator, ratio: Share | Ratio, body: Participant) -> Measurement:
        if not ratio.excluding and ratio.of not in self.indicators and ratio.among not in self.indicators:
            facts = (*self._counting(indicator, ratio.of, body), *self._counting(indicator, ratio.among, body))
            if (
                len(facts) == 2  # noqa: PLR2004
                and indicator.stale_after is None
                and _is_plain(facts[0], ratio.of, facts[1], ratio.among)
            ):
                return _of_two(*facts)
        left_out = [exclusion for _, exclusion in ratio.excluding]
        numerators = [self._part(name, indicator, body) for name in (ratio.of, *_named(left_out, "of"))]
        denominators = [self._part(name, indicator, body) for name in (ratio.among, *_named(left_out, "among"))]
        return _quotient(numerators, denominators)

    def _sampled(self, indicator: Indicator, sample: Sample, body: Participant) -> Measurement:
        share = _quotient([self._part(sample.of, indicator, body)], [self._part(sample.asked, indicator, body)])
        return _if_enough(share, sample)

    def _calculated(self, expression: Expression, body: Participant) -> Measurement:
        return calculated(
            expression,
            {name: self.take(self.indicators[IndicatorId(name)], body) for name in expression.names},
        )

    def _changed(self, change: Change, body: Participant) -> Measurement:
        now, then = (self.take(self.indicators[name], body) for name in (change.of, change.since))
        if stopped := _first_unmeasured([now, then]):
            return stopped
        gained = _known(now) - _known(then)
        match change.counted_as:
            case "difference":
                return Measurement("measured", gained, flags=_flags([now, then]), facts=_facts([now, then]))
            case "relative":
                base = _known(then)
            case "gap_closed":
                base = (change.goal or 0) - _known(then)
        if base == 0:
            return Measurement(
                "zero_denominator", of=gained, among=0, because="divided_by_zero", facts=_facts([now, then])
            )
        flags, facts = _flags([now, then]), _facts([now, then])
        return Measurement("measured", divide(gained, base), of=gained, among=base, flags=flags, facts=facts)

    def _late(self, indicator: Indicator, milestone: Milestone, body: Participant) -> Measurement:
        due = milestone.due.span(self.timetable.calendar).last if isinstance(milestone.due, Window) else milestone.due
        reported = self._reported(indicator, indicator.id, body)
        if reported.value is not None:
            done = date.fromordinal(int(reported.value))
            return evolve(reported, value=self._days_late(due, done, milestone))
        if reported is not UNREPORTED:
            return reported
        if self.day <= due:
            return Measurement("not_yet_due", because="not_yet_due")
        return Measurement("measured", self._days_late(due, self.day, milestone), flags=("undone",))

    def _days_late(self, due: date, done: date, milestone: Milestone) -> int:
        if milestone.counted_in == "days":
            return (done - due).days
        return self.timetable.calendar.workdays_between(due, done)

    def _pooled(self, indicator: Indicator, pool: Pool, body: Participant) -> Measurement:
        below = [child for child in self.participants.children.get(body.id, ()) if child.kind == pool.from_]
        every = [self.take(indicator, child) for child in below]
        parts = [part for part in every if part.state != "not_applicable"]
        if every and not parts:
            return Measurement("not_applicable", because="no_part_meant")
        usable = [part for part in parts if part.value is not None or part.among is not None]
        if not usable or (len(usable) < len(parts) and pool.incomplete == "missing"):
            return Measurement("missing", because="parts_missing", facts=_facts(usable))
        flags = ("pooled", *(["incomplete"] if len(usable) < len(parts) else []), *_flags(usable))
        whole = _together(indicator, usable)
        bound = _joint_bound(part.bound for part in usable)
        return _bounded(evolve(whole, flags=tuple(dict.fromkeys(flags)), facts=_facts(usable)), bound)


def calculated(expression: Expression, inputs: Mapping[str, Measurement]) -> Measurement:
    """Give what a formula makes of its inputs; the state of one that is not measured flows on."""
    facts = _facts(inputs.values())
    try:
        result = evaluate(expression, {name: part.value for name, part in inputs.items()})
    except NotExact as slip:
        return Measurement("missing", because=slip.code, facts=facts)
    match result:
        case Unknown(id):
            return Measurement(inputs[id].state, because=f"input:{id}", facts=facts)
        case DividedByZero():
            return Measurement("zero_denominator", because="divided_by_zero", facts=facts)
        case value:
            return Measurement("measured", value, flags=_flags(inputs.values()), facts=facts)


def _together(indicator: Indicator, parts: Sequence[Measurement]) -> Measurement:
    """Sum parts before anything is divided: the share of a whole is not the mean of its parts' shares."""
    if not isinstance(indicator.measured_as, Share | Ratio | Sample):
        return Measurement("measured", add_up(part.value or 0 for part in parts))
    whole = _ratio(add_up(part.of or 0 for part in parts), add_up(part.among or 0 for part in parts))
    return _if_enough(whole, indicator.measured_as) if isinstance(indicator.measured_as, Sample) else whole


def _is_plain(of: Observation, of_name: str, among: Observation, among_name: str) -> bool:
    """Say whether two facts are the two parts of a ratio, each a plain number."""
    return (
        of.fact == of_name
        and among.fact == among_name
        and of.state == "measured"
        and among.state == "measured"
        and of.bound is None
        and among.bound is None
    )


def _of_two(part: Observation, whole: Observation) -> Measurement:
    """Divide one plain fact by another: what most measurements are, without the records in between."""
    flags = _MADE_UP[part.illustrative or whole.illustrative]
    return _ratio(part.value or 0, whole.value or 0, flags, (part, whole))


def _named(exclusions: Sequence[Exclusion], side: str) -> list[IndicatorId]:
    """Give the parts that are taken from one side of a ratio."""
    sides = [exclusion.of if side == "of" else exclusion.among for exclusion in exclusions]
    return [name for name in sides if name is not None]


def _summed(indicator: Indicator, facts: Sequence[Observation]) -> Measurement:
    """Make one measurement of the facts that count: their sum, or the state that stands in its way."""
    if len(facts) == 1 and facts[0].state == "measured" and facts[0].bound is None:
        return Measurement("measured", facts[0].value, flags=_MADE_UP[facts[0].illustrative], facts=tuple(facts))
    counting = [fact for fact in facts if fact.state != "not_applicable"]
    if not facts:
        return UNREPORTED
    stopped = next((fact for fact in counting if fact.state != "measured"), None if counting else facts[0])
    if stopped is not None:
        return Measurement(stopped.state, because="reported", facts=tuple(facts))
    illustrative = _MADE_UP[any(fact.illustrative for fact in counting)]
    if any(fact.bound for fact in counting):
        return _censored(indicator, counting, illustrative)
    value = add_up(fact.value or 0 for fact in counting)
    return Measurement("measured", value, flags=illustrative, facts=tuple(counting))


def _censored(indicator: Indicator, facts: Sequence[Observation], flags: tuple[str, ...]) -> Measurement:
    """Count a figure that was reported as a bound as the indicator says; a sum with a bound is a bound."""
    halved = indicator.censored == "half"
    bound = "both" if indicator.censored == "missing" else _joint_bound(fact.bound for fact in facts)
    value = add_up(divide(fact.value or 0, 2 if halved and fact.bound else 1) for fact in facts)
    counted = Measurement("measured", value, flags=(*flags, "censored"), facts=tuple(facts))
    return _bounded(counted, None if halved else bound)


_OTHER: Mapping[Bound | None, Bound | None] = {"above": "below", "below": "above", None: None}


def _joint_bound(bounds: Iterable[Bound | None]) -> Bound | Literal["both"] | None:
    """Say on which side of a sum its true value lies, where some of what was added is only known as a bound."""
    known = {bound for bound in bounds if bound is not None}
    return "both" if len(known) > 1 else next(iter(known), None)


def _bounded(found: Measurement, bound: Bound | Literal["both"] | None) -> Measurement:
    """Mark a value as a bound; one that may lie on either side of the figure is not known."""
    if found.value is None or bound is None:
        return found
    if bound == "both":
        return evolve(found, state="missing", value=None, because="censored")
    return evolve(found, bound=bound)


def _if_enough(share: Measurement, sample: Sample) -> Measurement:
    """Withhold a share of which too few were asked."""
    if share.among is not None and share.among < sample.at_least:
        return evolve(share, state="withheld", value=None, because="small_sample")
    return share


def _quotient(numerators: Sequence[Measurement], denominators: Sequence[Measurement]) -> Measurement:
    """Divide the first of each side less the others of that side, which are exclusions."""
    parts = [*numerators, *denominators]
    if stopped := _first_unmeasured(parts):
        return stopped
    of = _known(numerators[0]) - add_up(_known(part) for part in numerators[1:])
    among = _known(denominators[0]) - add_up(_known(part) for part in denominators[1:])
    divided = _ratio(of, among, _flags(parts), _facts(parts))
    if all(part.bound is None for part in parts):
        return divided
    raising, lowering = [numerators[0], *denominators[1:]], [denominators[0], *numerators[1:]]
    return _bounded(divided, _joint_bound([*(one.bound for one in raising), *(_OTHER[one.bound] for one in lowering)]))


def _ratio(
    of: Rational, among: Rational, flags: tuple[str, ...] = (), facts: tuple[Observation, ...] = ()
) -> Measurement:
    if among == 0:
        return Measurement("zero_denominator", None, of, among, None, "divided_by_zero", flags, facts)
    return Measurement("measured", divide(of, among), of, among, None, None, flags, facts)


def _first_unmeasured(parts: Sequence[Measurement]) -> Measurement | None:
    """Give the first part without a value, so that its state and reason flow on."""
    for part in parts:
        if part.value is None:
            return evolve(part, of=None, among=None, facts=_facts(parts))
    return None


def _known(part: Measurement) -> Rational:
    return part.value if part.value is not None else 0


def _flags(parts: Iterable[Measurement]) -> tuple[str, ...]:
    found = {part.flags for part in parts}
    return found.pop() if len(found) == 1 else tuple(dict.fromkeys(flag for part in parts for flag in part.flags))


def _facts(parts: Iterable[Measurement]) -> tuple[Observation, ...]:
    return tuple(fact for part in parts for fact in part.facts)
