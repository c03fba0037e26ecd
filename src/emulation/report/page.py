"""Page: an outcome as one file of HTML that asks for nothing else: boards to sort and search, with all reasons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from attrs import frozen

from emulation.exact import Rational, divide, rounded
from emulation.ledger.entries import Sealed
from emulation.names import CriterionId, ParticipantId, vietnamese_order
from emulation.outcome import Outcome, Result
from emulation.report.layout import heading
from emulation.report.portrait import Portraits, few_kinds, nested
from emulation.report.stencils import data, filled
from emulation.report.tables import Board, Cell, Column, boards
from emulation.report.text import footer
from emulation.report.words import Words
from emulation.scenarios.strengths import leaves

FIRST = 50
"""Rows that stand in the page itself, readable before or without any script."""

SAID = [
    "search",
    "sort",
    "clear",
    "showing",
    "nothing",
    "more",
    "opens",
    "close",
    "why",
    "at_a_glance",
    "lift",
    "nothing_above",
    "profile",
    "profile_note",
    "shares",
    "missing",
    "trend",
    "elsewhere",
    "full",
    "movement",
]
"""The phrases that the page's script says."""


def page_html(
    outcome: Outcome,
    words: Words,
    *,
    group: str | None = None,
    earlier: Sequence[Outcome] = (),
    pages: Mapping[ParticipantId, str] | None = None,
    links: Sequence[tuple[str, str]] = (),
    seal: tuple[int, Sealed] | None = None,
) -> str:
    """Give an outcome as one page of HTML.

    ``earlier`` are outcomes of the same campaign on earlier days; ``pages`` says where each participant has a page of
    its own, and ``links`` are shown at the end. ``seal`` is the entry of a ledger in which just this was sealed.
    """
    portraits = Portraits.of(outcome, words, earlier)
    shown = [_Shown(portraits, board, pages or {}) for board in boards(outcome, words, group)]
    record = {
        "lang": words.language,
        "campaign": outcome.campaign.id,
        "words": {key: words.phrases[f"page.{key}"] for key in SAID},
        "boards": [one.record() for one in shown],
    }
    return filled(
        "page.html",
        **frame(outcome, words, seal),
        boards=[one.static() for one in shown],
        record=data(record),
        footer=list(footer(outcome, words)),
        links=links,
    )


def frame(outcome: Outcome, words: Words, seal: tuple[int, Sealed] | None = None) -> dict[str, Any]:
    """Give what stands at the head of every page: what it is about, of which day, how sure, and its words."""
    title, *lines = heading(outcome, words)
    name = words.label(outcome.campaign.title, outcome.campaign.id)
    made_up = [line.removeprefix("⚠ ") for line in lines if line.startswith("⚠ ")]
    count = len(outcome.problems)
    open_ = words.say("page.provisional", count=words.number(count)) if count else words.say("page.settled")
    return {
        "language": words.language,
        "title": name if name != outcome.campaign.id else title,
        "lines": [line for line in lines if not line.startswith("⚠ ")],
        "made_up": made_up,
        "sealed": seal is not None,
        "state": open_ if seal is None else words.say("page.sealed", day=words.date(seal[1].view.date()), seq=seal[0]),
        "hashes": [
            (words.say("page.rules"), outcome.campaign.fingerprint),
            (words.say("page.data"), outcome.data_hash),
        ],
        "say": {key.removeprefix("page."): text for key, text in words.phrases.items() if key.startswith("page.")},
    }


