"""Amendments: what reads otherwise in another rulebook, and which rule moved whom.

Each rule that changed is put into the old rulebook alone, and the same facts are scored again. Whoever moves then as
with all of them was moved by it; whom no single rule moves so, several moved together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.checks import problems_of
from emulation.display import Shown
from emulation.names import ParticipantId
from emulation.outcome import Outcome, score
from emulation.problems import Path, Refused
from emulation.publication import Move, moves
from emulation.reading.campaign_file import with_keys_settled
from emulation.scenarios.comparison import Comparison, compare
from emulation.scenarios.paths import Spot, below, spot_at, whole

_SAYS_NOTHING = (
    "title",
    "source",
    "sources",
    "labels",
    "version",
    "announced_on",
    "basis",
    "organiser",
    "illustrative",
)
"""Keys of a rulebook that change no result."""


@frozen
class Amended:
    """A rule that reads otherwise: where, what stood there and what stands there now; None where nothing does."""

    path: Path
    before: Any
    after: Any


@frozen
class Blamed:
    """Whom a rule moved by itself, and how they moved with it alone."""

    rule: Amended
    moves: tuple[Move, ...]


@frozen
class Impact(Shown):
    """What an amendment does: what reads otherwise, who moves, and which rule did it.

    ``blamed`` holds every rule that moves anybody by itself, in the same way as all of them together; ``together``
    are those who move and whom no rule moves so by itself. ``unsound`` are rules that cannot stand without others.
    """

    comparison: Comparison
    amended: tuple[Amended, ...]
    blamed: tuple[Blamed, ...]
    together: tuple[ParticipantId, ...]
    unsound: tuple[Amended, ...]

    def rules_that_moved(self, participant: str) -> tuple[Amended, ...]:
        """Give the rules that moved a participant (an id), each by itself."""
        return tuple(one.rule for one in self.blamed if any(move.participant == participant for move in one.moves))


def amended(old: Campaign, new: Campaign) -> tuple[Amended, ...]:
    """Find what reads otherwise in another rulebook and can change a result, in the order of its keys.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.scenarios.paths import spot_at
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> ['.'.join(one.path) for one in amended(rules, spot_at(rules, "criteria.online.max").put(50))]
    ['criteria.online.max']
    """
    return tuple(_amended(whole(old), whole(new)))


def _amended(old: Spot, new: Spot) -> Iterator[Amended]:
    """Go down as long as both sides are the same kind of rule; where they part, that is what was amended."""
    if old.value == new.value or (old.path and old.path[-1] in _SAYS_NOTHING):
        return
    before, after = below(old), below(new)
    if type(old.value) is not type(new.value) or not (before or after) or _is_list(before, after):
        yield Amended(old.path, old.value, new.value)
        return
    for key in dict.fromkeys([*before, *after]):
        one, other = before.get(key), after.get(key)
        if one is None:
            yield Amended(after[key].path, None, after[key].value)
        elif other is None:
            yield Amended(one.path, one.value, None)
        else:
            yield from _at_both(one, other)


def _at_both(one: Spot, other: Spot) -> Iterator[Amended]:
    """Tell a union's member that gave way to another once: where the new one stands, with what stood in its place."""
    if one.value is None and other.value is not None and one.stands is not None:
        yield Amended(other.path, one.stands, other.value)
    elif one.value is None or other.value is not None or other.stands is None:
        yield from _amended(one, other)


def _is_list(*sides: Mapping[str, Spot]) -> bool:
    """Say whether what stands below are items without names, as many on one side as on the other or not."""
    counts = {len(side) for side in sides}
    return len(counts) > 1 and all(key.isdigit() and len(key) < 4 for side in sides for key in side)  # noqa: PLR2004


# --- which rule did it


def impact(old: Outcome, new: Outcome) -> Impact:
    """Compare two outcomes of the same facts under two rulebooks, and find which rule moved whom.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> from emulation.scenarios.changes import scenario
    >>> from emulation.scenarios.supposed import what_if
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> old = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> new = what_if(old, scenario(set={"criteria.tasks.max": 50}, drop=["awards.flag"]))
    >>> [(".".join(one.rule.path), len(one.moves)) for one in impact(old, new).blamed]
    [('criteria.tasks.max', 16), ('awards.flag', 9)]
    """
    comparison = compare(old, new)
    rules = amended(old.campaign, new.campaign)
    moved = {row.move.participant: row.move for row in comparison.moved if row.move.moved}
    blamed: list[Blamed] = []
    unsound: list[Amended] = []
    for rule in rules:
        alone = with_rule(old.campaign, new.campaign, rule)
        if alone is None:
            unsound.append(rule)
        elif found := tuple(_alike(moved, old, score(alone, old.observations, old.as_of))):
            blamed.append(Blamed(rule, found))
    accounted = {move.participant for one in blamed for move in one.moves}
    together = tuple(id for id in moved if id not in accounted)
    return Impact(comparison, rules, tuple(blamed), together, tuple(unsound))


def with_rule(old: Campaign, new: Campaign, rule: Amended) -> Campaign | None:
    """Put one amended rule into the old rulebook; None where it cannot stand there without others."""
    try:
        spot = spot_at(old, rule.path)
    except Refused:
        alone = _with_added(old, new, rule)
    else:
        alone = spot.left_out() if rule.after is None and spot.left_out is not None else spot.put(rule.after)
    alone = with_keys_settled(evolve(alone, examples=(), editions=()))
    return None if any(problems_of(alone)) else alone


def _with_added(old: Campaign, new: Campaign, rule: Amended) -> Campaign:
    """Add to those that are there what is new among them, as it is written in the new rulebook."""
    among, here = spot_at(new, rule.path[:-1]), spot_at(old, rule.path[:-1])
    place = list(below(among)).index(rule.path[-1])
    return here.put((*here.value, among.value[place]))


def _alike(moved: Mapping[ParticipantId, Move], old: Outcome, alone: Outcome) -> Iterator[Move]:
    """Give those who move under one rule in a way in which they move under all."""
    for move in moves(old, alone):
        whole_move = moved.get(move.participant)
        if whole_move is not None and _is_part_of(move, whole_move):
            yield move


def _is_part_of(one: Move, all_: Move) -> bool:
    """Say whether a move is one of those that another consists of: up or down, into a class, an award won or lost."""
    by_place = one.movement != "same" and one.movement == all_.movement
    by_class = one.classes[0] != one.classes[1] and one.classes == all_.classes
    return by_place or by_class or bool({*one.won} & {*all_.won}) or bool({*one.lost} & {*all_.lost})
