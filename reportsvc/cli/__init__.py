"""The command line. It is handed what it needs by ``app.main``, since it stands below the wiring."""

from __future__ import annotations

import json

import click

from reportsvc import audit, db, totals
from reportsvc.cli import auditing, circulars, demo, difficulties, forms, people, serving
from reportsvc.cli.quarters import QuarterType
from reportsvc.cli.wiring import Wiring
from reportsvc.projects import campaigns, regions


def build(wiring: Wiring) -> click.Group:
    """The commands, over the parts that ``app.main`` hands in."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    def commands() -> None:
        """Quarterly reports by phone, summed and published as official circulars."""

    @commands.command()
    def migrate() -> None:
        """Bring the database's schema up to date and load the regions."""
        database = wiring.open_database(wiring.load())
        ran = db.migrate(database)
        with database.connection_context():
            added = regions.load()
            audit.begin()
        click.echo(f"Migrations run: {', '.join(ran) or 'none'}. Regions added: {added}.")

    @commands.command("totals")
    @click.option("--campaign", "code", required=True, help="The campaign's code, such as hebei-2018.")
    @click.option("--through", required=True, type=QuarterType(), help="The last quarter that counts: 2020Q3.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
    def print_totals(code: str, through: totals.Quarter, as_json: bool) -> None:
        """Print a campaign's headline figures; money in yuan, as exact decimals."""
        with wiring.database():
            figures = totals.headline(campaigns.campaign_by_code(code), through)
        if as_json:
            click.echo(json.dumps(figures, ensure_ascii=False))
            return
        for key, value in figures.items():
            click.echo(f"{key}: {value}")

    for part in (serving, circulars, difficulties, forms, people, auditing, demo):
        part.add(commands, wiring)
    return commands
