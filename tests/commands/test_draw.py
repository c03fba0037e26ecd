"""Draw: the command that writes pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Run = Callable[..., tuple[int, str, str]]


@pytest.mark.parametrize(("ending", "begins"), [("svg", b"<svg "), ("png", b"\x89PNG")])
def test_a_picture_is_written_to_a_file(run: Run, campaign: Path, tmp_path: Path, ending: str, begins: bytes) -> None:
    """As its ending says, and nothing is printed."""
    file = tmp_path / f"ranking.{ending}"

    said = run("draw", campaign, "--picture", "ranking", "--top", 5, "--lang", "vi", "--output", file)

    assert said == (0, "", "")
    assert file.read_bytes().startswith(begins)
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == [file.name]


def test_places_of_earlier_days(run: Run, campaign: Path, tmp_path: Path) -> None:
    """`--since` adds days before the last one."""
    file = tmp_path / "bump.svg"
    days = ["--since", "2025-07-13", "--since", "27/07/2025"]

    code, _, err = run("draw", campaign, "--picture", "bump", *days, "--participant", "05443", "--output", file)

    assert (code, err) == (0, "")
    text = file.read_text(encoding="utf-8")
    assert all(day in text for day in ("13 Jul 2025", "27 Jul 2025", "6 Aug 2025"))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        (["--picture", "pie"], "E770"),
        (["--picture", "ranking", "--by", "onlin"], "E772"),
        (["--picture", "waterfall"], "E775"),
        (["--picture", "waterfall", "--participant", "Phường Phan Đình Phung"], "E318"),
        (["--picture", "bump"], "E776"),
    ],
)
def test_what_cannot_be_drawn_is_wrong(run: Run, campaign: Path, tmp_path: Path, typed: list[str], code: str) -> None:
    """It is told with its code, exit 2, and no file is left."""
    file = tmp_path / "x.svg"

    status, out, err = run("draw", campaign, *typed, "--output", file)

    assert (status, out) == (2, "")
    assert code in err
    assert not file.exists()


def test_a_picture_of_an_open_outcome_is_drawn_and_told(run: Run, campaign: Path, tmp_path: Path) -> None:
    """As with the board: the picture is there, what is open is said, exit 1."""
    rules = campaign / "campaign.yaml"
    text = rules.read_text(encoding="utf-8")
    assert "ties: shared" in text
    rules.write_text(text.replace("ties: shared", "ties: decision"), encoding="utf-8")
    file = tmp_path / "x.svg"

    code, _, err = run("draw", campaign, "--picture", "ranking", "--output", file)

    assert code == 1
    assert "E171 unresolved tie" in err
    assert "?: level; a decision is awaited" in file.read_text(encoding="utf-8")
