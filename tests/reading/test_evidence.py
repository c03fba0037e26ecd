"""Evidence: each finding by figures has a smallest field that shows it, and a healthy field shows none."""

from __future__ import annotations

from fractions import Fraction
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.awards import Award, Places
from emulation.campaign import Acknowledged
from emulation.conditions import Compare
from emulation.indicators import Count, Pool
from emulation.limits import AtMost, Indicator_
from emulation.lint.catalogue import CATALOGUE, EVIDENCE
from emulation.lint.evidence import findings_in
from emulation.lint.review import findings
from emulation.names import label
from emulation.outcome import Outcome
from emulation.points import Proportional
from emulation.readiness import Readiness, When
from small import at_least, body, by_total, indicator, leaf, outcome, share

FULL = Proportional(10, "full")


def codes(came_to: Outcome) -> list[str]:
    """Give the codes of what figures show."""
    return [one.code for one in findings_in(came_to)]


def column(*values: Any) -> dict[str, dict[str, Any]]:
    """Give figures of x, one for each of so many bodies."""
    return {f"b{number}": {"x": value} for number, value in enumerate(values)}


def test_a_healthy_field_shows_nothing() -> None:
    """Figures that spread, criteria that differ, classes that are held."""
    rule = Readiness("r", ("green", "red"), When((("green", at_least("x", 6)),)), "red")
    table = {f"b{n}": {"x": n, "y": (n * 7) % 10} for n in range(10)}

    assert codes(outcome(table, leaf("x"), leaf("y"), readiness=(rule,), standings=(by_total(),))) == []


def test_a_criterion_that_parts_nobody() -> None:
    """All but one in twenty have the same."""
    (found,) = findings_in(outcome(column(*[0] * 19, 5), leaf("x")))

    assert str(found).startswith("criteria.x L201 19 of 20 have the same points in x")
    assert codes(outcome(column(*[0] * 18, 5, 6), leaf("x"))) == []
    assert codes(outcome(column(0, 0, 0, 0), leaf("x"))) == []


def test_a_criterion_that_is_full_for_nearly_all() -> None:
    """It spurs nobody on."""
    assert codes(outcome(column(*[12] * 19, 5), leaf("x", FULL))) == ["L202"]


def test_criteria_that_measure_the_same() -> None:
    """Nearly in proportion; the other way round is not the same."""
    table = {f"b{n}": {"x": n, "y": 2 * n + (n == 3), "z": 9 - n} for n in range(9)}
    found = findings_in(outcome(table, leaf("x"), leaf("y"), leaf("z")))

    assert [one.what for one in found] == ["x and y rank 9 participants nearly alike"]
    few = {f"b{n}": {"x": n} if n < 6 else {"y": n} for n in range(12)}
    assert codes(outcome(few, leaf("x"), leaf("y"))) == []


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=5, max_size=8))
def test_a_correlation_is_recounted(rows: list[tuple[int, int]]) -> None:
    """The squares say what the correlation itself would."""
    table = {f"b{n}": {"x": one, "y": other} for n, (one, other) in enumerate(rows)}
    xs, ys = [Fraction(x) for x, _ in rows], [Fraction(y) for _, y in rows]
    mx, my = sum(xs) / len(xs), sum(ys) / len(ys)
    above = sum((x - mx) * (y - my) for x, y in zip(xs, ys, strict=True))
    below = sum((x - mx) ** 2 for x in xs) * sum((y - my) ** 2 for y in ys)
    alike = above > 0 and below > 0 and above**2 / below >= Fraction(95, 100) ** 2

    assert ("L203" in codes(outcome(table, leaf("x"), leaf("y")))) == alike


def test_a_class_that_nobody_holds() -> None:
    """The worst class may be empty, another tells something."""
    rule = Readiness(
        "r", ("best", "good", "worst"), When((("best", at_least("x", 99)), ("good", at_least("x", 0)))), "worst"
    )

    assert codes(outcome(column(1, 2, 3, 4, 5), readiness=(rule,))) == ["L204"]
    assert codes(outcome(column(1, 2, 3, 4), readiness=(rule,))) == []


@pytest.mark.parametrize(("border", "told"), [("share", True), ("none", True), ("decision", True)])
def test_an_award_cut_inside_a_tie(border: Any, *, told: bool) -> None:
    """Whatever becomes of the tie."""
    flag = Award("flag", standing="by_total", quota=Places(1), border=border)
    tied = outcome(column(5, 5, 1), leaf("x"), standings=(by_total(),), awards=(flag,))

    assert ("L205" in codes(tied)) is told
    assert codes(outcome(column(6, 5, 1), leaf("x"), standings=(by_total(),), awards=(flag,))) == []


