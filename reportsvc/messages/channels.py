"""What a channel is, and in which order the channels are tried.

A channel never raises anything that holds the code, the number or a key: what it raises may be logged as it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from reportsvc.accounts.people import Reach

log = structlog.get_logger("reportsvc.messages")


class UndeliveredError(Exception):
    """A channel could not bring a message away; its text says why and tells no secret."""


@dataclass(frozen=True, slots=True)
class Code:
    """A sign-in code as it is sent."""

    digits: str
    minutes: int
    """How long it is good for."""


class Channel(Protocol):
    """One way to a person."""

    @property
    def name(self) -> str:
        """What it is called in the settings and in the log."""

    def reaches(self, reach: Reach) -> bool:
        """Whether this channel has what it needs to find the person."""

    def send_code(self, reach: Reach, code: Code) -> None:
        """Bring a sign-in code away.

        :raises UndeliveredError: if it did not go, or nobody knows whether it did.
        """


def send_code(channels: Sequence[Channel], reach: Reach, code: Code) -> None:
    """Send a code by the first channel that reaches the person; if that one fails, by the next.

    A code that may have gone is sent again by the next channel: twice is a nuisance, not at all is a locked door.
    """
    fitting = [channel for channel in channels if channel.reaches(reach)]
    if not fitting:
        log.error("no channel reaches this person", phone=reach.masked)
    for channel in fitting:
        try:
            channel.send_code(reach, code)
        except UndeliveredError as problem:
            log.error("a code was not sent", channel=channel.name, phone=reach.masked, reason=str(problem))
        else:
            log.info("a code was sent", channel=channel.name, phone=reach.masked)
            return
