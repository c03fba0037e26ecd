"""Facts: rows of a table to observations; what cannot be used is set aside with its reason, and every row counted."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import repeat
from pathlib import Path
from typing import Any, NoReturn, TypeAlias

from attrs import evolve

from emulation.campaign import Campaign
from emulation.exact import Rational, write_number
from emulation.indicators import Count, Indicator, Number, Over, Ratio, Sample, Share
from emulation.names import IndicatorId, ParticipantId, near
from emulation.observations import (
    Alike,
    Bound,
    Figures,
    Observation,
    Observations,
    Rejected,
    Source,
    State,
    Tally,
    Written,
)
from emulation.outcome import no_search_for_garbage
from emulation.periods import Span, Window
from emulation.problems import SHOWN_AT_MOST, Place, Problem, Refused, in_order
from emulation.reading.entrance import at_a_limit, unbalanced
from emulation.reading.source import Read, form_of, read_source
from emulation.reading.tables import Form, Table, header_problems
from emulation.reading.values import (
    Unusable,
    amount_of,
    is_made_up,
    kinds_of_facts,
    read_day,
    state_of,
    takes_any_count,
)
from emulation.reading.whom import Whom
from emulation.registers import counting

COLUMNS = (
    *("participant", "indicator", "from", "to", "value", "state", "source", "illustrative", "stage", "received"),
    "parent",
)
_ALIKE = ("participant", "indicator", "from", "to", "value")
_LONG = ("indicator", "value")
_NEEDED = ("participant", "indicator", "to", "value")
_COUNT = re.compile(r"0|[1-9][0-9]{0,17}")
_SIGNS: dict[str, Bound] = {"<": "below", ">": "above"}


def load_observations(source: Any, campaign: Campaign, *, accept_valid: bool = False) -> Observations:
    """Read reported facts as the campaign says they are written: a file, several, rows as maps, or a frame.

    Raise `Refused` for a table that cannot be read as declared. Rows that can be read and not used (an unknown
    participant, a value out of range) are set aside with their reasons; with ``accept_valid`` so are those that
    cannot be read.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign).tally.rejected
    0
    """
    written = campaign.observations or Written("")
    form = form_of(written, (*COLUMNS, *reported_kinds(campaign)))
    several = isinstance(source, list | tuple) and bool(source) and all(isinstance(one, str | Path) for one in source)
    with no_search_for_garbage():
        reads = [read_source(one, written, form) for one in (source if several else [source])]
    return _observations(reads, campaign, written, form, accept_valid=accept_valid)


def read_table(table: Table, campaign: Campaign) -> Observations:
    """Make observations of the rows of a table that has the usual columns, whatever the campaign says of its own.

    What a campaign counts of registers can stand in it: an example gives figures, not cases.
    """
    form, supposed = form_of(campaign.observations), evolve(campaign, registers=())
    return _observations([Read(table.file, "", ((table, None),))], supposed, Written(""), form, accept_valid=False)


def _observations(
    reads: Sequence[Read], campaign: Campaign, written: Written, form: Form, *, accept_valid: bool
) -> Observations:
    facts = _Facts(campaign, written, form)
    tables = [(table, days) for read in reads for table, days in read.tables]
    problems = [problem for table, days in tables for problem in _unfit(table, days, written, facts.kinds)]
    if problems:
        raise Refused(problems)
    with no_search_for_garbage():
        facts.read_all(tables)
        found = facts.observations()
        if facts.unreadable and not accept_valid:
            raise Refused(found.set_aside)
    off = [one.at(tables[0][0].place(tables[0][0].top, 0)) for one in unbalanced(found, written, facts.kinds)]
    if off and not accept_valid:
        raise Refused(off)
    files = tuple(Source(read.file, read.sha256, tuple(table.name for table, _ in read.tables)) for read in reads)
    told = [warning for table, _ in tables for warning in (*table.warnings, *at_a_limit(table))]
    return evolve(found, warnings=(*told, *map(as_warning, off)), sources=files)


def reported_kinds(campaign: Campaign) -> dict[str, tuple[Indicator, ...]]:
    """Give the kinds of the facts that are reported: of all but those that are counted of a register."""
    kinds = kinds_of_facts(campaign)
    return {fact: kind for fact, kind in kinds.items() if counting(campaign.registers, fact) is None}


def _unfit(table: Table, days: Window | None, written: Written, facts: Mapping[str, object]) -> Iterator[Problem]:
    """Find what is wrong with a table's columns."""
    ignored, declared = written.ignore, [column for column, _ in written.columns]
    if _is_wide(table, facts):
        known = [column for column in COLUMNS if column not in _LONG]
        needed = ["participant", *(["to"] if days is None else []), *declared]
        listed = f"its columns are {', '.join([*known, *facts])}"
        yield from header_problems(table, list(dict.fromkeys(needed)), (*known, *facts, *ignored), listed)
    else:
        needed = [column for column in _NEEDED if column != "to" or days is None]
        listed = f"its columns are {', '.join(COLUMNS)}"
        yield from header_problems(table, needed, (*COLUMNS, *ignored), listed)


