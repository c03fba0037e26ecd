"""Refusals: what of a rulebook, or of its figures, has no exact meaning on columns, and what to do about it."""

from __future__ import annotations

from emulation.problems import Path, Problem, Refused

REMEDY = "score it with --engine exact"


class ExactOnly(Refused):
    """A rule that the exact engine alone can judge (E780)."""

    def __init__(self, path: Path, what: str, remedy: str = REMEDY) -> None:
        super().__init__([Problem("E780", f"{what} is not judged on columns", remedy, path=path)])
