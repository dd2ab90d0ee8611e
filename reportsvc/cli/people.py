"""Who may do what, from the server's command line: roles, closed accounts, and the first password of the staff."""

from __future__ import annotations

import click
import structlog

from reportsvc.accounts import leaving, people, staff
from reportsvc.cli.wiring import Wiring
from reportsvc.projects import organizations, regions

log = structlog.get_logger("reportsvc.people")
ROLES = (
    *(people.REPORTER, people.MANAGER, people.REVIEWER, people.PUBLISHER),
    *(people.ADMINISTRATOR, people.AUDITOR),
)


def add(commands: click.Group, wiring: Wiring) -> None:
    """Add ``people`` and ``staff``."""
    _add_people(commands, wiring)
    _add_staff(commands, wiring)


def _add_people(commands: click.Group, wiring: Wiring) -> None:
    @commands.group("people")
    def group() -> None:
        """Roles of people, and the closing of accounts."""

    @group.command()
    @click.argument("phone")
    @click.argument("role", type=click.Choice(ROLES))
    @click.argument("over")
    @click.option("--name", default="", help="Needed if nobody has the number yet; a name that is there stays.")
    def grant(phone: str, role: str, over: str, name: str) -> None:
        """Give a role OVER an organization (its 18-character code) or a region (its 6-digit code)."""
        with wiring.database():
            person = people.find(phone) or (people.create_person(name, phone) if name.strip() else None)
            if person is None:
                raise click.ClickException("Nobody has this number yet: give their --name.")
            if role in people.OVER_ORGANIZATIONS:
                organization = organizations.by_code(over)
                people.grant(person, role, organization=organization)
                place = organization.name
            else:
                people.grant(person, role, region=regions.scope(over).code)
                place = regions.scope(over).name
            log.info("role given", person=person.id, role=role, over=over)
            click.echo(f"{person.name} is {role} over {place}.")

    @group.command()
    @click.argument("phone")
    def close(phone: str) -> None:
        """Close an account: roles withdrawn, signed out everywhere. The name stays under what was done."""
        with wiring.database():
            person = leaving.close(phone)
            log.info("account closed", person=person.id)
            click.echo(f"The account of {person.name} is closed.")


def _add_staff(commands: click.Group, wiring: Wiring) -> None:
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
