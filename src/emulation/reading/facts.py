"""Facts: rows of a table to observations; what cannot be used is set aside with its reason, and every row counted."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import repeat
from pathlib import Path as FilePath
from typing import NoReturn, TypeAlias

from emulation.campaign import Campaign
from emulation.exact import NotExact, Rational, read_number, write_number
from emulation.indicators import (
    Bounds,
    Count,
    Indicator,
    Level,
    Milestone,
    Number,
    Over,
    Rank,
    Ratio,
    Sample,
    Share,
    YesNo,
)
from emulation.names import IndicatorId, ParticipantId, near
from emulation.observations import STATES, Bound, Observation, Observations, State, Tally, Written
from emulation.outcome import no_search_for_garbage
from emulation.periods import Span
from emulation.problems import SHOWN_AT_MOST, Place, Problem, Refused, in_order
from emulation.reading.tables import Form, Table, header_problems, read_csv, read_date

COLUMNS = ("participant", "indicator", "from", "to", "value", "state", "source", "illustrative", "stage", "received")
_NEEDED = ("participant", "indicator", "to", "value")
_REPORTED = tuple(state for state in STATES if state != "zero_denominator")  # which comes of dividing
_YES_NO = {"yes": 1, "no": 0, "có": 1, "không": 0}
_COUNT = re.compile(r"0|[1-9][0-9]{0,17}")
_SIGNS: dict[str, Bound] = {"<": "below", ">": "above"}


def load_observations(path: str | FilePath, campaign: Campaign) -> Observations:
    """Read a table of reported facts as the campaign says it is written.

    Raise `Refused` for a table that cannot be read as declared. Rows that can be read and not used (an unknown
    participant, a value out of range) are set aside with their reasons.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> campaign = load_campaign("campaigns/thai-nguyen-2025")
    >>> load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign).tally.rejected
    0
    """
    file = FilePath(path)
    if not file.is_file():
        raise Refused([Problem("E139", f"there is no file {file}", near=near(file.name, _beside(file)))])
    return read_table(read_csv(file.read_bytes(), str(file), form_of(campaign.observations)), campaign)


def _beside(file: FilePath) -> list[str]:
    return [one.name for one in file.parent.iterdir()] if file.parent.is_dir() else []


def form_of(written: Written | None) -> Form:
    """Give the form of a table as the campaign declares it."""
    if written is None:
        return Form()
    delimiter = "\t" if written.delimiter == "tab" else written.delimiter
    return Form(delimiter, written.decimal, written.dates, written.missing)


def read_table(table: Table, campaign: Campaign) -> Observations:
    """Make observations of a table's rows."""
    remedy = f"its columns are {', '.join(COLUMNS)}"
    problems = list(header_problems(table, _NEEDED, COLUMNS, remedy))
    if problems:
        raise Refused(problems)
    reader = _Facts(table, campaign, form_of(campaign.observations))
    with no_search_for_garbage():
        reader.read()
        if reader.unreadable:
            raise Refused(reader.unreadable)
        return reader.observations()


_Behind: TypeAlias = str | tuple[str, str]
"""Who stands behind a figure: its stage, and its source where the campaign tells sources apart."""


