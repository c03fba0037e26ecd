"""Lint catalogue: every kind of finding: what it means, why it matters, what to do, and a rule that has it."""

from __future__ import annotations

from collections.abc import Mapping

from emulation.reading.findings import Kind

CATALOGUE: Mapping[str, Kind] = {}