@frozen
class _Shown:
    """A board with all that a page tells of those in it."""

    portraits: Portraits
    board: Board
    pages: Mapping[ParticipantId, str]

    @property
    def words(self) -> Words:
        return self.portraits.words

    @property
    def is_of_bodies(self) -> bool:
        """Say whether each row is a participant; else it is one of a participant's targets."""
        return not self.board.records or isinstance(self.board.records[0], Result)

    @property
    def name_at(self) -> int:
        """Give the number of the column with the names."""
        heading = self.words.say("board.participant")
        return next((number for number, one in enumerate(self.board.columns) if one.heading == heading), 0)

    def static(self) -> dict[str, Any]:
        """Give what stands in the page before any script runs."""
        count = len(self.board.records)
        note = self.words.say("page.static", count=self.words.number(min(FIRST, count)), of=self.words.number(count))
        return {
            "heading": self.board.heading,
            "notes": self.board.notes,
            "counts": self.board.counts,
            "columns": self.board.columns,
            "name_at": self.name_at,
            "rows": self.board.rows_of(FIRST),
            "left": note if count > FIRST else "",
        }

    def record(self) -> dict[str, Any]:
        """Give a board as plain values for the page's script."""
        results = [_result(one) for one in self.board.records]
        filters = self._filters(results) if self.is_of_bodies else []
        orders = [_order(column, self.board.records) for column in self.board.columns]
        bars = [_bars(column, self.board.records) for column in self.board.columns]
        cells = self.board.rows_of(len(self.board.records))
        whole = self.board.kind in few_kinds(self.portraits.outcome) and self.is_of_bodies
        criteria = {one.id: place for place, one in enumerate(leaves(self.portraits.outcome.campaign.criteria))}
        return {
            "heading": self.board.heading,
            "bodies": self.is_of_bodies,
            "name": self.name_at,
            "columns": [[one.heading, int(one.numeric)] for one in self.board.columns],
            "orders": orders,
            "bars": bars,
            "filters": [[name, values] for name, values, _ in filters],
            "standings": [self.portraits.speech.standing(one.id) for one in self.portraits.outcome.campaign.standings],
            "criteria": [self.portraits.speech.criterion(id) for id in criteria],
            "moves": bool(self.portraits.earlier) and self.is_of_bodies,
            "rows": [
                [
                    result.participant.id,
                    [_cell(cell) for cell in row],
                    [given[number] for _, _, given in filters],
                    *(self._told(result, criteria, whole=whole) if self.is_of_bodies else ()),
                ]
                for number, (result, row) in enumerate(zip(results, cells, strict=True))
            ],
        }

    def _filters(self, results: Sequence[Result]) -> list[tuple[str, list[str], list[int]]]:
        """Give what participants can be picked by: each set of groups, and what they are part of."""
        speech = self.portraits.speech
        sets = dict.fromkeys(name for one in results for name, _ in one.participant.groups)
        named = [(speech.group(name), [one.participant.group(name) for one in results]) for name in sets]
        named.append(
            (
                self.words.say("page.within"),
                [speech.body(one.participant.parent) if one.participant.parent else None for one in results],
            )
        )
        found = []
        for name, given in named:
            values = sorted({one for one in given if one is not None}, key=vietnamese_order)
            if len(values) > 1:
                numbers = {value: number for number, value in enumerate(values)}
                label = name[:1].upper() + name[1:]
                found.append((label, values, [-1 if one is None else numbers[one] for one in given]))
        return found

    def _told(self, result: Result, criteria: Mapping[CriterionId, int], *, whole: bool) -> list[Any]:
        portraits = self.portraits
        move, trend = portraits.move(result), portraits.trend(result)
        profile = [
            [criteria[id], points, share, median, sign, most]
            for points, share, median, sign, id, most in portraits.profile(result)
        ]
        return [
            portraits.about(result),
            portraits.places(result),
            profile,
            list(move) if move else 0,
            trend,
            self.pages.get(result.participant.id, 0),
            self._whole(result) if whole else 0,
        ]

    def _whole(self, result: Result) -> list[Any]:
        portraits = self.portraits
        return [
            portraits.ways(result),
            portraits.balance(result),
            portraits.missing(result),
            nested(portraits.reasons(result)),
        ]


def _result(record: Any) -> Result:
    """Give whose row a row is."""
    found: Result = record if isinstance(record, Result) else record[0]
    return found


def _cell(cell: Cell) -> str | list[str]:
    return [cell.text, cell.tone] if cell.tone else cell.text


def _order(column: Column, records: Sequence[Any]) -> list[int] | int:
    """Give everybody's number in the order of a column's exact values, -1 for those without; 0 where there are none."""
    if column.value is None:
        return 0
    values = [column.value(one) for one in records]
    numbers = {value: number for number, value in enumerate(sorted({one for one in values if one is not None}))}
    return [-1 if one is None else numbers[one] for one in values]


def _bars(column: Column, records: Sequence[Any]) -> list[int] | int:
    """Give everybody's share of the most there is, in percent, to be drawn; 0 for a column that has none."""
    if column.most is None or column.value is None:
        return 0
    pairs = [(column.value(one), column.most(one)) for one in records]
    return [_percent(value, most) if value is not None and most else -1 for value, most in pairs]


def _percent(value: Rational, most: Rational) -> int:
    return max(0, min(100, int(rounded(divide(value * 100, most), 0, "half_up"))))
