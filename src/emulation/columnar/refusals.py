"""Refusals: what of a rulebook, or of its figures, has no exact meaning on columns, and what to do about it."""

from __future__ import annotations

from emulation.problems import Path, Problem

REMEDY = "score it with --engine exact"


class ExactOnly(Exception):
    """A rule that the exact engine alone can judge."""

    def __init__(self, path: Path, what: str, remedy: str = REMEDY) -> None:
        super().__init__(what)
        self.path, self.what, self.remedy = path, what, remedy

    @property
    def problem(self) -> Problem:
        """Say it to whoever asked for columns."""
        return Problem("E780", f"{self.what} is not judged on columns", self.remedy, path=self.path)
