"""Archive: the command that keeps facts in a folder, coded and month by month, for boards of very large fields."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import click

from emulation.commands import engines, options
from emulation.doors import open_extra


@click.command("archive")
@options.campaign
@options.data
@click.option("--into", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder.")
@click.option(
    "--engine", type=click.Choice([*engines.ENGINES]), default="duckdb", show_default=True, help="Who reads and writes."
)
@options.known_at
def command(campaign: Path, data: tuple[str, ...], folder: Path, engine: str, known_at: datetime | None) -> None:
    """Keep the facts of DATA (Parquet files, tables, a ledger) in a folder, for `score --engine columns` to find them.

    Facts are added to those that are there; one about the same days is replaced. A month without new facts is left
    alone.

    \b
    Examples:
      emulation archive campaigns/thai-nguyen-2025 --into facts
      emulation archive my-campaign october/ november.parquet --into facts
      emulation score my-campaign facts --engine columns --as-of 2025-11-30
    """
    rules, facts, _ = engines.handed_in(options.rules_of(campaign), campaign, data, known_at)
    with options.busy(f"writing {folder}"):
        made = open_extra("columnar.verdict", "columns", "archive").archive(
            rules, facts, folder, engine=engines.ENGINES[engine], known_at=known_at
        )
    size = sum(file.stat().st_size for file in folder.rglob("*.parquet"))
    click.echo(
        f"{folder}: {made.months[0]} to {made.months[-1]}, {len(made.bodies):,} participants, {len(made.facts)} facts,"
        f" {size / 1_000_000:.1f} MB"
        if made.months
        else f"{folder}: nothing"
    )
