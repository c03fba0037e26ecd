"""Campaign: the rules of one competition in one frozen record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache, cached_property
from hashlib import sha256
from typing import Any, Literal

import attrs
from attrs import field, frozen

from emulation.admission import ALL_COUNT, Admission, Appeals
from emulation.awards import Award, Ruling
from emulation.conditions import Unmeasured
from emulation.criteria import EXACT, Criterion, Rounding, walk
from emulation.display import Shown
from emulation.exact import Rational, write_number
from emulation.formulas import Expression
from emulation.gaps import Gaps
from emulation.indicators import Indicator
from emulation.mergers import Mergers
from emulation.names import (
    AwardId,
    ClassName,
    CriterionId,
    GroupName,
    IndicatorId,
    Kind,
    Label,
    ParticipantId,
    RoundId,
    TargetId,
)
from emulation.observations import Written
from emulation.participants import Participants
from emulation.periods import Calendar, Timetable, Window
from emulation.plausibility import Plausibility
from emulation.readiness import Readiness
from emulation.registers import Counted, Register
from emulation.standings import Decision, Standing
from emulation.targets import Target


@frozen
class Reference:
    """Where a rule comes from.

    Keys:
        title: the document.
        href: its address.
        article: the article meant.
        note: what should be known about it.
    """

    title: str
    href: str | None = None
    article: str | None = None
    note: str | None = None


@frozen
class Expected:
    """What an example expects of one participant; only what is written is compared, exactly.

    Keys:
        points: for criteria, their points.
        total: the total.
        rank: the place in the first standing that ranks it.
        readiness: the class.
        awards: the awards received.
        targets: for targets, how they stand.
        values: for indicators, their values.
    """

    points: tuple[tuple[CriterionId, Rational], ...] = ()
    total: Rational | None = None
    rank: int | None = None
    readiness: ClassName | None = None
    awards: tuple[AwardId, ...] | None = None
    targets: tuple[tuple[TargetId, str], ...] = ()
    values: tuple[tuple[IndicatorId, Rational], ...] = ()


@frozen
class Body:
    """An invented participant of an example.

    Keys:
        kind: its kind.
        parent: the body it is a part of.
        groups: the groups it is in.
    """

    kind: Kind
    parent: str | None = None
    groups: tuple[tuple[GroupName, str], ...] = ()


@frozen
class Example:
    """A case worked by hand, which ``check`` recomputes exactly.

    Keys:
        title: what it shows.
        for: the kind of the bodies in it that are not described.
        bodies: bodies that are of another kind, part of others or in groups.
        as_of: the day it is computed for; the end of the period if not said.
        given: for each body, what was reported, as it would be written in a table; a state is written in
            brackets; ``fact@stage`` is what was reported at one stage, a fact without is the same at all.
        expect: for each body, what must come out.
    """

    given: tuple[tuple[str, tuple[tuple[str, str], ...]], ...]
    expect: tuple[tuple[str, Expected], ...]
    title: Label | None = None
    for_: Kind | None = None
    bodies: tuple[tuple[str, Body], ...] = ()
    as_of: date | None = None


@frozen
class Acknowledged:
    """A lint finding that is known and meant.

    Keys:
        finding: the finding's code.
        at: where it is, as the finding prints it; everywhere if not said.
        because: why it stays.
    """

    finding: str
    because: str
    at: str | None = None


@frozen(slots=False)
class Campaign(Shown):
    """The declared competition: who, when, what is measured, what it is worth, who wins, how gaps are settled.

    Keys:
        campaign: its id.
        title: its name, by language.
        period: from when to when it runs.
        participants: who takes part: a table beside the campaign.
        set_aside: what rows that cannot be used mean: block (exit code 1) or report.
        observations: how the table of reported facts is written.
        registers: tables of cases, such as dossiers, of which facts are counted.
        admission: which of the facts handed in count, by day, stage and source.
        appeals: how long after a publication one can appeal against it.
        time_zone: the offset of the campaign's clocks, such as +07:00; it turns moments into days.
        mergers: what bodies take over from those they were made of.
        plausibility: checks of figures that can be used and may yet be wrong.
        basis: the decision or plan it rests on.
        organiser: who runs it.
        version: the version of the rulebook.
        sources: where rules and figures come from.
        announced_on: when it was announced.
        as_of: the checkpoint scored when no other is asked for.
        rounds: stretches of the campaign with days of their own.
        calendar: which days are working days.
        illustrative: what to say on every board about data that are made up.
        unmeasured: what a comparison over something that is not measured comes to: not_met or undecided.
        indicators: what is measured.
        targets: what should be reached, and by when.
        criteria: what it is worth.
        gaps: what criteria are worth where there is no value, unless they say otherwise.
        rounding: where points are rounded, how, and which value decides.
        standings: who stands where.
        readiness: what counts as ready.
        awards: who wins.
        decisions: recorded human decisions on ties.
        rulings: recorded rulings on awards that are held, released or revoked.
        examples: cases worked by hand.
        acknowledge: lint findings that are known and meant.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> load_campaign("campaigns/thai-nguyen-2025").indicator["online_share"].better
    'higher'
    """

    id: str
    title: Label
    period: Window
    participants: Participants
    set_aside: Literal["block", "report"]
    observations: Written | None = None
    registers: tuple[Register, ...] = ()
    admission: Admission = ALL_COUNT
    appeals: Appeals | None = None
    time_zone: str | None = None
    mergers: Mergers | None = None
    plausibility: tuple[Plausibility, ...] = ()
    basis: str | None = None
    organiser: Label | None = None
    version: str | None = None
    sources: tuple[Reference, ...] = ()
    announced_on: date | None = None
    as_of: date | None = None
    rounds: tuple[tuple[RoundId, Window], ...] = ()
    calendar: Calendar = Calendar()
    illustrative: Label | None = None
    unmeasured: Unmeasured | None = None
    indicators: tuple[Indicator, ...] = ()
    targets: tuple[Target, ...] = ()
    criteria: tuple[Criterion, ...] = ()
    gaps: Gaps = Gaps()
    rounding: Rounding = EXACT
    standings: tuple[Standing, ...] = ()
    readiness: tuple[Readiness, ...] = ()
    awards: tuple[Award, ...] = ()
    decisions: tuple[Decision, ...] = ()
    rulings: tuple[Ruling, ...] = ()
    examples: tuple[Example, ...] = ()
    acknowledge: tuple[Acknowledged, ...] = ()
    editions: tuple[tuple[date, Campaign], ...] = field(default=(), repr=False)

    def on(self, day: date) -> Campaign:
        """Give the edition of the rules in force on a day: rules may carry values with dates."""
        in_force = [edition for start, edition in self.editions if start <= day]
        return in_force[-1] if in_force else self

    @cached_property
    def timetable(self) -> Timetable:
        """The days the campaign speaks of."""
        rounds = tuple((id, window.span(self.calendar)) for id, window in self.rounds)
        return Timetable(self.period.span(self.calendar), rounds, self.calendar)

    @cached_property
    def indicator(self) -> Mapping[IndicatorId, Indicator]:
        """Indicators by id."""
        return {indicator.id: indicator for indicator in self.indicators}

    @cached_property
    def counted(self) -> Mapping[str, Counted]:
        """What is counted of registers, by the fact it is."""
        return {counted.id: counted for register in self.registers for counted in register.counts}

    @cached_property
    def criterion(self) -> Mapping[CriterionId, Criterion]:
        """All criteria of the tree by id, parts before the whole."""
        return {criterion.id: criterion for criterion in walk(self.criteria)}

    @cached_property
    def parent_of(self) -> Mapping[CriterionId, CriterionId]:
        """For each criterion that is part of another, which."""
        return {part.id: whole.id for whole in walk(self.criteria) for part in whole.parts}

    @cached_property
    def facts(self) -> tuple[str, ...]:
        """The ids facts can be reported under: observed indicators, and parts of ratios that are none themselves."""
        inputs = [
            name for indicator in self.indicators if indicator.time for name in (indicator.inputs or (indicator.id,))
        ]
        observed = [id for id, indicator in self.indicator.items() if indicator.time and not indicator.inputs]
        return tuple(dict.fromkeys([*observed, *(name for name in inputs if name not in self.indicator)]))

    @cached_property
    def fingerprint(self) -> str:
        """A hash of what the rules mean: blind to their formatting and order, changed by any change of meaning."""
        return sha256("\n".join(_canonical(self)).encode()).hexdigest()

    def who(self, id: str) -> ParticipantId | None:
        """Give the id of the participant called so, by id or by name."""
        if id in self.participants:
            return ParticipantId(id)
        return next((body.id for body in self.participants if body.name == id), None)


_NO_RULES = ("editions", "acknowledge", "decisions", "rulings", "examples", "observations", "table")
"""Fields that change no rule: decisions and rulings are recorded under the rules, examples follow from them.

