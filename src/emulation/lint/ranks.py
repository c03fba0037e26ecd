"""Ranks: lint of standings and awards: unequal maxima, tie-breaks, quotas and their borders."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from emulation.awards import Award, Places, UpTo
from emulation.campaign import Campaign
from emulation.criteria import TOTAL
from emulation.exact import Rational, rounded
from emulation.gaps import Unrank
from emulation.indicators import Count, Share
from emulation.lint.findings import Finding, figure, listed, named_few, percent
from emulation.lint.ranges import Survey, most_of, named
from emulation.observations import STATES
from emulation.participants import Participant
from emulation.standings import Indicator_, Key, Points, Standing

_COARSE = 1000


def findings_of_ranks(survey: Survey) -> Iterator[Finding]:
    """Find what is odd in places and prizes."""
    campaign = survey.campaign
    for standing in campaign.standings:
        yield from _unequal(survey, standing)
        yield from _by_size(campaign, standing)
        yield from _idle(standing)
        yield from _rounded_on_the_way(survey, standing)
    for award in campaign.awards:
        order = next((one for one in campaign.standings if one.id == award.standing), None)
        yield from _moving_base(campaign, award)
        yield from _who_wins(campaign, award, order)
        yield from _border(award, order)


# --- standings -----------------------------------------------------------------------------------------------------


def _unequal(survey: Survey, standing: Standing) -> Iterator[Finding]:
    """Find points with different maxima that are ranked together."""
    campaign, bodies = survey.campaign, survey.campaign.participants.selected(standing.for_)
    for number, key in enumerate(standing.by):
        if not isinstance(key.of, Points):
            continue
        found: dict[Rational, list[Participant]] = {}
        for body in bodies:
            if (most := most_of(campaign, named(campaign, key.of.criterion, body), body)) is not None:
                found.setdefault(most, []).append(body)
        if len(found) > 1:
            told = [f"{figure(most)} for {named_few(members)}" for most, members in sorted(found.items(), reverse=True)]
            yield Finding(
                "L157",
                f"{standing.id} ranks bodies with different maxima of {key.of.criterion}",
                ("standings", standing.id, "by", str(number)),
                f"the most there is to earn is {listed(told)}",
                "rank each kind in its own standing, or scale to one maximum (scale_to)",
            )


def _by_size(campaign: Campaign, standing: Standing) -> Iterator[Finding]:
    """Find tie-breaks that count, where counts grow with the size of the body."""
    steps = [(one, ("by", str(number))) for number, one in enumerate(standing.by) if number]
    steps += [(one, ("then", str(number))) for number, one in enumerate(standing.then) if isinstance(one, Key)]
    for step, path in steps:
        if isinstance(step.of, Indicator_) and isinstance(campaign.indicator[step.of.id].measured_as, Count):
            id = step.of.id
            share = next((one.id for one in campaign.indicators if _is_share_of(one.measured_as, id)), None)
            yield Finding(
                "L181",
                f"ties in {standing.id} are broken by {id}, which is a count",
                ("standings", standing.id, *path),
                "of two bodies that did equally well, the larger one stands before",
                f"break ties by {share}" if share else f"break ties by the share of {id} among all",
            )


def _is_share_of(source: object, id: str) -> bool:
    return isinstance(source, Share) and source.of == id


def _idle(standing: Standing) -> Iterator[Finding]:
    """Find tie-breaks that have been compared before."""
    seen = list(standing.by)
    for number, step in enumerate(standing.then):
        if isinstance(step, Key):
            if step in seen:
                yield Finding(
                    "L185",
                    f"step {number + 1} of then in {standing.id} compares what was compared before",
                    ("standings", standing.id, "then", str(number)),
                    "those who are tied there are tied here too",
                    "take it out, or break ties by something else",
                )
            seen.append(step)


def _rounded_on_the_way(survey: Survey, standing: Standing) -> Iterator[Finding]:
    """Find ranks by totals of rounded parts, where the rounding is coarse."""
    campaign, bodies = survey.campaign, survey.campaign.participants.selected(standing.for_)
    decimals = campaign.rounding.points
    ranks_total = any(key.of == Points(TOTAL) for key in standing.by)
    if decimals is None or campaign.rounding.decide_on != "rounded" or not ranks_total or not bodies:
        return
    most = most_of(campaign, named(campaign, TOTAL, bodies[0]), bodies[0])
    count = sum(one.is_leaf and bodies[0] in survey.bodies[one.id] for one in campaign.criterion.values())
    moved = Fraction(count, 2 * 10**decimals)
    if most is not None and moved * _COARSE >= most:
        yield Finding(
            "L135",
            f"{standing.id} ranks totals of {count} parts that are rounded to {decimals} decimals before",
            ("rounding", "points"),
            f"a total can be off by {figure(moved)} of {figure(most)}, so that two bodies {figure(moved)} apart"
            " can stand in the wrong order",
            "round the total only, or decide_on: exact",
        )


# --- awards --------------------------------------------------------------------------------------------------------


def _moving_base(campaign: Campaign, award: Award) -> Iterator[Finding]:
    """Find a quota whose base changes with the results it rewards."""
    if not isinstance(award.quota, UpTo):
        return
    size = len(campaign.participants.selected(award.for_))
    all_, half = (_quota(award.quota, base) for base in (size, size // 2))
    told = f"with {size} {award.quota.of} it is {all_}, with {size // 2} it is {half}"
    if award.quota.of == "eligible" and award.needs is not None:
        what = "is a share of the eligible, and who is eligible depends on the results"
    elif award.quota.of == "ranked" and _unranks(campaign):
        what = "is a share of the ranked, and whoever does not report leaves the ranking"
    else:
        return
    yield Finding(
        "L108",
        f"the quota of {award.id} {what}",
        ("awards", award.id, "up_to", "of"),
        told,
        "name a base that is fixed beforehand (of: participants), or acknowledge that it moves",
    )


def _unranks(campaign: Campaign) -> bool:
    gaps = [one.gap(state) or campaign.gaps.of(state) for one in campaign.criterion.values() for state in STATES]
    return any(isinstance(gap, Unrank) for gap in gaps)


def _quota(quota: UpTo, base: int) -> int:
    return int(rounded(Fraction(quota.share) * base, 0, quota.round))


def _who_wins(campaign: Campaign, award: Award, standing: Standing | None) -> Iterator[Finding]:
    """Find an award for nobody, or for everybody."""
    bodies = campaign.participants.selected(award.for_)
    if standing is None:
        if award.needs is None:
            yield _won(award, "everybody receives", f"it asks for nothing, and is for {len(bodies)}")
        return
    ranked = [body for body in bodies if standing.for_.selects(body)]
    if not ranked:
        yield _won(award, "nobody can receive", f"{standing.id} ranks none of those it is for")
        return
    groups: dict[str | None, list[Participant]] = {}
    for body in ranked:
        groups.setdefault(body.group(standing.within) if standing.within else None, []).append(body)
    for group, members in groups.items():
        where = "" if group is None else f" in {group}"
        match award.quota:
            case UpTo() as quota if _quota(quota, len(members)) == 0:
                because = f"{percent(quota.share)} of {len(members)}{where} is 0 when rounded {quota.round}"
                yield _won(award, "nobody can receive", because)
                return
            case Places(count) if count >= len(members):
                yield _won(award, "everybody can receive", f"there are {count} places for {len(members)}{where}")
                return


def _won(award: Award, who: str, because: str) -> Finding:
    return Finding("L183", f"{who} {award.id}", ("awards", award.id), because, "check the quota, for and needs")


def _border(award: Award, standing: Standing | None) -> Iterator[Finding]:
    if standing is None or award.quota is None:
        return
    if award.border == "decision" and standing.ties != "decision":
        yield Finding(
            "L182",
            f"{award.id} asks for a decision on a tie that {standing.id} leaves as it is",
            ("awards", award.id, "border"),
            f"the board shows places as {standing.ties}, and the same tie waits for people to settle it",
            f"ties: decision in {standing.id}, or share or none at the border",
        )
    if award.border == "share" and isinstance(award.quota, UpTo):
        yield Finding(
            "L184",
            f"a tie at the border of {award.id} goes beyond {percent(award.quota.share)}",
            ("awards", award.id, "border"),
            "all who are tied there receive it, however many they are; at worst everybody",
            "share_within a tolerance, or border: decision, where the share is not to be passed",
        )
