"""Oracle: an independent recount with plain fractions, written from what the rules' sentences say.

It knows the records a campaign is made of, and nothing of how they are computed.
"""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal, localcontext
from fractions import Fraction
from functools import reduce
from math import floor, lcm
from typing import Any

from emulation.campaign import Campaign
from emulation.criteria import Criterion
from emulation.indicators import Indicator
from emulation.observations import Observation, Observations
from emulation.participants import Participant

ZERO = Fraction(0)


def named(record: object) -> str:
    """Give the name of a record's class."""
    return type(record).__name__.rstrip("_")


# --- numbers -----------------------------------------------------------------------------------------------------


def rounded(value: Fraction, decimals: int, mode: str) -> Fraction:
    """Round by looking at the two neighbours on the grid and which of them is nearer."""
    grid = 10**decimals
    low = Fraction(floor(value * grid), grid)
    high = low if low == value else low + Fraction(1, grid)
    nearer_zero, farther = (low, high) if value >= 0 else (high, low)
    if mode in ("down", "up", "floor", "ceiling"):
        return {"down": nearer_zero, "up": farther, "floor": low, "ceiling": high}[mode]
    if high - value != value - low:
        return high if high - value < value - low else low
    even = low if (low * grid) % 2 == 0 else high
    return {"half_up": farther, "half_down": nearer_zero, "half_even": even}[mode]


def root(value: Fraction, degree: int, decimals: int) -> Fraction:
    """Give the root on the grid that a half rounds up to, found by trying the neighbours of an estimate."""
    grid = 10**decimals
    with localcontext() as context:
        context.prec = 80
        estimate = Decimal(0)
        if value:
            estimate = ((Decimal(value.numerator) / Decimal(value.denominator)).ln() / degree).exp()
        near = floor(estimate * grid)
    fitting = [m for m in range(near - 2, near + 4) if m <= 0 or Fraction(2 * m - 1, 2 * grid) ** degree <= value]
    return Fraction(max(fitting), grid)


def mean(values: Sequence[Fraction]) -> Fraction:
    """Give the arithmetic mean."""
    return sum(values, ZERO) / len(values)


# --- what is measured ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """What an indicator came to."""

    state: str
    value: Fraction | None = None
    of: Fraction | None = None
    among: Fraction | None = None
    bound: str | None = None
    undone: bool = False


@dataclass(frozen=True)
class Score:
    """What a criterion came to: counted, or left out in one way or another."""

    how: str
    points: Fraction | None
    most: Fraction
    state: str = "measured"
    to: tuple[str, ...] = ()
    otherwise: str = ""


OTHER_SIDE = {"above": "below", "below": "above", None: None}


