"""Ledger: how fast facts are taken in and verified, as ratios to bare SQLite in one run; no time is ever tested.

    python benchmarks/ledger.py [ROWS]

The floor is ``executemany`` of the same facts into a plain table of twelve columns, by the same SQLite with the same
settings, without numbers, hashes or anything that could be verified.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from time import perf_counter

from emulation.ledger.entries import Reported
from emulation.ledger.intake import take_in
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import read, verify
from emulation.ledger.view import view_of
from emulation.names import ParticipantId
from emulation.observations import Observation, Observations
from emulation.outcome import no_search_for_garbage
from emulation.periods import Span

ROUNDS = 5
MONTHS = tuple(Span(date(2025, month, 1), date(2025, month, 28)) for month in range(1, 13))


def facts(rows: int) -> tuple[Observation, ...]:
    """Give so many facts: communes by month, as a drive reports them."""
    return tuple(
        Observation(
            ParticipantId(f"{1000 + row // 12:05}"),
            "online_files",
            MONTHS[row % 12],
            row * 7 % 1000,
            source="monthly report",
            file="july.xlsx",
            line=row + 2,
        )
        for row in range(rows)
    )


def bare(folder: str, told: tuple[Observation, ...]) -> Callable[[], object]:
    """Give the floor: the same facts into a plain table."""
    path = Path(folder) / "bare.db"
    marks = ", ".join("?" * 12)

    def work() -> None:
        path.unlink(missing_ok=True)
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("PRAGMA synchronous = EXTRA")
        connection.execute(f"CREATE TABLE fact ({', '.join(f'c{number} TEXT' for number in range(12))}) STRICT")
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(f"INSERT INTO fact VALUES ({marks})", map(columns, told))  # noqa: S608
        connection.execute("COMMIT")
        connection.close()

    return work


def columns(one: Observation) -> tuple[str | None, ...]:
    """Give a fact as a row of texts."""
    first, last = one.span.first.isoformat(), one.span.last.isoformat()
    made_up = "yes" if one.illustrative else ""
    value, line = str(one.value), str(one.line)
    return (
        one.participant,
        one.fact,
        first,
        last,
        value,
        one.state,
        one.bound,
        one.source,
        made_up,
        one.file,
        line,
        one.stage,
    )


def taken(work: Callable[[], object]) -> float:
    """Time one call."""
    start = perf_counter()
    with no_search_for_garbage():
        work()
    return perf_counter() - start


def in_turn(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Time several works in turn, and give each one's median."""
    times = [[taken(work) for work in works.values()] for _ in range(ROUNDS)]
    return {name: statistics.median(column) for name, column in zip(works, zip(*times, strict=True), strict=True)}


def one_by_one(path: Path, reports: list[Reported]) -> list[float]:
    """Time batches of one fact, each brought to the disk."""
    with open_ledger(path, create=True) as ledger:
        return [taken(lambda report=report: ledger.append([report], author="Lan")) for report in reports]  # type: ignore[misc]


def main(rows: int) -> None:
    """Measure and print."""
    told = facts(rows)
    reports = [Reported(one) for one in told]
    table = Observations(told)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "drive.ledger"

        def fresh() -> str:
            path.unlink(missing_ok=True)
            return str(path)

        def append() -> None:
            with open_ledger(fresh(), create=True) as ledger:
                ledger.append(reports, author="Lan")

        def ingest() -> None:
            with open_ledger(fresh(), create=True) as ledger:
                take_in(ledger, table, file="july.xlsx", sha256="0" * 64, author="Lan")

        def again() -> None:
            with open_ledger(path) as ledger:
                take_in(ledger, table, file="july.xlsx", sha256="0" * 64, author="Lan")

        def verified() -> None:
            with open_ledger(path) as ledger:
                verify(ledger)

        def viewed() -> None:
            with open_ledger(path) as ledger:
                view_of(read(ledger))

        works = {
            "bare executemany, 12 columns": bare(folder, told),
            "append with chain": append,
            "take in a file (compare, chain, append)": ingest,
            "take the same file in again": again,
            "verify": verified,
            "read into a view": viewed,
        }
        times = in_turn(works)
        moments = sorted(one_by_one(Path(folder) / "single.ledger", reports[:200]))
    floor = times["bare executemany, 12 columns"]
    print(f"{rows} rows, median of {ROUNDS}")
    for name, seconds in times.items():
        print(f"{name:<42} {int(rows / seconds):>9} rows/s   {floor / seconds:.2f} of bare")
    print(f"one fact a batch: {1000 * moments[100]:.1f} ms, 99 of 100 in {1000 * moments[197]:.1f} ms")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
