"""Readiness: classes, the first whose conditions hold; caps, vetoes, classes by place or by quantile."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import Literal, TypeAlias

from attrs import evolve, frozen

from emulation.conditions import Condition, Facts, Judge, Judged, Unmeasured
from emulation.exact import Mode, Rational, rounded
from emulation.grammar import inline
from emulation.names import ClassName, Label, ParticipantId, StandingId
from emulation.participants import EVERYBODY, Participant, Selector
from emulation.places import tied
from emulation.standings import Placed, Standings


@frozen
class When:
    """By conditions: the best class whose condition holds.

    Keys:
        classes: for each class, its condition; classes without one are reached only by ``otherwise``.
    """

    classes: tuple[tuple[ClassName, Condition], ...]


@frozen
class ByPlace:
    """By place in a standing: each class takes a share of those ranked, the best first.

    Keys:
        standing: the standing.
        shares: for each class, its share of those ranked; the rest are in ``otherwise``.
        round: how a share that is no whole number of places is rounded.
        ties: where a tie lies across the edge: up, all get the better class; down, all get the other.
    """

    standing: StandingId
    shares: tuple[tuple[ClassName, Rational], ...]
    round: Mode
    ties: Literal["up", "down"]


@frozen
class Quantiles:
    """By place, in classes of equal size: with four classes, quartiles.

    Keys:
        standing: the standing.
        remainder: which classes take one more where the number does not divide: best, worst or middle.
        ties: where a tie lies across the edge: up, all get the better class; down, all get the other.
    """

    standing: StandingId
    remainder: Literal["best", "worst", "middle"]
    ties: Literal["up", "down"]


Classing: TypeAlias = When | ByPlace | Quantiles


@frozen
class ClassCap:
    """At most this class, under a condition.

    Keys:
        when: the condition.
        at_most: the best class there can be then.
    """

    when: Condition
    at_most: ClassName


@frozen
class Veto:
    """This class, under a condition, whatever else holds.

    Keys:
        when: the condition.
        class: the class.
    """

    when: Condition
    class_: ClassName


@frozen
class Override:
    """A class given by law.

    Keys:
        for: who has it.
        class: the class.
        because: the law that gives it.
    """

    for_: Selector
    class_: ClassName
    because: str


@frozen
class ClassQuota:
    """No more than a share may hold a class, as with "Excellent for at most 20 % of those rated Good".

    Those beyond it, in the order of a standing, move down to the next class.

    Keys:
        class: the class that is limited.
        share: the share.
        of: the classes whose holders are the base, counted before anybody is moved by this quota.
        round: how a share that is no whole number is rounded.
        standing: whose order decides; in its groups, each group has a quota of its own.
        ties: where a tie lies across the edge: up, all stay; down, all move down.
    """

    class_: ClassName
    share: Rational
    of: tuple[ClassName, ...]
    round: Mode
    standing: StandingId
    ties: Literal["up", "down"]


@frozen
class Readiness:
    """The classes participants can hold, and who holds which.

    Keys:
        title: its name, by language.
        for: whom it classes.
        classes: the classes, from best to worst.
        classing: when, by_place or quantiles.
        otherwise: the class of all others.
        caps: classes that cannot be passed under a condition.
        vetoes: classes forced by a condition; the first that holds counts.
        overrides: classes given by law.
        quotas: how many may hold a class; applied last, in the order written.
        labels: the classes' names, by language.
        unmeasured: what a comparison over something not measured comes to, where it differs from the campaign's.
        source: where the rule is written.
    """

    id: str
    classes: tuple[ClassName, ...]
    classing: Classing = inline()
    otherwise: ClassName | None = None
    title: Label | None = None
    for_: Selector = EVERYBODY
    caps: tuple[ClassCap, ...] = ()
    vetoes: tuple[Veto, ...] = ()
    overrides: tuple[Override, ...] = ()
    quotas: tuple[ClassQuota, ...] = ()
    labels: tuple[tuple[ClassName, Label], ...] = ()
    unmeasured: Unmeasured | None = None
    source: str | None = None


@frozen
class Held:
    """The class a participant holds (None where it cannot be decided), and what gave it.

    ``judged`` are the conditions of the classes, best first, up to the one that held; ``changed`` is the cap or
    veto that moved it from ``first``.
    """

    class_: ClassName | None
    by: Literal["condition", "otherwise", "place", "quantile", "cap", "veto", "law", "quota", "undecided", "unranked"]
    judged: tuple[tuple[ClassName, Judged], ...] = ()
    first: ClassName | None = None
    changed: tuple[Judged, ...] = ()


Classes: TypeAlias = Mapping[ParticipantId, Held]


def classify(
    rules: Iterable[Readiness],
    bodies: Sequence[Participant],
    unmeasured: Unmeasured,
    facts: Facts,
    standings: Standings,
) -> dict[ParticipantId, Held]:
    """Give each participant the class it holds by the rule that is for it."""
    held: dict[ParticipantId, Held] = {}
    for rule in rules:
        meant = [body for body in bodies if rule.for_.selects(body)]
        judge = Judge(facts, rule.unmeasured or unmeasured, facts.participants.selected(rule.for_))
        by_place = _placed(rule, standings)
        for body in meant:
            first = (
                _by_condition(rule, rule.classing, judge, body)
                if isinstance(rule.classing, When)
                else by_place.get(body.id, Held(None, "unranked"))
            )
            held[body.id] = _settled(rule, first, judge, body)
        for quota in rule.quotas:
            held.update(_beyond(rule, quota, [body.id for body in meant], held, standings[quota.standing]))
    return held


def _beyond(
    rule: Readiness,
    quota: ClassQuota,
    bodies: Sequence[ParticipantId],
    held: Mapping[ParticipantId, Held],
    places: Mapping[ParticipantId, Placed],
) -> dict[ParticipantId, Held]:
    """Move those beyond a quota down to the next class, group by group; those without a place stand last."""
    below = rule.classes[rule.classes.index(quota.class_) + 1]
    groups: dict[str | None, list[ParticipantId]] = {}
    for id in bodies:
        groups.setdefault(places[id].group if id in places else None, []).append(id)
    moved: dict[ParticipantId, Held] = {}
    for members in groups.values():
        base = sum(held[id].class_ in quota.of for id in members)
        most = int(rounded(Fraction(quota.share) * base, 0, quota.round))
        holders = {id: _place_in(places, id) for id in members if held[id].class_ == quota.class_}
        for id, class_ in _cut(holders, [quota.class_], [most], quota.ties).items():
            if class_ is None:
                moved[id] = evolve(held[id], class_=below, by="quota", first=held[id].first or quota.class_)
    return moved


def _place_in(places: Mapping[ParticipantId, Placed], id: ParticipantId) -> int:
    """Give a place, or one behind all others."""
    place = places[id].place if id in places else None
    return len(places) + 1 if place is None else place


def _by_condition(rule: Readiness, when: When, judge: Judge, body: Participant) -> Held:
    """Take the best class whose condition holds; what cannot be decided leaves the class open."""
    conditions = dict(when.classes)
    judged: list[tuple[ClassName, Judged]] = []
    for class_ in rule.classes:
        if class_ not in conditions:
            continue
        judged.append((class_, judge.judge(conditions[class_], body)))
        if judged[-1][1].holds is None:
            return Held(None, "undecided", tuple(judged))
        if judged[-1][1].holds:
            return Held(class_, "condition", tuple(judged))
    return Held(rule.otherwise, "otherwise", tuple(judged))


def _settled(rule: Readiness, held: Held, judge: Judge, body: Participant) -> Held:
    """Apply the law, then vetoes, then caps; one that cannot be decided leaves the class open."""
    law = next((override for override in rule.overrides if override.for_.selects(body)), None)
    if law is not None:
        return Held(law.class_, "law", held.judged, held.class_)
    for veto in rule.vetoes:
        judged = judge.judge(veto.when, body)
        if judged.holds is not False:
            given = veto.class_ if judged.holds else None
            return Held(given, "veto" if judged.holds else "undecided", held.judged, held.class_, (judged,))
    order = {class_: place for place, class_ in enumerate(rule.classes)}
    for cap in rule.caps:
        if held.class_ is None or order[held.class_] >= order[cap.at_most]:
            continue
        judged = judge.judge(cap.when, body)
        if judged.holds is not False:
            given = cap.at_most if judged.holds else None
            by: Literal["cap", "undecided"] = "cap" if judged.holds else "undecided"
            held = Held(given, by, held.judged, held.first or held.class_, (*held.changed, judged))
    return held


def _placed(rule: Readiness, standings: Standings) -> dict[ParticipantId, Held]:
    """Give classes by place, group by group."""
    match rule.classing:
        case ByPlace(standing, shares, mode, ties):

            def sizes(ranked: int) -> list[int]:
                return [int(rounded(Fraction(dict(shares)[class_]) * ranked, 0, mode)) for class_ in names]

            names, by = [class_ for class_ in rule.classes if class_ in dict(shares)], "place"
        case Quantiles(standing, remainder, ties):

            def sizes(ranked: int) -> list[int]:
                return _equal_sizes(ranked, len(rule.classes), remainder)

            names, by = list(rule.classes), "quantile"
        case When():
            return {}
    groups: dict[str | None, dict[ParticipantId, int]] = {}
    for id, placed in standings[standing].items():
        if placed.place is not None:
            groups.setdefault(placed.group, {})[id] = placed.place
    held: dict[ParticipantId, Held] = {}
    for places in groups.values():
        for id, class_ in _cut(places, names, sizes(len(places)), ties).items():
            held[id] = Held(class_ or rule.otherwise, "place" if by == "place" else "quantile")
    return held


def _equal_sizes(ranked: int, classes: int, remainder: str) -> list[int]:
    """Split a number into equal classes; the remainder goes to the best, the worst or the middle ones."""
    size, left = divmod(ranked, classes)
    order = list(range(classes))
    if remainder == "worst":
        order.reverse()
    elif remainder == "middle":
        order.sort(key=lambda place: (abs(2 * place - classes + 1), place))
    return [size + (place in order[:left]) for place in range(classes)]


def _cut(
    places: Mapping[ParticipantId, int], names: Sequence[ClassName], sizes: Sequence[int], ties: str
) -> dict[ParticipantId, ClassName | None]:
    """Cut places into classes of these sizes; a tie across an edge goes up or down as a whole."""
    edges = list(accumulate(sizes))
    result: dict[ParticipantId, ClassName | None] = {}
    before = 0
    for equal in tied(places, lambda id: -places[id]):
        decides = before + (1 if ties == "up" else len(equal))
        class_ = next((name for name, edge in zip(names, edges, strict=True) if decides <= edge), None)
        result.update(dict.fromkeys(equal, class_))
        before += len(equal)
    return result
