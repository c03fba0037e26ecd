"""Hurdles: what the places above ask for: the value to be passed, and how far a participant is from it.

Nothing is tried out: all others stay as they are, and only the first thing compared is moved. `way_up` searches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from attrs import frozen

from emulation.exact import Rational
from emulation.indicators import Share
from emulation.measures import Measurement
from emulation.names import IndicatorId, ParticipantId
from emulation.outcome import Outcome
from emulation.standings import Indicator_, Key, Placed, Points, Standing

LANDMARKS = (10, 3, 1)
"""The places people ask about, besides the next one up."""


@frozen
class Hurdle:
    """The value that a place asks for, held by somebody now.

    ``is_enough`` says whether the value itself will do, or only one beyond it. ``more`` is how many more cases of a
    share's own whole it takes; None for anything but a share of which more is better.
    """

    standing: Standing
    place: int
    holder: ParticipantId
    key: Key
    now: Rational
    bar: Rational
    is_enough: bool
    more: int | None


def hurdles(outcome: Outcome, body: ParticipantId, wanted: Iterable[int] = LANDMARKS) -> tuple[Hurdle, ...]:
    """Give what a participant must reach for the next place up and for those wanted, in each standing.

    >>> from emulation.outcome import score
    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> outcome = score(rules, load_observations("campaigns/thai-nguyen-2025/observations.csv", rules))
    >>> [(one.place, str(one.bar), one.is_enough) for one in hurdles(outcome, outcome["Xã An Khánh"].participant.id)]
    []
    """
    asked = tuple(wanted)
    return tuple(
        hurdle for standing in outcome.campaign.standings for hurdle in _of_standing(outcome, standing, body, asked)
    )


def _of_standing(outcome: Outcome, standing: Standing, body: ParticipantId, asked: Sequence[int]) -> Iterator[Hurdle]:
    places = outcome.standings[standing.id]
    own = places.get(body)
    if own is None or own.place is None:
        return
    ahead = _ahead(places.items(), own)
    if not ahead:
        return
    nearest = ahead[-1][1].place or 0
    for place in sorted({nearest, *(one for one in asked if one < own.place)}, reverse=True):
        holder = _holder(ahead, place, dense=standing.ties == "dense")
        if holder is not None and (found := _hurdle(outcome, standing, place, body, holder)) is not None:
            yield found


def _ahead(places: Iterable[tuple[ParticipantId, Placed]], own: Placed) -> list[tuple[ParticipantId, Placed]]:
    """Give those ranked before somebody in the same group, the first first."""
    mine = own.place or 0
    found = [(id, one) for id, one in places if one.group == own.group and one.place is not None and one.place < mine]
    return sorted(found, key=lambda pair: pair[1].place or 0)


def _holder(ahead: Sequence[tuple[ParticipantId, Placed]], place: int, *, dense: bool) -> ParticipantId | None:
    """Give whom one must not leave ahead to be at a place or before: the so-manieth of those ahead."""
    if dense:
        return next((id for id, one in ahead if one.place == place), None)
    return ahead[place - 1][0] if place <= len(ahead) else None


def _hurdle(
    outcome: Outcome, standing: Standing, place: int, body: ParticipantId, holder: ParticipantId
) -> Hurdle | None:
    key = standing.by[0]
    places = outcome.standings[standing.id]
    now, bar = places[body].keys[0], places[holder].keys[0]  # who is ranked has a key
    enough = _is_enough(outcome, standing, body, holder)
    share = _share(outcome, key, body)
    more = None if share is None else _more(share, bar, is_enough=enough)
    if (share is not None and more is None) or (not enough and _is_full(outcome, key, bar, body)):
        return None
    return Hurdle(standing, place, holder, key, now, bar, enough, more)


def _value(outcome: Outcome, key: Key, body: ParticipantId) -> Rational | None:
    match key.of:
        case Indicator_(id):
            found = outcome.measurements[id].get(body)
            return None if found is None else found.value
        case Points(criterion):
            column = outcome.scores[criterion]
            return column.points_of(body) if body in column else None


def lower(outcome: Outcome, key: Key) -> bool:
    """Say whether less of what is compared is better."""
    if key.better is not None:
        return key.better == "lower"
    return isinstance(key.of, Indicator_) and outcome.campaign.indicator[key.of.id].better == "lower"


def _is_enough(outcome: Outcome, standing: Standing, body: ParticipantId, holder: ParticipantId) -> bool:
    """Say whether to be level in the first thing compared will do: by what is compared after it."""
    for key in (*standing.by[1:], *standing.then):
        if not isinstance(key, Key):
            return False
        mine, theirs = _value(outcome, key, body), _value(outcome, key, holder)
        if mine is None or theirs is None:
            return False
        if mine != theirs:
            return (mine < theirs) if lower(outcome, key) else (mine > theirs)
    return standing.ties != "decision"


def _is_full(outcome: Outcome, key: Key, bar: Rational, body: ParticipantId) -> bool:
    """Say whether a bar is the most points there are, so that nobody can be beyond it."""
    if not isinstance(key.of, Points) or lower(outcome, key):
        return False
    most = outcome.scores[key.of.criterion].most_of(body)
    return most is not None and bar >= most


def _share(outcome: Outcome, key: Key, body: ParticipantId) -> Measurement | None:
    """Give the measurement of a plain share of which more is better."""
    if not isinstance(key.of, Indicator_) or lower(outcome, key):
        return None
    indicator = outcome.campaign.indicator[IndicatorId(key.of.id)]
    found = outcome.measurements[key.of.id].get(body)
    plain = isinstance(indicator.measured_as, Share) and found is not None
    return found if plain and found is not None and isinstance(found.of, int) and found.among else None


def _more(share: Measurement, bar: Rational, *, is_enough: bool) -> int | None:
    """Count how many more cases lift a share to a bar, or over it; None where all of them would not do."""
    of, among = int(share.of or 0), int(share.among or 0)
    at_bar = bar * among
    count = -(-at_bar.numerator // at_bar.denominator) if is_enough else at_bar.numerator // at_bar.denominator + 1
    return max(0, count - of) if count <= among else None
