"""Firmness: how firm ranks are when weights move: in so many draws, under all weights, and criterion by criterion.

It stands beside the official rank and never in its stead. What is drawn, and how, is said in `ranges`; what totals are
made of, in `shares`. Places are tallied, so that everybody's tallies add up to the number of draws exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from operator import sub
from typing import Literal

from attrs import field, frozen

from emulation.display import Shown
from emulation.exact import Rational, divide
from emulation.names import CriterionId, ParticipantId
from emulation.outcome import Outcome
from emulation.problems import Problem, Refused
from emulation.scenarios.dominance import leads_of
from emulation.scenarios.doors import firsts_of, places_under_all, tallies_of
from emulation.scenarios.ranges import Range, Ranges, Uniform, criteria_of, drawn, problems_of, unit_of
from emulation.scenarios.redrawn import Redrawn, redrawn
from emulation.scenarios.shares import Shares, declared_weights, places, shares_of, whole_numbers
from emulation.scenarios.tallies import Tally

DRAWS, SEED = 10_000, 1


@frozen
class Firm:
    """One participant: its official place, and its places over the draws.

    ``tally`` holds for each place how many draws gave it. ``central`` are the places between which nine draws of ten
    lie, as many left out above as below. ``surely`` are the first and last place under any weights whatever within
    the ranges, where they are known. ``without`` is the place without each criterion. ``classes`` and ``awards`` hold
    how many draws gave each, where the campaign was scored anew.
    """

    participant: ParticipantId
    place: int
    tally: Tally
    surely: tuple[int, int] | None
    without: Mapping[CriterionId, int] = field(factory=dict)
    classes: Mapping[str, int] = field(factory=dict)
    awards: Mapping[str, int] = field(factory=dict)

    @property
    def extremes(self) -> tuple[int, int]:
        """The best and the worst place of any draw."""
        return self.tally.extremes

    @property
    def central(self) -> tuple[int, int]:
        """The places between which nine draws of ten lie, as many left out above as below."""
        return self.tally.central

    def within(self, place: int) -> Fraction:
        """Give the share of draws with this place or a better one."""
        return self.tally.within(place)


@frozen
class Influence:
    """What a criterion does to totals: its declared share of all weights, and its share of the variance of totals.

    The latter is ``cov(points, total) / var(total)``, so that all of them add up to 1: what it weighs in effect.
    """

    criterion: CriterionId
    declared: Rational
    effective: Rational


@frozen
class Firmness(Shown):
    """How firm the ranks of a standing are.

    ``engine`` says what reckoned: totals of earned shares by numpy or in whole numbers, which give the same digits, or
    the campaign *rescored* at each draw, which rounds again where the rulebook rounds.
    """

    outcome: Outcome
    standing: str | None
    ranges: Ranges
    draws: int
    seed: int
    engine: Literal["numpy", "integers", "rescored"]
    rows: tuple[Firm, ...]
    influence: tuple[Influence, ...]

    def __getitem__(self, participant: str) -> Firm:
        id = self.outcome.campaign.who(participant) or participant
        return next(row for row in self.rows if row.participant == id)


def firmness(
    outcome: Outcome,
    ranges: Ranges | Mapping[str, tuple[Rational, Rational]],
    draws: int = DRAWS,
    seed: int = SEED,
    *,
    rescore: bool = False,
    tell: Callable[[int, int], None] = lambda _done, _of: None,
) -> Firmness:
    """Draw weights within ranges, rank by each draw, and tally the places.

    Ranges can be given as the bounds of each criterion that moves. With ``rescore`` the whole campaign is scored anew
    at each draw, for classes and awards too; where samples are redrawn it always is; then ``tell`` is told
    after each how many are done, and of how many. Raise `Refused` for ranges that
    cannot be (E740), for totals that are no weighed sums (E741), for no draws (E742).

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> from emulation.outcome import score
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> found = firmness(outcome, {"online": (40, 80)}, draws=200)
    >>> found["05443"].place, found["05443"].central, found["05443"].extremes
    (91, (91, 91), (91, 91))
    """
    ranges = _ranges(ranges, outcome, draws)
    if rescore or ranges.samples == "redrawn":
        return _rescored(outcome, ranges, draws, seed, tell)
    shares, unit, weights = _drawn(outcome, ranges, draws, seed)
    engine, tallies = tallies_of(shares, weights)
    official = outcome.standings[shares.standing.id]
    surely = _surely(shares, ranges, unit)
    without = _without(shares, unit)
    rows = tuple(
        Firm(
            body,
            official[body].place or 0,
            tallies[number],
            None if surely is None else surely[number],
            {id: column[number] for id, column in without.items()},
        )
        for number, body in enumerate(shares.bodies)
    )
    by_name = outcome.campaign.participants.by_name
    ordered = tuple(sorted(rows, key=lambda row: (row.place, by_name(row.participant))))
    influence = tuple(_influence(shares, unit))
    return Firmness(outcome, shares.standing.id, ranges, draws, seed, engine, ordered, influence)


def among_first(
    outcome: Outcome,
    ranges: Ranges | Mapping[str, tuple[Rational, Rational]],
    places: int,
    draws: int = DRAWS,
    seed: int = SEED,
) -> dict[ParticipantId, Fraction]:
    """Draw weights as `firmness` does, and give for everybody the share of draws with one of the first places.

    They are the shares that ``firmness(...)[id].within(places)`` gives, without ranking all the others: for a large
    field many times as quick. Raise `Refused` as `firmness` does, and for samples that are to be redrawn (E741).

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> from emulation.outcome import score
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> among_first(outcome, {"online": (40, 80)}, 90, draws=200)["05443"]
    Fraction(0, 1)
    """
    ranges = _ranges(ranges, outcome, draws)
    if ranges.samples == "redrawn":
        what = "samples are asked again at each draw, and the whole campaign scored anew"
        raise Refused([Problem("E741", what, "firmness, which does that")])
    shares, _, weights = _drawn(outcome, ranges, draws, seed)
    _, found = firsts_of(shares, weights, places)
    return {body: Fraction(count, draws) for body, count in zip(shares.bodies, found, strict=True)}


def _ranges(ranges: Ranges | Mapping[str, tuple[Rational, Rational]], outcome: Outcome, draws: int) -> Ranges:
    """Take ranges as they are given; refuse those that cannot be, and no draws."""
    if isinstance(ranges, Mapping):
        ranges = Ranges(Uniform(tuple((CriterionId(id), Range(*ends)) for id, ends in ranges.items())))
    if draws < 1:
        raise Refused([Problem("E742", f"{draws} draws", "at least one")])
    if problems := list(problems_of(ranges, outcome.campaign)):
        raise Refused(problems)
    return ranges


def _drawn(outcome: Outcome, ranges: Ranges, draws: int, seed: int) -> tuple[Shares, Fraction, list[tuple[int, ...]]]:
    """Give the shares of totals, the unit of weights, and the weights drawn in it."""
    declared = declared_weights(outcome, criteria_of(ranges))
    unit = unit_of(ranges, declared)
    return shares_of(outcome, criteria_of(ranges), unit), unit, list(drawn(ranges, declared, draws, seed))


def _rescored(outcome: Outcome, ranges: Ranges, draws: int, seed: int, tell: Callable[[int, int], None]) -> Firmness:
    """Score the campaign anew at each draw, and tally the places of the first standing that ranks each."""
    tallies = {one.participant.id: Redrawn() for one in outcome if one.rank is not None}
    for done, came_to in enumerate(redrawn(outcome, ranges, draws, seed), 1):
        for id, tally in tallies.items():
            tally.count(came_to, id)
        tell(done, draws)
    rows = tuple(
        Firm(
            id,
            outcome[id].rank or 0,
            Tally.of(tally.ranks),
            None,
            {},
            dict(tally.classes),
            dict(tally.awards),
        )
        for id, tally in tallies.items()
        if tally.ranks
    )
    by_name = outcome.campaign.participants.by_name
    ordered = tuple(sorted(rows, key=lambda row: (row.place, by_name(row.participant))))
    return Firmness(outcome, None, ranges, draws, seed, "rescored", ordered, ())


# --- under all weights


def _surely(shares: Shares, ranges: Ranges, unit: Fraction) -> list[tuple[int, int]] | None:
    """Give the first and last place anybody can have under any weights; None where weights share one whole."""
    if not isinstance(ranges.weights, Uniform):
        return None
    bounds = [(int(one.from_ / unit), int(one.to / unit)) for _, one in ranges.weights.within]
    return places_under_all(leads_of(shares, bounds))


# --- criterion by criterion


def _without(shares: Shares, unit: Fraction) -> dict[CriterionId, list[int]]:
    """Give everybody's place without each criterion."""
    fixed, brought = _as_declared(shares, unit)
    totals = list(map(sum, zip(fixed, *brought, strict=True)))
    return {
        id: places(list(zip(map(sub, totals, column), shares.order, strict=True)))
        for id, column in zip(shares.criteria, brought, strict=True)
    }


