"""Page: in a browser it sorts, searches, opens and prints; it asks for nothing, and no name in it is ever run."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from shutil import which
from typing import Self

import pytest

import emulation as em
from emulation.problems import Refused
from emulation.reading.facts import load_observations
from emulation.report.page import page_html
from emulation.report.site import file_name, site
from emulation.report.words import words

sync = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")

ROOT = Path(__file__).parents[2]
CHROMIUM = Path("/usr/bin/chromium")
THAI_NGUYEN = "19"
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]

RUN = "window.ran=1;alert(1)"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</ScRiPt ><script>{RUN}//",
    "<!--<script>",
    "--><b>x</b><!--",
    "<![CDATA[x]]>",
    f"]]><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</table><script>{RUN}</script>",
    f"</dialog><script>{RUN}</script>",
    f"<img src=x onerror={RUN}>",
    f"<img/src='x'/onerror='{RUN}'>",
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x>",
    f"<math><mtext><script>{RUN}</script>",
    f"<body onload={RUN}>",
    f"<iframe srcdoc='<script>{RUN}</script>'>",
    f"<iframe src='javascript:{RUN}'>",
    f"<object data='javascript:{RUN}'>",
    f"<embed src='javascript:{RUN}'>",
    f"<a href='javascript:{RUN}'>x</a>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}>",
    f"<marquee onstart={RUN}>",
    f"<form action='javascript:{RUN}'><button>x",
    f"<meta http-equiv=refresh content='0;url=javascript:{RUN}'>",
    "<base href='https://example.org/'>",
    "<link rel=stylesheet href='https://example.org/x.css'>",
    "<style>*{display:none}</style>",
    "<style>@import 'https://example.org/x.css';</style>",
    f'" onmouseover="{RUN}',
    f"' onmouseover='{RUN}",
    f'" autofocus onfocus="{RUN}" x="',
    f"` onmouseover=`{RUN}",
    '"><img src="https://example.org/x.png">',
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "{{ 7 * 7 }}",
    "{% for x in y %}",
    "{# gone #}",
    "{{ ''.__class__.__mro__ }}",
    "${alert(1)}",
    "`${window.ran=1}`",
    "#{7*7}",
    "<%= 7*7 %>",
    "{count} {shown} {0} {}",
    "%s %(x)s %n",
    "&lt;script&gt;",
    "&#60;script&#62;",
    "&amp;amp;",
    "\\u003cscript\\u003e",
    "\\x3cscript\\x3e",
    "\\';alert(1);//",
    '\\";alert(1);//',
    "expression(alert(1))",
    "url(https://example.org/x)",
    "=1+1",
    "@SUM(1)",
    "+cmd|' /C calc'!A0",
    "../../etc/passwd",
    "CON",
    "__proto__",
    "constructor",
    "toString",
    "\U0001f600 <b>",
    "x" * 200 + "<b>",
]
INVISIBLE = [
    "a\u2028b",
    "a\u2029b",
    "a\u202eb\u202c",
    "a\u2066b\u2069",
    "a\u200bb\ufeffc",
    "a\x00b",
]


@cache
def scored(name: str, *days: str) -> tuple[em.Outcome, ...]:
    """Score a campaign on its own day, after those that are given."""
    folder = ROOT / "campaigns" / name
    rules = em.load_campaign(folder)
    facts = load_observations(folder / "observations.csv", rules)
    return tuple(em.score(rules, facts, day) for day in (*days, None))


@pytest.fixture(scope="session")
def browser() -> Iterator[object]:
    """Start one browser for all; without one the tests are left out."""
    if not CHROMIUM.exists():
        pytest.skip("chromium is not installed")
    with sync.sync_playwright() as play:
        one = play.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        yield one
        one.close()


@pytest.fixture(scope="session")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Write the page of a nation's campaign in both languages."""
    place = tmp_path_factory.mktemp("pages")
    for language in ("en", "vi"):
        text = page_html(scored("resolution-57-2025")[0], words(language))
        (place / f"{language}.html").write_text(text, encoding="utf-8")
    return {language: place / f"{language}.html" for language in ("en", "vi")}


