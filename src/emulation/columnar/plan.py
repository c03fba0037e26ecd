"""Plan: a campaign on a day as steps over columns, and the columns in which what it comes to stands."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date
from typing import TypeAlias

from attrs import evolve, frozen

from emulation.admission import ALL_COUNT
from emulation.campaign import Campaign
from emulation.columnar.classing import Classer
from emulation.columnar.giving import Giver
from emulation.columnar.judged import Judging, Known, Valued, Verdict
from emulation.columnar.measured import Measured, Measurer
from emulation.columnar.quantities import Quantity
from emulation.columnar.ranking import Placing, Ranker
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.sheet import ALIVE, DEPTH, Below, Let, Place, Read, Reading, Say, Sheet, Step, Within
from emulation.columnar.summing import Score, Summer
from emulation.columnar.terms import (
    NOTHING,
    YES,
    Cell,
    Range,
    Term,
    Test,
    Truth,
    Whole,
    both,
    choice,
    columns_of,
    compared,
    either,
)
from emulation.conditions import Children, Unmeasured
from emulation.criteria import TOTAL
from emulation.indicators import Level, Ratio, Sample, Share
from emulation.names import AwardId, ClassName, IndicatorId, Kind, StandingId, TargetId
from emulation.problems import Refused
from emulation.targets import AimState, Target

AIM_STATES: tuple[AimState, ...] = ("met", "not_met", "missed", "open", "undecided")
"""The states of a target; its column holds their number, counted from 1, and 0 for whom it is not meant."""


@frozen
class Field:
    """Who takes part: how many rows, of which kinds, how deep the tree of units is, and whether all of them live."""

    rows: int
    kinds: tuple[Kind, ...]
    depth: int
    all_live: bool


@frozen
class Plan:
    """The steps, and where each result stands once they are done; ``asked`` are targets judged with all known.

    With ``parts`` what values and points are made of is a result too: the two sides of a ratio, maxima, states.
    """

    campaign: Campaign
    day: date
    steps: tuple[Step, ...]
    measured: Mapping[IndicatorId, Measured]
    scores: Mapping[str, Score]
    placings: Mapping[StandingId, Placing]
    aims: Mapping[TargetId, Term]
    class_: Term
    classes: tuple[ClassName, ...]
    awards: Mapping[AwardId, Term]
    blocked: Mapping[str, Test]
    asked: Mapping[TargetId, Verdict]
    details: bool = True
    parts: bool = False


def readings_of(campaign: Campaign) -> tuple[Reading, ...]:
    """Give what is read of the observations: each fact an indicator looks at, with the time it looks at."""
    found: list[Reading] = []
    for indicator in campaign.indicators:
        if indicator.time is not None:
            match indicator.measured_as:
                case Share() | Ratio() | Sample():
                    names = [name for name in indicator.inputs if name not in campaign.indicator]
                case _:
                    names = [indicator.id]
            found += [Reading(name, indicator.time) for name in names]
    return tuple(dict.fromkeys(found))


def past_deadlines(campaign: Campaign, day: date) -> Mapping[TargetId, date]:
    """Give the targets that are judged on an earlier day, since their deadline has passed."""
    return {
        target.id: target.deadline.last
        for target in campaign.targets
        if target.deadline is not None and target.deadline.last < day
    }


def unfit(campaign: Campaign) -> Iterator[ExactOnly]:
    """Find what of a campaign's rules decides which facts count; columns take all facts there are."""
    if campaign.admission != ALL_COUNT:
        yield ExactOnly(("admission",), "which facts are admitted")
    if campaign.mergers is not None:
        yield ExactOnly(("mergers",), "what merged bodies take over")
    if campaign.plausibility:
        yield ExactOnly(("plausibility",), "what makes a figure doubtful")
    for indicator in campaign.indicators:
        if indicator.stage is not None:
            yield ExactOnly(("indicators", indicator.id, "stage"), "a stage of its own")


def plan_of(
    campaign: Campaign,
    day: date,
    field: Field,
    readings: Mapping[Reading, Read],
    asked: Sequence[TargetId] = (),
    *,
    details: bool = True,
    parts: bool = False,
) -> Plan:
    """Compile the rules in force on a day; without ``details`` only totals, places, classes and awards are results.

    With ``parts`` what values and points are made of is a result too.

    Raise `Refused` (E780) with all that columns cannot judge exactly.
    """
    rules = campaign.on(day)
    problems = [problem for one in unfit(rules) for problem in one.problems]
    if problems:
        raise Refused(problems)
    plan = _Planner(rules, day, field, readings, tuple(asked)).plan()
    return _pruned(evolve(plan, details=details, parts=parts))


