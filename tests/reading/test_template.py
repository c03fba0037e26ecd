"""Template: a fresh campaign folder is sound at once, and never written over anything."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from emulation.lint.review import findings
from emulation.outcome import score
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.examples import failing_examples
from emulation.reading.facts import load_observations
from emulation.reading.schema import campaign_schema
from emulation.reading.template import new_campaign


def test_a_fresh_campaign_is_sound_and_scores(tmp_path: Path) -> None:
    """The five communes have a board, every row of theirs can be used, and the worked example comes out."""
    new_campaign(tmp_path / "spring-2026")
    campaign = load_campaign(tmp_path / "spring-2026")
    observations = load_observations(tmp_path / "spring-2026" / "observations.csv", campaign)
    outcome = score(campaign, observations)

    assert campaign.id == "spring-2026"
    assert failing_examples(campaign) == ()
    assert findings(campaign) == ()
    assert (observations.tally.rejected, outcome.problems) == (0, ())
    assert [(body, outcome[body].rank, outcome[body].readiness) for body in ("x01", "x02", "x03", "x04", "x05")] == [
        ("x01", 1, "green"),
        ("x02", 2, "green"),
        ("x03", 4, "amber"),
        ("x04", 3, "red"),
        ("x05", 5, "green"),
    ]
    assert outcome.awards["flag"].winners == ("x01",)


def test_what_is_written(tmp_path: Path) -> None:
    """The rules, two tables, a guide and the schema the rules point at, each named where it was written."""
    files = new_campaign(tmp_path / "new" / "spring")

    assert [file.name for file in files] == [
        "campaign.yaml",
        "participants.csv",
        "observations.csv",
        "README.md",
        "campaign.schema.json",
    ]
    assert files[0].read_text(encoding="utf-8").startswith("# yaml-language-server: $schema=./campaign.schema.json\n")
    assert json.loads(files[4].read_text(encoding="utf-8")) == campaign_schema()
    assert "# spring" in files[3].read_text(encoding="utf-8")
    assert all(b"\r" not in file.read_bytes() for file in files)


def test_a_name_that_is_no_id_stays_the_folders(tmp_path: Path) -> None:
    """A folder can have blanks in its name; an id cannot."""
    new_campaign(tmp_path / "Thi đua 2026")

    assert load_campaign(tmp_path / "Thi đua 2026").id == "my-campaign"


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    """A folder that was made beforehand will do."""
    assert len(new_campaign(tmp_path)) == 5


@pytest.mark.parametrize(("name", "said"), [("full", "is not empty"), ("full/file", "is a file")])
def test_nothing_is_overwritten(tmp_path: Path, name: str, said: str) -> None:
    """Where there is something already, nothing is written and the command ends with a problem."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").write_text("mine", encoding="utf-8")

    with pytest.raises(Refused, match=said) as refused:
        new_campaign(tmp_path / name)

    assert [problem.code for problem in refused.value.problems] == ["E630"]
    assert [one.name for one in (tmp_path / "full").iterdir()] == ["file"]
