"""Tables: CSV becomes rows of text, every one as it was written, or a report of all that is wrong."""

from __future__ import annotations

import csv
import io
import unicodedata
from datetime import date
from pathlib import Path as FilePath
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from emulation.problems import Place, Problem, Refused
from emulation.reading.characters import UNSEEN, disguised
from emulation.reading.tables import MAX_CELL, MAX_PROBLEMS, Dates, Form, Table, read_csv, read_date

CODES = {"E109", "E301", "E302", "E303", "E304", "E305", "E306", "E307", "E308", "E309", "E322", "E323"}
BAD = sorted(one for one in (FilePath(__file__).parents[1] / "bad" / "csv").iterdir() if one.name[:4] in CODES)


def read(text: str | bytes, form: Form = Form()) -> Table:  # noqa: B008
    """Read a table named ``t.csv``."""
    return read_csv(text if isinstance(text, bytes) else text.encode(), "t.csv", form)


def rows(text: str | bytes, form: Form = Form()) -> list[list[str]]:  # noqa: B008
    """Read a table's rows, the header first."""
    table = read(text, form)
    return [list(table.header), *map(list, table.rows)]


def codes(text: str | bytes, form: Form = Form()) -> list[str]:  # noqa: B008
    """Give the codes and places of a table's problems, as ``E301 3:1``."""
    with pytest.raises(Refused) as refused:
        read(text, form)
    places = [problem.place or Place("", 0, 0) for problem in refused.value.problems]
    return [f"{one.code} {at.line}:{at.column}" for one, at in zip(refused.value.problems, places, strict=True)]


# What is read


def test_every_cell_stays_text() -> None:
    """Names that look like nothing, ids that look like numbers, and formulas are what was written."""
    cells = "NA,None,#1,=x,-,00123,1E5,0x10,yes,nan,03/04/2026,"

    assert rows(f"{','.join('abcdefghijkl')}\n{cells}")[1] == cells.split(",")


def test_a_table_has_places() -> None:
    """A cell's place is its line in the file and its number in the row, both counted from 1."""
    table = read("id,name\n1,An\n\n2,Bình\n")

    assert table == Table("t.csv", ("id", "name"), (["1", "An"], ["2", "Bình"]), [2, 4], blank=1)
    assert list(table.lines()) == [(2, ["1", "An"]), (4, ["2", "Bình"])]
    assert table.column("name") == 1
    assert table.column("value") is None
    assert str(table.place(4, 1)) == "t.csv:4:2"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("last", ["", "end"])
@pytest.mark.parametrize("quote", ["", '"'])
def test_files_of_every_system_are_read(end: str, mark: str, last: str, quote: str) -> None:
    """Line ends of Windows, Unix and old Macs are the same, with a mark in front or without, and at the end."""
    lines = ["id,name", f"1,{quote}An{quote}", f"2,{quote}Bình{quote}"]
    text = mark + end.join(lines) + (end if last else "")

    assert list(read(text).lines()) == [(2, ["1", "An"]), (3, ["2", "Bình"])]


@pytest.mark.parametrize(
    ("text", "expected", "lines", "blank"),
    [
        # rows with nothing in them are left out and counted, above the header too
        ("a,b\n1,2\n\n3,4\n\n", [["1", "2"], ["3", "4"]], [2, 4], 2),
        ("\n,,\na,b\n,\n1,2\n", [["1", "2"]], [5], 3),
        ('a,b\n"",\n1,2\n', [["1", "2"]], [3], 1),
        # a header alone is a table of no rows
        ("a,b\n", [], [], 0),
        ("a", [], [], 0),
        # one column
        ("a\n1\n2\n", [["1"], ["2"]], [2, 3], 0),
        # quotes, and lines inside them
        ('a,b\n"1,5","say ""yes"""\n', [["1,5", 'say "yes"']], [2], 0),
        ('a,b\n"1\n2",3\n4,"5\r\n\r\n6"\n7,8\n', [["1\n2", "3"], ["4", "5\r\n\r\n6"], ["7", "8"]], [2, 4, 7], 0),
        ('"a\nb",c\n1,2\n', [["1", "2"]], [3], 0),
        ('a,b\n5" tube,x"y"\n', [['5" tube', 'x"y"']], [2], 0),
        # what only Excel reads
        ("sep=,\na,b\n1,2\n", [["1", "2"]], [3], 0),
    ],
)
def test_rows_know_their_lines(text: str, expected: list[list[str]], lines: list[int], blank: int) -> None:
    """A row's number is that of the line it begins on, whatever came before."""
    table = read(text)

    assert [list(row) for row in table.rows] == expected
    assert list(table.numbers) == lines
    assert table.blank == blank


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_declared(delimiter: str) -> None:
    """Rows are split at the declared delimiter and at no other."""
    form = Form(delimiter=delimiter)
    others = "".join(one for one in ",;|" if one != delimiter)

    assert rows(f"sep={delimiter}\na{delimiter}b\n1{delimiter}{others}\n", form) == [["a", "b"], ["1", others]]


