"""Architecture: the stairs of the house; a room imports only from steps below its own, in the open."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from graphlib import CycleError, TopologicalSorter

import pytest

from emulation.cli import VERBS

from house import ROOMS, SOURCE, STEPS, Room, called, functions, imported

LEVEL = {name: level for level, step in enumerate(STEPS) for name in step}

LAZY_DOORS = {
    ("__init__", "__getattr__"),
    ("cli", "get_command"),
    ("columnar", "_library"),
    ("display", "_renderer"),
    ("doors", "open_room"),
    ("scenarios", "_arrays"),
}
"""The public names, click's subcommands, the page a notebook asks a record for, and what few come for."""

COLUMNS = {
    f"columnar.{room}"
    for room in (
        "archive",
        "cases",
        "counting",
        "engines",
        "expressions",
        "frames",
        "gatherings",
        "long",
        "postgres",
        "reduction",
        "rollups",
        "running",
    )
}

OUTSIDE = {
    "attrs": None,  # in every room
    "dateutil": {"periods"},
    "yaml": {"reading.document"},
    "click": {
        "cli",
        "commands.engines",
        "commands.options",
        "commands.publishing",
        *(f"commands.{verb}" for verb in VERBS),
    },
    "jinja2": {"report.stencils"},
    "markupsafe": {"report.stencils"},
    "psycopg": {"columnar.postgres", "ledger.postgres"},
    "openpyxl": {"reading.workbook"},
    "xlsxwriter": {"report.workbook"},
    "defusedxml": {"reading.markup", "reading.workbook"},
    "narwhals": {"reading.frames", "report.frames", *COLUMNS},
    "pyarrow": {
        "reading.parquet",
        "columnar.archive",
        "columnar.engines",
        "columnar.figures",
        "columnar.handed_in",
        "columnar.postgres",
        "columnar.rollups",
    },
    "numpy": {
        "scenarios.arrays",
        "columnar.arrays",
        "columnar.engines",
        "columnar.figures",
        "columnar.following",
        "columnar.replay",
    },
    "altair": {"report.charts"},
    "vl_convert": {"report.drawing"},
    "hypothesis": {"testing.cases", "testing.contests", "testing.facts", "testing.worth"},
}

NO_ROOM = {
    "util",
    "utils",
    "helper",
    "helpers",
    "common",
    "commons",
    "misc",
    "core",
    "base",
    "manager",
    "managers",
}


def test_every_import_goes_down() -> None:
    """A room imports from the steps below its own, and from its own shelf; nothing else of the house."""
    assert list(upward(ROOMS)) == []


def test_no_import_goes_round() -> None:
    """The rooms of a shelf stand in some order too."""
    assert going_round(ROOMS) == []


def test_every_import_is_in_the_open() -> None:
    """An import stands at the top of its room; only the lazy doors open later."""
    assert list(hidden(ROOMS)) == []


def test_every_outside_import_is_declared() -> None:
    """A library of others is imported in the rooms listed for it, and nowhere else."""
    assert list(undeclared(ROOMS)) == []


def test_every_room_is_listed_and_well_named() -> None:
    """A room stands on a step of the stairs, and its name says what lives there."""
    assert list(misnamed(ROOMS)) == []


def test_a_shelf_holds_no_code() -> None:
    """The ``__init__`` of a shelf is a docstring."""
    assert list(shelves_with_code(room for room in ROOMS if (SOURCE / room.name).is_dir())) == []


def test_no_room_is_empty() -> None:
    """A room that is not a shelf has code in it."""
    assert [room for room in ROOMS if not (SOURCE / room.name).is_dir() and len(room.tree.body) < 2] == []


