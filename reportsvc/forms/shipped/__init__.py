"""Forms that come with the service."""

from __future__ import annotations

from importlib.resources import files

QUARTERLY_REPORT = "quarterly_report.md"


def quarterly_report() -> tuple[bytes, str]:
    """The quarterly report as an XLSForm in Markdown: its bytes and its file name, to be read by the importer."""
    return (files(__name__) / QUARTERLY_REPORT).read_bytes(), QUARTERLY_REPORT