@frozen
class _Planner:
    campaign: Campaign
    day: date
    field: Field
    readings: Mapping[Reading, Read]
    asked: tuple[TargetId, ...]

    @property
    def _unmeasured(self) -> Unmeasured:
        return self.campaign.unmeasured or "undecided"

    def plan(self) -> Plan:
        """Plan the stages in the order in which a rulebook decides: measure, judge, sum up, rank, class, award."""
        rules = self.campaign
        sheet = Sheet(self.field.rows, self.field.kinds, YES if self.field.all_live else Truth(ALIVE))
        measurer = Measurer(rules.indicator, rules.timetable, self.day, self.readings.__getitem__, sheet)
        measured = {id: measurer.of(id) for id in rules.indicator}
        better = {id: one.better for id, one in rules.indicator.items() if one.better is not None}
        known = Known(sheet, measurer.of, better=better)
        known, summer = self._scored(known)
        placings = self._placed(known)
        known = evolve(known, places={id: Valued(one.ranked, _whole(one.place)) for id, one in placings.items()})
        known, aims = self._levels(known, placings)
        giver = Giver(known, placings, rules.decisions, rules.rulings, self._unmeasured)
        awards = giver.given(rules.awards)
        asked = {
            target.id: _kept(sheet, f"{target.id}:asked", self._judged(known, target))
            for target in rules.targets
            if target.id in self.asked
        }
        blocked = {id: sheet.truth(f"{id}:blocked", test) for id, test in summer.blocked.items()}
        return Plan(
            rules,
            self.day,
            tuple(sheet.steps),
            measured,
            summer.scores,
            placings,
            aims,
            known.class_ or NOTHING,
            known.classes,
            awards,
            blocked,
            asked,
        )

    def _scored(self, known: Known) -> tuple[Known, Summer]:
        rules = self.campaign
        levels = {
            id: one.measured_as.names for id, one in rules.indicator.items() if isinstance(one.measured_as, Level)
        }
        summer = Summer(rules.gaps, rules.rounding, self._unmeasured, known, levels)
        summer.score(rules.criteria)
        points = {id: Valued(one.known, one.points) for id, one in summer.scores.items()}
        scored = evolve(
            known,
            present={id: one.present for id, one in summer.scores.items()},
            points=points,
            most={id: one.most for id, one in summer.scores.items()},
            leaves=tuple(id for id, one in rules.criterion.items() if one.is_leaf and not one.is_tracked),
        )
        return scored, summer

    def _placed(self, known: Known) -> dict[StandingId, Placing]:
        ranker = Ranker(known, self.campaign.decisions)
        return {standing.id: ranker.placing(standing) for standing in self.campaign.standings}

    # --- targets and classes, those below first

    def _levels(self, known: Known, placings: Mapping[StandingId, Placing]) -> tuple[Known, dict[TargetId, Term]]:
        """Judge targets, then classes, of bodies of one depth after the other: those below are judged already."""
        rules = self.campaign
        classes = tuple(dict.fromkeys(class_ for rule in rules.readiness for class_ in rule.classes))
        known = evolve(known, classes=classes, class_=None)
        class_: Term = NOTHING
        verdicts: dict[str, Verdict] = {}
        depths = range(self.field.depth, -1, -1) if self._looks_below() else (None,)
        for depth in depths:
            here: Test = YES if depth is None else compared(self._depth(), "==", Whole(depth))
            here = both(here, known.sheet.alive)
            now = {target.id: self._aimed(known, target, here) for target in rules.targets}
            verdicts = {id: _one_or(verdicts.get(id), one) for id, one in now.items()}
            verdicts = {id: _kept(known.sheet, f"{id}:target", one) for id, one in verdicts.items()}
            known = evolve(known, targets=verdicts)
            for rule in rules.readiness:
                meant = both(here, known.sheet.selected(rule.for_))
                held = Classer(rule, known, placings, self._unmeasured).class_()
                class_ = choice(meant, held, class_)
            class_ = known.sheet.let("class", class_)
            known = evolve(known, class_=class_)
        return known, {target.id: self._aim_state(known, target, verdicts[target.id]) for target in rules.targets}

    def _depth(self) -> Term:
        return Cell(DEPTH, Range(0, self.field.depth))

    def _looks_below(self) -> bool:
        """Say whether anything is judged by the bodies below."""
        conditions = [target.condition for target in self.campaign.targets]
        return any(map(_looks_below, conditions)) or any(_looks_below(rule) for rule in self.campaign.readiness)

    def _aimed(self, known: Known, target: Target, here: Test) -> Verdict:
        meant = both(here, known.sheet.selected(target.for_))
        if target.deadline is not None and target.deadline.last < self.day:
            verdict = given_verdict(target.id)
        else:
            verdict = self._judged(known, target)
        return Verdict(both(meant, verdict.yes), both(meant, verdict.no))

    def _judged(self, known: Known, target: Target) -> Verdict:
        return Judging(known, target.unmeasured or self._unmeasured).judge(target.condition)

    def _aim_state(self, known: Known, target: Target, verdict: Verdict) -> Term:
        last = target.deadline.last if target.deadline is not None else None
        failed: AimState = "not_met" if last is None else "open" if self.day < last else "missed"
        open_ = choice(verdict.no, _aim(failed), _aim("undecided"))
        meant = both(known.sheet.alive, known.sheet.selected(target.for_))
        return known.sheet.let(f"{target.id}:aim", choice(meant, choice(verdict.yes, _aim("met"), open_), NOTHING))


