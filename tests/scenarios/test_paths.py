"""Paths: each leads to one spot, and what is put there is all that is otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve

from emulation.criteria import Sum
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.scenarios.paths import Spot, below, spot_at, whole
from small import campaign, leaf, outcome
from small import whole as group

CAMPAIGNS = sorted((Path(__file__).parents[2] / "campaigns").iterdir())


def every_spot(spot: Spot) -> Iterator[Spot]:
    """Give all that stands below a spot; of the participants only the first."""
    for number, one in enumerate(below(spot).values()):
        if spot.path == ("participants",) and number:
            return
        yield one
        if one.value is not None:
            yield from every_spot(one)


@pytest.mark.parametrize("folder", CAMPAIGNS, ids=lambda folder: str(folder.name))
def test_putting_back_what_stands_there_changes_nothing(folder: Path) -> None:
    """At every path of a real campaign, the campaign with the same in its place is the same."""
    rules = load_campaign(folder)

    spots = [one for one in every_spot(whole(rules)) if one.value is not None]

    assert len(spots) > 100
    assert all(one.put(one.value) == rules for one in spots)


@pytest.mark.parametrize("folder", CAMPAIGNS[:2], ids=lambda folder: str(folder.name))
def test_each_path_leads_to_its_spot(folder: Path) -> None:
    """What a walk finds at a path is found by the path alone."""
    rules = load_campaign(folder)

    assert all(spot_at(rules, one.path).value == one.value for one in every_spot(whole(rules)))


def test_a_criterion_is_found_by_its_id() -> None:
    """A path to a criterion need not name those it is part of."""
    rules = outcome({"a": {"x": 1}}, group("g", Sum((leaf("x"),)))).campaign

    assert spot_at(rules, "criteria.x.max").path == ("criteria", "g", "sum", "x", "max")


def test_an_id_may_have_points_of_its_own() -> None:
    """The points in an id do not split it."""
    rules = campaign(criteria=(leaf("1.1"), leaf("1")), indicators=())

    assert spot_at(rules, "criteria.1.1.max").value == 10
    assert spot_at(rules, "criteria.1.1").value.id == "1.1"


def test_a_union_s_other_members_can_be_put_there() -> None:
    """Where one rule of a union stands, the words of the others lead to its place too."""
    rules = outcome({"a": {"x": 1}}, leaf("x")).campaign

    spot = spot_at(rules, "criteria.x.binary")

    assert spot.value is None
    assert type(spot.stands).__name__ == "Proportional"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("criteri.x", "E700 'the campaign' has no 'criteri'; did you mean criteria?"),
        ("criteria.y", "E700 'criteria' has no 'y' (it has x)"),
        ("criteria.x.max.more", "E700 'criteria.x.max' is a single value: nothing stands below it, and no 'more'"),
        ("examples", "E700 'the campaign' has no 'examples'"),
    ],
)
def test_a_path_that_leads_nowhere(path: str, told: str) -> None:
    """It is told which step is not there, and what is near."""
    rules = outcome({"a": {"x": 1}}, leaf("x")).campaign

    with pytest.raises(Refused) as refused:
        spot_at(rules, path)

    assert str(refused.value).startswith(told)


def test_a_participant_is_found_by_name() -> None:
    """A path names a participant by its id or its name."""
    rules = outcome({"a": {"x": 1}}, leaf("x")).campaign
    (body,) = rules.participants.listed
    named = spot_at(rules, "participants.A.kind").put("ward")

    assert named.participants.listed == (evolve(body, kind="ward"),)
