"""Sources: files are looked for before an engine opens them, and a frame is reckoned where it lies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from emulation.columnar.engines import DuckDB, Engine, Polars, rows_of
from emulation.columnar.sources import files_of, holder, taken
from emulation.problems import Refused


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """Make a folder with three files, one of them in a folder of its own, and something else."""
    (tmp_path / "old").mkdir()
    for number, name in enumerate(("b", "a", "old/c")):
        pl.DataFrame({"number": [number]}).write_parquet(tmp_path / f"{name}.parquet")
    (tmp_path / "notes.txt").write_text("of ours", encoding="utf-8")
    return tmp_path


def codes(found: Any, *given: Any) -> list[str]:
    """Give what is refused."""
    with pytest.raises(Refused) as refused:
        found(*given)
    return [str(problem) for problem in refused.value.problems]


def numbers(source: Any, engine: Engine) -> list[int]:
    """Give the numbers that were taken in."""
    return sorted(row["number"] for row in rows_of(taken(source, engine)))


@pytest.mark.parametrize(
    ("named", "found"),
    [
        ("a.parquet", ["a"]),
        (".", ["a", "b"]),
        ("*.parquet", ["a", "b"]),
        ("o*/c.parquet", ["old/c"]),
        ("**/*.parquet", ["a", "b", "old/c"]),
        ("[ab].parquet", ["a", "b"]),
    ],
)
def test_files_are_named_by_path_pattern_or_folder(shelf: Path, named: str, found: list[str]) -> None:
    """In the order of their names."""
    assert files_of(str(shelf / named)) == [shelf / f"{one}.parquet" for one in found]


def test_a_file_called_like_a_pattern_is_that_file(shelf: Path) -> None:
    """What is there is not a pattern."""
    (shelf / "a.parquet").rename(shelf / "[ab].parquet")

    assert files_of(shelf / "[ab].parquet") == [shelf / "[ab].parquet"]


def test_several_are_taken_together(shelf: Path) -> None:
    """In the order in which they are named."""
    assert files_of([shelf / "b.parquet", shelf / "old"]) == [shelf / "b.parquet", shelf / "old" / "c.parquet"]
    assert numbers([shelf / "b.parquet", shelf / "old"], DuckDB()) == [0, 2]


def test_a_file_named_twice_is_there_twice(shelf: Path) -> None:
    """So that its rows are seen to be doubles, and are not passed over."""
    assert numbers([shelf / "a.parquet", shelf / "a.parquet"], Polars()) == [1, 1]


def test_all_that_are_not_there_are_told_at_once(shelf: Path) -> None:
    """A pattern that means nothing and a folder without columns too."""
    (shelf / "empty").mkdir()
    gone = [str(shelf / name) for name in ("gone.parquet", "x*.parquet", "empty")]

    assert codes(files_of, [*gone, shelf / "a.parquet"]) == [f"E139 there is no file {one}" for one in sorted(gone)]
    assert codes(taken, gone[0], DuckDB()) == [f"E139 there is no file {gone[0]}"]


def test_an_address_goes_to_the_engine_as_it_is_written(shelf: Path) -> None:
    """It is not looked for here, unless the files themselves are needed."""
    address = (shelf / "a.parquet").as_uri()

    assert numbers([address, shelf / "b.parquet"], Polars()) == [0, 1]
    assert codes(files_of, "s3://bucket/a.parquet") == [
        "E139 there is no file s3://bucket/a.parquet (a file of this machine)"
    ]


def test_a_frame_is_reckoned_by_what_holds_it() -> None:
    """Another engine is refused by name; a connection takes it in."""
    frame, own = pl.DataFrame({"number": [7]}), DuckDB()

    assert holder(frame) == holder(frame, "polars") == Polars()
    assert holder(pa.table({"number": [7]})).name == "duckdb"
    assert holder(frame, own.connection) == own
    assert numbers(frame, own) == [7]
    assert codes(holder, frame, "spark") == [
        "E787 the frame is held by polars, not by spark (leave the engine out, or hand in paths)"
    ]


def test_files_are_looked_at_by_duckdb_unless_another_is_asked() -> None:
    """Whether or not they are there."""
    assert [holder("gone.parquet").name, holder([], "polars").name] == ["duckdb", "polars"]
