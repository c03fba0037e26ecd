"""Comparisons: two outcomes side by side as text and records: who moved, why, and which rule did it."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import attrs

from emulation.exact import Rational, write_number
from emulation.grammar import word_for
from emulation.observations import Observation
from emulation.outcome import Outcome
from emulation.report.layout import heading, page, table_lines, wrapped
from emulation.report.speech import Speech
from emulation.report.words import Words
from emulation.scenarios.amendments import Amended, Impact
from emulation.scenarios.changes import TYPED, Scenario
from emulation.scenarios.comparison import Comparison, Difference, Moved, Why
from emulation.scenarios.notation import notation
from emulation.scenarios.reported import FactChanged
from emulation.scenarios.supposed import Changed, RuleChanged

FORMAT = 1
MANY = 30
"""Rows of those who moved that are shown without being asked for."""
_LONG = 160
"""Signs of a rule's notation that are shown."""


def what_if_text(
    scenarios: Sequence[Scenario],
    changed: Sequence[Changed],
    comparison: Comparison,
    words: Words,
    top: int | None = None,
) -> str:
    """Say what scenarios change, who moves, and why."""
    names = words.joined([name_of(one, words) for one in scenarios if one.id != TYPED], "then")
    title = words.say("whatif.title", name=names) if names else words.say("whatif.typed")
    lines = [*heading(comparison.before, words), "", title]
    lines += [f"  {line}" for line in _changes(changed, Speech(comparison.before.campaign, words))]
    lines += ["", *_summary(comparison, words), "", *_table(comparison, words, top)]
    return "\n".join(lines).rstrip("\n") + "\n"


def comparison_text(comparison: Comparison, words: Words, top: int | None = None) -> str:
    """Say who stands otherwise in one outcome than in another, and why."""
    lines = [*heading(comparison.before, words), "", *_summary(comparison, words), "", *_table(comparison, words, top)]
    return "\n".join(lines).rstrip("\n") + "\n"


def name_of(scenario: Scenario, words: Words) -> str:
    """Name a scenario by its title, else by its id."""
    return words.label(scenario.title, scenario.id)


def diff_text(impact: Impact, words: Words, top: int | None = None) -> str:
    """Say what reads otherwise in another rulebook, who moves, and which rule did it."""
    comparison = impact.comparison
    before, after = comparison.before, comparison.after
    lines = [*heading(before, words), ""]
    if before.as_of != after.as_of:
        lines += [words.say("diff.days", before=words.date(before.as_of), after=words.date(after.as_of)), ""]
    if impact.amended:
        lines.append(words.say("diff.title"))
        lines += [
            f"  {line}"
            for one in impact.amended
            for line in wrapped(_amended(one, impact, words), "  ", page(words) - 2)
        ]
    else:
        lines.append(words.say("diff.no_rule"))
    lines += ["", *_summary(comparison, words), "", *_table(comparison, words, top, impact if impact.amended else None)]
    return "\n".join(lines).rstrip("\n") + "\n"


def _amended(one: Amended, impact: Impact, words: Words) -> str:
    """Say how a rule reads before and after, and how many it moves by itself."""
    told = _rule(one, words)
    if one in impact.unsound:
        return f"{told} ({words.say('diff.unsound')})"
    moved = next((len(blamed.moves) for blamed in impact.blamed if blamed.rule == one), 0)
    return f"{told} ({words.counted('diff.moves', moved)})"


def _rule(one: Amended | RuleChanged, words: Words) -> str:
    before = _short(one.before)
    if one.after is not None and attrs.has(type(one.before)) and type(one.before) is not type(one.after):
        before = f"{word_for(type(one.before))} {before}"  # another rule stood there, under a word of its own
    return words.say("whatif.rule", path=".".join(one.path), before=before, after=_short(one.after))


def _short(value: Any) -> str:
    told = notation(value)
    return told if len(told) <= _LONG else f"{told[:_LONG]} ..."


