"""Alike: a table whose rows say no more than they must is read fact by fact, and comes to what row by row comes to."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rulebook
from emulation.campaign import Campaign
from emulation.observations import Alike, Figures, Observation, Observations
from emulation.outcome import score
from emulation.periods import Span
from emulation.problems import Refused
from emulation.reading.facts import _Facts, read_table
from emulation.reading.tables import Table

INDICATORS = """
  online: {share: {of: done, among: due}, over: period, better: higher}
  stock: {count: dossiers, at: latest, bounds: {to: 1000}}
  growth: {number: percent, at: latest, bounds: {from: -50%}}
  cost: {number: {en: million}, at: latest, censored: half, bounds: {from: 0, to: 99.5}}
  flow: {count: dossiers, over: period}
"""
HEADER = ("participant", "indicator", "from", "to", "value", "state", "illustrative")
DAY = Span(date(2025, 1, 31), date(2025, 1, 31))
JANUARY = Span(date(2025, 1, 1), date(2025, 1, 31))

BODIES = st.sampled_from(["a", "b", "c"])
SOUND = st.tuples(st.just("2025-01-01"), st.just("2025-01-31"), st.integers(0, 9).map(str), st.just(""), st.just(""))
ODD = st.tuples(
    st.sampled_from(["", "2025-01-01", "2025-01-02"]),
    st.sampled_from(["2025-01-31", "2025-02-28", "soon"]),
    st.sampled_from(["5", "7.5", "-1", "", "<5", "much", "40%"]),
    st.sampled_from(["", "withheld"]),
    st.sampled_from(["", "yes"]),
)


@cache
def rules() -> Campaign:
    """Give a campaign with indicators of several kinds."""
    with TemporaryDirectory() as folder:
        return rulebook.load(Path(folder), indicators=INDICATORS)


def read(*rows: str, header: str = "participant,indicator,from,to,value") -> Observations:
    """Read rows of a table called f.csv; its header stands on line 1."""
    cells = tuple(row.split(",") for row in rows)
    return read_table(Table("f.csv", tuple(header.split(",")), cells, range(2, 2 + len(rows)), 0), rules())


def rows_of(
    bodies: st.SearchStrategy[str], facts: Sequence[str], rest: st.SearchStrategy[tuple[str, ...]]
) -> st.SearchStrategy[list[tuple[str, ...]]]:
    """Draw rows, each of another participant or fact."""
    keys = st.tuples(bodies, st.sampled_from(facts))
    return st.lists(st.tuples(keys, rest), min_size=1, max_size=8, unique_by=lambda row: row[0]).map(
        lambda rows: [(*key, *cells) for key, cells in rows]
    )


FACTS = ("done", "due", "flow")
TABLES = st.one_of(
    rows_of(BODIES, FACTS, SOUND),
    rows_of(st.sampled_from(["a", "b", "Xã A", "z"]), (*FACTS, "stock", "growth", "nothing"), st.one_of(SOUND, ODD)),
    st.lists(st.tuples(BODIES, st.sampled_from(FACTS), SOUND).map(lambda row: (*row[:2], *row[2])), max_size=6),
)


def told(rows: Sequence[tuple[str, ...]]) -> object:
    """Read rows, and give what was read or why not."""
    table = Table("f.csv", HEADER, tuple(rows), range(2, 2 + len(rows)), 0)
    try:
        return read_table(table, rules())
    except Refused as refusal:
        return refusal.problems


@given(TABLES)
def test_fact_by_fact_is_row_by_row(rows: list[tuple[str, ...]]) -> None:
    """Whatever rows say, both ways come to the same facts, the same hash, or the same problems."""
    at_once = told(rows)
    with patch.object(_Facts, "_columns", return_value=None):
        one_by_one = told(rows)
    assert at_once == one_by_one
    if isinstance(at_once, Observations) and isinstance(one_by_one, Observations):
        assert [*at_once] == [*one_by_one]
        assert sorted(at_once.said) == sorted(one_by_one.said)
        assert (at_once.plain, at_once.latest_day) == (one_by_one.plain, one_by_one.latest_day)
        assert (at_once.receipts, at_once.any_made_up) == (one_by_one.receipts, one_by_one.any_made_up)


def test_rows_that_say_no_more_than_they_must_are_read_fact_by_fact() -> None:
    """Plain figures are found without a record being made."""
    found = read("b,cost,,2025-01-31,7.5", "a,cost,,2025-01-31,85")
    assert isinstance(found.reported, Alike)
    assert dict(found.plain["cost"].values) == {"a": 85}


@pytest.mark.parametrize(
    "rows",
    [
        ("a,flow,2025-01-01,2025-01-31,1", "a,flow,2025-02-01,2025-02-28,1"),
        ("a,flow,2025-01-01,2025-01-31,1", "b,flow,2025-02-01,2025-02-28,1"),
        ("a,flow,2025-01-01,2025-01-31,1", "b,flow,2025-01-02,2025-01-31,1"),
        ("a,flow,2025-01-01,2025-01-31,1", "b,flow,2025-01-01,2025-02-28,1"),
        ("a,flow,2025-01-01,2025-01-31,1", "z,flow,2025-01-01,2025-01-31,1"),
        ("a,flow,2025-01-01,2025-01-31,1", "a,nothing,2025-01-01,2025-01-31,1"),
        ("a,flow,2025-01-01,2025-01-31,1", "b,flow,2025-01-01,2025-01-31,-1"),
        ("a,flow,2025-01-01,2025-01-31,1", "b,cost,,2025-01-31,<5"),
        ("a,due,2025-01-01,2025-01-31,1", "a,done,2025-01-01,2025-01-31,2"),
        ("a,flow,2024-01-01,2024-01-31,1",),
    ],
    ids=[
        "twice",
        "other days",
        "other first days",
        "other last days",
        "a stranger",
        "an unknown fact",
        "no count",
        "a bound",
        "more than the whole",
        "outside the period",
    ],
)
def test_whatever_else_rows_say_is_read_row_by_row(rows: tuple[str, ...]) -> None:
    """What needs a word to be said of it goes the way that has the words."""
    with suppress(Refused):
        assert not isinstance(read(*rows).reported, Alike)


def test_columns_that_are_there_and_empty_say_nothing() -> None:
    """A column of blanks says no more than none; a single source does."""
    header = "participant,indicator,from,to,value,source"
    assert isinstance(read("a,flow,2025-01-01,2025-01-31,1,", header=header).reported, Alike)
    assert not isinstance(read("a,flow,2025-01-01,2025-01-31,1,minutes", header=header).reported, Alike)


# Alike facts are the tuple of their records


FOUND = Alike(
    "f.csv", {"flow": Figures(JANUARY, ("b", "a"), (7, 8), (2, 4)), "stock": Figures(DAY, ("a",), (-5,), (3,))}
)
RECORDS = (
    Observation("b", "flow", JANUARY, 7, file="f.csv", line=2),
    Observation("a", "stock", DAY, -5, file="f.csv", line=3),
    Observation("a", "flow", JANUARY, 8, file="f.csv", line=4),
)


def test_they_come_in_the_order_of_their_lines() -> None:
    """Records are in the order of the table."""
    assert tuple(FOUND) == RECORDS
    assert (FOUND[1], FOUND[1:], len(FOUND)) == (RECORDS[1], RECORDS[1:], 3)


def test_they_are_equal_to_their_records() -> None:
    """They are told apart from their records by nothing."""
    assert FOUND == RECORDS
    assert Observations(FOUND) == Observations(RECORDS) == Observations(Alike("f.csv", FOUND.of_each))
    assert RECORDS[1:] != FOUND
    assert (hash(FOUND), repr(FOUND)) == (hash(RECORDS), repr(RECORDS))


def test_their_hash_is_that_of_their_records() -> None:
    """The hash of the data is written without records, and is the same."""
    rules_ = rules()
    assert score(rules_, Observations(FOUND)).data_hash == score(rules_, Observations(RECORDS)).data_hash
