"""Clock: what time it is; the only room that asks, so that a ledger can be given any other clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TypeAlias

Clock: TypeAlias = Callable[[], datetime]

_LEAST = timedelta(microseconds=1)


def now() -> datetime:
    """Give the time in UTC.

    >>> now().tzinfo is UTC
    True
    """
    return datetime.now(UTC)


def next_moment(said: datetime, before: datetime | None) -> datetime:
    """Give the moment of a new batch: what the clock said, or the least later one where it stands or was put back.

    >>> eight, nine = datetime(2025, 8, 6, 8, tzinfo=UTC), datetime(2025, 8, 6, 9, tzinfo=UTC)
    >>> next_moment(eight, nine).isoformat()
    '2025-08-06T09:00:00.000001+00:00'
    """
    return said if before is None or said > before else before + _LEAST
