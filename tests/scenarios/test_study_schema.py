"""Study schema: what the reader of scenarios.yaml takes an editor takes, and slips of form are found by both."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from editors import texts, typed
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.document import read_document
from emulation.scenarios.study_file import load_study
from emulation.scenarios.study_schema import study_schema

HOME = Path(__file__).parents[2]
RULES = load_campaign(HOME / "campaigns" / "thai-nguyen-2025")
STUDIES = sorted(HOME.glob("campaigns/*/scenarios.yaml"))
BAD = [path for path in sorted(HOME.glob("tests/bad/scenarios/*/scenarios.yaml")) if path.read_bytes().strip()]
SCHEMA = study_schema()
VALIDATOR = Draft7Validator(SCHEMA)

SMALL = """\
scenarios:
  half:
    title: {en: Half, vi: Một nửa}
    because: it was asked
    set: {criteria.online.max: 50, observations.05443.tasks_due: "[missing]"}
    more: {criteria.tasks.max: 0.5}
    drop: [awards.flag]
    new: {awards.cup: {standing: total, up_to: 1}}
  next: {after: [half], drop: awards.flag}
multiverse: [half]
efforts:
  online_files: {cost: 0.5, at_most: 10, pending: 4, step: 1/2}
firmness:
  uniform: {online: {from: 50%, to: 70}, tasks: {from: 30, to: 50}}
  samples: redrawn
"""

SLIPS = {
    "unknown key of a study": ("multiverse: [half]", "multivers: [half]"),
    "unknown key of a scenario": ("    set: {", "    sets: {"),
    "unknown key of an effort": ("at_most: 10", "at_least: 10"),
    "unknown key of a range": ("to: 70}", "until: 70}"),
    "a needed key is not there": ("{cost: 0.5, at_most", "{at_most"),
    "a range without an end": ("{from: 50%, to: 70}", "{from: 50%}"),
    "two ways to draw weights": ("  samples:", "  dirichlet: {of: [online, tasks], concentration: 9}\n  samples:"),
    "a whole without its parts": ("{from: 30, to: 50}}", "{from: 30, to: 50}}\n  dirichlet: {concentration: 9}"),
    "another word": ("samples: redrawn", "samples: again"),
    "no whole number": ("pending: 4", "pending: 4.5"),
    "no number": ("cost: 0.5", "cost: half"),
    "a decimal comma": ("criteria.tasks.max: 0.5", 'criteria.tasks.max: "0,5"'),
    "by nothing more": ("criteria.tasks.max: 0.5}", "criteria.tasks.max: }"),
    "dates, which only campaigns have": ("cost: 0.5", "cost: {dated: {2025-07-01: 0.5}}"),
    "a map where a list is asked for": ("after: [half]", "after: {half: 1}"),
    "a text where a map is asked for": ("{after: [half], drop: awards.flag}", "awards.flag"),
    "a map where paths are asked for": ("drop: [awards.flag]", "drop: {awards.flag: true}"),
    "a list where a path is asked for": ("drop: [awards.flag]", "drop: [[awards.flag]]"),
    "an id with a blank": ("  next: {", "  what next: {"),
    "a language that is none": ("{en: Half", "{english: Half"),
}


def found(value: Any) -> list[str]:
    """Give what the schema finds wrong."""
    return [error.message for error in VALIDATOR.iter_errors(value)]


def refused(text: str, folder: Path) -> str:
    """Give what the reader finds wrong with a study; nothing where it takes it."""
    file = folder / "scenarios.yaml"
    file.write_text(text, encoding="utf-8")
    try:
        load_study(file, RULES)
    except Refused as told:
        return str(told)
    return ""


def test_the_schema_is_a_schema() -> None:
    """It keeps to draft-07, every definition is used, and every key says what it means."""
    Draft7Validator.check_schema(SCHEMA)
    used = set(re.findall(r'"#/definitions/([^"]+)"', json.dumps(SCHEMA)))
    drawn = {"study": SCHEMA, **SCHEMA["definitions"]}
    assert used == set(SCHEMA["definitions"])
    assert [
        f"{name}.{key}"
        for name, one in drawn.items()
        for key, value in one.get("properties", {}).items()
        if not value.get("description")
    ] == []


@pytest.mark.parametrize("study", STUDIES, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("view", [texts, typed])
def test_studies_agree_with_the_schema(study: Path, view: Any) -> None:
    """No study of ours is squiggled in an editor."""
    assert found(view(read_document(study.read_bytes(), str(study)))) == []


@pytest.mark.parametrize("study", BAD, ids=lambda path: path.parent.name)
def test_what_the_reader_takes_the_schema_takes(study: Path, tmp_path: Path) -> None:
    """Of the bad ones too: most are wrong where they are applied, and a few in their keys, which both find."""
    text = study.read_text(encoding="utf-8")
    wrong = found(texts(read_document(text.encode(), str(study))))

    assert bool(wrong) == study.parent.name.startswith("E114")
    if wrong:
        assert "E114" in refused(text, tmp_path)


@pytest.mark.parametrize("view", [texts, typed])
def test_a_sound_study_passes(tmp_path: Path, view: Any) -> None:
    """The study that is changed below passes both the reader and the schema as it is."""
    assert (found(view(read_document(SMALL.encode(), "s"))), refused(SMALL, tmp_path)) == ([], "")


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_are_found(tmp_path: Path, slip: str) -> None:
    """What is written wrongly fails the schema, and the reader refuses it too."""
    right, wrong = SLIPS[slip]
    assert right in SMALL
    text = SMALL.replace(right, wrong, 1)

    assert found(texts(read_document(text.encode(), "s")))
    assert refused(text, tmp_path)
