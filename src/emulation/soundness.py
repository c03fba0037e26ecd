"""Soundness: whether a scoring tree can be computed as written: weights, maxima, bands, gaps, relative rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import pairwise

from emulation.campaign import Campaign
from emulation.criteria import (
    TOTAL,
    Aggregation,
    BestOf,
    Criterion,
    GeometricMean,
    HarmonicMean,
    Mean,
    Product,
    Sum,
    WeightedSum,
)
from emulation.exact import MAX_DECIMALS, Rational, add_up, common_measure, write_number
from emulation.gaps import Alternative, Drop, Gap, Redistribute, settled
from emulation.grammar import word_for
from emulation.indicators import Indicator, Level, Milestone, Sample, Share
from emulation.names import IndicatorId, near
from emulation.observations import State
from emulation.peers import ByRank, ClusterLeader
from emulation.points import (
    Band,
    Bands,
    Formula,
    Lateness,
    Levels,
    Linear,
    PointsRule,
    Proportional,
    Steps,
    is_relative,
)
from emulation.problems import Path, Problem

_WEIGHED = (Mean, WeightedSum, GeometricMean, HarmonicMean)
_FINEST = 10_000  # the degree of the root of a geometric mean: weights of a hundredth of a percent


def problems_of_criteria(campaign: Campaign) -> Iterator[Problem]:
    """Find what keeps the scoring tree from being computed."""
    yield from _ids(campaign)
    for criterion in campaign.criteria:
        yield from _problems(campaign, criterion, None, ("criteria", criterion.id))
        if criterion.as_ != "base":
            what, there = f"a {criterion.as_} of nothing", ("criteria", criterion.id, "as")
            yield Problem("E159", what, "put it inside a sum", path=there)
    for stage in (campaign.rounding.points, campaign.rounding.groups, campaign.rounding.total):
        if stage is not None and not 0 <= stage <= MAX_DECIMALS:
            yield Problem("E118", f"rounding to {stage} decimals", f"0 to {MAX_DECIMALS}", path=("rounding",))


def _ids(campaign: Campaign) -> Iterator[Problem]:
    seen: set[str] = set()
    for criterion, path in _tree(campaign.criteria, ("criteria",)):
        if criterion.id == TOTAL:
            yield Problem("E132", "'total' is the sum of all criteria", "another id", path=path)
        if criterion.id in seen:
            yield Problem("E132", f"two criteria are called {criterion.id!r}", "ids are unique in the tree", path=path)
        seen.add(criterion.id)


def _tree(criteria: Sequence[Criterion], path: Path) -> Iterator[tuple[Criterion, Path]]:
    for criterion in criteria:
        there = (*path, criterion.id)
        yield criterion, there
        yield from _tree(criterion.parts, _below(criterion, there))


def _below(criterion: Criterion, path: Path) -> Path:
    how = (word_for(type(criterion.earns)),)
    return (*path, *how, "of") if isinstance(criterion.earns, BestOf) else (*path, *how)


def _problems(campaign: Campaign, criterion: Criterion, parent: Criterion | None, path: Path) -> Iterator[Problem]:
    if isinstance(criterion.earns, Aggregation):
        yield from _problems_of_whole(campaign, criterion, path)
        for part in criterion.parts:
            yield from _problems(campaign, part, criterion, (*_below(criterion, path), part.id))
    else:
        yield from _problems_of_leaf(campaign, criterion, path)
        yield from _undeclared_gaps(campaign, criterion, path)
    yield from _problems_as_part(campaign, criterion, parent, path)


# --- criteria made of others -----------------------------------------------------------------------------------


def _problems_of_whole(campaign: Campaign, criterion: Criterion, path: Path) -> Iterator[Problem]:
    for key in ("indicator", "within") if criterion.best_is is None else ("indicator",):
        if getattr(criterion, key) is not None:
            yield Problem("E114", f"a criterion made of others has no {key}", path=(*path, key))
    if not criterion.parts:
        yield Problem("E153", f"{criterion.id} is made of nothing", "at least one criterion", path=path)
    yield from _weight_problems(criterion, path)
    yield from _bonus_problems(criterion, path)
    yield from _maximum_problem(campaign, criterion, path)
    if criterion.coverage is not None:
        yield from _undeclared(campaign, criterion, ["missing"], path)
    if isinstance(criterion.earns, BestOf) and criterion.earns.count < 1:
        what, there = f"the best {criterion.earns.count} of them", (*path, "best_of", "count")
        yield Problem("E131", what, "at least 1", path=there)
    if isinstance(criterion.earns, GeometricMean) and criterion.round is None and campaign.rounding.groups is None:
        yield Problem(
            "E211",
            "a geometric mean is not exact",
            "say how it is rounded: round or rounding.groups",
            path=path,
        )


def _weight_problems(criterion: Criterion, path: Path) -> Iterator[Problem]:
    below = _below(criterion, path)
    written = [part.weight for part in criterion.parts if part.weight is not None]
    if not isinstance(criterion.earns, _WEIGHED):
        for part in criterion.parts:
            if part.weight is not None:
                what, there = f"{word_for(type(criterion.earns))} takes no weights", (*below, part.id, "weight")
                yield Problem("E114", what, "mean and weighted_sum do", path=there)
        return
    for part in criterion.parts:
        if part.weight is None and written:
            expected = "all of them have one, or none where all are equal"
            yield Problem("E158", f"{part.id} has no weight, and others have", expected, path=(*below, part.id))
        elif part.weight is not None and part.weight < 0:
            what = f"a weight of {write_number(part.weight)}"
            yield Problem("E118", what, "0 or more", path=(*below, part.id, "weight"))
    if written and not any(written):
        yield Problem("E119", "all weights are 0", "at least one that counts", path=path)
    step, total = common_measure(written), add_up(written)
    if isinstance(criterion.earns, GeometricMean) and step and total > _FINEST * step:
        yield Problem("E212", "weights too fine for a root", "weights with fewer digits", path=path)
    if criterion.weights_total is not None and total != criterion.weights_total:
        expected = f"{write_number(criterion.weights_total)} is declared"
        yield Problem("E120", f"the weights add up to {write_number(total)}", expected, path=(*path, "weights_total"))


def _bonus_problems(criterion: Criterion, path: Path) -> Iterator[Problem]:
    if any(part.as_ == "bonus" for part in criterion.parts) and criterion.cap is None:
        yield Problem("E143", f"{criterion.id} has a bonus and no cap", "cap: a number, or none", path=path)
    if any(part.as_ == "penalty" for part in criterion.parts) and criterion.floor is None:
        yield Problem("E143", f"{criterion.id} has a penalty and no floor", "floor: a number, or none", path=path)
    if isinstance(criterion.earns, Sum):
        return
    for part in criterion.parts:
        if part.as_ in ("bonus", "penalty"):
            what, there = (
                f"a {part.as_} inside a {word_for(type(criterion.earns))}",
                (*_below(criterion, path), part.id),
            )
            yield Problem("E159", what, "put it inside a sum", path=(*there, "as"))


def _maximum_problem(campaign: Campaign, criterion: Criterion, path: Path) -> Iterator[Problem]:
    """Find a maximum that the parts do not add up to, for some participant it is for."""
    if criterion.max is None or criterion.scale_to is not None or not isinstance(criterion.earns, Sum):
        return
    for body in campaign.participants.selected(criterion.for_):
        parts = [part for part in criterion.parts if part.as_ == "base" and part.for_.selects(body)]
        found = _added([_most(part) for part in parts], criterion)
        if parts and found is not None and found != criterion.max:
            what = f"the parts of {criterion.id} add up to {write_number(found)} for {body.name}"
            yield Problem("E120", what, f"{write_number(criterion.max)} is declared", path=(*path, "max"))
            return


def _most(criterion: Criterion) -> Rational | None:
    """Give a criterion's maximum as declared, or as its parts make it; none where that is not so simple."""
    if criterion.scale_to is not None or criterion.best_is is not None:
        return criterion.scale_to if criterion.best_is is None else criterion.best_is
    if criterion.is_leaf or criterion.max is not None:
        return criterion.max
    if isinstance(criterion.cap, int | Fraction):
        return criterion.cap
    return _added([_most(part) for part in criterion.parts if part.as_ == "base"], criterion)


