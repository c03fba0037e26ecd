"""Schema: the JSON Schema of campaign files, for editors, drawn from the same records the reader walks.

It is draft-07, which is what editors know. Our reader takes every scalar as the text that was written; an
editor sees numbers, truth values and texts. So a number may be either here, and the patterns are for texts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from fractions import Fraction
from typing import Any, Literal, NewType, TypeAlias, get_args, get_origin

import attrs

from emulation.campaign import Campaign
from emulation.cases import Edge, Test, Where
from emulation.conditions import Condition
from emulation.exact import Rational
from emulation.formulas import MAX_CHARACTERS, Expression
from emulation.gaps import Gap
from emulation.grammar import (
    hints,
    is_bare,
    is_by_id,
    is_inline,
    is_spread,
    key_for,
    keys_of,
    meaning_of,
    members_of,
    word_for,
)
from emulation.limits import Yardstick
from emulation.names import ClassName, GroupName, Label
from emulation.participants import Participants, Selector
from emulation.periods import Window
from emulation.points import Band
from emulation.reading.campaign_file import People
from emulation.reading.keys import allowed, leads
from emulation.standings import Key

Schema: TypeAlias = dict[str, Any]
Members: TypeAlias = tuple[Any, ...]

_WHOLE = r"[+-]?(0|[1-9][0-9]{0,29})"
_DAY = r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"
_ID = r"^(?!.*\.\.)[^\s!-/:-@\[-`{-~\u2000-\u206f][^\s!-,/:-@\[-^`{-~\u2000-\u206f]{0,99}$"
_LANGUAGE = r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$"

_SCALARS: Mapping[str, Schema] = {
    "number": {
        "description": "A number, as 120, 0.5, 80% or 17/20.",
        "type": ["string", "number"],
        "pattern": rf"^({_WHOLE}(\.[0-9]{{1,30}})?%?|[+-]?[0-9]{{1,30}}/(?=0*[1-9])[0-9]{{1,30}})$",
    },
    "whole": {
        "description": "A whole number.",
        "type": ["string", "integer"],
        "pattern": f"^{_WHOLE}$",
    },
    "day": {
        "description": "A day, as 2025-08-20 (year-month-day).",
        "type": "string",
        "format": "date",
        "pattern": _DAY,
    },
    "truth": {"type": ["boolean", "string"], "pattern": "^(true|false)$"},
    "yes": {"description": "The word true.", "enum": [True, "true"]},
    "id": {
        "description": "An id: letters, digits, _ . and -, without blanks.",
        "type": ["string", "number"],
        "pattern": _ID,
    },
    "text": {"type": ["string", "number", "boolean"]},
    "edge": {
        "description": "A day, a number, or another field of the same case.",
        "type": ["string", "number"],
    },
    "formula": {
        "description": "A formula over indicators: + - * / ** ( ) and functions such as min, max, round.",
        "type": ["string", "number"],
        "maxLength": MAX_CHARACTERS,
        "pattern": r"^[\sA-Za-z0-9_.,%()*/+-]+$",
    },
}

_ONE_OR_MORE: Schema = {
    "anyOf": [{"$ref": "#/definitions/id"}, {"type": "array", "items": {"$ref": "#/definitions/id"}}]
}

LABELS: Mapping[Any, tuple[str, Schema]] = {
    Label: (
        "label",
        {
            "description": "A text, or one for each language, as {en: ..., vi: ...}.",
            "anyOf": [
                {"$ref": "#/definitions/text"},
                {
                    "type": "object",
                    "propertyNames": {"pattern": _LANGUAGE},
                    "additionalProperties": {"$ref": "#/definitions/text"},
                    "minProperties": 1,
                },
            ],
        },
    ),
}

_SPECIAL: Mapping[Any, tuple[str, Schema]] = {
    **LABELS,
    Selector: (
        "selector",
        {
            "description": "A kind of participant, a participant's id, a list, or a map of kinds, groups and ids.",
            "anyOf": [
                *_ONE_OR_MORE["anyOf"],
                {
                    "type": "object",
                    "properties": {
                        "kind": _ONE_OR_MORE,
                        "id": _ONE_OR_MORE,
                        "group": {
                            "type": "object",
                            "additionalProperties": {
                                "anyOf": [
                                    {"$ref": "#/definitions/text"},
                                    {"type": "array", "items": {"$ref": "#/definitions/text"}},
                                ]
                            },
                        },
                    },
                    "additionalProperties": False,
                },
            ],
        },
    ),
}


def _records(members: Members) -> Members:
    return tuple(one for one in members if attrs.has(one) and one is not Expression)


_UNIONS = {members_of(Condition): "condition", members_of(Gap): "gap", members_of(Yardstick): "yardstick"}
"""Unions that are drawn once and referred to."""


def _one_of(*keys: str) -> Schema:
    return {"oneOf": [{"required": [key]} for key in keys]}


_BEYOND: Mapping[type, tuple[Schema, ...]] = {
    Window: (_one_of("to", "before", "workdays"),),
    Band: ({"not": {"required": ["from", "above"]}}, {"not": {"required": ["to", "before"]}}),
}
"""What the checks of a campaign ask of a record beyond its types, where a schema can say it."""


def campaign_schema() -> Schema:
    """Give the JSON Schema of a campaign file.

    >>> schema = campaign_schema()
    >>> schema["required"]
    ['campaign', 'title', 'period', 'participants', 'set_aside']
    >>> schema["properties"]["unmeasured"]["description"]
    'what a comparison over something that is not measured comes to: not_met or undecided.'
    """
    drawer = Drawer(_SPECIAL, dated=True)
    root = drawer.map(Campaign, frame=True)
    own = {"description": keys_of(Campaign)["campaign"], "$ref": "#/definitions/id"}
    properties = {"campaign": own, **root["properties"]}
    return drawer.file("A campaign", {**root, "properties": properties, "required": ["campaign", *root["required"]]})


class Drawer:
    """Draws types as schemas; what is used more than once, or within itself, is drawn once under its name.

    ``special`` says, for types that mean more than their fields, under which name they are drawn, and how. ``dated``:
    a value can be written with dates.
    """

    def __init__(self, special: Mapping[Any, tuple[str, Schema]], *, dated: bool) -> None:
        self.special, self.dated = special, dated
        self.definitions: dict[str, Schema] = dict(_SCALARS)
        self.definitions.update(special.values())

    def file(self, title: str, root: Schema) -> Schema:
        """Give the schema of a whole file, with the definitions it needs."""
        found: dict[str, Schema] = {}
        left = _referred(root)
        while left:
            name = left.pop()
            found[name] = self.definitions[name]
            left |= _referred(found[name]) - found.keys()
        draft = "http://json-schema.org/draft-07/schema#"
        return {"$schema": draft, "title": title, **root, "definitions": dict(sorted(found.items()))}

    def define(self, name: str, draw: Callable[[], Schema]) -> Schema:
        """Draw something once, and refer to it from then on."""
        if name not in self.definitions:
            self.definitions[name] = {}  # what is drawn may speak of itself
            self.definitions[name] = draw()
        return {"$ref": f"#/definitions/{name}"}

    # --- values

    def value(self, kind: Any) -> Schema:
        """Draw what can stand where a type is asked for."""
        if kind == Edge:
            return _ref("edge")
        members = members_of(kind)
        return self.one(members[0]) if len(members) == 1 else self.union(members)

    def union(self, members: Members) -> Schema:
        """Draw a union, once where it is known by a name."""
        if members in _UNIONS:
            return self.define(_UNIONS[members], lambda: self.forms(members))
        return self.forms(members)

    def forms(self, members: Members) -> Schema:
        """Draw the forms a union can take: words, a scalar, a list, a map."""
        records = _records(members)
        maps = tuple(one for one in records if attrs.fields(one))
        if maps == members:
            drawn = _map(self.words(maps), (), [_choice(maps, needed=True)])
            return {"anyOf": [_ref("id"), drawn]} if Key in members else drawn
        scalars = [one for one in members if _origin(one) not in (Literal, tuple) and one not in records]
        words = [word for one in members if _origin(one) is Literal for word in get_args(one)]
        words += [word_for(one) for one in records if one not in maps]
        forms: list[Schema] = [{"enum": words}] if words else []
        forms += [self.one(Rational if Fraction in scalars else scalars[0])] if scalars else []
        forms += [self.one(one) for one in members if _origin(one) is tuple]
        if maps:
            plain = len(maps) == 1 and not is_bare(maps[0])
            forms.append(self.one(maps[0]) if plain else self.union(maps))
        return forms[0] if len(forms) == 1 else {"anyOf": forms}

    def one(self, kind: Any) -> Schema:
        """Draw a type that is no union."""
        if kind in self.special:
            return _ref(self.special[kind][0])
        if kind is Key:
            return self.forms((Key,))
        if kind is Participants:
            return self.record(People)
        if kind is Where:
            return self.where()
        if _origin(kind) is tuple:
            return self.many(get_args(kind)[0])
        if _origin(kind) is Literal:
            return {"enum": list(get_args(kind))}
        if attrs.has(kind) and kind is not Expression:
            return self.body(kind)
        return _ref(_scalar(kind))

    def where(self) -> Schema:
        """Draw which cases a count means: all, a map of tests, or a list of such maps."""
        tests = {
            "type": "object",
            "propertyNames": {"pattern": _ID},
            "additionalProperties": self.define("test", lambda: self.forms(members_of(Test))),
            "minProperties": 1,
        }
        return {"anyOf": [{"enum": ["all"]}, tests, {"type": "array", "items": tests, "minItems": 1}]}

    def many(self, item: Any) -> Schema:
        """Draw a list, or a map by names or ids."""
        if _origin(item) is tuple:
            key, value = get_args(item)
            names = {"whole": {"pattern": f"^{_WHOLE}$"}, "id": {"pattern": _ID}}.get(_scalar(key), {})
            return {"type": "object", "propertyNames": names, "additionalProperties": self.or_dated(self.value(value))}
        if is_by_id(item):
            entry = self.or_dated(self.record(item))
            return {"type": "object", "propertyNames": {"pattern": _ID}, "additionalProperties": entry}
        return {"type": "array", "items": self.value(item)}

    def or_dated(self, drawn: Schema) -> Schema:
        """Allow a value to be written with dates: ``{dated: {2025-01-01: 60, 2025-07-01: 80}}``."""
        if not self.dated:
            return drawn
        said = {key: text for key, text in drawn.items() if key == "description"}
        plain = {key: value for key, value in drawn.items() if key != "description"}
        if "$ref" in plain:
            name = plain["$ref"].rpartition("/")[2]
            return {**said, **self.define(f"{name}-by-date", lambda: _dated(plain))}
        return {**said, **_dated(plain)}

    # --- records

    def body(self, record: type) -> Schema:
        """Draw what stands under a record's word."""
        fields = attrs.fields(record)
        if not fields:
            return _ref("yes")
        return self.field(record, fields[0]) if is_bare(record) else self.record(record)

    def field(self, record: type, attribute: attrs.Attribute[Any]) -> Schema:
        """Draw a field's value; what says that a rule is relative can only say yes."""
        return _ref("yes") if attribute.name == "relative" else self.value(hints(record)[attribute.name])

    def record(self, record: type) -> Schema:
        """Draw a record under the name of its room and its own."""
        return self.define(f"{record.__module__.rpartition('.')[2]}.{record.__name__}", lambda: self.map(record))

    def map(self, record: type, *, frame: bool = False) -> Schema:
        """Draw the map of a record; what stands in the ``frame`` of a campaign no date changes as a whole."""
        keys = self.keys(record)
        properties = keys if frame else {key: self.or_dated(drawn) for key, drawn in keys.items()}
        return {"description": meaning_of(record), **_map(properties, _required(record), _demands(record))}

    def keys(self, record: type) -> dict[str, Schema]:
        """Draw every key of a record, with what it means."""
        keys: dict[str, Schema] = {}
        meanings = keys_of(record)
        for attribute in _written(record):
            key = key_for(attribute)
            if is_inline(attribute):
                keys |= self.words(_records(members_of(hints(record)[attribute.name])))
            else:
                keys[key] = {"description": meanings.get(key, ""), **self.field(record, attribute)}
        return keys

    def words(self, records: Iterable[type]) -> dict[str, Schema]:
        """Draw the keys that records are told by, and those that spread ones bring along."""
        keys: dict[str, Schema] = {}
        for one in records:
            if is_spread(one):
                keys |= self.keys(one)
            else:
                keys[word_for(one)] = {"description": meaning_of(one), **self.body(one)}
        return keys


