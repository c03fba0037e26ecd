"""Draw: the command that draws an outcome and writes it as SVG or PNG."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from emulation.commands import options
from emulation.outcome import Outcome, score
from emulation.problems import OPEN
from emulation.reading.campaign_file import load_campaign
from emulation.report.pictures import PICTURES, picture


@click.command("draw")
@options.campaign
@options.data
@click.option("--picture", "what", required=True, metavar="|".join(PICTURES), help="What is drawn.")
@click.option("--output", required=True, type=click.Path(dir_okay=False, path_type=Path), help="FILE.svg or FILE.png.")
@click.option("--participant", "participants", multiple=True, help="Whom to name in it, by id or name; repeatable.")
@click.option("--by", help="A standing, criterion, indicator or total, if not the first standing.")
@click.option("--kind", help="The kind of participants, if not the one with the most.")
@click.option("--group", help="Only those in this group, or the parts of this participant.")
@click.option("--top", type=click.IntRange(min=0), help="Only so many; 0 for all.")
@click.option("--since", "days", type=options.Day(), multiple=True, help="An earlier day of a bump chart; repeatable.")
@options.as_of
@options.known_at
@options.language
def command(
    campaign: Path,
    data: tuple[str, ...],
    what: str,
    output: Path,
    participants: tuple[str, ...],
    by: str | None,
    kind: str | None,
    group: str | None,
    top: int | None,
    days: tuple[date, ...],
    as_of: date | None,
    known_at: datetime | None,
    lang: str,
) -> None:
    """Draw the outcome of CAMPAIGN, from DATA or from its own observations.

    \b
    Pictures:
      ranking       a bar for each, in their order, in the colour and shape of its class
      criteria      what each got of each criterion, as dark as the share of the maximum
      bump          places over several days (--since), a line for each
      waterfall     one participant's points (--participant), criterion by criterion
      distribution  how values are spread, with the bounds of classes and targets
      tiles         the 34 provinces of Vietnam as tiles

    \b
    Examples:
      emulation draw campaigns/thai-nguyen-2025 --picture ranking --output ranking.svg
      emulation draw campaigns/resolution-57-2025 --picture tiles --kind province --lang vi --output tiles.png
      emulation draw campaigns/thai-nguyen-2025 --picture bump --since 2025-07-13 --since 2025-07-27 --output bump.svg
      emulation draw campaigns/thai-nguyen-2025 --picture waterfall --participant 05443 --output points.svg
      emulation draw campaigns/thai-nguyen-2025 --picture distribution --by online_share --output online.svg
    """
    outcomes = list(_outcomes(campaign, data, [*days, as_of], known_at))
    with options.busy(f"drawing {output}"):
        drawn = picture(outcomes, what, participants=participants, by=by, kind=kind, group=group, top=top, lang=lang)
        options.write_bytes(drawn.written(output), output)
    options.tell(outcomes[-1].problems, "left open")
    if not outcomes[-1].is_settled:
        sys.exit(OPEN)


def _outcomes(
    path: Path, data: Sequence[str], days: Sequence[date | None], moment: datetime | None
) -> Iterator[Outcome]:
    """Score each day; tables are read once."""
    if moment is not None or options.ledger_in(data) is not None:
        yield from (options.outcome_of(path, data, day, moment) for day in days)
        return
    with options.busy(f"reading {path}"):
        rules = load_campaign(path)
    facts = options.observations_of(rules, path, data)
    for number, day in enumerate(days, start=1):
        with options.busy(f"scoring day {number} of {len(days)}"):
            yield score(rules, facts, day)
