"""Verdict: what a campaign came to, on columns; the same to the digit as its outcome."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from attrs import field, frozen

from emulation.campaign import Campaign
from emulation.columnar.engines import DuckDB, Engine, Frame, engine_of, named
from emulation.columnar.expressions import truth
from emulation.columnar.frames import Facts, facts_in
from emulation.columnar.handed_in import bodies_of, facts_of, grids_of
from emulation.columnar.plan import Plan, given_verdict, past_deadlines, plan_of, readings_of
from emulation.columnar.reduction import read_of, reduced
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.running import run
from emulation.columnar.sheet import ID
from emulation.columnar.terms import Truth
from emulation.names import TargetId
from emulation.observations import Observations
from emulation.problems import Problem, Refused


@frozen
class Verdict:
    """A plan, and the frame in which its results stand, a row for each participant."""

    plan: Plan
    frame: Frame = field(repr=False)
    engine: Engine


def score_columns(
    campaign: Campaign,
    facts: Any,
    as_of: date | str | None = None,
    *,
    engine: str | None = None,
    known_at: datetime | None = None,
) -> Verdict:
    """Score a campaign on columns: ``facts`` are observations, a long frame, or paths of Parquet files.

    A frame is reckoned by the engine that holds it; anything else by ``engine``: duckdb, polars or spark. Raise
    `Refused` with what columns cannot judge exactly (E780) and what of a frame is not exact (E781 to E785).

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
    >>> verdict = score_columns(campaign, facts, "2025-08-06", engine="polars")
    >>> len(verdict.plan.steps) > 10
    True
    """
    try:
        if isinstance(facts, Observations):
            day = _day(campaign, as_of, facts.latest_day)
            return _of_records(campaign, facts, day, named(engine or "duckdb"))
        return _of_frame(campaign, facts, _day(campaign, as_of, None), engine, known_at)
    except ExactOnly as slip:
        raise Refused([slip.problem]) from None


def _day(campaign: Campaign, as_of: date | str | None, latest: date | None) -> date:
    if isinstance(as_of, str):
        return date.fromisoformat(as_of)
    return as_of or campaign.as_of or latest or campaign.timetable.period.last


def _of_records(campaign: Campaign, observations: Observations, day: date, engine: Engine) -> Verdict:
    grids = grids_of(observations.reported)
    facts = Facts(engine.frame(facts_of(observations.reported, grids)), grids)
    return _verdict(campaign, facts, day, engine)


def _of_frame(campaign: Campaign, source: Any, day: date, engine: str | None, known_at: datetime | None) -> Verdict:
    if isinstance(source, str | Sequence):
        held: Engine = named(engine or "duckdb")
        paths = [source] if isinstance(source, str) else [str(path) for path in source]
        source = held.parquet(paths)
    else:
        held = engine_of(source)
        if engine not in (None, held.name):
            what = f"the frame is held by {held.name}, not by {engine}"
            raise Refused([Problem("E787", what, "leave the engine out, or hand in paths")])
        if isinstance(held, DuckDB) and type(source).__module__.partition(".")[0].lstrip("_") != "duckdb":
            source = held.taken(source)
    table, _ = bodies_of(campaign.on(day).participants, day)
    facts = facts_in(source, campaign, held.frame(table), held, known_at)
    return _verdict(campaign, facts, day, held)


def _verdict(
    campaign: Campaign, facts: Facts, day: date, engine: Engine, asked: Sequence[TargetId] = ()
) -> Verdict:
    rules = campaign.on(day)
    table, known = bodies_of(rules.participants, day)
    bodies = engine.frame(table)
    for then, targets in _by_day(past_deadlines(rules, day)).items():
        bodies = bodies.join(_asked(campaign, facts, then, engine, targets), on=ID, how="left")
    scan = reduced(facts.frame, readings_of(rules), rules.timetable, day, engine, bodies)
    plan = plan_of(rules, day, known, read_of(scan, facts.grids, known.rows), asked)
    return Verdict(plan, run(plan, scan.frame, engine), engine)


def _by_day(deadlines: Mapping[TargetId, date]) -> dict[date, list[TargetId]]:
    days: dict[date, list[TargetId]] = {}
    for target, day in deadlines.items():
        days.setdefault(day, []).append(target)
    return days


def _asked(campaign: Campaign, facts: Facts, day: date, engine: Engine, targets: Sequence[TargetId]) -> Frame:
    """Give what passed deadlines came to on their last day, in columns to be joined."""
    then = _verdict(campaign, facts, day, engine, targets)
    columns = []
    for target in targets:
        names, found = given_verdict(target), then.plan.asked[target]
        columns += [
            truth(test, engine).alias(name.name)
            for name, test in ((names.yes, found.yes), (names.no, found.no))
            if isinstance(name, Truth)
        ]
    return then.frame.select(ID, *columns)
