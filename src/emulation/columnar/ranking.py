"""Ranking: standings as places over exact keys; ties by the chain of keys, by a recorded decision, or left open."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import frozen

from emulation.columnar.judged import Known, Valued
from emulation.columnar.quantities import Quantity, negative
from emulation.columnar.refusals import ExactOnly
from emulation.columnar.sheet import ID, Sheet, group_column
from emulation.columnar.terms import (
    NO,
    NOTHING,
    ONE,
    OneOf,
    Term,
    Test,
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
from emulation.names import IndicatorId
from emulation.standings import CountBack, Decision, HeadToHead, Indicator_, Key, Points, Standing

PACKED = 2**53
"""Several keys that lie below this together are compared as one whole number."""


@frozen
class Placing:
    """A standing for all rows: who is ranked, at which place, among how many, with how many equals.

    ``before`` is how many stand before, whatever the places are called; ``open`` waits for a decision.
    """

    meant: Test
    ranked: Test
    place: Term
    of: Term
    equal: Term
    before: Term
    open: Test
    groups: tuple[str, ...]


@frozen
class Ranker:
    """Ranks everybody in a standing."""

    known: Known
    decisions: Sequence[Decision]

    @property
    def _sheet(self) -> Sheet:
        return self.known.sheet

    def placing(self, standing: Standing) -> Placing:
        """Give everybody a place in a standing that ranks them."""
        sheet, id = self._sheet, standing.id
        meant = sheet.truth(f"{id}:meant", sheet.selected(standing.for_))
        groups = () if standing.within is None else (group_column(standing.within),)
        by = [self._value(key, standing) for key in standing.by]
        ranked = sheet.truth(f"{id}:ranked", every((meant, sheet.alive, *(one.known for one in by))))
        chain = [self._value(step, standing) for step in standing.then if isinstance(step, Key)]
        if any(isinstance(step, CountBack | HeadToHead) for step in standing.then):
            raise ExactOnly(("standings", id, "then"), "a tie settled by counting places or wins")
        key = self._key(id, by, chain, ranked, groups)
        ranks = sheet.ranks(f"{id}:place", ranked, key, groups)
        first, equal = ranks.first, ranks.equal
        of = sheet.within(f"{id}:of", as_number(ranked), groups)
        before = minus(first, ONE)
        place, parted = self._decided(standing, ranked, first, equal)
        if standing.ties == "dense":
            place = ranks.dense
        tied = both(ranked, both(negated(parted), compared(equal, ">", ONE)))
        alone = choice(parted, ONE, equal)
        before = choice(parted, minus(place, ONE), before)
        waits = sheet.truth(f"{id}:open", tied if standing.ties == "decision" else NO)
        return Placing(meant, ranked, place, of, sheet.let(f"{id}:with", alone), before, waits, groups)

    def _value(self, key: Key, standing: Standing) -> Valued:
        """Give what is compared, turned so that more is always better."""
        match key.of:
            case Indicator_(id):
                one = self.known.measured(id)
                value, better = Valued(one.known, one.value), self._better(id)
            case Points(criterion):
                value, better = self.known.points[criterion], "higher"
        better = key.better or better
        return Valued(value.known, negative(value.value)) if better == "lower" else value

    def _better(self, id: IndicatorId) -> str:
        return self.known.better.get(id, "higher")

    def _key(
        self, id: str, by: Sequence[Valued], chain: Sequence[Valued], ranked: Test, groups: tuple[str, ...]
    ) -> Term | Quantity:
        """Make one number of several keys: those that fit side by side, else the place by those before them."""
        keys = [*((one, False) for one in by), *((one, True) for one in chain)]
        if len(keys) == 1:
            only = keys[0][0].value
            return only if only.grid is None else only.top
        packed: Term = NOTHING
        for number, (one, can_lack) in enumerate(keys):
            digit = self._digit(f"{id}:key{number}", one, ranked, groups, can_lack=can_lack)
            span = digit.range.high + 1
            if packed.range.high * span + digit.range.high >= PACKED:
                place = self._sheet.ranks(f"{id}:until{number}", ranked, packed, groups).first
                packed = minus(Whole(self._sheet.rows), place)
            if packed.range.high * span + digit.range.high >= PACKED:
                digit = self._by_place(f"{id}:key{number}", one, ranked, groups)
                span = digit.range.high + 1
            packed = plus(times(Whole(span), packed), digit)
        return packed

    def _digit(self, name: str, one: Valued, ranked: Test, groups: tuple[str, ...], *, can_lack: bool) -> Term:
        """Give a key as a whole number from 0 on; one that is lacking stands behind all others, at 0."""
        if one.value.grid is None:
            return self._by_place(name, one, ranked, groups)
        low = one.value.top.range.low
        digit = plus(one.value.top, Whole((1 if can_lack else 0) - low))
        return choice(one.known, digit, NOTHING) if can_lack else digit

    def _by_place(self, name: str, one: Valued, ranked: Test, groups: tuple[str, ...]) -> Term:
        """Give the place by one key, turned so that more is better; 0 where it is lacking."""
        who = both(ranked, one.known)
        key = one.value if one.value.grid is None else one.value.top
        place = self._sheet.ranks(f"{name}:place", who, key, groups).first
        turned = minus(Whole(self._sheet.rows + 1), place)
        return choice(who, turned, NOTHING)

    def _decided(self, standing: Standing, ranked: Test, place: Term, equal: Term) -> tuple[Term, Test]:
        """Part those tied by a recorded decision that names all of them and nobody else."""
        parted: Test = NO
        if standing.ties != "decision":
            return place, parted
        for number, decision in enumerate(self.decisions):
            if decision.standing != standing.id:
                continue
            named = both(ranked, OneOf(ID, tuple(decision.order)))
            together = self._sheet.within(
                f"{standing.id}:named{number}",
                as_number(named),
                (*_groups(standing), *columns_of(ranked), *columns_of(place)),
            )
            whole = Whole(len(decision.order))
            settled = both(named, both(compared(together, "==", whole), compared(equal, "==", whole)))
            settled = self._sheet.truth(f"{standing.id}:decided{number}", both(negated(parted), settled))
            ahead: Term = NOTHING
            for behind, id in enumerate(decision.order):
                ahead = choice(OneOf(ID, (id,)), Whole(behind), ahead)
            place = choice(settled, plus(place, ahead), place)
            parted = either(parted, settled)
        return (self._sheet.let(f"{standing.id}:settled", place), self._sheet.truth(f"{standing.id}:parted", parted))


def _groups(standing: Standing) -> tuple[str, ...]:
    return () if standing.within is None else (group_column(standing.within),)
