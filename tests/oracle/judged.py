"""Judged: conditions, and the points of criteria that are judged or made of others."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from emulation.campaign import Campaign
from emulation.criteria import Criterion
from emulation.participants import Participant

from oracle.arithmetic import ZERO, mean, named, rounded
from oracle.measures import Found, Measured
from oracle.rules import Judge, meets
from oracle.tree import Score, aggregate, combined, covered, fill, handed_on, is_whole, walk


@dataclass(frozen=True)
class _Subject:
    id: str


@dataclass(frozen=True)
class _Parts:
    of: tuple[Criterion, ...]


class Sum(_Parts):
    """The sum of all top criteria."""


class Unrank:
    """The participant has no total."""


class _Everybody:
    def selects(self, _: object) -> bool:
        """Everybody."""
        return True


@dataclass(frozen=True)
class _Total:
    earns: Any
    for_: Any
    id: str = "total"
    best_is: None = None
    scale_to: None = None
    coverage: None = None
    round: None = None
    cap: None = None
    floor: None = None
    within: None = None
    missing: Any = None
    not_applicable: Any = None


def _total(campaign: Campaign) -> Any:
    return _Total(Sum(campaign.criteria), _Everybody(), missing=Unrank(), not_applicable=Unrank())


@dataclass
class Scored(Measured):
    """Scores every criterion for everybody."""

    scored: dict[str, dict[str, Score]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        super().__post_init__()
        for criterion in self.campaign.criteria:
            self.count(criterion)
        self.scored["total"] = self.joined_all(_total(self.campaign))

    def holds(self, when: Any, body: Participant, peers: Sequence[Participant], unmeasured: str) -> bool | None:
        """Say whether a condition holds; None where it is not known."""

        def known(verdict: bool | None) -> bool | None:
            return False if verdict is None and unmeasured == "not_met" else verdict

        match named(when):
            case "All" | "Any" | "None":
                parts = [self.holds(part, body, peers, unmeasured) for part in when.of]
                if named(when) == "All":
                    return False if False in parts else None if None in parts else True
                some = True if True in parts else None if None in parts else False
                return some if named(when) == "Any" or some is None else not some
            case "Compare":
                return known(self.compared(when.subject, when.limit, body, peers))
            case "StateIs":
                return self.measure(when.indicator, body.id).state in when.among
            case "Member":
                return when.of.selects(body)
            case "Every":
                leaves = [one for one in walk(self.campaign.criteria) if not is_whole(one)]
                asked = [one for one in leaves if one.earns is not None and one.for_.selects(body)]
                parts = [known(meets(when.limit, self.points(one.id, body.id), when.limit.bound)) for one in asked]
                return False if False in parts else None if None in parts else True
            case "TargetMet":
                return known(self.target_met(when.target, body))
            case "Readiness":
                held = self.classed(body.id)
                return known(None) if held is None else held in when.among
        raise AssertionError(when)

    def compared(self, subject: Any, limit: Any, body: Participant, peers: Sequence[Participant]) -> bool | None:
        """Hold a value against a limit."""
        value, bound = None, None
        match named(subject):
            case "Indicator":
                found = self.measure(subject.id, body.id)
                value, bound = found.value, found.bound
            case "Points":
                value = self.points(subject.criterion, body.id)
            case "ShareOfMax":
                score = self.scored[subject.criterion].get(body.id)
                if score is not None and score.points is not None and score.most:
                    value = score.points / score.most
            case "Place":
                place = self.places(subject.standing).get(body.id)
                value = None if place is None else Fraction(place)
        edge = None if named(limit) == "Between" else self.yardstick(limit.bound, subject, body, peers)
        return meets(limit, value, edge, bound)

    def yardstick(self, asked: Any, subject: Any, body: Participant, peers: Sequence[Participant]) -> Fraction | None:
        """Give the number something is held against."""
        if isinstance(asked, int | Fraction):
            return Fraction(asked)
        if named(asked) == "Indicator":
            return self.measure(asked.id, body.id).value
        ids = asked.of or ((subject.id,) if subject is not None else ())
        values = sorted(v for id in ids for one in peers if (v := self.measure(id, one.id).value) is not None)
        if not values:
            return None
        best_first = values if self.indicators[ids[0]].better == "lower" else values[::-1]
        half = len(values) // 2
        return {
            "best": best_first[0],
            "worst": best_first[-1],
            "mean": mean(values),
            "median": values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2,
            "mean_of_best": mean(best_first[: asked.count]),
        }[asked.peers]

    def points(self, criterion: str, body: str) -> Fraction | None:
        """Give somebody's points in a criterion."""
        score = self.scored[criterion].get(body)
        return None if score is None else score.points

    def count(self, criterion: Criterion) -> dict[str, Score]:
        """Score a criterion for everybody it is for, its parts first."""
        if is_whole(criterion):
            for part in criterion.earns.of:
                self.count(part)
            self.scored[criterion.id] = self.joined_all(criterion)
        else:
            self.scored[criterion.id] = self.judged_all(criterion)
        return self.scored[criterion.id]

    def compared_with(self, criterion: Criterion) -> list[list[Participant]]:
        """Give those compared with one another in a criterion."""
        groups = defaultdict(list)
        for body in self.living:
            if criterion.for_.selects(body):
                groups[dict(body.groups).get(criterion.within)].append(body)
        return list(groups.values())

    def judged_all(self, criterion: Criterion) -> dict[str, Score]:
        """Score a criterion that is judged itself."""
        return {
            body.id: self.judged(criterion, body, peers) for peers in self.compared_with(criterion) for body in peers
        }

    def judged(self, criterion: Criterion, body: Participant, peers: Sequence[Participant]) -> Score:
        """Score a criterion for one: its gate, its rule or its gap, its caps, its rounding."""
        most, unmeasured = Fraction(criterion.max), self.campaign.unmeasured
        if criterion.earns is None:
            return Score("tracked", ZERO, ZERO, self.value_of(criterion, body.id).state)
        if criterion.full_if is not None and self.holds(criterion.full_if, body, peers, unmeasured):
            state = self.value_of(criterion, body.id).state
            return self.rounded(criterion, Score("scored", most, most, state), self.campaign.rounding.points)
        score = self.worth(criterion, body, peers)
        if score.points is None:
            return score
        points = score.points
        if criterion.only_if is not None and not self.holds(criterion.only_if, body, peers, unmeasured):
            points = ZERO
        for cap in criterion.caps:
            if self.holds(cap.when, body, peers, unmeasured):
                points = min(points, Fraction(cap.at_most))
        counted = Score("scored", points, score.most, score.state)
        return self.rounded(criterion, counted, self.campaign.rounding.points)

    def rounded(self, criterion: Criterion, score: Score, decimals: int | None) -> Score:
        """Round points as the rulebook says, where what is rounded is passed on."""
        rule, rounding = criterion.round, self.campaign.rounding
        if rule is not None:
            passed, decimals, mode = rule.pass_on, rule.decimals, rule.mode
        else:
            passed, mode = rounding.decide_on, rounding.mode
        if passed == "exact" or decimals is None:
            return score
        return Score(score.how, rounded(score.points, decimals, mode), score.most, score.state)

    def value_of(self, criterion: Criterion, body: str) -> Found:
        """Give what a criterion judges."""
        if named(criterion.earns) == "Formula":
            return self.calculated(criterion.earns.points.text, body)
        return self.measure(criterion.indicator, body)

    def worth(self, criterion: Criterion, body: Participant, peers: Sequence[Participant]) -> Score:
        """Apply the rule to a value, or settle the gap."""
        found, most = self.value_of(criterion, body.id), Fraction(criterion.max)
        if found.value is not None:
            earned = self.earned(criterion, found, body, peers, None)
            if earned is not None:
                return Score("scored", earned, most)
            return self.gap(criterion, "missing", body, peers, most)
        return self.gap(criterion, found.state, body, peers, most)

    def settled(self, criterion: Criterion, state: str) -> tuple[Any, str]:
        """Follow what a state is treated as to what it is worth."""
        for _ in range(6):
            declared = getattr(criterion, state) or getattr(self.campaign.gaps, state)
            if named(declared) not in ("Missing", "NotApplicable"):
                return declared, state
            state = {"Missing": "missing", "NotApplicable": "not_applicable"}[named(declared)]
        return None, state

    def gap(
        self, criterion: Criterion, state: str, body: Participant, peers: Sequence[Participant], most: Fraction
    ) -> Score:
        """Say what a gap is worth."""
        declared, state = self.settled(criterion, state)
        match named(declared):
            case "Value":
                imputed = Fraction(declared.value)
            case "WorstPeer" | "PeerMean":
                values = list(self.field(criterion, peers).values())
                if not values:
                    return Score("unranked", None, most, state)
                best_low = self.better(criterion) == "lower"
                worst = max(values) if best_low else min(values)
                imputed = mean(values) if named(declared) == "PeerMean" else worst
            case _:
                return fill(declared, state, most)
        earned = self.earned(criterion, Found("measured", imputed), body, peers, imputed)
        own = self.value_of(criterion, body.id)
        state = own.state if own.value is None else "missing"
        return Score("unranked", None, most, state) if earned is None else Score("scored", earned, most, state)

    def better(self, criterion: Criterion) -> str:
        """Say which way is better."""
        return "higher" if criterion.indicator is None else self.indicators[criterion.indicator].better

    def field(self, criterion: Criterion, peers: Sequence[Participant]) -> dict[str, Fraction]:
        """Give the values compared with one another."""
        values = {one.id: self.value_of(criterion, one.id).value for one in peers}
        return {id: value for id, value in values.items() if value is not None}

    def earned(
        self,
        criterion: Criterion,
        found: Found,
        body: Participant,
        peers: Sequence[Participant],
        imputed: Fraction | None,
    ) -> Fraction | None:
        """Give the points of a value by the criterion's rule; None where there is nothing to hold it against."""
        values = self.field(criterion, peers) | ({} if imputed is None else {body.id: imputed})
        subject = None if criterion.indicator is None else _Subject(criterion.indicator)
        least, most = Fraction(criterion.min), Fraction(criterion.max)
        judge = Judge(
            found.value,
            body.id,
            values,
            least,
            most,
            self.better(criterion),
            lambda asked, id: self.yardstick(asked, subject, self.bodies[id], peers),
        )
        if named(criterion.earns) == "Lateness" and found.undone:
            return least + criterion.earns.undone * (most - least)
        share_or_points = judge.points(criterion.earns)
        return None if share_or_points is None else Fraction(share_or_points)

    def joined_all(self, criterion: Any) -> dict[str, Score]:
        """Score a criterion made of others for everybody, against the best where it says so."""
        decimals = self.campaign.rounding.total if criterion.id == "total" else self.campaign.rounding.groups
        joined = {}
        for body in self.living:
            parts = [
                (part, self.scored[part.id][body.id]) for part in criterion.earns.of if body.id in self.scored[part.id]
            ]
            if criterion.for_.selects(body) and parts:
                joined[body.id] = self.joined(criterion, body, parts)
        if criterion.best_is is not None:
            for peers in self.compared_with(criterion):
                whole = {one.id: joined[one.id] for one in peers if one.id in joined}
                best = max((one.points for one in whole.values() if one.points is not None), default=ZERO)
                for id, one in whole.items():
                    if one.points is not None and best > 0:
                        points = one.points * criterion.best_is / best
                        joined[id] = Score(one.how, points, Fraction(criterion.best_is), one.state)
        return {id: one if one.points is None else self.rounded(criterion, one, decimals) for id, one in joined.items()}

    def joined(self, criterion: Any, body: Participant, parts: list[tuple[Any, Score]]) -> Score:
        """Join the parts of a criterion for one."""
        counting = [(part, one) for part, one in parts if one.how != "tracked" and part.weight != 0]
        if not counting:
            return Score("tracked", ZERO, ZERO)
        most = self.most(criterion, counting)
        called = {one.to[0] for _, one in counting if one.how == "replaced"}
        counting = [
            (part, one)
            for part, one in counting
            if one.how != "replaced" and (part.as_ != "alternative" or part.id in called)
        ]
        if any(one.how == "unranked" for _, one in counting):
            return Score("unranked", None, most, "missing")
        counting = handed_on(counting)
        if not covered(criterion, counting):
            return self.without(criterion, "missing", most, by_rule=False)
        present = [(part, one) for part, one in counting if one.points is not None]
        if not any(part.as_ in ("base", "alternative") for part, _ in present):
            states = {one.state for part, one in counting if part.as_ in ("base", "alternative")}
            state = "not_applicable" if states == {"not_applicable"} else "missing"
            return self.without(criterion, state, most, by_rule=True)
        whole = combined(criterion, counting, present)
        if criterion.scale_to is not None and whole.most:
            whole = Score("scored", whole.points * criterion.scale_to / whole.most, Fraction(criterion.scale_to))
        return whole

    def most(self, criterion: Any, parts: list[tuple[Any, Score]]) -> Fraction:
        """Give the maximum a criterion has when all its parts count."""
        if criterion.scale_to is not None:
            return Fraction(criterion.scale_to)
        base = [(part, Score("scored", one.most, one.most)) for part, one in parts if part.as_ == "base"]
        return aggregate(criterion, base) if base else ZERO

    def without(self, criterion: Any, state: str, most: Fraction, *, by_rule: bool) -> Score:
        """Settle a criterion made of others that has no points."""
        declared, state = self.settled(criterion, state)
        if declared is None and by_rule:
            return Score("dropped", None, most, state)
        return fill(declared, state, most)
