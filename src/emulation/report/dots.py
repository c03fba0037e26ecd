"""Dots: how values are spread, a dot for each participant or a bar for many, with the bounds of classes and targets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from attrs import frozen

from emulation.conditions import All, Any, Compare, Condition, None_
from emulation.conditions import Points as PointsOf
from emulation.exact import Rational
from emulation.limits import Between, Indicator_, Peers
from emulation.outcome import Result
from emulation.problems import Problem, Refused
from emulation.readiness import When
from emulation.report.canvas import (
    BLUE,
    INK,
    QUIET,
    SKY,
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
from emulation.report.subjects import Subject

WIDE, DOT, MANY = 600, 12, 400
"""Dots across; from centre to centre of two dots; beyond so many participants they are counted in bars."""

HIGHEST = 260


def distribution(subject: Subject) -> Canvas:
    """Draw how values are spread."""
    found = [(value, one) for one in subject.results if (value := subject.gauge.value(one)) is not None]
    if not found:
        raise Refused([Problem("E773", f"nobody has a value of {subject.gauge.name}", "something that was measured")])
    bounds = list(_bounds(subject))
    across = scale([value for value, _ in found] + [bound for bound, _ in bounds], WIDE, from_zero=False)
    counted = len(found) > MANY
    high = HIGHEST if counted else max(90, 12 + DOT * max(Counter(_columns(across, found)).values()))
    marks = [Mark(across.at(bound), said, high, asked=False) for bound, said in bounds]
    marks += _asked(subject, found, across, high)
    rows = _rows(marks)
    lacking = len(subject.results) - len(found)
    words = subject.words
    without = words.say("pictures.distribution.without", count=words.number(lacking)) if lacking else ""
    return Canvas(
        words,
        subject.title("pictures.distribution.title"),
        subject.lines(without),
        subject.warnings(),
        WIDE,
        high,
        left=40,
        right=max([40, *(int(mark.x) + long(mark.said, 11) - WIDE + 24 for mark in marks)]),
        layers=[
            *_marked(marks, rows),
            *(_bars if counted else _dots)(subject, found, across, high),
            *_axis(subject, across, high),
        ],
        top=12 + 17 * (1 + max(rows, default=-1)),
        bottom=34,
        keys=() if counted else subject.keys(),
        notes=[words.say("pictures.distribution.axis", name=subject.gauge.name, low=subject.gauge.tick(across.low))],
    )


# --- bounds


def _bounds(subject: Subject) -> Iterator[tuple[Rational, str]]:
    """Give the values at which a class or a target begins, each with what it is."""
    speech, say = subject.speech, subject.words.say
    seen: set[tuple[Rational, str]] = set()
    for rule in subject.outcome.campaign.readiness:
        if not any(rule.for_.selects(one.participant) for one in subject.results) or not isinstance(
            rule.classing, When
        ):
            continue
        for class_, condition in rule.classing.classes:
            for bound, limit in _compared(subject, condition):
                said = say("pictures.distribution.class", name=speech.class_(class_), limit=limit)
                if (bound, said) not in seen:
                    seen.add((bound, said))
                    yield bound, said
    for target in subject.outcome.campaign.targets:
        if any(target.for_.selects(one.participant) for one in subject.results):
            for bound, _ in _compared(subject, target.condition):
                yield bound, say("pictures.distribution.target", name=speech.target(target.id))


def _compared(subject: Subject, condition: Condition) -> Iterator[tuple[Rational, str]]:
    """Give the bounds a condition sets to what is drawn, each as it is said."""
    match condition:
        case All(of) | Any(of) | None_(of):
            for one in of:
                yield from _compared(subject, one)
        case Compare(Indicator_(id), limit) if id == subject.gauge.id:
            show = subject.speech.shown_as(id)
        case Compare(PointsOf(criterion), limit) if criterion == subject.gauge.id:
            show = subject.words.exact
        case _:
            return
    if isinstance(condition, Compare):
        limit = condition.limit
        if isinstance(limit, Between):
            yield limit.from_, subject.speech.limit(limit, show)
            yield limit.to, subject.speech.limit(limit, show)
        elif not isinstance(limit.bound, Indicator_ | Peers):
            yield limit.bound, subject.speech.limit(limit, show)


@frozen
class Mark:
    """A line down to something, with what is said of it above the field."""

    x: float
    said: str
    to: float
    asked: bool


def _asked(subject: Subject, found: Sequence[tuple[Rational, Result]], across: Scale_, high: int) -> Iterator[Mark]:
    """Mark those who were asked for by their names and values."""
    for value, one in found:
        if one.participant.id in subject.wish.participants:
            x = across.at(value) if len(found) > MANY else int(across.at(value)) // DOT * DOT + DOT // 2
            yield Mark(x, f"{one.participant.name} {subject.gauge.show(value)}", high, asked=True)


def _rows(marks: Sequence[Mark]) -> list[int]:
    """Give each mark's row above the field, so high that no line of another goes through what is said."""
    rows: dict[int, int] = {}
    order = sorted(range(len(marks)), key=lambda at: marks[at].x, reverse=True)
    for place, at in enumerate(order):
        end = marks[at].x + long(marks[at].said, 11) + 10
        rows[at] = 1 + max((rows[other] for other in order[:place] if marks[other].x < end), default=-1)
    return [rows[at] for at in range(len(marks))]


