"""Waterfall: one participant's points from nothing to the total, criterion by criterion, with caps and penalties."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from attrs import frozen

from emulation.criteria import TOTAL, BestOf, Criterion, Mean, Sum, WeightedSum
from emulation.exact import Rational, divide
from emulation.joins import Scored
from emulation.names import CriterionId
from emulation.outcome import Result
from emulation.problems import Problem, Refused
from emulation.report.bars import axis_above
from emulation.report.canvas import (
    BLUE,
    INK,
    QUIET,
    RED,
    SKY,
    Canvas,
    Layer,
    Row,
    Scale_,
    bars,
    broken,
    long,
    rules,
    scale,
    texts,
    tint,
)
from emulation.report.subjects import Show, Subject, within
from emulation.report.tables import decimals_of

HIGH, BAR, WIDE, NAME = 34, 18, 400, 240


@frozen
class Step:
    """One step of the way: what it is, from where to where, how far it could have gone, and what is said of it."""

    name: str
    start: Rational
    end: Rational
    could: Rational | None
    said: str
    tone: str


def waterfall(subject: Subject) -> Canvas:
    """Draw the way to one participant's total."""
    result = _whose(subject)
    root, whole = _whole(subject, result)
    steps = list(_steps(subject, result, root, whole))
    values = [value for one in steps for value in (one.start, one.end, one.could) if value is not None]
    across = scale(values, WIDE)
    words = subject.words
    total = words.number(whole.points or 0, decimals_of(subject.outcome))
    facts = [words.say("pictures.waterfall.total", points=total)]
    if result.rank is not None:
        facts.append(
            words.say("pictures.waterfall.place", place=words.number(result.rank), of=words.number(result.of or 0))
        )
    shape, colour, class_ = subject.look(result, BLUE)
    return Canvas(
        words,
        _title(subject, result),
        (subject.lines()[0], " · ".join([words.say("pictures.as_of", day=words.date(subject.outcome.as_of)), *facts])),
        subject.warnings(),
        WIDE,
        HIGH * (len(steps) + 1),
        left=20 + min(NAME, max(long(one.name) for one in (*steps, _end(subject, whole)))) + 12,
        right=20 + max(long(one.said) for one in (*steps, _end(subject, whole))) + 12,
        layers=list(_layers([*steps, _end(subject, whole)], across, words.number)),
        top=26,
        keys=[(shape, colour, class_)] if shape else (),
        notes=[words.say("pictures.waterfall.could")],
    )


def _title(subject: Subject, result: Result) -> str:
    name = result.participant.name
    if _asked(subject) is None:
        return subject.words.say("pictures.waterfall.title", name=name)
    return subject.words.say("pictures.waterfall.title_of", name=name, by=within(subject.gauge.name))


def _whose(subject: Subject) -> Result:
    if len(subject.wish.participants) != 1:
        raise Refused([Problem("E775", "a waterfall is of one participant", "name one")])
    result = subject.outcome[subject.wish.participants[0]]
    if result.total is None:
        raise Refused([Problem("E773", f"{result.participant.name} has no total to draw", "one with points")])
    return result


def _asked(subject: Subject) -> Criterion | None:
    """Give the criterion that is asked for in the place of the total."""
    return subject.outcome.campaign.criterion.get(CriterionId(subject.wish.by or ""))


def _whole(subject: Subject, result: Result) -> tuple[Sequence[Criterion], Scored]:
    """Give what is asked for with its parts; else the total, or the one criterion that it is made of."""
    body, outcome = result.participant.id, subject.outcome
    tops = [one for one in outcome.campaign.criteria if body in outcome.scores[one.id]]
    root = _asked(subject) or (tops[0] if len(tops) == 1 and tops[0].parts else None)
    if root is None:
        return tops, outcome.scores[TOTAL][body]
    if body not in outcome.scores[root.id] or not isinstance(root.earns, Sum | Mean | WeightedSum | BestOf):
        what = f"{result.participant.name} has no sum of points in {root.id}"
        raise Refused([Problem("E776", what, "a criterion that sums up what others give, or another picture")])
    return root.parts, outcome.scores[root.id][body]


