"""Measures: facts become one measurement each, as things stood on a day; parts are summed before they are divided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from emulation.formulas import read_formula
from emulation.indicators import (
    At,
    Change,
    Count,
    Exclusion,
    Formula,
    Indicator,
    Milestone,
    Number,
    Over,
    Pool,
    Ratio,
    Sample,
    Share,
)
from emulation.measures import NOT_MEANT, UNREPORTED, Measurement, measure
from emulation.names import label
from emulation.observations import Observation, Observations
from emulation.participants import EVERYBODY, Participants, Selector
from emulation.periods import Span, Timetable, Window
from small import DAY, TODAY, body, facts, indicator, share

JUNE, MAY = Span(date(2025, 6, 1), DAY), Span(date(2025, 5, 1), date(2025, 5, 31))
YEAR = Timetable(Span(date(2025, 1, 1), date(2025, 12, 31)), (("may", MAY),))
POOLED = {"pooled": Pool("province", "commune", "missing")}
PARTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=1, max_size=4)


def taken(
    indicators: Sequence[Indicator], reported: Any, *bodies: str, day: date = DAY
) -> dict[str, dict[str, Measurement]]:
    """Measure indicators for bodies; the commune ``a``, where nobody is named."""
    every = Participants(tuple(body(id) for id in bodies or ("a",)))
    observations = reported if isinstance(reported, Observations) else facts(reported)
    return measure(indicators, every, observations, YEAR, day)  # type: ignore[return-value]


def one(source: Indicator, *reported: Observation, day: date = DAY) -> Measurement:
    """Measure one indicator of the commune ``a``."""
    return taken([source], Observations(reported), day=day)[source.id]["a"]


def fact(id: str, value: Any, days: Span = TODAY, **fields: Any) -> Observation:
    """Report something of the commune ``a``."""
    return Observation("a", id, days, value, **fields)


def pool(parts: Sequence[tuple[int, int]], **fields: Any) -> Measurement:
    """Pool the parts of a share from communes to their province."""
    everybody = Participants((body("p", "province"), *(body(f"c{n}", parent="p") for n in range(len(parts)))))
    reported = facts({f"c{n}": {"x_of": of, "x_among": among} for n, (of, among) in enumerate(parts)})
    return measure([share("x", **POOLED | fields)], everybody, reported, YEAR, DAY)["x"]["p"]


# --- pooling -----------------------------------------------------------------------------------------------------


@given(PARTS)
def test_pooled_is_not_the_mean_of_ratios(parts: list[tuple[int, int]]) -> None:
    """The share of a whole is the sum of its parts' numerators over that of their denominators."""
    of, among = sum(part[0] for part in parts), sum(part[1] for part in parts)
    pooled = pool(parts)

    assert (pooled.of, pooled.among) == (of, among)
    assert pooled.value == (Fraction(of, among) if among else None)
    assert pooled.state == ("measured" if among else "zero_denominator")


@given(PARTS.filter(lambda parts: all(among for _, among in parts)))
def test_pooled_lies_between_its_parts(parts: list[tuple[int, int]]) -> None:
    """A pooled share is never below the least or above the greatest of its parts."""
    shares = [Fraction(of, among) for of, among in parts]

    assert min(shares) <= (pool(parts).value or 0) <= max(shares)


@given(PARTS, PARTS)
def test_split_unit(left: list[tuple[int, int]], right: list[tuple[int, int]]) -> None:
    """However bodies are merged before, the whole comes to the same."""
    merged = [(sum(part[0] for part in side), sum(part[1] for part in side)) for side in (left, right)]

    assert pool([*left, *right]).value == pool(merged).value


def test_simpson() -> None:
    """A body better in both of its parts can be worse in the whole, and that is what the whole says."""
    assert pool([(1, 10), (90, 100)]).value == Fraction(91, 110)
    assert pool([(20, 100), (10, 10)]).value == Fraction(30, 110)


def provincial(rows: dict[str, dict[str, Any]], source: Indicator) -> Measurement:
    """Measure an indicator of the province ``p``, whose communes are those that reported."""
    everybody = Participants((body("p", "province"), *(body(id, parent="p") for id in rows)))
    return measure([source], everybody, facts(rows), YEAR, DAY)[source.id]["p"]


def test_a_part_that_is_missing() -> None:
    """A whole with a missing part is missing, or incomplete where the rulebook says that those known will do."""
    rows: dict[str, dict[str, Any]] = {"a": {"x": 3}, "b": {"x": "missing"}, "c": {}}
    known = provincial(rows, indicator("x", pooled=Pool("province", "commune", "known")))

    assert provincial(rows, indicator("x", **POOLED)).because == "parts_missing"
    assert (known.value, known.flags) == (3, ("pooled", "incomplete"))
    assert provincial({"a": {}}, indicator("x", pooled=Pool("province", "commune", "known"))).state == "missing"
    assert provincial({}, indicator("x", **POOLED)).state == "missing"


