"""Limits: yardsticks, and which side of them an exact value lies on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Literal, TypeAlias

from attrs import frozen

from emulation.exact import Rational, add_up, divide
from emulation.names import IndicatorId
from emulation.observations import Bound


@frozen
class Indicator_:  # noqa: N801
    """An indicator's value for the participant in question.

    Keys:
        id: the indicator.
    """

    id: IndicatorId


@frozen
class Peers:
    """A figure of the field: of all participants that are compared with one another.

    Keys:
        peers: which figure: mean, median, best, worst, or the mean of the best few.
        count: how many the best few are.
        of: the indicators pooled; the one in question if not said.
        relative: true, to say that a participant's result depends on the others.
    """

    spread: ClassVar[bool] = True
    peers: Literal["mean", "median", "best", "worst", "mean_of_best"]
    relative: bool
    count: int | None = None
    of: tuple[IndicatorId, ...] = ()


Yardstick: TypeAlias = Rational | Indicator_ | Peers
"""What something is held against: a written number, another indicator, or the field."""


@frozen
class AtLeast:
    """Not less than the bound; the bound itself will do.

    Keys:
        bound: a number, an indicator, or a figure of the field.
    """

    bound: Yardstick


@frozen
class Above:
    """More than the bound; the bound itself will not do.

    Keys:
        bound: a number, an indicator, or a figure of the field.
    """

    bound: Yardstick


@frozen
class AtMost:
    """Not more than the bound; the bound itself will do.

    Keys:
        bound: a number, an indicator, or a figure of the field.
    """

    bound: Yardstick


@frozen
class Below:
    """Less than the bound; the bound itself will not do.

    Keys:
        bound: a number, an indicator, or a figure of the field.
    """

    bound: Yardstick


@frozen
class Equals:
    """Exactly the value.

    Keys:
        bound: a number, an indicator, or a figure of the field.
    """

    bound: Yardstick


@frozen
class Between:
    """From one bound to another, both included.

    Keys:
        from: the lower bound.
        to: the upper bound.
    """

    from_: Rational
    to: Rational


Limit: TypeAlias = AtLeast | Above | AtMost | Below | Equals | Between


def meets(limit: Limit, value: Rational | None, bound: Rational | None, known_as: Bound | None = None) -> bool | None:
    """Say whether a value keeps a limit; None where it cannot be said.

    ``bound`` is the yardstick's number. A value that is itself only known as a bound ("over 90 %") decides a
    limit only where every value beyond it would.

    >>> meets(AtLeast(90), 90, 90), meets(Above(90), 90, 90), meets(Above(90), 90, 90, "above")
    (True, False, True)
    >>> meets(AtMost(95), 90, 95, "above") is None
    True
    """
    if value is None or (bound is None and not isinstance(limit, Between)):
        return None
    if known_as is None:
        return _exactly(limit, value, bound)
    return _for_all_beyond(limit, value, bound, known_as)


def _exactly(limit: Limit, value: Rational, bound: Rational | None) -> bool:
    if isinstance(limit, Between):
        return limit.from_ <= value <= limit.to
    edge = bound if bound is not None else value
    match limit:
        case AtLeast():
            return value >= edge
        case Above():
            return value > edge
        case AtMost():
            return value <= edge
        case Below():
            return value < edge
        case Equals():
            return value == edge


def _for_all_beyond(limit: Limit, value: Rational, bound: Rational | None, known_as: Bound) -> bool | None:
    """Decide for a value that lies somewhere strictly above (or below) a reported figure."""
    low, high = (value, None) if known_as == "above" else (None, value)
    if isinstance(limit, Between):
        outside = (low is not None and low >= limit.to) or (high is not None and high <= limit.from_)
        return False if outside else None
    edge = bound if bound is not None else value
    over = True if low is not None and low >= edge else False if high is not None and high <= edge else None
    match limit:
        case AtLeast() | Above():
            return over
        case AtMost() | Below():
            return None if over is None else not over
        case Equals():
            return None if over is None else False


def mean(values: Sequence[Rational]) -> Rational:
    """Give the arithmetic mean of one or more values."""
    return divide(add_up(values), len(values))


def median(values: Sequence[Rational]) -> Rational:
    """Give the middle of one or more sorted values; the mean of the two middle ones where they are even in number.

    >>> median([1, 2, 4, 9])
    3
    """
    half = len(values) // 2
    return values[half] if len(values) % 2 else mean(values[half - 1 : half + 1])


def figure_of(yardstick: Peers, values: Sequence[Rational], better: str | None) -> Rational | None:
    """Give the figure of the field a yardstick names; None for a field without values."""
    if not values:
        return None
    best_first = sorted(values, reverse=better != "lower")
    match yardstick.peers:
        case "best":
            return best_first[0]
        case "worst":
            return best_first[-1]
        case "median":
            return median(best_first)
        case "mean_of_best":
            return mean(best_first[: yardstick.count])
        case "mean":
            return mean(best_first)
