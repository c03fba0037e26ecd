"""Emulation: campaigns in which public bodies compete, scored exactly, with a reason for every number.

>>> import emulation as em
>>> campaign = em.load_campaign("campaigns/thai-nguyen-2025")
>>> observations = em.load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
>>> outcome = em.score(campaign, observations, as_of="2025-08-06")
>>> outcome["19"].readiness
'ready'
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from emulation.campaign import Campaign as Campaign
    from emulation.columnar.replay import boards as boards
    from emulation.columnar.verdict import archive as archive
    from emulation.columnar.verdict import score_columns as score_columns
    from emulation.ledger.intake import take_in as take_in
    from emulation.ledger.opening import open_ledger as open_ledger
    from emulation.ledger.view import view_of as view_of
    from emulation.observations import Observation as Observation
    from emulation.observations import Observations as Observations
    from emulation.outcome import Outcome as Outcome
    from emulation.outcome import score as score
    from emulation.participants import Participant as Participant
    from emulation.participants import Participants as Participants
    from emulation.problems import EmulationError as EmulationError
    from emulation.problems import Place as Place
    from emulation.problems import Problem as Problem
    from emulation.problems import Refused as Refused
    from emulation.problems import Unsettled as Unsettled
    from emulation.reading.campaign_file import load_campaign as load_campaign
    from emulation.reading.cases import count_cases as count_cases
    from emulation.reading.facts import load_observations as load_observations
    from emulation.reasoning import Reason as Reason
    from emulation.reasoning import reasons as reasons
    from emulation.report.pictures import picture as picture
    from emulation.report.rows import to_frame as to_frame
    from emulation.report.workbook import workbook as workbook
    from emulation.scenarios.against import against as against
    from emulation.scenarios.amendments import impact as impact
    from emulation.scenarios.bounds import waiting as waiting
    from emulation.scenarios.changes import scenario as scenario
    from emulation.scenarios.comparison import compare as compare
    from emulation.scenarios.firmness import among_first as among_first
    from emulation.scenarios.firmness import firmness as firmness
    from emulation.scenarios.ladder import climbs as climbs
    from emulation.scenarios.rehearsal import rehearse as rehearse
    from emulation.scenarios.study_file import load_study as load_study
    from emulation.scenarios.supposed import what_if as what_if
    from emulation.scenarios.way_up import way_up as way_up

# A name is fetched from its room when it is first used, so that `import emulation` and `emulation --help`
# cost a few milliseconds and not the making of a hundred record classes.
_ROOMS = {
    "Campaign": "campaign",
    "EmulationError": "problems",
    "Observation": "observations",
    "Observations": "observations",
    "Outcome": "outcome",
    "Participant": "participants",
    "Participants": "participants",
    "Place": "problems",
    "Problem": "problems",
    "Reason": "reasoning",
    "Refused": "problems",
    "Unsettled": "problems",
    "against": "scenarios.against",
    "among_first": "scenarios.firmness",
    "archive": "columnar.verdict",
    "boards": "columnar.replay",
    "climbs": "scenarios.ladder",
    "compare": "scenarios.comparison",
    "count_cases": "reading.cases",
    "firmness": "scenarios.firmness",
    "impact": "scenarios.amendments",
    "load_campaign": "reading.campaign_file",
    "load_observations": "reading.facts",
    "load_study": "scenarios.study_file",
    "open_ledger": "ledger.opening",
    "picture": "report.pictures",
    "reasons": "reasoning",
    "rehearse": "scenarios.rehearsal",
    "scenario": "scenarios.changes",
    "score": "outcome",
    "score_columns": "columnar.verdict",
    "take_in": "ledger.intake",
    "to_frame": "report.rows",
    "view_of": "ledger.view",
    "waiting": "scenarios.bounds",
    "way_up": "scenarios.way_up",
    "what_if": "scenarios.supposed",
    "workbook": "report.workbook",
}

__all__ = [
    "Campaign",
    "EmulationError",
    "Observation",
    "Observations",
    "Outcome",
    "Participant",
    "Participants",
    "Place",
    "Problem",
    "Reason",
    "Refused",
    "Unsettled",
    "against",
    "among_first",
    "archive",
    "boards",
    "climbs",
    "compare",
    "count_cases",
    "firmness",
    "impact",
    "load_campaign",
    "load_observations",
    "load_study",
    "open_ledger",
    "picture",
    "reasons",
    "rehearse",
    "scenario",
    "score",
    "score_columns",
    "take_in",
    "to_frame",
    "view_of",
    "waiting",
    "way_up",
    "what_if",
    "workbook",
]


def __getattr__(name: str) -> object:
    """Fetch a public name from its room."""
    if name not in _ROOMS:
        message = f"module 'emulation' has no attribute {name!r}"
        raise AttributeError(message)
    found = getattr(import_module(f"emulation.{_ROOMS[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
