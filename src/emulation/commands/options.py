"""Options: what several commands take, and how their results and problems leave them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from emulation.campaign import Campaign
from emulation.observations import Observations
from emulation.outcome import Outcome, score
from emulation.problems import Problem, Refused, report
from emulation.reading.campaign_file import campaign_path, load_campaign
from emulation.reading.facts import load_observations
from emulation.reading.tables import Form, read_date
from emulation.report.words import LANGUAGES

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day, written 2025-08-06 or 06/08/2025."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day."""
        if isinstance(value, date):
            return value
        written = "-".join(reversed(value.split("/"))) if value.count("/") == 2 else value  # noqa: PLR2004
        try:
            return read_date(written, Form())
        except ValueError:
            self.fail(f"{value!r} is no date; write 2025-08-06 or 06/08/2025", param, ctx)


def language(command: Command) -> Command:
    """Take the language of the words."""
    return click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="en",
        show_default=True,
        envvar="EMULATION_LANG",
        help="Language of the words.",
    )(command)


def output(command: Command) -> Command:
    """Take a file to write to."""
    return click.option(
        "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file, not to the screen."
    )(command)


def as_of(command: Command) -> Command:
    """Take the day to score for."""
    return click.option(
        "--as-of", type=Day(), help="The day to score for; else the campaign's as_of, else the latest fact's."
    )(command)


def data(command: Command) -> Command:
    """Take the table of observations."""
    return click.argument("data", required=False, type=click.Path(path_type=Path))(command)


def campaign(command: Command) -> Command:
    """Take a campaign: a folder or its campaign.yaml."""
    return click.argument("campaign", type=click.Path(path_type=Path))(command)


def outcome_of(path: Path, table: Path | None, day: date | None) -> Outcome:
    """Load a campaign and its observations, and score them."""
    rules = load_campaign(path)
    return score(rules, observations_of(rules, path, table), day)


def observations_of(rules: Campaign, path: Path, table: Path | None) -> Observations:
    """Load the observations named, or the campaign's own."""
    own = campaign_path(path).parent / (rules.observations.file if rules.observations else "observations.csv")
    return load_observations(table or own, rules)


def write(text: str, file: Path | None) -> None:
    """Write a result to the screen or to a file, whole or not at all."""
    if file is None:
        click.echo(text, nl=False)
        return
    beside = file.with_name(f".{file.name}.part")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(file)


def tell(problems: Sequence[Problem], what: str) -> None:
    """Tell problems on stderr, under what they are."""
    if problems:
        click.echo(f"{len(problems)} {what}:\n{report(problems)}", err=True)


def participant_of(rules: Campaign, called: str) -> str:
    """Give the id of a participant called by id or name; refuse one that does not take part, with the nearest."""
    found = rules.who(called)
    if found is None:
        nearest = rules.participants.nearest(called)
        raise Refused([Problem("E318", f"unknown participant {called!r}", "an id or a name as it is spelt", nearest)])
    return found
