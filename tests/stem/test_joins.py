"""Joins: parts become a whole as the aggregation's name says, and what does not count changes nothing."""

from __future__ import annotations

from fractions import Fraction
from math import prod
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from emulation.criteria import (
    BestOf,
    Coverage,
    Criterion,
    GeometricMean,
    Greatest,
    HarmonicMean,
    Least,
    Mean,
    Product,
    Round,
    Sum,
    WeightedSum,
)
from emulation.gaps import Alternative, Redistribute
from emulation.joins import Joiner, Scored
from emulation.testing.facts import numbers

TWO = Round(2, "half_up", "rounded")
POINTS = numbers(0, 10)
WEIGHTS = numbers(0, 5)
PARTS = st.lists(st.tuples(POINTS, WEIGHTS), min_size=1, max_size=4).filter(lambda parts: any(w for _, w in parts))
MEANS = (Mean, GeometricMean, HarmonicMean)
SIMPLE = (Sum, Product, Least, Greatest)


def part(number: int, points: Any, weight: Any = None, most: Any = 10, **fields: Any) -> tuple[Criterion, Scored]:
    """Give a part with its score; no points are a gap."""
    criterion = Criterion(f"k{number}", max=most, weight=weight, as_=fields.pop("as_", "base"))
    scored = Scored("measured" if points is not None else "missing", points, points, most, "partial")
    return criterion, evolve(scored, **fields)


def joined(how: Any, *parts: tuple[Criterion, Scored], **fields: Any) -> Scored:
    """Join parts."""
    earns = how if isinstance(how, Sum | BestOf) else how(tuple(criterion for criterion, _ in parts))
    return Joiner(Criterion("whole", earns, **fields), TWO, parts).join()


def weighed(parts: list[tuple[Any, Any]]) -> list[tuple[Criterion, Scored]]:
    """Give parts with weights."""
    return [part(number, points, weight) for number, (points, weight) in enumerate(parts)]


@given(PARTS)
def test_a_mean(parts: list[tuple[Fraction, Fraction]]) -> None:
    """A mean is the sum of weight times points over the sum of weights, term by term."""
    mean = joined(Mean, *weighed(parts))
    weights = sum(weight for _, weight in parts)

    assert mean.points == sum((points * weight for points, weight in parts), Fraction(0)) / weights
    assert sum(term for _, term in mean.terms) == mean.points
    assert mean.most == 10


@given(PARTS)
def test_means_lie_in_their_order(parts: list[tuple[Fraction, Fraction]]) -> None:
    """The harmonic mean is never above the geometric, nor that above the arithmetic; all lie among the points."""
    least, geometric, greatest = (
        joined(how, *weighed(parts)).points or 0 for how in (HarmonicMean, GeometricMean, Mean)
    )
    counting = [points for points, weight in parts if weight]

    assert min(counting) - Fraction(1, 200) <= geometric <= max(counting) + Fraction(1, 200)
    assert least <= geometric + Fraction(1, 200)
    assert geometric <= greatest + Fraction(1, 200)


@given(st.sampled_from((*MEANS, WeightedSum)), PARTS, numbers(1, 9))
def test_weight_scale(how: Any, parts: list[tuple[Fraction, Fraction]], by: Fraction) -> None:
    """A mean does not change when all weights are multiplied; a weighted sum takes them as written."""
    larger = [(points, weight * by) for points, weight in parts]
    once, twice = joined(how, *weighed(parts)).points or 0, joined(how, *weighed(larger)).points or 0

    assert twice == (once * by if how is WeightedSum else once)


@given(st.sampled_from((*MEANS, WeightedSum)), PARTS, st.none() | POINTS)
def test_zero_weight(how: Any, parts: list[tuple[Fraction, Fraction]], points: Fraction | None) -> None:
    """A part of weight 0 changes nothing, measured or not, best or worst."""
    with_it = [*weighed(parts), part(9, points, 0)]

    assert joined(how, *with_it) == joined(how, *weighed(parts))


