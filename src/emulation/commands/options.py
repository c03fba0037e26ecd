"""Options: what several commands take, and how their results and problems leave them."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from threading import Timer
from typing import Any, TypeVar

import click
from attrs import evolve
from click.shell_completion import CompletionItem

from emulation.addresses import is_ledger, is_table, shown
from emulation.campaign import Campaign
from emulation.counting import joined
from emulation.doors import open_room
from emulation.names import near, plainly
from emulation.observations import NONE_REPORTED, Observations
from emulation.outcome import Outcome, score
from emulation.participants import Participant
from emulation.problems import EmulationError, Problem, Refused, report
from emulation.reading.campaign_file import campaign_path, load_campaign
from emulation.reading.facts import load_observations
from emulation.reading.tables import Form, read_date
from emulation.report.speech import words_of
from emulation.report.words import LANGUAGES, Words

Command = TypeVar("Command", bound=Callable[..., Any])


class Day(click.ParamType[date]):
    """A day, written 2025-08-06 or 06/08/2025."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """Read a day."""
        if isinstance(value, date):
            return value
        written = "-".join(reversed(value.split("/"))) if value.count("/") == 2 else value  # noqa: PLR2004
        try:
            return read_date(written, Form())
        except ValueError:
            self.fail(f"{value!r} is no date; write 2025-08-06 or 06/08/2025", param, ctx)


class Moment(click.ParamType[datetime]):
    """A moment with its offset from UTC, written 2025-08-06T17:00+07:00."""

    name = "moment"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """Read a moment; one without an offset would mean another moment in another place."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.fail(f"{value!r} is no moment; write 2025-08-06T17:00+07:00", param, ctx)
        return found


def language(command: Command) -> Command:
    """Take the language of the words."""
    return click.option(
        "--lang",
        default="en",
        show_default=True,
        envvar="EMULATION_LANG",
        metavar="|".join([*LANGUAGES, "..."]),
        help="Language of the words; of titles also any other the campaign has them in.",
    )(command)


def output(command: Command) -> Command:
    """Take a file to write to."""
    return click.option(
        "--output", type=click.Path(dir_okay=False, path_type=Path), help="Write to a file, not to the screen."
    )(command)


def as_of(command: Command) -> Command:
    """Take the day to score for."""
    return click.option(
        "--as-of", type=Day(), help="The day to score for; else the campaign's as_of, else the latest fact's."
    )(command)


def since(command: Command) -> Command:
    """Take earlier days, from which a page shows how places moved."""
    return click.option(
        "--since", type=Day(), multiple=True, help="An earlier day, to show on a page how places moved; repeatable."
    )(command)


def data(command: Command) -> Command:
    """Take the tables of observations, those of registers as ``dossiers=july.csv``, or a ledger."""
    return click.argument("data", nargs=-1, type=str)(command)


def known_at(command: Command) -> Command:
    """Take the moment up to which a ledger is read."""
    return click.option("--known-at", type=Moment(), help="What a ledger knew then, such as 2025-08-06T17:00+07:00.")(
        command
    )


def ledger(command: Command) -> Command:
    """Take a ledger: a file, or the address of a server."""
    return click.argument("ledger")(command)


def author(command: Command) -> Command:
    """Take the name of who answers for an entry."""
    return click.option(
        "--author", envvar="EMULATION_AUTHOR", required=True, help="Who answers for it. Else EMULATION_AUTHOR."
    )(command)


def reason(command: Command) -> Command:
    """Take why something is recorded."""
    return click.option("--reason", help="Why it is done; needed for corrections and withdrawals.")(command)


def campaign(command: Command) -> Command:
    """Take a campaign: a folder or its campaign.yaml."""
    return click.argument("campaign", type=click.Path(path_type=Path))(command)


def participant(*, required: bool = True) -> Callable[[Command], Command]:
    """Add the argument that names a participant; a shell completes it from the campaign named before it."""
    return click.argument("participant", required=required, shell_complete=_completed)


