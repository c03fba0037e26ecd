"""Sources: the same facts in every form of table are the same observations, and all that is declared is obeyed."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook
from pyarrow import parquet

import rulebook
from bad import workbooks as bad
from bad.workbooks import sheet
from emulation import doors
from emulation.campaign import Campaign
from emulation.names import name_key
from emulation.observations import Observations
from emulation.problems import Place, Problem, Refused, in_order
from emulation.reading import frames, package
from emulation.reading import sheet as sheets
from emulation.reading.cells import read_rows, text_of
from emulation.reading.facts import load_observations
from emulation.reading.rejects import rejects_table
from emulation.reading.tables import Form

INDICATORS = """
  online: {share: {of: done, among: due}, over: period, better: higher}
  stock: {count: dossiers, at: latest}
  cost: {number: {en: million}, at: latest}
  growth: {number: percent, at: latest}
  opened: {yes_no: true, at: latest}
  large: {count: dossiers, at: latest}
"""
PEOPLE = """\
id,name,kind,parent,cluster,aliases
p,Province,province,,,
q,Quarter,province,,,
a,An Hoà,commune,p,east,Xã An Hoà; An Hoa Ward
b,Bình Minh,commune,p,west,
t1,Tân Lập,commune,p,east,
t2,Tân Lập,commune,q,east,
"""
HEADER = ("participant", "indicator", "to", "value")
Row = tuple[str, str, date, Any]


@cache
def rules(observations: str = "{file: t.csv}") -> Campaign:
    """Give a campaign whose table is declared so."""
    with TemporaryDirectory() as folder:
        return rulebook.load(Path(folder), PEOPLE, indicators=INDICATORS, observations=observations)


def read(content: Any, kind: str = "csv", observations: str = "{file: t.csv}", **more: Any) -> Observations:
    """Read a file of that kind."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"t.{kind}"
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return load_observations(file, rules(observations), **more)


def refused(*arguments: Any, **more: Any) -> list[str]:
    """Give why a table is refused."""
    with pytest.raises(Refused) as found:
        read(*arguments, **more)
    return [f"{one.code} {one.what}" for one in found.value.problems]


def facts(observations: Observations) -> list[tuple[Any, ...]]:
    """Give what is reported, wherever it stands."""
    return [(one.participant, one.fact, one.span, one.value, one.state) for one in observations]


# One table in every form

