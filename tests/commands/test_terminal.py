"""Terminal: what a person sees who looks on: tables as wide as the window, names whole, long work told."""

from __future__ import annotations

import fcntl
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.commands import options
from emulation.ledger import copies, store
from emulation.ledger.entries import Amended
from emulation.ledger.opening import open_ledger
from emulation.reading.campaign_file import load_campaign
from emulation.report.layout import table_lines, width, wrapped

ROOT = Path(__file__).parents[2]
THAI_NGUYEN = ROOT / "campaigns" / "thai-nguyen-2025"
CAN_THO = ROOT / "campaigns" / "can-tho-157"


def shown(columns: int, *typed: object) -> str:
    """Type a command in a terminal so many cells wide; give what it shows."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    command = [sys.executable, "-m", "emulation", *map(str, typed)]
    kept = {name: value for name, value in os.environ.items() if name not in {"COLUMNS", "EMULATION_LANG"}}
    run = subprocess.Popen(command, stdout=theirs, stderr=subprocess.DEVNULL, stdin=theirs, env=kept)
    os.close(theirs)
    seen = read_to_the_end(ours)
    assert run.wait() in {0, 1}
    return seen


@pytest.mark.parametrize("columns", [40, 60, 80, 132])
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_a_board_is_as_wide_as_the_window(columns: int, lang: str) -> None:
    """No line of a board is wider than the terminal."""
    lines = shown(columns, "score", CAN_THO, "--lang", lang).splitlines()

    assert [line for line in lines if width(line) > columns] == []
    assert len(lines) > 100


@pytest.mark.parametrize("columns", [40, 80, 200])
def test_no_name_is_cut(columns: int) -> None:
    """Every commune's name stands in the board as it is spelt, on one line."""
    names = [one.name for one in load_campaign(THAI_NGUYEN).participants]
    text = shown(columns, "score", THAI_NGUYEN)

    assert [name for name in names if name not in text] == []


def test_every_number_is_there_however_narrow() -> None:
    """A row that goes on in further lines has all of its cells, in their order."""
    wide = shown(300, "score", THAI_NGUYEN, "--top", 5).split()
    narrow = shown(40, "score", THAI_NGUYEN, "--top", 5).split()

    assert sorted(word for word in wide if "─" not in word) == sorted(word for word in narrow if "─" not in word)


def test_what_is_piped_is_not_fitted() -> None:
    """Without a terminal a table is as wide as it is, whatever COLUMNS says."""
    command = [sys.executable, "-m", "emulation", "score", str(CAN_THO), "--top", "3"]
    env = {**os.environ, "COLUMNS": "40"}

    text = subprocess.run(command, capture_output=True, text=True, check=False, env=env).stdout

    assert max(map(width, text.splitlines())) > 200


def test_what_goes_into_a_file_is_not_fitted(tmp_path: Path) -> None:
    """Even if somebody looks on."""
    file = tmp_path / "board.txt"

    shown(40, "score", CAN_THO, "--top", 3, "--output", file)

    assert max(map(width, file.read_text(encoding="utf-8").splitlines())) > 200


def test_reasons_are_as_wide_as_the_window() -> None:
    """Sentences too, as far as their words allow."""
    lines = shown(60, "explain", THAI_NGUYEN, "05443").splitlines()

    assert [line for line in lines if width(line) > 60] == []


# --- layout


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("Huế", 3),
        ("Hue\u0302\u0301", 3),  # the same in letters and marks
        ("東京", 4),
        ("a\u200bb", 2),  # a blank of no width
        ("क\u093f", 2),  # a mark that takes a cell
        ("e\u20dd", 1),  # a circle around a letter
    ],
)
def test_cells_are_counted_as_terminals_do(text: str, cells: int) -> None:
    """Marks and joiners take none, wide letters two."""
    assert width(text) == cells


TEXTS = st.text(st.sampled_from("aắ東 e\u0301"), max_size=12).map(lambda text: " ".join(text.split()))


@given(st.data(), st.integers(2, 6), st.integers(0, 5), st.integers(20, 90))
def test_a_table_keeps_all_and_the_page(data: st.DataObject, many: int, high: int, wide: int) -> None:
    """Whatever its cells are, nothing is lost, and only a word that is wider than the page goes beyond it."""
    headings = data.draw(st.lists(TEXTS, min_size=many, max_size=many))
    rows = data.draw(st.lists(st.lists(TEXTS, min_size=many, max_size=many), min_size=high, max_size=high))
    numeric = data.draw(st.lists(st.booleans(), min_size=many, max_size=many))

    fitted = list(table_lines(headings, numeric, rows, wide))
    free = list(table_lines(headings, numeric, rows))

    assert sorted(" ".join(fitted).replace("─", "").split()) == sorted(" ".join(free).replace("─", "").split())
    assert all(width(line) <= wide for line in fitted)
    assert len(free) - len(rows) <= max(len(text.split()) for text in headings) + 1 if any(headings) else True