def _changes(changed: Iterable[Changed], speech: Speech) -> Iterator[str]:
    """Say what was changed; the reports of a body that is left out are only counted."""
    words = speech.words
    left_out = {one.path[1] for one in changed if isinstance(one, RuleChanged) and _is_left_out(one)}
    gone: Counter[str] = Counter()
    for one in changed:
        match one:
            case FactChanged(before=Observation(participant=body), after=None) if body in left_out:
                gone[body] += 1
            case FactChanged():
                yield _fact(one, speech)
            case RuleChanged():
                yield _rule(one, words)
    for id, count in gone.items():
        yield words.say("whatif.gone", who=speech.body(id), reports=words.counted("reports", count))


def _is_left_out(one: RuleChanged) -> bool:
    return one.path[0] == "participants" and len(one.path) == 2 and one.after is None  # noqa: PLR2004


def _fact(one: FactChanged, speech: Speech) -> str:
    words = speech.words
    told = one.after or one.before
    if told is None:
        raise AssertionError(one)
    given = {"who": speech.body(told.participant), "fact": speech.indicator(told.fact), "days": words.span(told.span)}
    return words.say("whatif.fact", before=_value(one.before, words), after=_value(one.after, words), **given)


def _value(one: Observation | None, words: Words) -> str:
    if one is None:
        return "–"
    return words.say(f"state.{one.state}") if one.value is None else words.exact(one.value)


# --- who moved


def _summary(comparison: Comparison, words: Words) -> Iterator[str]:
    """Count who moved, and how many hold each class before and after."""
    rows = comparison.moved
    if not rows:
        yield words.say("move.none")
        return
    ways = Counter(row.move.movement for row in rows)
    classed = sum(row.move.classes[0] != row.move.classes[1] for row in rows)
    awarded = sum(bool(row.move.won or row.move.lost) for row in rows)
    counts = {"up": ways["up"], "down": ways["down"], "classed": classed, "awarded": awarded, "moved": len(rows)}
    shown = {name: words.number(count) for name, count in counts.items()}
    yield words.say("whatif.summary", of=words.number(len(comparison.rows)), **shown)
    speech = Speech(comparison.after.campaign, words)
    for name, before, after in class_counts(comparison):
        if before != after:
            yield "  " + words.say("whatif.class", class_=speech.class_(name), before=before, after=after)


def class_counts(comparison: Comparison) -> Iterator[tuple[str, int, int]]:
    """Give how many hold each class on either side."""
    sides = [Counter(held.class_ for held in one.classes.values()) for one in (comparison.before, comparison.after)]
    for name in dict.fromkeys(name for side in sides for name in side if name is not None):
        yield name, sides[0][name], sides[1][name]


def _table(comparison: Comparison, words: Words, top: int | None, impact: Impact | None = None) -> Iterator[str]:
    """Lay out those who moved, those who moved farthest first."""
    rows = comparison.moved
    if not rows:
        return
    shown = rows[: MANY if top is None else top or None]
    speech = Speech(comparison.after.campaign, words)
    cells = [_row(row, comparison, speech, impact) for row in shown]
    headings = [words.say(f"whatif.column.{name}") for name in ("who", "place", "total", "class_", "awards")]
    headings.append(words.say("whatif.column.why" if impact is None else "whatif.column.rule"))
    kept = [
        number
        for number in range(len(headings))
        if number in (0, len(headings) - 1) or any(row[number] for row in cells)
    ]
    yield from table_lines(
        [headings[number] for number in kept],
        [number in (1, 2) for number in kept],
        [[row[number] for number in kept] for row in cells],
        words.wide,
    )
    if len(rows) > len(shown):
        yield words.say("board.more", count=words.number(len(rows) - len(shown)))


def _row(row: Moved, comparison: Comparison, speech: Speech, impact: Impact | None) -> list[str]:
    move, words = row.move, speech.words
    after = Speech(comparison.before.campaign, words) if move.movement == "gone" else speech
    awards: dict[str, str] = {
        award.id: words.label(award.title, award.id)
        for side in (comparison.before, comparison.after)
        for award in side.campaign.awards
    }
    changed = [words.say("move.won", award=awards[id]) for id in move.won]
    changed += [words.say("move.lost", award=awards[id]) for id in move.lost]
    return [
        after.body(move.participant),
        f"{_arrowed(*move.ranks)}{_SIGNS[move.movement]}",
        _totals(row, words),
        _classes(row, comparison, words),
        "; ".join(changed),
        _why(row, comparison.why(move.participant), speech) if impact is None else _rules(row, impact, words),
    ]


