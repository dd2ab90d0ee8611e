"""What projects plan to give and to reach, added up like what was given and reached."""

from __future__ import annotations

from reportsvc.models import Campaign
from reportsvc.picture.amounts import Sums
from reportsvc.picture.places import Place
from reportsvc.picture.store import Store


def planned(store: Store, campaign: Campaign, place: Place) -> Sums:
    """The plans of the projects in a place; empty where no project has one."""
    del store, campaign, place
    found: Sums = {}
    return found
