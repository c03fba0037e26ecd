"""PostgreSQL: a table on a server comes to the digits of a Parquet file of its rows, and what is not exact is told."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import gettempdir
from typing import Any
from urllib.parse import quote

import polars as pl
import psycopg
import pyarrow as pa  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql

from emulation.campaign import Campaign
from emulation.columnar import postgres
from emulation.columnar.engines import DuckDB, Engine, Polars, rows_of, table_of
from emulation.columnar.replay import boards
from emulation.columnar.results import rows
from emulation.columnar.sources import taken
from emulation.columnar.verdict import archive, rejudged, score_columns
from emulation.exact import write_number
from emulation.observations import Observations
from emulation.outcome import score
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

from same import differences
from server import Server

DAY = date(2025, 8, 6)
LONG = 'participant text, fact text, "from" date, "to" date, value bigint'


def loaded(name: str) -> tuple[Campaign, Observations]:
    """Read a campaign and its facts."""
    campaign = load_campaign(Path("campaigns") / name)
    return campaign, load_observations(Path("campaigns") / name / "observations.csv", campaign)


THAI_NGUYEN, FACTS = loaded("thai-nguyen-2025")
ROWS = [(one.participant, one.fact, one.span.first, one.span.last, write_number(one.value or 0)) for one in FACTS]


class Base:
    """A schema of a server, in which tables are made."""

    def __init__(self, server: Server) -> None:
        self.server, self.schema = server, server.schema()
        self.run(f"CREATE SCHEMA {self.schema}")

    def run(self, *statements: str) -> None:
        """Run statements as somebody with all rights."""
        with psycopg.connect(self.server.address(), autocommit=True) as outside:
            for statement in statements:
                outside.execute(statement.replace("SCHEMA.", f"{self.schema}.").encode())

    def view(self, name: str, query: str) -> None:
        """Make a view of tables in the schema."""
        self.run(f"CREATE VIEW SCHEMA.{name} AS {query}")

    def table(self, columns: str, rows: list[tuple[Any, ...]], name: str = "facts") -> str:
        """Make a table; give its address."""
        with psycopg.connect(self.server.address(), autocommit=True) as outside:
            where = sql.Identifier(self.schema, name)
            outside.execute(sql.SQL("DROP TABLE IF EXISTS {} CASCADE").format(where))
            outside.execute(sql.SQL("CREATE TABLE {} ({})").format(where, sql.SQL(columns)))  # type: ignore[arg-type]
            with outside.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(where)) as copy:
                for row in rows:
                    copy.write_row(row)
        return self.address(name)

    def address(self, name: str, user: str = "tests") -> str:
        """Give the address of a table."""
        quoted = '"' + name.replace('"', '""') + '"'
        address = self.server.address().replace("//tests@", f"//{user}@")
        return f"{address}&table={self.schema}.{quote(quoted)}"


@pytest.fixture(scope="module")
def base(server: Server) -> Base:
    """Give a schema of the tests' server."""
    return Base(server)


def told(do: Callable[[], object]) -> list[str]:
    """Give what is refused."""
    with pytest.raises(Refused) as refused:
        do()
    return [str(one) for one in refused.value.problems]


def codes(do: Callable[[], object]) -> list[str]:
    """Give the codes of what is refused."""
    return [one.partition(" ")[0] for one in told(do)]


@pytest.mark.parametrize("engine", ["duckdb", "polars"])
def test_a_table_comes_to_what_the_exact_engine_says(base: Base, engine: str) -> None:
    """To the digit, and a sample of it is judged once more from the same copy."""
    address = base.table(LONG, ROWS)

    verdict = score_columns(THAI_NGUYEN, address, DAY, engine=engine)

    assert differences(score(THAI_NGUYEN, FACTS, DAY), verdict) == []
    assert len(rejudged(verdict).bodies) > 20


