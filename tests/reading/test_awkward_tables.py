"""Awkward tables: what people and programs hand in, each read as it was written or told with its place, never else."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

import rulebook
from bad import workbooks
from bad.workbooks import OLE, SHEET, SPACE, spoilt, with_texts
from emulation.campaign import Campaign
from emulation.exact import write_number
from emulation.observations import Observation
from emulation.problems import Place, Problem, Refused, in_order, letters
from emulation.reading.facts import load_observations

PEOPLE = """\
id,name,kind,parent,cluster
p,Tỉnh,province,,
a,An Hoà,commune,p,east
b,Bình Minh,commune,p,west
01234,NA,commune,p,east
05443,None,commune,p,east
1E5,TRUE,commune,p,east
f1,=SUM(A1),commune,p,east
f2,-,commune,p,east
"""
INDICATORS = """
  online: {share: {of: done, among: due}, over: period, better: higher}
  stock: {count: dossiers, at: latest}
  cost: {number: {en: million}, at: latest}
  growth: {number: percent, at: latest}
  opened: {yes_no: true, at: latest}
  few: {count: dossiers, at: latest, censored: bound}
"""
HEAD = "participant,indicator,to,value\n"
DAY = date(2025, 1, 31)
NOON = datetime(2025, 1, 31, 12, 30)  # noqa: DTZ001


@cache
def rules(observations: str) -> Campaign:
    """Give a campaign whose table is declared so."""
    with TemporaryDirectory() as folder:
        return rulebook.load(Path(folder), PEOPLE, indicators=INDICATORS, observations=observations)


def came_out(content: bytes, kind: str, declared: str) -> list[str]:
    """Give all that comes of a file: every figure, as a line, then what is told, each with its place."""
    campaign = rules(f"{{file: t{declared}}}")
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"t.{kind}"
        file.write_bytes(content)
        try:
            found = load_observations(file, campaign)
        except Refused as refused:
            return [told(one) for one in refused.problems]
    return [figure(one) for one in found] + [told(one) for one in in_order([*found.set_aside, *found.warnings])]


def figure(one: Observation) -> str:
    """Write a figure: whose, of what, on which day (its last), how much."""
    sign = {"above": ">", "below": "<", None: ""}[one.bound]
    value = one.state if one.value is None else f"{sign}{write_number(one.value)}"
    return f"{one.participant} {one.fact} {one.span.last} {value}"


def told(problem: Problem) -> str:
    """Write a problem's place and code: line and column of a text, sheet and cell of a workbook."""
    place = str(problem.place or Place("", 0)).rpartition("/")[2].removeprefix("t.csv:").removeprefix("t.xlsx:")
    return f"{place} {problem.code}"


def row(body: str = "a", fact: str = "stock", to: str = "2025-01-31", value: str = "5") -> str:
    """Write a row below the usual headings."""
    return f"{body},{fact},{to},{value}\n"


def rows(*values: str, fact: str = "stock") -> str:
    """Write a table with these values, each of another day."""
    return HEAD + "".join(row(fact=fact, to=f"2025-01-{day:02}", value=value) for day, value in enumerate(values, 1))


def wide(text: str) -> str:
    """Write a table with semicolons."""
    return text.replace(",", ";")


