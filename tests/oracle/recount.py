"""Recount: a whole campaign counted again, to its places, classes and awards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from typing import Any

from emulation.participants import Participant

from oracle.arithmetic import ZERO, named, rounded
from oracle.judged import Scored
from oracle.measures import alive


@dataclass
class Recount(Scored):
    """Counts a campaign again as of a day."""

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
        peers = [one for one in when.living if target.for_.selects(one)]
        return when.holds(target.condition, body, peers, target.unmeasured or self.campaign.unmeasured)

    def classed(self, body: str) -> str | None:
        """Give the class somebody holds."""
        rule = next((one for one in self.campaign.readiness if one.for_.selects(self.bodies[body])), None)
        if rule is None:
            return None
        unmeasured = rule.unmeasured or self.campaign.unmeasured
        peers = [one for one in self.living if rule.for_.selects(one)]

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
        meant = [one for one in self.living if award.for_.selects(one)]
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


def split(ids: Sequence[str], keys: dict[str, Any]) -> list[list[str]]:
    """Put ids with equal keys together, the greatest keys first."""
    ordered = sorted(ids, key=keys.__getitem__, reverse=True)
    return [[id for id in ordered if keys[id] == key] for key, _ in groupby(ordered, key=keys.__getitem__)]


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
