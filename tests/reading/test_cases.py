"""Cases: the tables of a register are read as declared, and counted alike whatever form they come in."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

import rulebook
from bad.workbooks import SHEET, book, spoilt
from emulation.campaign import Campaign
from emulation.observations import Observation, Tally
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.cases import count_cases
from emulation.reading.facts import load_observations

REGISTERS = """
  dossiers:
    title: dossiers
    table: {file: dossiers.csv, delimiter: ;, dates: dd/mm/yyyy, missing: [-], columns: {dossier: Mã, participant: Xã}}
    for: commune
    case: dossier
    repeated: {latest: changed}
    fields: {dossier: text, fee: number, paid: yes_no, received: day, changed: moment}
    may_be_blank: [fee]
    on: received
    absent: zero
    counts: {due: {where: all}, done: {where: {paid: "yes", fee: {above: 4.5}}}}
"""
TABLE = """\
Mã;Xã;parent;fee;paid;received;changed
1;a;;5;có;5/1/2025;05/01/2025 8:05
2;Bình Minh;p;-;không;06/01/2025;06/01/2025 17:30:09
2;b;;6;yes;06/01/2025;07/01/2025
"""


@pytest.fixture
def rules(tmp_path: Path) -> Campaign:
    """Give a campaign that counts dossiers."""
    return rulebook.load(tmp_path, registers=REGISTERS)


def figures(found: Any) -> dict[tuple[str, str], int]:
    """Add up what was counted, by body and fact."""
    sums: dict[tuple[str, str], int] = {}
    for one in found:
        sums[one.participant, one.fact] = sums.get((one.participant, one.fact), 0) + one.value
    return sums


FIGURES = {("a", "due"): 1, ("a", "done"): 1, ("b", "due"): 1, ("b", "done"): 1}


def test_a_table_as_declared(rules: Campaign, tmp_path: Path) -> None:
    """Names, parents, missing marks, moments with and without seconds or a time; the latest row counts."""
    file = tmp_path / "dossiers.csv"
    file.write_text(TABLE, encoding="utf-8")

    found = count_cases({"dossiers": file}, rules)

    assert figures(found) == FIGURES
    assert found.tally == Tally(3, new=2, corrected=1)
    assert [one.file for one in found.sources] == [str(file)]


def test_several_tables_of_one_register(rules: Campaign, tmp_path: Path) -> None:
    """A correction in a later month finds its case in an earlier one."""
    head, first, second, third = TABLE.splitlines()
    files = [tmp_path / f"{month}.csv" for month in ("07", "08")]
    for file, rows in zip(files, ((first, second), (third,)), strict=True):
        file.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")

    assert figures(count_cases({"dossiers": files}, rules)) == FIGURES


def test_every_form_counts_alike(rules: Campaign, tmp_path: Path) -> None:
    """Rows as maps, and JSON, have the same cells."""
    rows = list(csv.DictReader(TABLE.splitlines(), delimiter=";"))
    file = tmp_path / "dossiers.json"
    file.write_text(json.dumps(rows), encoding="utf-8")

    assert figures(count_cases({"dossiers": rows}, rules)) == FIGURES
    assert figures(count_cases({"dossiers": file}, rules)) == FIGURES


def test_an_unknown_register(rules: Campaign) -> None:
    """The nearest is offered."""
    with pytest.raises(Refused) as refused:
        count_cases({"dosiers": []}, rules)

    assert str(refused.value) == "E135 unknown register 'dosiers'; did you mean dossiers?"


def test_rows_that_cannot_be_read_can_be_left_out(rules: Campaign) -> None:
    """Where that is asked for; each is accounted for and given back with its cells."""
    rows = list(csv.DictReader(TABLE.splitlines(), delimiter=";"))
    rows[0]["paid"] = "perhaps"
    rows.append({**rows[1], "Mã": "3", "Xã": "p", "parent": ""})

    found = count_cases({"dossiers": rows}, rules, accept_valid=True)

    assert [(one.code, str(one.place)) for one in found.set_aside] == [("E317", "rows:1:5"), ("E353", "rows:4:2")]
    assert found.tally == Tally(4, new=1, corrected=1, rejected=2)
    assert [dict(one.cells)["Mã"] for one in found.rejected] == ["1", "3"]


def test_an_error_cell_is_a_slip_of_its_case(rules: Campaign, tmp_path: Path) -> None:
    """It is told with all that is wrong with other cases, and costs none of them."""
    first = ["1", "a", "", 5, "yes", "05/01/2025", "05/01/2025"]
    rows = [first, ["2", "x", *first[2:]], ["3", *first[1:]]]
    content = book(TABLE.splitlines()[0].split(";"), *rows)
    file = tmp_path / "dossiers.xlsx"
    file.write_bytes(spoilt(content, SHEET, '<c r="D4"[^>]*>.*?</c>', '<c r="D4" t="e"><v>#N/A</v></c>'))

    with pytest.raises(Refused) as refused:
        count_cases({"dossiers": file}, rules)
    found = count_cases({"dossiers": file}, rules, accept_valid=True)

    assert [one.code for one in refused.value.problems] == ["E318", "E408"]
    assert found.tally == Tally(3, new=1, rejected=2)
    assert [dict(one.cells)["fee"] for one in found.rejected] == ["5", "#N/A"]


def test_what_is_counted_is_not_reported(rules: Campaign) -> None:
    """A figure of it in a table of observations is told off."""
    row = {"participant": "a", "indicator": "done", "from": "", "to": "2025-01-05", "value": "5"}

    found = load_observations([row], rules)

    assert [(one.code, one.what) for one in found.set_aside] == [
        ("E135", "done is counted of the register dossiers and not reported itself")
    ]


def test_where_a_figure_stands(rules: Campaign) -> None:
    """It leads to the first row of its day."""
    found = count_cases({"dossiers": list(csv.DictReader(TABLE.splitlines(), delimiter=";"))}, rules)
    first: Observation = next(one for one in found if one.value)

    assert (first.written, first.source) == ("rows:1", "dossiers")


def test_the_committed_campaign() -> None:
    """Its dossiers are counted with no row left over."""
    campaign = load_campaign("campaigns/one-stop-2025")

    found = count_cases({"dossiers": "campaigns/one-stop-2025/dossiers.csv"}, campaign)

    assert found.tally == Tally(518, new=259, corrected=259)
    assert {one.fact for one in found} == set(campaign.counted)
