"""The front page: its taste of a campaign is a campaign."""

from __future__ import annotations

from pathlib import Path

from emulation.outcome import score
from emulation.reading.campaign_file import load_campaign
from emulation.reading.facts import load_observations

README = Path(__file__).parents[1] / "README.md"

OBSERVATIONS = """participant,indicator,from,to,value
a,received_files,2025-07-01,2025-07-31,1000
a,online_files,2025-07-01,2025-07-31,689
b,received_files,2025-07-01,2025-07-31,40
b,online_files,2025-07-01,2025-07-31,32
"""


def test_the_taste_can_be_run(tmp_path: Path) -> None:
    """The campaign on the front page reads, scores, ranks and classes."""
    text = README.read_text(encoding="utf-8").partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "campaign.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "participants.csv").write_text("id,name,kind\na,Xã A,commune\nb,Xã B,commune\n", encoding="utf-8")
    (tmp_path / "observations.csv").write_text(OBSERVATIONS, encoding="utf-8")
    campaign = load_campaign(tmp_path)

    outcome = score(campaign, load_observations(tmp_path / "observations.csv", campaign))

    # 68.9 of 80 of 100 points are 86.125, which is rounded half up.
    assert [(str(one.total), one.rank, one.readiness) for one in outcome] == [
        ("8613/100", 2, "red"),
        ("100", 1, "green"),
    ]
