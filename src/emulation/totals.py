"""Totals: points summed up the tree of criteria: bonus, penalty, caps, gaps, coverage, rounding."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias, cast

from attrs import evolve, field, frozen

from emulation.asking import Gathered
from emulation.conditions import Facts, Judge, Judged, Unmeasured
from emulation.criteria import TOTAL, Criterion, Round, Rounding, Sum, passed_on
from emulation.exact import Rational, divide
from emulation.gaps import (
    Alternative,
    Block,
    Drop,
    Full,
    Gap,
    Gaps,
    PeerMean,
    Points,
    Redistribute,
    Unrank,
    Value,
    WorstPeer,
    Zero,
    settled,
)
from emulation.joins import Joiner, Scored, stretched
from emulation.limits import Indicator_, Yardstick
from emulation.lines import NO_COUNTS, Column, Counts, Scores, line_of, summed
from emulation.measures import Measurement, Taken, calculated
from emulation.names import CriterionId, IndicatorId, ParticipantId
from emulation.observations import State
from emulation.participants import EVERYBODY, Participant
from emulation.points import Formula, Lateness, PointsRule
from emulation.problems import Path, Problem
from emulation.scales import Field, Scale

Bodies: TypeAlias = Mapping[ParticipantId, Participant]


@frozen
class Scoring:
    """What the totals stage gives: the scores of every criterion and the total, and what blocks publication."""

    scores: Scores
    blocked: tuple[Problem, ...]


NOT_JUDGED: Scores = {}


def score_criteria(
    criteria: Sequence[Criterion],
    gaps: Gaps,
    rounding: Rounding,
    unmeasured: Unmeasured,
    facts: Facts,
    judged: Scores = NOT_JUDGED,
) -> Scoring:
    """Judge every criterion for every participant it is for, and sum up the tree to the total.

    What is ``judged`` already is taken as it is: so a tree can be summed up again under other weights.
    """
    whole = Criterion(TOTAL, Sum(tuple(criteria)), missing=Unrank(), not_applicable=Unrank())
    counter = _Counter(gaps, rounding, unmeasured, facts, judged)
    counter.count(whole, cast("Bodies", facts.participants.by_id))
    return Scoring(counter.scores, tuple(counter.blocked))


@frozen
class _Counter:
    """Counts criterion by criterion, parts before the whole."""

    gaps: Gaps
    rounding: Rounding
    unmeasured: Unmeasured
    facts: Facts
    judged: Scores
    scores: dict[CriterionId, Column] = field(factory=dict)
    blocked: list[Problem] = field(factory=list)

    def count(self, criterion: Criterion, among: Bodies) -> None:
        """Count a criterion for those it is for among those its whole is for, its parts first."""
        everybody = criterion.for_ == EVERYBODY
        bodies = among if everybody else {id: body for id, body in among.items() if criterion.for_.selects(body)}
        for part in criterion.parts:
            self.count(part, bodies)
        if criterion.id in self.judged:
            self.scores[criterion.id] = self.judged[criterion.id]
        elif criterion.is_leaf:
            self.scores[criterion.id] = self._judged(criterion, bodies)
        else:
            self.scores[criterion.id] = self._joined(criterion, bodies)

    # --- criteria that are judged themselves

    def _judged(self, criterion: Criterion, bodies: Bodies) -> Column:
        """Judge a criterion: at once all who are plainly measured, and one by one all others."""
        groups = _compared(criterion, bodies.values())
        leaves = {group: _Leaf(criterion, tuple(peers), self) for group, peers in groups.items()}

        def scored(id: ParticipantId) -> Scored:
            return leaves[_group(criterion, bodies[id])].score(bodies[id])

        column = Column(bodies, scored, counts=self._counted(criterion, bodies))
        return _with_the_others_made(column, (body.id for peers in groups.values() for body in peers))

    def _counted(self, criterion: Criterion, bodies: Bodies) -> Counts:
        """Count the points of all who are plainly measured, where the rule is a line."""
        round_ = self.rounding_of(criterion, self.rounding.points)
        line = line_of(criterion, round_)
        if line is None or round_ is None or criterion.indicator is None:
            return NO_COUNTS
        measured = self.facts.measurements[criterion.indicator]
        if not isinstance(measured, Taken) or (parts := measured.parts()) is None:
            return NO_COUNTS
        meant = list(bodies) if measured.known is bodies else [id for id in bodies if id in measured.known]
        return Counts(line.over(parts, meant), 10**round_.decimals, criterion.max or 0)

    def measured(self, criterion: Criterion, body: ParticipantId) -> Measurement:
        if isinstance(criterion.earns, Formula):
            names = criterion.earns.points.names
            inputs = {name: self.facts.measurement(IndicatorId(name), body) for name in names}
            return calculated(criterion.earns.points, inputs)
        if criterion.indicator is None:
            return Measurement("not_applicable", because="tracked")
        return self.facts.measurement(criterion.indicator, body)

    def field(self, criterion: Criterion, peers: Sequence[Participant], judge: Judge) -> Field:
        by_id = self.facts.participants.by_id
        subject = None if criterion.indicator is None else Indicator_(criterion.indicator)

        def yardstick(asked: Yardstick, body: ParticipantId) -> Rational | None:
            return judge.yardstick(asked, subject, by_id[body])

        def values() -> dict[ParticipantId, Rational]:
            found = {body.id: self.measured(criterion, body.id).value for body in peers}
            return {id: value for id, value in found.items() if value is not None}

        better = self.facts.better.get(criterion.indicator or IndicatorId(""), "higher")
        levels = self.facts.levels.get(criterion.indicator or IndicatorId(""), ())
        return Field(Gathered(values), yardstick, better, levels)

    def gap_of(self, criterion: Criterion, state: State) -> tuple[Gap | None, State]:
        """Give what settles a state: the criterion's own gap, else the campaign's."""
        return settled(state, lambda asked: criterion.gap(asked) or self.gaps.of(asked))

    def blocks(self, criterion: Criterion, body: Participant, blank: Scored) -> Scored:
        """Leave a score open that the rulebook does not settle, or says to stop at."""
        stops = isinstance(blank.gap, Block)
        code, what = ("E162", "blocks publication") if stops else ("E161", "is not settled by the rulebook")
        path: Path = ("criteria", criterion.id)
        said = f"{body.name} ({body.id}): {blank.state.replace('_', ' ')} {what}"
        self.blocked.append(Problem(code, said, path=path))
        return evolve(blank, branch="unranked")

    def rounding_of(self, criterion: Criterion, decimals: int | None) -> Round | None:
        return criterion.round or self.rounding.of(decimals)

    # --- criteria made of others

    def _joined(self, criterion: Criterion, bodies: Bodies) -> Column:
        """Join the parts: at once for all whose parts are counted and only summed, and one by one for all others."""
        decimals = self.rounding.total if criterion.id == TOTAL else self.rounding.groups
        round_ = self.rounding_of(criterion, decimals)
        columns = [self.scores[part.id] for part in criterion.parts]

        def whole(id: ParticipantId) -> Scored:
            parts = [(part, self.scores[part.id][id]) for part in criterion.parts if id in self.scores[part.id]]
            return self._whole(criterion, bodies[id], parts, decimals)

        known = bodies
        if not any(column.known is bodies for column in columns):
            known = {id: body for id, body in bodies.items() if any(id in column for column in columns)}
        if criterion.best_is is not None:
            joined = {id: whole(id) for id in known}
            against = self._against_the_best(criterion, criterion.best_is, joined, bodies, decimals)
            return Column(against, against.__getitem__, counts=NO_COUNTS)
        counts = summed(criterion, round_, self.scores)
        return _with_the_others_made(Column(known, lambda id: _rounded(whole(id), round_), counts=counts), known)

    def _whole(
        self,
        criterion: Criterion,
        body: Participant,
        parts: list[tuple[Criterion, Scored]],
        decimals: int | None,
    ) -> Scored:
        joiner = Joiner(criterion, self.rounding_of(criterion, decimals), parts)
        whole = joiner.join()
        if whole.points is not None or whole.branch == "unranked":
            return self._gated(criterion, body, whole)
        gap, state = self.gap_of(criterion, whole.state)
        if gap is None and whole.branch == "nothing_left":
            gap = Drop()  # each part was left out by its own rule, and so the whole is
        blank = evolve(whole, state=state, gap=gap)
        return _filled(blank, Scale(criterion.min, joiner.natural_most())) or self.blocks(criterion, body, blank)

    def _gated(self, criterion: Criterion, body: Participant, whole: Scored) -> Scored:
        judge = Judge(self.facts, self.unmeasured, (body,))
        return _limited(criterion, _opened(criterion, whole, judge, body), judge, body)

    def _against_the_best(
        self,
        criterion: Criterion,
        best_is: Rational,
        joined: Mapping[ParticipantId, Scored],
        bodies: Bodies,
        decimals: int | None,
    ) -> dict[ParticipantId, Scored]:
        """Set the best of the field to the declared figure, and the others in proportion."""
        result: dict[ParticipantId, Scored] = {}
        for peers in _compared(criterion, bodies.values()).values():
            whole = {body.id: joined[body.id] for body in peers if body.id in joined}
            best = max((one.points for one in whole.values() if one.points is not None), default=0)
            for id, one in whole.items():
                if one.points is None or best <= 0:
                    result[id] = _rounded(one, self.rounding_of(criterion, decimals))
                else:
                    against = stretched(one, divide(best_is, best), best_is, (("best", best),))
                    result[id] = _rounded(against, self.rounding_of(criterion, decimals))
        return result


def _with_the_others_made(column: Column, order: Iterable[ParticipantId]) -> Column:
    """Make the records of all that are not counted, in this order, since they can block publication."""
    if len(column.counts.points) < len(column):
        for id in order:
            if id not in column.counts.points:
                column[id]
    return column


def _group(criterion: Criterion, body: Participant) -> str | None:
    return None if criterion.within is None else body.group(criterion.within)


def _compared(criterion: Criterion, bodies: Iterable[Participant]) -> Mapping[str | None, Sequence[Participant]]:
    """Split participants into those compared with one another."""
    if criterion.within is None:
        return {None: tuple(bodies)}
    groups: dict[str | None, list[Participant]] = {}
    for body in bodies:
        groups.setdefault(_group(criterion, body), []).append(body)
    return groups


def _rounded(scored: Scored, round_: Round | None) -> Scored:
    """Round as declared, and keep the exact value beside it."""
    points = scored.points
    if points is None:
        return scored
    if points is scored.exact and (isinstance(points, int) or round_ is None):
        return scored
    return evolve(scored, exact=points, points=passed_on(points, round_))


@frozen(slots=False)
class _Leaf:
    """Scores one criterion for participants compared with one another."""

    criterion: Criterion
    peers: tuple[Participant, ...]
    counter: _Counter

    @cached_property
    def judge(self) -> Judge:
        return Judge(self.counter.facts, self.counter.unmeasured, self.peers)

    @cached_property
    def field(self) -> Field:
        return self.counter.field(self.criterion, self.peers, self.judge)

    @cached_property
    def scale(self) -> Scale:
        return Scale(self.criterion.min, self.criterion.max or 0)

    @cached_property
    def is_plain(self) -> bool:
        """Say whether no gate and no cap stands between what is earned and what counts."""
        return self.criterion.full_if is None and self.criterion.only_if is None and not self.criterion.caps

    @cached_property
    def round(self) -> Round | None:
        return self.counter.rounding_of(self.criterion, self.counter.rounding.points)

    @property
    def rule(self) -> PointsRule:
        return cast("PointsRule", self.criterion.earns)  # what is only tracked has no value judged

    def score(self, body: Participant) -> Scored:
        criterion, scale, judge = self.criterion, self.scale, self.judge
        measurement = self.counter.measured(criterion, body.id)
        if criterion.earns is None:
            return Scored(measurement.state, 0, 0, 0, "tracked", measurement=measurement, flags=measurement.flags)
        gates: tuple[Judged, ...] = ()
        if criterion.full_if is not None:
            gates = (judge.judge(criterion.full_if, body),)
            if gates[0].holds:
                granted = Scored(
                    measurement.state,
                    scale.most,
                    None,
                    scale.most,
                    "granted",
                    measurement=measurement,
                    gates=gates,
                )
                return self._finish(granted)
        scored = self._worth(body, measurement)
        if self.is_plain and scored.gap is None:
            return scored
        if gates:
            scored = evolve(scored, gates=gates)
        return self._finish(_limited(criterion, _opened(criterion, scored, judge, body), judge, body))

    def _finish(self, scored: Scored) -> Scored:
        return _rounded(scored, self.round)

    def _worth(self, body: Participant, measurement: Measurement) -> Scored:
        if measurement.value is not None:
            return self._earned(body, measurement.value, measurement)
        return self._gap(body, measurement, measurement.state)

    def _earned(self, body: Participant, value: Rational, measurement: Measurement) -> Scored:
        rule, scale = self.rule, self.scale
        if isinstance(rule, Lateness) and "undone" in measurement.flags:
            earned = rule.never(scale)
        else:
            earned = rule.earned(value, body.id, scale, self.field)
        if earned.points is None:
            return self._gap(body, evolve(measurement, because=earned.branch), "missing")
        counting = passed_on(earned.points, self.round) if self.is_plain else earned.points
        return Scored(
            "measured",
            counting,
            earned.points,
            scale.most,
            earned.branch,
            earned.used,
            measurement,
            flags=measurement.flags,
        )

    def _gap(self, body: Participant, measurement: Measurement, state: State) -> Scored:
        gap, state = self.counter.gap_of(self.criterion, state)
        blank = Scored(
            state,
            None,
            None,
            self.scale.most,
            "undeclared",
            measurement=measurement,
            gap=gap,
            flags=measurement.flags,
        )
        match gap:
            case Value(value):
                return self._imputed(body, value, measurement, gap)
            case WorstPeer() | PeerMean():
                if not self.field.values:
                    return evolve(blank, branch="unranked")
                figure = self.field.worst if isinstance(gap, WorstPeer) else self.field.mean
                return self._imputed(body, figure, measurement, gap)
            case _:
                return _filled(blank, self.scale) or self.counter.blocks(self.criterion, body, blank)

    def _imputed(self, body: Participant, value: Rational, measurement: Measurement, gap: Gap) -> Scored:
        field_ = evolve(self.field, values={**self.field.values, body.id: value})
        earned = self.rule.earned(value, body.id, self.scale, field_)
        state = measurement.state if measurement.value is None else "missing"
        if earned.points is None:
            return Scored(state, None, None, self.scale.most, "unranked", measurement=measurement, gap=gap)
        used = (*earned.used, ("imputed", value))
        flags = (*measurement.flags, "imputed")
        return Scored(
            state,
            earned.points,
            earned.points,
            self.scale.most,
            earned.branch,
            used,
            measurement,
            gap,
            flags=flags,
        )


def _filled(blank: Scored, scale: Scale) -> Scored | None:
    """Fill a gap as it says; None for one that stops, or that needs a value to judge."""
    match blank.gap:
        case Zero():
            return evolve(blank, points=0, branch="zero")
        case Full():
            return evolve(blank, points=scale.most, branch="full")
        case Points(points):
            return evolve(blank, points=points, branch="given", flags=(*blank.flags, "imputed"))
        case Drop():
            return evolve(blank, branch="dropped")
        case Unrank():
            return evolve(blank, branch="unranked")
        case Redistribute():
            return evolve(blank, branch="redistributed")
        case Alternative():
            return evolve(blank, branch="replaced")
        case _:
            return None


def _opened(criterion: Criterion, scored: Scored, judge: Judge, body: Participant) -> Scored:
    """Give no points where the gate is closed."""
    if criterion.only_if is None:
        return scored
    gate = judge.judge(criterion.only_if, body)
    gates = (*scored.gates, gate)
    if gate.holds or scored.points is None:
        return evolve(scored, gates=gates)
    return evolve(scored, points=0, branch="gate_closed", gates=gates)


def _limited(criterion: Criterion, scored: Scored, judge: Judge, body: Participant) -> Scored:
    """Lower the points to each cap whose condition holds."""
    for cap in criterion.caps:
        judged = judge.judge(cap.when, body)
        scored = evolve(scored, gates=(*scored.gates, judged))
        if judged.holds and scored.points is not None and scored.points > cap.at_most:
            scored = evolve(scored, points=cap.at_most, branch="limited", used=(*scored.used, ("at_most", cap.at_most)))
    return scored
