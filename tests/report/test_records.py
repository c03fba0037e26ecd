"""Records: a CSV that opens in a spreadsheet runs nothing."""

from __future__ import annotations

import csv
import io

import pytest
from attrs import evolve

from emulation.outcome import score
from emulation.participants import Participants
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.report.records import outcome_csv, safe_cell

SIGNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


@pytest.mark.parametrize("sign", SIGNS)
def test_a_text_that_would_run_is_marked(sign: str) -> None:
    """By the apostrophe that spreadsheets know, for each sign at whose sight one of them reckons."""
    assert safe_cell(f"{sign}1+1") == f"'{sign}1+1"


@pytest.mark.parametrize("text", ["An Bình", "a=b", "1-2", "", "'", "Đà Nẵng"])
def test_other_texts_stay_as_they_are(text: str) -> None:
    """A sign within a text does nothing."""
    assert safe_cell(text) == text


def test_no_cell_of_the_csv_runs() -> None:
    """Whatever participants are called."""
    rules = load_campaign("campaigns/thai-nguyen-2025")
    facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", rules)
    called = enumerate(rules.participants)
    bodies = [evolve(one, name=f"{SIGNS[number % len(SIGNS)]}cmd|' /C calc'!A0") for number, one in called]
    text = outcome_csv(score(evolve(rules, participants=Participants(tuple(bodies))), facts))

    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
    assert [cell for row in rows[1:] for cell in row[:7] if cell[:1] in SIGNS] == []
