"""Checks: whether the rules of a campaign agree with one another; each problem with the path to where it is."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import islice
from typing import Any, NewType, get_args, get_origin

import attrs
from attrs import frozen

from emulation.admission import problems_of as problems_of_admission
from emulation.awards import Award, Places, UpTo
from emulation.campaign import Campaign
from emulation.conditions import (
    All,
    Children,
    Compare,
    Condition,
    CountOf,
    Every,
    None_,
    Place,
    Points,
    Readiness_,
    ShareOf,
    ShareOfMax,
    TargetMet,
)
from emulation.conditions import Any as AnyOf
from emulation.criteria import TOTAL, Criterion
from emulation.exact import write_number
from emulation.grammar import hints, is_bare, is_by_id, is_inline, is_spread, key_for, members_of, word_for
from emulation.indicators import (
    At,
    Change,
    Exclusion,
    Formula,
    Indicator,
    Level,
    Milestone,
    Over,
    Rank,
    Ratio,
    Sample,
    Share,
)
from emulation.limits import Between, Indicator_, Peers
from emulation.mergers import problems_of as problems_of_mergers
from emulation.names import (
    AwardId,
    ClassName,
    CriterionId,
    GroupName,
    IndicatorId,
    Kind,
    ParticipantId,
    RoundId,
    StandingId,
    TargetId,
    near,
)
from emulation.periods import Window, read_offset
from emulation.plausibility import problems_of as problems_of_plausibility
from emulation.problems import SHOWN_AT_MOST, Path, Problem
from emulation.readiness import ByPlace, ClassCap, Override, Quantiles, Readiness, Veto, When
from emulation.registers import problems_of as problems_of_registers
from emulation.soundness import problems_of_criteria
from emulation.standings import Indicator_ as Ranked
from emulation.standings import Key


def problems_of(campaign: Campaign) -> tuple[Problem, ...]:
    """Find everything that does not agree in a campaign's rules; empty for a sound one."""
    written = tuple(records_in(campaign))
    return (
        *_unknown_names(campaign, written),
        *_frame_problems(campaign, written),
        *(problem for indicator in campaign.indicators for problem in _indicator_problems(campaign, indicator)),
        *_circles(campaign),
        *_too_deep(campaign),
        *problems_of_criteria(campaign),
        *_condition_problems(campaign, written),
        *_looking_ahead(campaign, written),
        *_standing_problems(campaign),
        *(problem for rule in campaign.readiness for problem in _readiness_problems(rule)),
        *_classed_twice(campaign),
        *(problem for award in campaign.awards for problem in _award_problems(award)),
        *_award_order_problems(campaign),
        *(problem for rule in campaign.readiness for problem in _class_quota_problems(rule)),
    )


# --- every record of a campaign, with its path ----------------------------------------------------------------


@frozen
class Written:
    """A record as it stands in a campaign, and the path its keys make."""

    record: Any
    path: Path


def records_in(value: Any, path: Path = ()) -> Iterator[Written]:
    """Give every record of a campaign with the path to it, as the YAML's keys make it."""
    if isinstance(value, tuple):
        for number, item in enumerate(value):
            yield from _items_in(item, number, path)
    elif attrs.has(type(value)):
        yield Written(value, path)
        for attribute in attrs.fields(type(value)):
            if attribute.repr and attribute.name not in ("participants", "editions"):
                yield from records_in(getattr(value, attribute.name), _path_to(value, attribute, path))


def _items_in(item: Any, number: int, path: Path) -> Iterator[Written]:
    if attrs.has(type(item)) and is_by_id(type(item)):
        yield from records_in(item, (*path, item.id))
    elif isinstance(item, tuple) and len(item) == 2 and isinstance(item[0], str):  # noqa: PLR2004
        yield from records_in(item[1], (*path, item[0]))
    else:
        yield from records_in(item, (*path, str(number)))


def _path_to(record: Any, attribute: attrs.Attribute[Any], path: Path) -> Path:
    """Give the path of a field's value: records of one field and spread ones add no key of their own."""
    value = getattr(record, attribute.name)
    if is_inline(attribute):
        return path if is_spread(type(value)) else (*path, word_for(type(value)))
    return path if is_bare(type(record)) else (*path, key_for(attribute))


# --- names -----------------------------------------------------------------------------------------------------


