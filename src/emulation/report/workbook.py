"""Workbook: an outcome as a workbook that reckons itself anew; the only room that sees xlsxwriter.

Boards, the recount with live formulas, the numbers of the rules, reasons, the rulebook. Nothing that is written by
people becomes a formula or a link: texts are written as texts.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]
from attrs import field, frozen

from emulation.exact import Rational
from emulation.outcome import Outcome, Result
from emulation.problems import Problem, Refused
from emulation.report.explanations import Said, explanation
from emulation.report.filing import FIRST_ROW, Filed, Parameters, Slot
from emulation.report.layout import heading
from emulation.report.live import cell, down, quoted
from emulation.report.portrait import few_kinds
from emulation.report.recount import Recounted, recounted
from emulation.report.rulebook import Book
from emulation.report.speech import Speech, words_of
from emulation.report.tables import Board, Column, boards, class_shown, decimals_of
from emulation.report.text import footer
from emulation.report.words import Words

MOST_ROWS = 1_048_576
MOST_SIGNS = 32_767  # of a cell
_NAME = 31  # signs of a sheet's name
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))
_DEEPEST = 7  # levels of an outline

LINE = 14.5  # the height of a line, in points
PAGE = 110  # signs of a line on a sheet of sentences

INK, PAPER, HEAD, REPORTED, GIVEN = "#1a1a1a", "#ffffff", "#1f3b57", "#1f5fa8", "#7a7a7a"
TONES: Mapping[str, tuple[str, str]] = {
    "class-0": ("#0b5345", "#d5efe6"),
    "class-1": ("#6b4a00", "#fdebc8"),
    "class-2": ("#7b1e12", "#f8d9d3"),
    "class-3": ("#4a235a", "#e8daef"),
    "class-4": ("#2c3e50", "#e5e8ea"),
    "met": ("#0b5345", "#d5efe6"),
    "missed": ("#7b1e12", "#f8d9d3"),
    "not_met": ("#7b1e12", "#f8d9d3"),
    "undecided": ("#5d4037", "#efe8e4"),
}
"""Ink and paper of a cell's tone: apart for the colour-blind too, and never without its word and shape."""


_BAR = {
    "type": "data_bar",
    "bar_solid": True,
    "bar_color": "#a9cce3",
    "min_type": "num",
    "min_value": 0,
    "max_type": "num",
}


def workbook(outcome: Outcome, lang: str | Words = "en", *, group: str | None = None) -> bytes:
    """Give an outcome as the bytes of a workbook; the same outcome gives the same bytes.

    ``group`` keeps those in a group of that name, or the parts of the participant of that id. Raise `Refused` (E790)
    for more rows than a sheet holds.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> from emulation.outcome import score
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(campaign, load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign))
    >>> workbook(outcome, "vi")[:2]
    b'PK'
    """
    words = lang if isinstance(lang, Words) else words_of(lang, outcome.campaign)
    shown = [one for one in boards(outcome, words, group) if one.records]
    most = max((len(one.records) for one in shown), default=0)
    if most + FIRST_ROW >= MOST_ROWS:
        what = f"{most:,} rows, and a sheet has {MOST_ROWS:,}"
        raise Refused([Problem("E790", what, "--group, or --format csv")])
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    try:
        _Writer(outcome, words, book).write(shown)
    finally:
        book.close()
    return made.getvalue()


