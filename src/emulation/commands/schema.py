"""Schema: the command that prints the JSON Schema of campaign files, and of the questions asked of a campaign."""

from __future__ import annotations

import json
from pathlib import Path

import click

from emulation.commands import options
from emulation.reading.schema import campaign_schema
from emulation.scenarios.study_file import FILE
from emulation.scenarios.study_schema import study_schema


@click.command("schema")
@click.option("--scenarios", is_flag=True, help=f"The schema of {FILE} instead.")
@options.output
def command(scenarios: bool, output: Path | None) -> None:
    """Print the JSON Schema of campaign files (draft-07), for editors that complete and check while you type.

    \b
    Examples:
      emulation schema --output campaign.schema.json
      and as the first line of campaign.yaml:   # yaml-language-server: $schema=campaign.schema.json
      emulation schema --scenarios --output scenarios.schema.json
      and as the first line of scenarios.yaml:  # yaml-language-server: $schema=scenarios.schema.json
    """
    drawn = study_schema() if scenarios else campaign_schema()
    options.write(json.dumps(drawn, ensure_ascii=False, indent=1) + "\n", output)
