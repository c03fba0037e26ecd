"""Columns: the board of what was scored on columns, as text and as the same CSV; and its plan, line by line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from emulation.awards import Award
from emulation.columnar.notation import lines_of
from emulation.columnar.results import Outline, Row, Verdict, ordered_rows, outlines, rows
from emulation.criteria import TOTAL, Criterion
from emulation.exact import Rational, write_number
from emulation.names import ClassName, vietnamese_order
from emulation.participants import Participant
from emulation.report.layout import table_lines
from emulation.report.records import csv_text
from emulation.report.signs import class_shape
from emulation.report.speech import Speech
from emulation.report.tables import MANY_KEYS, SHOWN_DECIMALS, in_group
from emulation.report.text import MANY
from emulation.report.words import Words
from emulation.standings import Standing as Placing
from emulation.targets import Target


def columns_csv(verdict: Verdict, group: str | None = None) -> str:
    """Give the same CSV as the exact engine does, byte for byte."""
    campaign = verdict.plan.campaign
    found = {row.id: row for row in rows(verdict)}
    indicators, standings, targets = campaign.indicator, campaign.standings, campaign.targets
    table: list[list[str]] = []
    for body in campaign.participants:
        row = found[body.id]
        if not in_group(body, group):
            continue
        total = row.points.get(TOTAL)
        table.append(
            [
                body.id,
                body.name,
                body.kind,
                body.parent or "",
                "" if total is None else write_number(total),
                row.class_ or "",
                " ".join(id for id, given in row.awards.items() if given),
                *(_place(row, standing.id) for standing in standings),
                *(row.aims.get(target.id, "") for target in targets),
                *(_written(row.points.get(id)) for id in campaign.criterion),
                *(_written(row.values[id][1]) for id in indicators),
            ]
        )
    return csv_text(campaign, table)


def _place(row: Row, standing: str) -> str:
    found = {str(id): one.place for id, one in row.standings.items()}.get(standing)
    return "" if found is None else str(found)


def _written(value: Rational | None) -> str:
    return "" if value is None else write_number(value)


def columns_text(verdict: Verdict, words: Words, *, top: int | None = None, group: str | None = None) -> str:
    """Give a table for each kind of participant, the best first; ``top`` keeps so many rows of each, 0 all."""
    plan = verdict.plan
    campaign, speech = plan.campaign, Speech(plan.campaign, words)
    span = campaign.timetable.period
    blocks = [
        f"{words.label(campaign.title, campaign.id)} ({campaign.id})\n"
        + words.say("board.period", days=words.span(span), as_of=words.date(plan.day))
    ]
    outlined = {one.id: one for one in outlines(verdict)}
    for kind in campaign.participants.kinds:
        of_kind = [body for body in campaign.participants if body.kind == kind and in_group(body, group)]
        table = _Table.of(verdict, speech, of_kind, outlined, MANY if top is None else top)
        if of_kind and table.tells:
            blocks.append("\n".join(table.lines()))
    blocks.append(words.say("columns.engine", engine=verdict.engine.name, steps=words.number(len(plan.steps))))
    return "\n\n".join(blocks) + "\n"


@frozen
class _Table:
    """Those of a kind, the best first; ``found`` are those that are shown, and what they came to."""

    verdict: Verdict
    speech: Speech
    bodies: Sequence[Participant]
    held: Mapping[ClassName | None, int]
    found: Sequence[tuple[Participant, Row]]

    @classmethod
    def of(
        cls,
        verdict: Verdict,
        speech: Speech,
        bodies: Sequence[Participant],
        outlined: Mapping[str, Outline],
        most: int,
    ) -> _Table:
        """Put those of a kind into order; the figures are fetched only of so many that are shown."""

        def best_first(body: Participant) -> tuple[bool, int, object]:
            place = next((place for place in outlined[body.id].places if place is not None), None)
            return place is None, place or 0, vietnamese_order(body.name)

        ordered = sorted(bodies, key=best_first)
        shown = ordered[: most or None]
        found = zip(shown, ordered_rows(verdict, [body.id for body in shown]), strict=True)
        return cls(verdict, speech, bodies, Counter(outlined[body.id].class_ for body in bodies), list(found))

    @property
    def _words(self) -> Words:
        return self.speech.words

    @property
    def tells(self) -> bool:
        """Say whether anything but names and values is told of these participants."""
        return any(row.points or row.class_ or row.aims or row.standings for _, row in self.found)

    def lines(self) -> Iterator[str]:
        """Give the heading, the rows, and how many are left out."""
        kind = self.speech.kind(self.bodies[0].kind, many=len(self.bodies) != 1)
        told = self._words.say("board.of_kind", kind=kind[:1].upper() + kind[1:], count=len(self.bodies))
        yield told + self._classes()
        headings = [*self._headings()]
        rows = [self._cells(*one) for one in self.found]
        yield from table_lines([text for text, _ in headings], [numeric for _, numeric in headings], rows)
        if len(self.found) < len(self.bodies):
            yield self._words.say("board.more", count=self._words.number(len(self.bodies) - len(self.found)))

    def _standings(self) -> Iterator[Placing]:
        for one in self.verdict.plan.campaign.standings:
            if any(one.id in row.standings for _, row in self.found):
                yield one

    def _criteria(self) -> list[Criterion]:
        tops = [
            one
            for one in self.verdict.plan.campaign.criteria
            if any(one.id in row.points for _, row in self.found) and not one.is_tracked
        ]
        shown = tops[0].parts if len(tops) == 1 and tops[0].parts else tuple(tops)
        return list(shown) if len(shown) <= MANY_KEYS else []

    def _has_total(self) -> bool:
        return any(TOTAL in row.points for _, row in self.found)

    def _headings(self) -> Iterator[tuple[str, bool]]:
        standings = list(self._standings())
        for standing in standings[:1]:
            alone = len(standings) == 1
            yield (self._words.say("board.place") if alone else self.speech.standing(standing.id)), True
        yield self._words.say("board.participant"), False
        yield from ((self.speech.standing(standing.id), True) for standing in standings[1:])
        yield from ((self.speech.criterion(one.id), True) for one in self._criteria())
        if self._has_total():
            yield self._words.say("total"), True
        yield from ((self.speech.target(one.id), False) for one in self._targets())
        if any(row.class_ for _, row in self.found):
            yield self._words.say("board.class"), False
        yield from ((self._words.label(one.title, one.id), False) for one in self._awards())

    def _targets(self) -> list[Target]:
        targets = self.verdict.plan.campaign.targets
        return [one for one in targets if any(one.id in row.aims for _, row in self.found)]

    def _awards(self) -> list[Award]:
        awards = self.verdict.plan.campaign.awards
        return [one for one in awards if any(row.awards[one.id] is not False for _, row in self.found)]

    def _cells(self, body: Participant, row: Row) -> list[str]:
        standings = list(self._standings())
        cells = [self._placed(row, one) for one in standings[:1]]
        cells += [body.name, *(self._placed(row, one) for one in standings[1:])]
        cells += [self._points(row, one.id) for one in self._criteria()]
        if self._has_total():
            cells.append(self._points(row, TOTAL))
        cells += [self._words.say(f"aim.{row.aims[one.id]}") if one.id in row.aims else "" for one in self._targets()]
        if any(one.class_ for _, one in self.found):
            cells.append(self._class(body, row))
        signs = {True: "★", None: "?", False: ""}
        return [*cells, *(signs[row.awards[one.id]] for one in self._awards())]

    def _placed(self, row: Row, standing: Placing) -> str:
        one = row.standings.get(standing.id)
        if one is None:
            return ""
        return "–" if one.place is None else f"{one.place}{'?' if one.open else '=' if one.tied else ' '}"

    def _points(self, row: Row, criterion: str) -> str:
        found = {str(id): points for id, points in row.points.items()}
        if criterion not in found:
            return ""
        points = found[criterion]
        return self._words.say("board.no_points") if points is None else self._words.number(points, self._decimals())

    def _decimals(self) -> int:
        rounding = self.verdict.plan.campaign.rounding
        declared = [one for one in (rounding.points, rounding.groups, rounding.total) if one is not None]
        return max(declared, default=SHOWN_DECIMALS)

    def _class(self, body: Participant, row: Row) -> str:
        if row.class_ is None:
            return ""
        rule = next(one for one in self.verdict.plan.campaign.readiness if one.for_.selects(body))
        return f"{class_shape(rule.classes.index(row.class_))} {self.speech.class_(row.class_)}"

    def _classes(self) -> str:
        """Count the participants in each class, the best class first."""
        counts = [
            f"{class_shape(place)} {self.held[class_]} {self.speech.class_(class_)}"
            for rule in self.verdict.plan.campaign.readiness
            if any(map(rule.for_.selects, self.bodies))
            for place, class_ in enumerate(rule.classes)
        ]
        return "".join(f"  {one}" for one in counts)


def plan_text(verdict: Verdict, words: Words) -> str:
    """Give the plan: each column and how it is reckoned, with the widest number met on the way."""
    return words.say("columns.plan", engine=verdict.engine.name) + "\n" + "\n".join(lines_of(verdict.plan)) + "\n"
