"""The main job on real input: the demo province is loaded, summed, compiled into its circular, and served."""

from __future__ import annotations

import json
import sys
import time

import click

from reportsvc import db, totals
from reportsvc.accounts import people as accounts
from reportsvc.accounts import signing
from reportsvc.cli import province, serving
from reportsvc.cli.circulars import compile_now, write
from reportsvc.cli.wiring import Wiring, desk
from reportsvc.config import Settings
from reportsvc.errors import ConfigurationError
from reportsvc.forms import shipped
from reportsvc.models import Campaign, Person
from reportsvc.projects import campaigns, regions
from reportsvc.reports import forms

PHONES = {"reporter": "13800000001", "county reviewer": "13800000002", "province publisher": "13800000003"}
OFFICE = {"administrator": ("郑雅琴", "13800000901"), "auditor": ("任国栋", "13800000902")}
"""The made-up people of the demo province, by what they do (reportsvc.cli.province.live)."""
THROUGH = totals.Quarter(2020, 3)
HISTORIC = "hebei-2018"


def add(commands: click.Group, wiring: Wiring) -> None:
    """Add ``demo``."""

    @commands.command("demo")
    @click.option("--once", is_flag=True, help="Stop before serving.")
    def demo(once: bool) -> None:
        """Load the demo province, compile its circular, print where to look, and serve."""
        began = time.monotonic()
        settings = wiring.load()
        db.migrate(wiring.open_database(settings))
        with wiring.database() as (settings, _):
            if settings.production:
                raise ConfigurationError("REPORTSVC_ENV is production: the demo's made-up people don't belong there.")
            regions.load()
            people = _load()
            figures = totals.headline(campaigns.campaign_by_code(HISTORIC), THROUGH)
            click.echo("\nTotals of hebei-2018 up to 2020Q3, by summing:")
            click.echo("  " + json.dumps(figures, ensure_ascii=False))
            click.echo("Compiling the circular …")
            compiled = compile_now(settings, HISTORIC, THROUGH)
            out = settings.instance_dir / "hebei-2018-2020Q3.pdf"
            write(settings, compiled, out)
            click.echo(f"The circular: {out} ({out.stat().st_size:,} bytes)")
            _print_links(settings, people)
        click.echo(f"Done after {time.monotonic() - began:.0f} s.")
        if not once:
            click.echo(f"\nServing on {settings.base_url}; stop with Ctrl+C.", nl=True)
            sys.stdout.flush()
            sys.exit(serving.supervise(("web", "scheduler")))


def _load() -> dict[str, Person]:
    """Load the province, or find its people as they were loaded before."""
    if Campaign.get_or_none(Campaign.code == HISTORIC) is not None:
        click.echo("The demo province is there already.")
        found = {role: Person.get(Person.phone == phone) for role, phone in PHONES.items()}
        return found | _office()
    if Campaign.select().exists():
        raise ConfigurationError(
            "The database holds other campaigns. Set REPORTSVC_INSTANCE_DIR to an empty folder for the demo."
        )
    form = forms.publish(*shipped.quarterly_report())
    loaded = province.load(form, read=forms.read_quantities, progress=click.echo)
    return dict(zip(PHONES, (loaded.reporter, loaded.county, loaded.province), strict=True)) | _office()


def _office() -> dict[str, Person]:
    """Who looks after the people and roles of the province, and who looks on; made once."""
    found = {}
    for role, (name, phone) in OFFICE.items():
        found[role] = accounts.create_person(name, phone)
        accounts.grant(found[role], role, region=regions.PROVINCE)
    return found


def _print_links(settings: Settings, people: dict[str, Person]) -> None:
    click.echo("Sign-in links, each good once and for a day:")
    for role, person in people.items():
        token = signing.make_link(desk(settings), person)
        click.echo(f"  {role} {person.name} ({person.phone}): {settings.base_url}/sign-in/link/{token}")
    click.echo(
        "Later: the reporter by the number, with the code from the server's log; the others by a password, for which"
    )
    click.echo("reportsvc staff invite NUMBER prints a link.")
