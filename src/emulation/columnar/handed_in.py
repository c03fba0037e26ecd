"""Handed in: records of participants and of observations as tables for an engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from math import lcm

import pyarrow as pa  # type: ignore[import-untyped]

from emulation.columnar.long import FACT, FIRST, LAST, PARTICIPANT, STATE, VALUE
from emulation.columnar.plan import Field
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.sheet import ALIVE, DEPTH, ID, KIND, NAME, PARENT, group_column
from emulation.columnar.terms import EXACT_INT
from emulation.observations import STATES, Observation
from emulation.participants import Participants

DAY = "day"
"""The column of a daily count: the number of its day."""


def ids_of(bodies: Sequence[str]) -> pa.Table:
    """Give ids as a table."""
    return pa.table({ID: pa.array(bodies, pa.string())})


def nothing_counted(bodies: Sequence[str], firsts: Sequence[tuple[str, int]]) -> pa.Table:
    """Give for each body that it has none of each fact on the fact's first days."""
    pairs = [(body, fact, day) for body in bodies for fact, day in firsts]
    return pa.table(
        {
            PARTICIPANT: pa.array([body for body, _, _ in pairs], pa.string()),
            FACT: pa.array([fact for _, fact, _ in pairs], pa.string()),
            DAY: pa.array([day for _, _, day in pairs], pa.int64()),
            VALUE: pa.array([0] * len(pairs), pa.int64()),
        }
    )


def bodies_of(participants: Participants, day: date) -> tuple[pa.Table, Field]:
    """Give the participants as a table, and what is to be known of it before it is looked at."""
    living = participants.living_on(day)
    depths = {body.id: depth for depth, level in enumerate(reversed(living.levels)) for body in level}
    columns: dict[str, pa.Array] = {
        ID: pa.array([body.id for body in participants], pa.string()),
        NAME: pa.array([body.name for body in participants], pa.string()),
        KIND: pa.array([body.kind for body in participants], pa.string()),
        PARENT: pa.array([body.parent for body in participants], pa.string()),
        ALIVE: pa.array([body.lives_on(day) for body in participants], pa.bool_()),
        DEPTH: pa.array([depths.get(body.id, 0) for body in participants], pa.int64()),
    }
    for name in participants.group_names:
        columns[group_column(name)] = pa.array([body.group(name) for body in participants], pa.string())
    return pa.table(columns), Field(
        len(participants), participants.kinds, max(depths.values(), default=0), living is participants
    )


def grids_of(facts: Sequence[Observation]) -> dict[str, int]:
    """Give for each fact the least grid its values all lie on: 1 for whole numbers, 100 for hundredths."""
    denominators: dict[str, set[int]] = {}
    for one in facts:
        if one.value is not None:
            denominators.setdefault(one.fact, set()).add(one.value.denominator)
    return {fact: lcm(*found) for fact, found in denominators.items()}


def on_grid(one: Observation, grids: Mapping[str, int]) -> int:
    """Give a figure as a whole number on the grid of its fact; raise `ExactOnly` for one that is none, or too wide."""
    if one.bound is not None:
        raise ExactOnly(("observations", one.fact), "a figure reported as a bound")
    value = 0 if one.value is None else one.value
    scaled: int = value.numerator * (grids.get(one.fact, 1) // value.denominator)
    if abs(scaled) >= EXACT_INT:
        raise ExactOnly(("observations", one.fact), f"a figure of {scaled.bit_length()} bits on its grid")
    return scaled


def facts_of(facts: Sequence[Observation], grids: Mapping[str, int]) -> pa.Table:
    """Give observations as a long table; raise `ExactOnly` where a figure has no place in it."""
    codes = {state: code for code, state in enumerate(STATES)}
    return pa.table(
        {
            PARTICIPANT: pa.array([one.participant for one in facts], pa.string()),
            FACT: pa.array([one.fact for one in facts], pa.string()),
            FIRST: pa.array([one.span.first.toordinal() for one in facts], pa.int64()),
            LAST: pa.array([one.span.last.toordinal() for one in facts], pa.int64()),
            VALUE: pa.array([on_grid(one, grids) for one in facts], pa.int64()),
            STATE: pa.array([codes[one.state] for one in facts], pa.int64()),
        }
    )