@frozen
class _Writer:
    """Writes the sheets of one workbook."""

    outcome: Outcome
    words: Words
    book: Any
    names: set[str] = field(factory=set)
    formats: dict[tuple[tuple[str, Any], ...], Any] = field(factory=dict)

    @property
    def speech(self) -> Speech:
        return Speech(self.outcome.campaign, self.words)

    def write(self, shown: Sequence[Board]) -> None:
        day = self.outcome.as_of
        title = self.words.label(self.outcome.campaign.title, self.outcome.campaign.id)
        self.book.set_properties(
            {"title": title[:250], "created": datetime(day.year, day.month, day.day, tzinfo=UTC).replace(tzinfo=None)}
        )
        bodies = [one for one in shown if isinstance(one.records[0], Result)]
        named = {one.kind: self._name(one.heading.partition(" (")[0]) for one in shown}
        rules = self._name(self.words.say("workbook.rules"))
        parameters = Parameters(rules, 2, 2)
        found = {one.kind: self._recount(one, parameters, several=len(bodies) > 1) for one in bodies}
        recounts = {kind: one for kind, one in found.items() if "agrees" in one.at}
        sheets = {kind: self.book.add_worksheet(named[kind]) for kind in named}
        for one in recounts.values():
            self._write_recount(one)
        self._write_rules(rules, parameters)
        for board in shown:
            self._write_board(sheets[board.kind], board, recounts.get(board.kind))
        self._write_reasons(shown)
        self._write_rulebook()
        self._write_about(list(recounts.values()))

    # --- names and formats

    def _name(self, wished: str) -> str:
        """Give a sheet a name that spreadsheets allow, and no other sheet has."""
        plain = " ".join("".join(one for one in wished.translate(_FORBIDDEN) if one.isprintable()).split())
        plain = plain.strip("'")[:_NAME].strip("' ") or "-"
        name, number = plain, 1
        while name.casefold() in self.names or name.casefold() == "history":
            number += 1
            name = f"{plain[: _NAME - len(str(number)) - 1]} {number}"
        self.names.add(name.casefold())
        return name

    def format(self, **wanted: Any) -> Any:
        """Give a cell's format, made once."""
        key = tuple(sorted(wanted.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": "Arial", "font_size": 10, "valign": "top", **wanted})
        return self.formats[key]

    def head(self, *, numeric: bool = False) -> Any:
        return self.format(
            bold=True, font_color=PAPER, bg_color=HEAD, text_wrap=True, align="right" if numeric else "left", border=1
        )

    def _decimals(self, places: int) -> str:
        return "#,##0." + "0" * places if places else "#,##0"

    # --- writing cells

    def text(self, sheet: Any, row: int, column: int, text: str, style: Any = None) -> None:
        """Write a text as a text, whatever it looks like; one too long for a cell ends with a sign that says so."""
        shown = "".join(one if one.isprintable() or one == "\n" else "�" for one in text)
        if len(shown) > MOST_SIGNS:
            shown = shown[: MOST_SIGNS - 1] + "…"
        sheet.write_string(row, column, shown, style or self.format())

    def number(self, sheet: Any, row: int, column: int, value: Rational, style: Any) -> None:
        sheet.write_number(row, column, float(value), style)

    # --- boards

    def _write_board(self, sheet: Any, board: Board, recount: Recounted | None) -> None:
        top = self._heading(sheet, [board.heading, *(one.text for one in board.counts), *board.notes])
        widths = [self._width(board, column) for column in board.columns]
        for number, (column, width) in enumerate(zip(board.columns, widths, strict=True)):
            self.text(sheet, top, number, column.heading, self.head(numeric=column.numeric))
            sheet.set_column(number, number, width)
        lines = max(_lines(one.heading, width) for one, width in zip(board.columns, widths, strict=True))
        sheet.set_row(top, LINE * lines)
        rows = {one.participant.id: row for row, one in enumerate(recount.results)} if recount else {}
        for row, record in enumerate(board.records, start=top + 1):
            source = (recount, rows[record.participant.id]) if recount else None
            for number, column in enumerate(board.columns):
                self._board_cell(sheet, row, number, column, record, source)
        last = top + len(board.records)
        sheet.autofilter(top, 0, last, len(board.columns) - 1)
        name_at = next((n for n, one in enumerate(board.columns) if not one.numeric), 0)
        sheet.freeze_panes(top + 1, name_at + 1)
        self._bars(sheet, board, top + 1, last)
        self._colours(sheet, board, top + 1, last)
        self._printed(sheet, top)

    def _board_cell(
        self, sheet: Any, row: int, number: int, column: Column, record: Any, source: tuple[Recounted, int] | None
    ) -> None:
        shown = column.cell(record)
        style = self._toned(shown.tone, numeric=column.numeric)
        slot, reference = self._recounted(column.key, source)
        waits = shown.text.endswith("?")  # for a decision: the mark says more than the number
        if slot is not None and slot.how == "live" and not waits:
            content = slot.content
            if isinstance(content, str):
                sheet.write_formula(row, number, f"={reference}", style, content)
                return
            sheet.write_formula(row, number, f"={reference}", self._numeric(column), float(content))
            return
        value = column.value(record) if column.value is not None else None
        if value is None or waits:
            self.text(sheet, row, number, shown.text.strip(), style)
        else:
            self.number(sheet, row, number, value, self._numeric(column))

    def _recounted(self, key: str, source: tuple[Recounted, int] | None) -> tuple[Slot | None, str]:
        """Give the slot of the recount in which a column's cell is reckoned, and the name of its cell."""
        if source is None or key not in source[0].at:
            return None, ""
        recount, row = source
        at = recount.at[key]
        return recount.columns[at].slots[row], cell(FIRST_ROW + row, at, sheet=recount.sheet, fixed=True)

    def _numeric(self, column: Column) -> Any:
        align = "center" if column.key.startswith("rank:") else "right"
        return self.format(num_format=self._number_format(column), align=align)

    def _number_format(self, column: Column) -> str:
        match column.key.partition(":")[0]:
            case "rank":
                return "0"
            case "points":
                return self._decimals(decimals_of(self.outcome))
            case _:
                return "0.00%" if column.in_percent else "#,##0.##"

    def _toned(self, tone: str, *, numeric: bool = False) -> Any:
        align = "right" if numeric else "left"
        if tone not in TONES:
            return self.format(align=align)
        ink, paper = TONES[tone]
        return self.format(font_color=ink, bg_color=paper, align=align)

    def _width(self, board: Board, column: Column) -> float:
        texts = [column.cell(record).text for record in board.records[:200]]
        words = max((len(word) for word in column.heading.split()), default=0)
        return min(42, max(7, words + 2, *(len(text) + 2 for text in texts)))

    def _bars(self, sheet: Any, board: Board, first: int, last: int) -> None:
        """Draw in each cell of points how much of the most it is."""
        for number, column in enumerate(board.columns):
            if column.most is None or column.value is None:
                continue
            most = max((column.most(one) or 0 for one in board.records), default=0)
            if most > 0:
                sheet.conditional_format(first, number, last, number, {**_BAR, "max_value": float(most)})

    def _colours(self, sheet: Any, board: Board, first: int, last: int) -> None:
        """Colour each class by its word, so that a class which a formula changes changes its colour too."""
        at = next((number for number, one in enumerate(board.columns) if one.key == "class"), None)
        if at is None:
            return
        bodies = [one.participant for one in board.records]
        for rule in self.outcome.campaign.readiness:
            if not any(map(rule.for_.selects, bodies)):
                continue
            for place, class_ in enumerate(rule.classes):
                ink, paper = TONES.get(f"class-{place}", TONES["class-4"])
                tone = self.book.add_format({"font_color": ink, "bg_color": paper})
                shown = quoted(class_shown(self.speech, rule, class_))
                sheet.conditional_format(
                    first, at, last, at, {"type": "cell", "criteria": "==", "value": f"={shown}", "format": tone}
                )

    # --- the recount

    def _recount(self, board: Board, parameters: Parameters, *, several: bool) -> Recounted:
        kind = f" {self.speech.kind(board.kind, many=len(board.records) != 1)}" if several else ""
        name = self._name(self.words.say("workbook.recount") + kind)
        return recounted(self.outcome, self.speech, board.kind, board.records, name, parameters)

    def _write_recount(self, one: Recounted) -> None:
        sheet, say = self.book.add_worksheet(one.sheet), self.words.say
        self.text(sheet, 0, 0, f"{say('workbook.lead')} {say('workbook.legend')}", self.format(italic=True))
        for number, column in enumerate(one.columns):
            numeric = any(not isinstance(slot.content, str) for slot in column.slots)
            self.text(sheet, 1, number, column.about, self.head(numeric=numeric))
            self.text(sheet, 2, number, column.heading, self.head(numeric=numeric))
            self._columns_width(sheet, number, column)
            for row, slot in enumerate(column.slots, start=FIRST_ROW):
                self._slot(sheet, row, number, column, slot)
        last = FIRST_ROW + len(one.results) - 1
        agrees = one.at["agrees"]
        bad = self.book.add_format({"bg_color": TONES["missed"][1], "font_color": TONES["missed"][0], "bold": True})
        rule = {"type": "cell", "criteria": "==", "value": '"✗"', "format": bad}
        sheet.conditional_format(FIRST_ROW, agrees, last, agrees, rule)
        sheet.freeze_panes(FIRST_ROW, 2)
        sheet.set_row(1, 45)
        self._printed(sheet, 2)

    def _columns_width(self, sheet: Any, number: int, column: Filed) -> None:
        widest = max((len(slot.content) for slot in column.slots if isinstance(slot.content, str)), default=0)
        width = min(40, max(11, widest + 2))
        folded = {"level": 1, "hidden": True} if column.key.startswith("published:") else {}
        sheet.set_column(number, number, width, None, {"collapsed": True} if column.key == "agrees" else folded)

    def _slot(self, sheet: Any, row: int, number: int, column: Filed, slot: Slot) -> None:
        colour = {"input": REPORTED, "given": GIVEN}.get(slot.how, INK)
        content = slot.content
        if isinstance(content, str):
            style = self.format(font_color=colour)
            if slot.formula is not None:
                sheet.write_formula(row, number, f"={slot.formula}", style, content)
            elif content:
                self.text(sheet, row, number, content, style)
            return
        style = self.format(font_color=colour, num_format=self._filed_format(column), italic=slot.how == "given")
        if slot.formula is None:
            self.number(sheet, row, number, content, style)
        else:
            sheet.write_formula(row, number, f"={slot.formula}", style, float(content))

    def _filed_format(self, column: Filed) -> str:
        if column.in_percent:
            return "0.00%"
        match column.key.removeprefix("published:").partition(":")[0]:
            case "points":
                return self._decimals(decimals_of(self.outcome))
            case "of" | "among" | "value":
                return "#,##0.######"
            case _:
                return "0"

    def _write_rules(self, name: str, parameters: Parameters) -> None:
        sheet = self.book.add_worksheet(name)
        self.text(sheet, 0, 0, self.words.say("workbook.rules_lead"), self.format(italic=True))
        say = self.words.say
        for number, heading_ in enumerate((say("workbook.criterion"), say("workbook.number"), say("workbook.is"))):
            self.text(sheet, 1, number, heading_, self.head(numeric=number == 2))  # noqa: PLR2004
        for row, one in enumerate(parameters.listed, start=parameters.first_row):
            self.text(sheet, row, 0, one.of)
            self.text(sheet, row, 1, one.name)
            places = "0.00%" if one.in_percent else "#,##0.######"
            self.number(sheet, row, 2, one.value, self.format(font_color=REPORTED, num_format=places))
        for number, width in enumerate((44, 34, 14)):
            sheet.set_column(number, number, width)
        sheet.freeze_panes(2, 0)
        self._printed(sheet, 1)

    # --- words

    def _write_reasons(self, shown: Sequence[Board]) -> None:
        sheet = self.book.add_worksheet(self._name(self.words.say("workbook.reasons")))
        few = few_kinds(self.outcome)
        row = 0
        for board in shown:
            bodies = list(dict.fromkeys(_body(record) for record in board.records))
            if board.kind not in few:
                count, kinds = self.words.number(len(bodies)), self.speech.kind(board.kind)
                self.text(
                    sheet,
                    row,
                    0,
                    self.words.say("workbook.no_reasons", count=count, kinds=kinds),
                    self.format(italic=True),
                )
                row += 2
                continue
            for body in bodies:
                told = explanation(self.outcome, body, self.words)
                self.text(sheet, row, 0, told.text, self.head())
                row = self._said(sheet, row + 1, told.parts, 1) + 1
        sheet.set_column(0, 0, PAGE)
        sheet.outline_settings(True, False, False, False)  # noqa: FBT003  (what is told stands above its reasons)
        self._printed(sheet, None)

    def _said(self, sheet: Any, row: int, parts: Sequence[Said], depth: int) -> int:
        for part in parts:
            indent = min(2 * (depth - 1), 14)
            self.text(sheet, row, 0, part.text, self.format(text_wrap=True, indent=indent, bold=depth == 1))
            level = {"level": min(depth - 1, _DEEPEST)} if depth > 1 else {}
            sheet.set_row(row, LINE * _lines(part.text, PAGE - indent), None, level)
            row = self._said(sheet, row + 1, part.parts, depth + 1)
        return row

    def _write_rulebook(self) -> None:
        sheet = self.book.add_worksheet(self._name(self.words.say("workbook.rulebook")))
        book = Book.of(self.outcome.campaign, self.words)
        self.text(sheet, 0, 0, book.title(), self.format(bold=True, font_size=14))
        row = 2
        for number, section in enumerate(book.sections(), start=1):
            self.text(sheet, row, 0, f"{number}. {section.title}", self.head())
            row = self._numbered(sheet, row + 1, section.items, str(number), 1) + 1
        sheet.set_column(0, 0, PAGE)
        self._printed(sheet, None)

    def _numbered(self, sheet: Any, row: int, items: Sequence[Said], number: str, depth: int) -> int:
        for place, item in enumerate(items, start=1):
            here = f"{number}.{place}"
            indent, text = min(2 * (depth - 1), 14), f"{here} {item.text}"
            self.text(sheet, row, 0, text, self.format(text_wrap=True, indent=indent))
            sheet.set_row(row, LINE * _lines(text, PAGE - indent))
            row = self._numbered(sheet, row + 1, item.parts, here, depth + 1)
        return row

    def _write_about(self, recounts: Sequence[Recounted]) -> None:
        sheet = self.book.add_worksheet(self._name(self.words.say("workbook.about")))
        bold = self.format(bold=True, font_size=14)
        wrapped = self.format(text_wrap=True)
        title, *lines = heading(self.outcome, self.words)
        self.text(sheet, 0, 0, title, bold)
        row = 1
        for line in (*lines, "", *footer(self.outcome, self.words), *self._hashes(), ""):
            self.text(sheet, row, 0, line, wrapped)
            sheet.set_row(row, LINE * _lines(line, PAGE))
            row += 1
        for one in recounts:
            row = self._agreement(sheet, row, one)
        if recounts:
            how = self.words.say("workbook.how", sheets="”, “".join(one.sheet for one in recounts))
            given = sum(one.given for one in recounts)
            left = (
                self.words.say("workbook.given", count=self.words.number(given))
                if given
                else self.words.say("workbook.no_given")
            )
            for line in (how, self.words.say("workbook.legend"), left):
                self.text(sheet, row, 0, line, wrapped)
                sheet.set_row(row, LINE * _lines(line, PAGE))
                row += 1
        sheet.set_column(0, 0, PAGE)
        sheet.set_column(1, 1, 12)
        self._printed(sheet, None)

    def _hashes(self) -> Iterator[str]:
        yield f"{self.words.say('page.rules')}: {self.outcome.campaign.fingerprint}"
        yield f"{self.words.say('page.data')}: {self.outcome.data_hash}"

    def _agreement(self, sheet: Any, row: int, one: Recounted) -> int:
        """Say of one recount whether every row of it agrees, and how many do not."""
        whole = down(one.at["agrees"], FIRST_ROW, FIRST_ROW + len(one.results) - 1, sheet=one.sheet)
        good, bad = self.words.say("workbook.all_agree"), self.words.say("workbook.some_differ")
        differing = f'COUNTIF({whole},"<>✓")'
        formula = f"=IF({differing}=0,{quoted(good)},{quoted(f'{bad} ')}&{differing})"
        self.text(sheet, row, 0, one.sheet, self.format(bold=True))
        sheet.write_formula(row + 1, 0, formula, self.format(bold=True), good)
        return row + 3

    # --- how a sheet looks on paper

    def _heading(self, sheet: Any, lines: Sequence[str]) -> int:
        """Write what stands above a board; give the row of its headings."""
        title, *below = heading(self.outcome, self.words)
        self.text(sheet, 0, 0, title, self.format(bold=True, font_size=14))
        row = 1
        for line in (*below, " · ".join(lines)):
            self.text(sheet, row, 0, line, self.format(italic=line.startswith("⚠")))
            row += 1
        return row

    def _printed(self, sheet: Any, repeated: int | None) -> None:
        """Fit a sheet to paper: A4 across, one page wide, headings on each page, what it is and of when below."""
        sheet.set_landscape() if repeated is not None else sheet.set_portrait()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.7)
        if repeated is not None:
            sheet.repeat_rows(repeated)
        name = self.words.label(self.outcome.campaign.title, self.outcome.campaign.id).replace("&", "&&")[:120]
        day = self.words.date(self.outcome.as_of)
        sheet.set_footer(f"&L&8{name} · {day} · {self.outcome.campaign.fingerprint[:12]}&R&8&P / &N")


def _lines(text: str, width: float) -> int:
    """Give how many lines a text takes in a cell that is so many signs wide."""
    return max(1, -(-len(text) * 10 // int(width * 10)))


def _body(record: Any) -> str:
    """Give whose row it is."""
    one = record if isinstance(record, Result) else record[0]
    return str(one.participant.id)
