"""Gaps: what a criterion is worth where there is no value, as the rulebook declares it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, TypeAlias

from attrs import frozen

from emulation.exact import Rational
from emulation.names import CriterionId
from emulation.observations import State


@frozen
class Zero:
    """No points."""


@frozen
class Full:
    """All points."""


@frozen
class Drop:
    """Left out of points and maximum; what remains is scaled up to the same whole."""


@frozen
class Unrank:
    """The participant has no total and is not ranked."""


@frozen
class Block:
    """Nothing is published until the gap is filled: the command ends with exit code 1."""


@frozen
class Missing:
    """Treated as missing."""


@frozen
class NotApplicable:
    """Treated as not applicable."""


@frozen
class WorstPeer:
    """Judged with the worst value of the field; relative, and marked as imputed."""


@frozen
class PeerMean:
    """Judged with the mean value of the field; relative, and marked as imputed."""


@frozen
class Value:
    """Judged with a written value, marked as imputed.

    Keys:
        value: the value.
    """

    value: Rational


@frozen
class Points:
    """Given a written number of points, marked as imputed.

    Keys:
        points: the points.
    """

    points: Rational


@frozen
class Redistribute:
    """The maximum goes to other criteria beside it, in equal parts to those that are measured.

    Keys:
        to: the criteria that receive it.
        otherwise: what happens when none of them is measured: zero, full or drop.
    """

    to: tuple[CriterionId, ...]
    otherwise: Literal["zero", "full", "drop"]


@frozen
class Alternative:
    """Another criterion, with its own maximum, takes the place of this one.

    Keys:
        criterion: the criterion, declared beside this one with ``as: alternative``.
    """

    criterion: CriterionId


Gap: TypeAlias = (
    Zero
    | Full
    | Drop
    | Unrank
    | Block
    | Missing
    | NotApplicable
    | WorstPeer
    | PeerMean
    | Value
    | Points
    | Redistribute
    | Alternative
)


def declared(record: object, state: State) -> Gap | None:
    """Give what a record with a key for each state declares for one of them."""
    gap: Gap | None = None if state == "measured" else getattr(record, state)
    return gap


@frozen
class Gaps:
    """What each state without a value is worth, unless a criterion says otherwise.

    Keys:
        missing: nothing was reported.
        not_applicable: there is nothing to measure for this participant.
        zero_denominator: there was nothing to divide by.
        not_yet_due: it need not be done yet.
        withheld: it is known but not published, or its sample is too small.
    """

    missing: Gap | None = None
    not_applicable: Gap | None = None
    zero_denominator: Gap | None = None
    not_yet_due: Gap | None = None
    withheld: Gap | None = None

    def of(self, state: State) -> Gap | None:
        """Give what is declared for a state."""
        return declared(self, state)


def settled(state: State, declared: Callable[[State], Gap | None]) -> tuple[Gap | None, State]:
    """Give the gap that settles a state, and the state it is treated as; None where the rulebook leads nowhere.

    >>> settled("zero_denominator", Gaps(zero_denominator=Missing(), missing=Zero()).of)
    (Zero(), 'missing')
    """
    seen: list[State] = []
    while state not in seen:
        seen.append(state)
        gap = declared(state)
        match gap:
            case Missing():
                state = "missing"
            case NotApplicable():
                state = "not_applicable"
            case _:
                return gap, state
    return None, state
