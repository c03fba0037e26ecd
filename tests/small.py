"""Small: contests of a few invented bodies, for tests that state one fact."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import settings

from emulation.campaign import Campaign
from emulation.checks import problems_of
from emulation.conditions import Compare
from emulation.criteria import TOTAL, Criterion
from emulation.exact import Rational
from emulation.gaps import Zero
from emulation.indicators import At, Indicator, Number, Share, Source
from emulation.limits import AtLeast, Indicator_
from emulation.names import label
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.participants import Participant, Participants
from emulation.periods import Span, Window
from emulation.points import Proportional
from emulation.standings import Key, Points, Standing

DAY = date(2025, 6, 30)
FEW = settings(max_examples=settings().max_examples * 2 // 5)  # of whole contests, which take long to draw
YEAR = Window(date(2025, 1, 1), to=date(2025, 12, 31))
TODAY = Span(DAY, DAY)

Values = Mapping[str, Mapping[str, Rational | str]]
"""For each body, what was reported of each indicator: a number, or a state in words."""


def body(id: str, kind: str = "commune", parent: str | None = None, **groups: str) -> Participant:
    """Give a participant called by its id."""
    return Participant(id, id.upper(), kind, parent, tuple(groups.items()))


def indicator(id: str, source: Source | None = None, **fields: Any) -> Indicator:
    """Give an indicator observed as a stock, of which more is better."""
    return Indicator(id, source or Number(label("points")), **{"time": At("latest"), "better": "higher"} | fields)


def share(id: str, **fields: Any) -> Indicator:
    """Give an indicator that is a part of a whole."""
    return indicator(id, Share(f"{id}_of", f"{id}_among"), **fields)


def facts(values: Values, days: Span = TODAY) -> Observations:
    """Report what stands in a table of bodies and facts."""
    return Observations(
        tuple(
            Observation(id, fact, days, state=value) if isinstance(value, str) else Observation(id, fact, days, value)
            for id, row in values.items()
            for fact, value in row.items()
        )
    )


def leaf(id: str, earns: Any = None, **fields: Any) -> Criterion:
    """Give a criterion of ten points that judges the indicator of its own name; a value of 10 earns them all."""
    rule = Proportional(10, "none", floor="none") if earns is None else earns
    return Criterion(id, rule, **{"indicator": id, "max": 10, "missing": Zero()} | fields)


def whole(id: str, earns: Any, **fields: Any) -> Criterion:
    """Give a criterion made of others."""
    return Criterion(id, earns, **fields)


def by_total(**fields: Any) -> Standing:
    """Rank by the total, ties shared."""
    rule: dict[str, Any] = {"id": "by_total", "by": (Key(Points(TOTAL)),), "ties": "shared"}
    return Standing(**rule | fields)


def at_least(id: str, bound: Any) -> Compare:
    """Ask that an indicator reaches a bound."""
    return Compare(Indicator_(id), AtLeast(bound))


def campaign(*bodies: Participant, **rules: Any) -> Campaign:
    """Give a campaign of the year for some bodies."""
    frame = {"period": YEAR, "set_aside": "report", "as_of": DAY, "unmeasured": "not_met"}
    return Campaign("small", label("Small"), participants=Participants(bodies), **frame | rules)


def contest(values: Values, *criteria: Criterion, **rules: Any) -> tuple[Campaign, Observations]:
    """Give a campaign of the bodies and indicators that a table of values names, and the table as facts."""
    ids = dict.fromkeys(id for row in values.values() for id in row)
    frame = {"criteria": criteria, "indicators": tuple(indicator(id) for id in ids)}
    bodies = rules.pop("bodies", tuple(body(id) for id in values))
    return campaign(*bodies, **frame | rules), facts(values)


def outcome(values: Values, *criteria: Criterion, **rules: Any) -> Outcome:
    """Score a campaign of the bodies and indicators that a table of values names."""
    return score(*contest(values, *criteria, **rules))


def points(came_to: Outcome, criterion: str = TOTAL) -> dict[str, Rational | None]:
    """Give everybody's points in a criterion."""
    return {id: scored.points for id, scored in came_to.scores[criterion].items()}


def branches(came_to: Outcome, criterion: str = TOTAL) -> dict[str, str]:
    """Give the way everybody's points in a criterion came about."""
    return {id: scored.branch for id, scored in came_to.scores[criterion].items()}


def places(came_to: Outcome, standing: str = "by_total") -> dict[str, int | None]:
    """Give everybody's place in a standing."""
    return {id: placed.place for id, placed in came_to.standings[standing].items()}


def codes(rules: Campaign) -> list[str]:
    """Give the codes of what does not agree in a campaign's rules."""
    return [problem.code for problem in problems_of(rules)]
