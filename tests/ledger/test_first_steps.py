"""First steps: a table goes into a ledger, is corrected, withdrawn, and read as it was known at any moment."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve

from emulation.ledger.entries import Reported, Withdrawn
from emulation.ledger.intake import record, take_in
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import read, verify
from emulation.ledger.view import history, view_of
from emulation.names import ParticipantId
from emulation.observations import Observation, Observations
from emulation.periods import Span
from emulation.problems import Refused

DAY = Span(date(2025, 7, 31), date(2025, 7, 31))


def test_a_drive(tmp_path: Path) -> None:
    """What was known at a moment stays what was known, through a correction and a withdrawal."""
    times = iter(datetime(2025, 8, day, tzinfo=UTC) for day in range(1, 9))
    told = [Observation(ParticipantId(id), "files", DAY, 10, file="july.csv", line=2) for id in "ab"]
    mended = [evolve(told[0], value=12, file="again.csv"), told[1]]
    with open_ledger(str(tmp_path / "drive.ledger"), create=True, clock=lambda: next(times)) as ledger:
        first = take_in(ledger, Observations(tuple(told)), file="july.csv", sha256="00", author="Lan")
        again = take_in(ledger, Observations(tuple(told)), file="july.csv", sha256="00", author="Lan")
        with pytest.raises(Refused, match="E613 files of a on 2025-07-31 was 10 and is now 12"):
            take_in(ledger, Observations(tuple(mended)), file="again.csv", sha256="01", author="Lan")
        third = take_in(ledger, Observations(tuple(mended)), file="again.csv", sha256="01", author="Lan", reason="slip")
        record(ledger, [Withdrawn(Reported(told[1]).key)], author="Lan", reason="of another month")
        entries = list(read(ledger))
        head = verify(ledger, first.head)

    assert str(first.tally) == "2 rows read = 2 new + 0 corrected + 0 unchanged + 0 rejected"
    assert str(again.tally) == "2 rows read = 0 new + 0 corrected + 2 unchanged + 0 rejected"
    assert str(third.tally) == "2 rows read = 0 new + 1 corrected + 1 unchanged + 0 rejected"
    assert first.sums == (("files", "20"),)
    assert [one.value for one in view_of(entries, first.known_at).observations()] == [10, 10]
    assert [one.value for one in view_of(entries).observations()] == [12]
    assert view_of(entries).observations().reported[0].received == date(2025, 8, 1)
    assert [entry.seq for entry in history(entries, Reported(told[0]).key)] == [2, 6]
    assert head.seq == 7
    assert head.known_at == datetime(2025, 8, 4, tzinfo=UTC) + timedelta(0)
