"""Measures: what was reported of whom, and what formulas, ratios and pools make of it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from math import floor
from typing import Any

from emulation.campaign import Campaign
from emulation.indicators import Indicator
from emulation.observations import Observation, Observations
from emulation.participants import Participant

from oracle.arithmetic import ZERO, named, root, rounded


@dataclass(frozen=True)
class Found:
    """What an indicator came to."""

    state: str
    value: Fraction | None = None
    of: Fraction | None = None
    among: Fraction | None = None
    bound: str | None = None
    undone: bool = False


OTHER_SIDE = {"above": "below", "below": "above", None: None}


class Stopped(Exception):
    """A formula came upon a state that is no value."""


OPERATORS: dict[type, Callable[[Fraction, Fraction], Fraction]] = {
    ast.Add: lambda left, right: left + right,
    ast.Sub: lambda left, right: left - right,
    ast.Mult: lambda left, right: left * right,
    ast.Div: lambda left, right: left / right,
    ast.Pow: lambda left, right: left ** int(right),
}


def alive(body: Participant, day: date) -> bool:
    """Say whether somebody exists on a day."""
    return (body.from_ is None or body.from_ <= day) and (body.until is None or body.until >= day)


@dataclass
class Measured:
    """Measures indicators as of a day."""

    campaign: Campaign
    observations: Observations
    day: date
    found: dict[tuple[str, str], Found] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.bodies = {body.id: body for body in self.campaign.participants}
        self.living = [body for body in self.bodies.values() if alive(body, self.day)]
        self.indicators = {one.id: one for one in self.campaign.indicators}

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
