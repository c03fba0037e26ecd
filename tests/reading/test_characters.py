"""Characters: bytes become text or a problem, and what nobody can see has a name."""

from __future__ import annotations

import re
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.problems import Place, Problem, Refused
from emulation.reading.characters import MAX_MARKS, UNSEEN, compose, decode, is_heaped, spell

SAVE = 'save the file as UTF-8, in Excel as "CSV UTF-8"'


@given(st.text(st.characters(blacklist_characters="\0", blacklist_categories=["Cs"])))
def test_utf8_is_read_as_it_is(text: str) -> None:
    """UTF-8 gives back the text, with the mark in front of it and without."""
    assert decode(b"x" + text.encode(), "f") == f"x{text}"
    assert decode(b"\xef\xbb\xbf" + text.encode(), "f") == text


@pytest.mark.parametrize(
    ("source", "place", "what"),
    [
        # where: bytes are counted in characters of the line they stand in, with a mark in front or without
        (b"ab\xff", Place("f", 1, 3), "byte 0xFF, perhaps of windows-1252 (Western European)"),
        (b"\xef\xbb\xbfab\xff", Place("f", 1, 3), "byte 0xFF, perhaps of windows-1252 (Western European)"),
        ("ế\nế".encode() + b"\xe9\n", Place("f", 2, 2), "byte 0xE9, perhaps of windows-1252 (Western European)"),
        (b"ab\xe1\xba", Place("f", 1, 3), "byte 0xE1, perhaps of windows-1252 (Western European)"),
        # which: a guess that only advises
        ("Bi\u0300nh".encode("cp1258"), Place("f", 1, 3), "byte 0xCC, perhaps of windows-1258 (Vietnamese)"),
        ("Москва".encode("cp1251"), Place("f", 1, 1), "byte 0xCC, perhaps of windows-1251 (Cyrillic)"),
        ("Café".encode("cp1252"), Place("f", 1, 4), "byte 0xE9, perhaps of windows-1252 (Western European)"),
        # UTF-16, whose bytes can be UTF-8 by accident
        ("ab".encode("utf-16-le"), Place("f", 1, 1), "this is UTF-16"),
        ("ab".encode("utf-16-be"), Place("f", 1, 1), "this is UTF-16"),
        (b"\xff\xfea\0", Place("f", 1, 1), "this is UTF-16"),
        (b"\xfe\xff\0a", Place("f", 1, 1), "this is UTF-16"),
    ],
)
def test_other_bytes_are_refused(source: bytes, place: Place, what: str) -> None:
    """What is not UTF-8 is refused at its first byte, with a guess at what it is."""
    with pytest.raises(Refused) as refused:
        decode(source, "f")

    assert refused.value.problems == (Problem("E109", f"not UTF-8: {what}", SAVE, place=place),)


def test_the_line_of_a_bad_byte_is_shown_safely() -> None:
    """The line is shown up to 200 characters, with a sign in the place of what cannot be shown."""
    with pytest.raises(Refused) as refused:
        decode(b"one\na\x1bb\xff" + b"x" * 900 + b"\nthree", "f")

    (problem,) = refused.value.problems
    assert problem.place is not None
    assert problem.place.text == "a\ufffdb\ufffd" + "x" * 196


@pytest.mark.parametrize(
    "character",
    [
        "\x00",
        "\x0b",
        "\x1f",
        "\x7f",
        "\x85",
        "\xad",
        "\u200b",
        "\u200e",
        "\u2028",
        "\u202e",
        "\u2060",
        "\ufeff",
        "\ud800",
        "\uffff",
    ],
)
def test_what_cannot_be_seen_is_found(character: str) -> None:
    """Controls, zero-width characters, marks that turn the text, and halves of characters are found."""
    assert UNSEEN.search(f"a{character}b")


@pytest.mark.parametrize("text", ["a\tb\r\nc", "Đặng Thùy Trâm", "5²", "№", "🎉", "\xa0", "می\u200cخواهم", "क्\u200dष"])
def test_what_can_be_seen_is_left_alone(text: str) -> None:
    """Letters, signs, blanks and line ends pass, and joiners where spelling needs them."""
    assert not UNSEEN.search(text)


def test_a_joiner_elsewhere_is_a_disguise() -> None:
    """A joiner between Latin letters, or at the beginning, is found."""
    assert UNSEEN.findall("a\u200db") == ["\u200d"]
    assert UNSEEN.findall("\u200ca") == ["\u200c"]


def test_characters_have_names() -> None:
    """A character is named by its code point and its name, once."""
    assert spell("\u200b\x00\u200b") == "U+200B (zero width space), U+0000 (control character)"


@given(st.text())
def test_composing_is_nfc(text: str) -> None:
    """A text is composed as Unicode says."""
    assert compose(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("letters", ["e", "─" * 50, "e" * 50])
def test_a_heap_of_marks_is_not_composed(letters: str) -> None:
    """A letter may carry thirty marks in any order; one more, and it is left alone at once."""
    pairs = letters + "\u0301\u0323" * (MAX_MARKS // 2)

    assert compose(pairs) == unicodedata.normalize("NFC", pairs)
    assert compose(pairs + "\u0301") is None
    assert compose("e" + "\u0301\u0323" * 200_000) is None
    assert not is_heaped("─" * 50 + "e\u0323\u0301" + "═" * 50)


def test_every_mark_can_be_suspected() -> None:
    """No combining mark of Unicode is a word character, for heaps are looked for among the others."""
    marks = [chr(point) for point in range(sys.maxunicode + 1) if unicodedata.combining(chr(point))]

    assert [mark for mark in marks if re.match(r"\w", mark)] == []