def given_verdict(target: TargetId) -> Verdict:
    """Name the columns in which the verdict on a passed deadline is handed in."""
    return Verdict(Truth(f"{target}:then"), Truth(f"{target}:then:not"))


def _aim(state: AimState) -> Term:
    return Whole(AIM_STATES.index(state) + 1)


def _whole(term: Term) -> Quantity:
    return Quantity(term, Whole(1))


def _kept(sheet: Sheet, name: str, one: Verdict) -> Verdict:
    return Verdict(sheet.truth(name, one.yes), sheet.truth(f"{name}:not", one.no))


def _one_or(one: Verdict | None, other: Verdict) -> Verdict:
    return other if one is None else Verdict(either(one.yes, other.yes), either(one.no, other.no))


Tree: TypeAlias = object


def _looks_below(rule: Tree) -> bool:
    """Say whether a condition, or anything in a rule, is about the bodies below."""
    match rule:
        case Children():
            return True
        case tuple():
            return any(map(_looks_below, rule))
        case _ if hasattr(rule, "__attrs_attrs__"):
            return any(_looks_below(getattr(rule, one.name)) for one in rule.__attrs_attrs__)
        case _:
            return False


# --- what is not asked for is not reckoned


def _pruned(plan: Plan) -> Plan:
    """Leave out the steps that no result rests on."""
    wanted = set(results_of(plan))
    kept: list[Step] = []
    for step in reversed(plan.steps):
        if made_by(step) & wanted:
            needed = _only(step, wanted)
            kept.append(needed)
            wanted |= read_by(needed)
    return evolve(plan, steps=tuple(reversed(kept)))


def _only(step: Step, wanted: Container[str]) -> Step:
    """Leave out the sums and places that no result rests on."""
    match step:
        case Below(_, sums):
            return evolve(step, sums=tuple(one for one in sums if one[0] in wanted))
        case Place():
            named = {side: name for side in ("first", "dense", "equal") if (name := getattr(step, side)) in wanted}
            return evolve(step, **{**dict.fromkeys(("first", "dense", "equal")), **named})
        case _:
            return step


def made_by(step: Step) -> frozenset[str]:
    """Name the columns a step makes."""
    match step:
        case Below(_, sums):
            return frozenset(name for name, _ in sums)
        case Place():
            return frozenset(step.names)
        case Let(name) | Say(name) | Within(name):
            return frozenset((name,))


def read_by(step: Step) -> frozenset[str]:
    """Name the columns a step reads."""
    match step:
        case Let(_, one) | Say(_, one):
            return columns_of(one)
        case Below(_, sums):
            return frozenset().union(*(columns_of(term) for _, term in sums))
        case Within(_, term, groups):
            return columns_of(term) | frozenset(groups)
        case Place(who, key, groups):
            keys = columns_of(key.top) | columns_of(key.bottom) if isinstance(key, Quantity) else columns_of(key)
            return columns_of(who) | keys | frozenset(groups)


def results_of(plan: Plan) -> Iterator[str]:
    """Name the columns in which results stand."""
    for one in _results(plan):
        yield from columns_of(one)


def _results(plan: Plan) -> Iterator[Term | Test]:
    for measured in plan.measured.values() if plan.details else ():
        yield from (measured.known, measured.state, measured.value.top, measured.value.bottom)
        sides = (measured.of.top, measured.of.bottom, measured.among.top, measured.among.bottom)
        yield from (measured.parted, *sides) if plan.parts else ()
    for score in plan.scores.values() if plan.details else (plan.scores[TOTAL],):
        yield from (score.present, score.known, score.points.top, score.points.bottom)
        yield from (score.most.top, score.most.bottom, score.state) if plan.parts else ()
    for placing in plan.placings.values():
        yield from (placing.meant, placing.ranked, placing.place, placing.open)
        yield from (placing.of, placing.equal) if plan.details else ()
    yield from plan.aims.values()
    yield plan.class_
    yield from plan.awards.values()
    yield from plan.blocked.values()
    for verdict in plan.asked.values():
        yield from (verdict.yes, verdict.no)
