"""Course: the boards of the days, and what each participant came to on the way."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from emulation.course import Course, DayBoard, Stood, board_of, courses, day_by_day, days_led, days_of, first_days
from emulation.names import ClassName, ParticipantId, StandingId, TargetId
from emulation.observations import Observation, Observations
from emulation.outcome import score
from emulation.periods import Span
from emulation.problems import Refused
from emulation.targets import AimState
from small import body, by_total, campaign, indicator, leaf

FIRST = date(2025, 8, 1)
BODIES = [ParticipantId(id) for id in "abc"]
TOTAL = StandingId("total")


def boards(*places: dict[str, int], classes: tuple[dict[str, str], ...] = ()) -> list[DayBoard]:
    """Give a board for each day, from the first of August on."""
    held = [*classes, *[{}] * (len(places) - len(classes))]
    return [
        DayBoard(
            FIRST + timedelta(days=number),
            {},
            {TOTAL: {ParticipantId(id): place for id, place in stood.items()}},
            {ParticipantId(id): ClassName(name) for id, name in held[number].items()},
        )
        for number, stood in enumerate(places)
    ]


PLACES = st.lists(
    st.dictionaries(st.sampled_from(BODIES), st.integers(1, 3)),
    min_size=1,
    max_size=6,
)


@given(PLACES)
def test_a_course_is_read_off_the_boards(places: list[dict[str, int]]) -> None:
    """First, last and best place, days led and the places drawn are those that stand on the boards."""
    every = boards(*places)
    for id, course in courses(iter(every), [TOTAL], {board.day for board in every}).items():
        stood = [Stood(board.day, board.places[TOTAL][id]) for board in every if id in board.places[TOTAL]]
        assert (course.first, course.last) == (stood[0], stood[-1])
        assert course.best == min(stood, key=lambda one: one.place)
        assert course.led == sum(one.place == 1 for one in stood) == days_led(every, TOTAL).get(id, 0)
        assert course.places == tuple(board.places[TOTAL].get(id) for board in every)


def test_the_first_standing_that_ranks_somebody_counts() -> None:
    """As on a board: who has a place in several standings is shown in the first."""
    both = DayBoard(FIRST, {}, {TOTAL: {BODIES[0]: 2}, StandingId("online"): {BODIES[0]: 1, BODIES[1]: 3}}, {})
    found = courses([both], [TOTAL, StandingId("online")], [FIRST])
    assert [found[id].places for id in BODIES[:2]] == [(2,), (3,)]


def test_a_class_counts_from_the_first_day_on_which_it_was_held() -> None:
    """Losing it and holding it again changes nothing."""
    every = boards({}, {}, {}, classes=({"a": "amber"}, {"a": "green"}, {"a": "amber", "b": "green"}))
    assert courses(every, [TOTAL])[BODIES[0]] == Course(since={"amber": FIRST, "green": FIRST + timedelta(days=1)})
    assert first_days(every, ClassName("green")) == {
        BODIES[0]: FIRST + timedelta(days=1),
        BODIES[1]: FIRST + timedelta(days=2),
    }


def test_a_target_counts_from_the_first_day_on_which_it_was_met() -> None:
    """An open one does not."""
    aims = [
        DayBoard(FIRST + timedelta(days=day), {}, {}, {}, {TargetId("t"): {BODIES[0]: state}}) for day, state in STATES
    ]
    assert courses(aims, ())[BODIES[0]].met == {"t": FIRST + timedelta(days=1)}


STATES: list[tuple[int, AimState]] = [(0, "open"), (1, "met"), (2, "missed"), (3, "met")]


# The days, and what counts on them


def fact(id: str, day: date, value: int, received: date | None = None) -> Observation:
    """Give a figure about a day."""
    return Observation(ParticipantId(id), "x", Span(day, day), value, received=received)


RULES = campaign(body("a"), body("b"), indicators=(indicator("x"),), criteria=(leaf("x"),), standings=(by_total(),))
PERIOD = RULES.timetable.period
LATE = fact("a", PERIOD.first + timedelta(days=5), 9, PERIOD.first + timedelta(days=8))
SOON = fact("b", PERIOD.first + timedelta(days=3), 4, PERIOD.first + timedelta(days=3))
FACTS = Observations((LATE, SOON))


def test_days_are_those_from_the_first_fact_to_the_last() -> None:
    """Days before the first say nothing; what was handed in late lengthens what was known."""
    then = [PERIOD.first + timedelta(days=number) for number in range(9)]
    assert days_of(RULES, FACTS) == then[3:6]
    assert days_of(RULES, FACTS, as_known=True) == then[3:9]


def test_days_lie_inside_the_period() -> None:
    """Without facts it is the first day; facts outside do not lengthen it."""
    early, late = fact("a", PERIOD.first - timedelta(days=9), 1), fact("a", PERIOD.last + timedelta(days=9), 1)
    assert days_of(RULES, Observations()) == [PERIOD.first]
    assert days_of(RULES, Observations((early,))) == [PERIOD.first]
    assert days_of(RULES, Observations((late,))) == [PERIOD.last]
    assert days_of(RULES, Observations((early, late))) == [
        PERIOD.first + timedelta(days=number) for number in range((PERIOD.last - PERIOD.first).days + 1)
    ]


def test_each_day_is_scored_by_itself() -> None:
    """A board is that of the outcome of its day."""
    (board,) = day_by_day(RULES, FACTS, [LATE.span.last])
    exact = board_of(score(RULES, FACTS, LATE.span.last))
    assert (board.day, board.totals, board.places, board.classes) == (
        exact.day,
        exact.totals,
        exact.places,
        exact.classes,
    )
    assert board.totals[ParticipantId("a")] > 0


def test_what_was_handed_in_late_was_not_known_before() -> None:
    """As known, a figure counts from the day on which it came in."""
    before, after = day_by_day(RULES, FACTS, [LATE.span.last, PERIOD.first + timedelta(days=8)], as_known=True)
    assert (before.totals[ParticipantId("a")], before.totals[ParticipantId("b")] > 0) == (0, True)
    assert after.totals[ParticipantId("a")] > 0


def test_a_day_of_receipt_is_not_guessed() -> None:
    """Where it is asked for and not known, it is refused."""
    with pytest.raises(Refused, match="E791"):
        days_of(RULES, Observations((evolve(SOON, received=None),)), as_known=True)
