"""Roll-ups: what was counted of each file of cases, day by day, kept in a folder so that no file is counted twice."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import file_digest, sha256
from pathlib import Path

import narwhals as nw
import pyarrow as pa  # type: ignore[import-untyped]
from attrs import frozen
from pyarrow import parquet

from emulation.columnar.cases import cases_in
from emulation.columnar.counting import Daily, daily_counts
from emulation.columnar.engines import Engine, stacked, table_of
from emulation.columnar.handed_in import DAY
from emulation.columnar.long import FACT, PARTICIPANT, VALUE
from emulation.problems import Problem, Refused
from emulation.registers import Register

_PRESENT = ""
"""The fact under which a roll-up keeps how many cases a body has; no fact has an empty name."""


@frozen
class RolledUp:
    """What was counted of several files; how many of them were counted now, and how many had been before."""

    daily: Daily
    counted: int
    reused: int


def rolled_up(
    files: Sequence[Path], register: Register, bodies: Sequence[str], engine: Engine, folder: Path
) -> RolledUp:
    """Count each file of cases once; what was counted is kept by the hash of the file, of the register and the bodies.

    Raise `Refused` (E789) for a register whose cases can have several rows, as these may stand in several files.
    """
    if register.key:
        what = f"a case of {register.id} can have rows in several files, so that none can be counted by itself"
        raise Refused([Problem("E789", what, "case: row, or no roll-ups", path=("registers", register.id, "case"))])
    folder.mkdir(parents=True, exist_ok=True)
    kept = [folder / f"{_hash_of(file, register, bodies)}.parquet" for file in files]
    fresh = {roll_up: file for file, roll_up in zip(files, kept, strict=True) if not roll_up.exists()}
    for roll_up, file in fresh.items():
        _write(_counted(file, register, bodies, engine), roll_up)
    every = engine.parquet([str(one) for one in kept])
    sums = every.group_by(PARTICIPANT, FACT, DAY).agg(nw.col(VALUE).sum().cast(nw.Int64))
    daily = Daily(sums.filter(nw.col(FACT) != _PRESENT), sums.filter(nw.col(FACT) == _PRESENT))
    return RolledUp(daily, len(fresh), len(files) - len(fresh))


def _hash_of(file: Path, register: Register, bodies: Sequence[str]) -> str:
    """Hash what a roll-up is made of: the file's bytes, the register as it is declared, and who can have cases."""
    with file.open("rb") as opened:
        content = file_digest(opened, "sha256").hexdigest()
    return sha256("\n".join([content, repr(register), *bodies]).encode()).hexdigest()


def _counted(file: Path, register: Register, bodies: Sequence[str], engine: Engine) -> pa.Table:
    """Count one file, on whatever days its cases are."""
    daily = daily_counts(cases_in(engine.parquet([str(file)]), register), register, bodies, engine)
    present = daily.present.select(
        PARTICIPANT,
        nw.lit(_PRESENT, dtype=nw.String).alias(FACT),
        nw.lit(0, dtype=nw.Int64).alias(DAY),
        VALUE,
    )
    return table_of(stacked([daily.counts, present]))


def _write(table: pa.Table, file: Path) -> None:
    """Write a roll-up, whole or not at all."""
    beside = file.with_suffix(".part")
    parquet.write_table(table, beside, compression="zstd")
    beside.replace(file)
