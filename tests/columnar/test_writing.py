"""Writing: of two writers of one archive one is told off, and who is killed locks nobody out."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from attrs import evolve

from emulation.columnar import archive as archives
from emulation.columnar.verdict import archive, score_columns
from emulation.columnar.writing import LOCK, alone, is_written
from emulation.outcome import score
from emulation.problems import Refused
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.surroundings import LOCKS

from same import differences

THAI_NGUYEN = load_campaign("campaigns/thai-nguyen-2025")
FACTS = load_observations("campaigns/thai-nguyen-2025/observations.csv", THAI_NGUYEN)
DAY = date(2025, 8, 6)
HOLD = """
import sys
from pathlib import Path
from emulation.columnar.writing import alone
with alone(Path(sys.argv[1])):
    print("locked", flush=True)
    sys.stdin.read()
"""


@contextmanager
def held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Let another program write in a folder, until it is killed."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-c", HOLD, str(folder)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "locked\n"
        try:
            yield other
        finally:
            other.kill()


def told(folder: Path, *, reading: bool = False) -> str:
    """Give what is said to who writes or reads in a folder."""
    with pytest.raises(Refused) as refused:
        score_columns(THAI_NGUYEN, folder, DAY) if reading else archive(THAI_NGUYEN, FACTS, folder)
    (problem,) = refused.value.problems
    return str(problem)


def test_a_second_writer_is_told_who_writes(tmp_path: Path) -> None:
    """And goes on once the first is gone, even if that was killed and could take nothing away."""
    folder = tmp_path / "facts"
    with held(folder) as other:
        who = f", process {other.pid} of this machine" if LOCKS.exists() else ""
        assert told(folder) == (f"E797 somebody is writing in {folder}{who} (wait until that is done, and do it again)")
        assert [one.name for one in folder.iterdir()] == [LOCK]

    archive(THAI_NGUYEN, FACTS, folder)

    assert differences(score(THAI_NGUYEN, FACTS, DAY), score_columns(THAI_NGUYEN, folder, DAY)) == []


def test_two_writers_of_one_program_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second comes while the first is half done, in a thread of its own; nothing of it is mixed in."""
    said: list[str] = []
    less = evolve(FACTS, reported=FACTS.reported[:7])
    tell = archives._tell  # noqa: SLF001

    def interrupted(*given: Any, finished: bool) -> None:
        tell(*given, finished=finished)
        if not finished:
            second = Thread(target=lambda: said.append(refusal_of(less, tmp_path)))
            second.start()
            second.join()

    monkeypatch.setattr(archives, "_tell", interrupted)
    archive(THAI_NGUYEN, FACTS, tmp_path)

    assert [one[:4] for one in said] == ["E797"]
    assert differences(score(THAI_NGUYEN, FACTS, DAY), score_columns(THAI_NGUYEN, tmp_path, DAY)) == []


def refusal_of(facts: Any, folder: Path) -> str:
    """Give what a writer is refused with; nothing if it is not."""
    try:
        archive(THAI_NGUYEN, facts, folder)
    except Refused as refused:
        return str(refused)
    return ""


def test_a_reader_is_told_whether_to_wait(tmp_path: Path) -> None:
    """While an archive is written it waits; one that was left half done by who is gone is made again."""
    archive(THAI_NGUYEN, FACTS, tmp_path)
    manifest = tmp_path / "archive.json"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace('"finished": true', '"finished": false'), "utf-8")

    with held(tmp_path):
        assert told(tmp_path, reading=True).startswith(f"E797 somebody is writing in {tmp_path}")

    assert told(tmp_path, reading=True).startswith(
        f"E794 {tmp_path} is an archive that was left before it was finished"
    )
    assert told(tmp_path).startswith("E794")


def test_who_looks_on_is_no_writer(tmp_path: Path) -> None:
    """Asking leaves no file where there is none, and no lock."""
    assert not is_written(tmp_path)
    assert list(tmp_path.iterdir()) == []

    with alone(tmp_path):
        assert is_written(tmp_path)
    assert not is_written(tmp_path)


def test_a_folder_where_nothing_can_be_locked_is_told(tmp_path: Path) -> None:
    """By what the system says; so is a lock file that is something else."""
    (tmp_path / LOCK).mkdir()
    assert told(tmp_path).startswith(f"E621 the system does not let anything be locked in {tmp_path} (")

    (tmp_path / LOCK).rmdir()
    (tmp_path / LOCK).write_bytes(b"x" * 4096)
    assert told(tmp_path).startswith(f"E621 the system does not let anything be locked in {tmp_path} (")