def test_a_part_to_which_it_does_not_apply() -> None:
    """What does not apply to a part is not missing from the whole."""
    assert provincial({"a": {"x": 3}, "b": {"x": "not_applicable"}}, indicator("x", **POOLED)).value == 3
    assert provincial({"a": {"x": "not_applicable"}}, indicator("x", **POOLED)).state == "not_applicable"


def test_small_samples_pool_into_a_large_one() -> None:
    """A sample is large enough or not for the body it is shown for, so small ones count in the whole's."""
    source = indicator("x", Sample("yes", "asked", 10), **POOLED)
    small, large = {"yes": 4, "asked": 6}, {"yes": 5, "asked": 10}

    assert provincial({"a": small, "b": large}, source).value == Fraction(9, 16)
    assert provincial({"a": small}, source).because == "small_sample"


# --- flows and stocks ----------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=3), st.dates(date(2025, 1, 1), date(2025, 12, 31)))
def test_a_flow_sums_what_was_over_by_a_day(values: list[int], day: date) -> None:
    """What was reported for days inside the window counts as soon as they are over."""
    spans = [Span(date(2025, month, 1), date(2025, month, 28)) for month in (3, 6, 9)][: len(values)]
    found = one(indicator("x", time=Over("period")), *map(fact, "xxx", values, spans), day=day)

    assert found.value == (
        sum(value for value, span in zip(values, spans, strict=True) if span.last <= day) if found.facts else None
    )
    assert [known.span for known in found.facts] == [span for span in spans if span.last <= day]


def test_a_flow_counts_what_lies_inside_its_window() -> None:
    """Days that reach out of the window are none of its days, whether it is a round or written out."""
    reported = (fact("x", 1, MAY), fact("x", 2, JUNE), fact("x", 4, Span(date(2025, 5, 20), date(2025, 6, 2))))

    assert one(indicator("x", time=Over("period")), *reported).value == 7
    assert one(indicator("x", time=Over("may")), *reported).value == 1
    assert one(indicator("x", time=Over(Window(date(2025, 6, 1), workdays=40))), *reported).value == 2


def test_a_stock_is_what_was_last_reported() -> None:
    """A stock is the latest up to the checkpoint, or up to the day asked for, whatever order the rows came in."""
    early, late, future = fact("x", 1, MAY), fact("x", 2), fact("x", 3, Span(date(2025, 7, 1), date(2025, 7, 1)))

    assert one(indicator("x"), late, future, early).value == 2
    assert one(indicator("x", time=At(date(2025, 5, 31))), late, early, future).value == 1
    assert one(indicator("x", time=At(date(2025, 4, 1))), late, early) == UNREPORTED
    assert one(indicator("x", time=None), late) == UNREPORTED


def test_a_stale_stock_is_missing() -> None:
    """A stock that was not reported again in time is missing, counted from the day asked for."""
    old = fact("x", 1, MAY)

    assert one(indicator("x", stale_after=30), old).value == 1
    assert one(indicator("x", stale_after=29), old).because == "stale"
    assert one(indicator("x", stale_after=29, time=At(date(2025, 6, 1))), old, day=date(2025, 12, 31)).value == 1


@pytest.mark.parametrize("state", ["missing", "not_applicable", "zero_denominator", "not_yet_due", "withheld"])
def test_a_reported_state_stands_in_the_place_of_a_value(state: str) -> None:
    """A state flows on with the fact it came from, and is never a number."""
    found = one(indicator("x"), fact("x", None, state=state))

    assert (found.state, found.value, found.because, len(found.facts)) == (state, None, "reported", 1)


def test_silence() -> None:
    """In a sum, what does not apply is passed over; any other state stops it."""
    flow = indicator("x", time=Over("period"))
    none, gap = fact("x", None, MAY, state="not_applicable"), fact("x", None, MAY, state="withheld")

    assert one(flow, none, fact("x", 2)).value == 2
    assert one(flow, gap, fact("x", 2)).state == "withheld"
    assert one(flow, none).state == "not_applicable"
    assert one(flow) == UNREPORTED


def test_a_withheld_value_is_not_used() -> None:
    """A fact that is not published does not count, even if its value stands beside it."""
    hidden = fact("x_of", 3, state="withheld")

    assert one(indicator("x_of"), hidden).state == "withheld"
    assert one(share("x"), hidden, fact("x_among", 4)).state == "withheld"


