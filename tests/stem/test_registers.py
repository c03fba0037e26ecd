"""Registers: what cannot be meant is said at its place; what is drawn is sound."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given

from dossiers import PLAIN
from emulation.cases import (
    Above,
    After,
    Alternative,
    AtLeast,
    Before,
    IsNot,
    Known,
    Where,
)
from emulation.checks import problems_of as problems_of_campaign
from emulation.indicators import At, Count, Indicator, Over
from emulation.names import FieldId, IndicatorId, RoundId, label
from emulation.observations import Written
from emulation.registers import Counted, Latest, Register, counting, problems_of
from emulation.testing.cases import counted_campaign, registers

CASE, STEP, CHANGED = FieldId("case"), FieldId("step"), FieldId("changed")
PERIOD = Over(RoundId("period"))


def looking(*facts: str, time: Any = PERIOD) -> list[Indicator]:
    """Give indicators that look at facts."""
    return [Indicator(IndicatorId(fact), Count(label("files")), time=time) for fact in facts]


def told(**changes: Any) -> list[str]:
    """Give what is said of the plain register with some fields others, each place in it in short."""
    found = map(str, problems_of([evolve(PLAIN, **changes)], looking("files"), ["files"]))
    return [
        re.sub(r"^registers\.dossiers\.counts\.files\.where(\.\S+)", "where:", one)
        .replace("registers.dossiers.counts.files", "count")
        .removeprefix("registers.dossiers.")
        for one in found
    ]


def count(test: Any, field: str = "fee", **more: Any) -> tuple[Counted, ...]:
    """Give the one count of cases whose field meets a test."""
    return (Counted("files", Where((Alternative(((FieldId(field), test),)),)), **more),)


def test_a_sound_register() -> None:
    """The register the others are altered from has no problem."""
    assert told() == []


@given(registers())
def test_drawn_registers_are_sound(register: Register) -> None:
    """The strategy draws nothing that would be refused."""
    assert problems_of_campaign(counted_campaign(register)) == ()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"repeated": None}, "registers.dossiers E143 dossiers does not say what several rows about one case are"),
        ({"case": "row"}, "repeated E114 where each row is a case, none is repeated"),
        ({"case": FieldId("cas")}, "case E135 unknown field 'cas'; did you mean case?"),
        ({"case": (CASE, FieldId("x"))}, "case E135 unknown field 'x'"),
        ({"on": FieldId("fee")}, "on E351 fee is no day"),
        ({"on": FieldId("receive")}, "on E135 unknown field 'receive'; did you mean received?"),
        ({"on": FieldId("returned")}, "may_be_blank E351 returned may not be blank"),
        ({"may_be_blank": (CASE,)}, "may_be_blank E351 case may not be blank"),
        ({"may_be_blank": (CHANGED,)}, "may_be_blank E351 changed may not be blank"),
        ({"may_be_blank": (FieldId("x"),)}, "may_be_blank E135 unknown field 'x'"),
        ({"repeated": Latest(FieldId("note"))}, "repeated.latest E351 no row is later than another"),
        ({"case": STEP, "repeated": Latest(STEP)}, "repeated.latest E351 step is the same in all rows"),
        ({"repeated": Latest(FieldId("x"))}, "repeated.latest E135 unknown field 'x'"),
        (
            {"repeated": "together", "counts": count(Above(1))},
            "count E143 a case has several",
        ),
        ({"counts": count(Above(1), if_="any")}, "count.if E114 'if' says nothing"),
        (
            {"counts": count(Above(1), on=CHANGED, day_after=CHANGED)},
            "count E156 'on' and 'day_after' exclude each other",
        ),
        ({"counts": count(Above(1), on=CASE)}, "count.on E351 case is no day"),
        ({"counts": count(Above(1), day_after=CASE)}, "count.day_after E351 case is no day"),
        ({"counts": count(Above(1), "fees")}, "where: E135 unknown field 'fees'"),
        ({"counts": count(Before(1))}, "where: E351 fee is no day, and 'before'"),
        (
            {"counts": count(Above(1), "due")},
            "where: E351 due is no number, and 'above'",
        ),
        ({"counts": count("a")}, "where: E351 fee is compared with a word"),
        (
            {"counts": count(IsNot(("onlin",)), "channel")},
            "where: E351 channel is never 'onlin'; did you mean online?",
        ),
        (
            {"counts": count(("fax", "online"), "channel")},
            "where: E351 channel is never 'fax' (online, desk, post)",
        ),
        ({"counts": count("maybe", "urgent")}, "where: E351 urgent is never 'maybe'"),
        (
            {"counts": count(AtLeast(FieldId("limits")))},
            "where: E351 fee is compared with the unknown field 'limits'",
        ),
        (
            {"counts": count(AtLeast(FieldId("note")))},
            "where: E351 fee is compared with note, which is no day and no number",
        ),
        (
            {"counts": count(AtLeast(FieldId("due")))},
            "where: E351 fee is compared with due, which is of another kind",
        ),
        (
            {"counts": count(AtLeast(date(2025, 9, 5)))},
            "where: E351 fee is compared with 2025-09-05 (a number)",
        ),
        (
            {"counts": count(After(5), "due")},
            "where: E351 due is compared with 5 (a day)",
        ),
        ({"table": Written("d.csv", percent="points")}, "table.percent E114 'percent' says nothing"),
        ({"table": Written("d.csv", totals=(("x", 1),))}, "table.totals E114 'totals' says nothing"),
    ],
)
def test_what_cannot_be_meant(changes: dict[str, Any], said: str) -> None:
    """Each slip is one problem, at its place."""
    assert [one[: len(said)] for one in told(**changes)] == [said]


@pytest.mark.parametrize(
    "counts",
    [
        count("online", "channel"),
        count(("a", "z"), "note"),
        count("no", "urgent"),
        count(Known(known=False), "returned"),
        count(After(FieldId("due")), "returned"),
        count(Above(FieldId("limit"))),
        count(Before(date(2025, 9, 5)), "due"),
    ],
)
def test_what_can_be_meant(counts: tuple[Counted, ...]) -> None:
    """Any word can stand in a text; days and moments can be held against each other."""
    assert told(counts=counts) == []


def test_a_fact_nobody_looks_at() -> None:
    """It is misspelt, or an indicator is missing."""
    found = problems_of([PLAIN], looking("file"), ["file"])

    assert [str(one).partition(" (")[0] for one in found] == [
        "registers.dossiers.counts.files E135 no indicator looks at 'files'"
    ]


def test_a_fact_that_is_counted_twice() -> None:
    """Two registers cannot both count it."""
    other = evolve(PLAIN, id="others")

    assert [str(one) for one in problems_of([PLAIN, other], looking("files"), ["files"])] == [
        "registers.others.counts.files E350 files is counted twice (once: in dossiers)"
    ]


def test_what_is_counted_is_summed() -> None:
    """The last day's count would say nothing of a stock."""
    assert [
        str(one).partition(" (")[0] for one in problems_of([PLAIN], looking("files", time=At("latest")), ["files"])
    ] == [
        "indicators.files E350 files is counted by day, and files does not sum it over days",
    ]


def test_which_register_a_fact_is_counted_of() -> None:
    """None, for a fact that is reported."""
    assert counting([PLAIN], "files") is PLAIN
    assert counting([PLAIN], "staff") is None
