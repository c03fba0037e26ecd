"""Narrowed: a campaign of those only who have a say in somebody's result, so that it can be scored again and again."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from attrs import evolve

from emulation.campaign import Campaign
from emulation.checks import records_in
from emulation.conditions import Place
from emulation.criteria import Criterion
from emulation.gaps import PeerMean, WorstPeer
from emulation.limits import Peers
from emulation.names import ParticipantId
from emulation.observations import Observations
from emulation.participants import Participants
from emulation.points import PointsRule, is_relative
from emulation.readiness import Readiness, When


def who_has_a_say(rules: Campaign, bodies: Iterable[ParticipantId]) -> Participants:
    """Give some participants and all below them where nobody else has a say in their points, classes and targets.

    Else give everybody: a relative rule, a gap filled from the field, a place, a class by places needs the others.
    """
    everybody = rules.participants
    parts = (rules.criteria, rules.gaps, rules.readiness, rules.targets)
    if rules.mergers is not None or any(_looks_at_others(one.record) for part in parts for one in records_in(part)):
        return everybody
    needed = {*bodies}
    for level in reversed(everybody.levels):
        needed |= {body.id for body in level if body.parent in needed}
    alone = [body if body.parent in needed else evolve(body, parent=None) for body in everybody if body.id in needed]
    return Participants(tuple(alone))


def facts_of(facts: Observations, bodies: Participants) -> Observations:
    """Give the facts of some participants only."""
    return evolve(facts, reported=tuple(one for one in facts if one.participant in bodies))


def _looks_at_others(record: Any) -> bool:
    """Say whether what a rule gives hangs on the results of others."""
    match record:
        case Criterion(earns=earns, best_is=best):
            return best is not None or (record.is_leaf and earns is not None and is_relative(cast("PointsRule", earns)))
        case Readiness(classing=classing, quotas=quotas):
            return bool(quotas) or not isinstance(classing, When)
        case _:
            return isinstance(record, WorstPeer | PeerMean | Peers | Place)
