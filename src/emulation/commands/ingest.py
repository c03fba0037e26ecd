"""Ingest: the command that takes tables into a ledger, every row accounted for."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from emulation.campaign import Campaign
from emulation.commands import options
from emulation.exact import write_number
from emulation.ledger.addresses import is_server
from emulation.ledger.entries import Amended, Reported
from emulation.ledger.intake import Receipt, caught_up, record, take_in
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import Store
from emulation.observations import Observations
from emulation.plausibility import doubts, problem_of
from emulation.problems import OPEN
from emulation.publication import in_force
from emulation.reading.campaign_file import campaign_path, load_campaign
from emulation.reading.facts import load_observations
from emulation.reading.rejects import rejects_table


@click.command("ingest")
@options.ledger
@options.campaign
@options.data
@options.author
@options.reason
@click.option("--dry-run", is_flag=True, help="Say what would be taken in, and write nothing.")
@click.option(
    "--rejects",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the rows that cannot be used, with the reasons, to a CSV file.",
)
@click.option("--accept-valid", is_flag=True, help="Take in the rows that can be used where others cannot.")
def command(
    ledger: str,
    campaign: Path,
    data: tuple[str, ...],
    author: str,
    reason: str | None,
    dry_run: bool,
    rejects: Path | None,
    accept_valid: bool,
) -> None:
    """Take tables of observations into LEDGER, a file that is made if need be, or a server.

    A row that cannot be used stops its table, unless --accept-valid; corrections need a --reason.

    \b
    Examples:
      emulation ingest drive.ledger campaigns/thai-nguyen-2025 july.csv --author "Lan, Sở KHCN"
      emulation ingest drive.ledger campaigns/thai-nguyen-2025 july.csv --dry-run
      emulation ingest drive.ledger campaigns/thai-nguyen-2025 july-2.csv --reason "recounted"
    """
    rules = load_campaign(campaign)
    tables = [Path(one) for one in data] or [campaign_path(campaign).parent / _own_table(rules)]
    read_tables = [(table, load_observations(table, rules, accept_valid=accept_valid)) for table in tables]
    options.tell([one for _, facts in read_tables for one in facts.warnings], "to be known")
    blocking = [one for _, facts in read_tables for one in facts.set_aside]
    options.tell(blocking, "set aside")
    if rejects is not None:
        rejected = tuple(one for _, facts in read_tables for one in facts.rejected)
        options.write(rejects_table(Observations(rejected=rejected)), rejects)
    if blocking and not accept_valid:
        click.echo("nothing was taken in: correct these rows, or leave them out with --accept-valid", err=True)
        sys.exit(OPEN)
    with _opened(ledger, dry_run=dry_run) as store:
        options.tell(store.warnings, "to be known of the ledger")
        view = caught_up(store)
        in_force(rules, view)
        if rules.plausibility:
            _look_at(rules, view.observations(), [facts for _, facts in read_tables])
        if view.fingerprint is None and not dry_run:
            content = Amended(rules.id, rules.fingerprint, because="the rules of the first table")
            record(store, [content], author=author)
        for table, facts in read_tables:
            _show(_taken_in(store, rules, table, facts, author, reason, dry_run=dry_run))


@contextmanager
def _opened(ledger: str, *, dry_run: bool) -> Iterator[Store]:
    """Open a ledger, or make it; for a dry run on one that is not there yet, make one that is gone afterwards."""
    with ExitStack() as stack:
        if dry_run and not is_server(ledger) and not Path(ledger).exists():
            ledger = f"{stack.enter_context(TemporaryDirectory())}/dry-run.ledger"
        yield stack.enter_context(open_ledger(ledger, create=True))


def _own_table(rules: Campaign) -> str:
    return rules.observations.file if rules.observations else "observations.csv"


def _look_at(rules: Campaign, known: Observations, tables: Sequence[Observations]) -> None:
    """Tell which new figures look wrong beside those known before; stop where the campaign refuses such."""
    new = [one for facts in tables for one in facts]
    said = {(one.participant, one.fact, one.span, one.stage) for one in new}
    before = [one for one in known if (one.participant, one.fact, one.span, one.stage) not in said]
    found = doubts(rules.plausibility, Observations((*before, *new)))
    written = {(one.file, one.line) for one in new}
    doubtful = [one for one in found if (one.observation.file, one.observation.line) in written]
    options.tell([problem_of(one) for one in doubtful], "to be looked at once more")
    if any(one.check.then == "refused" for one in doubtful):
        click.echo("nothing was taken in: the campaign refuses figures that look like this", err=True)
        sys.exit(OPEN)


def _taken_in(
    store: Store, rules: Campaign, table: Path, facts: Observations, author: str, reason: str | None, *, dry_run: bool
) -> Receipt:
    return take_in(
        store,
        facts,
        file=table.name,
        sha256=facts.sources[0].sha256,  # of the bytes that were read, whatever became of the file since
        author=author,
        reason=reason,
        fingerprint=rules.fingerprint,
        apart=bool(rules.admission.sources),
        dry_run=dry_run,
    )


def _figure(report: Reported) -> str:
    one = report.observation
    return one.state if one.value is None else write_number(one.value)


def _show(receipt: Receipt) -> None:
    """Print a receipt, fit to be sent back to whoever sent the file."""
    click.echo(f"{receipt.file} (sha256 {receipt.sha256[:16]}…): {receipt.tally}")
    for fact, total in receipt.sums:
        click.echo(f"  {fact}: {total} in all")
    for one in receipt.corrections:
        click.echo(f"  corrected: {one.after.key}: {_figure(one.before)} -> {_figure(one.after)}")
    if receipt.known_at is None:
        click.echo("  nothing was written (dry run)")
    else:
        click.echo(f"  known at {receipt.known_at.isoformat(timespec='seconds')} · head {receipt.head}")
    options.tell(receipt.warnings, "to be known")
