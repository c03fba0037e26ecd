"""Engines: scoring on columns from the command line: which engine, and what it shows."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click

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

_FORMATS = ("text", "csv")


def chosen(engine: str, rules: Campaign, data: Sequence[str], form: str, *, plan: bool) -> str | None:
    """Give the engine of columns that is asked for, or that size or folders ask for; none for the exact one."""
    if engine in ENGINES:
        return ENGINES[engine]
    if plan:
        return "duckdb"
    if engine == "exact" or form not in _FORMATS:
        return None
    return "duckdb" if cells_of(rules) >= MANY_CELLS or any(Path(one).is_dir() for one in data) else None


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
        what = f"--format {form} is not made from columns"
        raise Refused([Problem("E788", what, "--format text or csv, or --engine exact")])
    speaking = options.spoken(lang, output, rules)
    click.echo(
        speaking.say("columns.chosen", cells=speaking.number(cells_of(rules)), engine=engine),
        err=True,
    )
    extra = "spark" if engine == "spark" else "columns"
    verdicts = open_extra("columnar.verdict", extra, "--engine")
    rules, facts, cases = handed_in(rules, path, data, moment)
    with options.busy(f"counting {', '.join(cases)}" if cases else "reckoning"):
        verdict = verdicts.score_columns(rules, facts, day, engine=engine, known_at=moment, cases=cases, kept=kept)
    shown = open_extra("report.columns", extra, "--engine")
    if plan:
        options.write(shown.plan_text(verdict, speaking), output)
        return
    verdicts.rejudged(verdict, facts if isinstance(facts, Observations) and not cases else None)
    if form == "csv":
        options.write(shown.columns_csv(verdict, group), output)
    else:
        options.write(shown.columns_text(verdict, speaking, top=top, group=group), output)
    left_open = verdicts.left_open(verdict)
    if isinstance(facts, Observations):
        options.tell(facts.warnings, "to be known")
        options.tell(facts.set_aside, "set aside")
        left_open = [*left_open, *(facts.set_aside if rules.set_aside == "block" else ())]
    options.tell(left_open, "left open")
    if left_open:
        sys.exit(OPEN)


def handed_in(
    rules: Campaign, path: Path, data: Sequence[str], moment: datetime | None
) -> tuple[Campaign, Any, dict[str, list[Path]]]:
    """Give the rules, the facts, and the Parquet files of registers, which are counted where they lie."""
    if rules.registers and options.ledger_in(data) is None:
        files, cases = options.tables_of(rules, path, data)
        if cases and all(_is_columns(one) for several in cases.values() for one in several):
            reported = load_observations(files, rules) if files else None
            return rules, reported, cases
    if are_columns(data):
        return rules, data[0] if len(data) == 1 else list(data), {}
    return *options.known_of(rules, path, data, moment), {}


def are_columns(data: Sequence[str]) -> bool:
    """Say whether what is handed in are folders and Parquet files, which are never read as records."""
    return bool(data) and all(_is_columns(Path(one)) for one in data)


def _is_columns(path: Path) -> bool:
    return path.suffix == ".parquet" or path.is_dir()
