"""Served tables: a table on a server as the DATA of commands: what takes it, and what says why it does not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import polars as pl
import psycopg
import pytest

from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

from server import Server

Run = Callable[..., tuple[int, str, str]]
CAMPAIGNS = Path(__file__).parents[2] / "campaigns"
CAMPAIGN = CAMPAIGNS / "thai-nguyen-2025"


@pytest.fixture(scope="module")
def table(server: Server) -> str:
    """Copy the facts of a campaign into a table; give its address, with a password that nobody asks for."""
    schema = server.schema()
    with psycopg.connect(server.address(), autocommit=True) as outside:
        outside.execute(f"CREATE SCHEMA {schema}".encode())
        outside.execute(
            f'CREATE TABLE {schema}."Daily" (participant text, fact text, "from" date, "to" date, value int)'.encode()
        )
        with outside.cursor().copy(f'COPY {schema}."Daily" FROM STDIN'.encode()) as copy:
            for one in load_observations(CAMPAIGN / "observations.csv", load_campaign(CAMPAIGN)):
                copy.write_row((one.participant, one.fact, one.span.first, one.span.last, int(one.value or 0)))
    return f"{server.address().replace('tests@', 'tests:secret@')}&table={schema}.{quote('Daily')}"


@pytest.mark.parametrize("form", ["csv", "json"])
def test_a_table_is_scored_unasked(run: Run, table: str, form: str) -> None:
    """By columns; the numbers are those of the file."""
    _, exact, _ = run("score", CAMPAIGN, "--engine", "polars", "--format", form, "--as-of", "2025-08-06")

    code, served, said = run("score", CAMPAIGN, table, "--format", form, "--as-of", "2025-08-06")

    assert (code, said) == (0, "372 cells: scored on columns by duckdb (--engine exact for reasons)\n")
    if form == "csv":
        assert served == exact
    else:
        assert json.loads(served)["participants"] == json.loads(exact)["participants"]


def test_a_table_is_archived(run: Run, table: str, tmp_path: Path) -> None:
    """And scored from there."""
    code, told, _ = run("archive", CAMPAIGN, table, "--into", tmp_path)

    assert (code, told) == (0, f"{tmp_path}: 2025-07 to 2025-08, 92 participants, 4 facts, 0.0 MB\n")


@pytest.mark.parametrize(
    "words",
    [
        ("score", CAMPAIGN, "TABLE", "--engine", "exact"),
        ("score", CAMPAIGN, "TABLE", "--format", "html"),
        ("explain", CAMPAIGN, "05503", "TABLE"),
        ("score", CAMPAIGNS / "one-stop-2025", "dossiers=TABLE"),
        ("score", CAMPAIGNS / "one-stop-2025", "dossiers=TABLE", "--engine", "columns"),
    ],
)
def test_what_reads_records_says_who_reads_it(run: Run, table: str, words: tuple[object, ...]) -> None:
    """Without the password."""
    code, out, said = run(*(str(one).replace("TABLE", table) for one in words))

    assert (code, out) == (2, "")
    assert "E796 postgresql://tests@" in said
    assert "is a table on a server, which is read as facts, by columns" in said
    assert "secret" not in said


def test_a_table_holds_no_ledger(run: Run, table: str) -> None:
    """Nothing is made where its address is taken for a ledger's."""
    code, _, said = run("ingest", table, CAMPAIGN, "--author", "Lan")

    assert code == 2
    assert said.startswith("E601 postgresql://tests@/postgres?host=")
    assert "is the address of a table, and holds no ledger (an address without table=)" in said


@pytest.mark.parametrize("engine", ["auto", "columns"])
def test_what_would_be_lost_beside_a_table_is_refused(run: Run, table: str, engine: str) -> None:
    """A file of facts, another table, and dossiers that are read as records."""
    observations = CAMPAIGN / "observations.csv"

    beside = run("score", CAMPAIGN, table, observations, "--engine", engine)
    twice = run("score", CAMPAIGN, table, table, "--engine", engine)
    dossiers = run("score", CAMPAIGNS / "one-stop-2025", table, "--engine", engine)

    assert f"E796 {observations} beside a table on a server, which holds all facts" in beside[2]
    assert "E796 2 sources, and a table on a server is read alone" in twice[2]
    assert "dossiers.csv beside a table on a server" in dossiers[2]


def test_dossiers_are_counted_beside_a_table(run: Run, server: Server, tmp_path: Path) -> None:
    """Where they lie in Parquet; the table holds what else is reported."""
    with psycopg.connect(server.address(), autocommit=True) as outside:
        outside.execute(b'CREATE TABLE nothing (participant text, fact text, "to" date, value bigint)')
    pl.DataFrame(
        schema={
            **dict.fromkeys(("participant", "dossier", "channel"), pl.String),
            "paid": pl.Boolean,
            **dict.fromkeys(("received", "due", "returned", "changed"), pl.Datetime),
        }
    ).write_parquet(tmp_path / "dossiers.parquet")
    campaign, dossiers = CAMPAIGNS / "one-stop-2025", f"dossiers={tmp_path / 'dossiers.parquet'}"

    alone = run("score", campaign, dossiers, "--engine", "polars", "--format", "csv")
    beside = run(
        "score", campaign, f"{server.address()}&table=nothing", dossiers, "--engine", "polars", "--format", "csv"
    )

    assert beside == alone
    assert alone[1].count("\n") > 8