class Opened:
    """A page in the browser, with all it asked for, said and wanted to show."""

    def __init__(self, browser: object, file: Path, fragment: str = "", **given: object) -> None:
        self.context = browser.new_context(**given)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("request", lambda one: self.asked.append(one.url))
        self.page.on("console", lambda one: self.said.append(one.text))
        self.page.on("pageerror", lambda one: self.said.append(str(one)))
        self.page.on("dialog", lambda one: (self.said.append("dialog"), one.dismiss()))
        self.page.goto(file.as_uri() + fragment)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()

    def column(self, number: int, board: int = 0) -> list[str]:
        """Give the texts of a column."""
        return self.page.locator(f"#board-{board} tbody tr > :nth-child({number + 1})").all_inner_texts()

    def names(self, board: int = 0) -> list[str]:
        """Give the names that are shown."""
        return self.page.locator(f"#board-{board} tbody th").all_inner_texts()

    def search(self, text: str, board: int = 0) -> list[str]:
        """Search, and give the names that are left."""
        self.page.locator(f"#board-{board} input[type=search]").fill(text)
        return self.names(board)


@pytest.fixture
def vi(browser: object, files: dict[str, Path]) -> Iterator[Opened]:
    """Open the Vietnamese page."""
    with Opened(browser, files["vi"]) as one:
        yield one


@pytest.fixture
def en(browser: object, files: dict[str, Path]) -> Iterator[Opened]:
    """Open the English page."""
    with Opened(browser, files["en"]) as one:
        yield one


# --- sorting, searching, picking


@pytest.mark.parametrize("column", [0, 2, 3, 4, 5, 6, 7])
def test_numbers_are_sorted_both_ways(en: Opened, column: int) -> None:
    """Places, shares and points are sorted by their value, and the head says how; a second press turns it."""
    head = en.page.locator("#board-0 thead th").nth(column)
    seen = {}
    for _ in range(2):
        head.locator("button").click()
        values = [float(text.strip().strip("=%")) for text in en.column(column)]
        seen[head.get_attribute("aria-sort")] = values

    assert seen["ascending"] == sorted(values)
    assert seen["descending"] == sorted(values, reverse=True)
    assert len(set(values)) > 1
    assert en.page.locator("#board-0 [aria-sort]").count() == 1


def test_names_are_sorted_as_in_vietnamese(vi: Opened) -> None:
    """Đ comes after D, and a letter with a mark after the one without."""
    vi.page.locator("#board-0 thead th").nth(1).locator("button").click()
    names = vi.names()

    assert names.index("Cà Mau") < names.index("Cao Bằng") < names.index("Đắk Lắk") < names.index("Gia Lai")
    assert names.index("Đắk Lắk") < names.index("Điện Biên") < names.index("Đồng Nai") < names.index("Đồng Tháp")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("thai nguyen", ["Thái Nguyên"]),
        ("THÁI  NGUYÊN", ["Thái Nguyên"]),
        ("đa", ["Thành phố Đà Nẵng"]),
        ("dak", ["Đắk Lắk"]),
        ("19", ["Thái Nguyên"]),
        ("nobody", []),
    ],
)
def test_search_needs_no_marks(vi: Opened, text: str, found: list[str]) -> None:
    """Marks, capitals and spaces are no obstacle, and a code will do."""
    names = vi.search(text)

    assert names == found or (text == "đa" and "Thành phố Đà Nẵng" in names and len(names) < 5)
    assert str(len(names)) in vi.page.locator("#board-0 [role=status]").inner_text()


