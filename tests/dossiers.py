"""Dossiers: a plain register, for tests to alter."""

from __future__ import annotations

from emulation.cases import ALL_CASES
from emulation.names import FieldId, label
from emulation.observations import Written
from emulation.registers import Counted, Latest, Register
from emulation.testing.cases import FIELDS
from emulation.testing.facts import COMMUNES

PLAIN = Register(
    "dossiers",
    label("dossiers"),
    Written("dossiers.csv"),
    COMMUNES,
    FieldId("case"),
    tuple(FIELDS.items()),
    FieldId("received"),
    "zero",
    (Counted("files", ALL_CASES),),
    Latest(FieldId("changed")),
    (FieldId("returned"),),
)