def _completed(context: click.Context, _: click.Parameter, begun: str) -> list[CompletionItem]:
    """Give the ids of those whose id or name begins so, with their names for shells that show them."""
    try:
        bodies = load_campaign(Path(context.params["campaign"])).participants
    except (KeyError, EmulationError):
        return []
    words = plainly(begun)
    return [CompletionItem(one.id, help=one.name) for one in bodies if _begins(one, words)]


def _begins(body: Participant, words: str) -> bool:
    return body.id.casefold().startswith(words) or words in plainly(body.name)


def rules_of(path: Path) -> Campaign:
    """Load a campaign."""
    with busy(f"reading {path}"):
        return load_campaign(path)


def refuse_strange(group: str | None, rules: Campaign) -> None:
    """Refuse a group in which nobody is (E135)."""
    bodies = rules.participants
    known = {value for body in bodies for _, value in body.groups} | set(bodies.children)
    if group is not None and group not in known:
        what = f"no participant is in {group!r}"
        raise Refused([Problem("E135", what, "a group, or the id of a body with parts", near(group, known))])


def outcome_of(
    path: Path, data: Sequence[str], day: date | None, moment: datetime | None = None, rules: Campaign | None = None
) -> Outcome:
    """Load a campaign, if it is not yet, and its observations, or what a ledger knows, and score them."""
    known, facts = known_of(rules or rules_of(path), path, data, moment)
    with busy(f"scoring {len(known.participants):,} participants"):
        return score(known, facts, day)


def ledger_in(data: Sequence[str]) -> str | None:
    """Give the ledger that is handed in, which is alone."""
    return data[0] if len(data) == 1 and is_ledger(data[0]) else None


def known_of(
    rules: Campaign, path: Path, data: Sequence[str], moment: datetime | None = None
) -> tuple[Campaign, Observations]:
    """Give rules and observations: those of tables, or what a ledger knows, with the decisions recorded there."""
    if (ledger := ledger_in(data)) is not None:
        with open_room("commands.drives").opened(ledger, rules, moment) as drive:
            found: tuple[Campaign, Observations] = drive.known()
        return found
    if moment is not None:
        what = "--known-at asks what a ledger knew, and there is none"
        raise Refused([Problem("E657", what, "DATA: a ledger")])
    return rules, observations_of(rules, path, data)


def seal_of(outcome: Outcome, data: Sequence[str], moment: datetime | None = None) -> Any:
    """Give the entry of the ledger in which just this outcome was sealed; None without a ledger or a seal."""
    if (ledger := ledger_in(data)) is None:
        return None
    with open_room("commands.drives").opened(ledger, outcome.campaign) as drive:
        return open_room("publication").seal_found(outcome, drive.view, moment)


def earlier_than(
    outcome: Outcome, path: Path, data: Sequence[str], days: Sequence[date], moment: datetime | None = None
) -> list[Outcome]:
    """Score the same campaign as of earlier days; refuse a day that is not earlier."""
    for day in days:
        if day >= outcome.as_of:
            raise click.UsageError(f"--since {day} is not before the day of the board, {outcome.as_of}")
    if ledger_in(data) is not None:
        return [outcome_of(path, data, day, moment) for day in sorted(set(days))]
    rules = load_campaign(path) if days else outcome.campaign
    return [score(rules, outcome.observations, day) for day in sorted(set(days))]


def observations_of(rules: Campaign, path: Path, data: Sequence[str]) -> Observations:
    """Load the observations named, or the campaign's own, and count the cases of its registers."""
    files, cases = tables_of(rules, path, data)
    found = NONE_REPORTED
    if files:
        with busy(f"reading {', '.join(map(str, files))}"):
            found = load_observations(files if len(files) > 1 else files[0], rules)
    for register, tables in cases.items():
        with busy(f"counting {register}"):
            counted = open_room("reading.cases").count_cases({register: tables}, rules)
            found = joined(found, counted)
    return found


