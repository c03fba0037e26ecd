"""Backup: the command that copies a ledger as it is at one moment, while others may go on writing."""

from __future__ import annotations

from pathlib import Path

import click

from emulation.commands import options
from emulation.ledger.copies import backup
from emulation.ledger.opening import open_ledger


@click.command("backup")
@options.ledger
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def command(ledger: str, file: Path) -> None:
    """Copy LEDGER into a new FILE, every hash checked on the way.

    \b
    Example:
      emulation backup drive.ledger /mnt/usb/drive-2025-08-25.ledger
    """
    with open_ledger(ledger) as store, options.busy(f"writing {file}") as tell:
        head = backup(store, file, tell)
    click.echo(f"{head.seq} entries · head {head}")
