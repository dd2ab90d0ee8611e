"""What the offices keep of the projects under way: plans, deadlines, owners; some are to be closed."""

from __future__ import annotations

from datetime import timedelta

from reportsvc import clock
from reportsvc.checklist import closing, finding, standing
from reportsvc.cli.province.live import People
from reportsvc.db import insert_many
from reportsvc.models import Campaign, Indicator, Project, ProjectPlan
from reportsvc.projects import regions

DAYS = (400, 20, 150, None, -12, 700, 60, 300)
"""From today to the deadline, over and over; some have none."""
SHARES = (70, 120, 30, 95, 400)
"""Out of a hundred, how much of a plan a quarter's typical report reaches."""
FUNDS, VISITS = 2_000_000, 150
"""A typical quarter, in fen and in visits."""


def load(campaign: Campaign, people: People) -> None:
    """Give the live projects what a checklist has, then work out where every project stands."""
    projects = list(Project.select().where(Project.campaign == campaign).order_by(Project.id))
    codes = ("money.own_funds", "benefit.visits")
    own, visits = (Indicator.get(Indicator.campaign == campaign, Indicator.code == code) for code in codes)
    rows = []
    for number, project in enumerate(projects):
        days = DAYS[number % len(DAYS)]
        project.deadline = clock.today() + timedelta(days=days) if days is not None else None
        project.owner = people.county_reviewers.get(project.region_id)
        project.signed_on = campaign.starts + timedelta(days=number)
        project.save()
        share = SHARES[number % len(SHARES)]
        rows.append({"project": project, "indicator": own, "amount": FUNDS * 100 // share})
        rows.append({"project": project, "indicator": visits, "amount": VISITS * 100 // share})
    insert_many(ProjectPlan, rows)
    _ask(projects, people)
    standing.refresh_old()


def _ask(projects: list[Project], people: People) -> None:
    """One is asked for by its county and waits, one is closed."""
    waiting, closed = projects[2], projects[3]
    staff = finding.Staff((regions.PROVINCE,), ())
    for project in (waiting, closed):
        reason = "协议约定的内容已经完成，资料已整理归档。"
        closing.ask(staff, project.id, people.county, project.revision, outcome="done", reason=reason)
    closing.decide(staff, closed.id, people.province, closed.revision + 1, close=True, reason="情况属实，同意销号。")
