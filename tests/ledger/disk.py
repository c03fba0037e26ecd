"""Disk: files that SQLite keeps on a disk made up in memory, which can lose its power, tear a write, fail or be full.

SQLite reaches the disk through a small table of functions. Here the functions are ours: each write, sync and removal
is noted, so that the disk can be put together again as a power cut at any moment may have left it.
"""

from __future__ import annotations

import ctypes
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_int, c_int64, c_void_p
from pathlib import Path
from random import Random
from typing import Any, ClassVar

from attrs import frozen

OK, IOERR_WRITE, IOERR_FSYNC, FULL, IOERR_DELETE, NOTFOUND, SHORT_READ = 0, 778, 1034, 13, 2570, 12, 522
NO_SUCH_FILE = 5898
SECTOR = 512

# --- what happens on a disk


@frozen
class Write:
    """Bytes are handed over to be written; until the file is synced they may or may not be on the disk."""

    file: str
    at: int
    data: bytes


@frozen
class Cut:
    """A file is cut to a size."""

    file: str
    size: int


@frozen
class Sync:
    """What was handed over of a file is on the disk from now on; ``folder`` says that names are too."""

    file: str
    folder: bool


@frozen
class Create:
    """A file gets a name."""

    file: str


@frozen
class Remove:
    """A file loses its name."""

    file: str
    folder: bool


Event = Write | Cut | Sync | Create | Remove
Files = dict[str, bytes]


def after_power_cut(events: Iterable[Event], survives: str, random: Random) -> Files:
    """Give the files as they are found again after a power cut.

    Of what was not synced there ``survives`` none, only the sizes, some (in torn sectors and any order), or all.
    """
    bodies: list[bytearray] = []  # a file made again under an old name is another file
    called: dict[str, int] = {}
    names: dict[str, int | None] = {}  # which file a name is for, or none, on the disk for certain
    moves: list[tuple[str, int | None]] = []  # names given and taken, not synced
    loose: dict[int, list[Write | Cut]] = {}  # handed over and not synced
    for event in events:
        match event:
            case Create(name):
                called[name] = len(bodies)
                bodies.append(bytearray())
                moves.append((name, called[name]))
            case Write(name) | Cut(name):
                loose.setdefault(called[name], []).append(event)
            case Sync(name, folder):
                for one in loose.pop(called[name], []):
                    _apply(bodies[called[name]], one)
                names.update(moves if folder else ())
                moves = [] if folder else moves
            case Remove(name, folder):
                moves.append((name, None))
                names.update(moves if folder else ())
                moves = [] if folder else moves
    names.update(move for move in moves if _happened(survives, random))
    for body, writes in loose.items():
        for one in writes:
            for part in _surviving(one, survives, random):
                _apply(bodies[body], part)
    return {name: bytes(bodies[body]) for name, body in names.items() if body is not None}


def _happened(survives: str, random: Random) -> bool:
    return survives in {"sizes", "all"} or (survives == "some" and random.random() < 0.5)


def _apply(file: bytearray, one: Write | Cut) -> None:
    match one:
        case Write(_, at, data):
            file.extend(bytes(max(0, at + len(data) - len(file))))
            file[at : at + len(data)] = data
        case Cut(_, size):
            del file[size:]


def _surviving(one: Write | Cut, survives: str, random: Random) -> Iterator[Write | Cut]:
    """Give what of a write reached the disk."""
    match survives, one:
        case "all", _:
            yield one
        case "sizes", Write(file, at, data):
            yield Write(file, at + len(data), b"")
        case "some", Write(file, at, data):
            for start in range(0, len(data), SECTOR):
                if random.random() < 0.5:
                    yield Write(file, at + start, data[start : start + SECTOR])
        case "some", Cut() if random.random() < 0.5:
            yield one
        case _:
            pass


# --- the disk itself


