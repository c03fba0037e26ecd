"""Columns: how long judging on columns takes beside hand-written polars, DuckDB and numpy, in one run.

Usage: python benchmarks/columns.py [households] [ROWS]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl

from emulation.columnar.verdict import score_columns
from emulation.reading.campaign_file import load_campaign

INDICATORS = 5
HOUSEHOLDS = """\
campaign: households
title: {en: Every household, vi: Mỗi hộ}
period: {from: 2025-01-01, to: 2025-12-31}
as_of: 2025-12-31
participants: {file: participants.csv}
set_aside: report
unmeasured: not_met
indicators:
INDICATORS
criteria:
CRITERIA
gaps: {zero_denominator: zero, missing: zero}
standings:
  total: {by: [{points: total}], ties: shared}
readiness:
  households:
    classes: [green, amber, red]
    when: {green: {points: total, at_least: 80}, red: {points: total, below: 50}}
    otherwise: amber
rounding: {points: 2, total: 2, mode: half_up, decide_on: rounded}
"""


def campaign_of(folder: Path) -> Any:
    """Write and read a rulebook with five shares, of up to 20 points each."""
    share = "  i{0}: {{title: {{en: I{0}}}, share: {{of: of{0}, among: among{0}}}, at: latest, better: higher}}"
    worth = "  k{0}: {{indicator: i{0}, max: 20, proportional: {{full_at: 80%, cap: full}}}}"
    text = HOUSEHOLDS.replace("INDICATORS", "\n".join(share.format(n) for n in range(INDICATORS)))
    text = text.replace("CRITERIA", "\n".join(worth.format(n) for n in range(INDICATORS)))
    (folder / "campaign.yaml").write_text(text, encoding="utf-8")
    (folder / "participants.csv").write_text("id,name,kind\nh0,Hộ 0,household\n", encoding="utf-8")
    return load_campaign(folder)


def invented(rows: int) -> pl.DataFrame:
    """Invent what each household reported: parts of wholes, one in a hundred of them blank."""
    random = np.random.default_rng(7)
    columns: dict[str, Any] = {"id": np.char.add("h", np.arange(rows).astype(str))}
    for number in range(INDICATORS):
        among = random.integers(0, 400, rows)
        of = (among * random.random(rows)).astype(np.int64)
        silent = random.random(rows) < 0.01
        columns[f"of{number}"] = pl.Series(of).set(pl.Series(silent), None)
        columns[f"among{number}"] = pl.Series(among).set(pl.Series(silent), None)
    return pl.DataFrame(columns)


def by_hand(frame: pl.LazyFrame) -> pl.DataFrame:
    """Judge, rank and class as somebody would who writes it out in polars' whole numbers."""
    points = []
    for number in range(INDICATORS):
        of, among = pl.col(f"of{number}").fill_null(0), pl.col(f"among{number}").fill_null(0)
        raw = (of * 5000 + among) // (among * 2)  # 20 points at 80 %, in hundredths, half up
        points.append(pl.when(among == 0).then(0).when(raw > 2000).then(2000).otherwise(raw))
    total = sum(points[1:], points[0])
    judged = frame.select("id", total.alias("total"))
    ranked = judged.with_columns(
        pl.col("total").rank("min", descending=True).alias("place"),
        pl.when(pl.col("total") >= 8000).then(1).when(pl.col("total") < 5000).then(3).otherwise(2).alias("class"),
    )
    return ranked.collect(engine="streaming")


def in_floats(frame: pl.DataFrame) -> Any:
    """Judge and rank in numpy's floats, as a script would; wrong at halves and ties."""
    total = np.zeros(len(frame))
    for number in range(INDICATORS):
        of = frame[f"of{number}"].fill_null(0).to_numpy().astype(float)
        among = frame[f"among{number}"].fill_null(0).to_numpy().astype(float)
        with np.errstate(divide="ignore", invalid="ignore"):
            share = np.where(among == 0, 0.0, of / among)
        total += np.floor(np.minimum(share / 0.8, 1) * 20 * 100 + 0.5) / 100
    order = np.argsort(-total, kind="stable")
    ordered = total[order]
    first = np.searchsorted(-ordered, -ordered, side="left") + 1
    place = np.empty(len(total), dtype=np.int64)
    place[order] = first
    return total, place, np.where(total >= 80, 1, np.where(total < 50, 3, 2))


def timed(what: str, run: Callable[[], Any], times: int = 3) -> tuple[float, Any]:
    """Run several times; give the best time and the last result."""
    best, found = float("inf"), None
    for _ in range(times):
        begun = time.perf_counter()
        found = run()
        best = min(best, time.perf_counter() - begun)
    print(f"{what:46} {best:8.2f} s")
    return best, found


def households(rows: int) -> None:
    """Judge so many households on five indicators."""
    frame = invented(rows)
    with tempfile.TemporaryDirectory() as folder:
        rules = campaign_of(Path(folder))
    frame = frame.with_columns(pl.lit("household").alias("kind"))
    hand, expected = timed("polars by hand, whole numbers", lambda: by_hand(frame.lazy()))
    floats, _ = timed("numpy, floats", lambda: in_floats(frame))

    def ours(engine: str) -> Any:
        by = own if engine == "duckdb" else None
        return score_columns(rules, held[engine], "2025-12-31", wide=True, details=False, engine=by)

    own = duckdb.connect()
    held = {"polars": frame.lazy(), "duckdb": own.from_arrow(frame.to_arrow())}
    for engine in held:
        mine, verdict = timed(f"emulation on {engine}", lambda engine=engine: ours(engine))
        table = verdict.frame.collect(backend="polars").to_native().sort("id")
        assert (table["total:points"] == expected.sort("id")["total"]).all()
        assert (table["total:place"] == expected.sort("id")["place"].cast(pl.Int64)).all()
        print(f"{'':46} {mine / hand:8.2f} x by hand, {mine / floats:.2f} x floats")


if __name__ == "__main__":
    households(int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000)
