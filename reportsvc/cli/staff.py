"""Letting one of the staff in: a link by which they choose a password."""

from __future__ import annotations

import click
import structlog

from reportsvc.accounts import staff
from reportsvc.cli.wiring import Wiring

log = structlog.get_logger("reportsvc.staff")


def add(commands: click.Group, wiring: Wiring) -> None:
    """Add ``staff invite`` and ``staff reset``."""

    @commands.group("staff")
    def group() -> None:
        """Passwords of those who review and publish."""

    @group.command()
    @click.argument("phone")
    def invite(phone: str) -> None:
        """Print a link by which the person with this number chooses a password."""
        _print_link(wiring, phone, reset=False)

    @group.command()
    @click.argument("phone")
    def reset(phone: str) -> None:
        """Forget a password and an authenticator, sign their owner out everywhere, and print a new link."""
        _print_link(wiring, phone, reset=True)


def _print_link(wiring: Wiring, phone: str, *, reset: bool) -> None:
    with wiring.database() as (settings, _):
        person, token = staff.invite(settings.secret_key, phone, reset=reset)
        log.info("staff reset" if reset else "staff invited", person=person.id)
        click.echo(f"For {person.name} alone, good once and for {staff.INVITATION_DAYS} days:")
        click.echo(f"{settings.base_url}/staff/join/{token}")
