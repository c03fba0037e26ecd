"""Summing: the criteria tree as terms: gaps, drops, bonus, penalty, caps, means, coverage, gates and rounding."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from attrs import evolve, field, frozen

from emulation.columnar.judged import Judging, Known, Valued
from emulation.columnar.measured import CODES, MEASURED, NOT_APPLICABLE
from emulation.columnar.quantities import (
    ZERO,
    Quantity,
    add,
    chosen,
    divided,
    held,
    multiply,
    rounded,
    take,
    total,
    written,
)
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.terms import (
    NO,
    NOTHING,
    YES,
    Term,
    Test,
    Whole,
    as_number,
    both,
    choice,
    compared,
    either,
    every,
    negated,
    plus,
    some,
)
from emulation.columnar.worth import Worth
from emulation.conditions import Unmeasured
from emulation.criteria import (
    TOTAL,
    Aggregation,
    Criterion,
    Greatest,
    Least,
    Mean,
    Product,
    Round,
    Rounding,
    Sum,
    WeightedSum,
)
from emulation.gaps import Block, Drop, Full, Gap, Gaps, Points, Unrank, Value, Zero, settled
from emulation.grammar import word_for
from emulation.names import IndicatorId
from emulation.observations import STATES, State
from emulation.points import Lateness
from emulation.scales import Scale


@frozen
class Score:
    """A criterion for all rows: who has it, their points where known, its maximum, and in what state it is.

    ``unranked`` says where it leaves no total; ``counts`` where it can move what it is part of.
    """

    present: Test
    known: Test
    points: Quantity
    most: Quantity
    state: Term
    unranked: Test
    counts: Test


@frozen
class Summer:
    """Judges every criterion and sums up the tree, parts before the whole."""

    gaps: Gaps
    rounding: Rounding
    unmeasured: Unmeasured
    known: Known
    levels: Mapping[IndicatorId, tuple[str, ...]]
    scores: dict[str, Score] = field(factory=dict)
    blocked: dict[str, Test] = field(factory=dict)

    def score(self, criteria: Sequence[Criterion]) -> None:
        """Score all criteria and the total."""
        whole = Criterion(TOTAL, Sum(tuple(criteria)), missing=Unrank(), not_applicable=Unrank())
        self._count(whole, self.known.sheet.alive)

    def _count(self, criterion: Criterion, among: Test) -> Score:
        meant = both(among, self.known.sheet.selected(criterion.for_))
        parts = [(part, self._count(part, meant)) for part in criterion.parts]
        score = self._leaf(criterion, meant) if criterion.is_leaf else self._whole(criterion, meant, parts)
        self.scores[criterion.id] = kept = self._kept(criterion.id, score)
        return kept

    def _kept(self, id: str, score: Score) -> Score:
        sheet = self.known.sheet
        return Score(
            sheet.truth(f"{id}:present", score.present),
            sheet.truth(f"{id}:known", both(score.present, score.known)),
            sheet.quantity(f"{id}:points", score.points),
            sheet.quantity(f"{id}:most", score.most),
            sheet.let(f"{id}:state", score.state),
            sheet.truth(f"{id}:unranked", both(score.present, score.unranked)),
            sheet.truth(f"{id}:counts", both(score.present, score.counts)),
        )

    def _judging(self) -> Judging:
        return Judging(self.known, self.unmeasured)

    def _rounded(self, points: Quantity, round_: Round | None) -> Quantity:
        if round_ is None or round_.pass_on == "exact":  # noqa: S105
            return points
        return rounded(points, round_.decimals, round_.mode)

    # --- criteria that are judged themselves

    def _leaf(self, criterion: Criterion, meant: Test) -> Score:
        path = ("criteria", criterion.id)
        if criterion.earns is None:
            return Score(meant, YES, ZERO, ZERO, MEASURED, NO, NO)
        if criterion.indicator is None or isinstance(criterion.earns, Aggregation):
            raise ExactOnly(path, f"points by {word_for(type(criterion.earns))}")
        one = self.known.measured(criterion.indicator)
        scale = Scale(criterion.min, criterion.max or 0)
        levels = self.levels.get(criterion.indicator, ())
        worth = Worth(criterion.earns, scale, self._judging(), levels, path)
        earned = worth.earned(one.value, one.undone if isinstance(criterion.earns, Lateness) else NO)
        judged = both(one.known, earned.known)
        state = choice(one.known, choice(earned.known, MEASURED, Whole(CODES["missing"])), one.state)
        filled = self._filled(criterion, state, written(scale.most), worth, both(meant, negated(judged)))
        score = Score(
            meant,
            either(judged, filled.known),
            chosen(judged, earned.value, filled.points),
            written(scale.most),
            choice(judged, MEASURED, filled.state),
            both(negated(judged), filled.unranked),
            YES if criterion.weight != 0 else NO,
        )
        gated = self._gated(criterion, score)
        if criterion.full_if is not None:
            granted = self._judging().judge(criterion.full_if).yes
            gated = evolve(
                gated,
                known=either(granted, gated.known),
                points=chosen(granted, written(scale.most), gated.points),
                state=choice(granted, one.state, gated.state),
                unranked=both(negated(granted), gated.unranked),
            )
            self._narrow_blocked(criterion.id, negated(granted))
        round_ = criterion.round or self.rounding.of(self.rounding.points)
        return evolve(gated, points=self._rounded(gated.points, round_))

    def _narrow_blocked(self, id: str, to: Test) -> None:
        if id in self.blocked:
            self.blocked[id] = both(self.blocked[id], to)

    def _gap_of(self, criterion: Criterion, state: State) -> tuple[Gap | None, State]:
        return settled(state, lambda asked: criterion.gap(asked) or self.gaps.of(asked))

    def _filled(self, criterion: Criterion, state: Term, most: Quantity, worth: Worth | None, blank: Test) -> Score:
        """Fill the gaps as the rulebook says, state by state."""
        lost: Test = NO
        unranked: Test = NO
        points, settled_as = ZERO, state
        for code, name in enumerate(STATES):
            if name == "measured":
                continue
            is_it = compared(state, "==", Whole(code))
            if is_it == NO:
                continue
            gap, as_ = self._gap_of(criterion, name)
            if worth is None and gap is None:
                gap = Drop()
            settled_as = choice(is_it, Whole(CODES[as_]), settled_as)
            match gap:
                case Zero():
                    given = Valued(YES, ZERO)
                case Full():
                    given = Valued(YES, most)
                case Points(number):
                    given = Valued(YES, written(number))
                case Drop():
                    given = Valued(NO, ZERO)
                case Unrank():
                    given, unranked = Valued(NO, ZERO), either(unranked, is_it)
                case Value(number) if worth is not None:
                    given = worth.earned(written(number))
                    unranked = either(unranked, both(is_it, negated(given.known)))
                case Block() | None:
                    given, unranked = Valued(NO, ZERO), either(unranked, is_it)
                    self.blocked[criterion.id] = either(self.blocked.get(criterion.id, NO), both(blank, is_it))
                case other:
                    raise ExactOnly(("criteria", criterion.id, name), f"the gap {word_for(type(other))}")
            lost = either(lost, both(is_it, negated(given.known)))
            points = chosen(is_it, given.value, points)
        return Score(YES, negated(lost), points, ZERO, settled_as, unranked, YES)

    def _gated(self, criterion: Criterion, score: Score) -> Score:
        """Give no points where the gate is closed, and no more than each cap whose condition holds."""
        points = score.points
        if criterion.only_if is not None:
            points = chosen(self._judging().judge(criterion.only_if).yes, points, ZERO)
        for cap in criterion.caps:
            bites = both(self._judging().judge(cap.when).yes, held(points, ">", written(cap.at_most)))
            points = chosen(bites, written(cap.at_most), points)
        return evolve(score, points=points)

    # --- criteria made of others

    def _whole(self, criterion: Criterion, meant: Test, parts: Sequence[tuple[Criterion, Score]]) -> Score:
        path = ("criteria", criterion.id)
        if criterion.best_is is not None:
            raise ExactOnly(path, "what is set against the best of the field")
        if any(part.as_ == "alternative" for part, _ in parts):
            raise ExactOnly(path, "an alternative criterion")
        present = both(meant, some(one.present for _, one in parts))
        counting = some(one.counts for _, one in parts)
        stopped = some(both(one.counts, one.unranked) for _, one in parts)
        covered = self._covered(criterion, parts)
        base = [(part, one) for part, one in parts if part.as_ == "base"]
        left = some(both(one.counts, one.known) for _, one in base)
        # With no unknown among those that count and nothing stopped, what is joined is what there is.
        joined, most = self._joined(criterion, parts)
        natural = (
            written(criterion.scale_to) if criterion.scale_to is not None else self._most(criterion, base, known=False)
        )
        if criterion.scale_to is not None:
            has_most = negated(compared(most.top, "==", NOTHING))
            joined = chosen(has_most, multiply(joined, divided(natural, most)), joined)
            most = chosen(has_most, natural, most)
        only_na = every(either(negated(one.counts), compared(one.state, "==", NOT_APPLICABLE)) for _, one in base)
        some_base = some(one.counts for _, one in base)
        lacking = choice(
            negated(covered),
            Whole(CODES["missing"]),
            choice(left, MEASURED, choice(both(some_base, only_na), NOT_APPLICABLE, Whole(CODES["missing"]))),
        )
        lacking = choice(counting, lacking, MEASURED)
        filled = self._filled_whole(criterion, lacking, covered, natural, every((present, counting, negated(stopped))))
        judged = compared(lacking, "==", MEASURED)
        score = Score(
            present,
            both(negated(stopped), either(judged, filled.known)),
            chosen(counting, chosen(judged, joined, filled.points), ZERO),
            chosen(counting, chosen(judged, most, filled.most), ZERO),
            choice(stopped, Whole(CODES["missing"]), choice(judged, MEASURED, filled.state)),
            either(stopped, both(negated(judged), filled.unranked)),
            both(counting, YES if criterion.weight != 0 else NO),
        )
        decimals = self.rounding.total if criterion.id == TOTAL else self.rounding.groups
        round_ = criterion.round or self.rounding.of(decimals)
        gated = self._gated(criterion, evolve(score, points=chosen(judged, joined, ZERO)))
        points = chosen(counting, chosen(judged, gated.points, filled.points), ZERO)
        return evolve(score, points=self._rounded(points, round_))

    def _filled_whole(
        self, criterion: Criterion, lacking: Term, covered: Test, natural: Quantity, blank: Test
    ) -> Score:
        """Fill a whole of which too little is left; one that no rule fills is left out, as all its parts are."""
        for state in ("missing", "not_applicable"):
            if self._gap_of(criterion, state)[0] is None and covered != YES:
                raise ExactOnly(("criteria", criterion.id, state), "a lack of coverage that no rule settles")
        score = self._filled(criterion, lacking, natural, None, blank)
        return evolve(score, most=natural)

    def _covered(self, criterion: Criterion, parts: Sequence[tuple[Criterion, Score]]) -> Test:
        coverage = criterion.coverage
        if coverage is None:
            return YES
        base = [(part, one) for part, one in parts if part.as_ == "base"]
        measured = [both(one.counts, compared(one.state, "==", MEASURED)) for _, one in base]
        enough: Test = YES
        if coverage.count is not None:
            count: Term = NOTHING
            for one in measured:
                count = plus(count, as_number(one))
            enough = compared(count, ">=", Whole(coverage.count))
        if coverage.share is not None:
            sizes = [
                one.most if isinstance(criterion.earns, Sum) else written(1 if part.weight is None else part.weight)
                for part, one in base
            ]
            all_of = total(chosen(one.counts, size, ZERO) for (_, one), size in zip(base, sizes, strict=True))
            known = total(chosen(test, size, ZERO) for test, size in zip(measured, sizes, strict=True))
            enough = both(enough, held(known, ">=", multiply(written(coverage.share), all_of)))
        return enough

    def _joined(self, criterion: Criterion, parts: Sequence[tuple[Criterion, Score]]) -> tuple[Quantity, Quantity]:
        """Join the parts that have points, and give the maximum in force."""
        match criterion.earns:
            case Sum():
                return self._summed(criterion, parts)
            case how:
                present = [(part, one, both(one.counts, one.known)) for part, one in parts]
                points = [(_weight(part), one.points, test) for part, one, test in present]
                mosts = [(_weight(part), one.most, test) for part, one, test in present]
                path = ("criteria", criterion.id)
                return _terms(how, points, path), _terms(how, mosts, path)

    def _most(self, criterion: Criterion, base: Sequence[tuple[Criterion, Score]], *, known: bool) -> Quantity:
        tests = [(part, one, both(one.counts, one.known) if known else one.counts) for part, one in base]
        if isinstance(criterion.earns, Sum):
            return total(chosen(test, one.most, ZERO) for _, one, test in tests)
        return _terms(
            criterion.earns, [(_weight(part), one.most, test) for part, one, test in tests], ("criteria", criterion.id)
        )

    def _summed(self, criterion: Criterion, parts: Sequence[tuple[Criterion, Score]]) -> tuple[Quantity, Quantity]:
        """Add base points, scaled up for what was dropped; then bonus, penalty, floor and cap, in this order."""
        base = [(part, one) for part, one in parts if part.as_ == "base"]
        declared = self._most(criterion, base, known=False)
        applicable = self._most(criterion, base, known=True)
        points = total(chosen(both(one.counts, one.known), one.points, ZERO) for _, one in base)
        if any(both(one.counts, negated(one.known)) != NO for _, one in base) and declared != applicable:
            scales = both(negated(compared(applicable.top, "==", NOTHING)), negated(held(declared, "==", applicable)))
            points = chosen(scales, multiply(points, divided(declared, applicable)), points)
        for part, one in parts:
            counted = chosen(both(one.counts, one.known), one.points, ZERO)
            if part.as_ == "bonus":
                points = add(points, counted)
            elif part.as_ == "penalty":
                points = take(points, counted)
        most = declared
        if isinstance(criterion.floor, int | Fraction):
            points = chosen(held(points, "<", written(criterion.floor)), written(criterion.floor), points)
        if isinstance(criterion.cap, int | Fraction):
            points = chosen(held(points, ">", written(criterion.cap)), written(criterion.cap), points)
            most = written(criterion.cap)
        return points, most


def _weight(part: Criterion) -> Quantity:
    return written(1 if part.weight is None else part.weight)


def _terms(how: object, parts: Sequence[tuple[Quantity, Quantity, Test]], path: tuple[str, ...]) -> Quantity:
    """Join weighed points of those for whom the tests hold."""
    match how:
        case Mean():
            weights = total(chosen(test, weight, ZERO) for weight, _, test in parts)
            weighed = total(chosen(test, multiply(weight, points), ZERO) for weight, points, test in parts)
            return divided(weighed, weights)
        case WeightedSum():
            return total(chosen(test, multiply(weight, points), ZERO) for weight, points, test in parts)
        case Sum():
            return total(chosen(test, points, ZERO) for _, points, test in parts)
        case Product():
            product = written(1)
            for _, points, test in parts:
                product = chosen(test, multiply(product, points), product)
            return product
        case Least() | Greatest():
            return _extreme(parts, "<" if isinstance(how, Least) else ">")
        case other:
            raise ExactOnly(path, f"what is joined by {word_for(type(other))}")


def _extreme(parts: Sequence[tuple[Quantity, Quantity, Test]], beats: str) -> Quantity:
    """Give the least, or the greatest, of the points there are."""
    found, so_far = ZERO, NO
    for _, points, test in parts:
        better = both(test, either(negated(so_far), held(points, beats, found)))  # type: ignore[arg-type]
        found, so_far = chosen(better, points, found), either(so_far, test)
    return found
