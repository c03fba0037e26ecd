"""Indicators: what is looked at, and how it is observed or derived."""

from __future__ import annotations

from datetime import date
from typing import Literal, TypeAlias

from attrs import frozen

from emulation.exact import Rational
from emulation.formulas import Expression
from emulation.grammar import inline
from emulation.names import IndicatorId, Kind, Label, RoundId
from emulation.participants import EVERYBODY, Selector
from emulation.periods import Window

Better = Literal["higher", "lower"]
"""Whether more of an indicator is better, or less."""


@frozen
class Exclusion:
    """A part left out of a ratio, with the legal reason; how much it is shows beside the result.

    Keys:
        of: the part taken from the numerator.
        among: the part taken from the denominator.
        because: why it does not count, in the rulebook's words.
    """

    because: str
    of: IndicatorId | None = None
    among: IndicatorId | None = None


@frozen
class Share:
    """A part of a whole: ``of`` is counted among ``among``, so it is never more than 100 %.

    Keys:
        of: what is counted: an indicator, or a part that is observed under this name.
        among: what it is counted among.
        excluding: parts left out by law, by name.
    """

    of: IndicatorId
    among: IndicatorId
    excluding: tuple[tuple[str, Exclusion], ...] = ()


@frozen
class Ratio:
    """One number over another that need not contain it, so it may be above 100 %.

    Keys:
        of: the numerator: an indicator, or a part that is observed under this name.
        among: the denominator.
        excluding: parts left out by law, by name.
    """

    of: IndicatorId
    among: IndicatorId
    excluding: tuple[tuple[str, Exclusion], ...] = ()


@frozen
class Sample:
    """The share of those asked who said yes, with its sample size; too small a sample is withheld.

    Keys:
        of: how many said yes.
        asked: how many were asked.
        at_least: the fewest that must have been asked.
    """

    of: IndicatorId
    asked: IndicatorId
    at_least: int


@frozen
class Count:
    """A whole number of things, never negative.

    Keys:
        unit: what is counted, in the plural.
    """

    unit: Label


@frozen
class Number:
    """A number with a unit; the unit ``percent`` asks that values are written with the sign %.

    Keys:
        unit: the unit.
    """

    unit: Label


@frozen
class YesNo:
    """A task done or not: observed as yes or no (có, không), measured as 1 or 0."""


@frozen
class Level:
    """A level on an ordinal scale, measured as its position from the lowest, which is 1.

    Keys:
        names: the names of the levels, the lowest first.
    """

    names: tuple[str, ...]


@frozen
class Rank:
    """A place in somebody else's ranking; 1 is the best.

    Keys:
        of: how many are ranked there.
    """

    of: int


@frozen
class Milestone:
    """A task with a due date, observed as the date it was done; measured in days late, early is negative.

    Not done and not yet due is a state of its own; not done and overdue is measured to the checkpoint.

    Keys:
        due: the last day in time.
        counted_in: whether lateness is counted in days or in workdays.
    """

    due: date | Window
    counted_in: Literal["days", "workdays"]


@frozen
class Formula:
    """A number made of other indicators by an exact formula.

    Keys:
        expression: the formula; its names are indicators.
    """

    expression: Expression


@frozen
class Change:
    """How far an indicator has moved from its baseline.

    Keys:
        of: the indicator now.
        since: the indicator that holds the baseline.
        counted_as: difference (now - then), relative (that / then) or gap_closed (that / (goal - then)).
        goal: where the gap ends; needed for gap_closed.
    """

    of: IndicatorId
    since: IndicatorId
    counted_as: Literal["difference", "relative", "gap_closed"]
    goal: Rational | None = None


Source: TypeAlias = Share | Ratio | Sample | Count | Number | YesNo | Level | Rank | Milestone | Formula | Change


@frozen
class Over:
    """A flow: what was reported for days inside a window is summed.

    Keys:
        window: ``period``, a round, or days.
    """

    window: RoundId | Window


@frozen
class At:
    """A stock: what was last reported for a day up to the checkpoint, or up to a day.

    Keys:
        day: ``latest`` or a date.
    """

    day: Literal["latest"] | date


@frozen
class Pool:
    """A roll-up: the parts of the bodies below are summed before anything is divided.

    Keys:
        for: the kind of body that is made of others.
        from: the kind of body it is made of.
        incomplete: what a body is whose parts are not all measured: missing, or the sum of those known.
    """

    for_: Kind
    from_: Kind
    incomplete: Literal["missing", "known"]


@frozen
class Bounds:
    """Where reported values can lie; others are set aside.

    Keys:
        from: the least value possible.
        to: the greatest value possible.
    """

    from_: Rational | None = None
    to: Rational | None = None


@frozen
class Indicator:
    """What is looked at, declared once.

    Keys:
        title: its name, by language.
        for: whom it is about; everybody if not said.
        measured_as: how it is observed (share, count, yes_no ...) or made of others (formula, change).
        time: over a window, what was reported is summed; at a day or latest, the last report counts.
        better: whether more of it is better (higher) or less (lower); needed where it is compared with others.
        pooled: how bodies made of others get it from their parts.
        bounds: where reported values can lie.
        stale_after: after how many days a stock that was not reported again is missing.
        censored: what a figure reported as a bound ("<5") counts as: the bound, half of it, or missing.
        stage: the stage whose figures it looks at, where that is not the one that counts.
        source: where the definition is written.
    """

    id: IndicatorId
    measured_as: Source = inline()
    title: Label | None = None
    for_: Selector = EVERYBODY
    time: Over | At | None = inline(default=None)
    better: Better | None = None
    pooled: Pool | None = None
    bounds: Bounds | None = None
    stale_after: int | None = None
    censored: Literal["bound", "half", "missing"] | None = None
    stage: str | None = None
    source: str | None = None

    @property
    def inputs(self) -> tuple[str, ...]:
        """The ids the indicator is made of: indicators, or parts that are observed by these names."""
        match self.measured_as:
            case Share(of, among, excluding) | Ratio(of, among, excluding):
                cut = [part for _, exclusion in excluding for part in (exclusion.of, exclusion.among) if part]
                return (of, among, *cut)
            case Sample(of, asked, _):
                return (of, asked)
            case Formula(expression):
                return expression.names
            case Change(of, since):
                return (of, since)
            case _:
                return ()

    @property
    def can_divide_by_zero(self) -> bool:
        """Say whether the state *zero denominator* can occur."""
        match self.measured_as:
            case Formula(expression):
                return "/" in expression.text
            case Change(counted_as=counted_as):
                return counted_as != "difference"
            case source:
                return isinstance(source, Share | Ratio)
