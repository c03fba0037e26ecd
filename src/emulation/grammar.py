"""Grammar: the marks on rule records that say how they are written, for those who read and document them.

The YAML of a campaign follows its records, so that one walk reads it, one draws its schema and one documents it:

* a record is a map, its fields are the keys (`from_` is written ``from``);
* an `inline` field holds one record of a union, written beside the other keys under the record's own name:
  ``{indicator: x, proportional: {...}}`` is a criterion whose inline rule is a `Proportional`;
* a record of one field is written without it: ``{at_least: 80%}``; a record of none is a word: ``zero``.
"""

from __future__ import annotations

import re
import sys
import types
from collections.abc import Mapping
from functools import cache
from inspect import cleandoc, getdoc
from typing import Any, Union, get_args, get_origin, get_type_hints

import attrs


def inline(*, default: Any = attrs.NOTHING) -> Any:
    """Mark a field whose record is written beside the other keys, under its own name."""
    return attrs.field(default=default, metadata={"inline": True})


def is_inline(attribute: attrs.Attribute[Any]) -> bool:
    """Say whether a field is written inline."""
    return bool(attribute.metadata.get("inline"))


def word_for(record: type) -> str:
    """Give the word a record is written by: its class's name in snake case.

    >>> from emulation.limits import AtLeast
    >>> word_for(AtLeast)
    'at_least'
    """
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", record.__name__.rstrip("_")).lower()


def key_for(attribute: attrs.Attribute[Any]) -> str:
    """Give the key a field is written by."""
    return attribute.name.rstrip("_")


def meaning_of(record: type) -> str:
    """Give the sentences of a record's docstring that come before its ``Keys:``."""
    return (getdoc(record) or "").split("\nKeys:")[0].split("\n>>>")[0].strip()


def keys_of(record: type) -> dict[str, str]:
    """Give what each key of a record means, from the ``Keys:`` of its docstring."""
    _, _, listed = (getdoc(record) or "").partition("\nKeys:")
    entries = re.findall(r"^    (\w+): (.*(?:\n        .*)*)", listed, re.MULTILINE)
    return {key: " ".join(cleandoc(text).split()) for key, text in entries}


@cache
def hints(record: Any) -> Mapping[str, Any]:
    """Give the types of a record's fields."""
    return get_type_hints(record, vars(sys.modules[record.__module__]))


def members_of(kind: Any) -> tuple[Any, ...]:
    """Give the members of a union but None; a type that is no union is its own only member."""
    if get_origin(kind) in (Union, types.UnionType):
        return tuple(one for one in get_args(kind) if one is not types.NoneType)
    return (kind,)


def is_by_id(item: Any) -> bool:
    """Say whether such records are written as a map by id."""
    if not attrs.has(item) or len(attrs.fields(item)) == 1:
        return False
    return any(attribute.name == "id" and attribute.default is attrs.NOTHING for attribute in attrs.fields(item))


def is_spread(record: type) -> bool:
    """Say whether a record's keys are written beside the others, without its word."""
    return getattr(record, "spread", False) is True


def is_bare(record: type) -> bool:
    """Say whether a record has one field and is written without its key; ``relative`` is always said in words."""
    fields = attrs.fields(record)
    return len(fields) == 1 and not is_inline(fields[0]) and fields[0].name != "relative"
