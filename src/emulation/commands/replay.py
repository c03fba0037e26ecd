"""Replay: the command that follows a drive day by day: who led, who rose, and since when each is ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from emulation.campaign import Campaign
from emulation.commands import options
from emulation.course import DayBoard, courses, day_by_day, days_of
from emulation.doors import open_extra, open_room
from emulation.names import StandingId, near
from emulation.observations import Observations
from emulation.problems import Disagreement, Problem, Refused
from emulation.report.courses import Followed, boards_csv, courses_json, courses_text, drawn_days

_EXACT_ONLY, _NOT_INSTALLED = "E780", "E641"


@click.command("replay")
@options.campaign
@options.data
@click.option("--from", "first", type=options.Day(), help="The first day; else the first on which anything was known.")
@click.option("--to", "last", type=options.Day(), help="The last day; else the last on which anything was added.")
@click.option("--as-known", is_flag=True, help="Each day as it was known then, late reports and all.")
@options.known_at
@click.option("--standing", help="Whose places are followed; else the first standing that ranks a participant.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "csv", "json"]),
    default="text",
    show_default=True,
    help="A table of participants, every participant on every day, or the table as JSON.",
)
@click.option("--group", help="Only those in this group, or the parts of this participant.")
@click.option("--top", type=click.IntRange(min=0), help="Only so many rows of each table; 0 for all.")
@options.language
@options.output
def command(
    campaign: Path,
    data: tuple[str, ...],
    first: date | None,
    last: date | None,
    as_known: bool,
    known_at: datetime | None,
    standing: str | None,
    form: str,
    group: str | None,
    top: int | None,
    lang: str,
    output: Path | None,
) -> None:
    """Follow CAMPAIGN day by day, on DATA or its own observations: who led, who rose, who was ready since when.

    \b
    Examples:
      emulation replay campaigns/thai-nguyen-2025
      emulation replay campaigns/thai-nguyen-2025 --from 2025-07-20 --top 10 --lang vi
      emulation replay campaigns/thai-nguyen-drive drive.ledger --as-known
      emulation replay campaigns/resolution-57-2025 --group 19 --format csv --output days.csv
    """
    rules, facts = options.known_of(options.rules_of(campaign), campaign, data, known_at)
    standings = _standings(rules, standing)
    days = _days(rules, facts, first, last, as_known=as_known)
    ledger = options.ledger_in(data)
    if as_known and ledger is not None:
        found = _as_the_ledger_knew(ledger, rules, days)
    else:
        found = _boards(rules, facts, days, as_known=as_known)
    boards = _counted(found, len(days))
    if form == "csv":
        options.write_lines(boards_csv(rules, boards, group), output)
    else:
        followed = Followed(rules, standings, tuple(days), courses(boards, standings, drawn_days(days)))
        spoken = options.spoken(lang, output, rules)
        text = courses_json(followed, group) if form == "json" else courses_text(followed, spoken, top=top, group=group)
        options.write(text, output)
    options.tell(facts.warnings, "to be known")
    options.tell(facts.set_aside, "set aside")


def _standings(rules: Campaign, asked: str | None) -> tuple[StandingId, ...]:
    known = tuple(one.id for one in rules.standings)
    if asked is None:
        return known
    if asked not in known:
        raise Refused([Problem("E135", f"unknown standing {asked!r}", ", ".join(known), near(asked, known))])
    return (StandingId(asked),)


def _days(
    rules: Campaign, facts: Observations, first: date | None, last: date | None, *, as_known: bool
) -> Sequence[date]:
    every = days_of(rules, facts, as_known=as_known)
    begun, ended = first or every[0], last or every[-1]
    if ended < begun:
        raise Refused(
            [Problem("E793", f"the days end before they begin: {begun} to {ended}", "--from, and a later --to")]
        )
    return [begun + timedelta(days=number) for number in range((ended - begun).days + 1)]


def _boards(rules: Campaign, facts: Observations, days: Sequence[date], *, as_known: bool) -> Iterator[DayBoard]:
    """Replay the days on columns, and see that the last board is the exact engine's; where they cannot, day by day."""
    done = 0
    try:
        for board in open_extra("columnar.replay", "columns").boards(rules, facts, days, as_known=as_known):
            if board.day == days[-1]:
                _compare(board, rules, facts, as_known=as_known)
            yield board
            done += 1
    except Refused as slip:
        if {one.code for one in slip.problems} & {_EXACT_ONLY, _NOT_INSTALLED}:
            click.echo(f"each day is scored by the exact engine: {slip.problems[0].what}", err=True)
            yield from day_by_day(rules, facts, days[done:], as_known=as_known)
        else:
            raise


def _as_the_ledger_knew(ledger: str, rules: Campaign, days: Sequence[date]) -> Iterator[DayBoard]:
    """Make the board of each day from what a ledger knew at its end, before anything was corrected or settled."""
    with open_room("commands.drives").opened(ledger, rules) as drive:
        yield from drive.day_by_day(days)


def _compare(board: DayBoard, rules: Campaign, facts: Observations, *, as_known: bool) -> None:
    """Stop where the last board is not the one that the exact engine makes."""
    (exact,) = day_by_day(rules, facts, [board.day], as_known=as_known)
    if any(getattr(board, what) != getattr(exact, what) for what in ("totals", "places", "classes", "aims")):
        raise Disagreement(f"the board of {board.day} is another one by the exact engine")


def _counted(boards: Iterable[DayBoard], of: int) -> Iterator[DayBoard]:
    """Say on a terminal how far it has come."""
    for number, board in enumerate(boards, start=1):
        options.progress(number, of)
        yield board
