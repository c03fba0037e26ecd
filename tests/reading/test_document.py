"""Document: YAML becomes a tree of texts with places, or a report of all that is wrong; for both parsers alike."""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path as FilePath
from typing import TypeAlias
from unittest.mock import patch

import pytest
import yaml
from hypothesis import example, given
from hypothesis import strategies as st

from emulation.problems import Path, Place, Problem, Refused
from emulation.reading import document
from emulation.reading.characters import ODD_BLANK, UNSEEN
from emulation.reading.document import (
    MAX_BYTES,
    MAX_DEPTH,
    MAX_NODES,
    MAX_PROBLEMS,
    Listing,
    Mapping,
    Node,
    Text,
    place_of,
    read_document,
)

Parser: TypeAlias = "type[yaml.SafeLoader | yaml.CSafeLoader]"
PARSERS: list[Parser] = [yaml.SafeLoader, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]
CODES = {
    *("E101", "E102", "E103", "E104", "E105", "E106", "E107", "E108", "E109", "E110"),
    *("E111", "E112", "E113", "E133", "E151", "E152"),
}
BAD = sorted(one for one in (FilePath(__file__).parents[1] / "bad" / "yaml").iterdir() if one.name[:4] in CODES)

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain]"
"""A tree without its places."""

each_parser = pytest.mark.parametrize("parser", PARSERS)


def read(text: str | bytes, parser: Parser) -> Mapping:
    """Read with one of the two parsers."""
    with patch.object(document, "_PARSER", parser):
        return read_document(text if isinstance(text, bytes) else text.encode(), "campaign.yaml")


def report(text: str | bytes, parser: Parser) -> str:
    """Give the printed report of a file that is refused; nothing if it is not."""
    try:
        read(text, parser)
    except Refused as refused:
        return str(refused)
    return ""


def problems(text: str | bytes, parser: Parser) -> tuple[Problem, ...]:
    """Give the problems of a file; none if it is read."""
    try:
        read(text, parser)
    except Refused as refused:
        return refused.problems
    return ()


def codes(text: str | bytes, parser: Parser) -> list[str]:
    """Give the codes and places of a file's problems, as ``E105 3:1``."""
    found = [(one.code, one.place or Place("", 0, 0)) for one in problems(text, parser)]
    return [f"{code} {place.line}:{place.column}" for code, place in found]


def plain(node: Node) -> Plain:
    """Strip a tree of its places."""
    match node:
        case Text(value):
            return value
        case Listing(items):
            return [plain(item) for item in items]
        case Mapping(entries):
            return {key.value: plain(below) for key, below in entries}


# What is read


@each_parser
@pytest.mark.parametrize(
    "written",
    ["NO", "~", "null", "true", "012", "0x1F", "1_000", "12:30", "1e3", ".nan", "2024-02-30", "0.10", "=", "-5,2"],
)
def test_every_scalar_stays_text(written: str, parser: Parser) -> None:
    """What YAML would type is the text that was written."""
    assert read(f"a: {written}", parser).get("a") == Text(written, Place("campaign.yaml", 1, 4), quoted=False)


@each_parser
@pytest.mark.parametrize(
    ("written", "value", "quoted"),
    [
        ("x", "x", False),
        ('"x"', "x", True),
        ("'it''s'", "it's", True),
        ("|\n  x\n  y", "x\ny\n", True),
        (">-\n  x\n  y", "x y", True),
        ("x\n  y", "x y", False),
        ("", "", False),
        ('""', "", True),
        ("# none", "", False),
        ('"\\u1ebf\\t"', "ế\t", True),
    ],
)
def test_quotes_are_remembered(written: str, value: str, quoted: bool, parser: Parser) -> None:
    """A text knows whether it was quoted; one that is not there is empty and was not."""
    node = read(f"a: {written}", parser).get("a")

    assert isinstance(node, Text)
    assert (node.value, node.quoted) == (value, quoted)


@each_parser
def test_texts_are_composed_and_columns_are_not(parser: Parser) -> None:
    """Keys and texts are spelled in NFC; places count the characters that are in the file."""
    tree = read("{e\u0302\u0301: E\u0301, e: '1'}", parser)

    assert tree.get("ế") == Text("É", Place("campaign.yaml", 1, 7), quoted=False)
    assert tree.get("e") == Text("1", Place("campaign.yaml", 1, 14), quoted=True)


