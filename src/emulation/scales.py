"""Scales: from the least to the most points, the field that is compared, and what a rule gives."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Literal

from attrs import frozen

from emulation.exact import Rational, add_up, divide, proportion
from emulation.indicators import Better
from emulation.limits import Indicator_, Peers, Yardstick, mean
from emulation.names import ParticipantId
from emulation.places import Counting, places_of

Branch = Literal[
    "reached",
    "capped",
    "partial",
    "floor",
    "below_least",
    "met",
    "not_met",
    "band",
    "no_band",
    "units",
    "steps",
    "base",
    "linear",
    "clipped_low",
    "clipped_high",
    "scaled",
    "all_equal",
    "leader",
    "over_target",
    "under_target",
    "without_target",
    "place",
    "early",
    "on_time",
    "late",
    "undone",
    "level",
    "calculated",
    "no_yardstick",
    "no_value",
]
"""Which way a rule took; the wording reads it."""


@frozen
class Earned:
    """Points on the criterion's scale, the branch taken, and the numbers the branch used, by name."""

    points: Rational | None
    branch: Branch
    used: tuple[tuple[str, Rational], ...] = ()


@frozen
class Scale:
    """The least and the most points a criterion gives."""

    least: Rational
    most: Rational

    def at(self, share: Rational) -> Rational:
        """Give the points at a share of the way from the least to the most."""
        return self.least + share * (self.most - self.least)

    def along(self, part: Rational, whole: Rational) -> Rational:
        """Give the points at ``part / whole`` of the way from the least to the most."""
        if self.least == 0:
            return proportion(part, whole, self.most)
        return self.at(divide(part, whole))


@frozen(slots=False)
class Field:
    """The participants compared with one another in a criterion, with their measured values.

    ``yardstick`` gives what a participant is held against, None where that is not measured. ``levels`` are the
    names of an ordinal scale, the lowest first.
    """

    values: Mapping[ParticipantId, Rational]
    yardstick: Callable[[Yardstick, ParticipantId], Rational | None]
    better: Better = "higher"
    levels: tuple[str, ...] = ()

    def against(self, yardstick: Yardstick, body: ParticipantId) -> Rational | None:
        """Give what a participant is held against: a written number, or what has to be looked up."""
        return self.yardstick(yardstick, body) if isinstance(yardstick, (Indicator_, Peers)) else yardstick

    @cached_property
    def lowest(self) -> Rational:
        """The lowest value of the field."""
        return min(self.values.values())

    @cached_property
    def highest(self) -> Rational:
        """The highest value of the field."""
        return max(self.values.values())

    @property
    def best(self) -> Rational:
        """The best value of the field."""
        return self.lowest if self.better == "lower" else self.highest

    @property
    def worst(self) -> Rational:
        """The worst value of the field."""
        return self.highest if self.better == "lower" else self.lowest

    @cached_property
    def mean(self) -> Rational:
        """The arithmetic mean of the field."""
        return mean(list(self.values.values()))

    @cached_property
    def squares(self) -> Rational:
        """The sum of squared deviations from the mean."""
        return add_up((value - self.mean) ** 2 for value in self.values.values())

    @cached_property
    def ranks(self) -> Mapping[Counting, Mapping[ParticipantId, int]]:
        """The place of each participant, the best first, in both ways of counting."""
        sign = -1 if self.better == "lower" else 1
        keys = {body: sign * value for body, value in self.values.items()}
        return {"shared": places_of(keys, "shared"), "dense": places_of(keys, "dense")}


Cap = Literal["full", "none"]
"""What happens beyond the maximum: cut to full marks, or counted on."""
