"""Records: a tree of texts to the records its types ask for, with every problem at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as MappingOf
from collections.abc import Set as AbstractSet
from datetime import date
from fractions import Fraction
from functools import partial
from typing import Any, Literal, NewType, TypeAlias, TypeVar, get_args, get_origin

import attrs
from attrs import evolve

from emulation.exact import NotExact, Rational, read_number
from emulation.formulas import Expression, NotAFormula, read_formula
from emulation.grammar import hints, is_bare, is_by_id, is_inline, is_spread, key_for, members_of, word_for
from emulation.names import ClassName, GroupName, IndicatorId, Label, RoundId, is_id, near
from emulation.problems import SHOWN_AT_MOST, Path, Place, Problem
from emulation.reading.document import Listing, Mapping, Node, Text
from emulation.reading.keys import home_of, idle, keys_in_order, leads

Read = TypeVar("Read")
Words: TypeAlias = Iterable[str]
Known: TypeAlias = AbstractSet[str]

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_YEARS = range(1900, 2200)
_MOST_LISTED = 20
_NOTHING: MappingOf[str, Any] = {}


class Failed(Exception):
    """What was read is no such thing; the problem has been noted already. Never leaves the readers."""


class RecordReader:
    """Reads nodes as types ask; notes each problem and goes on, so that all are found at once.

    ``special`` says, for types that mean more than their fields, how they are read.
    """

    def __init__(self, special: MappingOf[Any, Callable[[RecordReader, Node, Path], Any]]) -> None:
        self.special = special
        self.problems: list[Problem] = []

    def fail(
        self,
        code: str,
        what: str,
        node: Node,
        path: Path,
        expected: str | None = None,
        hint: str | None = None,
    ) -> Failed:
        """Note a problem at a node, and give what to raise."""
        self.problems.append(Problem(code, what, expected, hint, path, node.place))
        return Failed()

    def near(self, word: str, known: Iterable[str]) -> str | None:
        """Give the known word nearest to one; none for problems that will not be shown, as the search is slow."""
        return near(word, known) if len(self.problems) < SHOWN_AT_MOST else None

    def gather(self, steps: Iterable[Callable[[], Read]]) -> tuple[Read, ...]:
        """Take every step, and fail after the last if any failed."""
        found: list[Read] = []
        failed = False
        for step in steps:
            try:
                found.append(step())
            except Failed:
                failed = True
        if failed:
            raise Failed
        return tuple(found)

    # --- values

    def read(self, node: Node, kind: Any, path: Path) -> Any:
        """Read a node as a type; raise `Failed` when it is none, with the problems noted."""
        if kind in self.special:
            return self.special[kind](self, node, path)
        members = members_of(kind)
        if len(members) > 1:
            return self._read_union(node, members, path)
        return self._read_one(node, members[0], path)

    def _read_one(self, node: Node, kind: Any, path: Path) -> Any:
        if kind in self.special:
            return self.special[kind](self, node, path)
        if get_origin(kind) is tuple:
            return self._read_tuple(node, get_args(kind)[0], path)
        if get_origin(kind) is Literal:
            return self._read_word(node, get_args(kind), path)
        if kind is Label:
            return self._read_label(node, path)
        if attrs.has(kind) and kind is not Expression:
            return self._read_body(node, kind, path)
        return self._read_scalar(self.text(node, path), kind, path)

    def text(self, node: Node, path: Path) -> Text:
        """See that a node is a text, and not an empty one."""
        if not isinstance(node, Text):
            raise self.fail("E154", f"{_said(path)} is {_shape(node)}", node, path, "a single value")
        if node.value == "" and not node.quoted:
            raise self.fail("E153", f"{_said(path)} has no value", node, path, "write one after the colon")
        return node

    def mapping(self, node: Node, path: Path, keys: Iterable[str] = ()) -> Mapping:
        """See that a node is a map."""
        if isinstance(node, Mapping):
            return node
        expected = f"a map with {_listed(keys, 'the keys')}" if keys else "a map of keys and values"
        raise self.fail("E154", f"{_said(path)} is {_shape(node)}", node, path, expected)

    def _read_word(self, node: Node, words: Sequence[Any], path: Path) -> str:
        text = self.text(node, path)
        if text.value in words:
            return text.value
        raise self.fail(
            "E155",
            f"{_said(path)} cannot be {text.value!r}",
            node,
            path,
            _listed(words),
            self.near(text.value, words),
        )

    def _read_tuple(self, node: Node, item: Any, path: Path) -> tuple[Any, ...]:
        if get_origin(item) is tuple:
            key_kind, value_kind = get_args(item)
            entries = self.mapping(node, path).entries
            return self.gather(partial(self._entry, key, value, key_kind, value_kind, path) for key, value in entries)
        if is_by_id(item):
            entries = self.mapping(node, path).entries
            return self.gather(partial(self._by_id, key, value, item, path) for key, value in entries)
        if not isinstance(node, Listing):
            raise self.fail("E154", f"{_said(path)} is {_shape(node)}", node, path, "a list, as [a, b]")
        return self.gather(partial(self.read, one, item, (*path, str(number))) for number, one in enumerate(node.items))

    def _entry(self, key: Text, value: Node, key_kind: Any, value_kind: Any, path: Path) -> tuple[Any, Any]:
        there = (*path, key.value)
        return self.read(key, key_kind, there), self.read(value, value_kind, there)

    def _by_id(self, key: Text, value: Node, item: type, path: Path) -> Any:
        there = (*path, key.value)
        if not is_id(key.value):
            raise self.fail("E134", f"{key.value!r} cannot be an id", key, there, ID_FORM)
        given = {"id": key.value}
        return self.record(self.mapping(value, there, keys_in_order(item, given)), item, there, given)

    def _read_label(self, node: Node, path: Path) -> Label:
        if isinstance(node, Mapping):
            steps = [partial(self._in_language, key, value, path) for key, value in node.entries]
            if steps:
                return Label(self.gather(steps))
        return Label((("", self.text(node, path).value),))

    def _in_language(self, key: Text, value: Node, path: Path) -> tuple[str, str]:
        if not _LANGUAGE.fullmatch(key.value):
            raise self.fail("E155", f"{key.value!r} is no language", key, path, "a code, as en or vi")
        return key.value, self.text(value, (*path, key.value)).value

    def _read_scalar(self, text: Text, kind: Any, path: Path) -> Any:
        try:
            return _scalar(kind, text.value)
        except NotExact as slip:
            raise self.fail(slip.code, slip.what, text, path, slip.remedy) from None
        except NotAFormula as slip:
            place = _inside(text, slip.at)
            what, expected = slip.what if place else str(slip), _COMMAS if "not closed" in slip.what else None
            raise self.fail(slip.code, what, evolve(text, place=place or text.place), path, expected) from None
        except NotScalar as slip:
            raise self.fail(slip.code, f"{_said(path)} {slip.what}", text, path, slip.expected) from None

    # --- unions

    def _read_union(self, node: Node, members: tuple[Any, ...], path: Path) -> Any:
        if isinstance(node, Text) and (special := next((one for one in members if one in self.special), None)):
            return self.special[special](self, node, path)
        records = [one for one in members if attrs.has(one)]
        if isinstance(node, Mapping) and records:
            return self._read_named(node, records, path)
        lists = [one for one in members if get_origin(one) is tuple]
        if isinstance(node, Listing) and lists:
            return self._read_one(node, lists[0], path)
        if isinstance(node, Text):
            return self._read_plain(self.text(node, path), members, path)
        raise self.fail("E154", f"{_said(path)} is {_shape(node)}", node, path, _forms(members))

    def _read_plain(self, text: Text, members: tuple[Any, ...], path: Path) -> Any:
        """Read a text as the member of a union it can be: a word first, then a number, a date or an id."""
        words = {word: word for one in members if get_origin(one) is Literal for word in get_args(one)}
        words |= {word_for(one): one() for one in members if attrs.has(one) and not attrs.fields(one)}
        if text.value in words:
            return words[text.value]
        scalars = [one for one in members if get_origin(one) not in (Literal, tuple) and not attrs.has(one)]
        hint = self.near(text.value, words)
        if scalars and not hint:
            return self._read_scalar(text, Rational if Fraction in scalars else scalars[0], path)
        raise self.fail("E155", f"{_said(path)} cannot be {text.value!r}", text, path, _forms(members), hint)

    def _read_named(self, node: Mapping, records: list[type], path: Path) -> Any:
        """Read a map as the record of a union that its first telling key names."""
        if len(records) == 1 and not is_bare(records[0]) and not set(leads(records[0])) & _keys(node):
            return self.record(node, records[0], path)
        chosen = self._choose(node, records, path)
        if chosen is None:
            raise self._unnamed(node, records, path)
        record, word = chosen
        if is_spread(record):
            return self.record(node, record, path)
        for key, _ in node.entries:
            if key.value != word:
                what = f"unknown key {key.value!r} beside {word!r}"
                raise self.fail("E114", what, key, (*path, key.value), f"{word} stands alone here")
        return self._read_body(_value(node, word), record, (*path, word))

    def _choose(self, node: Mapping, records: Iterable[type], path: Path) -> tuple[type, str] | None:
        """Find the one record of a union that a map names; note it when there are two."""
        found = [(record, word) for record in records for word in leads(record) if word in _keys(node)]
        kinds = list(dict.fromkeys(record for record, _ in found))
        if len(kinds) > 1:
            words = " and ".join(repr(word) for _, word in found)
            raise self.fail("E156", f"{words} exclude each other", node.key(found[1][1]) or node, path, "one of them")
        return found[0] if found else None

    def _unnamed(self, node: Mapping, records: list[type], path: Path) -> Failed:
        """Note that a map names no record of a union, and which key may be misspelt."""
        words = [word for one in records for word in leads(one)]
        for key, _ in node.entries:
            if hint := self.near(key.value, words):
                return self.fail("E114", f"unknown key {key.value!r}", key, (*path, key.value), hint=hint)
        return self.fail("E156", f"{_said(path)} does not say what it is", node, path, _listed(words))

    def _read_body(self, node: Node, record: type, path: Path) -> Any:
        """Read what stands under a record's word: its map, or the one value of a record of one field."""
        fields = attrs.fields(record)
        if not fields:
            if isinstance(node, Text) and node.value == "true":
                return record()
            raise self.fail("E155", f"{_said(path)} takes no value", node, path, f"{path[-1]}: true")
        if is_bare(record):
            return record(self.read(node, hints(record)[fields[0].name], path))
        return self.record(self.mapping(node, path, keys_in_order(record)), record, path)

    # --- records

    def record(
        self, node: Mapping, record: type[Read], path: Path, given: MappingOf[str, Any] = _NOTHING, also: Words = ()
    ) -> Read:
        """Read a map as a record; ``given`` are fields that are not written in it, ``also`` keys that others read."""
        misspelt = self.misspelt(node, [*keys_in_order(record, given), *also])
        homes = {key: None if _is_part(key, hint) else home_of(key.value, record) for key, hint in misspelt.items()}
        for key, hint in misspelt.items():
            expected = homes[key] or (None if hint else _listed(keys_in_order(record, given), "its keys are"))
            self.fail(
                "E114", f"unknown key {key.value!r}", key, (*path, key.value), expected, None if homes[key] else hint
            )
        meant = {hint for key, hint in misspelt.items() if hint and not homes[key]}
        values = self._values(node, record, path, given, meant)
        others = idle(record, _keys(node))
        for name, home in others.items():
            at = node.key(name) or node
            self.fail("E114", f"{name!r} says nothing here", at, (*path, name), f"it goes with {home}")
        if misspelt or others:
            raise Failed
        return record(**values)

    def misspelt(self, node: Mapping, known: Iterable[str]) -> dict[Text, str | None]:
        """Give the keys of a map that are not known, each with the one it may be meant to be."""
        words = set(known)
        missing = words - _keys(node)
        unknown = [key for key, _ in node.entries if key.value not in words]
        return {key: self.near(key.value, missing) or self.near(key.value, words) for key in unknown[:SHOWN_AT_MOST]}

    def _values(
        self, node: Mapping, record: type, path: Path, given: MappingOf[str, Any], meant: Known
    ) -> dict[str, Any]:
        """Read the fields of a record; ``meant`` are keys that are there, misspelt: they are not missed."""
        fields = [one for one in attrs.fields(record) if one.repr and one.name not in given]
        steps = [partial(self._field, node, record, one, path, meant) for one in fields]
        values = zip((one.name for one in fields), self.gather(steps), strict=True)
        return {**given, **{name: value for name, value in values if value is not attrs.NOTHING}}

    def _field(self, node: Mapping, record: type, attribute: attrs.Attribute[Any], path: Path, meant: Known) -> Any:
        """Read a field; give nothing for one that is left to its default."""
        kind, key = hints(record)[attribute.name], key_for(attribute)
        if is_inline(attribute):
            members = [one for one in members_of(kind) if attrs.has(one)]
            if chosen := self._choose(node, members, path):
                one, word = chosen
                if is_spread(one):
                    return one(**self._values(node, one, path, _NOTHING, meant))
                return self._read_body(_value(node, word), one, (*path, word))
            words = [word for one in members for word in leads(one)]
        elif key in _keys(node):
            return self.read(_value(node, key), kind, (*path, key))
        else:
            words = [key]
        if attribute.default is not attrs.NOTHING:
            return attrs.NOTHING
        if meant & set(words):
            raise Failed
        lacking = f"the key {key!r}" if words == [key] else _listed(words)
        raise self.fail("E153", f"{_said(path)} lacks {lacking}", node, path)


