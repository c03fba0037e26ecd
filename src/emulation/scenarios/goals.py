"""Goals: what a participant wants to reach, and whether an outcome shows it reached."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeAlias

from attrs import frozen

from emulation.campaign import Campaign
from emulation.exact import NotExact, Rational, read_number
from emulation.names import AwardId, ClassName, ParticipantId, StandingId, TargetId, near
from emulation.outcome import Outcome
from emulation.participants import Participant
from emulation.problems import Problem, Refused
from emulation.readiness import Readiness


@frozen
class ReachClass:
    """Hold a class, or a better one."""

    class_: ClassName


@frozen
class WinAward:
    """Receive an award."""

    award: AwardId


@frozen
class ReachRank:
    """Stand at a place, or before it: in a standing that is named, else in the first that ranks the participant."""

    rank: int
    standing: StandingId | None = None


@frozen
class ReachTotal:
    """Have so many points in total, or more."""

    total: Rational


@frozen
class MeetTarget:
    """Meet a target."""

    target: TargetId


Goal: TypeAlias = ReachClass | WinAward | ReachRank | ReachTotal | MeetTarget

FORMS = "class:green, award:flag, rank:10, rank:STANDING:10, total:80 or target:online_80"


def read_goal(text: str, rules: Campaign, participant: str) -> Goal:
    """Read a goal of a participant (an id) as it is typed: ``class:green``, ``award:flag``, ``rank:10``, ``total:80``.

    Raise `Refused` for one that is no goal (E720), or that this participant cannot have (E721).
    """
    kind, _, what = text.partition(":")
    body = rules.participants[participant]
    match kind:
        case "class":
            return ReachClass(ClassName(_known(what, _classes(rules, body), "class")))
        case "award":
            return WinAward(AwardId(_known(what, [one.id for one in rules.awards if one.for_.selects(body)], "award")))
        case "target":
            meant = [one.id for one in rules.targets if one.for_.selects(body)]
            return MeetTarget(TargetId(_known(what, meant, "target")))
        case "rank":
            return _rank(what, rules, body)
        case "total":
            return ReachTotal(_number(what))
        case _:
            words = ("class", "award", "rank", "total", "target")
            raise Refused([Problem("E720", f"{text!r} is no goal", FORMS, near(kind, words))])


def _known(what: str, known: Sequence[str], kind: str) -> str:
    if what in known:
        return what
    expected = f"it can be {', '.join(known)}" if known else f"there is no {kind} for this participant"
    raise Refused([Problem("E721", f"unknown {kind} {what!r}", expected, near(what, known))])


def class_rule(rules: Campaign, body: Participant) -> Readiness | None:
    """Give the rule that classes a participant."""
    return next((one for one in rules.readiness if one.for_.selects(body)), None)


def _classes(rules: Campaign, body: Participant) -> list[str]:
    rule = class_rule(rules, body)
    return [] if rule is None else [str(name) for name in rule.classes]


def _number(what: str) -> Rational:
    try:
        return read_number(what)
    except NotExact as slip:
        raise Refused([Problem(slip.code, slip.what, slip.remedy)]) from None


def _rank(what: str, rules: Campaign, body: Participant) -> ReachRank:
    """Read a place, in a standing if one is named before it."""
    named, _, place = what.rpartition(":")
    meant = [one for one in rules.standings if one.for_.selects(body)]
    if named:
        _known(named, [one.id for one in meant], "standing")
    standing = next((one for one in meant if named in ("", one.id)), None)
    rank, field = _number(place), 0 if standing is None else len(rules.participants.selected(standing.for_))
    if not isinstance(rank, int) or not 1 <= rank <= field:
        expected = f"a place from 1 to {field}" if field else None
        raise Refused([Problem("E721", f"there is no place {place}", expected)])
    return ReachRank(rank, StandingId(named) if named else None)


def reached(goal: Goal, outcome: Outcome, participant: ParticipantId) -> bool:
    """Say whether an outcome shows a goal reached; what is left undecided is not."""
    match goal:
        case ReachClass(wanted):
            rule = class_rule(outcome.campaign, outcome.campaign.participants[participant])
            held = outcome.classes.get(participant)
            if rule is None or held is None or held.class_ is None:
                return False
            return rule.classes.index(held.class_) <= rule.classes.index(wanted)
        case WinAward(award):
            return participant in outcome.awards[award].winners
        case ReachRank(rank, standing):
            placed = outcome.standings[standing].get(participant) if standing else outcome.placed(participant)
            return placed is not None and placed.place is not None and placed.place <= rank
        case ReachTotal(total):
            points = outcome[participant].total
            return points is not None and points >= total
        case MeetTarget(target):
            aim = outcome.aims[target].get(participant)
            return aim is not None and aim.state == "met"
