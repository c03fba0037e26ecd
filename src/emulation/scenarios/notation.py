"""Notation: a rule as it would be written on one line of a campaign's file, to be shown beside another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Any

import attrs

from emulation.exact import write_number
from emulation.formulas import Expression
from emulation.grammar import hints, is_bare, is_inline, is_spread, key_for, members_of, word_for
from emulation.names import Label


def notation(value: Any) -> str:
    """Write a value of a campaign as its file would, on one line; keys at their defaults are left out.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> print(notation(rules.criterion["tasks"].earns))
    {full_at: 1, cap: full}
    >>> print(notation(rules.awards[0].quota))
    {share: 0.1, of: ranked, round: down}
    """
    return _flow(_plain(value, None))


def _flow(value: Any) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case _:
            return str(value)


def _plain(value: Any, kind: Any) -> Any:
    """Give a value as maps, lists and texts, as the grammar's marks say that records are written."""
    match value:
        case None:
            return "-"
        case bool():
            return "true" if value else "false"
        case int() | Fraction():
            return write_number(value)
        case date():
            return value.isoformat()
        case Expression(text=text):
            return text
        case Label():
            return {language or "title": text for language, text in value.texts}
        case tuple():
            return _items(value)
        case _ if attrs.has(type(value)):
            return _worded(value, kind)
        case _:
            return str(value)


def _items(several: tuple[Any, ...]) -> Any:
    """Give the items of a tuple: a map of pairs or of records by id, else a list."""
    if several and all(isinstance(one, tuple) for one in several):
        return {key: _plain(one, None) for key, one in several}
    if several and all(hasattr(one, "id") for one in several):
        return {one.id: dict(_body(one)) for one in several}
    return [_plain(one, None) for one in several]


def _worded(record: Any, kind: Any) -> Any:
    """Give a record of a union under its word, any other by its keys, one of a single field by that."""
    fields = attrs.fields(type(record))
    alone = kind is not None and len(members_of(kind)) == 1
    if not fields:
        return word_for(type(record))
    body = _plain(getattr(record, fields[0].name), None) if is_bare(type(record)) else dict(_body(record))
    return body if alone or kind is None or is_spread(type(record)) else {word_for(type(record)): body}


def _body(record: Any) -> Iterator[tuple[str, Any]]:
    """Give the keys of a record that are not at their defaults; an inline one writes its own beside them."""
    rules: Any = type(record)
    kinds = hints(rules)
    for one in attrs.fields(rules):
        value = getattr(record, one.name)
        if not one.repr or one.name == "id" or value == one.default:
            continue
        if is_inline(one) and is_spread(type(value)):
            yield from _body(value)
        elif is_inline(one):
            yield word_for(type(value)), _plain(value, type(value)) if attrs.fields(type(value)) else "true"
        else:
            yield key_for(one), _plain(value, kinds[one.name])
