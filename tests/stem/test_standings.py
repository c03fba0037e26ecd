"""Standings: exact keys decide, tie by tie as declared, and what is left tied stays tied."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from emulation.criteria import TOTAL, Mean
from emulation.gaps import Drop, Unrank
from emulation.outcome import Outcome
from emulation.participants import Selector
from emulation.standings import CountBack, Decision, HeadToHead, Indicator_, Key, Points
from emulation.testing.facts import numbers
from small import DAY, body, by_total, indicator, leaf, outcome, places, whole

VALUES = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 4).map(lambda third: Fraction(third, 3)), min_size=1)
BY_X = Key(Indicator_("x"))


def ranked(values: dict[str, Any], *then: Any, **fields: Any) -> Outcome:
    """Rank bodies by the total, then by the steps given; a body's row holds its values of x, y and z."""
    rows = {id: row if isinstance(row, dict) else {"x": row} for id, row in values.items()}
    rules = {name: fields.pop(name) for name in ("decisions", "bodies", "indicators") if name in fields}
    criteria = [leaf(id) for id in "xyz" if any(id in row for row in rows.values())]
    return outcome(rows, *criteria, standings=(by_total(then=then, **fields),), **rules)


@given(VALUES)
def test_rank_and_score(values: dict[str, Fraction]) -> None:
    """One has a better place if and only if it has more points, and the same place if as many."""
    found = places(ranked(values))

    for one, mine in values.items():
        better = [other for other in values.values() if other > mine]
        assert found[one] == 1 + len(better)


@given(VALUES)
def test_dense_places_leave_none_out(values: dict[str, Fraction]) -> None:
    """Dense places count the points that are better, not the bodies; with a tie chain too."""
    found = ranked(values, ties="dense")

    assert sorted(set(places(found).values())) == list(range(1, len(set(values.values())) + 1))  # type: ignore[type-var]
    assert places(ranked(values, BY_X, ties="dense")) == places(found)
    assert all(placed.of == len(values) for placed in found.standings["by_total"].values())


@given(VALUES)
def test_those_tied_name_one_another(values: dict[str, Fraction]) -> None:
    """Each of those tied names the others, and the keys compared are kept as they were."""
    for id, placed in ranked(values).standings["by_total"].items():
        assert set(placed.tied_with) == {other for other in values if values[other] == values[id]} - {id}
        assert (placed.keys, placed.settled_by, placed.open) == ((values[id],), None, False)


@given(st.dictionaries(st.sampled_from("abcd"), st.tuples(*[st.integers(0, 2)] * 3), min_size=1))
def test_a_chain_is_applied_in_order(values: dict[str, tuple[int, int, int]]) -> None:
    """Every step of a tie chain is applied in its order, and says that it was the one that parted a tie."""
    rows = {id: dict(zip("xyz", row, strict=True)) for id, row in values.items()}
    steps = (Key(Points("x")), Key(Indicator_("y")))
    keys = {id: (sum(row), row[0], row[1]) for id, row in values.items()}
    found = ranked(rows, *steps)

    assert places(found) == {id: 1 + sum(other > key for other in keys.values()) for id, key in keys.items()}
    for id, placed in found.standings["by_total"].items():
        nearest = [sum(1 for _ in _alike(keys[id], other)) for body, other in keys.items() if body != id]
        deepest = max((n for n in nearest if n < 3), default=0)
        assert placed.settled_by == (deepest - 1 if deepest else None)


def _alike(one: tuple[int, ...], other: tuple[int, ...]) -> list[int]:
    """Give the keys that two have in common before they part."""
    alike = []
    for mine, theirs in zip(one, other, strict=True):
        if mine != theirs:
            break
        alike.append(mine)
    return alike


def test_less_is_better() -> None:
    """A key turns round where less is better, by the indicator or by the key; what is kept is the value itself."""
    cost = indicator("x", better="lower")
    rows = {"a": 5, "b": 3}

    by_cost = ranked(rows, by=(BY_X,), indicators=(cost,))
    assert places(by_cost) == {"a": 2, "b": 1}
    assert by_cost.standings["by_total"]["a"].keys == (5,)
    assert places(ranked(rows, by=(evolve(BY_X, better="higher"),), indicators=(cost,))) == {"a": 1, "b": 2}
    assert places(ranked(rows, by=(Key(Points(TOTAL), "lower"),))) == {"a": 2, "b": 1}
    tied_by_total = ranked({"a": {"x": 5, "y": 1}, "b": {"x": 3, "y": 3}}, Key(Indicator_("x"), "lower"))
    assert places(tied_by_total) == {"a": 2, "b": 1}
    assert tied_by_total.standings["by_total"]["a"].keys == (6, 5)


