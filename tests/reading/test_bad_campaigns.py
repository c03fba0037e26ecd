"""Bad campaigns: every folder of the corpus is told off in the words kept beside it, at once and without a crash."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from emulation.outcome import score
from emulation.problems import Problem, Refused, in_order, report
from emulation.reading.campaign_file import load_campaign
from emulation.reading.cases import count_cases
from emulation.reading.document import place_of, read_document
from emulation.reading.examples import failing_examples
from emulation.reading.facts import load_observations

from work import calls_of

HOME = Path(__file__).parents[2]
BAD = HOME / "tests" / "bad"
FOLDERS = sorted((BAD / "campaign").iterdir())

WITHOUT_A_CASE = {
    "E110": "a file of more than 2 MB is made by a test of the document",
    "E111": "a tree of more than 200,000 nodes, and more than 100 editions, are made by tests",
    "E207": "a reason in a measurement: E181 shows it",
    "E402": "a sheet of 20 million cells is made smaller by a test of the workbooks",
    "E308": "a line of more than 100,000 bytes is made by a test of the tables",
    "E600": "the system's own words for a file that cannot be read or written",
    "E620": "a full disk is made by a test of the ledger",
    "E621": "a disk that fails is made by a test of the ledger",
    "E622": "a locked ledger is made by a test of the ledger",
    **dict.fromkeys(("E650", "E651", "E652", "E653", "E654", "E655", "E656"), "shown by tests of publication"),
    "E657": "shown by tests of the commands",
    **dict.fromkeys(("E705", "E709", "E710", "E711", "E712"), "shown by tests of scenarios"),
    **dict.fromkeys(("E720", "E721", "E722", "E723", "E740", "E741"), "shown by tests of scenarios"),
    **dict.fromkeys(("E742", "E743", "E744", "E745", "E760"), "shown by tests of scenarios"),
    **dict.fromkeys(("E780", "E781", "E782", "E783", "E784", "E785"), "shown by tests of columns"),
    **dict.fromkeys(
        ("E786", "E787", "E788", "E789", "E791", "E792", "E793", "E794", "E795"), "shown by tests of columns"
    ),
    "E796": "shown by tests of tables on a server",
    "E797": "shown by tests of two writers of an archive",
    **dict.fromkeys(("E770", "E772", "E773", "E774", "E775", "E776", "E777"), "shown by tests of pictures"),
    "E771": "shown by tests of languages",
    "E790": "shown by tests of the workbook",
    **dict.fromkeys(("E778", "E779"), "shown by tests of frames"),
    "E640": "an SQLite too old is made by a test of the ledger",
    "E641": "a missing library is made by a test of the ledger",
    "E642": "a server too old is made by a test of the ledger",
    "E643": "an SQLite with other settings is made by a test of the ledger",
}


def told(folder: Path) -> str:
    """Give the report on a folder: of its rules, else its examples, else its rows set aside, else what is open."""
    try:
        campaign = load_campaign(folder)
        if differing := failing_examples(campaign):
            document = read_document(Path("campaign.yaml").read_bytes(), "campaign.yaml")
            return report(in_order(problem.at(place_of(document, problem.path)) for problem in differing))
        cases = {one.id: folder / one.table.file for one in campaign.registers}
        own = folder / "observations.csv"
        observations = count_cases(cases, campaign) if cases else load_observations(own, campaign)
        return report(observations.set_aside or score(campaign, observations).problems)
    except Refused as refused:
        return str(refused)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: str(folder.name))
def test_a_bad_campaign(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The whole report is the one expected, it names the folder's code, and it takes little work."""
    monkeypatch.chdir(folder)

    calls, report_ = calls_of(lambda: told(Path()))

    assert calls < 300_000
    assert f"{report_}\n" == Path("expected.txt").read_text(encoding="utf-8")
    assert re.search(rf"^\S+ {folder.name[:4]} ", report_, re.MULTILINE)


def codes_in(*files: Path) -> set[str]:
    """Give the codes of problems that stand in some files."""
    return {code for file in files for code in re.findall(r"\bE\d{3}\b", file.read_text(encoding="utf-8"))}


def test_every_code_has_a_case() -> None:
    """Every code in the source has a file that is told it, or a reason why it has none; and no other code is told."""
    raised = codes_in(*(HOME / "src").rglob("*.py"))

    shown = codes_in(*BAD.rglob("expected.txt"))

    assert raised - shown - WITHOUT_A_CASE.keys() == set()
    assert shown - raised == set()
    assert WITHOUT_A_CASE.keys() - raised == set()


def test_a_report_shows_a_hundred_problems() -> None:
    """A file with very many slips is told of the first hundred, and how many more there are."""
    refused = Refused(Problem("E153", f"slip {number:03}") for number in range(150))

    assert str(refused).splitlines()[-2:] == ["E153 slip 099", "... and 50 more"]