@pytest.mark.parametrize("batch", [1, 1000])
def test_batches_come_to_what_a_parquet_file_does(
    base: Base, batch: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Decimals of a declared scale, corrections and states, however few rows are held at a time."""
    columns = f"{LONG.replace('bigint', 'numeric(12,3)')}, state text, seq smallint, note text"
    handed_in = [(*row, "measured", 1, 'a "note",\nof ours') for row in ROWS]
    handed_in += [(*ROWS[0][:4], "850.125", "measured", 2, None), (*ROWS[1][:4], None, "withheld", 2, "")]
    frame = pl.DataFrame(
        handed_in,
        {
            **dict.fromkeys(("participant", "fact"), pl.String),
            **dict.fromkeys(("from", "to"), pl.Date),
            "value": pl.String,
            "state": pl.String,
            "seq": pl.Int64,
            "note": pl.String,
        },
        orient="row",
    ).with_columns(pl.col("value").cast(pl.Decimal(12, 3)))
    frame.write_parquet(tmp_path / "facts.parquet")
    monkeypatch.setattr(postgres, "BATCH", batch)

    served = score_columns(THAI_NGUYEN, base.table(columns, handed_in), DAY)
    kept = score_columns(THAI_NGUYEN, tmp_path / "facts.parquet", DAY)

    assert sorted(rows(served), key=lambda row: row.id) == sorted(rows(kept), key=lambda row: row.id)
    assert sorted(rows(served), key=lambda row: row.id) != sorted(
        rows(score_columns(THAI_NGUYEN, FACTS, DAY)), key=lambda row: row.id
    )


TEXTS = st.one_of(st.none(), st.text(st.sampled_from('a",\n\r\\.\tNULé '), max_size=5))
CELLS = st.tuples(
    TEXTS,
    st.none() | st.integers(-(2**63), 2**63 - 1),
    st.none() | st.decimals(-(10**15), 10**15, places=3),
    st.none() | st.dates(),
    st.none() | st.booleans(),
    st.none() | st.datetimes(timezones=st.just(UTC)),
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(CELLS, max_size=5))
def test_what_is_in_a_table_comes_out_of_it(base: Base, cells: list[tuple[Any, ...]]) -> None:
    """Whatever stands in it: blanks and empty texts, commas, quotes, line ends, the widest numbers, the first days."""
    columns = 'text varchar(9), "whole"" one" bigint, decimal numeric(18,3), day date, yes boolean, at timestamptz'
    address = base.table(columns, cells, 'Any "name".')

    engine = Polars()
    table = table_of(taken([address], engine))

    assert [tuple(row.values()) for row in table.to_pylist()] == cells
    assert table.column_names == ["text", 'whole" one', "decimal", "day", "yes", "at"]


def test_what_was_known_is_asked_of_moments(base: Base) -> None:
    """A table with the moments at which its rows were handed in answers what was known then."""
    columns = f"{LONG}, recorded timestamptz, seq integer"
    first, later = datetime(2025, 8, 6, 10, tzinfo=UTC), datetime(2025, 8, 7, 10, tzinfo=UTC)
    address = base.table(columns, [*((*row, first, 1) for row in ROWS), (*ROWS[0][:4], 0, later, 2)])

    then = score_columns(THAI_NGUYEN, address, DAY, known_at=first)

    assert differences(score(THAI_NGUYEN, FACTS, DAY), then) == []
    assert differences(score(THAI_NGUYEN, FACTS, DAY), score_columns(THAI_NGUYEN, address, DAY)) != []


def test_a_view_is_a_table_too(base: Base) -> None:
    """It renames, casts and leaves out; states out of a list are texts."""
    base.run(f"CREATE TYPE {base.schema}.state AS ENUM ('measured', 'missing')")
    base.table('who varchar(9), what text, "to" timestamp, value double precision', [
        (one, what, last, value) for one, what, _, last, value in ROWS
    ], "raw")  # fmt: skip
    base.view(
        "cast_",
        'SELECT who AS participant, what AS fact, "to", value::numeric(9,1) AS value, state::SCHEMA.state AS state'
        " FROM SCHEMA.raw, (VALUES ('measured')) AS stated (state)",
    )

    verdict = score_columns(THAI_NGUYEN, base.address("cast_"), DAY)

    assert len([row for row in rows(verdict) if row.class_]) > 50


def test_a_table_is_archived(base: Base, tmp_path: Path) -> None:
    """And the archive comes to what the table does."""
    archive(THAI_NGUYEN, base.table(LONG, ROWS), tmp_path)

    assert differences(score(THAI_NGUYEN, FACTS, DAY), score_columns(THAI_NGUYEN, tmp_path, DAY)) == []


def test_a_drive_is_followed_in_a_table(base: Base) -> None:
    """Day by day, from one copy."""
    days = [DAY - timedelta(days=7), DAY]

    served, reported = (
        [
            (one.day, dict(one.totals), dict(one.places["total"]), dict(one.classes))
            for one in boards(THAI_NGUYEN, facts, days)
        ]
        for facts in (base.table(LONG, ROWS), FACTS)
    )

    assert served == reported
    assert len(served[0][1]) > 50


def test_columns_that_are_not_exact_are_told_before_a_row_is_read(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    """A double, a decimal of no declared scale, another thing altogether; one that nobody looks at is let be."""
    monkeypatch.setattr(postgres, "_copied", lambda *_: pytest.fail("rows were read"))
    for type_ in ("double precision", "real", "numeric", "numeric(50,2)", "numeric(4,-2)", "jsonb", "integer[]"):
        address = base.table(LONG.replace("bigint", type_), [])
        (said,) = told(lambda: score_columns(THAI_NGUYEN, address, DAY))  # noqa: B023
        assert said.startswith(f"E782 the column 'value' is of the type {type_} (text, date, timestamp, bigint, or ")
    texts = base.table(LONG.replace("bigint", "text"), [])
    assert codes(lambda: score_columns(THAI_NGUYEN, texts, DAY)) == ["E782"]
    lacking = base.table("participant text, fakt text, day date, value bigint", [])
    assert codes(lambda: score_columns(THAI_NGUYEN, lacking, DAY)) == ["E781", "E781"]


def test_a_column_that_nobody_looks_at_is_not_read(base: Base) -> None:
    """Whatever it holds; where all columns are asked for, it is told."""
    address = base.table(f"{LONG}, extra jsonb", [(*row, "{}") for row in ROWS])

    assert differences(score(THAI_NGUYEN, FACTS, DAY), score_columns(THAI_NGUYEN, address, DAY)) == []
    assert codes(lambda: taken(address, DuckDB())) == ["E782"]


@pytest.mark.parametrize(
    ("column", "type_", "value"),
    [("to", "date", "infinity"), ("to", "date", "0044-03-15 BC"), ("value", "numeric(5,1)", "NaN")],
)
def test_a_value_that_is_none_is_told(base: Base, column: str, type_: str, value: str) -> None:
    """By its column and as the server writes it."""
    row: dict[str, Any] = {"participant": "a", "fact": "b", "to": DAY, "value": 1, column: value}
    types = {"participant": "text", "fact": "text", "to": "date", "value": "bigint", column: type_}
    columns = ", ".join(f'"{name}" {types[name]}' for name in row)

    problems = told(lambda: score_columns(THAI_NGUYEN, base.table(columns, [tuple(row.values())]), DAY))

    assert [one[: len(f"E782 the column '{column}' holds '{value}'")] for one in problems] == [
        f"E782 the column '{column}' holds '{value}'"
    ]


def test_blanks_and_strangers_are_told(base: Base) -> None:
    """As of any other frame."""
    blank = base.table(LONG, [*ROWS, (None, "files", DAY, DAY, 1)])
    assert codes(lambda: score_columns(THAI_NGUYEN, blank, DAY)) == ["E783", "E784"]
    twice = base.table(LONG, [*ROWS, ROWS[-1]])
    assert codes(lambda: score_columns(THAI_NGUYEN, twice, DAY)) == ["E785"]


def test_a_table_that_is_not_there_or_closed_is_told(base: Base) -> None:
    """By its name and the server's, without the password."""
    base.run("DROP ROLE IF EXISTS lan", "CREATE ROLE lan LOGIN")
    address = base.table(LONG, ROWS)
    nowhere = base.address("nowhere").replace("//tests@", "//tests:secret@")

    (said,) = told(lambda: score_columns(THAI_NGUYEN, nowhere, DAY))
    assert said.startswith(f"E139 there is no table {base.schema}.nowhere at postgresql://tests@/postgres?host=")
    assert codes(lambda: taken(address.replace(f"{base.schema}.", "absent."), DuckDB())) == ["E139"]
    as_lan = base.address("facts", "lan")
    assert codes(lambda: taken(as_lan, DuckDB())) == ["E796"]
    base.run(f"GRANT USAGE ON SCHEMA {base.schema} TO lan")
    assert codes(lambda: taken(as_lan, DuckDB())) == ["E796"]
    base.run(f"GRANT SELECT ON {base.schema}.facts TO lan")
    assert len(rows_of(taken(as_lan, DuckDB()))) == len(ROWS)


def test_a_server_that_does_not_answer_is_told() -> None:
    """As that of a ledger is."""
    (said,) = told(lambda: taken("postgresql://lan:secret@/db?host=%2Fnowhere&table=facts", DuckDB()))

    assert said.startswith("E621 the server did not answer as it should (postgresql://lan@/db?host=%2Fnowhere: ")
    assert "secret" not in said


def test_a_table_that_somebody_keeps_locked_is_told(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    """After some waiting."""
    address = base.table(LONG, ROWS)
    monkeypatch.setattr(postgres, "_SETTINGS", (*postgres._SETTINGS, "SET lock_timeout TO '10ms'"))  # noqa: SLF001
    with psycopg.connect(base.server.address()) as other:
        other.execute(f"LOCK TABLE {base.schema}.facts".encode())
        assert codes(lambda: taken(address, DuckDB())) == ["E622"]


def test_nothing_can_be_written_by_it(base: Base) -> None:
    """A view that would write is stopped by the server."""
    address = base.table(LONG, ROWS)
    base.run(
        "CREATE FUNCTION SCHEMA.sly() RETURNS bigint LANGUAGE sql AS $$DELETE FROM SCHEMA.facts; SELECT 1::bigint$$"
    )
    base.view("sly", 'SELECT participant, fact, "to", SCHEMA.sly() AS value FROM SCHEMA.facts')

    assert codes(lambda: score_columns(THAI_NGUYEN, base.address("sly"), DAY)) == ["E621"]
    assert len(rows_of(taken(address, DuckDB()))) == len(ROWS)


def test_several_sources_with_a_table_are_refused(base: Base) -> None:
    """A view puts tables together; nothing is left out in silence."""
    address = base.table(LONG, ROWS)

    assert codes(lambda: score_columns(THAI_NGUYEN, [address, "facts.parquet"], DAY)) == ["E796"]


@pytest.mark.parametrize("engine", [DuckDB, Polars])
def test_the_copy_lasts_as_long_as_its_engine(
    base: Base, engine: type[Engine], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is left behind where temporary files lie; nor where the table is refused."""
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert gettempdir() == str(tmp_path)
    held = engine()  # type: ignore[operator]
    frame = taken(base.table(LONG, ROWS), held)
    assert len(list(tmp_path.rglob("*.parquet"))) == 1
    assert len(rows_of(frame)) == len(ROWS)

    del held, frame
    gc.collect()
    assert list(tmp_path.iterdir()) == []
    assert codes(lambda: taken(base.address("nowhere"), DuckDB())) == ["E139"]
    gc.collect()
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_slip_of_arrow_is_not_swallowed() -> None:
    """What cannot be worded is told as it is."""
    with pytest.raises(pa.ArrowInvalid):
        postgres._as_columns(b"1,2\n", pa.schema([("one", pa.int64())]))  # noqa: SLF001
