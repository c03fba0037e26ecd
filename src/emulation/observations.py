"""Observations: reported facts, their provenance and states; and which are set aside, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Literal, cast, overload

from attrs import frozen

from emulation.asking import OnAsking
from emulation.exact import Rational, add_up, write_number
from emulation.names import ParticipantId
from emulation.periods import Span, Window
from emulation.problems import Place, Problem

State = Literal["measured", "missing", "not_applicable", "zero_denominator", "not_yet_due", "withheld"]
"""What an indicator is for a participant: measured (zero included), or the state that stands in its place."""

STATES: tuple[State, ...] = (
    "measured",
    "missing",
    "not_applicable",
    "zero_denominator",
    "not_yet_due",
    "withheld",
)

Bound = Literal["above", "below"]
"""A figure reported as a bound: "over 90 %" is 0.9 with the bound ``above``, "<5" is 5 with ``below``."""


@frozen
class Observation:
    """One reported fact: of whom, about which days, how much, and where it was written.

    ``fact`` is an indicator's id or the name of a part of a ratio. A date counts as its day number.
    A stock is about one day: its span begins and ends there. ``stage`` is who stands behind the figure where a
    campaign has several (self-scored, verified), ``received`` the day it was handed in.
    A ``disputed`` figure waits for the outcome of a dispute. ``parts`` are the reports of the bodies it was made of
    that a merged body takes over.

    >>> july = Span(date(2025, 7, 1), date(2025, 7, 31))
    >>> Observation("a", "online_files", july, 850, file="july.csv", line=2).written
    'july.csv:2'
    """

    participant: ParticipantId
    fact: str
    span: Span
    value: Rational | None = None
    state: State = "measured"
    bound: Bound | None = None
    source: str | None = None
    illustrative: bool = False
    file: str = ""
    line: int = 0
    stage: str | None = None
    received: date | None = None
    disputed: bool = False
    parts: tuple[Observation, ...] = ()

    @property
    def written(self) -> str:
        """Where the fact was written: ``observations.csv:17``."""
        return f"{self.file}:{self.line}" if self.file else ""


@frozen
class Written:
    """How a table of facts is written; nothing of it is guessed.

    Keys:
        file: the table, beside the campaign.
        delimiter: what stands between two cells.
        decimal: the decimal mark.
        dates: how dates are written.
        percent: how percentages are written: with their sign, as points of a hundred, or as a share of one.
        missing: the texts that mean that nothing was reported.
        sheet: the sheet of the workbook.
        sheets: the sheets of the workbook, and the days each is about.
        header: the row in which the headings stand; the first that is not blank if not said.
        columns: for each column, its heading in the table; a fact's column holds its values.
        ignore: the headings of columns that are not read.
        days: the days a table without columns for them is about; what is about one day is of the last.
        totals: for each fact, what its values must add up to in each table.
    """

    file: str
    delimiter: Literal[",", ";", "tab"] = ","
    decimal: Literal[".", ","] = "."
    dates: Literal["yyyy-mm-dd", "dd/mm/yyyy"] = "yyyy-mm-dd"
    missing: tuple[str, ...] = ()
    percent: Literal["sign", "points", "share"] = "sign"
    sheet: str | None = None
    sheets: tuple[tuple[str, Window], ...] = ()
    header: int | None = None
    columns: tuple[tuple[str, str], ...] = ()
    ignore: tuple[str, ...] = ()
    days: Window | None = None
    totals: tuple[tuple[str, Rational], ...] = ()


@frozen
class Tally:
    """What became of the rows of a file: read = new + corrected + unchanged + rejected."""

    read: int = 0
    new: int = 0
    corrected: int = 0
    unchanged: int = 0
    rejected: int = 0

    def __str__(self) -> str:
        return (
            f"{self.read} rows read = {self.new} new + {self.corrected} corrected"
            f" + {self.unchanged} unchanged + {self.rejected} rejected"
        )


@frozen
class Source:
    """A file that was read, the hash of its bytes, and what its tables are called where facts say they stand."""

    file: str
    sha256: str
    tables: tuple[str, ...]


@frozen
class Received:
    """A receipt: how many facts were taken from a file, what each adds up to exactly, and the hash of its bytes."""

    file: str
    sha256: str
    facts: int
    sums: tuple[tuple[str, str], ...]


@frozen
class Rejected:
    """A row that was set aside, with its cells as they were read, by their headings, and why."""

    place: Place
    cells: tuple[tuple[str, str], ...]
    reasons: tuple[Problem, ...]


@frozen
class Plain:
    """The plain figures of one fact: of those who reported it once, measured, as a whole number >= 0, no bound.

    ``spans`` are the days they are about.
    """

    values: Mapping[str, int]
    spans: tuple[Span, ...]


@frozen
class Figures:
    """The figures of one fact, each participant's once and all about the same days: whose, how much, on which line."""

    span: Span
    bodies: Sequence[str]
    values: Sequence[Rational]
    lines: Sequence[int]

    @property
    def plain(self) -> Plain:
        """Those of them that are whole numbers >= 0."""
        if {*map(type, self.values)} == {int} and min(self.values) >= 0:
            values = dict(zip(self.bodies, cast("Sequence[int]", self.values), strict=True))
        else:
            pairs = zip(self.bodies, self.values, strict=True)
            values = {body: value for body, value in pairs if isinstance(value, int) and value >= 0}
        return Plain(values, (self.span,))


