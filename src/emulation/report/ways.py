"""Ways: what must change to reach a goal, as text and records: alone, together, against the clock, or why not."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from emulation.exact import Rational, write_number
from emulation.outcome import Outcome
from emulation.report.layout import heading, page, table_lines, wrapped
from emulation.report.speech import Speech
from emulation.report.words import Words
from emulation.scenarios.efforts import Lever
from emulation.scenarios.goals import Goal, MeetTarget, ReachClass, ReachRank, ReachTotal, WinAward
from emulation.scenarios.ladder import Climb
from emulation.scenarios.pace import Pace
from emulation.scenarios.way_up import Alone, Blocked, Mix, Step, WayUp

FORMAT = 1
MANY = 30
"""Ways of everybody that are shown without being asked for."""


def way_up_text(way: WayUp, words: Words) -> str:
    """Say what a participant must change to reach a goal."""
    speech = Speech(way.outcome.campaign, words)
    lines = [*heading(way.outcome, words), "", *wrapped(_title(way, speech), "", page(words))]
    if way.is_there:
        return "\n".join([*lines, f"  {words.say('wayup.there')}"]) + "\n"
    if way.mix is not None:
        lines += ["", *_mix(way.mix, speech)]
    lines += [
        "",
        words.say("wayup.alone"),
        *(line for one in way.alone for line in wrapped(_alone(one, speech), "  ", page(words))),
    ]
    if not way.alone:
        lines.append(f"  {words.say('wayup.no_figure')}")
    if way.blocked is not None:
        lines += ["", *_blocked(way.blocked, way.goal, speech)]
    elif way.mix is None:
        lines += ["", *wrapped(words.say("wayup.needs_costs"), "", page(words))]
    return "\n".join(lines) + "\n"


def _title(way: WayUp, speech: Speech) -> str:
    body = speech.body(way.participant)
    held = way.outcome.classes.get(way.participant)
    now = (
        "" if held is None or held.class_ is None else speech.words.say("wayup.now", class_=speech.class_(held.class_))
    )
    given = {"body": body, "now": now, "goal": goal_said(way.goal, speech), "day": speech.words.date(way.day)}
    return speech.words.say("wayup.title" if way.day == way.outcome.as_of else "wayup.title_by", **given)


def goal_said(goal: Goal, speech: Speech) -> str:
    """Say what a goal is."""
    words = speech.words
    match goal:
        case ReachClass(class_):
            return words.say("wayup.goal.class", class_=speech.class_(class_))
        case WinAward(award):
            known = next(one.title for one in speech.campaign.awards if one.id == award)
            return words.say("wayup.goal.award", award=words.label(known, award))
        case ReachRank(rank, standing):
            told = words.say("wayup.goal.rank", rank=words.number(rank))
            return told if standing is None else f"{told} ({speech.standing(standing)})"
        case ReachTotal(total):
            return words.say("wayup.goal.total", total=words.number(total))
        case MeetTarget(target):
            return words.say("wayup.goal.target", target=speech.target(target))


def _mix(mix: Mix, speech: Speech) -> Iterator[str]:
    words = speech.words
    if mix.cost is None:
        yield words.say("wayup.only")
    else:
        unproven = "" if mix.proven else words.say("wayup.unproven")
        yield words.say("wayup.cheapest", cost=words.number(mix.cost), unproven=unproven)
    for step in mix.steps:
        yield from wrapped(_step(step, speech), "  ", page(speech.words))


def _alone(one: Alone, speech: Speech) -> str:
    if one.step is not None:
        return _step(one.step, speech)
    return speech.words.say(f"wayup.{one.why}", name=_name(one.lever, speech), most=_most(one.lever, speech))


def _most(lever: Lever, speech: Speech) -> str:
    return "–" if lever.most is None else speech.fact(lever.fact, lever.moved(lever.most))


def _name(lever: Lever, speech: Speech) -> str:
    return speech.indicator(lever.fact)


def _step(step: Step, speech: Speech) -> str:
    """Say by how much a figure moves, from what to what, and what its indicators come to."""
    words, lever = speech.words, step.lever
    by = step.by if step.by > 0 else -step.by
    told = words.say(
        "wayup.step.one"
        if lever.most == 1 and lever.now == 0
        else "wayup.step.more"
        if step.by > 0
        else "wayup.step.less",
        name=_name(lever, speech),
        by=words.number(by),
        before=words.number(lever.now),
        after=words.number(lever.moved(step.steps)),
        pending=words.say("wayup.pending", count=words.number(lever.pending)) if lever.pending else "",
    )
    values = [_value(id, before, after, lever, speech) for id, before, after in step.values if id != lever.fact]
    pace = [] if step.pace is None else [_pace(step.pace, speech)]
    return "; ".join([told, *values, *pace])


def _value(id: str, before: Rational | None, after: Rational | None, lever: Lever, speech: Speech) -> str:
    known = next(one for one in lever.indicators if one.id == id)
    sides = ["–" if one is None else speech.value(known, one) for one in (before, after)]
    return f"{speech.indicator(id)} {sides[0]} → {sides[1]}"


def _pace(pace: Pace, speech: Speech) -> str:
    words = speech.words
    needed = words.number(max(pace.needed, -pace.needed), 1)
    if pace.so_far is None:
        return words.say("wayup.pace.unknown", needed=needed)
    given = {"needed": needed, "so_far": words.number(pace.so_far, 1)}
    if pace.reached_on is None:
        return words.say("wayup.pace.never", **given)
    return words.say(f"wayup.pace.{pace.state}", day=words.date(pace.reached_on), **given)


def _blocked(blocked: Blocked, goal: Goal, speech: Speech) -> Iterator[str]:
    words = speech.words
    yield words.say("wayup.blocked")
    for judged in blocked.conditions:
        came_to = (
            "" if judged.value is None else words.say("wayup.comes_to", value=_shown(judged.value, judged, speech))
        )
        yield from wrapped(f"{speech.condition(judged.condition)}{came_to}", "  ", page(speech.words))
    match goal:
        case ReachTotal() if blocked.total is not None:
            yield "  " + words.say("wayup.best_total", total=words.number(blocked.total))
        case ReachRank() if blocked.rank is not None:
            yield "  " + words.say("wayup.best_rank", rank=words.number(blocked.rank))
        case _:
            pass


def _shown(value: Rational, judged: Any, speech: Speech) -> str:
    subject = getattr(judged.condition, "subject", None)
    return speech.words.exact(value) if subject is None else speech.subject(subject)[1](value)


# --- everybody


def climbs_text(outcome: Outcome, climbs: Sequence[Climb], words: Words, top: int | None = None) -> str:
    """List everybody's way to the next better class."""
    speech = Speech(outcome.campaign, words)
    shown = climbs[: MANY if top is None else top or None]
    rows = [
        [speech.body(one.participant), f"{speech.class_(one.from_)} → {speech.class_(one.to)}", climb_said(one, speech)]
        for one in shown
    ]
    headings = [words.say("whatif.column.who"), words.say("whatif.column.class_"), words.say("wayup.column")]
    lines = [*heading(outcome, words), "", *table_lines(headings, [False, False, False], rows, words.wide)]
    if len(climbs) > len(shown):
        lines.append(words.say("board.more", count=words.number(len(climbs) - len(shown))))
    return "\n".join(lines) + "\n"