FIVE = ["a stock 2025-01-31 5"]
AWKWARD: dict[str, tuple[str | bytes, str, list[str]]] = {
    # Ids and names
    "an id with zeros in front": (HEAD + row("01234"), "", ["01234 stock 2025-01-31 5"]),
    "an id that looks like a number with an exponent": (HEAD + row("1E5"), "", ["1E5 stock 2025-01-31 5"]),
    "the number such an id looks like": (HEAD + row("100000"), "", ["2:1 E318"]),
    "an id that has lost its zero": (HEAD + row("5443"), "", ["2:1 E318"]),
    "names that look like nothing": (
        HEAD + row("NA") + row("None") + row("TRUE"),
        "",
        ["01234 stock 2025-01-31 5", "05443 stock 2025-01-31 5", "1E5 stock 2025-01-31 5"],
    ),
    "names that look like formulas": (
        HEAD + row("=SUM(A1)") + row("-"),
        "",
        ["f1 stock 2025-01-31 5", "f2 stock 2025-01-31 5"],
    ),
    "a name in decomposed letters": (HEAD + row("An Hoa\u0300"), "", FIVE),
    "a name with a line end in it": (HEAD + row('"An\nHoà"'), "", FIVE),
    "a letter of another script": (HEAD + row("\u0410n Hoà"), "", ["2:1 E321"]),
    "a mark that turns the text round": (HEAD + row("\u202ea"), "", ["2:1 E322"]),
    "a blank without width": (HEAD + row("a\u200b"), "", ["2:1 E322"]),
    "blanks around": (HEAD + row(" a", value="5 "), "", ["2:1 E323", "2:4 E323"]),
    "VNI letters in UTF-8": (HEAD + row("An Hoaø"), "", ["2:1 E318"]),
    # Bytes
    "a mark of the order of bytes": ("\ufeff" + HEAD + row(), "", FIVE),
    "UTF-16": ((HEAD + row()).encode("utf-16"), "", ["1:1 E109"]),
    "windows-1258": (HEAD.encode() + b"Bi\xccnh Minh,stock,2025-01-31,5\n", "", ["2:3 E109"]),
    "TCVN3": (HEAD.encode() + b"B\xd7nh Minh,stock,2025-01-31,5\n", "", ["2:2 E109"]),
    "VNI": (HEAD.encode() + b"B\xecnh Minh,stock,2025-01-31,5\n", "", ["2:2 E109"]),
    "a NUL": (HEAD + row("a\0"), "", ["2:1 E307"]),
    "lines that end as on old Macs": ((HEAD + row()).replace("\n", "\r"), "", FIVE),
    "lines that end in all three ways": (
        HEAD.replace("\n", "\r\n") + row("a") + row("b").replace("\n", "\r") + row("01234"),
        "",
        ["a stock 2025-01-31 5", "b stock 2025-01-31 5", "01234 stock 2025-01-31 5"],
    ),
    # Shapes
    "a quote that is never closed": (HEAD + row('"a') + row("b"), "", ["2:1 E306"]),
    "text behind a closing quote": (HEAD + row('"An" Hoà'), "", ["2:1 E306"]),
    "quotes inside a quoted cell": (HEAD + row('"An ""Hoà"""'), "", ["2:1 E318"]),
    "a delimiter at the end of every line": ((HEAD + row()).replace("\n", ",\n"), "", ["1:5 E304"]),
    "a delimiter at the end of a row": (HEAD + row().replace("\n", ",\n"), "", ["2:5 E301"]),
    "rows of unlike lengths": (HEAD + "a,stock\n" + row().replace("\n", ",6,7\n"), "", ["2:3 E302", "3:5 E301"]),
    "a heading twice": (HEAD.replace("to", "value") + row(), "", ["1:4 E303"]),
    "no heading over a column": (HEAD.replace("indicator", "") + row(), "", ["1:2 E304"]),
    "semicolons": (wide(HEAD + row()), "", ["1:1 E305"]),
    "semicolons, declared": (wide(HEAD + row()), ", delimiter: ;", FIVE),
    "a first line for Excel": (wide("sep=;\n" + HEAD + row()), ", delimiter: ;", FIVE),
    "titles above the headings": ("BÁO CÁO THÁNG 1,,,\n,,,\n" + HEAD + row(), "", ["1:1 E310"]),
    "titles above the headings, declared": ("BÁO CÁO THÁNG 1,,,\n,,,\n" + HEAD + row(), ", header: 3", FIVE),
    "a row of totals at the end": (HEAD + row() + row("Tổng cộng"), "", ["a stock 2025-01-31 5", "3:1 E318"]),
    "a footnote": (HEAD + row() + "Nguồn: Sở Nội vụ\n", "", ["3:2 E302"]),
    "blank rows": (HEAD + "\n,,,\n" + row() + ",,,\n\n", "", FIVE),
    "headings alone": (HEAD, "", []),
    "nothing": ("", "", ["1:1 E309"]),
    # Days
    "days as in Vietnam": (HEAD + row(to="01/02/2025"), "", ["2:3 E319"]),
    "days as in Vietnam, declared": (HEAD + row(to="01/02/2025"), ", dates: dd/mm/yyyy", ["a stock 2025-02-01 5"]),
    "days that are none": (
        HEAD + row(to="2025-02-30") + row(to="2025-13-01") + row(to="31/1/25") + row(to="45688"),
        "",
        ["2:3 E319", "3:3 E319", "4:3 E319", "5:3 E319"],
    ),
    # Numbers
    "decimal commas": (rows('"0,5"', fact="cost"), "", ["2:4 E312"]),
    "decimal commas, declared": (
        wide(rows("#", fact="cost")).replace("#", "0,5"),
        ", delimiter: ;, decimal: ','",
        ["a cost 2025-01-01 0.5"],
    ),
    "thousands apart": (
        rows("1 000", "1\u00a0000", "1\u202f000", "1\u2009000", "1'000", '"1,000"', "1_000"),
        "",
        ["2:4 E313", "3:4 E313", "4:4 E313", "5:4 E313", "6:4 E313", "7:4 E313", "8:4 E313"],
    ),
    "a point that may part thousands": (rows("1.000", "12.500"), "", ["2:4 E313", "3:4 E313"]),
    "points that part thousands": (rows("1.000.000"), "", ["2:4 E313"]),
    "a point where a comma is the mark": (
        wide(rows("1.000", fact="cost")),
        ", delimiter: ;, decimal: ','",
        ["2:4 E312"],
    ),
    "three decimals of a number that is no count": (
        rows("1.000", "12.500", fact="cost"),
        "",
        ["a cost 2025-01-01 1", "a cost 2025-01-02 12.5"],
    ),
    "percentages": (rows("68.91%", "100%", fact="growth"), "", ["a growth 2025-01-01 0.6891", "a growth 2025-01-02 1"]),
    "percentages with a comma": (rows('"68,91%"', fact="growth"), "", ["2:4 E312"]),
    "percentages with a comma, declared": (
        wide(rows("#", fact="growth")).replace("#", "68,91%"),
        ", delimiter: ;, decimal: ','",
        ["a growth 2025-01-01 0.6891"],
    ),
    "percentages without their sign": (rows("68.91", "0.6891", fact="growth"), "", ["2:4 E314", "3:4 E314"]),
    "a percentage of something else": (rows("5%"), "", ["2:4 E314"]),
    "bounds": (rows("<5", ">100"), "", ["2:4 E316", "3:4 E316"]),
    "bounds, declared": (rows("<5", ">100", fact="few"), "", ["a few 2025-01-01 <5", "a few 2025-01-02 >100"]),
    "large exponents": (rows("1e400", "1E5", "1e-400", fact="cost"), "", ["2:4 E121", "3:4 E121", "4:4 E121"]),
    "no numbers": (rows("NaN", "inf", "-Infinity", fact="cost"), "", ["2:4 E117", "3:4 E117", "4:4 E117"]),
    "minus nothing": (rows("-0", fact="cost"), "", ["a cost 2025-01-01 0"]),
    "seventeen digits": (
        rows("12345678901234567", "9007199254740993") + row("b", "cost", value="0.12345678901234567"),
        "",
        [
            "a stock 2025-01-01 12345678901234567",
            "a stock 2025-01-02 9007199254740993",
            "b cost 2025-01-31 0.12345678901234567",
        ],
    ),
    "forty digits": (rows("1" * 40), "", ["2:4 E122"]),
    "wide digits": (rows("\uff15"), "", ["2:4 E209"]),
    "Arabic digits": (rows("\u0661\u0662"), "", ["2:4 E209"]),
    "signs and zeros in front": (
        rows("+5", "007", "5.", ".5", "0x10", '"5 000,00"', "5-", "(5)"),
        "",
        ["3:4 E116", "4:4 E316", "5:4 E316", "6:4 E116", "7:4 E316", "8:4 E316", "9:4 E316"],
    ),
    "fractions": (rows("17/20", "1/0", fact="cost"), "", ["3:4 E206"]),
    "words in the place of numbers": (
        rows("NA", "-", "n/a", "null", "TRUE", "không có", "#N/A"),
        "",
        ["2:4 E317", "3:4 E317", "4:4 E317", "5:4 E317", "6:4 E317", "7:4 E317", "8:4 E317"],
    ),
    "words that stand for nothing, declared": (
        rows("NA", "-", "0"),
        ", missing: [NA, '-']",
        ["a stock 2025-01-01 missing", "a stock 2025-01-02 missing", "a stock 2025-01-03 0"],
    ),
    "yes and no": (rows("yes", "Không", "TRUE", "1", "x", fact="opened"), "", ["4:4 E317", "5:4 E317", "6:4 E317"]),
    "nothing where a number should be": (rows("", "\u00a0"), "", ["3:4 E323"]),
    "formulas": (rows("=1+1", "=cmd|' /C calc'!A0"), "", ["2:4 E316", "3:4 E316"]),
    "a figure twice": (HEAD + row() * 2, "", FIVE),
    "a figure twice with unlike values": (HEAD + row() + row(value="6"), "", ["3:4 E320"]),
    "a point that may part thousands of a part": (HEAD + row("a", "due", value="1.250"), "", ["2:4 E313"]),
}
"""Tables by name: the file, what else is declared of it, and all that comes of it."""


