"""Bars: participants in their order, each with a bar as long as what it is ranked by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from emulation.outcome import Result
from emulation.report.canvas import (
    BLUE,
    FAINT,
    INK,
    QUIET,
    Canvas,
    Layer,
    Row,
    Scale_,
    bars,
    long,
    rules,
    scale,
    shapes,
    texts,
)
from emulation.report.subjects import Show, Subject

SHOWN = 40
"""How many are drawn without being asked for; more bars than this fit no page."""

HIGH, BAR = 22, 14
WIDE = 420


def ranking(subject: Subject) -> Canvas:
    """Draw the ranking: a row for each, with its place, name, bar, value and class."""
    shown, gauge = subject.shown(SHOWN), subject.gauge
    values = [value for one in shown if (value := gauge.value(one)) is not None]
    across = scale([*values, *([gauge.most] if gauge.most is not None else [])], WIDE)
    name_wide = max(long(one.participant.name) for one in shown)
    place_wide = max((long(subject.place(one)) for one in shown), default=0)
    after = max((long(_after(subject, one)) for one in shown), default=0) + 34
    also = max((long(_level(subject, one)) for one in shown), default=0)
    return Canvas(
        subject.words,
        subject.title("pictures.ranking.title" if gauge.standing else "pictures.ranking.values"),
        subject.lines(subject.part(shown)),
        subject.warnings(),
        WIDE,
        HIGH * len(shown),
        left=20 + place_wide + 10 + name_wide + 8,
        right=after + also,
        layers=list(_layers(subject, shown, across, name_wide)),
        top=26,
        keys=subject.keys(),
        notes=tuple(_notes(subject, shown)),
    )


def _layers(subject: Subject, shown: Sequence[Result], across: Scale_, name_wide: int) -> Iterator[Layer]:
    gauge, high = subject.gauge, HIGH * len(shown)
    yield from axis_above(across, high, gauge.tick)
    drawn, bare = [], []
    ends: list[Row] = []
    marks: list[Row] = []
    zero = across.at(0) if across.low <= 0 else 0
    for at, one in enumerate(shown):
        value, middle = gauge.value(one), HIGH * at + HIGH // 2
        shape, colour, word = subject.look(one, BLUE)
        if value is None:
            bare.append({"x": 6, "y": middle, "text": gauge.lack(one)})
            continue
        end = across.at(value)
        tip = f"{one.participant.name}: {gauge.show(value)}" + (f" · {word}" if word else "")
        drawn.append(
            {"x": min(zero, end), "x2": max(zero, end), "y": middle - BAR // 2, "y2": middle + BAR // 2}
            | {"fill": colour, "participant": one.participant.id, "tip": tip}
        )
        begin = max(zero, end) + 6
        if shape:
            marks.append({"x": begin + 5, "y": middle, "shape": shape, "fill": colour})
            begin += 14
        ends.append({"x": begin, "y": middle, "text": gauge.show(value)})
        bare.append({"x": begin + long(gauge.show(value)) + 2, "y": middle, "text": _level(subject, one)})
    yield bars(drawn)
    yield shapes(marks)
    yield texts(ends)
    yield texts(bare, colour=QUIET)
    yield from _names(subject, shown, name_wide)
    yield rules([{"x": zero, "x2": zero, "y": 0, "y2": high}], colour=QUIET)


def axis_above(across: Scale_, high: int, show: Show) -> Iterator[Layer]:
    """Draw round values above the field, each with a faint line through it."""
    ticks = [(across.at(value), show(value)) for value in across.ticks()]
    yield rules([{"x": at, "x2": at, "y": 0, "y2": high} for at, _ in ticks], colour=FAINT)
    yield texts([{"x": at, "y": -10, "text": text} for at, text in ticks], size=11, colour=QUIET, align="center")


def _names(subject: Subject, shown: Sequence[Result], name_wide: int) -> Iterator[Layer]:
    """Write places and names left of the bars; those that were asked for in bold."""
    for asked in (False, True):
        rows = [(at, one) for at, one in enumerate(shown) if (one.participant.id in subject.wish.participants) == asked]
        weight, colour = ("bold", INK) if asked else ("normal", INK)
        named = [{"x": -8, "y": HIGH * at + HIGH // 2, "text": one.participant.name} for at, one in rows]
        yield texts(named, align="right", weight=weight, colour=colour)
        placed = [
            {"x": -18 - name_wide, "y": HIGH * at + HIGH // 2, "text": subject.place(one)}
            for at, one in rows
            if subject.gauge.standing is not None
        ]
        yield texts(placed, align="right", weight=weight, colour=QUIET)


def _after(subject: Subject, one: Result) -> str:
    value = subject.gauge.value(one)
    return subject.gauge.lack(one) if value is None else subject.gauge.show(value)


def _level(subject: Subject, one: Result) -> str:
    """Show what settles places among those of the same value, where it is shown for anybody."""
    then = subject.gauge.then
    value = then.value(one) if then else None
    return "" if then is None or value is None else f"({then.show(value)})"


def _notes(subject: Subject, shown: Sequence[Result]) -> Iterator[str]:
    """Say what the signs beside places mean, where there are any."""
    placed = [found for one in shown if (found := subject.placed(one)) is not None]
    rule = next((one for one in subject.outcome.campaign.standings if one.id == subject.gauge.standing), None)
    if rule is not None and rule.within is not None:
        yield subject.words.say("pictures.ranking.within", group=subject.speech.group(rule.within))
    if subject.gauge.then is not None:
        yield subject.words.say("pictures.ranking.then", name=subject.gauge.then.name)
    if any(one.tied_with and not one.open for one in placed):
        yield subject.words.say("board.tie_shared")
    if any(one.open for one in placed):
        yield subject.words.say("board.tie_open")
    if any(one.place is None for one in placed):
        yield subject.words.say("pictures.no_place")
