"""Awards: no more than the quota, never by the order of a list, and a tie across the border as declared."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.awards import Award, Given, Places, Ruling, ShareWithin, UpTo
from emulation.outcome import Outcome
from emulation.participants import Selector
from emulation.standings import Decision
from emulation.testing.facts import MODES, shares
from small import DAY, at_least, body, by_total, leaf, outcome, places

from oracle import rounded

VALUES = st.dictionaries(
    st.sampled_from("abcdefg"), st.integers(0, 4).map(lambda third: Fraction(third, 3)), min_size=1
)
BORDERS = st.sampled_from(("decision", "share", "none", ShareWithin(Fraction(1, 2))))
QUOTAS = st.one_of(
    st.integers(1, 4).map(Places),
    st.builds(UpTo, shares(), st.sampled_from(("participants", "ranked", "eligible")), st.sampled_from(MODES)),
    st.none(),
)


def awarded(values: dict[str, Any], **fields: Any) -> Outcome:
    """Give an award by the total; a body's row holds its values of x and y."""
    rows = {id: row if isinstance(row, dict) else {"x": row} for id, row in values.items()}
    rules = {name: fields.pop(name) for name in ("decisions", "bodies", "rulings") if name in fields}
    standing = by_total(**{name: fields.pop(name) for name in ("ties", "within") if name in fields})
    award = Award(**{"id": "flag", "standing": "by_total", "quota": Places(2), "border": "decision"} | fields)
    return outcome(rows, leaf("x", missing=None), standings=(standing,), awards=(award,), **rules)


def given_(values: dict[str, Any], **fields: Any) -> Given:
    """Give what became of the award."""
    return awarded(values, **fields).awards["flag"]


def results(values: dict[str, Any], **fields: Any) -> dict[str, str]:
    """Give what became of each under the award."""
    return {id: one.result for id, one in given_(values, **fields).considered.items()}


@given(VALUES, QUOTAS, BORDERS, st.sampled_from(("shared", "dense")))
def test_the_laws_of_awards(values: dict[str, Fraction], quota: Any, border: Any, ties: Any) -> None:
    """Winners keep the quota but for a shared border; a better score never loses to a worse; equals fare alike."""
    came_to = awarded(values, quota=quota, border=border, ties=ties)
    found = came_to.awards["flag"]
    ((_, places_, base),) = found.quotas
    result = {id: one.result for id, one in found.considered.items()}
    most = len(values) if places_ is None else places_

    assert places_ == _expected(quota, len(values))
    assert base == len(values)
    assert len([id for id, one in result.items() if one == "won"]) <= most
    assert ("shared" in result.values()) <= (border == "share" or isinstance(border, ShareWithin))
    for one, other in ((one, other) for one in values for other in values):
        if values[one] == values[other]:
            assert result[one] == result[other]
        if values[one] >= values[other] and other in found.winners:
            assert one in found.winners
    if border == "share":
        assert len(found.winners) >= min(most, len(values))
    assert came_to.is_settled == (not found.open)


def _expected(quota: Any, base: int) -> int | None:
    match quota:
        case None:
            return None
        case Places(count):
            return count
        case _:
            return int(rounded(Fraction(quota.share) * base, 0, quota.round))


@given(VALUES, QUOTAS, BORDERS)
def test_tie_by_order(values: dict[str, Fraction], quota: Any, border: Any) -> None:
    """In whatever order bodies are listed, each fares the same."""
    assert results(dict(reversed(values.items())), quota=quota, border=border) == results(
        values, quota=quota, border=border
    )


TIED = {"a": 9, "b": 5, "c": 5, "d": 5, "e": 1}


