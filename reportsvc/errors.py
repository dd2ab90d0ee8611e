"""The named errors of the service.

Every error that a capability raises on purpose derives from :class:`ReportsvcError`, so that the web
layer can turn it into a page in one place. ``message`` is an English message id for the catalogue;
``values`` fills its ``%(name)s`` placeholders after translation.
"""

from __future__ import annotations

from datetime import datetime

from reportsvc import clock


class ReportsvcError(Exception):
    """Base of the service's own errors."""

    status = 400

    def __init__(self, message: str, **values: object) -> None:
        self.message = message
        self.values = values
        super().__init__(message % values if values else message)


class NotFound(ReportsvcError):
    """The thing does not exist, or is outside what this person may see (told apart to nobody)."""

    status = 404


class Forbidden(ReportsvcError):
    """The person may see the thing, but may not do this to it."""

    status = 403


class Conflict(ReportsvcError):
    """Somebody else, or the same person elsewhere, changed the thing in the meantime."""

    status = 409


class Invalid(ReportsvcError):
    """What was entered cannot be accepted as it is."""

    status = 422


class TooMany(ReportsvcError):
    """It was asked for too often; ``%(time)s`` in the message says when to try again, in China Standard Time."""

    status = 429

    def __init__(self, message: str, until: datetime) -> None:
        self.until = until
        super().__init__(message, time=clock.local(until).strftime("%Y-%m-%d %H:%M"))


class ConfigurationError(ReportsvcError):
    """An operator's setting is missing or wrong; the text names the setting and the fix."""

    status = 500
