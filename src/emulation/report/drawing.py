"""Drawing: the specification of a picture to SVG and PNG, without a browser; the only room that sees vl-convert."""

from __future__ import annotations

from html import escape
from typing import Any

import vl_convert

_NEWEST = "6.1"


def svg_of(spec: dict[str, Any], language: str) -> str:
    """Draw as SVG; it runs nothing, fetches nothing, and says in words what it shows."""
    drawn: str = vl_convert.vegalite_to_svg(spec, vl_version=_NEWEST, allowed_base_urls=[])
    said = escape(spec["description"])
    return drawn.replace("<svg ", f'<svg lang="{language}" role="img" aria-label="{said}" ', 1)


def png_of(svg: str, scale: float) -> bytes:
    """Draw as PNG, so many times as large."""
    drawn: bytes = vl_convert.svg_to_png(svg, scale=scale)
    return drawn