# --- what types say -----------------------------------------------------------------------------------------

ID_FORM = "letters, digits, _ . and - without blanks, a letter or digit first"
_COMMAS = "within { } a formula with a comma goes in quotes"


class NotScalar(ValueError):
    """A text that is no such value: a stable code, what is wrong, and what was expected."""

    def __init__(self, code: str, what: str, expected: str) -> None:
        super().__init__(what)
        self.code, self.what, self.expected = code, what, expected


def _scalar(kind: Any, text: str) -> Any:
    """Read a text as a scalar type."""
    if kind in (Rational, Fraction):
        return read_number(text)
    if kind is int:
        return _whole(text)
    if kind is bool:
        if text not in ("true", "false"):
            raise NotScalar("E155", f"cannot be {text!r}", "true or false")
        return text == "true"
    if kind is date:
        return read_day(text)
    if kind is Expression:
        return read_formula(text)
    if isinstance(kind, NewType) and kind not in (ClassName, GroupName) and not is_id(text):
        raise NotScalar("E134", f"cannot be {text!r}", f"an id: {ID_FORM}")
    return text


def _is_part(key: Text, hint: str | None) -> bool:
    """Say whether of a key and another one is the beginning of the other, as a singular is of its plural."""
    return hint is not None and (hint.startswith(key.value) or key.value.startswith(hint))


