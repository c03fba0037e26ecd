"""Ingest: the command that takes tables into a ledger, every row accounted for."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

import click
from attrs import frozen

from emulation.addresses import is_server
from emulation.campaign import Campaign
from emulation.commands import options
from emulation.counting import in_place_of
from emulation.ledger.entries import Amended
from emulation.ledger.intake import Receipt, caught_up, figure, record, take_in
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import Store
from emulation.observations import Observations
from emulation.plausibility import doubts, problem_of
from emulation.problems import OPEN, Refused
from emulation.publication import in_force
from emulation.reading.campaign_file import load_campaign
from emulation.reading.cases import count_cases
from emulation.reading.facts import load_observations
from emulation.reading.rejects import rejects_table
from emulation.registers import Register

_NOTHING = "nothing was taken in: correct these rows, or leave them out with --accept-valid"


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
      emulation ingest drive.ledger campaigns/one-stop-2025 dossiers=july.csv dossiers=august.csv
      emulation ingest drive.ledger campaigns/thai-nguyen-2025 july-2.csv --reason "recounted"
    """
    rules = load_campaign(campaign)
    files, cases = options.tables_of(rules, campaign, data)
    try:
        handed_in = [_read(file, rules, accept_valid=accept_valid) for file in files]
        handed_in += [_count(rules, register, cases[register.id], accept_valid) for register in rules.registers]
    except Refused:
        _tell_of_refused([*_usable(files, cases, rules)], rejects)
        raise
    tables = [one.facts for one in handed_in]
    _tell_of_rows(tables, rejects, accept_valid=accept_valid)
    with _opened(ledger, dry_run=dry_run) as store:
        options.tell(store.warnings, "to be known of the ledger")
        with options.busy(f"reading {ledger}") as tell:
            view = caught_up(store, tell=tell)
        in_force(rules, view)
        if rules.plausibility:
            _look_at(rules, view.observations(), tables)
        if view.fingerprint is None and not dry_run:
            content = Amended(rules.id, rules.fingerprint, because="the rules of the first table")
            record(store, [content], author=author, since=view)
        for one in handed_in:
            view = caught_up(store, view)
            with options.busy(f"taking in {one.file}"):
                receipt = take_in(
                    store,
                    one.facts if one.of is None else in_place_of(one.facts, view.observations(), one.of),
                    file=one.file,
                    sha256=one.sha256,
                    author=author,
                    reason=reason,
                    fingerprint=rules.fingerprint,
                    apart=bool(rules.admission.sources),
                    dry_run=dry_run,
                    since=view,
                )
            _show(receipt)


@frozen
class HandedIn:
    """What is taken in as one: the facts of a table, or those counted of a whole register, which has several."""

    file: str
    facts: Observations
    of: Register | None = None

    @property
    def sha256(self) -> str:
        """The hash of the bytes that were read, whatever became of the file since; of several, that of their hashes."""
        hashes = [source.sha256 for source in self.facts.sources]
        return hashes[0] if len(hashes) == 1 else sha256("".join(sorted(hashes)).encode()).hexdigest()


def _read(file: Path, rules: Campaign, *, accept_valid: bool) -> HandedIn:
    with options.busy(f"reading {file}"):
        return HandedIn(file.name, load_observations(file, rules, accept_valid=accept_valid))


def _count(rules: Campaign, register: Register, files: Sequence[Path], accept_valid: bool) -> HandedIn:
    with options.busy(f"counting {register.id}"):
        counted = count_cases({register.id: files}, rules, accept_valid=accept_valid)
    click.echo(f"{register.id}: {counted.tally}")
    return HandedIn(", ".join(file.name for file in files), counted, register)


def _tell_of_rows(tables: Sequence[Observations], rejects: Path | None, *, accept_valid: bool) -> None:
    """Tell which rows cannot be used, and write them to a file; stop there, unless the others are asked for."""
    options.tell([one for table in tables for one in table.warnings], "to be known")
    blocking = [one for table in tables for one in table.set_aside]
    options.tell(blocking, "set aside")
    if rejects is not None:
        _write_rejects(tables, rejects)
    if blocking and not accept_valid:
        click.echo(_NOTHING, err=True)
        sys.exit(OPEN)


def _tell_of_refused(tables: Sequence[Observations], rejects: Path | None) -> None:
    """Write the rows for which a table is refused to a file, and say what to do; where it is no table, say nothing."""
    if any(one.rejected for one in tables):
        if rejects is not None:
            _write_rejects(tables, rejects)
        click.echo(_NOTHING, err=True)


def _usable(files: Sequence[Path], cases: Mapping[str, Sequence[Path]], rules: Campaign) -> Iterator[Observations]:
    """Read the tables, of which one was refused, for the rows that cannot be used; one that is no table has none."""
    for file in files:
        with suppress(Refused):
            yield load_observations(file, rules, accept_valid=True)
    for register, tables in cases.items():
        with suppress(Refused):
            yield count_cases({register: tables}, rules, accept_valid=True)


def _write_rejects(tables: Iterable[Observations], file: Path) -> None:
    """Write the rows that cannot be used to a file, with the mark by which Excel knows UTF-8, and say so."""
    rejected = tuple(one for table in tables for one in table.rejected)
    options.write(f"\ufeff{rejects_table(Observations(rejected=rejected))}", file)
    click.echo(f"{len(rejected)} rows that cannot be used are in {file}", err=True)


@contextmanager
def _opened(ledger: str, *, dry_run: bool) -> Iterator[Store]:
    """Open a ledger, or make it; for a dry run on one that is not there yet, make one that is gone afterwards."""
    with ExitStack() as stack:
        if dry_run and not is_server(ledger) and not Path(ledger).exists():
            ledger = f"{stack.enter_context(TemporaryDirectory())}/dry-run.ledger"
        yield stack.enter_context(open_ledger(ledger, create=True))


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


def _show(receipt: Receipt) -> None:
    """Print a receipt, fit to be sent back to whoever sent the file."""
    click.echo(f"{receipt.file} (sha256 {receipt.sha256[:16]}…): {receipt.tally}")
    for fact, total in receipt.sums:
        click.echo(f"  {fact}: {total} in all")
    for one in receipt.corrections:
        click.echo(f"  corrected: {one.after.key}: {figure(one.before.observation)} -> {figure(one.after.observation)}")
    if receipt.known_at is None:
        click.echo("  nothing was written (dry run)")
    else:
        click.echo(f"  known at {receipt.known_at.isoformat(timespec='seconds')} · head {receipt.head}")
    options.tell(receipt.warnings, "to be known")
