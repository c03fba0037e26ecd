"""Markup: the XML of a workbook's parts, gone through once and kept nowhere; no part is deep, endless or clever."""

from __future__ import annotations

from typing import IO, Any, Protocol

from defusedxml.ElementTree import DefusedXMLParser

from emulation.problems import Place, Problem, Refused

MAX_DEPTH = 64  # Excel's own parts reach 20
MAX_STEP = 2**20  # bytes that can pass without a tag or a text; a longer tag would be kept whole to find its end
_BLOCK = 2**16


class Reader(Protocol):
    """What is told of a part: its elements as they begin and end, and the texts in them, which come in pieces."""

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """Begin an element, named without its namespace."""

    def end(self, tag: str) -> None:
        """End an element."""

    def data(self, text: str) -> None:
        """Take a piece of text."""


def walk(source: IO[bytes], reader: Reader, place: Place) -> None:
    """Go through a part; raise `Refused` where it is nested too deep (E103) or no tag in it ends (E407)."""
    watch = _Watch(reader, place)
    parser: Any = DefusedXMLParser(target=watch, forbid_dtd=True)
    while block := source.read(_BLOCK):
        parser.feed(block)
        watch.step(len(block))
    parser.close()


class _Watch:
    """Tells a reader what a parser finds, and sees that it finds something."""

    def __init__(self, reader: Reader, place: Place) -> None:
        self._reader, self._place = reader, place
        self._depth = self._since = 0

    def step(self, read: int) -> None:
        """Count what was read since something was found."""
        self._since += read
        if self._since > MAX_STEP:
            what = f"a damaged workbook: a tag of more than {MAX_STEP:,} bytes"
            raise Refused([Problem("E407", what, place=self._place)])

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self._since = 0
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise Refused([Problem("E103", f"nested more than {MAX_DEPTH} deep", place=self._place)])
        self._reader.start(tag.rpartition("}")[2], attributes)

    def end(self, tag: str) -> None:
        self._depth -= 1
        self._reader.end(tag.rpartition("}")[2])

    def data(self, text: str) -> None:
        self._since = 0
        self._reader.data(text)

    def close(self) -> None:
        """Nothing is made of a part as a whole."""