def _marked(marks: Sequence[Mark], rows: Sequence[int]) -> Iterator[Layer]:
    placed = list(zip(marks, rows, strict=True))
    for asked in (False, True):
        own = [(mark, row) for mark, row in placed if mark.asked == asked]
        yield rules(
            [{"x": mark.x, "x2": mark.x, "y": -10 - 17 * row, "y2": mark.to} for mark, row in own],
            colour=INK if asked else QUIET,
            dash=() if asked else (4, 3),
        )
        said = [{"x": mark.x + 4, "y": -12 - 17 * row, "text": mark.said} for mark, row in own]
        yield texts(said, size=11, weight="bold" if asked else "normal")


# --- values


def _columns(across: Scale_, found: Sequence[tuple[Rational, Result]]) -> list[int]:
    return [int(across.at(value)) // DOT for value, _ in found]


def _dots(subject: Subject, found: Sequence[tuple[Rational, Result]], across: Scale_, high: int) -> Iterator[Layer]:
    """Stack a dot for each participant over where its value lies."""
    stacked: Counter[int] = Counter()
    plain: list[Row] = []
    named: list[Row] = []
    for column, (value, one) in sorted(zip(_columns(across, found), found, strict=True), key=lambda pair: pair[1][0]):
        shape, colour, word = subject.look(one, BLUE)
        x, y = column * DOT + DOT // 2, high - DOT // 2 - DOT * stacked[column]
        stacked[column] += 1
        tip = f"{one.participant.name}: {subject.gauge.show(value)}" + (f" · {word}" if word else "")
        row = {"x": x, "y": y, "shape": shape or "circle", "fill": colour, "tip": tip}
        plain.append(row)
        if one.participant.id in subject.wish.participants:
            named.append(row)
    yield shapes(plain, size=70)
    yield shapes([{**row, "stroke": INK} for row in named], size=110)


def _bars(subject: Subject, found: Sequence[tuple[Rational, Result]], across: Scale_, high: int) -> Iterator[Layer]:
    """Count participants between round values; a value at an edge belongs to the bar on its right."""
    ticks = across.ticks(20)
    step = ticks[1] - ticks[0]
    counts = Counter(min(value // step * step, across.high - step) for value, _ in found)
    most = max(counts.values())
    rows: list[Row] = [
        {
            "x": across.at(begin) + 1,
            "x2": across.at(begin + step) - 1,
            "y": high - (high - 16) * count // most,
            "y2": high,
            "fill": SKY,
            "text": subject.words.number(count),
        }
        for begin, count in sorted(counts.items())
    ]
    yield bars(rows)
    yield texts(
        [{"x": (row["x"] + row["x2"]) / 2, "y": row["y"] - 8, "text": row["text"]} for row in rows],
        size=10,
        colour=QUIET,
        align="center",
    )


def _axis(subject: Subject, across: Scale_, high: int) -> Iterator[Layer]:
    yield rules([{"x": 0, "x2": WIDE, "y": high, "y2": high}], colour=QUIET)
    ticks = across.ticks(8)
    yield rules([{"x": across.at(one), "x2": across.at(one), "y": high, "y2": high + 5} for one in ticks], colour=QUIET)
    yield texts(
        [{"x": across.at(one), "y": high + 16, "text": subject.gauge.tick(one)} for one in ticks],
        size=11,
        colour=QUIET,
        align="center",
    )
