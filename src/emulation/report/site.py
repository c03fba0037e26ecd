"""Site: an outcome as a folder of pages: the board, a page for each participant, the rulebook, the records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from string import ascii_lowercase, digits

from emulation.ledger.entries import Sealed
from emulation.names import ParticipantId
from emulation.outcome import Outcome, Result
from emulation.report.page import frame, page_html
from emulation.report.portrait import Portraits
from emulation.report.records import outcome_csv, outcome_json
from emulation.report.rulebook import Book
from emulation.report.speech import Speech
from emulation.report.stencils import filled
from emulation.report.tables import class_cell
from emulation.report.words import Words

BOARD, RULEBOOK, JSON, CSV = "index.html", "rulebook.html", "board.json", "board.csv"
SHELF = "participants"
LONG = 80
"""So many signs a file's name may have; a longer id is called by its hash."""

_PLAIN = frozenset(ascii_lowercase + digits + "-")


def site(
    outcome: Outcome, words: Words, earlier: Sequence[Outcome] = (), seal: tuple[int, Sealed] | None = None
) -> Iterator[tuple[str, str]]:
    """Give the files of a folder, name and text; the board, which leads to all others, comes last.

    ``seal`` is the entry of a ledger in which just this was sealed.
    """
    portraits = Portraits.of(outcome, words, earlier)
    pages: dict[ParticipantId, str] = {}
    for result in outcome:
        id = result.participant.id
        pages[id] = f"{SHELF}/{file_name(id)}.html"
        yield pages[id], portrait_html(portraits, result, seal)
    yield RULEBOOK, rulebook_html(outcome, words, seal)
    yield JSON, outcome_json(outcome)
    yield CSV, outcome_csv(outcome)
    links = [(words.say("page.rulebook"), RULEBOOK), ("JSON", JSON), ("CSV", CSV)]
    yield BOARD, page_html(outcome, words, earlier=earlier, pages=pages, links=links, seal=seal)


def size(outcome: Outcome) -> int:
    """Count the files of the folder."""
    return len(outcome.campaign.participants) + len((RULEBOOK, JSON, CSV, BOARD))


def file_name(id: str) -> str:
    """Give a name for a participant's file: safe on every system, and never the same for two ids.

    >>> file_name("05443"), file_name("../Đà"), file_name("A") == file_name("a")
    ('p05443', 'p_2e_2e_2f_110_e0', False)
    """
    name = "p" + "".join(sign if sign in _PLAIN else f"_{ord(sign):x}" for sign in id)
    return name if len(name) <= LONG else f"h{sha256(id.encode()).hexdigest()}"


def portrait_html(portraits: Portraits, result: Result, seal: tuple[int, Sealed] | None = None) -> str:
    """Give the page of one participant, with all its reasons to the datum."""
    outcome, words = portraits.outcome, portraits.words
    speech = Speech(outcome.campaign, words)
    titles = [speech.standing(one.id) for one in outcome.campaign.standings]
    places = [(title, text) for title, text in zip(titles, portraits.places(result), strict=True) if text]
    move = portraits.move(result)
    return filled(
        "participant.html",
        **frame(outcome, words, seal),
        name=result.participant.name,
        about=portraits.about(result),
        places=places,
        class_title=words.say("board.class"),
        held=class_cell(speech, outcome, result),
        awards=[words.label(one.title, one.id) for one in outcome.campaign.awards if one.id in result.awards],
        moved=move[1] if move else "",
        ways=portraits.ways(result),
        profile=[
            (speech.criterion(id), points, share, median, ahead, most)
            for points, share, median, ahead, id, most in portraits.profile(result)
        ],
        shares=lambda share, median, most: portraits.say("page.shares", share=share, median=median, most=most),
        balance=portraits.balance(result),
        missing=portraits.missing(result),
        trend=portraits.trend(result),
        reasons=portraits.reasons(result),
        board=f"../{BOARD}",
    )


def rulebook_html(outcome: Outcome, words: Words, seal: tuple[int, Sealed] | None = None) -> str:
    """Give the rules in numbered sentences, with their examples, as a page."""
    book = Book.of(outcome.campaign, words)
    return filled(
        "rulebook.html",
        **frame(outcome, words, seal),
        name=book.title(),
        heading=book.say("heading"),
        sections=list(book.sections()),
        annex=book.tables(),
        board=BOARD,
    )
