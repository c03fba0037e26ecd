"""Findings: what lint says of a rule, the kinds of it there are, and how it spells figures."""

from __future__ import annotations

from collections.abc import Sequence

from attrs import evolve, frozen

from emulation.campaign import Campaign
from emulation.exact import Rational, show, write_number
from emulation.indicators import Level, Milestone, Number, Ratio, Sample, Share, YesNo
from emulation.names import IndicatorId
from emulation.participants import Participant
from emulation.problems import Path, Place

_SHORT = 10
_FEW = 3


@frozen
class Finding:
    """A rule that can be computed and yet may surprise: what it is, what follows from it, and what could be done.

    >>> print(Finding("L151", "the weight of extra is 0", ("criteria", "extra"), None, "give it a weight"))
    criteria.extra L151 the weight of extra is 0; give it a weight
    """

    code: str
    what: str
    path: Path
    because: str | None
    remedy: str
    place: Place | None = None

    @property
    def at(self) -> str:
        """Where it is, as a campaign's ``acknowledge`` names it."""
        return ".".join(self.path)

    def __str__(self) -> str:
        where = f"{self.place} {self.at}" if self.place else self.at
        because = f": {self.because}" if self.because else ""
        return f"{where} {self.code} {self.what}{because}; {self.remedy}".strip()

    def put(self, place: Place | None) -> Finding:
        """Give the same finding with the place it was written at."""
        return evolve(self, place=place)


@frozen
class Kind:
    """A kind of finding: what it means, why it matters, what to do, and an example of a rule that has it."""

    code: str
    title: str
    means: str
    matters: str
    remedy: str
    example: str


def figure(value: Rational) -> str:
    """Spell a number: exactly where that is short, else with two decimals.

    >>> from emulation.exact import divide
    >>> figure(divide(171, 2)), figure(divide(2, 3))
    ('85.5', 'about 0.67')
    """
    exact = write_number(value)
    return exact if "/" not in exact and len(exact) <= _SHORT else f"about {show(value, 2)}"


def percent(value: Rational) -> str:
    """Spell a share."""
    return f"{figure(value * 100)} %"


def is_share(campaign: Campaign, id: IndicatorId) -> bool:
    """Say whether an indicator is written with the sign %."""
    match campaign.indicator[id].measured_as:
        case Share() | Ratio() | Sample():
            return True
        case Number(unit):
            return any(text == "percent" for _, text in unit.texts)
        case _:
            return False


def spelt(campaign: Campaign, id: IndicatorId, value: Rational | None) -> str:
    """Spell an indicator's value as its people would."""
    if value is None:
        return "not reported"
    match campaign.indicator[id].measured_as:
        case YesNo():
            return "yes" if value else "no"
        case Level(names):
            return names[int(value) - 1]
        case Milestone(counted_in=counted_in):
            away = f"{figure(max(value, -value))} {counted_in}"
            return "on the day" if value == 0 else f"{away} late" if value > 0 else f"{away} early"
        case _:
            return percent(value) if is_share(campaign, id) else figure(value)


def listed(words: Sequence[str]) -> str:
    """Join words: ``a, b and c``.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def named_few(bodies: Sequence[Participant]) -> str:
    """Name a few participants, and count the others."""
    names = [body.name for body in bodies[:_FEW]]
    return listed(names) if len(bodies) <= _FEW else f"{', '.join(names)} and {len(bodies) - _FEW} more"