def test_illustrative_data_say_so() -> None:
    """What is made of made-up data is flagged, ratios and sums too."""
    made_up = fact("x_of", 1, illustrative=True)

    assert one(indicator("x_of"), made_up).flags == ("illustrative",)
    assert one(share("x"), made_up, fact("x_among", 2)).flags == ("illustrative",)
    assert one(share("x", stale_after=5), made_up, fact("x_among", 2)).flags == ("illustrative",)


# --- ratios ------------------------------------------------------------------------------------------------------


@given(st.integers(-9, 9), st.integers(-9, 9))
def test_a_ratio_is_exact(of: int, among: int) -> None:
    """A ratio is the exact quotient with its parts kept, and no number where there is nothing to divide by."""
    found = one(indicator("x", Ratio("of", "among")), fact("of", of), fact("among", among))

    assert (found.of, found.among) == (of, among)
    assert found.value == (Fraction(of, among) if among else None)
    assert found.state == ("measured" if among else "zero_denominator")


def test_a_ratio_of_indicators() -> None:
    """A part of a ratio can be an indicator; its state flows on, the numerator's first."""
    flow = indicator("files", Count(label("files")), time=Over("period"))
    ratio = indicator("x", Ratio("files", "staff"), time=None)
    staff = indicator("staff")

    assert taken([flow, staff, ratio], {"a": {"files": 6, "staff": 4}})["x"]["a"].value == Fraction(3, 2)
    assert taken([flow, staff, ratio], {"a": {"files": "withheld"}})["x"]["a"].state == "withheld"
    assert taken([flow, staff, ratio], {"a": {"files": 6}})["x"]["a"].because == "unreported"


def test_exclusions_are_taken_off_their_side() -> None:
    """Parts left out by law are taken from the numerator, from the denominator, or from both."""
    law = (
        ("posted", Exclusion("Article 3", of="posted_on_time", among="posted")),
        ("appeals", Exclusion("Article 4", among="appeals")),
    )
    source = indicator("x", Share("on_time", "all", law))
    reported = [fact("on_time", 8), fact("all", 14), fact("posted_on_time", 2), fact("posted", 3), fact("appeals", 1)]

    assert one(source, *reported).value == Fraction(8 - 2, 14 - 3 - 1)
    assert one(source, *reported[:-1]).state == "missing"


def test_a_sample_too_small_is_withheld() -> None:
    """A share of those asked is shown from the declared number on, and keeps its parts below it."""
    source = indicator("x", Sample("yes", "asked", 5))
    small = one(source, fact("yes", 3), fact("asked", 4))

    assert one(source, fact("yes", 3), fact("asked", 5)).value == Fraction(3, 5)
    assert (small.state, small.value, small.of, small.among, small.because) == ("withheld", None, 3, 4, "small_sample")
    assert one(source, fact("yes", 0), fact("asked", 0)).state == "withheld"
    assert one(source).state == "missing"


# --- bounds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("censored", "state", "value", "bound"),
    [
        ("bound", "measured", 5, "below"),
        (None, "measured", 5, "below"),
        ("half", "measured", Fraction(5, 2), None),
        ("missing", "missing", None, None),
    ],
)
def test_less_than_five(censored: Any, state: str, value: Any, bound: str | None) -> None:
    """A figure reported as "<5" counts as the indicator says, and a sum with it is a bound too."""
    flow = indicator("x", time=Over("period"), censored=censored)
    alone = one(flow, fact("x", 5, bound="below"))
    summed = one(flow, fact("x", 5, MAY, bound="below"), fact("x", 2))

    assert (alone.state, alone.value, alone.bound) == (state, value, bound)
    assert (summed.value, summed.bound) == (None if value is None else value + 2, bound)


def test_bounds_on_both_sides() -> None:
    """A sum of "<5" and ">3" lies anywhere, so it is not known."""
    flow = indicator("x", time=Over("period"))

    assert one(flow, fact("x", 5, MAY, bound="below"), fact("x", 3, bound="above")).because == "censored"


@pytest.mark.parametrize(
    ("of", "among", "bound"),
    [
        (None, None, None),
        ("above", None, "above"),
        (None, "above", "below"),
        ("below", "above", "below"),
        (None, "below", "above"),
    ],
)
def test_a_ratio_with_a_bound(of: Any, among: Any, bound: str | None) -> None:
    """More in the numerator makes a ratio more, more in the denominator makes it less."""
    found = one(share("x"), fact("x_of", 1, bound=of), fact("x_among", 2, bound=among))

    assert (found.value, found.bound) == (Fraction(1, 2), bound)


def test_a_ratio_with_bounds_that_disagree() -> None:
    """More than something among more than something says nothing, unless there is nothing to divide by."""
    assert one(share("x"), fact("x_of", 1, bound="above"), fact("x_among", 2, bound="above")).state == "missing"
    nothing = one(share("x"), fact("x_of", 1, bound="above"), fact("x_among", 0))
    assert (nothing.state, nothing.bound) == ("zero_denominator", None)


