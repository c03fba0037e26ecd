"""Diff: the command that says what an amendment does, or what a day has changed."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from emulation.commands import options
from emulation.outcome import score
from emulation.problems import Problem, Refused
from emulation.reading.campaign_file import load_campaign
from emulation.report.comparisons import diff_json, diff_text
from emulation.scenarios.amendments import impact


@click.command("diff")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path), required=False)
@click.option("--data", "data", multiple=True, type=str, help="The observations, or a ledger; else OLD's own.")
@click.option("--as-of", type=options.Day(), help="The day to score OLD for, and NEW too; else OLD's as_of.")
@click.option("--until", type=options.Day(), help="The day to score NEW for, where it is another one.")
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to show it."
)
@click.option("--top", type=click.IntRange(min=0), help="Only so many of those who move; 0 for all.")
@options.language
@options.output
def command(
    old: Path,
    new: Path | None,
    data: tuple[str, ...],
    as_of: date | None,
    until: date | None,
    form: str,
    top: int | None,
    lang: str,
    output: Path | None,
) -> None:
    """Compare two rulebooks on the same data, OLD and NEW, or OLD on two days: who moves, and which rule did it.

    \b
    Examples:
      emulation diff campaigns/thai-nguyen-2025 my-amended-campaign
      emulation diff campaigns/thai-nguyen-2025 --as-of 2025-07-20 --until 2025-08-06
      emulation diff campaigns/pci-2006 my-amended-campaign --format json
    """
    if new is None and until is None:
        raise Refused([Problem("E712", "there is nothing to compare with", "NEW, or another day: --until 2025-08-20")])
    before = options.outcome_of(old, data, as_of, None)
    rules = load_campaign(new or old)
    after = score(rules, before.observations, until or before.as_of)
    found = impact(before, after)
    options.write(
        diff_json(found) if form == "json" else diff_text(found, options.spoken(lang, output, rules), top), output
    )