@given(st.sampled_from((*MEANS, WeightedSum, *SIMPLE, BestOf)), PARTS)
def test_577_an_item_of_zero_points_moves_nobody(how: Any, parts: list[tuple[Fraction, Fraction]]) -> None:
    """A part that is only tracked moves no sum, no mean and no weakest link."""
    plain = weighed(parts) if how in (*MEANS, WeightedSum) else [part(n, points) for n, (points, _) in enumerate(parts)]
    tracked = part(9, 0, most=0, branch="tracked")
    if how is BestOf:
        one, other = (BestOf(2, tuple(k for k, _ in parts_)) for parts_ in (plain, [*plain, tracked]))
    else:
        one = other = how
    before, after = joined(one, *plain), joined(other, *plain, tracked)

    assert (after.points, after.most, after.terms) == (before.points, before.most, before.terms)


@given(st.sampled_from(MEANS), PARTS, st.integers(0, 3))
def test_split(how: Any, parts: list[tuple[Fraction, Fraction]], which: int) -> None:
    """Replacing a part by two copies of half its weight changes nothing."""
    points, weight = parts[which % len(parts)]
    halves = [
        *(parts[: which % len(parts)]),
        *(parts[which % len(parts) + 1 :]),
        (points, Fraction(weight, 2)),
        (points, Fraction(weight, 2)),
    ]

    assert joined(how, *weighed(halves)).points == joined(how, *weighed(parts)).points


@given(st.sampled_from((*MEANS, WeightedSum, *SIMPLE)), PARTS, st.randoms(use_true_random=False))
def test_indicator_order(how: Any, parts: list[tuple[Fraction, Fraction]], random: Any) -> None:
    """The order in which parts are written decides nothing."""
    plain = weighed(parts) if how not in SIMPLE else [part(n, points) for n, (points, _) in enumerate(parts)]
    shuffled = random.sample(plain, len(plain))

    assert joined(how, *shuffled).points == joined(how, *plain).points


@given(st.sampled_from((*MEANS, WeightedSum, *SIMPLE)), PARTS, st.integers(0, 3), numbers(0, 5))
def test_more_points_never_make_less(
    how: Any, parts: list[tuple[Fraction, Fraction]], which: int, more: Fraction
) -> None:
    """Raising a part never lowers the whole."""
    index = which % len(parts)
    raised = [(points + (more if n == index else 0), weight) for n, (points, weight) in enumerate(parts)]
    plain = how in SIMPLE
    both = [
        [part(n, points, None if plain else weight, 15) for n, (points, weight) in enumerate(one)]
        for one in (parts, raised)
    ]
    before, after = (joined(how, *one) for one in both)

    assert (before.points or 0) <= (after.points or 0) <= (after.most or 0) + Fraction(1, 200)


def test_the_simple_joins() -> None:
    """A sum adds, a product multiplies, the least and the greatest stand alone, the best few are added."""
    parts = [part(n, points) for n, points in enumerate((2, 5, 3))]

    assert [joined(how, *parts).points for how in SIMPLE] == [10, 30, 2, 5]
    assert [joined(how, *parts).most for how in SIMPLE] == [30, 1000, 10, 10]
    best = joined(BestOf(2, ()), *parts)
    assert (best.points, best.most, dict(best.terms)) == (8, 20, {"k1": 5, "k2": 3})
    assert [joined(how, *parts).branch for how in (Sum, Mean, Least)] == ["sum", "mean", "least"]


def test_means_of_nothing_and_less() -> None:
    """Where any part has nothing or less, the geometric and the harmonic mean are nothing."""
    for how in (GeometricMean, HarmonicMean):
        assert joined(how, part(0, 0), part(1, 9)).points == 0
        assert joined(how, part(0, -3), part(1, -3)).points == 0


def test_maxima_of_a_mean() -> None:
    """The maximum of a whole is what full points in all parts come to, by the same aggregation."""
    parts = [part(0, 1, most=2), part(1, 1, most=8)]

    assert [joined(how, *parts).most for how in (Mean, GeometricMean, HarmonicMean)] == [5, 4, Fraction(16, 5)]