def _steps(subject: Subject, result: Result, parts: Sequence[Criterion], whole: Scored) -> Iterator[Step]:
    """Give a step for each criterion, and one for what caps, floors and rounding make of their sum."""
    body, scores, say = result.participant.id, subject.outcome.scores, subject.words.say
    terms, at = dict(whole.terms), Fraction(0)
    for part in parts:
        if body not in scores[part.id] or (scored := scores[part.id][body]).branch == "tracked":
            continue
        term = terms.get(part.id)
        name = subject.speech.criterion(part.id)
        if term is None:
            yield Step(name, at, at, None, _why_nothing(subject, scored), "none")
            continue
        share = divide(term, scored.points) if scored.points else 1
        most = None if part.as_ == "penalty" or scored.most is None else at + scored.most * share
        yield Step(name, at, at + term, most, _said(subject, scored, term), "penalty" if term < 0 else part.as_)
        at += term
    if whole.points is not None and whole.points != at:
        how = whole.branch if whole.branch in ("capped", "floored") else "rounded"
        yield Step(say(f"pictures.waterfall.{how}"), at, whole.points, None, _signed(subject, whole.points - at), how)


def _said(subject: Subject, scored: Scored, term: Rational) -> str:
    """Say what a criterion adds, and what made it so: at its cap, not measured."""
    said = _signed(subject, term)
    if scored.state != "measured":
        return f"{said} ({subject.words.say(f'state.{scored.state}')})"
    if scored.points is not None and scored.points == scored.most and scored.branch == "capped":
        return f"{said} ({subject.words.say('pictures.waterfall.at_cap')})"
    return said


def _why_nothing(subject: Subject, scored: Scored) -> str:
    if scored.state == "measured":
        return subject.words.say("pictures.waterfall.not_best")
    return subject.words.say("pictures.waterfall.left_out", why=subject.words.say(f"state.{scored.state}"))


def _signed(subject: Subject, term: Rational) -> str:
    shown = subject.words.number(term, decimals_of(subject.outcome))
    return shown if term < 0 else f"+{shown}"


def _end(subject: Subject, whole: Scored) -> Step:
    points = whole.points or 0
    shown = subject.words.number(points, decimals_of(subject.outcome))
    name = subject.words.say("total") if _asked(subject) is None else subject.gauge.name
    return Step(name, Fraction(0), points, None, shown, "total")


def _layers(steps: Sequence[Step], across: Scale_, show: Show) -> Iterator[Layer]:
    yield from axis_above(across, HIGH * len(steps), show)
    could: list[Row] = []
    done: list[Row] = []
    links: list[Row] = []
    names: list[Row] = []
    ends: list[Row] = []
    zero = across.at(0)
    for at, step in enumerate(steps):
        middle = HIGH * at + HIGH // 2
        start, end = across.at(step.start), across.at(step.end)
        box = {"y": middle - BAR // 2, "y2": middle + BAR // 2}
        if step.could is not None and step.could > step.end:
            could.append({"x": end, "x2": across.at(step.could), "fill": "#ffffff", "stroke": "#8c959f", **box})
        done.append({"x": min(start, end), "x2": max(start, end), "fill": COLOURS[step.tone], "tip": step.said, **box})
        if at:
            links.append({"x": start, "x2": start, "y": middle - HIGH + BAR // 2, "y2": middle - BAR // 2})
        furthest = max(start, end, across.at(step.could) if step.could is not None else end)
        ends.append({"x": furthest + 8, "y": middle, "text": step.said})
        lines = list(broken(step.name, NAME))
        names += [
            {"x": -12, "y": middle + 14 * row - 7 * (len(lines) - 1), "text": line} for row, line in enumerate(lines)
        ]
    yield rules(links[:-1], colour=QUIET, dash=(2, 2))
    yield bars(could)
    yield bars(done)
    yield texts(names[:-1], align="right")
    yield texts(names[-1:], align="right", weight="bold")
    yield texts(ends[:-1], colour=INK)
    yield texts(ends[-1:], weight="bold")
    yield rules([{"x": zero, "x2": zero, "y": 0, "y2": HIGH * len(steps)}], colour=QUIET)


COLOURS = {
    "base": BLUE,
    "alternative": BLUE,
    "bonus": SKY,
    "penalty": RED,
    "capped": RED,
    "floored": SKY,
    "rounded": "#8c959f",
    "none": "#ffffff",
    "total": tint("#1f2328", Fraction(4, 5)),
}
"""What a step does; a step down also goes to the left and says so with its sign."""
