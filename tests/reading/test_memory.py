"""Memory: what was made to fill it is told off by a process that takes 256 MB at most, all of Python included."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

import rulebook
from bad.hostile import HOSTILE

LIMIT = 256 * 1024  # in units of 1024 bytes, as Linux counts

READ = """
import resource, sys
from pathlib import Path
from emulation.ledger.opening import open_ledger
from emulation.ledger.store import verify
from emulation.problems import Refused, in_order
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

rules, file = load_campaign(sys.argv[1]), sys.argv[2]
try:
    if file.endswith(".ledger"):
        with open_ledger(file) as ledger:
            verify(ledger)
        found = ()
    else:
        found = load_observations(file, rules).set_aside
except Refused as refused:
    found = refused.problems
status = Path("/proc/self/status")
if status.exists():  # what getrusage says includes what the process that started this one took
    peak = int(status.read_text().partition("VmHWM:")[2].split()[0])
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // (1024 if sys.platform == "darwin" else 1)
print(found[0].code if found else "-", peak)
"""


def read(file: Path, campaign: Path) -> tuple[str, int]:
    """Read a file in a process of its own: the code it is told with, and the most memory that was taken."""
    command = [sys.executable, "-c", READ, str(campaign), str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")
    code, peak = done.stdout.split()
    return code, int(peak)


@pytest.mark.parametrize("name", HOSTILE)
def test_memory(name: str, tmp_path: Path) -> None:
    """A hostile file is told with its code, or read as the nothing that it holds, in little memory."""
    code, make = HOSTILE[name]
    rulebook.load(tmp_path)
    (tmp_path / name).write_bytes(make())

    said, peak = read(tmp_path / name, tmp_path)

    assert said == (code or "-")
    assert peak <= LIMIT
