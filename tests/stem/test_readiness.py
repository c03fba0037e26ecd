"""Readiness: the best class that holds, unless a veto, a cap or the law says otherwise; ties are never cut apart."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.conditions import AllAre, Children
from emulation.outcome import Outcome
from emulation.participants import Selector
from emulation.readiness import ByPlace, ClassCap, ClassQuota, Override, Quantiles, Readiness, Veto, When
from emulation.testing.facts import MODES, numbers, shares
from small import at_least, body, by_total, leaf, outcome

from oracle import rounded

CLASSES = ("green", "amber", "red")
THRESHOLDS = When((("green", at_least("x", 8)), ("amber", at_least("x", 5))))
VALUES = st.dictionaries(
    st.sampled_from("abcdefg"), st.integers(0, 4).map(lambda third: Fraction(third, 3)), min_size=1
)


def classed(values: dict[str, Any], classing: Any = THRESHOLDS, ties: Any = "shared", **fields: Any) -> Outcome:
    """Class bodies; a body's row holds its values of x and y."""
    rows = {id: row if isinstance(row, dict) else {"x": row} for id, row in values.items()}
    rule: dict[str, Any] = {"id": "r", "classes": CLASSES, "classing": classing, "otherwise": "red"}
    standing = by_total(ties=ties)
    rules = {"unmeasured": fields.pop("unmeasured", "not_met")} | {k: fields.pop(k) for k in ("bodies",) if k in fields}
    return outcome(rows, leaf("x"), readiness=(Readiness(**rule | fields),), standings=(standing,), **rules)


def held(found: Outcome) -> dict[str, str | None]:
    """Give the class each holds."""
    return {id: one.class_ for id, one in found.classes.items()}


@given(numbers(0, 10), numbers(0, 10))
def test_a_better_value_never_holds_a_worse_class(one: Fraction, other: Fraction) -> None:
    """Where classes are thresholds, more is never classed worse."""
    low, high = sorted((one, other))
    found = held(classed({"low": low, "high": high}))

    assert CLASSES.index(found["high"] or "") <= CLASSES.index(found["low"] or "")


@pytest.mark.parametrize(
    ("value", "class_", "by", "judged"),
    [(8, "green", "condition", 1), (Fraction(799, 100), "amber", "condition", 2), (4, "red", "otherwise", 2)],
)
def test_the_best_class_that_holds(value: Any, class_: str, by: str, judged: int) -> None:
    """The border belongs to the better class, and what was tried before is kept."""
    found = classed({"a": value}).classes["a"]

    assert (found.class_, found.by, len(found.judged)) == (class_, by, judged)


def test_what_cannot_be_decided_leaves_the_class_open() -> None:
    """A class that is perhaps held leaves it open; one that a better class makes needless does not."""
    open_ = classed({"a": {"x": "missing"}}, unmeasured="undecided").classes["a"]
    own = classed({"a": {"x": "missing"}}, unmeasured="not_met", classing=THRESHOLDS).classes["a"]

    assert (open_.class_, open_.by) == (None, "undecided")
    assert (own.class_, own.by) == ("red", "otherwise")


def test_vetoes_and_caps() -> None:
    """The first veto that holds gives its class; each cap that holds lowers a better class, and says from which."""
    rules = {
        "vetoes": (Veto(at_least("y", 9), "red"), Veto(at_least("y", 9), "amber")),
        "caps": (ClassCap(at_least("y", 5), "amber"), ClassCap(at_least("y", 7), "red")),
    }
    rows = {id: {"x": 9, "y": y} for id, y in zip("abcd", (4, 5, 7, 9), strict=True)} | {"e": {"x": 5, "y": 5}}
    found = classed(rows, **rules).classes

    assert {id: (one.class_, one.by, one.first) for id, one in found.items()} == {
        "a": ("green", "condition", None),
        "b": ("amber", "cap", "green"),
        "c": ("red", "cap", "green"),
        "d": ("red", "veto", "green"),
        "e": ("amber", "condition", None),
    }
    assert len(found["c"].changed) == 2