def test_a_geometric_mean_is_rounded_once() -> None:
    """A geometric mean is the root of the product of powers, with the fractions of its weights exact."""
    assert joined(GeometricMean, part(0, 2, 1), part(1, 16, 3)).points == Fraction(951, 100)
    with pytest.raises(AssertionError):
        Joiner(Criterion("w", GeometricMean(())), None, [part(0, 2)]).join()


# --- sums: what drops out, bonus and penalty, what is handed on ----------------------------------------------------


@given(st.lists(POINTS, min_size=1, max_size=4), st.integers(1, 3))
def test_what_drops_out_is_scaled_up(points: list[Fraction], gone: int) -> None:
    """Without the parts that drop out, the rest is scaled to the same maximum, so that full points stay full."""
    dropped = [part(9 + n, None, branch="dropped") for n in range(gone)]
    parts = [part(n, worth) for n, worth in enumerate(points)]
    whole = joined(Sum, *parts, *dropped)

    assert whole.most == 10 * (len(points) + gone)
    assert whole.points == sum(points, Fraction(0)) * (len(points) + gone) / len(points)
    assert sum(term for _, term in whole.terms) == whole.points


@given(POINTS, POINTS, POINTS, numbers(0, 20), numbers(-10, 0))
def test_bonus_then_penalty_then_floor_then_cap(
    base: Fraction, bonus: Fraction, penalty: Fraction, cap: Fraction, floor: Fraction
) -> None:
    """A bonus is added, a penalty taken off, then the floor and the cap are kept; a penalty never raises."""
    parts = [part(0, base), part(1, bonus, as_="bonus"), part(2, penalty, as_="penalty")]
    whole = joined(Sum, *parts, cap=cap, floor=floor)
    without = joined(Sum, *parts[:2], cap=cap, floor=floor)

    assert whole.points == min(max(base + bonus - penalty, floor), cap)
    assert (whole.points or 0) <= (without.points or 0)
    assert whole.most == cap
    assert joined(Sum, *parts, cap="none", floor="none").points == base + bonus - penalty
    assert joined(Sum, *parts, cap="none", floor="none").most == 10


def test_597_a_penalty_is_not_scaled() -> None:
    """A penalty and a bonus keep their size when base parts drop out: only the base is scaled."""
    parts = [part(0, 6), part(1, None, branch="dropped"), part(2, 2, as_="penalty"), part(3, 1, as_="bonus")]

    assert joined(Sum, *parts, cap="none", floor="none").points == 6 * 2 - 2 + 1


def test_floored_and_capped_say_so() -> None:
    """A whole that was cut says so, and keeps what its parts added."""
    low = joined(Sum, part(0, 1), part(1, 5, as_="penalty"), floor=0)
    high = joined(Sum, part(0, 9), part(1, 5, as_="bonus"), cap=12)

    assert (low.branch, low.points, dict(low.terms)) == ("floored", 0, {"k0": 1, "k1": -5})
    assert (high.branch, high.points, dict(high.terms)) == ("capped", 12, {"k0": 9, "k1": 5})


def test_bonus_alone_is_not_a_score() -> None:
    """Where all base parts are gone there is nothing to add a bonus to."""
    parts = [part(0, None, branch="dropped", state="not_applicable"), part(1, 5, as_="bonus")]

    assert (joined(Sum, *parts).branch, joined(Sum, *parts).state) == ("nothing_left", "not_applicable")
    assert joined(Sum, part(0, None, branch="dropped")).state == "missing"


def test_a_part_that_unranks() -> None:
    """One part that leaves a participant unranked leaves the whole so, and says which."""
    whole = joined(Mean, part(0, 9), part(1, None, branch="unranked"))

    assert (whole.points, whole.branch, whole.because, whole.most) == (None, "unranked", "unranked:k1", 10)


def handed(to: tuple[str, ...], otherwise: Any = "zero") -> dict[str, Any]:
    """Give the fields of a part that hands its maximum on."""
    return {"branch": "redistributed", "gap": Redistribute(to, otherwise)}


