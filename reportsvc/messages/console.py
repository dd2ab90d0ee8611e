"""The channel of a developer's machine: whoever runs the server reads the code out."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from reportsvc.accounts.people import Reach
from reportsvc.messages.channels import Code

Show = Callable[[str, str], None]
"""Shows a phone number and its code to whoever runs the server."""


@dataclass(frozen=True, slots=True)
class Console:
    """Reaches everybody, and nobody but the operator."""

    show: Show
    name: str = "console"

    def reaches(self, reach: Reach) -> bool:
        """Always."""
        return True

    def send_code(self, reach: Reach, code: Code) -> None:
        """Show the code."""
        self.show(reach.phone, code.digits)
