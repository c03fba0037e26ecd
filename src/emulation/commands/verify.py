"""Verify: the command that derives every hash of a ledger anew, and holds it against a head that was kept."""

from __future__ import annotations

import click

from emulation.commands import options
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import head_in, verify


@click.command("verify")
@options.ledger
@click.option("--head", help="A head that was kept, number:hash, through which the ledger must go.")
def command(ledger: str, head: str | None) -> None:
    """Check that no entry of LEDGER was altered, moved, put in or left out.

    Only a head that is kept elsewhere (in the minutes, with those who compete) can show that entries were cut off
    the end, or that all was written anew.

    \b
    Examples:
      emulation verify drive.ledger
      emulation verify drive.ledger --head 412:9f2c…
    """
    with open_ledger(ledger) as store:
        options.tell(store.warnings, "to be known of the ledger")
        with options.busy(f"verifying {ledger}") as tell:
            found = verify(store, head_in(head) if head else None, tell)
    click.echo(f"{found.seq} entries, each as it was written · head {found}")
