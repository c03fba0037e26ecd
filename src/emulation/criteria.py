"""Criteria: the scoring tree as a rulebook declares it; an indicator's place in it, its maximum and its rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, TypeAlias

from attrs import frozen

from emulation.conditions import Condition
from emulation.exact import Mode, Rational, rounded
from emulation.gaps import Gap, declared
from emulation.grammar import inline
from emulation.names import CriterionId, GroupName, IndicatorId, Label
from emulation.observations import State
from emulation.participants import EVERYBODY, Selector
from emulation.points import PointsRule


@frozen
class Sum:
    """The sum of the points; bonus is added to it, penalty taken off.

    Keys:
        of: the criteria summed.
    """

    of: tuple[Criterion, ...]


@frozen
class Mean:
    """The weighted arithmetic mean: ``sum(weight x points) / sum(weight)``.

    Keys:
        of: the criteria, each with its weight.
    """

    of: tuple[Criterion, ...]


@frozen
class WeightedSum:
    """The weighted sum, ``sum(weight x points)``, with weights taken as written and never scaled to 1.

    Keys:
        of: the criteria, each with its weight.
    """

    of: tuple[Criterion, ...]


@frozen
class GeometricMean:
    """The weighted geometric mean, rounded as the criterion says since it is irrational.

    Keys:
        of: the criteria, each with its weight.
    """

    of: tuple[Criterion, ...]


@frozen
class HarmonicMean:
    """The weighted harmonic mean: ``sum(weight) / sum(weight / points)``; zero where any is zero.

    Keys:
        of: the criteria, each with its weight.
    """

    of: tuple[Criterion, ...]


@frozen
class Product:
    """The product of the points.

    Keys:
        of: the criteria multiplied.
    """

    of: tuple[Criterion, ...]


@frozen
class Least:
    """The least of the points: the weakest link.

    Keys:
        of: the criteria compared.
    """

    of: tuple[Criterion, ...]


@frozen
class Greatest:
    """The greatest of the points: only the best counts.

    Keys:
        of: the criteria compared.
    """

    of: tuple[Criterion, ...]


@frozen
class BestOf:
    """The sum of the best few.

    Keys:
        count: how many count.
        of: the criteria compared.
    """

    count: int
    of: tuple[Criterion, ...]


Aggregation: TypeAlias = Sum | Mean | WeightedSum | GeometricMean | HarmonicMean | Product | Least | Greatest | BestOf


@frozen
class CapIf:
    """A lower maximum under a condition.

    Keys:
        when: the condition.
        at_most: the most points there are then.
    """

    when: Condition
    at_most: Rational


@frozen
class Coverage:
    """How much must be measured for a criterion made of others to have points at all.

    Keys:
        share: the least share of the maximum (or weight) that must be measured.
        count: the least number of criteria that must be measured.
    """

    share: Rational | None = None
    count: int | None = None


@frozen
class Round:
    """How one criterion is rounded, and what others see of it.

    Keys:
        decimals: to how many decimals.
        mode: half_up, half_even, half_down, up, down, floor or ceiling.
        pass_on: which value parents, ranks and classes see: rounded or exact.
    """

    decimals: int
    mode: Mode
    pass_on: Literal["rounded", "exact"]


@frozen
class Rounding:
    """Where points are rounded, how, and which value decides; a stage that is not named stays exact.

    Keys:
        points: the decimals of a criterion that is judged.
        groups: the decimals of a criterion made of others.
        total: the decimals of the total.
        mode: half_up, half_even, half_down, up, down, floor or ceiling.
        decide_on: which value is passed on, ranked and classed: rounded or exact.
    """

    mode: Mode
    decide_on: Literal["rounded", "exact"]
    points: int | None = None
    groups: int | None = None
    total: int | None = None

    def of(self, decimals: int | None) -> Round | None:
        """Give the rounding of a stage, if it is rounded."""
        return None if decimals is None else Round(decimals, self.mode, self.decide_on)


EXACT = Rounding("half_up", "exact")


@frozen
class Criterion:
    """A place in the scoring tree: judged by a points rule, or made of others.

    Keys:
        title: its name, by language.
        for: whom it is for; if not said, all whom the criterion it is part of is for.
        indicator: what is judged.
        max: the most points; 0 means that it is tracked and not scored.
        min: the fewest points, 0 if not said.
        weight: what it weighs in a mean.
        earns: the points rule, or how the criteria it is made of are joined.
        as: base; bonus, added beyond the maximum; penalty, taken off; alternative, used only when called upon.
        within: the group inside which participants are compared by a relative rule.
        cap: the most the whole can come to with bonus, or none.
        floor: the least the whole can come to with penalties, or none.
        weights_total: what the weights below must add up to, checked when the campaign is read.
        scale_to: the maximum the result is stretched to.
        best_is: what the best of the field is set to, the others in proportion; makes the criterion relative.
        coverage: how much must be measured for there to be points.
        only_if: a condition without which there are no points.
        full_if: a condition that gives all points whatever was measured.
        caps: lower maxima under conditions.
        round: how this criterion is rounded, where it differs from the campaign's rounding.
        missing: what it is worth when nothing was reported.
        not_applicable: what it is worth when there is nothing to measure.
        zero_denominator: what it is worth when there was nothing to divide by.
        not_yet_due: what it is worth when it need not be done yet.
        withheld: what it is worth when the value is not published or its sample is too small.
        source: where the rule is written.
    """

    id: CriterionId
    earns: PointsRule | Aggregation | None = inline(default=None)
    title: Label | None = None
    for_: Selector = EVERYBODY
    indicator: IndicatorId | None = None
    max: Rational | None = None
    min: Rational = 0
    weight: Rational | None = None
    as_: Literal["base", "bonus", "penalty", "alternative"] = "base"
    within: GroupName | None = None
    cap: Rational | Literal["none"] | None = None
    floor: Rational | Literal["none"] | None = None
    weights_total: Rational | None = None
    scale_to: Rational | None = None
    best_is: Rational | None = None
    coverage: Coverage | None = None
    only_if: Condition | None = None
    full_if: Condition | None = None
    caps: tuple[CapIf, ...] = ()
    round: Round | None = None
    missing: Gap | None = None
    not_applicable: Gap | None = None
    zero_denominator: Gap | None = None
    not_yet_due: Gap | None = None
    withheld: Gap | None = None
    source: str | None = None

    @property
    def parts(self) -> tuple[Criterion, ...]:
        """The criteria it is made of; none where it is judged itself."""
        return self.earns.of if isinstance(self.earns, Aggregation) else ()

    @property
    def is_leaf(self) -> bool:
        """Say whether it is judged itself."""
        return not isinstance(self.earns, Aggregation)

    @property
    def is_tracked(self) -> bool:
        """Say whether it is only looked at, with no points to earn."""
        return self.earns is None

    def gap(self, state: State) -> Gap | None:
        """Give what this criterion declares for a state."""
        return declared(self, state)


TOTAL = CriterionId("total")


def walk(criteria: Iterable[Criterion]) -> Iterator[Criterion]:
    """Give all criteria of a tree, each after its parts: the order in which they are computed."""
    for criterion in criteria:
        yield from walk(criterion.parts)
        yield criterion


def passed_on(exact: Rational, round_: Round | None) -> Rational:
    """Give the value that parents, ranks and classes see."""
    if round_ is None or round_.pass_on == "exact":  # noqa: S105
        return exact
    return rounded(exact, round_.decimals, round_.mode)