def test_a_veto_that_cannot_be_decided() -> None:
    """A veto or a cap that perhaps holds leaves the class open, where it would make it worse."""
    veto, cap = (Veto(at_least("y", 5), "red"),), (ClassCap(at_least("y", 5), "amber"),)
    rows = {"a": {"x": 9}, "b": {"x": 5}, "c": {"x": 9, "y": 4}}

    assert held(classed(rows, vetoes=veto, unmeasured="undecided")) == {"a": None, "b": None, "c": "green"}
    assert held(classed(rows, caps=cap, unmeasured="undecided")) == {"a": None, "b": "amber", "c": "green"}
    assert held(classed(rows, vetoes=veto, caps=cap)) == {"a": "green", "b": "amber", "c": "green"}


def test_a_class_given_by_law() -> None:
    """The law goes before all conditions, vetoes and caps."""
    law = (Override(Selector(id=("a",)), "green", "Decree 1"),)
    found = classed(
        {"a": {"x": 1, "y": 1}, "b": {"x": 1, "y": 1}}, overrides=law, vetoes=(Veto(at_least("y", 1), "red"),)
    )

    assert held(found) == {"a": "green", "b": "red"}
    assert found.classes["a"].by == "law"


@given(
    VALUES,
    shares(),
    shares(),
    st.sampled_from(MODES),
    st.sampled_from(("up", "down")),
    st.sampled_from(("shared", "dense")),
)
def test_a_forced_distribution(values: Any, green: Any, amber: Any, mode: Any, ties: Any, counting: Any) -> None:
    """Each class takes its share of those ranked; a tie across an edge goes up or down as a whole."""
    classing = ByPlace("by_total", (("amber", amber), ("green", green)), mode, ties)
    found = held(classed(values, classing, counting))
    edge_green = rounded(Fraction(green) * len(values), 0, mode)
    edge_amber = edge_green + rounded(Fraction(amber) * len(values), 0, mode)

    for id, value in values.items():
        before = sum(other > value for other in values.values())
        position = before + 1 if ties == "up" else sum(other >= value for other in values.values())
        assert found[id] == ("green" if position <= edge_green else "amber" if position <= edge_amber else "red")
        assert all(found[other] == found[id] for other in values if values[other] == value)


