"""The command line. It is handed what it needs by ``app.main``, since it stands below the wiring."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import click
import peewee
import waitress
from flask import Flask

from reportsvc import db, totals
from reportsvc.config import Settings
from reportsvc.errors import ReportsvcError
from reportsvc.projects import campaigns, regions

QUARTER = re.compile(r"(20\d\d)Q([1-4])")


class QuarterType(click.ParamType[totals.Quarter]):
    """A quarter such as ``2020Q3``."""

    name = "quarter"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> totals.Quarter:
        """Read the quarter, or say how one is written."""
        found = QUARTER.fullmatch(value)
        if found is None:
            self.fail(f"{value} is not a quarter; write 2020Q3.", param, ctx)
        return totals.Quarter(int(found[1]), int(found[2]))


def build(
    create_app: Callable[[], Flask], load: Callable[[], Settings], open_database: Callable[[Settings], peewee.Database]
) -> click.Group:
    """The commands, over the parts that ``app.main`` hands in."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    def commands() -> None:
        """Quarterly reports by phone, summed and published as official circulars."""

    @commands.command()
    def migrate() -> None:
        """Bring the database's schema up to date and load the regions."""
        database = open_database(load())
        ran = db.migrate(database)
        with database.connection_context():
            added = regions.load()
        click.echo(f"Migrations run: {', '.join(ran) or 'none'}. Regions added: {added}.")

    @commands.command()
    def web() -> None:
        """Serve the web pages."""
        settings = load()
        app = create_app()
        click.echo(f"Serving on http://{settings.host}:{settings.port}")
        waitress.serve(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            connection_limit=settings.connection_limit,
            max_request_body_size=settings.max_request_bytes,
            ident=None,
        )

    @commands.command("totals")
    @click.option("--campaign", "code", required=True, help="The campaign's code, such as hebei-2018.")
    @click.option("--through", required=True, type=QuarterType(), help="The last quarter that counts: 2020Q3.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
    def print_totals(code: str, through: totals.Quarter, as_json: bool) -> None:
        """Print a campaign's headline figures; money in yuan, as exact decimals."""
        database = open_database(load())
        with database.connection_context():
            try:
                figures = totals.headline(campaigns.campaign_by_code(code), through)
            except ReportsvcError as error:
                raise click.ClickException(str(error)) from error
        if as_json:
            click.echo(json.dumps(figures, ensure_ascii=False))
            return
        for key, value in figures.items():
            click.echo(f"{key}: {value}")

    return commands
