"""Engines: scoring on columns from the command line: which engine, and what it shows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

from emulation.addresses import is_table
from emulation.campaign import Campaign
from emulation.commands import options
from emulation.doors import open_extra
from emulation.observations import Observations
from emulation.problems import OPEN, Problem, Refused
from emulation.reading.facts import load_observations

ENGINES = {"columns": "duckdb", "duckdb": "duckdb", "polars": "polars", "spark": "spark"}
"""What `--engine` takes beside exact and auto, and who reckons then."""

MANY_CELLS = 1_000_000
"""From so many participants times indicators and criteria on, columns are chosen where nothing else is said."""

_FORMATS = ("text", "csv", "json")
_WHOLE = ("text", "csv")
"""Formats in which columns say all that the exact engine says: nobody finds less in them because a board has grown."""


def chosen(engine: str, rules: Campaign, data: Sequence[str], form: str, *, plan: bool) -> str | None:
    """Give the engine of columns that is asked for, or that size or folders ask for; none for the exact one."""
    if engine in ENGINES:
        return ENGINES[engine]
    if plan:
        return "duckdb"
    if engine == "exact" or form not in _FORMATS:
        return None
    large = form in _WHOLE and cells_of(rules) >= MANY_CELLS
    return "duckdb" if large or any(is_table(one) or Path(one).is_dir() for one in data) else None


def cells_of(rules: Campaign) -> int:
    """Count the cells of a board: participants times what is measured and judged of each."""
    return len(rules.participants) * (len(rules.indicators) + len(rules.criterion))


def board(
    rules: Campaign,
    path: Path,
    data: Sequence[str],
    day: date | None,
    moment: datetime | None,
    engine: str,
    form: str,
    *,
    plan: bool,
    group: str | None,
    top: int | None,
    lang: str,
    output: Path | None,
    kept: Path | None = None,
) -> None:
    """Score on columns, judge a sample once more, and show the board or the plan."""
    if form not in _FORMATS and not plan:
        what = f"--format {form} is of a size for people, and not made from columns"
        raise Refused([Problem("E788", what, "--engine exact; or --format text, csv or json")])
    speaking = options.spoken(lang, output, rules)
    click.echo(
        speaking.say("columns.chosen", cells=speaking.number(cells_of(rules)), engine=engine),
        err=True,
    )
    extra = "spark" if engine == "spark" else "columns"
    verdicts = open_extra("columnar.verdict", extra, "--engine")
    rules, facts, cases = handed_in(rules, path, data, moment)
    with options.busy(f"counting {', '.join(cases)}" if cases else "reckoning"):
        verdict = verdicts.score_columns(
            rules, facts, day, engine=engine, known_at=moment, parts=form == "json", cases=cases, kept=kept
        )
    shown = open_extra("report.columns", extra, "--engine")
    if plan:
        options.write(shown.plan_text(verdict, speaking), output)
        return
    records = facts if isinstance(facts, Observations) else None
    verdicts.rejudged(verdict, None if cases else records)
    left_open = verdicts.left_open(verdict)
    if records is not None and rules.set_aside == "block":
        left_open = [*left_open, *records.set_aside]
    match form:
        case "csv":
            options.write(shown.columns_csv(verdict, group), output)
        case "json":
            pieces = open_extra("report.column_records", extra, "--engine").columns_json
            options.write_lines(pieces(verdict, left_open, group, None if cases else records), output)
        case _:
            options.write(shown.columns_text(verdict, speaking, top=top, group=group), output)
    if records is not None:
        options.tell(records.warnings, "to be known")
        options.tell(records.set_aside, "set aside")
    options.tell(left_open, "left open")
    if left_open:
        sys.exit(OPEN)


def handed_in(
    rules: Campaign, path: Path, data: Sequence[str], moment: datetime | None
) -> tuple[Campaign, Any, dict[str, list[Path]]]:
    """Give the rules, the facts, and the Parquet files of registers, which are counted where they lie."""
    if tables := [one for one in data if is_table(one)]:
        return rules, tables, _beside(rules, path, [one for one in data if one not in tables])
    if rules.registers and options.ledger_in(data) is None:
        files, cases = options.tables_of(rules, path, data)
        if cases and all(_is_columns(one) for several in cases.values() for one in several):
            reported = load_observations(files, rules) if files else None
            return rules, reported, cases
    if are_columns(data):
        return rules, data[0] if len(data) == 1 else list(data), {}
    return *options.known_of(rules, path, data, moment), {}


def _beside(rules: Campaign, path: Path, data: Sequence[str]) -> dict[str, list[Path]]:
    """Give the Parquet files of registers beside a table on a server; refuse all else (E796), which would be lost."""
    registers = {register.id for register in rules.registers}
    lost = [one for one in data if one.partition("=")[0] not in registers]
    cases = options.tables_of(rules, path, data)[1] if registers and not lost else {}
    lost += [str(one) for several in cases.values() for one in several if not _is_columns(one)]
    if lost:
        what = f"{', '.join(lost)} beside a table on a server, which holds all facts"
        raise Refused([Problem("E796", what, "the table alone, with the Parquet files of registers if there are any")])
    return cases


def are_columns(data: Sequence[str]) -> bool:
    """Say whether what is handed in are folders and Parquet files, which are never read as records."""
    return bool(data) and all(_is_columns(Path(one)) for one in data)


def _is_columns(path: Path) -> bool:
    return path.suffix == ".parquet" or path.is_dir()
