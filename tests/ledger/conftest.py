"""Conftest: every store of ledgers, for tests that each must pass."""

from __future__ import annotations

from pathlib import Path

import pytest

from keepings import FileKeeping, Keeping, ServerKeeping


@pytest.fixture(params=["sqlite", "postgres"])
def keeping(request: pytest.FixtureRequest, tmp_path: Path) -> Keeping:
    """Give a place for a new ledger, in each kind of store."""
    if request.param == "sqlite":
        return FileKeeping(tmp_path / "drive.ledger")
    return ServerKeeping(request.getfixturevalue("server"))
