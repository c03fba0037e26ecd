"""Rechecking: a sample is judged once more, and what differs stops everything."""

from __future__ import annotations

import pytest
from attrs import evolve

from emulation.columnar.rechecking import AT_LEAST, MOST_FACTS, chosen, rechecked, sample
from emulation.columnar.results import Row, rows
from emulation.columnar.verdict import left_open, rejudged, score_columns
from emulation.criteria import TOTAL
from emulation.problems import Disagreement, Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

CAMPAIGN = load_campaign("campaigns/thai-nguyen-2025")
FACTS = load_observations("campaigns/thai-nguyen-2025/observations.csv", CAMPAIGN)
VERDICT = score_columns(CAMPAIGN, FACTS, engine="polars")
FOUND = tuple(rows(VERDICT))
DAY = VERDICT.plan.day


def changed(**fields: object) -> tuple[Row, ...]:
    """Give the rows with something else at the one who stands first."""
    first = next(row for row in FOUND if "total" in row.standings and row.standings["total"].place == 1)
    return tuple(evolve(row, **fields) if row is first else row for row in FOUND)


def judged_again(found: tuple[Row, ...]) -> None:
    """Judge those of the sample once more."""
    rechecked(CAMPAIGN, FACTS, DAY, found, chosen(found, CAMPAIGN, len(FACTS.reported)))


def test_a_sample_agrees() -> None:
    """The head, ties, the edges of classes, and others."""
    assert len(rejudged(VERDICT, FACTS).bodies) > 50


def test_other_points_are_seen() -> None:
    """A total that is off by a hundredth."""
    first = next(row for row in FOUND if "total" in row.standings and row.standings["total"].place == 1)
    points = {**first.points, TOTAL: (first.points[TOTAL] or 0) - 1}

    with pytest.raises(Disagreement, match=r"total of .* exactly, .* on columns"):
        judged_again(changed(points=points))


def test_another_order_is_seen() -> None:
    """A place that is not where the points say."""
    first = next(row for row in FOUND if "total" in row.standings and row.standings["total"].place == 1)
    moved = {**first.standings, "total": evolve(first.standings["total"], place=80)}

    with pytest.raises(Disagreement, match="the order in total"):
        judged_again(changed(standings=moved))


def test_the_sample_is_the_same_in_any_order() -> None:
    """Whatever order the rows are in."""
    assert set(sample(FOUND, CAMPAIGN)) == set(sample(FOUND[::-1], CAMPAIGN))


def test_fewer_are_judged_once_more_where_each_has_many_facts() -> None:
    """Since all facts of those in the sample are read as records."""
    few = chosen(FOUND, CAMPAIGN, MOST_FACTS * len(FOUND))
    many = chosen(FOUND, CAMPAIGN, len(FACTS.reported))

    assert 0 < len(few) <= AT_LEAST < len(many)


def test_nothing_is_left_open() -> None:
    """In a campaign that is settled."""
    assert left_open(VERDICT) == []


def test_the_facts_of_a_frame_are_fetched() -> None:
    """Those of the sample, where nobody hands them in; the same are judged to the same."""
    assert rejudged(VERDICT) == rejudged(VERDICT, FACTS)


def test_a_frame_that_says_otherwise_is_seen() -> None:
    """Tenths taken for wholes."""
    assert VERDICT.facts is not None
    facts = evolve(VERDICT.facts, grids={**VERDICT.facts.grids, "online_files": 10})

    with pytest.raises(Disagreement):
        rejudged(evolve(VERDICT, facts=facts))


def test_a_wide_frame_keeps_no_facts() -> None:
    """What cannot be judged once more is not said to have been."""
    with pytest.raises(Refused, match="E788"):
        rejudged(evolve(VERDICT, facts=None))
