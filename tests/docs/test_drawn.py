"""Drawn: the pictures that stand in the documents are what would be drawn today.

``python tests/docs/test_drawn.py`` draws them anew; look at each that changed.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from emulation.outcome import score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.report.pictures import Picture, picture

HOME = Path(__file__).parents[2]
KEPT = HOME / "docs" / "how-to" / "pictures"

DRAWN: dict[str, tuple[str, dict[str, Any]]] = {
    "distribution": ("thai-nguyen-2025", {"by": "online_share", "participants": ["05443"]}),
    "tiles": ("resolution-57-2025", {"kind": "province", "lang": "vi"}),
    "waterfall": ("thai-nguyen-2025", {"participants": ["05443"]}),
}


def drawn(what: str) -> Picture:
    """Draw a picture of the documents."""
    name, asked = DRAWN[what]
    rules = load_campaign(HOME / "campaigns" / name)
    outcome = score(rules, load_observations(HOME / "campaigns" / name / "observations.csv", rules))
    return picture(outcome, what, **{"lang": "en", **asked})


@pytest.mark.parametrize("what", DRAWN)
def test_a_picture_is_up_to_date(what: str) -> None:
    """Byte by byte; else draw it anew."""
    assert drawn(what).svg == (KEPT / f"{what}.svg").read_text(encoding="utf-8")


def test_every_picture_is_shown() -> None:
    """The how-to shows those that are kept, and no other."""
    shown = re.findall(r"\(pictures/(\w+)\.svg\)", (KEPT.parent / "draw-pictures.md").read_text(encoding="utf-8"))

    assert sorted(shown) == sorted(DRAWN) == sorted(file.stem for file in KEPT.iterdir())


if __name__ == "__main__":
    for name in DRAWN:
        drawn(name).save(KEPT / f"{name}.svg")
