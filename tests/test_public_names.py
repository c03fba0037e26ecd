"""Public names: the surface of the library is small, sorted, and shown by examples."""

from __future__ import annotations

from types import ModuleType

import emulation


def test_public_names_are_sorted_and_few() -> None:
    """`emulation.__all__` is in order, names nothing twice, and fits on a page."""
    assert list(emulation.__all__) == sorted(set(emulation.__all__))
    assert len(emulation.__all__) <= 40


def test_public_names_are_what_is_visible() -> None:
    """What `emulation` shows, besides its rooms, is what it lists; and all of it is there."""
    visible = {name for name in dir(emulation) if not name.startswith("_")}
    rooms = {name for name in visible if isinstance(getattr(emulation, name), ModuleType)}

    assert visible - rooms - {"annotations"} == set(emulation.__all__)


def test_public_names_have_an_example() -> None:
    """Every public name says what it is, and shows it."""
    assert [name for name in emulation.__all__ if ">>>" not in (getattr(emulation, name).__doc__ or "")] == []
