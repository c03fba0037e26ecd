"""Display: how a record shows itself in a notebook; it asks for a renderer by name, so that records know none."""

from __future__ import annotations

from importlib import import_module
from typing import Any


class Shown:
    """A record that a notebook shows as a table.

    The renderer is fetched when a notebook first asks. Were it imported above, every record would stand above
    the renderer that reads it, and `import emulation` would load a template engine that few runs need; were it
    registered from outside, somebody would have to remember to import it. So this is a lazy door, like those of
    the public names and of the command line.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        shown: str = _renderer().html_of(self)
        return shown

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        """Give the page and, for consoles and searches, the same as text; a record written out would fill pages."""
        return {"text/html": self._repr_html_(), "text/plain": _renderer().text_of(self)}


def _renderer() -> Any:
    return import_module("emulation.report.html")