_SIGNS = {"up": " ▲", "down": " ▼", "same": "", "new": " +", "gone": " −", "not_comparable": " ≠"}


def _arrowed(before: object, after: object) -> str:
    if before == after:
        return "" if before is None else f"{before}"
    return f"{'–' if before is None else before} → {'–' if after is None else after}"


def _totals(row: Moved, words: Words) -> str:
    before, after = (None if one is None else words.number(one) for one in row.totals)
    return "" if row.totals == (None, None) else _arrowed(before, after)


def _classes(row: Moved, comparison: Comparison, words: Words) -> str:
    sides = zip(row.move.classes, (comparison.before, comparison.after), strict=True)
    names = [None if name is None else Speech(side.campaign, words).class_(name) for name, side in sides]
    return "" if names == [None, None] else _arrowed(*names)


def _why(row: Moved, why: Why, speech: Speech) -> str:
    """Say in short why someone stands otherwise: the points criterion by criterion, else what was measured."""
    words = speech.words
    if why.is_of_others:
        return words.say("whatif.others" if row.move.movement != "same" else "whatif.award")
    if row.move.movement == "gone":
        return words.say("whatif.no_more")
    parts = [] if why.points is None else [_signed(name, by, speech) for name, by in leaves(why.points)]
    if not parts:
        parts = [_indicator(one.indicator, one.values, speech) for one in why.values]
    if not parts and why.class_ is not None:
        parts = [words.say("whatif.conditions")]
    return ", ".join(parts) or words.say("whatif.others")


def leaves(difference: Difference) -> Iterator[tuple[str, Rational]]:
    """Give the criteria that are judged themselves and by how much their points differ."""
    for part in difference.parts:
        yield from leaves(part)
    if not difference.parts and difference.by:
        yield difference.criterion, difference.by


def _signed(criterion: str, by: Rational, speech: Speech) -> str:
    known = criterion in speech.campaign.criterion
    name = speech.criterion(criterion) if known else criterion.replace("_", " ")
    return f"{name} {speech.words.signed(by)}"


def _indicator(id: str, values: tuple[Rational | None, Rational | None], speech: Speech) -> str:
    known = next((one for one in speech.campaign.indicators if one.id == id), None)
    before, after = ("–" if one is None else speech.value(known, one) for one in values)
    return f"{speech.indicator(id)} {before} → {after}"


def _rules(row: Moved, impact: Impact, words: Words) -> str:
    """Name the rules that moved someone, each by itself."""
    rules = impact.rules_that_moved(row.move.participant)
    if rules:
        return ", ".join(".".join(one.path) for one in rules)
    return words.say("diff.together" if row.move.participant in impact.together else "diff.points_only")


# --- a set of scenarios as one table


def scenarios_text(before: Outcome, cases: Sequence[tuple[Scenario, Comparison]], words: Words) -> str:
    """Set scenarios under one another: how many each moves, up and down, in class and award, and who is first."""
    names = list(dict.fromkeys(name for _, one in cases for name, _, _ in class_counts(one)))
    speech = Speech(before.campaign, words)
    columns = [words.say(f"whatif.column.{name}") for name in ("scenario", "up", "down", "class_moved", "awards_moved")]
    rows = [_case(one, comparison, names, words) for one, comparison in cases]
    every = [*columns, *(speech.class_(name) for name in names), words.say("whatif.column.first")]
    baseline = _baseline(before, names, words)
    numeric = [False, *([True] * (len(every) - 2)), False]
    lines = [*heading(before, words), "", *table_lines(every, numeric, [baseline, *rows], words.wide)]
    return "\n".join(lines) + "\n"


def _baseline(outcome: Outcome, names: Sequence[str], words: Words) -> list[str]:
    held = Counter(str(one.class_) for one in outcome.classes.values())
    return [
        words.say("whatif.as_it_is"),
        "",
        "",
        "",
        "",
        *(words.number(held[name]) for name in names),
        _first(outcome),
    ]


