"""Giving: awards as codes: received, waiting for a decision, or not; quotas, eligibility and ties at the border."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from emulation.awards import Award, Places, Ruling, ShareWithin, UpTo
from emulation.columnar.judged import Judging, Known
from emulation.columnar.quantities import held, multiply, over, rounded, written
from emulation.columnar.ranking import Placing
from emulation.columnar.sheet import ID, Ranks
from emulation.columnar.terms import (
    NO,
    NOTHING,
    ONE,
    YES,
    OneOf,
    Term,
    Test,
    Truth,
    Whole,
    as_number,
    both,
    choice,
    columns_of,
    compared,
    either,
    every,
    minus,
    negated,
    plus,
    times,
)
from emulation.conditions import Unmeasured
from emulation.names import AwardId, StandingId
from emulation.standings import Decision

NOT_GIVEN, GIVEN, WAITS = NOTHING, ONE, Whole(2)


@frozen
class Giver:
    """Gives awards in the order declared."""

    known: Known
    placings: Mapping[StandingId, Placing]
    decisions: Sequence[Decision]
    rulings: Sequence[Ruling]
    unmeasured: Unmeasured

    def given(self, awards: Sequence[Award]) -> dict[AwardId, Term]:
        """Give for each award who receives it, and for whom it waits."""
        given: dict[AwardId, Term] = {}
        for award in awards:
            found = self._given(award, given)
            given[award.id] = self.known.sheet.let(f"{award.id}:award", self._ruled(award, found))
        return given

    def _given(self, award: Award, given: Mapping[AwardId, Term]) -> Term:
        sheet = self.known.sheet
        meant = both(sheet.alive, sheet.selected(award.for_))
        meets = YES
        if award.needs is not None:
            meets = Judging(self.known, award.unmeasured or self.unmeasured).judge(award.needs).yes
        out = self._left_out(award, given)
        if award.standing is None:
            return choice(every((meant, meets, negated(out))), GIVEN, NOT_GIVEN)
        placing = self.placings[award.standing]
        could = every((meant, placing.ranked, placing.meant, meets))
        eligible = sheet.truth(f"{award.id}:eligible", both(could, negated(out)))
        return self._raced(award, placing, meant, could, eligible)

    def _left_out(self, award: Award, given: Mapping[AwardId, Term]) -> Test:
        """Say who is passed by: those with another award that excludes this one, and those whose place passes on."""
        out: Test = NO
        for other in award.not_with:
            out = either(out, compared(given[other], "==", GIVEN))
        if award.vacated == "passes_on":
            out = either(out, self._ruled_as(award, "revoked"))
        return out

    def _ruled_as(self, award: Award, *rulings: str) -> Test:
        last = {one.participant: one.ruling for one in self.rulings if one.award == award.id}
        ids = tuple(id for id, ruling in last.items() if ruling in rulings)
        return OneOf(ID, ids) if ids else NO

    def _ruled(self, award: Award, found: Term) -> Term:
        """Apply the last ruling on a body: what it has won is held, or taken away."""
        taken = both(self._ruled_as(award, "held", "revoked"), compared(found, "==", GIVEN))
        return choice(taken, NOT_GIVEN, found)

    def _raced(self, award: Award, placing: Placing, meant: Test, could: Test, eligible: Test) -> Term:
        sheet = self.known.sheet
        # Those outside the standing run in a group of their own, in which nobody has a place.
        groups = placing.groups
        turned = times(Whole(-1), placing.place)
        if not isinstance(eligible, Truth):
            return NOT_GIVEN
        ranks = sheet.ranks(f"{award.id}:order", eligible, turned, groups)
        taken = minus(ranks.first, ONE)
        quota = self._quota(award, placing, meant, could)
        if quota is None:
            return choice(eligible, GIVEN, NOT_GIVEN)
        fits = compared(plus(taken, ranks.equal), "<=", quota)
        beyond = compared(taken, ">=", quota)
        border = self._border(award, quota, ranks, eligible, groups)
        return choice(eligible, choice(fits, GIVEN, choice(beyond, NOT_GIVEN, border)), NOT_GIVEN)

    def _quota(self, award: Award, placing: Placing, meant: Test, could: Test) -> Term | None:
        sheet = self.known.sheet
        match award.quota:
            case None:
                return None
            case Places(count):
                return Whole(count)
            case UpTo(share, of, mode):
                counted = {
                    "participants": both(meant, placing.meant),
                    "eligible": could,
                    "ranked": every((meant, placing.meant, placing.ranked)),
                }[of]
                base = sheet.within(f"{award.id}:base", as_number(counted), placing.groups)
                return rounded(multiply(written(share), over(base, ONE)), 0, mode).top

    def _border(self, award: Award, quota: Term, ranks: Ranks, eligible: Truth, groups: tuple[str, ...]) -> Term:
        before = minus(ranks.first, ONE)
        match award.border:
            case "share":
                return GIVEN
            case "none":
                return NOT_GIVEN
            case ShareWithin(tolerance):
                over_it = over(minus(plus(before, ranks.equal), quota), ONE)
                within = held(over_it, "<=", multiply(written(tolerance), over(quota, ONE)))
                return choice(within, GIVEN, NOT_GIVEN)
            case _:
                return self._decided(award, minus(quota, before), ranks, eligible, groups)

    def _decided(self, award: Award, left: Term, ranks: Ranks, eligible: Truth, groups: tuple[str, ...]) -> Term:
        """Let a recorded decision that names all of those at the border say who is first."""
        found: Term = WAITS
        level = (*groups, eligible.name, *columns_of(ranks.first))
        for number, decision in reversed(list(enumerate(self.decisions))):
            if decision.standing != award.standing:
                continue
            sheet, order = self.known.sheet, decision.order
            named = both(eligible, OneOf(ID, tuple(order)))
            together = sheet.within(f"{award.id}:named{number}", as_number(named), level)
            # A decision may name others too: the place among those at the border is what counts.
            turn: Term = NOTHING
            for place, id in enumerate(order):
                turn = choice(OneOf(ID, (id,)), Whole(len(order) - place), turn)
            ahead = sheet.ranks(f"{award.id}:turn{number}", named, turn, level).first
            wins = compared(ahead, "<=", left)
            settled = both(named, compared(together, "==", ranks.equal))
            found = choice(settled, choice(wins, GIVEN, NOT_GIVEN), found)
        return found
