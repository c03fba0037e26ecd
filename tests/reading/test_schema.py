"""Schema: what the reader takes an editor takes, and what an editor takes the reader does not refuse for its form."""

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
from emulation.reading.document import Mapping, read_document
from emulation.reading.schema import campaign_schema

CAMPAIGNS = sorted(Path(__file__).parents[2].glob("campaigns/*/campaign.yaml"))
SCHEMA = campaign_schema()
VALIDATOR = Draft7Validator(SCHEMA)

SMALL = """\
campaign: small
title: {en: Small, vi: Nhỏ}
period: {from: 2025-07-01, to: 2025-07-31}
participants: {file: participants.csv}
set_aside: block
unmeasured: not_met
indicators:
  online: {share: {of: files, among: received}, over: period, better: higher}
  tasks: {number: percent, at: latest, bounds: {from: 0, to: 1}}
  plan: {milestone: {due: 2025-07-15, counted_in: days}, at: latest}
  grade: {level: [low, high], at: latest}
  site: {yes_no: true, at: latest}
targets:
  most: {for: commune, indicator: online, at_least: 80%, by: 2025-07-31}
  all_good: {for: province, children: commune, share_of: good, at_least: 60%, before: 2025-07-31}
criteria:
  quick: {indicator: online, max: {dated: {2025-07-01: 60, 2025-07-15: 50}}, proportional: {full_at: 80%, cap: full}}
  banded:
    indicator: tasks
    max: 10
    bands: {of: [{before: 50%, points: 0}, {from: 50%, points: 10}]}
  peers: {indicator: online, max: 5, min_max: {relative: true, all_equal: full}, missing: worst_peer}
  best: {indicator: online, max: 5, share_of_best: {relative: true}}
  early: {indicator: plan, max: 5, lateness: {early: {3: 100%}, on_time: 80%, late: {1: 50%}, undone: 0}}
  graded: {indicator: grade, max: 5, levels: {low: 0, high: 5}}
  whole:
    cap: none
    sum:
      part: {indicator: online, max: 5, binary: {above: 0}, missing: {redistribute: {to: [other], otherwise: zero}}}
      other: {max: 5, formula: {points: 5 * online, cap: full}, only_if: {indicator: site, at_least: 1}}
gaps: {missing: zero, zero_denominator: missing, not_yet_due: drop}
rounding: {points: 2, mode: half_up, decide_on: rounded}
standings:
  all: {for: commune, by: [total], then: [online, {count_back: [quick, peers]}], ties: shared}
readiness:
  communes: {for: commune, classes: [good, poor], when: {good: {any: [{target_met: most}]}}, otherwise: poor}
awards:
  flag: {for: [commune], standing: all, up_to: {share: 10%, of: ranked, round: down}, border: share}
examples:
  - for: commune
    given: {a: {files: 3, received: 4}}
    expect: {a: {points: {quick: 56.25}}}
acknowledge: [{finding: L104, because: the plan says so}]
"""

