"""Marks English message ids, so that the catalogue finds them; they are translated where they are shown."""

from __future__ import annotations


def N_(message: str) -> str:  # noqa: N802 - the usual name of the marker
    """``message`` itself: a message id for the catalogue, with ``%(name)s`` placeholders."""
    return message
