"""Characters: bytes to text, and what in a text nobody can see."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from itertools import groupby

from emulation.problems import Place, Problem, Refused

MAX_MARKS = 30  # on one letter; Vietnamese needs two, and putting thousands in order takes for ever

UNSEEN = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e007f]"
    # The two joiners are spelling after an Arabic, Indic, Burmese or Khmer letter, and a disguise elsewhere.
    "|(?<![\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u17ff])[\u200c\u200d]"
)
"""Control characters, and those that show nothing or turn the text around them: one at a time."""

ODD_BLANK = re.compile("[\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
"""Blanks that look like a blank and are not one, such as the no-break space."""

_MARKED = re.compile(rf"[^\w\x00-\x7f]{{{MAX_MARKS + 1},}}")
_SAVE = 'save the file as UTF-8, in Excel as "CSV UTF-8"'
_UTF16 = re.compile(rb"\xff\xfe|\xfe\xff|.\0.\0|\0.\0.", re.DOTALL)
_CYRILLIC = re.compile(rb"[\xc0-\xff]{5}")
_TONE_ON_VOWEL = re.compile("[aâăeêioôơuưyAÂĂEÊIOÔƠUƯY][\u0300\u0301\u0303\u0309\u0323]")


def decode(source: bytes, file: str) -> str:
    r"""Read a file's bytes as UTF-8, with or without the mark some programs put in front.

    Raise `Refused` (E109) naming the first byte that is not UTF-8 and, for advice only, what it may be.

    >>> decode(b"\xef\xbb\xbfid,name", "communes.csv")
    'id,name'
    """
    if _UTF16.match(source):
        raise Refused([Problem("E109", "not UTF-8: this is UTF-16", _SAVE, place=Place(file, 1))])
    plain = source.removeprefix(b"\xef\xbb\xbf")
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused([_not_utf8(plain, error.start, file)]) from error


def _not_utf8(source: bytes, at: int, file: str) -> Problem:
    line = source.count(b"\n", 0, at) + 1
    first = source.rfind(b"\n", 0, at) + 1
    column = len(source[first:at].decode("utf-8")) + 1
    text = source[first : first + 800].partition(b"\n")[0].decode("utf-8", "replace")
    what = f"not UTF-8: byte 0x{source[at]:02X}, perhaps of {_guess(source)}"
    return Problem("E109", what, _SAVE, place=Place(file, line, column, UNSEEN.sub("\ufffd", text)[:200]))


def _guess(source: bytes) -> str:
    """Name the old encoding that a text looks most like; it is advice, and nothing is read by it."""
    if _CYRILLIC.search(source):
        return "windows-1251 (Cyrillic)"
    if _TONE_ON_VOWEL.search(source.decode("cp1258", "replace")):
        return "windows-1258 (Vietnamese)"
    return "windows-1252 (Western European)"


_WORD = re.compile(r"[^\W\d_]+")
_LIKE_LATIN = re.compile(
    "[\u0370-\u03ff\u0400-\u052f\u0531-\u058f\u13a0-\u13ff\uab70-\uabbf\uff21-\uff3a\uff41-\uff5a]"
)
"""Greek, Cyrillic, Armenian, Cherokee and wide letters, many of which look like Latin ones."""


def disguised(text: str) -> list[str]:
    r"""Give the letters of other scripts in words that have Latin letters too.

    >>> disguised("\u0410n B\xecnh"), disguised("Москва An")
    (['А'], [])
    """
    if not _LIKE_LATIN.search(text):
        return []
    return [
        other for word in _WORD.findall(text) if (others := _LIKE_LATIN.findall(word)) != list(word) for other in others
    ]


def spell(characters: Iterable[str]) -> str:
    r"""Name characters that cannot be shown.

    >>> spell("\u200b\t")
    'U+200B (zero width space), U+0009 (control character)'
    """
    each = dict.fromkeys(characters)
    return ", ".join(f"U+{ord(one):04X} ({unicodedata.name(one, 'control character').lower()})" for one in each)


def compose(text: str) -> str | None:
    r"""Spell a text in the one composed way (NFC); give none if a letter carries a heap of marks.

    >>> compose("e\u0302\u0301")
    'ế'
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    return None if is_heaped(text) else unicodedata.normalize("NFC", text)


def is_heaped(text: str) -> bool:
    """Say whether a letter carries so many marks that putting them in order would take for ever."""
    return any(
        is_mark and sum(1 for _ in run) > MAX_MARKS
        for suspect in _MARKED.findall(text)
        for is_mark, run in groupby(suspect, lambda one: unicodedata.combining(one) > 0)
    )
