"""Main: the process of the command line, whose garbage is not searched for: it makes records and ends."""

from __future__ import annotations

import atexit
import gc

from emulation.cli import main

_MADE_BEFORE_A_SEARCH = 1_000_000


def start() -> None:
    """Run the command line as a process of its own."""
    gc.set_threshold(_MADE_BEFORE_A_SEARCH)
    atexit.register(gc.freeze)  # what is left at the end goes with the process
    main()


if __name__ == "__main__":
    start()
