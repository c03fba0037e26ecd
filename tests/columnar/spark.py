"""Spark: a standalone cluster of the tests' own: a master and two workers on loopback."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyspark

JARS = Path(pyspark.__file__).parent / "jars"


def java() -> str | None:
    """Give the Java that runs Spark, if there is one."""
    home = os.environ.get("JAVA_HOME")
    return str(Path(home) / "bin" / "java") if home else shutil.which("java")


@contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """Start a master and two workers; give the master's address."""
    port = _free_port()
    address = f"spark://127.0.0.1:{port}"
    started = [_started(folder, "master.Master", "--host", "127.0.0.1", "--port", str(port), "--webui-port", "0")]
    try:
        _wait_for(folder / "master.Master.log", "Starting Spark master at")
        workers = ["worker.Worker", "--host", "127.0.0.1", "--cores", "1", "--memory", "1g", "--webui-port", "0"]
        started += [
            _started(folder, *workers, "--work-dir", str(folder / f"work{number}"), address, log=f"worker{number}.log")
            for number in range(2)
        ]
        _wait_for(folder / "master.Master.log", "Registering worker", times=2)
        yield address
    finally:
        for one in reversed(started):
            one.terminate()
        for one in started:
            one.wait(timeout=30)


def _started(folder: Path, role: str, *words: str, log: str = "") -> subprocess.Popen[bytes]:
    main = f"org.apache.spark.deploy.{role}"
    command = [str(java()), "-Xmx512m", "-cp", f"{JARS}/*", main, *words]
    environment = {
        **os.environ,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_HOME": str(JARS.parent),
        "SPARK_SCALA_VERSION": "2.13",
    }
    with (folder / (log or f"{role}.log")).open("wb") as said:
        return subprocess.Popen(command, stdout=said, stderr=subprocess.STDOUT, env=environment)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(log: Path, words: str, times: int = 1) -> None:
    """Wait until a program has said something so many times; at most a minute."""
    for _ in range(240):
        if log.exists() and log.read_text(encoding="utf-8", errors="replace").count(words) >= times:
            return
        time.sleep(0.25)
    raise TimeoutError(log.read_text(encoding="utf-8", errors="replace")[-2000:])
