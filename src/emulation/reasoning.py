"""Reasoning: an outcome's records as a tree of reasons; no arithmetic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

from attrs import field, frozen

from emulation.conditions import Judged
from emulation.criteria import TOTAL, Criterion
from emulation.display import Shown
from emulation.measures import Measurement
from emulation.names import IndicatorId, ParticipantId
from emulation.outcome import Outcome

About = Literal[
    "participant",
    "standing",
    "total",
    "criterion",
    "indicator",
    "fact",
    "target",
    "readiness",
    "award",
    "condition",
]


@frozen
class Reason(Shown):
    """Why something came out as it did: what it is about, the rule, the record of its stage, and what it rests on.

    The reason at the top of a tree keeps the ``outcome`` it is of, so that a notebook can show the tree in sentences.

    >>> [one.about for one in Reason("total", "total", None, None, (Reason("criterion", "online", None),)).walk()]
    ['total', 'criterion']
    """

    about: About
    id: str
    record: Any
    rule: Any = None
    parts: tuple[Reason, ...] = ()
    outcome: Outcome | None = field(default=None, eq=False, repr=False)

    def walk(self) -> Iterator[Reason]:
        """Give this reason and all it rests on, from the top down."""
        yield self
        for part in self.parts:
            yield from part.walk()


def reasons(outcome: Outcome, participant: str) -> Reason:
    """Give the tree of reasons for one participant, by id or name, down to the facts reported.

    Raise KeyError for one who does not take part.

    >>> from emulation.outcome import score
    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
    >>> [part.about for part in reasons(score(campaign, facts), "Xã An Khánh").parts]
    ['standing', 'standing', 'total', 'target', 'readiness', 'award']
    """
    body = outcome.campaign.participants[outcome.campaign.who(participant) or participant]
    teller = _Teller(outcome, body.id)
    return Reason("participant", body.id, outcome[body.id], body, tuple(teller.everything()), outcome)


@frozen
class _Teller:
    outcome: Outcome
    body: ParticipantId

    def everything(self) -> Iterator[Reason]:
        outcome, body = self.outcome, self.body
        for standing in outcome.campaign.standings:
            if body in outcome.standings[standing.id]:
                yield Reason("standing", standing.id, outcome.standings[standing.id][body], standing)
        if body in outcome.scores.get(TOTAL, {}):
            parts = tuple(self.criterion(criterion) for criterion in outcome.campaign.criteria if self.has(criterion))
            yield Reason("total", TOTAL, outcome.scores[TOTAL][body], None, parts)
        for target in outcome.campaign.targets:
            if body in outcome.aims[target.id]:
                aim = outcome.aims[target.id][body]
                yield Reason("target", target.id, aim, target, (self.condition(aim.judged),))
        yield from self._classes()
        yield from self._awards()
        yield from self._others()

    def has(self, criterion: Criterion) -> bool:
        return self.body in self.outcome.scores[criterion.id]

    def criterion(self, criterion: Criterion) -> Reason:
        scored = self.outcome.scores[criterion.id][self.body]
        below = [self.criterion(part) for part in criterion.parts if self.has(part)]
        gates = [self.condition(gate) for gate in scored.gates]
        measured = [] if scored.measurement is None else [self.indicator(criterion.indicator or "", scored.measurement)]
        return Reason("criterion", criterion.id, scored, criterion, (*below, *measured, *gates))

    def indicator(self, id: str, measurement: Measurement) -> Reason:
        facts = tuple(Reason("fact", fact.fact, fact) for fact in measurement.facts)
        return Reason("indicator", id, measurement, self.outcome.campaign.indicator.get(IndicatorId(id)), facts)

    def condition(self, judged: Judged) -> Reason:
        return Reason("condition", "", judged, judged.condition, tuple(self.condition(part) for part in judged.parts))

    def _classes(self) -> Iterator[Reason]:
        held = self.outcome.classes.get(self.body)
        if held is None:
            return
        rule = next(
            one
            for one in self.outcome.campaign.readiness
            if one.for_.selects(self.outcome.campaign.participants[self.body])
        )
        parts = [*(judged for _, judged in held.judged), *held.changed]
        yield Reason("readiness", rule.id, held, rule, tuple(self.condition(judged) for judged in parts))

    def _awards(self) -> Iterator[Reason]:
        for award in self.outcome.campaign.awards:
            considered = self.outcome.awards[award.id].considered.get(self.body)
            if considered is not None:
                parts = () if considered.judged is None else (self.condition(considered.judged),)
                yield Reason("award", award.id, considered, award, parts)

    def _others(self) -> Iterator[Reason]:
        """Give the indicators that no criterion judged, so that nothing measured is left unsaid."""
        judged = {criterion.indicator for criterion in self.outcome.campaign.criterion.values() if self.has(criterion)}
        for id, found in self.outcome.measurements.items():
            if id not in judged and self.body in found:
                yield self.indicator(id, found[self.body])
