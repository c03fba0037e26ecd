"""Lint: each kind of finding in a campaign that has it, and not in one that has not."""

from __future__ import annotations

from pathlib import Path

import pytest
from attrs import frozen

from emulation.campaign import Campaign
from emulation.lint.findings import Finding, spelt
from emulation.lint.review import CATALOGUE, as_problem, findings, in_place, settled, unacknowledged
from emulation.names import IndicatorId
from emulation.reading.campaign_file import load_campaign
from emulation.reading.document import read_document

PEOPLE = """\
id,name,kind,parent,cluster
p,Province,province,,
q,Empty,province,,
a,Alder,commune,p,east
b,Birch,commune,p,east
c,Cedar,commune,p,west
d,Dogwood,commune,p,west
"""

FRAME = """\
campaign: trial
title: Trial
period: {from: 2025-01-01, to: 2025-12-31}
participants: {file: participants.csv, groups: [cluster]}
set_aside: report
unmeasured: not_met
gaps: {missing: zero, zero_denominator: zero, not_applicable: zero}
indicators:
  online: {share: {of: online_files, among: files}, over: period, better: higher}
  tasks: {share: {of: done, among: due}, at: latest, better: higher}
  cards: {count: cards, over: period, better: higher}
  strict: {yes_no: true, at: latest}
"""


@frozen
class Case:
    """Rules that have a kind of finding, how the first one is told, and rules that have it not."""

    code: str
    bad: str
    good: str
    told: str


def campaign(folder: Path, rules: str, people: str = PEOPLE) -> Campaign:
    """Load rules inside a frame, of which they may replace any key."""
    own = {line.partition(":")[0] for line in rules.splitlines() if line[:1].strip()}
    frame, keep = "", True
    for line in FRAME.splitlines(keepends=True):
        keep = line.partition(":")[0] not in own if line[:1].strip() else keep
        frame += line if keep else ""
    (folder / "campaign.yaml").write_text(frame + rules, encoding="utf-8")
    (folder / "participants.csv").write_text(people, encoding="utf-8")
    return load_campaign(folder)


def codes(found: tuple[Finding, ...]) -> set[str]:
    """Give the codes of findings."""
    return {finding.code for finding in found}


