"""Facts: rows of a table to observations; what cannot be used is set aside with its reason, and every row counted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from pathlib import Path as FilePath

from emulation.campaign import Campaign
from emulation.exact import NotExact, Rational, read_number
from emulation.indicators import (
    At,
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
from emulation.names import ParticipantId, near
from emulation.observations import STATES, Bound, Observation, Observations, State, Tally, Written
from emulation.periods import Span
from emulation.problems import Place, Problem, Refused
from emulation.reading.tables import Form, Table, read_csv, read_date

COLUMNS = ("participant", "indicator", "from", "to", "value", "state", "source", "illustrative")
_NEEDED = ("participant", "indicator", "to", "value")
_YES_NO = {"yes": 1, "no": 0, "có": 1, "không": 0}
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
    _check_header(table)
    reader = _Facts(table, campaign, form_of(campaign.observations))
    reader.read()
    if reader.unreadable:
        raise Refused(reader.unreadable)
    return reader.observations()


def _check_header(table: Table) -> None:
    place = Place(table.file, 1)
    missing = [
        Problem(
            "E311",
            f"there is no column {column!r}",
            f"{', '.join(_NEEDED)} are needed",
            near(column, table.header),
            place=place,
        )
        for column in _NEEDED
        if column not in table.header
    ]
    unknown = [
        Problem(
            "E315",
            f"unknown column {column!r}",
            f"its columns are {', '.join(COLUMNS)}",
            near(column, COLUMNS),
            place=place,
        )
        for column in table.header
        if column not in COLUMNS
    ]
    if missing or unknown:
        raise Refused([*missing, *unknown])


class _Facts:
    """Reads row by row; what rows have in common (a date, a participant) is looked up once."""

    def __init__(self, table: Table, campaign: Campaign, form: Form) -> None:
        self.table, self.campaign, self.form = table, campaign, form
        self.unreadable: list[Problem] = []
        self.set_aside: list[Problem] = []
        self.kept: dict[tuple[str, str, date, date], Observation] = {}
        self.count = self.unchanged = 0
        self._spans: dict[tuple[str, str], Span] = {}
        self._values: dict[tuple[str, str], tuple[Rational | None, State, Bound | None]] = {}
        self._kinds = kinds_of_facts(campaign)

    def read(self) -> None:
        at = {column: self.table.header.index(column) if column in self.table.header else None for column in COLUMNS}
        first, of, start, end, value, state, source, made_up = (at[column] for column in COLUMNS)
        for line, cells in self.table.lines():
            self.count += 1
            try:
                self._keep(
                    line,
                    cells[first or 0],
                    cells[of or 0],
                    cells[start] if start is not None else "",
                    cells[end or 0],
                    cells[value or 0],
                    cells[state] if state is not None else "",
                    cells[source] if source is not None else "",
                    cells[made_up] if made_up is not None else "",
                )
            except _Unusable as slip:
                column = at[slip.column]
                place = self.table.place(line, column if column is not None else 0)
                problem = Problem(slip.code, slip.what, slip.expected, slip.near, place=place)
                (self.unreadable if slip.unreadable else self.set_aside).append(problem)

    def _keep(
        self,
        line: int,
        participant: str,
        fact: str,
        start: str,
        end: str,
        value: str,
        state: str,
        source: str,
        made_up: str,
    ) -> None:
        if participant not in self.campaign.participants.by_id:
            near_one = self.campaign.participants.nearest(participant)
            raise _Unusable("participant", "E318", f"unknown participant {participant!r}", near=near_one)
        kind = self._kinds.get(fact)
        if kind is None:
            raise _Unusable("indicator", "E135", f"unknown indicator {fact!r}", near=near(fact, self._kinds))
        span = self._span(start, end)
        key = (value, fact) if not state or state == "measured" else (f"={state}", value)
        found = self._values.get(key)
        if found is None:
            found = self._values[key] = self._value(kind, value, state)
        amount, stands, bound = found
        self._check_days(kind, span)
        if made_up not in ("", "yes", "no"):
            raise _Unusable("illustrative", "E317", f"illustrative is {made_up!r}", "yes or no", unreadable=True)
        one = Observation(
            ParticipantId(participant),
            fact,
            span,
            amount,
            stands,
            bound,
            source or None,
            made_up == "yes",
            self.table.file,
            line,
        )
        self._add(one)

    def _add(self, one: Observation) -> None:
        key = (one.participant, one.fact, one.span.first, one.span.last)
        earlier = self.kept.setdefault(key, one)
        if earlier is one:
            return
        if (earlier.value, earlier.state, earlier.bound) == (one.value, one.state, one.bound):
            self.unchanged += 1
            return
        what = f"{one.fact} of {one.participant} is reported twice with unlike values, first on line {earlier.line}"
        raise _Unusable("value", "E320", what, "one value for the same days", unreadable=True)

    def _span(self, start: str, end: str) -> Span:
        found = self._spans.get((start, end))
        if found is None:
            last = self._day(end, "to")
            first = self._day(start, "from") if start else last
            if last < first:
                raise _Unusable("from", "E319", f"the days end before they begin: {start} to {end}", unreadable=True)
            found = self._spans[start, end] = Span(first, last)
        return found

    def _day(self, text: str, column: str) -> date:
        try:
            return read_date(text, self.form)
        except ValueError as slip:
            raise _Unusable(column, "E319", str(slip), unreadable=True) from None

    def _value(self, kind: Indicator, text: str, state: str) -> tuple[Rational | None, State, Bound | None]:
        stands = _state(state)
        if text in self.form.missing or (not text and stands == "measured"):
            if text == "" and "" not in self.form.missing:
                raise _Unusable(
                    "value",
                    "E317",
                    "an empty value",
                    'a value, a state, or declare "" as missing',
                    unreadable=True,
                )
            return None, "missing", None
        if stands != "measured":
            if text:
                raise _Unusable(
                    "value",
                    "E317",
                    f"a value beside the state {state!r}",
                    "either a value or a state",
                    unreadable=True,
                )
            return None, stands, None
        bound = _SIGNS.get(text[0]) if isinstance(kind.measured_as, Count | Number | Share | Ratio | Sample) else None
        if bound and kind.censored is None:
            raise _Unusable(
                "value",
                "E316",
                f"{text!r} is a bound",
                "declare what it counts as: censored",
                unreadable=True,
            )
        amount = _amount(kind, text[1:].strip() if bound else text, self.form)
        return amount, "measured", bound

    def _check_days(self, kind: Indicator, span: Span) -> None:
        """See that a flow lies inside the window it is summed over."""
        if isinstance(kind.time, Over):
            window = self.campaign.timetable.span(kind.time.window)
            if not window.holds(span):
                what = f"{span.first} to {span.last} is not inside {window.first} to {window.last}"
                raise _Unusable("to", "E324", what, "the days the indicator is summed over")
        elif isinstance(kind.time, At) and span.first != span.last:
            raise _Unusable("from", "E324", "a stock is about one day", "from and to on the same day, or no from")

    def observations(self) -> Observations:
        """Give what was read: facts that can be used, rows set aside, and the tally that accounts for every row."""
        overlapping = dict(_overlapping(self.kept.values()))
        beyond = dict(self._beyond_the_whole())
        lines = {**overlapping, **beyond}
        self.set_aside.extend(lines.values())
        kept = tuple(one for one in self.kept.values() if one.line not in lines)
        rejected = self.count - len(kept) - self.unchanged
        tally = Tally(self.count, len(kept), 0, self.unchanged, rejected)
        return Observations(kept, tuple(self.set_aside), tally)

    def _beyond_the_whole(self) -> Iterator[tuple[int, Problem]]:
        """Find parts of a whole that are more than the whole they are counted among."""
        for indicator in self.campaign.indicators:
            if not isinstance(indicator.measured_as, Share | Sample):
                continue
            of = indicator.measured_as.of
            among = (
                indicator.measured_as.among if isinstance(indicator.measured_as, Share) else indicator.measured_as.asked
            )
            for (body, fact, first, last), part in self.kept.items():
                whole = self.kept.get((body, among, first, last)) if fact == of else None
                if whole is not None and (part.value or 0) > (whole.value or 0) and whole.value is not None:
                    what = f"{of} is {part.value} and more than {among}, which is {whole.value} (line {whole.line})"
                    place = Place(self.table.file, part.line)
                    yield part.line, Problem("E327", what, "a part is at most the whole", place=place)
                    yield (
                        whole.line,
                        Problem(
                            "E327",
                            f"{among} is less than {of} (line {part.line})",
                            place=Place(self.table.file, whole.line),
                        ),
                    )


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


def kinds_of_facts(campaign: Campaign) -> dict[str, Indicator]:
    """Give, for each id facts can be reported under, the indicator that says how they are written.

    A part of a ratio is a count, with the time of the ratio it belongs to.
    """
    kinds: dict[str, Indicator] = {}
    for indicator in campaign.indicators:
        if indicator.time is None:
            continue
        for name in indicator.inputs:
            if name not in campaign.indicator:
                kinds[name] = indicator
        if not indicator.inputs:
            kinds[indicator.id] = indicator
    return kinds


def _state(text: str) -> State:
    for state in STATES:
        if text == state:
            return state
    if text:
        raise _Unusable(
            "state", "E317", f"unknown state {text!r}", ", ".join(STATES), near(text, STATES), unreadable=True
        )
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
                raise _Unusable(
                    "value",
                    "E317",
                    f"{text!r} is no level",
                    ", ".join(names),
                    near(text, names),
                    unreadable=True,
                )
            return names.index(text) + 1
        case _:
            return _checked(kind, text, _number(kind, text, form))


def _number(kind: Indicator, text: str, form: Form) -> Rational:
    percent = isinstance(kind.measured_as, Number) and kind.measured_as.unit.texts[0][1] == "percent"
    if text.endswith("%") != percent:
        expected = "write the sign %, as 68.91%" if percent else "a number without the sign %"
        raise _Unusable(
            "value", "E314", f"{text!r} {'lacks' if percent else 'has'} the sign %", expected, unreadable=True
        )
    try:
        return read_number(text, form.decimal)
    except NotExact as slip:
        raise _Unusable("value", slip.code, slip.what, slip.remedy, unreadable=True) from None


def _checked(kind: Indicator, text: str, value: Rational) -> Rational:
    """See that a number lies where the indicator's can lie."""
    match kind.measured_as:
        case Count() if not isinstance(value, int) or value < 0:
            raise _Unusable("value", "E326", f"{text} is no count", "a whole number, not negative")
        case Share() | Ratio() | Sample() if value < 0:
            raise _Unusable("value", "E326", f"{text} is negative", "parts of a ratio are not negative")
        case Rank(of) if not isinstance(value, int) or not 1 <= value <= of:
            raise _Unusable("value", "E325", f"{text} is no place among {of}")
    bounds = kind.bounds
    if bounds is not None and not kind.inputs:
        too_low = bounds.from_ is not None and value < bounds.from_
        if too_low or (bounds.to is not None and value > bounds.to):
            raise _Unusable("value", "E325", f"{text} is out of bounds", f"from {bounds.from_} to {bounds.to}")
    return value


def _overlapping(observations: Iterable[Observation]) -> Iterator[tuple[int, Problem]]:
    """Find flows reported for the same days twice, which a sum would count double."""
    reported: dict[tuple[str, str], list[Observation]] = {}
    for one in observations:
        reported.setdefault((one.participant, one.fact), []).append(one)
    for several in reported.values():
        if len(several) > 1:
            yield from _overlapping_days(sorted(several, key=lambda one: (one.span, one.line)))


def _overlapping_days(in_order: Sequence[Observation]) -> Iterator[tuple[int, Problem]]:
    latest = in_order[0]
    for one in in_order[1:]:
        if latest.span.meets(one.span):
            what = f"{one.fact} of {one.participant} is reported for days that line {latest.line} reports too"
            yield one.line, Problem("E329", what, "each day once", place=Place(one.file, one.line))
        else:
            latest = one