@each_parser
def test_every_node_knows_its_place(parser: Parser) -> None:
    """Places count lines and columns from 1, in characters, and carry their line."""
    tree = read("# 🎉\r\nế𝄞: {b: [c, 'd']}\r\ne:\r\n  - f:\r\n    g: h # i", parser)

    def at(line: int, column: int) -> Place:
        return Place("campaign.yaml", line, column)

    assert tree == Mapping(
        (
            (
                Text("ế𝄞", at(2, 1), quoted=False),
                Mapping(
                    (
                        (
                            Text("b", at(2, 6), quoted=False),
                            Listing((Text("c", at(2, 10), quoted=False), Text("d", at(2, 13), quoted=True)), at(2, 9)),
                        ),
                    ),
                    at(2, 5),
                ),
            ),
            (
                Text("e", at(3, 1), quoted=False),
                Listing(
                    (
                        Mapping(
                            (
                                (Text("f", at(4, 5), quoted=False), Text("", at(4, 5), quoted=False)),
                                (Text("g", at(5, 5), quoted=False), Text("h", at(5, 8), quoted=False)),
                            ),
                            at(4, 5),
                        ),
                    ),
                    at(4, 3),
                ),
            ),
        ),
        at(2, 1),
    )
    assert tree.entries[1][0].place.text == "e:"
    assert tree.entries[0][1].place.text == "ế𝄞: {b: [c, 'd']}"


@each_parser
def test_a_map_is_looked_up_by_its_keys(parser: Parser) -> None:
    """A map gives a key as it was written and what stands under it, or nothing."""
    tree = read("a: 1\nb: 2", parser)

    assert tree.key("b") == Text("b", Place("campaign.yaml", 2, 1), quoted=False)
    assert tree.get("b") == Text("2", Place("campaign.yaml", 2, 4), quoted=False)
    assert tree.key("c") is None
    assert tree.get("c") is None


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("a",), (1, 1)),
        (("a", "1"), (1, 8)),
        (("c", "d"), (3, 3)),
        (("c", "d", "1", "f"), (5, 7)),
        # a path that leads nowhere ends where it leaves the tree
        (("x",), (1, 1)),
        (("c", "x", "d"), (2, 1)),
        (("a", "2"), (1, 1)),
        (("a", "-1"), (1, 1)),
        (("a", "one"), (1, 1)),
        (("a", "1", "y"), (1, 8)),
        (("c", "d", "01"), (3, 3)),
    ],
)
def test_a_path_has_a_place(path: Path, place: tuple[int, int]) -> None:
    """A path names a key, or an item of a list by its index; one that leads nowhere its nearest ancestor."""
    tree = read_document(b"a: [1, 2]\nc:\n  d:\n    - e\n    - f: g\n", "campaign.yaml")

    assert place_of(tree, path) == Place("campaign.yaml", *place)


# What is refused


@each_parser
@pytest.mark.parametrize("folder", BAD, ids=lambda folder: folder.name)
def test_a_bad_file_is_reported(folder: FilePath, parser: Parser) -> None:
    """The whole printed report of each bad file is as expected, whichever parser reads it."""
    printed = report((folder / "campaign.yaml").read_bytes(), parser)

    assert f"{printed}\n" == (folder / "expected.txt").read_bytes().decode()
    assert folder.name[:4] in printed


def test_every_code_has_a_bad_file() -> None:
    """Each code of this room has a folder, but for files that are too large to keep."""
    assert {folder.name[:4] for folder in BAD} == CODES - {"E110", "E111"}