def _added(parts: Sequence[Rational | None], criterion: Criterion) -> Rational | None:
    known = [part for part in parts if part is not None]
    return add_up(known) if len(known) == len(parts) and isinstance(criterion.earns, Sum) else None


def _problems_as_part(
    campaign: Campaign, criterion: Criterion, parent: Criterion | None, path: Path
) -> Iterator[Problem]:
    beside = {part.id: part for part in (parent.parts if parent else campaign.criteria) if part is not criterion}
    for state, gap in _gaps_of(campaign, criterion):
        there = (*path, state)
        match gap:
            case Redistribute() if parent is not None and not isinstance(parent.earns, Sum):
                what = f"{criterion.id} hands its maximum on inside a {word_for(type(parent.earns))}"
                yield Problem("E167", what, "only parts of a sum can", path=there)
            case Redistribute(to):
                strangers = [id for id in to if id not in beside and id in campaign.criterion]
                expected = f"criteria of the same sum: {', '.join(beside) or 'there are no others'}"
                for id in strangers:
                    yield Problem("E167", f"{id!r} is not beside {criterion.id}", expected, path=there)
            case Alternative(id) if id in campaign.criterion and (id not in beside or beside[id].as_ != "alternative"):
                what = f"{id!r} is no alternative beside {criterion.id}"
                yield Problem("E167", what, "a criterion beside it with as: alternative", path=there)
            case Drop() if parent is not None and isinstance(parent.earns, WeightedSum | Product):
                whole = word_for(type(parent.earns))
                what = f"{criterion.id} is dropped when {_SPOKEN[state]}, and a {whole} is not scaled up for it"
                yield Problem("E168", what, "another rule for the gap, or a mean", path=there)


