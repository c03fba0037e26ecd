"""Study: what is asked of a campaign beside its rules; it stands in a file of its own and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator

from attrs import frozen

from emulation.campaign import Campaign
from emulation.names import near
from emulation.problems import Problem, Refused
from emulation.scenarios.changes import Scenario
from emulation.scenarios.efforts import Effort
from emulation.scenarios.efforts import problems_of as problems_of_effort
from emulation.scenarios.ranges import Ranges
from emulation.scenarios.ranges import problems_of as problems_of_ranges


@frozen
class Study:
    """What is asked of a campaign.

    Keys:
        scenarios: what if: named changes to the rules or the facts.
        efforts: what it takes to change figures, and how far they can be changed.
        firmness: what moves to see how firm a rank is: weights within ranges, samples drawn again.
        multiverse: the scenarios that are rulebooks which could have been chosen as well.
    """

    scenarios: tuple[Scenario, ...] = ()
    efforts: tuple[Effort, ...] = ()
    firmness: Ranges | None = None
    multiverse: tuple[str, ...] = ()

    def chain(self, *ids: str) -> tuple[Scenario, ...]:
        """Give scenarios by id, each after those it goes on from, each once; raise `Refused` (E707) for one unknown."""
        known = {one.id: one for one in self.scenarios}
        found: dict[str, Scenario] = {}
        for id in ids:
            if id not in known:
                raise Refused([Problem("E707", f"unknown scenario {id!r}", _listed(known), near(id, known))])
            found.update((one.id, one) for one in (*self.chain(*known[id].after), known[id]) if one.id not in found)
        return tuple(found.values())


def problems_of(study: Study, campaign: Campaign) -> Iterator[Problem]:
    """Find what a study names that is not there, and scenarios that go on from themselves."""
    for effort in study.efforts:
        yield from problems_of_effort(effort, campaign)
    if study.firmness is not None:
        yield from problems_of_ranges(study.firmness, campaign)
    known = {one.id: one for one in study.scenarios}
    for number, id in enumerate(study.multiverse):
        if id not in known:
            there = ("multiverse", str(number))
            yield Problem("E707", f"unknown scenario {id!r}", _listed(known), near(id, known), there)
    for one in study.scenarios:
        path = ("scenarios", one.id, "after")
        for before in one.after:
            if before not in known:
                yield Problem("E707", f"unknown scenario {before!r}", _listed(known), near(before, known), path)
        if one.id in _before(one, known):
            yield Problem("E708", f"{one.id} goes on from itself", "scenarios one after another", path=path)


def _before(one: Scenario, known: dict[str, Scenario]) -> set[str]:
    """Give all scenarios that one goes on from, however far back."""
    found: set[str] = set()
    left = [*one.after]
    while left:
        id = left.pop()
        if id in known and id not in found:
            found.add(id)
            left.extend(known[id].after)
    return found


def _listed(known: dict[str, Scenario]) -> str:
    return f"there are {', '.join(known)}" if known else "there are none"