@given(st.lists(POINTS, min_size=1, max_size=3))
def test_a_maximum_is_handed_on_in_equal_parts(points: list[Fraction]) -> None:
    """Who receives a maximum earns it in the measure of its own points; the whole stays as large."""
    parts = [part(n, worth) for n, worth in enumerate(points)]
    whole = joined(Sum, *parts, part(9, None, **handed(tuple(k.id for k, _ in parts))))

    assert whole.points == sum((worth * (10 + Fraction(10, len(points))) / 10 for worth in points), Fraction(0))
    assert whole.most == 10 * (len(points) + 1)


@pytest.mark.parametrize(("otherwise", "points", "most"), [("zero", 6, 30), ("full", 16, 30), ("drop", 9, 30)])
def test_nobody_receives_a_maximum(otherwise: Any, points: int, most: int) -> None:
    """A maximum goes to those that are measured; if none of them is, to what the rulebook says."""
    imputed = part(0, 0, state="missing")
    parts = [imputed, part(1, 6), part(2, None, **handed(("k0", "gone"), otherwise))]

    assert (joined(Sum, *parts).points, joined(Sum, *parts).most) == (points, most)


def test_an_alternative_takes_the_place() -> None:
    """An alternative counts, with its own maximum, only when it is called upon."""
    first, other = part(0, 6), part(1, 4, as_="alternative", most=5)
    replaced = part(0, None, branch="replaced", gap=Alternative("k1"))

    assert (joined(Sum, first, other).points, joined(Sum, first, other).most) == (6, 10)
    assert (joined(Sum, replaced, other).points, joined(Sum, replaced, other).most) == (4, 5)
    assert joined(Sum, replaced).branch == "nothing_left"


# --- coverage and scale --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("coverage", "points"),
    [
        (None, 8),
        (Coverage(count=1), 8),
        (Coverage(count=2), None),
        (Coverage(share=Fraction(1, 4)), 8),
        (Coverage(share=Fraction(26, 100)), None),
    ],
)
def test_coverage(coverage: Coverage | None, points: int | None) -> None:
    """There are points only if enough is measured: of the maximum in a sum, of the weights elsewhere."""
    measured, gap, bonus = (
        part(0, 2, most=10),
        part(1, None, most=30, branch="dropped"),
        part(2, 9, as_="bonus", most=90),
    )
    whole = joined(Sum, measured, gap, bonus, coverage=coverage, cap=8)

    assert whole.points == points
    assert whole.branch == ("coverage" if points is None else "capped")


def test_coverage_by_weight() -> None:
    """In a mean what must be measured is a share of the weights."""
    parts = [part(0, 2, 3), part(1, None, 1, branch="dropped")]

    assert joined(Mean, *parts, coverage=Coverage(share=Fraction(3, 4))).points == 2
    assert joined(Mean, *parts, coverage=Coverage(share=Fraction(4, 5))).points is None


@given(PARTS, st.integers(1, 100))
def test_a_whole_stretched_to_a_maximum(parts: list[tuple[Fraction, Fraction]], scale_to: int) -> None:
    """A whole on another scale keeps its share of the maximum, and its terms still add up to it."""
    plain, scaled = joined(Mean, *weighed(parts)), joined(Mean, *weighed(parts), scale_to=scale_to)

    assert scaled.most == scale_to
    assert scaled.points == (plain.points or 0) * Fraction(scale_to, 10)
    assert sum(term for _, term in scaled.terms) == scaled.points


def test_a_scale_of_nothing() -> None:
    """A whole without a maximum cannot be stretched."""
    assert joined(Product, part(0, 0, most=0), scale_to=100).most == 0


def test_only_tracked() -> None:
    """A whole of tracked parts is tracked itself."""
    assert joined(Sum, part(0, 0, most=0, branch="tracked")).branch == "tracked"
    assert Joiner(Criterion("w", Sum(())), None, []).natural_most() == 0


@given(PARTS)
def test_a_product(parts: list[tuple[Fraction, Fraction]]) -> None:
    """A product is the product, whatever is said about weights elsewhere."""
    assert joined(Product, *(part(n, points) for n, (points, _) in enumerate(parts))).points == prod(
        p for p, _ in parts
    )
