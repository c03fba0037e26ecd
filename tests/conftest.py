"""Conftest: a PostgreSQL for all tests that need one, started once a run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

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