def test_groups_and_classes_are_picked(en: Opened) -> None:
    """A group leaves its members, a chip those of its class, and a second press brings all back."""
    result = scored("resolution-57-2025")[0]
    held = sum(one.participant.kind == "province" and one.readiness == "ready" for one in result)
    en.page.locator("#board-0 select").first.select_option(index=1)
    picked = len(en.names())
    en.page.locator("#board-0 select").first.select_option(index=0)
    chip = en.page.locator("#board-0 button.chip").first
    chip.click()

    assert 0 < picked < 34
    assert len(en.names()) == held
    assert chip.get_attribute("aria-pressed") == "true"

    chip.click()
    assert len(en.names()) == 34


# --- one participant, and the keyboard


def test_a_name_opens_its_reasons_by_keyboard_alone(en: Opened) -> None:
    """Enter opens a participant, Escape closes it, and the focus is back where it was and can be seen."""
    en.search("thai nguyen")
    for _ in range(60):
        en.page.keyboard.press("Tab")
        if en.page.evaluate("document.activeElement.textContent") == "Thái Nguyên":
            break
    outline = en.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    en.page.keyboard.press("Enter")
    told = en.page.locator("dialog").inner_text()
    en.page.keyboard.press("Escape")

    assert outline == "solid"
    assert "20 / 34" in told
    assert "68.91%" in told
    assert not en.page.locator("dialog").is_visible()
    assert en.page.evaluate("document.activeElement.textContent") == "Thái Nguyên"


def test_space_sorts_and_presses(en: Opened) -> None:
    """A head and a chip are buttons, which Space presses."""
    en.page.locator("#board-0 thead th button").nth(2).focus()
    en.page.keyboard.press("Space")
    en.page.locator("#board-0 button.chip").first.focus()
    en.page.keyboard.press("Space")

    assert en.page.locator("#board-0 [aria-sort]").count() == 1
    assert en.page.locator("#board-0 [aria-pressed=true]").count() == 1


def test_an_address_leads_to_a_participant(browser: object, files: dict[str, Path]) -> None:
    """A link to one participant opens it, with what would lift it and the tree of reasons."""
    with Opened(browser, files["vi"], f"#one-{THAI_NGUYEN}") as one:
        told = one.page.locator("dialog")

        assert "68,91%" in told.inner_text()
        assert told.locator(".ways li").count() >= 1
        assert told.locator(".tree details").count() >= 1


# --- what it asks for, and what it says of itself


def test_it_asks_for_nothing_and_is_silent(vi: Opened, files: dict[str, Path]) -> None:
    """The only request is for the file itself, and the console stays empty, whatever one does."""
    vi.search("ha")
    vi.page.locator("#board-0 tbody th button").first.click()

    assert vi.asked == [files["vi"].as_uri()]
    assert vi.said == []


def test_a_script_put_in_does_not_run(browser: object, files: dict[str, Path], tmp_path: Path) -> None:
    """Only our own script is allowed: another one, and a handler, stay still."""
    text = files["en"].read_text(encoding="utf-8")
    (tmp_path / "x.html").write_text(
        text.replace("</main>", f"<script>{RUN}</script><img src=x onerror={RUN}></main>"), encoding="utf-8"
    )
    with Opened(browser, tmp_path / "x.html") as one:
        assert one.page.evaluate("window.ran") is None
        assert any("Content Security Policy" in line for line in one.said)


@pytest.mark.parametrize("language", ["en", "vi"])
def test_it_says_what_it_is(language: str, files: dict[str, Path]) -> None:
    """Language, day, hashes, the mark of made-up figures; and nothing is called sealed that no ledger has sealed."""
    outcome, text = scored("resolution-57-2025")[0], files[language].read_text(encoding="utf-8")

    assert f'<html lang="{language}">' in text
    assert outcome.data_hash in text
    assert outcome.campaign.fingerprint in text
    assert {"en": "6 Aug 2025", "vi": "06/08/2025"}[language] in text
    assert {"en": "Illustrative data", "vi": "Số liệu minh họa"}[language] in text
    assert {"en": "Provisional, not sealed", "vi": "Kết quả tạm thời, chưa chốt"}[language] in text


