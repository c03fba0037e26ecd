"""Records: a tree of texts to the records its types ask for, with every problem at its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from collections.abc import Mapping as MappingOf
from datetime import date
from fractions import Fraction
from functools import cache, partial
from typing import Any, Literal, NewType, TypeVar, get_args, get_origin

import attrs

from emulation.exact import NotExact, Rational, read_number
from emulation.formulas import Expression, NotAFormula, read_formula
from emulation.grammar import hints, is_bare, is_by_id, is_inline, is_spread, key_for, members_of, word_for
from emulation.names import ClassName, GroupName, Label, is_id, near
from emulation.problems import SHOWN_AT_MOST, Path, Problem
from emulation.reading.document import Listing, Mapping, Node, Text

Read = TypeVar("Read")

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MOST_LISTED = 20


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

    def mapping(self, node: Node, path: Path) -> Mapping:
        """See that a node is a map."""
        if isinstance(node, Mapping):
            return node
        raise self.fail("E154", f"{_said(path)} is {_shape(node)}", node, path, "a map of keys and values")

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
            near(text.value, words),
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
            raise self.fail("E134", f"{key.value!r} cannot be an id", key, there, _ID_FORM)
        return self.record(self.mapping(value, there), item, there, id=key.value)

    def _read_label(self, node: Node, path: Path) -> Label:
        if isinstance(node, Mapping):
            for key, _ in node.entries:
                if not _LANGUAGE.fullmatch(key.value):
                    raise self.fail(
                        "E155", f"{key.value!r} is no language", key, path, "a language's code, as en or vi"
                    )
            texts = [(key.value, self.text(value, (*path, key.value)).value) for key, value in node.entries]
            if texts:
                return Label(tuple(texts))
        return Label((("", self.text(node, path).value),))

    def _read_scalar(self, text: Text, kind: Any, path: Path) -> Any:
        try:
            return _scalar(kind, text.value)
        except NotExact as slip:
            raise self.fail(slip.code, slip.what, text, path, slip.remedy) from None
        except NotAFormula as slip:
            raise self.fail(slip.code, str(slip), text, path) from None
        except _NotScalar as slip:
            raise self.fail(slip.code, f"{_said(path)} {slip.what}", text, path, slip.expected) from None

    # --- unions

    def _read_union(self, node: Node, members: tuple[Any, ...], path: Path) -> Any:
        if isinstance(node, Text) and (special := next((one for one in members if one in self.special), None)):
            return self.special[special](self, node, path)
        if isinstance(node, Mapping):
            return self._read_named(node, [one for one in members if attrs.has(one) and one is not Expression], path)
        if isinstance(node, Listing):
            lists = [one for one in members if get_origin(one) is tuple]
            if lists:
                return self._read_one(node, lists[0], path)
            raise self.fail("E154", f"{_said(path)} is a list", node, path, "one of its forms")
        return self._read_plain(self.text(node, path), members, path)

    def _read_plain(self, text: Text, members: tuple[Any, ...], path: Path) -> Any:
        """Read a text as the member of a union it can be: a word first, then a number, a date or an id."""
        words = {word: word for one in members if get_origin(one) is Literal for word in get_args(one)}
        words |= {word_for(one): one() for one in members if attrs.has(one) and not attrs.fields(one)}
        if text.value in words:
            return words[text.value]
        scalars = [one for one in members if get_origin(one) not in (Literal, tuple) and not attrs.has(one)]
        if scalars:
            return self._read_scalar(text, Rational if Fraction in scalars else scalars[0], path)
        heads = [f"{{{word}: ...}}" for one in members if attrs.has(one) and attrs.fields(one) for word in leads(one)]
        raise self.fail(
            "E155",
            f"{_said(path)} cannot be {text.value!r}",
            text,
            path,
            _listed([*words, *heads]),
            near(text.value, words),
        )

    def _read_named(self, node: Mapping, records: list[type], path: Path) -> Any:
        """Read a map as the record of a union that its first telling key names."""
        if records == [Label] or Label in records:
            return self._read_label(node, path)
        if len(records) == 1 and not is_bare(records[0]) and not set(leads(records[0])) & _keys(node):
            return self.record(node, records[0], path)
        chosen = self._choose(node, records, path)
        if chosen is None:
            named = _listed(word for one in records for word in leads(one))
            hint = next(
                (
                    found
                    for key, _ in node.entries
                    if (found := near(key.value, (w for r in records for w in leads(r))))
                ),
                None,
            )
            raise self.fail("E156", f"{_said(path)} does not say what it is", node, path, named, hint)
        record, word = chosen
        if is_spread(record):
            return self.record(node, record, path)
        for key, _ in node.entries:
            if key.value != word:
                raise self.fail(
                    "E114",
                    f"unknown key {key.value!r} beside {word!r}",
                    key,
                    (*path, key.value),
                    "one key here",
                )
        return self._read_body(_value(node, word), record, (*path, word))

    def _choose(self, node: Mapping, records: Iterable[type], path: Path) -> tuple[type, str] | None:
        """Find the one record of a union that a map names; note it when there are two."""
        found = [(record, word) for record in records for word in leads(record) if word in _keys(node)]
        kinds = list(dict.fromkeys(record for record, _ in found))
        if len(kinds) > 1:
            words = " and ".join(repr(word) for _, word in found)
            raise self.fail("E156", f"{words} exclude each other", node.key(found[1][1]) or node, path, "one of them")
        return found[0] if found else None

    def _read_body(self, node: Node, record: type, path: Path) -> Any:
        """Read what stands under a record's word: its map, or the one value of a record of one field."""
        fields = attrs.fields(record)
        if not fields:
            if isinstance(node, Text) and node.value == "true":
                return record()
            raise self.fail("E155", f"{_said(path)} takes no value", node, path, "true")
        if is_bare(record):
            return record(self.read(node, hints(record)[fields[0].name], path))
        return self.record(self.mapping(node, path), record, path)

    # --- records

    def record(self, node: Mapping, record: type[Read], path: Path, **given: Any) -> Read:
        """Read a map as a record; ``given`` are fields that are not written in it."""
        values: dict[str, Any] = dict(given)
        failed = self._note_unknown(node, record, path, given)
        fields: Any = attrs.fields(record)  # type: ignore[arg-type]
        for attribute in fields:
            if attribute.name in given or not attribute.repr:
                continue
            try:
                self._read_field(node, record, attribute, path, values)
            except Failed:
                failed = True
        if failed:
            raise Failed
        return record(**values)

    def _read_field(
        self, node: Mapping, record: type, attribute: attrs.Attribute[Any], path: Path, values: dict[str, Any]
    ) -> None:
        kind = hints(record)[attribute.name]
        if is_inline(attribute):
            members = [one for one in members_of(kind) if attrs.has(one)]
            chosen = self._choose(node, members, path)
            if chosen is not None:
                one, word = chosen
                values[attribute.name] = (
                    self._spread(node, one, path)
                    if is_spread(one)
                    else self._read_body(_value(node, word), one, (*path, word))
                )
            elif attribute.default is attrs.NOTHING:
                words = _listed(word for one in members for word in leads(one))
                raise self.fail(
                    "E153",
                    f"{_said(path)} lacks its {key_for(attribute).replace('_', ' ')}",
                    node,
                    path,
                    words,
                )
            return
        key = key_for(attribute)
        if key in _keys(node):
            values[attribute.name] = self.read(_value(node, key), kind, (*path, key))
        elif attribute.default is attrs.NOTHING:
            raise self.fail("E153", f"{_said(path)} lacks the key {key!r}", node, path)

    def _spread(self, node: Mapping, record: type, path: Path) -> Any:
        """Read a record whose keys stand beside those of the record it is in."""
        own = allowed(record)
        beside = Mapping(tuple((key, value) for key, value in node.entries if key.value in own), node.place)
        return self.record(beside, record, path)

    def _note_unknown(self, node: Mapping, record: type, path: Path, given: MappingOf[str, Any]) -> bool:
        known = allowed(record) - set(given)
        unknown = [key for key, _ in node.entries if key.value not in known]
        for key in unknown:
            self.fail(
                "E114",
                f"unknown key {key.value!r}",
                key,
                (*path, key.value),
                _home(known),
                near(key.value, known),
            )
        return bool(unknown)


