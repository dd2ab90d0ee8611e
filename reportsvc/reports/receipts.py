"""Checking a receipt: does the service still hold exactly what was sent?"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime

from reportsvc.errors import NotFound
from reportsvc.models import Version
from reportsvc.reports.submissions import digest

SHORT = 16
"""So many characters of the fingerprint stand in the address of the check."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the check says; nothing of what the report is about, since anybody may ask."""

    number: str
    sent: datetime
    same: bool
    """Whether the fingerprint asked for is that of what is held."""
    newest: bool
    """Whether no later version took its place."""


def check(number: str, fingerprint: str) -> Verdict:
    """Compare a receipt with what is held. The answers are digested anew, so damage shows too.

    :raises NotFound: if there is no such receipt.
    """
    found: Version | None = Version.get_or_none(Version.receipt == number)
    if found is None or len(fingerprint) < SHORT:
        raise NotFound("There is no receipt with this number.")
    held = digest(found.answers)
    same = held == found.sha256 and hmac.compare_digest(held[: len(fingerprint)].encode(), fingerprint.encode())
    return Verdict(found.receipt, found.submitted_at, same, found.number == found.slot.current)
