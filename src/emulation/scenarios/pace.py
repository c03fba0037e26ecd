"""Pace: what must be done a day to be there in time, against what was done a day so far."""

from __future__ import annotations

from datetime import date, timedelta
from math import ceil
from typing import Literal

from attrs import frozen

from emulation.exact import Rational, add_up, divide
from emulation.indicators import Over
from emulation.names import ParticipantId
from emulation.outcome import Outcome
from emulation.scenarios.efforts import Lever

PaceState = Literal["on_track", "behind", "unknown"]


@frozen
class Pace:
    """How much a day is needed up to a day, and how much a day it was so far.

    ``so_far`` is a flow's sum over the days it was reported for, or how far a stock has moved from its first report
    to its last over the days between; None where that says nothing. ``reached_on`` is the day on which the goal is
    reached at that pace; None where it is not.
    """

    needed: Rational
    so_far: Rational | None
    state: PaceState
    reached_on: date | None


def pace_of(outcome: Outcome, body: ParticipantId, lever: Lever, by: Rational, day: date) -> Pace | None:
    """Compare the pace that a change asks for with the pace so far; None where the day is today."""
    left = (day - outcome.as_of).days
    if left == 0 or lever.most == 1:
        return None
    needed, so_far = divide(by, left), _so_far(outcome, body, lever)
    if so_far is None:
        return Pace(needed, None, "unknown", None)
    if so_far * lever.sign <= 0:
        return Pace(needed, so_far, "behind", None)
    days = ceil(divide(by, so_far))
    reached_on = outcome.as_of + timedelta(days=days) if days < date.max.toordinal() - day.toordinal() else None
    on_track = reached_on is not None and reached_on <= day
    return Pace(needed, so_far, "on_track" if on_track else "behind", reached_on)


def _so_far(outcome: Outcome, body: ParticipantId, lever: Lever) -> Rational | None:
    told = outcome.observations.about.get(lever.fact, {}).get(body, ())
    told = tuple(one for one in told if one.value is not None and one.span.last <= outcome.as_of)
    series = [one for one in told if (one.stage, one.source) == (told[-1].stage, told[-1].source)]
    if not series:
        return None
    if any(isinstance(kind.time, Over) for kind in lever.indicators):
        return divide(add_up(one.value or 0 for one in series), _days(series[0].span.first, series[-1].span.last) + 1)
    days = _days(series[0].span.last, series[-1].span.last)
    return divide((series[-1].value or 0) - (series[0].value or 0), days) if days else None


def _days(first: date, last: date) -> int:
    return (last - first).days
