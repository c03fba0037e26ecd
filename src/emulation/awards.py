"""Awards: who receives what: quotas, eligibility, ties at the border."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, TypeAlias

from attrs import evolve, frozen

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
        not_with: awards before this one; who receives one of them does not receive this one too.
        vacated: what becomes of the place of one whose award is revoked; passes_on to the next, or stays_empty.
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
    not_with: tuple[AwardId, ...] = ()
    vacated: Literal["passes_on", "stays_empty"] | None = None
    border: Literal["decision", "share", "none"] | ShareWithin | None = None
    unmeasured: Unmeasured | None = None
    source: str | None = None


@frozen
class Ruling:
    """A recorded ruling on one body's award, which the figures alone do not give.

    Keys:
        award: the award.
        participant: whose.
        ruling: held, kept for it and not yet given; released, given after all; revoked, taken away.
        by: who ruled.
        on: when.
        because: why, in the words of the ruling.
    """

    award: AwardId
    participant: ParticipantId
    ruling: Literal["held", "released", "revoked"]
    by: str
    on: date
    because: str


Result = Literal["won", "shared", "beyond", "cut", "open", "not_eligible", "unranked", "has_other", "held", "revoked"]


@frozen
class Considered:
    """What became of one participant under an award.

    ``judged`` is what came of the conditions. A ``border`` result says that it stands in a tie across the last
    place: *shared* received it with the others, *cut* did not, *open* waits for a decision. ``ruling`` is the last
    that was recorded on it.
    """

    result: Result
    judged: Judged | None = None
    placed: Placed | None = None
    ruling: Ruling | None = None


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
    rulings: Sequence[Ruling] = (),
) -> Awards:
    """Give each award, in the order declared, to those who meet its conditions, up to its quota.

    The last of several rulings on the same body and award holds.
    """
    given: dict[AwardId, Given] = {}
    for award in awards:
        ruled = {one.participant: one for one in rulings if one.award == award.id}
        out = _left_out(award, given, ruled)
        found = _given(award, decisions, award.unmeasured or unmeasured, facts, standings, out)
        considered = {id: _under(ruled.get(id), one) for id, one in found.considered.items()}
        given[award.id] = evolve(found, considered=considered)
    return given


def _left_out(
    award: Award, given: Mapping[AwardId, Given], ruled: Mapping[ParticipantId, Ruling]
) -> dict[ParticipantId, Result]:
    """Say who is passed by: those with another award that excludes this one, and those whose place passes on."""
    out: dict[ParticipantId, Result] = {}
    if award.vacated == "passes_on":
        out.update((id, "revoked") for id, one in ruled.items() if one.ruling == "revoked")
    out.update((id, "has_other") for other in award.not_with for id in given[other].winners)
    return out


def _under(ruling: Ruling | None, one: Considered) -> Considered:
    """Apply the last ruling on a body: what it has won is held, or taken away."""
    if ruling is None:
        return one
    if ruling.ruling == "released" or one.result not in ("won", "shared"):
        return evolve(one, ruling=ruling)
    return evolve(one, result=ruling.ruling, ruling=ruling)


def _given(
    award: Award,
    decisions: Sequence[Decision],
    unmeasured: Unmeasured,
    facts: Facts,
    standings: Standings,
    out: Mapping[ParticipantId, Result],
) -> Given:
    bodies = facts.participants.selected(award.for_)
    judge = Judge(facts, unmeasured, bodies)
    judged = {body.id: judge.judge(award.needs, body) if award.needs else None for body in bodies}
    if award.standing is None:
        considered = {
            id: Considered(out.get(id, "won") if one is None or one.holds else "not_eligible", one)
            for id, one in judged.items()
        }
        return Given((), considered)
    placed = standings[award.standing]
    groups: dict[str | None, list[Participant]] = {}
    for body in bodies:
        groups.setdefault(placed[body.id].group if body.id in placed else None, []).append(body)
    quotas: list[tuple[str | None, int | None, int]] = []
    found: dict[ParticipantId, Considered] = {}
    for group, members in groups.items():
        race = _Race(award, decisions, {body.id: placed.get(body.id, _NOT_PLACED) for body in members}, judged, out)
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
    out: Mapping[ParticipantId, Result]

    def eligible(self) -> list[ParticipantId]:
        return [id for id in self.placed if id not in self.out and self._could(id)]

    def _could(self, id: ParticipantId) -> bool:
        return self.placed[id].place is not None and self._meets(id)

    def _meets(self, id: ParticipantId) -> bool:
        judged = self.judged[id]
        return judged is None or judged.holds is True

    def base(self) -> int:
        match self.award.quota:
            case UpTo(of="participants"):
                return len(self.placed)
            case UpTo(of="eligible"):
                return sum(map(self._could, self.placed))
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
                not_eligible: Result = "unranked" if one.place is None else "not_eligible"
                results[id] = self._considered(self.out[id] if self._could(id) else not_eligible, id)
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