Nor does it change one where a table's headings stand, or how it is called: facts have a hash of their own.
"""


@cache
def _rules_of(record: type) -> tuple[tuple[str, Any], ...]:
    """Give the fields of a kind of record that say a rule, each with its default.

    A field at its default is not written: a key that a later version adds changes no older rulebook's hash.
    """
    fields = (one for one in attrs.fields(record) if one.eq and one.name not in _NO_RULES)
    return tuple((one.name, one.default) for one in fields)


def _canonical(value: Any) -> Iterator[str]:
    """Write a record as lines in one fixed order, whatever order its parts were written in."""
    match value:
        case int() | str() | None:
            yield f"{type(value).__name__}:{value!r}"
        case Expression(text):
            yield f"formula:{''.join(text.split())}"
        case tuple():
            parts = [f"str:{part!r}" if type(part) is str else "\n".join(_canonical(part)) for part in value]
            unordered = all(
                hasattr(part, "id") or (isinstance(part, tuple) and part and isinstance(part[0], str)) for part in value
            )
            yield "(" + "|".join(sorted(parts) if unordered else parts) + ")"
        case Participants():
            yield from _canonical(value.listed)
        case date():
            yield value.isoformat()
        case _ if attrs.has(type(value)):
            yield type(value).__name__
            for name, default in _rules_of(value.__class__):
                given = getattr(value, name)
                if given != default:
                    yield f"{name}="
                    yield from (f"str:{given!r}",) if type(given) is str else _canonical(given)
        case number:
            yield write_number(number)
