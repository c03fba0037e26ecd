"""Mergers: what a body takes over from those it was made of."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from attrs import evolve

from emulation.indicators import At, Count, Indicator, Level, Over, Pool, Share
from emulation.mergers import Mergers, inherited, newly_made, problems_of
from emulation.names import IndicatorId, Kind, ParticipantId
from emulation.observations import Observation, Observations
from emulation.participants import Participant, Participants
from emulation.periods import Span

JULY, AUGUST = date(2025, 7, 31), date(2025, 8, 31)
FILES = Indicator(IndicatorId("files"), Count({"en": "files"}), time=At("latest"))
SENT = Indicator(IndicatorId("sent"), Count({"en": "files"}), time=Over("period"))
GRADE = Indicator(IndicatorId("grade"), Level(("low", "mid", "high")), time=At("latest"), better="higher")
ONLINE = Indicator(IndicatorId("online"), Share(IndicatorId("done"), IndicatorId("due")), time=At("latest"))
WHOLE = Pool(Kind("province"), Kind("commune"), "known")
POOL = Mergers("pool", "latest", "unranked")


def body(id: str, *before: str, from_: date | None = None, until: date | None = None) -> Participant:
    """Give a commune made of others."""
    predecessors = tuple(map(ParticipantId, before))
    return Participant(ParticipantId(id), id, Kind("commune"), from_=from_, until=until, predecessors=predecessors)


EVE, DAY, TODAY = date(2025, 6, 30), date(2025, 7, 1), date(2025, 9, 1)
MERGED = Participants((body("a", until=EVE), body("b", until=EVE), body("c", "a", "b", from_=DAY)))
SPLIT = Participants((body("a", until=EVE), body("c", "a"), body("d", "a")))


def told(id: str, fact: str, value: Any, day: date = JULY, **more: Any) -> Observation:
    """Give a report about one day."""
    return Observation(ParticipantId(id), fact, Span(day, day), value, **more)


def taken_over(rules: Mergers, indicator: Indicator, *facts: Observation, bodies: Participants = MERGED) -> list[Any]:
    """Give what bodies take over: whose it is now, of which day, the value and the files it is made of."""
    given = {id(one) for one in facts}
    found = inherited(rules, bodies, [indicator], Observations(facts), TODAY).reported
    return [
        (one.participant, one.span.last, one.value if one.value is not None else one.state)
        for one in found
        if id(one) not in given
    ]


def test_counts_are_added_up() -> None:
    """A merged body has what all it was made of had."""
    assert taken_over(POOL, FILES, told("a", "files", 3), told("b", "files", 4)) == [("c", JULY, 7)]


def test_what_was_taken_over_names_its_origin() -> None:
    """The new figure is made of the reports of the old bodies."""
    old = told("a", "files", 3, file="f.csv", line=2), told("b", "files", 4, file="f.csv", line=3, illustrative=True)

    (new,) = inherited(POOL, MERGED, [FILES], Observations(old), TODAY)

    assert (new.parts, new.written, new.illustrative) == (old, "", True)


def test_each_day_has_what_was_known_then() -> None:
    """On a day on which one reports, the other counts with its last report."""
    facts = told("a", "files", 3), told("b", "files", 4), told("b", "files", 9, AUGUST)

    assert taken_over(POOL, FILES, *facts) == [("c", JULY, 7), ("c", AUGUST, 12)]


def test_nothing_is_known_until_all_have_reported() -> None:
    """Half of a sum is no sum."""
    assert taken_over(POOL, FILES, told("a", "files", 3)) == []


def test_the_bodys_own_report_ends_it() -> None:
    """From its own first report on, a body stands on its own."""
    facts = told("a", "files", 3), told("b", "files", 4, AUGUST), told("c", "files", 1, AUGUST)

    assert taken_over(POOL, FILES, *facts) == []


@pytest.mark.parametrize(
    ("one", "other", "pooled"),
    [
        ({"value": None, "state": "withheld"}, {"value": 4}, "withheld"),
        ({"value": 5, "bound": "below"}, {"value": 4}, 9),
        ({"value": 5, "bound": "below"}, {"value": 4, "bound": "above"}, "missing"),
    ],
)
def test_what_is_not_measured_flows_on(one: dict[str, Any], other: dict[str, Any], pooled: object) -> None:
    """A state stands for the sum; bounds to either side leave nothing known."""
    assert taken_over(POOL, FILES, told("a", "files", **one), told("b", "files", **other)) == [("c", JULY, pooled)]


def test_parts_of_a_ratio_are_counts() -> None:
    """What is counted, and what it is counted among, are added up apart."""
    facts = told("a", "done", 1), told("b", "done", 2), told("a", "due", 10), told("b", "due", 20)

    assert taken_over(POOL, ONLINE, *facts) == [("c", JULY, 3), ("c", JULY, 30)]


def test_a_flow_is_taken_over_for_other_days() -> None:
    """Each report of the old bodies becomes one of the new, but for days it has reported on itself."""
    facts = told("a", "sent", 3), told("b", "sent", 4, AUGUST), told("c", "sent", 1, AUGUST)

    assert taken_over(POOL, SENT, *facts) == [("c", JULY, 3)]


@pytest.mark.parametrize(
    ("others", "better", "found"),
    [
        ("best", "higher", 3),
        ("worst", "higher", 1),
        ("best", "lower", 1),
        ("worst", "lower", 3),
        ("latest", "higher", 1),
    ],
)
def test_what_does_not_add_up(others: Any, better: Any, found: int) -> None:
    """Of levels, the best, the worst or the latest is taken over."""
    grade = Indicator(IndicatorId("grade"), GRADE.measured_as, time=At("latest"), better=better)
    facts = told("a", "grade", 3), told("b", "grade", 1, AUGUST)

    assert taken_over(Mergers("own", others, "ranked"), grade, *facts) == [("c", AUGUST, found)]


def test_latest_reports_of_one_day_that_differ_are_none() -> None:
    """Where two reported last on the same day, nobody picks one; where they agree, it is what they agree on."""
    assert taken_over(POOL, GRADE, told("a", "grade", 3), told("b", "grade", 1)) == [("c", JULY, "missing")]
    assert taken_over(POOL, GRADE, told("a", "grade", 3), told("b", "grade", 3)) == [("c", JULY, 3)]


def test_the_best_of_nothing_is_its_state() -> None:
    """Where no predecessor has a value, the state of the first stands."""
    facts = told("a", "grade", None, state="withheld"), told("b", "grade", None, state="missing")

    assert taken_over(Mergers("own", "best", "ranked"), GRADE, *facts) == [("c", JULY, "withheld")]


@pytest.mark.parametrize(("splits", "found"), [("own", []), ("same", [("c", JULY, 3), ("d", JULY, 3)])])
def test_a_split(splits: Any, found: object) -> None:
    """The parts of a body start with all it had, or with nothing."""
    rules = Mergers("pool", "own", "ranked", splits)

    assert taken_over(rules, FILES, told("a", "files", 3), bodies=SPLIT) == found


def test_own_means_nothing_is_taken_over() -> None:
    """With ``own`` for both kinds nothing moves; without rules or new bodies, nothing is even copied."""
    facts = Observations((told("a", "files", 3), told("b", "files", 4)))

    assert len(inherited(Mergers("own", "own", "ranked"), MERGED, [FILES, GRADE, SENT], facts, TODAY)) == 2
    assert inherited(None, MERGED, [FILES], facts, TODAY) is facts
    assert inherited(POOL, Participants((body("a"),)), [FILES], facts, TODAY) is facts


def test_before_the_merger_nothing_is_handed_over() -> None:
    """A board of a day before shows the old bodies with what they had."""
    facts = Observations((told("a", "files", 3), told("b", "files", 4)))

    assert inherited(POOL, MERGED, [FILES], facts, EVE) is facts


def test_what_is_handed_over_is_the_new_bodys_alone() -> None:
    """A whole made of both counts it once; what is not handed over stays."""
    facts = Observations((told("a", "files", 3), told("b", "files", 4), told("a", "grade", 1)))

    found = inherited(Mergers("pool", "own", "ranked"), MERGED, [FILES, GRADE], facts, TODAY)

    assert [(one.participant, one.fact, one.value) for one in found] == [("a", "grade", 1), ("c", "files", 7)]


def test_a_body_that_lives_on_keeps_its_figures() -> None:
    """A new body takes nothing from one that still is."""
    both = Participants((body("a"), body("c", "a", from_=DAY)))
    facts = Observations((told("a", "files", 3),))

    assert inherited(POOL, both, [FILES], facts, TODAY) is facts


def test_an_indicator_made_of_others_is_not_taken_over() -> None:
    """It is made anew of what was."""
    derived = Indicator(IndicatorId("online"), Share(IndicatorId("done"), IndicatorId("due")))

    assert taken_over(POOL, derived, told("a", "done", 3), told("b", "done", 3)) == []


def test_bodies_made_in_the_period() -> None:
    """A body made before the campaign is like any other."""
    assert newly_made(MERGED, date(2025, 6, 1)) == ("c",)
    assert newly_made(MERGED, DAY) == ()


@pytest.mark.parametrize(
    ("rules", "bodies", "indicator", "codes"),
    [
        (None, MERGED, FILES, ["E153"]),
        (None, SPLIT, FILES, []),
        (POOL, MERGED, GRADE, []),
        (POOL, SPLIT, FILES, ["E153"]),
        (Mergers("pool", "own", "ranked", "same"), SPLIT, FILES, []),
        (Mergers("pool", "own", "ranked", "same"), SPLIT, evolve(FILES, pooled=WHOLE), ["E114"]),
        (Mergers("pool", "own", "ranked", "own"), SPLIT, evolve(FILES, pooled=WHOLE), []),
        (Mergers("pool", "best", "ranked"), MERGED, FILES, []),
        (
            Mergers("pool", "best", "ranked"),
            MERGED,
            Indicator(IndicatorId("g"), Level(("l",)), time=At("latest")),
            ["E153"],
        ),
    ],
)
def test_what_must_be_said(rules: Mergers | None, bodies: Participants, indicator: Indicator, codes: list[str]) -> None:
    """A merger in the period, a split, and the direction of the best must be declared."""
    assert [one.code for one in problems_of(rules, bodies, [indicator], date(2025, 6, 1))] == codes
