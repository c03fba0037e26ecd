"""Rejects: the rows that were set aside, as a table to be mended and handed in again, each with its reasons."""

from __future__ import annotations

import csv
import io

from attrs import evolve

from emulation.observations import Observations

PLACE, REASONS = "place", "reasons"


def rejects_table(observations: Observations) -> str:
    """Write the rows set aside as CSV: their cells as they were read, where they stood, and why they were not used.

    >>> from emulation.observations import NONE_REPORTED
    >>> rejects_table(NONE_REPORTED)
    'place,reasons\\r\\n'
    """
    rows = observations.rejected
    headings = list(dict.fromkeys(heading for row in rows for heading, _ in row.cells))
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow([*headings, PLACE, REASONS])
    for row in rows:
        cells = dict(row.cells)
        why = "; ".join(str(evolve(problem, place=None)) for problem in row.reasons)
        writer.writerow([*(cells.get(heading, "") for heading in headings), str(row.place), why])
    return written.getvalue()
