"""Restore: the command that makes a ledger of an exported one, with the same entries, moments and hashes."""

from __future__ import annotations

from pathlib import Path

import click

from emulation.commands import options
from emulation.ledger.copies import import_ledger
from emulation.ledger.opening import open_ledger


@click.command("restore")
@options.ledger
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(ledger: str, file: Path) -> None:
    """Make LEDGER, which must be new or empty, of a FILE that was exported.

    \b
    Examples:
      emulation restore again.ledger drive.jsonl
      emulation restore postgresql://server/drive drive.jsonl
    """
    with open_ledger(ledger, create=True) as store, options.busy(f"taking over {file}") as tell:
        head = import_ledger(file, store, tell)
    click.echo(f"{head.seq} entries · head {head}")