class _Facts:
    """Reads row by row; what rows have in common (a participant, days, a value) is looked up once."""

    def __init__(self, table: Table, campaign: Campaign, form: Form) -> None:
        self.table, self.campaign, self.form = table, campaign, form
        self.unreadable: list[Problem] = []
        self.set_aside: list[Problem] = []
        self.kept: dict[tuple[str, str, date, date, _Behind], Observation] = {}
        self.unchanged = 0
        self._kinds = kinds_of_facts(campaign)
        self._counts = {
            fact
            for fact, (kind, *_) in self._kinds.items()
            if kind.inputs or (isinstance(kind.measured_as, Count) and kind.bounds is None)
        }
        self._days: dict[tuple[str, str, str], tuple[Span, _Unusable | None]] = {}
        self._values: dict[tuple[str, str, str], tuple[Rational | None, State, Bound | None]] = {}
        self._hints: dict[str, str | None] = {}

    def read(self) -> None:
        known, kept, file = self.campaign.participants.by_id, self.kept, self.table.file
        columns = (self._cells(column) for column in COLUMNS)
        rows = zip(self.table.numbers, *columns, strict=True)
        told_apart = bool(self.campaign.admission.sources)
        for line, body, fact, start, end, value, state, source, made_up, stage, handed_in in rows:
            try:
                if body not in known or fact not in self._kinds:
                    self._stranger(body, fact)
                span, misplaced = self._days.get((fact, start, end)) or self._dated(fact, start, end)
                amount, stands, bound = self._values.get((fact, value, state)) or self._valued(fact, value, state)
                illustrative = bool(made_up) and _is_made_up(made_up)
                received = self._day(handed_in, "received") if handed_in else None
            except _Unusable as slip:
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
        at = self.table.column(column)
        return repeat("", len(self.table.rows)) if at is None else [row[at] for row in self.table.rows]

    def _leave_out(self, line: int, slip: _Unusable) -> None:
        """Note a row that cannot be used, or not even read as declared."""
        problem = Problem(slip.code, slip.what, slip.expected, slip.near, place=self._place(line, slip.column))
        (self.unreadable if slip.unreadable else self.set_aside).append(problem)

    def _place(self, line: int, column: str) -> Place:
        return self.table.place(line, self.table.column(column) or 0)

    def _again(self, earlier: Observation, one: Observation) -> None:
        """Count a fact that is reported again with the same value; refuse another value."""
        if (earlier.value, earlier.state, earlier.bound) != (one.value, one.state, one.bound):
            what = f"{one.fact} of {one.participant} is reported twice with unlike values, first on line {earlier.line}"
            self._leave_out(one.line, _Unusable("value", "E320", what, "one value for the same days", unreadable=True))
        self.unchanged += 1

    # --- cells

    def _stranger(self, body: str, fact: str) -> NoReturn:
        """Tell of an unknown participant, or else of an unknown indicator."""
        if body not in self.campaign.participants:
            hint = self._hint(body, self.campaign.participants.nearest)
            raise _Unusable("participant", "E318", f"unknown participant {body!r}", near=hint)
        derived = self.campaign.indicator.get(IndicatorId(fact))
        if derived is not None:
            what, reported = f"{fact} is made of others and not reported itself", ", ".join(derived.inputs)
            raise _Unusable("indicator", "E135", what, f"report {reported}")
        hint = self._hint(fact, lambda word: near(word, self._kinds))
        raise _Unusable("indicator", "E135", f"unknown indicator {fact!r}", near=hint)

    def _hint(self, word: str, nearest: Callable[[str], str | None]) -> str | None:
        """Give the nearest name, for words that will be shown: the search is slow."""
        if word not in self._hints:
            self._hints[word] = nearest(word) if len(self._hints) < SHOWN_AT_MOST else None
        return self._hints[word]

    def _dated(self, fact: str, start: str, end: str) -> tuple[Span, _Unusable | None]:
        """Read the days a fact is about, and say whether they are days it can be about."""
        last = self._day(end, "to")
        first = self._day(start, "from") if start else last
        if last < first:
            raise _Unusable("from", "E319", f"the days end before they begin: {start} to {end}", unreadable=True)
        span = Span(first, last)
        slips = [self._misplaced(kind, span) for kind in self._kinds[fact]]
        found = self._days[fact, start, end] = span, None if None in slips else slips[0]
        return found

    def _day(self, text: str, column: str) -> date:
        if not text:
            what = f"the column {column!r} is empty"
            raise _Unusable(column, "E319", what, "the day the fact is about, or the last of its days", unreadable=True)
        try:
            return read_date(text, self.form)
        except ValueError as slip:
            raise _Unusable(column, "E319", str(slip), unreadable=True) from None

    def _misplaced(self, kind: Indicator, span: Span) -> _Unusable | None:
        """See that a flow lies inside the window it is summed over, and that a stock is about one day."""
        if isinstance(kind.time, Over):
            window = self.campaign.timetable.span(kind.time.window)
            if not window.holds(span):
                what = f"{span.first} to {span.last} is not inside {window.first} to {window.last}"
                return _Unusable("to", "E324", what, "the days the indicator is summed over")
        elif span.first != span.last:
            what = "from and to on the same day, or no from"
            return _Unusable("from", "E324", "a stock is about one day", what)
        return None

    def _valued(self, fact: str, text: str, state: str) -> tuple[Rational | None, State, Bound | None]:
        """Read a value and its state; a plain count, as most are, without the questions that others raise."""
        if not state and fact in self._counts and _COUNT.fullmatch(text) and text not in self.form.missing:
            return int(text), "measured", None
        found = self._values[fact, text, state] = self._value(self._kinds[fact], text, _state(state))
        return found

    def _value(
        self, kinds: Sequence[Indicator], text: str, stands: State
    ) -> tuple[Rational | None, State, Bound | None]:
        if stands != "measured":
            if text and text not in self.form.missing:
                what = f"a value beside the state {stands!r}"
                raise _Unusable("value", "E317", what, "either a value or a state", unreadable=True)
            return None, stands, None
        if text in self.form.missing:
            return None, "missing", None
        if not text:
            expected = 'a value, a state, or declare "" as missing'
            raise _Unusable("value", "E317", "an empty value", expected, unreadable=True)
        kind = kinds[0]
        bound = _SIGNS.get(text[0]) if isinstance(kind.measured_as, Count | Number | Share | Ratio | Sample) else None
        if bound and any(kind.censored is None for kind in kinds):
            what = f"{text!r} is a bound"
            raise _Unusable("value", "E316", what, "declare what it counts as: censored", unreadable=True)
        return _amount(kind, text[1:].strip() if bound else text, self.form), "measured", bound

    # --- what rows say together

    def observations(self) -> Observations:
        """Give what was read: facts that can be used, rows set aside, and the tally that accounts for every row."""
        left_out = {**dict(self._overlapping()), **dict(self._beyond_the_whole())}
        kept = tuple(one for one in self.kept.values() if one.line not in left_out)
        read = len(self.table.rows)
        tally = Tally(read, len(kept), 0, self.unchanged, read - len(kept) - self.unchanged)
        return Observations(kept, in_order([*self.set_aside, *left_out.values()]), tally)

    def _overlapping(self) -> Iterator[tuple[int, Problem]]:
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

    def _twice(self, by_day: Sequence[Observation]) -> Iterator[tuple[int, Problem]]:
        """Tell of each fact with days that an earlier one, which is kept, has too."""
        kept = by_day[0]
        for one in by_day[1:]:
            if kept.span.meets(one.span):
                what = f"{one.fact} of {one.participant} is reported for days that line {kept.line} reports too"
                yield one.line, Problem("E329", what, "each day once", place=self._place(one.line, "to"))
            else:
                kept = one

    def _beyond_the_whole(self) -> Iterator[tuple[int, Problem]]:
        """Find parts of a whole that are more than the whole they are counted among."""
        wholes: dict[str, list[str]] = {}
        for kind in (indicator.measured_as for indicator in self.campaign.indicators):
            if isinstance(kind, Share | Sample):
                wholes.setdefault(kind.of, []).append(kind.among if isinstance(kind, Share) else kind.asked)
        for (body, fact, first, last, behind), part in self.kept.items():
            for among in wholes.get(fact, ()):
                whole = self.kept.get((body, among, first, last, behind))
                if whole and part.value is not None and whole.value is not None and part.value > whole.value:
                    yield from self._both(part, whole)

    def _both(self, part: Observation, whole: Observation) -> Iterator[tuple[int, Problem]]:
        """Tell of a part and its whole, either of which may be wrong."""
        less = f"{write_number(part.value or 0)}, more than {whole.fact} of {write_number(whole.value or 0)}"
        what = f"{part.fact} is {less} (line {whole.line})"
        yield part.line, Problem("E327", what, "a part is at most the whole", place=self._place(part.line, "value"))
        what = f"{whole.fact} is less than {part.fact} (line {part.line})"
        yield whole.line, Problem("E327", what, place=self._place(whole.line, "value"))


