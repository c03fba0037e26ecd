"""Cases: how long counting dossiers takes beside hand-written SQL, in one run.

Usage: python benchmarks/cases.py [ROWS]
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
from pyarrow import compute, parquet
from timing import timed

from emulation.columnar.counted import facts_of_registers
from emulation.columnar.engines import ENGINES, table_of
from emulation.reading.campaign_file import load_campaign

COMMUNES, MONTHS = 3_321, 12
RULES = """\
campaign: dossiers
title: {en: Dossiers of a year, vi: Hồ sơ trong năm}
period: {from: 2025-01-01, to: 2025-12-31}
participants: {file: participants.csv}
set_aside: report
registers:
  dossiers:
    title: {en: dossiers, vi: hồ sơ}
    table: {file: dossiers.parquet}
    for: commune
    case: row
    fields: {channel: {one_of: [online, desk, post]}, received: day, due: day, returned: day}
    may_be_blank: [returned]
    on: received
    absent: zero
    counts:
      received_files: {where: all}
      online_files: {where: {channel: online}}
      late_files: {where: [{returned: {after: due}}, {returned: {known: false}}]}
indicators:
  online_share: {share: {of: online_files, among: received_files}, over: period, better: higher}
  late_share: {share: {of: late_files, among: received_files}, over: period, better: lower}
"""
MEANT = """count(*) as n, count(*) filter (channel = 'online') as online,
    count(*) filter (returned > due or returned is null) as late"""


def campaign_of(folder: Path) -> Any:
    """Write and read a rulebook that counts dossiers of 3,321 communes."""
    rows = "".join(f"{number:05},Commune {number},commune\n" for number in range(COMMUNES))
    (folder / "participants.csv").write_text(f"id,name,kind\n{rows}", encoding="utf-8")
    (folder / "campaign.yaml").write_text(RULES, encoding="utf-8")
    return load_campaign(folder)


def invent(folder: Path, rows: int) -> list[str]:
    """Invent dossiers, a file a month, in the order in which they were received."""
    random = np.random.default_rng(11)
    ids = pa.array([f"{number:05}" for number in range(COMMUNES)])
    channels = pa.array(["online", "desk", "post"])
    files = []
    for month in range(1, MONTHS + 1):
        many = rows // MONTHS
        first = np.datetime64(f"2025-{month:02}-01")
        received = np.sort(first + random.integers(0, 28, many).astype("timedelta64[D]"))
        due = received + random.integers(1, 15, many).astype("timedelta64[D]")
        returned = due + random.integers(-10, 3, many).astype("timedelta64[D]")
        table = pa.table(
            {
                "participant": pa.DictionaryArray.from_arrays(random.integers(0, COMMUNES, many).astype("int32"), ids),
                "channel": pa.DictionaryArray.from_arrays(
                    random.choice(3, many, p=[0.7, 0.25, 0.05]).astype("int8"), channels
                ),
                "received": pa.array(received, pa.date32()),
                "due": pa.array(due, pa.date32()),
                "returned": pa.array(returned, pa.date32(), mask=random.random(many) < 0.02),
            }
        )
        file = folder / f"{month:02}.parquet"
        parquet.write_table(table, file, compression="zstd")
        files.append(str(file))
    return files


def coded(codes: Any, words: pa.Array) -> pa.Array:
    """Give words by their codes, as Parquet keeps them."""
    return pa.DictionaryArray.from_arrays(codes.astype("int32"), words)


def by_hand(files: list[str], by: str) -> int:
    """Count as somebody would who writes it out in SQL."""
    read = duckdb.connect().read_parquet(files)
    counted = f"select participant, {by} as t, {MEANT} from d group by 1, 2"  # noqa: S608  (words of ours)
    return int(compute.sum(read.query("d", counted).to_arrow_table()["online"]).as_py())


def ours(campaign: Any, files: list[str], engine: str, kept: Path | None = None) -> int:
    """Count as the rulebook says, day by day, and sum it up."""
    chosen = ENGINES[engine]()
    (facts,) = facts_of_registers({"dossiers": files}, campaign, chosen, kept)
    found = table_of(facts)
    return int(compute.sum(found.filter(compute.field("fact") == "online_files")["value"]).as_py())


def main() -> None:
    """Print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 30_000_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        campaign = campaign_of(folder)
        files = invent(folder, rows)
        kept = folder / "kept"
        ours(campaign, files, "duckdb", kept)
        cases: dict[str, Callable[[], int]] = {
            "by hand, months": lambda: by_hand(files, "date_trunc('month', received)"),
            "by hand, days": lambda: by_hand(files, "received"),
            "ours, duckdb": lambda: ours(campaign, files, "duckdb"),
            "ours, polars": lambda: ours(campaign, files, "polars"),
            "ours, kept": lambda: ours(campaign, files, "duckdb", kept),
        }
        found = {case: timed(do) for case, do in cases.items()}
        assert len({count for _, count in found.values()}) == 1, found
        base = found["by hand, days"][0]
        print(f"{rows:,} dossiers, {COMMUNES:,} communes, {MONTHS} files")
        for case, (seconds, _) in found.items():
            print(f"  {case:18} {seconds:6.2f} s  {seconds / base:5.2f} x")
        print(f"  peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


if __name__ == "__main__":
    main()