def test_movement_is_shown(browser: object, tmp_path: Path) -> None:
    """With an earlier day each row says how its place moved."""
    before, now = scored("thai-nguyen-2025", "2025-07-27")
    (tmp_path / "x.html").write_text(page_html(now, words("en"), earlier=[before]), encoding="utf-8")
    with Opened(browser, tmp_path / "x.html") as one:
        signs = one.page.locator(".board tbody td:last-child").all_inner_texts()

        assert "Moved" in one.page.locator(".board thead").all_inner_texts()[-1]
        assert any(sign.startswith("▲") for sign in signs)
        assert any(sign.startswith("▼") for sign in signs)


def test_the_same_outcome_is_the_same_bytes() -> None:
    """The order of sets and of hashes leaves no trace."""
    given = ["-m", "emulation", "score", "campaigns/thai-nguyen-2025", "--format", "html"]
    pages = {
        subprocess.run(
            [sys.executable, *given],
            check=True,
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert [page.startswith(b"<!doctype html>") for page in pages] == [True]


# --- everybody can read it


@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    [("vi", "light", 1280), ("en", "dark", 1280), ("en", "light", 390), ("vi", "dark", 390)],
)
def test_everybody_can_read_it(browser: object, tmp_path: Path, language: str, scheme: str, width: int) -> None:
    """The board and one participant break no rule of WCAG 2.2 AA, and nothing goes over the edge."""
    file = tmp_path / "x.html"
    file.write_text(page_html(scored("hau-giang-2024")[0], words(language)), encoding="utf-8")
    with Opened(browser, file, color_scheme=scheme, viewport={"width": width, "height": 900}) as one:
        assert violations(one) == []
        assert one.page.evaluate("document.documentElement.scrollWidth") <= width

        one.page.locator("tbody th button").first.click()
        assert violations(one) == []


def violations(one: Opened) -> list[str]:
    """Name what axe finds."""
    found = axe.Axe().run(one.page, options={"runOnly": WCAG}).response
    assert found["passes"], "axe looked at nothing"
    return [f"{rule['id']}: {rule['nodes'][0]['html'][:120]}" for rule in found["violations"]]


# --- paper


@pytest.mark.skipif(which("pdftotext") is None, reason="pdftotext is not installed")
def test_it_prints_on_paper(browser: object, tmp_path: Path) -> None:
    """All rows are on A4, each page of a table with its head, and no control is printed."""
    outcome = scored("hau-giang-2024")[0]
    file = tmp_path / "x.html"
    file.write_text(page_html(outcome, words("en")), encoding="utf-8")
    with Opened(browser, file) as one:
        one.page.pdf(path=tmp_path / "x.pdf", prefer_css_page_size=True)
    command = [str(which("pdftotext")), "-layout", str(tmp_path / "x.pdf"), "-"]
    text = subprocess.run(command, capture_output=True, check=True).stdout.decode()
    sheets = text.rstrip("\f\n").split("\f")

    assert 3 <= len(sheets) <= 8
    assert all("Participant" in sheet for sheet in sheets[:-1])
    assert "Search by name" not in text
    assert "Show more" not in text
    assert all(any(word in text for word in one.participant.name.split()) for one in outcome)


# --- names that would be more than names


def write_evil(folder: Path) -> Path:
    """Write a campaign in which every name, group and note is an attack."""
    (folder / "campaign.yaml").write_text(
        "campaign: evil\n"
        f"title: {quoted(PAYLOADS[1])}\n"
        "period: {from: 2025-01-01, to: 2025-12-31}\n"
        "participants: {file: participants.csv, groups: [zone]}\n"
        "set_aside: block\n"
        "gaps: {missing: zero}\n"
        "rounding: {points: 2, total: 2, mode: half_up, decide_on: rounded}\n"
        f"standings: {{total: {{title: {quoted(PAYLOADS[12])}, for: commune, by: [total], ties: shared}}}}\n"
        "indicators:\n"
        f"  files: {{title: {quoted(PAYLOADS[7])}, number: files, at: latest, bounds: {{from: 0}}}}\n"
        "criteria:\n"
        f"  files_points: {{title: {quoted(PAYLOADS[14])}, indicator: files, max: 5,\n"
        "    proportional: {full_at: 320, cap: full}}\n",
        encoding="utf-8",
    )
    table(
        folder / "participants.csv",
        ["id", "name", "kind", "zone"],
        [[f"n{number}", payload, "commune", payload] for number, payload in enumerate(PAYLOADS)],
    )
    table(
        folder / "observations.csv",
        ["participant", "indicator", "to", "value", "source"],
        [[f"n{number}", "files", "2025-06-30", str(number), payload] for number, payload in enumerate(PAYLOADS)],
    )
    return folder


def quoted(text: str) -> str:
    """Write a text as a YAML scalar."""
    return "'" + text.replace("'", "''") + "'"


def table(file: Path, head: list[str], rows: list[list[str]]) -> None:
    """Write a table."""
    with file.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out).writerows([head, *rows])


