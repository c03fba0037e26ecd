"""The committed campaigns: what they show, compared whole; `python tests/campaigns/boards.py` writes it anew."""

import pytest

from emulation.reading.campaign_file import load_campaign
from emulation.reading.examples import failing_examples

from boards import NAMES, ROOT, SNAPSHOTS, outcome, shown


@pytest.mark.parametrize("name", NAMES)
def test_a_campaign_shows_what_it_showed(name: str) -> None:
    """The boards in both languages, and the JSON, are the ones that were looked at and committed."""
    committed = {ending: (SNAPSHOTS / f"{name}.{ending}").read_text(encoding="utf-8") for ending in shown(name)}

    assert shown(name) == committed


@pytest.mark.parametrize("name", NAMES)
def test_a_campaigns_examples_come_out(name: str) -> None:
    """What was worked by hand is what the engine computes, exactly."""
    assert failing_examples(load_campaign(ROOT / "campaigns" / name)) == ()


@pytest.mark.parametrize("name", NAMES)
def test_no_row_of_a_campaign_is_lost(name: str) -> None:
    """Rows read are new, corrected, unchanged or rejected, and the committed tables have none to reject."""
    tally = outcome(name).observations.tally

    assert tally.read == tally.new + tally.corrected + tally.unchanged + tally.rejected
    assert tally.rejected == 0


@pytest.mark.parametrize("name", NAMES)
def test_a_campaign_is_settled(name: str) -> None:
    """No committed campaign leaves a tie or a gap open."""
    assert outcome(name).problems == ()
