"""Sources: the frames and files that somebody hands in, and the engine that holds or is to look at each."""

from __future__ import annotations

import re
from collections.abc import Sequence
from glob import glob
from pathlib import Path
from typing import Any

from emulation.addresses import is_table
from emulation.columnar.engines import Engine, Frame, Spark, engine_of, named
from emulation.columnar.frames import LONG, ill_formed
from emulation.doors import open_extra
from emulation.problems import Problem, Refused

_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")
"""How an address begins; a single letter is a drive of Windows."""


def holder(source: Any, asked: Any = None) -> Engine:
    """Give the engine that holds a frame, or that is asked to look at files.

    ``asked`` is an engine's name, or a connection of DuckDB's or a session of Spark's, which takes any frame in. Raise
    `Refused` (E787) for the name of an engine that does not hold the frame.
    """
    if is_files(source):
        return named(asked or "duckdb")
    if asked is not None and not isinstance(asked, str):
        return named(asked)
    held = engine_of(source)
    if asked not in (None, held.name):
        what = f"the frame is held by {held.name}, not by {asked}"
        raise Refused([Problem("E787", what, "leave the engine out, or hand in paths")])
    return held


def taken(source: Any, engine: Engine) -> Frame:
    """Take in a frame, or look at files, by an engine that is chosen already.

    Files of this machine are looked for here; addresses go to the engine as they are written, and so do all that
    Spark is to look at, whose files need not lie where it is started. A table on a server is copied from there.
    """
    if not is_files(source):
        return engine.taken(source)
    paths = _several(source)
    if (table := _table_in(paths)) is not None:
        copied: Frame = _server().fetched(table, engine)
        return copied
    if isinstance(engine, Spark):
        return engine.parquet([str(path) for path in paths])
    remote = [str(path) for path in paths if _is_address(path)]
    local = [path for path in paths if not _is_address(path)]
    return engine.parquet([*remote, *(str(file) for file in files_of(local))])


def long_taken(source: Any, engine: Engine) -> Frame:
    """Take in a long table; of one on a server nothing is copied but its columns, if they are what they should be."""
    if is_files(source) and (table := _table_in(_several(source))) is not None:
        copied: Frame = _server().fetched(table, engine, LONG, ill_formed)
        return copied
    return taken(source, engine)


def _table_in(paths: Sequence[str | Path]) -> str | None:
    """Give the table on a server that is named; raise `Refused` (E796) for one among others."""
    tables = [str(path) for path in paths if is_table(path)]
    if tables and len(paths) > 1:
        what = f"{len(paths)} sources, and a table on a server is read alone"
        raise Refused([Problem("E796", what, "one address; a view puts several tables together")])
    return tables[0] if tables else None


def _server() -> Any:
    return open_extra("columnar.postgres", "postgres", "a table on a server")


def is_files(source: Any) -> bool:
    """Say whether something names files."""
    return isinstance(source, str | Path | list | tuple)


def files_of(source: str | Path | Sequence[str | Path]) -> list[Path]:
    """Give the files of this machine that paths, patterns or folders name; raise `Refused` (E139) for those not there.

    >>> [file.name for file in files_of("campaigns/thai-nguyen-2025/obs*.csv")]
    ['observations.csv']
    """
    found = [(path, _matching(path)) for path in _several(source)]
    lacking = [path for path, files in found if not files]
    if lacking:
        raise Refused([Problem("E139", f"there is no file {path}", _wanted(path)) for path in lacking])
    return [file for _, files in found for file in files]


def _several(source: str | Path | Sequence[str | Path]) -> list[str | Path]:
    return [source] if isinstance(source, str | Path) else list(source)


def _is_address(path: str | Path) -> bool:
    return isinstance(path, str) and _ADDRESS.match(path) is not None


def _wanted(path: str | Path) -> str | None:
    return "a file of this machine" if _is_address(path) else None


def _matching(path: str | Path) -> list[Path]:
    """Give the files of a folder, the one there is, or those a pattern means."""
    if Path(path).is_dir():
        return sorted(Path(path).glob("*.parquet"))
    if Path(path).exists():
        return [Path(path)]
    return sorted(map(Path, glob(str(path), recursive=True)))  # noqa: PTH207  (Path.glob raises for some names)