def test_names_are_never_run(browser: object, tmp_path: Path) -> None:
    """Every attack stands in the page and in the folder as the text it is; none runs, asks or draws."""
    rules = em.load_campaign(write_evil(tmp_path))
    outcome = em.score(rules, load_observations(tmp_path / "observations.csv", rules))
    pages = tmp_path / "pages"
    (pages / "participants").mkdir(parents=True)
    for name, text in site(outcome, words("vi")):
        assert (pages / name).resolve().is_relative_to(pages.resolve())
        (pages / name).write_text(text, encoding="utf-8")
    (tmp_path / "x.html").write_text(page_html(outcome, words("en")), encoding="utf-8")

    assert len(PAYLOADS) >= 60
    for file in (tmp_path / "x.html", pages / "index.html"):
        with Opened(browser, file) as one:
            one.page.evaluate("dispatchEvent(new Event('beforeprint'))")  # lays out all rows
            shown = set(one.page.locator("#board-0 tbody th").evaluate_all("all => all.map(x => x.textContent)"))
            for number in range(len(PAYLOADS)):
                one.page.evaluate(f"location.hash = 'one-n{number}'")
            one.page.locator("dialog[open] .tree").wait_for()

            assert shown == {rules.participants[f"n{number}"].name for number in range(len(PAYLOADS))}
            assert one.page.evaluate("window.ran") is None
            assert one.page.locator("img, iframe, object, embed, base, link, form").count() == 0
            assert (one.said, one.asked) == ([], [file.as_uri()])
    with Opened(browser, pages / "rulebook.html") as one:
        for number, payload in enumerate(PAYLOADS):
            if number % 4 == 0:
                one.page.goto((pages / "participants" / f"{file_name(f'n{number}')}.html").as_uri())
                assert one.page.locator("main h1").text_content() == rules.participants[f"n{number}"].name, payload
        assert one.page.evaluate("window.ran") is None
        assert one.said == []


@pytest.mark.parametrize("name", INVISIBLE)
def test_names_that_cannot_be_seen_are_refused(name: str, tmp_path: Path) -> None:
    """Signs that turn, part or hide a text do not come as far as a page."""
    folder = write_evil(tmp_path)
    table(folder / "participants.csv", ["id", "name", "kind"], [["n1", name, "commune"]])

    with pytest.raises(Refused):
        em.load_campaign(folder)


@pytest.mark.parametrize("payload", PAYLOADS + INVISIBLE)
def test_file_names_are_safe(payload: str) -> None:
    """Whatever an id holds, its file's name is short and holds only what every system allows."""
    name = file_name(payload)

    assert name.isascii()
    assert name.replace("-", "").replace("_", "").isalnum()
    assert len(name) <= 80