def test_cells_are_composed() -> None:
    """Cells are spelled in NFC, and a sign that composing would turn into a delimiter splits nothing."""
    text = "te\u0302n;e\u0301\nBi\u0300nh;\u037e\n"

    assert rows(text, Form(delimiter=";")) == [["tên", "é"], ["Bình", ";"]]


def test_decimals_have_a_mark() -> None:
    """A form says how decimals are written, with a point or a comma."""
    assert [Form(decimal=mark).decimal for mark in (".", ",")] == [".", ","]


@pytest.mark.parametrize("name", ["delimiter", "decimal", "dates"])
def test_a_form_is_one_of_those_known(name: str) -> None:
    """A form that nothing is written in is refused at once, with its name and value."""
    with pytest.raises(ValueError, match=rf"'{name}' must be in .*got '::'"):
        Form(**{name: "::"})  # type: ignore[arg-type]


# What is refused


@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_a_bad_file_is_reported(folder: FilePath) -> None:
    """The whole printed report of each bad file is as expected."""
    with pytest.raises(Refused) as refused:
        read_csv((folder / "table.csv").read_bytes(), "table.csv", Form())

    assert f"{refused.value}\n" == (folder / "expected.txt").read_bytes().decode()
    assert folder.name[:4] in str(refused.value)


