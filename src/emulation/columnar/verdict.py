"""Verdict: a campaign scored on columns; the same to the digit as by the exact engine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from attrs import frozen

from emulation.campaign import Campaign
from emulation.columnar.archive import Archive, archive_at, archived
from emulation.columnar.counted import facts_of_registers
from emulation.columnar.engines import Engine, Frame, named, stacked
from emulation.columnar.expressions import truth
from emulation.columnar.frames import facts_in, fetched, known_to
from emulation.columnar.gatherings import counted, gathered, narrowed
from emulation.columnar.giving import WAITS
from emulation.columnar.handed_in import bodies_of, facts_of, grids_of
from emulation.columnar.long import Facts
from emulation.columnar.plan import Field, given_verdict, past_deadlines, plan_of, readings_of
from emulation.columnar.rechecking import Rechecked, chosen, rechecked
from emulation.columnar.reduction import read_of, reduced
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.results import Verdict, met_by, rows, ties_of
from emulation.columnar.running import run
from emulation.columnar.sheet import ID, KIND
from emulation.columnar.sources import holder, long_taken, taken
from emulation.columnar.terms import Truth, compared
from emulation.names import TargetId
from emulation.observations import Observations
from emulation.problems import Problem, Refused


def score_columns(
    campaign: Campaign,
    facts: Any,
    as_of: date | str | None = None,
    *,
    engine: Any = None,
    known_at: datetime | None = None,
    participants: Any = None,
    wide: bool = False,
    details: bool = True,
    parts: bool = False,
    cases: Mapping[str, Any] | None = None,
    kept: str | Path | None = None,
) -> Verdict:
    """Score a campaign on columns: ``facts`` are observations, a frame, paths of Parquet files, or an archive's folder.

    ``cases`` are the frames or Parquet files of registers, by their ids: what is counted of them joins the facts,
    which may then be none. ``kept`` is a folder for roll-ups: what was counted of each file of cases, day by day, is
    kept there and used again.

    A frame is reckoned by the engine that holds it (a relation of DuckDB's by its default connection, unless
    ``engine`` is another); anything else by ``engine``: duckdb, polars or spark. A frame is long, a row a fact, or
    with ``wide`` a row a participant and a column a fact. ``participants`` are a frame, where they are too many for
    the campaign's own table; a wide frame with a column ``kind`` is that frame itself. Without ``details`` what was
    measured and the points of each criterion are not kept; with ``parts`` what these are made of is kept too.

    Raise `Refused` with what columns cannot judge exactly (E780), what of a frame is not exact or not there (E781 to
    E787), files that are not there (E139), and what would be taken and not looked at (E792).

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
    >>> verdict = score_columns(campaign, facts, "2025-08-06", engine="polars")
    >>> sorted((row.standings["total"].place, row.id) for row in rows(verdict) if row.class_ == "green")[0]
    (1, '02152')
    """
    _refuse_idle(cases=bool(cases), kept=kept is not None, others=wide or participants is not None)
    if cases:
        day = _day(campaign, as_of, None)
        return _of_cases(campaign, facts, cases, day, engine, known_at, kept, parts=parts)
    if isinstance(facts, Observations):
        day = _day(campaign, as_of, facts.latest_day)
        return _of_records(campaign, facts, day, named(engine or "duckdb"), parts=parts)
    day = _day(campaign, as_of, None)
    if (archive := archive_at(facts)) is not None:
        _refuse_of_archives(known_at=known_at is not None, others=wide or participants is not None)
        own = named(engine or "duckdb")
        return _verdict(campaign, known_to(archive, campaign), day, own, _bodies(campaign, day, own), parts=parts)
    held = holder(facts, engine)
    if wide:
        return _of_wide(campaign, taken(facts, held), day, held, participants, details=details, parts=parts)
    return _of_long(campaign, long_taken(facts, held), day, held, known_at, participants, parts=parts)


def _refuse_idle(*, cases: bool, kept: bool, others: bool) -> None:
    """Refuse what would be taken and not looked at (E792)."""
    if kept and not cases:
        what = "there is nothing to keep: only files of cases are rolled up"
        raise Refused([Problem("E792", what, "the Parquet files of a register")])
    if cases and others:
        what = "cases are counted for the campaign's own participants, in a long table"
        raise Refused([Problem("E792", what, "neither participants nor wide")])


def _refuse_of_archives(*, known_at: bool, others: bool) -> None:
    """Refuse what an archive cannot be asked (E795)."""
    if known_at:
        what = "an archive holds what was known when it was made"
        raise Refused([Problem("E795", what, "no known_at; or the long frame, or a ledger")])
    if others:
        raise Refused([Problem("E795", "an archive holds facts alone", "neither participants nor wide")])


def archive(
    campaign: Campaign, facts: Any, folder: str | Path, *, engine: Any = None, known_at: datetime | None = None
) -> Archive:
    """Keep facts in a folder, coded and month by month, for `score_columns` to find quickly what stood on a day.

    ``facts`` are what `score_columns` takes: observations, a long frame, or paths of Parquet files; all that these can
    lack is looked for here, once (E781 to E785). Facts are added to those that are there; one about the same days is
    replaced. ``known_at`` takes them as they were known then.

    >>> from tempfile import TemporaryDirectory
    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
    >>> with TemporaryDirectory() as folder:
    ...     kept = archive(campaign, facts, folder)
    ...     verdict = score_columns(campaign, folder, "2025-08-06")
    ...     kept.months, min(row.standings["total"].place for row in rows(verdict) if row.standings)
    (('2025-07', '2025-08'), 1)
    """
    if isinstance(facts, Observations):
        own, grids = named(engine or "duckdb"), grids_of(facts.reported)
        return archived(Facts(own.frame(facts_of(facts.reported, grids)), grids), Path(folder), own)
    held = holder(facts, engine)
    bodies = _bodies(campaign, campaign.timetable.period.last, held)
    return archived(facts_in(long_taken(facts, held), campaign, bodies.frame, known_at, held), Path(folder), held)


def _day(campaign: Campaign, as_of: date | str | None, latest: date | None) -> date:
    if isinstance(as_of, str):
        return date.fromisoformat(as_of)
    return as_of or campaign.as_of or latest or campaign.timetable.period.last


def _of_records(campaign: Campaign, observations: Observations, day: date, engine: Engine, *, parts: bool) -> Verdict:
    grids = grids_of(observations.reported)
    facts = Facts(engine.frame(facts_of(observations.reported, grids)), grids)
    return _verdict(campaign, facts, day, engine, _bodies(campaign, day, engine), parts=parts)


def _of_cases(
    campaign: Campaign,
    facts: Any,
    cases: Mapping[str, Any],
    day: date,
    engine: Any,
    known_at: datetime | None,
    kept: str | Path | None,
    *,
    parts: bool,
) -> Verdict:
    """Count the cases of registers, put what else is reported beside them, and judge that."""
    chosen = holder(next(iter(cases.values())), engine)
    bodies = _bodies(campaign, day, chosen)
    found, grids = _beside(campaign, facts, chosen, bodies, known_at)
    found += facts_of_registers(cases, campaign, chosen, kept)
    grids |= dict.fromkeys(campaign.counted, 1)
    return _verdict(campaign, Facts(chosen.keep(stacked(found)), grids), day, chosen, bodies, parts=parts)


def _beside(
    campaign: Campaign, facts: Any, engine: Engine, bodies: Bodies, known_at: datetime | None
) -> tuple[list[Frame], dict[str, int]]:
    """Give what is reported beside the cases: nothing, observations, or a long frame."""
    match facts:
        case None:
            return [], {}
        case Observations(reported=reported):
            grids = grids_of(reported)
            return [engine.frame(facts_of(reported, grids))], grids
        case _:
            long = facts_in(long_taken(facts, engine), campaign, bodies.frame, known_at, engine)
            return [long.settled(engine)], dict(long.grids)


def _of_long(
    campaign: Campaign,
    source: Any,
    day: date,
    engine: Engine,
    known_at: datetime | None,
    participants: Any,
    *,
    parts: bool,
) -> Verdict:
    bodies = _bodies(campaign, day, engine, participants)
    return _verdict(
        campaign, facts_in(source, campaign, bodies.frame, known_at, engine), day, engine, bodies, parts=parts
    )


def _of_wide(
    campaign: Campaign, source: Any, day: date, engine: Engine, participants: Any, *, details: bool, parts: bool
) -> Verdict:
    rules = campaign.on(day)
    late = past_deadlines(rules, day)
    if late:
        what = f"a deadline that has passed ({', '.join(late)}) asks for what was known on its day"
        raise ExactOnly(("targets",), what, "a long frame: participant, fact, from, to, value")
    readings = readings_of(rules)
    source = engine.still(narrowed(source, [reading.fact for reading in readings]))
    itself = participants is None and KIND in source.collect_schema().names()
    bodies = _bodies(campaign, day, engine, source if itself else participants)
    scan, grids = counted(source, readings, bodies.frame, engine, itself=itself)
    reads = read_of(scan, grids, bodies.field.rows, weighed=_sums_up(rules))
    plan = plan_of(rules, day, bodies.field, reads, details=details, parts=parts)
    return Verdict(plan, run(plan, scan.frame, engine), engine)


@frozen
class Bodies:
    """Who takes part, as a frame, and what is to be known of it beforehand; ``handed_in`` is one without lives."""

    frame: Frame
    field: Field
    handed_in: bool = False


def _bodies(campaign: Campaign, day: date, engine: Engine, participants: Any = None) -> Bodies:
    if participants is None:
        table, field = bodies_of(campaign.on(day).participants, day)
        return Bodies(engine.frame(table), field)
    kinds = campaign.participants.kinds
    return Bodies(*gathered(engine.taken(participants), kinds, engine), handed_in=True)


def _verdict(
    campaign: Campaign,
    facts: Facts | Archive,
    day: date,
    engine: Engine,
    among: Bodies,
    asked: Sequence[TargetId] = (),
    *,
    parts: bool = False,
) -> Verdict:
    rules = campaign.on(day)
    bodies = among.frame
    for then, targets in _by_day(past_deadlines(rules, day)).items():
        earlier = among if among.handed_in else _bodies(campaign, then, engine)
        bodies = bodies.join(_asked(campaign, facts, then, engine, earlier, targets), on=ID, how="left")
    scan = reduced(facts, readings_of(rules), rules.timetable, day, engine, bodies)
    reads = read_of(scan, facts.grids, among.field.rows, weighed=_sums_up(rules))
    plan = plan_of(rules, day, among.field, reads, asked, parts=parts)
    return Verdict(plan, run(plan, scan.frame, engine), engine, facts)


def _sums_up(campaign: Campaign) -> bool:
    """Say whether figures of several participants are added."""
    return any(indicator.pooled is not None for indicator in campaign.indicators)


def _by_day(deadlines: Mapping[TargetId, date]) -> dict[date, list[TargetId]]:
    days: dict[date, list[TargetId]] = {}
    for target, day in deadlines.items():
        days.setdefault(day, []).append(target)
    return days


def _asked(
    campaign: Campaign, facts: Facts | Archive, day: date, engine: Engine, among: Bodies, targets: Sequence[TargetId]
) -> Frame:
    """Give what passed deadlines came to on their last day, in columns to be joined."""
    then = _verdict(campaign, facts, day, engine, among, targets)
    columns = []
    for target in targets:
        names, found = given_verdict(target), then.plan.asked[target]
        columns += [
            truth(test, engine).alias(name.name)
            for name, test in ((names.yes, found.yes), (names.no, found.no))
            if isinstance(name, Truth)
        ]
    return then.frame.select(ID, *columns)


def left_open(verdict: Verdict) -> list[Problem]:
    """Find what is left open: gaps that block, ties that wait for a decision, awards at whose border is a tie."""
    return list(_left_open(verdict))


def _left_open(verdict: Verdict) -> Iterator[Problem]:
    plan = verdict.plan
    names = plan.campaign.participants
    blocked = {criterion: {row[ID] for row in met_by(verdict, test)} for criterion, test in plan.blocked.items()}
    for body in names:
        for criterion, ids in blocked.items():
            if body.id in ids:
                yield Problem("E161", f"{body.name} ({body.id}) is not settled", path=("criteria", criterion))
    ties = ties_of(verdict, names)
    for standing in plan.placings:
        for tie in sorted({tuple(sorted(one.bodies)) for (id, _), one in ties.items() if one.open and id == standing}):
            what = f"unresolved tie in {standing}: {', '.join(tie)}"
            yield Problem("E171", what, "record a decision", path=("standings", standing))
    for award, given in plan.awards.items():
        waiting = {row[ID] for row in met_by(verdict, compared(given, "==", WAITS))}
        if waiting:
            what = f"tie at the border of {award}: {', '.join(body.id for body in names if body.id in waiting)}"
            yield Problem("E172", what, "record a decision", path=("awards", award))


def rejudged(verdict: Verdict, facts: Observations | None = None) -> Rechecked:
    """Judge a sample of a verdict once more by the exact engine; raise `Disagreement` where anything differs.

    Without ``facts`` those of the sample are fetched from the frame they lie in; a wide frame keeps none (E788).
    """
    campaign, found = verdict.plan.campaign, tuple(rows(verdict))
    if facts is not None:
        ids = chosen(found, campaign, len(facts.reported))
        return rechecked(campaign, facts.reported, verdict.plan.day, found, ids)
    if verdict.facts is None:
        raise Refused([Problem("E788", "a wide frame keeps no facts that could be judged once more", "a long frame")])
    ids = chosen(found, campaign, verdict.facts.many())
    return rechecked(campaign, fetched(verdict.facts, ids, verdict.engine), verdict.plan.day, found, ids)
