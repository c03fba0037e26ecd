"""Words: phrases, numbers and dates in the reader's language; the phrases are YAML tables beside this room."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import cache
from importlib.resources import files

from attrs import frozen

from emulation.exact import Rational, show, write_number
from emulation.names import Label
from emulation.periods import Span
from emulation.reading.document import read_texts

LANGUAGES = ("en", "vi")
_SHOWN_DECIMALS = 6
_SHOWN_DIGITS = 15  # of a fraction written as n/d


@frozen
class Words:
    """The phrases of one language, by key; ``wide`` is how many cells the reader's page has, where that is known."""

    language: str
    phrases: dict[str, str]
    wide: int | None = None

    def say(self, key: str, **given: object) -> str:
        """Give a phrase with its blanks filled in."""
        return self.phrases[key].format(**given)

    def counted(self, key: str, count: int, **given: object) -> str:
        """Give a phrase about so many things: its form for one, or for many."""
        return self.say(f"{key}.{'one' if count == 1 else 'many'}", count=self.number(count), **given)

    def said(self, key: str) -> str | None:
        """Give a phrase without blanks if there is one."""
        return self.phrases.get(key)

    def label(self, label: Label | None, otherwise: str) -> str:
        """Give a label in this language; an id stands for itself where nothing was written."""
        return otherwise.replace("_", " ") if label is None else label.in_language(self.language)

    def joined(self, parts: Sequence[str], how: str = "and") -> str:
        """Join phrases into one: a, b and c."""
        if len(parts) <= 1:
            return "".join(parts)
        return self.say(f"join.{how}", first=", ".join(parts[:-1]), last=parts[-1])

    # --- numbers

    def number(self, value: Rational, decimals: int | None = None) -> str:
        """Show a number with so many decimals; without, as it is where short, and rounded with a sign where not."""
        if decimals is not None:
            return self._marked(show(value, decimals))
        return self._marked(write_number(value)) if _is_short(value) else "≈" + self._marked(show(value, 4))

    def signed(self, value: Rational) -> str:
        """Show how much more or less something is: +8.32, −4.71, 0; a rounded one as ≈+1.45."""
        shown = self.number(value)
        return shown if value <= 0 else f"≈+{shown[1:]}" if shown.startswith("≈") else f"+{shown}"

    def percent(self, value: Rational, decimals: int | None = 2) -> str:
        """Show a share with the sign %."""
        return self.say("percent", number=self.number(value * 100, decimals))

    def exact(self, value: Rational) -> str:
        """Show a number to reckon with: as a decimal, as n/d where decimals never end, rounded only if very long."""
        written = write_number(value)
        if _is_short(value) or len(written) > _SHOWN_DIGITS:
            return self.number(value)
        return self._marked(written) if "/" not in written else written

    def in_full(self, value: Rational) -> str:
        """Show a number with all its digits, as a decimal or as n/d."""
        written = write_number(value)
        return written if "/" in written else self._marked(written)

    def equals(self, value: Rational) -> str:
        """Show what a reckoning comes to, and whether that is all of it: = 51.675, ≈ 51.6667."""
        shown = self.number(value)
        return f"≈ {shown[1:]}" if shown.startswith("≈") else f"= {shown}"

    def _marked(self, digits: str) -> str:
        """Set the decimal mark, and a group mark from four digits on."""
        mark, group = (",", ".") if self.language == "vi" else (".", ",")
        sign = "−" if digits.startswith("-") else ""
        whole, _, decimals = digits.removeprefix("-").partition(".")
        if len(whole) > 3:  # noqa: PLR2004
            whole = f"{int(whole):,}".replace(",", group)
        return sign + whole + (mark + decimals if decimals else "")

    # --- days

    def date(self, day: date) -> str:
        """Show a date as people write it: 6 Aug 2025, 06/08/2025."""
        if self.language == "vi":
            return f"{day.day:02}/{day.month:02}/{day.year}"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def span(self, span: Span) -> str:
        """Show a stretch of days, or its one day."""
        if span.first == span.last:
            return self.date(span.first)
        return self.say("span", first=self.date(span.first), last=self.date(span.last))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _is_short(value: Rational) -> bool:
    written = write_number(value)
    return "/" not in written and len(written.partition(".")[2]) <= _SHOWN_DECIMALS


@cache
def words(language: str) -> Words:
    """Give the phrases of a language; of English for one that has no table."""
    known = language if language in LANGUAGES else "en"
    table = files("emulation.report").joinpath("phrases", f"{known}.yaml")
    return Words(language, dict(read_texts(table.read_bytes())))
