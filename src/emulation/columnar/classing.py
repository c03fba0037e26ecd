"""Classing: readiness as the code of a class: by conditions, by place or in equal parts; law, vetoes and caps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import accumulate

from attrs import frozen

from emulation.columnar.judged import NO_CLASS, Judging, Known, Verdict
from emulation.columnar.quantities import multiply, over, rounded, written
from emulation.columnar.ranking import Placing
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.terms import (
    NO,
    ONE,
    Term,
    Test,
    Whole,
    as_number,
    both,
    choice,
    compared,
    either,
    floor,
    minus,
    negated,
    plus,
    times,
)
from emulation.conditions import Unmeasured
from emulation.names import ClassName, StandingId
from emulation.readiness import ByPlace, Quantiles, Readiness, When


@frozen
class Classer:
    """Gives the code of the class each row holds by one rule; 0 where it cannot be decided."""

    rule: Readiness
    known: Known
    placings: Mapping[StandingId, Placing]
    unmeasured: Unmeasured

    def class_(self) -> Term:
        """Give the class: as classed, then by law, vetoes and caps; one that cannot be decided leaves it open."""
        if self.rule.quotas:
            raise ExactOnly(("readiness", self.rule.id, "quotas"), "a quota of a class")
        held = self._classed()
        for cap in self.rule.caps:
            held = self._capped(held, cap.at_most, self._judged(cap.when))
        vetoed: Test = NO
        for veto in self.rule.vetoes:
            verdict = self._judged(veto.when)
            first = both(negated(vetoed), negated(verdict.no))
            held = choice(first, choice(verdict.yes, self._code(veto.class_), NO_CLASS), held)
            vetoed = either(vetoed, first)
        for law in reversed(self.rule.overrides):
            held = choice(self.known.sheet.selected(law.for_), self._code(law.class_), held)
        return held

    def _code(self, class_: ClassName | None) -> Term:
        return NO_CLASS if class_ is None else Whole(self.known.classes.index(class_) + 1)

    def _judged(self, condition: object) -> Verdict:
        judging = Judging(self.known, self.rule.unmeasured or self.unmeasured)
        return judging.judge(condition)  # type: ignore[arg-type]

    def _capped(self, held: Term, at_most: ClassName, verdict: Verdict) -> Term:
        """Lower a class that is better than the cap; what cannot be decided leaves it open."""
        better = self.rule.classes[: self.rule.classes.index(at_most)]
        above: Test = NO
        for class_ in better:
            above = either(above, compared(held, "==", self._code(class_)))
        lowered = choice(verdict.yes, self._code(at_most), choice(verdict.no, held, NO_CLASS))
        return choice(above, lowered, held)

    def _classed(self) -> Term:
        match self.rule.classing:
            case When(classes):
                return self._by_condition(dict(classes))
            case ByPlace(standing, shares, mode, ties):
                named = dict(shares)
                names = [class_ for class_ in self.rule.classes if class_ in named]
                placing = self.placings[standing]
                sizes = [
                    rounded(multiply(written(Fraction(named[name])), over(placing.of, ONE)), 0, mode).top
                    for name in names
                ]
                return self._cut(placing, names, sizes, ties)
            case Quantiles(standing, remainder, ties):
                placing = self.placings[standing]
                return self._cut(
                    placing, self.rule.classes, _equal_sizes(placing.of, len(self.rule.classes), remainder), ties
                )

    def _by_condition(self, conditions: Mapping[ClassName, object]) -> Term:
        """Take the best class whose condition holds; what cannot be decided leaves the class open."""
        held = self._code(self.rule.otherwise)
        for class_ in reversed(self.rule.classes):
            if class_ in conditions:
                verdict = self._judged(conditions[class_])
                held = choice(verdict.yes, self._code(class_), choice(verdict.no, held, NO_CLASS))
        return held

    def _cut(self, placing: Placing, names: Sequence[ClassName], sizes: Sequence[Term], ties: str) -> Term:
        """Cut places into classes of these sizes; a tie across an edge goes up or down as a whole."""
        decides = plus(placing.before, ONE if ties == "up" else placing.equal)
        held = self._code(self.rule.otherwise)
        edges = list(accumulate(sizes, plus))
        for name, edge in reversed(list(zip(names, edges, strict=True))):
            held = choice(compared(decides, "<=", edge), self._code(name), held)
        return choice(placing.ranked, held, NO_CLASS)


def _equal_sizes(ranked: Term, classes: int, remainder: str) -> list[Term]:
    """Split a number into equal classes; the remainder goes to the best, the worst or the middle ones."""
    size = floor(ranked, Whole(classes))
    left = minus(ranked, times(Whole(classes), size))
    order = list(range(classes))
    if remainder == "worst":
        order.reverse()
    elif remainder == "middle":
        order.sort(key=lambda place: (abs(2 * place - classes + 1), place))
    return [plus(size, as_number(compared(left, ">", Whole(order.index(place))))) for place in range(classes)]
