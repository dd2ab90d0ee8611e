"""The reviewers' pages: lists, one report with last quarter beside it, many at once, exceptions, and what is said."""

from reportsvc.web.reviewing import batches, conversation, desk, exceptions, flagged, report
from reportsvc.web.reviewing.common import install, pages
from reportsvc.web.reviewing.flagged import CLOSED
from reportsvc.web.reviewing.report import MOVED

__all__ = ["CLOSED", "MOVED", "batches", "conversation", "desk", "exceptions", "flagged", "install", "pages", "report"]
