"""The command line: what a person types, sees, and the exit code that follows."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.shell_completion import ShellComplete

from emulation import cli

ROOT = Path(__file__).parents[2]
THAI_NGUYEN = ROOT / "campaigns" / "thai-nguyen-2025"

Run = Callable[..., tuple[int, str, str]]


def spoil(campaign: Path, file: str, old: str, new: str) -> None:
    """Change a text in a file of a campaign, which must be there."""
    path = campaign / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_help_names_every_verb(run: Run) -> None:
    """The help lists the verbs, examples and exit codes."""
    code, out, _ = run("--help")

    assert code == 0
    assert all(verb in out for verb in cli.VERBS)
    assert "Exit codes" in out


def test_examples_stay_a_line_each(run: Run) -> None:
    """An example can be copied from the help as it stands."""
    _, out, _ = run("score", "--help")

    assert "\n    emulation score campaigns/thai-nguyen-2025\n" in out


@pytest.mark.parametrize("verb", cli.VERBS)
def test_every_verb_has_help_with_examples(run: Run, verb: str) -> None:
    """Each verb says how it is typed."""
    code, out, _ = run(verb, "--help")

    assert code == 0
    assert f"emulation {verb}" in out


def test_a_misspelt_verb_is_wrong(run: Run) -> None:
    """A verb that does not exist is exit 2."""
    code, _, err = run("scor", THAI_NGUYEN)

    assert code == 2
    assert "scor" in err


def test_the_board_of_a_folder(run: Run) -> None:
    """`score` prints the board and ends with 0 when all is settled."""
    code, out, err = run("score", THAI_NGUYEN, "--top", 3)

    assert (code, err) == (0, "")
    assert "63 green" in out


def test_json_goes_to_a_file(run: Run, tmp_path: Path) -> None:
    """`--output` writes the result to a file and nothing to the screen."""
    file = tmp_path / "board.json"
    code, out, _ = run("score", THAI_NGUYEN, "--format", "json", "--output", file)

    assert (code, out) == (0, "")
    assert json.loads(file.read_text(encoding="utf-8"))["as_of"] == "2025-08-06"


@pytest.mark.parametrize("form", ["text", "md", "json", "csv"])
def test_every_format_names_every_commune(run: Run, form: str) -> None:
    """No format loses a participant."""
    _, out, _ = run("score", THAI_NGUYEN, "--format", form, "--top", 0)

    names = [line.split(",")[1] for line in (THAI_NGUYEN / "participants.csv").read_text("utf-8").splitlines()[1:]]
    assert [name for name in names if name not in out] == []


@pytest.mark.parametrize("written", ["2025-07-20", "20/07/2025"])
def test_a_date_may_be_written_both_ways(run: Run, written: str) -> None:
    """`--as-of` takes the international and the Vietnamese spelling."""
    _, out, _ = run("score", THAI_NGUYEN, "--as-of", written, "--format", "json")

    assert json.loads(out)["as_of"] == "2025-07-20"


def test_a_date_that_is_none(run: Run) -> None:
    """A date that does not exist is exit 2, with the two ways to write one."""
    code, _, err = run("score", THAI_NGUYEN, "--as-of", "2025-02-30")

    assert code == 2
    assert "06/08/2025" in err


def test_a_folder_that_is_not_there(run: Run) -> None:
    """A wrong path is exit 2 and one line."""
    code, out, err = run("score", ROOT / "campaigns" / "thai-nguyen-2052")

    assert (code, out) == (2, "")
    assert "did you mean thai-nguyen-2025?" in err


def test_a_wrong_key_is_shown_in_its_line(run: Run, campaign: Path) -> None:
    """A slip in the YAML is exit 2, with file, line, column, the line, a mark under it and the right word."""
    spoil(campaign, "campaign.yaml", "set_aside:", "set_asid:")
    code, out, err = run("score", campaign)

    assert (code, out) == (2, "")
    assert "campaign.yaml:" in err
    assert "did you mean set_aside?" in err
    assert "^" in err


def test_a_row_that_cannot_be_used_is_told(run: Run, campaign: Path) -> None:
    """An unknown participant's row is set aside and told; nothing is joined by likeness."""
    with (campaign / "observations.csv").open("a", encoding="utf-8") as file:
        header = (campaign / "observations.csv").read_text("utf-8").splitlines()[0].split(",")
        row = {
            "participant": "99999",
            "indicator": "received_files",
            "from": "2025-08-06",
            "to": "2025-08-06",
            "value": "1",
        }
        file.write(",".join(row.get(column, "") for column in header) + "\n")
    code, _, err = run("score", campaign)

    assert "unknown participant '99999'" in err
    assert code in (0, 1)


