"""Webhooks: addresses that are told when a report is submitted or approved, or a circular published.

What is to be told is written in the transaction of the event itself, so that neither is ever there without the other;
it is sent by a job. Nothing about a person is in it.
"""

from __future__ import annotations

from reportsvc.hooks.outbox import APPROVED, EVENTS, PUBLISHED, SUBMITTED, announce

__all__ = ["APPROVED", "EVENTS", "PUBLISHED", "SUBMITTED", "announce"]
