"""Check: the command that says what is wrong with a rulebook, what is doubtful, and whether its examples come out."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from emulation.campaign import Campaign
from emulation.commands import options
from emulation.lint.catalogue import CATALOGUE, EVIDENCE
from emulation.lint.evidence import findings_in
from emulation.lint.review import as_problem, findings, in_place, settled, unacknowledged
from emulation.outcome import score
from emulation.problems import OPEN, WRONG, Problem, Refused, report
from emulation.reading.campaign_file import campaign_path, load_campaign
from emulation.reading.document import place_of, read_document
from emulation.reading.examples import failing_examples
from emulation.report.rulebook import rulebook_text


@click.command("check")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH...")
@click.option("--explain", is_flag=True, help="Print the rulebook in sentences, as a decree's annex.")
@click.option("--finding", metavar="CODE", help="Say what a finding means and what to do about it.")
@click.option("--figures", is_flag=True, help="Look at the campaign's own figures too: what they say of its rules.")
@options.language
@options.output
def command(
    paths: tuple[Path, ...], explain: bool, finding: str | None, figures: bool, lang: str, output: Path | None
) -> None:
    """Say what is wrong with the campaigns at PATH..., what is doubtful, and whether their examples come out.

    Exit code 2: a campaign cannot be read or its rules do not agree. 1: a finding is not acknowledged, or an
    example comes out otherwise. 0: neither.

    \b
    Examples:
      emulation check campaigns/*
      emulation check campaigns/can-tho-157 --explain --lang vi
      emulation check --finding L104
      emulation check campaigns/thai-nguyen-2025 --figures
    """
    if finding is not None:
        click.echo(_meaning(finding))
    elif not paths:
        raise click.UsageError("name at least one campaign")
    elif explain:
        books = [load_campaign(path) for path in paths]
        options.write("\n".join(rulebook_text(one, options.spoken(lang, output, one)) for one in books), output)
    else:
        sys.exit(max(_checked(path, figures=figures) for path in paths))


def _checked(path: Path, *, figures: bool) -> int:
    """Check one campaign and say what was found; give the exit code it asks for."""
    try:
        campaign = load_campaign(path)
    except Refused as refused:
        click.echo(f"{path}: {len(refused.problems)} wrong")
        click.echo(report(refused.problems), err=True)
        return WRONG
    file = campaign_path(path)
    document = read_document(file.read_bytes(), str(file))
    by_figures = findings_in(score(campaign, options.observations_of(campaign, path, ()))) if figures else ()
    found = in_place((*findings(campaign), *by_figures), document)
    open_, known = unacknowledged(campaign, found), settled(campaign, found)
    differing = tuple(problem.at(place_of(document, problem.path)) for problem in failing_examples(campaign))
    click.echo(_summary(path, campaign, len(open_), len(known), differing))
    for one in known:
        click.echo(f"  {one.finding.code} {one.finding.at}: {one.finding.what}\n    acknowledged: {one.because}")
    if open_:
        click.echo(report(as_problem(finding) for finding in open_), err=True)
    if differing:
        click.echo(report(differing), err=True)
    return OPEN if open_ or differing else 0


def _summary(path: Path, campaign: Campaign, open_: int, known: int, differing: tuple[Problem, ...]) -> str:
    examples = len(campaign.examples)
    failing = len({problem.path[:2] for problem in differing})
    return (
        f"{path}: the rules agree; {open_ + known} finding{'s' * (open_ + known != 1)}, {known} acknowledged;"
        f" {examples - failing} of {examples} examples come out"
    )


def _meaning(code: str) -> str:
    kinds = {**CATALOGUE, **EVIDENCE}
    if code not in kinds:
        raise click.UsageError(f"there is no finding {code!r}; there are {', '.join(kinds)}")
    kind = kinds[code]
    return (
        f"{kind.code} {kind.title}\n\n{kind.means}\n\nWhy it matters: {kind.matters}\n\n"
        f"What to do: {kind.remedy}\n\nFor example:\n{kind.example}"
    )
