"""Seal: the command that publishes a result, so that it can be had again byte for byte."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from emulation.commands import drives, options, publishing
from emulation.reading.campaign_file import load_campaign


@click.command("seal")
@options.ledger
@options.campaign
@options.as_of
@options.author
@options.reason
@click.option("--title", help="What it is called, such as 'week 3, provisional'.")
@options.language
def command(
    ledger: str, campaign: Path, as_of: date | None, author: str, reason: str | None, title: str | None, lang: str
) -> None:
    """Score CAMPAIGN on what LEDGER knows now, record that this was published, and say what moved since the last.

    \b
    Examples:
      emulation seal drive.ledger campaigns/thai-nguyen-2025 --as-of 2025-08-06 --author Lan --title "week 5"
    """
    with drives.opened(ledger, load_campaign(campaign)) as drive:
        publishing.publish(drive, drive.outcome(as_of), author, reason, title, lang)