def test_a_pooled_bound() -> None:
    """A whole with a part that is only a bound is a bound."""
    source = indicator("x", **POOLED)
    everybody = Participants((body("p", "province"), body("a", parent="p")))
    bounded = Observations((fact("x", 5, bound="below"),))

    assert measure([source], everybody, bounded, YEAR, DAY)["x"]["p"].bound == "below"


# --- derived -----------------------------------------------------------------------------------------------------


def test_a_formula_measures() -> None:
    """A formula takes other indicators' values; a state among them, a zero or an overflow flows on."""
    x, y = indicator("x"), indicator("y")

    def calculated(text: str, **row: Any) -> Measurement:
        z = indicator("z", Formula(read_formula(text)), time=None)
        return taken([x, y, z], {"a": row})["z"]["a"]

    assert calculated("x + 2*y", x=1, y=3).value == 7
    assert (calculated("x + y", x=1, y="withheld").state, calculated("x + y", x=1).because) == ("withheld", "input:y")
    assert calculated("x/y", x=1, y=0).state == "zero_denominator"
    assert calculated("round(ln(x), 2) + y", x=0, y=1).because == "E207"
    assert calculated("first_known(x, y)", y=4).value == 4


@pytest.mark.parametrize(
    ("counted_as", "then", "value", "state"),
    [
        ("difference", 4, 2, "measured"),
        ("relative", 4, Fraction(1, 2), "measured"),
        ("gap_closed", 4, Fraction(2, 6), "measured"),
        ("relative", 0, None, "zero_denominator"),
        ("gap_closed", 10, None, "zero_denominator"),
        ("difference", "missing", None, "missing"),
    ],
)
def test_a_change(counted_as: Any, then: Any, value: Any, state: str) -> None:
    """A change is a difference, a share of the baseline, or a share of the gap to the goal."""
    change = indicator("z", Change("x", "y", counted_as, 10), time=None)
    found = taken([indicator("x"), indicator("y"), change], {"a": {"x": 6, "y": then}})["z"]["a"]

    assert (found.value, found.state) == (value, state)


def test_a_milestone_is_counted_in_days_late() -> None:
    """A task done is early or late by days; one not done is not yet due, or overdue up to the checkpoint."""
    source = indicator("x", Milestone(date(2025, 6, 20), "days"))
    done = fact("x", date(2025, 6, 15).toordinal())
    overdue = one(source)

    assert one(source, done).value == -5
    assert (overdue.value, overdue.flags) == (10, ("undone",))
    assert one(source, day=date(2025, 6, 20)).state == "not_yet_due"
    assert one(source, fact("x", None, state="not_applicable")).state == "not_applicable"


def test_a_milestone_in_working_days() -> None:
    """Lateness counted in working days leaves out the weekend, and a window of working days is due on its last."""
    friday, monday = date(2025, 6, 20), date(2025, 6, 23)
    done = fact("x", monday.toordinal())
    window = Window(date(2025, 6, 16), workdays=5)

    assert one(indicator("x", Milestone(friday, "workdays")), done).value == 1
    assert one(indicator("x", Milestone(window, "workdays")), done).value == 1
    assert one(indicator("x", Milestone(window, "days")), done).value == 3


def test_whom_it_is_not_for() -> None:
    """An indicator is measured for those it is for, and applies to nobody else."""
    for_provinces = indicator("x", for_=Selector(kind=("province",)))
    made_of_it = indicator("z", Ratio("x", "x"), time=None)

    assert taken([for_provinces], {"a": {"x": 1}})["x"] == {}
    assert taken([for_provinces, made_of_it], {"a": {"x": 1}})["z"]["a"].because == NOT_MEANT.because


@given(PARTS, st.randoms(use_true_random=False))
def test_rows_in_any_order(parts: list[tuple[int, int]], random: Any) -> None:
    """The order of the rows decides nothing."""
    rows = [
        fact(name, value, Span(date(2025, 1, number + 1), date(2025, 1, number + 1)))
        for number, part in enumerate(parts)
        for name, value in zip(("x_of", "x_among"), part, strict=True)
    ]
    shuffled = random.sample(rows, len(rows))

    for source in (
        share("x"),
        share("x", time=Over("period")),
        indicator("x_of"),
        evolve(indicator("x_of"), for_=EVERYBODY),
    ):
        assert one(source, *shuffled) == one(source, *rows)


def test_numbers_are_numbers() -> None:
    """A number is measured as it was reported, whatever its unit."""
    assert one(indicator("x", Number(label("percent"))), fact("x", Fraction(1, 3))).value == Fraction(1, 3)
