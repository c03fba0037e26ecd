"""Html: what a notebook shows is well formed, escaped, whole and still."""

from __future__ import annotations

import subprocess
import sys
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest
from attrs import evolve

from emulation.campaign import Campaign
from emulation.outcome import Outcome, score
from emulation.participants import Participants
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.reasoning import reasons
from emulation.report.html import explain_html, html_of
from emulation.report.sentences import explain_text
from emulation.report.text import board_text
from emulation.report.words import words

FOLDER = Path(__file__).parent / "every_rule"
EVIL = "<script>alert('x')</script> & \"co\""
VOID = {"br", "meta", "link", "img", "input", "hr"}


class Page(HTMLParser):
    """Reads a page: its tags, whether they close in order, its text and the text of its cells."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.cells: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Open a tag."""
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in VOID:
            self.open.append(tag)
        if tag in {"td", "th"}:
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        """Close the tag that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Keep the text of cells."""
        if self.open and self.open[-1] in {"td", "th"}:
            self.cells[-1] += data


@cache
def campaign() -> Campaign:
    """Load the campaign with every rule kind; one of its participants has an evil name."""
    loaded = load_campaign(FOLDER)
    named = tuple(evolve(body, name=EVIL) if body.id == "a" else body for body in loaded.participants)
    return evolve(loaded, participants=Participants(named))


@cache
def outcome() -> Outcome:
    """Score it."""
    return score(campaign(), load_observations(FOLDER / "observations.csv", campaign()))


@pytest.mark.parametrize("show", ["outcome", "campaign", "reason", "explained"])
def test_a_page_is_well_formed_still_and_escaped(show: str) -> None:
    """Every tag is closed in order; nothing runs, nothing is fetched, and no name becomes a tag."""
    page = Page(
        {
            "outcome": lambda: html_of(outcome()),
            "campaign": lambda: html_of(campaign()),
            "reason": lambda: html_of(reasons(outcome(), "a")),
            "explained": lambda: explain_html(outcome(), "a", words("vi")),
        }[show]()
    )

    assert page.open == []
    assert page.tags & {"script", "img", "link", "iframe", "b"} == set()
    assert page.attributes <= {"class", "lang", "scope", "open"}


def test_a_page_holds_every_participant_and_its_points() -> None:
    """Every participant stands in a cell of its own, spelt as it is written."""
    cells = Page(outcome()._repr_html_()).cells

    assert [name for name in (body.name for body in campaign().participants) if name not in cells] == []
    assert EVIL in cells
    assert "174.04" in cells


def test_a_long_table_folds_what_it_does_not_show() -> None:
    """Of 92 communes 50 are shown at once and 42 are folded, none left out."""
    folder = Path(__file__).parents[2] / "campaigns" / "thai-nguyen-2025"
    rules = load_campaign(folder)
    scored = score(rules, load_observations(folder / "observations.csv", rules))
    page = Page(html_of(scored))

    assert "details" in page.tags
    assert [body.name for body in rules.participants if body.name not in page.cells] == []


def test_the_language_of_a_notebook_is_the_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    """`EMULATION_LANG` says in which language a notebook shows."""
    monkeypatch.setenv("EMULATION_LANG", "vi")

    assert "Tổng điểm" in Page(html_of(outcome())).cells


def test_reasons_are_shown_in_sentences_that_fold() -> None:
    """The tree of one participant is told as `explain` tells it; a part of it alone, as it was recorded."""
    tree = reasons(outcome(), "b")
    page = Page(html_of(tree))

    assert html_of(tree) == explain_html(outcome(), "b", words("en"))
    assert {"details", "summary"} <= page.tags
    assert "disputed: False" in html_of(tree.parts[-1])


def test_a_console_shows_the_same_as_text() -> None:
    """Beside the page there is the text that a command prints, and no record written out."""
    tree = reasons(outcome(), "b")
    bundle = outcome()._repr_mimebundle_()

    assert bundle["text/html"] == outcome()._repr_html_()
    assert bundle["text/plain"] + "\n" == board_text(outcome(), words("en"), top=20)
    assert tree._repr_mimebundle_()["text/plain"] + "\n" == explain_text(outcome(), "b", words("en"))
    assert campaign()._repr_mimebundle_()["text/plain"] == "Every rule once (every-rule)"


def test_other_things_have_no_page() -> None:
    """What is no campaign, outcome or reason is refused by name."""
    with pytest.raises(TypeError, match="no page is made for a str"):
        html_of("x")


def test_the_renderer_is_loaded_when_it_is_asked_for() -> None:
    """`import emulation` and scoring load no template engine; showing does."""
    program = (
        "import sys, emulation as em\n"
        f"campaign = em.load_campaign({str(FOLDER)!r})\n"
        "print('jinja2' in sys.modules, '<table' in campaign._repr_html_(), 'jinja2' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert run.stdout == "False True True\n"