@each_parser
@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # size, at the limit and one beyond it
        (b"a: b # ".ljust(MAX_BYTES, b"-"), []),
        (b"a: b # ".ljust(MAX_BYTES + 1, b"-"), ["E110 1:1"]),
        (b"\0" * 3_000_000, ["E110 1:1"]),
        # depth
        (b"a: " + b"[" * (MAX_DEPTH - 1) + b"]" * (MAX_DEPTH - 1), []),
        (b"a: " + b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, ["E103 1:35"]),
        (b"[" * 200_000, ["E103 1:33"]),
        (b"{" * 200_000, ["E103 1:33"]),
        (b"{a: " * 200_000, ["E103 1:129"]),
        (b"- " * 200_000, ["E103 1:65"]),
        (b"? " * 200_000, ["E103 1:65"]),
    ],
    ids=lambda value: f"{len(value)}" if isinstance(value, bytes) else None,
)
def test_nothing_grows_without_bound(source: bytes, expected: list[str], parser: Parser) -> None:
    """A file has at most 2 MB and 32 levels; what is beyond costs nothing."""
    assert codes(source, parser) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (b"x" * 2_100_000, "1:1 E110 2.1 MB, more than the 2 MB that rules need (keep data in tables)"),
        (b"[" * 33, "1:33 E103 nested deeper than 32 (rules need less than ten)"),
        (b"- 1\n" * 300_000, "200000:3 E111 more than 200,000 texts, lists and maps (keep data in tables)"),
    ],
    ids=["size", "depth", "nodes"],
)
def test_a_bound_is_told(source: bytes, expected: str) -> None:
    """The report of a file that is too large says what it has too much of."""
    assert report(source, PARSERS[-1]).splitlines()[0] == f"campaign.yaml:{expected}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        # the map, its key and its list are three
        (b"a: [" + b"1," * (MAX_NODES - 3) + b"]", []),
        (b"a: [" + b"1," * (MAX_NODES - 2) + b"]", [f"E111 1:{5 + 2 * (MAX_NODES - 3)}"]),
        (b"a:\n" + b"- 1\n" * 300_000, [f"E111 {MAX_NODES - 1}:3"]),
    ],
    ids=["most", "one more", "many more"],
)
def test_a_file_has_at_most_200_000_nodes(source: bytes, expected: list[str]) -> None:
    """Texts, lists and maps are counted, and the first beyond the limit ends the search."""
    assert codes(source, PARSERS[-1]) == expected


@each_parser
@pytest.mark.parametrize(
    ("line", "count"),
    [("\x01\n", MAX_PROBLEMS), ("- &a x\n", MAX_PROBLEMS), ("- a #b\n", MAX_PROBLEMS)],
)
def test_the_search_ends_after_a_thousand_problems(line: str, count: int, parser: Parser) -> None:
    """A file that is wrong everywhere is told so a thousand times, not more."""
    assert len(codes(line * 5000, parser)) == count


@each_parser
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # one search finds many kinds
        (
            "a: &x 1\na: !t 2\nb: *x\n'': 3\n<<: 4\nc: d #e\n",
            ["E101 1:4", "E105 2:1", "E104 2:4", "E101 3:4", "E133 4:1", "E102 5:1", "E152 6:6"],
        ),
        ("- a\n- {b: 1, b: 2}\n", ["E113 1:1", "E105 2:10"]),
        # a slip in the syntax ends it, and keeps what was found before
        ("a: 1\na: 2\nb: @\na: 3\n", ["E108 3:4"]),
        ("a: {b: 1, b: 2}\nc: @\n", ["E105 1:11", "E108 2:4"]),
        ("a: &x 1\n---\nb: *x\n", ["E101 1:4", "E106 2:1"]),
        # anchors and tags of lists and maps, and both at once
        ("a: &x [1]\nb: !t {c: d}\ne: &y !u f\n", ["E101 1:4", "E104 2:4", "E101 3:4", "E104 3:4"]),
        # keys that are none
        ("? [a]\n: 1\n? {b: c}\n: 2\n? \n: 3\n", ["E133 1:3", "E133 3:3", "E133 5:2"]),
        ("{b: 1, ? [a] : 2}\n", ["E133 1:10"]),
        # a doubled key is told at each later place
        ("a: 1\na: 2\na: 3\n", ["E105 2:1", "E105 3:1"]),
        ("a: 1\n'a': 2\n", ["E105 2:1"]),
        ("chi\u0309: 1\nchỉ: 2\n", ["E105 2:1"]),
        # invisible characters that quotes bring in by escapes
        ('a: "\\0"\n"\\u200b": 1\n', ["E151 1:4", "E151 2:1"]),
        ('a: "\\_x"\n"b\\_": 1\n', ["E151 2:1"]),
        # a comment is meant only with a blank behind its sign
        ("a: b #c\nd: #e\nf:\n  - #g\n", ["E152 1:6", "E152 2:4", "E152 4:5"]),
        ("a: [b, c #d\n ]\n", ["E152 1:10"]),
        # a question mark in brackets, lines below where its text begins
        ("a: [b\n  c\n  d?]\n", ["E108 3:4"]),
        ("a: [b\n  c?]\n", ["E108 2:4"]),
        # what only one parser refuses, or tells otherwise
        ("a: >#\n  b\n", ["E108 1:4"]),
        ("a: ''&b\n", ["E108 1:6"]),
        ("a: ''!b\n", ["E108 1:6"]),
        # a file that ends too early ends where its last line does
        ("a: [", ["E108 1:5"]),
        ("a: b\nc: [\n\n  \n", ["E108 2:5"]),
    ],
)
def test_as_many_problems_as_can_be_found_at_once(text: str, expected: list[str], parser: Parser) -> None:
    """All problems of a file are told together, in the order they stand in it."""
    assert codes(text, parser) == expected