def _is_wide(table: Table, facts: Iterable[str]) -> bool:
    """Say whether each fact has a column of its own."""
    return not {*_LONG} & {*table.header} and any(fact in table.header for fact in facts)


def as_warning(problem: Problem) -> Problem:
    """Give a problem that stops nothing as what it is: a thing to be told."""
    return evolve(problem, code=f"W{problem.code[1:]}")


_Behind: TypeAlias = str | tuple[str, str]
"""Who stands behind a figure: its stage, and its source where the campaign tells sources apart."""


class _Facts:
    """Reads tables of facts; what rows have in common (a participant, days, a value) is looked up once."""

    def __init__(self, campaign: Campaign, written: Written, form: Form) -> None:
        self.campaign, self.written, self.form = campaign, written, form
        self.unreadable: list[Problem] = []
        self.set_aside: list[Problem] = []
        self.kept: dict[tuple[str, str, date, date, _Behind], Observation] = {}
        self.rows = self.unchanged = 0
        self.kinds = reported_kinds(campaign)
        self._counts = {fact for fact, (kind, *_) in self.kinds.items() if takes_any_count(kind)}
        self._days: dict[tuple[str, str, str], tuple[Span, Unusable | None]] = {}
        self._values: dict[tuple[str, str, str], tuple[Rational | None, State, Bound | None]] = {}
        self._hints: dict[str, str | None] = {}
        self._whom = Whom(campaign.participants)
        self._tables: dict[str, Table] = {}
        self._about: Window | None = None
        self._fact: str | None = None
        self._alike: Alike | None = None

    def read_all(self, tables: Sequence[tuple[Table, Window | None]]) -> None:
        """Read the tables: a single one column by column if its rows allow it, else all of them row by row."""
        if len(tables) == 1 and not _is_wide(tables[0][0], self.kinds):
            self._open(*tables[0])
            self._alike = self._columns()
        for table, about in tables if self._alike is None else ():
            self._open(table, about)
            self._read()

    def _open(self, table: Table, about: Window | None) -> None:
        self._tables[table.name] = self.table = table
        self._about = about if table.column("to") is None else None
        self._days.clear()

    def _columns(self) -> Alike | None:
        """Give the rows column by column, where each can be used, is measured, and says nothing that others do not.

        Anything else (an unknown name, a state, a second report, a part above its whole) is for the row-by-row way,
        which knows what to say of it.
        """
        table, at = self.table, self.table.header.index("indicator") if "indicator" in self.table.header else None
        if at is None or table.slips or any(any(self._cells(column)) for column in COLUMNS if column not in _ALIKE):
            return None
        rows: defaultdict[str, list[Sequence[str]]] = defaultdict(list)
        lines: defaultdict[str, list[int]] = defaultdict(list)
        for line, row in table.lines():
            rows[row[at]].append(row)
            lines[row[at]].append(line)
        if not (self.kinds.keys() >= rows.keys() and rows):
            return None
        found: dict[str, Figures] = {}
        for fact, listed in rows.items():
            cells = dict(zip(table.header, zip(*listed, strict=True), strict=True))
            figures = self._figures(fact, cells, lines[fact])
            if figures is None:
                return None
            found[fact] = figures
        return None if self._any_beyond_its_whole(found) else Alike(self.table.name, found)

    def _figures(self, fact: str, cells: Mapping[str, Sequence[str]], lines: Sequence[int]) -> Figures | None:
        """Give the figures of a fact, where all are measured on the same days and nobody reports it twice."""
        bodies, values, named = cells["participant"], cells["value"], {*cells["participant"]}
        (start, *others), (end, *more) = {*cells.get("from", ("",))}, {*cells.get("to", ("",))}
        known = self.campaign.participants.by_id.keys() >= named
        if others or more or len(named) < len(bodies) or not known:
            return None
        try:
            span, misplaced = self._dated(fact, start, end)
            read = {text: self._valued(fact, text, "") for text in set(values)}
        except Unusable:
            return None
        amounts = {text: value for text, (value, _, bound) in read.items() if value is not None and bound is None}
        if len(amounts) < len(read) or misplaced is not None:
            return None
        return Figures(span, bodies, tuple(map(amounts.__getitem__, values)), lines)

    def _any_beyond_its_whole(self, found: Mapping[str, Figures]) -> bool:
        """Say whether a part may be more than the whole it is counted among."""
        for part, wholes in _wholes(self.campaign).items():
            for whole in wholes if part in found else ():
                most = dict(zip(found[whole].bodies, found[whole].values, strict=True)) if whole in found else {}
                parts = zip(found[part].bodies, found[part].values, strict=True)
                if any(value > most.get(body, value) for body, value in parts):
                    return True
        return False

    def _read(self) -> None:
        """Read a table row by row: each row is a fact, or each cell in a column of facts."""
        table = self.table
        wide = [fact for fact in self.kinds if fact in table.header] if _is_wide(table, self.kinds) else None
        for fact in wide if wide is not None else [None]:
            self._fact = fact
            self._read_rows()

    def _read_rows(self) -> None:
        known, kept, kinds, file = self.campaign.participants.by_id, self.kept, self.kinds, self.table.name
        columns = (self._cells(column) for column in COLUMNS)
        self.rows += len(self.table.rows)
        rows = zip(self.table.numbers, *columns, strict=True)
        told_apart = bool(self.campaign.admission.sources)
        asked = COLUMNS if self._fact is None else (*COLUMNS, self._fact)
        for line, body, fact, start, end, value, state, source, made_up, stage, handed_in, parent in rows:
            if line in self.table.slips and (spoilt := self.table.slip(line, asked)):
                self.unreadable.append(spoilt)
                continue
            try:
                if parent or body not in known:
                    body = self._whom.called(body, parent)  # noqa: PLW2901
                if fact not in kinds:
                    self._unknown(fact)
                span, misplaced = self._days.get((fact, start, end)) or self._dated(fact, start, end)
                amount, stands, bound = self._values.get((fact, value, state)) or self._valued(fact, value, state)
                illustrative = bool(made_up) and is_made_up(made_up)
                received = self._day(handed_in, "received") if handed_in else None
            except Unusable as slip:
                self._leave_out(line, slip)
                continue
            if misplaced is not None:
                self._leave_out(line, misplaced)
                continue
            one = Observation(
                ParticipantId(body),
                fact,
                span,
                amount,
                stands,
                bound,
                source or None,
                illustrative,
                file,
                line,
                stage or None,
                received,
            )
            behind = (stage, source) if told_apart else stage
            earlier = kept.setdefault((body, fact, span.first, span.last, behind), one)
            if earlier is not one:
                self._again(earlier, one)

    def _cells(self, column: str) -> Iterable[str]:
        """Give the cells of a column, row by row; empty ones for a column that is not there."""
        if self._fact is not None and column == "indicator":
            return repeat(self._fact, len(self.table.rows))
        at = self.table.column(self._fact if self._fact is not None and column == "value" else column)
        return repeat("", len(self.table.rows)) if at is None else [row[at] for row in self.table.rows]

    def _leave_out(self, line: int, slip: Unusable) -> None:
        """Note a row that cannot be used, or not even read as declared."""
        place = self._place(self.table, line, slip.column, self._fact)
        problem = Problem(slip.code, slip.what, slip.expected, slip.near, place=place)
        (self.unreadable if slip.unreadable else self.set_aside).append(problem)

    def _place(self, table: Table, line: int, column: str, fact: str | None) -> Place:
        at = table.column(column)
        if at is None and column in _LONG and fact is not None:
            at = table.column(fact)
        return table.place(line, at or 0)

    def _place_of(self, one: Observation, column: str) -> Place:
        return self._place(self._tables[one.file], one.line, column, one.fact)

    def _again(self, earlier: Observation, one: Observation) -> None:
        """Count a fact that is reported again with the same value; refuse another value."""
        if (earlier.value, earlier.state, earlier.bound) != (one.value, one.state, one.bound):
            first = f"on line {earlier.line}" if earlier.file == one.file else f"in {earlier.written}"
            what = f"{one.fact} of {one.participant} is reported twice with unlike values, first {first}"
            self._leave_out(one.line, Unusable("value", "E320", what, "one value for the same days", unreadable=True))
        else:
            self.unchanged += 1

    # --- cells

    def _unknown(self, fact: str) -> NoReturn:
        """Tell of an unknown indicator, or of one that is not reported."""
        register = counting(self.campaign.registers, fact)
        if register is not None:
            what = f"{fact} is counted of the register {register.id} and not reported itself"
            raise Unusable("indicator", "E135", what)
        derived = self.campaign.indicator.get(IndicatorId(fact))
        if derived is not None:
            what, reported = f"{fact} is made of others and not reported itself", ", ".join(derived.inputs)
            raise Unusable("indicator", "E135", what, f"report {reported}")
        if fact not in self._hints:
            self._hints[fact] = near(fact, self.kinds) if len(self._hints) < SHOWN_AT_MOST else None
        raise Unusable("indicator", "E135", f"unknown indicator {fact!r}", near=self._hints[fact])

    def _dated(self, fact: str, start: str, end: str) -> tuple[Span, Unusable | None]:
        """Read the days a fact is about, and say whether they are days it can be about."""
        span = self._span(start, end) if self._about is None else self._declared(fact, self._about)
        slips = [self._misplaced(kind, span) for kind in self.kinds[fact]]
        found = self._days[fact, start, end] = span, None if None in slips else slips[0]
        return found

    def _span(self, start: str, end: str) -> Span:
        last = self._day(end, "to")
        first = self._day(start, "from") if start else last
        if last < first:
            raise Unusable("from", "E319", f"the days end before they begin: {start} to {end}", unreadable=True)
        return Span(first, last)

    def _declared(self, fact: str, days: Window) -> Span:
        """Give the days the table is declared to be about; of what is about one day, the last."""
        summed = any(isinstance(kind.time, Over) for kind in self.kinds[fact])
        span = self.campaign.timetable.span(days)
        return span if summed else Span(span.last, span.last)

    def _day(self, text: str, column: str) -> date:
        return read_day(text, column, self.form)

    def _misplaced(self, kind: Indicator, span: Span) -> Unusable | None:
        """See that a flow lies inside the window it is summed over, and that a stock is about one day."""
        if isinstance(kind.time, Over):
            window = self.campaign.timetable.span(kind.time.window)
            if not window.holds(span):
                what = f"{span.first} to {span.last} is not inside {window.first} to {window.last}"
                return Unusable("to", "E324", what, "the days the indicator is summed over")
        elif span.first != span.last:
            what = "from and to on the same day, or no from"
            return Unusable("from", "E324", "a stock is about one day", what)
        return None

    def _valued(self, fact: str, text: str, state: str) -> tuple[Rational | None, State, Bound | None]:
        """Read a value and its state; a plain count, as most are, without the questions that others raise."""
        if not state and fact in self._counts and _COUNT.fullmatch(text) and text not in self.form.missing:
            return int(text), "measured", None
        found = self._values[fact, text, state] = self._value(self.kinds[fact], text, state_of(state))
        return found

    def _value(
        self, kinds: Sequence[Indicator], text: str, stands: State
    ) -> tuple[Rational | None, State, Bound | None]:
        if stands != "measured":
            if text and text not in self.form.missing:
                what = f"a value beside the state {stands!r}"
                raise Unusable("value", "E317", what, "either a value or a state", unreadable=True)
            return None, stands, None
        if text in self.form.missing:
            return None, "missing", None
        if not text:
            expected = 'a value, a state, or declare "" as missing'
            raise Unusable("value", "E317", "an empty value", expected, unreadable=True)
        kind = kinds[0]
        bound = _SIGNS.get(text[0]) if isinstance(kind.measured_as, Count | Number | Share | Ratio | Sample) else None
        if bound and any(kind.censored is None for kind in kinds):
            what = f"{text!r} is a bound"
            raise Unusable("value", "E316", what, "declare what it counts as: censored", unreadable=True)
        return amount_of(kind, text[1:].strip() if bound else text, self.form), "measured", bound

    # --- what rows say together

    def observations(self) -> Observations:
        """Give what was read: facts that can be used, rows set aside, and the tally that accounts for every row."""
        if self._alike is not None:
            rows = len(self._alike)
            return Observations(self._alike, (), Tally(rows, rows))
        left_out: dict[int, Problem] = {}
        for one, problem in (*self._overlapping(), *self._beyond_the_whole()):
            left_out[id(one)] = problem
        kept = [one for one in self.kept.values() if id(one) not in left_out]
        set_aside = in_order([*self.unreadable, *self.set_aside, *left_out.values()])
        tally = Tally(self.rows, len(kept), 0, self.unchanged, self.rows - len(kept) - self.unchanged)
        return Observations(tuple(kept), set_aside, tally, (), (), self._rejected(set_aside))

    def _rejected(self, problems: Iterable[Problem]) -> tuple[Rejected, ...]:
        """Gather the rows set aside, each with its cells and all its reasons."""
        rows: dict[tuple[str, int], list[Problem]] = {}
        for problem in problems:
            place = problem.place or Place("", 0)
            name = place.file if place.sheet is None else f"{place.file}:{place.sheet}"
            rows.setdefault((name, place.line), []).append(problem)
        return tuple(self._rejected_row(self._tables[name], line, why) for (name, line), why in rows.items())

    def _rejected_row(self, table: Table, line: int, why: Sequence[Problem]) -> Rejected:
        """Give a row that was set aside; of the facts in a wide one only those that were."""
        cells = table.rows[bisect_left(table.numbers, line)]
        wrong = {one.place.column - 1 for one in why if one.place}
        facts = {index for index, name in enumerate(table.header) if name in self.kinds}
        shown = [index for index in range(len(cells)) if index not in facts or index in wrong or wrong - facts]
        pairs = tuple((table.headings[index], cells[index]) for index in shown)
        return Rejected(table.place(line, 0), pairs, tuple(why))

    def _overlapping(self) -> Iterator[tuple[Observation, Problem]]:
        """Find flows reported for the same days twice, which a sum would count double."""
        latest: dict[tuple[str, str, _Behind], date] = {}
        doubtful: dict[tuple[str, str, _Behind], list[Observation]] = {}
        for body, fact, first, last, behind in self.kept:
            series = (body, fact, behind)
            if series in latest and first <= latest[series]:
                doubtful[series] = []
            latest[series] = last
        for (body, fact, _, _, behind), one in self.kept.items() if doubtful else ():
            if (body, fact, behind) in doubtful:
                doubtful[body, fact, behind].append(one)
        for several in doubtful.values():
            yield from self._twice(sorted(several, key=lambda one: one.span))

    def _twice(self, by_day: Sequence[Observation]) -> Iterator[tuple[Observation, Problem]]:
        """Tell of each fact with days that an earlier one, which is kept, has too."""
        kept = by_day[0]
        for one in by_day[1:]:
            if kept.span.meets(one.span):
                what = f"{one.fact} of {one.participant} is reported for days that {_where(kept, one)} reports too"
                yield one, Problem("E329", what, "each day once", place=self._place_of(one, "to"))
            else:
                kept = one

    def _beyond_the_whole(self) -> Iterator[tuple[Observation, Problem]]:
        """Find parts of a whole that are more than the whole they are counted among."""
        for part, whole in beyond_their_wholes(self.campaign, self.kept):
            yield from self._both(part, whole)

    def _both(self, part: Observation, whole: Observation) -> Iterator[tuple[Observation, Problem]]:
        """Tell of a part and its whole, either of which may be wrong."""
        less = f"{write_number(part.value or 0)}, more than {whole.fact} of {write_number(whole.value or 0)}"
        what = f"{part.fact} is {less} ({_where(whole, part)})"
        yield part, Problem("E327", what, "a part is at most the whole", place=self._place_of(part, "value"))
        what = f"{whole.fact} is less than {part.fact} ({_where(part, whole)})"
        yield whole, Problem("E327", what, place=self._place_of(whole, "value"))


def beyond_their_wholes(
    campaign: Campaign, facts: Mapping[tuple[str, str, date, date, _Behind], Observation]
) -> Iterator[tuple[Observation, Observation]]:
    """Find parts that are more than the whole they are counted among, each with its whole."""
    wholes = _wholes(campaign)
    for (body, fact, first, last, behind), part in facts.items():
        for among in wholes.get(fact, ()):
            whole = facts.get((body, among, first, last, behind))
            if whole and part.value is not None and whole.value is not None and part.value > whole.value:
                yield part, whole


def _wholes(campaign: Campaign) -> Mapping[str, Sequence[str]]:
    """Give for each fact that is a part of wholes which these are."""
    wholes: dict[str, list[str]] = {}
    for kind in (indicator.measured_as for indicator in campaign.indicators):
        if isinstance(kind, Share | Sample):
            wholes.setdefault(kind.of, []).append(kind.among if isinstance(kind, Share) else kind.asked)
    return wholes


def _where(one: Observation, other: Observation) -> str:
    """Say where a fact stands, as seen from another."""
    return f"line {one.line}" if one.file == other.file else one.written
