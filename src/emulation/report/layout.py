"""Layout: text for a terminal and for Markdown: widths, wrapped lines, escaped names; no name is ever cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

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
    if any(one.illustrative for one in outcome.observations):
        yield "⚠ " + (words.label(campaign.illustrative, "") or words.say("board.illustrative"))


def width(text: str) -> int:
    """Count the cells a text takes on a terminal: combining marks take none, wide letters two."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


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


def stacked(text: str, wide: int) -> tuple[str, ...]:
    """Break a column's heading into lines as narrow as its words and the column allow."""
    return tuple(wrapped(text, "", max([wide, *map(width, text.split(" "))]), hang=""))


def padded(cell: str, wide: int, *, right: bool) -> str:
    """Fill a cell up with blanks to so many cells of the terminal."""
    blank = " " * (wide - width(cell))
    return blank + cell if right else cell + blank


def table_lines(headings: Sequence[str], numeric: Sequence[bool], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay out cells in columns as wide as their widest cell; long headings are stacked over narrow columns."""
    cells = [max((width(row[place]) for row in rows), default=0) for place in range(len(headings))]
    stacks = [stacked(heading, max(wide, NARROW)) for heading, wide in zip(headings, cells, strict=True)]
    widths = [max(wide, *map(width, stack)) for wide, stack in zip(cells, stacks, strict=True)]

    def line(texts: Sequence[str]) -> str:
        laid = [padded(text, wide, right=right) for text, wide, right in zip(texts, widths, numeric, strict=True)]
        return "  ".join(laid).rstrip()

    height = max(map(len, stacks), default=0)
    for level in range(height):
        yield line([stack[level - height] if level >= height - len(stack) else "" for stack in stacks])
    yield "  ".join("─" * wide for wide in widths)
    yield from map(line, rows)


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
