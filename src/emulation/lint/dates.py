"""Dates: lint of days, and of titles that say other days or numbers than the rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from emulation.campaign import Campaign
from emulation.conditions import Children, Compare
from emulation.exact import Rational, read_number
from emulation.grammar import word_for
from emulation.indicators import Milestone
from emulation.limits import Between
from emulation.lint.findings import Finding, figure, percent
from emulation.lint.ranges import Survey, numeric
from emulation.periods import Window
from emulation.problems import Path
from emulation.targets import Target

_WORDS = {
    "ten": 10,
    "fifteen": 15,
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "forty-five": 45,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "a hundred": 100,
    "one hundred": 100,
    "mười": 10,
    "mười lăm": 15,
    "hai mươi": 20,
    "ba mươi": 30,
    "bốn mươi": 40,
    "bốn mươi lăm": 45,
    "năm mươi": 50,
    "sáu mươi": 60,
    "bảy mươi": 70,
    "tám mươi": 80,
    "chín mươi": 90,
    "một trăm": 100,
}
_NUMBER = "|".join([r"\d{1,4}", *sorted(_WORDS, key=len, reverse=True)])
_DAYS = re.compile(rf"(?<!\w)({_NUMBER})[ -](working[ -])?(?:days?|ngày)(?!\w)( làm việc)?", re.IGNORECASE)
_PERCENT = re.compile(r"(\d+(?:[.,]\d+)?) ?%")
_SAYS = {
    word: re.compile(pattern, re.IGNORECASE)
    for word, pattern in (
        ("at_least", r"\b(?:at least|no less than|tối thiểu|ít nhất|không dưới)\b|\d ?% (?:or more|trở lên)"),
        ("above", r"\b(?:above|over|more than|hơn|trên) (?=\d)"),
        ("at_most", r"\b(?:at most|no more than|tối đa|không quá)\b"),
        ("below", r"\b(?:below|under|(?<!no )less than|(?<!không )dưới) (?=\d)"),
    )
}


def findings_of_dates(survey: Survey) -> Iterator[Finding]:
    """Find days and titles that do not agree with the rules."""
    campaign = survey.campaign
    yield from _named_days(campaign)
    if campaign.announced_on is not None and campaign.announced_on > campaign.period.from_:
        late = (campaign.announced_on - campaign.period.from_).days
        yield Finding(
            "L122",
            f"announced on {campaign.announced_on}, and counted from {campaign.period.from_}",
            ("announced_on",),
            f"what was done on {late} days before the announcement counts, and nobody could know",
            "begin the period on the day of the announcement or later, or acknowledge it",
        )
    yield from _outside(campaign)
    for target in campaign.targets:
        yield from _titled(target)


# --- days --------------------------------------------------------------------------------------------------------


def _named_days(campaign: Campaign) -> Iterator[Finding]:
    span = campaign.timetable.period
    workdays = campaign.calendar.workdays_between(span.first, span.last) + _is_workday(campaign, span.first)
    for language, text in campaign.title.texts:
        for said, before, after in _DAYS.findall(text):
            number = _WORDS.get(said.lower()) or int(said)
            kind, found = ("working days", workdays) if before or after else ("days", span.days)
            if number != found:
                yield Finding(
                    "L121",
                    f"the title says {said} {kind}, and the period has {found}",
                    ("title", language) if language else ("title",),
                    f"from {span.first} to {span.last}, both counted, are {found} {kind}",
                    "correct the period (to is inclusive, before is not), or acknowledge that it is only a name",
                )


def _is_workday(campaign: Campaign, day: date) -> bool:
    return campaign.calendar.workday(day, 1) == day


def _outside(campaign: Campaign) -> Iterator[Finding]:
    """Find days that lie outside the period."""
    span = campaign.timetable.period
    for day, what, path in _days(campaign):
        if not span.first <= day <= span.last:
            when = "after the period has ended" if day > span.last else "before the period begins"
            yield Finding(
                "L123",
                f"{what} is {day}, {when}",
                path,
                f"the period is from {span.first} to {span.last}",
                "correct the day or the period; a later goal is a horizon: true",
            )


def _days(campaign: Campaign) -> Iterator[tuple[date, str, Path]]:
    """Give the days that ought to lie inside the period."""
    for target in campaign.targets:
        if target.deadline is not None and not target.horizon:
            path = ("targets", target.id, word_for(type(target.deadline)))
            yield target.deadline.last, f"the last day of {target.id}", path
    for id, span in campaign.timetable.rounds:
        yield span.first, f"the first day of {id}", ("rounds", id)
        yield span.last, f"the last day of {id}", ("rounds", id)
    for indicator in campaign.indicators:
        if isinstance(indicator.measured_as, Milestone):
            due = indicator.measured_as.due
            last = due.span(campaign.calendar).last if isinstance(due, Window) else due
            yield last, f"the due day of {indicator.id}", ("indicators", indicator.id, "milestone", "due")
    if campaign.as_of is not None and campaign.as_of < campaign.timetable.period.first:
        yield campaign.as_of, "as_of", ("as_of",)


# --- titles against rules ----------------------------------------------------------------------------------------


def _titled(target: Target) -> Iterator[Finding]:
    """Find a target whose title says another number, or another side of it, than its condition."""
    condition = target.condition
    limit = condition.limit if isinstance(condition, Compare | Children) else None
    bound = None if limit is None or isinstance(limit, Between) else numeric(limit.bound)
    if limit is None or bound is None or target.title is None:
        return
    word = word_for(type(limit))
    for language, text in target.title.texts:
        path: Path = ("targets", target.id, "title", *([language] if language else []))
        numbers = [read_number(f"{said.replace(',', '.')}%") for said in _PERCENT.findall(text)]
        if numbers and bound not in numbers:
            yield _wording(f"the title of {target.id} says {text!r}", f"its condition says {_told(bound)}", path)
        said = {side for side, pattern in _SAYS.items() if pattern.search(text)}
        if len(said) > 1:
            both = " and ".join(sorted(said))
            yield _wording(f"the title of {target.id} says {text!r}", f"which can be read as {both}", path)
        elif said and word not in said:
            yield _wording(f"the title of {target.id} says {text!r}", f"its condition says {word} {_told(bound)}", path)


def _told(bound: Rational) -> str:
    return percent(bound) if 0 < bound <= 1 else figure(bound)


def _wording(what: str, because: str, path: Path) -> Finding:
    return Finding("L111", what, path, because, "let the title and the condition say the same")