def _case(scenario: Scenario, comparison: Comparison, names: Sequence[str], words: Words) -> list[str]:
    rows = comparison.moved
    ways = Counter(row.move.movement for row in rows)
    classed = sum(row.move.classes[0] != row.move.classes[1] for row in rows)
    awarded = sum(bool(row.move.won or row.move.lost) for row in rows)
    held = {name: after for name, _, after in class_counts(comparison)}
    counts = [ways["up"], ways["down"], classed, awarded, *(held.get(name, 0) for name in names)]
    return [name_of(scenario, words), *map(words.number, counts), _first(comparison.after)]


def _first(outcome: Outcome) -> str:
    return ", ".join(one.participant.name for one in outcome if one.rank == 1)


# --- records


def comparison_record(comparison: Comparison) -> dict[str, Any]:
    """Give a comparison as plain values; exact numbers are texts, those who moved farthest first."""
    return {
        "format": FORMAT,
        "campaign": comparison.after.campaign.id,
        "before": _side(comparison.before),
        "after": _side(comparison.after),
        "participants": [_moved_record(row, comparison) for row in comparison.moved],
    }


def _side(outcome: Outcome) -> dict[str, str]:
    return {
        "as_of": outcome.as_of.isoformat(),
        "campaign_hash": outcome.campaign.fingerprint,
        "data_hash": outcome.data_hash,
    }


def _moved_record(row: Moved, comparison: Comparison) -> dict[str, Any]:
    move, why = row.move, comparison.why(row.move.participant)
    return {
        "id": move.participant,
        "movement": move.movement,
        "rank": list(move.ranks),
        "total": [_number(one) for one in row.totals],
        "readiness": list(move.classes),
        "won": list(move.won),
        "lost": list(move.lost),
        "values": {one.indicator: [_number(value) for value in one.values] for one in why.values},
        "points": None if why.points is None else difference_record(why.points),
    }


def difference_record(one: Difference) -> dict[str, Any]:
    """Give a difference with its parts as plain values."""
    return {
        "criterion": one.criterion,
        "points": [_number(points) for points in one.points],
        "difference": _number(one.by),
        "brings": _number(one.brings),
        "rest": _number(one.rest),
        "parts": [difference_record(part) for part in one.parts],
    }


def _number(value: Rational | None) -> str | None:
    return None if value is None else write_number(value)


def what_if_json(scenarios: Sequence[Scenario], changed: Sequence[Changed], comparison: Comparison) -> str:
    """Give what scenarios change and who moves as JSON."""
    record = {"scenarios": [one.id for one in scenarios], "changed": [_changed_record(one) for one in changed]}
    return json.dumps({**comparison_record(comparison), **record}, ensure_ascii=False, indent=1) + "\n"


def _changed_record(one: Changed) -> dict[str, Any]:
    match one:
        case FactChanged(before, after):
            told = before or after
            if told is None:
                raise AssertionError(one)
            path = ["observations", told.participant, told.fact, told.span.last.isoformat()]
            sides = [None if side is None else _number(side.value) or f"[{side.state}]" for side in (before, after)]
            return {"path": path, "before": sides[0], "after": sides[1]}
        case _:
            return {"path": list(one.path), "before": notation(one.before), "after": notation(one.after)}


def diff_json(impact: Impact) -> str:
    """Give what an amendment does as JSON."""
    amended = [
        {
            "path": list(one.path),
            "before": notation(one.before),
            "after": notation(one.after),
            "moves": [move.participant for blamed in impact.blamed if blamed.rule == one for move in blamed.moves],
            "unsound_alone": one in impact.unsound,
        }
        for one in impact.amended
    ]
    record = {**comparison_record(impact.comparison), "amended": amended, "together": list(impact.together)}
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def scenarios_json(cases: Sequence[tuple[Scenario, Comparison]]) -> str:
    """Give a set of scenarios as JSON."""
    records = [{"scenario": one.id, **comparison_record(comparison)} for one, comparison in cases]
    return json.dumps({"format": FORMAT, "scenarios": records}, ensure_ascii=False, indent=1) + "\n"