def test_the_second_line_of_a_row_stands_further_in() -> None:
    """So that rows are told apart."""
    lines = list(table_lines(["Name", "Points", "Class"], [False, True, False], [["Xã An Khánh", "100", "green"]], 22))

    assert lines == [
        "Name         Points",
        "    Class",
        "───────────  ──────",
        "Xã An Khánh     100",
        "    green",
    ]


def test_a_cell_wider_than_the_page_is_broken_at_its_blanks() -> None:
    """A long name goes on below."""
    lines = list(table_lines(["Name"], [False], [["Văn phòng Ủy ban nhân dân thành phố"]], 24))

    assert lines[-2:] == ["Văn phòng Ủy ban", "nhân dân thành phố"]
    assert list(wrapped("một hai", "", 4, hang="")) == ["một", "hai"]


# --- long work


class Patient:
    """A timer that goes off at once, or never."""

    goes_off = True

    def __init__(self, seconds: float, say: object) -> None:
        self.say = say

    def start(self) -> None:
        """Go off."""
        if self.goes_off and callable(self.say):
            self.say()

    def cancel(self) -> None:
        """Do nothing more."""

    def join(self) -> None:
        """Have ended."""


class Impatient(Patient):
    """A timer for work that is done before anybody wonders."""

    goes_off = False


@pytest.mark.parametrize(("timer", "said"), [(Patient, "\rreading x …"), (Impatient, "")])
def test_long_work_is_told_and_wiped_out(
    timer: type, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """On a terminal it says what takes so long; short work says nothing."""
    monkeypatch.setattr(options, "Timer", timer)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with options.busy("reading x"):
        pass

    wiped = f"\r{' ' * len('reading x …')}\r" if said else ""
    assert capsys.readouterr().err == said + wiped


def test_how_far_long_work_has_come_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """In hundredths, each once; what cannot be is not said, and the longest line is wiped out."""
    monkeypatch.setattr(options, "Timer", Patient)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)

    with options.busy("reading x") as tell:
        for done, of in ((1, 3), (2, 3), (2, 3), (5, 3), (0, 0), (3, 3)):
            tell(done, of)

    steps = "".join(f"\rreading x … {share} %" for share in (33, 66, 100))
    assert capsys.readouterr().err == f"\rreading x …{steps}\r{' ' * len('reading x … 100 %')}\r"


def test_a_ledger_tells_how_far_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Verifying, writing and taking over tell every few lines how far they are."""
    monkeypatch.setattr(store, "TOLD_EVERY", 2)
    monkeypatch.setattr(copies, "TOLD_EVERY", 2)
    told: list[tuple[int, int]] = []
    exported = tmp_path / "t.jsonl"

    def tell(done: int, of: int) -> None:
        told.append((done, of))

    with open_ledger(str(tmp_path / "t.ledger"), create=True) as ledger:
        for number in range(5):
            ledger.append([Amended("t", str(number))], author="Lan")
        store.verify(ledger, tell=tell)
        copies.export(ledger, exported, tell)
        copies.backup(ledger, tmp_path / "b.ledger", tell)
    with open_ledger(str(tmp_path / "c.ledger"), create=True) as ledger:
        copies.import_ledger(exported, ledger, tell)

    lines, size = exported.read_bytes().splitlines(keepends=True), exported.stat().st_size
    assert told[:6] == [(2, 5), (4, 5)] * 3
    assert told[6:] == [(sum(map(len, lines[:2])), size), (sum(map(len, lines[:4])), size)]


def test_nobody_who_pipes_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """Without a terminal nothing is said, however long it takes."""
    monkeypatch.setattr(options, "Timer", Patient)

    with options.busy("reading x"):
        pass

    assert capsys.readouterr().err == ""


def test_a_board_is_told_of_in_a_terminal() -> None:
    """Reading and scoring say so on a real terminal, and wipe it out."""
    program = (
        "from emulation.commands import options\n"
        "from emulation import cli\n"
        "class AtOnce:\n"
        "    def __init__(self, seconds, say): self.start = say\n"
        "    def cancel(self): pass\n"
        "    join = cancel\n"
        "options.Timer = AtOnce\n"
        "cli.main()\n"
    )
    ours, theirs = pty.openpty()
    run = subprocess.Popen(
        [sys.executable, "-c", program, "score", str(THAI_NGUYEN)], stdout=subprocess.DEVNULL, stderr=theirs
    )
    os.close(theirs)
    seen = read_to_the_end(ours)

    assert run.wait() == 0
    assert [word for word in ("reading", "scoring 93 participants …") if word not in seen] == []
    assert seen.endswith("\r")


def read_to_the_end(terminal: int) -> str:
    """Read what is shown on a terminal until nobody writes to it any more."""
    seen = bytearray()
    while True:
        try:
            part = os.read(terminal, 65536)
        except OSError:  # what Linux says then
            break
        if not part:
            break
        seen += part
    os.close(terminal)
    return seen.decode().replace("\r\n", "\n")
