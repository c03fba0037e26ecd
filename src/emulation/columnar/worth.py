"""Worth: points rules as terms: what a measured value earns, and where it earns nothing that can be said."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from attrs import frozen

from emulation.columnar.judged import Judging, Valued
from emulation.columnar.quantities import (
    Quantity,
    add,
    chosen,
    divided,
    held,
    multiply,
    rounded,
    take,
    written,
)
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.terms import NO, NOTHING, YES, Test, both, compared, every, negated, some
from emulation.exact import Rational
from emulation.grammar import word_for
from emulation.points import (
    Band,
    Bands,
    Binary,
    Lateness,
    Levels,
    Linear,
    PerUnit,
    PointsRule,
    Proportional,
    Steps,
)
from emulation.problems import Path
from emulation.scales import Scale


@frozen
class Worth:
    """Says what a value earns under a rule on a scale; ``levels`` are the names of an ordinal scale."""

    rule: PointsRule
    scale: Scale
    judging: Judging
    levels: tuple[str, ...]
    path: Path

    def earned(self, value: Quantity, undone: Test = NO) -> Valued:
        """Give the points of a value, and where there are any."""
        match self.rule:
            case Proportional() as rule:
                return self._proportional(rule, value)
            case Binary(limit):
                verdict = Judging(self.judging.known, "undecided").compared(Valued(YES, value), limit)
                points = chosen(verdict.yes, self._most, self._least)
                return Valued(some((verdict.yes, verdict.no)), points)
            case Bands() as rule:
                return self._bands(rule, value)
            case PerUnit(points, cap):
                earned = add(self._least, multiply(written(points), value))
                return Valued(YES, self._capped(earned) if cap == "full" else earned)
            case Steps() as rule:
                return Valued(YES, self._steps(rule, value))
            case Linear() as rule:
                return self._linear(rule, value)
            case Lateness() as rule:
                return Valued(YES, chosen(undone, written(self.scale.at(rule.undone)), self._late(rule, value)))
            case Levels(points):
                named = dict(points)
                rows = [
                    (held(value, "==", written(place)), written(named[name]))
                    for place, name in enumerate(self.levels, start=1)
                ]
                return Valued(some(test for test, _ in rows), _first(rows, written(0)))
            case other:
                raise ExactOnly(self.path, f"points by {word_for(type(other))}")

    @property
    def _least(self) -> Quantity:
        return written(self.scale.least)

    @property
    def _most(self) -> Quantity:
        return written(self.scale.most)

    def _capped(self, points: Quantity) -> Quantity:
        return chosen(held(points, ">=", self._most), self._most, points)

    def _at(self, share: Quantity) -> Quantity:
        return add(self._least, multiply(share, written(self.scale.most - self.scale.least)))

    def _proportional(self, rule: Proportional, value: Quantity) -> Valued:
        full = self.judging.yardstick(rule.full_at)
        rows: list[tuple[Test, Quantity]] = []
        if rule.nothing_below is not None:
            rows.append((held(value, "<", written(rule.nothing_below)), self._least))
        if rule.floor == "zero":
            rows.append((held(value, "<", written(0)), self._least))
        if rule.cap == "full":
            rows.append((held(value, ">=", full.value), self._most))
        usable = both(full.known, compared(full.value.top, ">", NOTHING))
        return Valued(usable, _first(rows, self._at(divided(value, full.value))))

    def _bands(self, rule: Bands, value: Quantity) -> Valued:
        """Take the band of the most points (or the least, where that is how a shared edge is settled)."""
        numbered = sorted(enumerate(rule.of), key=lambda one: (one[1].points, one[0]))
        best_first = numbered if rule.shared_edge == "lower" else numbered[::-1]
        rows = [(_holds(band, value), written(band.points)) for _, band in best_first]
        known = YES if rule.otherwise is not None else some(test for test, _ in rows)
        return Valued(known, _first(rows, written(rule.otherwise or 0)))

    def _steps(self, rule: Steps, value: Quantity) -> Quantity:
        beyond = divided(take(value, written(rule.start)), written(rule.every))
        steps = beyond if rule.part == "pro_rata" else rounded(beyond, 0, "floor")
        points = add(written(rule.base), multiply(steps, written(rule.add)))
        rows = [
            (held(value, "<=", written(rule.start)), written(rule.base)),
            (held(points, "<", self._least), self._least),
            (held(points, ">", self._most), self._most),
        ]
        return _first(rows, points)

    def _linear(self, rule: Linear, value: Quantity) -> Valued:
        low, high = self.judging.yardstick(rule.from_), self.judging.yardstick(rule.to)
        share = divided(take(value, low.value), take(high.value, low.value))
        rows: list[tuple[Test, Quantity]] = []
        if rule.clip in ("both", "low"):
            rows.append((held(share, "<", written(0)), self._least))
        if rule.clip in ("both", "high"):
            rows.append((held(share, ">", written(1)), self._most))
        usable = every((low.known, high.known, negated(held(low.value, "==", high.value))))
        return Valued(usable, _first(rows, self._at(share)))

    def _late(self, rule: Lateness, value: Quantity) -> Quantity:
        def rows_of(table: Sequence[tuple[int, Rational]], on: Callable[[int], Test]) -> list[tuple[Test, Quantity]]:
            return [(on(days), written(self.scale.at(share))) for days, share in sorted(table, reverse=True)]

        late = compared(value.top, ">", NOTHING)
        early = compared(value.top, "<", NOTHING)
        rows = rows_of(rule.late, lambda days: both(late, held(value, ">=", written(days))))
        rows += rows_of(rule.early, lambda days: both(early, held(value, "<=", written(-days))))
        return _first(rows, written(self.scale.at(rule.on_time)))


def _holds(band: Band, value: Quantity) -> Test:
    ends = ((band.from_, ">="), (band.above, ">"), (band.to, "<="), (band.before, "<"))
    return every(held(value, how, written(end)) for end, how in ends if end is not None)  # type: ignore[arg-type]


def _first(rows: Sequence[tuple[Test, Quantity]], otherwise: Quantity) -> Quantity:
    """Give what stands beside the first test that holds."""
    found = otherwise
    for test, one in reversed(rows):
        found = chosen(test, one, found)
    return found
