"""Display: how a record shows itself in a notebook; it asks for a renderer by name, so that records know none."""

from __future__ import annotations

from importlib import import_module


class Shown:
    """A record that a notebook shows as a table.

    The renderer is fetched when a notebook first asks. Were it imported above, every record would stand above
    the renderer that reads it, and `import emulation` would load a template engine that few runs need; were it
    registered from outside, somebody would have to remember to import it. So this is a lazy door, like those of
    the public names and of the command line.
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        shown: str = import_module("emulation.report.html").html_of(self)
        return shown
