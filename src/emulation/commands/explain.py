"""Explain: the command that says why a participant stands where it stands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import click

from emulation.commands import options
from emulation.reading.whom import participant_called
from emulation.report.against import against_json, against_text
from emulation.report.sentences import explain_json, explain_markdown, explain_text
from emulation.scenarios.against import against

_FORMS: dict[str, Callable[..., str]] = {"text": explain_text, "md": explain_markdown, "json": explain_json}


@click.command("explain")
@options.campaign
@options.participant()
@options.data
@options.as_of
@options.known_at
@click.option(
    "--format", "form", type=click.Choice([*_FORMS]), default="text", show_default=True, help="How to show it."
)
@click.option("--all", "every_fact", is_flag=True, help="List every fact, however many there are.")
@click.option(
    "--against", "other", help="Another participant: why the one stands before the other, and what would turn it."
)
@options.language
@options.output
def command(
    campaign: Path,
    participant: str,
    data: tuple[str, ...],
    as_of: date | None,
    known_at: datetime | None,
    form: str,
    every_fact: bool,
    other: str | None,
    lang: str,
    output: Path | None,
) -> None:
    """Say why PARTICIPANT (an id or a name) stands where it stands, down to the rule and the datum.

    \b
    Examples:
      emulation explain campaigns/thai-nguyen-2025 "Phường Tích Lương"
      emulation explain campaigns/resolution-57-2025 19 --lang vi
      emulation explain campaigns/thai-nguyen-2025 19 --all
      emulation explain campaigns/pci-2006 "Bình Dương" --format json
      emulation explain campaigns/resolution-57-2025 19 --against 01
    """
    outcome = options.outcome_of(campaign, data, as_of, known_at)
    body = participant_called(outcome.campaign, participant)
    if other is not None:
        told = against(outcome, body, participant_called(outcome.campaign, other))
        text = (
            against_json(told) if form == "json" else against_text(told, options.spoken(lang, output, outcome.campaign))
        )
    elif form == "json":
        text = explain_json(outcome, body)  # which has every fact by itself
    else:
        text = _FORMS[form](outcome, body, options.spoken(lang, output, outcome.campaign), every_fact=every_fact)
    options.write(text, output)
