"""Counted: the facts of a campaign's registers, from frames, from files, or from what was kept of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from emulation.campaign import Campaign
from emulation.columnar.cases import cases_in
from emulation.columnar.counting import Daily, as_facts, daily_counts
from emulation.columnar.engines import Engine, Frame, engine_of, named
from emulation.columnar.rollups import rolled_up
from emulation.names import near
from emulation.problems import Problem, Refused
from emulation.registers import Register


def facts_of_registers(
    cases: Mapping[str, Any], campaign: Campaign, engine: Engine, kept: str | Path | None
) -> Iterator[Frame]:
    """Count the cases of each register; raise `Refused` for one that the campaign does not have (E135)."""
    registers = {register.id: register for register in campaign.registers}
    unknown = [
        Problem("E135", f"unknown register {id!r}", None, near(id, registers)) for id in cases if id not in registers
    ]
    if unknown:
        raise Refused(unknown)
    for id, source in cases.items():
        register = registers[id]
        bodies = [body.id for body in campaign.participants if register.for_.selects(body)]
        yield as_facts(_daily(source, register, bodies, engine, kept), register, campaign, bodies, engine)


def _daily(source: Any, register: Register, bodies: Sequence[str], engine: Engine, kept: str | Path | None) -> Daily:
    """Count the cases of a register by day, or take what was kept of their files."""
    if kept is not None and is_files(source):
        return rolled_up(files_of(source), register, bodies, engine, Path(kept)).daily
    return daily_counts(cases_in(taken(source, engine), register), register, bodies, engine)


def holder(source: Any, engine: Any) -> Engine:
    """Give the engine that is named, or the one that holds a frame."""
    return named(engine or "duckdb") if engine is not None or is_files(source) else engine_of(source)


def taken(source: Any, engine: Engine) -> Frame:
    """Take in a frame, or look at files, by an engine that is chosen already."""
    return engine.parquet([str(file) for file in files_of(source)]) if is_files(source) else engine.taken(source)


def is_files(source: Any) -> bool:
    """Say whether something names files."""
    return isinstance(source, str | Path | list | tuple)


def files_of(source: str | Path | Sequence[str | Path]) -> list[Path]:
    """Give the files that a path, a pattern or several name; raise `Refused` (E139) for what is not there."""
    paths = [Path(one) for one in ([source] if isinstance(source, str | Path) else source)]
    files = [file for path in paths for file in _matching(path)]
    lacking = [path for path in paths if not _matching(path)]
    if lacking:
        raise Refused([Problem("E139", f"there is no file {path}") for path in lacking])
    return files


def _matching(path: Path) -> list[Path]:
    """Give the files of a folder, those a pattern means, or the one there is."""
    if path.is_dir():
        return sorted(path.glob("*.parquet"))
    return sorted(path.parent.glob(path.name)) if "*" in path.name else [path] if path.exists() else []
