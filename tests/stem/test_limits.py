"""Limits: the border belongs to the side that the word says, and a bound decides only what it can."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.limits import (
    Above,
    AtLeast,
    AtMost,
    Below,
    Between,
    Equals,
    Limit,
    Peers,
    figure_of,
    mean,
    median,
    meets,
)
from emulation.testing.facts import numbers
from emulation.testing.worth import limits_of

from oracle import meets as recount

EPSILON = Fraction(1, 1000)


@pytest.mark.parametrize(
    ("limit", "below", "at", "above"),
    [
        (AtLeast(8), False, True, True),
        (Above(8), False, False, True),
        (AtMost(8), True, True, False),
        (Below(8), True, False, False),
        (Equals(8), False, True, False),
        (Between(8, 9), False, True, True),
        (Between(7, 8), True, True, False),
    ],
)
def test_round_then_rank(limit: Limit, below: bool, at: bool, above: bool) -> None:
    """The border belongs to the side the word says, and a thousandth beside it does not."""
    bound = None if isinstance(limit, Between) else 8

    assert [meets(limit, 8 + shift, bound) for shift in (-EPSILON, 0, EPSILON)] == [below, at, above]


@given(limits_of(numbers(-6, 6)), numbers(-6, 6), st.sampled_from((None, "above", "below")))
def test_a_bound_decides_what_all_beyond_it_agree_on(limit: Limit, value: Fraction, known_as: str | None) -> None:
    """A value known only as a bound keeps a limit if every value beyond it does, and breaks it if none does."""
    bound = None if isinstance(limit, Between) else limit.bound

    assert meets(limit, value, bound, known_as) == recount(limit, Fraction(value), bound, known_as)


@pytest.mark.parametrize(
    ("limit", "over_5", "under_5"),
    [
        (AtLeast(5), True, False),
        (Above(5), True, False),
        (AtMost(5), False, True),
        (Below(5), False, True),
        (Equals(5), False, False),
        (Equals(6), None, False),
        (AtLeast(6), None, False),
        (Between(5, 6), None, False),
        (Between(3, 5), False, None),
        (Between(6, 7), None, False),
    ],
)
def test_over_and_under(limit: Limit, over_5: bool | None, under_5: bool | None) -> None:
    """What is known as "over 5" is not 5, and neither is "under 5"."""
    bound = None if isinstance(limit, Between) else limit.bound

    assert [meets(limit, 5, bound, known_as) for known_as in ("above", "below")] == [over_5, under_5]


@given(limits_of(numbers(-6, 6)))
def test_silence(limit: Limit) -> None:
    """Nothing measured keeps no limit and breaks none; neither does anything against no yardstick."""
    assert meets(limit, None, 1) is None
    if not isinstance(limit, Between):
        assert meets(limit, 1, None) is None


@given(st.lists(numbers(), min_size=1, max_size=6), st.sampled_from(("higher", "lower")))
def test_figures_of_the_field(values: list[Fraction], better: str) -> None:
    """The figures of a field lie between its worst and its best, whatever order it is listed in."""
    figures = {
        name: figure_of(Peers(name, relative=True), values, better) for name in ("mean", "median", "best", "worst")
    }
    ends = sorted((figures["best"], figures["worst"]))

    assert figures == {name: figure_of(Peers(name, relative=True), values[::-1], better) for name in figures}
    assert ends == [min(values), max(values)]
    assert (figures["best"] == max(values)) or better == "lower"
    assert ends[0] <= figures["mean"] <= ends[1]
    assert ends[0] <= figures["median"] <= ends[1]
    assert figures["mean"] == mean(values) == sum(values, Fraction(0)) / len(values)


def test_the_mean_of_the_best() -> None:
    """The best few are the highest, or the lowest where less is better; all of them where there are fewer."""
    best_two = Peers("mean_of_best", relative=True, count=2)

    assert figure_of(best_two, [1, 2, 9], "higher") == Fraction(11, 2)
    assert figure_of(best_two, [1, 2, 9], "lower") == Fraction(3, 2)
    assert figure_of(best_two, [9], None) == 9
    assert figure_of(best_two, [], None) is None
    assert median([1, 2, 4]) == 2
