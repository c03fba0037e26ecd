"""Comparison: two outcomes side by side: who moved, and which criterion moved whom by how much, exactly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import cast

from attrs import frozen

from emulation.conditions import Judged
from emulation.criteria import TOTAL, Criterion, Mean, Sum, WeightedSum
from emulation.display import Shown
from emulation.exact import Rational
from emulation.joins import Scored
from emulation.names import CriterionId, IndicatorId, ParticipantId
from emulation.outcome import Outcome
from emulation.participants import Participants
from emulation.publication import Move, moves


@frozen
class Difference:
    """How far apart two scores of one criterion are, and what of it each part brings.

    ``points`` are the two scores, ``brings`` is what their difference adds to the whole the criterion is part of;
    None where that whole is no sum, or where a side is not scored. ``rest`` is what is left of a whole's own
    difference once its parts have brought theirs: rounding, a cap, a gate, the scale; None where nothing adds up.
    So for a sum ``points[1] - points[0] = sum of brings + rest``, exactly.
    """

    criterion: CriterionId
    points: tuple[Rational | None, Rational | None]
    brings: Rational | None
    parts: tuple[Difference, ...] = ()
    rest: Rational | None = None

    @property
    def by(self) -> Rational | None:
        """The second score less the first; None where either is not there."""
        first, second = self.points
        return None if first is None or second is None else second - first


def difference(one: Outcome, here: ParticipantId, other: Outcome, there: ParticipantId) -> Difference | None:
    """Split the difference of two totals criterion by criterion; None where neither is scored.

    The two may be two participants of one outcome, or one participant in two.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> from emulation.outcome import score
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> apart = difference(outcome, "05443", outcome, "05467")
    >>> sum(part.brings for part in apart.parts) + apart.rest == apart.by
    True
    """
    sides = (_Side(one, here), _Side(other, there))
    return _apart(TOTAL, sides, None) if any(side.scored(TOTAL) for side in sides) else None


@frozen
class _Side:
    """One participant in one outcome."""

    outcome: Outcome
    body: ParticipantId

    def scored(self, id: CriterionId) -> Scored | None:
        column = self.outcome.scores.get(id)
        return column[self.body] if column is not None and self.body in column else None

    def parts(self, id: CriterionId) -> Iterable[CriterionId]:
        """Give the parts of a criterion that this participant is scored on."""
        rules = self.outcome.campaign
        whole = rules.criteria if id == TOTAL else rules.criterion[id].parts if id in rules.criterion else ()
        return [part.id for part in whole if self.scored(part.id) is not None]

    def adds(self, id: CriterionId) -> bool:
        """Say whether a criterion is what its parts add up to."""
        return id == TOTAL or isinstance(self._criterion(id).earns, Sum | Mean | WeightedSum)

    def _criterion(self, id: CriterionId) -> Criterion:
        return self.outcome.campaign.criterion[id]


_Sides = tuple[_Side, _Side]


def _apart(id: CriterionId, sides: _Sides, brings: Rational | None) -> Difference:
    scored = tuple(side.scored(id) for side in sides)
    points = cast(
        "tuple[Rational | None, Rational | None]", tuple(None if one is None else one.points for one in scored)
    )
    ids = tuple(dict.fromkeys(part for side in sides for part in side.parts(id)))
    if not ids:
        return Difference(id, points, brings)
    if not all(one is not None and side.adds(id) for one, side in zip(scored, sides, strict=True)) or None in points:
        return Difference(id, points, brings, tuple(_apart(part, sides, None) for part in ids))
    terms = [dict(one.terms) for one in scored if one is not None]
    brought = {part: terms[1].get(part, 0) - terms[0].get(part, 0) for part in ids}
    first, second = cast("tuple[Rational, Rational]", points)
    rest = second - first - sum(brought.values())
    return Difference(id, points, brings, tuple(_apart(part, sides, brought[part]) for part in ids), rest)


# --- outcomes side by side


@frozen
class ValueMoved:
    """An indicator that is otherwise for a participant: its two values, None where there is none."""

    indicator: IndicatorId
    values: tuple[Rational | None, Rational | None]


@frozen
class ClassMoved:
    """What decided a participant's class on either side: the conditions judged, best class first."""

    by: tuple[str, str]
    judged: tuple[tuple[tuple[str, Judged], ...], tuple[tuple[str, Judged], ...]]


