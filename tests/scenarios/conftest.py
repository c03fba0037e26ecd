"""Conftest: what a person types."""

from __future__ import annotations

import sys
from collections.abc import Callable

import pytest

from emulation import cli


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """Type a command, and get its exit code, stdout and stderr."""

    def typed(*words: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["emulation", *map(str, words)])
        with pytest.raises(SystemExit) as left:
            cli.main()
        seen = capsys.readouterr()
        return int(left.value.code or 0), seen.out, seen.err

    return typed
