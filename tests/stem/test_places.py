"""Places: equal keys share a place, and a place is one more than how many are better."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from emulation.places import numbered, places_of, tied

KEYS = st.dictionaries(st.sampled_from("abcdefgh"), st.integers(0, 3).map(lambda third: Fraction(third, 3)))


@given(KEYS)
def test_a_place_is_one_more_than_how_many_are_better(keys: dict[str, Fraction]) -> None:
    """Shared places take up as many as share them; dense ones count the keys that are better."""
    for one, key in keys.items():
        better = [other for other in keys.values() if other > key]

        assert places_of(keys)[one] == 1 + len(better)
        assert places_of(keys, "dense")[one] == 1 + len(set(better))


@given(KEYS, st.randoms(use_true_random=False))
def test_tie_by_order(keys: dict[str, Fraction], random: object) -> None:
    """The order in which bodies are listed decides nothing."""
    shuffled = list(keys.items())
    random.shuffle(shuffled)  # type: ignore[attr-defined]

    assert places_of(dict(shuffled)) == places_of(keys)


@given(KEYS)
def test_sets_of_ties_hold_everybody_once(keys: dict[str, Fraction]) -> None:
    """Those with equal keys stand together, and each stands once."""
    sets = tied(keys, keys.__getitem__)

    assert sorted(one for members in sets for one in members) == sorted(keys)
    assert [len({keys[one] for one in members}) for members in sets] == [1] * len(sets)
    assert numbered(sets, "shared") == places_of(keys)
