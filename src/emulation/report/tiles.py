"""Tiles: the 34 provinces and cities of Vietnam since 2025, one tile each, roughly where they lie; no map is drawn.

Where each tile stands is written by hand in a table beside this room.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from fractions import Fraction
from functools import cache
from importlib.resources import files

from attrs import frozen

from emulation.exact import Rational
from emulation.outcome import Result
from emulation.problems import Problem, Refused
from emulation.report.canvas import BLUE, FAINT, INK, PAPER, QUIET, Canvas, Layer, Row, bars, shapes, texts, tint
from emulation.report.subjects import Subject

WIDE, HIGH, GAP = 104, 50, 4
ISLANDS = (("48", 6, 9), ("56", 7, 14))
"""Hoàng Sa belongs to Đà Nẵng (48), Trường Sa to Khánh Hòa (56); each is drawn with it."""


@frozen
class Tile:
    """A province's tile: its official code, its name without what it is, and where it stands."""

    code: str
    name: str
    column: int
    row: int


@cache
def tiles_of_vietnam() -> tuple[Tile, ...]:
    """Give the tiles of all provinces and cities."""
    table = files("emulation.report").joinpath("maps", "vietnam-2025.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(table.splitlines())
    return tuple(Tile(one["code"], one["name"], int(one["column"]), int(one["row"])) for one in rows)


def tile_board(subject: Subject) -> Canvas:
    """Draw the provinces, each in the colour of its class, or as dark as its value is good."""
    known = {one.code for one in tiles_of_vietnam()}
    strange = [one.participant for one in subject.results if one.participant.id not in known]
    if strange:
        what = f"{strange[0].name} ({strange[0].id}) is none of the 34 provinces and cities of 2025"
        raise Refused(
            [Problem("E777", what, "participants with the official two-digit codes in force since 1 July 2025")]
        )
    results = {str(one.participant.id): one for one in subject.results}
    columns = 1 + max(at for _, at, _ in ISLANDS)
    words = subject.words
    return Canvas(
        words,
        subject.title("pictures.tiles.title"),
        subject.lines(),
        subject.warnings(),
        columns * WIDE,
        (1 + max(one.row for one in tiles_of_vietnam())) * HIGH,
        left=20,
        right=20,
        layers=list(_layers(subject, results)),
        keys=subject.keys(),
        notes=[*([] if subject.classes() else [words.say("pictures.tiles.shade")]), words.say("pictures.tiles.no_map")],
    )


def _layers(subject: Subject, results: Mapping[str, Result]) -> Iterator[Layer]:
    boxes: list[Row] = []
    names: list[Row] = []
    values: list[Row] = []
    signs: list[Row] = []
    shades = _shades(subject)
    for tile in tiles_of_vietnam():
        x, y = tile.column * WIDE, tile.row * HIGH
        one = results.get(tile.code)
        fill, edge, sign = _look(subject, one, shades)
        asked = one is not None and one.participant.id in subject.wish.participants
        box = {"x": x + GAP, "x2": x + WIDE - GAP, "y": y + GAP, "y2": y + HIGH - GAP}
        boxes.append({**box, "fill": fill, "stroke": INK if asked else edge, "tip": tile.name})
        names.append(
            {
                "x": x + WIDE // 2,
                "y": y + HIGH // 2 - (9 if one else 0),
                "text": tile.name,
                "ink": INK if one else QUIET,
            }
        )
        if one is not None:
            values.append(
                {"x": x + WIDE // 2 + (6 if sign else 0), "y": y + HIGH // 2 + 9, "text": _value(subject, one)}
            )
        if sign:
            signs.append({"x": x + GAP + 10, "y": y + HIGH // 2 + 9, "shape": sign, "fill": edge, "stroke": INK})
    yield bars(boxes, round=4)
    yield texts(names, size=12, weight="bold", align="center")
    yield texts(values, size=11, align="center")
    yield shapes(signs, size=60)
    yield from _islands(subject, results, shades)


def _islands(subject: Subject, results: Mapping[str, Result], shades: Mapping[str, Rational]) -> Iterator[Layer]:
    """Draw the archipelagos in the colour of the province each belongs to."""
    boxes, names = [], []
    provinces = {one.code: one.name for one in tiles_of_vietnam()}
    for code, column, row in ISLANDS:
        fill, edge, _ = _look(subject, results.get(code), shades)
        x, y = column * WIDE - WIDE // 2, row * HIGH
        boxes.append(
            {"x": x + GAP, "x2": x + WIDE - GAP, "y": y + GAP, "y2": y + HIGH - GAP, "fill": fill, "stroke": edge}
        )
        said = [subject.words.say(f"pictures.tiles.islands_{code}"), f"({provinces[code]})"]
        names += [
            {"x": x + WIDE // 2, "y": y + HIGH // 2 + 13 * at - 13 * (len(said) - 1) / 2, "text": line}
            for at, line in enumerate(said)
        ]
    yield bars(boxes, round=4)
    yield texts(names, size=10, align="center")


def _look(subject: Subject, one: Result | None, shades: Mapping[str, Rational]) -> tuple[str, str, str]:
    """Give a tile's fill, its edge and the shape of its class."""
    if one is None:
        return PAPER, FAINT, ""
    shape, colour, _ = subject.look(one, BLUE)
    if shape:
        return tint(colour, Fraction(35, 100)), colour, shape
    share = shades.get(one.participant.id)
    return (PAPER, QUIET, "") if share is None else (tint(BLUE, Fraction(6, 100) + share * Fraction(54, 100)), BLUE, "")


def _shades(subject: Subject) -> Mapping[str, Rational]:
    """Give where each value lies between the worst, 0, and the best, 1."""
    gauge = subject.gauge
    values = {one.participant.id: value for one in subject.results if (value := gauge.value(one)) is not None}
    low, high = min(values.values(), default=0), max(values.values(), default=1)
    if low == high:
        return dict.fromkeys(values, Fraction(1, 2))
    shares = {id: Fraction(value - low, high - low) for id, value in values.items()}
    return {id: 1 - share if gauge.lower_is_better else share for id, share in shares.items()}


def _value(subject: Subject, one: Result) -> str:
    value, place = subject.gauge.value(one), subject.place(one)
    shown = subject.gauge.lack(one) if value is None else subject.gauge.show(value)
    return subject.words.say("pictures.tiles.value", place=place, value=shown) if place else shown
