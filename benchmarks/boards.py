"""Boards: the same rulebook on columns beside what is written out by hand, for one board and on Spark.

Usage: python benchmarks/boards.py
"""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from columns import INDICATORS, campaign_of, invented
from field import COMMUNES, CRITERIA, write_campaign
from pyspark.sql import Window
from pyspark.sql import functions as fn

from emulation.columnar.arrays import Table, carried_out
from emulation.columnar.engines import DuckDB, session_of
from emulation.columnar.verdict import score_columns
from emulation.reading.campaign_file import load_campaign

ROUNDS = 5
DAY = "2025-12-31"
FULL = 320
"""Of so many files on a criterion of `field` is worth its 5 points."""


def rounds(works: Mapping[str, Callable[[], Any]], times: int = ROUNDS) -> dict[str, float]:
    """Do all in turn, again and again, so that whatever else runs meanwhile slows all alike; give the medians."""
    taken: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(times):
        for name, work in works.items():
            gc.collect()
            begun = time.perf_counter()
            work()
            taken[name].append(time.perf_counter() - begun)
    return {name: sorted(found)[times // 2] for name, found in taken.items()}


def table(title: str, medians: Mapping[str, float], base: str) -> None:
    """Print how long each takes, and how many times the base."""
    print(title)
    for name, seconds in medians.items():
        print(f"  {name:44} {seconds * 1000:10.1f} ms  {seconds / medians[base]:7.2f} x")


# --- one board


def judged(figures: Any) -> tuple[Any, Any]:
    """Judge and rank in whole numbers of hundredths, as somebody would who writes it out in numpy."""
    total = ((np.minimum(figures, FULL) * 1000 + FULL) // (2 * FULL)).sum(axis=1)
    order = np.argsort(-total, kind="stable")
    ordered = total[order]
    first = np.concatenate(([True], ordered[1:] != ordered[:-1]))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.maximum.accumulate(np.where(first, np.arange(len(order)), 0)) + 1
    return total, place


def figures_of(communes: int) -> pl.DataFrame:
    """Invent a figure of each commune and indicator, side by side."""
    random = np.random.default_rng(57)
    columns = {f"i{one}": random.integers(0, 400, communes) for one in range(CRITERIA)}
    return pl.DataFrame({"id": [f"{one:05}" for one in range(communes)], **columns})


def in_arrays(wide: pl.DataFrame) -> tuple[Table, dict[str, Any]]:
    """Give who takes part, and what was read of each, as a replay holds it."""
    rows = len(wide)
    texts = {"id": wide["id"].to_list(), "kind": ["commune"] * rows, "parent": [None] * rows}
    nothing = np.zeros(rows, dtype=np.int64)
    columns: dict[str, Any] = {"alive": np.ones(rows, dtype=bool), "depth": nothing}
    for one in range(CRITERIA):
        columns |= {f"r{one}:value": wide[f"i{one}"].to_numpy(), f"r{one}:state": nothing, f"r{one}:last": nothing}
    return Table(texts, nothing - 1), columns


def field(folder: Path) -> Any:
    """Write and read the rulebook of `field`."""
    return load_campaign(write_campaign(folder, ratios=False))


def one_board(folder: Path) -> None:
    """Judge and rank one board, beside numpy and the start of the engine that is asked."""
    campaign, wide = field(folder / "field"), figures_of(COMMUNES)
    arrow, array = wide.to_arrow(), wide.drop("id").to_numpy().astype(np.int64)
    total, place = judged(array)

    def by_numpy() -> None:
        judged(array)

    plan = score_columns(campaign, wide.lazy(), DAY, wide=True, details=False).plan
    body, columns = in_arrays(wide)

    def by_plan() -> Any:
        return carried_out(plan, body, columns)

    def duckdb_begins() -> Any:
        return DuckDB().frame(arrow).select("id", "i0").collect()

    def polars_begins() -> Any:
        return wide.lazy().select("id", "i0").collect()

    def ours(frame: Any) -> Any:
        return score_columns(campaign, frame, DAY, wide=True, details=False).frame.collect().to_native()

    assert (by_plan()["total:points"] == total).all()
    assert (by_plan()["total:place"] == place).all()
    for frame in (arrow, wide.lazy()):
        found = pl.from_arrow(pl.DataFrame(ours(frame)).to_arrow()).sort("id")  # type: ignore[union-attr]
        assert (found["total:points"].to_numpy() == total).all()
        assert (found["total:place"].to_numpy() == place).all()
    works = {
        "numpy by hand": by_numpy,
        "emulation, the day of a replay": by_plan,
        "DuckDB starts and gives two columns": duckdb_begins,
        "polars gives two columns": polars_begins,
        "emulation on DuckDB": lambda: ours(arrow),
        "emulation on polars": lambda: ours(wide.lazy()),
    }
    medians = rounds(works, 2 * ROUNDS + 1)
    table(
        f"One board of {COMMUNES:,} x {CRITERIA}, judged and ranked; the process runs already", medians, "numpy by hand"
    )
    for engine, begins in (("DuckDB", "DuckDB starts and gives two columns"), ("polars", "polars gives two columns")):
        floor = medians["numpy by hand"] + medians[begins]
        print(f"  {engine}: {medians[f'emulation on {engine}'] / floor:.1f} x numpy and the engine's start")


# --- Spark


def by_hand_on_spark(frame: Any) -> Any:
    """Judge, rank and class as somebody would who writes it out for Spark in whole numbers."""
    points = []
    for number in range(INDICATORS):
        of, among = (fn.coalesce(fn.col(f"{name}{number}"), fn.lit(0)) for name in ("of", "among"))
        raw = fn.expr(f"(coalesce(of{number}, 0) * 5000 + coalesce(among{number}, 0)) div (among{number} * 2)")
        points.append(fn.when(among == 0, 0).when(of * 5 >= among * 4, 2000).otherwise(raw))
    judged = frame.select("id", sum(points[1:], points[0]).cast("long").alias("total"))
    ranked = judged.withColumn("place", fn.rank().over(Window.orderBy(fn.col("total").desc())))
    classes = fn.when(fn.col("total") >= 8000, 1).when(fn.col("total") < 5000, 3).otherwise(2)
    return ranked.withColumn("class", classes).localCheckpoint(eager=True)


def on_spark(folder: Path, participants: int) -> None:
    """Judge, rank and class so many participants on five indicators by Spark on two cores."""
    (folder / "households").mkdir()
    rules = campaign_of(folder / "households")
    file = str(folder / "households.parquet")
    invented(participants).with_columns(pl.lit("household").alias("kind")).write_parquet(file, row_group_size=250_000)
    session = session_of((("spark.driver.memory", "3g"),))

    def ours() -> Any:
        return score_columns(rules, session.read.parquet(file), DAY, wide=True, details=False).frame.to_native()

    def hand() -> Any:
        return by_hand_on_spark(session.read.parquet(file))

    names = ("total:points", "total:place", "class")
    mine = ours().select("id", *(f"`{name}`" for name in names)).toDF("id", "total", "place", "class")
    assert mine.exceptAll(hand().select("id", "total", "place", "class")).count() == 0
    found = rounds({"PySpark by hand, nothing checked": hand, "emulation on Spark": ours}, 7)
    title = f"{participants:,} participants x {INDICATORS} on Spark, two cores, from Parquet to places and classes"
    table(title, found, "PySpark by hand, nothing checked")


def main() -> None:
    """Print both tables."""
    with tempfile.TemporaryDirectory() as name:
        one_board(Path(name))
        on_spark(Path(name), 2_000_000)


if __name__ == "__main__":
    main()
