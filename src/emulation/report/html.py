"""Html: boards, rulebooks and reasons as static tables and lists, for notebooks."""

from __future__ import annotations

import os
from typing import Any

from emulation.campaign import Campaign
from emulation.outcome import Outcome
from emulation.reasoning import Reason
from emulation.report.against import against_text
from emulation.report.comparisons import comparison_text, diff_text
from emulation.report.explanations import Said, explanation
from emulation.report.firmness import firmness_text, multiverse_text
from emulation.report.layout import heading
from emulation.report.rehearsal import rehearsal_text
from emulation.report.rulebook import Book
from emulation.report.sentences import explain_text, record_of
from emulation.report.stencils import filled
from emulation.report.tables import boards
from emulation.report.text import board_text, footer
from emulation.report.ways import way_up_text
from emulation.report.words import Words, words
from emulation.scenarios.against import Against
from emulation.scenarios.amendments import Impact
from emulation.scenarios.comparison import Comparison
from emulation.scenarios.firmness import Firmness
from emulation.scenarios.multiverse import Multiverse
from emulation.scenarios.rehearsal import Rehearsal
from emulation.scenarios.way_up import WayUp

MANY = 50
"""Rows that are shown at once; the others are folded, not left out."""


SHOWN = 20
"""Rows of a board that a console shows."""


def html_of(record: object) -> str:
    """Give what a notebook shows of a record, in the language of ``EMULATION_LANG``."""
    speaking = _speaking()
    match record:
        case Outcome():
            return outcome_html(record, speaking)
        case Campaign():
            return campaign_html(record, speaking)
        case Reason(outcome=Outcome() as outcome):
            return explain_html(outcome, record.id, speaking)
        case Reason():
            return reason_html(record, speaking)
        case _:
            return _answer(_told(record, speaking), speaking)


def text_of(record: object) -> str:
    """Give what a console shows of a record: a board, the answer to a question, or what it is."""
    speaking = _speaking()
    match record:
        case Outcome():
            return board_text(record, speaking, top=SHOWN).rstrip("\n")
        case Campaign():
            return f"{speaking.label(record.title, record.id)} ({record.id})"
        case Reason(outcome=Outcome() as outcome):
            return explain_text(outcome, record.id, speaking).rstrip("\n")
        case Reason():
            return _recorded(record_of(record)).text
        case _:
            return _told(record, speaking).rstrip("\n")


def _speaking() -> Words:
    return words(os.environ.get("EMULATION_LANG", "en"))


def _told(record: object, speaking: Words) -> str:
    """Give the answer to a question as a command prints it."""
    match record:
        case Comparison():
            return comparison_text(record, speaking)
        case Impact():
            return diff_text(record, speaking)
        case Against():
            return against_text(record, speaking)
        case WayUp():
            return way_up_text(record, speaking)
        case Firmness():
            return firmness_text(record, speaking)
        case Multiverse():
            return multiverse_text(record, speaking)
        case Rehearsal():
            return rehearsal_text(record, speaking)
        case _:
            raise TypeError(f"no page is made for a {type(record).__name__}")


def outcome_html(outcome: Outcome, words: Words, *, group: str | None = None) -> str:
    """Give the boards of all kinds of participants, every participant in them."""
    shown = [
        {
            "heading": board.heading,
            "counts": board.counts,
            "notes": board.notes,
            "columns": board.columns,
            "rows": board.rows_of(len(board.records)),
            "more": words.say("board.folded", count=words.number(max(0, len(board.records) - MANY))),
        }
        for board in boards(outcome, words, group)
    ]
    return _page(words, heading=list(heading(outcome, words)), boards=shown, footer=list(footer(outcome, words)))


def campaign_html(campaign: Campaign, words: Words) -> str:
    """Give the rulebook in numbered sentences, with its examples as tables."""
    book = Book.of(campaign, words)
    lines = [book.title(), book.say("heading")]
    return _page(words, heading=lines, sections=list(book.sections()), annex=book.tables())


def explain_html(outcome: Outcome, participant: str, words: Words) -> str:
    """Give all reasons for one participant (id or name) in nested sentences."""
    told = explanation(outcome, participant, words)
    return _page(words, heading=[told.text, *heading(outcome, words)], tree=told.parts)


def reason_html(reason: Reason, words: Words) -> str:
    """Give a reason and all it rests on as it was recorded; `explain_html` has it in sentences."""
    return _page(words, heading=[f"{reason.about} {reason.id}"], tree=(_recorded(record_of(reason)),))


def _recorded(record: dict[str, Any]) -> Said:
    """Give a reason's record on one line, with those below it."""
    fields = [f"{name}: {_written(value)}" for name, value in record.items() if _tells(name, value)]
    return Said(f"{record['about']} {record['id']} — {', '.join(fields)}", tuple(map(_recorded, record["parts"])))


def _tells(name: str, value: object) -> bool:
    return name not in ("about", "id", "parts", "rule") and value not in (None, [], "")


def _written(value: object) -> str:
    match value:
        case list():
            return "(" + ", ".join(map(_written, value)) + ")"
        case dict():
            return " ".join(_written(one) for one in value.values())
        case _:
            return str(value)


def _answer(text: str, words: Words) -> str:
    """Give the answer to a question as it is printed; its first line is what it is about."""
    title, _, rest = text.partition("\n")
    return _page(words, heading=[title], answer=rest.strip("\n"))


def _page(words: Words, **shown: Any) -> str:
    given: dict[str, Any] = {"boards": (), "sections": (), "annex": (), "tree": (), "footer": (), "answer": ""}
    return filled("notebook.html", **{**given, **shown, "language": words.language, "many": MANY})
