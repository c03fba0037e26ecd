"""Editors: a document as our reader has it, and as an editor has it that goes by a schema."""

from __future__ import annotations

import re
from typing import Any

from emulation.reading.document import Listing, Mapping, Node, Text


def texts(node: Node) -> Any:
    """Give a document as our reader has it: every scalar is the text that was written."""
    match node:
        case Text(value, _, quoted):
            return value if value or quoted else None
        case Listing(items):
            return [texts(item) for item in items]
        case Mapping(entries):
            return {key.value: texts(value) for key, value in entries}


def typed(node: Node) -> Any:
    """Give a document as an editor has it, by YAML 1.2: numbers, truth values, nothing, and texts."""
    match node:
        case Text(value, _, quoted=False) if re.fullmatch(r"[-+]?[0-9]+", value, re.ASCII):
            return int(value)
        case Text(value, _, quoted=False) if re.fullmatch(
            r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", value, re.ASCII
        ):
            return float(value)
        case Text(("true" | "false") as value, _, quoted=False):
            return value == "true"
        case Text(("" | "null" | "~"), _, quoted=False):
            return None
        case Text(value):
            return value
        case Listing(items):
            return [typed(item) for item in items]
        case Mapping(entries):
            return {key.value: typed(value) for key, value in entries}
