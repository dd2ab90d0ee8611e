"""The demo province: a historic campaign with the published totals, and a campaign that is under way.

Everything generated comes from a fixed seed and says 样例 in its name; ``sample`` is set on it. Not samples are the
nine published cases and the organizations that the facts name (:mod:`reportsvc.cli.province.cases`). Historic projects
have slots only for the one to five quarters in which they were active: who owed a report in the others is not known.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reportsvc import audit
from reportsvc.cli.province import checklist, historic, live
from reportsvc.db import database
from reportsvc.errors import Conflict
from reportsvc.models import Campaign, FormVersion, Person
from reportsvc.reviews import ReadQuantities

__all__ = ["Loaded", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded, and who can sign in to look at it.

    ``reporter`` owes an open report for an organization in 丰宁满族自治县 (130826) and had last quarter's approved;
    ``county`` reviews that county; ``province`` reviews the province and publishes its circulars.
    """

    historic: Campaign
    live: Campaign
    reporter: Person
    county: Person
    province: Person


def load(form: FormVersion, *, read: ReadQuantities, progress: Callable[[str], None]) -> Loaded:
    """Load both campaigns into a migrated database that holds the regions and nothing else, all or nothing.

    :param read: gives the quantities of a version, for the live campaign's approvals.
    :param progress: told one line now and then.
    :raises Conflict: if it is loaded already.
    """
    if Campaign.select().where(Campaign.code.in_((historic.CODE, live.CODE))).exists():
        raise Conflict("The demo province is already loaded.")
    with database.atomic():
        past = historic.load(form, progress)
        audit.take_in("log.taken_in")  # thousands of rows of one go share their digests
        current, people = live.load(form, read)
        checklist.load(current, people)
    progress("The campaign under way is loaded.")
    return Loaded(past, current, people.reporter, people.county, people.province)
