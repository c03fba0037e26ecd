"""Replay: the command that follows a drive day by day: who led, who rose, and since when each is ready."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import click

from emulation.campaign import Campaign
from emulation.commands import options
from emulation.commands.engines import are_columns
from emulation.course import DayBoard, courses, day_by_day, days_between, days_of
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
      emulation replay CAMPAIGN archive/ --top 20          # an archive, or Parquet files, a month at a time
    """
    rules = options.rules_of(campaign)
    facts: Observations | None = None
    if are_columns(data):
        days, found = _on_columns(rules, data, first, last, as_known=as_known, known_at=known_at)
    else:
        rules, facts = options.known_of(rules, campaign, data, known_at)
        days = _days(days_of(rules, facts, as_known=as_known), first, last)
        ledger = options.ledger_in(data)
        if as_known and ledger is not None:
            found = _as_the_ledger_knew(ledger, rules, days)
        else:
            found = _boards(rules, facts, days, as_known=as_known)
    standings = _standings(rules, standing)
    boards = _counted(found, len(days))
    if form == "csv":
        options.write_lines(boards_csv(rules, boards, group), output)
    else:
        followed = Followed(rules, standings, tuple(days), courses(boards, standings, drawn_days(days)))
        spoken = options.spoken(lang, output, rules)
        text = courses_json(followed, group) if form == "json" else courses_text(followed, spoken, top=top, group=group)
        options.write(text, output)
    if facts is not None:
        options.tell(facts.warnings, "to be known")
        options.tell(facts.set_aside, "set aside")


def _standings(rules: Campaign, asked: str | None) -> tuple[StandingId, ...]:
    known = tuple(one.id for one in rules.standings)
    if asked is None:
        return known
    if asked not in known:
        raise Refused([Problem("E135", f"unknown standing {asked!r}", ", ".join(known), near(asked, known))])
    return (StandingId(asked),)


def _days(every: Sequence[date], first: date | None, last: date | None) -> Sequence[date]:
    begun, ended = first or every[0], last or every[-1]
    if ended < begun:
        raise Refused(
            [Problem("E793", f"the days end before they begin: {begun} to {ended}", "--from, and a later --to")]
        )
    return [begun + timedelta(days=number) for number in range((ended - begun).days + 1)]


def _on_columns(
    rules: Campaign,
    data: Sequence[str],
    first: date | None,
    last: date | None,
    *,
    as_known: bool,
    known_at: datetime | None,
) -> tuple[Sequence[date], Iterator[DayBoard]]:
    """Replay an archive, or Parquet files, a month at a time; the last board is then judged once more by an engine."""
    if known_at is not None:
        raise Refused([Problem("E657", "--known-at asks what a ledger knew, and there is none", "DATA: a ledger")])
    facts = data[0] if len(data) == 1 else list(data)
    replays = open_extra("columnar.replay", "columns")
    replay = replays.Replay.of(rules, facts, as_known=as_known)
    days = _days(days_between(rules, replay.coming.first, replay.coming.last), first, last)
    return days, _seen_again(replays.followed(replay, days), rules, facts, days[-1])


def _seen_again(boards: Iterable[DayBoard], rules: Campaign, facts: object, last: date) -> Iterator[DayBoard]:
    """See that the last board is that of scoring its day by itself, of which a sample is judged by the exact engine."""
    for board in boards:
        if board.day == last:
            verdicts = open_extra("columnar.verdict", "columns")
            verdict = verdicts.score_columns(rules, facts, last)
            verdicts.rejudged(verdict)
            _same(board, open_extra("columnar.results", "columns").board_of(verdict))
        yield board


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
    _same(board, exact)


def _same(board: DayBoard, other: DayBoard) -> None:
    if any(getattr(board, what) != getattr(other, what) for what in ("totals", "places", "classes", "aims")):
        raise Disagreement(f"the board of {board.day} is another one when that day is scored by itself")


def _counted(boards: Iterable[DayBoard], of: int) -> Iterator[DayBoard]:
    """Say on a terminal how far it has come."""
    for number, board in enumerate(boards, start=1):
        options.progress(number, of)
        yield board
