"""Multiverse: everybody's place in each universe, beside the official one."""

from __future__ import annotations

import pytest

from emulation.problems import Refused
from emulation.scenarios.changes import scenario
from emulation.scenarios.multiverse import Fate, multiverse
from emulation.scenarios.study import Study
from small import by_total, leaf, outcome

CAME_TO = outcome(
    {"a": {"x": 5, "y": 1}, "b": {"x": 4, "y": 3}, "c": {"y": 1}}, leaf("x"), leaf("y", max=1), standings=(by_total(),)
)
STUDY = Study((scenario("more_y", set={"criteria.y.max": 10}), scenario("no_c", drop=["participants.c"])))


def test_places_in_each_universe() -> None:
    """In the order of the official places; who is not there has none."""
    found = multiverse(CAME_TO, STUDY, ["more_y", "no_c"])

    assert found.fates == (
        Fate("a", 1, (2, 1)),
        Fate("b", 2, (1, 2)),
        Fate("c", 3, (3, None)),
    )
    assert [one.span for one in found.fates] == [(1, 2), (1, 2), (3, 3)]


def test_the_universes_a_study_lists() -> None:
    """Without names all of them are scored; none is told."""
    listed = Study(STUDY.scenarios, multiverse=("more_y",))

    assert multiverse(CAME_TO, listed).universes == ("more_y",)
    with pytest.raises(Refused, match="E745 there is no universe"):
        multiverse(CAME_TO, STUDY)


def test_who_has_no_place_anywhere_has_no_fate() -> None:
    """There is nothing to set side by side."""
    same = Study((scenario("same"),))

    assert multiverse(outcome({"a": {"x": 5}}, leaf("x")), same, ["same"]).fates == ()
