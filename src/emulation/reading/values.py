"""Values: cells to exact values and states, as the indicator says they are written."""

from __future__ import annotations

from datetime import date

from emulation.campaign import Campaign
from emulation.exact import NotExact, Rational, divide, read_number, write_number
from emulation.indicators import (
    Bounds,
    Count,
    Indicator,
    Level,
    Milestone,
    Number,
    Rank,
    Ratio,
    Sample,
    Share,
    YesNo,
)
from emulation.names import near
from emulation.observations import STATES, State
from emulation.reading.tables import Form, may_part_thousands, read_date

_REPORTED = tuple(state for state in STATES if state != "zero_denominator")  # which comes of dividing
_YES_NO = {"yes": 1, "no": 0, "có": 1, "không": 0}


class Unusable(ValueError):
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


def read_day(text: str, column: str, form: Form) -> date:
    """Read the day in a cell of a column; raise `Unusable` for an empty one, and for what is no day."""
    if not text:
        what = f"the column {column!r} is empty"
        raise Unusable(column, "E319", what, "the day the fact is about, or the last of its days", unreadable=True)
    try:
        return read_date(text, form)
    except ValueError as slip:
        raise Unusable(column, "E319", str(slip), unreadable=True) from None


def yes_or_no(text: str, column: str) -> int:
    """Read yes as 1 and no as 0, in English or Vietnamese."""
    if text.lower() not in _YES_NO:
        raise Unusable(column, "E317", f"{text!r} is neither yes nor no", "yes or no", unreadable=True)
    return _YES_NO[text.lower()]


def is_made_up(text: str) -> bool:
    """Read whether a figure is made up."""
    if text not in ("yes", "no"):
        raise Unusable("illustrative", "E317", f"illustrative is {text!r}", "yes or no", unreadable=True)
    return text == "yes"


def state_of(text: str) -> State:
    """Read a state; an empty cell says that there is a value."""
    for state in _REPORTED:
        if text == state:
            return state
    if text:
        hint = near(text, _REPORTED)
        listed = None if hint else ", ".join(_REPORTED)
        raise Unusable("state", "E317", f"unknown state {text!r}", listed, hint, unreadable=True)
    return "measured"


def takes_any_count(kind: Indicator) -> bool:
    """Say whether every whole number >= 0 can be reported, so that no more need be asked of one written in digits."""
    if kind.inputs:
        return True
    bounds = kind.bounds or Bounds()
    return (
        (isinstance(kind.measured_as, Count) or (isinstance(kind.measured_as, Number) and not _in_percent(kind)))
        and bounds.to is None
        and (bounds.from_ is None or bounds.from_ <= 0)
    )


def amount_of(kind: Indicator, text: str, form: Form) -> Rational:
    """Read a value as its indicator says it is written."""
    match kind.measured_as:
        case YesNo():
            return yes_or_no(text, "value")
        case Milestone():
            try:
                return read_date(text, form).toordinal()
            except ValueError as slip:
                raise Unusable("value", "E319", str(slip), unreadable=True) from None
        case Level(names):
            if text not in names:
                what = f"{text!r} is no level"
                raise Unusable("value", "E317", what, ", ".join(names), near(text, names), unreadable=True)
            return names.index(text) + 1
        case _:
            return _checked(kind, text, _number(kind, text, form))


def _number(kind: Indicator, text: str, form: Form) -> Rational:
    if isinstance(kind.measured_as, Count | Share) and may_part_thousands(text, form.decimal):
        what = f"{text!r}, which may be thousands or a decimal"
        expected = f"a count without a mark, as 1000; a decimal with one more 0, as {text}0"
        raise Unusable("value", "E313", what, expected, unreadable=True)
    try:
        value = read_number(text, form.decimal)
    except NotExact as slip:
        if _is_day(text, form):
            raise Unusable("value", "E413", f"a day and no number: {text}", "a number", unreadable=True) from None
        if not any(character.isdigit() for character in text) and slip.code == "E316":
            expected = f"a number; a text that stands for none is declared: missing: [{text}]"
            raise Unusable("value", "E317", f"no number: {text!r}", expected, unreadable=True) from None
        raise Unusable("value", slip.code, slip.what, slip.remedy, unreadable=True) from None
    if _in_percent(kind) and form.percent != "sign" and not text.endswith("%"):
        return divide(value, 100) if form.percent == "points" else value
    if text.endswith("%") != _in_percent(kind):
        expected = "write the sign %, as 68.91%" if _in_percent(kind) else "a number without the sign %"
        what = f"{text!r} {'lacks' if _in_percent(kind) else 'has'} the sign %"
        raise Unusable("value", "E314", what, expected, unreadable=True)
    return value


def _is_day(text: str, form: Form) -> bool:
    try:
        read_date(text, form)
    except ValueError:
        return False
    return True


def _in_percent(kind: Indicator) -> bool:
    return isinstance(kind.measured_as, Number) and kind.measured_as.unit.texts[0][1] == "percent"


def _checked(kind: Indicator, text: str, value: Rational) -> Rational:
    """See that a number lies where the indicator's can lie."""
    match kind.measured_as:
        case Count() if not isinstance(value, int) or value < 0:
            raise Unusable("value", "E326", f"{text} is no count", "a whole number, not negative")
        case Share() | Ratio() | Sample() if value < 0:
            raise Unusable("value", "E326", f"{text} is negative", "parts of a ratio are not negative")
        case Rank(of) if not isinstance(value, int) or not 1 <= value <= of:
            raise Unusable("value", "E325", f"{text} is no place among {of}", f"a whole number from 1 to {of}")
    bounds = kind.bounds
    if bounds is not None and not kind.inputs:
        too_low = bounds.from_ is not None and value < bounds.from_
        if too_low or (bounds.to is not None and value > bounds.to):
            raise Unusable("value", "E325", f"{text} is out of bounds", _said(bounds, percent=_in_percent(kind)))
    return value


def _said(bounds: Bounds, *, percent: bool) -> str:
    """Say where values can lie, as they are written."""

    def written(bound: Rational) -> str:
        return f"{write_number(bound * 100)}%" if percent else write_number(bound)

    least = None if bounds.from_ is None else f"at least {written(bounds.from_)}"
    most = None if bounds.to is None else f"at most {written(bounds.to)}"
    return " and ".join(word for word in (least, most) if word)
