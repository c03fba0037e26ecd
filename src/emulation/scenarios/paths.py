"""Paths: where something stands in a campaign, as the keys of its file lead there; each step is checked.

The keys are those of the YAML, which follow the records by the marks in `grammar`; so one walk finds what a path
names, what may stand there, and how the campaign looks with something else in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, get_args, get_origin

import attrs
from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.grammar import hints, is_bare, is_by_id, is_inline, is_spread, key_for, members_of, word_for
from emulation.names import near
from emulation.participants import Participant, Participants
from emulation.problems import Path, Problem, Refused

NOT_CHANGED = ("id", "observations", "editions", "examples", "acknowledge")
"""Fields of a campaign that no path leads into: what they say changes no result."""


@frozen
class Spot:
    """What stands at a path: its value, the type of what may stand there, and the whole with another in its place.

    A union's member that is not chosen stands there as None, so that another rule can be put in its stead; the one
    that ``stands`` there is another. ``left_out`` is the whole without it, where there can be one.
    """

    path: Path
    value: Any
    kind: Any
    put: Callable[[Any], Campaign]
    left_out: Callable[[], Campaign] | None = None
    stands: Any = None


def spot_at(campaign: Campaign, path: str | Path) -> Spot:
    """Follow a path, such as ``criteria.online.max``; a criterion is found by its id wherever it is in the tree.

    Raise `Refused` (E700) for one that leads nowhere, with the step that is not there.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> spot_at(rules, "targets.online_80.at_least").value
    Fraction(4, 5)
    >>> spot_at(rules, "targets.online_8.at_least")
    Traceback (most recent call last):
    emulation.problems.Refused: E700 'targets' has no 'online_8'; did you mean online_80?
    """
    spot = whole(campaign)
    steps = steps_of(campaign, path) if isinstance(path, str) else path
    for step in _from_the_root(campaign, steps):
        around = below(spot)
        if step not in around:
            raise Refused([_unknown(spot, step, around)])
        spot = around[step]
    return spot


def whole(campaign: Campaign) -> Spot:
    """Give the spot that a whole campaign is."""
    return Spot((), campaign, Campaign, lambda changed: changed)


def steps_of(campaign: Campaign, path: str) -> Path:
    """Split a path at its points, but not an id or name that has points of its own."""
    head, _, rest = path.partition(".")
    known = [body.id for body in campaign.participants] if head == "participants" else list(campaign.criterion)
    dotted = next((id for id in known if "." in id and (rest == id or rest.startswith(f"{id}."))), None)
    if dotted is None:
        return tuple(path.split("."))
    return (head, dotted, *filter(None, rest.removeprefix(dotted).removeprefix(".").split(".")))


def _from_the_root(campaign: Campaign, path: Path) -> Path:
    """Give the whole path to a criterion that is named without those it is part of."""
    match path:
        case ("criteria", id, *rest) if id in campaign.parent_of:
            return (*_path_to(campaign, id), *rest)
        case ("participants", name, *rest):
            return ("participants", campaign.who(name) or name, *rest)
        case _:
            return path


def _path_to(campaign: Campaign, id: Any) -> Path:
    """Give the path to a criterion: those it is part of, each with the word for how its parts are joined."""
    whole = campaign.parent_of.get(id)
    if whole is None:
        return ("criteria", id)
    joined = campaign.criterion[whole].earns
    word = () if is_bare(type(joined)) else ("of",)
    return (*_path_to(campaign, whole), word_for(type(joined)), *word, id)


def _unknown(spot: Spot, step: str, around: Mapping[str, Spot]) -> Problem:
    where = ".".join(spot.path) or "the campaign"
    if not around:
        return Problem("E700", f"{where!r} is a single value: nothing stands below it, and no {step!r}")
    hint = near(step, around)
    listed = None if hint else _listed(around)
    return Problem("E700", f"{where!r} has no {step!r}", listed, hint)


_MOST_LISTED = 12


def _listed(around: Mapping[str, Spot]) -> str:
    words = list(around)
    return f"it has {', '.join(words[:_MOST_LISTED])}" + (", ..." if len(words) > _MOST_LISTED else "")


# --- one step down


def below(spot: Spot) -> Mapping[str, Spot]:
    """Give what stands one step below, by the key that leads there."""
    return {one.path[-1]: one for one in _below(spot)}


def _below(spot: Spot) -> Iterator[Spot]:
    value, kind = spot.value, spot.kind
    if isinstance(value, tuple):
        yield from _items(spot, next(iter(get_args(_tuple_in(kind))), None))
    elif attrs.has(type(value)):
        yield from _in_record(spot)


def _tuple_in(kind: Any) -> Any:
    """Give the tuple of a union that may hold one."""
    return next((one for one in members_of(kind) if get_origin(one) is tuple), kind)


def _items(spot: Spot, item: Any) -> Iterator[Spot]:
    """Give the items of a tuple: by id, by key, or by their number."""
    listed = spot.value
    for number, one in enumerate(listed):
        before, after = listed[:number], listed[number + 1 :]

        def put(changed: Any, before: Any = before, after: Any = after) -> Campaign:
            return spot.put((*before, changed, *after))

        def left_out(before: Any = before, after: Any = after) -> Campaign:
            return spot.put((*before, *after))

        if is_by_id(type(one)):
            yield Spot((*spot.path, one.id), one, type(one), put, left_out)
        elif get_origin(item) is tuple:
            yield Spot((*spot.path, one[0]), one[1], get_args(item)[1], _paired(put, one[0]), left_out)
        else:
            yield Spot((*spot.path, str(number)), one, item, put, left_out)


def _paired(put: Callable[[Any], Campaign], key: str) -> Callable[[Any], Campaign]:
    return lambda changed: put((key, changed))


def _in_record(spot: Spot) -> Iterator[Spot]:
    """Give what a record's map holds: the word of a union's member first, else its keys."""
    record = type(spot.value)
    members = [one for one in members_of(spot.kind) if attrs.has(one)]
    alone = len(members_of(spot.kind)) == 1 or (len(members) == 1 and not is_bare(record))
    if alone or is_spread(record):
        yield from _body(spot)
    else:
        yield from (_member(spot, one) for one in members if not is_spread(one))


def _member(spot: Spot, record: Any) -> Spot:
    """Give a union's member by its word; of one that is written without its only key, what stands behind the word."""
    chosen = spot.value if type(spot.value) is record else None
    path = (*spot.path, word_for(record))
    if not is_bare(record):
        return Spot(path, chosen, record, spot.put, spot.left_out, spot.value)
    name = attrs.fields(record)[0].name
    inner = None if chosen is None else getattr(chosen, name)
    return Spot(path, inner, hints(record)[name], lambda changed: spot.put(record(changed)), spot.left_out, spot.value)