def _influence(shares: Shares, unit: Fraction) -> Sequence[Influence]:
    """Split the variance of totals among the criteria that move; what does not move has the rest of it."""
    fixed, brought = _as_declared(shares, unit)
    totals = list(map(sum, zip(fixed, *brought, strict=True)))
    whole = sum(Fraction(one) for one in shares.declared)
    spread = _covariance(totals, totals)
    return [
        Influence(id, divide(Fraction(declared), whole), divide(_covariance(column, totals), spread) if spread else 0)
        for id, declared, column in zip(shares.criteria, shares.declared, brought, strict=True)
    ]


def _as_declared(shares: Shares, unit: Fraction) -> tuple[list[int], list[list[int]]]:
    """Give what stands and what each criterion brings as declared, in whole parts of one size.

    Weights as declared need not be whole multiples of the unit that draws are counted in.
    """
    weights, parts = whole_numbers([one / unit for one in shares.declared])
    columns = zip(*shares.shares, strict=True)
    brought = [[weight * share for share in column] for weight, column in zip(weights, columns, strict=True)]
    return [one * parts for one in shares.fixed], brought


def _covariance(one: Sequence[int], other: Sequence[int]) -> int:
    """Give the covariance of two columns times the square of their length, which cancels out of its shares."""
    return len(one) * sum(map(int.__mul__, one, other)) - sum(one) * sum(other)
