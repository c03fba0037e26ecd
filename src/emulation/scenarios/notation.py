"""Notation: a rule as it would be written on one line of a campaign's file, to be shown beside another."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from json import dumps
from typing import Any, get_args, get_origin

import attrs

from emulation.exact import write_number
from emulation.formulas import Expression
from emulation.grammar import hints, is_bare, is_by_id, is_inline, is_spread, key_for, members_of, word_for
from emulation.names import Label
from emulation.participants import EVERYBODY


def notation(value: Any) -> str:
    """Write a value of a campaign as its file would, on one line; keys at their defaults are left out.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> rules = load_campaign("campaigns/thai-nguyen-2025")
    >>> print(notation(rules.criterion["tasks"].earns))
    {full_at: 1, cap: full}
    >>> print(notation(rules.awards[0].quota))
    {share: 0.1, of: ranked, round: down}
    """
    return "-" if value is None else _flow(_plain(value, None))


def _flow(value: Any) -> str:
    match value:
        case Mapping():
            return "{" + ", ".join(f"{key}: {_flow(one)}" for key, one in value.items()) + "}"
        case list():
            return "[" + ", ".join(map(_flow, value)) + "]"
        case str() if _TO_QUOTE.search(value):
            return dumps(value, ensure_ascii=False)
        case _:
            return str(value)


_TO_QUOTE = re.compile(r"^$|^[\s&*!|>%@`'\"?-]|[,:#{}\[\]\"]|\s$")
"""What would not be read back between brackets as it stands."""


def _plain(value: Any, kind: Any) -> Any:
    """Give a value as maps, lists and texts, as the grammar's marks say that records are written."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | Fraction():
            return write_number(value)
        case date():
            return value.isoformat()
        case Expression(text=text):
            return text
        case Label(texts=(("", text),)):
            return text
        case Label():
            return dict(value.texts)
        case tuple():
            return _items(value, kind)
        case _ if attrs.has(type(value)):
            return _worded(value, kind)
        case _:
            return str(value)


def _items(several: tuple[Any, ...], kind: Any) -> Any:
    """Give the items of a tuple: a map of pairs or of records by id, else a list."""
    item = next((get_args(one)[0] for one in members_of(kind) if get_origin(one) is tuple), None)
    if several and all(isinstance(one, tuple) for one in several):
        return {key: _plain(one, get_args(item)[1] if item else None) for key, one in several}
    if several and all(is_by_id(type(one)) for one in several):
        return {one.id: dict(_body(one)) for one in several}
    return [_plain(one, item) for one in several]


def _worded(record: Any, kind: Any) -> Any:
    """Give a record of a union under its word, any other by its keys, one of a single field by that."""
    rules: Any = type(record)
    fields = attrs.fields(rules)
    if not fields:
        return word_for(rules)
    name = fields[0].name
    body = _plain(getattr(record, name), hints(rules)[name]) if is_bare(rules) else dict(_body(record))
    return body if _is_alone(rules, kind) or is_spread(rules) else {word_for(rules): body}


def _is_alone(record: Any, kind: Any) -> bool:
    """Say whether a record is written without its word: nothing else could stand there, or nothing else with keys."""
    members = members_of(kind)
    records = [one for one in members if attrs.has(one)]
    return len(members) == 1 or (len(records) == 1 and not is_bare(record))


def _body(record: Any) -> Iterator[tuple[str, Any]]:
    """Give the keys of a record that are not at their defaults; an inline one writes its own beside them."""
    rules: Any = type(record)
    for one in attrs.fields(rules):
        value, kind = getattr(record, one.name), hints(rules)[one.name]
        if not one.repr or (one.name == "id" and is_by_id(rules)) or value in (one.default, EVERYBODY):
            continue
        if is_inline(one) and is_spread(type(value)):
            yield from _body(value)
        elif is_inline(one):
            yield word_for(type(value)), _plain(value, type(value)) if attrs.fields(type(value)) else "true"
        else:
            yield key_for(one), _plain(value, kind)
