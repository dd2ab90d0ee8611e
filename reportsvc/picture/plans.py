"""What projects plan to give and to reach, added up like what was given and reached."""

from __future__ import annotations

from typing import Any

import peewee

from reportsvc.models import Campaign, Indicator, Organization, Project, ProjectPlan
from reportsvc.picture.amounts import Sums, divided
from reportsvc.picture.places import Place
from reportsvc.picture.store import Store


def planned(store: Store, campaign: Campaign, place: Place) -> Sums:
    """The plans of the projects in a place, by the lead's kind; empty where no project has one.

    A project in several counties plans as a whole, so its plan belongs to what holds them all, as its reports do.
    """
    return store.compose(("plan", campaign.id, place.scope.code), _mark(), lambda: _planned(campaign, place))


def _mark() -> Any:
    """What changes with every plan that is made, changed or dropped."""
    plans: Any = ProjectPlan.select(peewee.fn.COUNT(ProjectPlan.id), peewee.fn.SUM(ProjectPlan.amount)).tuples()
    return next(iter(plans))


def _planned(campaign: Campaign, place: Place) -> Sums:
    columns = (Project.region, Organization.kind, Project.category, Indicator.code)
    rows: Any = (
        ProjectPlan.select(*columns, peewee.fn.SUM(ProjectPlan.amount))
        .join(Indicator, on=(ProjectPlan.indicator == Indicator.id))
        .join(Project, on=(ProjectPlan.project == Project.id))
        .join(Organization, on=(Project.lead == Organization.id))
        .where(Project.campaign == campaign, Project.region.in_(place.inside))
        .group_by(*columns)
        .tuples()
    )
    return divided(rows, place)