def _body(spot: Spot) -> Iterator[Spot]:
    """Give the keys of a record; one of a single field is written without its key."""
    record: Any = type(spot.value)
    fields = attrs.fields(record)
    if is_bare(record):
        yield from _below(_field(spot, fields[0], spot.path))
        return
    hidden = NOT_CHANGED if record is Campaign else ("id",) if is_by_id(record) else ()
    for one in fields:
        if not one.repr or one.name in hidden:
            continue
        if is_inline(one):
            yield from _inlined(_field(spot, one, spot.path))
        else:
            yield _field(spot, one, (*spot.path, key_for(one)))


def _field(spot: Spot, one: attrs.Attribute[Any], path: Path) -> Spot:
    record: Any = spot.value
    kind: Any = type(record)

    def put(changed: Any) -> Campaign:
        return spot.put(evolve(record, **{one.name: changed}))

    if one.name == "participants":
        listed = record.participants.listed
        return Spot(path, listed, tuple[Participant, ...], lambda changed: put(Participants(changed)))
    left_out = None if one.default is attrs.NOTHING else partial(put, one.default)
    return Spot(path, getattr(record, one.name), hints(kind)[one.name], put, left_out)


def _inlined(spot: Spot) -> Iterator[Spot]:
    """Give what an inline union writes beside the other keys: each member by its word, a spread one by its keys."""
    if spot.value is not None and is_spread(type(spot.value)):
        yield from _body(spot)
    yield from (_member(spot, one) for one in members_of(spot.kind) if not is_spread(one))
