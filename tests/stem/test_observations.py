"""Observations: facts are found by what they are about, whatever order they came in."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from emulation.observations import NONE_REPORTED, Observation, Observations, Tally
from emulation.periods import Span

DAYS = [date(2025, 1, day) for day in range(1, 6)]
FACTS = st.lists(
    st.builds(
        Observation,
        st.sampled_from("ab"),
        st.sampled_from("xy"),
        st.tuples(st.sampled_from(DAYS), st.sampled_from(DAYS)).map(lambda two: Span(min(two), max(two))),
        st.integers(0, 9),
    ),
    unique_by=lambda one: (one.participant, one.fact, one.span),
)


@given(FACTS, st.randoms(use_true_random=False))
def test_rows_in_any_order(facts: list[Observation], random: object) -> None:
    """Facts are kept by what and whom they are about, the earliest first, however the rows were ordered."""
    shuffled = list(facts)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    observations = Observations(tuple(shuffled))

    assert observations.about == Observations(tuple(facts)).about
    assert sorted(
        one.value or 0 for bodies in observations.about.values() for found in bodies.values() for one in found
    ) == (sorted(one.value or 0 for one in facts))
    for bodies in observations.about.values():
        for found in bodies.values():
            assert list(found) == sorted(found, key=lambda one: (one.span.last, one.span.first))
    assert observations.latest_day == max((one.span.last for one in facts), default=None)
    assert (len(observations), list(observations)) == (len(facts), shuffled)


def test_nothing_reported() -> None:
    """Nobody has reported anything on no day."""
    assert (NONE_REPORTED.latest_day, NONE_REPORTED.about, len(NONE_REPORTED)) == (None, {}, 0)


def test_where_a_fact_was_written() -> None:
    """A fact says its file and line, where it was read from one."""
    fact = Observation("a", "x", Span(DAYS[0], DAYS[0]), 1, file="facts.csv", line=17)

    assert fact.written == "facts.csv:17"
    assert Observation("a", "x", Span(DAYS[0], DAYS[0]), 1).written == ""


def test_a_tally_adds_up() -> None:
    """The rows read are said together with what became of them."""
    assert str(Tally(10, 4, 3, 2, 1)) == "10 rows read = 4 new + 3 corrected + 2 unchanged + 1 rejected"
