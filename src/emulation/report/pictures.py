"""Pictures: an outcome as a chart that shows itself in a notebook and is written as SVG or PNG without a browser."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

from attrs import field, frozen

from emulation.doors import open_extra
from emulation.names import near
from emulation.outcome import Outcome
from emulation.problems import Problem, Refused
from emulation.reading.whom import participant_called
from emulation.report.bars import ranking
from emulation.report.bump import bump
from emulation.report.canvas import Canvas
from emulation.report.dots import distribution
from emulation.report.heatmap import heatmap
from emulation.report.speech import words_of
from emulation.report.subjects import Subject, Wish, subject
from emulation.report.tiles import tile_board
from emulation.report.waterfall import waterfall
from emulation.report.words import Words

Draw = Callable[[Sequence[Outcome], Words, Wish], Canvas]


@frozen(slots=False)
class Picture:
    """An outcome as it is drawn; a notebook shows it, and it writes itself as SVG or PNG.

    ``spec`` is what it is made of, as Vega-Lite has it; ``chart`` gives it as a chart of altair.
    """

    what: str
    language: str
    spec: Mapping[str, Any] = field(repr=False)

    @cached_property
    def svg(self) -> str:
        """The picture as the text of an SVG file; the same outcome gives the same text."""
        drawn: str = open_extra("report.drawing", "pictures", "a picture").svg_of(dict(self.spec), self.language)
        return drawn

    def png(self, scale: float = 2) -> bytes:
        """Give the picture as the bytes of a PNG file, so many dots for each of its own."""
        drawn: bytes = open_extra("report.drawing", "pictures", "a picture").png_of(self.svg, scale)
        return drawn

    @property
    def chart(self) -> Any:
        """The picture as a chart of altair, to be changed further."""
        return open_extra("report.charts", "pictures", "a chart").chart_of(dict(self.spec))

    def written(self, file: Path | str) -> bytes:
        """Give the bytes of a file of that name; its ending says whether SVG or PNG."""
        match Path(file).suffix.lower():
            case ".svg":
                return self.svg.encode()
            case ".png":
                return self.png()
            case other:
                what = f"a picture is no {other or 'file without an ending'}"
                raise Refused([Problem("E774", what, "a file that ends in .svg or .png")])

    def save(self, file: Path | str) -> None:
        """Write the picture to a file that ends in .svg or .png."""
        Path(file).write_bytes(self.written(file))

    def _repr_html_(self) -> str:
        return f'<div class="emulation">{self.svg}</div>'


def picture(
    outcome: Outcome | Sequence[Outcome],
    what: str,
    *,
    participants: Sequence[str] = (),
    by: str | None = None,
    kind: str | None = None,
    group: str | None = None,
    top: int | None = None,
    lang: str | None = None,
) -> Picture:
    """Draw an outcome, or those of several days, as ``what``: ranking, criteria, bump, waterfall, distribution, tiles.

    ``by`` is a standing, a criterion, an indicator or ``total``, where the first standing is not what is meant.
    ``participants``, by id or name, are named in the picture; ``kind`` and ``group`` say who is drawn, ``top`` how
    many at most (0 for all). ``lang`` is the language of the words, else that of ``EMULATION_LANG``.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> from emulation.reading.facts import load_observations
    >>> from emulation.outcome import score
    >>> campaign = load_campaign("campaigns/pci-2006")
    >>> outcome = score(campaign, load_observations("campaigns/pci-2006/observations.csv", campaign))
    >>> drawn = picture(outcome, "ranking", top=10)
    >>> drawn
    Picture(what='ranking', language='en')
    >>> drawn.svg[:4]
    '<svg'
    """
    if what not in PICTURES:
        raise Refused([Problem("E770", f"unknown picture {what!r}", ", ".join(PICTURES), near(what, PICTURES))])
    days = (outcome,) if isinstance(outcome, Outcome) else tuple(sorted(outcome, key=lambda one: one.as_of))
    if not days:
        raise Refused([Problem("E773", "there is nothing to draw", "at least one outcome")])
    language = lang or os.environ.get("EMULATION_LANG", "en")
    named = tuple(participant_called(days[-1].campaign, one) for one in participants)
    wish = Wish(kind, group, by, named, top)
    return Picture(what, language, PICTURES[what](days, words_of(language, days[-1].campaign), wish).spec())


def _of_last(draw: Callable[[Subject], Canvas]) -> Draw:
    """Draw the last of the days."""
    return lambda days, words, wish: draw(subject(days[-1], words, wish))


PICTURES: Mapping[str, Draw] = {
    "ranking": _of_last(ranking),
    "criteria": _of_last(heatmap),
    "bump": bump,
    "waterfall": _of_last(waterfall),
    "distribution": _of_last(distribution),
    "tiles": _of_last(tile_board),
}
"""What can be drawn."""
