"""Oracle: an independent recount of whole campaigns agrees to the last digit."""

from __future__ import annotations

from typing import TypeAlias

from hypothesis import given

from emulation.campaign import Campaign
from emulation.observations import Observations
from emulation.outcome import score
from emulation.testing.contests import contests

from oracle import Recount

Contest: TypeAlias = tuple[Campaign, Observations]


@given(contests())
def test_a_recount_agrees(contest: Contest) -> None:
    """Measurements, points, places, targets, classes and awards are what a recount by the rules' sentences gives."""
    outcome = score(*contest)
    recount = Recount(*contest, outcome.as_of)

    for id, found in outcome.measurements.items():
        for body, one in found.items():
            again = recount.measure(id, body)
            assert (id, body, one.state, one.value, one.bound) == (id, body, again.state, again.value, again.bound)
    for id, scores in outcome.scores.items():
        for body, one in scores.items():
            again = recount.scored[id][body]
            assert (id, body, one.points, one.most) == (id, body, again.points, again.most), (one, again)
    for id, placed in outcome.standings.items():
        assert {body: one.place for body, one in placed.items()} == recount.places(id)
    for body, held in outcome.classes.items():
        assert (body, held.class_) == (body, recount.classed(body)), held
    for award in outcome.campaign.awards:
        considered = outcome.awards[award.id].considered
        assert {body: one.result for body, one in considered.items()} == recount.awarded(award)
