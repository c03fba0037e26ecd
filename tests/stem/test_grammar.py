"""Grammar: how a record is written follows from the record."""

from __future__ import annotations

import attrs
import pytest

from emulation.criteria import Criterion, Sum
from emulation.exact import Rational
from emulation.gaps import Zero
from emulation.grammar import (
    hints,
    is_bare,
    is_by_id,
    is_inline,
    is_spread,
    key_for,
    keys_of,
    meaning_of,
    members_of,
    word_for,
)
from emulation.limits import AtLeast, Between, Indicator_
from emulation.participants import Selector
from emulation.points import Band, ByRank, Proportional
from emulation.standings import Standing


@pytest.mark.parametrize(
    ("record", "word"), [(AtLeast, "at_least"), (Indicator_, "indicator"), (ByRank, "by_rank"), (Sum, "sum")]
)
def test_a_record_is_written_by_its_name(record: type, word: str) -> None:
    """A record's word is its class's name in snake case, without the mark that keeps it from a keyword."""
    assert word_for(record) == word


def test_a_field_is_written_by_its_name() -> None:
    """A field's key is its name, without the mark that keeps it from a keyword; a union is written inline."""
    fields = attrs.fields_dict(Criterion)

    assert key_for(attrs.fields_dict(Band)["from_"]) == "from"
    assert is_inline(fields["earns"])
    assert not is_inline(fields["max"])


def test_what_a_record_means() -> None:
    """A record's sentences and the meaning of its keys come from its docstring, on one line each."""
    assert meaning_of(Zero) == "No points."
    assert meaning_of(Between) == "From one bound to another, both included."
    assert keys_of(Between) == {"from": "the lower bound.", "to": "the upper bound."}
    assert keys_of(Proportional).keys() == {"full_at", "cap", "nothing_below", "floor"}
    assert keys_of(Zero) == {}


def test_kinds_of_records() -> None:
    """A record with an id is written in a map by id; one of one field without its key; some beside other keys."""
    assert [is_by_id(one) for one in (Standing, Selector, Indicator_, AtLeast, int)] == [True, *[False] * 4]
    assert [is_bare(one) for one in (AtLeast, Between, Zero)] == [True, False, False]
    assert [is_spread(one) for one in (Sum, Criterion)] == [False, False]


def test_members_of_a_union() -> None:
    """A union has its members but None; a type that is no union is its own."""
    assert members_of(Rational | None) == members_of(Rational)
    assert members_of(int) == (int,)
    assert members_of(hints(Criterion)["max"]) == members_of(Rational)
