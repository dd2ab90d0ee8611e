"""Lists to take away, each described once: the files of the desk, the zip of a campaign and the API give the same."""

from __future__ import annotations

from reportsvc.exchange.lists import answers, checklist, difficulties, flags, late, parties, published, reporting
from reportsvc.exchange.lists.shape import Column, Listing, Record, View, records, view

__all__ = ["BY_NAME", "LISTINGS", "Column", "Listing", "Record", "View", "answers", "records", "view"]

LISTINGS: tuple[Listing, ...] = (
    parties.CAMPAIGNS,
    parties.ROUNDS,
    parties.INDICATORS,
    parties.ORGANIZATIONS,
    parties.PROJECTS,
    parties.PARTICIPATIONS,
    reporting.SLOTS,
    reporting.FIGURES,
    late.LATE,
    flags.FLAGS,
    checklist.CHECKLIST,
    checklist.PLANS,
    difficulties.DIFFICULTIES,
    published.CIRCULARS,
    published.CIRCULAR_FIGURES,
)
BY_NAME = {listing.name: listing for listing in LISTINGS}
