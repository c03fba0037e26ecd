"""Notebooks: run by the programs people run them with, they show what stands in them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

HOME = Path(__file__).parents[2]
NOTEBOOK = HOME / "docs" / "tutorial" / "deciding.ipynb"


def run(*typed: str) -> subprocess.CompletedProcess[str]:
    """Run Python in the project's folder, with the language of the documents."""
    env = {name: value for name, value in os.environ.items() if name != "EMULATION_LANG"}
    return subprocess.run([sys.executable, *typed], cwd=HOME, env=env, capture_output=True, text=True, check=False)


def test_a_notebook_shows_what_comes_out() -> None:
    """In Jupyter's kernel every cell's output is as it stands in the file; else run tools/notebook.py."""
    ran = run("tools/notebook.py", "--check")

    assert (ran.stdout, ran.returncode) == ("", 0), ran.stderr


def test_the_check_can_fail(tmp_path: Path) -> None:
    """An output that is not what comes out is found, and one that is written anew is right."""
    (tmp_path / "docs").mkdir()
    (tmp_path / "tools").mkdir()
    cell = {"cell_type": "code", "id": "a", "metadata": {}, "execution_count": 1, "source": "1 + 1", "outputs": []}
    notebook = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    (tmp_path / "docs" / "x.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    tool = tmp_path / "tools" / "notebook.py"
    tool.write_text((HOME / "tools" / "notebook.py").read_text(encoding="utf-8"), encoding="utf-8")

    checked, written, again = run(str(tool), "--check"), run(str(tool)), run(str(tool), "--check")

    assert (checked.stdout, checked.returncode) == ("docs/x.ipynb\n", 1)
    assert (written.stdout, written.returncode) == ("docs/x.ipynb\n", 0)
    assert (again.stdout, again.returncode) == ("", 0)


def test_a_record_is_kept_as_a_page_and_as_short_text() -> None:
    """What a notebook keeps of an answer is its page and its text, not the record written out."""
    cells = json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]
    outputs = [one["data"] for cell in cells for one in cell.get("outputs", ()) if "text/html" in one.get("data", {})]

    assert len(outputs) == 5
    assert max(len("".join(one["text/plain"])) for one in outputs) < 8000
    assert all("Label(texts=" not in "".join(one["text/plain"]) for one in outputs)
