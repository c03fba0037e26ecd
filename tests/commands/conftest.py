"""Conftest: what a person types, and a campaign that can be spoilt."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from emulation import cli

ROOT = Path(__file__).parents[2]
THAI_NGUYEN = ROOT / "campaigns" / "thai-nguyen-2025"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Type a command, and get its exit code, stdout and stderr."""

    def typed(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["emulation", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        seen = capsys.readouterr()
        return int(left.value.code or 0), seen.out, seen.err

    return typed


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """Give a copy of a committed campaign that can be spoilt."""
    return Path(shutil.copytree(THAI_NGUYEN, tmp_path / "campaign"))