class _Unusable(ValueError):
    """A row that cannot be used (it is set aside), or not even read as declared (the table is refused)."""

    def __init__(
        self,
        column: str,
        code: str,
        what: str,
        expected: str | None = None,
        near: str | None = None,
        *,
        unreadable: bool = False,
    ) -> None:
        super().__init__(what)
        self.column, self.code, self.what, self.expected = column, code, what, expected
        self.near, self.unreadable = near, unreadable


def kinds_of_facts(campaign: Campaign) -> dict[str, tuple[Indicator, ...]]:
    """Give, for each id facts can be reported under, the indicators that say how they are written.

    A part of a ratio is a count, with the time of the ratio it belongs to; it may belong to several.
    """
    kinds: dict[str, tuple[Indicator, ...]] = {}
    for indicator in campaign.indicators:
        names = [name for name in indicator.inputs if name not in campaign.indicator] or [indicator.id]
        if indicator.time is not None:
            kinds.update((name, (*kinds.get(name, ()), indicator)) for name in names)
    return kinds


def _is_made_up(text: str) -> bool:
    if text not in ("yes", "no"):
        raise _Unusable("illustrative", "E317", f"illustrative is {text!r}", "yes or no", unreadable=True)
    return text == "yes"


def _state(text: str) -> State:
    for state in _REPORTED:
        if text == state:
            return state
    if text:
        hint = near(text, _REPORTED)
        listed = None if hint else ", ".join(_REPORTED)
        raise _Unusable("state", "E317", f"unknown state {text!r}", listed, hint, unreadable=True)
    return "measured"


