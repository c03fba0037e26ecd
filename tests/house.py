"""House: the rooms under src/emulation as the tests of the house see them, as text and as syntax."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

SOURCE = Path(__file__).parents[1] / "src" / "emulation"

STEPS: tuple[frozenset[str], ...] = tuple(
    frozenset(step.split())
    for step in (
        "asking display exact",
        "grammar names places problems",
        "addresses doors formulas periods surroundings",
        "participants",
        "cases indicators observations",
        "admission gaps limits mergers plausibility registers",
        "measures scales",
        "conditions peers",
        "points",
        "criteria",
        "joins",
        "lines",
        "totals",
        "standings",
        "targets",
        "readiness",
        "awards",
        "campaign",
        "counting soundness",
        "checks",
        "outcome",
        "course reasoning",
        "ledger reading columnar",
        "lint publication",
        "scenarios",
        "report testing",
        "__init__",
        "commands",
        "cli",
        "__main__",
    )
)
STEM = frozenset[str]().union(*STEPS[: STEPS.index(frozenset({"course", "reasoning"})) + 1])


class Room:
    """One module: ``lint.review`` is ``reading/lint.py``, ``reading`` is its shelf's ``__init__``."""

    def __init__(self, name: str, text: str) -> None:
        self.name, self.text = name, text

    def __repr__(self) -> str:
        return self.name

    @classmethod
    def read(cls, path: Path) -> Room:
        """Read a room from its file."""
        inside = path.relative_to(SOURCE).with_suffix("").parts
        shelf = len(inside) > 1 and inside[-1] == "__init__"
        return cls(".".join(inside[:-1] if shelf else inside), path.read_text(encoding="utf-8"))

    @cached_property
    def tree(self) -> ast.Module:
        """The room's text as syntax."""
        return ast.parse(self.text)

    @property
    def top(self) -> str:
        """The room's name on the stairs: that of its shelf, where it stands on one."""
        return self.name.partition(".")[0]

    def at(self, node: ast.AST, finding: str) -> str:
        """Say what was found, and where."""
        return f"{self.name}:{getattr(node, 'lineno', 1)} {finding}"


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function and method, those within functions too."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def imported(node: ast.AST) -> Iterator[tuple[str, str | None]]:
    """Give what an import statement names: ``(module, name)``, or ``(module, None)`` for a whole module."""
    if isinstance(node, ast.Import):
        yield from ((alias.name, None) for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (("." * node.level + (node.module or ""), alias.name) for alias in node.names)


def called(node: ast.AST) -> str:
    """Spell the function a call calls, as ``date.today``; empty for anything else."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


ROOMS = tuple(Room.read(path) for path in sorted(SOURCE.rglob("*.py")))
