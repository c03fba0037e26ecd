"""Rehearse: the command that tries a rulebook on invented figures before anybody reports."""

from __future__ import annotations

import csv
import io
import sys
from datetime import date
from pathlib import Path

import click

from emulation.campaign import Campaign
from emulation.commands import options
from emulation.exact import NotExact, Rational, read_number, write_number
from emulation.indicators import Indicator, Level, Milestone, Number, YesNo
from emulation.observations import Observation
from emulation.problems import OPEN, Problem, Refused
from emulation.reading.campaign_file import load_campaign
from emulation.report.rehearsal import rehearsal_json, rehearsal_text
from emulation.scenarios.inventing import invent
from emulation.scenarios.rehearsal import SEED, TIMES, rehearse

_COLUMNS = ("participant", "indicator", "from", "to", "value", "source", "stage", "received", "illustrative")


@click.command("rehearse")
@options.campaign
@click.option("--times", type=int, default=TIMES, show_default=True, help="How many rehearsals.")
@click.option("--seed", type=int, default=SEED, show_default=True, help="Where they begin; the same on any machine.")
@click.option("--missing", default="0", show_default=True, help="The share of figures that are not reported, as 10%.")
@options.as_of
@click.option(
    "--figures",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the first invented figures there, as a table.",
)
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to show it."
)
@options.language
@options.output
def command(
    campaign: Path,
    times: int,
    seed: int,
    missing: str,
    as_of: date | None,
    figures: Path | None,
    form: str,
    lang: str,
    output: Path | None,
) -> None:
    """Try CAMPAIGN on invented figures, again and again: what would come out, and whether to go. Exit code 1: no go.

    \b
    Examples:
      emulation rehearse campaigns/thai-nguyen-2025
      emulation rehearse my-campaign --times 100 --missing 10% --lang vi
      emulation rehearse my-campaign --figures invented.csv
    """
    rules = load_campaign(campaign)
    share = _share(missing)
    found = rehearse(rules, times, seed, share, as_of, options.progress)
    if figures is not None:
        options.write(_table(rules, seed, share, found.day), figures)
    options.write(
        rehearsal_json(found) if form == "json" else rehearsal_text(found, options.spoken(lang, output, rules)), output
    )
    if not found.is_go:
        sys.exit(OPEN)


def _share(text: str) -> Rational:
    try:
        return read_number(text)
    except NotExact as slip:
        raise Refused([Problem(slip.code, slip.what, slip.remedy)]) from None


def _table(rules: Campaign, seed: int, missing: Rational, day: date) -> str:
    """Write invented figures as a table in the plain form, marked as made up."""
    written = io.StringIO()
    rows = csv.writer(written, lineterminator="\n")
    rows.writerow(_COLUMNS)
    rows.writerows(_row(one, rules) for one in invent(rules, seed, missing, day))
    return written.getvalue()


def _row(one: Observation, rules: Campaign) -> list[str]:
    kind = next((known for known in rules.indicators if known.id == one.fact), None)
    told = write_number(one.value or 0) if kind is None else _told(kind, one.value or 0)
    received = "" if one.received is None else one.received.isoformat()
    days = (one.span.first.isoformat(), one.span.last.isoformat())
    return [one.participant, one.fact, *days, told, one.source or "", one.stage or "", received, "yes"]


def _told(kind: Indicator, value: Rational) -> str:
    """Write a figure as its kind is written in a table."""
    match kind.measured_as:
        case YesNo():
            return "yes" if value else "no"
        case Level(names=names):
            return names[int(value) - 1]
        case Milestone():
            return date.fromordinal(int(value)).isoformat()
        case Number(unit=unit) if any(text == "percent" for _, text in unit.texts):
            return f"{write_number(value * 100)}%"
        case _:
            return write_number(value)
