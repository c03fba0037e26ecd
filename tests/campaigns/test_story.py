"""The story of a drive: its workbooks and its ledger come out the same wherever they are made."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from datetime import date
from hashlib import sha256
from pathlib import Path

import pytest

from emulation.ledger.copies import import_ledger
from emulation.ledger.entries import Sealed
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import read
from emulation.ledger.view import View, view_of
from emulation.outcome import Outcome
from emulation.publication import blockers, moves, scored
from emulation.reading.campaign_file import load_campaign
from emulation.report.records import outcome_json

HOME = Path(__file__).parents[2] / "campaigns" / "thai-nguyen-drive"


@pytest.fixture
def view(tmp_path: Path) -> View:
    """Give what the ledger of the drive knows at its end."""
    with open_ledger(tmp_path / "drive.ledger", create=True) as store:
        import_ledger(HOME / "drive.jsonl", store)
        return view_of(read(store))


def published(tmp_path: Path, sealed: Sealed) -> Outcome:
    """Score the drive as it was when something was published."""
    with open_ledger(tmp_path / "drive.ledger") as store:
        return scored(load_campaign(HOME), view_of(read(store, sealed.view)), sealed.as_of)


def test_it_is_told_the_same_everywhere(tmp_path: Path) -> None:
    """The script writes the committed workbooks and the committed ledger, byte for byte."""
    subprocess.run([sys.executable, str(HOME / "story.py"), str(tmp_path)], check=True, capture_output=True)

    made = {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(tmp_path.iterdir())}

    committed = [*HOME.glob("*.xlsx"), HOME / "drive.jsonl"]
    assert made == {file.name: sha256(file.read_bytes()).hexdigest() for file in sorted(committed)}


def test_each_publication_can_be_had_again(view: View, tmp_path: Path) -> None:
    """The three results that were published come out with the hashes they were sealed with."""
    sealed = [one for _, one in view.seals]

    again = [sha256(outcome_json(published(tmp_path, one), None).encode()).hexdigest() for one in sealed]

    assert again == [one.outcome_hash for one in sealed]
    assert [one.title for one in sealed] == ["provisional", "issued again after appeal A1", "final"]


def test_the_appeal_moved_the_flag(view: View, tmp_path: Path) -> None:
    """The ward that appealed is second and has the flag; those it passed stand a place lower."""
    first, again, final = (published(tmp_path, one) for _, one in view.seals)

    moved = {one.participant: (one.ranks, one.won, one.lost) for one in moves(first, again) if one.moved}

    assert moved == {
        "05482": ((4, 2), ("flag",), ()),
        "05488": ((2, 3), (), ("flag",)),
        "new-1": ((3, 4), (), ()),
    }
    assert not any(one.moved for one in moves(again, final))


def test_nothing_was_in_the_way_of_the_final_result(view: View, tmp_path: Path) -> None:
    """On the day of the final result all was settled; the day before, the days for appeals were not over."""
    *_, (_, again), (_, final) = view.seals
    before = view_of_moment(tmp_path, final.view)
    outcome = published(tmp_path, again)

    assert [one.code for one in blockers(outcome, before, date(2025, 9, 11))] == ["E655"]
    assert blockers(outcome, before, date(2025, 9, 12)) == ()


def view_of_moment(tmp_path: Path, moment: object) -> View:
    """Give what the ledger knew at a moment."""
    with open_ledger(tmp_path / "drive.ledger") as store:
        return view_of(read(store, moment))  # type: ignore[arg-type]


def test_the_merged_ward_has_what_both_had(view: View, tmp_path: Path) -> None:
    """Its share is that of all dossiers of the three together, and the wards it was made of are gone."""
    *_, (_, final) = view.seals
    outcome = published(tmp_path, final)
    together = sum(
        one.value or 0
        for one in view.observations()
        if one.participant in ("05528", "05533", "new-1") and one.fact == "received_files"
    )

    assert outcome.measurements["online_share"]["new-1"].among == together  # type: ignore[index]
    assert outcome["05528"].unranked == "not_alive"


def test_a_workbook_that_is_mended_is_taken_in(tmp_path: Path) -> None:
    """Dropped on ``ingest`` with a slip, told where; mended and dropped again, taken in."""
    shutil.copytree(HOME, tmp_path / "drive")
    words = ["ingest", "d.ledger", "drive", "drive/tuan-1.xlsx", "--author", "Lan"]
    spoil(tmp_path / "drive" / "participants.csv", "05503,Xã Tân Cương,commune,xã,,,\n", "")

    refused = emulation(tmp_path, *words)
    spoil(tmp_path / "drive" / "participants.csv", "05518", "05503,Xã Tân Cương,commune,xã,,,\n05518")
    accepted = emulation(tmp_path, *words)

    assert refused.returncode == 1
    assert re.search(r"tuan-1\.xlsx:Báo cáo!A11 E318 unknown participant '05503'", refused.stderr)
    assert (accepted.returncode, "20 new" in accepted.stdout) == (0, True)


def spoil(file: Path, old: str, new: str) -> None:
    """Change a text that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def emulation(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Type a command."""
    return subprocess.run(
        [sys.executable, "-m", "emulation", *words], check=False, capture_output=True, text=True, cwd=folder
    )