@each_parser
@pytest.mark.parametrize(
    "text",
    [
        # comments that are meant
        "a: b # c\nd: e ## f\ng: 'h' #i\nj: k#l\nm:\n  #n\n  o: p #\n",
        # quoted, the merge sign is a text like any other, and a lone dash or a colon inside a word too
        "'<<': 1\na: -b\nc: d:e\nf: g-h\n",
        # quoted, all that is refused outside quotes
        "a: '&b'\nc: '*d'\ne: '!f'\ng: 'h #i'\nj: 'k: l'\nm: '{n?}'\no: \"p\tq\"\n",
        # tabs in quotes, in blocks and in comments
        "a: 'b\tc'\nd: |\n  e\tf\ng: h # i\tj\n",
        # a no-break space inside a text, where a word processor may have put it
        "a: b\xa0c\n",
        # one document, marked as such
        "---\na: b\n...\n",
        # a question mark outside brackets, and one in brackets in quotes
        "a: b?\nc: {d: 'e?'}\n",
        # empty lists and maps
        "a: []\nb: {}\n",
    ],
)
def test_what_is_right_is_not_refused(text: str, parser: Parser) -> None:
    """Files that are merely unusual are read."""
    assert report(text, parser) == ""


def test_a_character_the_parser_cannot_hold_is_a_problem_too() -> None:
    """A file that only the parser finds unreadable is refused with a code, though without a place."""
    with patch.object(document, "unreadable", return_value=[]), pytest.raises(Refused) as refused:
        read_document(b"a: \x01", "campaign.yaml")

    assert str(refused.value) == "campaign.yaml:1:1 E151 a character that YAML cannot hold\n  1 | a: \x01\n      ^"


@each_parser
def test_what_is_seen_can_be_read(parser: Parser) -> None:
    """No character of Unicode surprises a parser: it is refused before, or read."""
    seen = [one for point in range(32, sys.maxunicode + 1) if not UNSEEN.match(one := chr(point))]

    for start in range(0, len(seen), 200_000):
        assert read("a: b # " + "".join(seen[start : start + 200_000]), parser).get("a")


# Laws

LETTERS = st.characters(blacklist_characters="\r\n\t", blacklist_categories=["Cs"])
TEXTS = (
    st.text(LETTERS | st.sampled_from("#:,-?{}[]&*!|>'\"%@` \\"), max_size=12)
    .map(lambda text: unicodedata.normalize("NFC", text))
    .filter(lambda text: not UNSEEN.search(text))
)
KEYS = TEXTS.filter(lambda key: bool(key) and not ODD_BLANK.search(key))
TREES: st.SearchStrategy[Plain] = st.recursive(
    TEXTS, lambda trees: st.lists(trees, max_size=4) | st.dictionaries(KEYS, trees, max_size=4), max_leaves=20
)


def double_quoted(text: str) -> str:
    """Write a text in double quotes."""
    return '"{}"'.format(text.replace("\\", "\\\\").replace('"', '\\"'))