def _inside(text: Text, at: int) -> Place | None:
    """Give the place of a character of a text, where its line shows the text as it is."""
    place = text.place
    start = place.text.find(text.value, place.column - 1)
    return None if start < 0 else evolve(place, column=start + at + 1)


def _whole(text: str) -> int:
    value = read_number(text)
    if not isinstance(value, int):
        raise NotScalar("E326", f"cannot be {text!r}", "a whole number")
    return value


def read_day(text: str) -> date:
    """Read a day of the rules: year-month-day, and of our age; raise `NotScalar` for anything else."""
    if not _DATE.fullmatch(text):
        raise NotScalar("E123", f"is no date: {text!r}", "write 2025-08-20 (year-month-day)")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise NotScalar("E123", f"is a day that does not exist: {text!r}", "a day of the calendar") from None
    if day.year not in _YEARS:
        raise NotScalar("E123", f"is a day of another age: {text!r}", f"{_YEARS[0]} to {_YEARS[-1]}")
    return day


def _keys(node: Mapping) -> set[str]:
    return {key.value for key, _ in node.entries}


def _value(node: Mapping, key: str) -> Node:
    return next(value for found, value in node.entries if found.value == key)


def _said(path: Path) -> str:
    return ".".join(path) or "the campaign"


def _shape(node: Node) -> str:
    match node:
        case Text():
            return f"the text {node.value!r}" if node.value or node.quoted else "empty"
        case Listing():
            return "a list"
        case Mapping():
            return "a map"


def _listed(words: Words, before: str = "one of") -> str:
    every = list(dict.fromkeys(str(word) for word in words))
    return f"{before} {', '.join(every[:_MOST_LISTED])}" + (", ..." if len(every) > _MOST_LISTED else "")


def _forms(members: Iterable[Any]) -> str:
    """Say how the members of a union are written."""
    forms: list[str] = []
    for one in members:
        if get_origin(one) is Literal:
            forms += get_args(one)
        elif get_origin(one) is tuple:
            forms.append("a list")
        elif attrs.has(one):
            forms += [f"{{{word}: ...}}" for word in leads(one)] if attrs.fields(one) else [word_for(one)]
        else:
            forms.append(_SPOKEN.get(one, "a text"))
    return _listed(forms) if len(set(forms)) > 1 else forms[0]


_SPOKEN = {int: "a number", Fraction: "a number", date: "a date", IndicatorId: "an indicator", RoundId: "a round"}
