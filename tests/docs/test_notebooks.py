"""Notebooks: run from the first cell to the last, they show what stands in them."""

from __future__ import annotations

import json
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

HOME = Path(__file__).parents[2]


def tool() -> ModuleType:
    """Load the tool that runs notebooks."""
    spec = spec_from_file_location("notebook", HOME / "tools" / "notebook.py")
    if spec is None or spec.loader is None:
        raise AssertionError(spec)
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = tool()


@pytest.mark.parametrize("file", TOOL.notebooks(), ids=lambda file: str(file.stem))
def test_a_notebook_shows_what_comes_out(file: Path) -> None:
    """Every cell's output is as it stands in the file; else run tools/notebook.py."""
    pytest.importorskip("polars")
    kept = json.loads(file.read_text(encoding="utf-8"))

    ran = TOOL.executed(file)

    assert [cell.get("outputs") for cell in ran["cells"]] == [cell.get("outputs") for cell in kept["cells"]]
    assert any(cell.get("outputs") for cell in ran["cells"])
