"""Running: a plan's steps carried out on an engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

import narwhals as nw
from attrs import field, frozen

from emulation.columnar.engines import Engine, Frame, rows_of
from emulation.columnar.expressions import key, number, truth
from emulation.columnar.plan import Plan, made_by, read_by, results_of
from emulation.columnar.quantities import Quantity
from emulation.columnar.sheet import DEPTH, ID, KIND, PARENT, Below, Let, Place, Say, Step, Within
from emulation.columnar.terms import Term, columns_of

BESIDE = (ID,)
"""What is kept of every row whatever is asked."""


def run(plan: Plan, frame: Frame, engine: Engine) -> Frame:
    """Carry out a plan on a frame of what was read, a row for each participant; give its results."""
    results = frozenset(results_of(plan))
    stages = staged(plan.steps)
    for place, stage in enumerate(stages):
        for batch in _batches(stage.rowwise):
            frame = frame.with_columns(*(_column(step, engine) for step in batch))
        if stage.gathering:
            after = [step for later in stages[place + 1 :] for step in (*later.rowwise, *later.gathering)]
            frame = _gathered(frame, stage.gathering, _needed((*stage.gathering, *after), results), engine)
    return engine.keep(frame.select(*sorted({*BESIDE, *results})))


Gathering: TypeAlias = Below | Within | Place
"""A step of which a row's part rests on other rows."""


@frozen
class Stage:
    """Steps that are taken together: first what each row comes to by itself, then what rows come to together."""

    rowwise: list[Let | Say] = field(factory=list)
    gathering: list[Gathering] = field(factory=list)


def staged(steps: Sequence[Step]) -> list[Stage]:
    """Put steps into as few stages as can be: what rows come to together is known from the next stage on."""
    stages: list[Stage] = []
    known_from: dict[str, int] = {}
    for step in steps:
        place = max((known_from.get(name, 0) for name in read_by(step)), default=0)
        stages += [Stage() for _ in range(place + 1 - len(stages))]
        if isinstance(step, Let | Say):
            stages[place].rowwise.append(step)
        else:
            stages[place].gathering.append(step)
            place += 1
        known_from |= dict.fromkeys(made_by(step), place)
    return stages


def _needed(steps: Iterable[Step], results: frozenset[str]) -> frozenset[str]:
    return frozenset(BESIDE).union(results, *(_looked_at(step) for step in steps))


def _looked_at(step: Step) -> frozenset[str]:
    """Name the columns a step reads, and those by which it knows the parts of a body, and one row from another."""
    match step:
        case Below():
            return read_by(step) | {KIND, PARENT, DEPTH}
        case Within() | Place():
            return read_by(step) | {DEPTH}
        case _:
            return read_by(step)


def _batches(steps: Sequence[Let | Say]) -> Iterator[list[Let | Say]]:
    """Put together steps that do not read one another, in their order."""
    batch: list[Let | Say] = []
    made: set[str] = set()
    for step in steps:
        if made & read_by(step):
            yield batch
            batch, made = [], set()
        batch.append(step)
        made |= made_by(step)
    if batch:
        yield batch


def _column(step: Let | Say, engine: Engine) -> nw.Expr:
    match step:
        case Let(name, term):
            return number(term, engine).alias(name)
        case Say(name, test):
            return truth(test, engine).alias(name)


# --- what rows come to together


def _gathered(frame: Frame, steps: Sequence[Gathering], needed: frozenset[str], engine: Engine) -> Frame:
    """Count, sum up or rank all rows, and tell each what it is to know of the others.

    The rows are reckoned once and held. Then what they have in common is counted, which is little, and joined to them:
    there are far fewer totals than participants, so these are ranked, and nobody is sorted.
    """
    kinds = dict(frame.collect_schema())
    texts = {name for step in steps for name in _groups(step) if not _is_plain(kinds[name])}
    keys = [_key(step, engine).alias(f"key {place}") for place, step in enumerate(steps) if isinstance(step, Place)]
    frame = engine.keep(
        frame.select(
            *sorted(needed & set(kinds)),
            *(nw.col(name).cast(nw.String).fill_null("").alias(_filled(name)) for name in sorted(texts)),
            *keys,
        )
    )
    frame = _with_totals(frame, [step for step in steps if isinstance(step, Within) and not step.groups], engine)
    for place, step in enumerate(steps):
        groups = [_filled(name) if name in texts else name for name in _groups(step)]
        match step:
            case Below():
                frame = _with_sums_below(frame, step, engine)
            case Within() if groups:
                frame = _with_sums(frame, step, groups, engine)
            case Place():
                frame = _with_ranks(frame, step, [f"key {place}", *groups], engine)
            case _:
                pass
    return frame


