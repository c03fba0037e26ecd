"""Facts: strategies for exact numbers, participants, indicators and what is reported of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import Any, TypeAlias

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, SearchStrategy

from emulation.campaign import Campaign
from emulation.criteria import (
    GeometricMean,
    HarmonicMean,
    Mean,
    WeightedSum,
)
from emulation.exact import Mode, Rational, whole_or_fraction
from emulation.formulas import read_formula
from emulation.indicators import (
    At,
    Change,
    Count,
    Formula,
    Indicator,
    Level,
    Milestone,
    Number,
    Over,
    Pool,
    Rank,
    Ratio,
    Sample,
    Share,
    YesNo,
)
from emulation.names import (
    GroupName,
    IndicatorId,
    Kind,
    ParticipantId,
    RoundId,
    label,
)
from emulation.observations import STATES, Observation, Observations
from emulation.participants import EVERYBODY, Participant, Participants, Selector
from emulation.periods import Span, Window

Strategy: TypeAlias = SearchStrategy[Any]

PROVINCE, COMMUNE, CLUSTER = Kind("province"), Kind("commune"), GroupName("cluster")
COMMUNES = Selector(kind=(COMMUNE,))
YEAR = Window(date(2025, 1, 1), to=date(2025, 12, 31))
AS_OF = date(2025, 9, 30)
MODES: tuple[Mode, ...] = ("half_up", "half_even", "half_down", "up", "down", "floor", "ceiling")
LEVELS = ("low", "middle", "high")
WEIGHED = (Mean, WeightedSum, GeometricMean, HarmonicMean)

_SPANS = (Span(date(2025, 1, 1), date(2025, 3, 31)), Span(date(2025, 4, 1), date(2025, 6, 30)))
_DAYS = tuple(Span(span.last, span.last) for span in _SPANS)
seldom = st.integers(0, 7).map(lambda number: number == 7)  # noqa: PLR2004


def pick(draw: DrawFn, options: Sequence[Any]) -> Any:
    """Draw one of a few."""
    return draw(st.sampled_from(options))


@cache
def numbers(least: int = -50, most: int = 50) -> SearchStrategy[Rational]:
    """Exact numbers: whole ones, decimals, thirds."""
    return st.one_of(
        st.integers(least, most),
        st.fractions(least, most, max_denominator=12),
        st.integers(least * 100, most * 100).map(lambda cents: Fraction(cents, 100)),
    ).map(whole_or_fraction)


@cache
def shares() -> SearchStrategy[Rational]:
    """Shares of a whole, from none to all."""
    return st.fractions(0, 1, max_denominator=20).map(whole_or_fraction)


@st.composite
def people(draw: DrawFn, most: int = 5) -> Participants:
    """One or two provinces with communes in clusters; a commune may have ceased to exist."""
    provinces = [Participant(ParticipantId(f"p{n}"), f"Province {n}", PROVINCE) for n in range(draw(st.integers(1, 2)))]
    communes = [
        Participant(
            ParticipantId(f"c{number}"),
            f"Commune {number}",
            COMMUNE,
            draw(st.sampled_from(provinces)).id,
            ((CLUSTER, pick(draw, ("east", "west"))),),
            until=pick(draw, (None, None, None, date(2025, 6, 30))),
        )
        for number in range(draw(st.integers(1, most)))
    ]
    return Participants(tuple(draw(st.permutations([*provinces, *communes]))))


@st.composite
def indicators(draw: DrawFn) -> tuple[Indicator, ...]:
    """Two to five indicators: observed ones of every source, then perhaps some made of them."""
    observed = [draw(_observed(IndicatorId(f"i{number}"))) for number in range(draw(st.integers(2, 3)))]
    ids = tuple(indicator.id for indicator in observed)
    made = [
        Indicator(IndicatorId(f"m{number}"), draw(_derived(ids)), for_=COMMUNES, better=draw(_better()))
        for number in range(draw(st.integers(0, 2)))
    ]
    return (*observed, *made)


@cache
def _better() -> Strategy:
    return st.sampled_from(("higher", "lower"))


@st.composite
def _observed(draw: DrawFn, id: IndicatorId) -> Indicator:
    of, among = IndicatorId(f"{id}_of"), IndicatorId(f"{id}_among")
    source: Any = draw(
        st.sampled_from(
            (
                Share(of, among),
                Ratio(of, among),
                Sample(of, among, draw(st.integers(1, 4))),
                Count(label("things")),
                Number(label("points")),
                YesNo(),
                Level(LEVELS),
                Rank(63),
                Milestone(draw(st.dates(date(2025, 6, 1), date(2025, 12, 1))), pick(draw, ("days", "workdays"))),
            )
        )
    )
    summable = not isinstance(source, Level | Rank | Milestone)
    flow = summable and draw(st.booleans())
    pooled = summable and draw(st.booleans())
    return Indicator(
        id,
        source,
        for_=EVERYBODY if pooled else COMMUNES,
        time=Over(RoundId("period")) if flow else At(pick(draw, ("latest", date(2025, 5, 1)))),
        better=draw(_better()),
        pooled=Pool(PROVINCE, COMMUNE, pick(draw, ("missing", "known"))) if pooled else None,
        stale_after=None if flow else pick(draw, (None, 100)),
        censored=pick(draw, (None, "bound", "half", "missing")),
    )


@st.composite
def _derived(draw: DrawFn, ids: tuple[IndicatorId, ...]) -> Any:
    one, other = draw(st.sampled_from(ids)), draw(st.sampled_from(ids))
    if draw(st.booleans()):
        return Change(one, other, pick(draw, ("difference", "relative", "gap_closed")), draw(numbers()))
    return Formula(read_formula(draw(formulas((one, other)))))


@cache
def formulas(ids: tuple[str, ...]) -> SearchStrategy[str]:
    """Formulas over two ids, as they are written."""
    one, other = ids
    written = (
        f"{one} + 2*{other}",
        f"-({one} - {other})/2",
        f"{one}/{other}",
        f"max({one}, {other}, 1)**2",
        f"first_known({one}, {other}, 3)",
        f"sum_known({one}, {other})",
        f"round(abs({one}) - floor({other}), 1)",
        f"round(sqrt(abs({one})), 4)",
    )
    return st.sampled_from(written)


@st.composite
def observations(draw: DrawFn, campaign: Campaign) -> Observations:
    """Facts for a campaign: measured, in every other state, or not reported at all."""
    facts: list[Observation] = []
    for indicator in campaign.indicators:
        if indicator.time is not None:
            for body in campaign.participants.selected(indicator.for_):
                for span in _SPANS if isinstance(indicator.time, Over) else _DAYS:
                    facts.extend(draw(_reports(indicator, body.id, span)))
    return Observations(tuple(facts))


@st.composite
def _reports(draw: DrawFn, indicator: Indicator, body: ParticipantId, span: Span) -> list[Observation]:
    """Report an indicator, or both parts of a ratio, about some days; or nothing."""
    kind = pick(draw, ("value", "value", "value", "silence", "state"))
    names = indicator.inputs or (indicator.id,)
    if kind == "silence":
        return []
    if kind == "state":
        state = draw(st.sampled_from(STATES[1:]))
        return [Observation(body, names[0], span, state=state)]
    values = draw(_values(indicator.measured_as))
    bound = pick(draw, (None, None, "above", "below")) if isinstance(indicator.measured_as, Number) else None
    return [Observation(body, name, span, value, bound=bound) for name, value in zip(names, values, strict=True)]


@cache
def _values(source: Any) -> Strategy:
    match source:
        case Share() | Sample():
            return st.integers(0, 6).flatmap(lambda among: st.tuples(st.integers(0, among), st.just(among)))
        case Ratio():
            return st.tuples(st.integers(0, 6), st.integers(0, 6))
        case YesNo():
            return st.tuples(st.integers(0, 1))
        case Level(names):
            return st.tuples(st.integers(1, len(names)))
        case Rank(of):
            return st.tuples(st.integers(1, of))
        case Milestone():
            return st.tuples(st.dates(date(2025, 5, 1), date(2025, 12, 31)).map(date.toordinal))
        case Count():
            return st.tuples(st.integers(0, 6))
        case _:
            return st.tuples(numbers(-6, 6))
