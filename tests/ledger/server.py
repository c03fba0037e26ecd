"""Server: a PostgreSQL of the tests' own, on a socket in a folder of its own, run by somebody who is not root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from itertools import count
from pathlib import Path
from urllib.parse import quote

_PROGRAMS = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
_SETTINGS = "-c listen_addresses= -c max_connections=40 -c shared_buffers=16MB"


def programs() -> Path | None:
    """Give the folder of the newest PostgreSQL that is installed."""
    found = shutil.which("initdb")
    return _PROGRAMS[-1] if _PROGRAMS else Path(found).resolve().parent if found else None


class Server:
    """A server that can be started and stopped, and holds any number of ledgers, each in a schema of its own."""

    def __init__(self, bin: Path) -> None:
        self.bin = bin
        self.home = Path(tempfile.mkdtemp(prefix="pg", dir="/tmp"))
        users = {one.pw_name for one in pwd.getpwall()}
        self.user = None if os.geteuid() else "postgres" if "postgres" in users else "nobody"
        if self.user:
            os.chown(self.home, pwd.getpwnam(self.user).pw_uid, -1)
        self._names = (f"ledger_{number}" for number in count())
        self._run("initdb", "-D", self.home / "data", "-A", "trust", "-U", "tests", "-E", "UTF8", "--locale=C", "-N")
        self.start()

    def _run(self, program: str, *words: object) -> None:
        command = [str(self.bin / program), *map(str, words)]
        with (self.home / "said").open("a") as said:
            subprocess.run(command, user=self.user, cwd=self.home, check=True, stdout=said, stderr=said)

    def start(self, settings: str = "") -> None:
        """Start it and wait until it answers."""
        options = f"-k {self.home} {_SETTINGS} {settings}"
        self._run("pg_ctl", "-D", self.home / "data", "-l", self.home / "log", "-o", options, "-w", "start")

    def stop(self, mode: str = "immediate") -> None:
        """Stop it; ``immediate`` is as if the power went."""
        self._run("pg_ctl", "-D", self.home / "data", "-m", mode, "-w", "stop")

    def address(self, schema: str | None = None) -> str:
        """Give an address on which the first schema is a given one."""
        options = f"&options={quote(f'-csearch_path={schema}')}" if schema else ""
        return f"postgresql://tests@/postgres?host={quote(str(self.home), safe='')}{options}"

    def schema(self) -> str:
        """Give the name of a schema that is not there yet."""
        return next(self._names)

    def remove(self) -> None:
        """Stop it and take its files away."""
        self.stop()
        shutil.rmtree(self.home)
