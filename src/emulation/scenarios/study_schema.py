"""Study schema: the JSON Schema of scenarios.yaml, for editors, drawn from the same records its reader walks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from emulation.reading.schema import LABELS, Drawer, Schema
from emulation.scenarios.changes import Drop, More, New, Set
from emulation.scenarios.study import Study

_PATH: Schema = {
    "description": "Where something stands, as the keys of campaign.yaml lead there: criteria.online.max.",
    "type": "string",
    "pattern": r"^[^\s.]",
}
_AT_PATHS: Schema = {"type": "object", "propertyNames": {"pattern": _PATH["pattern"]}}
_ANYTHING: Schema = {"not": {"type": "null"}}
"""What stands at a path is what the campaign's file asks for there; that is seen where the scenario is applied."""

_SPECIAL: Mapping[Any, tuple[str, Schema]] = {
    **LABELS,
    tuple[Set, ...]: ("set", {**_AT_PATHS, "additionalProperties": _ANYTHING}),
    tuple[New, ...]: ("new", {**_AT_PATHS, "additionalProperties": _ANYTHING}),
    tuple[More, ...]: ("more", {**_AT_PATHS, "additionalProperties": {"$ref": "#/definitions/number"}}),
    tuple[Drop, ...]: ("drop", {"anyOf": [_PATH, {"type": "array", "items": _PATH}]}),
}


def study_schema() -> Schema:
    """Give the JSON Schema of a study.

    >>> list(study_schema()["properties"])
    ['scenarios', 'efforts', 'firmness', 'multiverse']
    """
    drawer = Drawer(_SPECIAL, dated=False)
    return drawer.file("Questions asked of a campaign", drawer.map(Study, frame=True))
