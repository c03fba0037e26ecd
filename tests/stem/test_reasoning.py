"""Reasoning: a tree of reasons holds every number that a result rests on, down to the facts."""

from __future__ import annotations

from fractions import Fraction
from typing import TypeAlias

import pytest
from hypothesis import given

from emulation.campaign import Campaign
from emulation.criteria import TOTAL, Criterion, Mean
from emulation.observations import Observations
from emulation.outcome import score
from emulation.reasoning import Reason, reasons
from emulation.targets import Target
from emulation.testing.contests import contests
from small import FEW, at_least, by_total, leaf, outcome, whole

Contest: TypeAlias = tuple[Campaign, Observations]


@FEW
@given(contests(most=3))
def test_reasons_hold_all_that_was_said(drawn: Contest) -> None:
    """Every standing, criterion, target, class and award of a participant is among its reasons, each by its record."""
    came_to = score(*drawn)

    for participant in came_to.campaign.participants:
        told = list(reasons(came_to, participant.id).walk())

        def records(about: str, told: list[Reason] = told) -> dict[str, object]:
            return {reason.id: reason.record for reason in told if reason.about == about}

        body = participant.id
        assert records("standing") == {id: found[body] for id, found in came_to.standings.items() if body in found}
        assert records("criterion") == {
            id: found[body] for id, found in came_to.scores.items() if body in found and id != TOTAL
        }
        assert records("target") == {id: found[body] for id, found in came_to.aims.items() if body in found}
        assert records("award") == {
            id: one.considered[body] for id, one in came_to.awards.items() if body in one.considered
        }
        assert list(records("readiness").values()) == ([came_to.classes[body]] if body in came_to.classes else [])
        measured = {id: found[body] for id, found in came_to.measurements.items() if body in found}
        assert {id: one for id, one in records("indicator").items() if id in measured}.keys() == measured.keys()


@FEW
@given(contests(most=3))
def test_replaying_the_leaves(drawn: Contest) -> None:
    """The total is what the terms in the reasons add up to, wherever nothing was cut off."""
    came_to = score(*drawn)

    for participant in came_to.campaign.participants:
        for reason in reasons(came_to, participant.id).walk():
            if reason.about in ("total", "criterion") and reason.record.branch in ("sum", "mean", "weighted_sum"):
                parts = {part.id: part.record for part in reason.parts if part.about == "criterion"}
                terms = dict(reason.record.terms)
                assert terms.keys() <= parts.keys()
                assert sum(terms.values(), Fraction(0)) == reason.record.exact


def test_down_to_the_fact() -> None:
    """Under a criterion stands what was measured, under that the fact; a gate's condition stands beside."""
    gated = leaf("x", only_if=at_least("y", 1))
    came_to = outcome({"a": {"x": 9, "y": 2, "z": 1}}, whole("s", Mean((gated,))), standings=(by_total(),))
    tree = reasons(came_to, "A")

    assert [part.about for part in tree.parts] == ["standing", "total", "indicator", "indicator"]
    assert [part.id for part in tree.parts[2:]] == ["y", "z"]
    section = tree.parts[1].parts[0]
    judged = section.parts[0]
    assert (section.id, isinstance(section.rule, Criterion), judged.id) == ("s", True, "x")
    measured, condition = judged.parts
    assert (measured.about, measured.parts[0].record.value, condition.record.holds) == ("indicator", 9, True)


def test_conditions_have_parts() -> None:
    """A target's reason is its condition, as it was judged."""
    came_to = outcome({"a": {"x": 9}}, targets=(Target("t", at_least("x", 5)),))
    target = reasons(came_to, "a").parts[0]

    assert (target.about, target.id, target.parts[0].record.value) == ("target", "t", 9)


def test_nobody() -> None:
    """There are no reasons for somebody who does not take part."""
    with pytest.raises(KeyError):
        reasons(outcome({"a": {"x": 1}}), "z")
