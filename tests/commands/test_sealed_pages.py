"""Sealed pages: a page says sealed of just what was sealed, and of nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]
ONE_STOP = Path(__file__).parents[2] / "campaigns" / "one-stop-2025"
SEALED = "✓ Sealed on "


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run: Run) -> Run:
    """Keep a campaign ``c`` in a ledger, and seal what it comes to."""
    shutil.copytree(ONE_STOP, tmp_path / "c")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EMULATION_AUTHOR", "Lan")
    run("ingest", "d.ledger", "c")
    run("seal", "d.ledger", "c")
    return run


def test_what_was_sealed_is_called_so(kept: Run) -> None:
    """With the day, and the entry of the ledger that anybody can look up."""
    code, page, _ = kept("score", "c", "d.ledger", "--format", "html")

    assert code == 0
    assert SEALED in page
    assert "Provisional" not in page


def test_what_was_sealed_can_be_had_again(kept: Run) -> None:
    """Byte for byte, by the words that sealing it printed, also when it was sealed once more since."""
    pages, moments = [], []
    for _ in range(2):
        _, said, _ = kept("seal", "d.ledger", "c")
        moments.append(said.partition("--known-at ")[2].split()[0])
        pages.append(kept("score", "c", "d.ledger", "--format", "html")[1])

    again = [kept("score", "c", "d.ledger", "--format", "html", "--known-at", moment)[1] for moment in moments]

    assert again == pages
    assert pages[0] != pages[1]
    assert all(SEALED in page for page in pages)


def test_another_day_is_provisional(kept: Run) -> None:
    """Though its ledger has a seal."""
    _, page, _ = kept("score", "c", "d.ledger", "--format", "html", "--as-of", "2025-10-01")

    assert SEALED not in page


def test_the_same_figures_without_a_ledger_are_provisional(kept: Run) -> None:
    """Nobody can look up who sealed them."""
    _, page, _ = kept("score", "c", "--format", "html")

    assert SEALED not in page


def test_a_published_folder_says_it_on_every_page(kept: Run, tmp_path: Path) -> None:
    """The board, the participants, the rulebook."""
    kept("publish", "c", "d.ledger", "--output", "pages")

    pages = sorted((tmp_path / "pages").rglob("*.html"))
    assert len(pages) == 10
    assert [page.name for page in pages if SEALED not in page.read_text(encoding="utf-8")] == []
