"""Limits: what is larger than a table is told as that; shown with small files, and with limits made smaller."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pyarrow as pa
import pytest

import rulebook
from bad.hostile import HEAD, keys, maps, repeated, rows, texts
from bad.workbooks import book, parquet_of
from emulation.problems import Refused, in_order
from emulation.reading import markup, package, sheet, tables
from emulation.reading.facts import load_observations

Told = Callable[[str, bytes], list[str]]


@pytest.fixture
def told(tmp_path: Path) -> Told:
    """Give a reader of files, which gives what is wrong with one."""
    campaign = rulebook.load(tmp_path)

    def read(name: str, content: bytes) -> list[str]:
        (tmp_path / name).write_bytes(content)
        try:
            found = in_order(load_observations(tmp_path / name, campaign).set_aside)
        except Refused as refused:
            found = refused.problems
        return [f"{one.code} {one.what}" for one in found]

    return read


def one(at: str, value: str = "<v>1</v>", kind: str = "n") -> str:
    """Write a cell."""
    return f'<c r="{at}" t="{kind}">{value}</c>'


@pytest.mark.parametrize(
    ("room", "limit", "least", "content", "found"),
    [
        (markup, "MAX_DEPTH", 9, lambda: rows("<a>" * 9), "E103 nested more than 9 deep"),
        (
            *(markup, "MAX_STEP", 2**17, lambda: rows(f'<row spans="{" " * 2**18}"/>')),
            "E407 a damaged workbook: a tag of more than 131,072 bytes",
        ),
        (package, "MAX_PLAN", 500, book, "E401 a part of "),
        (sheet, "MAX_TEXTS", 2, lambda: texts(b"<si><t>a</t></si>", 3), "E402 texts of more than 50,000,000 letters, "),
        (sheet, "MAX_LETTERS", 2, lambda: texts(b"<si><t>a</t></si>", 3), "E402 texts of more than 2 letters, "),
    ],
)
def test_a_limit_of_workbooks(
    told: Told,
    monkeypatch: pytest.MonkeyPatch,
    room: ModuleType,
    limit: str,
    least: int,
    content: Callable[[], bytes],
    found: str,
) -> None:
    """A part that is nested, long or large beyond the limit is told as what it is."""
    monkeypatch.setattr(room, limit, least)

    (problem,) = told("t.xlsx", content())

    assert problem.startswith(found)


@pytest.mark.parametrize("at", ["XFE2", "A1048577"])
def test_cells_beyond_every_sheet(told: Told, at: str) -> None:
    """A sheet has 16,384 columns and 1,048,576 rows."""
    number = at.lstrip("XFEA")

    assert told("t.xlsx", rows(f'<row r="{number}">{one(at)}</row>')) == [
        "E402 a cell beyond the last row or column of a sheet"
    ]


def test_a_thinly_filled_sheet(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blank cells are no matter up to a limit: those in front of a far cell, and those below one."""
    for room in (sheet, tables):
        monkeypatch.setattr(room, "SPARE", 60)
    below = "".join(f'<row r="{row}">{one(f"A{row}")}</row>' for row in range(3, 9))

    assert told("t.xlsx", rows(f'<row r="2">{one("DV2")}</row>')) == [
        "E402 a table of 130 cells, with something in 5 of them"
    ]
    assert told("t.xlsx", rows(f'<row r="2">{one("AX2")}</row>{below}')) == [
        "E402 a table of 400 cells, with something in 11 of them"
    ]
    assert told("t.xlsx", rows(f'<row r="2">{one("H2")}</row>'))[:1] == ["E304 column 5 has no name"]


def test_cells_in_any_order(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    """A row's cells, and the rows, come as they come; long texts are told with their cell; ``d`` is a day as text."""
    monkeypatch.setattr(sheet, "_REMEMBERED", 1)  # so that most texts are kept each for itself
    row = one("D2"), one("C2", "<v>2025-01-31</v>", "d"), one("B2", "<v>done</v>", "str"), one("A2", "<v>a</v>", "str")
    late = f'<row r="3">{one("A3", "<v>x</v>", "str")}</row><row r="2">{"".join(row)}</row>'
    long = one("A3", f"<is><t>{'a' * 50_000}</t><t>{'b' * 50_001}</t><t>c</t></is>", "inlineStr")

    assert told("t.xlsx", rows(late)) == ["E318 unknown participant 'x'"]
    assert told("t.xlsx", rows(f'<row r="3">{long}</row>')) == ["E308 a cell of more than 100,000 characters"]


def test_lists_of_maps(told: Told) -> None:
    """Deep ones, ones with something behind them, with too many columns, and with a column for each row."""
    assert told("t.jsonl", b'{"a": ' + b"[" * 100_000) == ["E103 nested deeper than any table is"]
    assert told("t.json", b'[{"a": 1}] x') == ["E506 not JSON: extra data"]
    assert told("t.json", b"[1, " + b"2," * 2_000 + b"3]")[-1] == "E154 row 1000 is no map"
    assert told("t.json", maps(keys(range(20_000)))) == ["E402 a table of 20,000 columns"]
    assert told("t.json", maps(*(keys([key]) for key in range(2_000)))) == [
        "E402 a table of 4,000,000 cells, with something in 2,000 of them"
    ]


def test_files_of_columns(told: Told) -> None:
    """A small file that says it holds very much is not unpacked."""
    (many,) = told("t.parquet", repeated(3_000_000, "a"))
    (large,) = told("t.parquet", parquet_of(pa.table({"participant": ["a" * 5_000_000]}), "zstd"))
    (wide,) = told("t.parquet", parquet_of(pa.table({f"c{column}": [1] for column in range(16_385)})))

    assert many.startswith("E401 a file of 3,000,000 rows and 4 columns in ")
    assert large.startswith("E401 a file that unpacks to ")
    assert wide == "E402 a table of 16,385 columns"


def test_many_rows_in_quotes(told: Told) -> None:
    """They are read to their end, some thousand at a time; after a thousand ragged ones no more are."""
    good = '"a",done,2025-01-31,5\n' * 12_000

    assert told("t.csv", f"{HEAD}{good}x,done,2025-01-31,5\n".encode()) == ["E318 unknown participant 'x'"]
    assert len(told("t.csv", f"{HEAD}{good}{'x' * 9}\n".encode() + b'"y"\n' * 12_000)) == 1_000
