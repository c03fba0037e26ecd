"""Archive: facts kept in a folder as whole numbers, a file a month in the order of days, with what stood at its end.

What stood on a day is then found in two files: what stood at the end of the month before, and the month itself. All
that a long table can lack is looked for once, when it is archived.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import narwhals as nw
import pyarrow as pa  # type: ignore[import-untyped]
from attrs import evolve, field, frozen
from pyarrow import compute, parquet

from emulation.columnar.engines import Engine, Frame, stacked, table_of
from emulation.columnar.long import FACT, FIRST, LAST, PARTICIPANT, STATE, VALUE, Facts, greatest
from emulation.columnar.writing import alone, at_work, is_written
from emulation.problems import Problem, Refused

FORMAT = 1
BODY, WHAT = "body", "what"
_KINDS = {
    BODY: pa.int32(),
    WHAT: pa.int16(),
    FIRST: pa.int32(),
    LAST: pa.int32(),
    VALUE: pa.int64(),
    STATE: pa.int8(),
}
_SAME = (BODY, WHAT, FIRST, LAST)
_ORDER = (LAST, BODY, WHAT, FIRST)
_ROWS_A_GROUP = 2**18
_MANIFEST = "archive.json"


@frozen
class Archive:
    """A folder of archived facts; ``bodies`` and ``facts`` stand in the order of their codes.

    ``grids`` say on which grid the figures of a fact lie, ``months`` of which months there are files. ``days``,
    ``whose`` and ``which`` are the days, participants and facts that are kept, where not all are.
    """

    folder: Path
    bodies: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    grids: Mapping[str, int] = field(factory=dict)
    months: tuple[str, ...] = ()
    days: tuple[date, date] = (date.min, date.max)
    whose: frozenset[str] | None = None
    which: frozenset[str] | None = None

    def of(self, facts: Sequence[str]) -> Archive:
        """Keep the rows of some facts."""
        return evolve(self, which=frozenset(facts))

    def of_bodies(self, participants: Sequence[str]) -> Archive:
        """Keep the rows of some participants."""
        return evolve(self, whose=frozenset(participants))

    def between(self, first: date, last: date) -> Archive:
        """Keep the rows whose days lie inside a span."""
        return evolve(self, days=(first, last))

    def latest(self, until: date, engine: Engine) -> Frame:
        """Give the last row of each fact up to a day, from the month it is in and what stood before that."""
        before = [month for month in self.months if month < _month_of(until)]
        files = [self.snapshot(month) for month in before[-1:]]
        files += [self.month_file(month) for month in self.months if month == _month_of(until)]
        known = self._kept(self.read(files, engine)).filter(nw.col(LAST) <= until.toordinal())
        return self._named(_newest(known, engine), engine)

    def settled(self, engine: Engine) -> Frame:
        """Give all rows that are kept."""
        first, last = self.days
        files = [self.month_file(month) for month in self.months if _month_of(first) <= month <= _month_of(last)]
        inside = (nw.col(FIRST) >= first.toordinal()) & (nw.col(LAST) <= last.toordinal())
        return self._named(self._kept(self.read(files, engine)).filter(inside), engine)

    def many(self) -> int:
        """Count all rows there are."""
        return sum(parquet.read_metadata(self.month_file(month)).num_rows for month in self.months)

    # --- files

    def month_file(self, month: str) -> Path:
        """Give the file of what ended in a month."""
        return self.folder / "months" / f"{month}.parquet"

    def snapshot(self, month: str) -> Path:
        """Give the file of what stood at the end of a month."""
        return self.folder / "snapshots" / f"{month}.parquet"

    def read(self, files: Sequence[Path], engine: Engine) -> Frame:
        """Look at files; raise `Refused` (E794) for one that is gone."""
        gone = [file for file in files if not file.exists()]
        if gone:
            what = f"the archive {self.folder} lacks {', '.join(str(file.relative_to(self.folder)) for file in gone)}"
            raise Refused([Problem("E794", what, "make it again")])
        if not files:
            return engine.frame(pa.table({name: pa.array([], kind) for name, kind in _KINDS.items()}))
        return engine.parquet([str(file) for file in files])

    def _kept(self, coded: Frame) -> Frame:
        for column, names, kept in ((BODY, self.bodies, self.whose), (WHAT, self.facts, self.which)):
            if kept is not None and not kept.issuperset(names):
                coded = coded.filter(nw.col(column).is_in([code for code, name in enumerate(names) if name in kept]))
        return coded

    def _named(self, coded: Frame, engine: Engine) -> Frame:
        """Give coded rows by the names of participants and facts, as a long table in whole numbers."""
        for column, name, names in ((BODY, PARTICIPANT, self.bodies), (WHAT, FACT, self.facts)):
            codes = pa.table({column: pa.array(range(len(names)), _KINDS[column]), name: pa.array(names, pa.string())})
            coded = coded.join(engine.frame(codes), on=column)
        return coded.select(PARTICIPANT, FACT, *(nw.col(name).cast(nw.Int64) for name in (FIRST, LAST, VALUE, STATE)))


def archive_at(source: Any) -> Archive | None:
    """Open the archive in a folder; None for what is no archive.

    Raise `Refused` for one that cannot be read (E794), or that somebody is at work on (E797).
    """
    try:
        return _opened(source)
    except Refused:
        if is_written(Path(source)):
            raise Refused([at_work(Path(source))]) from None
        raise


def _opened(source: Any) -> Archive | None:
    folder = Path(source) if isinstance(source, str | Path) else None
    if folder is None or not (folder / _MANIFEST).is_file():
        return None
    try:
        told = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        if told["format"] != FORMAT:
            what = f"{folder} is an archive of the format {told['format']}, and this is {FORMAT}"
            raise Refused([Problem("E794", what, "make it again")])
        if told["finished"] is not True:
            what = f"{folder} is an archive that was left before it was finished"
            raise Refused([Problem("E794", what, "take the folder away, and make it again")])
        grids = {str(fact): int(grid) for fact, grid in told["facts"].items()}
        return Archive(folder, tuple(map(str, told["bodies"])), tuple(grids), grids, tuple(map(str, told["months"])))
    except (ValueError, KeyError, TypeError, AttributeError) as slip:
        raise Refused([Problem("E794", f"{folder / _MANIFEST} cannot be read: {slip}", "make it again")]) from None


def archived(facts: Facts, folder: Path, engine: Engine) -> Archive:
    """Add facts to the archive in a folder, which is made if there is none; a row replaces one about the same days.

    Only the months of which there are rows are written, and what stood at the end of these and of later ones. Nothing
    that is there is touched before all that is new is found to be of use. Raise `Refused` where somebody else is
    writing there (E797).
    """
    folder.mkdir(parents=True, exist_ok=True)
    with alone(folder):
        return _added(facts, folder, engine)


def _added(facts: Facts, folder: Path, engine: Engine) -> Archive:
    made = _opened(folder) or Archive(folder)
    made = _with_names(made, facts)
    for name in ("months", "snapshots"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    try:
        fresh = dict(_fresh(made, facts, engine))
    except BaseException:
        for file in (folder / "months").glob("*.new"):
            file.unlink()
        raise
    _tell(made, finished=False)
    for month, file in fresh.items():
        file.replace(made.month_file(month))
    made = evolve(made, months=tuple(sorted({*made.months, *fresh})))
    for number, month in enumerate(made.months):
        if fresh and month >= min(fresh):
            before = [made.snapshot(one) for one in made.months[:number][-1:]]
            stood = made.read([*before, made.month_file(month)], engine)
            _write(table_of(_newest(stood, engine)), made.snapshot(month))
    _tell(made, finished=True)
    return made


def _fresh(made: Archive, facts: Facts, engine: Engine) -> Iterator[tuple[str, Path]]:
    """Write the months of which there are rows beside those that are there."""
    for first, last in months_of(*facts.ends()):
        rows = table_of(facts.ending(first, last).settled(engine))
        if rows.num_rows:
            month = _month_of(last)
            file = made.month_file(month).with_suffix(".new")
            _write(_merged(made, rows, month, engine), file)
            yield month, file


def _tell(made: Archive, *, finished: bool) -> None:
    """Write what the codes mean; an archive that was left before it was finished says so and is read no more."""
    record = {
        "format": FORMAT,
        "finished": finished,
        "bodies": made.bodies,
        "facts": dict(made.grids),
        "months": made.months,
    }
    beside = made.folder / f"{_MANIFEST}.part"
    beside.write_text(json.dumps(record, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    beside.replace(made.folder / _MANIFEST)


def _with_names(made: Archive, facts: Facts) -> Archive:
    """Give codes to participants and facts that are new; raise `Refused` (E795) for a fact that has another grid."""
    bodies, names, grids = facts.names(PARTICIPANT), facts.names(FACT), facts.grids
    others = [fact for fact in names if made.grids.get(fact, grids.get(fact, 1)) != grids.get(fact, 1)]
    if others:
        what = f"figures of {', '.join(others)} have other decimals than those in {made.folder}"
        raise Refused([Problem("E795", what, "the same decimals, or an archive of their own")])
    return evolve(
        made,
        bodies=(*made.bodies, *(one for one in bodies if one not in {*made.bodies})),
        facts=(*made.facts, *(one for one in names if one not in made.grids)),
        grids={**made.grids, **{one: grids.get(one, 1) for one in names}},
    )


def _merged(made: Archive, rows: pa.Table, month: str, engine: Engine) -> pa.Table:
    """Code the rows of a month, and put those of them that are there already beside, unless one replaces them."""
    names = {BODY: (PARTICIPANT, made.bodies), WHAT: (FACT, made.facts)}
    columns = {code: compute.index_in(rows[name], pa.array(known)) for code, (name, known) in names.items()}
    columns |= {name: rows[name] for name in (FIRST, LAST, VALUE, STATE)}
    fresh = pa.table({name: columns[name].cast(kind) for name, kind in _KINDS.items()})
    if month not in made.months:
        return fresh
    new = engine.frame(fresh)
    kept = made.read([made.month_file(month)], engine).join(new.select(*_SAME), on=list(_SAME), how="anti")
    return table_of(stacked([kept.select(*_KINDS), new.select(*_KINDS)]))


def _newest(coded: Frame, engine: Engine) -> Frame:
    """Keep the last row of each participant and fact."""
    newest = engine.keep(greatest(coded, LAST, (BODY, WHAT), engine))
    return greatest(newest, FIRST, (BODY, WHAT), engine).select(*_KINDS)


def _month_of(day: date) -> str:
    return f"{day.year:04}-{day.month:02}"


def months_of(first: date, last: date) -> Iterator[tuple[date, date]]:
    """Give the months that a stretch of days touches, each by its first and last day."""
    begun = first.replace(day=1)
    while begun <= last:
        following = (begun + timedelta(days=31)).replace(day=1)
        yield begun, following - timedelta(days=1)
        begun = following


def _write(table: pa.Table, file: Path) -> None:
    """Write rows in the order of days, whole or not at all."""
    ordered = table.select(list(_KINDS)).cast(pa.schema(_KINDS)).sort_by([(name, "ascending") for name in _ORDER])
    beside = file.with_suffix(".part")
    parquet.write_table(ordered, beside, compression="zstd", row_group_size=_ROWS_A_GROUP)
    beside.replace(file)
