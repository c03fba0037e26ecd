"""Publication: a campaign scored from its ledger, what stands in the way of a final result, and what a later one moves.

What was published can be had again for ever: the rules by their fingerprint, the facts by the moment they were known.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Literal

from attrs import evolve, frozen

from emulation.admission import after
from emulation.awards import Ruling
from emulation.campaign import Campaign
from emulation.checks import problems_of
from emulation.ledger.entries import Ruled, Sealed
from emulation.ledger.store import Store, read
from emulation.ledger.view import NOTHING, View, view_of
from emulation.names import AwardId, ClassName, ParticipantId, StandingId
from emulation.observations import Observations
from emulation.outcome import Outcome, score
from emulation.periods import read_offset
from emulation.problems import Problem, Refused
from emulation.standings import Decision


def zone_of(rules: Campaign) -> tzinfo:
    """Give the zone in which a moment becomes a day; UTC where no rule asks for a day of receipt.

    Raise `Refused` (E650) where one does and the campaign names no zone.
    """
    if rules.time_zone is not None:
        return read_offset(rules.time_zone) or UTC
    if rules.admission.late is not None or rules.appeals is not None:
        what = "a ledger knows moments, and the campaign asks on which day they fall"
        raise Refused(
            [Problem("E650", what, "time_zone: the offset of its clocks, such as +07:00", path=("time_zone",))]
        )
    return UTC


def scored(rules: Campaign, view: View, as_of: date | None = None) -> Outcome:
    """Score a campaign on what its ledger knows, with the decisions and rulings recorded there.

    Raise `Refused` for records that the rules do not know (E135) or other rules than those in force (E651).
    """
    return score(*known(rules, view), as_of)


def known(rules: Campaign, view: View) -> tuple[Campaign, Observations]:
    """Give what a ledger knows to be scored: the rules with the decisions and rulings recorded there, and the facts.

    Raise `Refused` for records that the rules do not know (E135) or other rules than those in force (E651).
    """
    in_force(rules, view)
    return with_records(rules, view), view.observations(zone_of(rules))


def known_each_day(rules: Campaign, store: Store, days: Iterable[date]) -> Iterator[tuple[Campaign, Observations]]:
    """Give what a ledger knew at the end of each day, in the order of days; no entry is read twice."""
    view, zone = NOTHING, zone_of(rules)
    for day in days:
        ended = datetime.combine(day + timedelta(days=1), time.min, zone) - datetime.resolution
        view = view_of(read(store, ended, view.head), since=view)
        yield with_records(rules, view), view.observations(zone)


def in_force(rules: Campaign, view: View) -> None:
    """Refuse rules that are not those a ledger is kept under (E651); a ledger that names none takes any."""
    if view.fingerprint not in (None, rules.fingerprint):
        what = f"the ledger's rules are {_short(view.fingerprint)}, and these are {_short(rules.fingerprint)}"
        raise Refused([Problem("E651", what, "the rules in force, or an amendment recorded with its reason")])


def _short(fingerprint: str | None) -> str:
    return (fingerprint or "none")[:12]


def seal_found(outcome: Outcome, view: View, known_at: datetime | None = None) -> tuple[int, Sealed] | None:
    """Give the last seal of just this result: of the same day, rules and data; None for one that nobody sealed.

    A seal is written after what it seals was known: ``known_at`` asks for those of results known by that moment.
    """
    same = (outcome.as_of, outcome.campaign.fingerprint, outcome.data_hash)
    found = [
        (seq, one)
        for seq, one in view.seals
        if (one.as_of, one.fingerprint, one.data_hash) == same and (known_at is None or one.view <= known_at)
    ]
    return found[-1] if found else None


def with_records(rules: Campaign, view: View) -> Campaign:
    """Add the decisions and rulings that a ledger holds to those written in the rules; the later ones hold."""
    rulings = tuple(one for told in view.rulings if (one := ruling_of(told)) is not None)
    if not view.decisions and not rulings:
        return rules
    known = set(problems_of(rules))
    merged = _recorded(rules, view.decisions, rulings)
    if problems := [one for one in problems_of(merged) if one not in known]:
        raise Refused(problems)
    return merged


def _recorded(rules: Campaign, decisions: Iterable[Decision], rulings: Iterable[Ruling]) -> Campaign:
    """Add records to rules, and to each edition of rules that change on a day."""
    return evolve(
        rules,
        decisions=(*decisions, *rules.decisions),
        rulings=(*rules.rulings, *rulings),
        editions=tuple((day, _recorded(edition, decisions, rulings)) for day, edition in rules.editions),
    )


def ruling_of(told: Ruled) -> Ruling | None:
    """Give a ledger's ruling on an award as the rules know it; none for one on anything else."""
    shelf, _, award = told.about.partition(".")
    if shelf != "awards" or told.participant is None:
        return None
    match told.outcome:
        case "held" | "released" | "revoked" as ruling:
            return Ruling(AwardId(award), told.participant, ruling, told.by, told.on, told.because or "")
        case _:
            return None


# --- what stands in the way


def blockers(outcome: Outcome, view: View, today: date) -> tuple[Problem, ...]:
    """Find what must be settled before a result is final: all at once, none twice."""
    return (
        *outcome.problems,
        *_disputes(view),
        *_refuted(view),
        *_appeals(view),
        *_window(outcome.campaign, view, today),
        *_held(outcome),
    )


def _disputes(view: View) -> Iterator[Problem]:
    for key, known in view.facts.items():
        if known.dispute is not None:
            what = f"{key} is disputed by {known.dispute.by}: {known.dispute.because}"
            yield Problem("E652", what, "settle it: upheld, corrected or withdrawn")


