"""Observations: reported facts, their provenance and states; and which are set aside, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from typing import Literal

from attrs import frozen

from emulation.exact import Rational
from emulation.names import ParticipantId
from emulation.periods import Span
from emulation.problems import Problem

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
        missing: the texts that mean that nothing was reported.
    """

    file: str
    delimiter: Literal[",", ";", "tab"] = ","
    decimal: Literal[".", ","] = "."
    dates: Literal["yyyy-mm-dd", "dd/mm/yyyy"] = "yyyy-mm-dd"
    missing: tuple[str, ...] = ()


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


@frozen(slots=False)
class Observations:
    """All facts that can be used, those set aside each with its reason, and the tally of rows.

    >>> print(Observations().tally)
    0 rows read = 0 new + 0 corrected + 0 unchanged + 0 rejected
    """

    reported: tuple[Observation, ...] = ()
    set_aside: tuple[Problem, ...] = ()
    tally: Tally = Tally()

    def __iter__(self) -> Iterator[Observation]:
        return iter(self.reported)

    def __len__(self) -> int:
        return len(self.reported)

    @cached_property
    def about(self) -> Mapping[str, Mapping[str, tuple[Observation, ...]]]:
        """Facts by what they are of and by participant, the earliest first."""
        sorted_facts: dict[str, dict[str, list[Observation]]] = {}
        for observation in self.reported:
            sorted_facts.setdefault(observation.fact, {}).setdefault(observation.participant, []).append(observation)
        return {
            fact: {
                body: tuple(sorted(found, key=_by_days)) if len(found) > 1 else tuple(found)
                for body, found in bodies.items()
            }
            for fact, bodies in sorted_facts.items()
        }

    @cached_property
    def latest_day(self) -> date | None:
        """The last day any fact is about."""
        return max((observation.span.last for observation in self.reported), default=None)


def _by_days(observation: Observation) -> tuple[date, date]:
    return observation.span.last, observation.span.first


NONE_REPORTED = Observations()
