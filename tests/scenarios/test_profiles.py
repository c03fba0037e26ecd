"""Profiles: laws of what a page tells of one participant beside the others: strengths, and hurdles before a place."""

from __future__ import annotations

from hypothesis import given, settings

import small
from emulation.campaign import Campaign
from emulation.observations import Observations
from emulation.outcome import score
from emulation.scenarios.hurdles import hurdles
from emulation.scenarios.strengths import strengths
from emulation.standings import Indicator_, Key
from emulation.testing.contests import contests
from small import by_total

Contest = tuple[Campaign, Observations]


@given(contests())
def test_a_share_of_the_maximum_is_what_the_board_says(contest: Contest) -> None:
    """Points, maximum and share agree with one another, and being ahead is being above the median."""
    outcome = score(*contest)

    for id, found in strengths(outcome).items():
        for one in found:
            column = outcome.scores[one.criterion]
            assert (one.points, one.most) == (column.points_of(id), column.most_of(id))
            assert one.share * one.most == one.points
            assert (one.ahead > 0) == (one.share > one.median)


@settings(max_examples=200)
@given(contests())
def test_a_hurdle_is_the_key_of_one_who_stands_before(contest: Contest) -> None:
    """Whoever holds the place is ranked before, in the same group, and the bar is the holder's own figure."""
    outcome = score(*contest)

    for body in outcome.campaign.participants:
        for one in hurdles(outcome, body.id, (1, 2)):
            places = outcome.standings[one.standing.id]
            mine, theirs = places[body.id], places[one.holder]
            assert (mine.place or 0) > (theirs.place or 0) > 0
            assert mine.group == theirs.group
            assert (one.now, one.bar) == (mine.keys[0], theirs.keys[0])


def test_what_is_not_known_of_a_tie_break_is_not_enough() -> None:
    """Level at the first figure, the second the same, and the third lacking on one side: only more will do."""
    keys = tuple(Key(Indicator_(id)) for id in ("i", "j", "k"))
    standing = by_total(by=keys[:1], then=keys[1:])
    values = {"a": {"i": 3, "j": 1, "k": 1}, "b": {"i": 2, "j": 1, "k": 9}, "c": {"i": 1, "j": 1}}
    known = small.outcome(values, standings=(standing,))

    assert [(one.place, one.is_enough) for one in hurdles(known, "b", (1,))] == [(1, True)]
    assert [(one.place, one.is_enough) for one in hurdles(known, "c", (1,))] == [(2, False), (1, False)]
