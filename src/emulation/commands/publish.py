"""Publish: the command that writes the board, a page for each participant, the rulebook and the records to a folder."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path

import click

from emulation.commands import options
from emulation.doors import open_room
from emulation.problems import OPEN, Problem, Refused
from emulation.report.words import words

LIST = "pages.txt"
"""The file that names all files of the folder, and by which the folder is known to be ours."""

HEAD = "These pages were written by emulation publish; they are replaced when it is run again."


@click.command("publish")
@options.campaign
@options.data
@click.option(
    "--output",
    "folder",
    type=click.Path(file_okay=False, path_type=Path),
    required=True,
    help="The folder: a new one, an empty one, or one written by publish before.",
)
@options.as_of
@options.known_at
@options.since
@options.language
def command(
    campaign: Path,
    data: tuple[str, ...],
    folder: Path,
    as_of: date | None,
    known_at: datetime | None,
    since: tuple[date, ...],
    lang: str,
) -> None:
    """Write CAMPAIGN, from DATA or from its own observations, as a folder of pages: index.html is the board.

    The pages lead to one another by relative links and ask for nothing else, so that the folder can be copied anywhere.

    \b
    Examples:
      emulation publish campaigns/thai-nguyen-2025 --output pages
      emulation publish campaigns/thai-nguyen-2025 --output trang --lang vi --since 2025-07-20
    """
    before = _ours(folder)
    outcome = options.outcome_of(campaign, data, as_of, known_at)
    earlier = options.earlier_than(outcome, campaign, data, since, known_at)
    seal = options.seal_of(outcome, data, known_at)
    room = open_room("report.site")
    written: list[str] = []
    for name, text in room.site(outcome, words(lang), earlier, seal):
        _write(folder / name, text)
        written.append(name)
        options.progress(len(written), room.size(outcome))
    _write(folder / LIST, "\n".join([HEAD, *sorted(written)]) + "\n")
    _remove(folder, before - set(written))
    click.echo(f"{len(written)} files; open {folder / room.BOARD}")
    options.tell(outcome.problems, "left open")
    if not outcome.is_settled:
        sys.exit(OPEN)


def _ours(folder: Path) -> set[str]:
    """Give the files that an earlier run wrote; raise `Refused` (E630) for a folder that holds anything of others'."""
    if not folder.exists() or not any(folder.iterdir()):
        return set()
    head, *names = _lines(folder / LIST)
    if head != HEAD:
        what = f"{folder} holds files that publish did not write"
        raise Refused([Problem("E630", what, "a new or an empty folder, or one that publish wrote")])
    return set(names)


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.is_file() else [""]


def _write(file: Path, text: str) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    options.write(text, file)


def _remove(folder: Path, names: Iterable[str]) -> None:
    """Take away the pages of those who no longer take part; nothing outside the folder."""
    home = folder.resolve()
    for name in sorted(names):
        file = (folder / name).resolve()
        if file.is_relative_to(home) and file.suffix == ".html" and file.is_file():
            file.unlink()
