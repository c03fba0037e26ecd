"""Text: boards for a terminal and for Markdown; no name is ever cut."""

from __future__ import annotations

from collections.abc import Iterator

from emulation.names import vietnamese_order
from emulation.outcome import Outcome
from emulation.report.explanations import unranked_because
from emulation.report.layout import fitted, heading, markdown, markdown_table, page, table_lines, wrapped
from emulation.report.reception import received
from emulation.report.speech import Speech
from emulation.report.tables import Board, boards
from emulation.report.words import Words

MANY = 100
"""Rows of a table that are shown without being asked for."""


def board_text(outcome: Outcome, words: Words, *, top: int | None = None, group: str | None = None) -> str:
    """Give the boards of all kinds of participants as text; ``top`` keeps so many rows of each, 0 all."""
    blocks = ["\n".join(line for said in heading(outcome, words) for line in fitted(said, words))]
    for board in boards(outcome, words, group):
        rows, left = shown(board, top)
        columns = board.columns
        lines = [*fitted(title(board), words), *(line for note in board.notes for line in fitted(f"  {note}", words))]
        lines += table_lines([one.heading for one in columns], [one.numeric for one in columns], rows, words.wide)
        if left:
            lines += fitted(words.say("board.more", count=words.number(left)), words)
        blocks.append("\n".join(lines))
    blocks.extend("\n".join(wrapped(block, "", page(words))) for block in footer(outcome, words))
    return "\n\n".join(blocks) + "\n"


def board_markdown(outcome: Outcome, words: Words, *, top: int | None = None, group: str | None = None) -> str:
    """Give the same boards as Markdown."""
    name, *lines = heading(outcome, words)
    blocks = [f"# {markdown(name)}", "  \n".join(markdown(line) for line in lines)]
    for board in boards(outcome, words, group):
        rows, left = shown(board, top)
        columns = board.columns
        blocks.append(f"## {markdown(title(board))}")
        if board.notes:
            blocks.append("\n".join(f"- {markdown(note)}" for note in board.notes))
        table = markdown_table([one.heading for one in columns], [one.numeric for one in columns], rows)
        blocks.append("\n".join(table))
        if left:
            blocks.append(words.say("board.more", count=words.number(left)))
    blocks.extend(markdown(block) for block in footer(outcome, words))
    return "\n\n".join(blocks) + "\n"


def title(board: Board) -> str:
    """Give a board's heading with the number of participants in each class."""
    counts = " · ".join(cell.text for cell in board.counts)
    return f"{board.heading}: {counts}" if counts else board.heading


def shown(board: Board, top: int | None) -> tuple[list[list[str]], int]:
    """Give the texts of the rows that are shown, and how many are left."""
    wanted = MANY if top is None else top or len(board.records)
    rows = [[cell.text for cell in row] for row in board.rows_of(wanted)]
    return rows, max(0, len(board.records) - wanted)


def footer(outcome: Outcome, words: Words) -> Iterator[str]:
    """Give the lines below the boards: who has no place, what the signs mean, and from which rows and rules it is."""
    speech = Speech(outcome.campaign, words)
    unranked = [result for result in outcome if result.placed is not None and result.rank is None]
    unranked.sort(key=lambda one: vietnamese_order(one.participant.name))
    if unranked:
        listed = [f"{one.participant.name} ({unranked_because(speech, one.unranked or '')})" for one in unranked[:MANY]]
        if len(unranked) > MANY:
            listed.append(words.counted("more", len(unranked) - MANY))
        yield words.say("board.unranked", listed="; ".join(listed))
    placed = [one for places in outcome.standings.values() for one in places.values()]
    signs = [
        words.say("board.tie_shared") if any(one.tied_with and not one.open for one in placed) else "",
        words.say("board.tie_open") if any(one.open for one in placed) else "",
    ]
    if any(signs):
        yield " · ".join(filter(None, signs))
    yield from received(outcome, speech)
    tally = outcome.observations.tally
    counts = {name: getattr(tally, name) for name in ("read", "new", "corrected", "unchanged", "rejected")}
    rows = words.say("tally", **{name: words.number(count) for name, count in counts.items()})
    hashes = words.say("board.hashes", campaign=outcome.campaign.fingerprint[:12], data=outcome.data_hash[:12])
    yield f"{rows} · {hashes}"