ROWS = st.lists(
    st.tuples(
        st.sampled_from("ab"),
        st.sampled_from(["stock", "cost"]),
        st.dates(date(2025, 1, 1), date(2025, 3, 31)),
        st.integers(0, 10**9),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: row[:3],
)


def valued(rows: list[Row]) -> list[dict[str, Any]]:
    """Give rows with counts as they are, and costs in hundredths."""
    scaled = [
        (body, fact, day, Decimal(value).scaleb(-2) if fact == "cost" else value) for body, fact, day, value in rows
    ]
    return [dict(zip(HEADER, row, strict=True)) for row in scaled]


def as_csv(rows: list[dict[str, Any]], delimiter: str, decimal: str) -> str:
    """Write rows as CSV."""
    lines = [[row["participant"], row["indicator"], row["to"].isoformat(), str(row["value"])] for row in rows]
    return "".join(
        delimiter.join([*cells[:3], cells[3].replace(".", decimal)]) + "\n" for cells in [list(HEADER), *lines]
    )


def as_json(row: dict[str, Any]) -> str:
    """Write a row as JSON, its number with every digit."""
    return json.dumps({**row, "to": row["to"].isoformat(), "value": "#"}).replace('"#"', str(row["value"]))


@settings(max_examples=40, deadline=None)
@given(ROWS)
def test_one_table_in_every_form_is_the_same(rows: list[Row]) -> None:
    """CSV of any kind, workbooks, JSON, Parquet, frames and plain rows give equal observations."""
    table = valued(rows)
    texts = [{**row, "value": str(row["value"])} for row in table]
    arrow = pa.Table.from_pylist([{**row, "value": Decimal(row["value"]).quantize(Decimal("0.01"))} for row in table])
    packed = io.BytesIO()
    parquet.write_table(arrow, packed)
    expected = facts(read(as_csv(table, ",", ".")))

    assert len(expected) == len(rows)
    assert facts(read("\ufeff" + as_csv(table, ";", ","), "csv", "{file: t, delimiter: ;, decimal: ','}")) == expected
    assert facts(read(as_csv(table, "\t", "."), "tsv", "{file: t, delimiter: tab}")) == expected
    assert facts(read(sheet([*HEADER], *(list(row.values()) for row in table)), "xlsx")) == expected
    assert facts(read(f"[{','.join(map(as_json, table))}]", "json")) == expected
    assert facts(read("\n".join(map(as_json, table)), "jsonl", "{file: t, decimal: ','}")) == expected
    assert facts(read(packed.getvalue(), "parquet")) == expected
    for form in (table, texts, arrow):
        assert facts(load_observations(form, rules())) == expected


@pytest.mark.parametrize("library", ["pandas", "polars", "duckdb"])
def test_frames_of_others(library: str) -> None:
    """Frames of other libraries are read as well, where they are installed."""
    module = pytest.importorskip(library)
    table = [
        {"participant": "a", "indicator": "stock", "to": "2025-01-31", "value": "5"},
        {"participant": "b", "indicator": "cost", "to": "2025-01-31", "value": "1.25"},
    ]
    arrow = pa.Table.from_pylist(table)
    frames_: list[Any] = [module.from_arrow(arrow)] if library != "pandas" else [module.DataFrame(table)]
    if library == "polars":
        frames_.append(frames_[0].lazy())

    assert [[one.value for one in load_observations(frame, rules())] for frame in frames_] == [
        [5, Fraction(5, 4)] for _ in frames_
    ]


# Cells that are no texts


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, ""),
        (True, "yes"),
        (False, "no"),
        ("NA", "NA"),
        (2**70, str(2**70)),
        (Fraction(1, 4), "0,25"),
        (date(2025, 7, 1), "01/07/2025"),
        (Decimal("NaN"), ""),
        (Decimal("1E+3"), "1000"),
        (Decimal("1.50"), "1,50"),
        (Decimal("1.000"), "1"),
        (5.0, "5"),
        (0.1, "0,1"),
        (1e-7, "0,0000001"),
        (float("nan"), ""),
    ],
)
def test_a_cell_that_is_no_text(value: Any, text: str) -> None:
    """A value is written as the form has it, with every digit it is shown with."""
    assert text_of(value, Form(decimal=",", dates="dd/mm/yyyy")) == text


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        (Decimal("Infinity"), "E316 no number: Infinity"),
        (float("inf"), "E316 no number: Infinity"),
        (Decimal("1E+9999"), "E316 no number: 1E+9999"),
        (datetime(2025, 1, 1), "E127 a moment and no day: 2025-01-01T00:00:00"),  # noqa: DTZ001
        ({}, "E505 a cell of the kind dict"),
        ("\ud800", "E332 half a character (a lone surrogate)"),
    ],
)
def test_a_cell_that_is_nothing(value: Any, problem: str) -> None:
    """A value that stands for no cell is told with its place."""
    with pytest.raises(Refused) as found:
        read_rows([{"a": 1}, {"a": value}], Place("rows", 1), Form())

    assert [f"{one.place} {one.code} {one.what}" for one in found.value.problems] == [f"rows:2:1 {problem}"]


def test_many_bad_cells_end_the_reading() -> None:
    """After a thousand problems the rest is not looked at, and a heading has to be a text."""
    with pytest.raises(Refused) as found:
        read_rows([{"a": []} for _ in range(3000)], Place("rows", 1), Form())
    assert len(found.value.problems) == 1001

    with pytest.raises(Refused, match="E303 a heading that is no text: 5"):
        read_rows([{5: "x"}], Place("rows", 1), Form())  # type: ignore[dict-item]


def test_frames_that_are_none() -> None:
    """What is no frame, has a name twice or a heading that is no text, is refused."""
    twice = pa.table([[1], [2]], names=["a", "a"])
    pandas = pytest.importorskip("pandas")

    for frame, code in ((5, "E504"), (twice, "E303"), (pandas.DataFrame([[1]]), "E303")):
        with pytest.raises(Refused, match=code):
            frames.read_frame(frame, Place("frame", 1), Form())


# Wide tables, sheets and days

WIDE = "columns: {participant: Mã xã, done: Trực tuyến, due: Tổng}"