@dataclass
class Recount:
    """Counts a campaign again as of a day."""

    campaign: Campaign
    observations: Observations
    day: date
    found: dict[tuple[str, str], Found] = field(default_factory=dict)
    scored: dict[str, dict[str, Score]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bodies = {body.id: body for body in self.campaign.participants}
        self.indicators = {one.id: one for one in self.campaign.indicators}
        for criterion in self.campaign.criteria:
            self.count(criterion)
        self.scored["total"] = self.joined_all(_total(self.campaign))

    # facts

    def reported(self, indicator: Indicator, fact: str, body: str) -> Found:
        """Give what was reported: the sum of a flow, the latest of a stock."""
        facts = [one for one in self.observations if one.participant == body and one.fact == fact]
        facts.sort(key=lambda one: (one.span.last, one.span.first))
        if named(indicator.time) == "Over":
            period = self.campaign.period
            facts = [
                one for one in facts if period.from_ <= one.span.first and one.span.last <= min(self.day, period.to)
            ]
        else:
            until = self.day if indicator.time.day == "latest" else min(self.day, indicator.time.day)
            facts = [one for one in facts if one.span.last <= until][-1:]
            stale = timedelta(days=indicator.stale_after if indicator.stale_after is not None else 10**6)
            if facts and until - facts[0].span.last > stale:
                return Found("missing")
        if not facts:
            return Found("missing")
        return summed(indicator, facts)

    def measure(self, id: str, body: str) -> Found:
        """Give what an indicator came to for somebody."""
        if (id, body) not in self.found:
            self.found[id, body] = self._measure(self.indicators[id], self.bodies[body])
        return self.found[id, body]

    def _measure(self, indicator: Indicator, body: Participant) -> Found:
        if not indicator.for_.selects(body):
            return Found("not_applicable")
        if indicator.pooled is not None and body.kind == indicator.pooled.for_:
            return self.pooled(indicator, body)
        source = indicator.measured_as
        match named(source):
            case "Share" | "Ratio":
                return divided(self.part(indicator, source.of, body), self.part(indicator, source.among, body))
            case "Sample":
                whole = divided(self.part(indicator, source.of, body), self.part(indicator, source.asked, body))
                return enough(whole, source.at_least)
            case "Formula":
                return self.calculated(source.expression.text, body.id)
            case "Change":
                return self.changed(source, body.id)
            case "Milestone":
                return self.late(indicator, body.id)
        return self.reported(indicator, indicator.id, body.id)

    def part(self, indicator: Indicator, name: str, body: Participant) -> Found:
        """Give a part of a ratio."""
        return self.measure(name, body.id) if name in self.indicators else self.reported(indicator, name, body.id)

    def pooled(self, indicator: Indicator, body: Participant) -> Found:
        """Sum the parts of those below before anything is divided."""
        below = [one for one in self.bodies.values() if one.parent == body.id and one.kind == indicator.pooled.from_]
        every = [self.measure(indicator.id, one.id) for one in below]
        meant = [one for one in every if one.state != "not_applicable"]
        if every and not meant:
            return Found("not_applicable")
        known = [one for one in meant if one.value is not None or one.among is not None]
        if not known or (indicator.pooled.incomplete == "missing" and known != meant):
            return Found("missing")
        bounds = {one.bound for one in known} - {None}
        if named(indicator.measured_as) not in ("Share", "Ratio", "Sample"):
            total = sum((one.value for one in known), ZERO)
            return bounded(Found("measured", total), bounds)
        of, among = sum((one.of for one in known), ZERO), sum((one.among for one in known), ZERO)
        whole = Found("measured", of / among, of, among) if among else Found("zero_denominator", None, of, among)
        if named(indicator.measured_as) == "Sample":
            whole = enough(whole, indicator.measured_as.at_least)
        return bounded(whole, bounds)

    def calculated(self, text: str, body: str) -> Found:
        """Evaluate a formula by Python's own syntax tree."""
        try:
            return Found("measured", self.term(ast.parse(text, mode="eval").body, body))
        except Stopped as stopped:
            return Found(stopped.args[0])

    def term(self, node: Any, body: str) -> Fraction:
        """Give the value of a part of a formula."""
        match node:
            case ast.Constant(value):
                return Fraction(str(value))
            case ast.Name(id):
                found = self.measure(id, body)
                if found.value is None:
                    raise Stopped(found.state)
                return found.value
            case ast.UnaryOp():
                return -self.term(node.operand, body)
            case ast.BinOp(left, operator, right):
                first, second = self.term(left, body), self.term(right, body)
                if isinstance(operator, ast.Div) and second == 0:
                    raise Stopped("zero_denominator")
                return OPERATORS[type(operator)](first, second)
            case ast.Call(ast.Name(name), arguments):
                return self.call(name, arguments, body)
        raise AssertionError(node)

    def call(self, name: str, arguments: Sequence[Any], body: str) -> Fraction:
        """Give the value of a function."""
        if name in ("first_known", "sum_known"):
            known: list[Fraction] = []
            reasons: list[str] = []
            for argument in arguments:
                try:
                    known.append(self.term(argument, body))
                except Stopped as stopped:
                    reasons.append(stopped.args[0])
            if not known:
                raise Stopped(reasons[0])
            return known[0] if name == "first_known" else sum(known, ZERO)
        if name == "round":
            inner, decimals = arguments[0], arguments[1].value
            if isinstance(inner, ast.Call) and inner.func.id == "sqrt":
                return root(self.term(inner.args[0], body), 2, decimals)
            return rounded(self.term(inner, body), decimals, "half_up")
        values = [self.term(argument, body) for argument in arguments]
        return {"max": max, "min": min, "abs": lambda v: abs(v[0]), "floor": lambda v: Fraction(floor(v[0]))}[name](
            values
        )

    def changed(self, change: Any, body: str) -> Found:
        """Give how far one indicator is from another."""
        now, then = self.measure(change.of, body), self.measure(change.since, body)
        for one in (now, then):
            if one.value is None:
                return Found(one.state)
        gained = now.value - then.value
        if change.counted_as == "difference":
            return Found("measured", gained)
        base = then.value if change.counted_as == "relative" else Fraction(change.goal) - then.value
        return Found("measured", gained / base) if base else Found("zero_denominator")

    def late(self, indicator: Indicator, body: str) -> Found:
        """Give the days late, early being negative."""
        milestone, reported = indicator.measured_as, self.reported(indicator, indicator.id, body)
        if reported.value is not None:
            return Found("measured", days_late(milestone, date.fromordinal(int(reported.value))))
        if any(
            one.fact == indicator.id and one.participant == body and self.counts(indicator, one)
            for one in self.observations
        ):
            return Found(reported.state)
        if self.day <= milestone.due:
            return Found("not_yet_due")
        return Found("measured", days_late(milestone, self.day), undone=True)

    def counts(self, indicator: Indicator, fact: Observation) -> bool:
        """Say whether a fact about a milestone is from before the checkpoint."""
        return fact.span.last <= (self.day if indicator.time.day == "latest" else min(self.day, indicator.time.day))

    # conditions

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

    # points

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
        for body in self.bodies.values():
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

    # criteria made of others

    def joined_all(self, criterion: Any) -> dict[str, Score]:
        """Score a criterion made of others for everybody, against the best where it says so."""
        decimals = self.campaign.rounding.total if criterion.id == "total" else self.campaign.rounding.groups
        joined = {}
        for body in self.bodies.values():
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

    # places, classes, awards

    def places(self, standing: str) -> dict[str, int | None]:
        """Give everybody's place in a standing."""
        rule = next(one for one in self.campaign.standings if one.id == standing)
        groups = defaultdict(list)
        for body in self.bodies.values():
            if rule.for_.selects(body):
                groups[dict(body.groups).get(rule.within)].append(body)
        placed: dict[str, int | None] = {}
        for members in groups.values():
            placed.update(self.ranked(rule, members))
        return placed

    def ranked(self, rule: Any, members: Sequence[Participant]) -> dict[str, int | None]:
        """Rank those compared with one another: one plus how many are better."""
        placed: dict[str, int | None] = dict.fromkeys((one.id for one in members), None)
        keys = {one.id: [self.key(key, one.id) for key in rule.by] for one in members if alive(one, self.day)}
        sets = split([id for id, key in keys.items() if None not in key], keys)
        ranked = [id for equal in sets for id in equal]
        for step in rule.then:
            finer = []
            for equal in sets:
                finer += split(equal, self.step(step, equal, ranked)) if len(equal) > 1 else [equal]
            sets = finer
        place = 1
        for number, equal in enumerate(sets, start=1):
            placed.update(dict.fromkeys(equal, number if rule.ties == "dense" else place))
            place += len(equal)
        return placed

    def key(self, key: Any, body: str) -> Fraction | None:
        """Give what somebody is ranked by, turned so that more is better."""
        if named(key.of) == "Points":
            value, lower = self.points(key.of.criterion, body), key.better == "lower"
        else:
            value = self.measure(key.of.id, body).value
            lower = (key.better or self.indicators[key.of.id].better) == "lower"
        return None if value is None else -value if lower else value

    def step(self, step: Any, equal: Sequence[str], ranked: Sequence[str]) -> dict[str, Any]:
        """Give the keys of one step of a tie chain; those without a value come last."""
        match named(step):
            case "Key":
                found = {id: self.key(step, id) for id in equal}
                return {id: (value is not None, value if value is not None else 0) for id, value in found.items()}
            case "CountBack":
                return {id: self.counted_back(step.criteria, id, ranked) for id in equal}
            case _:
                return {
                    id: sum(self.duel(criterion, id, other) for criterion in step.criteria for other in equal)
                    for id in equal
                }

    def counted_back(self, criteria: Sequence[str], id: str, ranked: Sequence[str]) -> list[int]:
        """Count first places, second places and so on."""
        places = []
        for criterion in criteria:
            mine = self.points(criterion, id)
            better = [other for other in ranked if (self.points(criterion, other) or ZERO) > (mine or ZERO)]
            places.append(len(ranked) + 1 if mine is None else 1 + len([o for o in better if self.has(criterion, o)]))
        return [places.count(place) for place in range(1, len(ranked) + 2)]

    def has(self, criterion: str, id: str) -> bool:
        """Say whether somebody has points in a criterion."""
        return self.points(criterion, id) is not None

    def duel(self, criterion: str, one: str, other: str) -> int:
        """Say who won a criterion, 0 where either has no points."""
        mine, theirs = self.points(criterion, one), self.points(criterion, other)
        return 0 if mine is None or theirs is None else (mine > theirs) - (mine < theirs)

    def target_met(self, id: str, body: Participant) -> bool | None:
        """Say whether a target was met on its last day, or is met today."""
        target = next(one for one in self.campaign.targets if one.id == id)
        last = None if target.deadline is None else target.deadline.last
        when = self if last is None or last >= self.day else Recount(self.campaign, self.observations, last)
        peers = [one for one in self.bodies.values() if target.for_.selects(one)]
        return when.holds(target.condition, body, peers, target.unmeasured or self.campaign.unmeasured)

    def classed(self, body: str) -> str | None:
        """Give the class somebody holds."""
        rule = next((one for one in self.campaign.readiness if one.for_.selects(self.bodies[body])), None)
        if rule is None:
            return None
        unmeasured = rule.unmeasured or self.campaign.unmeasured
        peers = [one for one in self.bodies.values() if rule.for_.selects(one)]

        def holds(when: Any) -> bool | None:
            return self.holds(when, self.bodies[body], peers, unmeasured)

        if named(rule.classing) == "When":
            class_: str | None = rule.otherwise
            for name in rule.classes:
                verdict = holds(dict(rule.classing.classes)[name]) if name in dict(rule.classing.classes) else False
                if verdict is not False:
                    class_ = name if verdict else None
                    break
        else:
            class_ = self.class_by_place(rule, body)
        for veto in rule.vetoes:
            verdict = holds(veto.when)
            if verdict is not False:
                return veto.class_ if verdict else None
        for cap in rule.caps:
            if class_ is not None and rule.classes.index(class_) < rule.classes.index(cap.at_most):
                verdict = holds(cap.when)
                if verdict is not False:
                    class_ = cap.at_most if verdict else None
        return class_

    def class_by_place(self, rule: Any, body: str) -> str | None:
        """Cut those ranked into classes; a tie across an edge goes up or down as a whole."""
        standing = next(one for one in self.campaign.standings if one.id == rule.classing.standing)
        mine = self.places(standing.id)
        group = dict(self.bodies[body].groups).get(standing.within)
        beside = {
            id: place
            for id, place in mine.items()
            if place is not None and dict(self.bodies[id].groups).get(standing.within) == group
        }
        if body not in beside:
            return None
        before = sum(place < beside[body] for place in beside.values())
        equal = sum(place == beside[body] for place in beside.values())
        position = before + (1 if rule.classing.ties == "up" else equal)
        edge = ZERO
        for name, size in class_sizes(rule, len(beside)):
            edge += size
            if position <= edge:
                return name
        return rule.otherwise

    def awarded(self, award: Any) -> dict[str, str]:
        """Say what became of everybody under an award."""
        meant = [one for one in self.bodies.values() if award.for_.selects(one)]
        unmeasured = award.unmeasured or self.campaign.unmeasured
        fit = {one.id: award.needs is None or bool(self.holds(award.needs, one, meant, unmeasured)) for one in meant}
        if award.standing is None:
            return {id: "won" if ok else "not_eligible" for id, ok in fit.items()}
        standing = next(one for one in self.campaign.standings if one.id == award.standing)
        places = self.places(standing.id)
        results = {}
        for group in {dict(one.groups).get(standing.within) for one in meant}:
            members = [one.id for one in meant if dict(one.groups).get(standing.within) == group]
            results.update(self.raced(award, members, places, fit))
        return results

    def raced(self, award: Any, members: Sequence[str], places: dict[str, Any], fit: dict[str, bool]) -> dict[str, str]:
        """Hand out places in one group: everybody up to the quota, and what the border rule says across it."""
        ranked = [id for id in members if places.get(id) is not None]
        eligible = [id for id in ranked if fit[id]]
        quota = Fraction(len(eligible))
        if named(award.quota) == "Places":
            quota = Fraction(award.quota.count)
        elif award.quota is not None:
            base = {"participants": members, "ranked": ranked, "eligible": eligible}[award.quota.of]
            quota = rounded(Fraction(award.quota.share) * len(base), 0, award.quota.round)
        results = {id: "not_eligible" if id in ranked else "unranked" for id in members}
        for id in eligible:
            before = sum(places[other] < places[id] for other in eligible)
            upto = sum(places[other] <= places[id] for other in eligible)
            if upto <= quota:
                results[id] = "won"
            elif before >= quota:
                results[id] = "beyond"
            elif award.border in ("share", "none", "decision"):
                results[id] = {"share": "shared", "none": "cut", "decision": "open"}[award.border]
            else:
                results[id] = "shared" if upto - quota <= award.border.tolerance * quota else "cut"
        return results


@dataclass(frozen=True)
class Judge:
    """One value held against one rule."""

    value: Fraction
    body: str
    field: dict[str, Fraction]
    least: Fraction
    most: Fraction
    better: str
    yardstick: Callable[[Any, str], Fraction | None]

    def along(self, share: Fraction) -> Fraction:
        """Give the points at a share of the way from least to most."""
        return self.least * (1 - share) + self.most * share

    def within(self, points: Fraction) -> Fraction:
        """Keep points between the least and the most."""
        return min(max(points, self.least), self.most)

    def points(self, rule: Any) -> Fraction | None:
        """Give the points by a rule's own sentence."""
        return getattr(self, named(rule).lower())(rule)

    def proportional(self, rule: Any) -> Fraction | None:
        """``max x value / full_at``."""
        full = self.yardstick(rule.full_at, self.body)
        if full is None or full <= 0:
            return None
        if rule.nothing_below is not None and self.value < rule.nothing_below:
            return self.least
        if self.value < 0 and rule.floor == "zero":
            return self.least
        points = self.along(self.value / full)
        return min(points, self.most) if rule.cap == "full" else points

    def binary(self, rule: Any) -> Fraction | None:
        """All points or none."""
        bound = None if named(rule.limit) == "Between" else self.yardstick(rule.limit.bound, self.body)
        verdict = meets(rule.limit, self.value, bound)
        return None if verdict is None else self.most if verdict else self.least

    def bands(self, rule: Any) -> Fraction | None:
        """Take the band the value lies in."""
        worth = [
            band.points
            for band in rule.of
            if (band.from_ is None or self.value >= band.from_)
            and (band.above is None or self.value > band.above)
            and (band.to is None or self.value <= band.to)
            and (band.before is None or self.value < band.before)
        ]
        if not worth:
            return rule.otherwise
        return min(worth) if rule.shared_edge == "lower" else max(worth)

    def perunit(self, rule: Any) -> Fraction:
        """So many points for each one."""
        points = self.least + rule.points * self.value
        return min(points, self.most) if rule.cap == "full" else points

    def steps(self, rule: Any) -> Fraction:
        """Give a base, and more for each step beyond it."""
        if self.value <= rule.start:
            return Fraction(rule.base)
        taken = Fraction(self.value - rule.start) / rule.every
        return self.within(rule.base + (floor(taken) if rule.part == "whole" else taken) * rule.add)

    def linear(self, rule: Any) -> Fraction | None:
        """Along a straight line between two goalposts."""
        low, high = self.yardstick(rule.from_, self.body), self.yardstick(rule.to, self.body)
        if low is None or high is None or low == high:
            return None
        share = (self.value - low) / (high - low)
        if rule.clip in ("both", "low"):
            share = max(share, ZERO)
        if rule.clip in ("both", "high"):
            share = min(share, Fraction(1))
        return self.along(share)

    def levels(self, rule: Any) -> Fraction | None:
        """By level: the value is the position on the scale, from 1."""
        names = ("low", "middle", "high")
        if self.value not in (1, 2, 3):
            return None
        return Fraction(dict(rule.points)[names[int(self.value) - 1]])

    def lateness(self, rule: Any) -> Fraction:
        """By days early or late, as shares of the maximum."""
        table = [] if self.value == 0 else rule.late if self.value > 0 else rule.early
        fitting = [(days, share) for days, share in table if abs(self.value) >= days]
        return self.along(Fraction(max(fitting)[1] if fitting else rule.on_time))

    def formula(self, rule: Any) -> Fraction:
        """Give the formula's value, from the least to the most."""
        return min(max(self.value, self.least), self.most) if rule.cap == "full" else max(self.value, self.least)

    @property
    def sign(self) -> int:
        """Minus one where less is better."""
        return -1 if self.better == "lower" else 1

    def place(self) -> int:
        """One plus how many are better."""
        return 1 + sum(self.sign * other > self.sign * self.value for other in self.field.values())

    def minmax(self, rule: Any) -> Fraction:
        """Between the worst and the best of the field."""
        low, high = min(self.field.values()), max(self.field.values())
        if low == high:
            return self.most if rule.all_equal == "full" else self.least
        share = (self.value - low) / (high - low)
        return self.along(1 - share if self.better == "lower" else share)

    def zscore(self, rule: Any) -> Fraction:
        """By standard deviations from the mean."""
        middle = mean(list(self.field.values()))
        squares = sum(((other - middle) ** 2 for other in self.field.values()), ZERO)
        count = len(self.field) - (1 if rule.spread == "sample" else 0)
        if squares == 0 or count == 0:
            return Fraction(rule.centre)
        away = (self.value - middle) * self.sign
        z = root(away**2 * count / squares, 2, rule.decimals) * (1 if away >= 0 else -1)
        return self.within(rule.centre + z * rule.per_deviation)

    def shareofbest(self, rule: Any) -> Fraction | None:
        """As a share of the best value."""
        best = min(self.field.values()) if self.better == "lower" else max(self.field.values())
        if self.value == best:
            return self.most
        of, whole = (best, self.value) if self.better == "lower" else (self.value, best)
        return None if whole <= 0 else self.along(max(ZERO, of / whole))

    def clusterleader(self, rule: Any) -> Fraction:
        """Give a part for the target, the rest in proportion to the leader's lead over its own target."""
        target = self.yardstick(rule.target, self.body)
        if not target:
            alone = [v for id, v in self.field.items() if not self.yardstick(rule.target, id)]
            return self.along(self.value / max(alone)) if max(alone) > 0 else self.least
        ratio = self.value / target
        if ratio < 1:
            return self.along(rule.base * ratio)
        held = [(v, v / t) for id, v in self.field.items() if (t := self.yardstick(rule.target, id))]
        lead = max(r for _, r in held) if rule.leader_by == "ratio" else max(held)[1]
        if lead <= 1:
            return self.along(Fraction(rule.base))
        return self.along(min(Fraction(1), rule.base + (1 - rule.base) * (ratio - 1) / (lead - 1)))

    def byrank(self, rule: Any) -> Fraction:
        """By place in the field."""
        place = self.place()
        if rule.ties == "dense":
            place = 1 + len({other for other in self.field.values() if self.sign * other > self.sign * self.value})
        return Fraction(next((band.points for band in rule.places if place <= band.top), rule.otherwise))

    def exponentialrank(self, rule: Any) -> Fraction:
        """``-s ln(1 - r (1 - e^(-100/s)))`` of 100."""
        place, size = self.place(), len(self.field)
        if place == 1:
            return self.most
        with localcontext() as context:
            context.prec = 60
            strength = Decimal(rule.strength)
            share = Decimal(size - place + 1) / size
            exact = -strength * (1 - share * (1 - (-100 / strength).exp())).ln()
        return self.along(rounded(Fraction(exact), rule.decimals, "half_up") / 100)


@dataclass(frozen=True)
class _Subject:
    id: str


@dataclass(frozen=True)
class _Parts:
    of: tuple[Criterion, ...]


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


class Stopped(Exception):
    """A formula came upon a state that is no value."""


class Sum(_Parts):
    """The sum of all top criteria."""


class Unrank:
    """The participant has no total."""


class _Everybody:
    def selects(self, _: object) -> bool:
        """Everybody."""
        return True


AGGREGATIONS = {
    "Sum",
    "Mean",
    "WeightedSum",
    "GeometricMean",
    "HarmonicMean",
    "Product",
    "Least",
    "Greatest",
    "BestOf",
}
OPERATORS: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.Pow: lambda left, right: left ** int(right),
}


