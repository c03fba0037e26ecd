"""Served: a long table on a PostgreSQL, copied into columns and scored, beside what a bare COPY of it takes.

Usage: python benchmarks/served.py postgresql://user@host/db [DAYS]

The user must be one who may write files of the server, since the bare COPY goes to its /dev/null.
"""

from __future__ import annotations

import resource
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
from field import COMMUNES, CRITERIA, write_campaign
from timing import timed

from emulation.columnar.engines import ENGINES
from emulation.columnar.sources import long_taken
from emulation.columnar.verdict import score_columns
from emulation.reading.campaign_file import load_campaign

TABLE = "emulation_benchmark"
FIRST = date(2025, 1, 1)


def invent(connection: psycopg.Connection[Any], days: int) -> int:
    """Invent a figure of each commune, indicator and day; give how many there are."""
    connection.execute(
        f"""create table {TABLE} as
            select lpad(body::text, 5, '0') as participant, 'i' || fact as fact, (date '{FIRST}' + day) as "to",
                   (abs(hashint4(body * 7919 + fact * 104729 + day)) % 1000)::numeric(12, 2) as value
            from generate_series(0, {days - 1}) day, generate_series(0, {COMMUNES - 1}) body,
                 generate_series(0, {CRITERIA - 1}) fact""".encode()  # noqa: S608  (names and numbers of ours)
    )
    connection.execute(f"alter table {TABLE} alter value type numeric(12, 2)".encode())
    connection.execute(f"vacuum analyze {TABLE}".encode())
    return days * COMMUNES * CRITERIA


def thrown_away(connection: psycopg.Connection[Any]) -> int:
    """Copy the table to a client that throws it away."""
    with connection.cursor().copy(f"copy {TABLE} to stdout (format csv)".encode()) as copy:
        return sum(len(block) for block in copy)


def measured(connection: psycopg.Connection[Any], address: str, days: int) -> None:
    """Print the table."""
    rows = invent(connection, days)
    last = FIRST + timedelta(days - 1)
    with tempfile.TemporaryDirectory() as folder:
        campaign = load_campaign(write_campaign(Path(folder) / "campaign", ratios=False))
        named = f"{address}{'&' if '?' in address else '?'}table={TABLE}"
        engines = {name: ENGINES[name]() for name in ("duckdb", "polars")}
        works: dict[str, Callable[[], object]] = {
            "bare COPY to /dev/null": lambda: connection.execute(f"copy {TABLE} to '/dev/null' (format csv)".encode()),
            "COPY to a client": lambda: thrown_away(connection),
            "into columns": lambda: long_taken(named, engines["duckdb"]),
            "into columns and scored, duckdb": lambda: score_columns(campaign, named, last, engine="duckdb"),
            "into columns and scored, polars": lambda: score_columns(campaign, named, last, engine="polars"),
        }
        print(f"{rows:,} rows")
        base = 0.0
        for work, do in works.items():
            seconds, _ = timed(do)
            base = base or seconds
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            said = f"{seconds:6.2f} s  {seconds / base:5.2f} x  {rows / seconds:12,.0f} rows/s"
            print(f"  {work:32} {said}   (peak so far {peak} MB)", flush=True)


def main() -> None:
    """Make the table, measure, and take it away."""
    address, days = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 30
    with psycopg.connect(address, autocommit=True) as connection:
        try:
            measured(connection, address, days)
        finally:
            connection.execute(f"drop table if exists {TABLE}".encode())


if __name__ == "__main__":
    main()