# --- criteria that are judged themselves -------------------------------------------------------------------------


def _problems_of_leaf(campaign: Campaign, criterion: Criterion, path: Path) -> Iterator[Problem]:
    if criterion.earns is None and criterion.max != 0:
        yield Problem(
            "E153",
            f"{criterion.id} has no points rule",
            "a rule, or max: 0 for what is only tracked",
            path=path,
        )
    if not isinstance(criterion.earns, PointsRule):
        return
    if isinstance(criterion.earns, Formula):
        yield from _formula_problems(campaign, criterion, criterion.earns, path)
    elif criterion.indicator is None:
        yield Problem("E153", f"{criterion.id} lacks its indicator", "what is judged", path=path)
    if criterion.max is None or criterion.max <= criterion.min:
        lacking = f"max: more than {write_number(criterion.min)}"
        yield Problem("E153", f"{criterion.id} lacks its maximum", lacking, path=(*path, "max"))
    if is_relative(criterion.earns) and not _says_relative(criterion.earns):
        word = word_for(type(criterion.earns))
        yield Problem("E147", f"{word} depends on the others", "relative: true", path=(*path, word, "relative"))
    indicator = campaign.indicator.get(criterion.indicator or IndicatorId(""))
    if indicator is not None:
        yield from _fit_problems(criterion, criterion.earns, indicator, path)
    yield from _rule_problems(criterion, criterion.earns, (*path, word_for(type(criterion.earns))))


def _says_relative(rule: PointsRule) -> bool:
    return getattr(rule, "relative", True) is True


def _formula_problems(campaign: Campaign, criterion: Criterion, rule: Formula, path: Path) -> Iterator[Problem]:
    if criterion.indicator is not None:
        yield Problem("E114", "a formula names its own indicators", "no indicator here", path=(*path, "indicator"))
    for name in rule.points.names:
        if name not in campaign.indicator:
            what, there = f"unknown indicator {name!r}", (*path, "formula", "points")
            yield Problem("E135", what, near=near(name, campaign.indicator), path=there)