def _unknown_names(campaign: Campaign, written: tuple[Written, ...]) -> Iterator[Problem]:
    """Find names of things that are not declared; near ones are sought for those that will be shown."""
    for number, (what, name, words, path) in enumerate(_undeclared(campaign, written)):
        yield _unknown(what, name, words if number < SHOWN_AT_MOST else (), path)


def _undeclared(campaign: Campaign, written: tuple[Written, ...]) -> Iterator[tuple[str, str, Collection[str], Path]]:
    """Find names that are not declared: what they should name, what there is of it, and the path to them."""
    known = _known_names(campaign)
    classes = {rule.id: set(rule.classes) for rule in campaign.readiness}
    for one in written:
        record: Any = type(one.record)
        for attribute in attrs.fields(record):
            if not attribute.repr or (attribute.name == "id" and is_by_id(record)):
                continue
            there = _path_to(one.record, attribute, one.path)
            for name_kind, name, path in _names_in(getattr(one.record, attribute.name), hints(record)[attribute.name]):
                part = name_kind is IndicatorId and isinstance(one.record, Share | Ratio | Sample | Exclusion)
                if part or name_kind not in known:
                    continue  # a part may be observed under a name of its own
                own = name_kind is ClassName and isinstance(one.record, _CLASSING)
                words = classes[one.path[1]] if own else known[name_kind]
                if name not in words:
                    yield _SPOKEN[name_kind], name, words, (*there, *path)


_CLASSING = (Readiness, When, ByPlace, ClassCap, Veto, Override)
_FEW = 8
_DEEPEST = 32


def _unknown(what: str, name: str, words: Collection[str], path: Path) -> Problem:
    """Word a name that is not declared: with the nearest that is, or with all if they are few."""
    hint = near(name, words)
    listed = ", ".join(sorted(words)) if len(words) <= _FEW else None
    return Problem("E135", f"unknown {what} {name!r}", None if hint else listed or None, hint, path)


def _names_in(value: Any, kind: Any) -> Iterator[tuple[Any, str, Path]]:
    """Give the names a field holds, each with what it names and the path to it within the field."""
    for member in members_of(kind):
        if isinstance(member, NewType) and member in _SPOKEN and isinstance(value, str):
            yield member, value, ()
            return
        if get_origin(member) is tuple and isinstance(value, tuple):
            inner = get_args(member)[0]
            for number, item in enumerate(value):
                if get_origin(inner) is tuple:
                    key_kind, value_kind = get_args(inner)
                    for name_kind, name, path in (*_names_in(item[0], key_kind), *_names_in(item[1], value_kind)):
                        yield name_kind, name, (str(item[0]), *path)
                else:
                    yield from ((one, name, (str(number), *path)) for one, name, path in _names_in(item, inner))
            return


_SPOKEN: Mapping[Any, str] = {
    IndicatorId: "indicator",
    CriterionId: "criterion",
    TargetId: "target",
    StandingId: "standing",
    AwardId: "award",
    RoundId: "round",
    Kind: "kind of participant",
    GroupName: "group",
    ClassName: "class",
    ParticipantId: "participant",
}


def _known_names(campaign: Campaign) -> Mapping[Any, set[str]]:
    """Give the names that are declared, by what they name; where nobody takes part, theirs are not asked for."""
    known: dict[Any, set[str]] = {
        IndicatorId: set(campaign.indicator),
        CriterionId: {*campaign.criterion, TOTAL},
        TargetId: {target.id for target in campaign.targets},
        StandingId: {standing.id for standing in campaign.standings},
        AwardId: {award.id for award in campaign.awards},
        RoundId: {"period", *(id for id, _ in campaign.rounds)},
        ClassName: {class_ for rule in campaign.readiness for class_ in rule.classes},
    }
    if campaign.participants.listed:
        known[Kind] = set(campaign.participants.kinds)
        known[GroupName] = set(campaign.participants.group_names)
        known[ParticipantId] = set(campaign.participants.by_id)
    return known


# --- the frame -------------------------------------------------------------------------------------------------


