"""Hard rulebooks: Decision 766 and Cần Thơ's plan 157 with all their special cases, and sketches of three others."""

import importlib.util
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from emulation.exact import Rational
from emulation.periods import Span
from emulation.reading.campaign_file import load_campaign
from emulation.reading.examples import failing_examples

from boards import ROOT, outcome

INDEX, DRIVE = "decision-766", "can-tho-157"
SKETCHES = sorted((ROOT / "docs" / "reference" / "sketches").glob("*.yaml"))


def points(name: str, criterion: str, body: str) -> Rational | None:
    """Give the points of a participant."""
    return outcome(name).scores[criterion][body].points


def branch(name: str, criterion: str, body: str) -> str:
    """Give the way a participant's points were come by."""
    return outcome(name).scores[criterion][body].branch


# --- decision-766 -------------------------------------------------------------------------------------------


def test_the_index_has_100_points_in_six_groups() -> None:
    """The groups of Decision 766 have 18, 20, 12, 22, 10 and 18 points."""
    assert [group.max for group in load_campaign(ROOT / "campaigns" / INDEX).criteria] == [18, 20, 12, 22, 10, 18]


def test_six_provinces_and_twelve_communes_have_a_grade() -> None:
    """Everybody in the index has a grade."""
    assert len([held for held in outcome(INDEX).classes.values() if held.class_]) == 18


@pytest.mark.parametrize("criterion", ["p5_2", "p5_3"])
def test_without_petitions_their_points_are_full(criterion: str) -> None:
    """Xã Phú Bình, where nobody petitioned, has 6 of 6."""
    assert points(INDEX, criterion, "05908") == 6


def test_without_dossiers_satisfaction_has_no_points() -> None:
    """Bạch Long Vĩ, where nobody was served, has 0 of 6."""
    assert points(INDEX, "p5_4", "11948") == 0


@pytest.mark.parametrize("criterion", ["p4_5_procedures", "p4_5_dossiers"])
def test_a_commune_has_the_maximum_of_what_is_asked_of_provinces(criterion: str) -> None:
    """Metrics for provinces only give communes their maximum."""
    assert {points(INDEX, criterion, body) for body in ("00070", "11948", "27676")} == {2}


@pytest.mark.parametrize(
    "criterion", ["full_process", "proactive_services", "proactive_dossiers", "p2_2", "p5_1_rules", "p5_1_staff"]
)
def test_what_is_tracked_has_no_points(criterion: str) -> None:
    """A metric with a maximum of 0 is looked at and not scored."""
    assert {scored.branch for scored in outcome(INDEX).scores[criterion].values()} == {"tracked"}


def test_the_larger_of_two_systems_is_divided_by() -> None:
    """Đắk Lắk's dossiers are those of the national report, which knows more than the portal."""
    assert outcome(INDEX).measurements["dossiers_to_sync"]["66"].value == 58_400


def test_a_twelfth_of_last_year_is_divided_by_where_neither_system_knows() -> None:
    """Xã Krông Pắc's dossiers are a twelfth of last year's 13,080."""
    assert outcome(INDEX).measurements["dossiers_to_sync"]["24490"].value == 1_090


def test_a_rate_above_100_percent_is_cut_at_full_marks() -> None:
    """Xã Krông Pắc synchronised more than a twelfth of last year, and has 6 of 6."""
    assert (points(INDEX, "p1_4", "24490"), branch(INDEX, "p1_4", "24490")) == (6, "capped")


@pytest.mark.parametrize("criterion", ["p1_4", "p3_3"])
def test_with_nothing_known_the_rate_and_its_product_are_zero(criterion: str) -> None:
    """Xã Thạnh An, of which neither this year nor last is known, has 0."""
    assert points(INDEX, criterion, "27676") == 0


def test_payment_stops_at_10_points() -> None:
    """Hải Phòng's three terms of payment come to more than 10, and are cut."""
    assert (points(INDEX, "payment", "31"), branch(INDEX, "payment", "31")) == (10, "capped")


def test_points_of_the_index_have_two_decimals() -> None:
    """Every point and total of the index lies on hundredths."""
    found = [scored.points for scores in outcome(INDEX).scores.values() for scored in scores.values()]

    assert all((value * 100).denominator == 1 for value in found if value is not None)


# --- can-tho-157 --------------------------------------------------------------------------------------------


def test_all_103_communes_are_ranked() -> None:
    """The first standing ranks all communes and wards of Cần Thơ."""
    assert {outcome(DRIVE)[body].of for body in ("31135", "31237")} == {103}


def test_ten_working_days_end_on_3_december() -> None:
    """Ten working days from 20 November 2025 end on 3 December."""
    rounds = dict(load_campaign(ROOT / "campaigns" / DRIVE).timetable.rounds)

    assert rounds == {
        "peak": Span(date(2025, 11, 20), date(2025, 12, 3)),
        "sweep": Span(date(2025, 12, 8), date(2025, 12, 10)),
    }