def single_quoted(text: str) -> str:
    """Write a text in single quotes."""
    return "'{}'".format(text.replace("'", "''"))


def in_brackets(tree: Plain, quote: Callable[[str], str]) -> str:
    """Write a tree in one line."""
    match tree:
        case str():
            return quote(tree)
        case list():
            return "[" + ", ".join(in_brackets(item, quote) for item in tree) + "]"
        case dict():
            return "{" + ", ".join(f"{quote(key)}: {in_brackets(below, quote)}" for key, below in tree.items()) + "}"


def indented(tree: Plain, quote: Callable[[str], str], margin: str = "") -> str:
    """Write a tree in lines, as people do."""
    if isinstance(tree, list) and tree:
        return "".join(f"\n{margin}-{indented(item, quote, margin + '  ')}" for item in tree)
    if isinstance(tree, dict) and tree:
        return "".join(f"\n{margin}{quote(key)}:{indented(below, quote, margin + '  ')}" for key, below in tree.items())
    return f" {in_brackets(tree, quote)}"


@each_parser
@pytest.mark.parametrize("write", [in_brackets, indented])
@pytest.mark.parametrize("quote", [double_quoted, single_quoted])
@given(tree=st.dictionaries(KEYS, TREES, min_size=1, max_size=4))
def test_a_written_tree_is_read_back(
    tree: dict[str, Plain],
    parser: Parser,
    write: Callable[[Plain, Callable[[str], str]], str],
    quote: Callable[[str], str],
) -> None:
    """A tree written in brackets or in lines, in either kind of quotes, is read as it was."""
    assert plain(read(write(tree, quote), parser)) == tree


WORDS = st.sampled_from(
    [
        *(
            "a",
            "key",
            "é",
            "1",
            " ",
            "  ",
            "\n",
            "\n  ",
            "\n    ",
            ": ",
            ":",
            "- ",
            "-",
            "? ",
            "?",
            "a?",
            "a:,",
            "<<: ",
        ),
        *("[", "]", "{", "}", ", ", ",", " #", "# ", "#x", " #x", '"', "'", "|", ">", "|-\n", ">2\n", "&a", "*a"),
        *("%", "@", "`", "\\", "\\x", "\\u0041", "\\ud800", "\\U00110000", "...", "---", "\n---\n", "\r\n", "\r", "\t"),
        *("a: 1\n", "- x\n", "  b: 2\n", "''", '""', "~", "{a: b, c: d}", "\xa0", "\u200b", "e\u0301\u0323"),
    ]
)
SOURCES = st.lists(WORDS, max_size=12).map("".join)
TAGS = st.lists(WORDS | st.sampled_from(["!", "!t ", "!!str ", "!<"]), max_size=12).map("".join)


@each_parser
@given(source=st.binary() | st.text().map(str.encode) | TAGS.map(str.encode))
@example(source=b'a: "\\U00110000"')
@example(source=b"a: \xed\xa0\x80")
def test_nothing_but_refused_is_raised(source: bytes, parser: Parser) -> None:
    """Whatever the bytes, a file is read or refused with a place in it for each problem."""
    lines = source.decode("utf-8", "replace").split("\n")

    assert all(one.place and 1 <= one.place.line <= len(lines) for one in problems(source, parser))


@pytest.mark.skipif(not yaml.__with_libyaml__, reason="the quick parser is not installed")
@given(prefix=st.sampled_from(["", "a: 1\nb: ", "- "]), source=SOURCES | TAGS)
@example(prefix="a: ", source="[b?, c]")
@example(prefix="a: ", source="{b:, c: d}")
@example(prefix="a: ", source="|#\n b")
@example(prefix="a: ", source="b\tc")
@example(prefix="a: ", source="[b\n, c?\n, d]")
def test_both_parsers_agree(prefix: str, source: str) -> None:
    """A file is right for both parsers or for neither, and both read the same."""
    slow, quick = (report(prefix + source, parser) for parser in PARSERS)

    assert bool(slow) == bool(quick)
    if not slow:
        assert read(prefix + source, PARSERS[0]) == read(prefix + source, PARSERS[1])
