"""Way up: the command that says what a participant must change to reach a goal."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import click

from emulation.commands import options
from emulation.commands.whatif import study_of
from emulation.problems import Problem, Refused
from emulation.reading.whom import participant_called
from emulation.report.ways import climbs_json, climbs_text, way_up_json, way_up_text
from emulation.scenarios.goals import FORMS, read_goal
from emulation.scenarios.ladder import climbs
from emulation.scenarios.study_file import FILE
from emulation.scenarios.way_up import way_up


@click.command("wayup")
@options.campaign
@options.participant(required=False)
@click.option("--to", "goal", help=f"The goal: {FORMS}.")
@click.option("--by", type=options.Day(), help="The day by which; else the day of the figures.")
@click.option("--data", multiple=True, help="The observations, or a ledger; else the campaign's own.")
@click.option(
    "--study", type=click.Path(path_type=Path), help=f"The file with efforts; else {FILE} beside the campaign."
)
@options.as_of
@options.known_at
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to show it."
)
@click.option("--top", type=click.IntRange(min=0), help="Only so many of everybody's ways; 0 for all.")
@options.language
@options.output
def command(
    campaign: Path,
    participant: str | None,
    goal: str | None,
    by: date | None,
    data: tuple[str, ...],
    study: Path | None,
    as_of: date | None,
    known_at: datetime | None,
    form: str,
    top: int | None,
    lang: str,
    output: Path | None,
) -> None:
    """Say what PARTICIPANT (an id or a name) must change to reach a goal, all others as they are.

    Each figure is tried alone. The cheapest mix needs costs: efforts in the study. Without PARTICIPANT: everybody's
    way to the next better class.

    \b
    Examples:
      emulation wayup campaigns/thai-nguyen-2025
      emulation wayup campaigns/thai-nguyen-2025 05443 --to class:green --by 2025-08-24
      emulation wayup campaigns/thai-nguyen-2025 "Phường Gia Sàng" --to rank:40 --lang vi
      emulation wayup campaigns/resolution-57-2025 19 --to total:90 --format json
    """
    outcome = options.outcome_of(campaign, data, as_of, known_at)
    efforts = study_of(campaign, study, outcome).efforts
    if participant is None:
        found = climbs(outcome, efforts)
        text = (
            climbs_json(outcome, found)
            if form == "json"
            else climbs_text(outcome, found, options.spoken(lang, output, outcome.campaign), top)
        )
    else:
        if goal is None:
            raise Refused([Problem("E720", "no goal is given", f"--to {FORMS}")])
        body = participant_called(outcome.campaign, participant)
        way = way_up(outcome, body, read_goal(goal, outcome.campaign, body), efforts, by)
        text = way_up_json(way) if form == "json" else way_up_text(way, options.spoken(lang, output, outcome.campaign))
    options.write(text, output)
