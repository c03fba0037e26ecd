"""Strengths: how a participant's points of each criterion compare with the middle of those it is ranked with."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from emulation.criteria import Criterion
from emulation.exact import Rational, divide
from emulation.names import CriterionId, ParticipantId
from emulation.outcome import Outcome
from emulation.participants import Participant


@frozen
class Strength:
    """Points of a criterion as a share of its maximum, and the median of that share among those in the same field."""

    criterion: CriterionId
    points: Rational
    most: Rational
    share: Rational
    median: Rational

    @property
    def ahead(self) -> Rational:
        """How far the share is ahead of the median; less than nothing where it is behind."""
        return self.share - self.median


def strengths(outcome: Outcome) -> dict[ParticipantId, tuple[Strength, ...]]:
    """Give everybody's points beside the median of their field: the same kind, and the same group of a standing.

    >>> from emulation.outcome import score
    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> one = strengths(outcome)["05443"][1]
    >>> one.criterion, str(one.share), str(one.median)
    ('tasks', '3/4', '1')
    """
    found: dict[ParticipantId, tuple[Strength, ...]] = {body.id: () for body in outcome.campaign.participants}
    fields = _fields(outcome)
    for criterion in leaves(outcome.campaign.criteria):
        for members in fields:
            for id, strength in _in_field(outcome, criterion.id, members):
                found[id] = (*found[id], strength)
    return found


def leaves(criteria: Sequence[Criterion]) -> Iterator[Criterion]:
    """Give the criteria that are judged themselves, and whose points count in a sum."""
    for criterion in criteria:
        if criterion.parts:
            yield from leaves(criterion.parts)
        elif criterion.as_ == "base" and not criterion.is_tracked:
            yield criterion


def _fields(outcome: Outcome) -> list[list[Participant]]:
    """Part the participants into those who can be compared: of a kind, and of a group that is ranked by itself."""
    fields: dict[tuple[str, str | None], list[Participant]] = {}
    for body in outcome.campaign.participants:
        if body.lives_on(outcome.as_of):
            placed = outcome.placed(body.id)
            fields.setdefault((body.kind, placed.group if placed else None), []).append(body)
    return list(fields.values())


def _in_field(
    outcome: Outcome, criterion: CriterionId, members: Sequence[Participant]
) -> Iterator[tuple[ParticipantId, Strength]]:
    column = outcome.scores[criterion]
    known: dict[ParticipantId, tuple[Rational, Rational]] = {}
    for body in members:
        if body.id in column:
            points, most = column.points_of(body.id), column.most_of(body.id)
            if points is not None and most:
                known[body.id] = points, most
    shares: Mapping[ParticipantId, Rational] = {id: divide(points, most) for id, (points, most) in known.items()}
    if shares:
        middle = median(list(shares.values()))
        yield from ((id, Strength(criterion, points, most, shares[id], middle)) for id, (points, most) in known.items())


def median(values: Sequence[Rational]) -> Rational:
    """Give the middle of values, exactly; the mean of the two in the middle where they are an even number.

    >>> median([3, 1, 2]), str(median([1, 2, 3, 4]))
    (2, '5/2')
    """
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else divide(ordered[half - 1] + ordered[half], 2)