@frozen(slots=False, eq=False, repr=False)
class Alike(Sequence[Observation]):
    """Facts of one table that say who, what, when and how much, each measured and reported once: a fact at a time.

    A record is made of each row when the first of them is asked for, in the order of the lines. It is equal to a tuple
    of these records, and shows itself as one.

    >>> july = Span(date(2025, 7, 1), date(2025, 7, 31))
    >>> facts = Alike("july.csv", {"files": Figures(july, ("a", "b"), (850, 900), (2, 3))})
    >>> len(facts), facts[1].value, facts[1].written
    (2, 900, 'july.csv:3')
    """

    file: str
    of_each: Mapping[str, Figures]

    @cached_property
    def records(self) -> tuple[Observation, ...]:
        """The rows as records."""
        made = [
            Observation(ParticipantId(body), fact, one.span, value, file=self.file, line=line)
            for fact, one in self.of_each.items()
            for body, value, line in zip(one.bodies, one.values, one.lines, strict=True)
        ]
        return tuple(sorted(made, key=lambda one: one.line))

    @cached_property
    def plain(self) -> Mapping[str, Plain]:
        """The plain figures of each fact."""
        return {fact: figures.plain for fact, figures in self.of_each.items()}

    @property
    def said(self) -> list[str]:
        """What each row says, as `said_by` writes it of a record."""
        said: list[str] = []
        for fact, figures in self.of_each.items():
            about = f"|{fact}|{_days(figures.span)}|measured|None|"
            amounts = {value: about + write_number(value) for value in set(figures.values)}
            said += [body + amounts[value] for body, value in zip(figures.bodies, figures.values, strict=True)]
        return said

    @property
    def last_day(self) -> date:
        """The last day any of them is about."""
        return max(figures.span.last for figures in self.of_each.values())

    @overload
    def __getitem__(self, index: int) -> Observation: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Observation, ...]: ...
    def __getitem__(self, index: int | slice) -> Observation | tuple[Observation, ...]:
        return self.records[index]

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.records)

    def __len__(self) -> int:
        return sum(len(figures.bodies) for figures in self.of_each.values())

    def __eq__(self, other: object) -> bool:
        return self.records == (other.records if isinstance(other, Alike) else other)

    def __hash__(self) -> int:
        return hash(self.records)

    def __repr__(self) -> str:
        return repr(self.records)