@pytest.mark.parametrize(
    ("room", "text", "finding"),
    [
        ("points", "from emulation.totals import x", "points:1 imports totals, which is not below it"),
        (
            "points",
            "if TYPE_CHECKING:\n from emulation.cli import x",
            "points:2 imports cli, which is not below it",
        ),
        ("names", "from emulation.places import x", "names:1 imports places, which is not below it"),
        (
            "ledger.sqlite",
            "import emulation.reading as r",
            "ledger.sqlite:1 imports reading, which is not below it",
        ),
        ("points", "import emulation", "points:1 imports the front door"),
        ("points", "from emulation import exact", "points:1 imports the front door"),
        ("points", "from .exact import divide", "points:1 imports by a relative name"),
        ("points", "def f():\n import re", "points:2 hides an import in a function"),
        ("cli", "def f():\n import_module('re')", "cli:2 hides an import in a function"),
        ("points", "import attr", "points:1 imports attr, which is not declared for it"),
        (
            "points",
            "from dateutil.rrule import rrule",
            "points:1 imports dateutil, which is not declared for it",
        ),
        ("reading.lint", "import yaml", "reading.lint:1 imports yaml, which is not declared for it"),
        ("cellar", "", "cellar stands on no step"),
        ("report.utils", "", "report.utils says nothing of what lives there"),
        ("report", "'''Report: x.'''\nx = 1", "report holds code"),
    ],
)
def test_the_checks_can_fail(room: str, text: str, finding: str) -> None:
    """Each check finds what it is for."""
    planted = [Room(room, text)]

    checks = (upward, hidden, undeclared, misnamed, shelves_with_code if room == "report" else hidden)

    assert {found for check in checks for found in check(planted)} == {finding}


def test_a_lazy_door_may_open_late() -> None:
    """An import in a listed door is not hidden."""
    assert list(hidden([Room("cli", "class Lazy:\n def get_command(self):\n  import_module('re')")])) == []


def test_a_ring_of_rooms_is_found() -> None:
    """Two rooms of one shelf that import each other go round."""
    ring = [
        Room("reading.lint", "from emulation.reading.schema import x"),
        Room("reading.schema", "from emulation.reading.lint import x"),
    ]

    assert set(going_round(ring)) == {"reading.lint", "reading.schema"}


def upward(rooms: Iterable[Room]) -> Iterator[str]:
    """Find what is imported from the same step, from above, by the front door or by a relative name."""
    for room in rooms:
        for node in ast.walk(room.tree):
            for module, _ in imported(node):
                if module.startswith("."):
                    yield room.at(node, "imports by a relative name")
                elif module == "emulation":
                    yield room.at(node, "imports the front door")
                elif module.startswith("emulation."):
                    target = module.split(".")[1]
                    if target != room.top and LEVEL.get(target, len(STEPS)) >= LEVEL.get(room.top, len(STEPS)):
                        yield room.at(node, f"imports {target}, which is not below it")


def going_round(rooms: Iterable[Room]) -> list[str]:
    """Find rooms that import each other in a ring."""
    graph: dict[str, set[str]] = {}
    for room in rooms:
        names = [pair for node in ast.walk(room.tree) for pair in imported(node)]
        inner = [(module[len("emulation.") :], name) for module, name in names if module.startswith("emulation.")]
        graph[room.name] = {target for module, name in inner for target in (module, f"{module}.{name}")}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as ring:
        return list(ring.args[1])
    return []


def hidden(rooms: Iterable[Room]) -> Iterator[str]:
    """Find imports within functions, but for the lazy doors."""
    for room in rooms:
        for function in functions(room.tree):
            if (room.top, function.name) in LAZY_DOORS:
                continue
            for node in ast.walk(function):
                late = called(node).rpartition(".")[2] in {"import_module", "__import__"}
                if late or isinstance(node, ast.Import | ast.ImportFrom):
                    yield room.at(node, "hides an import in a function")


def undeclared(rooms: Iterable[Room]) -> Iterator[str]:
    """Find libraries of others in rooms they are not declared for."""
    known = sys.stdlib_module_names | {"emulation", ""}
    for room in rooms:
        for node in ast.walk(room.tree):
            for library in {module.partition(".")[0] for module, _ in imported(node)} - known:
                allowed = OUTSIDE.get(library, set())
                if allowed is not None and room.name not in allowed:
                    yield room.at(node, f"imports {library}, which is not declared for it")


def misnamed(rooms: Iterable[Room]) -> Iterator[str]:
    """Find rooms that stand on no step, and names that say nothing."""
    for room in rooms:
        if room.top not in LEVEL:
            yield f"{room.name} stands on no step"
        if NO_ROOM & {part.strip("_") for part in room.name.split(".")}:
            yield f"{room.name} says nothing of what lives there"


def shelves_with_code(shelves: Iterable[Room]) -> Iterator[str]:
    """Find shelves with more than a docstring."""
    for shelf in shelves:
        if ast.get_docstring(shelf.tree) is None or len(shelf.tree.body) != 1:
            yield f"{shelf.name} holds code"