def test_a_wide_table() -> None:
    """A column a fact: each cell is one, about the days declared; what is about one day is about the last."""
    declared = f"{{file: t, header: 3, {WIDE}, days: {{from: 2025-01-01, to: 2025-01-31}}, ignore: [Ghi chú]}}"
    table = "BÁO CÁO\n\nMã xã,Trực tuyến,stock,Tổng,Ghi chú\na,8,3,10,tốt\nb,9,4,10,\n"

    observed = read(table, "csv", declared)

    assert [(one.participant, one.fact, str(one.span.first), one.value, one.line) for one in observed] == [
        *(("a", "done", "2025-01-01", 8, 4), ("b", "done", "2025-01-01", 9, 5)),
        *(("a", "due", "2025-01-01", 10, 4), ("b", "due", "2025-01-01", 10, 5)),
        *(("a", "stock", "2025-01-31", 3, 4), ("b", "stock", "2025-01-31", 4, 5)),
    ]
    assert observed.tally.read == 6


@pytest.mark.parametrize("end", ["to: 2025-01-31", "before: 2025-02-01", "workdays: 23"])
def test_the_days_of_a_table_are_a_window(end: str) -> None:
    """They end as any window of a rulebook does; what is about one day is about the last."""
    declared = f"{{file: t, {WIDE}, days: {{from: 2025-01-01, {end}}}}}"

    observed = read("Mã xã,Trực tuyến,stock,Tổng\na,8,3,10\n", "csv", declared)

    assert {(one.fact, str(one.span.first), str(one.span.last)) for one in observed} == {
        ("done", "2025-01-01", "2025-01-31"),
        ("due", "2025-01-01", "2025-01-31"),
        ("stock", "2025-01-31", "2025-01-31"),
    }


def test_the_days_of_a_sheet_are_in_order(tmp_path: Path) -> None:
    """Days that are turned round are told at the sheet they stand at."""
    declared = "{file: t.xlsx, sheets: {Jan: {from: 2025-01-31, to: 2025-01-01}, Feb: {from: 2025-02-01}}}"

    found = rulebook.problems(tmp_path, observations=declared)

    assert [(one.code, one.what, one.path) for one in found] == [
        ("E123", "the window ends before it begins", ("observations", "sheets", "Jan")),
        ("E123", "a window ends in one way: to, before or workdays", ("observations", "sheets", "Feb")),
    ]


def test_a_sheet_a_month() -> None:
    """Each sheet is about its own days; a fact's place names the sheet."""

    def second(book: Workbook) -> None:
        page = book.create_sheet("September")
        page.append(["participant", "stock"])
        page.append(["a", 7])

    january, march = "{from: 2025-01-01, to: 2025-01-31}", "{from: 2025-03-01, to: 2025-03-31}"
    content = sheet(["participant", "stock"], ["a", 5], change=second)

    observed = read(content, "xlsx", f"{{file: t, sheets: {{August: {january}, September: {march}}}}}")

    assert [(str(one.span.last), one.value) for one in observed] == [("2025-01-31", 5), ("2025-03-31", 7)]
    assert [one.written.rpartition("/")[2] for one in observed] == ["t.xlsx:August:2", "t.xlsx:September:2"]
    assert [(one.facts, one.sums) for one in observed.receipts] == [(2, (("stock", "12"),))]
    assert refused(content, "xlsx", "{file: t, sheet: Augst}") == ["E412 there is no sheet 'Augst'"]