def _amount(kind: Indicator, text: str, form: Form) -> Rational:
    """Read a value as its indicator says it is written."""
    match kind.measured_as:
        case YesNo():
            if text.lower() not in _YES_NO:
                raise _Unusable("value", "E317", f"{text!r} is neither yes nor no", "yes or no", unreadable=True)
            return _YES_NO[text.lower()]
        case Milestone():
            try:
                return read_date(text, form).toordinal()
            except ValueError as slip:
                raise _Unusable("value", "E319", str(slip), unreadable=True) from None
        case Level(names):
            if text not in names:
                what = f"{text!r} is no level"
                raise _Unusable("value", "E317", what, ", ".join(names), near(text, names), unreadable=True)
            return names.index(text) + 1
        case _:
            return _checked(kind, text, _number(kind, text, form))


def _number(kind: Indicator, text: str, form: Form) -> Rational:
    try:
        value = read_number(text, form.decimal)
    except NotExact as slip:
        if not any(character.isdigit() for character in text) and slip.code == "E316":
            expected = f"a number; a text that stands for none is declared: missing: [{text}]"
            raise _Unusable("value", "E317", f"no number: {text!r}", expected, unreadable=True) from None
        raise _Unusable("value", slip.code, slip.what, slip.remedy, unreadable=True) from None
    if text.endswith("%") != _in_percent(kind):
        expected = "write the sign %, as 68.91%" if _in_percent(kind) else "a number without the sign %"
        what = f"{text!r} {'lacks' if _in_percent(kind) else 'has'} the sign %"
        raise _Unusable("value", "E314", what, expected, unreadable=True)
    return value


def _in_percent(kind: Indicator) -> bool:
    return isinstance(kind.measured_as, Number) and kind.measured_as.unit.texts[0][1] == "percent"


def _checked(kind: Indicator, text: str, value: Rational) -> Rational:
    """See that a number lies where the indicator's can lie."""
    match kind.measured_as:
        case Count() if not isinstance(value, int) or value < 0:
            raise _Unusable("value", "E326", f"{text} is no count", "a whole number, not negative")
        case Share() | Ratio() | Sample() if value < 0:
            raise _Unusable("value", "E326", f"{text} is negative", "parts of a ratio are not negative")
        case Rank(of) if not isinstance(value, int) or not 1 <= value <= of:
            raise _Unusable("value", "E325", f"{text} is no place among {of}", f"a whole number from 1 to {of}")
    bounds = kind.bounds
    if bounds is not None and not kind.inputs:
        too_low = bounds.from_ is not None and value < bounds.from_
        if too_low or (bounds.to is not None and value > bounds.to):
            raise _Unusable("value", "E325", f"{text} is out of bounds", _said(bounds, percent=_in_percent(kind)))
    return value


def _said(bounds: Bounds, *, percent: bool) -> str:
    """Say where values can lie, as they are written."""

    def written(bound: Rational) -> str:
        return f"{write_number(bound * 100)}%" if percent else write_number(bound)

    least = None if bounds.from_ is None else f"at least {written(bounds.from_)}"
    most = None if bounds.to is None else f"at most {written(bounds.to)}"
    return " and ".join(word for word in (least, most) if word)
