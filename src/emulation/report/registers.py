"""Registers: how a table of cases, and what is counted of them, are said."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from emulation.cases import Alternative, IsNot, Known, Test
from emulation.grammar import word_for
from emulation.names import FieldId
from emulation.registers import Counted, Latest, Register
from emulation.report.explanations import Said
from emulation.report.speech import Speech


def register_said(register: Register, speech: Speech) -> Said:
    """Say what the cases of a register are, whose, on which day they count, and each fact that is counted of them."""
    words = speech.words
    title = words.label(register.title, register.id)
    lead = words.say("rule.register.lead", cases=title, whom=speech.whom(register.for_))
    notes = [Said(line) for line in _besides(register, speech)]
    counts = tuple(Said(_counted(register, one, speech)) for one in register.counts)
    return Said(lead, (*notes, Said(words.say("rule.register.counts"), counts)))


def _besides(register: Register, speech: Speech) -> Iterator[str]:
    words = speech.words
    if not register.key:
        yield words.say("rule.register.row")
    else:
        names = words.joined([_field(register, field, speech) for field in register.key])
        yield words.say("rule.register.case", fields=names)
        match register.repeated:
            case Latest(by):
                yield words.say("rule.register.latest", field=_field(register, by, speech))
            case how:
                yield words.say(f"rule.register.{how}")
    yield words.say("rule.register.on", field=_field(register, register.on, speech))
    yield words.say(f"rule.register.absent_{register.absent}")


def _counted(register: Register, one: Counted, speech: Speech) -> str:
    """Say which cases are counted for a fact, and on which day, where that is not the register's."""
    words = speech.words
    which = [_asked(register, tests, speech) for tests in one.where.alternatives if tests.tests]
    given = {"fact": words.say("quoted", text=speech.indicator(one.id))}
    some = f"where_{one.if_}" if one.if_ else "where"
    text = words.say(f"rule.register.{some}", tests=words.joined(which, "or"), **given) if which else ""
    text = text or words.say("rule.register.all", **given)
    if one.day_after:
        return text + words.say("rule.register.day_after", field=_field(register, one.day_after, speech))
    return text + (words.say("rule.register.counted_on", field=_field(register, one.on, speech)) if one.on else "")


def _asked(register: Register, tests: Alternative, speech: Speech) -> str:
    return speech.words.joined([_test(register, field, test, speech) for field, test in tests.tests])


def _test(register: Register, field: FieldId, test: Test, speech: Speech) -> str:
    """Say what is asked of a field."""
    words, name = speech.words, _field(register, field, speech)
    match test:
        case str():
            return words.say("rule.register.is", field=name, names=_quoted(test, speech))
        case tuple():
            listed = words.joined([_quoted(one, speech) for one in test], "or")
            return words.say("rule.register.is", field=name, names=listed)
        case IsNot(names):
            listed = words.joined([_quoted(one, speech) for one in names], "or")
            return words.say("rule.register.is_not", field=name, names=listed)
        case Known(known):
            return words.say(f"rule.register.{'filled' if known else 'blank'}", field=name)
        case _:
            return words.say(f"rule.register.{word_for(type(test))}", field=name, edge=_edge(register, test, speech))


def _edge(register: Register, test: Test, speech: Speech) -> str:
    edge = test.edge  # type: ignore[union-attr]
    if isinstance(edge, date):
        return speech.words.date(edge)
    return _field(register, FieldId(edge), speech) if isinstance(edge, str) else speech.words.exact(edge)


def _field(register: Register, field: FieldId, speech: Speech) -> str:
    """Name a field as its column is headed."""
    return _quoted(dict(register.table.columns).get(field, field), speech)


def _quoted(text: str, speech: Speech) -> str:
    return speech.words.say("quoted", text=text)
