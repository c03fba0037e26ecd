"""Canvas: the sheet every picture is drawn on: its heading, texts, shapes and scales, each place of it known exactly.

Nothing here asks how wide a font is on this machine, since the same outcome is to give the same bytes on any.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any, TypeAlias

from attrs import field, frozen

from emulation.exact import Rational
from emulation.report.words import Words

FONT = "Noto Sans, Segoe UI, Roboto, Helvetica Neue, DejaVu Sans, Arial, sans-serif"
"""Families that have all Vietnamese letters; where none is installed, letters of one word come from two fonts."""

INK, QUIET, FAINT, PAPER = "#1f2328", "#57606a", "#d8dee4", "#ffffff"
BLUE, SKY, GREEN, YELLOW, ORANGE, RED, PINK = (  # of Okabe and Ito: told apart by nearly all eyes
    *("#0072b2", "#56b4e9", "#009e73", "#f0e442"),
    *("#e69f00", "#d55e00", "#cc79a7"),
)
WARNING = "#a03f00"
SERIES = (BLUE, RED, GREEN, PINK, ORANGE, SKY, "#7a5c00", "#000000")
"""The colours of lines that are told apart; what is beyond them is told apart by dashes."""

_CLASSES: Mapping[int, tuple[str, ...]] = {
    1: (GREEN,),
    2: (GREEN, ORANGE),
    3: (GREEN, ORANGE, RED),
    4: (GREEN, SKY, ORANGE, RED),
    5: (GREEN, SKY, YELLOW, ORANGE, RED),
}
SHAPES = ("circle", "triangle-up", "square", "diamond", "ring")
"""The shapes of `signs`, as they are drawn; the last one is hollow."""

MARGIN = 20
LINE = 16
_NARROW, _BROAD = frozenset("iljtfrI.,:;'|()[]·!- "), frozenset("mwMWQOGĐ%@—…")

Row: TypeAlias = Mapping[str, Any]
Layer: TypeAlias = dict[str, Any]


def class_colour(place: int, of: int) -> str:
    """Give the colour of a class by its place from the best, which is 0."""
    colours = _CLASSES[min(max(of, 1), 5)]
    return colours[min(place, len(colours) - 1)]


def tint(colour: str, share: Rational) -> str:
    """Mix a colour with so much paper: at 1 it is itself, at 0 it is white.

    >>> tint("#0072b2", 0), tint("#0072b2", 1)
    ('#ffffff', '#0072b2')
    """
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{255 - int((255 - part) * Fraction(share)):02x}" for part in parts)


def long(text: str, size: int = 12) -> int:
    """Guess how many dots a text takes, on the safe side."""
    tenths = sum(4 if sign in _NARROW else 10 if sign in _BROAD else 7 if sign.isupper() else 6 for sign in text)
    return tenths * size // 10 + 1


def broken(text: str, wide: int, size: int = 12) -> Iterator[str]:
    """Break a text at blanks into lines of at most so many dots; a longer word stays whole."""
    line = ""
    for word in text.split(" "):
        if line and long(f"{line} {word}", size) > wide:
            yield line
            line = word
        else:
            line = f"{line} {word}" if line else word
    yield line


@frozen
class Scale_:  # noqa: N801
    """Where a value lies: from ``low`` at dot 0 to ``high`` at dot ``dots``."""

    low: Rational
    high: Rational
    dots: int

    def at(self, value: Rational) -> float:
        """Give the dot of a value: exact up to here, to a hundredth of a dot from here on."""
        return int(Fraction(value - self.low) / (self.high - self.low) * self.dots * 100) / 100

    def ticks(self, about: int = 5) -> tuple[Rational, ...]:
        """Give round values, some five of them: 0, 20, 40."""
        step = _round_step(Fraction(self.high - self.low, about))
        first = -(-self.low // step)
        return tuple(step * number for number in range(int(first), int(self.high // step) + 1))


def scale(values: Iterable[Rational], dots: int, *, from_zero: bool = True) -> Scale_:
    """Give the scale that holds all values, from nothing on or from a round value below the least."""
    known = list(values) or [Fraction(0)]
    low, high = (min(0, *known), max(0, *known)) if from_zero else (min(known), max(known))
    if low == high:
        low, high = low - (0 if from_zero else 1), high + 1
    if not from_zero:
        step = _round_step(Fraction(high - low, 5))
        low, high = low // step * step, -(-high // step) * step
    return Scale_(low, high, dots)


def _round_step(least: Fraction) -> Fraction:
    """Give the least of 1, 2, 5, 10, 20, 50 … and 0.5, 0.2, 0.1 … that is not below this."""
    power = Fraction(1)
    while power > least:
        power /= 10
    while power * 10 <= least:
        power *= 10
    return next(power * times for times in (1, 2, 5, 10) if power * times >= least)


@frozen
class Canvas:
    """A picture before it is drawn: what stands above and below it, and its layers; the field begins at dot 0, 0."""

    words: Words
    title: str
    lines: Sequence[str]
    warnings: Sequence[str]
    width: int
    height: int
    left: int
    right: int
    layers: Sequence[Layer]
    top: int = 12
    bottom: int = 8
    notes: Sequence[str] = ()
    keys: Sequence[tuple[str, str, str]] = field(factory=tuple)
    """What shapes and colours mean: shape, colour, word."""

    def spec(self) -> dict[str, Any]:
        """Give the picture as Vega-Lite has it."""
        head, heading = self._heading()
        foot, footing = self._footing()
        return {
            "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
            "description": ". ".join((self.title, *self.lines, *self.warnings)),
            "background": PAPER,
            "autosize": {"type": "none"},
            "padding": {"left": self.left, "right": self.right, "top": head + self.top, "bottom": foot + self.bottom},
            "width": self.width,
            "height": self.height,
            "config": {"font": FONT, "aria": False, "view": {"stroke": None}},
            "layer": [*self.layers, *heading, *footing],
        }

    @property
    def _full(self) -> int:
        return self.left + self.width + self.right - 2 * MARGIN

    def _heading(self) -> tuple[int, list[Layer]]:
        """Write the heading above the field; give its height."""
        titles = list(broken(self.title, self._full, 18))
        lines = [one for line in self.lines for one in broken(line, self._full)]
        warned = [one for line in self.warnings for one in broken(line, self._full)]
        keys = list(self._keys())
        key_rows = keys[-1][1] + 1 if keys else 0
        high = MARGIN + 24 * len(titles) + LINE * (len(lines) + len(warned)) + 20 * key_rows + 6
        x, y = MARGIN - self.left, MARGIN - high - self.top
        under = y + 24 * len(titles)
        below = under + LINE * (len(lines) + len(warned)) + 8
        layers = [
            texts([_said(x, y + 24 * at, text) for at, text in enumerate(titles)], size=18, weight="bold", base="top"),
            texts([_said(x, under + LINE * at, text) for at, text in enumerate(lines)], colour=QUIET, base="top"),
            texts(
                [_said(x, under + LINE * (len(lines) + at), text) for at, text in enumerate(warned)],
                colour=WARNING,
                weight="bold",
                base="top",
            ),
            shapes(
                [
                    {"x": x + at + 6, "y": below + 20 * row + 6, "shape": shape, "fill": colour, "stroke": colour}
                    for at, row, (shape, colour, _) in keys
                ]
            ),
            texts([_said(x + at + 18, below + 20 * row + 6, word) for at, row, (_, _, word) in keys]),
        ]
        return high, layers

    def _keys(self) -> Iterator[tuple[int, int, tuple[str, str, str]]]:
        """Set what shapes mean side by side, in as many rows as they need."""
        at, row = 0, 0
        for key in self.keys:
            wide = long(key[2]) + 36
            if at and at + wide > self._full:
                at, row = 0, row + 1
            yield at, row, key
            at += wide

    def _footing(self) -> tuple[int, list[Layer]]:
        lines = [one for note in self.notes for one in broken(note, self._full, 11)]
        x, y = MARGIN - self.left, self.height + self.bottom + 8
        rows = [_said(x, y + 15 * at, text) for at, text in enumerate(lines)]
        return 8 + 15 * len(lines) + MARGIN - 4, [texts(rows, size=11, colour=QUIET, base="top")]


def _said(x: float, y: float, text: str) -> Row:
    return {"x": x, "y": y, "text": text}


# --- layers: each row says its own place in dots


def texts(
    rows: Iterable[Row],
    *,
    size: int = 12,
    colour: str = INK,
    weight: str = "normal",
    align: str = "left",
    base: str = "middle",
) -> Layer:
    """Write texts; a row may have a colour of its own."""
    mark = {"type": "text", "align": align, "baseline": base, "fontSize": size, "fontWeight": weight, "limit": 0}
    own = [{"ink": colour, **row} for row in rows]
    return _layer(own, mark, **_places("x", "y"), text={"field": "text", "type": "nominal"}, color=_raw("ink"))


def bars(rows: Iterable[Row], *, round: int = 0) -> Layer:
    """Fill rectangles from x to x2 and from y to y2."""
    mark = {"type": "rect", "cornerRadius": round, "strokeWidth": 1}
    own = [{"stroke": row["fill"], **row} for row in rows]
    return _layer(own, mark, **_places("x", "y", "x2", "y2"), fill=_raw("fill"), stroke=_raw("stroke"))


def rules(rows: Iterable[Row], *, colour: str = FAINT, dash: Sequence[int] = (), wide: int = 1) -> Layer:
    """Draw straight lines from x, y to x2, y2."""
    mark = {"type": "rule", "strokeWidth": wide, "strokeDash": list(dash)}
    own = [{"ink": colour, **row} for row in rows]
    return _layer(own, mark, **_places("x", "y", "x2", "y2"), color=_raw("ink"))


def paths(rows: Iterable[Row], *, wide: int, dash: Sequence[int] = ()) -> Layer:
    """Draw a line through the rows of each ``series``, in their order."""
    mark = {"type": "line", "strokeWidth": wide, "strokeJoin": "round", "strokeCap": "round", "strokeDash": list(dash)}
    own = [{**row, "order": number} for number, row in enumerate(rows)]
    return _layer(
        own,
        mark,
        **_places("x", "y"),
        color=_raw("ink"),
        detail={"field": "series", "type": "nominal"},
        order={"field": "order", "type": "quantitative"},
    )


def shapes(rows: Iterable[Row], *, size: int = 80) -> Layer:
    """Set a shape at each place; a ring is a hollow circle."""
    mark = {"type": "point", "filled": True, "size": size, "strokeWidth": 1.5, "opacity": 1}
    own = [{"stroke": row["fill"], **row, **_hollow(row)} for row in rows]
    return _layer(own, mark, **_places("x", "y"), shape=_raw("shape"), fill=_raw("fill"), stroke=_raw("stroke"))


def _hollow(row: Row) -> Row:
    return {"shape": "circle", "fill": PAPER, "stroke": row["fill"]} if row["shape"] == "ring" else {}


def _layer(rows: Sequence[Row], mark: dict[str, Any], **encoding: Any) -> Layer:
    told = {"tooltip": {"field": "tip", "type": "nominal"}} if any("tip" in row for row in rows) else {}
    return {"data": {"values": rows}, "mark": mark, "encoding": {**encoding, **told}}


def _places(*names: str) -> dict[str, Any]:
    return {
        name: {"field": name} if name.endswith("2") else {**_raw(name), "type": "quantitative", "axis": None}
        for name in names
    }


def _raw(name: str) -> dict[str, Any]:
    """Take a row's value as it is: a dot, a colour, a shape."""
    return {"field": name, "type": "nominal", "scale": None, "legend": None} if name not in "xy" else _dot(name)


def _dot(name: str) -> dict[str, Any]:
    return {"field": name, "scale": None}
