"""Names: ids and labels, the Vietnamese order of words, and near names (for suggestions only)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches
from functools import lru_cache
from typing import NewType

from attrs import frozen

IndicatorId = NewType("IndicatorId", str)
CriterionId = NewType("CriterionId", str)
TargetId = NewType("TargetId", str)
StandingId = NewType("StandingId", str)
AwardId = NewType("AwardId", str)
RoundId = NewType("RoundId", str)
Kind = NewType("Kind", str)
GroupName = NewType("GroupName", str)
ClassName = NewType("ClassName", str)
ParticipantId = NewType("ParticipantId", str)
FieldId = NewType("FieldId", str)

MAX_NAME = 300

_ID = re.compile(r"[^\W_][\w.\-]{0,99}")
_TONES = "\u0300\u0309\u0303\u0301\u0323"  # huyền, hỏi, ngã, sắc, nặng: the dictionary's order
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"


@frozen
class Label:
    """A text in one or more languages; a text without a language serves all.

    >>> Label((("en", "green"), ("vi", "xanh"))).in_language("vi")
    'xanh'
    """

    texts: tuple[tuple[str, str], ...]

    def in_language(self, language: str) -> str:
        """Give the text in a language, else in the first language it was written in."""
        return dict(self.texts).get(language, self.texts[0][1])


def label(text: str) -> Label:
    """Give a label that is the same in every language."""
    return Label((("", text),))


def is_id(text: str) -> bool:
    """Say whether a text can be an id: letters, digits, ``_ . -``, beginning with a letter or digit.

    >>> is_id("online_share"), is_id("-x"), is_id("../etc")
    (True, False, False)
    """
    return _ID.fullmatch(text) is not None and ".." not in text


def near(word: str, known: Iterable[str]) -> str | None:
    """Give the known word nearest to a misspelt one, to suggest it; never to take it unasked.

    >>> near("wieght", ["weight", "max"])
    'weight'
    """
    spelt = {plainly(candidate): candidate for candidate in sorted(known)}
    close = get_close_matches(plainly(word[:MAX_NAME]), spelt, n=1)
    return spelt[close[0]] if close else None


def plainly(text: str) -> str:
    """Strip case and diacritics, so that ``Thai Nguyen`` is near ``Thái Nguyên``.

    >>> plainly("Phường Tích Lương"), plainly("Đà Nẵng")
    ('phuong tich luong', 'da nang')
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(character for character in decomposed if not unicodedata.combining(character))


def name_key(text: str) -> str:
    """Give what two spellings of one name share: letters whatever their case, blanks, and where a tone is written.

    >>> name_key("Xã  HOÀ Bình") == name_key("xã Hòa Bình"), name_key("Hoa") == name_key("Hoà")
    (True, False)
    """
    return " ".join(_tone_last(word) for word in unicodedata.normalize("NFC", text).casefold().split())


def _tone_last(word: str) -> str:
    """Write a syllable's tone after its letters: ``hoà`` and ``hòa`` differ in where it stands, not in what it is."""
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(mark for mark in letters if mark in _TONES)
    return unicodedata.normalize("NFC", "".join(mark for mark in letters if mark not in _TONES)) + "/" + tones


def vietnamese_order(text: str) -> tuple[tuple[int, ...], tuple[int, ...], str]:
    """Give a key that sorts names as a Vietnamese dictionary does: letters, then tones, then case.

    >>> sorted(["Đà Nẵng", "Dak Lak", "An Giang", "Ấm"], key=vietnamese_order)
    ['An Giang', 'Ấm', 'Dak Lak', 'Đà Nẵng']
    """
    letters: list[int] = []
    tones: list[int] = []
    for character in unicodedata.normalize("NFC", text):
        letter, tone = _letter_and_tone(character.lower())
        letters.append(letter)
        tones.append(tone)
    return tuple(letters), tuple(tones), text.swapcase()


@lru_cache(maxsize=1024)
def _letter_and_tone(character: str) -> tuple[int, int]:
    """Split a letter from its tone: ``ấ`` is the letter ``â`` with the fourth tone."""
    decomposed = unicodedata.normalize("NFD", character)
    tone = next((mark for mark in decomposed if mark in _TONES), "")
    letter = unicodedata.normalize("NFC", decomposed.replace(tone, "")) if tone else character
    place = _LETTERS.find(letter) if letter else -1
    return (
        1000 + place if place >= 0 else min(ord(letter[:1] or " "), 999),
        _TONES.find(tone) + 1 if tone else 0,
    )