def test_an_unknown_group_is_wrong(run: Run) -> None:
    """`--group` of nobody is exit 2 with the nearest."""
    code, _, err = run("score", THAI_NGUYEN, "--group", "phuong")

    assert code == 2
    assert "did you mean phường?" in err


def test_explaining_somebody_who_does_not_take_part(run: Run) -> None:
    """A name that is nobody's is exit 2, with the nearest participant."""
    code, _, err = run("explain", THAI_NGUYEN, "Xa An Khanh")

    assert code == 2
    assert "Xã An Khánh" in err


def test_checking_nothing(run: Run) -> None:
    """`check` without a path says what it needs."""
    code, _, err = run("check")

    assert code == 2
    assert "at least one campaign" in err


def test_an_example_that_does_not_come_out(run: Run, campaign: Path) -> None:
    """`check` ends with 1 and both numbers when an example was worked out otherwise."""
    spoil(campaign, "campaign.yaml", "total: 100", "total: 99")
    code, _, err = run("check", campaign)

    assert code == 1
    assert "E181" in err
    assert "99 is expected" in err


def test_checking_shows_what_is_acknowledged(run: Run) -> None:
    """`check` shows findings that are known and meant, and ends with 0."""
    code, out, err = run("check", THAI_NGUYEN)

    assert (code, err) == (0, "")
    assert "examples come out" in out


def test_a_closed_pipe_is_no_mistake() -> None:
    """`emulation score … | head -1` ends without a word about it."""
    command = f"{sys.executable} -m emulation score {THAI_NGUYEN} --top 0 | head -1"
    done = subprocess.run(["/bin/sh", "-c", command], check=True, capture_output=True)

    assert done.stderr == b""


def test_python_dash_m_is_the_same() -> None:
    """`python -m emulation` is the command line too."""
    done = subprocess.run([sys.executable, "-m", "emulation", "--version"], check=True, capture_output=True)

    assert b"emulation" in done.stdout


def test_every_fact_can_be_asked_for(run: Run) -> None:
    """Of many facts some are listed and the others counted; with --all none is left out."""
    _, some, _ = run("explain", THAI_NGUYEN, "19")
    _, every, _ = run("explain", THAI_NGUYEN, "19", "--all")

    assert "… and 72 more facts" in some
    assert "more facts" not in every
    assert every.count(" · illustrative") == 92


@pytest.mark.parametrize(
    ("begun", "found"),
    [("05500", ["05500"]), ("tich l", ["05500"]), ("Phường Tích L", ["05500"]), ("nowhere", [])],
)
def test_a_participant_is_completed(begun: str, found: list[str]) -> None:
    """By the beginning of its code or any part of its name, whatever its accents; the name stands beside it."""
    shell = ShellComplete(cli.cli, {}, "emulation", "_EMULATION_COMPLETE")
    items = shell.get_completions(["explain", str(THAI_NGUYEN)], begun)
    assert [one.value for one in items] == found


def test_a_campaign_that_cannot_be_read_completes_nobody(tmp_path: Path) -> None:
    """A shell is told nothing, and nothing breaks."""
    shell = ShellComplete(cli.cli, {}, "emulation", "_EMULATION_COMPLETE")
    assert shell.get_completions(["wayup", str(tmp_path)], "05") == []