def _refuted(view: View) -> Iterator[Problem]:
    for key, known in view.facts.items():
        if known.verified is not None and known.verified.status == "refuted":
            yield Problem("E653", f"{key} was refuted by {known.verified.by}", "correct or withdraw it")


def _appeals(view: View) -> Iterator[Problem]:
    answered = {one.about for one in view.rulings}
    for appeal in view.appeals:
        if appeal.appeal not in answered:
            what = f"the appeal {appeal.appeal} of {appeal.participant} against {appeal.against} has no answer"
            yield Problem("E654", what, "record the answer: granted or dismissed")


def _window(rules: Campaign, view: View, today: date) -> Iterator[Problem]:
    """Find an appeal window that is still open, or that never opened since nothing was published."""
    if rules.appeals is None:
        return
    if view.published is None:
        yield Problem("E655", "nothing was published that could be appealed against", "seal a provisional result first")
        return
    published = view.published.astimezone(zone_of(rules)).date()
    last = last_day_of_appeals(rules, published)
    if today <= last:
        what = f"appeals against what was published on {published} can be lodged up to {last}"
        yield Problem("E655", what, "wait until the day after")


def last_day_of_appeals(rules: Campaign, published: date) -> date:
    """Give the last day on which an appeal can be lodged against what was published on a day."""
    return after(published, rules.appeals.within, rules.timetable.calendar) if rules.appeals else published


def _held(outcome: Outcome) -> Iterator[Problem]:
    for id, given in outcome.awards.items():
        for body, one in given.considered.items():
            if one.result == "held" and one.ruling is not None:
                yield Problem("E656", f"{id} of {body} is held: {one.ruling.because}", "release or revoke it")


# --- publications


def seal_of(outcome: Outcome, view: View, outcome_hash: str, title: str | None = None) -> Sealed:
    """Make the entry that says what was published, from which rules and facts, and what it replaces."""
    return Sealed(
        outcome.as_of,
        view.head.known_at or datetime.min.replace(tzinfo=UTC),
        view.head.hash,
        outcome.campaign.fingerprint,
        outcome.data_hash,
        outcome_hash,
        view.seals[-1][0] if view.seals else None,
        title,
    )


Movement = Literal["up", "down", "same", "new", "gone", "not_comparable"]
"""How a place moved among those who have one on both sides; *not comparable* where a body has none on one of them."""


@frozen
class Move:
    """What became of one participant between two results of a campaign."""

    participant: ParticipantId
    movement: Movement
    ranks: tuple[int | None, int | None]
    classes: tuple[ClassName | None, ClassName | None]
    won: tuple[str, ...]
    lost: tuple[str, ...]

    @property
    def moved(self) -> bool:
        """Say whether anything is different."""
        return self.movement != "same" or self.classes[0] != self.classes[1] or bool(self.won or self.lost)


def moves(before: Outcome, after: Outcome) -> tuple[Move, ...]:
    """Compare two results, participant by participant: places, classes, awards.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.observations import NONE_REPORTED
    >>> outcome = score(load_campaign("campaigns/thai-nguyen-2025"), NONE_REPORTED)
    >>> any(move.moved for move in moves(outcome, outcome))
    False
    """
    then, now = _placed(before), _placed(after)
    fields: dict[_Field, list[ParticipantId]] = {}
    for id in now:
        if id in then and now[id].rank and then[id].rank and now[id].field == then[id].field:
            fields.setdefault(now[id].field, []).append(id)
    first, second = (
        {id: place for among in fields.values() for id, place in _among(among, one)} for one in (then, now)
    )
    every = dict.fromkeys([*now, *then])
    return tuple(_move(id, then.get(id), now.get(id), (first.get(id), second.get(id))) for id in every)


_Field = tuple[StandingId | None, str | None]
"""Those who are ranked with one another: the standing, and the group within it."""


@frozen
class _Side:
    rank: int | None
    field: _Field
    class_: ClassName | None
    awards: tuple[str, ...]


def _placed(outcome: Outcome) -> Mapping[ParticipantId, _Side]:
    return {
        one.participant.id: _Side(one.rank, _field(outcome, one.participant.id), one.readiness, one.awards)
        for one in outcome
    }


def _field(outcome: Outcome, body: ParticipantId) -> _Field:
    found = ((id, places[body].group) for id, places in outcome.standings.items() if body in places)
    return next(found, (None, None))


def _among(
    bodies: Sequence[ParticipantId], sides: Mapping[ParticipantId, _Side]
) -> Iterator[tuple[ParticipantId, int]]:
    """Give places among some only, so that who came or went moves nobody; equal places stay equal."""
    ranks = sorted(sides[id].rank or 0 for id in bodies)
    return ((id, bisect_left(ranks, sides[id].rank or 0) + 1) for id in bodies)


_NOWHERE = _Side(None, (None, None), None, ())


def _move(id: ParticipantId, then: _Side | None, now: _Side | None, places: tuple[int | None, int | None]) -> Move:
    before, after = then or _NOWHERE, now or _NOWHERE
    return Move(
        id,
        _movement(then, now, *places),
        (before.rank, after.rank),
        (before.class_, after.class_),
        _but_for(after.awards, before.awards),
        _but_for(before.awards, after.awards),
    )


def _but_for(some: Iterable[str], others: Iterable[str]) -> tuple[str, ...]:
    known = set(others)
    return tuple(one for one in some if one not in known)


def _movement(then: _Side | None, now: _Side | None, first: int | None, second: int | None) -> Movement:
    """Say how a place moved, by the places among those who have one on both sides."""
    if then is None or now is None:
        return "new" if then is None else "gone"
    if first is None or second is None:
        return "same" if then.rank == now.rank else "not_comparable"
    if first == second:
        return "same"
    return "up" if second < first else "down"
