"""Awards: who receives what: quotas, eligibility, ties at the border."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import frozen

from emulation.conditions import Condition, Facts, Judge, Judged, Unmeasured
from emulation.exact import Mode, Rational, rounded
from emulation.grammar import inline
from emulation.names import AwardId, Label, ParticipantId, StandingId
from emulation.participants import EVERYBODY, Participant, Selector
from emulation.standings import Decision, Placed, Standings


@frozen
class Places:
    """So many places.

    Keys:
        count: how many.
    """

    count: int


@frozen
class UpTo:
    """A share of a named base.

    Keys:
        share: the share.
        of: the base: all participants it is for, those ranked, or those eligible.
        round: how a share that is no whole number is rounded; "not more than" is down.
    """

    share: Rational
    of: Literal["participants", "ranked", "eligible"]
    round: Mode


Quota: TypeAlias = Places | UpTo


@frozen
class ShareWithin:
    """All tied at the border receive it if that exceeds the quota by no more than this share of it; else none do.

    Keys:
        tolerance: the share of the quota.
    """

    tolerance: Rational


@frozen
class Award:
    """Who receives what.

    Keys:
        title: its name, by language.
        for: who can receive it.
        standing: the standing whose order decides; without it, all who are eligible receive it.
        quota: places (a number) or up_to (a share of a base).
        needs: what a participant must meet to be eligible.
        border: what happens to a tie across the last place: decision, share (all), none, or share_within.
        unmeasured: what a comparison over something not measured comes to, where it differs from the campaign's.
        source: where the rule is written.
    """

    id: AwardId
    title: Label | None = None
    for_: Selector = EVERYBODY
    standing: StandingId | None = None
    quota: Quota | None = inline(default=None)
    needs: Condition | None = None
    border: Literal["decision", "share", "none"] | ShareWithin | None = None
    unmeasured: Unmeasured | None = None
    source: str | None = None


Result = Literal["won", "shared", "beyond", "cut", "open", "not_eligible", "unranked"]


@frozen
class Considered:
    """What became of one participant under an award.

    ``judged`` is what came of the conditions. A ``border`` result says that it stands in a tie across the last
    place: *shared* received it with the others, *cut* did not, *open* waits for a decision.
    """

    result: Result
    judged: Judged | None = None
    placed: Placed | None = None


@frozen
class Given:
    """An award's outcome: for each group its quota and base, and for each participant what became of it."""

    quotas: tuple[tuple[str | None, int | None, int], ...]
    considered: Mapping[ParticipantId, Considered]

    @property
    def winners(self) -> tuple[ParticipantId, ...]:
        """Those who receive it."""
        return tuple(id for id, one in self.considered.items() if one.result in ("won", "shared"))

    @property
    def open(self) -> tuple[ParticipantId, ...]:
        """Those for whom it waits for a decision."""
        return tuple(id for id, one in self.considered.items() if one.result == "open")


Awards: TypeAlias = Mapping[AwardId, Given]


def give(
    awards: Iterable[Award],
    decisions: Sequence[Decision],
    unmeasured: Unmeasured,
    facts: Facts,
    standings: Standings,
) -> Awards:
    """Give each award to those who meet its conditions, in the order of its standing, up to its quota."""
    return {award.id: _given(award, decisions, award.unmeasured or unmeasured, facts, standings) for award in awards}


def _given(
    award: Award, decisions: Sequence[Decision], unmeasured: Unmeasured, facts: Facts, standings: Standings
) -> Given:
    bodies = facts.participants.selected(award.for_)
    judge = Judge(facts, unmeasured, bodies)
    judged = {body.id: judge.judge(award.needs, body) if award.needs else None for body in bodies}
    if award.standing is None:
        considered = {
            id: Considered("won" if one is None or one.holds else "not_eligible", one) for id, one in judged.items()
        }
        return Given((), considered)
    placed = standings[award.standing]
    groups: dict[str | None, list[Participant]] = {}
    for body in bodies:
        groups.setdefault(placed[body.id].group if body.id in placed else None, []).append(body)
    quotas: list[tuple[str | None, int | None, int]] = []
    found: dict[ParticipantId, Considered] = {}
    for group, members in groups.items():
        race = _Race(award, decisions, {body.id: placed.get(body.id, _NOT_PLACED) for body in members}, judged)
        quotas.append((group, race.quota(), race.base()))
        found.update(race.run())
    return Given(tuple(quotas), {body.id: found[body.id] for body in bodies})


_NOT_PLACED = Placed(None, 0, unranked="not_in_standing")


@frozen
class _Race:
    """One award inside one group."""

    award: Award
    decisions: Sequence[Decision]
    placed: Mapping[ParticipantId, Placed]
    judged: Mapping[ParticipantId, Judged | None]

    def eligible(self) -> list[ParticipantId]:
        return [id for id, one in self.placed.items() if one.place is not None and self._meets(id)]

    def _meets(self, id: ParticipantId) -> bool:
        judged = self.judged[id]
        return judged is None or judged.holds is True

    def base(self) -> int:
        match self.award.quota:
            case UpTo(of="participants"):
                return len(self.placed)
            case UpTo(of="eligible"):
                return len(self.eligible())
            case _:
                return sum(one.place is not None for one in self.placed.values())

    def quota(self) -> int | None:
        match self.award.quota:
            case Places(count):
                return count
            case UpTo(share, _, mode):
                return int(rounded(Fraction(share) * self.base(), 0, mode))
            case None:
                return None

    def run(self) -> dict[ParticipantId, Considered]:
        results: dict[ParticipantId, Considered] = {}
        taken = 0
        for members in self._in_order():
            verdict = self._verdict(members, taken)
            results.update({id: self._considered(verdict.get(id, "beyond"), id) for id in members})
            taken += len(members)
        for id, one in self.placed.items():
            if id not in results:
                results[id] = self._considered("unranked" if one.place is None else "not_eligible", id)
        return results

    def _considered(self, result: Result, id: ParticipantId) -> Considered:
        return Considered(result, self.judged[id], self.placed[id])

    def _in_order(self) -> list[list[ParticipantId]]:
        """Put the eligible into sets of equal place, the best first."""
        by_place: dict[int, list[ParticipantId]] = {}
        for id in self.eligible():
            by_place.setdefault(self.placed[id].place or 0, []).append(id)
        return [by_place[place] for place in sorted(by_place)]

    def _verdict(self, members: list[ParticipantId], taken: int) -> dict[ParticipantId, Result]:
        quota = self.quota()
        if quota is None or taken + len(members) <= quota:
            return dict.fromkeys(members, "won")
        if taken >= quota:
            return dict.fromkeys(members, "beyond")
        return self._at_the_border(members, quota, taken)

    def _at_the_border(self, members: list[ParticipantId], quota: int, taken: int) -> dict[ParticipantId, Result]:
        match self.award.border:
            case "share":
                return dict.fromkeys(members, "shared")
            case "none":
                return dict.fromkeys(members, "cut")
            case ShareWithin(tolerance):
                over = taken + len(members) - quota
                return dict.fromkeys(members, "shared" if over <= tolerance * quota else "cut")
            case _:
                return self._decided(members, quota - taken)

    def _decided(self, members: list[ParticipantId], left: int) -> dict[ParticipantId, Result]:
        for decision in self.decisions:
            if decision.standing == self.award.standing and set(members) <= set(decision.order):
                order = [id for id in decision.order if id in members]
                return {id: "won" if number < left else "beyond" for number, id in enumerate(order)}
        return dict.fromkeys(members, "open")
