"""Judged: conditions as two tests, one that they hold and one that they do not; where neither does, it is open."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from functools import reduce

from attrs import field, frozen

from emulation.columnar.measured import CODES, Measured
from emulation.columnar.quantities import Quantity, divided, held, multiply, over, rounded, written
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.sheet import Sheet
from emulation.columnar.terms import (
    NO,
    NOTHING,
    ONE,
    YES,
    Term,
    Test,
    Whole,
    both,
    compared,
    either,
    every,
    minus,
    negated,
    some,
)
from emulation.conditions import (
    All,
    AllAre,
    Any,
    Children,
    Compare,
    Condition,
    CountOf,
    Every,
    Member,
    None_,
    NoneAre,
    Place,
    Points,
    Readiness_,
    ShareOf,
    ShareOfMax,
    SomeAre,
    StateIs,
    Subject,
    TargetMet,
    Unmeasured,
)
from emulation.exact import Rational
from emulation.limits import Above, AtLeast, AtMost, Below, Between, Equals, Indicator_, Limit, Peers, Yardstick
from emulation.names import ClassName, IndicatorId


@frozen
class Verdict:
    """That something holds, and that it does not."""

    yes: Test
    no: Test


@frozen
class Valued:
    """A value where it is known."""

    known: Test
    value: Quantity


@frozen
class Known:
    """What is known so far of every row: the stages before hand it on."""

    sheet: Sheet
    measured: Callable[[str], Measured]
    better: Mapping[IndicatorId, str] = field(factory=dict)
    present: Mapping[str, Test] = field(factory=dict)
    points: Mapping[str, Valued] = field(factory=dict)
    most: Mapping[str, Quantity] = field(factory=dict)
    leaves: tuple[str, ...] = ()
    places: Mapping[str, Valued] = field(factory=dict)
    targets: Mapping[str, Verdict] = field(factory=dict)
    class_: Term | None = None
    classes: tuple[ClassName, ...] = ()


NO_CLASS = NOTHING
"""The code of a class that is not held, or not decided; classes count from 1."""

_HOW = {AtLeast: ">=", Above: ">", AtMost: "<=", Below: "<", Equals: "=="}


@frozen
class Judging:
    """Judges conditions for all rows at once."""

    known: Known
    unmeasured: Unmeasured

    def judge(self, condition: Condition) -> Verdict:
        """Say where a condition holds, and where it does not."""
        match condition:
            case All(of):
                return reduce(_and, map(self.judge, of), Verdict(YES, NO))
            case Any(of):
                return reduce(_or, map(self.judge, of), Verdict(NO, YES))
            case None_(of):
                any_ = reduce(_or, map(self.judge, of), Verdict(NO, YES))
                return Verdict(any_.no, any_.yes)
            case Compare(subject, limit):
                return self.compared(self._value(subject), limit)
            case Every():
                return self._every(condition)
            case Children():
                return self._children(condition)
            case StateIs(indicator, among):
                state = self.known.measured(indicator).state
                is_one = some(compared(state, "==", Whole(CODES[one])) for one in among)
                return Verdict(is_one, negated(is_one))
            case TargetMet(target):
                return self._decided(self.known.targets.get(target, Verdict(NO, NO)))
            case Readiness_(among):
                return self._in_class(among)
            case Member(of):
                is_one = self.known.sheet.selected(of)
                return Verdict(is_one, negated(is_one))

    def _decided(self, verdict: Verdict) -> Verdict:
        return Verdict(verdict.yes, negated(verdict.yes)) if self.unmeasured == "not_met" else verdict

    def compared(self, value: Valued, limit: Limit) -> Verdict:
        """Hold a value against a limit."""
        if isinstance(limit, Between):
            inside = both(held(value.value, ">=", written(limit.from_)), held(value.value, "<=", written(limit.to)))
            return self._decided(Verdict(both(value.known, inside), both(value.known, negated(inside))))
        bound = self.yardstick(limit.bound)
        keeps = held(value.value, _HOW[type(limit)], bound.value)  # type: ignore[arg-type]
        known = both(value.known, bound.known)
        return self._decided(Verdict(both(known, keeps), both(known, negated(keeps))))

    def yardstick(self, yardstick: Yardstick) -> Valued:
        """Give what something is held against."""
        match yardstick:
            case Indicator_(id):
                return self._value(Indicator_(id))
            case Peers():
                raise ExactOnly((), "a figure of the field as a bound")
            case number:
                return Valued(YES, written(number))

    def _value(self, subject: Subject) -> Valued:
        match subject:
            case Indicator_(id):
                one = self.known.measured(id)
                return Valued(one.known, one.value)
            case Points(criterion):
                return self._known_of(self.known.points, criterion)
            case ShareOfMax(criterion):
                points, most = self._known_of(self.known.points, criterion), self.known.most[criterion]
                has_most = negated(compared(most.top, "==", NOTHING))
                return Valued(both(points.known, has_most), divided(points.value, most))
            case Place(standing):
                return self._known_of(self.known.places, standing)

    def _known_of(self, values: Mapping[str, Valued], id: str) -> Valued:
        if id not in values:
            raise ExactOnly((), f"{id} before it is known")
        return values[id]

    def _every(self, condition: Every) -> Verdict:
        criteria = self.known.leaves if condition.every == "criterion" else condition.every
        verdict = Verdict(YES, NO)
        for id in criteria:
            asked = self.known.present[id]
            one = self.compared(self.known.points[id], condition.limit)
            verdict = _and(verdict, Verdict(either(negated(asked), one.yes), both(asked, one.no)))
        return verdict

    def _in_class(self, among: tuple[ClassName, ...]) -> Verdict:
        class_ = self.known.class_
        if class_ is None:
            return self._decided(Verdict(NO, NO))
        codes = [self.known.classes.index(one) + 1 for one in among]
        yes = some(compared(class_, "==", Whole(code)) for code in codes)
        has_class = negated(compared(class_, "==", NO_CLASS))
        return self._decided(Verdict(yes, both(has_class, negated(yes))))

    def _children(self, condition: Children) -> Verdict:
        """Count the living parts for whom the wanted holds, and those for whom it is open."""
        wanted = condition.counting.condition
        one = self._in_class((wanted,)) if isinstance(wanted, str) else self.judge(wanted)
        alive = self.known.sheet.alive
        yes, no = both(alive, one.yes), both(alive, one.no)
        (_, lives, holds, fails), _ = self.known.sheet.below("children", condition.children, [alive, yes, no])
        match condition.counting:
            case AllAre():
                none_below = compared(lives, "==", NOTHING)
                all_hold = both(negated(none_below), compared(holds, "==", lives))
                return Verdict(all_hold, either(none_below, compared(fails, ">", NOTHING)))
            case NoneAre():
                return Verdict(compared(fails, "==", lives), compared(holds, ">", NOTHING))
            case SomeAre():
                return Verdict(compared(holds, ">", NOTHING), compared(fails, "==", lives))
            case ShareOf() | CountOf():
                return self._counted(condition, lives, holds, fails)

    def _counted(self, condition: Children, lives: Term, holds: Term, fails: Term) -> Verdict:
        """Hold the count or share against the limit; it is open where those who are open could turn it."""
        limit = condition.limit or AtLeast(1)
        per = lives if isinstance(condition.counting, ShareOf) else ONE
        least, most = over(holds, ONE), over(minus(lives, fails), ONE)
        divisible = compared(per, ">", NOTHING)
        match limit:
            case Between(from_, to):
                verdict = _between(least, most, per, from_, to)
            case Equals(int() | Fraction() as bound):
                verdict = _between(least, most, per, bound, bound)
            case Equals():
                raise ExactOnly((), "a count held equal to an indicator")
            case _:
                whole = over(per, ONE)
                ends = [self.compared(Valued(divisible, divided(one, whole)), limit) for one in (least, most)]
                verdict = Verdict(every(one.yes for one in ends), every(one.no for one in ends))
        return self._decided(Verdict(both(divisible, verdict.yes), both(divisible, verdict.no)))


def _between(least: Quantity, most: Quantity, per: Term, from_: Rational, to: Rational) -> Verdict:
    """Say whether all counts from the least to the most, each over ``per``, lie between two bounds, or none."""
    low, high = multiply(written(max(from_, 0)), over(per, ONE)), multiply(written(to), over(per, ONE))
    if to < 0:
        return Verdict(NO, YES)
    first, last = rounded(low, 0, "ceiling"), rounded(high, 0, "floor")
    some_do = every((held(first, "<=", last), held(first, "<=", most), held(least, "<=", last)))
    return Verdict(both(held(least, ">=", low), held(most, "<=", high)), negated(some_do))


def _and(one: Verdict, other: Verdict) -> Verdict:
    return Verdict(both(one.yes, other.yes), either(one.no, other.no))


def _or(one: Verdict, other: Verdict) -> Verdict:
    return Verdict(either(one.yes, other.yes), both(one.no, other.no))
