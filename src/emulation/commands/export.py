"""Export: the command that writes a ledger as lines of JSON, which any program can read and check."""

from __future__ import annotations

from pathlib import Path

import click

from emulation.commands import options
from emulation.ledger.copies import export
from emulation.ledger.opening import open_ledger


@click.command("export")
@options.ledger
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(ledger: str, file: Path) -> None:
    """Write LEDGER to a new FILE, an entry with its hash a line.

    \b
    Example:
      emulation export drive.ledger drive.jsonl
    """
    with open_ledger(ledger) as store, options.busy(f"writing {file}") as tell:
        head = export(store, file, tell)
    click.echo(f"{head.seq} entries · head {head}")
