"""What if: the command that scores a campaign with named changes, and says who moves and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import click

from emulation.commands import options
from emulation.outcome import Outcome
from emulation.problems import Problem, Refused
from emulation.reading.campaign_file import campaign_path
from emulation.report.comparisons import scenarios_json, scenarios_text, what_if_json, what_if_text
from emulation.scenarios.changes import Scenario, typed
from emulation.scenarios.comparison import Comparison, compare
from emulation.scenarios.study import Study
from emulation.scenarios.study_file import FILE, load_study
from emulation.scenarios.supposed import Supposed, suppose


@click.command("whatif")
@options.campaign
@options.data
@click.option(
    "--scenario", "ids", multiple=True, help="A scenario of the study; several are applied one after another."
)
@click.option("--set", "sets", multiple=True, metavar="PATH=VALUE", help="What stands there instead.")
@click.option(
    "--more", "mores", multiple=True, metavar="PATH=NUMBER", help="So much more of a number; less, if below 0."
)
@click.option("--drop", "drops", multiple=True, metavar="PATH", help="What is left out.")
@click.option(
    "--study", type=click.Path(path_type=Path), help=f"The file with scenarios; else {FILE} beside the campaign."
)
@options.as_of
@options.known_at
@click.option(
    "--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True, help="How to show it."
)
@click.option("--top", type=click.IntRange(min=0), help="Only so many of those who move; 0 for all.")
@options.language
@options.output
def command(
    campaign: Path,
    data: tuple[str, ...],
    ids: tuple[str, ...],
    sets: tuple[str, ...],
    mores: tuple[str, ...],
    drops: tuple[str, ...],
    study: Path | None,
    as_of: date | None,
    known_at: datetime | None,
    form: str,
    top: int | None,
    lang: str,
    output: Path | None,
) -> None:
    """Score CAMPAIGN with changes, and say who moves and why; nothing is changed.

    Without a scenario and without changes, all scenarios of the study are set under one another.

    \b
    Examples:
      emulation whatif campaigns/thai-nguyen-2025
      emulation whatif campaigns/thai-nguyen-2025 --scenario seventy
      emulation whatif campaigns/thai-nguyen-2025 --set criteria.online.max=50 --set criteria.tasks.max=50
      emulation whatif campaigns/thai-nguyen-2025 --more observations.05443.online_files=400 --lang vi
      emulation whatif campaigns/thai-nguyen-2025 --drop awards.flag --format json
    """
    before = options.outcome_of(campaign, data, as_of, known_at)
    asked = study_of(campaign, study, before)
    changes = typed(sets, mores, drops)
    if ids or changes.changes:
        chosen = (*asked.chain(*ids), *([changes] if changes.changes else []))
        supposed = _supposed(before, chosen)
        comparison = compare(before, supposed.score())
        if form == "json":
            text = what_if_json(chosen, supposed.changed, comparison)
        else:
            text = what_if_text(
                chosen, supposed.changed, comparison, options.spoken(lang, output, before.campaign), top
            )
    else:
        cases = _cases(before, asked)
        text = (
            scenarios_json(cases)
            if form == "json"
            else scenarios_text(before, cases, options.spoken(lang, output, before.campaign))
        )
    options.write(text, output)


def study_of(campaign: Path, study: Path | None, outcome: Outcome) -> Study:
    """Load the study named, or the one beside the campaign; an empty one where there is none."""
    beside = campaign_path(campaign).parent / FILE
    if study is None and not beside.is_file():
        return Study()
    return load_study(study or beside, outcome.campaign)


def _cases(before: Outcome, asked: Study) -> list[tuple[Scenario, Comparison]]:
    if not asked.scenarios:
        raise Refused([Problem("E709", "there is no scenario to score", f"--set, --more or --drop, or a {FILE}")])
    cases: list[tuple[Scenario, Comparison]] = []
    for number, one in enumerate(asked.scenarios, 1):
        cases.append((one, compare(before, _supposed(before, asked.chain(one.id)).score())))
        options.progress(number, len(asked.scenarios))
    return cases


def _supposed(before: Outcome, scenarios: Sequence[Scenario]) -> Supposed:
    return suppose(before.campaign, before.observations, *scenarios, as_of=before.as_of)
