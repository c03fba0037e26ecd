"""Score: the command that prints the board."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import click

from emulation.commands import engines, options
from emulation.doors import open_extra, open_room
from emulation.plausibility import problem_of
from emulation.problems import OPEN
from emulation.report.records import outcome_csv, outcome_json
from emulation.report.text import board_markdown, board_text

_BOARDS: dict[str, Callable[..., str]] = {"text": board_text, "md": board_markdown}
_PAGE = "html"
_WORKBOOK = "xlsx"
_RECORDS: dict[str, Callable[..., str]] = {"json": outcome_json, "csv": outcome_csv}


@click.command("score")
@options.campaign
@options.data
@options.as_of
@options.known_at
@click.option(
    "--format",
    "form",
    type=click.Choice([*_BOARDS, *_RECORDS, _PAGE, _WORKBOOK]),
    default="text",
    show_default=True,
    help="How to show it.",
)
@click.option(
    "--engine",
    type=click.Choice(["auto", "exact", *engines.ENGINES]),
    default="auto",
    show_default=True,
    help="Who reckons: the exact engine, or columns where there are too many rows for it, or DATA is a folder.",
)
@click.option("--plan", is_flag=True, help="Show how columns reckon it, and stop.")
@click.option(
    "--kept",
    type=click.Path(file_okay=False, path_type=Path),
    help="A folder for roll-ups: files of cases that were counted before are not counted again.",
)
@click.option("--group", help="Only those in this group, or the parts of this participant.")
@options.since
@click.option("--top", type=click.IntRange(min=0), help="Only so many rows of each table; 0 for all.")
@options.language
@options.output
def command(
    campaign: Path,
    data: tuple[str, ...],
    as_of: date | None,
    known_at: datetime | None,
    form: str,
    engine: str,
    plan: bool,
    kept: Path | None,
    group: str | None,
    since: tuple[date, ...],
    top: int | None,
    lang: str,
    output: Path | None,
) -> None:
    """Print the board of CAMPAIGN, from DATA or from its own observations.

    \b
    Examples:
      emulation score campaigns/thai-nguyen-2025
      emulation score campaigns/thai-nguyen-2025 --as-of 2025-07-20 --lang vi
      emulation score campaigns/resolution-57-2025 --group xã --top 20
      emulation score campaigns/pci-2006 --format json --output pci.json
      emulation score campaigns/one-stop-2025 dossiers=september.csv dossiers=october.csv
      emulation score campaigns/thai-nguyen-2025 --engine columns
      emulation score campaigns/thai-nguyen-2025 --plan
      emulation score campaigns/resolution-57-2025 --format html --output board.html
      emulation score campaigns/resolution-57-2025 --format xlsx --output board.xlsx
    """
    rules = options.rules_of(campaign)
    options.refuse_strange(group, rules)
    columns = engines.chosen(engine, rules, data, form, plan=plan)
    if columns is not None:
        engines.board(
            rules,
            campaign,
            data,
            as_of,
            known_at,
            columns,
            form,
            plan=plan,
            group=group,
            top=top,
            lang=lang,
            output=output,
            kept=kept,
        )
        return
    if kept is not None:
        raise click.UsageError("--kept keeps what columns count: add --engine columns, or leave it out")
    if form == _WORKBOOK and output is None:
        raise click.UsageError("a workbook is no text to be shown: add --output board.xlsx")
    outcome = options.outcome_of(campaign, data, as_of, known_at, rules)
    result: str | bytes
    if form == _PAGE:
        earlier = options.earlier_than(outcome, campaign, data, since, known_at)
        spoken = options.spoken(lang, output, outcome.campaign)
        result = open_room("report.page").page_html(
            outcome, spoken, group=group, earlier=earlier, seal=options.seal_of(outcome, data, known_at)
        )
    elif since:
        raise click.UsageError("--since shows how places moved on a page: add --format html, or leave it out")
    elif form == _WORKBOOK:
        spoken = options.spoken(lang, output, outcome.campaign)
        with options.busy(f"writing {output}"):
            result = open_extra("report.workbook", "excel", "--format xlsx").workbook(outcome, spoken, group=group)
    elif form in _BOARDS:
        result = _BOARDS[form](outcome, options.spoken(lang, output, outcome.campaign), top=top, group=group)
    else:
        result = _RECORDS[form](outcome, group)
    options.write(result, output)
    options.tell(outcome.observations.warnings, "to be known")
    options.tell(outcome.observations.set_aside, "set aside")
    options.tell([problem_of(one) for one in outcome.doubts if one.check.then == "told"], "to be looked at once more")
    options.tell(outcome.problems, "left open")
    if not outcome.is_settled:
        sys.exit(OPEN)
