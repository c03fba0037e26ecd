"""Every rule: a campaign with every rule kind once, its rulebook, boards and reasons compared whole.

Run as a script it writes what is expected anew, to be looked at before it is committed.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from emulation.outcome import Outcome, score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.report.rulebook import rulebook_markdown, rulebook_text
from emulation.report.sentences import explain_json, explain_markdown, explain_text
from emulation.report.text import board_markdown, board_text
from emulation.report.words import LANGUAGES, words

FOLDER = Path(__file__).parent / "every_rule"


@cache
def outcome() -> Outcome:
    """Score the campaign with every rule kind."""
    campaign = load_campaign(FOLDER)
    return score(campaign, load_observations(FOLDER / "observations.csv", campaign))


def shown(language: str) -> dict[str, str]:
    """Give all that is said of it in a language."""
    speaking, of = words(language), outcome()
    told = [explain_text(of, body.id, speaking) for body in of.campaign.participants]
    return {
        f"rulebook.{language}.txt": rulebook_text(of.campaign, speaking),
        f"board.{language}.txt": board_text(of, speaking),
        f"reasons.{language}.txt": "\n".join(told),
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_is_said_as_it_was_looked_at(language: str) -> None:
    """The rulebook, the boards and the reasons of every participant are the ones that were committed."""
    expected = {name: (FOLDER / "expected" / name).read_text(encoding="utf-8") for name in shown(language)}

    assert shown(language) == expected


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_blank_is_left_open(language: str) -> None:
    """No sentence shows a brace of its phrase, or a value that Python wrote."""
    texts = "".join(shown(language).values())

    assert [sign for sign in ("{", "}", "Fraction(", "None", "()") if sign in texts] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_markdown_escapes_names(language: str) -> None:
    """A name that looks like HTML is shown as it is written, not obeyed."""
    speaking, of = words(language), outcome()
    texts = [
        explain_markdown(of, "a", speaking),
        board_markdown(of, speaking),
        rulebook_markdown(of.campaign, speaking),
    ]

    assert [("<b>" in text, "\\<b\\>" in text) for text in texts] == [(False, True), (False, True), (False, True)]


def test_reasons_as_json_hold_every_datum() -> None:
    """The tree goes down to file, line and exact value, with nothing rounded."""
    told = json.loads(explain_json(outcome(), "a"))
    total = next(part for part in told["reasons"]["parts"] if part["about"] == "total")
    work = next(part for part in total["parts"] if part["id"] == "work")
    linear = next(part for part in work["parts"] if part["id"] == "linear")

    assert told["format"] == 1
    assert {key: linear[key] for key in ("points", "exact", "most", "branch", "used")} == {
        "points": "4.99",
        "exact": "4.9875",
        "most": "10",
        "branch": "linear",
        "used": [["from", "500"], ["to", "100"]],
    }
    assert [(fact["value"], fact["line"]) for fact in linear["parts"][0]["parts"]] == [("300.5", "10")]


def test_a_long_list_of_facts_can_be_asked_for_whole() -> None:
    """The text counts what it leaves out, and `every_fact` leaves nothing out."""
    campaign = load_campaign(Path(__file__).parents[2] / "campaigns" / "thai-nguyen-2025")
    folder = Path(__file__).parents[2] / "campaigns" / "thai-nguyen-2025"
    scored = score(campaign, load_observations(folder / "observations.csv", campaign))
    short, long = (explain_text(scored, "19", words("en"), every_fact=whole) for whole in (False, True))

    assert "… and 72 more facts" in short
    assert all(f"  {body.name}: " in long for body in campaign.participants.children["19"])


if __name__ == "__main__":
    (FOLDER / "expected").mkdir(exist_ok=True)
    for language in LANGUAGES:
        for name, text in shown(language).items():
            (FOLDER / "expected" / name).write_text(text, encoding="utf-8")
