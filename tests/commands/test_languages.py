"""Languages: titles in any language that a campaign brings, phrases in ours, names in the Vietnamese order."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from emulation.names import vietnamese_order
from emulation.outcome import score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.report.rulebook import rulebook_text
from emulation.report.speech import languages_of, words_of
from emulation.scenarios.comparison import compare
from emulation.scenarios.firmness import firmness

HOME = Path(__file__).parents[2] / "campaigns"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def french(campaign: Path) -> Path:
    """Give a campaign some of whose titles are in French too."""
    file = campaign / "campaign.yaml"
    text = file.read_text(encoding="utf-8")
    assert "green: {en: green, vi: xanh}" in text
    text = text.replace("green: {en: green, vi: xanh}", "green: {en: green, vi: xanh, fr: vert}")
    file.write_text(text, encoding="utf-8")
    return campaign


def test_titles_are_in_any_language_the_campaign_brings(run: Run, french: Path) -> None:
    """French classes stand in English phrases; what has no French title has its first one."""
    code, out, err = run("score", french, "--lang", "fr", "--top", 1)

    assert (code, err) == (0, "")
    assert "● 63 vert · ▲ 29 amber" in out
    assert "and 91 more" in out


@pytest.mark.parametrize("verb", ["score", "explain", "check", "draw"])
def test_a_language_nobody_brings_is_refused(run: Run, campaign: Path, tmp_path: Path, verb: str) -> None:
    """It is told which there are (E771)."""
    more = {
        "explain": ["05443"],
        "check": ["--explain"],
        "draw": ["--picture", "ranking", "--output", tmp_path / "x.svg"],
    }.get(verb, [])

    code, out, err = run(verb, campaign, *more, "--lang", "fr")

    assert (code, out) == (2, "")
    assert "E771 nothing is written in 'fr' (en, vi)" in err


def test_the_languages_are_ours_and_those_of_the_titles(french: Path) -> None:
    """Ours come first."""
    assert languages_of(load_campaign(french)) == ("en", "vi", "fr")
    assert languages_of(load_campaign(HOME / "pci-2006")) == ("en", "vi")


def test_numbers_of_another_language_are_written_as_in_english(french: Path) -> None:
    """Only what we have phrases for has marks of its own."""
    assert words_of("fr", load_campaign(french)).number(12345) == "12,345"


# --- the order of names


def test_those_without_a_place_are_listed_in_the_order_of_names(run: Run) -> None:
    """Letters first, then tones, as in a dictionary."""
    _, out, _ = run("score", HOME / "can-tho-157")
    listed = [line for line in out.splitlines() if line.startswith("Not ranked")]
    names = [part.partition(" (")[0] for part in " ".join(listed).partition(": ")[2].split("; ")]

    assert names == sorted(names, key=vietnamese_order)


def test_a_rulebook_lists_participants_in_the_order_of_names() -> None:
    """Four bodies of Hà Nội, whatever order their table has."""
    rules = load_campaign(HOME / "decision-766")
    text = rulebook_text(rules, words_of("vi", rules))
    names = [one.name for one in rules.participants if one.kind == "province"]

    assert names != sorted(names, key=vietnamese_order)
    assert " ".join(text.split()).count(", ".join(sorted(names, key=vietnamese_order))) == 1


def test_who_shares_a_place_is_listed_in_the_order_of_names() -> None:
    """An Khánh and Cường Lợi share the first place; the code of the second is the smaller."""
    rules = load_campaign(HOME / "thai-nguyen-2025")
    outcome = score(rules, load_observations(HOME / "thai-nguyen-2025" / "observations.csv", rules))
    found = firmness(outcome, {"online": (20, 80), "tasks": (20, 80)}, draws=10)
    listed = [(row.place, rules.participants[row.participant].name) for row in found.rows]

    assert listed == sorted(listed, key=lambda one: (one[0], vietnamese_order(one[1])))
    assert listed[:2] == [(1, "Xã An Khánh"), (1, "Xã Cường Lợi")]
    assert [row.participant for row in found.rows] != sorted(row.participant for row in found.rows)


def test_who_is_moved_alike_is_listed_in_the_order_of_names() -> None:
    """Where everything else is level, the names decide."""
    rules = load_campaign(HOME / "thai-nguyen-2025")
    outcome = score(rules, load_observations(HOME / "thai-nguyen-2025" / "observations.csv", rules))
    same = [rules.participants[row.move.participant].name for row in compare(outcome, outcome).rows]

    assert same == sorted(same, key=vietnamese_order)
