"""Firmness: the command that says how firm ranks are."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from emulation.commands import options
from emulation.commands.whatif import study_of
from emulation.problems import Problem, Refused
from emulation.report.firmness import (
    firmness_json,
    firmness_text,
    multiverse_json,
    multiverse_text,
    waiting_json,
    waiting_text,
)
from emulation.scenarios.bounds import waiting
from emulation.scenarios.firmness import DRAWS, SEED, firmness
from emulation.scenarios.multiverse import multiverse
from emulation.scenarios.study_file import FILE


@click.command("firmness")
@options.campaign
@options.data
@click.option("--draws", type=int, default=DRAWS, show_default=True, help="How many times weights are drawn.")
@click.option(
    "--seed", type=int, default=SEED, show_default=True, help="Where the draws begin; the same on any machine."
)
@click.option("--first", type=click.IntRange(min=1), help="How often each is among the first so many.")
@click.option("--rescore", is_flag=True, help="Score the campaign anew at each draw: classes and awards too, slower.")
@click.option(
    "--multiverse", "universes", is_flag=True, help="Places under each rulebook that the study lists instead."
)
@click.option("--missing", is_flag=True, help="What can still move when what is missing arrives; nothing is drawn.")
@click.option(
    "--study", type=click.Path(path_type=Path), help=f"The file with ranges; else {FILE} beside the campaign."
)
@options.as_of
@options.known_at
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to show it."
)
@click.option("--top", type=click.IntRange(min=0), help="Only so many rows; 0 for all.")
@options.language
@options.output
def command(
    campaign: Path,
    data: tuple[str, ...],
    draws: int,
    seed: int,
    first: int | None,
    rescore: bool,
    universes: bool,
    missing: bool,
    study: Path | None,
    as_of: date | None,
    known_at: datetime | None,
    form: str,
    top: int | None,
    lang: str,
    output: Path | None,
) -> None:
    """Say how firm the ranks of CAMPAIGN are when weights move within the ranges of the study, or reports are missing.

    \b
    Examples:
      emulation firmness campaigns/thai-nguyen-2025
      emulation firmness campaigns/thai-nguyen-2025 --first 75
      emulation firmness campaigns/thai-nguyen-2025 --draws 500 --rescore --lang vi
      emulation firmness campaigns/thai-nguyen-2025 --missing
      emulation firmness campaigns/thai-nguyen-2025 --multiverse
      emulation firmness campaigns/thai-nguyen-2025 --format json --output firm.json
    """
    outcome = options.outcome_of(campaign, data, as_of, known_at)
    if missing:
        ends = waiting(outcome)
        text = (
            waiting_json(outcome, ends)
            if form == "json"
            else waiting_text(outcome, ends, options.spoken(lang, output, outcome.campaign), top)
        )
    elif universes:
        every = multiverse(outcome, study_of(campaign, study, outcome))
        text = (
            multiverse_json(every)
            if form == "json"
            else multiverse_text(every, options.spoken(lang, output, outcome.campaign), top)
        )
    else:
        ranges = study_of(campaign, study, outcome).firmness
        if ranges is None:
            raise Refused([Problem("E744", "no range is declared", f"firmness: in {FILE}, with uniform or dirichlet")])
        found = firmness(outcome, ranges, draws, seed, rescore=rescore, tell=options.progress)
        text = (
            firmness_json(found)
            if form == "json"
            else firmness_text(found, options.spoken(lang, output, outcome.campaign), top, first)
        )
    options.write(text, output)