def test_payment_organisations_have_places_and_no_points() -> None:
    """Agribank leads the payment organisations, without a total."""
    agribank = outcome(DRIVE)["agribank"]

    assert (agribank.rank, agribank.of, agribank.total) == (1, 8, None)


def test_what_organisations_opened_is_what_communes_report() -> None:
    """Accounts opened by organisations and by communes come to the same sum."""
    accounts = outcome(DRIVE).measurements["new_accounts"]
    sums = dict.fromkeys(outcome(DRIVE).campaign.participants.kinds, Fraction(0))
    for body in outcome(DRIVE).campaign.participants:
        sums[body.kind] += accounts[body.id].value or 0

    assert sums["commune"] == sums["payment_organisation"]


def test_without_a_plan_there_are_no_points_for_communication() -> None:
    """Xã Vĩnh Trinh informed all 50 and has no plan: 0 points."""
    assert (points(DRIVE, "c1", "31237"), branch(DRIVE, "c1", "31237")) == (0, "gate_closed")


def test_a_sample_below_50_gives_points_and_no_share() -> None:
    """Xã Thạnh Quới asked 45: 0.4 points for each of 43, and the share is withheld."""
    share = outcome(DRIVE).measurements["informed_share"]["31246"]

    assert (points(DRIVE, "c1", "31246"), share.state) == (Fraction("17.2"), "withheld")


def test_a_rate_without_a_cap_passes_its_maximum() -> None:
    """Xã Cờ Đỏ has 26 of 20 points for cards, as the plan writes no cap."""
    assert points(DRIVE, "c3", "31261") == 26


def test_without_accounts_to_open_cards_are_full() -> None:
    """Xã Đông Hiệp opened no account, and has 20 of 20 for cards."""
    assert points(DRIVE, "c3", "31273") == 20


@pytest.mark.parametrize(("body", "bonus"), [("31255", 3), ("31258", 4)])
def test_an_edge_of_two_bands_belongs_to_the_higher(body: str, bonus: int) -> None:
    """Exactly 90 % of recipients with an account earn 3, exactly 95 % earn 4."""
    assert points(DRIVE, "bonus_accounts", body) == bonus


def test_who_was_complete_before_keeps_the_bonus() -> None:
    """Xã Đông Thuận is below 100 % and was complete before the plan: 5 points."""
    assert (points(DRIVE, "bonus_mis", "31282"), branch(DRIVE, "bonus_mis", "31282")) == (5, "granted")


def test_equal_totals_are_parted_by_accounts_and_cards() -> None:
    """Three wards with 115 points stand in the order of accounts and cards; who had none to open stands last."""
    leaders = ["31135", "31120", "31507"]

    assert [outcome(DRIVE)[body].total for body in leaders] == [115, 115, 115]
    assert [outcome(DRIVE)[body].rank for body in leaders] == [1, 2, 3]
    assert outcome(DRIVE).measurements["accounts_and_cards"]["31507"].value == 0


def test_a_tie_in_everything_is_parted_by_the_recorded_vote() -> None:
    """Phường Ngã Năm and Phường Long Mỹ differ in nothing but the vote for the tenth place."""
    tenth, eleventh = outcome(DRIVE).placed("31732"), outcome(DRIVE).placed("31471")

    assert tenth
    assert eleventh
    assert tenth.keys == eleventh.keys
    assert (tenth.place, tenth.settled_by, eleventh.place, eleventh.settled_by) == (10, "decision", 11, "decision")


def test_ten_of_103_are_commended() -> None:
    """Not more than 10 % of 103 are ten, and the tenth is the one the vote put there."""
    winners = outcome(DRIVE).awards["commendation"].winners

    assert len(winners) == 10
    assert "31732" in winners


# --- both ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [INDEX, DRIVE])
def test_every_made_up_row_says_so(name: str) -> None:
    """Every observation of both campaigns is marked as illustrative."""
    assert all(one.illustrative for one in outcome(name).observations)


@pytest.mark.parametrize("name", [INDEX, DRIVE])
def test_the_generator_writes_the_committed_table(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run again, the seeded script writes the same bytes."""
    folder = ROOT / "campaigns" / name
    spec = importlib.util.spec_from_file_location(f"generate_{name}", folder / "generate.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    (tmp_path / "participants.csv").write_bytes((folder / "participants.csv").read_bytes())
    monkeypatch.setattr(script, "HERE", tmp_path)

    script.main()

    assert (tmp_path / "observations.csv").read_bytes() == (folder / "observations.csv").read_bytes()


@pytest.mark.parametrize("sketch", SKETCHES, ids=lambda path: path.stem)
def test_the_examples_of_a_sketch_come_out(sketch: Path) -> None:
    """What was worked by hand in a sketched rulebook is what the engine computes."""
    campaign = load_campaign(sketch)

    assert len(campaign.examples) >= 3
    assert failing_examples(campaign) == ()


def test_there_are_three_sketches() -> None:
    """The cluster leader, Decree 307 and the council scorecards are sketched."""
    assert [sketch.stem for sketch in SKETCHES] == ["cluster-leader", "decree-307", "uk-council-scorecards"]
