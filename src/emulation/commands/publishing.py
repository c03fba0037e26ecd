"""Publishing: what seal and finalize have in common: a result sealed, and what it moved."""

from __future__ import annotations

from hashlib import sha256

import click

from emulation.commands import options
from emulation.commands.drives import Drive
from emulation.ledger.intake import record
from emulation.ledger.store import Moved, read
from emulation.ledger.view import view_of
from emulation.outcome import Outcome
from emulation.problems import Problem, Refused
from emulation.publication import moves, scored, seal_of
from emulation.report.chronicle import moves_said
from emulation.report.records import outcome_json
from emulation.report.speech import Speech


def publish(drive: Drive, outcome: Outcome, author: str, reason: str | None, title: str | None, lang: str) -> None:
    """Record a result as published; say its head and hash, and what it moved against the last one.

    Raise `Refused` (E622) where somebody has written to the ledger since the result was made.
    """
    digest = sha256(outcome_json(outcome, None).encode()).hexdigest()
    sealed = seal_of(outcome, drive.view, digest, title)
    try:
        done = record(drive.store, [sealed], author=author, reason=reason, after=drive.view.head)
    except Moved:
        what = f"{drive.store.address} moved on while the result was made, which no longer holds all that is known"
        raise Refused([Problem("E622", what, "run it again; nothing was published")]) from None
    click.echo(f"published as of {outcome.as_of}: result {digest[:16]}… · head {done.head}")
    click.echo(f"to have it again: --as-of {outcome.as_of} --known-at {sealed.view.isoformat()}")
    options.tell(outcome.problems, "left open")
    if drive.view.seals:
        _say_what_moved(drive, outcome, lang)


def _say_what_moved(drive: Drive, outcome: Outcome, lang: str) -> None:
    """Compare with the last publication, where the rules are still those it was made by."""
    seq, last = drive.view.seals[-1]
    if last.fingerprint != outcome.campaign.fingerprint:
        click.echo(f"entry {seq} was published under other rules: compare the two with those rules at hand")
        return
    before = scored(drive.rules, view_of(read(drive.store, last.view)), last.as_of)
    click.echo(f"since entry {seq} (as of {last.as_of}):")
    for line in moves_said(
        moves(before, outcome), Speech(outcome.campaign, options.spoken(lang, rules=outcome.campaign))
    ):
        click.echo(f"  {line}")