@pytest.mark.parametrize("name", AWKWARD)
def test_an_awkward_table(name: str) -> None:
    """Everything that comes of the file is what is expected, and nothing else does."""
    text, declared, expected = AWKWARD[name]

    assert came_out(text if isinstance(text, bytes) else text.encode(), "csv", declared) == expected


# --- workbooks


def sheet(*rows_: list[Any], change: Callable[[Any], None] | None = None, title: str = "August") -> bytes:
    """Write a workbook of one sheet, and change that."""
    return workbooks.sheet(*rows_, title=title, change=change and (lambda book: change(book.active)))


HEADER = ["participant", "indicator", "to", "value"]


def of(value: Any = 5, fact: str = "stock", body: Any = "a", day: Any = DAY, look: str | None = None) -> bytes:
    """Write a workbook with one figure, whose value is shown in that form."""

    def change(page: Any) -> None:
        if look:
            page["D2"].number_format = look

    return sheet([*HEADER], [body, fact, day, value], change=change)


def cell(written: str, at: str = "D2", content: bytes | None = None) -> bytes:
    """Write a workbook with one figure, one of whose cells is written so in the XML."""
    return spoilt(content or of(), SHEET, rf'<c r="{at}"[^>]*>.*?</c>', written)


def shared(text: str) -> bytes:
    """Write a workbook whose participant is a text that sheets share, written so in the XML."""
    return cell('<c r="A2" t="s"><v>0</v></c>', "A2", with_texts(of(), f"<sst {SPACE}><si>{text}</si></sst>"))


