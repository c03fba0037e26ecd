"""Problems: what is wrong, where it was written, what to do; and the few exceptions that carry it.

EmulationError                 the root: catch this one
├── Refused                    what the user gave is wrong; carries every problem found (exit 2)
└── Unsettled                  a declared policy says stop: the data leaves something open (exit 1)
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable

from attrs import evolve, field, frozen

Path = tuple[str, ...]
"""Where in a campaign something stands: ``("criteria", "online", "max")``."""

OPEN, WRONG = 1, 2
"""Exit codes: the rulebook or its data leaves something open; what the user gave is wrong."""

SHOWN_AT_MOST = 100


@frozen
class Place:
    """Where something was written: file, line and column, both counted from 1, and the line's text.

    >>> print(Place("campaign.yaml", 7, 13))
    campaign.yaml:7:13
    >>> print(Place("august.xlsx", 7, 2, sheet="Tháng 8"))
    august.xlsx:Tháng 8!B7
    """

    file: str
    line: int
    column: int = 1
    text: str = field(default="", eq=False)
    sheet: str | None = field(default=None, repr=False)

    def __str__(self) -> str:
        if self.sheet is not None:
            return f"{self.file}:{self.sheet}!{letters(self.column)}{self.line}"
        return f"{self.file}:{self.line}:{self.column}"


def letters(column: int) -> str:
    """Name a column, counted from 1, as workbooks do.

    >>> letters(1), letters(26), letters(27)
    ('A', 'Z', 'AA')
    """
    named = ""
    while column:
        column, rest = divmod(column - 1, 26)
        named = chr(ord("A") + rest) + named
    return named


@frozen
class Problem:
    """Something wrong: a stable code, what is wrong, what was expected, and the nearest right thing.

    >>> print(Problem("E114", "unknown key 'wieght'", expected="a criterion's key", near="weight"))
    E114 unknown key 'wieght' (a criterion's key); did you mean weight?
    """

    code: str
    what: str
    expected: str | None = None
    near: str | None = None
    path: Path = ()
    place: Place | None = None

    def __str__(self) -> str:
        where = f"{self.place} " if self.place else f"{'.'.join(self.path)} " if self.path else ""
        expected = f" ({self.expected})" if self.expected else ""
        near = f"; did you mean {self.near}?" if self.near else ""
        return f"{where}{self.code} {self.what}{expected}{near}"

    def at(self, place: Place | None) -> Problem:
        """Give the same problem with the place it was written at."""
        return evolve(self, place=place)


class EmulationError(Exception):
    """The root of all errors of this library.

    >>> issubclass(Refused, EmulationError) and issubclass(Unsettled, EmulationError)
    True
    """


class Refused(EmulationError):
    """What the user gave is wrong; ``problems`` says all of it, in the order it was written.

    >>> print(Refused([Problem("E144", "there are no participants", "list at least one")]))
    E144 there are no participants (list at least one)
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__(report(self.problems))


class Disagreement(EmulationError):
    """Two engines came to different results: an error of this library, never of its user."""


class Unsettled(EmulationError):
    """A declared policy says stop: ``problems`` says what the data leaves open.

    >>> Unsettled([Problem("E162", "missing blocks publication")]).problems[0].code
    'E162'
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__(report(self.problems))


def in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """Sort problems as a reader meets them: by file, line and column, then by path; each said once."""

    def key(problem: Problem) -> tuple[str, str, int, int, Path, str, str]:
        place = problem.place or Place("", 0, 0)
        return (place.file, place.sheet or "", place.line, place.column, problem.path, problem.code, problem.what)

    return tuple(sorted(dict.fromkeys(problems), key=key))


def report(problems: Iterable[Problem]) -> str:
    """Word problems for a terminal: one a paragraph, with the line it stands on and a mark under it."""
    every = tuple(problems)
    shown = [_paragraph(problem) for problem in every[:SHOWN_AT_MOST]]
    if len(every) > SHOWN_AT_MOST:
        shown.append(f"... and {len(every) - SHOWN_AT_MOST} more")
    return "\n".join(shown)


def _paragraph(problem: Problem) -> str:
    if problem.place is None or not problem.place.text:
        return str(problem)
    margin = f"  {problem.place.line} | "
    before = problem.place.text[: problem.place.column - 1]
    return f"{problem}\n{margin}{problem.place.text}\n{' ' * len(margin)}{_blank_like(before)}^"


def _blank_like(text: str) -> str:
    """Give blanks as wide as the text on a terminal: combining marks take no cell, wide letters two."""
    return "".join(
        "\t"
        if character == "\t"
        else ""
        if unicodedata.combining(character)
        else "  "
        if unicodedata.east_asian_width(character) in "WF"
        else " "
        for character in text
    )
