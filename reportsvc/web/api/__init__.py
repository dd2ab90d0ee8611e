"""The read-only API: every address is an entry of one table, from which its views and its document are made."""

from __future__ import annotations

from reportsvc.web.api.views import blueprint

__all__ = ["blueprint"]
