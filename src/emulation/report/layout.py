"""Layout: text for a terminal and for Markdown: widths, wrapped lines, escaped names; no name is ever cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

from attrs import frozen

from emulation.outcome import Outcome
from emulation.report.words import Words

WIDE = 110
"""How many cells of a terminal a sentence takes before it is wrapped."""


NARROW = 12
"""How wide a column may be for the sake of its heading."""


def heading(outcome: Outcome, words: Words) -> Iterator[str]:
    """Give the lines above a board: what, on what basis, as of when, and whether data are made up."""
    campaign = outcome.campaign
    span = campaign.timetable.period
    yield f"{words.label(campaign.title, campaign.id)} ({campaign.id})"
    if campaign.basis:
        yield campaign.basis
    yield words.say("board.period", days=words.span(span), as_of=words.date(outcome.as_of))
    if outcome.observations.any_made_up:
        yield "⚠ " + (words.label(campaign.illustrative, "") or words.say("board.illustrative"))


def page(words: Words) -> int:
    """Give how many cells a sentence may take on the reader's page."""
    return min(WIDE, words.wide or WIDE)


def width(text: str) -> int:
    """Count the cells a text takes on a terminal: marks and joiners take none, wide letters two."""
    return sum(map(_cells, text))


def _cells(sign: str) -> int:
    if unicodedata.category(sign) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(sign) in "WF" else 1


def wrapped(text: str, indent: str, wide: int = WIDE, hang: str = "    ") -> Iterator[str]:
    """Break a text at blanks into lines of at most so many cells; those after the first stand further in."""
    line, margin = indent, indent
    for word in text.split(" "):
        begun = line != margin
        if begun and width(line) + 1 + width(word) > wide:
            yield line
            margin = indent + hang
            line = margin + word
        else:
            line += f" {word}" if begun else word
    yield line


def fitted(line: str, words: Words) -> Iterator[str]:
    """Break a line where the reader's page is known to be narrower; elsewhere it stays one line."""
    indent = " " * (len(line) - len(line.lstrip(" ")))
    return iter((line,)) if words.wide is None else wrapped(line.lstrip(" "), indent, words.wide)


def stacked(text: str, wide: int) -> tuple[str, ...]:
    """Break a column's heading into lines as narrow as its words and the column allow."""
    return tuple(wrapped(text, "", max([wide, *map(width, text.split(" "))]), hang=""))


def padded(cell: str, wide: int, *, right: bool) -> str:
    """Fill a cell up with blanks to so many cells of the terminal."""
    blank = " " * (wide - width(cell))
    return blank + cell if right else cell + blank


def table_lines(
    headings: Sequence[str],
    numeric: Sequence[bool],
    rows: Sequence[Sequence[str]],
    wide: int | None = None,
) -> Iterator[str]:
    """Lay out cells in columns as wide as their widest cell; long headings are stacked over narrow columns.

    On a page that is too narrow a row goes on in further lines, which stand further in.
    """
    cells = [max((width(row[place]) for row in rows), default=0) for place in range(len(headings))]
    stacks = [stacked(heading, max(wide, NARROW)) for heading, wide in zip(headings, cells, strict=True)]
    widths = [max(wide, *map(width, stack)) for wide, stack in zip(cells, stacks, strict=True)]
    if wide is not None:
        widths = [min(one, max(wide - _FURTHER, 1)) for one in widths]
    table = _Table(tuple(widths), tuple(numeric), tuple(_folds(widths, wide)))
    height = max(map(len, stacks), default=0)
    yield from table.lines([("",) * (height - len(stack)) + stack for stack in stacks], bottom=True)
    yield table.rule()
    for row in rows:
        yield from table.lines([_broken(cell, wide) for cell, wide in zip(row, widths, strict=True)])


_FURTHER = 4
"""How much further in the second line of a row begins."""


def _folds(widths: Sequence[int], wide: int | None) -> Iterator[tuple[int, ...]]:
    """Share columns out among the lines of a row: as many on each as the page is wide."""
    line: list[int] = []
    used = 0
    for place, own in enumerate(widths):
        if line and wide is not None and used + 2 + own > wide:
            yield tuple(line)
            line, used = [], _FURTHER - 2
        used += own + (2 if line or used else 0)
        line.append(place)
    yield tuple(line)


def _broken(cell: str, wide: int) -> tuple[str, ...]:
    """Break a cell at its blanks where it is wider than its column; no word is cut."""
    return (cell,) if width(cell) <= wide else tuple(wrapped(cell, "", wide, hang=""))


@frozen
class _Table:
    """The columns of a table: how wide, which hold numbers, and on which line of a row each stands."""

    widths: tuple[int, ...]
    numeric: tuple[bool, ...]
    folds: tuple[tuple[int, ...], ...]

    def lines(self, cells: Sequence[tuple[str, ...]], *, bottom: bool = False) -> Iterator[str]:
        """Lay out one row; cells of several lines begin at the top, or end at the bottom."""
        for number, places in enumerate(self.folds):
            own = [cells[place] for place in places]
            least = min((next((at for at, text in enumerate(cell) if text), len(cell)) for cell in own), default=0)
            height = max(map(len, own), default=0)
            for level in range(least if bottom else 0, height):
                laid = [
                    padded(
                        cells[place][level] if level < len(cells[place]) else "",
                        self.widths[place],
                        right=self.numeric[place],
                    )
                    for place in places
                ]
                line = (" " * (_FURTHER if number else 0) + "  ".join(laid)).rstrip()
                if line or len(self.folds) == 1:
                    yield line

    def rule(self) -> str:
        """Draw the line between headings and rows, as wide as the first line of a row."""
        return "  ".join("─" * self.widths[place] for place in self.folds[0])


def markdown(text: str) -> str:
    """Keep a name from being read as Markdown or HTML."""
    for sign in "\\`*_[]<>":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", " ")


def markdown_table(headings: Sequence[str], numeric: Sequence[bool], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay out cells as a Markdown table."""

    def line(cells: Sequence[str]) -> str:
        return "| " + " | ".join(markdown(cell).replace("|", "\\|") for cell in cells) + " |"

    yield line(headings)
    yield "|" + "|".join("---:" if right else "---" for right in numeric) + "|"
    yield from map(line, rows)
