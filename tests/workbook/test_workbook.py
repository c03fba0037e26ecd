"""Workbook: what it says is what was scored, and a spreadsheet that reckons it anew comes to the same."""

from __future__ import annotations

import os
import subprocess
import sys
import warnings
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, given, settings
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from spreadsheet import reckoned

from emulation.campaign import Campaign
from emulation.commands.options import observations_of
from emulation.exact import write_number
from emulation.names import Label, ParticipantId, label
from emulation.observations import Observations
from emulation.outcome import Outcome, score
from emulation.participants import EVERYBODY, Participants
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.report import workbook as room
from emulation.report.speech import words_of
from emulation.report.workbook import workbook
from emulation.testing.contests import contests

HOME = Path(__file__).parents[2]
RECOUNTED = ("can-tho-157", "decision-766", "one-stop-2025", "pci-2006", "thai-nguyen-2025")
EXTENSIONS = r"(Unknown|Conditional Formatting) extension is not supported"


@cache
def outcome(name: str) -> Outcome:
    """Score a committed campaign on its own figures."""
    folder = HOME / "campaigns" / name
    rules = load_campaign(folder)
    return score(rules, observations_of(rules, folder, ()))


@cache
def made(name: str, lang: str = "en") -> bytes:
    """Give the workbook of a committed campaign."""
    return workbook(outcome(name), words_of(lang, outcome(name).campaign))


@cache
def opened(file: Path, *, values: bool) -> Any:
    """Open a workbook, for its values or its formulas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=EXTENSIONS)
        return load_workbook(file, data_only=values)


def saved(content: bytes, folder: Path, name: str) -> Path:
    """Write a workbook to a file."""
    file = folder / f"{name}.xlsx"
    file.write_bytes(content)
    return file


def formulas(file: Path) -> dict[tuple[str, str], str]:
    """Give every formula, by its sheet and cell."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in opened(file, values=False)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def differing(before: Path, after: Path) -> list[tuple[str, str, Any, Any]]:
    """Find the formulas whose value is another after they were reckoned anew."""
    ours, theirs = opened(before, values=True), opened(after, values=True)
    found = []
    for sheet, at in formulas(before):
        here, there = ours[sheet][at].value, theirs[sheet][at].value
        alike = here == there
        if isinstance(here, int | float) and isinstance(there, int | float):
            alike = abs(here - there) < 1e-9
        if not alike:
            found.append((sheet, at, here, there))
    return found


def sheets(file: Path, beginning: str) -> Iterator[Worksheet]:
    """Give the sheets whose name begins so."""
    return (sheet for sheet in opened(file, values=True) if sheet.title.startswith(beginning))


# --- reckoned anew ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def anew(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Give workbooks of real campaigns, of drawn contests, and one that was spoilt, before and after."""
    folder = tmp_path_factory.mktemp("workbooks")
    files = {name: saved(made(name), folder, name) for name in RECOUNTED}
    files |= {f"drawn-{number}": saved(book, folder, f"drawn-{number}") for number, book in enumerate(drawn())}
    files["spoilt"] = spoilt(folder)
    return dict(zip(files, zip(files.values(), reckoned(list(files.values()), folder), strict=True), strict=True))


def drawn() -> list[bytes]:
    """Draw contests with rules of every kind, and give their workbooks."""
    books: list[bytes] = []

    @settings(max_examples=15, phases=[Phase.generate], suppress_health_check=list(HealthCheck))
    @given(contests())
    def draw(contest: tuple[Campaign, Observations]) -> None:
        books.append(workbook(score(*contest), words_of("en", contest[0])))

    draw()
    return books


def spoilt(folder: Path) -> Path:
    """Halve the points there are for dossiers submitted online, where the rules stand in numbers."""
    book = opened(saved(made("thai-nguyen-2025"), folder, "spoilt"), values=False)
    rules = book["Rules in numbers"]
    row = next(row for row in rules.iter_rows() if row[1].value == "most points" and row[2].value == 60)
    row[2].value = 30
    opened.cache_clear()
    file = folder / "spoilt.xlsx"
    book.save(file)
    return file


