"""Notation: a rule on one line reads as its file would."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from emulation.admission import Admission
from emulation.formulas import read_formula
from emulation.gaps import Zero
from emulation.names import label
from emulation.reading.campaign_file import load_campaign, rules_reader
from emulation.reading.document import read_document
from emulation.scenarios.notation import notation
from emulation.scenarios.paths import below, whole
from small import at_least, leaf

CAMPAIGNS = sorted((Path(__file__).parents[2] / "campaigns").iterdir())


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, "-"),
        (True, "true"),
        (False, "false"),
        (Fraction(1, 3), "1/3"),
        (date(2025, 8, 6), "2025-08-06"),
        ((), "[]"),
        ((1, 2), "[1, 2]"),
        ((("a", 1),), "{a: 1}"),
        (Zero(), "zero"),
        (label("Small"), "Small"),
        (at_least("x", 5), "{indicator: x, at_least: 5}"),
        (read_formula("a + 2 * b"), "a + 2 * b"),
        (
            (leaf("x"),),
            "{x: {proportional: {full_at: 10, cap: none, floor: none}, indicator: x, max: 10, missing: zero}}",
        ),
        (Admission(stages=("self",), counts="self"), "{stages: [self], counts: self}"),
    ],
)
def test_a_value_as_its_file_would_have_it(value: Any, written: str) -> None:
    """Keys at their defaults are left out."""
    assert notation(value) == written


@pytest.mark.parametrize("folder", CAMPAIGNS, ids=lambda folder: str(folder.name))
@pytest.mark.parametrize("part", ["indicators", "targets", "criteria", "standings", "readiness", "awards"])
def test_what_is_written_is_read_back(folder: Path, part: str) -> None:
    """The notation of a real campaign's rules, read as a file, gives the same rules."""
    rules = load_campaign(folder)
    spot = below(whole(rules))[part]
    if not spot.value:
        return
    node = read_document(f"to: {notation(spot.value)}".encode(), "notation").get("to")

    reader = rules_reader(rules.participants)

    assert node is not None
    assert reader.read(node, spot.kind, spot.path) == spot.value