def crowd(over: int, under: int, **fields: Any) -> list[str]:
    """Give what a crowd of so many just over a bound of 100, and so many just under it, shows."""
    limit = at_least("x", 100) if fields.get("better", "higher") == "higher" else Compare(Indicator_("x"), AtMost(100))
    rule = Readiness("r", ("green", "red"), When((("green", limit),)), "red")
    table = column(*[101] * over, *[99] * under, 3, 900)
    return codes(outcome(table, indicators=(indicator("x", Count(label("files")), **fields),), readiness=(rule,)))


def test_a_crowd_just_beyond_a_bound() -> None:
    """Ten to nothing comes by chance once in 1,024 times, nine to nothing once in 512."""
    assert crowd(10, 0) == ["L206"]
    assert crowd(9, 0) == []
    assert crowd(0, 10) == []
    assert crowd(0, 10, better="lower") == ["L206"]
    assert crowd(10, 0, better=None) == []


def test_nobody_can_be_just_above_the_whole() -> None:
    """A share's 100 % is its end and no bound that draws a crowd."""
    rule = Readiness("r", ("green", "red"), When((("green", at_least("s", 1)),)), "red")
    table = {f"b{n}": {"s_of": 100, "s_among": 100} for n in range(20)} | {"c": {"s_of": 1, "s_among": 100}}

    assert codes(outcome(table, indicators=(share("s"),), readiness=(rule,))) == []


SIMPSON = {
    "a1": ("a", "big", 80, 100),
    "a2": ("a", "small", 1, 10),
    "b1": ("b", "big", 9, 10),
    "b2": ("b", "small", 20, 100),
}


def provinces(parts: dict[str, tuple[str, str, int, int]]) -> Outcome:
    """Score provinces made of big and small communes."""
    kind = share("s", pooled=Pool("province", "commune", "known"))
    bodies = [body("a", "province"), body("b", "province")]
    bodies += [body(id, parent=whole, size=size) for id, (whole, size, _, _) in parts.items()]
    table = {id: {"s_of": of, "s_among": among} for id, (_, _, of, among) in parts.items()}
    return outcome(table, indicators=(kind,), bodies=tuple(bodies))


def test_a_whole_that_is_opposite_to_all_its_parts() -> None:
    """A is behind B in big and in small ones, and before it as a whole."""
    (found,) = findings_in(provinces(SIMPSON))

    assert found.what == "A is before B in s, and behind it in each size"


@given(st.lists(st.integers(1, 9), min_size=8, max_size=8))
def test_opposites_are_recounted(numbers: list[int]) -> None:
    """Group by group and as a whole, by hand."""
    of, among = numbers[:4], [max(pair) for pair in zip(numbers[:4], numbers[4:], strict=True)]
    keys = list(product("ab", ("big", "small")))
    parts = {f"{w}{size}": (w, size, n, m) for (w, size), n, m in zip(keys, of, among, strict=True)}
    group = {key: Fraction(n, m) for key, n, m in zip(keys, of, among, strict=True)}
    whole = {"a": Fraction(sum(of[:2]), sum(among[:2])), "b": Fraction(sum(of[2:]), sum(among[2:]))}
    opposite = any(
        whole[one] > whole[two] and all(group[one, size] < group[two, size] for size in ("big", "small"))
        for one, two in ("ab", "ba")
    )

    assert ("L207" in codes(provinces(parts))) == opposite


def test_wholes_of_other_groups_are_not_compared() -> None:
    """Like with like only."""
    assert codes(provinces({**SIMPSON, "b2": ("b", "medium", 20, 100)})) == []


def test_findings_by_figures_can_be_acknowledged() -> None:
    """Without figures they are not missed."""
    rules = outcome(column(1), leaf("x"), acknowledge=(Acknowledged("L206", "it was looked at"),)).campaign

    assert [one.code for one in findings(rules) if one.code == "L190"] == []


def test_every_kind_says_what_it_means() -> None:
    """And no code is told twice."""
    assert not EVIDENCE.keys() & CATALOGUE.keys()
    assert all(kind.code == code and kind.means and kind.matters and kind.remedy for code, kind in EVIDENCE.items())


def test_what_is_only_tracked_parts_nobody_by_design() -> None:
    """A criterion without points is not looked at."""
    assert codes(outcome(column(*[0] * 20), leaf("x", earns=None, max=0))) in ([], ["L201"])


def test_a_whole_of_one_group_cannot_be_opposite_to_it() -> None:
    """And parts without figures are left out."""
    alone = {"a1": ("a", "big", 80, 100), "b1": ("b", "big", 9, 10), "b2": ("b", "small", 0, 0)}

    assert codes(provinces(alone)) == []
