"""Notebook: runs the notebooks of the documents in Jupyter's own kernel, and writes what comes out into them.

python tools/notebook.py            run all of them anew
python tools/notebook.py --check    only say which show something else than stands in them; exit code 1 where any does
"""

from __future__ import annotations

import os
import sys
from copy import deepcopy
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

HOME = Path(__file__).resolve().parents[1]


def notebooks() -> list[Path]:
    """Give the notebooks of the documents."""
    return sorted((HOME / "docs").rglob("*.ipynb"))


def read(file: Path) -> Any:
    """Read a notebook as its file has it."""
    return nbformat.read(file, as_version=4)


def executed(notebook: Any) -> Any:
    """Run a notebook from its first cell to its last, and give it with what came out."""
    ran = deepcopy(notebook)
    # Files instead of ports: no other program of the machine can listen, and none is in the way.
    with TemporaryDirectory() as place:
        kernel = AsyncKernelManager(kernel_name="python3", transport="ipc", ip=f"{place}/kernel")
        where = {"metadata": {"path": str(HOME)}}
        NotebookClient(ran, km=kernel, timeout=300, record_timing=False, resources=where).execute()
    ran.metadata = notebook.metadata  # which would name this machine's Python
    return ran


def shown(notebook: Any) -> list[Any]:
    """Give what the cells of a notebook show."""
    return [cell.get("outputs") for cell in notebook.cells]


if __name__ == "__main__":
    os.environ.pop("EMULATION_LANG", None)
    differ = 0
    for path in notebooks():
        kept = read(path)
        found = executed(kept)
        if shown(found) != shown(kept):
            differ += 1
            print(path.relative_to(HOME))
            if "--check" not in sys.argv:
                nbformat.write(found, path)
    sys.exit(1 if differ and "--check" in sys.argv else 0)
