"""Observations: a year of a nation's figures to what stood on a day, beside hand-written SQL and polars, in one run.

Usage: python benchmarks/observations.py [COMMUNES]
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
from field import CRITERIA, write_campaign
from pyarrow import parquet
from timing import timed

from emulation.columnar.archive import archive_at
from emulation.columnar.engines import ENGINES, rows_of
from emulation.columnar.frames import facts_in
from emulation.columnar.handed_in import bodies_of
from emulation.columnar.plan import readings_of
from emulation.columnar.reduction import reduced
from emulation.columnar.replay import boards
from emulation.columnar.verdict import archive
from emulation.reading.campaign_file import load_campaign

from boards import judged

DAY = date(2025, 11, 30)


def invent(folder: Path, communes: int) -> list[str]:
    """Invent a figure of each commune, indicator and day: Parquet with texts for keys, a file a month, by days."""
    files = []
    for month in range(1, 13):
        first, file = f"date '2025-{month:02}-01'", folder / f"{month:02}.parquet"
        duckdb.execute(
            f"""copy (
                select printf('%05d', body) as participant, 'i' || fact as fact, day::date as "to",
                       (hash(body, fact, day) % 1000)::bigint as value
                from generate_series({first}, {first} + interval 1 month - interval 1 day, interval 1 day) days(day),
                     range({communes}) bodies(body), range({CRITERIA}) facts(fact)
                order by day, body, fact
            ) to '{file}' (format parquet, compression zstd)"""  # noqa: S608  (numbers and names of ours)
        )
        files.append(str(file))
    return files


def in_sql(files: list[str]) -> int:
    """Take the latest up to the day as somebody would who writes it out for DuckDB."""
    found = duckdb.sql(
        f"""select sum(value) from (
            select * from read_parquet({files}) where "to" <= date '{DAY}'
            qualify "to" = max("to") over (partition by participant, fact)
        )"""  # noqa: S608  (names of ours)
    ).fetchall()
    return int(found[0][0])


def in_polars(files: list[str]) -> int:
    """Take the same as it is written out for polars."""
    known = pl.scan_parquet(files).filter(pl.col("to") <= DAY)
    latest = known.group_by("participant", "fact").agg(pl.col("to").max())
    return int(
        known.join(latest, on=["participant", "fact", "to"], how="semi").select(pl.col("value").sum()).collect().item()
    )


def ours(campaign: Any, files: list[str], name: str, *, checked: bool) -> int:
    """Take it as the rulebook says; with ``checked`` see before whether all can be used."""
    engine = ENGINES[name]()
    bodies = engine.frame(bodies_of(campaign.participants, DAY)[0])
    facts = facts_in(engine.parquet(files), campaign, bodies, None, engine)
    if checked:
        return len(files)
    readings = readings_of(campaign)
    scan = reduced(facts, readings, campaign.timetable, DAY, engine, bodies)
    columns = [f"{scan.names[one]}:value" for one in readings]
    return sum(row[column] for row in rows_of(scan.frame.select(*columns)) for column in columns)


def out_of_archive(campaign: Any, folder: Path, name: str) -> int:
    """Take it from the archive, as the rulebook says."""
    engine = ENGINES[name]()
    kept = archive_at(folder)
    assert kept is not None
    readings = readings_of(campaign)
    bodies = engine.frame(bodies_of(campaign.participants, DAY)[0])
    scan = reduced(kept, readings, campaign.timetable, DAY, engine, bodies)
    columns = [f"{scan.names[one]}:value" for one in readings]
    return sum(row[column] for row in rows_of(scan.frame.select(*columns)) for column in columns)


def in_sql_of_archive(folder: Path) -> int:
    """Take the newest month first, as somebody would who knows how the archive is laid out."""
    files = [str(folder / "snapshots" / "2025-10.parquet"), str(folder / "months" / "2025-11.parquet")]
    found = duckdb.sql(
        f"""select sum(value) from (
            select * from read_parquet({files}) where last <= {DAY.toordinal()}
            qualify last = max(last) over (partition by body, what)
        )"""  # noqa: S608  (names of ours)
    ).fetchall()
    return int(found[0][0])


def boards_by_hand(folder: Path) -> list[Any]:
    """Judge and rank the board of each day as somebody would who carries the figures on in numpy."""
    archived = archive_at(folder)
    assert archived is not None
    figures = np.zeros((len(archived.bodies), len(archived.facts)), dtype=np.int64)
    found = []
    for month in archived.months:
        table = parquet.read_table(archived.month_file(month), columns=["body", "what", "last", "value"])
        body, what, last, value = (table[name].to_numpy() for name in table.column_names)
        days, begins = np.unique(last, return_index=True)
        for number, begun in enumerate(begins):
            ended = begins[number + 1] if number + 1 < len(days) else len(last)
            figures[body[begun:ended], what[begun:ended]] = value[begun:ended]
            found.append(judged(figures))
    return found


def our_boards(campaign: Any, folder: Path) -> list[Any]:
    """Make the board of each day as the rulebook says."""
    return list(boards(campaign, folder))


def each_day(campaign: Any, folder: Path) -> None:
    """Make all boards of the year, by hand and as the rulebook says, and see that they are the same."""
    works = {"by hand, numpy": lambda: boards_by_hand(folder), "ours, numpy": lambda: our_boards(campaign, folder)}
    (hand, expected), (mine, found) = (timed(do) for do in works.values())
    ids = [body.id for body in campaign.participants]
    for (total, place), board in zip(expected, found, strict=True):
        assert [board.totals[id] * 100 for id in ids] == total.tolist()
        assert [board.places["total"][id] for id in ids] == place.tolist()
    print(f"the board of each of {len(found)} days, judged and ranked, from the archive")
    print(
        f"  by hand, numpy             {hand:6.2f} s\n  ours                       {mine:6.2f} s  {mine / hand:5.2f} x"
    )


def main() -> None:
    """Print the tables."""
    communes = int(sys.argv[1]) if len(sys.argv) > 1 else 3321
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        campaign = load_campaign(write_campaign(folder / "campaign", ratios=False))
        files = invent(folder, communes)
        kept = folder / "kept"
        making, _ = timed(lambda: archive(campaign, files, kept), 1)
        size = sum(one.stat().st_size for one in kept.rglob("*.parquet"))
        works: dict[str, Callable[[], int]] = {
            "by hand, SQL": lambda: in_sql(files),
            "by hand, polars": lambda: in_polars(files),
            "ours, duckdb": lambda: ours(campaign, files, "duckdb", checked=False),
            "  of it looking through": lambda: ours(campaign, files, "duckdb", checked=True),
            "ours, polars": lambda: ours(campaign, files, "polars", checked=False),
            "  of it looking through it": lambda: ours(campaign, files, "polars", checked=True),
        }
        works |= {
            "by hand, SQL, archive": lambda: in_sql_of_archive(kept),
            "archive, duckdb": lambda: out_of_archive(campaign, kept, "duckdb"),
            "archive, polars": lambda: out_of_archive(campaign, kept, "polars"),
        }
        print(f"{communes * CRITERIA * 365:,} observations in {len(files)} files, to those of {DAY}")
        base = 0.0
        sums = set()
        for work, do in works.items():
            seconds, found = timed(do)
            base = base or seconds
            sums |= {found} if not work.startswith(" ") else set()
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"  {work:26} {seconds:6.2f} s  {seconds / base:5.2f} x   (peak so far {peak} MB)", flush=True)
        print(f"  the archive was made in {making:.1f} s and takes {size / 1e6:.0f} MB")
        assert len(sums) == 1, sums
        each_day(campaign, kept)


if __name__ == "__main__":
    main()
