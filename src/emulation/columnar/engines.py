"""Engines: the programs that hold columns: DuckDB, polars or Spark; the only room that sees them by name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, ClassVar, TypeAlias

import narwhals as nw
import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from attrs import field, frozen

from emulation.problems import Problem, Refused

Frame: TypeAlias = nw.LazyFrame[Any]


def _lazy(native: Any) -> Frame:
    frame: Frame = nw.from_native(native)
    return frame


@frozen
class DuckDB:
    """The embedded default: raises where a sum overflows, and takes little memory."""

    name: ClassVar[str] = "duckdb"
    floors_exactly: ClassVar[bool] = True
    connection: Any = field(factory=lambda: _library("duckdb", "columns").connect())

    def frame(self, table: pa.Table) -> Frame:
        """Take a table in."""
        return _lazy(self.connection.from_arrow(table))

    def taken(self, source: Any) -> Frame:
        """Take in a frame, its own or of another library."""
        frame = nw.from_native(source)
        if isinstance(frame, nw.LazyFrame) and frame.implementation.is_duckdb():
            return frame
        return self.frame(frame.lazy().collect(backend="pyarrow").to_native())

    def parquet(self, paths: Sequence[str]) -> Frame:
        """Look at Parquet files."""
        return _lazy(self.connection.read_parquet(list(paths)))

    def still(self, frame: Frame) -> Frame:
        """Give a frame that is asked more than once; a sum that overflows is seen, so that it need not be copied."""
        return frame

    def all_differ(self, frame: Frame, column: str, rows: int) -> bool:
        """Say that no text is in two of the rows, as none is where all hashes differ; it may say no of what is so."""
        hashes = nw.to_native(frame).query("texts", f'select hash("{column}") as hash from texts')  # noqa: S608  (names of ours)
        return _differ(hashes.fetchnumpy()["hash"])

    def keep(self, frame: Frame) -> Frame:
        """Reckon a frame, and hold what comes out, so that it is not reckoned again."""
        return self.frame(nw.to_native(frame).to_arrow_table())

    def small(self, frame: Frame) -> Frame:
        """Say that a frame is small beside what it is joined to."""
        return frame


@frozen
class Polars:
    """A frame library with many threads; quick at judging, with more memory."""

    name: ClassVar[str] = "polars"
    floors_exactly: ClassVar[bool] = True
    library: Any = field(factory=lambda: _library("polars", "columns"))

    def frame(self, table: pa.Table) -> Frame:
        """Take a table in."""
        return _lazy(self.library.from_arrow(table).lazy())

    def taken(self, source: Any) -> Frame:
        """Take in a frame, its own or of another library."""
        frame = _lazy(source).lazy()
        if frame.implementation.is_polars():
            return frame
        return self.frame(frame.collect(backend="pyarrow").to_native())

    def parquet(self, paths: Sequence[str]) -> Frame:
        """Look at Parquet files."""
        return _lazy(self.library.scan_parquet(list(paths)))

    def still(self, frame: Frame) -> Frame:
        """Hold a frame that is asked more than once, so that it says the same each time."""
        return self.keep(frame)

    def all_differ(self, frame: Frame, column: str, rows: int) -> bool:
        """Say that no text is in two of the rows, as none is where all hashes differ; it may say no of what is so."""
        hashed = self.library.col(column).hash()
        found = nw.to_native(frame).select((hashed.n_unique() == self.library.len()).alias("differ"))
        return bool(found.collect(engine="streaming").item())

    def keep(self, frame: Frame) -> Frame:
        """Reckon a frame, and hold what comes out, so that it is not reckoned again."""
        return _lazy(nw.to_native(frame).collect(engine="streaming").lazy())

    def small(self, frame: Frame) -> Frame:
        """Say that a frame is small beside what it is joined to."""
        return frame


@frozen
class Spark:
    """Many machines, for what one does not hold."""

    name: ClassVar[str] = "spark"
    floors_exactly: ClassVar[bool] = False
    session: Any = field(factory=lambda: session_of(()))

    def frame(self, table: pa.Table) -> Frame:
        """Take a table in."""
        return _lazy(self.session.createDataFrame(table))

    def taken(self, source: Any) -> Frame:
        """Take in a frame, its own or of another library."""
        frame = _lazy(source).lazy()
        if frame.implementation.is_spark_like():
            return frame
        return self.frame(frame.collect(backend="pyarrow").to_native())

    def parquet(self, paths: Sequence[str]) -> Frame:
        """Look at Parquet files; raise `Refused` (E139) for what is not there, of which only Spark knows."""
        errors = _library("pyspark.errors", "spark")
        try:
            return _lazy(self.session.read.parquet(*paths))
        except errors.AnalysisException as slip:
            if slip.getCondition() != "PATH_NOT_FOUND":
                raise
            gone = slip.getMessageParameters()["path"]
            raise Refused([Problem("E139", f"there is no file {gone}")]) from None

    def still(self, frame: Frame) -> Frame:
        """Give a frame that is asked more than once; a sum that overflows is seen, so that it need not be copied."""
        return frame

    def all_differ(self, frame: Frame, column: str, rows: int) -> bool:
        """Say that no text is in two of the rows, as none is where all hashes differ; it may say no of what is so."""
        functions = _library("pyspark.sql.functions", "spark")
        hashed = nw.to_native(frame).select(functions.xxhash64(column).alias("hash"))
        if rows <= FEW_HASHES:
            return _differ(hashed.toArrow()["hash"].to_numpy())
        return bool(hashed.agg(functions.count_distinct("hash")).first()[0] == rows)

    def keep(self, frame: Frame) -> Frame:
        """Reckon a frame, and hold what comes out, so that it is not reckoned again."""
        return _lazy(nw.to_native(frame).localCheckpoint(eager=True))

    def small(self, frame: Frame) -> Frame:
        """Say that a frame is small beside what it is joined to: it is sent to all machines."""
        return _lazy(nw.to_native(frame).hint("broadcast"))


FEW_HASHES = 10_000_000
"""So many hashes, 80 MB, are fetched from where they lie: comparing them there costs Spark four times as much."""


def _differ(hashes: Any) -> bool:
    ordered = np.sort(hashes)
    return not bool((ordered[1:] == ordered[:-1]).any())


Engine: TypeAlias = DuckDB | Polars | Spark
ENGINES: Mapping[str, type[DuckDB | Polars | Spark]] = {"duckdb": DuckDB, "polars": Polars, "spark": Spark}


def session_of(settings: Sequence[tuple[str, str]], master: str = "local[2]") -> Any:
    """Start Spark, or join the session there is; raise `Refused` (E786) where there is no Java."""
    sql = _library("pyspark.sql", "spark")
    builder = sql.SparkSession.builder.appName("emulation").master(master)
    calm = {
        "spark.ui.enabled": "false",
        "spark.sql.ansi.enabled": "true",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        "spark.sql.execution.arrow.pyspark.enabled": "true",
    }
    for key, value in {**calm, **dict(settings)}.items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as slip:  # noqa: BLE001  (pyspark has an error of its own for each way in which Java can fail)
        what = f"Spark does not start: {(str(slip).splitlines() or ['no reason given'])[0][:200]}"
        raise Refused([Problem("E786", what, "install Java 17 or 21, or use --engine columns")]) from None


def engine_of(source: Any) -> Engine:
    """Give the engine that holds a frame; raise `Refused` (E504) for what is none."""
    try:
        frame = nw.from_native(source)
    except (TypeError, ValueError):
        what = f"a table of an unknown kind: {type(source).__name__}"
        raise Refused([Problem("E504", what, "a frame of DuckDB, polars, pyarrow, pandas or PySpark")]) from None
    match frame.implementation.name.lower():
        case "polars":
            return Polars()
        case "pyspark" | "pyspark_connect" | "sqlframe":
            return Spark(nw.to_native(frame).sparkSession)
        case "duckdb":
            return DuckDB(_library("duckdb", "columns").default_connection())
        case _:
            return DuckDB()


def named(name: Any) -> Engine:
    """Give the engine of a name, or the one that holds a connection of DuckDB's or a session of Spark's."""
    if isinstance(name, str):
        return ENGINES[name]()
    return Spark(name) if hasattr(name, "createDataFrame") else DuckDB(name)


def stacked(frames: Sequence[Frame]) -> Frame:
    """Put frames of the same columns below one another."""
    below: Frame = nw.concat(list(frames), how="vertical")
    return below


def rows_of(frame: Frame) -> list[Mapping[str, Any]]:
    """Fetch a frame as rows."""
    found: list[Mapping[str, Any]] = table_of(frame).to_pylist()
    return found


def table_of(frame: Frame) -> pa.Table:
    """Fetch a frame as a table."""
    return frame.collect(backend="pyarrow").to_native()


def _library(name: str, extra: str) -> Any:
    """Fetch an engine; raise `Refused` (E641) where it is not installed."""
    try:
        return import_module(name)
    except ImportError as missing:
        what = f"this needs a library that is not installed ({missing})"
        raise Refused([Problem("E641", what, f"pip install 'emulation-campaigns[{extra}]'")]) from None
