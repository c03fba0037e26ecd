"""Cases: strategies for registers of every kind, and for the rows that stand in them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from emulation.campaign import Campaign
from emulation.cases import (
    ALL_CASES,
    Above,
    After,
    Alternative,
    AtLeast,
    AtMost,
    Before,
    Below,
    Day,
    FieldKind,
    From_,
    IsNot,
    Known,
    Moment,
    Number,
    OneOf,
    Test,
    Text,
    Until,
    Value,
    Where,
    YesNo,
)
from emulation.counting import Entry
from emulation.indicators import Count, Indicator, Over
from emulation.names import FieldId, IndicatorId, ParticipantId, RoundId, label
from emulation.observations import Written
from emulation.participants import Participant, Participants
from emulation.periods import Window
from emulation.problems import Place
from emulation.registers import Counted, Latest, Register
from emulation.testing.facts import COMMUNE, COMMUNES, PROVINCE, YEAR

Strategy: TypeAlias = SearchStrategy[Any]

_KINDS: Mapping[str, FieldKind] = {
    "case": Text(),
    "step": Number(),
    "channel": OneOf(("online", "desk", "post")),
    "note": Text(),
    "fee": Number(),
    "limit": Number(),
    "urgent": YesNo(),
    "received": Day(),
    "due": Day(),
    "returned": Moment(),
    "changed": Moment(),
}
FIELDS = {FieldId(name): kind for name, kind in _KINDS.items()}
"""A field of every kind, and a second one of those that are compared."""

FIRST = date(2024, 12, 29)
_KEYS = ("case", "step", "received")
_BLANK = tuple(field for field in FIELDS if field not in {*_KEYS, "changed"})


@st.composite
def tests_of_fields(draw: DrawFn) -> tuple[FieldId, Test]:
    """Draw what is asked of a field."""
    field = draw(st.sampled_from(tuple(FIELDS)))
    return field, draw(st.one_of(st.builds(Known, st.booleans()), _asked(field)))


def _asked(field: FieldId) -> Strategy:
    days = st.one_of(st.integers(0, 12).map(_day), st.sampled_from(("received", "due", "returned", "changed")))
    written = st.sampled_from((0, 1, 2, Fraction(1, 3), Fraction(5, 2)))
    numbers = written if field == "step" else st.one_of(written, st.sampled_from(("fee", "limit")))  # of one scale
    match FIELDS[field]:
        case Day() | Moment():
            return st.builds(lambda kind, edge: kind(edge), st.sampled_from((Before, Until, From_, After)), days)
        case Number():
            return st.builds(lambda kind, edge: kind(edge), st.sampled_from((AtLeast, AtMost, Above, Below)), numbers)
        case OneOf(names):
            return _words(names)
        case YesNo():
            return _words(("yes", "no"))
        case Text():
            return _words(("a", "b", "c"))


def _words(names: tuple[str, ...]) -> Strategy:
    several = st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True).map(tuple)
    return st.one_of(st.sampled_from(names), several, several.map(IsNot))


def _day(number: int) -> date:
    return FIRST + timedelta(days=number)


def wheres() -> Strategy:
    """Draw which cases are meant."""
    tests = st.lists(tests_of_fields(), min_size=1, max_size=3).map(tuple).map(Alternative)
    some = st.lists(tests, min_size=1, max_size=2).map(lambda found: Where(tuple(found)))
    return st.one_of(st.just(ALL_CASES), some, some)


@st.composite
def registers(draw: DrawFn) -> Register:
    """Draw a sound register: each row a case, or told apart by one field or two."""
    case: Any = draw(st.sampled_from(("row", "case", ("case", "step"))))
    repeated: Any = None
    if case != "row":
        latest = ["changed", *(["step"] if case == "case" else [])]
        repeated = draw(st.sampled_from(("refused", "together", *(Latest(FieldId(by)) for by in latest))))
    together = repeated == "together"
    counts = [
        Counted(
            f"c{number}",
            draw(wheres()),
            on=draw(st.sampled_from((None, FieldId("received"), FieldId("returned")))),
            if_=draw(st.sampled_from(("any", "every"))) if together else None,
        )
        if draw(st.booleans())
        else Counted(
            f"c{number}",
            draw(wheres()),
            day_after=FieldId(draw(st.sampled_from(("due", "returned")))),
            if_=draw(st.sampled_from(("any", "every"))) if together else None,
        )
        for number in range(draw(st.integers(1, 3)))
    ]
    return Register(
        "dossiers",
        label("dossiers"),
        Written("dossiers.csv"),
        COMMUNES,
        case,
        tuple(FIELDS.items()),
        FieldId("received"),
        draw(st.sampled_from(("zero", "missing"))),
        tuple(counts),
        repeated,
        tuple(FieldId(field) for field in _BLANK),
    )


@st.composite
def entries(draw: DrawFn, *, timed: bool = True) -> list[Entry]:
    """Draw the rows of a register; the few values there are meet often."""
    values: dict[str, Strategy] = {
        "case": st.sampled_from(("1", "2", "3", "4", "5", "6", "7", "8")),
        "step": st.integers(1, 3),
        "channel": st.sampled_from((None, "online", "desk", "post")),
        "note": st.sampled_from((None, "a", "b", "c")),
        "fee": st.sampled_from((None, 0, 1, 2, Fraction(5, 2))),
        "limit": st.sampled_from((None, 0, 1, 2, Fraction(5, 2))),
        "urgent": st.sampled_from((None, 0, 1)),
        "received": st.integers(0, 12).map(_day),
        "due": st.one_of(st.none(), st.integers(0, 12).map(_day)),
        "returned": st.one_of(st.none(), _moments(timed=timed)),
        "changed": _moments(timed=timed),
    }
    row = st.fixed_dictionaries(values)
    bodies = st.sampled_from(("a", "b", "c"))
    rows = draw(st.lists(st.tuples(bodies, row), max_size=12))
    rows += draw(st.lists(st.sampled_from(rows), max_size=3)) if rows else []
    return [
        Entry(ParticipantId(body), _named(found), Place("dossiers.csv", line))
        for line, (body, found) in enumerate(rows, start=2)
    ]


def _named(values: Mapping[str, Any]) -> dict[FieldId, Value]:
    return {FieldId(field): value for field, value in values.items()}


def _moments(*, timed: bool) -> Strategy:
    if not timed:
        return st.integers(0, 12).map(_day)
    clock = st.sampled_from(("00:00", "08:30", "17:00"))
    return st.builds(lambda number, time: datetime.fromisoformat(f"{_day(number)}T{time}"), st.integers(0, 12), clock)


def counted_campaign(register: Register) -> Campaign:
    """Give a campaign that looks at what is counted, over its period; of the first fact over two rounds as well."""
    rounds = (
        (RoundId("one"), Window(date(2024, 12, 30), to=date(2025, 1, 2))),
        (RoundId("two"), Window(date(2025, 1, 5), to=date(2025, 1, 6))),
    )
    unit = Count(label("dossiers"))
    period = Window(date(2024, 12, 31), to=YEAR.to)
    facts = [Indicator(IndicatorId(fact), unit, time=Over(RoundId("period"))) for fact in register.facts]
    several = tuple(Participant(ParticipantId(id), id.upper(), COMMUNE, ParticipantId("p")) for id in "abc")
    province = Participant(ParticipantId("p"), "P", PROVINCE)
    return Campaign(
        "counted",
        label("Counted"),
        period,
        Participants((province, *several)),
        "block",
        registers=(register,),
        rounds=rounds,
        indicators=tuple(facts),
    )