@pytest.mark.parametrize(
    ("quota", "border", "expected"),
    [
        (1, "decision", ["won", "beyond", "beyond", "beyond", "beyond"]),
        (2, "decision", ["won", "open", "open", "open", "beyond"]),
        (2, "share", ["won", "shared", "shared", "shared", "beyond"]),
        (2, "none", ["won", "cut", "cut", "cut", "beyond"]),
        (4, "none", ["won", "won", "won", "won", "beyond"]),
        (3, ShareWithin(Fraction(1, 3)), ["won", "shared", "shared", "shared", "beyond"]),
        (3, ShareWithin(Fraction(32, 100)), ["won", "cut", "cut", "cut", "beyond"]),
    ],
)
def test_a_tie_across_the_border(quota: int, border: Any, expected: list[str]) -> None:
    """A tie across the last place waits, is shared, gets nothing, or is shared if few are too many."""
    assert list(results(TIED, quota=Places(quota), border=border).values()) == expected


def test_no_quota() -> None:
    """An award without a quota goes to all who are ranked and fit, whatever their place."""
    assert list(results(TIED, quota=None, needs=at_least("x", 5), border=None).values()) == ["won"] * 4 + [
        "not_eligible"
    ]


def test_the_council_decides() -> None:
    """A recorded order of those tied gives the places that are left; until then the award is a problem by name."""
    order = Decision("by_total", ("d", "b", "c"), "the council", DAY)
    other = Decision("other", ("b", "c", "d"), "the council", DAY)
    part = Decision("by_total", ("b", "c"), "the council", DAY)

    assert list(results(TIED, decisions=(other, part, order)).values()) == ["won", "beyond", "beyond", "won", "beyond"]
    open_ = awarded(TIED, decisions=(other, part))
    assert open_.awards["flag"].open == ("b", "c", "d")
    assert [str(one) for one in open_.problems] == [
        "awards.flag E172 tie at the border of flag: b, c, d (record a decision)"
    ]


def test_a_decision_that_names_somebody_who_is_not_eligible() -> None:
    """A decision on a tie stands though one of those tied is not eligible."""
    rows = {id: {"x": 5, "y": y} for id, y in zip("abc", (1, 0, 1), strict=True)}
    order = Decision("by_total", ("b", "c", "a"), "the council", DAY)

    found = results(rows, quota=Places(1), needs=at_least("y", 1), decisions=(order,))
    assert found == {"a": "beyond", "b": "not_eligible", "c": "won"}


def test_1982_the_ineligible_take_no_medal_away() -> None:
    """Who is not eligible wins nothing, and takes no place from who is."""
    rows = {"a": {"x": 9, "y": 0}, "b": {"x": 8}, "c": {"x": 7, "y": 1}, "d": {"x": 6, "y": 1}, "e": {"x": 5, "y": 1}}

    assert results(rows, needs=at_least("y", 1)) == {
        "a": "not_eligible",
        "b": "not_eligible",
        "c": "won",
        "d": "won",
        "e": "beyond",
    }


def test_silence() -> None:
    """Who is not known to meet the conditions does not receive the award, and who has no place neither."""
    rows = {"a": {"x": "missing", "y": 1}, "b": {"x": 5}}

    found = results(rows, needs=at_least("y", 1), unmeasured="undecided")
    assert found == {"a": "unranked", "b": "not_eligible"}


@pytest.mark.parametrize(("of", "quota"), [("participants", 3), ("ranked", 2), ("eligible", 1)])
def test_what_the_quota_is_a_share_of(of: Any, quota: int) -> None:
    """A share is taken of those it is for, of those ranked, or of those eligible, and rounded as declared."""
    rows: dict[str, Any] = {str(n): {"x": n, "y": n % 2} for n in range(4)} | {"m": {"x": "missing", "y": 1}, "n": {}}
    half = UpTo(Fraction(1, 2), of, "down")

    assert given_(rows, quota=half, needs=at_least("y", 1)).quotas == ((None, quota, 2 * quota),)


def test_a_quota_in_each_group() -> None:
    """Where places are counted in groups, each group has its quota; who is in no group of the standing is unranked."""
    bodies = tuple(body(id, cluster=cluster) for id, cluster in zip("abcd", "eeww", strict=True))
    rows = {"a": {"x": 9}, "b": {"x": 8}, "c": {"x": 2}, "d": {"x": 1}}
    found = awarded(rows, quota=Places(1), within="cluster", bodies=bodies)

    assert found.awards["flag"].winners == ("a", "c")
    assert found.awards["flag"].quotas == (("e", 1, 2), ("w", 1, 2))
    assert places(found) == {"a": 1, "b": 2, "c": 1, "d": 2}


