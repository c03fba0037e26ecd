"""Light import: `import emulation` loads the standard library and what reading a campaign needs, no more."""

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
print(json.dumps(sorted({{name.partition(".")[0] for name in set(sys.modules) - before}})))
"""


def test_import_is_light() -> None:
    """Neither click nor jinja2 nor any optional library is loaded with the library."""
    assert loaded_by("emulation") - LIGHT == set()


def test_the_check_can_fail() -> None:
    """A library loaded with another is seen."""
    assert "markupsafe" in loaded_by("jinja2")


def loaded_by(module: str) -> set[str]:
    """Give what a fresh Python loads with a module, besides the standard library."""
    command = [sys.executable, "-I", "-c", PROGRAM.format(module=module)]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return set(json.loads(printed)) - sys.stdlib_module_names
