"""New: the command that makes a campaign folder to start from."""

from __future__ import annotations

from pathlib import Path

import click

from emulation.reading.template import new_campaign


@click.command("new")
@click.argument("folder", metavar="NAME", type=click.Path(path_type=Path))
def command(folder: Path) -> None:
    """Make the folder NAME with a commented campaign, its tables and a schema for your editor.

    \b
    Examples:
      emulation new my-campaign
      emulation check my-campaign
      emulation score my-campaign
    """
    for file in new_campaign(folder):
        click.echo(f"made {file}")
    click.echo(f"next: edit {folder}/campaign.yaml, then: emulation check {folder}")