def test_silence_in_a_tie_chain() -> None:
    """Those without a value for a tie-break stand behind those with one, tied with one another."""
    rows = {"a": {"x": 5}, "b": {"x": 5, "y": 0}, "c": {"x": 5}}
    for better in ("higher", "lower"):
        assert places(ranked(rows, Key(Indicator_("y"), better))) == {"a": 2, "b": 1, "c": 2}


def test_who_is_not_ranked() -> None:
    """Who has no key, or does not exist on the day, has no place, is not counted, and it is said why."""
    gone = evolve(body("d"), until=date(2025, 6, 29))
    bodies = (body("a"), body("b"), body("c"), gone)
    rows = {"a": {"x": 5}, "b": {}, "c": {"x": 5}, "d": {"x": 9}}
    by_x = outcome(rows, leaf("x"), standings=(by_total(by=(BY_X,)),), bodies=bodies).standings["by_total"]
    unranked = outcome(rows, leaf("x", missing=Unrank()), standings=(by_total(),), bodies=bodies).standings["by_total"]

    assert {id: one.unranked for id, one in by_x.items()} == {"a": None, "b": "missing:x", "c": None, "d": "not_alive"}
    assert unranked["b"].unranked == "unranked:x"
    assert [one.of for one in unranked.values()] == [2, 2, 2, 2]


def test_why_there_are_no_points() -> None:
    """A criterion without points for somebody is named, not the reason why the total is missing."""
    part, other = leaf("x", missing=Drop()), leaf("y", missing=Unrank())
    by_part = (by_total(by=(Key(Points("x")),)), by_total(id="by_total2", by=(Key(Points(TOTAL)),)))
    by_part = (by_part[0], evolve(by_total(), id="second"))
    rows = {"a": {"x": "missing", "y": "missing"}, "b": {"x": 1, "y": 1}}
    found = outcome(rows, part, other, standings=by_part).standings

    assert (found["by_total"]["a"].unranked, found["second"]["a"].unranked) == ("points:x", "unranked:y")
    nobody = outcome({"a": {"x": 1}}, leaf("x", for_=Selector(id=("z",))), standings=(by_total(),))
    assert nobody.standings["by_total"]["a"].unranked == "points:total"


def test_places_within_groups() -> None:
    """Places are counted inside a group, and only among those the standing is for."""
    bodies = (body("a", cluster="e"), body("b", cluster="w"), body("c", cluster="e"), body("p", "province"))
    rows = {"a": {"x": 1}, "b": {"x": 2}, "c": {"x": 3}, "p": {"x": 9}}
    rules = by_total(within="cluster", for_=Selector(kind=("commune",)))
    found = outcome(rows, leaf("x"), standings=(rules,), bodies=bodies).standings["by_total"]

    assert {id: (one.place, one.of, one.group) for id, one in found.items()} == {
        "a": (2, 2, "e"),
        "b": (1, 1, "w"),
        "c": (1, 2, "e"),
    }


# --- count-back and head to head -----------------------------------------------------------------------------------

ROUNDS = ("x", "y", "z")


def test_counting_back() -> None:
    """Among the tied, more first places go before; then more second places; those without points come last."""
    rows = {"a": {"x": 5, "y": 5, "z": 0}, "b": {"x": 6, "y": 1, "z": 3}, "c": {"x": 0, "y": 4, "z": 6}}
    found = ranked(rows, CountBack(ROUNDS))

    # Places by x, y, z: a 2 1 3, b 1 3 2, c 3 2 1: one of each.
    assert set(places(found).values()) == {1}
    rows["c"]["z"] = 2
    rows["c"]["y"] = 8
    assert places(ranked(rows, CountBack(ROUNDS))) == {"a": 3, "b": 1, "c": 2}


def test_counting_back_among_those_ranked() -> None:
    """Places are counted inside the standing's group: a body of another group takes no first place away."""
    bodies = tuple(body(id, cluster=cluster) for id, cluster in (("a", "e"), ("b", "e"), ("c", "w")))
    rows = {"a": {"x": 6, "y": 0}, "b": {"x": 3, "y": 3}, "c": {"x": 9, "y": 2}}
    found = ranked(rows, CountBack(("x", "y")), bodies=bodies, within="cluster")

    assert places(found) == {"a": 1, "b": 1, "c": 1}
    by_x = ranked(rows, CountBack(("x",)), bodies=bodies, within="cluster")
    assert places(by_x) == {"a": 1, "b": 2, "c": 1}
    assert by_x.standings["by_total"]["a"].keys == (6, 1, 0)


