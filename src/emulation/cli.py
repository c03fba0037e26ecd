"""Command line: the verbs, each loaded when it is called; exit codes for the person who typed it."""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from emulation.problems import OPEN, WRONG, EmulationError, Unsettled

VERBS = {
    "new": "A commented campaign folder to start from.",
    "check": "Problems, lint findings and worked examples of campaigns.",
    "score": "The board of a campaign.",
    "draw": "An outcome as a picture: ranking, criteria, bump, waterfall, distribution, tiles.",
    "explain": "Why a participant stands where it stands, down to the datum.",
    "whatif": "The board under named changes: who moves, and why.",
    "wayup": "What a participant must change to reach a class, an award, a place.",
    "firmness": "How firm ranks are when weights move, samples vary, or reports are missing.",
    "diff": "What an amendment does: who moves, and which rule did it.",
    "replay": "A drive day by day: who led, who rose, who was ready since when.",
    "rehearse": "A rulebook tried on invented figures before anybody reports: go or no go.",
    "ingest": "Take tables of observations into a ledger, every row accounted for.",
    "record": "Record decisions, disputes, appeals, rulings, withdrawals, amendments.",
    "history": "What a ledger holds, of one fact or of all.",
    "publish": "A folder of pages: the board, one page a participant, the rulebook.",
    "seal": "Publish a result, so that it can be had again byte for byte.",
    "finalize": "Publish the final result, or list what stands in its way.",
    "verify": "Check that no entry of a ledger was altered or left out.",
    "export": "Write a ledger as lines of JSON.",
    "archive": "Keep the facts of a very large field, month by month, for boards on columns.",
    "restore": "Make a ledger of an exported one.",
    "backup": "Copy a ledger while others go on writing.",
    "schema": "The JSON Schema of campaign files, for editors.",
}

INTERRUPTED = 130


class Verbs(click.Group):
    """The verbs in the order in which people meet them; a verb's room is loaded when it is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """List the verbs."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Load the room of a verb."""
        if cmd_name not in VERBS:
            return None
        command: click.Command = import_module(f"emulation.commands.{cmd_name}").command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the verbs in the help without loading their rooms."""
        with formatter.section("Commands"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="emulation-campaigns", prog_name="emulation")
def cli() -> None:
    """Run emulation campaigns: exact scores, ranks, classes and awards, and the reasons for each.

    CAMPAIGN is a folder or its campaign.yaml.

    \b
    Examples:
      emulation new my-campaign
      emulation check campaigns/*
      emulation score campaigns/thai-nguyen-2025
      emulation explain campaigns/thai-nguyen-2025 "Phường Tích Lương"

    \b
    Exit codes:
      0    done
      1    the rulebook or its data leaves something open
      2    what was given is wrong; the message says where and what to do
      130  interrupted

    Completion: add `eval "$(_EMULATION_COMPLETE=bash_source emulation)"` to ~/.bashrc (zsh_source, fish_source).
    """


def main() -> None:
    """Run the command line."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8")
    try:
        sys.exit(_run())
    except BrokenPipeError:
        # Whoever read us has enough: nothing more to say, and nothing to complain of at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _run() -> int:
    """Run a verb; turn what goes wrong into a message and an exit code."""
    try:
        result = cli.main(prog_name="emulation", standalone_mode=False)
        sys.stdout.flush()
    except Unsettled as open_:
        click.echo(str(open_), err=True)
        return OPEN
    except EmulationError as wrong:
        click.echo(str(wrong), err=True)
        return WRONG
    except click.exceptions.Abort:
        return INTERRUPTED
    except click.ClickException as wrong:
        wrong.show()
        return WRONG
    except BrokenPipeError:
        raise
    except OSError as wrong:
        click.echo(f"E600 {wrong.strerror or wrong}: {wrong.filename or ''}", err=True)
        return WRONG
    return result if isinstance(result, int) else 0
