"""Courses: how a drive went, as a table of who led, rose and got ready when, as JSON, and day by day as CSV."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date

from attrs import frozen

from emulation.campaign import Campaign
from emulation.course import Course, DayBoard, Stood
from emulation.exact import write_number
from emulation.names import ParticipantId, StandingId, vietnamese_order
from emulation.participants import Participant
from emulation.report.layout import fitted, table_lines
from emulation.report.records import FORMAT, safe_cell
from emulation.report.signs import class_shape
from emulation.report.speech import Speech
from emulation.report.tables import in_group
from emulation.report.text import MANY
from emulation.report.words import Words

DRAWN = 24
"""So many days of a course are drawn."""

_HEIGHTS = "▁▂▃▄▅▆▇█"
_NOWHERE = "·"


def drawn_days(days: Sequence[date], most: int = DRAWN) -> list[date]:
    """Pick days to be drawn, evenly apart; the first and the last are among them.

    >>> [day.day for day in drawn_days([date(2025, 8, day) for day in range(1, 32)], 4)]
    [1, 11, 21, 31]
    """
    if len(days) <= most:
        return list(days)
    return [days[number * (len(days) - 1) // (most - 1)] for number in range(most)]


def strip(places: Sequence[int | None], last: int) -> str:
    """Draw places as heights, the first place the highest; ``last`` is the last place there is.

    >>> strip([92, 46, 1, None], 92)
    '▁▄█·'
    """
    return "".join(_NOWHERE if place is None else _height(place, last) for place in places)


def _height(place: int, last: int) -> str:
    return _HEIGHTS[max(0, (last - place) * (len(_HEIGHTS) - 1) // max(last - 1, 1))] if place > 1 else _HEIGHTS[-1]


@frozen
class Followed:
    """What was followed: the rules, the standings places are of, over which days, and what each came to."""

    campaign: Campaign
    standings: tuple[StandingId, ...]
    days: tuple[date, ...]
    courses: Mapping[ParticipantId, Course]


# --- text


def courses_text(followed: Followed, words: Words, *, top: int | None = None, group: str | None = None) -> str:
    """Give a table for each kind of participant, in the order of the last day; ``top`` keeps so many rows, 0 all."""
    campaign, days = followed.campaign, followed.days
    speech = Speech(campaign, words)
    blocks = [
        f"{words.label(campaign.title, campaign.id)} ({campaign.id})\n"
        + words.say("course.days", first=words.date(days[0]), last=words.date(days[-1]), count=words.number(len(days)))
    ]
    for kind in campaign.participants.kinds:
        bodies = [one for one in campaign.participants if one.kind == kind and in_group(one, group)]
        table = _Table(followed, speech, bodies)
        if table.bodies:
            blocks.append("\n".join(table.lines(MANY if top is None else top or len(bodies))))
    if followed.standings:
        named = ", ".join(map(speech.standing, followed.standings))
        told = words.say("course.strip", standings=named, count=words.number(min(DRAWN, len(days))))
        blocks.append("\n".join(fitted(told, words)))
    return "\n\n".join(blocks) + "\n"


class _Table:
    def __init__(self, followed: Followed, speech: Speech, bodies: Sequence[Participant]) -> None:
        self._followed, self._speech = followed, speech
        self.bodies = sorted((one for one in bodies if one.id in followed.courses), key=self._best_first)
        self._ranked = any(self._of(one).last for one in self.bodies)
        self._classes = [
            (name, place)
            for rule in followed.campaign.readiness
            for place, name in enumerate(rule.classes)
            if any(name in self._of(one).since for one in self.bodies)
        ]

    def _of(self, body: Participant) -> Course:
        return self._followed.courses[body.id]

    def _best_first(self, body: Participant) -> tuple[bool, int, object]:
        place = self._place_now(body)
        return place is None, place or 0, vietnamese_order(body.name)

    def _place_now(self, body: Participant) -> int | None:
        """Give the place on the last day; one that is gone by then has none."""
        last = self._of(body).last
        return last.place if last and last.day == self._followed.days[-1] else None

    def lines(self, most: int) -> Iterator[str]:
        words, speech = self._speech.words, self._speech
        kind = speech.kind(self.bodies[0].kind, many=len(self.bodies) != 1)
        yield words.say("board.of_kind", kind=kind[:1].upper() + kind[1:], count=len(self.bodies))
        if not self._ranked and not self._classes:
            yield from self._targets(most)
            return
        columns = [*self._columns()]
        rows = [[cell for _, _, cell in self._columns(one)] for one in self.bodies[:most]]
        yield from table_lines([text for text, _, _ in columns], [right for _, right, _ in columns], rows, words.wide)
        if len(self.bodies) > most:
            yield from fitted(words.say("board.more", count=words.number(len(self.bodies) - most)), words)

    def _targets(self, most: int) -> Iterator[str]:
        """Where nobody is ranked or classed, list since when each target is met."""
        words, speech = self._speech.words, self._speech
        headings = [words.say("board.participant"), words.say("board.target"), words.say("course.met", sign="✓")]
        rows = [
            [body.name, speech.target(target.id), words.date(met[target.id]) if target.id in met else "–"]
            for body in self.bodies
            for met in [self._of(body).met]
            for target in self._followed.campaign.targets
            if target.for_.selects(body)
        ]
        yield from table_lines(headings, [False] * len(headings), rows[:most], words.wide)
        if len(rows) > most:
            yield from fitted(words.say("board.more", count=words.number(len(rows) - most)), words)

    def _columns(self, body: Participant | None = None) -> Iterator[tuple[str, bool, str]]:
        """Give each column: its heading, whether it stands to the right, and what it says of a participant."""
        words = self._speech.words
        course = Course() if body is None else self._of(body)
        if self._ranked:
            yield words.say("board.place"), True, _written(self._place_now(body) if body else None)
        yield words.say("board.participant"), False, body.name if body else ""
        if self._ranked:
            best = "" if course.best is None else f"{course.best.place} ({words.date(course.best.day)})"
            yield words.say("course.first"), True, _written(course.first.place if course.first else None)
            yield words.say("course.best"), False, best
            yield words.say("course.led"), True, words.number(course.led) if course.led else ""
        for name, place in self._classes:
            heading = words.say("course.since", sign=class_shape(place), name=self._speech.class_(name))
            yield heading, False, words.date(course.since[name]) if name in course.since else ""
        if self._ranked:
            yield words.say("course.places"), False, strip(course.places, self._last_place())

    def _last_place(self) -> int:
        return max((place or 1 for one in self.bodies for place in self._of(one).places), default=1)


def _written(place: int | None) -> str:
    return "" if place is None else str(place)


# --- for other programs


def courses_json(followed: Followed, group: str | None = None) -> str:
    """Give what each participant came to as JSON; days are ISO dates."""
    campaign, days = followed.campaign, followed.days
    record = {
        "format": FORMAT,
        "campaign": campaign.id,
        "campaign_hash": campaign.fingerprint,
        "from": days[0].isoformat(),
        "to": days[-1].isoformat(),
        "days": len(days),
        "standings": list(followed.standings),
        "drawn": [day.isoformat() for day in drawn_days(days)],
        "participants": [
            {"id": body.id, "name": body.name, "kind": body.kind, **_record(followed.courses[body.id])}
            for body in campaign.participants
            if body.id in followed.courses and in_group(body, group)
        ],
    }
    return json.dumps(record, ensure_ascii=False, indent=1) + "\n"


def _record(course: Course) -> dict[str, object]:
    def stood(one: Stood | None) -> dict[str, object] | None:
        return None if one is None else {"day": one.day.isoformat(), "place": one.place}

    return {
        "first": stood(course.first),
        "last": stood(course.last),
        "best": stood(course.best),
        "days_led": course.led,
        "places": list(course.places),
        "since": {name: day.isoformat() for name, day in course.since.items()},
        "met": {target: day.isoformat() for target, day in course.met.items()},
    }


def boards_csv(campaign: Campaign, boards: Iterable[DayBoard], group: str | None = None) -> Iterator[str]:
    """Give every participant on every day as lines of CSV, a day at a time; cells are safe to open in a spreadsheet."""
    standings = [standing.id for standing in campaign.standings]
    bodies = [body for body in campaign.participants if in_group(body, group)]
    ranks, targets = (f"rank:{id}" for id in standings), (f"target:{one.id}" for one in campaign.targets)
    yield "\ufeff" + _lines([["day", "id", "name", "kind", "total", "readiness", *ranks, *targets]])
    for board in boards:
        yield _lines(_rows(board, bodies, standings))


def _lines(rows: Iterable[Sequence[str]]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue()


def _rows(board: DayBoard, bodies: Sequence[Participant], standings: Sequence[StandingId]) -> Iterator[list[str]]:
    """Give the rows of those of whom anything is known on a day."""
    day = board.day.isoformat()
    for body in bodies:
        total, class_ = board.totals.get(body.id), board.classes.get(body.id)
        ranks = [board.places[standing].get(body.id) for standing in standings]
        states = [aims.get(body.id, "") for aims in board.aims.values()]
        if total is None and class_ is None and not any(ranks) and not any(states):
            continue
        yield [
            day,
            *map(safe_cell, (body.id, body.name, body.kind)),
            "" if total is None else write_number(total),
            safe_cell(class_ or ""),
            *map(_written, ranks),
            *states,
        ]