def _fit_problems(criterion: Criterion, rule: PointsRule, indicator: Indicator, path: Path) -> Iterator[Problem]:
    """Find a rule that does not fit what it judges."""
    if is_relative(rule) and indicator.better is None:
        yield Problem(
            "E160",
            f"{indicator.id} is compared with others, and does not say which way",
            "better: higher or lower",
            path=("indicators", indicator.id),
        )
    match rule:
        case Levels(points):
            yield from _level_problems(dict(points), indicator, (*path, "levels"))
        case Lateness() if not isinstance(indicator.measured_as, Milestone):
            yield Problem("E165", f"{indicator.id} is no milestone", "lateness judges milestones", path=path)
        case Proportional(full_at=full) if (
            isinstance(indicator.measured_as, Share | Sample) and isinstance(full, int) and full > 1
        ):
            yield Problem(
                "E164",
                f"{indicator.id} is a share and never reaches {full}",
                "a share is written with %",
                f"{full}%",
                (*path, "proportional", "full_at"),
            )
        case Proportional(floor=None) if _can_be_negative(indicator):
            yield Problem(
                "E143",
                f"{criterion.id} does not say what a negative {indicator.id} is worth",
                "floor: zero or none",
                path=path,
            )


def _level_problems(points: Mapping[str, Rational], indicator: Indicator, path: Path) -> Iterator[Problem]:
    """Find levels that the indicator does not have, and levels of it without points."""
    if not isinstance(indicator.measured_as, Level):
        yield Problem("E165", f"{indicator.id} is not measured in levels", "an indicator with levels", path=path)
        return
    names = indicator.measured_as.names
    meant = {name: near(name, names) for name in points if name not in names}
    for name, hint in meant.items():
        what, listed = f"{indicator.id} has no level {name!r}", None if hint else ", ".join(names)
        yield Problem("E165", what, listed, hint, (*path, name))
    for name in names:
        if name not in points and name not in meant.values():
            yield Problem("E165", f"the level {name!r} has no points", "points for each level", path=path)


def _can_be_negative(indicator: Indicator) -> bool:
    kind = word_for(type(indicator.measured_as))
    least = indicator.bounds.from_ if indicator.bounds else None
    return kind in ("number", "formula", "change") and (least is None or least < 0)


def _rule_problems(criterion: Criterion, rule: PointsRule, path: Path) -> Iterator[Problem]:
    """Find numbers of a rule that make no sense."""
    match rule:
        case Proportional(full_at=int() | Fraction() as full) if full <= 0:
            yield Problem("E131", "full_at is not above 0", "the value that earns all points", path=(*path, "full_at"))
        case Linear(from_=low, to=high) if low == high:
            yield Problem("E131", "the two goalposts are the same", "two values", path=path)
        case Steps(every=every) if every <= 0:
            yield Problem("E131", "a step has no width", "more than 0", path=(*path, "every"))
        case ByRank(places=places):
            if any(low.top >= high.top for low, high in pairwise(places)):
                yield Problem("E130", "the places do not rise", "top: 10, then top: 20 ...", path=(*path, "places"))
            for number, band in enumerate(places):
                yield from _out_of_scale(criterion, band.points, (*path, "places", str(number), "points"))
            yield from _out_of_scale(criterion, rule.otherwise, (*path, "otherwise"))
        case Levels(points):
            for name, worth in points:
                yield from _out_of_scale(criterion, worth, (*path, name))
        case ClusterLeader(base=base) if not 0 <= base <= 1:
            yield Problem("E131", "the base is no share", "between 0% and 100%", path=(*path, "base"))
        case Bands():
            yield from _band_problems(criterion, rule, path)
        case _:
            pass


def _out_of_scale(criterion: Criterion, worth: Rational, path: Path) -> Iterator[Problem]:
    """Find points that a criterion cannot give."""
    if criterion.max is not None and not criterion.min <= worth <= criterion.max:
        expected = f"{criterion.id} gives {write_number(criterion.min)} to {write_number(criterion.max)}"
        yield Problem("E163", f"{write_number(worth)} points", expected, path=path)


# --- bands -----------------------------------------------------------------------------------------------------------


def _band_problems(criterion: Criterion, rule: Bands, path: Path) -> Iterator[Problem]:
    for number, band in enumerate(rule.of):
        there = (*path, "of", str(number))
        yield from _out_of_scale(criterion, band.points, (*there, "points"))
        if (band.from_ is not None and band.above is not None) or (band.to is not None and band.before is not None):
            yield Problem("E156", "a band begins and ends in one way", "from or above; to or before", path=there)
    ordered = sorted(rule.of, key=_beginning)
    for low, high in pairwise(ordered):
        yield from _seam_problems(rule, low, high, path)
    if rule.otherwise is None and (not ordered or _start(ordered[0]) is not None or _end(ordered[-1]) is not None):
        yield Problem(
            "E128",
            "values below the first band or above the last have no points",
            "otherwise: their points",
            path=path,
        )


