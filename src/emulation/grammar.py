"""Grammar: the marks on rule records that say how they are written, for those who read and document them.

The YAML of a campaign follows its records, so that one walk reads it, one draws its schema and one documents it:

* a record is a map, its fields are the keys (`from_` is written ``from``);
* an `inline` field holds one record of a union, written beside the other keys under the record's own name:
  ``{indicator: x, proportional: {...}}`` is a criterion whose inline rule is a `Proportional`;
* a record of one field is written without it: ``{at_least: 80%}``; a record of none is a word: ``zero``.
"""

from __future__ import annotations

import re
from inspect import cleandoc, getdoc
from typing import Any

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
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", record.__name__.rstrip("_")).lower()


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