class Disk:
    """A disk in memory. ``fails`` is asked before each write, sync or removal; ``code`` is SQLite's for the failure."""

    def __init__(self, files: Files | None = None) -> None:
        self.files = {name: bytearray(data) for name, data in (files or {}).items()}
        self.events: list[Event] = []
        for name, data in self.files.items():
            self.events += [Create(name), Write(name, 0, bytes(data)), Sync(name, folder=True)]
        self.fails: Callable[[], bool] = lambda: False
        self.code = IOERR_WRITE
        self.changes = 0
        self._new: set[str] = set()

    def refuses(self) -> bool:
        """Count a change, and say whether it fails."""
        self.changes += 1
        return self.fails()

    def create(self, name: str) -> None:
        """Make a file."""
        self.files[name] = bytearray()
        self.events.append(Create(name))
        self._new.add(name)

    def write(self, name: str, at: int, data: bytes) -> None:
        """Hand bytes over."""
        event = Write(name, at, data)
        _apply(self.files[name], event)
        self.events.append(event)

    def cut(self, name: str, size: int) -> None:
        """Cut a file."""
        event = Cut(name, size)
        _apply(self.files[name], event)
        self.events.append(event)

    def sync(self, name: str) -> None:
        """Bring a file to the disk; SQLite brings a new journal's name there too."""
        self.events.append(Sync(name, folder=name in self._new and name.endswith("-journal")))
        self._new.discard(name)

    def remove(self, name: str, *, folder: bool) -> None:
        """Take a name away."""
        del self.files[name]
        self.events.append(Remove(name, folder))


# --- SQLite's table of functions


class _Vfs(Structure):
    pass


class _Methods(Structure):
    pass


class _File(Structure):
    _fields_: ClassVar = [("methods", POINTER(_Methods)), ("number", c_int64)]


_OPEN = CFUNCTYPE(c_int, POINTER(_Vfs), c_char_p, POINTER(_File), c_int, POINTER(c_int))
_DELETE = CFUNCTYPE(c_int, POINTER(_Vfs), c_char_p, c_int)
_ACCESS = CFUNCTYPE(c_int, POINTER(_Vfs), c_char_p, c_int, POINTER(c_int))
_FULL = CFUNCTYPE(c_int, POINTER(_Vfs), c_char_p, c_int, c_void_p)
_MOVE = CFUNCTYPE(c_int, POINTER(_File), c_void_p, c_int, c_int64)
_SIZE = CFUNCTYPE(c_int, POINTER(_File), c_int64)
_ONE = CFUNCTYPE(c_int, POINTER(_File))
_FLAG = CFUNCTYPE(c_int, POINTER(_File), c_int)
_OUT = CFUNCTYPE(c_int, POINTER(_File), POINTER(c_int))
_LONG_OUT = CFUNCTYPE(c_int, POINTER(_File), POINTER(c_int64))
_CONTROL = CFUNCTYPE(c_int, POINTER(_File), c_int, c_void_p)

_Vfs._fields_ = [
    ("version", c_int), ("size", c_int), ("longest", c_int), ("next", POINTER(_Vfs)), ("name", c_char_p),
    ("data", c_void_p), ("open", _OPEN), ("delete", _DELETE), ("access", _ACCESS), ("full", _FULL),
    *((name, c_void_p) for name in ("dlopen", "dlerror", "dlsym", "dlclose", "random", "sleep", "time", "error")),
]  # fmt: skip
_Methods._fields_ = [
    ("version", c_int), ("close", c_void_p), ("read", _MOVE), ("write", _MOVE), ("cut", _SIZE), ("sync", _FLAG),
    ("length", _LONG_OUT), ("lock", c_void_p), ("unlock", c_void_p), ("reserved", _OUT), ("control", _CONTROL),
    ("sector", _ONE), ("traits", _ONE),
]  # fmt: skip


def library() -> Any:
    """Give the SQLite that Python uses, if it is a library of its own; None else."""
    try:
        maps = Path("/proc/self/maps").read_text(encoding="utf-8")
        path = next(line.split()[-1] for line in maps.splitlines() if "libsqlite3" in line)
        found = ctypes.CDLL(path)
    except (OSError, StopIteration):
        return None
    found.sqlite3_libversion.restype = c_char_p
    found.sqlite3_vfs_find.restype = POINTER(_Vfs)
    found.sqlite3_vfs_register.argtypes = [POINTER(_Vfs), c_int]
    found.sqlite3_vfs_unregister.argtypes = [POINTER(_Vfs)]
    return found if found.sqlite3_libversion().decode() == sqlite3.sqlite_version else None


