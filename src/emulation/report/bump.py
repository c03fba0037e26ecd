"""Bump: places over several days as lines, a gap where somebody had none, each line named at its end."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from attrs import frozen

from emulation.names import ParticipantId
from emulation.outcome import Outcome, Result
from emulation.problems import Problem, Refused
from emulation.report.canvas import INK, QUIET, SERIES, Canvas, Layer, Row, Scale_, long, paths, rules, shapes, texts
from emulation.report.subjects import Subject, Wish, subject, within
from emulation.report.words import Words

WIDE, NAMED, EVERYBODY, LOW = 460, 8, 40, 17
"""Dots across; lines told apart by colour; how many lines may all be named; dots a named line needs."""

GREY = "#c4cad1"
DASHES: Sequence[Sequence[int]] = ((), (7, 4), (2, 4))


@frozen
class Lines:
    """Each participant's places, day by day, against those who were ranked on every day."""

    days: tuple[date, ...]
    places: Mapping[ParticipantId, tuple[int | None, ...]]
    panel: frozenset[ParticipantId]

    def lowest(self, among: Sequence[Result]) -> int:
        """Give the last place any of them has on any day."""
        places = [place for one in among for place in self.places[one.participant.id] if place is not None]
        return max(places, default=1)


def bump(outcomes: Sequence[Outcome], words: Words, wish: Wish) -> Canvas:
    """Draw the places of several days."""
    drawn = subject(outcomes[-1], words, wish)
    lines = _lines(outcomes, drawn)
    order = [one for one in drawn.results if one.participant.id in lines.places]
    named = _named(order, drawn)
    kept = order if len(order) <= 3 * EVERYBODY or wish.top == 0 else named
    lowest = lines.lowest(kept)
    room = max(LOW * len(named), min(7 * lowest, 700), 120)
    down = Scale_(1, max(lowest, 2), room)
    ends = dict(_ends(named, lines, down))
    gone = len(order) - len(lines.panel)
    count = words.number(len(lines.panel))
    return Canvas(
        words,
        drawn.title("pictures.bump.title", standing=within(drawn.speech.standing(str(drawn.gauge.standing)))),
        drawn.lines(words.say("pictures.bump.panel", count=count) if gone else "", drawn.part(kept, len(order))),
        drawn.warnings(),
        WIDE,
        room,
        left=64,
        right=max(long(_label(one, drawn, lines)) for one in named) + 34,
        layers=list(_layers(drawn, lines, kept, named, down, ends)),
        top=30,
        bottom=max(12, *(int(end) - room + 12 for end in ends.values())),
        notes=[words.say("pictures.bump.gap")] if any(None in lines.places[one.participant.id] for one in kept) else [],
    )


def _lines(outcomes: Sequence[Outcome], drawn: Subject) -> Lines:
    """Count places against those who were ranked on all days, so that nobody moves because others came or went."""
    standing = drawn.gauge.standing
    if standing is None or len(outcomes) < 2:  # noqa: PLR2004
        what = "places over time need a standing and at least two days"
        raise Refused([Problem("E776", what, "a campaign with a standing, and the days to look back to")])
    rule = next(one for one in outcomes[-1].campaign.standings if one.id == standing)
    groups = {one.participant.group(rule.within) for one in drawn.results} if rule.within else {None}
    if len(groups) > 1:
        listed = ", ".join(sorted(str(one) for one in groups))
        raise Refused([Problem("E776", f"places in {standing} are counted within groups: {listed}", "one group")])
    meant = [one.participant.id for one in drawn.results]
    days = [
        {body: found.place for body in meant if (found := one.standings[standing].get(body)) and found.place}
        for one in outcomes
    ]
    ranked = [body for body in meant if any(body in places for places in days)]
    with_places = [places for places in days if places]
    panel = frozenset(body for body in ranked if all(body in places for places in with_places))
    if len(with_places) < 2 or not panel:  # noqa: PLR2004
        what = "nobody has a place on two of the days" if not panel else "only one of the days has places"
        raise Refused([Problem("E773", what, "days on which the same participants are ranked")])

    orders = [(places, sorted(places[body] for body in panel)) for places in days]
    against = {
        body: tuple(1 + bisect_left(order, places[body]) if body in places else None for places, order in orders)
        for body in ranked
    }
    return Lines(tuple(one.as_of for one in outcomes), against, panel)


def _named(order: Sequence[Result], drawn: Subject) -> list[Result]:
    """Pick those whose lines are coloured and named: all of a few, else the first and those asked for."""
    asked = set(drawn.wish.participants)
    many = drawn.wish.top or (len(order) if len(order) <= EVERYBODY else 0 if asked else NAMED)
    return [one for at, one in enumerate(order) if at < many or one.participant.id in asked]


def _label(one: Result, drawn: Subject, lines: Lines) -> str:
    last = lines.places[one.participant.id][-1]
    return one.participant.name if last is None else f"{drawn.words.number(last)}  {one.participant.name}"


