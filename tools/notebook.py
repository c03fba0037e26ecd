"""Notebook: runs the notebooks of the documents and writes what comes out into them, without any server.

``python tools/notebook.py`` runs all of them anew; a test runs them and compares. A cell's last expression is shown as
a notebook would: as a page where it has one, else as text.
"""

from __future__ import annotations

import ast
import io
import json
import os
import sys
from contextlib import chdir, redirect_stdout
from pathlib import Path
from typing import Any

HOME = Path(__file__).parents[1]


def notebooks() -> list[Path]:
    """Give the notebooks of the documents."""
    return sorted((HOME / "docs").rglob("*.ipynb"))


def executed(file: Path) -> dict[str, Any]:
    """Run a notebook from its first cell to its last, and give it with what came out."""
    notebook: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    names: dict[str, Any] = {"__name__": "__main__"}
    count = 0
    with chdir(HOME):
        os.environ.pop("EMULATION_LANG", None)
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                count += 1
                cell["execution_count"] = count
                cell["outputs"] = _run("".join(cell["source"]), names, count)
    return notebook


def _run(source: str, names: dict[str, Any], count: int) -> list[dict[str, Any]]:
    """Run a cell; give what it printed, and its last expression as it is shown."""
    tree = ast.parse(source)
    last = tree.body.pop() if tree.body and isinstance(tree.body[-1], ast.Expr) else None
    said = io.StringIO()
    value = None
    with redirect_stdout(said):
        exec(compile(tree, "cell", "exec"), names)  # noqa: S102
        if isinstance(last, ast.Expr):
            value = eval(compile(ast.Expression(last.value), "cell", "eval"), names)  # noqa: S307
    outputs: list[dict[str, Any]] = []
    if said.getvalue():
        outputs.append({"name": "stdout", "output_type": "stream", "text": _lines(said.getvalue())})
    if value is not None:
        outputs.append(
            {"data": _shown(value), "execution_count": count, "metadata": {}, "output_type": "execute_result"}
        )
    return outputs


def _shown(value: Any) -> dict[str, list[str]]:
    page = getattr(value, "_repr_html_", None)
    if page is not None:
        return {"text/html": _lines(page()), "text/plain": [f"<{type(value).__name__}>"]}
    return {"text/plain": _lines(repr(value))}


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def written(notebook: dict[str, Any]) -> str:
    """Write a notebook as its file has it."""
    return json.dumps(notebook, ensure_ascii=False, indent=1) + "\n"


if __name__ == "__main__":
    for file in notebooks():
        file.write_text(written(executed(file)), encoding="utf-8")
        sys.stdout.write(f"{file.relative_to(HOME)}\n")