@frozen
class Why:
    """Why a participant stands otherwise: what was measured otherwise, the points criterion by criterion, the class.

    Where nothing of its own is otherwise, the others moved.
    """

    values: tuple[ValueMoved, ...]
    points: Difference | None
    class_: ClassMoved | None

    @property
    def is_of_others(self) -> bool:
        """Say whether nothing of the participant's own is otherwise."""
        own = self.points is not None and self.points.by != 0
        return not own and not self.values and self.class_ is None


@frozen
class Moved:
    """A participant on both sides: place, class, awards, and the total."""

    move: Move
    totals: tuple[Rational | None, Rational | None]

    @property
    def is_same(self) -> bool:
        """Say whether nothing is otherwise."""
        return not self.move.moved and self.totals[0] == self.totals[1]


@frozen
class Comparison(Shown):
    """Two outcomes side by side: everybody, those first who moved farthest; and why, for who is asked about."""

    before: Outcome
    after: Outcome
    rows: tuple[Moved, ...]

    @property
    def moved(self) -> tuple[Moved, ...]:
        """Those of whom anything is otherwise."""
        return tuple(row for row in self.rows if not row.is_same)

    def why(self, participant: str) -> Why:
        """Say why a participant (id or name) stands otherwise; only asked of one that is on both sides."""
        id = self.after.campaign.who(participant) or ParticipantId(participant)
        values = _values(self.before, self.after, id)
        return Why(tuple(values), difference(self.before, id, self.after, id), _class(self.before, self.after, id))


def compare(before: Outcome, after: Outcome) -> Comparison:
    """Set two outcomes side by side, sorted by how far each participant moved.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.observations import NONE_REPORTED
    >>> from emulation.outcome import score
    >>> outcome = score(load_campaign("campaigns/thai-nguyen-2025"), NONE_REPORTED)
    >>> compare(outcome, outcome).moved
    ()
    """
    totals = [_totals(outcome) for outcome in (before, after)]
    rows = (
        Moved(move, (totals[0].get(move.participant), totals[1].get(move.participant))) for move in moves(before, after)
    )
    return Comparison(before, after, tuple(sorted(rows, key=partial(_how_far, after.campaign.participants))))


def _totals(outcome: Outcome) -> dict[ParticipantId, Rational | None]:
    return {one.participant.id: one.total for one in outcome}


def _how_far(bodies: Participants, row: Moved) -> tuple[bool, int, bool, Rational, object]:
    """Order by places moved, then by class and awards, then by points; names part the rest."""
    move = row.move
    first, second = move.ranks
    places = 0 if first is None or second is None else abs(second - first)
    settled = move.classes[0] == move.classes[1] and not move.won and not move.lost
    before, after = row.totals
    points = 0 if before is None or after is None else after - before
    return row.is_same, -places, settled, min(points, -points), bodies.by_name(move.participant)


def _values(before: Outcome, after: Outcome, body: ParticipantId) -> Iterator[ValueMoved]:
    ids = dict.fromkeys([*before.measurements, *after.measurements])
    for id in ids:
        values = (_value(before, id, body), _value(after, id, body))
        if values[0] != values[1]:
            yield ValueMoved(id, values)


def _value(outcome: Outcome, indicator: IndicatorId, body: ParticipantId) -> Rational | None:
    found = outcome.measurements.get(indicator, {}).get(body)
    return None if found is None else found.value


def _class(before: Outcome, after: Outcome, body: ParticipantId) -> ClassMoved | None:
    held = [outcome.classes.get(body) for outcome in (before, after)]
    if held[0] is None or held[1] is None or held[0].class_ == held[1].class_:
        return None
    return ClassMoved((held[0].by, held[1].by), (held[0].judged, held[1].judged))