def climb_said(one: Climb, speech: Speech) -> str:
    """Say the steps to the next better class, or that there is no one way."""
    if one.steps is None:
        return speech.words.say("wayup.blocked_short" if one.blocked else "wayup.several")
    return ", ".join(
        f"{_name(lever, speech)} {'+' if lever.sign > 0 else '−'}{speech.words.number(lever.step * count)}"
        for lever, count in one.steps
    )


# --- records


def way_up_json(way: WayUp) -> str:
    """Give the way as JSON; numbers are exact texts."""
    record = {
        "format": FORMAT,
        "campaign": way.outcome.campaign.id,
        "as_of": way.outcome.as_of.isoformat(),
        "by": way.day.isoformat(),
        "campaign_hash": way.outcome.campaign.fingerprint,
        "data_hash": way.outcome.data_hash,
        "participant": way.participant,
        "goal": _goal_record(way.goal),
        "is_there": way.is_there,
        "is_possible": way.is_possible,
        "alone": [
            {"fact": one.lever.fact, "why": one.why, "step": one.step and _step_record(one.step)} for one in way.alone
        ],
        "mix": None if way.mix is None else _mix_record(way.mix),
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _goal_record(goal: Goal) -> dict[str, str | int]:
    match goal:
        case ReachClass(class_):
            return {"class": class_}
        case WinAward(award):
            return {"award": award}
        case ReachRank(rank, standing):
            return {"rank": rank} if standing is None else {"rank": rank, "standing": standing}
        case ReachTotal(total):
            return {"total": write_number(total)}
        case MeetTarget(target):
            return {"target": target}


def _mix_record(mix: Mix) -> dict[str, Any]:
    cost = None if mix.cost is None else write_number(mix.cost)
    return {"cost": cost, "proven": mix.proven, "steps": [_step_record(step) for step in mix.steps]}


def _step_record(step: Step) -> dict[str, Any]:
    pace = step.pace
    return {
        "fact": step.lever.fact,
        "from": write_number(step.lever.now),
        "to": write_number(step.lever.moved(step.steps)),
        "by": write_number(step.by),
        "pending": step.lever.pending,
        "pace": pace
        and {
            "needed": write_number(pace.needed),
            "so_far": None if pace.so_far is None else write_number(pace.so_far),
            "state": pace.state,
            "reached_on": pace.reached_on and pace.reached_on.isoformat(),
        },
    }


def climbs_json(outcome: Outcome, climbs: Sequence[Climb]) -> str:
    """Give everybody's way to the next better class as JSON."""
    record = {
        "format": FORMAT,
        "campaign": outcome.campaign.id,
        "as_of": outcome.as_of.isoformat(),
        "campaign_hash": outcome.campaign.fingerprint,
        "data_hash": outcome.data_hash,
        "participants": [
            {
                "id": one.participant,
                "from": one.from_,
                "to": one.to,
                "is_possible": one.blocked is None,
                "steps": one.steps
                and {lever.fact: write_number(lever.sign * lever.step * count) for lever, count in one.steps},
            }
            for one in climbs
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
