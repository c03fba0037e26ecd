"""Against: one participant beside another as text and records: what parts them, and what would turn the order."""

from __future__ import annotations

import json
from collections.abc import Iterator

from emulation.exact import Rational, write_number
from emulation.report.comparisons import difference_record
from emulation.report.layout import heading, table_lines
from emulation.report.speech import Speech
from emulation.report.words import Words
from emulation.scenarios.against import Against, Beside, Tipping
from emulation.scenarios.comparison import Difference
from emulation.standings import Points

FORMAT = 1


def against_text(told: Against, words: Words) -> str:
    """Say who stands before whom, what parts them criterion by criterion, and at which weights the order turns."""
    speech = Speech(told.outcome.campaign, words)
    lines = [*heading(told.outcome, words), "", *_before(told, speech), "", *_apart(told, speech)]
    if told.ahead is not None:
        lines += ["", *_turning(told, speech)]
    return "\n".join(lines) + "\n"


def _before(told: Against, speech: Speech) -> Iterator[str]:
    words, (one, two) = speech.words, told.participants
    names = [speech.body(one), speech.body(two)]
    by = told.apart.by
    if by is None:
        yield words.say("against.unscored", one=names[0], other=names[1])
    elif told.ahead is None:
        yield words.say("against.level", one=names[0], other=names[1])
    else:
        ahead, behind = names if told.ahead == one else names[::-1]
        yield words.say("against.ahead", ahead=ahead, behind=behind, by=words.number(max(by, -by)))
    for beside in told.standings:
        yield "  " + _beside(beside, names, speech)


def _beside(beside: Beside, names: list[str], speech: Speech) -> str:
    """Say where both stand in one standing, and the values that part them there."""
    words, of = speech.words, beside.key.of
    if isinstance(of, Points):
        about, show = speech.criterion(of.criterion), speech.shown_as(None)
    else:
        about, show = speech.indicator(of.id), speech.shown_as(of.id)
    sides = [
        words.say(
            "against.place",
            name=name,
            place="–" if placed.place is None else words.number(placed.place),
            value="–" if value is None else show(value),
        )
        for name, placed, value in zip(names, beside.placed, beside.values, strict=True)
    ]
    title = speech.standing(beside.standing)
    return words.say("against.standing", title=title, about=about, of=beside.placed[0].of, sides="; ".join(sides))


def _apart(told: Against, speech: Speech) -> Iterator[str]:
    """Lay out the points of both, the whole last, so that the differences add up to its own."""
    words = speech.words
    rows = [*_rows(told.apart.parts, speech, 0)]
    if told.apart.rest:
        rows.append([words.say("against.rest"), "", "", _signed(told.apart.rest, words)])
    rows.append([words.say("total"), *_points(told.apart, words), _signed(told.apart.by, words)])
    names = [speech.body(one) for one in told.participants]
    headings = [words.say("against.column.criterion"), *names, words.say("against.column.difference")]
    yield from table_lines(headings, [False, True, True, True], rows, words.wide)


def _rows(parts: tuple[Difference, ...], speech: Speech, depth: int) -> Iterator[list[str]]:
    for one in parts:
        if speech.campaign.criterion[one.criterion].is_tracked:
            continue  # it has no points to part anybody by
        brings = one.by if one.brings is None else one.brings
        name = "  " * depth + speech.criterion(one.criterion)
        yield [name, *_points(one, speech.words), _signed(brings, speech.words)]
        yield from _rows(one.parts, speech, depth + 1)


def _points(one: Difference, words: Words) -> list[str]:
    return ["–" if points is None else words.number(points) for points in one.points]


def _signed(value: Rational | None, words: Words) -> str:
    return "–" if value is None else words.signed(value)


def _turning(told: Against, speech: Speech) -> Iterator[str]:
    words, (one, two) = speech.words, told.participants
    turning = [one for one in told.tipping if one.turns_at is not None]
    if not turning:
        yield words.say("against.none")
        return
    behind = two if told.ahead == one else one
    yield words.say("against.tipping", behind=speech.body(behind), ahead=speech.body(str(told.ahead)))
    for point in turning:
        yield f"  {_tipping(point, speech)}"


def _tipping(point: Tipping, speech: Speech) -> str:
    words, turns = speech.words, point.turns_at or 0
    given = {
        "what": words.say(f"against.{point.key}"),
        "criterion": speech.criterion(point.criterion),
        "turns": words.number(turns),
        "declared": words.number(point.declared),
    }
    told = words.say("against.below" if turns < point.declared else "against.above", **given)
    return (
        told if point.level_at is None else f"{told}; {words.say('against.level_at', at=words.number(point.level_at))}"
    )


def against_json(told: Against) -> str:
    """Give the same as JSON; numbers are exact texts."""
    record = {
        "format": FORMAT,
        "campaign": told.outcome.campaign.id,
        "as_of": told.outcome.as_of.isoformat(),
        "campaign_hash": told.outcome.campaign.fingerprint,
        "data_hash": told.outcome.data_hash,
        "participants": list(told.participants),
        "ranks": {one.standing: [placed.place for placed in one.placed] for one in told.standings},
        "ahead": told.ahead,
        "difference": difference_record(told.apart),
        "tipping": [
            {
                "criterion": one.criterion,
                "key": one.key,
                "declared": write_number(one.declared),
                "turns_at": None if one.turns_at is None else write_number(one.turns_at),
                "level_at": None if one.level_at is None else write_number(one.level_at),
            }
            for one in told.tipping
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"
