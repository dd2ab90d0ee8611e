"""The reviewers' pages: lists, one report with last quarter beside it, many at once, exceptions, and what is said."""

from reportsvc.web.reviewing import batches, conversation, desk, exceptions, report
from reportsvc.web.reviewing.common import install, pages
from reportsvc.web.reviewing.report import MOVED

__all__ = ["MOVED", "batches", "conversation", "desk", "exceptions", "install", "pages", "report"]
