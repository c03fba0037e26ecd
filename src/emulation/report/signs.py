"""Signs: the shapes that stand beside words, so that colour is never needed to tell two things apart."""

from __future__ import annotations

from collections.abc import Mapping

from emulation.targets import AimState

CLASS_SHAPES = ("●", "▲", "■", "◆", "○")
"""A shape for each class from the best on."""

AIM_SIGNS: Mapping[AimState, str] = {"met": "✓", "open": "…", "missed": "✗", "not_met": "✗", "undecided": "?"}


def verdict_sign(holds: bool | None) -> str:
    """Give the sign of a verdict: holds, does not, cannot be decided."""
    return "?" if holds is None else "✓" if holds else "✗"


def class_shape(place: int) -> str:
    """Give the shape of a class by its place from the best, which is 0."""
    return CLASS_SHAPES[min(place, len(CLASS_SHAPES) - 1)]
