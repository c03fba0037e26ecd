"""Counted: the facts of a campaign's registers, from frames, from files, or from what was kept of files."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from emulation.campaign import Campaign
from emulation.columnar.cases import cases_in
from emulation.columnar.counting import Daily, as_facts, daily_counts
from emulation.columnar.engines import Engine, Frame
from emulation.columnar.rollups import rolled_up
from emulation.columnar.sources import files_of, is_files, taken
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
