"""Trial: classes tried out on invented bodies, to find better results in worse classes and conditions that overlap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from functools import cached_property
from itertools import combinations, pairwise, product

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.checks import records_in
from emulation.conditions import (
    AllAre,
    Children,
    Compare,
    Condition,
    CountOf,
    NoneAre,
    Place,
    Points,
    Readiness_,
    ShareOf,
    ShareOfMax,
    SomeAre,
    StateIs,
)
from emulation.exact import Rational
from emulation.limits import Between, Indicator_, Peers
from emulation.lint.cast import Pin, Played, Player, Stage
from emulation.lint.findings import Finding, figure, listed, spelt
from emulation.lint.ranges import Survey, edges
from emulation.names import ClassName, CriterionId, IndicatorId, Kind
from emulation.participants import EVERYBODY, Participant
from emulation.problems import Path
from emulation.readiness import Readiness, When, classify

_FINE, _COARSE, _FEW = 20, 10, 8
"""Steps of a dial: fine where few indicators matter."""
_PARTS = 8
_LARGE, _SMALL = 10, 4
"""Children of an invented body: fewer where there are many classes."""

Seen = Indicator_ | Points


def tried_out(
    survey: Survey, rule: Readiness, when: When, bodies: Sequence[Participant], path: Path
) -> Iterator[Finding]:
    """Try a rule of classes out on bodies like the first of each kind."""
    asked = _asked(survey.campaign, rule)
    if asked is None:
        return
    told: set[tuple[str, Path]] = set()
    for kind in survey.campaign.participants.kinds:
        like = next((body for body in bodies if body.kind == kind), None)
        if like is None:
            continue
        for finding in asked.board(survey, rule, when, like).findings(path):
            if (finding.code, finding.path) not in told:
                told.add((finding.code, finding.path))
                yield finding


# --- what a rule asks ----------------------------------------------------------------------------------------------


@frozen
class _Asked:
    """What a rule of classes looks at: indicators and points, and the classes of children of one kind."""

    subjects: tuple[Seen, ...]
    turns: Mapping[CriterionId, tuple[Rational, ...]]
    child: Kind | None
    classes: tuple[ClassName, ...]

    def board(self, survey: Survey, rule: Readiness, when: When, like: Participant) -> _Board:
        stage = Stage(survey, like, self.child, self.classes)
        if self.child is not None:
            players, rows = _families(len(self.classes))
        else:
            players, rows = self._dialled(stage)
        return _Board(survey.campaign, rule, when, self.subjects, stage.play(players), rows)

    def _dialled(self, stage: Stage) -> tuple[list[Player], list[list[int]]]:
        """Turn all dials up together, again with each indicator pinned, and finely where points pass an edge."""
        own = [one.id for one in self.subjects if isinstance(one, Indicator_)]
        ids = tuple(dict.fromkeys((*stage.judged, *own)))
        pins: list[tuple[tuple[IndicatorId, Pin], ...]] = [()]
        pins += [((id, pin),) for id in ids for pin in (_pins(stage, id) if id in own else [stage.at(id, Fraction(0))])]
        steps = _FINE if len(ids) <= _FEW else _COARSE
        dials = [Fraction(step, steps) for step in range(steps + 1)]
        coarse = stage.play([Player(dial, pin) for pin in pins for dial in dials])
        players: list[Player] = []
        rows: list[list[int]] = []
        for number, pin in enumerate(pins):
            first = number * len(dials)
            fine = [dial for at in range(steps) for dial in self._between(coarse, first + at, dials[at : at + 2])]
            row = [Player(dial, pin) for dial in sorted({*dials, *fine})]
            rows.append(list(range(len(players), len(players) + len(row))))
            players += row
        return players, [*rows, *_pairs(stage, players)]

    def _between(self, coarse: Played, number: int, ends: list[Fraction]) -> list[Fraction]:
        """Give dials between two where points pass an edge."""
        for id, turns in self.turns.items():
            low, high = coarse.points(number, id), coarse.points(number + 1, id)
            if low is not None and high is not None and any(low < turn <= high for turn in turns):
                return [ends[0] + (ends[1] - ends[0]) * Fraction(part, _PARTS) for part in range(1, _PARTS)]
        return []


def _pins(stage: Stage, id: IndicatorId) -> list[Pin]:
    """Give what an indicator is held at in turn: its ends, and nothing reported."""
    return ["missing", *dict.fromkeys(stage.survey.useful[id])]


def _pairs(stage: Stage, players: Sequence[Player]) -> Iterator[list[int]]:
    """Give pairs of bodies that differ in one indicator, pinned at its worst in the first."""
    free = {player.dial: number for number, player in enumerate(players) if not player.pins}
    for number, player in enumerate(players):
        if player.pins and player.dial in free:
            [(id, pin)] = player.pins
            if stage.survey.direction[id] is not None and pin == stage.at(id, Fraction(0)):
                yield [number, free[player.dial]]


def _families(classes: int) -> tuple[list[Player], list[list[int]]]:
    """Give bodies with all mixtures of children, and rows in which one child rises by one class."""
    size = _LARGE if classes <= 3 else _SMALL  # noqa: PLR2004
    mixed = [counts for counts in product(range(size + 1), repeat=classes) if sum(counts) == size]
    players = [Player(dial, (), counts) for dial in (Fraction(0), Fraction(1)) for counts in mixed]
    at = {(player.dial, player.children): number for number, player in enumerate(players)}
    rows = []
    for (dial, counts), number in at.items():
        for place in range(1, classes):
            risen = tuple(count + (index == place - 1) - (index == place) for index, count in enumerate(counts))
            if (dial, risen) in at:
                rows.append([number, at[dial, risen]])
    return players, rows


def _asked(campaign: Campaign, rule: Readiness) -> _Asked | None:
    """Say what a rule looks at; None where that cannot be tried out on single bodies."""
    subjects: dict[Seen, None] = {}
    turns: dict[CriterionId, tuple[Rational, ...]] = {}
    wanted: dict[tuple[Kind, str], None] = {}
    for one in records_in(rule):
        match one.record:
            case Compare(Place()) | Readiness_():
                return None
            case Compare(limit=limit) if not isinstance(limit, Between) and isinstance(limit.bound, Peers):
                return None
            case Compare(Indicator_() as subject):
                subjects[subject] = None
            case Compare(Points(id), limit):
                subjects[Points(id)] = None
                turns[id] = (*turns.get(id, ()), *edges(limit))
            case Compare(ShareOfMax(id)):
                subjects[Points(id)] = None
            case StateIs(id):
                subjects[Indicator_(id)] = None
            case Children(kind, AllAre(class_) | NoneAre(class_) | SomeAre(class_) | ShareOf(class_) | CountOf(class_)):
                if not isinstance(class_, str):
                    return None
                wanted[kind, class_] = None
            case _:
                continue
    kinds = {kind for kind, _ in wanted}
    if len(kinds) > 1:
        return None
    child = next(iter(kinds), None)
    classes = next((one.classes for one in campaign.readiness if {name for _, name in wanted} <= set(one.classes)), ())
    return _Asked(tuple(subjects), turns, child, classes if child is not None else ())


# --- holes and overlaps ----------------------------------------------------------------------------------------


@frozen(slots=False)
class _Board:
    """A rule of classes tried out on invented bodies; each row of them rises from the worst to the best."""

    campaign: Campaign
    rule: Readiness
    when: When
    subjects: tuple[Indicator_ | Points, ...]
    played: Played
    rows: Sequence[Sequence[int]]

    @cached_property
    def classes(self) -> Sequence[ClassName | None]:
        rule = evolve(self.rule, for_=EVERYBODY, overrides=())
        unmeasured = self.campaign.unmeasured or "undecided"
        held = classify([rule], self.played.bodies, unmeasured, self.played.facts, {})
        return [held[body.id].class_ for body in self.played.bodies]

    def findings(self, path: Path) -> Iterator[Finding]:
        yield from self.hole(path)
        for better, worse in combinations(self.conditions(), 2):
            yield from self.overlap(better, worse, path)

    def hole(self, path: Path) -> Iterator[Finding]:
        """Find a body that is at least as good as another in everything, and in a worse class."""
        order: Mapping[ClassName | None, int] = {class_: number for number, class_ in enumerate(self.rule.classes)}
        for row in self.rows:
            known = [number for number in row if self.classes[number] is not None]
            for less, more in pairwise(known):
                low, high = self.classes[less], self.classes[more]
                if order[high] > order[low]:
                    yield Finding(
                        "L103",
                        f"a better result gives a worse class: {high} instead of {low}",
                        path,
                        f"a body with {self.told(more)} is {high}, and one with {self.told(less)} is {low}",
                        "let each class begin where the better one ends, or let a body fall to the next class down",
                    )
                    return

    def conditions(self) -> list[tuple[ClassName, Condition]]:
        conditions = dict(self.when.classes)
        return [(class_, conditions[class_]) for class_ in self.rule.classes if class_ in conditions]

    def overlap(
        self, better: tuple[ClassName, Condition], worse: tuple[ClassName, Condition], path: Path
    ) -> Iterator[Finding]:
        """Find a worse class's condition that a better class hides for some and not for all."""
        holding = [number for number in range(len(self.played.players)) if self.played.holds(number, better[1])]
        both = [number for number in holding if self.played.holds(number, worse[1])]
        if both and len(both) < len(holding):
            yield Finding(
                "L142",
                f"{better[0]} hides {worse[0]}",
                (*path, "when", worse[0]),
                f"a body with {self.told(both[0])} meets both conditions and is {self.classes[both[0]]}",
                f"make it a veto or a cap if {worse[0]} is to count, or say in {better[0]} what excludes it",
            )

    def told(self, number: int) -> str:
        """Tell what the rule sees of a body, and what is pinned."""
        pins = dict(self.played.players[number].pins)
        said = [self.seen(number, one) for one in self.subjects]
        said += [self.seen(number, Indicator_(id)) for id in pins if Indicator_(id) not in self.subjects]
        children = self.played.players[number].children
        said += [
            f"{count} of {sum(children)} {self.played.stage.child} {class_}"
            for class_, count in zip(self.played.stage.classes, children, strict=False)
            if count
        ]
        return listed(said)

    def seen(self, number: int, subject: Indicator_ | Points) -> str:
        match subject:
            case Indicator_(id):
                return f"{id} {spelt(self.campaign, id, self.played.value(number, id))}"
            case Points(id):
                points = self.played.points(number, id)
                return f"{'no' if points is None else figure(points)} points{'' if id == 'total' else f' of {id}'}"
