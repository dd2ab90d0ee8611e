"""Reviewing: what waits for whom, passing up, approving, returning, and talking it over. By scope, always."""

from reportsvc.reviews.acting import REASON, ReadQuantities, endorse, send_back, take_back, undoable
from reportsvc.reviews.finding import Told, find, find_for, history, in_scope, version_for, visible
from reportsvc.reviews.lists import PAGE, TABS, Found, Row, Standing, Wanted, listing, neighbours, standing

__all__ = [
    "PAGE",
    "REASON",
    "TABS",
    "Found",
    "ReadQuantities",
    "Row",
    "Standing",
    "Told",
    "Wanted",
    "endorse",
    "find",
    "find_for",
    "history",
    "in_scope",
    "listing",
    "neighbours",
    "send_back",
    "standing",
    "take_back",
    "undoable",
    "version_for",
    "visible",
]
