"""Machine: a ledger is worked on in any order, with clocks put back, full disks and tampering, beside a naive list.

The list holds what was said and when; what is known at a moment is found by going through all of it. The ledger and
the list must agree on every view that was ever shown. Bugs are planted to see that the machine finds them.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from attrs import evolve
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from emulation.ledger import chain, intake, store, view
from emulation.ledger.entries import EMPTY, Disputed, Entry, Head, Ingested, Key, Reported, Settled, Withdrawn
from emulation.ledger.intake import record, take_in
from emulation.ledger.sqlite import SQLiteLedger
from emulation.ledger.store import Appended, read, verify
from emulation.ledger.view import view_of
from emulation.names import ParticipantId
from emulation.observations import Observation, Observations, Tally
from emulation.periods import Span
from emulation.problems import Refused

from drive import START
from keepings import FileKeeping

KEYS = tuple(
    Key(ParticipantId(body), "files", Span(date(2025, 7, day), date(2025, 7, day))) for body in "ab" for day in (1, 2)
)
LONG = os.environ.get("EMULATION_RELEASE_CHECKS") == "1"
LEAST = timedelta(microseconds=1)

Known = dict[Key, tuple[int, datetime, bool]]
"""Of each fact its value, since when it is known, and whether it is disputed."""

keys = st.sampled_from(KEYS)
tables = st.dictionaries(keys, st.integers(0, 2), max_size=4)


class Machine(RuleBasedStateMachine):
    """A ledger, and beside it the list of all that was said."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "drive.ledger"
        self.time, self.last = START, None
        self.said: list[tuple[datetime, str, Key, int]] = []
        self.shown: list[tuple[datetime, Known]] = []
        self.ledger = self.opened()

    def opened(self) -> SQLiteLedger:
        """Open the ledger with the machine's clock."""
        return SQLiteLedger(self.path, create=True, clock=lambda: self.time)

    def teardown(self) -> None:
        """Let go of the file."""
        self.ledger.close()
        self.folder.cleanup()

    # --- the naive list

    def known(self, moment: datetime | None = None) -> Known:
        """Go through all that was said up to a moment."""
        found: Known = {}
        for said_at, deed, key, value in self.said:
            if moment is not None and said_at > moment:
                continue
            if deed == "reported":
                since, disputed = found[key][1:] if key in found else (said_at, False)
                found[key] = value, since, disputed
            elif deed == "withdrawn":
                del found[key]
            else:
                found[key] = *found[key][:2], deed == "disputed"
        return found

    def happened(self, head: Head, *deeds: tuple[str, Key, int]) -> None:
        """Note a batch, and what a reader is shown after it."""
        expected = self.time if self.last is None or self.time > self.last else self.last + LEAST
        assert head.known_at == expected
        self.last = expected
        self.said += [(expected, *deed) for deed in deeds]
        self.shown.append((expected, self.known()))

    @staticmethod
    def seen(entries: list[Entry], moment: datetime) -> Known:
        """Give what the ledger says was known at a moment."""
        facts = view_of(entries, moment).facts
        seen = {key: (known.observation(), known.since) for key, known in facts.items()}
        assert all(one.received == since.date() for one, since in seen.values())
        return {key: (one.value, since, one.disputed) for key, (one, since) in seen.items()}  # type: ignore[misc]

    # --- what people do

    @initialize()
    def first(self) -> None:
        """Take an empty table in."""
        self.take({}, reason=None)

    @rule(minutes=st.integers(-3000, 3000))
    def step(self, minutes: int) -> None:
        """Set the clock forward or back."""
        self.time += timedelta(minutes=minutes)

    @rule(values=tables, reason=st.sampled_from([None, "a slip"]))
    def take(self, values: dict[Key, int], reason: str | None) -> None:
        """Take a table in, or see it refused."""
        before = self.known()
        corrected = {key: value for key, value in values.items() if key in before and before[key][0] != value}
        new = {key: value for key, value in values.items() if key not in before}
        head = self.ledger.head()
        if corrected and not reason:
            with pytest.raises(Refused, match="E613"):
                self.taken(values, reason)
            assert self.ledger.head() == head
            return
        receipt = self.taken(values, reason)
        unchanged = len(values) - len(new) - len(corrected)
        assert receipt.tally == Tally(len(values), len(new), len(corrected), unchanged)
        self.happened(receipt.head, *(("reported", key, value) for key, value in {**new, **corrected}.items()))

    def taken(self, values: dict[Key, int], reason: str | None) -> intake.Receipt:
        """Take a table in."""
        facts = tuple(Observation(key.participant, key.fact, key.span, value) for key, value in values.items())
        return take_in(self.ledger, Observations(facts), file="f", sha256="0", author="Lan", reason=reason)

    @rule(key=keys)
    def withdraw(self, key: Key) -> None:
        """Take a fact back."""
        if key not in self.known():
            with pytest.raises(Refused, match="E615"):
                record(self.ledger, [Withdrawn(key)], author="Lan", reason="x")
            return
        done = record(self.ledger, [Withdrawn(key)], author="Lan", reason="x")
        self.happened(done.head, ("withdrawn", key, 0))

    @rule(key=keys)
    def dispute_or_settle(self, key: Key) -> None:
        """Dispute a fact, or settle the dispute."""
        if key in self.known():
            disputed = self.known()[key][2]
            said = Settled(key, "upheld", "chair") if disputed else Disputed(key, "b", "too high")
            done = record(self.ledger, [said], author="Lan")
            self.happened(done.head, ("settled" if disputed else "disputed", key, 0))

    # --- what goes wrong

    @rule(pages=st.integers(0, 2))
    def fill_the_disk(self, pages: int) -> None:
        """Fill the disk after so many pages: the batch is refused, and nothing of it is there."""
        head = self.ledger.head()
        connection = self.ledger._connection  # noqa: SLF001
        size = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {size + pages}")
        many = tuple(Observation(ParticipantId(f"p{row}"), "files", KEYS[0].span, row) for row in range(200))
        with pytest.raises(Refused, match="E620"):
            take_in(self.ledger, Observations(many), file="f", sha256="0", author="Lan")
        connection.execute("PRAGMA max_page_count = 1000000")
        assert self.ledger.head() == head

    @rule()
    def open_again(self) -> None:
        """Close the ledger and open it."""
        self.ledger.close()
        self.ledger = self.opened()

    @rule(data=st.data(), clever=st.booleans())
    def tamper(self, data: st.DataObject, *, clever: bool) -> None:
        """Somebody changes an entry of a copy; somebody clever makes the entry's own hash fit."""
        seq = data.draw(st.integers(1, self.ledger.head().seq), label="seq")
        copy = self.path.with_name("copy.ledger")
        shutil.copy(self.path, copy)
        with closing(sqlite3.connect(copy)) as opened:
            text, digest = opened.execute("SELECT text, hash FROM entry WHERE seq = ?", (seq,)).fetchone()
            before = opened.execute("SELECT hash FROM entry WHERE seq = ?", (seq - 1,)).fetchone() or ("0" * 64,)
        changed = text.replace('"author":"Lan"', '"author":"Han"')
        digest = chain.hash_of(before[0], changed.encode()) if clever else digest
        change = "UPDATE entry SET text = replace(text, 'Lan', 'Han'), hash = '{}' WHERE seq = {}"
        FileKeeping(copy).tamper(change.format(digest, seq))
        with SQLiteLedger(copy) as other, pytest.raises(Refused, match="E610"):
            verify(other)
        copy.unlink()

    @rule(values=tables)
    def roll_back(self, values: dict[Key, int]) -> None:
        """Put an older copy in the ledger's place; it verifies by itself, and not against the head that was kept."""
        older = self.path.with_name("copy.ledger")
        shutil.copy(self.path, older)
        before = self.ledger.head()
        self.take(values, reason="a slip")
        with SQLiteLedger(older) as other:
            assert verify(other) == before
            with pytest.raises(Refused, match="E611"):
                verify(other, self.ledger.head())
        older.unlink()

    # --- what always holds

    @invariant()
    def every_view_ever_shown_is_the_same(self) -> None:
        """L1, L3: each view that was shown is as it was then, and as the list has it."""
        entries = list(read(self.ledger))
        for moment, known in self.shown:
            assert self.seen(entries, moment) == known == self.known(moment)

    @invariant()
    def it_verifies(self) -> None:
        """L13: every hash is as derived anew."""
        assert verify(self.ledger) == self.ledger.head()