CASES = (
    Case(
        "L101",
        """\
criteria:
  bonus: {indicator: online, max: 3, bands: {of: [{from: 88%, to: 90%, points: 2}, {from: 90%, points: 3}],
    otherwise: 0, shared_edge: higher}}
""",
        """\
criteria:
  bonus: {indicator: online, max: 3, bands: {of: [{from: 88%, before: 90%, points: 2}, {from: 90%, points: 3}],
    otherwise: 0}}
""",
        (
            "criteria.bonus.bands L101 90 % belongs to two bands: only shared_edge says which of 2 and 3 "
            "points 90 % earns; end the lower band with before, or have the reading confirmed"
        ),
    ),
    Case(
        "L101",
        """\
criteria:
  bonus: {indicator: cards, max: 3, bands: {shared_edge: lower, of: [
    {to: 5, points: 1}, {from: 5, to: 9, points: 2}, {from: 9, points: 3}]}}
""",
        "",
        (
            "criteria.bonus.bands L101 5 and 9 belong to two bands: only shared_edge says which of 1 and 2 "
            "points 5 earns; end the lower band with before, or have the reading confirmed"
        ),
    ),
    Case(
        "L102",
        """\
criteria:
  class: {indicator: online, max: 10, bands: {of: [{from: 70%, to: 84.5%, points: 5}, {from: 85%, points: 10}],
    otherwise: 0}}
""",
        """\
criteria:
  class: {indicator: online, max: 10, bands: {of: [{from: 70%, before: 85%, points: 5}, {from: 85%, points: 10}],
    otherwise: 0}}
""",
        (
            "criteria.class.bands L102 no band holds what lies between 84.5 % and 85 %: 84.75 % earns 0 "
            "points, beside 5 below and 10 above; let each band begin where the one before it ends"
        ),
    ),
    Case(
        "L102",
        """\
criteria:
  class: {indicator: cards, max: 10,
    bands: {of: [{from: 5, before: 7, points: 5}, {above: 7, points: 10}], otherwise: 0}}
""",
        """\
criteria:
  class: {indicator: cards, max: 10, bands: {of: [{from: 5, to: 7, points: 5}, {from: 8, points: 10}], otherwise: 0}}
""",
        (
            "criteria.class.bands L102 no band holds 7: 7 earns 0 points, beside 5 below and 10 above; let "
            "each band begin where the one before it ends"
        ),
    ),
    Case(
        "L103",
        """\
criteria:
  online: {for: commune, indicator: online, max: 97, proportional: {full_at: 100%, cap: full}}
  tasks: {for: commune, indicator: tasks, max: 3, proportional: {full_at: 100%, cap: full}}
readiness:
  grade:
    for: commune
    classes: [excellent, good, completed, not_completed]
    when:
      excellent: {all: [{points: total, at_least: 95}, {every: criterion, above: 0}]}
      good: {all: [{points: total, at_least: 85}, {points: total, below: 95}, {every: criterion, above: 0}]}
      completed: {all: [{points: total, at_least: 75}, {points: total, below: 85}]}
    otherwise: not_completed
""",
        """\
criteria:
  online: {for: commune, indicator: online, max: 97, proportional: {full_at: 100%, cap: full}}
  tasks: {for: commune, indicator: tasks, max: 3, proportional: {full_at: 100%, cap: full}}
readiness:
  grade:
    for: commune
    classes: [excellent, good, completed, not_completed]
    when:
      excellent: {all: [{points: total, at_least: 95}, {every: criterion, above: 0}]}
      good: {all: [{points: total, at_least: 85}, {every: criterion, above: 0}]}
      completed: {points: total, at_least: 75}
    otherwise: not_completed
""",
        (
            "readiness.grade L103 a better result gives a worse class: not_completed instead of completed: a "
            "body with 85.48125 points and tasks 0 % is not_completed, and one with 84.875 points and tasks 0"
            " % is completed; let each class begin where the better one ends, or let a body fall to the next "
            "class down"
        ),
    ),
    Case(
        "L103",
        """\
readiness:
  grade:
    for: commune
    classes: [good, fair, poor]
    when:
      good: {all: [{indicator: online, at_least: 80%}, {indicator: cards, below: 10}]}
      fair: {indicator: online, at_least: 85%}
    otherwise: poor
  ready:
    for: province
    classes: [ready, not_ready]
    when: {ready: {all: [{children: commune, share_of: fair, at_least: 50%}, {children: commune, none_are: poor}]}}
    otherwise: not_ready
""",
        """\
readiness:
  grade:
    for: commune
    classes: [good, fair, poor]
    when: {good: {indicator: online, at_least: 80%}, fair: {indicator: online, at_least: 70%}}
    otherwise: poor
  ready:
    for: province
    classes: [ready, not_ready]
    when: {ready: {all: [{children: commune, share_of: good, at_least: 50%}, {children: commune, none_are: poor}]}}
    otherwise: not_ready
""",
        (
            "readiness.grade L103 a better result gives a worse class: fair instead of good: a body with "
            "online 100 % and cards 10 is fair, and one with online 100 % and cards 9 is good; let each class"
            " begin where the better one ends, or let a body fall to the next class down"
        ),
    ),
    Case(
        "L103",
        """\
indicators:
  level: {level: [low, middle, high], at: latest, better: higher}
  done: {milestone: {due: 2025-06-01, counted_in: days}, at: latest, better: lower}
gaps: {missing: zero, not_yet_due: zero}
criteria:
  level: {for: commune, indicator: level, max: 10, levels: {low: 0, middle: 5, high: 10}}
  done: {for: commune, indicator: done, max: 10,
    lateness: {early: {5: 100%}, on_time: 80%, late: {1: 50%, 10: 0%}, undone: 0%}}
readiness:
  grade:
    for: commune
    classes: [good, fair, poor, bad, worst]
    when:
      good: {share_of_max: total, at_least: 95%}
      fair: {all: [{points: level, at_least: 5}, {indicator: level, below: 3}, {indicator: done, at_most: 0}]}
    otherwise: worst
  ready:
    for: province
    classes: [ready, not_ready]
    when: {ready: {children: commune, count_of: worst, at_least: 1}}
    otherwise: not_ready
""",
        "",
        (
            "readiness.ready L103 a better result gives a worse class: not_ready instead of ready: a body "
            "with 4 of 4 commune bad is not_ready, and one with 3 of 4 commune bad and 1 of 4 commune worst "
            "is ready; let each class begin where the better one ends, or let a body fall to the next class "
            "down"
        ),
    ),
    Case(
        "L103",
        """\
criteria:
  both: {max: 10, formula: {points: online * 5 + tasks * 5, cap: full}}
  seen: {indicator: cards, max: 0}
readiness:
  grade:
    classes: [good, fair, poor]
    when: {good: {points: total, between: {from: 5, to: 8}}, fair: {points: total, between: {from: 3, to: 5}}}
    otherwise: poor
""",
        """\
readiness:
  a: {for: commune, classes: [good, poor], when: {good: {indicator: online, at_least: 80%}}, otherwise: poor}
  b: {for: p, classes: [up, down], otherwise: down,
    when: {up: {children: commune, all_are: {indicator: online, at_least: 80%}}}}
  c: {for: q, classes: [on, off], otherwise: off,
    when: {on: {all: [{children: commune, some_are: good}, {children: province, some_are: up}]}}}
""",
        (
            "readiness.grade L103 a better result gives a worse class: poor instead of good: a body with 8.5 "
            "points is poor, and one with 8 points is good; let each class begin where the better one ends, "
            "or let a body fall to the next class down"
        ),
    ),
    Case(
        "L104",
        """\
targets: {on: {indicator: online, above: 90%}}
criteria: {bonus: {indicator: online, max: 1, binary: {at_least: 90%}}}
""",
        """\
targets: {on: {indicator: online, at_least: 90%}, off: {indicator: online, below: 90%}}
criteria:
  bonus: {indicator: online, max: 1, binary: {at_least: 90%}}
  exact: {indicator: tasks, max: 1, binary: {equals: 100%}}
  middle: {indicator: cards, max: 1, binary: {between: {from: 1, to: 2}}}
""",
        (
            "targets.on L104 90 % is compared by above here, and by at_least at criteria.bonus: exactly 90 % "
            "is inside in one and outside in the other; write the same edge in both places, unless the "
            "difference is meant"
        ),
    ),
    Case(
        "L104",
        """\
criteria: {on: {indicator: online, max: 10, proportional: {full_at: 90%, cap: full}}}
targets: {high: {points: total, above: 5}, low: {points: total, below: 5}}
""",
        "",
        (
            "targets.high L104 5 is compared by above here, and by below at targets.low: exactly 5 is outside"
            " in both; write the same edge in both places, unless the difference is meant"
        ),
    ),
    Case(
        "L104",
        """\
targets: {high: {indicator: online, at_least: 90%}, low: {indicator: online, at_most: 90%}}
""",
        "",
        (
            "targets.high L104 90 % is compared by at_least here, and by at_most at targets.low: exactly 90 %"
            " is inside in both; write the same edge in both places, unless the difference is meant"
        ),
    ),
    Case(
        "L105",
        """\
indicators: {ratio: {ratio: {of: cards, among: accounts}, over: period}}
criteria: {c3: {indicator: ratio, max: 20, proportional: {full_at: 100%, cap: none}}}
""",
        """\
criteria:
  c3: {indicator: online, max: 20, proportional: {full_at: 100%, cap: none}}
  c4: {indicator: cards, max: 20, linear: {from: 0, to: 5, clip: both}}
""",
        (
            "criteria.c3.proportional L105 c3 has no upper end: 200 % would earn 40 of 20 points; stop at the"
            " maximum (cap: full, clip: both), or count a part among its whole (share)"
        ),
    ),
    Case(
        "L105",
        """\
indicators: {cards: {count: cards, over: period, better: higher}, aim: {count: cards, over: period}}
criteria: {own: {indicator: cards, max: 20, proportional: {full_at: {indicator: aim}, cap: none}}}
""",
        "",
        (
            "criteria.own.proportional L105 own has no upper end: twice its yardstick would earn 40 of 20 "
            "points; stop at the maximum (cap: full, clip: both), or count a part among its whole (share)"
        ),
    ),
    Case(
        "L105",
        "criteria: {c: {indicator: cards, max: 9, linear: {from: 0, to: 5, clip: low}}}\n",
        "",
        (
            "criteria.c.linear L105 c has no upper end: twice the way from the lower end to the upper earns "
            "18 of 9 points; stop at the maximum (cap: full, clip: both), or count a part among its whole "
            "(share)"
        ),
    ),
    Case(
        "L105",
        "criteria: {c: {indicator: cards, max: 9, per_unit: {points: 2, cap: none}}}\n",
        "",
        (
            "criteria.c.per_unit L105 c has no upper end: 2 points each, however many there are, beside a "
            "maximum of 9; stop at the maximum (cap: full, clip: both), or count a part among its whole "
            "(share)"
        ),
    ),
    Case(
        "L105",
        "criteria: {c: {max: 9, formula: {points: cards * 2, cap: none}}}\n",
        "",
        (
            "criteria.c.formula L105 c has no upper end: whatever the formula gives beyond 9 points is "
            "counted; stop at the maximum (cap: full, clip: both), or count a part among its whole (share)"
        ),
    ),
    Case(
        "L106",
        """\
indicators:
  dossiers: {count: dossiers, over: period}
  procedures: {count: procedures, over: period}
  paid: {share: {of: dossiers, among: procedures}}
""",
        """\
indicators:
  dossiers: {count: dossiers, over: period}
  received: {count: dossiers, over: period}
  people: {number: people, at: latest}
  paid: {share: {of: dossiers, among: received}}
  each: {ratio: {of: dossiers, among: people}}
  both: {formula: dossiers + received}
  part: {share: {of: dossiers, among: files}, over: period}
""",
        (
            "indicators.paid L106 paid joins dossiers (dossiers) with procedures (procedures): the result "
            "counts neither the one nor the other; count both in the same unit"
        ),
    ),
    Case(
        "L106",
        """\
indicators:
  dossiers: {count: dossiers, over: period}
  procedures: {count: procedures, over: period}
  paid: {ratio: {of: dossiers, among: procedures}}
criteria: {paid: {indicator: paid, max: 2, proportional: {full_at: 80%, cap: full}}}
""",
        "",
        (
            "indicators.paid L106 paid joins dossiers (dossiers) with procedures (procedures): the result "
            "counts neither the one nor the other; count both in the same unit"
        ),
    ),
    Case(
        "L106",
        """\
indicators:
  dossiers: {count: dossiers, over: period}
  procedures: {count: procedures, over: period}
  both: {formula: 100 * (dossiers + procedures)}
""",
        "",
        (
            "indicators.both L106 both joins dossiers (dossiers) with procedures (procedures): the result "
            "counts neither the one nor the other; count both in the same unit"
        ),
    ),
    Case(
        "L107",
        """\
indicators:
  classed: {share: {of: classified, among: petitions}, over: period}
  timely: {share: {of: answered, among: petitions}, over: period}
criteria:
  classed: {indicator: classed, max: 6, proportional: {full_at: 100%, cap: full},
    zero_denominator: {redistribute: {to: [timely], otherwise: full}}}
  timely: {indicator: timely, max: 6, proportional: {full_at: 100%, cap: full}}
""",
        """\
criteria:
  online: {indicator: online, max: 6, proportional: {full_at: 100%, cap: full},
    zero_denominator: {redistribute: {to: [tasks], otherwise: full}}}
  tasks: {indicator: tasks, max: 6, proportional: {full_at: 100%, cap: full}}
""",
        (
            "criteria.classed.zero_denominator L107 when zero denominator, classed hands its 6 points to "
            "timely, but timely cannot take them then: nobody can, and otherwise: full decides; hand them to "
            "a criterion that is measured from other facts"
        ),
    ),
    Case(
        "L107",
        """\
criteria:
  online: {indicator: online, max: 6, proportional: {full_at: 100%, cap: full},
    missing: {redistribute: {to: [tasks, strict, cards], otherwise: zero}}}
  tasks: {indicator: tasks, max: 6, proportional: {full_at: 100%, cap: full},
    missing: {redistribute: {to: [online], otherwise: zero}}}
  strict: {indicator: strict, max: 1, binary: {equals: 0},
    zero_denominator: {redistribute: {to: [tasks], otherwise: zero}}}
  cards: {max: 1, formula: {points: cards, cap: full}, missing: {redistribute: {to: [strict], otherwise: drop}}}
""",
        "",
        (
            "criteria.online.missing L107 when missing, online hands its 6 points to tasks, strict and cards,"
            " but tasks cannot take them then: only strict and cards can; hand them to a criterion that is "
            "measured from other facts"
        ),
    ),
    Case(
        "L108",
        """\
readiness:
  grade: {for: commune, classes: [good, poor], when: {good: {indicator: online, at_least: 80%}}, otherwise: poor}
standings: {online: {for: commune, by: [online], ties: decision}}
awards:
  flag: {for: commune, standing: online, up_to: {share: 50%, of: eligible, round: down}, needs: {readiness: [good]},
    border: none}
""",
        """\
standings: {online: {for: commune, by: [online], ties: decision}}
awards:
  flag: {for: commune, standing: online, up_to: {share: 50%, of: participants, round: down}, border: none}
  pin: {for: commune, standing: online, up_to: {share: 50%, of: ranked, round: down}, border: none}
  cup: {for: commune, standing: online, places: 1, border: none}
""",
        (
            "awards.flag.up_to.of L108 the quota of flag is a share of the eligible, and who is eligible "
            "depends on the results: with 4 eligible it is 2, with 2 it is 1; name a base that is fixed "
            "beforehand (of: participants), or acknowledge that it moves"
        ),
    ),
    Case(
        "L108",
        """\
criteria: {online: {for: commune, indicator: online, max: 9, proportional: {full_at: 80%, cap: full}, missing: unrank}}
standings: {total: {for: commune, by: [total], ties: decision}}
awards: {flag: {for: commune, standing: total, up_to: {share: 50%, of: ranked, round: down}, border: none}}
""",
        "",
        (
            "awards.flag.up_to.of L108 the quota of flag is a share of the ranked, and whoever does not "
            "report leaves the ranking: with 4 ranked it is 2, with 2 it is 1; name a base that is fixed "
            "beforehand (of: participants), or acknowledge that it moves"
        ),
    ),
    Case(
        "L109",
        """\
indicators: {cards: {count: cards, over: period, better: higher}, aim: {count: cards, over: period}}
criteria:
  lead: {for: commune, indicator: cards, max: 10,
    cluster_leader: {relative: true, target: {indicator: aim}, leader_by: actual, base: 50%}}
""",
        """\
criteria:
  lead: {for: commune, indicator: cards, max: 10,
    cluster_leader: {relative: true, target: 100, leader_by: actual, base: 50%}}
""",
        (
            "criteria.lead.cluster_leader L109 lead has two possible leaders, and takes the one by actual: "
            "with results of 200 / 150 / 120 against targets of 200 / 100 / 100, the points are 5 / 10 / 7 by"
            " ratio and 5 / 5 / 5 by actual; check leader_by against the written rule, and put a case with "
            "different targets among the examples"
        ),
    ),
    Case(
        "L110",
        """\
indicators:
  own: {number: points, at: latest}
  checked: {number: points, at: latest}
  score: {formula: "2 * max(own, checked)"}
""",
        """\
indicators:
  own: {number: points, at: latest}
  checked: {number: points, at: latest}
  score: {formula: "first_known(checked, own) + max(own, 0)"}
criteria: {s: {max: 9, formula: {points: score, cap: full}}}
""",
        (
            "indicators.score.formula L110 score takes the greatest of own and checked: where two of them "
            "report the same thing, claiming more is never worse; take the last one that was verified, in a "
            "stated order (first_known), unless they are different things"
        ),
    ),
    Case(
        "L110",
        """\
criteria:
  either:
    greatest:
      online: {indicator: online, max: 9, proportional: {full_at: 80%, cap: full}}
      tasks: {indicator: tasks, max: 9, proportional: {full_at: 80%, cap: full}}
  both: {max: 2, formula: {points: "largest_known(online, tasks)", cap: full}}
""",
        "",
        (
            "criteria.either.greatest L110 either takes the greatest of online and tasks: where two of them "
            "report the same thing, claiming more is never worse; take the last one that was verified, in a "
            "stated order (first_known), unless they are different things"
        ),
    ),
    Case(
        "L111",
        """\
targets:
  happy: {title: {en: Over 95 % satisfied, vi: Tối thiểu 90% hài lòng}, indicator: online, at_least: 95%}
""",
        """\
targets:
  happy: {title: {en: At least 95 % satisfied, vi: Từ 95% trở lên}, indicator: online, at_least: 95%}
  below: {title: Under 5 % late, indicator: tasks, below: 5%}
  free: {title: As many as can be, indicator: cards, at_least: 5}
  many: {title: Half of all, children: commune, count_of: {indicator: online, above: 0}, at_least: 2}
  range: {title: Between 1 and 2 %, indicator: tasks, between: {from: 1%, to: 2%}}
  all: {title: All, children: commune, all_are: {indicator: online, above: 0}}
""",
        (
            "targets.happy.title.en L111 the title of happy says 'Over 95 % satisfied': its condition says "
            "at_least 95 %; let the title and the condition say the same"
        ),
    ),
    Case(
        "L111",
        'targets: {high: {title: "Trên 90% trở lên", indicator: online, at_least: 90%}}\n',
        "",
        (
            "targets.high.title L111 the title of high says 'Trên 90% trở lên': which can be read as above "
            "and at_least; let the title and the condition say the same"
        ),
    ),
    Case(
        "L112",
        """\
indicators: {days: {number: days, at: latest, better: lower, bounds: {from: 0}}}
criteria: {days: {indicator: days, max: 10, proportional: {full_at: 5, cap: full}}}
""",
        """\
indicators:
  days: {number: days, at: latest, better: lower, bounds: {from: 0}}
  online: {share: {of: online_files, among: files}, over: period, better: higher}
criteria:
  days: {indicator: days, max: 10, linear: {from: 5, to: 0, clip: both}}
  less: {indicator: days, max: 10, steps: {base: 10, start: 2, every: 1, add: -1, part: whole}}
  online: {indicator: online, max: 10, steps: {base: 0, start: 0, every: 10%, add: 1, part: pro_rata}}
""",
        (
            "criteria.days.proportional L112 days gives fewer points to a better result: of days lower is "
            "better, and 5 earns 10 points, 2.5 only 5; turn the rule round, or correct better on the "
            "indicator"
        ),
    ),
    Case(
        "L121",
        "title: {en: Sixty days online, vi: 10 ngày làm việc}\nperiod: {from: 2024-10-10, to: 2024-12-10}\n",
        "title: {en: 62 days online, vi: Thi đua 44 ngày làm việc}\nperiod: {from: 2024-10-10, to: 2024-12-10}\n",
        (
            "title.en L121 the title says Sixty days, and the period has 62: from 2024-10-10 to 2024-12-10, "
            "both counted, are 62 days; correct the period (to is inclusive, before is not), or acknowledge "
            "that it is only a name"
        ),
    ),
    Case(
        "L121",
        "title: A 60-day drive\n",
        "title: Ten working days\nperiod: {from: 2025-11-22, workdays: 10}\n",
        (
            "title L121 the title says 60 days, and the period has 365: from 2025-01-01 to 2025-12-31, both "
            "counted, are 365 days; correct the period (to is inclusive, before is not), or acknowledge that "
            "it is only a name"
        ),
    ),
    Case(
        "L122",
        "announced_on: 2025-01-15\n",
        "announced_on: 2024-12-15\n",
        (
            "announced_on L122 announced on 2025-01-15, and counted from 2025-01-01: what was done on 14 days"
            " before the announcement counts, and nobody could know; begin the period on the day of the "
            "announcement or later, or acknowledge it"
        ),
    ),
    Case(
        "L123",
        "targets: {late: {indicator: online, at_least: 80%, by: 2026-01-15}}\n",
        """\
targets:
  late: {indicator: online, at_least: 80%, before: 2026-01-01}
  goal: {indicator: online, at_least: 90%, by: 2030-12-31, horizon: true}
  free: {indicator: tasks, at_least: 90%}
rounds: {first: {from: 2025-01-01, to: 2025-06-30}}
as_of: 2026-01-15
""",
        (
            "targets.late.by L123 the last day of late is 2026-01-15, after the period has ended: the period "
            "is from 2025-01-01 to 2025-12-31; correct the day or the period; a later goal is a horizon: true"
        ),
    ),
    Case(
        "L123",
        """\
rounds: {first: {from: 2024-12-01, to: 2025-01-31}}
as_of: 2024-12-31
indicators:
  a: {milestone: {due: 2026-06-01, counted_in: days}, at: latest}
  b: {milestone: {due: {from: 2025-06-01, workdays: 5}, counted_in: workdays}, at: latest}
""",
        "",
        (
            "rounds.first L123 the first day of first is 2024-12-01, before the period begins: the period is "
            "from 2025-01-01 to 2025-12-31; correct the day or the period; a later goal is a horizon: true"
        ),
    ),
    Case(
        "L131",
        "targets: {more: {indicator: online, above: 100%}}\n",
        """\
criteria: {online: {indicator: online, max: 9, proportional: {full_at: 80%, cap: full}}}
standings: {total: {by: [total], ties: shared}}
targets:
  full: {indicator: online, at_least: 100%}
  peers: {indicator: online, above: {peers: mean, relative: true}}
  place: {place: total, at_most: 3}
  parts: {every: [online], above: 0}
  some: {children: commune, some_are: {indicator: online, above: 50%}}
  share: {children: commune, share_of: {indicator: online, above: 50%}, at_least: 100%}
  count: {children: commune, count_of: {indicator: online, above: 50%}, at_least: 4}
  whole: {share_of_max: total, at_least: 50%}
""",
        (
            "targets.more L131 nobody can meet this: online above 100 %: it lies between 0 % and 100 %; "
            "correct the number"
        ),
    ),
    Case(
        "L131",
        """\
criteria: {online: {indicator: online, max: 9, proportional: {full_at: 80%, cap: full}}}
standings: {total: {by: [total], ties: shared}}
indicators:
  online: {share: {of: online_files, among: files}, over: period, better: higher}
  cold: {number: degrees, at: latest, bounds: {to: 0}}
  cards: {count: cards, over: period}
targets:
  a: {place: total, at_least: 1}
  b: {points: total, at_least: 10}
  c: {every: criterion, above: 9}
  d: {children: commune, count_of: {indicator: online, above: 50%}, above: 4}
  e: {children: commune, share_of: {indicator: online, above: 50%}, above: 100%}
  f: {indicator: cold, above: 0}
  g: {indicator: cards, below: 0}
""",
        "",
        (
            "targets.a L131 nobody can fail this: the place in total at least 1: it lies between 1 and 6; "
            "take it out, or correct the number"
        ),
    ),
    Case(
        "L132",
        "criteria: {online: {for: commune, indicator: online, max: 30, binary: {at_least: 80%}}}\n",
        """\
criteria:
  online: {for: commune, indicator: online, max: 91, proportional: {full_at: 80%, cap: full}}
  tasks: {for: commune, indicator: tasks, max: 9, binary: {at_least: 80%}}
  strict: {for: commune, indicator: strict, max: 50, binary: {equals: 1}}
  cards: {for: commune, indicator: cards, max: 50, binary: {between: {from: 1, to: 2}}}
  bands: {for: commune, indicator: online, max: 5, bands: {of: [{points: 5}]}}
""",
        (
            "criteria.online.binary L132 30 points hang on 80 % of online: a hair on the wrong side loses 30 "
            "of the 30 points there are in all, and what lies further off earns nothing more; give points in "
            "proportion (proportional, linear), or in smaller steps (bands)"
        ),
    ),
    Case(
        "L132",
        """\
criteria:
  o: {for: commune, indicator: online, max: 30, proportional: {full_at: 80%, cap: full, nothing_below: 40%}}
""",
        "",
        (
            "criteria.o.proportional L132 15 points hang on 40 % of online: a hair on the wrong side loses 15"
            " of the 30 points there are in all, and what lies further off earns nothing more; give points in"
            " proportion (proportional, linear), or in smaller steps (bands)"
        ),
    ),
    Case(
        "L132",
        """\
criteria:
  o: {for: commune, indicator: online, max: 30, bands: {of: [{before: 50%, points: 30}, {from: 50%, points: 5}]}}
""",
        "",
        (
            "criteria.o.bands L132 25 points hang on 50 % of online: a hair on the wrong side loses 25 of the"
            " 30 points there are in all, and what lies further off earns nothing more; give points in "
            "proportion (proportional, linear), or in smaller steps (bands)"
        ),
    ),
    Case(
        "L133",
        """\
criteria: {o: {indicator: online, max: 100, proportional: {full_at: 80%, cap: full}}}
rounding: {total: 2, mode: half_up, decide_on: rounded}
targets: {good: {points: total, at_least: 80}}
""",
        """\
criteria: {o: {indicator: online, max: 100, proportional: {full_at: 80%, cap: full}}}
rounding: {total: 2, mode: down, decide_on: rounded}
targets:
  good: {points: total, at_least: 80}
  same: {points: total, equals: 80}
  part: {points: o, at_least: 80}
""",
        (
            "targets.good L133 total is compared with 80 after it is rounded to 2 decimals: 79.996 counts as "
            "80, which is inside, and is outside itself; decide_on: exact, or acknowledge that the published "
            "figure decides"
        ),
    ),
    Case(
        "L133",
        """\
criteria:
  g: {sum: {o: {indicator: online, max: 9, proportional: {full_at: 80%, cap: full},
    round: {decimals: 1, mode: down, pass_on: rounded}}}}
rounding: {groups: 0, mode: half_up, decide_on: rounded}
targets:
  a: {points: o, between: {from: 3, to: 5}}
  b: {points: g, above: 5}
""",
        """\
criteria: {o: {indicator: online, max: 100, proportional: {full_at: 80%, cap: full}}}
targets: {good: {points: total, at_least: 80}}
""",
        (
            "targets.a L133 o is compared with 3 after it is rounded to 1 decimals: 2.96 counts as 3, which "
            "is inside, and is outside itself; decide_on: exact, or acknowledge that the published figure "
            "decides"
        ),
    ),
    Case(
        "L134",
        """\
criteria: {o: {indicator: online, max: 12, proportional: {full_at: 50%, cap: full}}}
targets: {aim: {indicator: online, at_least: 80%}}
""",
        """\
criteria:
  o: {for: commune, indicator: online, max: 12, proportional: {full_at: 80%, cap: full}}
  b: {for: commune, indicator: tasks, max: 1, binary: {at_least: 90%}}
  t: {for: commune, indicator: tasks, max: 12, proportional: {full_at: {peers: best, relative: true}, cap: full}}
targets:
  aim: {indicator: online, at_least: 80%}
  far: {indicator: online, at_least: 90%, horizon: true}
  low: {indicator: online, below: 10%}
  other: {for: province, indicator: online, at_least: 90%}
  tasks: {indicator: tasks, at_least: 90%}
  peers: {indicator: tasks, at_least: {peers: mean, relative: true}}
""",
        (
            "criteria.o.proportional L134 o gives full marks at 50 %, and the target aim is 80 %: points stop"
            " rising at 50 %, before the target is met; set full_at to the target, or acknowledge that the "
            "two differ"
        ),
    ),
    Case(
        "L134",
        """\
criteria: {o: {indicator: online, max: 40, proportional: {full_at: 100%, cap: full}}}
targets: {aim: {indicator: online, above: 85%}}
""",
        "",
        (
            "criteria.o.proportional L134 o gives full marks at 100 %, and the target aim is 85 %: who meets "
            "it has 34 of 40 points; set full_at to the target, or acknowledge that the two differ"
        ),
    ),
    Case(
        "L135",
        """\
criteria:
  o: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}}
  t: {indicator: tasks, max: 10, proportional: {full_at: 80%, cap: full}}
rounding: {points: 0, total: 0, mode: half_up, decide_on: rounded}
standings: {total: {by: [total], ties: shared}}
""",
        """\
criteria: {o: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}}}
rounding: {points: 3, total: 2, mode: half_up, decide_on: rounded}
standings: {total: {by: [total], ties: shared}, online: {by: [online], ties: shared}}
""",
        (
            "rounding.points L135 total ranks totals of 2 parts that are rounded to 0 decimals before: a "
            "total can be off by 1 of 20, so that two bodies 1 apart can stand in the wrong order; round the "
            "total only, or decide_on: exact"
        ),
    ),
    Case(
        "L141",
        """\
criteria: {o: {indicator: online, max: 80, proportional: {full_at: 80%, cap: full}}}
readiness:
  grade:
    for: commune
    classes: [excellent, good, poor]
    when: {excellent: {points: total, at_least: 90}, good: {points: total, at_least: 50}}
    otherwise: poor
""",
        """\
criteria: {o: {indicator: online, max: 80, proportional: {full_at: 80%, cap: full}}}
readiness:
  grade:
    for: commune
    classes: [excellent, good, fair, held, low, law, poor]
    when:
      excellent: {points: total, at_least: 70}
      good: {any: [{points: total, at_least: 50}, {indicator: tasks, above: 0}]}
    caps: [{when: {indicator: strict, equals: 1}, at_most: held}]
    vetoes: [{when: {indicator: tasks, below: 10%}, class: low}]
    overrides: [{for: a, class: law, because: it says so}, {for: b, class: fair, because: it says so}]
    otherwise: poor
""",
        (
            "readiness.grade.when.excellent L141 nobody can be excellent: its condition cannot hold for "
            "anybody; check the numbers against the maxima, and the order of the classes"
        ),
    ),
    Case(
        "L141",
        """\
readiness:
  grade:
    for: commune
    classes: [good, better, best, none, poor]
    when:
      good: {all: [{indicator: online, at_least: 50%}]}
      better: {all: [{indicator: online, at_least: 80%}, {every: criterion, above: 0}]}
      best: {all: [{indicator: tasks, above: 50%}, {all: [{indicator: tasks, below: 20%}]}]}
    otherwise: poor
criteria: {o: {indicator: online, max: 80, proportional: {full_at: 80%, cap: full}}}
""",
        "",
        (
            "readiness.grade.when.better L141 nobody can be better: whoever meets its condition is good "
            "already; check the numbers against the maxima, and the order of the classes"
        ),
    ),
    Case(
        "L141",
        """\
criteria:
  o: {indicator: online, max: 80, proportional: {full_at: 80%, cap: full}}
  t: {for: province, indicator: tasks, max: 20, proportional: {full_at: 80%, cap: full}}
readiness:
  grade:
    classes: [good, fair, odd, poor]
    when:
      good: {points: total, at_least: 90}
      fair:
        any:
          - {points: total, above: 100}
          - {all: [{indicator: online, at_least: {indicator: tasks}}, {none: [{points: total, at_most: 100}]}]}
      odd: {none: [{any: [{indicator: online, at_least: 0}]}]}
    otherwise: poor
""",
        "",
        (
            "readiness.grade.when.good L141 nobody can be good: its condition cannot hold for a commune; "
            "check the numbers against the maxima, and the order of the classes"
        ),
    ),
    Case(
        "L142",
        """\
criteria: {o: {for: commune, indicator: online, max: 100, proportional: {full_at: 80%, cap: full}}}
readiness:
  grade:
    for: commune
    classes: [green, amber, red]
    when:
      green: {points: o, at_least: 80}
      red: {any: [{indicator: tasks, below: 50%}, {state_is: {indicator: online, among: [missing]}}]}
    otherwise: amber
""",
        """\
criteria: {o: {for: commune, indicator: online, max: 100, proportional: {full_at: 80%, cap: full}}}
readiness:
  grade:
    for: commune
    classes: [green, amber, red]
    when:
      green: {all: [{indicator: online, at_least: 80%}, {indicator: tasks, at_least: 100%}]}
      red: {any: [{indicator: online, below: 50%}, {state_is: {indicator: online, among: [missing]}}]}
    otherwise: amber
""",
        (
            "readiness.grade.when.red L142 green hides red: a body with 100 points of o, tasks 0 % and online"
            " 100 % meets both conditions and is green; make it a veto or a cap if red is to count, or say in"
            " green what excludes it"
        ),
    ),
    Case(
        "L142",
        """\
targets: {on: {indicator: online, at_least: 80%}}
indicators:
  online: {share: {of: online_files, among: files}, over: period, better: higher}
  tasks: {share: {of: done, among: due}, at: latest, better: higher}
  mean: {formula: (online + tasks) / 2}
criteria: {m: {for: commune, indicator: mean, max: 10, proportional: {full_at: 100%, cap: full, floor: zero}}}
readiness:
  grade:
    for: commune
    classes: [green, amber, red]
    when: {green: {target_met: on}, red: {indicator: mean, below: 70%}}
    otherwise: amber
""",
        "",
        (
            "readiness.grade.when.red L142 green hides red: a body with mean 0 meets both conditions and is "
            "green; make it a veto or a cap if red is to count, or say in green what excludes it"
        ),
    ),
    Case(
        "L144",
        """\
standings: {online: {for: commune, by: [online], ties: shared}}
readiness:
  grade: {for: commune, classes: [top, rest], otherwise: rest,
    by_place: {standing: online, shares: {top: 20%}, round: up, ties: up}}
""",
        """\
readiness:
  grade: {for: commune, classes: [top, rest], when: {top: {indicator: online, at_least: 80%}}, otherwise: rest}
""",
        (
            "readiness.grade.by_place L144 the classes of grade depend on the others: of those ranked in "
            "online, 20 % are top, whatever they reach: one rises only when another falls; give classes by "
            "written thresholds, and let awards reward places"
        ),
    ),
    Case(
        "L144",
        """\
standings: {online: {for: commune, by: [online], ties: shared}}
readiness: {grade: {for: commune, classes: [top, rest], quantiles: {standing: online, remainder: best, ties: up}}}
""",
        "",
        (
            "readiness.grade.quantiles L144 the classes of grade depend on the others: of those ranked in "
            "online, as many are rest as top, however good all are; give classes by written thresholds, and "
            "let awards reward places"
        ),
    ),
    Case(
        "L144",
        """\
standings: {online: {for: commune, by: [online], ties: shared}}
readiness:
  grade: {for: commune, classes: [top, rest], when: {top: {place: online, at_most: 1}}, otherwise: rest}
""",
        "",
        (
            "readiness.grade.when.top L144 the classes of grade depend on the others: when another improves, "
            "a body can fall in online and lose its class with it; give classes by written thresholds, and "
            "let awards reward places"
        ),
    ),
    Case(
        "L144",
        """\
readiness:
  grade:
    for: commune
    classes: [top, rest]
    when: {top: {indicator: online, above: {peers: mean_of_best, count: 3, relative: true}}}
    otherwise: rest
""",
        "",
        (
            "readiness.grade.when.top L144 the classes of grade depend on the others: the mean of best moves "
            "with the field that it judges; give classes by written thresholds, and let awards reward places"
        ),
    ),
    Case(
        "L145",
        """\
readiness:
  grade: {for: commune, classes: [green, red], when: {green: {indicator: online, at_least: 80%}}, otherwise: red}
  ready: {for: province, classes: [ready, not], when: {ready: {children: commune, none_are: red}}, otherwise: not}
""",
        """\
readiness:
  grade: {for: commune, classes: [green, red], when: {green: {indicator: online, at_least: 80%}}, otherwise: red}
  ready: {for: p, classes: [ready, not], when: {ready: {children: commune, none_are: red}}, otherwise: not}
""",
        (
            "readiness.ready.when.ready L145 no commune of Empty can be in the class, as it has none: "
            "none_are holds for 1 of 2 because there is nobody to look at; ask for some as well (count_of ..."
            " at_least: 1), or leave those without any out of for"
        ),
    ),
    Case(
        "L151",
        """\
criteria:
  m: {mean: {
    o: {indicator: online, max: 10, weight: 0, proportional: {full_at: 80%, cap: full}},
    t: {indicator: tasks, max: 10, weight: 1, proportional: {full_at: 80%, cap: full}}}}
""",
        """\
criteria:
  m: {mean: {
    o: {indicator: online, max: 10, weight: 2, proportional: {full_at: 80%, cap: full}},
    t: {indicator: tasks, max: 10, weight: 1, proportional: {full_at: 80%, cap: full}}}}
""",
        (
            "criteria.m.mean.o.weight L151 o weighs nothing: whatever is reported for it, nobody's points "
            "change; give it a weight, or track it with max: 0 and no rule"
        ),
    ),
    Case(
        "L152",
        """\
criteria:
  all: {cap: 10, sum: {
    base: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}},
    extra: {as: bonus, indicator: tasks, max: 5, binary: {at_least: 100%}}}}
""",
        """\
criteria:
  all: {cap: 12, sum: {
    base: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}},
    extra: {as: bonus, indicator: tasks, max: 5, binary: {at_least: 100%}}}}
""",
        (
            "criteria.all.cap L152 the cap of all is 10, which its base of 10 reaches without a bonus: who "
            "has 10 gains nothing from 5 more; the bonus only makes up for points lost elsewhere; raise the "
            "cap, or acknowledge that the bonus only makes good"
        ),
    ),
    Case(
        "L152",
        """\
criteria:
  all: {cap: 10, sum: {
    base: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}},
    extra: {as: bonus, indicator: cards, max: 5, per_unit: {points: 1, cap: none}}}}
""",
        "",
        (
            "criteria.all.cap L152 the cap of all is 10, which its base of 10 reaches without a bonus: who "
            "has 10 gains nothing from any bonus; the bonus only makes up for points lost elsewhere; raise "
            "the cap, or acknowledge that the bonus only makes good"
        ),
    ),
    Case(
        "L153",
        """\
criteria:
  all: {cap: 120, floor: -5, caps: [{when: {indicator: strict, equals: 1}, at_most: 50}], sum: {
    base: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}},
    extra: {as: bonus, indicator: tasks, max: 5, binary: {at_least: 100%}},
    late: {as: penalty, indicator: cards, max: 3, per_unit: {points: 1, cap: full}}}}
  two: {best_of: {count: 2, of: {
    x: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}},
    y: {indicator: tasks, max: 10, proportional: {full_at: 80%, cap: full}}}}}
""",
        """\
criteria:
  all: {cap: 12, floor: -2, caps: [{when: {indicator: strict, equals: 1}, at_most: 5}], sum: {
    base: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}},
    extra: {as: bonus, indicator: tasks, max: 5, binary: {at_least: 100%}},
    late: {as: penalty, indicator: cards, max: 3, per_unit: {points: 1, cap: full}}}}
  two: {best_of: {count: 1, of: {
    x: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}},
    y: {indicator: tasks, max: 10, proportional: {full_at: 80%, cap: full}}}}}
  mean: {cap: 100, mean: {
    v: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}},
    w: {indicator: cards, max: 10, per_unit: {points: 1, cap: none}}}}
""",
        (
            "criteria.all.cap L153 the cap of all is 120, which changes nothing: its parts come to 15; take "
            "it out, or correct the number"
        ),
    ),
    Case(
        "L154",
        "criteria: {o: {for: commune, indicator: online, max: 10, binary: {above: 100%}}}\n",
        "criteria: {o: {for: commune, indicator: online, max: 10, binary: {at_least: 100%}}}\n",
        (
            "criteria.o.binary L154 nobody can score on o: no value that online can have earns more than 0 of"
            " 10 points; check the numbers of the rule against what the indicator can be"
        ),
    ),
    Case(
        "L154",
        """\
indicators: {on: {for: province, share: {of: online_files, among: files}, over: period}}
criteria: {o: {for: commune, indicator: on, max: 10, binary: {at_least: 100%}}}
""",
        "",
        (
            "criteria.o L154 nobody can score on o: on is measured for others; check for on the criterion and"
            " on its indicator"
        ),
    ),
    Case(
        "L154",
        """\
criteria: {o: {for: {kind: commune, id: p}, indicator: online, max: 10, binary: {at_least: 100%}}}
""",
        "",
        (
            "criteria.o L154 nobody can score on o: it is for nobody who takes part; check for on the "
            "criterion and on its indicator"
        ),
    ),
    Case(
        "L155",
        "criteria: {o: {for: commune, indicator: online, max: 10, proportional: {full_at: 125%, cap: full}}}\n",
        """\
indicators:
  level: {level: [low, high], at: latest}
  done: {milestone: {due: 2025-06-01, counted_in: days}, at: latest}
  online: {share: {of: online_files, among: files}, over: period, better: higher}
  rank: {rank: 34, at: latest}
gaps: {missing: zero, not_yet_due: zero, zero_denominator: zero}
criteria:
  level: {for: commune, indicator: level, max: 10, levels: {low: 0, high: 10}}
  done: {for: commune, indicator: done, max: 10, lateness: {early: {5: 100%}, on_time: 80%, late: {}, undone: 0%}}
  peers: {for: commune, indicator: online, max: 10, proportional: {full_at: {peers: best, relative: true}, cap: full}}
  rank: {for: commune, indicator: rank, max: 10, bands: {of: [{to: 3, points: 10}], otherwise: 0}}
""",
        (
            "criteria.o.proportional L155 nobody can have all points of o: the most is 8 of 10, at 100 %; "
            "lower the maximum to what can be earned, or correct the rule"
        ),
    ),
    Case(
        "L156",
        """\
criteria:
  a: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}}
  b: {indicator: online, max: 5, binary: {at_least: 80%}}
""",
        """\
criteria:
  a: {for: commune, indicator: online, max: 10, proportional: {full_at: 80%, cap: full}}
  b: {for: province, indicator: online, max: 5, binary: {at_least: 80%}}
""",
        (
            "criteria.b L156 a and b both judge online: one fact decides up to 15 points: 10 and 5; judge it "
            "once, or acknowledge that it is meant to count twice"
        ),
    ),
    Case(
        "L157",
        """\
criteria:
  a: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}}
  b: {for: province, indicator: tasks, max: 5, binary: {at_least: 80%}}
standings: {total: {by: [online, total], ties: shared}}
""",
        """\
criteria:
  a: {indicator: online, max: 10, proportional: {full_at: 80%, cap: full}}
  b: {for: province, indicator: tasks, max: 5, binary: {at_least: 80%}}
standings: {total: {for: commune, by: [total], ties: shared}}
""",
        (
            "standings.total.by.1 L157 total ranks bodies with different maxima of total: the most there is "
            "to earn is 15 for Province and Empty and 10 for Alder, Birch, Cedar and 1 more; rank each kind "
            "in its own standing, or scale to one maximum (scale_to)"
        ),
    ),
    Case(
        "L157",
        """\
indicators:
  online: {share: {of: online_files, among: files}, over: period}
  tasks: {share: {of: done, among: due}, at: latest}
criteria:
  w: {weighted_sum: {
    a: {indicator: online, max: 10, weight: 2, steps: {base: 0, start: 0, every: 10%, add: 1, part: whole}},
    b: {indicator: tasks, max: 5, weight: 1, linear: {from: 0%, to: 80%, clip: both}}}}
  p: {for: province, product: {
    c: {indicator: online, max: 3, linear: {from: 100%, to: 0%, clip: both}},
    d: {indicator: tasks, max: 4, steps: {base: 4, start: 0, every: 10%, add: -1, part: whole}}}}
  l: {least: {
    e: {indicator: online, max: 7, binary: {at_most: 80%}},
    f: {indicator: tasks, max: 6, binary: {equals: 80%}}}}
standings: {total: {by: [total], ties: shared}}
""",
        """\
criteria: {c: {for: commune, indicator: cards, max: 9, per_unit: {points: 2, cap: none}}}
standings: {total: {by: [total], ties: shared}}
""",
        (
            "standings.total.by.0 L157 total ranks bodies with different maxima of total: the most there is "
            "to earn is 43 for Province and Empty and 31 for Alder, Birch, Cedar and 1 more; rank each kind "
            "in its own standing, or scale to one maximum (scale_to)"
        ),
    ),
    Case(
        "L158",
        "indicators: {idle: {count: cards, over: period}}\n",
        """\
indicators: {busy: {count: cards, over: period}, sum: {formula: busy + 1}}
targets: {busy: {indicator: sum, at_least: 5}}
""",
        (
            "indicators.idle L158 nothing looks at idle: it is reported, and decides nothing; judge it, aim "
            "at it, rank by it, or take it out; a criterion with max: 0 tracks it"
        ),
    ),
    Case(
        "L161",
        """\
criteria:
  o: {for: commune, indicator: online, max: 60, proportional: {full_at: 80%, cap: full}, missing: drop}
  t: {for: commune, indicator: tasks, max: 40, proportional: {full_at: 100%, cap: full}}
""",
        """\
criteria:
  o: {for: commune, indicator: online, max: 60, proportional: {full_at: 80%, cap: full}, missing: zero}
  t: {for: commune, indicator: tasks, max: 40, proportional: {full_at: 100%, cap: full}, missing: block}
""",
        (
            "criteria.o.missing L161 silence on o earns more than a bad result: a body that is three quarters"
            " up elsewhere has 30 points with 0 % here, and 75 when it reports nothing; missing: zero, or "
            "block until it is reported"
        ),
    ),
    Case(
        "L161",
        """\
gaps: {missing: peer_mean, zero_denominator: zero}
criteria: {o: {for: commune, indicator: online, max: 60, proportional: {full_at: 80%, cap: full}}}
""",
        "",
        (
            "gaps.missing L161 silence on o earns more than a bad result: a body that is three quarters up "
            "elsewhere has 0 points with 0 % here, and 43.75 when it reports nothing; missing: zero, or block"
            " until it is reported"
        ),
    ),
    Case(
        "L162",
        """\
criteria:
  o: {for: commune, indicator: online, max: 60, proportional: {full_at: 100%, cap: full}, not_applicable: full}
""",
        """\
criteria:
  o: {for: commune, indicator: online, max: 60, proportional: {full_at: 100%, cap: full}, not_applicable: drop,
    zero_denominator: missing}
  t: {for: commune, indicator: tasks, max: 60, proportional: {full_at: 100%, cap: full}, missing: not_applicable,
    zero_denominator: not_applicable}
""",
        (
            "criteria.o.not_applicable L162 having nothing to measure for o earns more than doing well: a "
            "body that is three quarters up in everything has 45 points, and 60 when this is not applicable: "
            "those with little work gain; not_applicable: drop, which lets the other criteria decide"
        ),
    ),
    Case(
        "L163",
        "criteria: {o: {indicator: online, max: 60, proportional: {full_at: 100%, cap: full}, missing: unrank}}\n",
        "criteria: {o: {indicator: online, max: 60, proportional: {full_at: 100%, cap: full}}}\n",
        (
            "criteria.o.missing L163 silence on o leaves the standing: who reports nothing has no place, "
            "where a bad result would have the last; missing: zero where reports are a duty, or show who is "
            "unranked and why"
        ),
    ),
    Case(
        "L165",
        """\
indicators: {happy: {sample: {of: content, asked: asked, at_least: 50}, over: period}}
criteria: {happy: {indicator: happy, max: 20, proportional: {full_at: 100%, cap: full}, withheld: zero}}
""",
        "indicators: {happy: {sample: {of: content, asked: asked, at_least: 400}, over: period}}\n",
        (
            "indicators.happy L165 happy counts from a sample of 50 on: half of 50 people asked is known to "
            "about ± 13.8 % (95 %), up to 2.7 of 20 points; ask more people (at_least: 100 is ± 9.8 %), or "
            "let less hang on it"
        ),
    ),
    Case(
        "L165",
        "indicators: {happy: {sample: {of: content, asked: asked, at_least: 1}, over: period}}\n",
        "",
        (
            "indicators.happy L165 happy counts from a sample of 1 on: half of 1 people asked is known to "
            "about ± 98 % (95 %); ask more people (at_least: 100 is ± 9.8 %), or let less hang on it"
        ),
    ),
    Case(
        "L171",
        """\
criteria:
  o: {for: commune, indicator: online, max: 60, min_max: {relative: true, all_equal: full}}
  t: {for: commune, indicator: tasks, max: 40, proportional: {full_at: 100%, cap: full}}
""",
        "criteria: {o: {for: commune, indicator: online, max: 60, proportional: {full_at: 100%, cap: full}}}\n",
        (
            "criteria.o.min_max L171 o makes the points of one depend on the results of others: with A at 100"
            " %, B at 75 % and C at 100 %, A has 80 points in all and B 36; when C alone goes to 0 %, A has "
            "80 and B 81: their order turns round, and neither has changed; compare with a written yardstick "
            "instead (full_at, from and to), or keep the rule knowingly"
        ),
    ),
    Case(
        "L171",
        """\
criteria:
  o: {for: commune, indicator: online, max: 60, share_of_best: {relative: true}}
  p: {for: commune, indicator: tasks, max: 60, share_of_best: {relative: true}}
""",
        "",
        (
            "criteria.o.share_of_best L171 o (and 1 more like it) makes the points of one depend on the "
            "results of others: with A at 25 %, B at 0 % and C at 100 %, A has 52.5 points in all and B 60; "
            "when C alone goes to 25 %, A has 97.5 and B 60: their order turns round, and neither has "
            "changed; compare with a written yardstick instead (full_at, from and to), or keep the rule "
            "knowingly"
        ),
    ),
    Case(
        "L171",
        """\
indicators: {cards: {count: cards, over: period, better: higher}, aim: {count: cards, over: period}}
criteria:
  lead: {for: commune, indicator: cards, max: 10,
    cluster_leader: {relative: true, target: {indicator: aim}, leader_by: actual, base: 50%}}
""",
        "",
        (
            "criteria.lead.cluster_leader L171 lead makes the points of one depend on the results of others: "
            "with A at 9, B at 6 and C at 13, A has about 7.14 points here and B 5; when C alone goes to 9, A"
            " has 10 and B 5; compare with a written yardstick instead (full_at, from and to), or keep the "
            "rule knowingly"
        ),
    ),
    Case(
        "L171",
        """\
criteria:
  o: {for: commune, indicator: online, max: 2, share_of_best: {relative: true}}
  t: {for: commune, indicator: tasks, max: 98, proportional: {full_at: 100%, cap: full}}
""",
        "",
        (
            "criteria.o.share_of_best L171 o makes the points of one depend on the results of others: with A "
            "at 25 %, B at 0 % and C at 100 %, A has 49.5 points in all and B 49.98; when C alone goes to 25 "
            "%, A has 51 and B 49.98: their order turns round, and neither has changed; compare with a "
            "written yardstick instead (full_at, from and to), or keep the rule knowingly"
        ),
    ),
    Case(
        "L171",
        """\
rounding: {total: 0, mode: half_up, decide_on: rounded}
criteria:
  o: {for: commune, indicator: online, max: 1, share_of_best: {relative: true}}
  t: {for: commune, indicator: tasks, max: 98, proportional: {full_at: 100%, cap: full}}
""",
        "",
        (
            "criteria.o.share_of_best L171 o makes the points of one depend on the results of others: with A "
            "at 25 %, B at 0 % and C at 100 %, A has 0.25 points here and B 0; when C alone goes to 25 %, A "
            "has 1 and B 0; compare with a written yardstick instead (full_at, from and to), or keep the rule"
            " knowingly"
        ),
    ),
    Case(
        "L172",
        """\
indicators: {days: {count: days, over: period, better: lower}}
criteria: {d: {for: commune, indicator: days, max: 60, min_max: {relative: true, all_equal: zero}}}
""",
        """\
criteria: {o: {for: commune, indicator: online, max: 60, share_of_best: {relative: true}}}
""",
        (
            "criteria.d.min_max L172 d spreads the field however close it lies together: 0 earns 60 points "
            "and 1 0 where nobody is lower; where all have 0, each earns 0; judge between written ends "
            "(linear: from, to) where results can come close together"
        ),
    ),
    Case(
        "L173",
        """\
criteria: {o: {indicator: online, max: 60, within: cluster, share_of_best: {relative: true}, for: [a, c, d]}}
""",
        """\
criteria: {o: {for: commune, indicator: online, max: 60, within: cluster, share_of_best: {relative: true}}}
standings: {online: {for: commune, within: cluster, by: [online], ties: shared}}
""",
        (
            "criteria.o L173 Alder is compared with nobody: alone in its group, a body is best and worst at "
            "once, whatever it does; put it into a larger group, or judge it by a written yardstick"
        ),
    ),
    Case(
        "L173",
        """\
criteria: {g: {for: [a, c], within: cluster, best_is: 10, sum: {
  o: {for: [a, c], indicator: online, max: 60, proportional: {full_at: 100%, cap: full}}}}}
""",
        "",
        (
            "criteria.g L173 Alder and Cedar are compared with nobody: alone in its group, a body is best and"
            " worst at once, whatever it does; put it into a larger group, or judge it by a written yardstick"
        ),
    ),
    Case(
        "L174",
        "standings: {online: {within: cluster, by: [online], ties: shared}}\n",
        "standings: {online: {for: commune, within: cluster, by: [online], ties: shared}}\n",
        (
            "standings.online L174 Province and Empty are in no cluster: those in no group are compared with "
            "one another, as if they were one; fill in the column, or leave them out with for"
        ),
    ),
    Case(
        "L181",
        """\
indicators:
  cards: {count: cards, over: period, better: higher}
  online: {share: {of: cards, among: files}, over: period, better: higher}
criteria: {o: {indicator: online, max: 60, proportional: {full_at: 100%, cap: full}}}
standings: {total: {by: [total], then: [{count_back: [o]}, cards], ties: shared}}
""",
        """\
criteria: {o: {indicator: online, max: 60, proportional: {full_at: 100%, cap: full}}}
standings: {total: {by: [total], then: [online], ties: shared}, cards: {by: [cards, o], ties: shared}}
""",
        (
            "standings.total.then.1 L181 ties in total are broken by cards, which is a count: of two bodies "
            "that did equally well, the larger one stands before; break ties by online"
        ),
    ),
    Case(
        "L181",
        "standings: {online: {by: [online, cards], ties: shared}}\n",
        "",
        (
            "standings.online.by.1 L181 ties in online are broken by cards, which is a count: of two bodies "
            "that did equally well, the larger one stands before; break ties by the share of cards among all"
        ),
    ),
    Case(
        "L182",
        """\
standings: {online: {for: commune, by: [online], ties: shared}}
awards: {flag: {for: commune, standing: online, places: 1, border: decision}}
""",
        """\
standings: {online: {for: commune, by: [online], ties: decision}}
awards: {flag: {for: commune, standing: online, places: 1, border: decision}, all: {for: commune, standing: online}}
""",
        (
            "awards.flag.border L182 flag asks for a decision on a tie that online leaves as it is: the board"
            " shows places as shared, and the same tie waits for people to settle it; ties: decision in "
            "online, or share or none at the border"
        ),
    ),
    Case(
        "L183",
        """\
standings: {online: {for: commune, within: cluster, by: [online], ties: shared}}
awards: {flag: {for: commune, standing: online, up_to: {share: 10%, of: ranked, round: down}, border: none}}
""",
        """\
standings: {online: {for: commune, within: cluster, by: [online], ties: shared}}
awards:
  flag: {for: commune, standing: online, up_to: {share: 50%, of: ranked, round: down}, border: none}
  cup: {for: commune, standing: online, places: 1, border: none}
  all: {for: commune, needs: {indicator: online, at_least: 80%}}
""",
        (
            "awards.flag L183 nobody can receive flag: 10 % of 2 in east is 0 when rounded down; check the "
            "quota, for and needs"
        ),
    ),
    Case(
        "L183",
        "awards: {flag: {for: commune}}\n",
        "",
        ("awards.flag L183 everybody receives flag: it asks for nothing, and is for 4; check the quota, for and needs"),
    ),
    Case(
        "L183",
        """\
standings: {online: {for: commune, by: [online], ties: shared}}
awards: {flag: {for: commune, standing: online, places: 4, border: none}}
""",
        "",
        ("awards.flag L183 everybody can receive flag: there are 4 places for 4; check the quota, for and needs"),
    ),
    Case(
        "L183",
        """\
standings: {online: {for: commune, by: [online], ties: shared}}
awards: {flag: {for: province, standing: online, places: 1, border: none}}
""",
        "",
        (
            "awards.flag L183 nobody can receive flag: online ranks none of those it is for; check the quota,"
            " for and needs"
        ),
    ),
    Case(
        "L184",
        """\
standings: {online: {for: commune, by: [online], ties: shared}}
awards: {flag: {for: commune, standing: online, up_to: {share: 50%, of: ranked, round: down}, border: share}}
""",
        """\
standings: {online: {for: commune, by: [online], ties: shared}}
awards: {flag: {for: commune, standing: online, up_to: {share: 50%, of: ranked, round: down}, border: none}}
""",
        (
            "awards.flag.border L184 a tie at the border of flag goes beyond 50 %: all who are tied there "
            "receive it, however many they are; at worst everybody; share_within a tolerance, or border: "
            "decision, where the share is not to be passed"
        ),
    ),
    Case(
        "L185",
        "standings: {online: {by: [online], then: [tasks, online], ties: shared}}\n",
        "standings: {online: {by: [online], then: [{head_to_head: []}, tasks], ties: shared}}\n",
        (
            "standings.online.then.1 L185 step 2 of then in online compares what was compared before: those "
            "who are tied there are tied here too; take it out, or break ties by something else"
        ),
    ),
    Case(
        "L190",
        "acknowledge: [{finding: L158, at: indicators.onlin, because: it is meant}]\n",
        "acknowledge: [{finding: L158, because: it is meant}, {finding: L190, because: to be sure}]\n",
        (
            "acknowledge.0 L190 L158 at indicators.onlin is acknowledged and not found: L158 is found at "
            "indicators.online, indicators.tasks, indicators.cards, indicators.strict; take it out, or "
            "correct what it names"
        ),
    ),
    Case(
        "L190",
        "acknowledge: [{finding: L101, because: it is meant}]\n",
        "",
        ("acknowledge.0 L190 L101 is acknowledged and not found; take it out, or correct what it names"),
    ),
    Case(
        "L190",
        "acknowledge: [{finding: L1580, because: it is meant}]\n",
        "",
        (
            "acknowledge.0 L190 L1580 is acknowledged and not found: there is no such finding; L158 is the "
            "nearest; take it out, or correct what it names"
        ),
    ),
)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.code}-{number}" for number, case in enumerate(CASES)])
def test_a_rule_that_has_it_is_found(case: Case, tmp_path: Path) -> None:
    """The finding tells what it is, what follows from it and what could be done, with the campaign's own numbers."""
    found = findings(campaign(tmp_path, case.bad))

    assert next(str(finding) for finding in found if finding.code == case.code) == case.told


