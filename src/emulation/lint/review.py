"""Lint: what a campaign's rules say that can be computed and yet is ill-formed, unfair or surprising."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from attrs import frozen

from emulation.campaign import Acknowledged, Campaign
from emulation.lint.bands import findings_of_bands
from emulation.lint.catalogue import CATALOGUE, EVIDENCE
from emulation.lint.classes import findings_of_classes
from emulation.lint.dates import findings_of_dates
from emulation.lint.findings import Finding
from emulation.lint.peers import findings_of_peers
from emulation.lint.ranges import Survey
from emulation.lint.ranks import findings_of_ranks
from emulation.lint.rules import findings_of_rules
from emulation.lint.tree import findings_of_tree
from emulation.names import near
from emulation.problems import Problem
from emulation.reading.document import Mapping, place_of

_FAMILIES = (
    findings_of_bands,
    findings_of_rules,
    findings_of_dates,
    findings_of_classes,
    findings_of_tree,
    findings_of_peers,
    findings_of_ranks,
)
_NO_MATCH = "L190"


@frozen
class Settled:
    """A finding that the campaign knows and means, and why."""

    finding: Finding
    because: str


def findings(campaign: Campaign) -> tuple[Finding, ...]:
    """Give all that is odd in a campaign's rules, in the order of the codes; a place and a code are told once.

    Where rules change during the campaign, each edition is looked at.

    >>> from emulation.reading.campaign_file import load_campaign
    >>> [finding.code for finding in findings(load_campaign("campaigns/hau-giang-2024"))]
    ['L121', 'L121']
    """
    editions = [edition for _, edition in campaign.editions] or [campaign]
    found: dict[tuple[str, str], Finding] = {}
    for edition in editions:
        survey = Survey(edition)
        for family in _FAMILIES:
            for finding in family(survey):
                found.setdefault((finding.code, finding.at), finding)
    every = sorted(found.values(), key=lambda finding: finding.code)
    return (*every, *_unmatched(campaign, every))


def unacknowledged(campaign: Campaign, found: Iterable[Finding]) -> tuple[Finding, ...]:
    """Give the findings that the campaign does not settle by ``acknowledge``."""
    return tuple(finding for finding in found if _settling(campaign, finding) is None)


def settled(campaign: Campaign, found: Iterable[Finding]) -> tuple[Settled, ...]:
    """Give the findings that the campaign settles, each with its reason."""
    pairs = ((finding, _settling(campaign, finding)) for finding in found)
    return tuple(Settled(finding, one.because) for finding, one in pairs if one is not None)


def in_place(found: Iterable[Finding], document: Mapping) -> tuple[Finding, ...]:
    """Give findings with the places they were written at."""
    return tuple(finding.put(place_of(document, finding.path)) for finding in found)


def as_problem(finding: Finding) -> Problem:
    """Give a finding as a problem, to be reported with its line like any other."""
    because = f": {finding.because}" if finding.because else ""
    remedy = f"{finding.remedy}; or acknowledge it, at: {finding.at}"
    return Problem(finding.code, f"{finding.what}{because}", remedy, None, finding.path, finding.place)


def _settling(campaign: Campaign, finding: Finding) -> Acknowledged | None:
    return next((one for one in campaign.acknowledge if _matches(one, finding)), None)


def _matches(acknowledged: Acknowledged, finding: Finding) -> bool:
    at = acknowledged.at
    return acknowledged.finding == finding.code and (at is None or f"{finding.at}.".startswith(f"{at}."))


def _unmatched(campaign: Campaign, found: Iterable[Finding]) -> Iterator[Finding]:
    """Find acknowledgements of what is not found: a rule has changed, or a code or a place is misspelt."""
    every = tuple(found)
    for number, one in enumerate(campaign.acknowledge):
        known_by_figures = one.finding in EVIDENCE  # which are found where there are any
        if one.finding == _NO_MATCH or known_by_figures or any(_matches(one, finding) for finding in every):
            continue
        elsewhere = [finding.at for finding in every if finding.code == one.finding]
        where = f" at {one.at}" if one.at else ""
        known = f"{one.finding} is found at {', '.join(elsewhere)}" if elsewhere else None
        hint = near(one.finding, CATALOGUE)
        yield Finding(
            _NO_MATCH,
            f"{one.finding}{where} is acknowledged and not found",
            ("acknowledge", str(number)),
            known or (None if one.finding in CATALOGUE else f"there is no such finding; {hint} is the nearest"),
            "take it out, or correct what it names",
        )