def looked(at: str, form: str, *cells: Any) -> bytes:
    """Write a workbook with one figure, one of whose cells is shown in that form."""
    return sheet([*HEADER], [*cells], change=lambda page: setattr(page[at], "number_format", form))


def hidden(page: Any) -> None:
    """Hide a row, a column and another sheet."""
    page.row_dimensions[2].hidden = True
    page.column_dimensions["B"].hidden = True
    page.parent.create_sheet("cũ").sheet_state = "hidden"


def in_days_of_the_mac(page: Any) -> None:
    """Count days from 1904."""
    page.parent.epoch = datetime(1904, 1, 1)  # noqa: DTZ001


def protected(page: Any) -> None:
    """Protect a sheet, which still can be read."""
    page.protection.sheet = True
    page.protection.password = "x"  # noqa: S105


def merged(page: Any) -> None:
    """Merge two headings."""
    page.merge_cells("A1:B1")


def bold(page: Any) -> None:
    """Write a name in two kinds of letters."""
    page["A2"] = CellRichText("An ", TextBlock(InlineFont(b=True), "Hoà"))


def two_sheets() -> bytes:
    """Write a workbook of two sheets."""
    return sheet([*HEADER], ["a", "stock", DAY, 5], change=lambda page: page.parent.create_sheet("Hai"))


def packed_badly() -> bytes:
    """Write a workbook the cells of which cannot be unpacked."""
    content = bytearray(of())
    start = zipfile.ZipFile(io.BytesIO(content)).getinfo(SHEET).header_offset
    name, more = struct.unpack("<HH", content[start + 26 : start + 30])
    content[start + 30 + name + more] = 0b111  # a kind of block that there is not
    return bytes(content)