SLIPS = {
    # --- keys
    "unknown key of the campaign": ("set_aside: block", "set_aside: block\nset_asied: block"),
    "unknown key of an indicator": ("better: higher", "beter: higher"),
    "unknown key of a rule": ("full_at: 80%, cap: full", "full_at: 80%, kap: full"),
    "a needed key is not there": ("set_aside: block\n", ""),
    "a needed key of a rule is not there": ("full_at: 80%, cap: full", "full_at: 80%"),
    "two rules": ("proportional: {full_at: 80%", "binary: {above: 0}, proportional: {full_at: 80%"),
    "no kind of indicator": ("number: percent, at: latest", "at: latest"),
    "two times": ("at: latest, bounds", "at: latest, over: period, bounds"),
    "a limit without anything compared": ("indicator: online, at_least: 80%, by", "at_least: 80%, by"),
    "something compared without a limit": ("indicator: online, at_least: 80%, by", "indicator: online, by"),
    "a key that goes with another condition": ("at_least: 80%, by", "at_least: 80%, share_of: green, by"),
    "two limits": ("at_least: 80%, by", "at_least: 80%, below: 90%, by"),
    "two deadlines": ("by: 2025-07-31", "by: 2025-07-31, before: 2025-07-31"),
    "two conditions": ("children: commune, share_of", "indicator: online, children: commune, share_of"),
    "a window with two ends": ("to: 2025-07-31}\npart", "to: 2025-07-31, before: 2025-08-01}\npart"),
    "a window without an end": ("{from: 2025-07-01, to: 2025-07-31}", "{from: 2025-07-01}"),
    "a band with two beginnings": ("{from: 50%,", "{from: 50%, above: 50%,"),
    "a key beside a gap's word": ("otherwise: zero}}", "otherwise: zero}, drop: true}"),
    # --- words
    "another word": ("ties: shared", "ties: share"),
    "another gap": ("not_yet_due: drop", "not_yet_due: skip"),
    "a word where a map is asked for": ("{share: {of: files, among: received}, over", "{share: files, over"),
    "a word with a value": ("yes_no: true", "yes_no: false"),
    "relative: false": ("relative: true", "relative: false"),
    "a rule that is relative, without saying so": (
        "share_of_best: {relative: true}",
        "share_of_best: {relative: false}",
    ),
    # --- numbers, days, ids, formulas
    "a decimal comma": ("missing: worst_peer", 'missing: {value: "0,5"}'),
    "a leading zero": ("max: 10\n", "max: 010\n"),
    "an exponent": ("max: 10\n", "max: 1e1\n"),
    "a group mark": ("max: 10\n", "max: 10 000\n"),
    "a division by zero": ("max: 10\n", "max: 10/0\n"),
    "digits of another alphabet": ("max: 10\n", "max: １０\n"),
    "no number": ("max: 10\n", "max: ten\n"),
    "no whole number": ("{points: 2,", "{points: 2.5,"),
    "another order of days": ("due: 2025-07-15", "due: 15-07-2025"),
    "a month that does not exist": ("due: 2025-07-15", "due: 2025-13-15"),
    "an id with a blank": ("  online: {share", "  on line: {share"),
    "an id that leads up": ("campaign: small", "campaign: ../small"),
    "an id that begins with a dash": ("standing: all", "standing: -all"),
    "a formula that compares": ("5 * online", "5 > online"),
    "a language that is none": ("{en: Small", "{english: Small"),
    "a number of days that is none": ("early: {3:", "early: {three:"),
    # --- shapes
    "nothing behind a colon": ("campaign: small", "campaign:"),
    "a list where a map is asked for": ("gaps: {missing: zero,", "gaps: [missing]\nextra: {missing: zero,"),
    "a map where a list is asked for": ("classes: [good, poor]", "classes: {good: 1}"),
    "a text where a list is asked for": ("classes: [good, poor]", "classes: good"),
    "a list where a text is asked for": ("because: the plan says so", "because: [the plan]"),
    "dates of nothing": ("{2025-07-01: 60, 2025-07-15: 50}", "{}"),
    "dates that are none": ("{2025-07-01: 60, 2025-07-15: 50}", "{July: 60}"),
}


def found(value: Any) -> list[str]:
    """Give what the schema finds wrong."""
    return [error.message for error in VALIDATOR.iter_errors(value)]


def written(text: str) -> Mapping:
    """Read a campaign's text as a document."""
    return read_document(text.encode(), "campaign.yaml")


def in_folder(folder: Path, text: str) -> Path:
    """Write a campaign with its participants."""
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")
    (folder / "participants.csv").write_text("id,name,kind,parent\np,P,province,\na,A,commune,p\n", encoding="utf-8")
    return folder


def test_the_schema_is_a_schema() -> None:
    """It keeps to draft-07, and every definition is used."""
    Draft7Validator.check_schema(SCHEMA)
    used = set(re.findall(r'"#/definitions/([^"]+)"', json.dumps(SCHEMA)))
    assert used == set(SCHEMA["definitions"])


@pytest.mark.parametrize("campaign", CAMPAIGNS, ids=lambda path: path.parent.name)
@pytest.mark.parametrize("view", [texts, typed])
def test_campaigns_agree_with_the_schema(campaign: Path, view: Any) -> None:
    """No campaign of ours is squiggled in an editor."""
    assert found(view(read_document(campaign.read_bytes(), str(campaign)))) == []


@pytest.mark.parametrize("view", [texts, typed])
def test_a_sound_campaign_passes(tmp_path: Path, view: Any) -> None:
    """The campaign that is changed below passes both the reader and the schema as it is."""
    assert found(view(written(SMALL))) == []
    assert load_campaign(in_folder(tmp_path, SMALL)).id == "small"


@pytest.mark.parametrize("slip", SLIPS)
def test_slips_are_found(tmp_path: Path, slip: str) -> None:
    """What is written wrongly fails the schema, and the reader refuses it too."""
    right, wrong = SLIPS[slip]
    assert right in SMALL
    text = SMALL.replace(right, wrong, 1)
    assert found(texts(written(text)))
    with pytest.raises(Refused):
        load_campaign(in_folder(tmp_path, text))


def test_an_editor_sees_numbers_and_truth_values() -> None:
    """A fraction where a whole number is asked for fails as a number too."""
    document = typed(written(SMALL))
    document["rounding"]["points"] = 2.5
    assert found(document)


def test_every_key_says_what_it_means() -> None:
    """An editor has something to show for every key and every rule."""
    silent = [
        f"{name}.{key}"
        for name, drawn in {"campaign": SCHEMA, **SCHEMA["definitions"]}.items()
        for key, value in drawn.get("properties", {}).items()
        if name != "selector" and not name.endswith("-by-date") and not value.get("description")
    ]
    assert silent == []
