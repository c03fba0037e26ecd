"""History: the command that prints what was ever said of a fact, or all a ledger holds."""

from __future__ import annotations

import click

from emulation.commands import options
from emulation.ledger.entries import Entry
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import read
from emulation.report.chronicle import entry_line


@click.command("history")
@options.ledger
@click.argument("participant", required=False)
@click.argument("fact", required=False)
@options.language
def command(ledger: str, participant: str | None, fact: str | None, lang: str) -> None:
    """Print what LEDGER holds, of PARTICIPANT (an id) and FACT if they are named, the oldest first.

    \b
    Examples:
      emulation history drive.ledger
      emulation history drive.ledger 05443
      emulation history drive.ledger 05443 online_files
    """
    with open_ledger(ledger) as store:
        for entry in read(store):
            if _speaks_of(entry, participant, fact):
                click.echo(entry_line(entry, options.spoken(lang)))


def _speaks_of(entry: Entry, participant: str | None, fact: str | None) -> bool:
    key = getattr(entry.content, "key", None)
    whose = key.participant if key else getattr(entry.content, "participant", None)
    return (participant is None or whose == participant) and (fact is None or (key is not None and key.fact == fact))