def test_several_files(tmp_path: Path) -> None:
    """Several files are read as one; unlike values in two name both."""
    for name, value in (("one", 5), ("two", 6)):
        text = f"participant,indicator,to,value\na,stock,2025-01-31,{value}\n"
        (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")

    with pytest.raises(Refused, match=r"two.csv:2:4 E320 .*first in .*one.csv:2"):
        load_observations([tmp_path / "one.csv", tmp_path / "two.csv"], rules())


@pytest.mark.parametrize(("percent", "text"), [("sign", "68.91%"), ("points", "68.91"), ("share", "0.6891")])
def test_percentages(percent: str, text: str) -> None:
    """Percentages are written as declared: with the sign, as points, or as a share; the sign is always understood."""
    for written in (text, "68.91%"):
        (one,) = read(
            f"participant,indicator,to,value\na,growth,2025-01-31,{written}\n",
            "csv",
            f"{{file: t, percent: {percent}}}",
        )
        assert one.value == Fraction(6891, 10000)


# Names


@pytest.mark.parametrize("name", ["a", "An Hoà", "an hòa", "AN  HÒA", "Xã An Hòa", "An Hoa Ward", "An Hoa\u0300"])
def test_a_name_is_found(name: str) -> None:
    """An id, the name, an alias; whatever the case, the blanks, and where the tone is written."""
    assert [one.participant for one in read(f"participant,indicator,to,value\n{name},stock,2025-01-31,5\n")] == ["a"]


@pytest.mark.parametrize("parent", ["q", "Quarter"])
def test_one_of_two_of_a_name(parent: str) -> None:
    """Where two bodies have a name, the column parent says which."""
    table = f"participant,parent,indicator,to,value\nTân Lập,{parent},stock,2025-01-31,5\n"

    assert [one.participant for one in read(table)] == ["t2"]


@given(st.text(st.sampled_from("aàoòhHđ ô"), max_size=8))
def test_the_key_of_a_name_is_settled(name: str) -> None:
    """The key of a name does not depend on its case or on blanks around it."""
    assert name_key(name) == name_key(name.upper()) == name_key(f" {name} ")


# Totals, what is set aside

MIXED = "participant,indicator,to,value\na,stock,2025-01-31,5\nx,stock,2025-01-31,6\nb,stock,2025-01-31,7.5\n"


def test_rows_set_aside_can_be_written() -> None:
    """The rejects are the rows that were set aside, as they were, with their reasons."""
    said = [*csv.reader(io.StringIO(rejects_table(read(MIXED)), newline=""))]

    assert said[0] == ["participant", "indicator", "to", "value", "place", "reasons"]
    assert [cells[:4] + cells[5:] for cells in said[1:]] == [
        ["x", "stock", "2025-01-31", "6", "E318 unknown participant 'x'"],
        ["b", "stock", "2025-01-31", "7.5", "E326 7.5 is no count (a whole number, not negative)"],
    ]


def test_a_wide_row_set_aside_in_part() -> None:
    """Of a wide row only the facts that were not taken are written; of one of a stranger, all."""
    declared = f"{{file: t, {WIDE}, days: {{from: 2025-01-01, to: 2025-01-31}}}}"
    observed = read("Mã xã,Trực tuyến,Tổng\na,-8,10\nx,1,2\n", "csv", declared)

    assert [dict(row.cells) for row in observed.rejected] == [
        {"Mã xã": "a", "Trực tuyến": "-8"},
        {"Mã xã": "x", "Trực tuyến": "1", "Tổng": "2"},
    ]
    assert observed.tally.rejected == 3


def test_valid_rows_can_be_accepted() -> None:
    """Rows that cannot be read refuse the table, or are set aside where that is asked for."""
    table = f"{MIXED}a,stock,2025-02-28,many\na,stock,2025-01-31,9\n"

    assert refused(table) == [
        "E318 unknown participant 'x'",
        "E326 7.5 is no count",
        "E317 no number: 'many'",
        "E320 stock of a is reported twice with unlike values, first on line 2",
    ]
    observed = read(table, accept_valid=True)
    assert (str(observed.tally), len(observed.rejected)) == (
        "5 rows read = 1 new + 0 corrected + 0 unchanged + 4 rejected",
        4,
    )


def test_totals_that_do_not_come_out() -> None:
    """A declared total is met, or refuses the table, or is told of where valid rows are accepted."""
    off = "{file: t, totals: {stock: 12}}"

    assert refused(MIXED, "csv", off) == ["E330 stock does not add up: 12 declared, 5 found, -7 apart"]
    assert [one.code for one in read(MIXED, "csv", off, accept_valid=True).warnings] == ["W330"]
    assert len(read(MIXED, "csv", "{file: t, totals: {stock: 5}}")) == 1


def test_a_table_that_ends_where_workbooks_end() -> None:
    """A table whose last row is the last of a workbook may have been cut off."""
    head = "participant,indicator,to,value\n"
    last = "a,stock,2025-01-31,5\n"

    assert [one.code for one in read(head + "\n" * 65_534 + last).warnings] == ["W331"]
    assert read(head + "\n" * 65_533 + last).warnings == ()
    assert read(head).warnings == ()


# Workbooks


def test_numbers_as_people_see_them() -> None:
    """Fifteen digits, percentages with their sign, ids with their zeros, days of either calendar."""

    def looks(book: Workbook) -> None:
        page: Any = book.active
        page["D3"].number_format = "0.0%"
        page["D4"].number_format = '0" %"'
        book.epoch = datetime(1904, 1, 1)  # noqa: DTZ001

    day = date(2025, 1, 31)
    content = sheet(
        [*HEADER],
        ["a", "cost", day, 0.1 + 0.2],
        ["a", "growth", day, 0.6891],
        ["a", "stock", day, 7],
        ["a", "opened", day, True],
        change=looks,
    )

    assert [(str(one.span.last), one.value) for one in read(content, "xlsx")] == [
        ("2025-01-31", Fraction(3, 10)),
        ("2025-01-31", Fraction(6891, 10000)),
        ("2025-01-31", 7),
        ("2025-01-31", 1),
    ]


ERROR = '<c r="{}" t="e"><v>#REF!</v></c>'


def test_an_error_cell_is_a_slip_of_its_row() -> None:
    """A cell that shows an error costs its row and no other, is told with all other slips, and is in the rejects."""
    day = date(2025, 1, 31)
    content = sheet(
        [*HEADER, "note"], ["a", "stock", day, 0, "x"], ["b", "stock", day, "many", "x"], ["a", "cost", day, 1, 0]
    )
    for cell in ("D2", "E4"):
        content = bad.spoilt(content, bad.SHEET, rf'<c r="{cell}"[^>]*>.*?</c>', ERROR.format(cell))
    declared = "{file: t, ignore: [note]}"

    assert refused(content, "xlsx", declared) == ["E408 the error #REF!", "E317 no number: 'many'"]
    observed = read(content, "xlsx", declared, accept_valid=True)
    assert [(one.participant, one.fact) for one in observed] == [("a", "cost")]
    assert [dict(row.cells)["value"] for row in observed.rejected] == ["#REF!", "many"]
    assert str(observed.tally) == "3 rows read = 1 new + 0 corrected + 0 unchanged + 2 rejected"


def test_an_error_cell_of_a_wide_row() -> None:
    """Of a row that has a fact a column only the one whose cell shows an error is left out; in a heading it is all."""
    days = "{file: t, days: {from: 2025-01-01, to: 2025-01-31}}"
    content = sheet(["participant", "stock", "cost"], ["a", 5, 6], ["b", 7, 8])
    wrong = {
        cell: bad.spoilt(content, bad.SHEET, rf'<c r="{cell}"[^>]*>.*?</c>', ERROR.format(cell))
        for cell in ("B2", "C1")
    }

    observed = read(wrong["B2"], "xlsx", days, accept_valid=True)

    assert [(one.participant, one.fact) for one in observed] == [("b", "stock"), ("a", "cost"), ("b", "cost")]
    assert [dict(row.cells) for row in observed.rejected] == [{"participant": "a", "stock": "#REF!"}]
    assert refused(wrong["C1"], "xlsx", days, accept_valid=True) == ["E408 the error #REF!"]


def test_a_room_whose_library_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A missing library is named, with how to get it."""

    def missing(_: str) -> None:
        raise ImportError("no openpyxl")

    monkeypatch.setattr(doors, "import_module", missing)
    with pytest.raises(Refused, match=r"E641 .*no openpyxl.*emulation-campaigns\[excel\]"):
        doors.open_extra("reading.workbook", "excel")


@pytest.mark.parametrize(
    ("name", "limit", "code"),
    [("MAX_MEMBERS", 3, "E401"), ("MAX_UNPACKED", 1000, "E401"), ("MAX_CELLS", 7, "E402"), ("MAX_CELL", 10, "E308")],
)
def test_limits_of_workbooks(name: str, limit: int, code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook beyond a limit is refused, with what it has."""
    monkeypatch.setattr(sheets if name in {"MAX_CELLS", "MAX_CELL"} else package, name, limit)

    assert {one[:4] for one in refused(sheet([*HEADER], ["a", "stock", date(2025, 1, 31), 5]), "xlsx")} == {code}


def test_a_workbook_at_its_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A workbook of as many cells as it can have is read."""
    monkeypatch.setattr(sheets, "MAX_CELLS", 8)

    assert len(read(sheet([*HEADER], ["a", "stock", date(2025, 1, 31), 5]), "xlsx")) == 1


def test_packages_that_no_program_writes() -> None:
    """Two parts of one name, and parts with a password, are refused."""
    content = sheet([*HEADER])
    twice = io.BytesIO(content)
    with zipfile.ZipFile(twice, "a") as more:
        more.writestr("XL/workbook.xml", "<a/>")
    locked = content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01\x00")

    assert refused(twice.getvalue(), "xlsx") == ["E401 a workbook with two parts of one name"]
    assert refused(locked, "xlsx") == ["E406 a workbook with a password"]


def test_texts_as_excel_writes_them() -> None:
    """Shared texts are looked up; a workbook whose parts do not fit together is damaged."""
    texts = f"<sst {bad.SPACE}><si><t>participant</t></si><si><t>stock</t></si><si><t>a</t></si></sst>"
    content = bad.with_texts(sheet(["?", "?"], ["?", 5]), texts)
    for cell, number in (("A1", 0), ("B1", 1), ("A2", 2)):
        shared = f'<c r="{cell}" t="s"><v>{number}</v></c>'
        content = bad.spoilt(content, bad.SHEET, rf'<c r="{cell}"[^>]*>.*?</c>', shared)
    days = "{file: t, days: {from: 2025-01-01, to: 2025-01-31}}"

    assert [(one.participant, one.value) for one in read(content, "xlsx", days)] == [("a", 5)]
    (damaged,) = refused(bad.spoilt(content, "xl/workbook.xml", 'sheetId="1"', 'sheetId="x"'), "xlsx", days)
    assert damaged.startswith("E407 a damaged workbook")


def test_ids_keep_the_zeros_they_are_shown_with() -> None:
    """A number shown with zeros in front is read with them; a text that a formula gave is a text."""

    def zeros(book: Workbook) -> None:
        page: Any = book.active
        page["A2"].number_format = "00000"

    content = sheet([*HEADER], [123, "stock", date(2025, 1, 31), 5], change=zeros)
    formula = bad.spoilt(content, bad.SHEET, r'<c r="A2"[^>]*>.*?</c>', '<c r="A2" t="str"><f>B1</f><v>b</v></c>')

    assert [one.what for one in read(content, "xlsx").set_aside] == ["unknown participant '00123'"]
    assert [one.participant for one in read(formula, "xlsx")] == ["b"]


def test_bad_cells_above_the_headings_do_not_matter() -> None:
    """An error in a title is no problem; after a thousand in the table no more are sought."""
    content = bad.spoilt(
        sheet(["title"], [*HEADER], ["a", "stock", date(2025, 1, 31), 5]),
        bad.SHEET,
        r'<c r="A1"[^>]*>.*?</c>',
        '<c r="A1" t="e"><v>#REF!</v></c>',
    )
    many = "".join('<row><c t="e"><v>#REF!</v></c></row>' for _ in range(1_100))
    endless = bad.spoilt(sheet([*HEADER]), bad.SHEET, "</sheetData>", f"{many}</sheetData>")

    assert len(read(content, "xlsx", "{file: t, header: 2}")) == 1
    assert refused(content, "xlsx") == [
        "E310 no heading on line 1: '#REF!'; there are some on line 2",
        "E408 the error #REF!",
    ]
    assert len(refused(endless, "xlsx")) == 1_000


def test_lines_of_json_without_end() -> None:
    """A cell of JSON has at most 100,000 characters; after a thousand bad lines no more are read."""
    assert refused(json.dumps([{"participant": "x" * 100_001}]), "json") == [
        "E308 a cell of more than 100,000 characters"
    ]
    assert len(refused("{\n" * 1_200, "jsonl")) == 1_000


def test_the_same_name_twice_is_looked_up_once() -> None:
    """A receipt adds up what is measured, and a name that is repeated is found again."""
    table = "participant,indicator,to,value,state\nAn Hoà,stock,2025-01-31,5,\nAn Hoà,cost,2025-01-31,,withheld\n"

    observed = read(table)

    assert [(one.facts, one.sums) for one in observed.receipts] == [(2, (("stock", "5"),))]


@pytest.mark.parametrize(("kind", "code"), [("xls", "E405"), ("ods", "E405"), ("rds", "E504"), ("", "E504")])
def test_files_of_other_kinds(kind: str, code: str) -> None:
    """Files of other kinds are told what to be saved as."""
    assert refused("x", kind)[0][:4] == code


def test_a_place_in_a_workbook() -> None:
    """Places of one sheet stand together, columns beyond Z have two letters."""
    places = [Place("b.xlsx", 1, 28, sheet="B"), Place("b.xlsx", 9, 1, sheet="A"), Place("b.xlsx", 2, 26, sheet="A")]

    assert [str(one.place) for one in in_order(Problem("E408", "x", place=place) for place in places)] == [
        "b.xlsx:A!Z2",
        "b.xlsx:A!A9",
        "b.xlsx:B!AB1",
    ]
