"""Surroundings: what the system says of a file, where it says so: who holds it, and what kind of drive it lies on."""

from __future__ import annotations

import os
from pathlib import Path

from emulation.problems import Problem

LOCKS, MOUNTS = Path("/proc/locks"), Path("/proc/self/mounts")
_FAR = ("nfs", "cifs", "smb", "fuse.sshfs", "9p", "afs", "ceph")


def holders(path: Path) -> tuple[int, ...]:
    """Give the other processes of this machine that hold locks on a file.

    >>> holders(Path("nowhere"))
    ()
    """
    try:
        inode = path.stat().st_ino
        locks = [line.split() for line in LOCKS.read_text(encoding="ascii").splitlines()]
    except OSError:
        return ()
    # A line is: number, kind, mode, access, process, device and inode, and the bytes from and to.
    pids = {int(fields[4]) for fields in locks if fields[5].rpartition(":")[2] == str(inode)}
    return tuple(sorted(pids - {os.getpid()}))


def doubts(path: Path) -> tuple[Problem, ...]:
    """Warn of a drive at the other end of a network, where locks and flushes are not to be relied on."""
    try:
        mounts = [line.split() for line in MOUNTS.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ()
    resolved = path.resolve()
    over = [(len(fields[1]), fields[2]) for fields in mounts if resolved.is_relative_to(fields[1])]
    kind = max(over, default=(0, ""))[1]
    if not kind.startswith(_FAR):
        return ()
    what = f"{path} lies on a network drive ({kind})"
    return (Problem("W623", what, "a local disk, or a PostgreSQL server for several machines"),)
