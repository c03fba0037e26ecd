"""Participants: who competes, in which kinds, groups and lives; mergers and splits."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cached_property

from attrs import field, frozen

from emulation.names import GroupName, Kind, ParticipantId, near, vietnamese_order
from emulation.problems import Place, Problem


@frozen
class Participant:
    """A body that competes, or of which others are parts.

    ``from_`` and ``until`` bound its life (``until`` is its last day); ``predecessors`` are the bodies it was
    made of; ``groups`` names the sets it belongs to, such as its cluster or its official type; ``aliases`` are
    other names it goes by in tables.

    >>> Participant("05443", "Phường Phan Đình Phùng", "commune", "19").lives_on(date(2025, 8, 6))
    True
    """

    id: ParticipantId
    name: str
    kind: Kind
    parent: ParticipantId | None = None
    groups: tuple[tuple[GroupName, str], ...] = ()
    from_: date | None = None
    until: date | None = None
    predecessors: tuple[ParticipantId, ...] = ()
    place: Place | None = field(default=None, eq=False, repr=False)
    aliases: tuple[str, ...] = ()

    def lives_on(self, day: date) -> bool:
        """Say whether the body exists on a day."""
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)

    def group(self, name: GroupName) -> str | None:
        """Give the group of that name the body belongs to, if any."""
        return dict(self.groups).get(name)


@frozen
class Selector:
    """Whom a rule is for: those of the kinds, in the groups, or with the ids it names; all must agree.

    Keys:
        kind: the kinds of participants meant.
        group: for each group name, the groups meant.
        id: the participants meant, by id.
    """

    kind: tuple[Kind, ...] = ()
    group: tuple[tuple[GroupName, tuple[str, ...]], ...] = ()
    id: tuple[ParticipantId, ...] = ()

    def selects(self, participant: Participant) -> bool:
        """Say whether the rule is for a participant."""
        return (
            (not self.kind or participant.kind in self.kind)
            and (not self.id or participant.id in self.id)
            and all(participant.group(name) in among for name, among in self.group)
        )


EVERYBODY = Selector()


@frozen(slots=False)
class Participants:
    """All participants, in the order they were listed.

    >>> both = Participants((Participant("a", "An", "commune"), Participant("b", "Bình", "commune")))
    >>> len(both), both["b"].name, both.kinds
    (2, 'Bình', ('commune',))
    """

    listed: tuple[Participant, ...]

    def __iter__(self) -> Iterator[Participant]:
        return iter(self.listed)

    def __len__(self) -> int:
        return len(self.listed)

    def __contains__(self, id: object) -> bool:
        return id in self.by_id

    def __getitem__(self, id: str) -> Participant:
        return self.by_id[id]

    @cached_property
    def by_id(self) -> Mapping[str, Participant]:
        """Participants by their ids."""
        return {participant.id: participant for participant in self.listed}

    @cached_property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds there are, in the order of their first mention."""
        return tuple(dict.fromkeys(participant.kind for participant in self.listed))

    @cached_property
    def group_names(self) -> tuple[GroupName, ...]:
        """The names of groups there are."""
        return tuple(dict.fromkeys(name for participant in self.listed for name, _ in participant.groups))

    @cached_property
    def children(self) -> Mapping[str, tuple[Participant, ...]]:
        """The parts of each body that has any."""
        parts: dict[str, list[Participant]] = {}
        for participant in self.listed:
            if participant.parent is not None:
                parts.setdefault(participant.parent, []).append(participant)
        return {parent: tuple(children) for parent, children in parts.items()}

    @cached_property
    def levels(self) -> tuple[tuple[Participant, ...], ...]:
        """The tree of units level by level, the leaves' depth first, so that children come before parents."""
        depth: dict[str, int] = {}
        for participant in self.listed:
            depth[participant.id] = _depth(participant, self.by_id)
        deepest = max(depth.values(), default=0)
        return tuple(
            tuple(participant for participant in self.listed if depth[participant.id] == level)
            for level in range(deepest, -1, -1)
        )

    def era_of(self, day: date) -> int:
        """Give the number of the stretch of days a day is in: in each, the same participants exist."""
        return bisect_right(self._turns, day.toordinal())

    @cached_property
    def _turns(self) -> list[int]:
        begun = {one.from_.toordinal() for one in self.listed if one.from_ is not None}
        return sorted(begun | {one.until.toordinal() + 1 for one in self.listed if one.until is not None})

    def living_on(self, day: date) -> Participants:
        """Give those that exist on a day."""
        if all(participant.lives_on(day) for participant in self.listed):
            return self
        return Participants(tuple(participant for participant in self.listed if participant.lives_on(day)))

    def selected(self, selector: Selector) -> tuple[Participant, ...]:
        """Give those a rule is for, in the order they were listed."""
        return tuple(participant for participant in self.listed if selector.selects(participant))

    def by_name(self, id: str) -> tuple[object, str]:
        """Give the key that puts participants in the order of their names; of one who is not listed, of its id."""
        return vietnamese_order(self.by_id[id].name if id in self.by_id else id), id

    def nearest(self, text: str) -> str | None:
        """Suggest the participant whose id or name is nearest to a text."""
        found = near(text, [*self.by_id, *(participant.name for participant in self.listed)])
        match = next((body for body in self.listed if found in (body.id, body.name)), None)
        return f"{match.id} ({match.name})" if match else None


def _depth(participant: Participant, by_id: Mapping[str, Participant]) -> int:
    """Count the bodies above one; the check of the tree has refused circles before."""
    above = 0
    while participant.parent is not None and above <= len(by_id):
        participant = by_id[participant.parent]
        above += 1
    return above


def problems_of(participants: Participants) -> Iterator[Problem]:
    """Find what is wrong with a list of participants: none, twice, unknown parents, circles."""
    if not participants.listed:
        yield Problem("E144", "there are no participants", "list at least one")
    seen: dict[str, Participant] = {}
    for participant in participants:
        if participant.id in seen:
            first = seen[participant.id].place
            yield Problem(
                "E145",
                f"participant {participant.id!r} is listed twice",
                f"first in {first}" if first else None,
                place=participant.place,
            )
        seen.setdefault(participant.id, participant)
    yield from _family_problems(participants, seen)


def _family_problems(participants: Iterable[Participant], known: Mapping[str, Participant]) -> Iterator[Problem]:
    for participant in participants:
        for relation, ids in (("parent", (participant.parent,)), ("predecessor", participant.predecessors)):
            for other in ids:
                if other is not None and other not in known:
                    yield Problem(
                        "E146",
                        f"unknown {relation} {other!r}",
                        near=near(other, known),
                        place=participant.place,
                    )
        if _in_circle(participant, known):
            yield Problem("E146", f"{participant.id!r} is above itself", "a tree of units", place=participant.place)


def _in_circle(participant: Participant, known: Mapping[str, Participant]) -> bool:
    above = participant.parent
    for _ in range(len(known)):
        if above is None or above not in known:
            return False
        if above == participant.id:
            return True
        above = known[above].parent
    return False
