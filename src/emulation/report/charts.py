"""Charts: a picture's specification as a chart of altair, to be changed further; the only room that sees altair."""

from __future__ import annotations

from typing import Any

import altair as alt


def chart_of(spec: dict[str, Any]) -> Any:
    """Give the chart of a specification."""
    return alt.LayerChart.from_dict(spec)
