"""Text: boards for a terminal and for Markdown; no name is ever cut."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence

from emulation.outcome import Outcome
from emulation.report.tables import Board, Column, boards, class_name
from emulation.report.words import Words

MANY = 100  # rows of a table that are shown without being asked for


def board_text(outcome: Outcome, words: Words, *, top: int | None = None, group: str | None = None) -> str:
    """Give the boards of all kinds of participants as text; ``top`` keeps so many rows of each, 0 all."""
    blocks = ["\n".join(heading(outcome, words))]
    for board in boards(outcome, words, group):
        rows, left = _shown(board, top)
        lines = [_title(outcome, board, words), *table(board.columns, rows)]
        if left:
            lines.append(words.say("board.more", count=left))
        blocks.append("\n".join(lines))
    blocks.extend(_footer(outcome, words))
    return "\n\n".join(blocks) + "\n"


def board_markdown(outcome: Outcome, words: Words, *, top: int | None = None, group: str | None = None) -> str:
    """Give the same boards as Markdown."""
    title, *lines = heading(outcome, words)
    blocks = [f"# {_plain(title)}", "  \n".join(_plain(line) for line in lines)]
    for board in boards(outcome, words, group):
        rows, left = _shown(board, top)
        blocks.append(f"## {_plain(_title(outcome, board, words))}")
        blocks.append("\n".join(_markdown_table(board.columns, rows)))
        if left:
            blocks.append(words.say("board.more", count=left))
    blocks.extend(_plain(block) for block in _footer(outcome, words))
    return "\n\n".join(blocks) + "\n"


def heading(outcome: Outcome, words: Words) -> Iterator[str]:
    """Give the lines above a board: what, on what basis, as of when, and whether data are made up."""
    campaign = outcome.campaign
    span = campaign.timetable.period
    yield f"{words.label(campaign.title, campaign.id)} ({campaign.id})"
    days = words.say(
        "board.period",
        first=words.date(span.first),
        last=words.date(span.last),
        as_of=words.date(outcome.as_of),
    )
    yield f"{campaign.basis} · {days}" if campaign.basis else days
    if any(one.illustrative for one in outcome.observations):
        yield "⚠ " + (words.label(campaign.illustrative, "") or words.say("board.illustrative"))


def _title(outcome: Outcome, board: Board, words: Words) -> str:
    counts = " · ".join(f"{count} {class_name(outcome, words, class_)}" for class_, count in board.counts)
    return f"{board.heading}: {counts}" if counts else board.heading


def _shown(board: Board, top: int | None) -> tuple[Sequence[Sequence[str]], int]:
    wanted = MANY if top is None else top or len(board.results)
    return board.rows_of(wanted), max(0, len(board.results) - wanted)


def _footer(outcome: Outcome, words: Words) -> Iterator[str]:
    unranked = [result for result in outcome if result.placed is not None and result.rank is None]
    if unranked:
        listed = "; ".join(
            f"{one.participant.name} ({unranked_because(one.unranked or '', words)})" for one in unranked[:MANY]
        )
        more = words.say("board.more", count=len(unranked) - MANY) if len(unranked) > MANY else ""
        yield words.say("board.unranked", listed=listed) + more
    yield words.say(
        "board.rows",
        tally=words.say(
            "tally",
            **{
                name: getattr(outcome.observations.tally, name)
                for name in ("read", "new", "corrected", "unchanged", "rejected")
            },
        ),
    )
    yield words.say("board.hashes", campaign=outcome.campaign.fingerprint[:12], data=outcome.data_hash[:12])


def unranked_because(why: str, words: Words) -> str:
    """Say why somebody has no place."""
    reason, _, of = why.partition(":")
    return words.say(f"unranked.{reason}", of=of.replace("_", " "))


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lay out cells in columns as wide as their widest cell."""
    headings = [column.heading for column in columns]
    widths = [max(map(width, cells)) for cells in zip(headings, *rows, strict=True)]
    yield _line(headings, widths, columns)
    yield "  ".join("─" * wide for wide in widths)
    for row in rows:
        yield _line(row, widths, columns)


def _line(cells: Iterable[str], widths: Iterable[int], columns: Iterable[Column]) -> str:
    padded = (
        _padded(cell, wide, numeric=column.numeric) for cell, wide, column in zip(cells, widths, columns, strict=True)
    )
    return "  ".join(padded).rstrip()


def _padded(cell: str, wide: int, *, numeric: bool) -> str:
    blank = " " * (wide - width(cell))
    return blank + cell if numeric else cell + blank


def width(text: str) -> int:
    """Count the cells a text takes on a terminal: combining marks take none, wide letters two."""
    return sum(
        0 if unicodedata.combining(sign) else 2 if unicodedata.east_asian_width(sign) in "WF" else 1 for sign in text
    )


def _markdown_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield "| " + " | ".join(_cell(column.heading) for column in columns) + " |"
    yield "|" + "|".join("---:" if column.numeric else "---" for column in columns) + "|"
    for row in rows:
        yield "| " + " | ".join(map(_cell, row)) + " |"


def _cell(text: str) -> str:
    return _plain(text).replace("|", "\\|")


def _plain(text: str) -> str:
    """Keep a name from being read as Markdown or HTML."""
    for sign in "\\`*_[]<>":
        text = text.replace(sign, "\\" + sign)
    return text.replace("\n", " ")
