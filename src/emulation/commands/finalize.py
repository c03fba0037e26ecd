"""Finalize: the command that publishes the final result, once nothing stands in its way."""

from __future__ import annotations

import sys
from datetime import date
from pathlib import Path

import click

from emulation.commands import drives, options, publishing
from emulation.ledger.clock import now
from emulation.problems import OPEN
from emulation.publication import blockers, zone_of
from emulation.reading.campaign_file import load_campaign


@click.command("finalize")
@options.ledger
@options.campaign
@options.as_of
@options.author
@options.reason
@click.option("--on", type=options.Day(), help="The day of the decision; today if not said.")
@options.language
def command(
    ledger: str, campaign: Path, as_of: date | None, author: str, reason: str | None, on: date | None, lang: str
) -> None:
    """Seal the final result of CAMPAIGN, or list all that must be settled before: exit code 1, nothing written.

    \b
    Examples:
      emulation finalize drive.ledger campaigns/thai-nguyen-2025 --as-of 2025-08-25 --author Lan
    """
    with drives.opened(ledger, load_campaign(campaign)) as drive:
        outcome = drive.outcome(as_of)
        today = on or now().astimezone(zone_of(drive.rules)).date()
        blocking = blockers(outcome, drive.view, today)
        options.tell(blocking, "in the way of a final result")
        if blocking:
            sys.exit(OPEN)
        publishing.publish(drive, outcome, author, reason, "final", lang)
