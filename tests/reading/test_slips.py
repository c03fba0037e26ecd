"""Slips: advice on syntax errors (what is said of each is in tests/bad/yaml)."""

from __future__ import annotations

import pytest

from emulation.problems import Place, Problem
from emulation.reading.slips import MAX_ADVISED, Sheet, in_quotes, slip, unreadable


@pytest.mark.parametrize(
    ("line", "advice"),
    [
        # a text behind a key, in a list, alone
        ("title: a: b", ': title: "a: b"'),
        ("  - title:   a: b ", ': title: "a: b"'),
        ("  - a: b", ': a: "b"'),
        ("@x", ': "@x"'),
        # quotes of the other kind where there are quotes or backslashes
        ('title: "a" b', ": title: '\"a\" b'"),
        ('title: "it\'s" b', ": title: '\"it''s\" b'"),
        (r"title: a\b: c", r": title: 'a\b: c'"),
        # quotes that are there, but of the wrong kind
        ("title: 'it's'", ': title: "it\'s"'),
        ("title: '", ': title: "\'"'),
        ("title: ''", ': title: ""'),
        # what is too long is not written out
        ("title: " + "x" * (MAX_ADVISED - 5), f': title: "{"x" * (MAX_ADVISED - 5)}"'),
        ("title: " + "x" * (MAX_ADVISED - 4), ""),
    ],
)
def test_advice_shows_the_quotes(line: str, advice: str) -> None:
    """The line is shown again with its text in quotes."""
    assert in_quotes(line) == f"put the text in quotes{advice}"


def test_an_unknown_slip_is_told_in_general() -> None:
    """What no pattern knows is refused all the same, at the beginning if nothing says where."""
    remedy = "check quotes, colons, brackets and indentation"

    problem = slip("never heard of", None, None, Sheet.of("a: b\n", "f"))

    assert problem == Problem("E108", "not YAML from here on", remedy, place=Place("f", 1, 1))


def test_a_line_is_cut_for_show_only() -> None:
    """A place carries 200 characters of its line, and all places of a line the same string."""
    sheet = Sheet.of("x" * 201, "f")

    first, second = sheet.place(None), sheet.place(None)

    assert first.text == "x" * 200
    assert first.text is second.text
    assert sheet.lines == ("x" * 201,)


def test_each_unreadable_line_is_told_once() -> None:
    """A line with several invisible characters is one problem that names each."""
    sheet = Sheet.of("a\u200bb\u200b\xad\nc\n\xa0d\n", "f")

    assert [(problem.what, str(problem.place)) for problem in unreadable(sheet)] == [
        ("invisible: U+200B (zero width space), U+00AD (soft hyphen)", "f:1:2"),
        ("in the indentation: U+00A0 (no-break space)", "f:3:1"),
    ]
