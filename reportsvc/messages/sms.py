"""What both gateways ask of a template's variables, checked before anything is sent."""

from __future__ import annotations

import re

from reportsvc.messages.channels import UndeliveredError

LONGEST_VARIABLE = 35
LINK = re.compile(r"https?:|www\.|://|[\w-]+\.(?:cn|com|net|org)\b", re.IGNORECASE)
"""A link belongs into the template, where it is the same for everybody; in a variable it would be personal."""


def variable(text: str) -> str:
    """``text``, if it may stand in a template's variable.

    :raises UndeliveredError: if it is empty, too long, or holds a link.
    """
    if not text or len(text) > LONGEST_VARIABLE:
        raise UndeliveredError(f"a variable of a text message has 1 to {LONGEST_VARIABLE} characters, not {len(text)}")
    if LINK.search(text):
        raise UndeliveredError("a variable of a text message must not hold a link")
    return text


def reason(code: object) -> str:
    """A gateway's error code for the log: words without digits, so that no number and no sign-in code is in it."""
    return re.sub(r"[^A-Za-z_.:-]", "", str(code))[:60] or "no reason given"
