"""Running: a plan's steps carried out on an engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import narwhals as nw

from emulation.columnar.engines import Engine, Frame
from emulation.columnar.expressions import key, number, truth
from emulation.columnar.plan import Plan, made_by, read_by, results_of
from emulation.columnar.quantities import Quantity
from emulation.columnar.sheet import DEPTH, ID, KIND, PARENT, Below, Let, Place, Say, Step, Within
from emulation.columnar.terms import Term, Truth, columns_of

BESIDE = (ID,)
"""What is kept of every row whatever is asked."""


def run(plan: Plan, frame: Frame, engine: Engine) -> Frame:
    """Carry out a plan on a frame of what was read, a row for each participant; give its results."""
    results = frozenset(results_of(plan))
    steps = plan.steps
    for number_, batch in _batches(steps):
        if isinstance(batch[0], Below):
            needed = _needed(steps[number_:], results)
            frame = engine.keep(frame.select(*sorted(needed & set(frame.collect_schema().names()))))
            frame = _with_sums_below(frame, batch, engine)
        else:
            frame = frame.with_columns(*(_column(step, engine) for step in batch))
    return engine.keep(frame.select(*sorted({*BESIDE, *results})))


def _needed(steps: Iterable[Step], results: frozenset[str]) -> frozenset[str]:
    return frozenset((*BESIDE, KIND, PARENT, DEPTH)).union(results, *(read_by(step) for step in steps))


def _batches(steps: Sequence[Step]) -> Iterator[tuple[int, list[Step]]]:
    """Put together steps that do not read one another, in their order; sums over those below stand by themselves."""
    batch: list[Step] = []
    made: set[str] = set()
    for number_, step in enumerate(steps):
        starts_anew = made & read_by(step) or (batch and isinstance(step, Below) != isinstance(batch[0], Below))
        if batch and starts_anew:
            yield number_ - len(batch), batch
            batch, made = [], set()
        batch.append(step)
        made |= made_by(step)
    if batch:
        yield len(steps) - len(batch), batch


def _column(step: Step, engine: Engine) -> nw.Expr:
    match step:
        case Let(name, term):
            return number(term, engine).alias(name)
        case Say(name, test):
            return truth(test, engine).alias(name)
        case Within(name, term, groups):
            total = _in_each_row(number(term, engine), term).sum()
            return _over(total, groups).cast(nw.Int64).alias(name)
        case Place(name, who, keyed, groups, dense):
            ranked = nw.when(truth(who, engine)).then(_in_each_row(key(keyed, engine), keyed))
            if isinstance(who, Truth):
                groups = (*groups, who.name)
            place = _over(ranked.rank("dense" if dense else "min", descending=True), groups)
            return (
                nw.when(truth(who, engine)).then(place.cast(nw.Int64)).otherwise(nw.lit(0, dtype=nw.Int64)).alias(name)
            )
        case Below():
            raise AssertionError(step)


def _in_each_row(one: nw.Expr, made_of: Term | Quantity) -> nw.Expr:
    """Make a number that is the same for all a column, since a single number can be neither summed nor ranked."""
    reads = (
        columns_of(made_of.top) | columns_of(made_of.bottom) if isinstance(made_of, Quantity) else columns_of(made_of)
    )
    return one if reads else one + nw.col(DEPTH) * 0


def _over(one: nw.Expr, groups: Sequence[str]) -> nw.Expr:
    return one.over(*groups) if groups else one


def _with_sums_below(frame: Frame, steps: Sequence[Step], engine: Engine) -> Frame:
    """Join to each body the sums over its parts of a kind."""
    for step in steps:
        if isinstance(step, Below):
            parts = frame.filter(nw.col(KIND) == step.kind).select(
                nw.col(PARENT).alias("of"),
                *(_in_each_row(number(term, engine), term).alias(name) for name, term in step.sums),
            )
            names = [name for name, _ in step.sums]
            sums = parts.filter(~nw.col("of").is_null()).group_by("of").agg(*(nw.col(name).sum() for name in names))
            frame = frame.join(sums, left_on=ID, right_on="of", how="left")
            frame = frame.with_columns(*(nw.col(name).fill_null(0).cast(nw.Int64) for name in names))
    return frame