def _referred(drawn: Any) -> set[str]:
    """Give the names of the definitions that something drawn refers to."""
    match drawn:
        case {"$ref": str(name), **rest}:
            return {name.rpartition("/")[2]} | _referred(rest)
        case dict():
            return set[str]().union(*map(_referred, drawn.values()))
        case list():
            return set[str]().union(*map(_referred, drawn))
        case _:
            return set()


def _dated(plain: Schema) -> Schema:
    days = {"type": "object", "propertyNames": {"pattern": _DAY}, "additionalProperties": plain, "minProperties": 1}
    dated = {"type": "object", "properties": {"dated": days}, "required": ["dated"], "additionalProperties": False}
    return {"anyOf": [plain, dated]}


def _map(properties: Mapping[str, Schema], required: Iterable[str], demands: list[Schema]) -> Schema:
    drawn: Schema = {"type": "object", "properties": dict(properties), "additionalProperties": False}
    if needed := list(required):
        drawn["required"] = needed
    return {**drawn, "allOf": demands} if demands else drawn


def _written(record: type) -> list[attrs.Attribute[Any]]:
    """Give the fields that are written: not the id that is a map's key, nor what the reader adds."""
    by_id = is_by_id(record)
    return [one for one in attrs.fields(record) if one.repr and not (by_id and one.name == "id")]


