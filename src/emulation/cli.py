"""Command line: one verb, one job; results on stdout, all else on stderr."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import click

from emulation.campaign import Campaign
from emulation.names import near
from emulation.observations import Observations
from emulation.outcome import Outcome, score
from emulation.problems import EmulationError, Problem, Refused, Unsettled, report
from emulation.reading.campaign_file import campaign_path, load_campaign
from emulation.reading.facts import load_observations
from emulation.report.records import outcome_csv, outcome_json
from emulation.report.text import board_markdown, board_text
from emulation.report.words import LANGUAGES, words

DONE, OPEN, WRONG, INTERRUPTED = 0, 1, 2, 130


class Day(click.ParamType):
    """A day, written 2025-08-06 or 06/08/2025."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day."""
        if isinstance(value, date):
            return value
        parts = value.split("/")
        written = "-".join(reversed(parts)) if len(parts) == 3 else value  # noqa: PLR2004
        try:
            return date.fromisoformat(written)
        except ValueError:
            self.fail(f"{value!r} is no date; write 2025-08-06 or 06/08/2025", param, ctx)


class _Examples(click.Group):
    """A group that keeps its commands in the order in which people meet them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)


@click.group(cls=_Examples, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="emulation-campaigns", prog_name="emulation")
def cli() -> None:
    """Run emulation campaigns: exact scores, ranks, classes and awards, and the reasons for each.

    \b
    Examples:
      emulation new my-campaign                  a commented campaign to start from
      emulation check campaigns/*                problems, lint findings, worked examples
      emulation score campaigns/thai-nguyen-2025 the board
      emulation explain campaigns/thai-nguyen-2025 "Phường Bách Quang"

    CAMPAIGN is a folder or its campaign.yaml. Exit code: 0 done; 1 the rulebook or its data leaves something
    open; 2 what was given is wrong; 130 interrupted.
    """


_LANGUAGE = click.option(
    "--lang",
    type=click.Choice(LANGUAGES),
    default="en",
    show_default=True,
    envvar="EMULATION_LANG",
    help="Language of the words.",
)
_OUTPUT = click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file, not to the screen."
)
_AS_OF = click.option(
    "--as-of", type=Day(), help="The day to score for; else the campaign's as_of, else the latest fact's."
)

_BOARDS: dict[str, Callable[..., str]] = {"text": board_text, "md": board_markdown}
_RECORDS: dict[str, Callable[..., str]] = {"json": outcome_json, "csv": outcome_csv}


@cli.command("score")
@click.argument("campaign", type=click.Path(path_type=Path))
@click.argument("data", nargs=-1, type=click.Path(path_type=Path))
@_AS_OF
@click.option(
    "--format",
    "form",
    type=click.Choice([*_BOARDS, *_RECORDS]),
    default="text",
    show_default=True,
    help="How to show it.",
)
@click.option("--group", help="Only those in this group, or the parts of this participant.")
@click.option("--top", type=click.IntRange(min=0), help="Only so many rows of each table; 0 for all.")
@_LANGUAGE
@_OUTPUT
def score_command(
    campaign: Path,
    data: tuple[Path, ...],
    as_of: date | None,
    form: str,
    group: str | None,
    top: int | None,
    lang: str,
    output: Path | None,
) -> None:
    """Print the board of CAMPAIGN, from DATA or from its own observations.

    \b
    Examples:
      emulation score campaigns/thai-nguyen-2025
      emulation score campaigns/thai-nguyen-2025 --as-of 2025-07-20 --lang vi
      emulation score campaigns/resolution-57-2025 --group xã --top 20
      emulation score campaigns/pci-2006 --format json --output pci.json
    """
    outcome = _outcome(campaign, data, as_of)
    _check_group(outcome, group)
    text = (
        _BOARDS[form](outcome, words(lang), top=top, group=group)
        if form in _BOARDS
        else _RECORDS[form](outcome, group)
    )
    _write(text, output)
    _tell(outcome.observations.set_aside, "set aside")
    if not outcome.is_settled:
        _tell(outcome.problems, "open")
        sys.exit(OPEN)


def _outcome(campaign: Path, data: Sequence[Path], as_of: date | None) -> Outcome:
    rules = load_campaign(campaign)
    return score(rules, _observations(rules, campaign, data), as_of)


def _observations(rules: Campaign, campaign: Path, data: Sequence[Path]) -> Observations:
    if len(data) > 1:
        raise Refused(
            [Problem("E139", f"{len(data)} tables of observations", "one; put them together first")]
        )
    own = campaign_path(campaign).parent / (
        rules.observations.file if rules.observations else "observations.csv"
    )
    return load_observations(data[0] if data else own, rules)


def _check_group(outcome: Outcome, group: str | None) -> None:
    if group is None:
        return
    known = {value for body in outcome.campaign.participants for _, value in body.groups} | set(
        outcome.campaign.participants.children
    )
    if group not in known:
        raise Refused(
            [
                Problem(
                    "E135",
                    f"no participant is in {group!r}",
                    "a group, or the id of a body with parts",
                    near(group, known),
                )
            ]
        )


def _write(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8", newline="")


def _tell(problems: Sequence[Problem], what: str) -> None:
    if problems:
        click.echo(f"{len(problems)} {what}:\n{report(problems)}", err=True)


@contextmanager
def _exit_codes() -> Iterator[None]:
    """Turn what can go wrong into a message for the person who made it, and an exit code."""
    try:
        yield
    except Unsettled as open_:
        click.echo(str(open_), err=True)
        sys.exit(OPEN)
    except EmulationError as wrong:
        click.echo(str(wrong), err=True)
        sys.exit(WRONG)
    except OSError as wrong:
        click.echo(f"E600 {wrong.strerror or wrong}: {wrong.filename or ''}", err=True)
        sys.exit(WRONG)


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        with _exit_codes():
            cli.main(prog_name="emulation", standalone_mode=False)
    except click.exceptions.Abort:
        sys.exit(INTERRUPTED)
    except click.ClickException as wrong:
        wrong.show()
        sys.exit(WRONG)
    except BrokenPipeError:
        # Whoever read us has enough: nothing more to say, and nothing to complain of at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
