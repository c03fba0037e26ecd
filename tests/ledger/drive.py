"""Drive: a small ledger for the tests of ledgers, its clock, and what stands in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path

from emulation.exact import Rational
from emulation.ledger.intake import Receipt, take_in
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import Store
from emulation.names import ParticipantId
from emulation.observations import Observation, Observations
from emulation.periods import Span

START = datetime(2025, 8, 1, tzinfo=UTC)
JULY = Span(date(2025, 7, 31), date(2025, 7, 31))


def daily() -> Callable[[], datetime]:
    """Give a clock that is a day later each time it is asked."""
    days = count()
    return lambda: START + timedelta(days=next(days))


def told(participant: str, value: Rational, fact: str = "files", line: int = 2) -> Observation:
    """Give a fact of July."""
    return Observation(ParticipantId(participant), fact, JULY, value, file="july.csv", line=line)


def ingest(store: Store, *facts: Observation, reason: str | None = None) -> Receipt:
    """Take some facts in, as Lan."""
    return take_in(store, Observations(facts), file="july.csv", sha256="00", author="Lan", reason=reason)


def small(path: Path) -> SQLiteLedger:
    """Make a ledger of two batches and five entries."""
    ledger = SQLiteLedger(path, create=True, clock=daily())
    ingest(ledger, told("a", 10), told("b", 20, line=3))
    ingest(ledger, told("c", 30))
    return ledger
