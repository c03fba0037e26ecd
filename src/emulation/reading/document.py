"""Document: YAML text to a tree of texts with their places; nothing is typed here.

YAML's own types are the trouble with YAML: ``NO``, ``010``, ``12:30`` and ``0.1`` become something else. So
each scalar stays the text that was written, until a rule asks for it. What a reader of the file could not see
is refused: anchors, tags, doubled keys, tabs, invisible characters, a text cut short by a ``#``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import islice
from typing import TypeAlias

import yaml
from attrs import evolve, frozen

from emulation.problems import Path, Place, Problem, Refused
from emulation.reading.characters import ODD_BLANK, UNSEEN, compose, decode, spell
from emulation.reading.slips import Sheet, anchored, cut_short, one_parser_only, slip, tagged, unreadable

MAX_BYTES = 2_000_000
MAX_NODES = 200_000
MAX_DEPTH = 32
MAX_PROBLEMS = 1_000  # after so many the search ends

_PARSER: type[yaml.CSafeLoader | yaml.SafeLoader] = yaml.CSafeLoader if yaml.__with_libyaml__ else yaml.SafeLoader
_PLAIN_LOADER: type[yaml.CBaseLoader | yaml.BaseLoader] = yaml.CBaseLoader if yaml.__with_libyaml__ else yaml.BaseLoader


@frozen
class Text:
    """A written text in composed spelling; ``key:`` with nothing behind it is an empty text, not quoted."""

    value: str
    place: Place
    quoted: bool


@frozen
class Listing:
    """A list, in the order written."""

    items: tuple[Node, ...]
    place: Place


@frozen
class Mapping:
    """A map, in the order written; no key is there twice."""

    entries: tuple[tuple[Text, Node], ...]
    place: Place

    @cached_property
    def _by_key(self) -> dict[str, tuple[Text, Node]]:
        return {key.value: (key, node) for key, node in self.entries}

    def key(self, name: str) -> Text | None:
        """Give a key as it was written, for its place."""
        entry = self._by_key.get(name)
        return entry[0] if entry else None

    def get(self, name: str) -> Node | None:
        """Give what stands under a key."""
        entry = self._by_key.get(name)
        return entry[1] if entry else None


Node: TypeAlias = Text | Listing | Mapping
"""What a file is made of."""

_Start: TypeAlias = yaml.SequenceStartEvent | yaml.MappingStartEvent


def read_texts(source: bytes) -> Iterator[tuple[str, str]]:
    """Read a YAML file of our own, which need not be doubted: each text with the keys that lead to it.

    >>> list(read_texts(b"board: {place: No, total: 1}"))
    [('board.place', 'No'), ('board.total', '1')]
    >>> list(read_texts(b""))
    []
    """
    return _texts(yaml.compose(source, _PLAIN_LOADER), "")


def _texts(node: yaml.Node | None, keys: str) -> Iterator[tuple[str, str]]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _texts(value, f"{keys}.{key.value}" if keys else key.value)
    elif node is not None:
        yield keys, node.value


def read_document(source: bytes, file: str) -> Mapping:
    """Read a YAML file; ``file`` is its name in places.

    Raise `Refused` with every problem found; a slip in the syntax itself ends the search.

    >>> read_document(b"weight: 010", "campaign.yaml").get("weight")
    Text(value='010', place=Place(file='campaign.yaml', line=1, column=9, text='weight: 010'), quoted=False)
    """
    if len(source) > MAX_BYTES:
        what = f"{len(source) / 1e6:.1f} MB, more than the {MAX_BYTES / 1e6:g} MB that rules need"
        raise Refused([Problem("E110", what, "keep data in tables", place=Place(file, 1))])
    text = decode(source, file)
    if not text.endswith("\n"):
        text += "\n"  # the parsers disagree on where an unfinished line ends
    sheet = Sheet.of(text, file)
    if problems := list(islice(unreadable(sheet), MAX_PROBLEMS)):
        raise Refused(problems)
    roots = _grow(text, sheet, problems)
    if not problems and len(roots) == 1 and isinstance(roots[0], Mapping):
        return roots[0]
    raise Refused([*problems, *_wrong_root(roots, file)])


def _wrong_root(roots: list[Node], file: str) -> Iterator[Problem]:
    match roots:
        case [] | [Text("", quoted=False)]:
            yield Problem("E112", "an empty file", "a file has lines like key: value", place=Place(file, 1))
        case [Listing(place=place)]:
            yield Problem("E113", "the file is a list, not a map", "lines like key: value", place=place)
        case [Text(place=place)]:
            yield Problem("E113", "the file is a text, not a map", "lines like key: value", place=place)
        case _:
            return


def place_of(node: Mapping, path: Path) -> Place:
    """Give the place a path names: of an entry its key's, of a list's item (``"0"`` is the first) its own.

    A path that leads nowhere gives the nearest place on its way.

    >>> place_of(read_document(b"tiers: [gold, silver]", "rules.yaml"), ("tiers", "1")).column
    15
    """
    here: Node = node
    place = node.place
    for name in path:
        match here:
            case Mapping() if (key := here.key(name)) and (below := here.get(name)):
                here, place = below, key.place
            case Listing(items) if name.isdecimal() and name == str(int(name)) and int(name) < len(items):
                here = items[int(name)]
                place = here.place
            case _:
                break
    return place


def _grow(text: str, sheet: Sheet, problems: list[Problem]) -> list[Node]:
    """Grow each document's tree from the parser's events, on a stack of our own: recursion can be crashed."""
    roots: list[Node] = []
    stack: list[tuple[_Start, list[Node]]] = []
    count = 0
    try:
        for event in yaml.parse(text, Loader=_parser_for(text)):
            count += isinstance(event, yaml.NodeEvent)
            if stop := _stop(event, sheet, stack, count, again=bool(roots)):
                raise Refused([*problems, stop])
            siblings = stack[-1][1] if stack else roots
            match event:
                case yaml.ScalarEvent():
                    siblings.append(_text(event, sheet, problems))
                case yaml.AliasEvent():
                    problems += _properties(event, sheet)
                    siblings.append(Text(f"*{event.anchor}", sheet.place(event.start_mark), quoted=False))
                case yaml.SequenceStartEvent() | yaml.MappingStartEvent():
                    problems += _properties(event, sheet)
                    stack.append((event, []))
                case yaml.CollectionEndEvent():
                    start, nodes = stack.pop()
                    (stack[-1][1] if stack else roots).append(_collection(start, nodes, sheet, problems))
                case _:
                    continue
            if len(problems) >= MAX_PROBLEMS:
                raise Refused(problems)
    except yaml.YAMLError as error:
        raise Refused([*problems, _told(error, sheet)]) from error
    return roots


def _parser_for(text: str) -> type[yaml.CSafeLoader | yaml.SafeLoader]:
    """Choose the slow parser where there are tabs: the quick one takes some of them for blanks."""
    return yaml.SafeLoader if "\t" in text else _PARSER


def _stop(
    event: yaml.Event, sheet: Sheet, stack: list[tuple[_Start, list[Node]]], count: int, *, again: bool
) -> Problem | None:
    """Say why reading ends at an event: before anything grows without bound, or where only one parser goes on."""
    match event:
        case _ if count > MAX_NODES:
            found = Problem("E111", f"more than {MAX_NODES:,} texts, lists and maps", "keep data in tables")
        case yaml.ScalarEvent():
            return one_parser_only(event, sheet, in_brackets=bool(stack and stack[-1][0].flow_style))
        case yaml.CollectionStartEvent() if len(stack) == MAX_DEPTH:
            found = Problem("E103", f"nested deeper than {MAX_DEPTH}", "rules need less than ten")
        case yaml.DocumentStartEvent() if again:
            found = Problem("E106", "a second document in the file", "keep one document in a file")
        case _:
            return None
    return found.at(sheet.place(event.start_mark))


def _told(error: yaml.YAMLError, sheet: Sheet) -> Problem:
    if isinstance(error, yaml.MarkedYAMLError):
        return slip(f"{error.context} {error.problem}", error.context_mark, error.problem_mark, sheet)
    return Problem("E151", "a character that YAML cannot hold", place=sheet.place(None))


def _properties(event: yaml.NodeEvent, sheet: Sheet) -> Iterator[Problem]:
    if event.anchor is not None:
        yield anchored(event.start_mark, sheet)
    if getattr(event, "tag", None) is not None:
        yield tagged(event.start_mark, sheet)


def _text(event: yaml.ScalarEvent, sheet: Sheet, problems: list[Problem]) -> Text:
    place = sheet.place(event.start_mark)
    value = compose(event.value)
    if event.anchor is not None or event.tag is not None:
        problems += _properties(event, sheet)
    if cut := cut_short(event, sheet):
        problems.append(cut)
    if event.style == '"' and (hidden := UNSEEN.findall(event.value)):
        what = f"escapes for what is invisible: {spell(hidden)}"
        problems.append(Problem("E151", what, "delete them", place=place))
    if value is None:
        problems.append(Problem("E151", "a heap of accents on one letter", "delete them", place=place))
    return Text(value or "", place, quoted=bool(event.style))


def _collection(start: _Start, nodes: list[Node], sheet: Sheet, problems: list[Problem]) -> Node:
    """Close a list or a map, whose keys and values alternate among the nodes; tell of keys that are none."""
    place = sheet.place(start.start_mark)
    if isinstance(start, yaml.SequenceStartEvent):
        return Listing(tuple(nodes), place)
    keys = nodes[::2]
    problems += _key_faults(keys)
    pairs = zip(keys, nodes[1::2], strict=True)
    return Mapping(tuple((key, _settled(node, key)) for key, node in pairs if isinstance(key, Text)), place)


def _settled(node: Node, key: Text) -> Node:
    """Place an empty text at its key: the parsers disagree on where nothing stands."""
    if isinstance(node, Text) and not node.value and not node.quoted:
        return evolve(node, place=key.place)
    return node


def _key_faults(keys: Iterable[Node]) -> Iterator[Problem]:
    first: dict[str, Text] = {}
    for key in keys:
        match key:
            case Text("<<", quoted=False):
                yield Problem("E102", "a merge key", "write its entries out", place=key.place)
            case Text(value) if value in first:
                what = f"{value!r} is given twice, first on line {first[value].place.line}"
                yield Problem("E105", what, "keep one", place=key.place)
            case Text(value) if value:
                first[value] = key
                if odd := ODD_BLANK.findall(value):
                    yield Problem("E151", f"in a key: {spell(odd)}", "use a blank", place=key.place)
            case _:
                kind = "an empty key" if isinstance(key, Text) else "a key that is a list or a map"
                yield Problem("E133", kind, "a key is a text", place=key.place)