def test_somebody_the_standing_does_not_rank() -> None:
    """An award for somebody whom its standing is not for finds them unranked."""
    only_a = by_total(for_=Selector(id=("a",)))
    award = Award("flag", standing="by_total", quota=Places(1), border="share")
    found = outcome({"a": {"x": 1}, "b": {"x": 9}}, leaf("x"), standings=(only_a,), awards=(award,)).awards["flag"]

    assert {id: one.result for id, one in found.considered.items()} == {"a": "won", "b": "unranked"}


def test_an_award_for_all_who_are_fit() -> None:
    """Without a standing all who meet the conditions receive it; without conditions, all."""
    rows = {"a": {"x": 1, "y": 1}, "b": {"x": 9, "y": 0}}
    everybody = {"standing": None, "quota": None, "border": None}

    assert results(rows, needs=at_least("y", 1), **everybody) == {"a": "won", "b": "not_eligible"}
    assert results(rows, **everybody) == {"a": "won", "b": "won"}


def ruling(id: str, ruled: Any, award: str = "flag") -> Ruling:
    """Give a ruling on an award of a body."""
    return Ruling(award, id, ruled, "the council", DAY, "found out")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("rulings", "vacated", "found"),
    [
        ([ruling("a", "held")], None, {"a": "held", "b": "won", "c": "beyond"}),
        ([ruling("a", "held"), ruling("a", "released")], None, {"a": "won", "b": "won", "c": "beyond"}),
        ([ruling("a", "revoked")], "stays_empty", {"a": "revoked", "b": "won", "c": "beyond"}),
        ([ruling("a", "revoked")], "passes_on", {"a": "revoked", "b": "won", "c": "won"}),
        ([ruling("c", "revoked")], "stays_empty", {"a": "won", "b": "won", "c": "beyond"}),
        ([ruling("a", "revoked", "other")], "passes_on", {"a": "won", "b": "won", "c": "beyond"}),
    ],
)
def test_a_ruling(rulings: list[Ruling], vacated: Any, found: dict[str, str]) -> None:
    """An award is held, released or revoked, and a place that falls empty passes on or stays so."""
    assert results({"a": 3, "b": 2, "c": 1}, vacated=vacated, rulings=tuple(rulings)) == found


def test_a_ruling_is_kept_with_what_came_of_it() -> None:
    """Its reason can be told, and those it took the award from are no winners."""
    held = ruling("a", "held")
    given = given_({"a": 3, "b": 2}, rulings=(held,))

    assert (given.considered["a"].ruling, given.winners) == (held, ("b",))


def test_one_award_for_one_achievement() -> None:
    """Who has the first award is passed by for the second, and the next has the place."""
    rows = {id: {"x": value} for id, value in {"a": 3, "b": 2, "c": 1}.items()}
    first = Award("first", standing="by_total", quota=Places(1), border="share")
    second = Award("second", standing="by_total", quota=Places(1), border="share", not_with=("first",))
    third = Award("third", needs=at_least("x", 2), not_with=("first",))

    found = outcome(rows, leaf("x", missing=None), standings=(by_total(),), awards=(first, second, third)).awards

    assert {id: one.winners for id, one in found.items()} == {"first": ("a",), "second": ("b",), "third": ("b",)}
    assert [found[id].considered["a"].result for id in ("second", "third")] == ["has_other", "has_other"]


@given(VALUES, st.sampled_from("abcdefg"), st.sampled_from(("passes_on", "stays_empty")))
def test_revoking_never_takes_from_another(values: dict[str, Fraction], taken: str, vacated: Any) -> None:
    """Whoever else has the award keeps it, whatever becomes of the place."""
    if taken in values:
        before = given_(values, border="share").winners
        after = given_(values, border="share", vacated=vacated, rulings=(ruling(taken, "revoked"),)).winners

        assert set(before) - {taken} <= set(after)
        assert taken not in after