@pytest.mark.parametrize("name", RECOUNTED)
def test_a_spreadsheet_comes_to_what_was_scored(anew: dict[str, tuple[Path, Path]], name: str) -> None:
    """Every formula: measurements, points, totals, places, classes, and what says that they agree."""
    before, after = anew[name]

    assert len(formulas(before)) > 60
    assert differing(before, after) == []


def test_drawn_contests_come_to_what_was_scored(anew: dict[str, tuple[Path, Path]]) -> None:
    """With gates, gaps, penalties, roundings in every mode; where a formula cannot follow there is none."""
    pairs = [pair for name, pair in anew.items() if name.startswith("drawn")]

    assert [found for before, after in pairs for found in differing(before, after)] == []
    assert sum(len(formulas(before)) for before, _ in pairs) > 200


def test_no_cell_is_an_error(anew: dict[str, tuple[Path, Path]]) -> None:
    """No name a spreadsheet does not know, no division by nothing."""
    errors = [
        (name, sheet.title, cell.coordinate, cell.value)
        for name, (_, after) in anew.items()
        for sheet in opened(after, values=True)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "e"
    ]

    assert errors == []


def test_another_number_of_the_rules_is_seen(anew: dict[str, tuple[Path, Path]]) -> None:
    """Totals fall, rows say that they differ from what was published, and the first page counts them."""
    _, after = anew["spoilt"]
    (recount,) = sheets(after, "Recount")
    headings = [cell.value for cell in recount[3]]
    agrees = [row[headings.index("Agrees")].value for row in recount.iter_rows(min_row=4)]
    totals = [row[headings.index("Total")].value for row in recount.iter_rows(min_row=4)]
    about = [cell.value for (cell, *_) in next(sheets(after, "About")).iter_rows()]

    assert agrees.count("✗") == len(agrees) == 92
    assert max(totals) == 70
    assert "✗ rows that differ from what was published: 92" in about


# --- what it says ----------------------------------------------------------------------------------------------


def test_the_recount_says_what_was_scored(tmp_path: Path) -> None:
    """Its totals, places and classes are those of the outcome, as they stand before anything is reckoned."""
    file = saved(made("thai-nguyen-2025"), tmp_path, "book")
    (recount,) = sheets(file, "Recount")
    headings = [cell.value for cell in recount[3]]
    came_to = outcome("thai-nguyen-2025")

    for row in recount.iter_rows(min_row=4):
        one = came_to[row[0].value]
        assert row[headings.index("Total")].value == pytest.approx(float(one.total or 0))
        assert row[headings.index("#")].value == one.rank
        assert row[headings.index("Class")].value.split()[1] == one.readiness
    assert recount.max_row == 3 + 92


def test_what_no_formula_can_follow_is_counted(tmp_path: Path) -> None:
    """It stands as it was scored, and the last sheet says how many such cells there are."""
    file = saved(made("decision-766"), tmp_path, "book")
    lines = [str(cell.value) for (cell, *_) in next(sheets(file, "About")).iter_rows()]

    assert any(line.startswith("72 points, places and classes stand as they were scored") for line in lines)


def test_the_sheets_of_a_language(tmp_path: Path) -> None:
    """Named, headed and explained in it."""
    book = opened(saved(made("one-stop-2025", "vi"), tmp_path, "book"), values=True)

    assert book.sheetnames == [
        "Xã, phường, đặc khu",
        "Tính lại",
        "Quy tắc bằng số",
        "Giải trình",
        "Thể lệ",
        "Giới thiệu",
    ]
    assert book["Tính lại"]["B3"].value == "Đơn vị"


def test_reasons_and_rules_stand_in_it(tmp_path: Path) -> None:
    """Of each participant, down to the row of the table; of many, that they are elsewhere."""
    book = opened(saved(made("one-stop-2025"), tmp_path, "book"), values=True)
    reasons = [str(cell.value) for (cell, *_) in book["Reasons"].iter_rows()]
    rules = [str(cell.value) for (cell, *_) in book["Rulebook"].iter_rows()]

    assert "Xã Cao Minh (01879), commune" in reasons
    assert any("dossiers.csv:411" in line for line in reasons)
    assert any(line.startswith("4.1.5.5 “dossiers due”: all cases") for line in rules)