def _frame_problems(campaign: Campaign, written: tuple[Written, ...]) -> Iterator[Problem]:
    for one in written:
        if isinstance(one.record, Window) and (what := one.record.problem()):
            yield Problem("E123", what, path=one.path)
    if not campaign.calendar.workweek:
        yield Problem("E123", "no day is a working day", "workweek: at least one day", path=("calendar", "workweek"))
    yield from problems_of_admission(campaign.admission, campaign.appeals)
    if campaign.time_zone is not None and read_offset(campaign.time_zone) is None:
        yield Problem("E123", f"{campaign.time_zone!r} is no offset", "such as +07:00", path=("time_zone",))
    first_day = campaign.period.from_
    yield from problems_of_mergers(campaign.mergers, campaign.participants, campaign.indicators, first_day)
    yield from problems_of_plausibility(campaign.plausibility, campaign.facts)
    yield from problems_of_registers(campaign.registers, campaign.indicators, campaign.facts)
    stages = campaign.admission.stages
    for indicator in campaign.indicators:
        if indicator.stage is not None and indicator.stage not in stages:
            yield _unknown("stage", indicator.stage, stages, ("indicators", indicator.id, "stage"))


def _indicator_problems(campaign: Campaign, indicator: Indicator) -> Iterator[Problem]:
    path = ("indicators", indicator.id)
    parts = [name for name in indicator.inputs if name not in campaign.indicator]
    match indicator.measured_as:
        case Formula():
            yield from (_unknown("indicator", name, campaign.indicator, (*path, "formula")) for name in parts)
        case Change(counted_as="gap_closed", goal=None):
            yield Problem(
                "E153",
                "gap_closed lacks its goal",
                "the value at which the gap is closed",
                path=(*path, "change"),
            )
        case Sample(at_least=fewest) if fewest < 1:
            yield Problem("E118", f"a sample of {fewest}", "at least one asked", path=(*path, "sample", "at_least"))
        case Level() | Rank() | Milestone() if isinstance(indicator.time, Over):
            yield Problem("E114", f"{indicator.id} cannot be summed over days", "at: latest", path=path)
        case _:
            pass
    if indicator.pooled and isinstance(indicator.measured_as, Level | Rank | Milestone | Formula | Change):
        expected = "pool what it is made of" if indicator.inputs else "a count, a number or a share of a whole"
        yield Problem("E114", f"{indicator.id} cannot be summed over bodies", expected, path=(*path, "pooled"))
    derived = isinstance(indicator.measured_as, Formula | Change) or (bool(indicator.inputs) and not parts)
    if derived and indicator.time is not None:
        yield Problem("E114", "an indicator made of others takes its days from them", "no over or at here", path=path)
    if not derived and indicator.time is None:
        yield Problem("E153", f"{indicator.id} lacks its time", "over: a flow that is summed; at: a stock", path=path)
    if isinstance(indicator.time, Over) and indicator.stale_after is not None:
        yield Problem("E114", "a flow does not grow stale", "stale_after with at: latest", path=(*path, "stale_after"))
    if isinstance(indicator.time, At) and indicator.stale_after is not None and indicator.stale_after < 0:
        yield Problem("E118", "stale_after is negative", "a number of days", path=(*path, "stale_after"))


def _circles(campaign: Campaign) -> Iterator[Problem]:
    """Find indicators that are made of themselves."""
    made_of = _made_of(campaign)
    for circle in islice(iter(lambda: _circle(made_of), ()), SHOWN_AT_MOST):
        yield Problem("E136", f"made of itself: {' -> '.join(circle)}", "no circle", path=("indicators", circle[0]))
        made_of.update((IndicatorId(id), []) for id in circle)


def _made_of(campaign: Campaign) -> dict[IndicatorId, Sequence[str]]:
    return {one.id: [name for name in one.inputs if name in campaign.indicator] for one in campaign.indicators}


def _too_deep(campaign: Campaign) -> Iterator[Problem]:
    """Find the first indicator that is made of others that are made of others, and so on, more often than is sane."""
    made_of, depth = _made_of(campaign), dict[str, int]()
    order = () if _circle(made_of) else TopologicalSorter(made_of).static_order()
    for id in order:
        depth[id] = 1 + max((depth[part] for part in made_of[IndicatorId(id)]), default=0)
        if depth[id] > _DEEPEST:
            yield Problem("E103", f"{id} is made of others {_DEEPEST} deep", "fewer steps", path=("indicators", id))
            return


def _circle(made_of: Mapping[IndicatorId, Sequence[str]]) -> tuple[str, ...]:
    """Give one of the circles, beginning with its first name; none if there is no circle."""
    try:
        TopologicalSorter(made_of).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1][1:]))
        start = circle.index(min(circle))
        return (*circle[start:], *circle[: start + 1])
    return ()