def _seam_problems(rule: Bands, low: Band, high: Band, path: Path) -> Iterator[Problem]:
    """Find a gap or an overlap between two neighbouring bands."""
    end, start = _end(low), _start(high)
    if end is None or start is None or end > start:
        yield Problem("E129", f"bands overlap from {_shown(start)} to {_shown(end)}", "bands that touch", path=path)
    elif end < start and rule.otherwise is None:
        yield Problem(
            "E128",
            f"a gap between {_shown(end)} and {_shown(start)}",
            "bands that touch, or otherwise",
            path=path,
        )
    elif end == start:
        below, above = low.to is not None, high.from_ is not None
        if below and above and rule.shared_edge is None:
            yield Problem(
                "E129",
                f"{_shown(end)} belongs to two bands",
                "before, or shared_edge: higher or lower",
                path=path,
            )
        if not below and not above and rule.otherwise is None:
            yield Problem("E128", f"{_shown(end)} belongs to no band", "from or to", path=path)


def _beginning(band: Band) -> tuple[bool, Rational, bool]:
    start = _start(band)
    return start is not None, start if start is not None else 0, band.above is not None


def _start(band: Band) -> Rational | None:
    return band.from_ if band.from_ is not None else band.above


def _end(band: Band) -> Rational | None:
    return band.to if band.to is not None else band.before


def _shown(edge: Rational | None) -> str:
    return "an open end" if edge is None else write_number(edge)


# --- gaps ------------------------------------------------------------------------------------------------------------


def _undeclared_gaps(campaign: Campaign, criterion: Criterion, path: Path) -> Iterator[Problem]:
    """Find states that can occur and are not settled: missing always can, a zero denominator where one divides."""
    if criterion.earns is None:
        return
    states: list[State] = ["missing"]
    formula = criterion.earns.points if isinstance(criterion.earns, Formula) else None
    names = formula.names if formula else (criterion.indicator or "",)
    behind = list(_behind(campaign, names))
    if any(one.can_divide_by_zero for one in behind) or (formula and "/" in formula.text):
        states.append("zero_denominator")
    if any(isinstance(one.measured_as, Milestone) for one in behind):
        states.append("not_yet_due")
    if any(isinstance(one.measured_as, Sample) for one in behind):
        states.append("withheld")
    yield from _undeclared(campaign, criterion, states, path)


_SPOKEN = {
    "missing": "nothing is reported",
    "not_applicable": "it does not apply",
    "zero_denominator": "there is nothing to divide by",
    "not_yet_due": "it is not yet due",
    "withheld": "the value is withheld",
}


def _undeclared(campaign: Campaign, criterion: Criterion, states: Sequence[State], path: Path) -> Iterator[Problem]:
    for state in states:
        if settled(state, lambda asked: criterion.gap(asked) or campaign.gaps.of(asked))[0] is None:
            yield Problem(
                "E143",
                f"{criterion.id} does not say what it is worth when {_SPOKEN[state]}",
                f"{state}: zero, full, drop, unrank, block ... here or in gaps",
                path=path,
            )


def _behind(campaign: Campaign, names: Sequence[str]) -> Iterator[Indicator]:
    """Give indicators and all they are made of, each once."""
    waiting, seen = list(names), set(names)
    while waiting:
        indicator = campaign.indicator.get(IndicatorId(waiting.pop()))
        if indicator is not None:
            yield indicator
            waiting += (below := set(indicator.inputs) - seen)
            seen |= below


def _gaps_of(campaign: Campaign, criterion: Criterion) -> Iterator[tuple[State, Gap]]:
    states: tuple[State, ...] = ("missing", "not_applicable", "zero_denominator", "not_yet_due", "withheld")
    for state in states:
        gap = criterion.gap(state) or campaign.gaps.of(state)
        if gap is not None:
            yield state, gap
