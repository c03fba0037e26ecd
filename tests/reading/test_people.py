"""People: rows of a table become participants, or a report of every cell that is wrong."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from emulation.names import GroupName
from emulation.participants import Participant, Participants
from emulation.problems import Place, Refused
from emulation.reading.people import read_participants
from emulation.reading.tables import Dates, Form

Body: Any = Participant  # whose ids a test writes as plain texts


def read(folder: Path, text: str, *groups: str, dates: Dates = "yyyy-mm-dd") -> Participants:
    """Write a table and read it."""
    (folder / "p.csv").write_text(text, encoding="utf-8")
    return read_participants(folder / "p.csv", [GroupName(group) for group in groups], Form(dates=dates))


def told(folder: Path, text: str, *groups: str) -> list[str]:
    """Give what is wrong with a table, each with its line and column."""
    with pytest.raises(Refused) as refused:
        read(folder, text, *groups)
    return [f"{one.place.line}:{one.place.column} {one.code} {one.what}" for one in refused.value.problems if one.place]


def test_a_row_is_a_participant(tmp_path: Path) -> None:
    """Every column is read as what it is, and the row's place is kept."""
    text = (
        "id,name,kind,parent,cluster,from,until,predecessors\n"
        "19,Tỉnh Thái Nguyên,province,,,,,\n"
        "00543,NA,commune,19,east,2025-07-01,2025-12-31,19\n"
        "x.1,=x,commune,19,,,,00543 19\n"
    )

    assert list(read(tmp_path, text, "cluster")) == [
        Body("19", "Tỉnh Thái Nguyên", "province"),
        Body(
            "00543",
            "NA",
            "commune",
            "19",
            (("cluster", "east"),),
            date(2025, 7, 1),
            date(2025, 12, 31),
            ("19",),
        ),
        Body("x.1", "=x", "commune", "19", (), None, None, ("00543", "19")),
    ]
    assert read(tmp_path, text, "cluster")["x.1"].place == Place(str(tmp_path / "p.csv"), 4)


def test_three_columns_are_enough(tmp_path: Path) -> None:
    """Of the columns only id, name and kind are needed, in any order."""
    assert list(read(tmp_path, "kind,id,name\ncommune,a,An\n")) == [Body("a", "An", "commune")]


def test_days_are_read_as_declared(tmp_path: Path) -> None:
    """Days are written as the campaign says."""
    body = read(tmp_path, "id,name,kind,from\na,An,commune,1/7/2025\n", dates="dd/mm/yyyy")["a"]

    assert body.from_ == date(2025, 7, 1)


@pytest.mark.parametrize(
    ("header", "groups", "problems"),
    [
        ("id,name", [], ["1:1 E311 there is no column 'kind'"]),
        ("id,name,kind", ["cluster"], ["1:1 E311 there is no column 'cluster'"]),
        ("id,name,kind,size", [], ["1:4 E315 unknown column 'size'"]),
        # a misspelt column is one problem
        ("id,name,knd", [], ["1:3 E315 unknown column 'knd'"]),
        ("id,name,kind,clustr", ["cluster"], ["1:4 E315 unknown column 'clustr'"]),
        ("id,name,kind,parnt", [], ["1:4 E315 unknown column 'parnt'"]),
    ],
)
def test_columns_that_do_not_fit(header: str, groups: list[str], problems: list[str], tmp_path: Path) -> None:
    """A column that is not there, or means nothing, is told."""
    assert told(tmp_path, f"{header}\n", *groups) == problems


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (",An,commune,", "2:1 E304 no id"),
        ("a,,commune,", "2:2 E304 no name"),
        ("a,An,,", "2:3 E304 no kind"),
        ("a/b,An,commune,", "2:1 E134 'a/b' cannot be an id"),
        ("..,An,commune,", "2:1 E134 '..' cannot be an id"),
        ("-a,An,commune,", "2:1 E134 '-a' cannot be an id"),
        ("a b,An,commune,", "2:1 E134 'a b' cannot be an id"),
        ("a,An,the commune,", "2:3 E134 'the commune' cannot be an id"),
        ("a,An,commune,2025-02-30", "2:4 E319 no such day: '2025-02-30'"),
        ("a,An,commune,30/6/2025", "2:4 E319 not a date: '30/6/2025' (write yyyy-mm-dd, as 2025-12-31)"),
    ],
)
def test_a_cell_that_cannot_be(row: str, problem: str, tmp_path: Path) -> None:
    """A cell that cannot be what its column asks is told with its place."""
    assert told(tmp_path, f"id,name,kind,until\n{row}\n") == [problem]


def test_a_list_that_is_no_tree(tmp_path: Path) -> None:
    """What the rows say together is checked too: nobody, twice, unknown parents, circles."""
    assert told(tmp_path, "id,name,kind\n") == ["1:1 E144 there are no participants"]
    assert told(tmp_path, "id,name,kind,parent\na,A,c,b\na,B,c,\n") == [
        "2:1 E146 unknown parent 'b'",
        "3:1 E145 participant 'a' is listed twice",
    ]


def test_all_is_told_at_once(tmp_path: Path) -> None:
    """Every wrong cell of a table is told together, in order."""
    assert [one[:3] for one in told(tmp_path, "id,name,kind,parent\n,A,c,x\nb,,c,\n")] == ["2:1", "2:1", "3:2"]