def test_sheets_are_fit_to_be_read_and_printed(tmp_path: Path) -> None:
    """Headings stay in sight and on each page; A4 across, one page wide."""
    sheet = opened(saved(made("one-stop-2025"), tmp_path, "book"), values=True)["Communes"]

    assert sheet.freeze_panes == "C6"
    assert sheet.auto_filter.ref == "A5:H13"
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize, sheet.page_setup.fitToWidth) == (
        "landscape",
        9,
        None,
    )
    assert sheet.print_title_rows == "$5:$5"


def test_a_class_has_its_colour_from_its_word(tmp_path: Path) -> None:
    """A rule for each class, the shape and word in it: what a formula changes is coloured anew."""
    sheet = opened(saved(made("thai-nguyen-2025"), tmp_path, "book"), values=True)["Communes"]
    rules = [rule for ranges in sheet.conditional_formatting for rule in ranges.rules if rule.type == "cellIs"]

    assert [rule.formula for rule in rules] == [['"● green"'], ['"▲ amber"'], ['"■ red"']]
    assert len({rule.dxf.fill.bgColor.rgb for rule in rules}) == 3


def test_a_group_alone(tmp_path: Path) -> None:
    """Only its members, with the places they have among all, which then are no formulas."""
    content = workbook(outcome("thai-nguyen-2025"), words_of("en"), group="phường")
    (recount,) = sheets(saved(content, tmp_path, "book"), "Recount")

    assert recount.max_row < 3 + 92


# --- bytes -----------------------------------------------------------------------------------------------------


def test_the_same_outcome_gives_the_same_bytes() -> None:
    """On any day, with any hash seed, in any time zone."""
    script = (
        "import hashlib, sys; sys.path[:0] = sys.argv[1:];"
        "from test_workbook import made; print(hashlib.sha256(made('one-stop-2025')).hexdigest())"
    )
    paths = [str(Path(__file__).parent), str(HOME / "tests"), str(HOME / "src")]
    said = {
        subprocess.run(
            [sys.executable, "-c", script, *paths],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            check=True,
            capture_output=True,
            text=True,
            cwd=HOME,
        ).stdout
        for seed, zone in (("1", "UTC"), ("2", "Asia/Ho_Chi_Minh"))
    }

    assert len(said) == 1


