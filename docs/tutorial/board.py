"""A board in marimo: the communes of Thái Nguyên, and why one of them stands where it stands.

Run it from the project's folder: ``marimo edit docs/tutorial/board.py``.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def _():
    import marimo as mo

    import emulation as em

    return em, mo


@app.cell
def _(mo):
    mo.md("""
    # A board that answers

    Choose a day and a commune; the board, the picture and the reasons follow. The figures of the communes are made up
    so that the reported ones come out.
    """)
    return


@app.cell
def _(em):
    campaign = em.load_campaign("campaigns/thai-nguyen-2025")
    observations = em.load_observations("campaigns/thai-nguyen-2025/observations.csv", campaign)
    return campaign, observations


@app.cell
def _(campaign, mo):
    day = mo.ui.dropdown(["2025-07-13", "2025-07-20", "2025-07-27", "2025-08-06"], value="2025-08-06", label="As of")
    commune = mo.ui.dropdown(
        {body.name: body.id for body in campaign.participants if body.kind == "commune"},
        value="Phường Phan Đình Phùng",
        label="Commune",
    )
    mo.hstack([day, commune])
    return commune, day


@app.cell
def _(campaign, day, em, observations):
    outcome = em.score(campaign, observations, as_of=day.value)
    outcome
    return (outcome,)


@app.cell
def _(commune, em, outcome):
    em.picture(outcome, "waterfall", participants=[commune.value])
    return


@app.cell
def _(commune, em, outcome):
    em.picture(outcome, "distribution", by="online_share", participants=[commune.value])
    return


@app.cell
def _(commune, em, outcome):
    em.way_up(outcome, commune.value, "class:green")
    return


@app.cell
def _(em, outcome):
    table = em.to_frame(outcome, "polars", numbers=float)
    table.group_by("readiness").len().sort("readiness")
    return (table,)


if __name__ == "__main__":
    app.run()
