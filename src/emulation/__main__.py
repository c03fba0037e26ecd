"""Main: the process of the command line, whose garbage is not searched for: it makes records and ends."""

from __future__ import annotations

import atexit
import gc
import sys

from emulation.cli import main

_MADE_BEFORE_A_SEARCH = 1_000_000


def start() -> None:
    """Run the command line as a process of its own."""
    gc.set_threshold(_MADE_BEFORE_A_SEARCH)
    atexit.register(_leave)
    main()


def _leave() -> None:
    """Let what is left go with the process; not where DuckDB is, which looks for what is left and tells of it."""
    if "duckdb" not in sys.modules:
        gc.freeze()


if __name__ == "__main__":
    start()
