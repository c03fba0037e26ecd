"""Gaps: a state leads to what it is worth, through those it is treated as, or to nothing."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from emulation.gaps import Drop, Gaps, Missing, NotApplicable, Unrank, Zero, settled
from emulation.observations import STATES

DECLARED = st.none() | st.sampled_from((Zero(), Drop(), Missing(), NotApplicable()))


@given(st.builds(Gaps, DECLARED, DECLARED, DECLARED, DECLARED, DECLARED), st.sampled_from(STATES))
def test_a_state_is_settled_or_is_not(gaps: Gaps, state: str) -> None:
    """Whatever states are treated as, it ends: at a rule for the gap, or at none."""
    gap, treated_as = settled(state, gaps.of)

    assert not isinstance(gap, Missing | NotApplicable)
    assert gap is None or gaps.of(treated_as) == gap


def test_treated_as_another() -> None:
    """A zero denominator that is treated as missing is worth what missing is worth."""
    gaps = Gaps(missing=Zero(), zero_denominator=Missing(), not_yet_due=NotApplicable(), withheld=Unrank())

    assert settled("zero_denominator", gaps.of) == (Zero(), "missing")
    assert settled("not_yet_due", gaps.of) == (None, "not_applicable")
    assert settled("withheld", gaps.of) == (Unrank(), "withheld")
    assert settled("measured", gaps.of) == (None, "measured")


def test_treated_as_each_other() -> None:
    """States that are treated as each other are worth nothing that anybody has said."""
    ring = Gaps(missing=NotApplicable(), not_applicable=Missing())

    assert settled("missing", ring.of)[0] is None
    assert settled("missing", Gaps(missing=Missing()).of)[0] is None
