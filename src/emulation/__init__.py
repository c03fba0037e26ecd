"""Emulation: campaigns in which public bodies compete, scored exactly, with a reason for every number.

import emulation as em

campaign = em.load_campaign("campaigns/thai-nguyen-2025")
observations = em.load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
outcome = em.score(campaign, observations, as_of="2025-08-06")
outcome["05443"].total, outcome["05443"].rank, outcome["05443"].readiness
em.reasons(outcome, "05443")
"""

from emulation.campaign import Campaign
from emulation.observations import Observation, Observations
from emulation.outcome import Outcome, score
from emulation.participants import Participant, Participants
from emulation.problems import EmulationError, Place, Problem, Refused, Unsettled
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations
from emulation.reasons import Reason, reasons

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
    "load_campaign",
    "load_observations",
    "reasons",
    "score",
]
