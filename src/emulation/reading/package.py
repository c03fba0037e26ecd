"""Package: the zip file of a workbook, looked through before anything in it is unpacked or believed."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator

from emulation.problems import Place, Problem, Refused

MAX_MEMBERS = 2_000
MAX_UNPACKED = 512 * 2**20
MAX_RATIO = 200  # unpacked to packed; Excel's own sheets reach 30
SMALL = 2**20  # unpacked bytes below which the ratio does not matter
MAX_PLAN = 2 * 2**20  # of the parts that say what else there is

_SAVE = "open it in Excel or LibreOffice and save it as .xlsx"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


class Package(zipfile.ZipFile):
    """The zip file of a workbook, of which no large part is read as a whole."""

    def __init__(self, content: io.BytesIO, file: str) -> None:
        super().__init__(content)
        self.file = file

    def read(self, name: str | zipfile.ZipInfo, pwd: bytes | None = None) -> bytes:
        """Read a part that says what else there is; raise `Refused` (E401) for one that no program makes so large."""
        part = self.getinfo(name) if isinstance(name, str) else name
        if part.file_size > MAX_PLAN:
            what = f"a part of {part.file_size:,} bytes: {part.filename}"
            raise Refused([Problem("E401", what, f"at most {MAX_PLAN:,}", place=Place(self.file, 1))])
        return super().read(name, pwd)


def open_package(content: bytes, file: str) -> Package:
    """Open a workbook's zip file; raise `Refused` for what is none (E404 to E407) and what is a bomb (E401)."""
    try:
        package = Package(io.BytesIO(content), file)
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        raise Refused([_no_package(content, Place(file, 1))]) from None
    if problem := next(_dangers(package, len(content)), None):
        raise Refused([problem.at(Place(file, 1))])
    if "xl/workbook.xml" not in package.namelist() and "[Content_Types].xml" not in package.namelist():
        raise Refused([Problem("E404", "a zip file with no workbook in it", _SAVE, place=Place(file, 1))])
    return package


def _no_package(content: bytes, place: Place) -> Problem:
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            return Problem("E406", "a workbook with a password", "take the password off and save it", place=place)
        return Problem("E405", "an old workbook (.xls) under another name", "save it as .xlsx", place=place)
    if content.startswith(b"PK"):
        return Problem("E407", "a workbook that is cut off or damaged", "send it again, or save it anew", place=place)
    what = "an empty file" if not content else "no workbook: a text, or something else, under another name"
    return Problem("E404", what, _SAVE, place=place)


def _dangers(package: Package, packed: int) -> Iterator[Problem]:
    members = package.infolist()
    unpacked = sum(member.file_size for member in members)
    if len(members) > MAX_MEMBERS:
        yield Problem("E401", f"a workbook of {len(members):,} parts", f"at most {MAX_MEMBERS:,}")
    if unpacked > MAX_UNPACKED:
        yield Problem("E401", f"a workbook of {unpacked:,} bytes unpacked", f"at most {MAX_UNPACKED:,}")
    if unpacked > max(MAX_RATIO * packed, SMALL):
        yield Problem(
            "E401", f"a workbook that unpacks to {unpacked // packed:,} times its size", f"at most {MAX_RATIO}"
        )
    names = [member.filename for member in members]
    for name in names:
        if ".." in name.split("/") or name.startswith(("/", "\\")) or "\\" in name or ":" in name:
            yield Problem("E401", f"a part that leads out of the workbook: {name!r}", _SAVE)
    if len({name.lower() for name in names}) < len(names):
        yield Problem("E401", "a workbook with two parts of one name", _SAVE)
    if any(member.flag_bits & 1 for member in members):
        yield Problem("E406", "a workbook with a password", "take the password off and save it")