# --- conditions ------------------------------------------------------------------------------------------------


def _condition_problems(campaign: Campaign, written: tuple[Written, ...]) -> Iterator[Problem]:
    looked = [one for one in written if isinstance(one.record, Compare | Children)]
    if looked and campaign.unmeasured is None:
        yield Problem(
            "E143",
            "what a comparison over something not measured comes to is not declared",
            "unmeasured: not_met or undecided",
            path=(),
        )
    for one in looked:
        match one.record:
            case Compare(Indicator_(id), limit) if not isinstance(limit, Between):
                yield from _percent_problem(campaign, id, limit.bound, (*one.path, word_for(type(limit))))
            case Children(counting=ShareOf() | CountOf(), limit=None):
                yield Problem(
                    "E153",
                    "share_of and count_of lack their limit",
                    "at_least, above, at_most ...",
                    path=one.path,
                )
            case Children(counting=counting, limit=limit) if limit is not None and not isinstance(
                counting, ShareOf | CountOf
            ):
                what, there = f"{word_for(type(counting))} takes no limit", (*one.path, word_for(type(limit)))
                yield Problem("E114", what, "only share_of and count_of do", path=there)
    for one in written:
        match one.record:
            case Peers(relative=False):
                expected = "relative: true"
                yield Problem("E147", "a figure of the field makes the result relative", expected, path=one.path)
            case Peers(peers="mean_of_best", count=count) if count is None or count < 1:
                yield Problem("E153", "mean_of_best lacks its count", "count: how many the best are", path=one.path)
            case Compare(Points() | ShareOfMax() | Place(), limit) if _of_no_indicator(limit):
                yield Problem("E153", "a figure of the field lacks its indicators", "of: indicators", path=one.path)


def _of_no_indicator(limit: Any) -> bool:
    return not isinstance(limit, Between) and isinstance(limit.bound, Peers) and not limit.bound.of


def _looking_ahead(campaign: Campaign, written: tuple[Written, ...]) -> Iterator[Problem]:
    """Find conditions on what is judged only after them: points come first, then targets, then classes."""
    early = "a condition on indicators: nothing else is judged before points"
    for one in written:
        if one.path[:1] == ("criteria",) and (later := _judged_later(one.record)):
            yield Problem("E169", f"{later} is not known yet", early, path=(*one.path, later))
    for target in campaign.targets:
        if any(isinstance(one, TargetMet | Readiness_) for one in _of_itself(target.condition)):
            expected = "a class or target of children, or a condition of its own"
            yield Problem("E169", "targets are judged before classes", expected, path=("targets", target.id))
    for rule in campaign.readiness:
        conditions = [one for _, one in rule.classing.classes] if isinstance(rule.classing, When) else []
        conditions += [*(cap.when for cap in rule.caps), *(veto.when for veto in rule.vetoes)]
        if any(isinstance(one, Readiness_) for when in conditions for one in _of_itself(when)):
            expected = "a class of children, or a condition of its own"
            yield Problem("E169", "a class cannot depend on itself", expected, path=("readiness", rule.id))


def _judged_later(record: Any) -> str | None:
    """Give the word of a condition that looks at points, places, targets or classes; none for another."""
    match record:
        case Compare(Points() | ShareOfMax() | Place() as subject):
            return word_for(type(subject))
        case Every() | TargetMet() | Readiness_():
            return word_for(type(record))
        case Children(counting=counting) if isinstance(counting.condition, str):
            return word_for(type(counting))
        case _:
            return None


def _of_itself(condition: Condition) -> Iterator[Condition]:
    """Give what a condition says of the participant itself, not of its children."""
    yield condition
    if isinstance(condition, All | AnyOf | None_):
        for part in condition.of:
            yield from _of_itself(part)


def _percent_problem(campaign: Campaign, id: IndicatorId, bound: Any, path: Path) -> Iterator[Problem]:
    """Find 80 where 80% is meant: a share of a whole is never more than 1."""
    indicator = campaign.indicator.get(id)
    if indicator and isinstance(indicator.measured_as, Share | Sample) and isinstance(bound, int) and bound > 1:
        yield Problem(
            "E164",
            f"{id} is a share and never reaches {bound}",
            "a share is written with %",
            f"{bound}%",
            path,
        )


