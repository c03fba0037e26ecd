"""Rows: an outcome as columns of exact values, a row for each participant, for the reader's own frame library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter
from typing import Any, Literal

from attrs import frozen

from emulation.doors import open_extra
from emulation.outcome import Outcome
from emulation.problems import Problem, Refused
from emulation.report.records import outcome_record

MOST_DIGITS = 38
"""Of a decimal column in polars and Arrow; a column that needs more is text."""

Kind = Literal["text", "whole", "decimal", "float"]


@frozen
class Column:
    """A column of a frame: its name, what kind of values it holds, and the values; None where there is none."""

    name: str
    kind: Kind
    values: tuple[Any, ...]
    scale: int = 0


def to_frame(
    outcome: Outcome,
    backend: Literal["pandas", "polars", "pyarrow"] | None = None,
    *,
    numbers: Literal["exact"] | type[float] = "exact",
    group: str | None = None,
) -> Any:
    """Give an outcome as a frame of pandas, polars or pyarrow: a row for each participant.

    Without ``backend`` it is the first of pandas, polars and pyarrow that is installed. Numbers are decimals; a
    column with a value whose decimals never end is text, such as ``1/3``. ``numbers=float`` rounds them all to floats.
    ``group`` keeps those in a group of that name, or the parts of the participant of that id.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> from emulation.outcome import score
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> facts = load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
    >>> frame = to_frame(score(campaign, facts), "polars")
    >>> frame.filter(frame["rank"] == 66).select("name", "total", "value:online_share").rows()
    [('Xã Kim Phượng', Decimal('93.62'), '464/649')]
    """
    if numbers not in ("exact", float):
        raise Refused([Problem("E779", f"numbers are {numbers!r}", "'exact' or float")])
    columns = columns_of(outcome, floats=numbers is float, group=group)
    return open_extra("report.frames", "columns", "a frame").frame_of(columns, backend)


def columns_of(outcome: Outcome, *, floats: bool = False, group: str | None = None) -> list[Column]:
    """Give the columns, those of the CSV and the state of each indicator, in the campaign's order."""
    rows = outcome_record(outcome, group)["participants"]
    number = _floats if floats else _decimals

    def each(name: str, take: Callable[[Mapping[str, Any]], Any]) -> tuple[str, list[Any]]:
        return name, [take(row) for row in rows]

    def inner(of: str, id: str, key: str) -> Callable[[Mapping[str, Any]], Any]:
        return lambda row: row[of].get(id, {}).get(key)

    def inner_text(of: str, id: str) -> Callable[[Mapping[str, Any]], Any]:
        return lambda row: row[of].get(id)

    campaign = outcome.campaign
    groups = dict.fromkeys(name for row in rows for name in row["groups"])
    return [
        *(_text(*each(name, itemgetter(name))) for name in ("id", "name", "kind", "parent")),
        *(_text(*each(f"group:{name}", inner_text("groups", name))) for name in groups),
        number(*each("total", lambda row: row["total"])),
        _whole(*each("rank", lambda row: row["rank"])),
        _whole(*each("of", lambda row: row["of"])),
        _text(*each("readiness", lambda row: row["readiness"])),
        _text(*each("awards", lambda row: " ".join(row["awards"]))),
        *(_whole(*each(f"rank:{one.id}", inner("standings", one.id, "rank"))) for one in campaign.standings),
        *(_text(*each(f"target:{one.id}", inner("targets", one.id, "state"))) for one in campaign.targets),
        *(number(*each(f"points:{id}", inner("criteria", id, "points"))) for id in campaign.criterion),
        *(number(*each(f"value:{id}", inner("indicators", id, "value"))) for id in campaign.indicator),
        *(_text(*each(f"state:{id}", inner("indicators", id, "state"))) for id in campaign.indicator),
    ]


def _text(name: str, values: Iterable[str | None]) -> Column:
    return Column(name, "text", tuple(values))


def _whole(name: str, values: Iterable[int | None]) -> Column:
    return Column(name, "whole", tuple(values))


def _floats(name: str, values: Iterable[str | None]) -> Column:
    """Round exact texts to the nearest floats, once."""
    return Column(name, "float", tuple(None if one is None else float(Fraction(one)) for one in values))


def _decimals(name: str, values: Sequence[str | None]) -> Column:
    """Read exact texts as decimals, if all are and fit; else leave them as they are."""
    known = [one for one in values if one is not None]
    if any("/" in one for one in known):
        return _text(name, values)
    scale = max((len(one.partition(".")[2]) for one in known), default=0)
    whole = max((len(one.lstrip("-").partition(".")[0]) for one in known), default=1)
    if whole + scale > MOST_DIGITS:
        return _text(name, values)
    return Column(name, "decimal", tuple(None if one is None else Decimal(one) for one in values), scale)
