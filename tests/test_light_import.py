"""Light import: `import emulation` loads the standard library and what reading a campaign needs, no more.

Nor does a board of a table load what ledgers are kept by.
"""

from __future__ import annotations

import json
import subprocess
import sys

LIGHT = {"emulation", "attrs", "attr", "yaml", "_yaml", "dateutil", "six", "tzdata"}
PROGRAM = """
import sys
before = set(sys.modules)
import {module}
import json
print(json.dumps(sorted(set(sys.modules) - before)))
"""


def test_import_is_light() -> None:
    """Neither click nor jinja2 nor any optional library is loaded with the library."""
    assert libraries(loaded_by("emulation")) - LIGHT == set()


def test_a_board_without_a_ledger_is_light() -> None:
    """The command that is typed most fetches the rooms of ledgers when its DATA is one."""
    loaded = loaded_by("emulation.commands.score")

    assert "emulation.addresses" in loaded
    assert loaded & {"sqlite3", "emulation.ledger.entries", "emulation.publication"} == set()


def test_the_check_can_fail() -> None:
    """A library loaded with another is seen."""
    assert "markupsafe" in libraries(loaded_by("jinja2"))
    assert "emulation.publication" in loaded_by("emulation.commands.seal")


def libraries(modules: set[str]) -> set[str]:
    """Give the libraries that modules are of, besides the standard one."""
    return {name.partition(".")[0] for name in modules} - sys.stdlib_module_names


def loaded_by(module: str) -> set[str]:
    """Give the modules that a fresh Python loads with another."""
    command = [sys.executable, "-I", "-c", PROGRAM.format(module=module)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return set(json.loads(printed))
