"""Drives: a campaign and the ledger it is kept in, opened together, and scored on what that knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from attrs import frozen

from emulation.campaign import Campaign
from emulation.commands import options
from emulation.course import DayBoard, board_of
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import Store, read
from emulation.ledger.view import View, view_of
from emulation.observations import Observations
from emulation.outcome import Outcome, score
from emulation.publication import known, known_each_day, scored


@frozen
class Drive:
    """A campaign's rules, the ledger it is kept in, and what that knows."""

    rules: Campaign
    store: Store
    view: View

    def outcome(self, as_of: date | None) -> Outcome:
        """Score the campaign on what its ledger knows."""
        with options.busy(f"scoring {len(self.rules.participants):,} participants"):
            return scored(self.rules, self.view, as_of)

    def known(self) -> tuple[Campaign, Observations]:
        """Give the rules with what is recorded of them, and the facts, as the ledger knows them."""
        return known(self.rules, self.view)

    def day_by_day(self, days: Sequence[date]) -> Iterator[DayBoard]:
        """Give the board of each day as it would have been made at its end, of what the ledger knew by then."""
        for day, (rules, facts) in zip(days, known_each_day(self.rules, self.store, days), strict=True):
            yield board_of(score(rules, facts, day))


@contextmanager
def opened(ledger: str, rules: Campaign, known_at: datetime | None = None) -> Iterator[Drive]:
    """Open a drive as it is, or as it was known at a moment; close its ledger at the end."""
    with open_ledger(ledger) as store:
        options.tell(store.warnings, "to be known of the ledger")
        with options.busy(f"reading {ledger}") as tell:
            view = view_of(read(store, known_at, tell=tell))
        yield Drive(rules, store, view)