@frozen(slots=False)
class Observations:
    """All facts that can be used, those set aside each with its reason, and the tally of rows.

    ``warnings`` are told and stop nothing; ``sources`` are the files read; ``rejected`` holds the rows set aside.

    >>> print(Observations().tally)
    0 rows read = 0 new + 0 corrected + 0 unchanged + 0 rejected
    """

    reported: Sequence[Observation] = ()
    set_aside: tuple[Problem, ...] = ()
    tally: Tally = Tally()
    warnings: tuple[Problem, ...] = ()
    sources: tuple[Source, ...] = ()
    rejected: tuple[Rejected, ...] = ()

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.reported)

    def __len__(self) -> int:
        return len(self.reported)

    @cached_property
    def receipts(self) -> tuple[Received, ...]:
        """What was taken from each file, fit to be sent back to whoever sent it."""
        return tuple(self._receipt(source) for source in self.sources)

    def _receipt(self, source: Source) -> Received:
        taken = [one for one in self.reported if one.file in source.tables]
        sums = tuple((fact, write_number(total)) for fact, total in sums_of(taken))
        return Received(source.file, source.sha256, len(taken), sums)

    @cached_property
    def about(self) -> Mapping[str, Mapping[str, tuple[Observation, ...]]]:
        """Facts by what they are of and by participant, the earliest first; put in order as they are asked for."""
        return OnAsking(self._by_fact, self._of_each)

    @cached_property
    def plain(self) -> Mapping[str, Plain]:
        """The plain figures of each fact, found in one pass."""
        if isinstance(self.reported, Alike):
            return self.reported.plain
        values: defaultdict[str, dict[str, int | None]] = defaultdict(dict)
        spans: defaultdict[str, dict[int, Span]] = defaultdict(dict)
        rows: defaultdict[str, int] = defaultdict(int)
        for one in self.reported:
            fact, span = one.fact, one.span
            rows[fact] += 1
            spans[fact][id(span)] = span
            values[fact][one.participant] = _plain(one)
        return {
            fact: Plain(
                _known(found if len(found) == rows[fact] else self._once(fact)),
                tuple(spans[fact].values()),
            )
            for fact, found in values.items()
        }

    def _once(self, fact: str) -> Mapping[str, int | None]:
        """Give the plain figures of those who reported a fact once."""
        return {body: _plain(found[0]) for body, found in self.about[fact].items() if len(found) == 1}

    @cached_property
    def _by_fact(self) -> Mapping[str, list[Observation]]:
        """Facts by what they are of, in one pass, in the order they came."""
        found: defaultdict[str, list[Observation]] = defaultdict(list)
        for observation in self.reported:
            found[observation.fact].append(observation)
        return found

    def _of_each(self, fact: str) -> Mapping[str, tuple[Observation, ...]]:
        bodies: dict[str, list[Observation]] = {}
        for observation in self._by_fact[fact]:
            bodies.setdefault(observation.participant, []).append(observation)
        return {
            body: tuple(sorted(found, key=_by_days)) if len(found) > 1 else tuple(found)
            for body, found in bodies.items()
        }

    @cached_property
    def latest_day(self) -> date | None:
        """The last day any fact is about."""
        if isinstance(self.reported, Alike):
            return self.reported.last_day
        return max((one.span.last for one in self.reported), default=None)

    @property
    def any_made_up(self) -> bool:
        """Say whether any of them is illustrative."""
        return not isinstance(self.reported, Alike) and any(one.illustrative for one in self.reported)

    @property
    def said(self) -> list[str]:
        """What each fact says, in one line; where it was written is left out."""
        return self.reported.said if isinstance(self.reported, Alike) else [said_by(one) for one in self.reported]


def said_by(one: Observation) -> str:
    """Write what a fact says, and what else can decide whether it counts, where that is said.

    >>> july = Span(date(2025, 7, 1), date(2025, 7, 31))
    >>> said_by(Observation("a", "files", july, 850, stage="verified"))
    'a|files|2025-07-01|2025-07-31|measured|None|850|stage=verified'
    """
    value = "" if one.value is None else write_number(one.value)
    line = f"{one.participant}|{one.fact}|{_days(one.span)}|{one.state}|{one.bound}|{value}"
    if one.stage is None and one.received is None and not one.disputed:
        return line
    behind = {"stage": one.stage, "received": one.received, "disputed": one.disputed or None}
    return line + "".join(f"|{word}={value}" for word, value in behind.items() if value is not None)


def _days(span: Span) -> str:
    return f"{span.first}|{span.last}"


def sums_of(facts: Iterable[Observation]) -> tuple[tuple[str, Rational], ...]:
    """Add up the values of each fact, exactly, for comparing with the sums in the file.

    >>> july = Span(date(2025, 7, 1), date(2025, 7, 31))
    >>> sums_of([Observation("a", "files", july, 850), Observation("b", "files", july, 20)])
    (('files', 870),)
    """
    values: dict[str, list[Rational]] = {}
    for one in facts:
        if one.value is not None:
            values.setdefault(one.fact, []).append(one.value)
    return tuple((fact, add_up(found)) for fact, found in sorted(values.items()))


def _plain(one: Observation) -> int | None:
    """Give a figure that was measured, is no bound and is a whole number >= 0."""
    value = one.value
    if one.state == "measured" and one.bound is None and isinstance(value, int) and value >= 0:
        return value
    return None


def _known(values: Mapping[str, int | None]) -> Mapping[str, int]:
    if None in values.values():
        return {body: value for body, value in values.items() if value is not None}
    return cast("Mapping[str, int]", values)  # nothing in it is None


def _by_days(observation: Observation) -> tuple[date, date]:
    return observation.span.last, observation.span.first


NONE_REPORTED = Observations()
