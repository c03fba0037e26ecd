"""Keys: which can stand in a record's map, which tell a record of a union, and where a misplaced one belongs."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_args, get_origin

import attrs

from emulation.campaign import Campaign
from emulation.formulas import Expression
from emulation.grammar import hints, is_bare, is_inline, is_spread, key_for, members_of, word_for
from emulation.names import Label

_MOST_HOMES = 3


@cache
def leads(record: type) -> tuple[str, ...]:
    """Give the keys by which a map is known to be this record of a union."""
    if not is_spread(record):
        return (word_for(record),)
    first = attrs.fields(record)[0]
    if not is_inline(first):
        return (key_for(first),)
    return tuple(word for one in members_of(hints(record)[first.name]) for word in leads(one))


@cache
def allowed(record: type) -> frozenset[str]:
    """Give all keys that can stand in a record's map."""
    keys: set[str] = set()
    for attribute in attrs.fields(record):
        if not attribute.repr:
            continue
        if not is_inline(attribute):
            keys.add(key_for(attribute))
            continue
        for one in members_of(hints(record)[attribute.name]):
            keys |= allowed(one) if is_spread(one) else {word_for(one)}
    return frozenset(keys)


def idle(record: type, present: Iterable[str]) -> dict[str, str]:
    """Give the keys that go with another member of a union than the one chosen, each with the key they go with.

    The keys of such members stand in one map. ``share_of`` goes with ``children``; beside ``indicator`` it would be
    passed over in silence.

    >>> from emulation.targets import Target
    >>> idle(Target, ["indicator", "at_least", "share_of", "before"])
    {'share_of': 'children'}
    """
    written = set(present)
    left: dict[str, str] = {}
    for spread in _sharing_a_map(record):
        chosen = next((one for one in spread if written & set(leads(one))), None)
        if chosen is not None:
            left |= {key: leads(one)[0] for one in spread for key in sorted(written & allowed(one) - allowed(chosen))}
    return left


@cache
def _sharing_a_map(record: type) -> tuple[tuple[type, ...], ...]:
    """Give, for each inline field of a record, the members whose keys stand beside the record's own."""
    inlines = [hints(record)[one.name] for one in attrs.fields(record) if is_inline(one)]
    unions = [tuple(one for one in members_of(kind) if is_spread(one)) for kind in inlines]
    return tuple(union for union in unions if union)


def keys_in_order(record: type, given: Iterable[str] = ()) -> list[str]:
    """Give the keys of a record, those of its inline members after those that are always the same."""
    own = [key_for(one) for one in attrs.fields(record) if one.repr and not is_inline(one)]
    return [key for key in (*own, *sorted(allowed(record).difference(own))) if key not in given]


def home_of(key: str, record: type) -> str | None:
    """Say where a key belongs that stands in the map of a record, where that can be said in a few words."""
    below = [(word, one) for word, one in _below(record) if not is_bare(one)]
    inside = list(dict.fromkeys(f"in {word}" for word, one in below if key in allowed(one)))
    homes = inside if 0 < len(inside) <= _MOST_HOMES else _homes().get(key, [])
    return f"it belongs {' or '.join(homes)}" if 0 < len(homes) <= _MOST_HOMES else None


def _below(record: type) -> Iterator[tuple[str, type]]:
    """Give the records whose maps stand inside the map of a record, each with the key it stands under."""
    for attribute in attrs.fields(record):
        if not attribute.repr or attribute.name == "participants":
            continue
        members = [one for member in members_of(hints(record)[attribute.name]) for one in _records_in(member)]
        for one in members:
            if is_inline(attribute) and is_spread(one):
                yield from _below(one)
            elif is_inline(attribute) or (len(members) > 1 and not is_spread(one)):
                yield word_for(one), one
            else:
                yield key_for(attribute), one


def _records_in(kind: Any) -> Iterator[type]:
    """Give the records a type is or holds."""
    if get_origin(kind) is tuple:
        for item in get_args(kind):
            yield from (one for member in members_of(item) for one in _records_in(member))
    elif attrs.has(kind) and kind not in (Label, Expression):
        yield kind


@cache
def _homes() -> Mapping[str, Sequence[str]]:
    """Give the maps each key of a campaign can stand in, each by the first key it is met under."""
    names: dict[type, str] = {}
    met: deque[tuple[str, type]] = deque([("at the top of the file", Campaign)])
    while met:
        word, record = met.popleft()
        if record not in names:
            names[record] = word
            unnamed = is_bare(record)
            met.extend((word if unnamed or key == "of" else f"in {key}", one) for key, one in _below(record))
    homes: dict[str, dict[str, None]] = {}
    for record, word in names.items():
        for key in () if is_bare(record) else allowed(record):
            homes.setdefault(key, {})[word] = None
    return {key: list(words) for key, words in homes.items()}
