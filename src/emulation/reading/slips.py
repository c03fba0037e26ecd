"""Slips: what goes wrong in YAML before it is a tree, in words for its writer.

PyYAML has two parsers, a quick one in C and one in Python, that accept slightly different files and say
different things of the rest. Here a file is right or wrong for both, and what is said depends on neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Protocol

from attrs import frozen

from emulation.problems import Place, Problem
from emulation.reading.characters import ODD_BLANK, UNSEEN, spell

MAX_SHOWN = 200  # characters of a line that a place carries
MAX_WORD = 40  # characters of a word that a problem names
MAX_ADVISED = 80  # characters of a text that advice writes out again


_WORD_END = re.compile(r"[\s,\[\]{}]")


class Mark(Protocol):
    """Where a parser stands in a file, counted from 0."""

    line: int
    column: int


class Scalar(Protocol):
    """What a parser says of a text: plain ones have no style, the others that of their quotes."""

    @property
    def value(self) -> str:
        """The text."""

    @property
    def style(self) -> str | None:
        """One of ``'``, ``"``, ``|`` and ``>``, or nothing."""

    @property
    def start_mark(self) -> Mark | None:
        """Where it begins."""

    @property
    def end_mark(self) -> Mark | None:
        """Where it is over."""


@frozen
class Sheet:
    """A file's lines: whole, and cut as places show them; all places of a line share one string."""

    file: str
    lines: tuple[str, ...]
    shown: tuple[str, ...]

    @classmethod
    def of(cls, text: str, file: str) -> Sheet:
        """Cut a text at its line feeds, which are the line ends that all editors agree on."""
        lines = tuple(line.removesuffix("\r") for line in text.split("\n"))
        return cls(file, lines, tuple(line[:MAX_SHOWN] for line in lines))

    def place(self, mark: Mark | None) -> Place:
        """Give the place of a mark."""
        line, column = (mark.line, mark.column) if mark else (0, 0)
        return Place(self.file, line + 1, column + 1, self.shown[line])

    def word(self, mark: Mark | None) -> str:
        """Give the word that begins at a mark."""
        line, column = _spot(mark)
        return _WORD_END.split(self.lines[line][column : column + MAX_WORD], maxsplit=1)[0]

    def end(self) -> Place:
        """Give the place behind the last line with anything on it."""
        line = next((index for index in range(len(self.lines) - 1, 0, -1) if self.lines[index].strip()), 0)
        return Place(self.file, line + 1, len(self.lines[line].rstrip()) + 1, self.shown[line])

    def before(self, mark: Mark | None) -> str:
        """Give the line a mark stands in, up to the mark."""
        line, column = _spot(mark)
        return self.lines[line][:column]

    def after(self, mark: Mark | None) -> str:
        """Give what follows a mark in its line, as far as it matters to a parser."""
        line, column = _spot(mark)
        return self.lines[line][column : column + 9]


def _spot(mark: Mark | None) -> tuple[int, int]:
    return (mark.line, mark.column) if mark else (0, 0)


_HIDDEN = re.compile(rf"{UNSEEN.pattern}|\r")
_ODD_INDENT = re.compile(rf"[ \t]*({ODD_BLANK.pattern})")
_NO_CHARACTER = re.compile(r"\\(?:u|U0000)[dD][89a-fA-F][0-9a-fA-F]{2}|\\U(?!000[0-9a-fA-F]|0010)[0-9a-fA-F]{8}")


def unreadable(sheet: Sheet) -> Iterator[Problem]:
    """Find the lines that the parsers would read otherwise than they look, or could not read at all."""
    for number, line in enumerate(sheet.lines, start=1):
        code, remedy = "E151", "delete it"
        if found := _HIDDEN.search(line):
            what = f"invisible: {spell(_HIDDEN.findall(line))}"
            remedy = _LINE_ENDS if "\r" in line else remedy
        elif found := _ODD_INDENT.match(line):
            what, remedy = f"in the indentation: {spell(found[1])}", "indent with plain blanks"
        elif found := _NO_CHARACTER.search(line):
            what, remedy = f"no character: {found[0]}", "write the character itself"
        elif found := re.match("%", line):
            code, what, remedy = "E108", "a line that begins with %", "put blanks before it, or it in quotes"
        else:
            continue
        column = found.start(found.lastindex or 0) + 1
        shown = _HIDDEN.sub("\ufffd", line[:MAX_SHOWN])
        yield Problem(code, what, remedy, place=Place(sheet.file, number, column, shown))


