"""Heatmap: participants by criteria, each cell as dark as the share of its maximum; what is missing is no zero."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from emulation.criteria import Criterion
from emulation.exact import Rational
from emulation.names import CriterionId
from emulation.outcome import Outcome, Result
from emulation.problems import Problem, Refused
from emulation.report.canvas import BLUE, INK, PAPER, QUIET, RED, Canvas, Layer, Row, bars, broken, long, texts, tint
from emulation.report.subjects import Subject
from emulation.report.tables import decimals_of

SHOWN, COLUMNS = 40, 40
HIGH = 22
NARROW, WIDEST, TURNED = 26, 86, 250
DARKEST = Fraction(74, 100)
"""How much of its colour the darkest cell has: black figures can be read on it."""
STATES = {"missing": "?", "not_applicable": "–", "zero_denominator": "0/0", "not_yet_due": "…", "withheld": "×"}
"""What stands in the cell of a criterion that could not be measured."""


def heatmap(subject: Subject) -> Canvas:
    """Draw a row for each participant and a column for each criterion."""
    shown = subject.shown(SHOWN)
    criteria = _criteria(subject, shown)
    wide = _column(subject, criteria, shown)
    name_wide = max(long(one.participant.name) for one in shown)
    turned = _is_turned(subject, criteria, wide)
    above = _rise(subject, criteria) if turned else 14 * max(len(_head(subject, one, wide)) for one in criteria) + 10
    words = subject.words
    return Canvas(
        words,
        subject.title("pictures.criteria.title"),
        subject.lines(subject.part(shown)),
        subject.warnings(),
        wide * len(criteria),
        HIGH * len(shown),
        left=20 + name_wide + 10 + 30,
        right=max(30, _rise(subject, criteria) * 3 // 5 if turned else 0, 620 - 50 - name_wide - wide * len(criteria)),
        layers=list(_layers(subject, shown, criteria, wide)),
        top=above,
        notes=[
            words.say("pictures.criteria.shade"),
            *([words.say("pictures.criteria.number")] if wide > NARROW else []),
            *_legend(subject, shown, criteria),
        ],
    )


def _criteria(subject: Subject, shown: Sequence[Result]) -> list[Criterion]:
    """Give the criteria that are judged themselves; where they are many, those these are parts of."""
    scores = subject.outcome.scores

    def meant(one: Criterion) -> bool:
        return one.max != 0 and any(result.participant.id in scores[one.id] for result in shown)

    if subject.gauge.id in subject.outcome.campaign.criterion and subject.wish.by:
        known = list(subject.outcome.campaign.criterion[CriterionId(subject.gauge.id)].parts)
    else:
        tops = [one for one in subject.outcome.campaign.criteria if meant(one)]
        known = list(tops[0].parts) if len(tops) == 1 and tops[0].parts else tops
        leaves = [one for one in subject.outcome.campaign.criterion.values() if one.is_leaf]
        known = leaves if len(leaves) <= COLUMNS else known
    found = [one for one in known if meant(one) and not one.is_tracked]
    if not found:
        raise Refused([Problem("E773", "there are no criteria to draw", "a campaign that gives points")])
    return found


def _column(subject: Subject, criteria: Sequence[Criterion], shown: Sequence[Result]) -> int:
    """Give the width of a column: that of its numbers where they all fit on a page, else a narrow one."""
    longest = max(long(_number(subject, criterion, one), 11) for criterion in criteria for one in shown) + 10
    wide = max(longest, min(WIDEST, 900 // len(criteria)))
    return wide if wide * len(criteria) <= 1200 else NARROW  # noqa: PLR2004


def _layers(subject: Subject, shown: Sequence[Result], criteria: Sequence[Criterion], wide: int) -> Iterator[Layer]:
    cells: list[Row] = []
    bare: list[Row] = []
    dark: list[Row] = []
    for across, criterion in enumerate(criteria):
        for down, one in enumerate(shown):
            box = {
                "x": wide * across + 1,
                "x2": wide * (across + 1) - 1,
                "y": HIGH * down + 1,
                "y2": HIGH * (down + 1) - 1,
            }
            x, y = wide * across + wide // 2, HIGH * down + HIGH // 2
            number = _number(subject, criterion, one)
            said = number if long(number, 11) + 4 <= wide else number.partition(" ")[0] if " " in number else ""
            share = share_of(subject.outcome, criterion, one)
            tip = f"{one.participant.name} · {subject.speech.criterion(criterion.id)}: {number}"
            if share is None:
                bare.append({**box, "fill": PAPER, "stroke": "#8c959f", "tip": tip})
                dark.append({"x": x, "y": y, "text": said})
                continue
            colour = RED if criterion.as_ == "penalty" else BLUE
            cells.append({**box, "fill": tint(colour, Fraction(4, 100) + share * DARKEST), "tip": tip})
            dark.append({"x": x, "y": y, "text": said})
    yield bars(cells)
    yield bars(bare)
    yield texts(dark, size=11, align="center", colour=INK)
    yield from _heads(subject, criteria, wide)
    yield texts(
        [{"x": -34, "y": HIGH * at + HIGH // 2, "text": one.participant.name} for at, one in enumerate(shown)],
        align="right",
    )
    yield texts(
        [{"x": -8, "y": HIGH * at + HIGH // 2, "text": subject.place(one)} for at, one in enumerate(shown)],
        align="right",
        size=11,
        colour=QUIET,
    )


def _rise(subject: Subject, criteria: Sequence[Criterion]) -> int:
    """Give how high names rise that are written aslant."""
    return max(long(_aslant(subject.speech.criterion(one.id)), 10) for one in criteria) * 9 // 10 + 10


def _head(subject: Subject, criterion: Criterion, wide: int) -> list[str]:
    return list(broken(subject.speech.criterion(criterion.id), wide - 6, 11))


def _is_turned(subject: Subject, criteria: Sequence[Criterion], wide: int) -> bool:
    """Say whether names do not fit above their columns, in a few lines, and are written aslant."""
    heads = [_head(subject, one, wide) for one in criteria]
    return any(len(lines) > 4 or any(long(line, 11) > wide - 2 for line in lines) for lines in heads)  # noqa: PLR2004


def _heads(subject: Subject, criteria: Sequence[Criterion], wide: int) -> Iterator[Layer]:
    """Write the names of criteria above their columns; aslant where columns are narrow."""
    if not _is_turned(subject, criteria, wide):
        lines = [
            {"x": wide * at + wide // 2, "y": -8 - 14 * up, "text": line}
            for at, one in enumerate(criteria)
            for up, line in enumerate(reversed(_head(subject, one, wide)))
        ]
        yield texts(lines, size=11, colour=QUIET, align="center", base="bottom")
        return
    rows = [
        {"x": wide * at + wide // 2, "y": -6, "text": _aslant(subject.speech.criterion(one.id))}
        for at, one in enumerate(criteria)
    ]
    layer = texts(rows, size=10, colour=QUIET)
    layer["mark"]["angle"] = 300
    yield layer


def _aslant(name: str) -> str:
    """Write the name of a criterion on one line; a very long one is cut between words, with a sign for it."""
    first, *more = broken(name, TURNED, 10)
    return f"{first}…" if more else first


def share_of(outcome: Outcome, criterion: Criterion, one: Result) -> Rational | None:
    """Give the share of its maximum that a criterion has given; None where it could not be measured."""
    scores = outcome.scores[criterion.id]
    if one.participant.id not in scores:
        return None
    scored = scores[one.participant.id]
    if scored.state != "measured" or scored.points is None or not scored.most:
        return None
    return max(Fraction(0), min(Fraction(1), Fraction(scored.points) / Fraction(scored.most)))


def _number(subject: Subject, criterion: Criterion, one: Result) -> str:
    """Write a cell: its points; what is not measured with its sign, and the points it counts with, if any."""
    scores = subject.outcome.scores[criterion.id]
    if one.participant.id not in scores:
        return ""
    scored = scores[one.participant.id]
    points = "" if scored.points is None else subject.words.number(scored.points, decimals_of(subject.outcome))
    if scored.state == "measured":
        return points or "?"
    return f"{STATES[scored.state]} {points}".strip()


def _legend(subject: Subject, shown: Sequence[Result], criteria: Sequence[Criterion]) -> Iterator[str]:
    """Say what the signs in the cells mean, those that are there."""
    scores = subject.outcome.scores
    found = {
        scores[criterion.id][one.participant.id].state
        for criterion in criteria
        for one in shown
        if one.participant.id in scores[criterion.id]
    }
    known = [f"{sign} {subject.words.say(f'state.{state}')}" for state, sign in STATES.items() if state in found]
    if known:
        yield " · ".join(known)