def run(examples: int, *phases: Phase) -> None:
    """Run the machine."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=25,
        deadline=None,
        derandomize=True,
        database=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=chosen)


def test_the_ledger_agrees_with_a_list() -> None:
    """Whatever is done in whatever order, every view that was ever shown stays as it was."""
    run(600 if LONG else 25, Phase.generate, Phase.shrink)


# --- planted bugs


def trust_the_clock(patch: pytest.MonkeyPatch) -> None:
    """Take what the clock says for the moment of a batch."""
    patch.setattr(store, "next_moment", lambda said, _: said)


def write_nothing_for_nothing(patch: pytest.MonkeyPatch) -> None:
    """Leave no entry of a file in which nothing is new."""
    append = SQLiteLedger.append

    def lazy(self: SQLiteLedger, contents: Any, **named: Any) -> Appended:
        several = list(contents)
        idle = all(isinstance(one, Ingested) for one in several)
        return Appended(self.head()) if idle else append(self, several, **named)

    patch.setattr(SQLiteLedger, "append", lazy)


def keep_half_a_batch(patch: pytest.MonkeyPatch) -> None:
    """Keep what was written before an error."""

    @contextmanager
    def careless(self: SQLiteLedger) -> Iterator[None]:
        self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield
        finally:
            self._connection.execute("PRAGMA max_page_count = 1000000")
            self._connection.execute("COMMIT")

    patch.setattr(SQLiteLedger, "_transaction", careless)


def miss_corrections(patch: pytest.MonkeyPatch) -> None:
    """Count another value as unchanged."""
    patch.setattr(intake, "_says", lambda one: (one.state, one.bound))


def forget_the_hash_before(patch: pytest.MonkeyPatch) -> None:
    """Hash each entry by itself."""

    def alone(_previous: str, text: bytes) -> str:
        return chain.sha256(text).hexdigest()

    def lines(*given: Any) -> Iterator[chain.Line]:
        return (line._replace(hash=alone("", line.text)) for line in chained(*given))

    chained = chain.lines_of
    patch.setattr(store, "lines_of", lines)
    patch.setattr(store, "hash_of", alone)
    patch.setattr(chain, "hash_of", alone)


def folded(change: Callable[[dict[Key, view.Known], Entry], None]) -> Callable[[pytest.MonkeyPatch], None]:
    """Give a bug in folding: something is done after the right thing."""

    def plant(patch: pytest.MonkeyPatch) -> None:
        fold = view._fold_fact  # noqa: SLF001

        def wrong(facts: dict[Key, view.Known], entry: Entry) -> None:
            before = dict(facts)
            fold(facts, entry)
            change(facts, entry)
            if isinstance(entry.content, Withdrawn) and change is withdrawn_stays:
                facts.update(before)

        patch.setattr(view, "_fold_fact", wrong)

    return plant


def correction_is_first_known(facts: dict[Key, view.Known], entry: Entry) -> None:
    """Take the day of a correction for that of receipt."""
    if isinstance(entry.content, Reported):
        facts[entry.content.key] = evolve(facts[entry.content.key], since=entry.known_at)


def correction_ends_the_dispute(facts: dict[Key, view.Known], entry: Entry) -> None:
    """Forget a dispute with a correction."""
    if isinstance(entry.content, Reported):
        facts[entry.content.key] = evolve(facts[entry.content.key], dispute=None)


def withdrawn_stays(facts: dict[Key, view.Known], entry: Entry) -> None:
    """Count a fact that was taken back."""


def stop_before_the_last(patch: pytest.MonkeyPatch) -> None:
    """Pass over the last entry's hash."""

    def short(kept: Any, after: Head = EMPTY, _: Any = None) -> Iterator[chain.Line]:
        lines, digest = list(kept.lines(after.seq)), after.hash
        for line in lines:
            digest = store.hash_of(digest, line.text)
            if digest != line.hash and line is not lines[-1]:
                raise store.altered(line.seq, "was altered")
            yield line

    patch.setattr(store, "sound", short)


BUGS = {
    "trust-the-clock": trust_the_clock,
    "write-nothing-for-nothing": write_nothing_for_nothing,
    "keep-half-a-batch": keep_half_a_batch,
    "miss-corrections": miss_corrections,
    "forget-the-hash-before": forget_the_hash_before,
    "correction-is-first-known": folded(correction_is_first_known),
    "correction-ends-the-dispute": folded(correction_ends_the_dispute),
    "withdrawn-stays": folded(withdrawn_stays),
    "stop-before-the-last": stop_before_the_last,
}


@pytest.mark.parametrize("bug", BUGS)
def test_the_machine_finds_bugs(bug: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each planted bug makes the machine and the list disagree."""
    BUGS[bug](monkeypatch)

    with pytest.raises((AssertionError, Refused, pytest.fail.Exception, sqlite3.Error, KeyError)):
        run(60, Phase.generate)
