"""Course: how a drive went, day by day: the board of each day, and what each participant came to on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

from attrs import evolve, field, frozen

from emulation.campaign import Campaign
from emulation.criteria import TOTAL
from emulation.exact import Rational
from emulation.names import ClassName, ParticipantId, StandingId, TargetId
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.problems import Problem, Refused
from emulation.targets import AimState


@frozen(eq=False)
class DayBoard:
    """What stood on one day, by participant: totals, places in each standing, classes, and how targets stood.

    Blanks are left out.
    """

    day: date
    totals: Mapping[ParticipantId, Rational]
    places: Mapping[StandingId, Mapping[ParticipantId, int]]
    classes: Mapping[ParticipantId, ClassName]
    aims: Mapping[TargetId, Mapping[ParticipantId, AimState]] = field(factory=dict)


def board_of(outcome: Outcome) -> DayBoard:
    """Give what an outcome says of its day, without the reasons."""
    totals = outcome.scores[TOTAL]
    return DayBoard(
        outcome.as_of,
        {id: points for id in totals if (points := totals.points_of(id)) is not None},
        {
            standing: {id: one.place for id, one in places.items() if one.place is not None}
            for standing, places in outcome.standings.items()
        },
        {id: one.class_ for id, one in outcome.classes.items() if one.class_ is not None},
        {target: {id: one.state for id, one in aims.items()} for target, aims in outcome.aims.items()},
    )


def days_of(campaign: Campaign, observations: Observations, *, as_known: bool = False) -> list[date]:
    """Give the days of the period from the first on which anything was known, to the last on which it was added."""
    added = [counts_from(one, as_known=as_known) for one in observations]
    return days_between(campaign, min(added, default=None), max(added, default=None))


def days_between(campaign: Campaign, first: date | None, last: date | None) -> list[date]:
    """Give the days of the period between the first and the last on which anything was added; its first, if none was.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> [str(day) for day in days_between(campaign, date(2024, 1, 1), date(2025, 7, 2))][:2]
    ['2025-07-01', '2025-07-02']
    """
    period = campaign.timetable.period
    begun = min(max(first or period.first, period.first), period.last)
    ended = min(max(last or begun, begun), period.last)
    return [begun + timedelta(days=number) for number in range((ended - begun).days + 1)]


def counts_from(fact: Observation, *, as_known: bool) -> date:
    """Give the day from which on a fact counts: the last of its days, or the later one on which it was handed in.

    Raise `Refused` (E791) where that is to be known and is not.
    """
    if not as_known:
        return fact.span.last
    if fact.received is None:
        what = f"{fact.participant} {fact.fact} has no day on which it was handed in"
        raise Refused([Problem("E791", what, "a column received, or boards as things are known now")])
    return max(fact.received, fact.span.last)


def day_by_day(
    campaign: Campaign, observations: Observations, days: Iterable[date], *, as_known: bool = False
) -> Iterator[DayBoard]:
    """Give the board of each day, each scored by itself by the exact engine."""
    for day in days:
        facts = observations
        if as_known:
            there = tuple(one for one in observations if counts_from(one, as_known=True) <= day)
            facts = evolve(observations, reported=there)
        yield board_of(score(campaign, facts, day))


@frozen
class Stood:
    """Where a participant stood on a day."""

    day: date
    place: int


@frozen
class Course:
    """What a participant came to over the days, in a standing, in the classes and by its targets.

    ``best`` is the best place, on the first day on which it was held; ``led`` counts the days on the first place,
    alone or with others; ``places`` are those of the days asked for, None where there was none; ``since`` is for each
    class the first day on which it was held, ``met`` for each target the first on which it was met.

    >>> days = [date(2025, 8, day) for day in (1, 2, 3)]
    >>> boards = [DayBoard(day, {}, {"total": {"a": place}}, {}) for day, place in zip(days, (3, 1, 2))]
    >>> course = courses(boards, ["total"], days)["a"]
    >>> course.first.place, course.best.day.day, course.last.place, course.led, course.places
    (3, 2, 2, 1, (3, 1, 2))
    """

    first: Stood | None = None
    last: Stood | None = None
    best: Stood | None = None
    led: int = 0
    places: tuple[int | None, ...] = ()
    since: Mapping[ClassName, date] = field(factory=dict)
    met: Mapping[TargetId, date] = field(factory=dict)


def courses(
    boards: Iterable[DayBoard], standings: Sequence[StandingId], drawn: Collection[date] = ()
) -> dict[ParticipantId, Course]:
    """Follow all participants over the boards, which are gone through once and need not be kept.

    Of several standings the first that ranks a participant counts. ``drawn`` are the days whose places are kept.
    """
    found: dict[ParticipantId, _Followed] = {}
    kept: list[Mapping[ParticipantId, int]] = []
    for board in boards:
        places: dict[ParticipantId, int] = {}
        for standing in reversed(standings):
            places.update(board.places[standing])
        for id, place in places.items():
            found.setdefault(id, _Followed()).stands(Stood(board.day, place))
        for id, held in board.classes.items():
            found.setdefault(id, _Followed()).since.setdefault(held, board.day)
        for target, aims in board.aims.items():
            for id, state in aims.items():
                found.setdefault(id, _Followed()).aims(target, state, board.day)
        if board.day in drawn:
            kept.append(places)
    return {id: one.course([places.get(id) for places in kept]) for id, one in found.items()}


class _Followed:
    """Notes down what happens to one participant."""

    def __init__(self) -> None:
        self.first: Stood | None = None
        self.last: Stood | None = None
        self.best: Stood | None = None
        self.led = 0
        self.since: dict[ClassName, date] = {}
        self.met: dict[TargetId, date] = {}

    def stands(self, now: Stood) -> None:
        self.first, self.last = self.first or now, now
        self.led += now.place == 1
        if self.best is None or now.place < self.best.place:
            self.best = now

    def aims(self, target: TargetId, state: AimState, day: date) -> None:
        if state == "met":
            self.met.setdefault(target, day)

    def course(self, places: Sequence[int | None]) -> Course:
        return Course(self.first, self.last, self.best, self.led, tuple(places), self.since, self.met)


def first_days(boards: Iterable[DayBoard], class_: ClassName) -> dict[ParticipantId, date]:
    """Give for each participant the first day on which it held a class.

    >>> early = DayBoard(date(2025, 8, 1), {}, {}, {"a": "green"})
    >>> first_days([early, DayBoard(date(2025, 8, 2), {}, {}, {"a": "green", "b": "green"})], "green")["b"]
    datetime.date(2025, 8, 2)
    """
    return {id: course.since[class_] for id, course in courses(boards, ()).items() if class_ in course.since}


def days_led(boards: Iterable[DayBoard], standing: StandingId) -> dict[ParticipantId, int]:
    """Count for each participant the days on which it stood first in a standing, alone or with others.

    >>> days_led([DayBoard(date(2025, 8, 1), {}, {"total": {"a": 1, "b": 2}}, {})], "total")
    {'a': 1}
    """
    return {id: course.led for id, course in courses(boards, (standing,)).items() if course.led}