def test_every_code_has_a_bad_file() -> None:
    """Each code of this room has a folder, but for files that are too large to keep."""
    assert {folder.name[:4] for folder in BAD} == CODES - {"E308"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # many at once, in the order they stand
        ("a,a,\n1,2\n 1,2,3,4\n1,\0,3\n", ["E303 1:2", "E304 1:3", "E302 2:3", "E323 3:1", "E301 3:4", "E307 4:2"]),
        # a header may be wrong in its letters too
        ("a,\u200bb\n1,\x7f\n", ["E322 1:2", "E322 2:2"]),
        # a misplaced quote costs its row, and the others are read
        ('a,b\n1,"2"x\n3\n"4" ,5\n6,7\n', ["E306 2:2", "E302 3:2", "E306 4:1"]),
        ('a,b\r1,"2"x\r3\r', ["E306 2:2", "E302 3:2"]),
        # one that is closed lines later ends the reading
        ('a,b\n1\n2,"x\ny" z\n3\n', ["E302 2:2", "E306 3:2"]),
        ('a,b\n1,"x\n\r\n,y\n', ["E306 2:2"]),
        ('a,b\r1,"p\rq","x" y\r', ["E306 3:3"]),
        ('a,b\n"1\n2","3\n4", "5"\n6,"7\n', ["E301 2:3", "E323 2:3", "E306 5:2"]),
        ('"', ["E306 1:1"]),
        ('a,"b\n', ["E306 1:2"]),
        ('a,b\n1,"x""\n', ["E306 2:2"]),
        # one column that hides others; it is the only problem then
        ("a;b\n1;2\n3\n 4\n", ["E305 1:1"]),
        ('"a\tb"\n"1"x\n', ["E305 1:1", "E306 2:1"]),
        # blanks of every kind, in quotes too
        ('a,b\n\u30001,2 \n"3\t",4\n', ["E323 2:1", "E323 2:2", "E323 3:1"]),
    ],
)
def test_as_many_problems_as_can_be_found_at_once(text: str, expected: list[str]) -> None:
    """All problems of a table are told together, with the line and the number of the cell."""
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # a line at the limit, and one byte beyond it
        (b"a\n" + b"x" * MAX_CELL, []),
        (b"a\n" + b"x" * (MAX_CELL + 1), ["E308 2:1"]),
        (b"a\n" + b"x" * (MAX_CELL + 1) + b"\n", ["E308 2:1"]),
        (b"x" * (MAX_CELL + 1), ["E308 1:1"]),
        (b"\n" + b"x" * MAX_CELL, []),
        (b"a\r" + b"x" * MAX_CELL + b"\r", []),
        (b"a\r\n" * 9 + b"b\r\n" + b"x" * (MAX_CELL + 1), ["E308 11:1"]),
        (b"x" * 30_000_000, ["E308 1:1"]),
        # a cell of many lines at the limit, and beyond it
        (b'a\n"' + b"x\n" * (MAX_CELL // 2 - 1) + b'xx"\n', []),
        (b'a\n1\n"' + b"x\n" * (MAX_CELL // 2) + b'x"\n2\n', ["E308 3:1"]),
        # a quote that is never closed ends where csv gives up
        (b'a,b\n1,"' + b"x,y\n" * 100_000, ["E308 2:2"]),
    ],
    ids=["line", "line+1", "line+1 end", "header+1", "blank", "mac", "windows", "huge", "cell", "cell+1", "quote"],
)
def test_nothing_grows_without_bound(text: bytes, expected: list[str]) -> None:
    """A line has at most 100 kB, and a cell as many characters."""
    if expected:
        assert codes(text) == expected
    else:
        assert read(text).header


@pytest.mark.parametrize(
    ("text", "report"),
    [
        (
            b"x" * (MAX_CELL + 1),
            "t.csv:1:1 E308 a line of more than 100,000 bytes (the rows of a table stand on lines of their own)",
        ),
        (
            b'a\n"' + b"x\n" * MAX_CELL,
            (
                "t.csv:2:1 E308 a cell of more than 100,000 characters, or a quote that is never closed "
                '(a quote inside a quoted cell is written twice: "say ""yes""")'
            ),
        ),
        (b'a\n"' + b"x\n" * (MAX_CELL // 2) + b'x"\n', "t.csv:2:1 E308 a cell of more than 100,000 characters"),
    ],
    ids=["line", "quote", "cell"],
)
def test_what_is_too_large_is_told(text: bytes, report: str) -> None:
    """The report says which limit was passed."""
    with pytest.raises(Refused) as refused:
        read(text)

    assert str(refused.value) == report


@pytest.mark.parametrize(
    ("text", "delimiter", "what"),
    [
        ("a,b", ";", "as if a comma stood between the cells: 'a,b' (the delimiter is a semicolon here)"),
        ("a;b", "\t", "as if a semicolon stood between the cells: 'a;b' (the delimiter is a tab here)"),
        ("a\tb", "|", "as if a tab stood between the cells: 'a\\tb' (the delimiter is a bar here)"),
        ("a|b", ",", "as if a bar stood between the cells: 'a|b' (the delimiter is a comma here)"),
    ],
)
def test_another_delimiter_is_suggested(text: str, delimiter: str, what: str) -> None:
    """A header in one piece is told with the delimiter it seems to have, and the declared one."""
    with pytest.raises(Refused) as refused:
        read(text, Form(delimiter=delimiter))

    assert str(refused.value) == f"t.csv:1:1 E305 one column only, {what}"


def test_a_lower_limit_of_the_program_is_told() -> None:
    """Where the calling program has lowered csv's own limit, the row it strikes is named."""
    before = csv.field_size_limit(3)
    try:
        assert codes('a,b\n1,"x"\n2,long "words"\n') == ["E308 3:1"]
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize("line", ["1", ' 1,"2"', '1,"2"x', "1,\0"])
def test_the_search_ends_after_a_thousand_problems(line: str) -> None:
    """A table that is wrong everywhere is told so a thousand times, not more."""
    assert len(codes("a,b\n" + f"{line}\n" * (2 * MAX_PROBLEMS))) == MAX_PROBLEMS


def test_a_heap_of_accents_is_not_composed() -> None:
    """A letter with thousands of accents is refused, and quickly."""
    assert codes("a\ne" + "\u0301\u0323" * 20_000) == ["E322 2:1"]


# Days


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("2025-12-01", "yyyy-mm-dd"),
        ("01/12/2025", "dd/mm/yyyy"),
        ("1/12/2025", "dd/mm/yyyy"),
        ("01-12-2025", "dd-mm-yyyy"),
        ("1.12.2025", "dd.mm.yyyy"),
    ],
)
def test_days_are_read_as_declared(text: str, dates: Dates) -> None:
    """A day is read in the declared form, and refused in any other."""
    assert read_date(text, Form(dates=dates)) == date(2025, 12, 1)
    for other in set(get_args(Dates)) - {dates}:
        with pytest.raises(ValueError, match=f"^not a date: '{text}' \\(write {other}, as "):
            read_date(text, Form(dates=other))


@pytest.mark.parametrize(
    "text",
    # what other readers take, other digits, blanks, parts of days
    [
        "20250115",
        "2025-W03-1",
        "2025-1-5",
        "10",
        "T3/2025",
        "２０２５-01-15",
        "2025-01-15 ",
        "\n2025-01-15",
        "2025-01-15T00:00",
        "",
    ],
)
def test_a_date_is_not_guessed(text: str) -> None:
    """What is not a whole date in the declared form is refused."""
    with pytest.raises(ValueError, match=r"not a date: .* \(write yyyy-mm-dd, as 2025-12-31\)"):
        read_date(text, Form())


@pytest.mark.parametrize("text", ["2026-02-30", "2026-13-01", "0000-01-01", "2025-02-29"])
def test_a_day_must_exist(text: str) -> None:
    """A date that no calendar has is refused."""
    with pytest.raises(ValueError, match=f"^no such day: '{text}'$"):
        read_date(text, Form())


def test_a_long_text_is_cut_in_the_message() -> None:
    """A message shows forty characters of a text."""
    with pytest.raises(ValueError, match=f"^not a date: '{'x' * 37}\\.\\.\\.' "):
        read_date("x" * 1000, Form())


@given(st.dates(), st.sampled_from(get_args(Dates)))
def test_a_written_day_is_read_back(day: date, dates: Dates) -> None:
    """Every day is read as it was written, in every form."""
    year, month, rest = day.isoformat().split("-")

    assert read_date(dates.replace("yyyy", year).replace("mm", month).replace("dd", rest), Form(dates=dates)) == day


# Laws

LETTERS = st.characters(blacklist_categories=["Cs"], blacklist_characters="\r\n")
CELLS = st.text(LETTERS | st.sampled_from(',;"\n'), max_size=8).filter(
    lambda cell: cell == cell.strip() and not UNSEEN.search(cell) and not disguised(cell)
)


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Draw a header of unlike names and rows as wide as it, none of them blank."""
    names = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=4).filter(
        lambda name: not disguised(name)
    )
    header = draw(st.lists(names, min_size=1, max_size=4, unique_by=lambda name: unicodedata.normalize("NFC", name)))
    width = len(header)
    return [header, *draw(st.lists(st.lists(CELLS, min_size=width, max_size=width).filter(any), max_size=5))]


# csv leaves a line feed unquoted where lines end in something else, so "\r" goes with all cells quoted
WRITTEN = [(end, csv.QUOTE_ALL) for end in ("\n", "\r\n", "\r")] + [(end, csv.QUOTE_MINIMAL) for end in ("\n", "\r\n")]


@given(tables(), st.sampled_from(",;\t|"), st.sampled_from(WRITTEN))
@example([["a"], ["x\ny"]], ",", ("\r\n", csv.QUOTE_ALL))
def test_a_written_table_is_read_back(table: list[list[str]], delimiter: str, written: tuple[str, int]) -> None:
    """A table that csv writes is read as it was, but for its spelling."""
    end, quoting = written
    file = io.StringIO(newline="")
    csv.writer(file, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)  # type: ignore[arg-type]

    expected = [[unicodedata.normalize("NFC", cell) for cell in row] for row in table]
    assert rows(file.getvalue(), Form(delimiter=delimiter)) == expected


def as_csv_reads(text: str, delimiter: str) -> list[tuple[int, list[str]]]:
    """Give csv's own rows, with the lines they begin on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    found, start = [], 1
    for row in reader:
        found.append((start, row))
        start = reader.line_num + 1
    return found


@given(st.text(st.sampled_from('ab1,; \t\n\r"'), max_size=40), st.sampled_from(",;"))
@example('a,b\n1,"2\n\n3",4\n', ",")
def test_the_quick_way_is_csv(text: str, delimiter: str) -> None:
    """What is read, in the quick way or not, is what csv itself reads, but for blank rows."""
    try:
        table = read(text, Form(delimiter=delimiter))
    except Refused:
        return
    expected = as_csv_reads(text, delimiter)
    filled = [(line, row) for line, row in expected if any(row)]

    assert list(table.header) == filled[0][1]
    assert list(table.lines()) == filled[1:]
    assert table.blank == len(expected) - len(filled)


@given(
    st.binary()
    | st.text().map(str.encode)
    | st.text(st.sampled_from('ab,; \n\r"\0\u200be\u0301'), max_size=60).map(str.encode)
)
def test_nothing_but_refused_is_raised(source: bytes) -> None:
    """Whatever the bytes, a table is read whole, or refused with a place for each problem."""
    problems: tuple[Problem, ...] = ()
    try:
        table = read(source)
    except Refused as refused:
        problems = refused.problems
    else:
        assert all(len(row) == len(table.header) for _, row in table.lines())

    assert all(one.place and one.place.line >= 1 for one in problems)
