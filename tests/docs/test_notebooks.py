"""Notebooks: run by the programs people run them with, they show what stands in them."""

from __future__ import annotations

import json
import os
import re
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

    assert len(outputs) == 6
    assert max(len("".join(one["text/plain"])) for one in outputs) < 8000
    assert all("Label(texts=" not in "".join(one["text/plain"]) for one in outputs)


MARIMO = """
import json
from importlib.util import module_from_spec, spec_from_file_location

spec = spec_from_file_location("board", "docs/tutorial/board.py")
module = module_from_spec(spec)
spec.loader.exec_module(module)
outputs, names = module.app.run()
shown = {type(one).__name__: one._repr_html_() for one in outputs if hasattr(one, "_repr_html_")}
print(json.dumps({"shown": shown, "names": sorted(names)}))
"""


def test_a_notebook_of_marimo_runs() -> None:
    """Its cells run in the order marimo gives them, and show a board, pictures, an answer and a frame."""
    ran = run("-c", MARIMO)
    assert ran.returncode == 0, ran.stderr
    found = json.loads(ran.stdout)

    assert {"Outcome", "Picture", "WayUp", "DataFrame"} <= set(found["shown"])
    assert {"campaign", "outcome", "table"} <= set(found["names"])
    assert "Phường Phan Đình Phùng" in found["shown"]["WayUp"]


def test_marimo_can_show_what_we_show() -> None:
    """Neither scripts, which it would put behind a frame, nor parts that are used again, which it loses."""
    ran = run("-c", MARIMO)
    own = {name: page for name, page in json.loads(ran.stdout)["shown"].items() if name != "DataFrame"}

    assert [name for name, page in own.items() if re.search(r"<(script|use|iframe|link|foreignObject)\b", page)] == []


def test_marimo_finds_nothing_to_mend() -> None:
    """Its own check of the file passes."""
    ran = run("-m", "marimo", "check", "--strict", "docs/tutorial/board.py")

    assert ran.returncode == 0, ran.stdout + ran.stderr