UNPLACED = (
    '<row><c t="inlineStr"><is><t>a</t></is></c><c t="inlineStr"><is><t>stock</t></is></c>'
    '<c t="inlineStr"><is><t>2025-01-31</t></is></c><c><v>5</v></c></row>'
)
WORKBOOKS: dict[str, tuple[bytes, str, list[str]]] = {
    # Numbers
    "a number": (of(5), "", FIVE),
    "a number stored as text": (of("5"), "", FIVE),
    "a number with a group mark stored as text": (of("1.000"), "", ["August!D2 E313"]),
    "a text that Excel marks as one": (cell('<c r="D2" t="str"><v>5</v></c>'), "", FIVE),
    "a count shown with group marks": (of(1000, look="#,##0"), "", ["a stock 2025-01-31 1000"]),
    "a half shown as a whole": (of(0.5, "cost", look="0"), "", ["a cost 2025-01-31 0.5"]),
    "one tenth and two tenths": (of(0.1 + 0.2, "cost"), "", ["a cost 2025-01-31 0.3"]),
    "three decimals of a part": (of(12.375, "due"), "", ["a due 2025-01-31 12.375"]),
    "a third": (of(1 / 3, "cost"), "", ["a cost 2025-01-31 0.333333333333333"]),
    "more digits than Excel keeps": (
        of(12345678901234567),
        "",
        ["a stock 2025-01-31 12345678901234600", "August!D2 W415"],
    ),
    "more digits than that, as text": (of("12345678901234567"), "", ["a stock 2025-01-31 12345678901234567"]),
    "a number in exponents": (cell('<c r="D2"><v>1.5E3</v></c>'), "", ["a stock 2025-01-31 1500"]),
    "a number beyond all counts": (cell('<c r="D2"><v>1E300</v></c>'), "", ["August!D2 E122"]),
    "what is no number": (cell('<c r="D2"><v>NaN</v></c>'), "", ["August!D2 E316"]),
    "minus nothing": (cell('<c r="D2"><v>-0</v></c>'), "", ["a stock 2025-01-31 0"]),
    "a percentage": (of(0.6891, "growth", look="0.00%"), "", ["a growth 2025-01-31 0.6891"]),
    "a percentage stored as a number": (of(0.6891, "growth"), "", ["August!D2 E314"]),
    "a percentage stored as a text": (of("68,91%", "growth"), "", ["August!D2 E312"]),
    "a percentage stored as a text, declared": (
        of("68,91%", "growth"),
        ", decimal: ','",
        ["a growth 2025-01-31 0.6891"],
    ),
    "a number beside the sign in quotes": (of(5, look='0" %"'), "", FIVE),
    "a bound": (of("<5", "few"), "", ["a few 2025-01-31 <5"]),
    "yes": (of(value=True, fact="opened"), "", ["a opened 2025-01-31 1"]),
    "truth in the place of a number": (of(value=True), "", ["August!D2 E317"]),
    "truth that is left blank": (cell('<c r="D2" t="b"/>', "D2", of(5, "opened")), "", ["August!D2 E317"]),
    # Formulas and errors
    "a formula": (cell('<c r="D2"><f>2+3</f><v>5</v></c>'), "", FIVE),
    "a formula whose value was never computed": (of("=2+3"), "", ["August!D2 E409"]),
    "a formula that gives no text": (cell('<c r="D2" t="str"><f>""</f><v></v></c>'), "", ["August!D2 E317"]),
    "a division by nothing": (cell('<c r="D2" t="e"><f>1/0</f><v>#DIV/0!</v></c>'), "", ["August!D2 E408"]),
    "what is not available": (cell('<c r="A2" t="e"><v>#N/A</v></c>', "A2"), "", ["August!A2 E408"]),
    # Days
    "a day": (of(day=date(2025, 2, 1)), "", ["a stock 2025-02-01 5"]),
    "a day counted from 1904": (sheet([*HEADER], ["a", "stock", DAY, 5], change=in_days_of_the_mac), "", FIVE),
    "the number of a day": (of(day=45688), "", ["August!C2 E319"]),
    "a moment": (of(day=NOON), "", ["August!C2 E319"]),
    "a day as a text": (of(day="31/01/2025"), "", ["August!C2 E319"]),
    "a day as a text, declared": (of(day="31/01/2025"), ", dates: dd/mm/yyyy", FIVE),
    "a day where a count should be": (of(date(2025, 1, 5)), "", ["August!D2 E413"]),
    # Ids and names
    "an id as a number that has lost its zero": (of(body=1234), "", ["August!A2 E318"]),
    "an id as a number shown with its zero": (
        looked("A2", "00000", 1234, "stock", DAY, 5),
        "",
        ["01234 stock 2025-01-31 5"],
    ),
    "an id as a number in exponents": (of(body=100000), "", ["August!A2 E318"]),
    "a name in two kinds of letters": (sheet([*HEADER], ["a", "stock", DAY, 5], change=bold), "", FIVE),
    "a name shared in two kinds of letters": (shared("<r><t>An </t></r><r><rPr><b/></rPr><t>Hoà</t></r>"), "", FIVE),
    "a name with how it is said": (shared('<t>An Hoà</t><rPh sb="0" eb="2"><t>アン</t></rPh>'), "", FIVE),
    "a name with how it is said, in its cell": (
        cell('<c r="A2" t="inlineStr"><is><t>An Hoà</t><rPh sb="0" eb="2"><t>アン</t></rPh></is></c>', "A2"),
        "",
        FIVE,
    ),
    "a name with a line end spelt out": (shared("<t>An_x000D__x000A_Hoà</t>"), "", FIVE),
    "a name with what spells an underscore": (shared("<t>An_x005F_x0041_</t>"), "", ["August!A2 E318"]),
    "half a letter spelt out": (shared("<t>An_xD800_</t>"), "", ["August!A2 E332"]),
    "a name that looks like a formula": (
        cell('<c r="A2" t="inlineStr"><is><t>=SUM(A1)</t></is></c>', "A2"),
        "",
        ["f1 stock 2025-01-31 5"],
    ),
    # Sheets
    "headings that are merged": (
        sheet(["participant", None, "to", "value"], ["a", "stock", DAY, 5], change=merged),
        "",
        ["August!B1 E304"],
    ),
    "titles above the headings": (sheet(["BÁO CÁO"], [], [*HEADER], ["a", "stock", DAY, 5]), "", ["August!A1 E310"]),
    "what is hidden": (
        sheet([*HEADER], ["a", "stock", DAY, 5], change=hidden),
        "",
        ["a stock 2025-01-31 5", "August!A1 W411"],
    ),
    "two sheets": (
        sheet([*HEADER], ["a", "stock", DAY, 5], change=lambda page: page.parent.create_sheet("Hai")),
        "",
        ["1:1 E412"],
    ),
    "two tables side by side": (
        sheet([*HEADER, None, *HEADER], ["a", "stock", DAY, 5, None, "b", "stock", DAY, 6]),
        "",
        ["August!E1 E304", "August!F1 E303", "August!G1 E303", "August!H1 E303", "August!I1 E303"],
    ),
    "two tables below each other": (
        sheet([*HEADER], ["a", "stock", DAY, 5], [], [*HEADER], ["b", "stock", DAY, 6]),
        "",
        ["a stock 2025-01-31 5", "b stock 2025-01-31 6", "August!A4 E318"],
    ),
    "a table that does not begin at the corner": (
        sheet([], [None, *HEADER], [None, "a", "stock", DAY, 5]),
        "",
        ["August!A2 E304"],
    ),
    "a note far from the table": (
        sheet([*HEADER], ["a", "stock", DAY, 5], change=lambda page: page.cell(40, 30, "x")),
        "",
        [f"August!{letters(one)}1 E304" for one in range(5, 31)],
    ),
    "an empty sheet": (sheet(), "", ["August!A1 E309"]),
    "a protected sheet": (sheet([*HEADER], ["a", "stock", DAY, 5], change=protected), "", FIVE),
    "a cell twice": (cell('<c r="D2"><v>5</v></c><c r="D2"><v>6</v></c>'), "", ["August!D2 E416"]),
    "cells without references": (spoilt(of(), SHEET, r'<row r="2".*</row>', UNPLACED), "", FIVE),
    # Files
    "a workbook with a password": (OLE + "EncryptedPackage".encode("utf-16-le"), "", ["1:1 E406"]),
    "an old workbook under a new name": (OLE, "", ["1:1 E405"]),
    "CSV under the name of a workbook": ((HEAD + row()).encode(), "", ["1:1 E404"]),
    "a sheet that leads nowhere": (
        spoilt(two_sheets(), "xl/workbook.xml", 'r:id="rId2"', 'r:id="rId9"'),
        ", sheet: August",
        ["1:1 E407"],
    ),
    "a sheet that leads to none": (
        spoilt(two_sheets(), "xl/workbook.xml", ' r:id="rId2"', ""),
        ", sheet: August",
        ["1:1 E407"],
    ),
    "packed badly": (packed_badly(), "", ["1:1 E407"]),
    "half a workbook": (of()[:3000], "", ["1:1 E407"]),
}
"""Workbooks by name: the file, what else is declared of it, and all that comes of it."""


@pytest.mark.parametrize("name", WORKBOOKS)
def test_an_awkward_workbook(name: str) -> None:
    """Everything that comes of the workbook is what is expected, and nothing else does."""
    content, declared, expected = WORKBOOKS[name]

    assert came_out(content, "xlsx", declared) == expected
