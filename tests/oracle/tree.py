"""Tree: how the scores of parts become the score of a whole."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import reduce
from math import lcm
from typing import Any

from emulation.criteria import Criterion

from oracle.arithmetic import ZERO, named, root


@dataclass(frozen=True)
class Score:
    """What a criterion came to: counted, or left out in one way or another."""

    how: str
    points: Fraction | None
    most: Fraction
    state: str = "measured"
    to: tuple[str, ...] = ()
    otherwise: str = ""


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


def is_whole(criterion: Any) -> bool:
    """Say whether a criterion is made of others."""
    return named(criterion.earns) in AGGREGATIONS


def walk(criteria: Sequence[Criterion]) -> list[Criterion]:
    """Give every criterion of a tree."""
    return [one for whole in criteria for one in (whole, *(walk(whole.earns.of) if is_whole(whole) else ()))]


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
