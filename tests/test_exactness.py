"""Exactness: no float and no lossy division in the stem; no clock, and no text run as code, anywhere."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from house import ROOMS, STEM, Room, called, imported

WHOLE_MATHS = {"ceil", "comb", "factorial", "floor", "gcd", "isqrt", "lcm", "perm", "prod"}
NEVER_IMPORTED = {"marshal", "pickle", "shelve", "socket", "subprocess"}
NEVER_CALLED = {"eval", "exec", "compile", "os.system", "os.popen", "time.time", "time.time_ns"}
CLOCKS = {"now", "today", "utcnow"}
MAY_SEE_THE_CLOCK = {"ledger.clock"}
"""Rooms that write down when something was recorded; none that judges."""


def test_numbers_stay_exact() -> None:
    """The stem sees no float; only `exact` divides and rounds."""
    assert [finding for room in ROOMS for finding in inexact(room)] == []


def test_nothing_runs_text_and_nothing_asks_the_clock() -> None:
    """No text becomes code, no bytes become objects, no other program is started, no day is today."""
    assert [finding for room in ROOMS for finding in unsafe(room)] == []


@pytest.mark.parametrize(
    ("room", "text", "finding"),
    [
        ("points", "0.5", "the float 0.5"),
        ("points", "float('1')", "a call of float"),
        ("points", "x = 1 / 2", "a true division"),
        ("points", "x /= 2", "a true division"),
        ("points", "from operator import truediv", "truediv"),
        ("points", "from math import sqrt", "math.sqrt"),
        ("points", "import math", "all of math"),
        ("report.text", "round(x)", "a call of round"),
        ("report.text", "eval('1')", "a call of eval"),
        ("report.text", "os.system('ls')", "a call of os.system"),
        ("report.text", "from subprocess import run", "subprocess"),
        ("report.text", "import pickle", "pickle"),
        ("report.text", "yaml.load(text)", "a call of yaml.load"),
        ("report.text", "from yaml import load_all", "yaml.load_all"),
        ("report.text", "datetime.now(UTC)", "the clock"),
        ("report.text", "date.today()", "the clock"),
        ("report.text", "time.time()", "a call of time.time"),
    ],
)
def test_the_checks_can_fail(room: str, text: str, finding: str) -> None:
    """Each check finds what it is for."""
    planted = Room(room, text)

    assert [*inexact(planted), *unsafe(planted)] == [f"{room}:1 {finding}"]


@pytest.mark.parametrize(("room", "text"), [("exact", "x / y, round(x)"), ("report.text", "0.5"), ("points", "x // y")])
def test_what_is_allowed_passes(room: str, text: str) -> None:
    """Only `exact` divides; a page may measure itself in floats; floor division is exact."""
    assert [*inexact(Room(room, text)), *unsafe(Room(room, text))] == []


def inexact(room: Room) -> Iterator[str]:
    """Find floats and lossy arithmetic: in the stem, and built-in rounding anywhere."""
    for node in ast.walk(room.tree):
        if called(node) == "round" and room.name != "exact":
            yield room.at(node, "a call of round")
        if room.top not in STEM:
            continue
        if isinstance(node, ast.Constant) and isinstance(node.value, float | complex):
            yield room.at(node, f"the float {node.value}")
        if called(node) == "float":
            yield room.at(node, "a call of float")
        if isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div) and room.name != "exact":
            yield room.at(node, "a true division")
        for module, name in imported(node):
            if name == "truediv":
                yield room.at(node, name)
            if module == "math" and name not in WHOLE_MATHS:
                yield room.at(node, f"math.{name}" if name else "all of math")


def unsafe(room: Room) -> Iterator[str]:
    """Find what runs text, starts programs, opens sockets, builds objects, or asks the clock."""
    for node in ast.walk(room.tree):
        call = called(node)
        if call in NEVER_CALLED or (call.startswith("yaml.") and "load" in call):
            yield room.at(node, f"a call of {call}")
        if "." in call and call.rpartition(".")[2] in CLOCKS and room.name not in MAY_SEE_THE_CLOCK:
            yield room.at(node, "the clock")
        for module, name in imported(node):
            if module.partition(".")[0] in NEVER_IMPORTED:
                yield room.at(node, module)
            if module == "yaml" and name and "load" in name:
                yield room.at(node, f"yaml.{name}")