@given(st.integers(1, 12), st.integers(1, 4), st.sampled_from(("best", "worst", "middle")))
def test_quantiles(ranked: int, count: int, remainder: Any) -> None:
    """Classes of equal size differ by one at most, and the larger ones are those the rulebook names."""
    classes = tuple(f"q{number}" for number in range(count))
    rows = {f"b{number}": number for number in range(ranked)}
    found = held(classed(rows, Quantiles("by_total", remainder, "up"), classes=classes, otherwise=None))
    sizes = [list(found.values()).count(class_) for class_ in classes]

    assert sum(sizes) == ranked
    assert max(sizes) - min(sizes) <= 1
    assert {"best": sorted(sizes, reverse=True), "worst": sorted(sizes)}.get(remainder, sizes) == sizes
    if remainder == "middle":
        assert all(
            size >= outer for half in (sizes[: count // 2], sizes[::-1][: count // 2]) for outer, size in pairwise(half)
        )


@pytest.mark.parametrize(
    ("remainder", "sizes"), [("best", [2, 2, 1, 1]), ("worst", [1, 1, 2, 2]), ("middle", [1, 2, 2, 1])]
)
def test_a_remainder(remainder: Any, sizes: list[int]) -> None:
    """Six bodies in quartiles leave two over, for the classes that are named."""
    classes = ("first", "second", "third", "fourth")
    rows = {f"b{number}": number for number in range(6)}
    found = held(classed(rows, Quantiles("by_total", remainder, "up"), classes=classes, otherwise=None))

    assert [list(found.values()).count(class_) for class_ in classes] == sizes


def test_who_is_not_ranked_has_no_class_by_place() -> None:
    """Who has no place has no class that comes from places."""
    quarters = Quantiles("by_total", "best", "up")
    found = outcome(
        {"a": {"x": 9}, "b": {"x": "missing"}},
        leaf("x", missing=None),
        standings=(by_total(),),
        readiness=(Readiness("r", ("green", "red"), quarters),),
    ).classes

    assert {id: (one.class_, one.by) for id, one in found.items()} == {
        "a": ("green", "quantile"),
        "b": (None, "unranked"),
    }


def test_classes_within_groups() -> None:
    """Where places are counted in groups, so are classes."""
    bodies = tuple(body(id, cluster=cluster) for id, cluster in zip("abcd", "eeww", strict=True))
    half = ByPlace("by_total", (("green", Fraction(1, 2)),), "down", "up")
    rows = {"a": {"x": 9}, "b": {"x": 8}, "c": {"x": 2}, "d": {"x": 1}}
    found = outcome(
        rows,
        leaf("x"),
        bodies=bodies,
        standings=(by_total(within="cluster"),),
        readiness=(Readiness("r", CLASSES, half, "red"),),
    )

    assert held(found) == {"a": "green", "b": "red", "c": "green", "d": "red"}


def test_children_are_classed_before_their_parents() -> None:
    """A province sees the classes of its communes, a region those of its provinces, at any depth."""
    bodies = (body("r", "region"), body("p", "province", "r"), body("a", parent="p"), body("b", parent="p"))

    def all_are(below: str, kind: str) -> Readiness:
        rule = When((("green", Children(below, AllAre("green"))),))
        return Readiness(kind, ("green", "red"), rule, "red", for_=Selector(kind=(kind,)))

    communes = Readiness("communes", CLASSES, THRESHOLDS, "red", for_=Selector(kind=("commune",)))
    rules = (all_are("province", "region"), all_are("commune", "province"), communes)

    for value, class_ in ((9, "green"), (7, "red")):
        found = outcome({"a": {"x": 9}, "b": {"x": value}}, leaf("x"), bodies=bodies, readiness=rules)
        assert (held(found)["p"], held(found)["r"]) == (class_, class_)


def limited(values: dict[str, Any], share: Any = Fraction(1, 2), ties: Any = "down", **fields: Any) -> Outcome:
    """Let a share of those green or amber be green; from 8 on they are, from 5 on amber."""
    quota = ClassQuota("green", share, ("green", "amber"), "down", "by_total", ties)
    return classed(values, THRESHOLDS, quotas=(quota,), **fields)


def test_those_beyond_a_quota_move_down() -> None:
    """The base is counted before anybody moves; the order is that of the standing; the reason says from which class."""
    found = limited({"a": 10, "b": 9, "c": 8, "d": 6, "e": 1})

    assert held(found) == {"a": "green", "b": "green", "c": "amber", "d": "amber", "e": "red"}
    assert (found.classes["c"].by, found.classes["c"].first, found.classes["b"].by) == ("quota", "green", "condition")


@pytest.mark.parametrize(("ties", "green"), [("up", {"a", "b", "c"}), ("down", {"a"})])
def test_a_tie_across_a_quota(ties: Any, green: set[str]) -> None:
    """Those tied across the edge all stay, or all move down."""
    found = held(limited({"a": 10, "b": 9, "c": 9, "d": 6}, ties=ties))

    assert {id for id, class_ in found.items() if class_ == "green"} == green


def test_each_group_has_its_quota() -> None:
    """In a standing with groups the share is that of each group."""
    bodies = tuple(body(id, cluster=group) for id, group in zip("abcd", "wwee", strict=True))
    quota = ClassQuota("green", Fraction(1, 2), ("green",), "down", "by_total", "down")
    found = outcome(
        {"a": {"x": 10}, "b": {"x": 9}, "c": {"x": 8}, "d": {"x": 8}},
        leaf("x"),
        bodies=bodies,
        standings=(by_total(within="cluster"),),
        readiness=(Readiness("r", CLASSES, THRESHOLDS, "red", quotas=(quota,)),),
    )

    assert held(found) == {"a": "green", "b": "amber", "c": "amber", "d": "amber"}


@given(st.dictionaries(st.sampled_from("abcdefg"), st.integers(0, 10), min_size=1), shares())
def test_a_quota_is_kept_and_passes_nobody_by(values: dict[str, int], share: Fraction) -> None:
    """No more than the share are green, and who moves down is never better than who stays."""
    before, after = held(classed(values)), held(limited(values, share))
    green = [values[id] for id, class_ in after.items() if class_ == "green"]
    moved = [values[id] for id, class_ in after.items() if class_ != before[id]]

    assert len(green) <= share * sum(class_ != "red" for class_ in before.values())
    assert max(moved, default=0) <= min(green, default=10)
