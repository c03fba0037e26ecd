"""Names: ids are safe, labels speak languages, and words sort as a Vietnamese dictionary sorts them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulation.names import Label, is_id, label, near, vietnamese_order

WORDS = st.text("aăâbcdđeêioôơuưyAĐàáảãạấậ 'q\u0323", max_size=6)


@pytest.mark.parametrize("text", ["a", "online_share", "05443", "thái_nguyên", "p5.1", "x-y", "9" * 100])
def test_an_id(text: str) -> None:
    """An id begins with a letter or digit and goes on with these, underscores, points and dashes."""
    assert is_id(text)


@pytest.mark.parametrize(
    "text", ["", "-x", "_x", ".x", "a b", "a/b", "a\\b", "a..b", "a\n", "9" * 101, "a:b", "a\u0000"]
)
def test_no_id(text: str) -> None:
    """Nothing that could be a path, an option or a second line is an id."""
    assert not is_id(text)


def test_a_label_in_a_language() -> None:
    """A label is given in the language asked for, else in the one it was written in first."""
    green = Label((("en", "green"), ("vi", "xanh")))

    assert [green.in_language(language) for language in ("vi", "en", "fr")] == ["xanh", "green", "green"]
    assert label("x").in_language("vi") == "x"


def test_a_near_name() -> None:
    """The nearest known word is suggested, accents and case apart, and none that is far."""
    assert near("Thai Nguyen", ["Thái Nguyên", "Thái Bình"]) == "Thái Nguyên"
    assert near("Da Nang", ["Đà Nẵng"]) == "Đà Nẵng"
    assert near("xyz", ["weight", "max"]) is None
    assert near("x", []) is None


@given(st.lists(WORDS), st.randoms(use_true_random=False))
def test_words_have_one_order(words: list[str], random: object) -> None:
    """Words come in one order, however they were listed and whichever form their accents have."""
    shuffled = [unicodedata.normalize("NFD", word) for word in words]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    ordered = [unicodedata.normalize("NFC", word) for word in sorted(shuffled, key=vietnamese_order)]

    keys = [vietnamese_order(word)[:2] for word in ordered]
    assert keys == sorted(vietnamese_order(word)[:2] for word in words)


def test_the_dictionary_s_order() -> None:
    """Letters come before tones, and tones in the dictionary's order."""
    tones = ["ma", "mà", "mả", "mã", "má", "mạ"]
    letters = ["an", "ăn", "ân", "ca", "da", "đa", "ea", "êa", "oa", "ôa", "ơa", "ua", "ưa"]

    assert sorted(set(tones), key=vietnamese_order) == tones
    assert sorted(set(letters), key=vietnamese_order) == letters


def test_a_loose_mark_is_no_letter() -> None:
    """A combining mark that joins no letter sorts before all letters."""
    assert vietnamese_order("q\u0323")[0][1] < vietnamese_order("a")[0][0]
    assert vietnamese_order("9 ")[0] < vietnamese_order("a")[0]