def tables_of(rules: Campaign, path: Path, data: Sequence[str]) -> tuple[list[Path], dict[str, list[Path]]]:
    """Give the tables of observations, and of each register; those beside the campaign where none are named.

    A table of a register is named with it: ``dossiers=july.csv``.
    """
    files: list[Path] = []
    cases: dict[str, list[Path]] = {}
    known = {register.id for register in rules.registers}
    for one in data:
        register, sign, file = one.partition("=")
        for address in (one, file):
            if is_table(address):
                what = f"{shown(address)} is a table on a server, which is read as facts, by columns"
                raise Refused(
                    [Problem("E796", what, "score it by --engine columns or archive it, its address alone; or a file")]
                )
        if sign and register in known:
            cases.setdefault(register, []).append(Path(file))
        else:
            files.append(Path(one))
    beside = campaign_path(path).parent
    own = own_table(rules, path)
    if not files and (rules.observations or not known or own.exists()):
        files.append(own)
    for kept in rules.registers:
        cases.setdefault(kept.id, [beside / kept.table.file])
    return files, cases


def own_table(rules: Campaign, path: Path) -> Path:
    """Give where the campaign's own table of observations stands: beside its rules."""
    return campaign_path(path).parent / (rules.observations.file if rules.observations else "observations.csv")


def spoken(lang: str, file: Path | None = None, rules: Campaign | None = None) -> Words:
    """Give the words of a language; for a terminal they know how wide it is, for files and pipes nothing is fitted."""
    wide = shutil.get_terminal_size().columns if file is None and sys.stdout.isatty() else None
    return evolve(words_of(lang, rules), wide=wide)


def progress(done: int, of: int) -> None:
    """Say on a terminal how far long work has come, on one line; nothing where nobody looks on."""
    if sys.stderr.isatty():
        click.echo(f"\r{done}/{of}" if done < of else "\r" + " " * len(f"{of}/{of}") + "\r", err=True, nl=False)


PATIENCE = 0.5
"""Seconds a step may take before somebody who looks on is told of it; a board has three or four steps."""


@contextmanager
def busy(what: str) -> Iterator[Callable[[int, int], None]]:
    """Say on a terminal what is being done, if it takes longer than people wait gladly, and wipe it out afterwards.

    What is given can be told how far the work has come, which then is said too.
    """
    if not sys.stderr.isatty():
        yield lambda _done, _of: None
        return
    said = ""

    def say(how_far: str = "") -> None:
        nonlocal said
        line = f"{what} …{how_far}"
        if line != said:
            said = line
            click.echo(f"\r{line}", err=True, nl=False)

    def tell(done: int, of: int) -> None:
        if said and 0 < done <= of:
            say(f" {100 * done // of} %")

    timer = Timer(PATIENCE, say)
    timer.daemon = True
    timer.start()
    try:
        yield tell
    finally:
        timer.cancel()
        timer.join()
        click.echo(f"\r{' ' * len(said)}\r" if said else "", err=True, nl=False)


def write(result: str | bytes, file: Path | None) -> None:
    """Write a result to the screen or to a file, whole or not at all."""
    if file is None:
        click.echo(result, nl=False)
        return
    write_bytes(result.encode() if isinstance(result, str) else result, file)


def write_bytes(result: bytes, file: Path) -> None:
    """Write a file, whole or not at all."""
    beside = file.with_name(f".{file.name}.part")
    beside.write_bytes(result)
    beside.replace(file)


def write_lines(lines: Iterable[str], file: Path | None) -> None:
    """Write what comes in pieces, to the screen or to a file that is there whole or not at all."""
    if file is None:
        for line in lines:
            click.echo(line, nl=False)
        return
    beside = file.with_name(f".{file.name}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as opened:
            opened.writelines(lines)
    except BaseException:
        beside.unlink()
        raise
    beside.replace(file)


def tell(problems: Sequence[Problem], what: str) -> None:
    """Tell problems on stderr, under what they are."""
    if problems:
        click.echo(f"{len(problems)} {what}:\n{report(problems)}", err=True)