def _required(record: type) -> list[str]:
    return [key_for(one) for one in _written(record) if one.default is attrs.NOTHING and not is_inline(one)]


def _demands(record: type) -> list[Schema]:
    """Say which of the keys that are told by unions stand together, and what the checks ask."""
    choices = [
        _choice(_records(members_of(hints(record)[one.name])), needed=one.default is attrs.NOTHING)
        for one in _written(record)
        if is_inline(one)
    ]
    return [*choices, *_BEYOND.get(record, ())]


def _choice(records: tuple[type, ...], *, needed: bool) -> Schema:
    """Ask for one record of a union (at most one where none is needed), with all its keys and no other's."""
    spread = {key for one in records if is_spread(one) for key in allowed(one)}
    branches = [_branch(one, spread) for one in records]
    if not needed:
        telling = [{"required": [word]} for one in records for word in leads(one)]
        branches.append({"not": {"anyOf": telling}})
    return {"oneOf": branches}


def _branch(record: type, spread: set[str]) -> Schema:
    others = sorted(spread - allowed(record)) if is_spread(record) else sorted(spread)
    branch: Schema = {"propertyNames": {"not": {"enum": others}}} if others else {}
    if not is_spread(record):
        return {"required": [word_for(record)], **branch}
    if required := _required(record):
        branch["required"] = required
    return {**branch, "allOf": demands} if (demands := _demands(record)) else branch


def _scalar(kind: Any) -> str:
    """Give the name a scalar type is drawn under."""
    if kind in (Rational, Fraction):
        return "number"
    if isinstance(kind, NewType):
        return "text" if kind in (ClassName, GroupName) else "id"
    return {int: "whole", bool: "truth", date: "day", Expression: "formula"}.get(kind, "text")


def _origin(kind: Any) -> Any:
    return get_origin(kind)


def _ref(name: str) -> Schema:
    return {"$ref": f"#/definitions/{name}"}
