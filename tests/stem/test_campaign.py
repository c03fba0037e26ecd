"""Campaign: one frozen record, with a fingerprint of what its rules mean."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from emulation.campaign import Acknowledged, Campaign
from emulation.conditions import All
from emulation.criteria import Mean, Sum
from emulation.formulas import read_formula
from emulation.indicators import Formula, Level
from emulation.names import label
from emulation.observations import Written
from emulation.points import Formula as PointsFormula
from emulation.points import Levels
from emulation.standings import Indicator_, Key
from emulation.testing.contests import campaigns
from small import FEW, at_least, body, by_total, campaign, indicator, leaf, share, whole

TREE = (whole("s", Sum((leaf("x"), leaf("y", weight=Fraction(1, 2)))), source="Article 1"), leaf("z"))
RULES = campaign(
    body("a", cluster="e"),
    body("b"),
    indicators=(share("x"), indicator("y"), indicator("z", Level(("low", "high")))),
    criteria=TREE,
    standings=(by_total(), by_total(id="second", then=(Key(Indicator_("y")),))),
)


def test_what_a_campaign_names() -> None:
    """Indicators, criteria, parents, facts and participants are found by their ids."""
    assert list(RULES.indicator) == ["x", "y", "z"]
    assert list(RULES.criterion) == ["x", "y", "s", "z"]
    assert RULES.parent_of == {"x": "s", "y": "s"}
    assert set(RULES.facts) == {"y", "z", "x_of", "x_among"}
    assert (RULES.who("a"), RULES.who("B"), RULES.who("c")) == ("a", "b", None)
    made = campaign(indicators=(indicator("m", Formula(read_formula("n + 1")), time=None), indicator("n")))
    assert made.facts == ("n",)


@FEW
@given(campaigns(most=2))
def test_a_fingerprint_is_a_function(rules: Campaign) -> None:
    """The same rules have the same fingerprint, and it does not see what is only said about them."""
    assert evolve(rules).fingerprint == rules.fingerprint
    assert evolve(rules, acknowledge=(Acknowledged("L104", "known"),)).fingerprint == rules.fingerprint
    assert evolve(rules, observations=Written("another.csv", header=3)).fingerprint == rules.fingerprint


CHANGES: list[dict[str, Any]] = [
    {"id": "other"},
    {"as_of": date(2025, 7, 1)},
    {"unmeasured": "undecided"},
    {"participants": campaign(body("a", cluster="w"), body("b")).participants},
    {"criteria": (*TREE[:1], leaf("z", max=11))},
    {"criteria": (evolve(TREE[0], earns=Mean(TREE[0].parts)), TREE[1])},
    {"criteria": (*TREE[:1], leaf("z", Levels((("low", 2), ("high", 1)))))},
    {"criteria": (*TREE[:1], leaf("z", only_if=All((at_least("y", 1),))))},
    {"indicators": (*RULES.indicators[:2], indicator("z", Level(("high", "low"))))},
    {"standings": (by_total(ties="dense"), RULES.standings[1])},
    {"standings": (RULES.standings[0], by_total(id="second", then=(Key(Indicator_("z")), Key(Indicator_("y")))))},
]


@pytest.mark.parametrize("change", CHANGES)
def test_a_fingerprint_sees_every_change_of_meaning(change: dict[str, Any]) -> None:
    """Any change of what the rules mean changes the fingerprint."""
    assert evolve(RULES, **change).fingerprint != RULES.fingerprint


def test_a_fingerprint_is_blind_to_order_and_blanks() -> None:
    """Maps may be written in any order, and formulas with any blanks."""
    turned = evolve(RULES, criteria=RULES.criteria[::-1], indicators=RULES.indicators[::-1])

    assert turned.fingerprint == RULES.fingerprint
    one, other = (
        campaign(criteria=(leaf("k", PointsFormula(read_formula(text), "full")),)) for text in ("x + 2*y", "x+2 * y")
    )
    assert one.fingerprint == other.fingerprint
    assert campaign(criteria=(leaf("k", PointsFormula(read_formula("x + y"), "full")),)).fingerprint != one.fingerprint


def test_a_fingerprint_keeps_texts_apart() -> None:
    """What stands in one text cannot pass for what stands in two."""
    one, other = evolve(RULES, basis="a|b\nx", version=None), evolve(RULES, basis="a", version="b\nx")

    assert one.fingerprint != other.fingerprint
    assert evolve(RULES, title=label("a")).fingerprint != evolve(RULES, title=label("b")).fingerprint


def test_the_longest_formula_has_a_fingerprint() -> None:
    """A formula of as many parts as are allowed is no deeper than others."""
    longest = read_formula("+".join(["x"] * 250))

    assert len(campaign(criteria=(leaf("k", PointsFormula(longest, "full")),)).fingerprint) == 64


def test_the_edition_in_force() -> None:
    """Of rules with dates those count that came into force last; before the first, the first."""
    stricter = evolve(RULES, version="2")
    dated = evolve(RULES, editions=((date(2025, 1, 1), RULES), (date(2025, 7, 1), stricter)))

    days = (date(2024, 1, 1), date(2025, 6, 30), date(2025, 7, 1))
    assert [dated.on(day).version for day in days] == [None, None, "2"]
    assert RULES.on(date(2025, 1, 1)) is RULES
