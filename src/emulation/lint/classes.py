"""Classes: lint of readiness: classes nobody reaches, classes that depend on others, edges on rounded points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial

from emulation.campaign import Campaign
from emulation.checks import records_in
from emulation.conditions import Children, Compare, Every, NoneAre, Place, Points, ShareOf, ShareOfMax, Subject
from emulation.exact import Rational, rounded
from emulation.grammar import word_for
from emulation.limits import AtLeast, Between, Equals, Indicator_, Limit, Peers, meets
from emulation.lint.findings import Finding, figure, listed, percent, spelt
from emulation.lint.ranges import Survey, edges, implies, numeric, range_of, verdict
from emulation.lint.trial import tried_out
from emulation.names import CriterionId, Kind
from emulation.participants import Participant
from emulation.problems import Path
from emulation.readiness import ByPlace, Quantiles, Readiness, When


def findings_of_classes(survey: Survey) -> Iterator[Finding]:
    """Find what is odd in the classes and in what gives them."""
    campaign = survey.campaign
    for rule in campaign.readiness:
        path: Path = ("readiness", rule.id)
        bodies = campaign.participants.selected(rule.for_)
        yield from _relative(rule, path)
        if isinstance(rule.classing, When):
            yield from _unreachable(campaign, rule, rule.classing, bodies, path)
            yield from _childless(campaign, rule, bodies, path)
            yield from tried_out(survey, rule, rule.classing, bodies, path)
    yield from _on_rounded(campaign)
    yield from _settled(campaign)


# --- classes nobody reaches ------------------------------------------------------------------------------------


def _unreachable(
    campaign: Campaign, rule: Readiness, when: When, bodies: Sequence[Participant], path: Path
) -> Iterator[Finding]:
    conditions = dict(when.classes)
    given = {rule.otherwise, *(cap.at_most for cap in rule.caps), *(veto.class_ for veto in rule.vetoes)}
    given |= {override.class_ for override in rule.overrides}
    kinds: dict[Kind, list[Participant]] = {}
    for body in bodies:
        kinds.setdefault(body.kind, []).append(body)
    for number, class_ in enumerate(rule.classes):
        better = [one for one in rule.classes[:number] if one in conditions]
        if class_ in given:
            continue
        if class_ not in conditions:
            yield _nobody(class_, "it has no condition, and is not otherwise", (*path, "classes"))
            continue
        hidden = next((one for one in better if implies(conditions[class_], conditions[one])), None)
        never = [kind for kind, members in kinds.items() if verdict(campaign, conditions[class_], members) == "never"]
        if hidden is not None:
            yield _nobody(class_, f"whoever meets its condition is {hidden} already", (*path, "when", class_))
        elif never:
            whom = "anybody" if len(never) == len(kinds) else f"a {listed(never)}"
            yield _nobody(class_, f"its condition cannot hold for {whom}", (*path, "when", class_))


def _nobody(class_: str, because: str, path: Path) -> Finding:
    remedy = "check the numbers against the maxima, and the order of the classes"
    return Finding("L141", f"nobody can be {class_}", path, because, remedy)


# --- classes that depend on others -----------------------------------------------------------------------------


def _relative(rule: Readiness, path: Path) -> Iterator[Finding]:
    match rule.classing:
        case ByPlace(standing, shares):
            told = listed([f"{percent(share)} are {class_}" for class_, share in shares])
            because = f"of those ranked in {standing}, {told}, whatever they reach: one rises only when another falls"
            yield _contest(rule, because, (*path, "by_place"))
        case Quantiles(standing):
            ends = f"as many are {rule.classes[-1]} as {rule.classes[0]}"
            because = f"of those ranked in {standing}, {ends}, however good all are"
            yield _contest(rule, because, (*path, "quantiles"))
        case When():
            for one in records_in(rule, path):
                there = one.path
                match one.record:
                    case Compare(Place(standing)):
                        because = f"when another improves, a body can fall in {standing} and lose its class with it"
                        yield _contest(rule, because, there)
                    case Compare(limit=limit) if not isinstance(limit, Between) and isinstance(limit.bound, Peers):
                        because = f"the {limit.bound.peers.replace('_', ' ')} moves with the field that it judges"
                        yield _contest(rule, because, there)
                    case _:
                        continue


def _contest(rule: Readiness, because: str, path: Path) -> Finding:
    return Finding(
        "L144",
        f"the classes of {rule.id} depend on the others",
        path,
        because,
        "give classes by written thresholds, and let awards reward places",
    )


def _childless(campaign: Campaign, rule: Readiness, bodies: Sequence[Participant], path: Path) -> Iterator[Finding]:
    for one in records_in(rule, path):
        record = one.record
        if isinstance(record, Children) and isinstance(record.counting, NoneAre):
            without = [body for body in bodies if not _children(campaign, body, record.children)]
            if without:
                yield Finding(
                    "L145",
                    f"no {record.children} of {without[0].name} can be in the class, as it has none",
                    one.path,
                    f"none_are holds for {len(without)} of {len(bodies)} because there is nobody to look at",
                    "ask for some as well (count_of ... at_least: 1), or leave those without any out of for",
                )


def _children(campaign: Campaign, body: Participant, kind: Kind) -> list[Participant]:
    return [child for child in campaign.participants.children.get(body.id, ()) if child.kind == kind]


# --- edges on rounded points -----------------------------------------------------------------------------------


def _on_rounded(campaign: Campaign) -> Iterator[Finding]:
    """Find a threshold that a rounded number passes and the exact one does not, or the reverse."""
    if campaign.rounding.decide_on != "rounded":
        return
    for one in records_in(campaign):
        if isinstance(one.record, Compare) and isinstance(one.record.subject, Points):
            yield from _moved(campaign, one.record.subject.criterion, one.record.limit, one.path)


def _moved(campaign: Campaign, id: CriterionId, limit: Limit, path: Path) -> Iterator[Finding]:
    decimals = _decimals(campaign, id)
    if decimals is None or isinstance(limit, Equals):
        return
    hair = Fraction(1, 10 ** (decimals + 1))
    for edge in edges(limit):
        for exact in (edge + step * hair for step in (-4, -5, -6, -9, 4, 5, 6, 9)):
            seen = rounded(exact, decimals, campaign.rounding.mode)
            before, after = (_kept(limit, value) for value in (exact, seen))
            if before != after:
                yield Finding(
                    "L133",
                    f"{id} is compared with {figure(edge)} after it is rounded to {decimals} decimals",
                    path,
                    f"{figure(exact)} counts as {figure(seen)}, which is {'inside' if after else 'outside'},"
                    f" and is {'inside' if before else 'outside'} itself",
                    "decide_on: exact, or acknowledge that the published figure decides",
                )
                return


def _kept(limit: Limit, value: Rational) -> bool | None:
    bound = None if isinstance(limit, Between) else numeric(limit.bound)
    return meets(limit, value, bound)


def _decimals(campaign: Campaign, id: CriterionId) -> int | None:
    criterion = campaign.criterion.get(id)
    if criterion is None:
        return campaign.rounding.total
    if criterion.round is not None:
        return criterion.round.decimals
    return campaign.rounding.points if criterion.is_leaf else campaign.rounding.groups


# --- settled before it begins ------------------------------------------------------------------------------------


def _settled(campaign: Campaign) -> Iterator[Finding]:
    """Find comparisons that nobody can fail, or nobody can meet."""
    for one in records_in(campaign):
        if not isinstance(one.record, Compare | Children | Every):
            continue
        held = verdict(campaign, one.record, tuple(campaign.participants))
        if held is not None:
            yield Finding(
                "L131",
                f"nobody can {'fail' if held == 'always' else 'meet'} this: {_said(campaign, one.record)}",
                one.path,
                _why(campaign, one.record),
                "correct the number" if held == "never" else "take it out, or correct the number",
            )


def _said(campaign: Campaign, condition: Compare | Children | Every) -> str:
    limit = condition.limit or AtLeast(1)
    spell = partial(_spell, campaign, condition)
    ends = listed([spell(end) for end in edges(limit)])
    return f"{_subject(condition)} {word_for(type(limit)).replace('_', ' ')} {ends}"


def _subject(condition: Compare | Children | Every) -> str:
    match condition:
        case Compare(subject):
            return _name(subject)
        case Every():
            return "points of every criterion"
        case Children(kind, counting):
            return f"{word_for(type(counting)).replace('_', ' ')} {kind}"


def _name(subject: Subject) -> str:
    match subject:
        case Indicator_(id):
            return id
        case Points(id) | ShareOfMax(id):
            return f"points of {id}"
        case Place(id):
            return f"the place in {id}"


def _spell(campaign: Campaign, condition: Compare | Children | Every, value: Rational) -> str:
    match condition:
        case Compare(Indicator_(id)):
            return spelt(campaign, id, value)
        case Compare(ShareOfMax()) | Children(counting=ShareOf()):
            return percent(value)
        case _:
            return figure(value)


def _why(campaign: Campaign, condition: Compare | Children | Every) -> str:
    if not isinstance(condition, Compare):
        return "one of them has fewer to give" if isinstance(condition, Every) else "it goes from none to all of them"
    found = range_of(campaign, condition.subject, tuple(campaign.participants))
    low, high = (None if end is None else _spell(campaign, condition, end) for end in (found.low, found.high))
    if low is not None and high is not None:
        return f"it lies between {low} and {high}"
    return f"it is never below {low}" if low is not None else f"it is never above {high}"
