"""Multiverse: everybody's place under each of several rulebooks that could have been chosen as well."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from attrs import frozen

from emulation.display import Shown
from emulation.names import ParticipantId
from emulation.outcome import Outcome
from emulation.participants import Participants
from emulation.problems import Problem, Refused
from emulation.scenarios.study import Study
from emulation.scenarios.supposed import suppose


@frozen
class Fate:
    """One participant: its official place, and its place in each universe; None where it has none there."""

    participant: ParticipantId
    place: int | None
    places: tuple[int | None, ...]

    @property
    def span(self) -> tuple[int, int] | None:
        """The best and the worst of all its places, the official one among them; None where it has none anywhere."""
        found = [place for place in (self.place, *self.places) if place is not None]
        return (min(found), max(found)) if found else None


@frozen
class Multiverse(Shown):
    """The universes, each a scenario with those it goes on from, and what becomes of everybody in each."""

    outcome: Outcome
    study: Study
    universes: tuple[str, ...]
    fates: tuple[Fate, ...]


def multiverse(outcome: Outcome, study: Study, universes: Sequence[str] = ()) -> Multiverse:
    """Score a campaign in each universe of a study, or in those named; raise `Refused` (E745) where there is none.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> from emulation.outcome import score
    >>> from emulation.scenarios.study_file import load_study
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> found = multiverse(outcome, load_study("campaigns/thai-nguyen-2025", rules))
    >>> next(one for one in found.fates if one.participant == "01912").places
    (76, 82)
    """
    ids = tuple(universes) or study.multiverse
    if not ids:
        raise Refused([Problem("E745", "there is no universe to score", "multiverse: [scenario, ...] in the study")])
    rules, facts, day = outcome.campaign, outcome.observations, outcome.as_of
    scored = [suppose(rules, facts, *study.chain(id), as_of=day).score() for id in ids]
    places = [{one.participant.id: one.rank for one in universe} for universe in scored]
    fates = (
        Fate(one.participant.id, one.rank, tuple(universe.get(one.participant.id) for universe in places))
        for one in outcome
    )
    ordered = sorted((one for one in fates if one.span is not None), key=partial(_in_order, rules.participants))
    return Multiverse(outcome, study, ids, tuple(ordered))


def _in_order(bodies: Participants, fate: Fate) -> tuple[bool, int, object]:
    return fate.place is None, fate.place or 0, bodies.by_name(fate.participant)
