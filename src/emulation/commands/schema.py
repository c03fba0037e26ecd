"""Schema: the command that prints the JSON Schema of campaign files."""

from __future__ import annotations

import json
from pathlib import Path

import click

from emulation.commands import options
from emulation.reading.schema import campaign_schema


@click.command("schema")
@options.output
def command(output: Path | None) -> None:
    """Print the JSON Schema of campaign files (draft-07), for editors that complete and check while you type.

    \b
    Examples:
      emulation schema --output campaign.schema.json
      and as the first line of campaign.yaml:  # yaml-language-server: $schema=campaign.schema.json
    """
    options.write(json.dumps(campaign_schema(), ensure_ascii=False, indent=1) + "\n", output)