def _total(campaign: Campaign) -> Any:
    return _Total(Sum(campaign.criteria), _Everybody(), missing=Unrank(), not_applicable=Unrank())


def walk(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Give every criterion of a tree."""
    return [one for whole in criteria for one in (whole, *(walk(whole.earns.of) if is_whole(whole) else ()))]


def is_whole(criterion: Any) -> bool:
    """Say whether a criterion is made of others."""
    return named(criterion.earns) in AGGREGATIONS


def summed(indicator: Indicator, facts: Sequence[Observation]) -> Found:
    """Sum facts; what does not apply is passed over, another state stops the sum."""
    applying = [one for one in facts if one.state != "not_applicable"]
    if not applying:
        return Found("not_applicable")
    for one in applying:
        if one.state != "measured":
            return Found(one.state)
    bounds = {one.bound for one in applying} - {None}
    if bounds and indicator.censored == "missing":
        return Found("missing")
    halved = indicator.censored == "half"
    total = sum((Fraction(one.value) / (2 if halved and one.bound else 1) for one in applying), ZERO)
    return bounded(Found("measured", total), set() if halved else bounds)


def bounded(found: Found, bounds: set[Any]) -> Found:
    """Mark a value as a bound; with bounds on both sides nothing is known of it."""
    if found.value is None or not bounds:
        return found
    if len(bounds) > 1:
        return Found("missing", None, found.of, found.among)
    return Found(found.state, found.value, found.of, found.among, next(iter(bounds)))


def divided(of: Found, among: Found) -> Found:
    """Divide one part by the other."""
    for part in (of, among):
        if part.value is None:
            return Found(part.state)
    if among.value == 0:
        return Found("zero_denominator", None, of.value, among.value)
    whole = Found("measured", of.value / among.value, of.value, among.value)
    return bounded(whole, {of.bound, OTHER_SIDE[among.bound]} - {None})


def enough(share: Found, least: int) -> Found:
    """Withhold a share of which too few were asked."""
    if share.among is not None and share.among < least:
        return Found("withheld", None, share.of, share.among)
    return share


def days_late(milestone: Any, done: date) -> Fraction:
    """Count days after the due day: all of them, or Mondays to Fridays."""
    if milestone.counted_in == "days":
        return Fraction((done - milestone.due).days)
    first, last = sorted((milestone.due, done))
    between = [first + timedelta(days=number) for number in range(1, (last - first).days + 1)]
    count = sum(day.weekday() < 5 for day in between)
    return Fraction(count if done >= milestone.due else -count)


def meets(limit: Any, value: Fraction | None, bound: Any, known_as: str | None = None) -> bool | None:
    """Say whether a value keeps a limit; a bound decides only if all beyond it agree."""
    kind = named(limit)
    if value is None or (bound is None and kind != "Between"):
        return None
    tests: dict[str, Callable[[Any], bool]] = {
        "AtLeast": lambda v: v >= bound,
        "Above": lambda v: v > bound,
        "AtMost": lambda v: v <= bound,
        "Below": lambda v: v < bound,
        "Equals": lambda v: v == bound,
        "Between": lambda v: limit.from_ <= v <= limit.to,
    }
    if known_as is None:
        return tests[kind](value)
    # Everything strictly beyond the figure: try just beyond it, at and around each edge, and far away.
    edges = [limit.from_, limit.to] if kind == "Between" else [bound]
    tiny, far = Fraction(1, 10**40), 10**9
    tried = [value + tiny, value - tiny, value + far, value - far]
    tried += [edge + shift for edge in edges for shift in (-tiny, 0, tiny)]
    beyond = [v for v in tried if (v > value if known_as == "above" else v < value)]
    verdicts = {tests[kind](v) for v in beyond}
    return verdicts.pop() if len(verdicts) == 1 else None


def fill(declared: Any, state: str, most: Fraction) -> Score:
    """Fill a gap that needs no value."""
    match named(declared):
        case "Zero":
            return Score("scored", ZERO, most, state)
        case "Full":
            return Score("scored", most, most, state)
        case "Points":
            return Score("scored", Fraction(declared.points), most, state)
        case "Drop":
            return Score("dropped", None, most, state)
        case "Redistribute":
            return Score("redistributed", None, most, state, declared.to, declared.otherwise)
        case "Alternative":
            return Score("replaced", None, most, state, (declared.criterion,))
        case _:
            return Score("unranked", None, most, state)


def handed_on(parts: list[tuple[Any, Score]]) -> list[tuple[Any, Score]]:
    """Hand maxima on, in equal parts to those measured."""
    extra: dict[str, Fraction] = defaultdict(Fraction)
    measured = {part.id for part, one in parts if one.points is not None and one.state == "measured" and one.most}
    result = []
    for part, one in parts:
        takers = [id for id in one.to if id in measured]
        if one.how != "redistributed":
            result.append((part, one))
        elif takers:
            for id in takers:
                extra[id] += one.most / len(takers)
            result.append((part, Score("scored", ZERO, ZERO, one.state)))
        elif one.otherwise == "drop":
            result.append((part, Score("dropped", None, one.most, one.state)))
        else:
            worth = one.most if one.otherwise == "full" else ZERO
            result.append((part, Score("scored", worth, one.most, one.state)))
    return [
        (
            part,
            Score(one.how, one.points * (one.most + extra[part.id]) / one.most, one.most + extra[part.id], one.state)
            if extra[part.id]
            else one,
        )
        for part, one in result
    ]


def covered(criterion: Any, parts: list[tuple[Any, Score]]) -> bool:
    """Say whether enough is measured."""
    if criterion.coverage is None:
        return True
    base = [(part, one) for part, one in parts if part.as_ in ("base", "alternative")]

    def size(part: Any, one: Score) -> Fraction:
        return one.most if named(criterion.earns) == "Sum" else weight(part)

    measured = [(part, one) for part, one in base if one.state == "measured"]
    enough_of_them = criterion.coverage.count is None or len(measured) >= criterion.coverage.count
    share = criterion.coverage.share
    whole = sum((size(*one) for one in base), ZERO)
    return enough_of_them and (share is None or sum((size(*one) for one in measured), ZERO) >= share * whole)


def weight(part: Any) -> Fraction:
    """Give what a part weighs; all weigh the same where nothing is written."""
    return Fraction(1 if part.weight is None else part.weight)


def combined(criterion: Any, counting: list[tuple[Any, Score]], present: list[tuple[Any, Score]]) -> Score:
    """Join those present; a sum is scaled up for what dropped out, then bonus, penalty, floor and cap."""
    if named(criterion.earns) != "Sum":
        most = aggregate(criterion, [(part, Score("scored", one.most, one.most)) for part, one in present])
        return Score("scored", aggregate(criterion, present), most)
    declared = sum((one.most for part, one in counting if part.as_ in ("base", "alternative")), ZERO)
    left = sum((one.most for part, one in present if part.as_ in ("base", "alternative")), ZERO)
    base = sum((one.points for part, one in present if part.as_ in ("base", "alternative")), ZERO)
    points = base * declared / left if left else base
    points += sum((one.points for part, one in present if part.as_ == "bonus"), ZERO)
    points -= sum((one.points for part, one in present if part.as_ == "penalty"), ZERO)
    capped = criterion.cap not in (None, "none")
    if criterion.floor not in (None, "none"):
        points = max(points, Fraction(criterion.floor))
    if capped:
        points = min(points, Fraction(criterion.cap))
    return Score("scored", points, Fraction(criterion.cap) if capped else declared)


def aggregate(criterion: Any, parts: list[tuple[Any, Score]]) -> Fraction:
    """Join points by the aggregation's own sentence."""
    points, weights = [one.points for _, one in parts], [weight(part) for part, _ in parts]
    total, weighed = sum(weights, ZERO), sum((p * w for p, w in zip(points, weights, strict=True)), ZERO)
    match named(criterion.earns):
        case "Sum":
            return sum(points, ZERO)
        case "Mean":
            return weighed / total
        case "WeightedSum":
            return weighed
        case "Product":
            return reduce(lambda left, right: left * right, points)
        case "Least":
            return min(points)
        case "Greatest":
            return max(points)
        case "BestOf":
            return sum(sorted(points)[-criterion.earns.count :], ZERO)
        case "HarmonicMean":
            if min(points) <= 0:
                return ZERO
            return total / sum((w / p for p, w in zip(points, weights, strict=True)), ZERO)
        case _:
            if min(points) <= 0:
                return ZERO
            degree = lcm(*((w / total).denominator for w in weights))
            product = reduce(
                lambda left, right: left * right,
                (p ** int(w / total * degree) for p, w in zip(points, weights, strict=True)),
            )
            return root(product, degree, criterion.round.decimals)


def alive(body: Participant, day: date) -> bool:
    """Say whether somebody exists on a day."""
    return (body.from_ is None or body.from_ <= day) and (body.until is None or body.until >= day)


def split(ids: Sequence[str], keys: dict[str, Any]) -> list[list[str]]:
    """Put ids with equal keys together, the greatest keys first."""
    return [[id for id in ids if keys[id] == key] for key in sorted({_hashable(keys[id]) for id in ids}, reverse=True)]


def _hashable(key: Any) -> Any:
    return Key(key)


class Key:
    """A key that sorts, and is equal to what it was made of."""

    def __init__(self, key: Any) -> None:
        self.key = tuple(key) if isinstance(key, list | tuple) else (key,)

    def __hash__(self) -> int:
        return hash(self.key)

    def __eq__(self, other: object) -> bool:
        return self.key == (other.key if isinstance(other, Key) else Key(other).key)

    def __lt__(self, other: Key) -> bool:
        return self.key < other.key


def class_sizes(rule: Any, ranked: int) -> list[tuple[str, Fraction]]:
    """Give how many each class holds, the best first."""
    if named(rule.classing) == "ByPlace":
        shares = dict(rule.classing.shares)
        return [
            (name, rounded(Fraction(shares[name]) * ranked, 0, rule.classing.round))
            for name in rule.classes
            if name in shares
        ]
    count = len(rule.classes)
    size, left = divmod(ranked, count)
    nearest_middle = sorted(range(count), key=lambda place: (abs(place - Fraction(count - 1, 2)), place))
    order = {"best": list(range(count)), "worst": list(range(count))[::-1], "middle": nearest_middle}
    more = order[rule.classing.remainder][:left]
    return [(name, Fraction(size + (place in more))) for place, name in enumerate(rule.classes)]
