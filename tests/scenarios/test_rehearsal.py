"""Rehearsal: invented figures that a table could hold, the same for a seed, and doubts that have their reasons."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given

from emulation.awards import Award, Places
from emulation.campaign import Campaign
from emulation.gaps import Block
from emulation.indicators import Bounds, Count, Level, Milestone, Number, Over, Pool, Rank, Ratio, Sample, YesNo
from emulation.limits import AtLeast
from emulation.names import label
from emulation.observations import Observations
from emulation.participants import Selector
from emulation.periods import By, Window
from emulation.points import Binary, Proportional
from emulation.problems import Refused
from emulation.readiness import Readiness, When
from emulation.scenarios.inventing import invent
from emulation.scenarios.rehearsal import Rehearsal, rehearse, spread
from emulation.targets import Target
from emulation.testing.contests import campaigns
from small import DAY, FEW, at_least, body, by_total, campaign, indicator, leaf, share

BODIES = tuple(body(id) for id in "abcdef")


def rules_of(*criteria: Any, bodies: Any = BODIES, **rules: Any) -> Campaign:
    """Give a campaign of six without figures."""
    return campaign(*bodies, criteria=criteria, standings=(by_total(),), **rules)


def doubts(found: Rehearsal) -> list[tuple[str, str]]:
    """Give what speaks against it, and about what."""
    return [(one.reason, one.about) for one in found.doubts]


# --- invented figures


@FEW
@given(campaigns())
def test_the_same_seed_gives_the_same_figures(rules: Campaign) -> None:
    """And another seed others, where anything is drawn at all."""
    assert invent(rules, 1) == invent(rules, 1)


def test_who_else_takes_part_changes_nobody_s_figures() -> None:
    """Each figure comes of the seed, of whose it is and of what."""
    all_, two = (invent(rules_of(indicators=(share("x"),), bodies=BODIES[:count]), 1) for count in (6, 2))

    assert set(two) < set(all_)


def values(kind: Any, *criteria: Any, **fields: Any) -> set[Any]:
    """Give the different figures that many invent."""
    bodies = tuple(body(f"b{n}") for n in range(200))
    found = invent(rules_of(*criteria, bodies=bodies, indicators=(indicator("x", kind, **fields),)), 1, day=DAY)
    return {one.value for one in found}


def test_each_kind_of_figure_is_invented_as_it_is_reported() -> None:
    """Yes and no, all levels, all places, days about the due one, numbers within bounds."""
    assert values(YesNo()) == {0, 1}
    assert values(Level(("a", "b", "c"))) == {1, 2, 3}
    assert values(Rank(4)) == {1, 2, 3, 4}
    assert max(values(Number(label("km")), bounds=Bounds(5, 9))) <= 9
    assert min(values(Number(label("km")), bounds=Bounds(5, 9))) >= 5
    due = values(Milestone(date(2025, 6, 20), "days"))
    assert min(due) == date(2025, 5, 31).toordinal()
    assert max(due) == DAY.toordinal()
    assert values(Milestone(Window(date(2025, 6, 1), to=date(2025, 6, 5)), "days")) <= set(
        range(min(due) - 20, max(due))
    )


def test_half_of_the_figures_are_near_what_the_rules_ask() -> None:
    """So that both sides of every bound are tried."""
    found = values(Count(label("files")), leaf("x", Proportional(5000, "full")))

    near = [one for one in found if 4500 <= one <= 5500]
    assert len(near) > len(found) / 3
    assert min(near) < 5000 < max(near)


def test_parts_come_with_their_wholes() -> None:
    """A share is at most its whole, a sample is large enough, a ratio may pass it; what is pooled is not invented."""
    kinds = (
        share("s", pooled=Pool("province", "commune", "known")),
        indicator("n", Sample("n_of", "n_asked", 300)),
        indicator("r", Ratio("r_of", "r_among")),
    )
    rules = rules_of(
        bodies=(*BODIES, body("p", "province")),
        indicators=kinds,
        readiness=(Readiness("q", ("g", "r"), When((("g", at_least("r", 3)),)), "r"),),
    )
    told = {(one.participant, one.fact): one.value or 0 for one in invent(rules, 1)}

    assert all(told[id, "s_of"] <= told[id, "s_among"] for id in "abcdef")
    assert all(told[id, "n_asked"] >= 300 for id in "abcdef")
    assert any(told[id, "r_of"] > told[id, "r_among"] for id in "abcdef")
    assert ("p", "s_of") not in told


def test_reports_come_by_each_deadline() -> None:
    """A flow is split at it, a stock reported on it, so that what is judged then has figures."""
    kinds = (indicator("x", Count(label("files")), time=Over("period")), indicator("y"))
    target = Target("t", at_least("x", 5), By(date(2025, 6, 1)))
    (split, rest, first, last) = invent(rules_of(bodies=BODIES[:1], indicators=kinds, targets=(target,)), 1, day=DAY)

    assert (split.span.last, rest.span.first) == (date(2025, 6, 1), date(2025, 6, 2))
    assert (first.span.last, last.span.last, first.value) == (date(2025, 6, 1), DAY, last.value)


def test_a_share_of_the_figures_can_be_missing() -> None:
    """None, some, all."""
    rules = rules_of(indicators=(indicator("x"),), bodies=tuple(body(f"b{n}") for n in range(100)))

    assert [len(invent(rules, 1, missing)) for missing in (0, 1)] == [100, 0]
    assert 30 < len(invent(rules, 1, Fraction(1, 2))) < 70
    assert isinstance(invent(rules, 1), Observations)


# --- go or no go


def test_nothing_speaks_against_a_healthy_rulebook() -> None:
    """Two criteria, both with a say; classes that are held on both sides."""
    rule = Readiness("q", ("good", "poor"), When((("good", at_least("x", 50)),)), "poor")
    found = rehearse(rules_of(leaf("x"), leaf("y"), indicators=(indicator("x"), indicator("y")), readiness=(rule,)), 5)

    assert found.is_go
    assert found.totals is not None
    assert [*found.decides] == ["x", "y"]
    assert found.classes["q"]["good"].most > 0


def test_ties_left_to_a_decision() -> None:
    """In most rehearsals."""
    rule = leaf("x", Binary(AtLeast(1)))
    rules = campaign(
        *BODIES, criteria=(rule,), indicators=(indicator("x", YesNo()),), standings=(by_total(ties="decision"),)
    )

    assert ("unsettled", "") in doubts(rehearse(rules, 4))


def test_what_blocks_a_result() -> None:
    """A gap that stops the campaign."""
    rules = rules_of(leaf("x", missing=Block()), indicators=(indicator("x"),))
    half = Fraction(1, 2)

    assert ("blocked", "E162") in doubts(rehearse(rules, 4, missing=half))


def test_classes_that_part_nobody() -> None:
    """A class out of reach, and one that everybody holds; a few bodies say nothing."""
    rule = Readiness("q", ("good", "poor"), When((("good", at_least("x", -1)),)), "poor")
    never = Readiness("q", ("good", "poor"), When((("good", at_least("x", 10**9)),)), "poor")
    kinds = (indicator("x", YesNo()),)

    assert doubts(rehearse(rules_of(indicators=kinds, readiness=(rule,)), 3)) == [("class_of_all", "q.good")]
    assert doubts(rehearse(rules_of(indicators=kinds, readiness=(never,)), 3)) == [
        ("class_of_nobody", "q.good"),
        ("class_of_all", "q.poor"),
    ]
    assert doubts(rehearse(rules_of(indicators=kinds, readiness=(never,), bodies=BODIES[:2]), 3)) == []


def test_a_criterion_that_decides_alone() -> None:
    """Where one has nearly all the spread."""
    found = rehearse(rules_of(leaf("x", max=100), leaf("y", max=1), indicators=(indicator("x"), indicator("y"))), 3)

    assert ("decides", "x") in doubts(found)


def test_a_criterion_that_parts_nobody() -> None:
    """Full for all."""
    bodies = tuple(body(f"b{n}") for n in range(30))
    kinds = (indicator("x", Number(label("km")), bounds=Bounds(5, 9)), indicator("y"))
    rules = rules_of(leaf("x", Binary(AtLeast(1))), leaf("y"), indicators=kinds, bodies=bodies)

    assert ("parts_nobody", "criteria.x") in doubts(rehearse(rules, 3))


def test_a_rulebook_without_standings_or_points() -> None:
    """Targets only: there is nothing to rank."""
    rules = campaign(*BODIES, indicators=(indicator("x", YesNo()),), targets=(Target("t", at_least("x", 1)),))
    found = rehearse(rules, 3)

    assert (found.totals, found.first, found.decides) == (None, None, {})
    assert 0 < found.targets["t"].most <= 6


def test_awards_are_given_in_rehearsals() -> None:
    """With the real stages: nothing is left out."""
    flag = Award("flag", standing="by_total", quota=Places(1), border="decision")
    found = rehearse(rules_of(leaf("x"), indicators=(indicator("x"),), awards=(flag,)), 2)

    assert found.unsettled.most == 0


def test_no_rehearsal_at_all() -> None:
    """At least one, and a share that is one."""
    with pytest.raises(Refused, match="E760 0 rehearsals"):
        rehearse(rules_of(indicators=(indicator("x"),)), 0)
    with pytest.raises(Refused, match="E760 a share of missing figures"):
        rehearse(rules_of(indicators=(indicator("x"),)), 1, missing=2)


def test_the_middle_of_several() -> None:
    """Of two in the middle the lower."""
    assert (spread([4, 1, 3, 2]).middle, spread([7]).most) == (2, 7)


def test_a_class_that_is_for_nobody() -> None:
    """Rules for a kind that does not take part count nothing."""
    rule = Readiness("q", ("good", "poor"), When((("good", at_least("x", 1)),)), "poor", for_=Selector(("province",)))

    assert rehearse(rules_of(indicators=(indicator("x"),), readiness=(rule,)), 2).classes == {}
