"""Bounds: between which places somebody will stand once what is missing arrives, whatever it says; nothing is drawn.

Each criterion for which nothing was reported may yet bring as little as it can or as much as it can. The best place
of one is with its own at the most and all others' at the least, the worst the other way round.
"""

from __future__ import annotations

from collections.abc import Iterator

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.criteria import TOTAL, Criterion, Mean, Sum, WeightedSum, walk
from emulation.exact import Rational
from emulation.gaps import Full, Zero
from emulation.names import CriterionId, ParticipantId, StandingId
from emulation.outcome import Outcome, score
from emulation.points import Bands, Binary, Levels, PerUnit, Proportional
from emulation.problems import Problem, Refused
from emulation.standings import Key, Points


@frozen
class Waiting:
    """Between which totals and places a participant will stand once all that is missing has arrived.

    ``missing`` are the criteria for which it has reported nothing; the places can still move where others wait too.
    """

    participant: ParticipantId
    place: int | None
    best: int
    worst: int
    totals: tuple[Rational, Rational]
    missing: tuple[CriterionId, ...]


def waiting(outcome: Outcome) -> tuple[Waiting, ...]:
    """Give the best and the worst place of everybody ranked by total, in the order of the best.

    The bounds hold every completion of what is missing, and are reached. Raise `Refused` (E743) where a result hangs
    on others' figures, on conditions, or on a rule that can give more than its maximum: there they are not known.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> [one.participant for one in waiting(outcome) if one.best != one.worst]
    []
    """
    rules = outcome.campaign
    standing = next((one for one in rules.standings if one.by[0] == Key(Points(TOTAL))), None)
    if standing is None or standing.within is not None:
        raise Refused([Problem("E743", "nobody is ranked by the total alone", "a standing by: [total]")])
    for criterion in walk(rules.criteria):
        if (why := _unbounded(criterion)) is not None:
            raise Refused(
                [Problem("E743", f"{criterion.id} {why}", "plain rules, summed", path=("criteria", criterion.id))]
            )
    least = score(_filled(rules, least=True), outcome.observations, outcome.as_of).scores[TOTAL]
    most = score(_filled(rules, least=False), outcome.observations, outcome.as_of).scores[TOTAL]
    meant = [body.id for body in outcome.campaign.participants.selected(standing.for_) if body.id in least]
    ends = {
        id: (low, high)
        for id in meant
        if (low := least.points_of(id)) is not None and (high := most.points_of(id)) is not None
    }
    found = tuple(_between(outcome, id, ends, standing.id) for id in ends)
    by_name = outcome.campaign.participants.by_name
    return tuple(sorted(found, key=lambda one: (one.best, one.worst, by_name(one.participant))))


def _between(
    outcome: Outcome, id: ParticipantId, ends: dict[ParticipantId, tuple[Rational, Rational]], standing: StandingId
) -> Waiting:
    low, high = ends[id]
    others = [end for other, end in ends.items() if other != id]
    placed = outcome.standings[standing].get(id)
    return Waiting(
        id,
        None if placed is None else placed.place,
        1 + sum(their_low > high for their_low, _ in others),
        1 + sum(their_high > low for _, their_high in others),
        (low, high),
        tuple(_missing(outcome, id)),
    )


def _missing(outcome: Outcome, id: ParticipantId) -> Iterator[CriterionId]:
    for criterion in outcome.campaign.criterion.values():
        column = outcome.scores[criterion.id]
        if criterion.is_leaf and criterion.earns is not None and id in column and column[id].state == "missing":
            yield criterion.id


def _filled(rules: Campaign, *, least: bool) -> Campaign:
    """Give rules under which what is missing brings the least it can, or the most."""
    criteria = tuple(_with_gap(one, least=least) for one in rules.criteria)
    return evolve(rules, criteria=criteria, standings=(), readiness=(), awards=(), targets=())


def _with_gap(criterion: Criterion, *, least: bool) -> Criterion:
    joined = criterion.earns
    if isinstance(joined, Sum | Mean | WeightedSum):
        return evolve(criterion, earns=evolve(joined, of=tuple(_with_gap(one, least=least) for one in joined.of)))
    nothing = least if criterion.as_ != "penalty" else not least
    return evolve(criterion, missing=Zero() if nothing else Full())


def _unbounded(criterion: Criterion) -> str | None:
    """Say why what a criterion can bring is not between nothing and its maximum, by its own figures alone."""
    if criterion.only_if or criterion.full_if or criterion.caps or criterion.coverage or criterion.best_is:
        return "hangs on a condition, on coverage or on the best of the field"
    match criterion.earns:
        case None | Sum() | Mean() | WeightedSum():
            return None
        case Proportional(cap="full", floor=None | "zero") | PerUnit(cap="full") | Binary() | Bands() | Levels():
            return None if criterion.min == 0 else "begins above nothing"
        case _:
            return "can bring more than its maximum, less than nothing, or hangs on others"
