"""Conftest: every store of ledgers, for tests that each must pass; the server is started once a run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from keepings import FileKeeping, Keeping, ServerKeeping
from server import Server, programs


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Start a server; where PostgreSQL is not installed, leave the test out."""
    bin = programs()
    if bin is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    started = Server(bin)
    yield started
    started.remove()


@pytest.fixture(params=["sqlite", "postgres"])
def keeping(request: pytest.FixtureRequest, tmp_path: Path) -> Keeping:
    """Give a place for a new ledger, in each kind of store."""
    if request.param == "sqlite":
        return FileKeeping(tmp_path / "drive.ledger")
    return ServerKeeping(request.getfixturevalue("server"))
