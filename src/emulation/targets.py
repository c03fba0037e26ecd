"""Targets: a condition plus a deadline, and its distance; judged children first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Literal, TypeAlias

from attrs import frozen

from emulation.conditions import Condition, Facts, Judge, Judged, Unmeasured
from emulation.exact import Rational
from emulation.grammar import inline
from emulation.limits import Above, AtLeast, AtMost, Below
from emulation.names import Label, ParticipantId, TargetId
from emulation.participants import EVERYBODY, Participant, Selector
from emulation.periods import Deadline

AimState = Literal["met", "not_met", "missed", "open", "undecided"]
"""How a target stands: *open* is not met and not yet due, *missed* was not met when it was due."""


@frozen
class Target:
    """What should be reached, and by when.

    Keys:
        title: its name, by language.
        for: whose target it is.
        condition: what must be met: a comparison, a count of children, or all / any / none of several.
        deadline: by (that day is in time) or before (that day is too late).
        horizon: true for a later goal, shown apart from the targets of the campaign.
        competes: false for a target of somebody who does not take part.
        unmeasured: what a comparison over something not measured comes to, where it differs from the campaign's.
        source: where the target is written.
    """

    id: TargetId
    condition: Condition = inline()
    deadline: Deadline | None = inline(default=None)
    title: Label | None = None
    for_: Selector = EVERYBODY
    horizon: bool = False
    competes: bool = True
    unmeasured: Unmeasured | None = None
    source: str | None = None


@frozen
class Aim:
    """How a target stands for one participant: on which day it was judged, through what, and how far off it is.

    ``distance`` is the value less the bound, or the bound less the value where less is wanted: 0 or more is met,
    or more than 0 where the bound itself will not do.
    """

    state: AimState
    judged: Judged
    day: date
    distance: Rational | None


Aims: TypeAlias = Mapping[TargetId, Mapping[ParticipantId, Aim]]


def aim(
    targets: Iterable[Target],
    bodies: Iterable[Participant],
    unmeasured: Unmeasured,
    day: date,
    facts_on: Callable[[date], Facts],
) -> dict[TargetId, dict[ParticipantId, Aim]]:
    """Judge targets for some participants as of a day.

    ``facts_on`` gives what was known at the end of a day: a deadline that has passed is judged on its last day.
    """
    asked = tuple(bodies)
    return {target.id: _aimed(target, asked, target.unmeasured or unmeasured, day, facts_on) for target in targets}


def _aimed(
    target: Target,
    bodies: Iterable[Participant],
    unmeasured: Unmeasured,
    day: date,
    facts_on: Callable[[date], Facts],
) -> dict[ParticipantId, Aim]:
    last = target.deadline.last if target.deadline is not None else None
    judged_on = day if last is None else min(day, last)
    meant = [body for body in bodies if target.for_.selects(body)]
    if not meant:
        return {}
    facts = facts_on(judged_on)
    judge = Judge(facts, unmeasured, facts.participants.selected(target.for_))
    aims: dict[ParticipantId, Aim] = {}
    for body in meant:
        judged = judge.judge(target.condition, body)
        aims[body.id] = Aim(_state(judged.holds, last, day), judged, judged_on, distance(judged))
    return aims


def _state(holds: bool | None, last: date | None, day: date) -> AimState:
    if holds:
        return "met"
    if holds is None:
        return "undecided"
    if last is None:
        return "not_met"
    return "open" if day < last else "missed"


def distance(judged: Judged) -> Rational | None:
    """Give how far a comparison is beyond its bound; None where there are no two numbers to compare."""
    limit = getattr(judged.condition, "limit", None)
    if judged.value is None or judged.bound is None:
        return None
    match limit:
        case AtLeast() | Above():
            return judged.value - judged.bound
        case AtMost() | Below():
            return judged.bound - judged.value
        case _:
            return None
