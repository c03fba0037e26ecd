"""Tree: lint of the criteria as a whole: what counts for nothing, what never bites, what silence is worth."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from attrs import evolve, fields_dict

from emulation.campaign import Campaign
from emulation.checks import criterion_paths, records_in
from emulation.criteria import BestOf, Criterion, Sum
from emulation.exact import Rational
from emulation.gaps import Full, Missing, NotApplicable, PeerMean, Points, Unrank, Value
from emulation.indicators import Indicator
from emulation.lint.cast import Player, Stage
from emulation.lint.findings import Finding, figure, spelt
from emulation.lint.ranges import Survey, is_points_rule, most_of, numeric
from emulation.names import IndicatorId, Label
from emulation.observations import State
from emulation.participants import Participant
from emulation.problems import Path

_OTHERWISE = Fraction(3, 4)
_GENEROUS = (Full, Points, Value, PeerMean)


def findings_of_tree(survey: Survey) -> Iterator[Finding]:
    """Find what is odd in how criteria are weighed, capped and filled."""
    campaign, paths = survey.campaign, criterion_paths(survey.campaign)
    for criterion in campaign.criterion.values():
        path = paths[criterion.id]
        like = next(iter(survey.bodies[criterion.id]), None)
        yield from _for_nobody(survey, criterion, path)
        yield from _weightless(criterion, path)
        if like is not None:
            yield from _bonus(campaign, criterion, like, path)
            yield from _moot(campaign, criterion, like, path)
            yield from _silence(survey, criterion, like, path)
    yield from _unused(campaign)


def _for_nobody(survey: Survey, criterion: Criterion, path: Path) -> Iterator[Finding]:
    bodies = survey.bodies[criterion.id]
    indicator = survey.campaign.indicator.get(criterion.indicator or IndicatorId(""))
    if not bodies or (indicator is not None and not any(indicator.for_.selects(body) for body in bodies)):
        yield Finding(
            "L154",
            f"nobody can score on {criterion.id}",
            path,
            f"{criterion.indicator} is measured for others" if bodies else "it is for nobody who takes part",
            "check for on the criterion and on its indicator",
        )


def _weightless(criterion: Criterion, path: Path) -> Iterator[Finding]:
    if criterion.weight == 0:
        yield Finding(
            "L151",
            f"{criterion.id} weighs nothing",
            (*path, "weight"),
            "whatever is reported for it, nobody's points change",
            "give it a weight, or track it with max: 0 and no rule",
        )


def _bonus(campaign: Campaign, criterion: Criterion, like: Participant, path: Path) -> Iterator[Finding]:
    """Find a bonus that those with all base points cannot have."""
    bonus = [part for part in criterion.parts if part.as_ == "bonus"]
    cap = numeric(criterion.cap)
    if not bonus or cap is None:
        return
    base = _most(campaign, criterion, like, ("base",))
    if base is not None and base >= cap:
        extra = _most(campaign, criterion, like, ("bonus",))
        yield Finding(
            "L152",
            f"the cap of {criterion.id} is {figure(cap)}, which its base of {figure(base)} reaches without a bonus",
            (*path, "cap"),
            f"who has {figure(base)} gains nothing from {'any bonus' if extra is None else f'{figure(extra)} more'};"
            " the bonus only makes up for points lost elsewhere",
            "raise the cap, or acknowledge that the bonus only makes good",
        )


def _most(campaign: Campaign, criterion: Criterion, like: Participant, kinds: tuple[str, ...]) -> Rational | None:
    """Give the most that parts of these kinds can bring a participant."""
    parts = tuple(evolve(part, as_="base") for part in criterion.parts if part.as_ in kinds)
    return most_of(campaign, Criterion(criterion.id, Sum(parts)), like)


def _moot(campaign: Campaign, criterion: Criterion, like: Participant, path: Path) -> Iterator[Finding]:
    """Find limits that nothing can ever reach."""
    cap, floor = numeric(criterion.cap), numeric(criterion.floor)
    reach = _most(campaign, criterion, like, ("base", "bonus"))
    if cap is not None and isinstance(criterion.earns, Sum) and reach is not None and reach < cap:
        because = f"its parts come to {figure(reach)}"
        yield _never(f"the cap of {criterion.id} is {figure(cap)}", because, (*path, "cap"))
    lost = _most(campaign, criterion, like, ("penalty",))
    if floor is not None and lost is not None and floor < -lost:
        because = f"its penalties come to {figure(lost)} at most"
        yield _never(f"the floor of {criterion.id} is {figure(floor)}", because, (*path, "floor"))
    most = most_of(campaign, criterion, like)
    for number, one in enumerate(criterion.caps):
        if most is not None and one.at_most >= most:
            because = f"{criterion.id} never has more than {figure(most)}"
            yield _never(f"a cap of {figure(one.at_most)} under a condition", because, (*path, "caps", str(number)))
    if isinstance(criterion.earns, BestOf) and criterion.earns.count >= len(criterion.parts):
        yield _never(
            f"{criterion.id} takes the best {criterion.earns.count}",
            f"it is made of {len(criterion.parts)}",
            (*path, "best_of", "count"),
        )


def _never(what: str, because: str, path: Path) -> Finding:
    return Finding("L153", f"{what}, which changes nothing", path, because, "take it out, or correct the number")


# --- what silence is worth -----------------------------------------------------------------------------------------


def _silence(survey: Survey, leaf: Criterion, like: Participant, path: Path) -> Iterator[Finding]:
    """Find gaps that are worth more than a value: try a body with three quarters of everything else."""
    if not is_points_rule(leaf) or leaf.indicator is None or leaf.as_ in ("penalty", "alternative"):
        return
    campaign, stage, id = survey.campaign, Stage(survey, like), leaf.indicator
    states: tuple[State, ...] = ("missing", "not_applicable", "zero_denominator")
    worst, same, best = (stage.at(id, dial) for dial in (0, _OTHERWISE, 1))
    players = [Player(_OTHERWISE, ((id, pin),)) for pin in (worst, same, best, *states)]
    played = stage.play(players)
    lowest, alike, _, silent, *others = (played.points(number) for number in range(len(players)))
    if silent is not None and lowest is not None and silent > lowest:
        yield Finding(
            "L161",
            f"silence on {leaf.id} earns more than a bad result",
            _declared(leaf, "missing", path),
            f"a body that is three quarters up elsewhere has {figure(lowest)} points with {spelt(campaign, id, worst)}"
            f" here, and {figure(silent)} when it reports nothing",
            "missing: zero, or block until it is reported",
        )
    if isinstance(_gap(campaign, leaf, "missing"), Unrank):
        yield Finding(
            "L163",
            f"silence on {leaf.id} leaves the standing",
            _declared(leaf, "missing", path),
            "who reports nothing has no place, where a bad result would have the last",
            "missing: zero where reports are a duty, or show who is unranked and why",
        )
    for state, points in zip(states[1:], others, strict=True):
        gap = _gap(campaign, leaf, state)
        if isinstance(gap, _GENEROUS) and points is not None and alike is not None and points > alike:
            yield Finding(
                "L162",
                f"having nothing to measure for {leaf.id} earns more than doing well",
                _declared(leaf, state, path),
                f"a body that is three quarters up in everything has {figure(alike)} points, and"
                f" {figure(points)} when this is {state.replace('_', ' ')}: those with little work gain",
                f"{state}: drop, which lets the other criteria decide",
            )


def _gap(campaign: Campaign, leaf: Criterion, state: State) -> object:
    """Give what a state comes to, where it is treated as another too."""
    match leaf.gap(state) or campaign.gaps.of(state):
        case Missing() if state != "missing":
            return leaf.gap("missing") or campaign.gaps.of("missing")
        case NotApplicable() if state != "not_applicable":
            return leaf.gap("not_applicable") or campaign.gaps.of("not_applicable")
        case gap:
            return gap


def _declared(leaf: Criterion, state: State, path: Path) -> Path:
    return (*path, state) if leaf.gap(state) is not None else ("gaps", state)


# --- what nobody looks at ------------------------------------------------------------------------------------------


def _unused(campaign: Campaign) -> Iterator[Finding]:
    rules = evolve(campaign, examples=(), acknowledge=())
    used = {word for one in records_in(rules) for word in _words(one.record)}
    for indicator in campaign.indicators:
        if indicator.id not in used:
            yield Finding(
                "L158",
                f"nothing looks at {indicator.id}",
                ("indicators", indicator.id),
                "it is reported, and decides nothing",
                "judge it, aim at it, rank by it, or take it out; a criterion with max: 0 tracks it",
            )


def _words(record: Any) -> Iterator[str]:
    """Give the texts in a record's own fields, but its labels and, of an indicator, its id."""
    own = "texts" if isinstance(record, Label) else "id" if isinstance(record, Indicator) else None
    for name in fields_dict(type(record)):
        value = getattr(record, name)
        if name != own:
            yield from (one for one in (value if isinstance(value, tuple) else (value,)) if isinstance(one, str))