# --- what types say -----------------------------------------------------------------------------------------

_ID_FORM = "letters, digits, _ . and -, without blanks"


class _NotScalar(ValueError):
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
            raise _NotScalar("E155", f"cannot be {text!r}", "true or false")
        return text == "true"
    if kind is date:
        return _day(text)
    if kind is Expression:
        return read_formula(text)
    if isinstance(kind, NewType) and kind not in (ClassName, GroupName) and not is_id(text):
        raise _NotScalar("E134", f"cannot be {text!r}", f"an id: {_ID_FORM}")
    return text


def _whole(text: str) -> int:
    value = read_number(text)
    if not isinstance(value, int):
        raise _NotScalar("E326", f"cannot be {text!r}", "a whole number")
    return value


def _day(text: str) -> date:
    if not _DATE.fullmatch(text):
        raise _NotScalar("E123", f"is no date: {text!r}", "write 2025-08-20 (year-month-day)")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise _NotScalar("E123", f"is a day that does not exist: {text!r}", "a day of the calendar") from None


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
            if attrs.has(one):
                keys |= allowed(one) if is_spread(one) else {word_for(one)}
    return frozenset(keys)


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


def _listed(words: Iterable[Any]) -> str:
    every = list(dict.fromkeys(str(word) for word in words))
    return "one of " + ", ".join(every[:_MOST_LISTED]) + (", ..." if len(every) > _MOST_LISTED else "")


def _home(known: Iterable[str]) -> str:
    return _listed(sorted(known)).replace("one of", "its keys are", 1)