_CLOSE_COMMENT = re.compile(r" +(#[^\s#]\S{0,30})")
_CLOSE_TO_BLOCK = re.compile(r"[|>][-+\d]*#")
_CLOSE_COLON = re.compile(r":[,?\[\]{}]")

_LINE_ENDS = "delete it, or save the file with the line ends of Windows or Unix"
_ANCHOR_REMEDY = "write out what it stands for; a text that begins with & or * goes in quotes"
_TAG_REMEDY = "leave it out; a text that begins with ! goes in quotes"
_BLOCK = "> or | with text behind it"
_BLOCK_REMEDY = "begin the text on the next line, indented, or put it in quotes"
_QUESTION = "a question mark inside brackets"
_COLON = "a colon inside brackets without a blank behind it"
_BRACKETS_REMEDY = "put the text in quotes"
_QUOTE_REMEDY = "close it; around a text with quotes in it stand quotes of the other kind"
_ITEMS_REMEDY = "write a comma between items, close the bracket, and quote texts with commas, colons or brackets"
_KEY_REMEDY = "check its indentation, and that the colon in the line above has a blank behind it"
_COLON_LESS_REMEDY = "a blank stands behind the colon; a text that goes on is indented further than its key"
_COLUMN_REMEDY = "check its indentation: what belongs together begins in the same column"


def anchored(mark: Mark | None, sheet: Sheet) -> Problem:
    """Tell of an anchor or an alias."""
    return Problem("E101", f"an anchor or alias: {sheet.word(mark)}", _ANCHOR_REMEDY, place=sheet.place(mark))


def tagged(mark: Mark | None, sheet: Sheet) -> Problem:
    """Tell of a tag."""
    return Problem("E104", f"a tag: {sheet.word(mark)}", _TAG_REMEDY, place=sheet.place(mark))


def cut_short(event: Scalar, sheet: Sheet) -> Problem | None:
    """Find a text cut short by a ``#`` that was meant: of ``title: Tỷ lệ #1`` YAML reads ``Tỷ lệ``.

    A comment that is meant has a blank behind its ``#``.
    """
    line, column = _spot(event.end_mark)
    whole = sheet.lines[line]
    if event.style or "#" not in whole or not (found := _CLOSE_COMMENT.match(whole, column)):
        return None
    what = f"not read, for a comment begins here: {found[1]}"
    remedy = f"a comment has a blank behind its #; else {in_quotes(sheet.lines[line])}"
    return Problem("E152", what, remedy, place=Place(sheet.file, line + 1, found.start(1) + 1, sheet.shown[line]))


def one_parser_only(event: Scalar, sheet: Sheet, *, in_brackets: bool) -> Problem | None:
    """Find what one of the parsers accepts and the other refuses; it is a slip of syntax like any other."""
    if event.style in {"|", ">"} and _CLOSE_TO_BLOCK.match(sheet.after(event.start_mark)):
        return Problem("E108", _BLOCK, _BLOCK_REMEDY, place=sheet.place(event.start_mark))
    if event.style or not in_brackets:
        return None
    if "?" in event.value[1:]:
        return Problem("E108", _QUESTION, _BRACKETS_REMEDY, place=_question(event, sheet))
    if _CLOSE_COLON.match(sheet.after(event.end_mark)):
        return Problem("E108", _COLON, _BRACKETS_REMEDY, place=sheet.place(event.end_mark))
    return None


def _question(event: Scalar, sheet: Sheet) -> Place:
    line, column = _spot(event.start_mark)
    while (found := sheet.lines[line].find("?", column)) < 0:
        line, column = line + 1, 0
    return Place(sheet.file, line + 1, found + 1, sheet.shown[line])


