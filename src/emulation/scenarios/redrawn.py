"""Redrawn: a campaign scored anew at each draw of its weights and samples, with all it says of places and classes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from attrs import evolve, field, frozen

from emulation.campaign import Campaign
from emulation.exact import Rational
from emulation.indicators import Sample
from emulation.names import CriterionId, ParticipantId
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.scenarios.paths import spot_at
from emulation.scenarios.ranges import Ranges, asked_again, criteria_of, drawn, unit_of


@frozen
class Redrawn:
    """Tallies of one participant over draws: its places, classes and awards."""

    ranks: Counter[int] = field(factory=Counter)
    classes: Counter[str] = field(factory=Counter)
    awards: Counter[str] = field(factory=Counter)

    def count(self, outcome: Outcome, participant: ParticipantId) -> None:
        """Count what one draw gave; no place, class or award counts as nothing."""
        result = outcome[participant]
        if result.rank is not None:
            self.ranks[result.rank] += 1
        if result.readiness is not None:
            self.classes[result.readiness] += 1
        self.awards.update(result.awards)


def redrawn(outcome: Outcome, ranges: Ranges, draws: int, seed: int) -> Iterator[Outcome]:
    """Score an outcome's campaign under each draw of weights, and of samples where these are redrawn."""
    rules, ids = outcome.campaign, criteria_of(ranges)
    keys = {id: _key(rules, id) for id in ids}
    declared: dict[CriterionId, Rational] = {id: spot_at(rules, keys[id]).value for id in ids}
    unit = unit_of(ranges, declared)
    asked = _samples(rules) if ranges.samples == "redrawn" else {}
    for number, weights in enumerate(drawn(ranges, declared, draws, seed)):
        drawn_rules = rules
        for id, weight in zip(ids, weights, strict=True):
            drawn_rules = spot_at(drawn_rules, keys[id]).put(weight * unit)
        yield score(drawn_rules, _resampled(outcome.observations, asked, seed, number), outcome.as_of)


def _key(rules: Campaign, id: CriterionId) -> str:
    """Give the path to what a criterion weighs: its weight where one is declared, else its maximum."""
    return f"criteria.{id}.{'max' if rules.criterion[id].weight is None else 'weight'}"


def _samples(rules: Campaign) -> dict[str, str]:
    """Give the facts that are answers of a sample, each with the fact of how many were asked."""
    return {
        one.measured_as.of: one.measured_as.asked for one in rules.indicators if isinstance(one.measured_as, Sample)
    }


def _resampled(facts: Observations, asked: dict[str, str], seed: int, draw: int) -> Observations:
    """Ask each sample again."""
    if not asked:
        return facts
    sizes: dict[tuple[object, ...], Rational | None] = {
        (one.participant, one.fact, one.span, one.stage): one.value for one in facts
    }
    return evolve(facts, reported=tuple(_again(one, sizes, asked, seed, draw) for one in facts))


def _again(
    one: Observation,
    sizes: dict[tuple[object, ...], Rational | None],
    asked: dict[str, str],
    seed: int,
    draw: int,
) -> Observation:
    size = sizes.get((one.participant, asked.get(one.fact), one.span, one.stage))
    if not isinstance(size, int) or not isinstance(one.value, int) or size == 0:
        return one
    return evolve(one, value=asked_again(seed, draw, f"{one.participant}/{one.fact}/{one.span.last}", one.value, size))