def _ends(named: Sequence[Result], lines: Lines, down: Scale_) -> Iterator[tuple[ParticipantId, float]]:
    """Set names at the ends of lines, and those of lines that end together one below the other."""
    places = {one.participant.id: lines.places[one.participant.id] for one in named}
    last = {id: next(place for place in reversed(found) if place is not None) for id, found in places.items()}
    free = -1000.0
    for id in sorted(last, key=lambda one: last[one]):
        free = max(down.at(last[id]), free + LOW - 1)
        yield id, free


def _layers(
    drawn: Subject,
    lines: Lines,
    kept: Sequence[Result],
    named: Sequence[Result],
    down: Scale_,
    ends: Mapping[ParticipantId, float],
) -> Iterator[Layer]:
    across = Scale_(lines.days[0].toordinal(), lines.days[-1].toordinal(), WIDE)
    xs = [across.at(day.toordinal()) for day in lines.days]
    yield from _grid(drawn, lines, xs, down)
    coloured = _coloured(drawn, named)
    grey = [one for one in kept if one.participant.id not in coloured]
    yield paths([row for one in grey for row in _path(lines, one, xs, down, GREY)], wide=1)
    yield shapes([row for one in grey for row in _dots(lines, one, xs, down, GREY)], size=14)
    for dash in DASHES:
        rows = [
            row
            for one in named
            if (look := coloured.get(one.participant.id)) and look[1] == dash
            for row in _path(lines, one, xs, down, look[0])
        ]
        yield paths(rows, wide=3, dash=dash)
    strong = [(one, coloured[one.participant.id][0]) for one in named if one.participant.id in coloured]
    yield shapes([row for one, colour in strong for row in _dots(lines, one, xs, down, colour)], size=50)
    yield from _names(drawn, lines, named, coloured, down, ends)


def _coloured(drawn: Subject, named: Sequence[Result]) -> dict[ParticipantId, tuple[str, Sequence[int]]]:
    """Give colours, and dashes beyond them, to those asked for, else to the first."""
    asked = [one for one in named if one.participant.id in drawn.wish.participants]
    chosen = asked or named[: NAMED if not drawn.wish.top else len(named)]
    return {
        one.participant.id: (SERIES[at % len(SERIES)], DASHES[at // len(SERIES) % len(DASHES)])
        for at, one in enumerate(chosen)
    }


def _path(lines: Lines, one: Result, xs: Sequence[float], down: Scale_, colour: str) -> Iterator[Row]:
    """Give the points of a line; after a gap it is another line."""
    part = 0
    for x, place in zip(xs, lines.places[one.participant.id], strict=True):
        if place is None:
            part += 1
        else:
            yield {"x": x, "y": down.at(place), "ink": colour, "series": f"{one.participant.id} {part}"}


def _dots(lines: Lines, one: Result, xs: Sequence[float], down: Scale_, colour: str) -> Iterator[Row]:
    for x, place in zip(xs, lines.places[one.participant.id], strict=True):
        if place is not None:
            tip = f"{one.participant.name}: {place}"
            yield {"x": x, "y": down.at(place), "shape": "circle", "fill": colour, "tip": tip}


def _names(
    drawn: Subject,
    lines: Lines,
    named: Sequence[Result],
    coloured: Mapping[ParticipantId, tuple[str, Sequence[int]]],
    down: Scale_,
    ends: Mapping[ParticipantId, float],
) -> Iterator[Layer]:
    """Write a name at the end of each line, and join it to where the line ends if it had to move."""
    joints = []
    for one in named:
        place = next(place for place in reversed(lines.places[one.participant.id]) if place is not None)
        at, end = down.at(place), ends[one.participant.id]
        if lines.places[one.participant.id][-1] is not None and at != end:
            ink = coloured.get(one.participant.id, (GREY, ()))[0]
            joints.append({"x": WIDE + 6, "y": at, "x2": WIDE + 16, "y2": end, "ink": ink})
    yield rules(joints)
    rows = [
        {
            "x": WIDE + 20,
            "y": ends[one.participant.id],
            "text": _label(one, drawn, lines),
            "ink": INK if one.participant.id in coloured else QUIET,
        }
        for one in named
    ]
    yield texts(rows)


def _grid(drawn: Subject, lines: Lines, xs: Sequence[float], down: Scale_) -> Iterator[Layer]:
    """Draw a line a day, with its date where there is room, and some places at the left."""
    yield rules([{"x": x, "x2": x, "y": -4, "y2": down.dots} for x in xs])
    dates: list[Row] = []
    free = -1000.0
    for x, day in reversed(list(zip(xs, lines.days, strict=True))):
        shown = drawn.words.date(day)
        if not dates or x + long(shown, 11) < free:
            dates.append({"x": x, "y": -14, "text": shown})
            free = x
    yield texts(dates, size=11, colour=QUIET, align="center")
    lowest = int(down.high)
    step = max(1, -(-LOW * (lowest - 1) // down.dots))
    round_step = next(one for one in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000) if one >= step)
    marks = [1, *range(round_step, lowest + 1, round_step)] if round_step > 1 else range(1, lowest + 1)
    yield texts(
        [{"x": -14, "y": down.at(place), "text": drawn.words.number(place)} for place in marks],
        size=11,
        colour=QUIET,
        align="right",
    )