# --- standings, classes, awards ----------------------------------------------------------------------------------


def _standing_problems(campaign: Campaign) -> Iterator[Problem]:
    for standing in campaign.standings:
        path = ("standings", standing.id)
        if not standing.by:
            yield Problem("E153", f"{standing.id} does not say by what", "at least one key", path=(*path, "by"))
        for key in (*standing.by, *standing.then):
            match key:
                case Key(Ranked(id), None) if id in campaign.indicator and campaign.indicator[id].better is None:
                    what = f"{id} is compared with others, and does not say which way"
                    yield Problem("E160", what, "better: higher or lower", path=("indicators", id))


def _readiness_problems(rule: Readiness) -> Iterator[Problem]:
    path = ("readiness", rule.id)
    if rule.otherwise is None and not isinstance(rule.classing, Quantiles):
        yield Problem("E143", f"{rule.id} does not say what all others are", "otherwise: a class", path=path)
    for number, class_ in enumerate(rule.classes):
        if class_ in rule.classes[:number]:
            yield Problem("E132", f"{class_!r} is listed twice", path=(*path, "classes", str(number)))


def _classed_twice(campaign: Campaign) -> Iterator[Problem]:
    """Find participants for whom two rules give a class; one for each rule will do."""
    classed: dict[ParticipantId, str] = {}
    for rule in campaign.readiness:
        bodies = campaign.participants.selected(rule.for_)
        if both := next((body for body in bodies if body.id in classed), None):
            what = f"{classed[both.id]} and {rule.id} both class {both.name}"
            yield Problem("E166", what, "one rule for each participant", path=("readiness", rule.id))
        classed.update((body.id, rule.id) for body in bodies)


def _award_problems(award: Award) -> Iterator[Problem]:
    path = ("awards", award.id)
    if award.standing is None and award.quota is not None:
        yield Problem("E153", f"{award.id} has a quota and no standing", "the standing whose order decides", path=path)
    if award.standing is not None and award.quota is not None and award.border is None:
        expected = "border: decision, share, none or share_within"
        yield Problem("E142", f"{award.id} does not say what a tie at its border means", expected, path=path)
    match award.quota:
        case Places(count) if count < 1:
            yield Problem("E141", f"a quota of {count}", "at least one place", path=(*path, "places"))
        case UpTo(share) if not 0 < share <= 1:
            yield Problem("E141", f"a quota of {write_number(share)}", "above 0 and up to 100%", path=(*path, "up_to"))


def _class_quota_problems(rule: Readiness) -> Iterator[Problem]:
    for number, quota in enumerate(rule.quotas):
        path = ("readiness", rule.id, "quotas", str(number))
        if not 0 < quota.share <= 1:
            what = f"a quota of {write_number(quota.share)}"
            yield Problem("E141", what, "above 0 and up to 100%", path=(*path, "share"))
        if not quota.of:
            yield Problem("E153", "a quota of nobody", "of: the classes it is a share of", path=(*path, "of"))
        if quota.class_ not in rule.classes:
            yield _unknown("class", quota.class_, rule.classes, (*path, "class"))
        elif quota.class_ == rule.classes[-1]:
            expected = "any other class"
            yield Problem("E114", f"there is no class below {quota.class_} to move to", expected, path=(*path, "class"))


def _award_order_problems(campaign: Campaign) -> Iterator[Problem]:
    """Find awards that exclude others given after them, and revoked ones whose place has no declared fate."""
    before: set[AwardId] = set()
    revoked = {one.award for one in campaign.rulings if one.ruling == "revoked"}
    for award in campaign.awards:
        path = ("awards", award.id)
        for other in award.not_with:
            if other not in before and other in (one.id for one in campaign.awards):
                yield Problem("E114", f"{other} is not given before {award.id}", "awards in their order", path=path)
        if award.id in revoked and award.vacated is None:
            yield Problem("E153", f"{award.id} is revoked", "vacated: passes_on or stays_empty", path=path)
        before.add(award.id)


def criterion_paths(campaign: Campaign) -> Mapping[CriterionId, Path]:
    """Give the path to each criterion of the tree."""
    return {
        one.record.id: one.path
        for one in records_in(campaign.criteria, ("criteria",))
        if isinstance(one.record, Criterion)
    }