def test_counting_back_without_points() -> None:
    """Who has no points in a criterion has none of its places."""
    rows = {"a": {"x": "missing"}, "b": {"x": 5}}
    means = whole("m", Mean((leaf("x", missing=Drop()), leaf("y", indicator="x", missing=Drop()))), missing=None)
    found = outcome(
        rows, means, leaf("z", indicator="x"), standings=(by_total(by=(Key(Points("z")),), then=(CountBack(("m",)),)),)
    )

    assert places(found) == {"a": 2, "b": 1}
    tied = outcome(
        {"a": {"x": "missing"}, "b": {"x": 0}}, means, leaf("z", indicator="x"), standings=found.campaign.standings
    )
    assert places(tied) == {"a": 2, "b": 1}


def test_head_to_head() -> None:
    """Among the tied, criteria won less criteria lost decide."""
    rows = {"a": {"x": 6, "y": 0, "z": 0}, "b": {"x": 2, "y": 2, "z": 2}, "c": {"x": 0, "y": 3, "z": 3}}

    found = ranked(rows, HeadToHead(ROUNDS))
    assert places(found) == {"a": 3, "b": 2, "c": 1}
    assert found.standings["by_total"]["c"].keys == (6, 2)


@given(st.dictionaries(st.sampled_from("abcd"), st.tuples(*[st.integers(0, 2)] * 3), min_size=2))
def test_tie_by_order(values: dict[str, tuple[int, int, int]]) -> None:
    """However bodies are listed, and whatever parts them, each has the same place."""
    rows = {id: dict(zip("xyz", row, strict=True)) for id, row in values.items()}
    steps = (CountBack(ROUNDS), HeadToHead(ROUNDS))

    expected = places(ranked(rows, *steps))
    for order in list(permutations(rows))[:6]:
        assert places(ranked({id: rows[id] for id in order}, *steps)) == expected


# --- ties that people settle ---------------------------------------------------------------------------------------


def decided(*order: str, standing: str = "by_total") -> Decision:
    """Record a decision."""
    return Decision(standing, order, "the council", DAY)


def test_a_tie_waits_for_a_decision() -> None:
    """A tie that is for people to settle is open, and a problem that names those tied, until they have settled it."""
    rows = {"a": 5, "b": 5, "c": 9, "d": 1}
    open_ = ranked(rows, ties="decision")
    settled = ranked(rows, ties="decision", decisions=(decided("x", "y"), decided("b", "a")))

    assert [id for id, one in open_.standings["by_total"].items() if one.open] == ["a", "b"]
    assert [str(problem) for problem in open_.problems] == [
        "standings.by_total E171 unresolved tie in by_total: a, b (record a decision)"
    ]
    assert not open_.is_settled
    assert places(settled) == {"a": 3, "b": 2, "c": 1, "d": 4}
    assert settled.standings["by_total"]["a"].settled_by == "decision"
    assert settled.is_settled


@pytest.mark.parametrize("decision", [decided("a"), decided("a", "b", "c"), decided("b", "a", standing="other")])
def test_a_decision_on_another_tie(decision: Decision) -> None:
    """A decision settles the tie it was made on, and no other."""
    assert places(ranked({"a": 5, "b": 5}, ties="decision", decisions=(decision,))) == {"a": 1, "b": 1}


def test_a_decision_is_not_asked_where_ties_are_shared() -> None:
    """Where ties are shared, a recorded order changes no place."""
    assert places(ranked({"a": 5, "b": 5}, decisions=(decided("b", "a"),))) == {"a": 1, "b": 1}


# --- third parties -------------------------------------------------------------------------------------------------


@given(VALUES, numbers(0, 10))
def test_independence_of_third_parties(values: dict[str, Fraction], newcomer: Fraction) -> None:
    """By an absolute rule, a newcomer, a clone or a withdrawal never turns two others round."""
    before = places(ranked(values))
    for change in (values | {"new": newcomer}, values | {"clone": values[min(values)]}, dict(list(values.items())[1:])):
        if not change:
            continue
        after = places(ranked(change))
        for one in set(values) & set(change):
            for other in set(values) & set(change):
                assert ((before[one] or 0) < (before[other] or 0)) == ((after[one] or 0) < (after[other] or 0))