def _groups(step: Gathering) -> tuple[str, ...]:
    return () if isinstance(step, Below) else step.groups


def _is_plain(kind: object) -> bool:
    """Say whether a column is one of our own, which has no nulls; texts are of those who hand them in."""
    return isinstance(kind, nw.Int64 | nw.Boolean)


def _filled(name: str) -> str:
    """Name the column in which a text that is not there is an empty one: nulls are joined to nothing."""
    return f"in {name}"


def _in_each_row(one: nw.Expr, made_of: Term | Quantity) -> nw.Expr:
    """Make a number that is the same for all a column, since a single number can be neither summed nor ranked."""
    reads = (
        columns_of(made_of.top) | columns_of(made_of.bottom) if isinstance(made_of, Quantity) else columns_of(made_of)
    )
    return one if reads else one + nw.col(DEPTH) * 0


def _whole(column: nw.Expr) -> nw.Expr:
    return column.fill_null(0).cast(nw.Int64)


def _key(step: Place, engine: Engine) -> nw.Expr:
    """Give what those who are meant are ranked by; nothing for others."""
    return nw.when(truth(step.who, engine)).then(_in_each_row(key(step.key, engine), step.key))


def _with_ranks(frame: Frame, step: Place, on: Sequence[str], engine: Engine) -> Frame:
    """Rank the keys there are, and give each participant the place of his."""
    by, *groups = on
    met = frame.filter(~nw.col(by).is_null()).group_by(*on).agg(nw.len().cast(nw.Int64).alias("met"))
    told = {
        step.first: nw.col("met").cum_sum(reverse=True).over(*groups, order_by=by) - nw.col("met") + 1,
        step.dense: nw.col("met").cum_count(reverse=True).over(*groups, order_by=by),
        step.equal: nw.col("met"),
    }
    ranked = met.select(*on, *(one.alias(name) for name, one in told.items() if name is not None))
    joined = frame.join(engine.small(ranked), on=list(on), how="left")
    return joined.with_columns(*(_whole(nw.col(name)).alias(name) for name in step.names))


def _with_totals(frame: Frame, steps: Sequence[Within], engine: Engine) -> Frame:
    """Write into each row what a term comes to in all of them."""
    if not steps:
        return frame
    asked = [_in_each_row(number(step.term, engine), step.term).sum().alias(step.name) for step in steps]
    found = rows_of(frame.select(*asked))[0]
    return frame.with_columns(*(nw.lit(int(found[step.name] or 0), dtype=nw.Int64).alias(step.name) for step in steps))


def _with_sums(frame: Frame, step: Within, groups: Sequence[str], engine: Engine) -> Frame:
    """Join to each row what a term comes to in its group."""
    term = _in_each_row(number(step.term, engine), step.term)
    sums = frame.select(*groups, term.alias(step.name)).group_by(*groups).agg(nw.col(step.name).sum())
    return frame.join(engine.small(sums), on=list(groups), how="left").with_columns(_whole(nw.col(step.name)))


def _with_sums_below(frame: Frame, step: Below, engine: Engine) -> Frame:
    """Join to each body the sums over its parts of a kind."""
    terms = (_in_each_row(number(term, engine), term).alias(name) for name, term in step.sums)
    parts = frame.filter((nw.col(KIND) == step.kind) & ~nw.col(PARENT).is_null())
    names = [name for name, _ in step.sums]
    sums = parts.select(nw.col(PARENT).alias("of"), *terms).group_by("of").agg(*(nw.col(name).sum() for name in names))
    joined = frame.join(sums, left_on=ID, right_on="of", how="left")
    return joined.with_columns(*(_whole(nw.col(name)) for name in names))