GOOD = [(number, case) for number, case in enumerate(CASES) if case.good]


@pytest.mark.parametrize("case", [case for _, case in GOOD], ids=[f"{case.code}-{number}" for number, case in GOOD])
def test_a_rule_that_has_it_not_is_left_alone(case: Case, tmp_path: Path) -> None:
    """Rules beside it that are in order have no such finding."""
    assert case.code not in codes(findings(campaign(tmp_path, case.good)))


def test_every_kind_of_finding_has_a_case_of_both_sorts() -> None:
    """The catalogue and the cases know the same codes."""
    assert {case.code for case in CASES} == {case.code for _, case in GOOD} == set(CATALOGUE)


@pytest.mark.parametrize("code", CATALOGUE)
def test_every_kind_is_explained_in_full(code: str) -> None:
    """An entry of the catalogue is called by its code and says something under every heading."""
    kind = CATALOGUE[code]

    assert kind.code == code
    assert all((kind.title, kind.means, kind.matters, kind.remedy, kind.example))


ONE_OF_EACH = """\
acknowledge: [{finding: L158, at: indicators.cards, because: it is for the chronicle}]
announced_on: 2025-02-01
indicators: {cards: {count: cards, over: period}, files: {count: files, over: period}}
"""


def test_an_acknowledged_finding_is_settled(tmp_path: Path) -> None:
    """A finding that the campaign knows at its place is settled with its reason; others stay open."""
    rules = campaign(tmp_path, ONE_OF_EACH)
    found = findings(rules)

    assert [(one.finding.at, one.because) for one in settled(rules, found)] == [
        ("indicators.cards", "it is for the chronicle")
    ]
    assert [finding.at for finding in unacknowledged(rules, found)] == ["announced_on", "indicators.files"]


