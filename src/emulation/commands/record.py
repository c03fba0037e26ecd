"""Record: the commands that write down what people decide, dispute, appeal against, verify and take back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import wraps
from pathlib import Path
from typing import Any, TypeVar

import click

from emulation.campaign import Campaign
from emulation.commands import options
from emulation.ledger.entries import (
    Amended,
    Appealed,
    Content,
    Decided,
    Disputed,
    Key,
    Ruled,
    Settled,
    Verified,
    Withdrawn,
)
from emulation.ledger.intake import caught_up, record
from emulation.ledger.opening import open_ledger
from emulation.ledger.view import View
from emulation.names import AwardId, ParticipantId, StandingId, near
from emulation.problems import Problem, Refused
from emulation.publication import in_force, with_records
from emulation.reading.campaign_file import load_campaign
from emulation.reading.whom import participant_called
from emulation.standings import Decision

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group("record")
def command() -> None:
    """Record in LEDGER what people decide, dispute, appeal against, verify and take back.

    \b
    Examples:
      emulation record decision drive.ledger CAMPAIGN total 05443 05455 --by "Council" --on 2025-09-01
      emulation record dispute drive.ledger CAMPAIGN 05443 online_files --day 2025-08-06 --by "Xã A" --because "…"
      emulation record appeal drive.ledger CAMPAIGN A1 05443 --against "place 20" --because "…" --on 2025-09-02
      emulation record amendment drive.ledger CAMPAIGN --reason "Decision 12 of 1 August"
    """


def _of(takes: Command) -> Command:
    """Take what every record has: the ledger, the campaign, who answers for it and why."""
    return options.ledger(options.campaign(options.author(options.reason(takes))))


def _recorded(says: Callable[..., Content]) -> Callable[..., None]:
    """Make a command of what it says, given the rules, what the ledger knows, and what was typed: it is recorded."""

    @wraps(says)
    def write(ledger: str, campaign: Path, author: str, reason: str | None, **typed: Any) -> None:
        rules = load_campaign(campaign)
        with open_ledger(ledger) as store:
            view = caught_up(store)
            in_force(rules, view)
            content = says(rules, view, **typed)
            _known_to(rules, content)
            done = record(store, [content], author=author, reason=reason, since=view)
        options.tell(done.warnings, "to be known")
        click.echo(f"recorded as entry {done.head.seq} · head {done.head}")

    return _of(write)


def _known_to(rules: Campaign, content: Content) -> None:
    """See that the rules know all that a decision or a ruling speaks of."""
    match content:
        case Decided():
            with_records(rules, View(decided=(content,)))
        case Ruled():
            with_records(rules, View(rulings=(content,)))
        case _:
            pass


def _by(takes: Command) -> Command:
    """Take who decided, and why."""
    because = click.option("--because", required=True, help="Why, in the words of the minutes.")
    return click.option("--by", required=True, help="Who decided or asks for it.")(because(takes))


def _on(takes: Command) -> Command:
    return click.option("--on", type=options.Day(), required=True, help="The day it was decided or lodged.")(takes)


def _fact(takes: Command) -> Command:
    """Take which fact is meant: of whom, what, and its last day."""
    for option in (
        click.option("--source", help="Where several sources report it, which."),
        click.option("--stage", help="Where it was reported at several stages, which."),
        click.option("--day", type=options.Day(), help="The last of its days, where it was reported for several."),
        click.argument("fact"),
        click.argument("participant"),
    ):
        takes = option(takes)
    return takes


@command.command("decision")
@_recorded
@click.argument("standing")
@click.argument("order", nargs=-1, required=True)
@_by
@_on
def decision(
    rules: Campaign, _: View, standing: str, order: tuple[str, ...], by: str, because: str, on: date
) -> Decided:
    """Settle a tie in STANDING: ORDER names those tied, the best first."""
    bodies = tuple(_body(rules, one) for one in order)
    return Decided(Decision(StandingId(standing), bodies, by, on, because))


@command.command("ruling")
@_recorded
@click.argument("award")
@click.argument("participant")
@click.argument("ruling", type=click.Choice(["held", "released", "revoked"]))
@_by
@_on
def ruling(
    rules: Campaign, _: View, award: str, participant: str, ruling: str, by: str, because: str, on: date
) -> Ruled:
    """Hold, release or revoke AWARD of PARTICIPANT."""
    awards = [one.id for one in rules.awards]
    if award not in awards:
        raise Refused([Problem("E135", f"unknown award {award!r}", near=near(award, awards))])
    return Ruled(f"awards.{AwardId(award)}", ruling, by, on, _body(rules, participant), because)


@command.command("dispute")
@_recorded
@_fact
@_by
def dispute(rules: Campaign, view: View, by: str, because: str, **which: Any) -> Disputed:
    """Dispute a FACT of PARTICIPANT."""
    return Disputed(_key(rules, view, **which), by, because)


@command.command("settlement")
@_recorded
@_fact
@click.option(
    "--outcome", type=click.Choice(["upheld", "corrected", "withdrawn"]), required=True, help="What came of it."
)
@_by
def settlement(rules: Campaign, view: View, outcome: Any, by: str, because: str, **which: Any) -> Settled:
    """End the dispute about a FACT of PARTICIPANT."""
    return Settled(_key(rules, view, **which), outcome, by, because)


@command.command("verification")
@_recorded
@_fact
@click.option(
    "--status", type=click.Choice(["confirmed", "refuted", "unverified"]), required=True, help="What was found."
)
@click.option("--by", required=True, help="Who looked at it.")
@click.option("--document", help="What was looked at.")
def verification(rules: Campaign, view: View, status: Any, by: str, document: str | None, **which: Any) -> Verified:
    """Say what was found of a FACT of PARTICIPANT."""
    return Verified(_key(rules, view, **which), status, by, document)


@command.command("withdrawal")
@_recorded
@_fact
def withdrawal(rules: Campaign, view: View, **which: Any) -> Withdrawn:
    """Take back a FACT of PARTICIPANT; --reason says why."""
    return Withdrawn(_key(rules, view, **which))


@command.command("appeal")
@_recorded
@click.argument("appeal")
@click.argument("participant")
@click.option("--against", required=True, help="What is appealed against.")
@click.option("--because", required=True, help="Why.")
@_on
def appeal(rules: Campaign, _: View, appeal: str, participant: str, against: str, because: str, on: date) -> Appealed:
    """Record an APPEAL of PARTICIPANT under a name of its own, such as A1."""
    return Appealed(appeal, _body(rules, participant), against, because, on)


@command.command("answer")
@_recorded
@click.argument("appeal")
@click.argument("outcome", type=click.Choice(["granted", "dismissed"]))
@_by
@_on
def answer(_: Campaign, view: View, appeal: str, outcome: str, by: str, because: str, on: date) -> Ruled:
    """Answer an APPEAL: granted (what follows is recorded by entries of its own) or dismissed."""
    lodged = [one.appeal for one in view.appeals]
    if appeal not in lodged:
        raise Refused([Problem("E135", f"unknown appeal {appeal!r}", near=near(appeal, lodged))])
    return Ruled(appeal, outcome, by, on, None, because)


@command.command("amendment")
@_of
def amendment(ledger: str, campaign: Path, author: str, reason: str | None) -> None:
    """Put the rules of CAMPAIGN in force from now on; --reason says by which decision."""
    rules = load_campaign(campaign)
    with open_ledger(ledger) as store:
        view = caught_up(store)
        content = Amended(rules.id, rules.fingerprint, view.fingerprint, reason)
        done = record(store, [content], author=author, reason=reason, since=view)
    click.echo(f"the rules {rules.fingerprint[:12]} are in force · head {done.head}")


def _body(rules: Campaign, called: str) -> ParticipantId:
    return ParticipantId(participant_called(rules, called))


def _key(
    rules: Campaign,
    view: View,
    participant: str,
    fact: str,
    day: date | None,
    stage: str | None,
    source: str | None,
) -> Key:
    """Find the one fact that is meant among those known."""
    body = participant_called(rules, participant)
    of_both = [key for key in view.facts if key.participant == body and key.fact == fact]
    found = [
        key
        for key in of_both
        if (day is None or key.span.last == day)
        and (stage is None or key.stage == stage)
        and (source is None or key.source == source)
    ]
    if len(found) == 1:
        return found[0]
    known = "; ".join(str(key) for key in sorted(found or of_both, key=str)) or "nothing of it"
    what = f"{len(found)} reports fit {fact} of {body}"
    hint = None if of_both else near(fact, {key.fact for key in view.facts if key.participant == body})
    raise Refused([Problem("E615", what, f"--day, --stage, --source; known is {known}", hint)])