# What a parser says and what stands at its mark; then our code, words and remedy: the first that fits.
_SLIPS = tuple(
    (re.compile(said), code, what, remedy)
    for said, code, what, remedy in (
        (r"any token, first, '\\t'", "E107", "a tab in the indentation", "indent with blanks"),
        (r"any token, .*, '\\t'", "E107", "a tab between words", "use a blank"),
        (r"\b(anchor|alias)\b", "E101", "an anchor or alias: {word}", _ANCHOR_REMEDY),
        (r"\b(tag|uri)\b", "E104", "a tag: {word}", _TAG_REMEDY),
        (r"quoted.*(end of stream|document)", "E108", "a quote that is never closed", _QUOTE_REMEDY),
        (
            r"quoted",
            "E108",
            "an unknown escape in double quotes",
            "write two backslashes, or use single quotes",
        ),
        (r"block scalar", "E108", _BLOCK, _BLOCK_REMEDY),
        (r"document start", "E106", "something after the end of the document", "keep one document in a file"),
        (r"flow (sequence|mapping).*, '\?'", "E108", _QUESTION, _BRACKETS_REMEDY),
        (r"unexpected ':'", "E108", _COLON, _BRACKETS_REMEDY),
        (r"flow (sequence|mapping)", "E108", "brackets whose contents go wrong at {spot}", _ITEMS_REMEDY),
        (r"node content.*, ''", "E108", "the file ends in the middle of something", "finish it"),
        (r"node content|any token|keys are not", "E108", "no text begins with {here}", ""),
        (r"mapping values.*, second,", "E108", "a second colon in the line", ""),
        (r"mapping values", "E108", "a key where none can stand", _KEY_REMEDY),
        (r"find expected ':'", "E108", "a line that is not key: value", _COLON_LESS_REMEDY),
        (r"sequence entries", "E108", "a list that begins behind its key", "begin it on the next line"),
        (r"expected .*, first", "E108", "a line that does not go with those above", _COLUMN_REMEDY),
        (r"expected ", "E108", "text after a closing quote or bracket", ""),
        (r"", "E108", "not YAML from here on", "check quotes, colons, brackets and indentation"),
    )
)
_FOUND_INSTEAD = re.compile(", but .*", re.DOTALL)  # what only one parser tells
_TOLD_AT_START = re.compile("anchor|alias|tag|uri|quoted|block scalar|simple key|flow (sequence|mapping)")


def slip(said: str, begun: Mark | None, mark: Mark | None, sheet: Sheet) -> Problem:
    """Word a syntax error: what the parser said, where what it was reading began, and where it stopped."""
    before, here = sheet.before(mark), sheet.after(mark)[:1]
    where = "first" if not before.strip() else "second" if ": " in before else "later"
    said = f"{_FOUND_INSTEAD.sub('', said.lower())}, {where}, {here!r}"
    code, what, remedy = next(words for pattern, *words in _SLIPS if pattern.search(said))
    line, column = _spot(mark)
    if _TOLD_AT_START.search(said) and here != "?":
        mark = begun or mark
    what = what.format(spot=f"{line + 1}:{column + 1}", here=here, word=sheet.word(mark))
    place = sheet.place(mark) if sheet.after(mark) else sheet.end()
    return Problem(code, what, remedy or in_quotes(sheet.lines[line]), place=place)


def in_quotes(line: str) -> str:
    """Advise to put the text of a line in quotes, and show how where that is short enough.

    >>> in_quotes("  title: Chỉ số: tỷ lệ")
    'put the text in quotes: title: "Chỉ số: tỷ lệ"'
    """
    written = line.strip().removeprefix("- ")
    key, colon, text = written.partition(": ") if ": " in written else ("", "", written)
    text = text.strip()
    if len(key + text) > MAX_ADVISED:
        return "put the text in quotes"
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        text = text[1:-1]
    if '"' in text or "\\" in text:
        text = text.replace("'", "''")
        return f"put the text in quotes: {key}{colon}'{text}'"
    return f'put the text in quotes: {key}{colon}"{text}"'