def test_more_rows_than_a_sheet_holds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Are refused and not cut off."""
    monkeypatch.setattr(room, "MOST_ROWS", 50)

    with pytest.raises(Refused, match="E790 92 rows, and a sheet has 50"):
        workbook(outcome("thai-nguyen-2025"), words_of("en"))


# --- names that would like to be something else ----------------------------------------------------------------

SIGNS = ("=", "+", "-", "@", "\t=", " =", "＝", "＋", "－", "＠", "'=", '"=', "%0A=", ";=")
COMMANDS = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://evil.example","x")', "SUM(A1:A9)", "IMPORTXML(A1,B1)")
LINKS = (
    *("http://evil.example", "https://evil.example/a?b=c#d", "ftp://evil.example", "mailto:a@evil.example"),
    *("file:///etc/passwd", "internal:Sheet1!A1", "external:c:\\temp\\x.xlsx", "javascript:alert(1)"),
)
OTHERS = (
    *("{=1+1}", "{1,2}", "TRUE", "#N/A", "1e9", "00123", "3/4", "01/02/2025", "NaN", "", " ", "'", '"', "''"),
    *("[x]:*?/\\", "History", "A" * 40, "A" * 40, "&[Page]", "&L&P", "_x0041_", "\u202e evil", "a\u0000b", "a\u0007b"),
    *("<script>alert(1)</script>", "]]>", "&amp;", "<!--", "😀", "e\u0301", "\ud7ff", "x" * 40_000),
)
PAYLOADS = [*(sign + command for sign in SIGNS[:8] for command in COMMANDS), *SIGNS, *LINKS, *OTHERS]


def named(payloads: list[str]) -> Outcome:
    """Give an outcome whose participants, criteria and groups are called so."""
    base = outcome("thai-nguyen-2025")
    rules, bodies = base.campaign, base.campaign.participants
    communes = [one for one in bodies if one.kind == "commune"]
    called = {
        one.id: evolve(one, name=payloads[number % len(payloads)], groups=((one.groups[0][0], payloads[-number]),))
        for number, one in enumerate(communes)
    }
    titled = tuple(evolve(one, title=label(payloads[number])) for number, one in enumerate(rules.criteria))
    participants = Participants(tuple(called.get(one.id, one) for one in bodies))
    changed = evolve(rules, participants=participants, criteria=titled, title=Label((("", payloads[0]),)))
    return score(changed, base.observations, base.as_of)


def test_there_are_many_payloads() -> None:
    """Sixty at the least, each once but for one that is there twice on purpose."""
    assert len(PAYLOADS) >= 60


def test_no_name_becomes_a_formula_or_a_link(tmp_path: Path) -> None:
    """Whatever somebody is called; it is written as a text, whole, but for what no cell can hold."""
    came_to = named(PAYLOADS)
    file = saved(workbook(came_to, words_of("en", came_to.campaign)), tmp_path, "book")
    book = opened(file, values=False)
    ours = ("=IF(", "='", "=ROUND(", "=1+SUMPRODUCT(", "=MIN(")
    strange = [
        text for text in formulas(file).values() if not (text.startswith(ours) or text[1:].replace("/", "").isalnum())
    ]
    names = [cell.value for cell in book["Recount"]["B"][3:]] if "Recount" in book else []
    links = [link for sheet in book for link in sheet._hyperlinks]  # noqa: SLF001  (openpyxl has no other way)

    assert strange == []
    assert links == []
    assert {one for one in names if one} <= {_held(one) for one in PAYLOADS} | {
        one.name for one in came_to.campaign.participants
    }
    assert not any(cell.hyperlink for sheet in book for row in sheet.iter_rows() for cell in row)


def _held(text: str) -> str:
    shown = "".join(one if one.isprintable() or one == "\n" else "�" for one in text)
    return shown if len(shown) <= 32_767 else f"{shown[:32_766]}…"


@pytest.mark.parametrize("kind", ["a/b:c*d?e[f]", "'quoted'", "History", "K" * 60, "recount", "\\\\"])
def test_sheets_have_names_that_spreadsheets_allow(tmp_path: Path, kind: str) -> None:
    """However kinds are called, each name once."""
    base = outcome("thai-nguyen-2025")
    bodies = [evolve(one, kind=kind) if one.kind == "commune" else one for one in base.campaign.participants]
    bare = dict.fromkeys(("criteria", "standings", "readiness", "awards", "targets"), ())
    indicators = tuple(evolve(one, for_=EVERYBODY, pooled=None) for one in base.campaign.indicators)
    rules = evolve(base.campaign, participants=Participants(tuple(bodies)), indicators=indicators, **bare)
    content = workbook(score(rules, base.observations, base.as_of), words_of("en", rules))
    names = opened(saved(content, tmp_path, "book"), values=True).sheetnames

    assert all(0 < len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in names)
    assert len({name.casefold() for name in names}) == len(names) >= 4


def test_exact_totals_stand_beside(tmp_path: Path) -> None:
    """As texts: what a double cannot say, and no spreadsheet touches."""
    (recount,) = sheets(saved(made("pci-2006"), tmp_path, "book"), "Recount")
    headings = [cell.value for cell in recount[3]]
    at = headings.index("Total, exactly")
    found = {row[0].value: row[at].value for row in recount.iter_rows(min_row=4)}

    assert found == {one.participant.id: write_number(one.total or 0) for one in outcome("pci-2006")}


def test_exact_values_stand_in_the_reasons(tmp_path: Path) -> None:
    """What a double cannot say is written out beside."""
    body = ParticipantId("01879")
    value = outcome("one-stop-2025").measurements[outcome("one-stop-2025").campaign.indicators[0].id][body].value
    book = opened(saved(made("one-stop-2025"), tmp_path, "book"), values=True)

    assert write_number(value or 0) == "15/28"
    assert any("15 / 28" in str(cell.value) for (cell, *_) in book["Reasons"].iter_rows())