def test_a_code_without_a_place_settles_all_of_its_kind(tmp_path: Path) -> None:
    """An acknowledgement that names no place is for everywhere."""
    rules = campaign(tmp_path, "acknowledge: [{finding: L158, because: all are for the chronicle}]\n")

    assert unacknowledged(rules, findings(rules)) == ()


def test_a_finding_has_the_place_it_was_written_at(tmp_path: Path) -> None:
    """Beside the document, a finding says file, line and column, and can be reported as a problem."""
    rules = campaign(tmp_path, ONE_OF_EACH)
    document = read_document((tmp_path / "campaign.yaml").read_bytes(), "campaign.yaml")
    [announced, *_] = in_place(findings(rules), document)

    assert str(announced.place) == "campaign.yaml:9:1"
    assert str(announced).startswith("campaign.yaml:9:1 announced_on L122 announced on 2025-02-01")
    assert str(as_problem(announced)).startswith("campaign.yaml:9:1 L122 announced on 2025-02-01, and counted")


def test_each_edition_of_the_rules_is_looked_at(tmp_path: Path) -> None:
    """A finding of a later edition is found too, and one of all editions is told once."""
    rules = """\
criteria:
  o: {for: commune, indicator: online, max: 10,
    proportional: {full_at: {dated: {2025-01-01: 100%, 2025-07-01: 125%}}, cap: full}}
"""
    found = [finding.code for finding in findings(campaign(tmp_path, rules))]

    assert found == ["L155", "L158", "L158", "L158"]


def test_figures_are_spelt_as_people_read_them(tmp_path: Path) -> None:
    """Levels are named, days are late or early, a task is done or not, percents have their sign."""
    rules = campaign(
        tmp_path,
        """\
indicators:
  level: {level: [low, high], at: latest}
  due: {milestone: {due: 2025-06-01, counted_in: workdays}, at: latest}
  done: {yes_no: true, at: latest}
  growth: {number: percent, at: latest}
  cards: {count: cards, over: period}
""",
    )
    values = {"level": 2, "due": 3, "done": 1, "growth": 1, "cards": 4}

    assert [spelt(rules, IndicatorId(id), value) for id, value in values.items()] == [
        "high",
        "3 workdays late",
        "yes",
        "100 %",
        "4",
    ]
    assert [spelt(rules, IndicatorId("due"), value) for value in (0, -2, None)] == [
        "on the day",
        "2 workdays early",
        "not reported",
    ]
    assert spelt(rules, IndicatorId("done"), 0) == "no"