@contextmanager
def mounted(disk: Disk) -> Iterator[None]:
    """Let SQLite keep all its files on a disk of ours, whatever they are called."""
    sqlite = library()
    real = sqlite.sqlite3_vfs_find(None)
    ours = _Vfs()
    ctypes.memmove(ctypes.byref(ours), real, ctypes.sizeof(_Vfs))
    # Closing and locking do nothing here. Python may close a file while an error is on its way, when no function of
    # ours may be called; so these are a function of SQLite's that does nothing and says OK.
    functions = _Functions(disk, ctypes.cast(sqlite.sqlite3_initialize, c_void_p).value)
    ours.version, ours.size, ours.name, ours.next = 1, ctypes.sizeof(_File), b"ours", None
    ours.open, ours.delete = _OPEN(functions.open), _DELETE(functions.delete)
    ours.access, ours.full = _ACCESS(functions.access), _FULL(functions.full)
    sqlite.sqlite3_vfs_register(ctypes.byref(ours), 1)
    try:
        yield
    finally:
        sqlite.sqlite3_vfs_unregister(ctypes.byref(ours))
        sqlite.sqlite3_vfs_register(real, 1)


class _Functions:
    """What SQLite calls."""

    def __init__(self, disk: Disk, nothing: int | None) -> None:
        self.disk = disk
        self.opened: dict[int, str] = {}
        self.methods = _Methods(
            1, nothing, _MOVE(self.read), _MOVE(self.write), _SIZE(self.cut), _FLAG(self.sync),
            _LONG_OUT(self.length), nothing, nothing, _OUT(self.reserved),
            _CONTROL(lambda *_: NOTFOUND), _ONE(lambda _: 4096), _ONE(lambda _: 0x1000),
        )  # fmt: skip

    def open(self, _vfs: Any, name: bytes | None, file: Any, flags: int, out: Any) -> int:
        """Open a file, or make it where that is allowed."""
        number = len(self.opened) + 1
        called = name.decode() if name else f"temporary-{number}"
        if called not in self.disk.files:
            if not flags & 4:
                return 14
            self.disk.create(called)
        self.opened[number] = called
        file.contents.number = number
        file.contents.methods = ctypes.pointer(self.methods)
        if out:
            out[0] = flags
        return OK

    def name(self, file: Any) -> str:
        """Give the name of an open file."""
        return self.opened[file.contents.number]

    def delete(self, _vfs: Any, name: bytes, folder: int) -> int:
        """Take a file away."""
        if name.decode() not in self.disk.files:
            return NO_SUCH_FILE
        if self.disk.refuses():
            return IOERR_DELETE
        self.disk.remove(name.decode(), folder=bool(folder))
        return OK

    def access(self, _vfs: Any, name: bytes, _flags: int, out: Any) -> int:
        """Say whether a file is there."""
        out[0] = int(name.decode() in self.disk.files)
        return OK

    def full(self, _vfs: Any, name: bytes, size: int, out: int) -> int:
        """Give a whole name: the same."""
        ctypes.memmove(out, name + b"\0", min(size, len(name) + 1))
        return OK

    def read(self, file: Any, into: int, size: int, at: int) -> int:
        """Read; what lies beyond the end is zero."""
        data = bytes(self.disk.files[self.name(file)][at : at + size])
        ctypes.memmove(into, data + bytes(size - len(data)), size)
        return OK if len(data) == size else SHORT_READ

    def write(self, file: Any, of: int, size: int, at: int) -> int:
        """Write."""
        if self.disk.refuses():
            return self.disk.code
        self.disk.write(self.name(file), at, ctypes.string_at(of, size))
        return OK

    def cut(self, file: Any, size: int) -> int:
        """Cut."""
        self.disk.cut(self.name(file), size)
        return OK

    def sync(self, file: Any, _flags: int) -> int:
        """Bring to the disk."""
        if self.disk.refuses():
            return IOERR_FSYNC
        self.disk.sync(self.name(file))
        return OK

    def length(self, file: Any, out: Any) -> int:
        """Give a size."""
        out[0] = len(self.disk.files[self.name(file)])
        return OK

    def reserved(self, _file: Any, out: Any) -> int:
        """Nobody else writes."""
        out[0] = 0
        return OK
