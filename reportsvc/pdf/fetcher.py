"""What a circular may fetch while it is laid out: its own stylesheet and pictures, from memory, and nothing else.

WeasyPrint is imported on first use only: it loads pango, which must find our fonts and no others.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from reportsvc.errors import ReportsvcError
from reportsvc.forms.messages import N_
from reportsvc.pdf.fonts import FontSet

if TYPE_CHECKING:
    from types import ModuleType

SCHEME = "reportsvc:"


class RenderError(ReportsvcError):
    """A circular could not be laid out as it should; ``problems`` says what WeasyPrint complained of."""

    status = 500

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__(N_("The circular could not be laid out: %(problems)s"), problems="; ".join(problems[:5]))


def weasyprint(fonts: FontSet) -> ModuleType:
    """WeasyPrint, seeing the faces of ``fonts`` and no others."""
    os.environ["FONTCONFIG_FILE"] = str(fonts.config.resolve())
    # Imported here, since it loads pango and takes 0.7 s.
    return import_module("weasyprint")


def make_fetcher(resources: Mapping[str, tuple[bytes, str]]) -> Any:
    """A URL fetcher for WeasyPrint serving ``resources``: name → (content, MIME type), as ``reportsvc:name``.

    Everything else is refused, and its address kept in the fetcher's ``refused``. A refusal is an ordinary exception,
    which WeasyPrint catches, so that the whole list is known in the end.
    """
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 - see weasyprint()

    class Fetcher(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        def __init__(self) -> None:
            super().__init__(allowed_protocols=[SCHEME.rstrip(":")], allow_redirects=False)
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Mapping[str, str] | None = None) -> Any:
            found = resources.get(url.removeprefix(SCHEME)) if url.startswith(SCHEME) else None
            if found is None:
                self.refused.append(url[:200])
                raise ValueError(f"refused: {url[:200]}")
            content, kind = found
            return URLFetcherResponse(url, content, {"Content-Type": kind})

    return Fetcher()


@contextmanager
def strict(problems: list[str]) -> Iterator[None]:
    """Collect what WeasyPrint complains of in this thread into ``problems``."""
    handler = _Collector(problems)
    logger = logging.getLogger("weasyprint")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.WARNING)  # an operator's log level must not hide a failed build
    try:
        yield
    finally:
        logger.setLevel(before)
        logger.removeHandler(handler)


class _Collector(logging.Handler):
    def __init__(self, problems: list[str]) -> None:
        super().__init__(logging.WARNING)
        self.problems, self.thread = problems, threading.get_ident()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.problems.append(f"{record.levelname.lower()}: {record.getMessage()}"[:300])
