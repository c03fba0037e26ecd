"""Lines: points counted in whole numbers, and records made on asking, are those of the rules themselves."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from emulation import totals
from emulation.campaign import Campaign
from emulation.criteria import Criterion, Round, Rounding, Sum
from emulation.exact import Mode, Rational, divide, rounded
from emulation.gaps import Gaps, Unrank, Zero
from emulation.indicators import At, Indicator, Ratio
from emulation.lines import Line, line_of
from emulation.measures import Parts
from emulation.names import CriterionId, IndicatorId, Kind, ParticipantId, StandingId, label
from emulation.observations import Observation, Observations, State
from emulation.outcome import Outcome, score
from emulation.participants import Participant, Participants
from emulation.periods import Span, Window
from emulation.points import Linear, PerUnit, PointsRule, Proportional, Steps
from emulation.scales import Field, Scale
from emulation.standings import Key, Points, Standing
from emulation.testing.contests import contests

MODES: tuple[Mode, ...] = ("half_up", "half_even", "half_down", "up", "down", "floor", "ceiling")
NUMBERS = st.sampled_from([0, 1, 2, 3, 5, 10, divide(1, 2), divide(4, 5), divide(1, 3), -1, divide(-1, 4)])
ABOVE_ZERO = st.sampled_from([1, 2, 4, divide(1, 2), divide(4, 5), divide(2, 3)])
CAPS = st.sampled_from(["full", "none"])
RULES: st.SearchStrategy[PointsRule] = st.one_of(
    st.builds(Proportional, ABOVE_ZERO, CAPS, st.none() | ABOVE_ZERO),
    st.builds(PerUnit, NUMBERS, CAPS),
    st.builds(Linear, NUMBERS, NUMBERS, st.sampled_from(["both", "low", "high", "none"])),
    st.builds(Steps, NUMBERS, NUMBERS, ABOVE_ZERO, NUMBERS, st.sampled_from(["pro_rata", "whole"])),
)
DAY = Span(date(2025, 6, 30), date(2025, 6, 30))


@st.composite
def drives(draw: st.DrawFn) -> tuple[Campaign, Observations]:
    """Give a campaign of lines in plain sums, in which most cells are plainly measured."""
    ids = [ParticipantId(one) for one in "abcd"]
    numbers = range(draw(st.integers(1, 3)))
    rules = [draw(st.builds(Proportional, ABOVE_ZERO, CAPS) | st.builds(PerUnit, ABOVE_ZERO, CAPS)) for _ in numbers]
    places = ["base", *(draw(st.sampled_from(["base", "bonus", "penalty"])) for _ in numbers[1:])]
    leaves = tuple(
        Criterion(CriterionId(f"c{one}"), rules[one], indicator=IndicatorId(f"i{one}"), max=10, as_=places[one])  # type: ignore[arg-type]
        for one in numbers
    )
    grouped = draw(st.booleans())
    criteria = (Criterion(CriterionId("all"), Sum(leaves), cap="none", floor="none"),) if grouped else leaves
    mode, decimals = draw(st.sampled_from(MODES)), st.none() | st.integers(0, 2)
    rounding = Rounding(
        mode, draw(st.sampled_from(["rounded", "exact"])), draw(st.integers(0, 2)), *draw(st.tuples(decimals, decimals))
    )
    told = [
        Observation(id, f"{part}{one}", DAY, draw(st.integers(low, 8)), draw(STATED))
        for id in ids
        for one in numbers
        for part, low in (("of", 0), ("among", 0 if draw(RARELY) else 1))
        if not draw(RARELY)
    ]
    told = [one if one.state == "measured" else evolve(one, value=None) for one in told]
    campaign = Campaign(
        "drive",
        label("Drive"),
        Window(date(2025, 1, 1), to=date(2025, 12, 31)),
        Participants(tuple(Participant(id, id.upper(), Kind("commune")) for id in ids)),
        "report",
        indicators=tuple(
            Indicator(
                IndicatorId(f"i{one}"), Ratio(IndicatorId(f"of{one}"), IndicatorId(f"among{one}")), time=At("latest")
            )
            for one in numbers
        ),
        criteria=criteria,
        gaps=Gaps(missing=draw(st.sampled_from([Zero(), Unrank(), None])), zero_denominator=Zero(), withheld=Zero()),
        rounding=rounding,
        standings=(Standing(StandingId("total"), (Key(Points(CriterionId("total"))),), "shared"),),
    )
    return campaign, Observations(tuple(told))


RARELY = st.integers(0, 9).map(lambda dice: dice == 0)
STATED: st.SearchStrategy[State] = st.integers(0, 19).map(lambda dice: "withheld" if dice == 0 else "measured")


def in_full(campaign: Campaign, facts: Observations) -> Outcome:
    """Score with every record made by the rules themselves, none counted."""
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(totals, "line_of", lambda *_: None)
        return score(campaign, facts)


@given(contests() | drives(), st.randoms(use_true_random=False))
def test_records_made_on_asking(contest: tuple[Campaign, Observations], dice: Any) -> None:
    """Whatever is asked first, all that the stages say is what they say when each cell is judged in turn."""
    ours, reference = score(*contest), in_full(*contest)
    asked = [(id, body) for id, column in ours.scores.items() for body in column]
    dice.shuffle(asked)

    assert [ours.scores[id][body] for id, body in asked] == [reference.scores[id][body] for id, body in asked]
    assert ours.scores == reference.scores
    assert ours.measurements == reference.measurements
    assert (ours.standings, ours.aims, ours.classes) == (reference.standings, reference.aims, reference.classes)
    assert (ours.awards, ours.problems) == (reference.awards, reference.problems)
    assert list(ours) == list(reference)


@given(contests() | drives())
def test_counted_points_are_those_of_the_records(contest: tuple[Campaign, Observations]) -> None:
    """The points and the maximum known without a record are those the record says."""
    for column in score(*contest).scores.values():
        known = {body: (column.points_of(body), column.most_of(body)) for body in column}
        assert known == {body: (one.points, one.most) for body, one in column.items()}
        assert (column.points, column.maxima) == (
            {body: points for body, (points, _) in known.items()},
            {body: most for body, (_, most) in known.items()},
        )


@pytest.mark.parametrize("mode", [mode for mode in MODES if mode != "half_even"])
@given(RULES, st.sampled_from([(0, 10), (0, 5), (1, 10), (5, 5), (-1, 4), (4, 1), (0, divide(15, 2))]))
def test_a_line_is_its_rule(mode: Mode, rule: PointsRule, ends: tuple[Rational, Rational]) -> None:
    """A rule that is compiled gives what the rule gives, rounded as declared, wherever the value lies."""
    line = line_of(Criterion(CriterionId("c"), rule, min=ends[0], max=ends[1]), Round(1, mode, "rounded"))
    assume(line is not None)
    values: dict[Any, tuple[int, int]] = {f"{of}/{among}": (of, among) for of in range(13) for among in (1, 2, 4, 5, 8)}
    parts = Parts({id: of for id, (of, _) in values.items()}, {id: among for id, (_, among) in values.items()})
    field = Field({}, lambda *_: None)
    earned = {
        id: rule.earned(divide(*value), ParticipantId("b"), Scale(*ends), field).points for id, value in values.items()
    }

    again = {id: divide(points, 10) for id, points in cast("Line", line).over(parts, list(values)).items()}
    assert again == {id: rounded(cast("Rational", points), 1, mode) for id, points in earned.items()}
