"""Checking the log, and writing its head down elsewhere."""

from __future__ import annotations

import sys

import click

from reportsvc import audit
from reportsvc.audit import verifying
from reportsvc.cli.wiring import Wiring

MOST = 50


def add(commands: click.Group, wiring: Wiring) -> None:
    """Add ``audit``."""

    @commands.group("audit")
    def group() -> None:
        """The log of every change, each entry sealed with the one before."""

    @group.command()
    @click.option("--anchor", "expected", default="", metavar="HASH", help="A hash that `audit head` printed earlier.")
    def verify(expected: str) -> None:
        """Compute the log anew and compare it with its rows; exit status 1 if anything was changed."""
        with wiring.database():
            report = verifying.verify(expected.strip().lower())
        lines = verifying.summary(report.findings)
        for line in lines[:MOST]:
            click.echo(line)
        if len(lines) > MOST:
            click.echo(f"… and {len(lines) - MOST} more.")
        click.echo(f"{report.entries} entries, {report.rows} rows compared; head: {report.head.hash}")
        if lines:
            click.echo("The log is NOT as it was written.")
            sys.exit(1)
        click.echo("The log is as it was written.")

    @group.command()
    def head() -> None:
        """Print number and hash of the newest entry, to be kept where the database's keepers can't reach it."""
        with wiring.database():
            newest = audit.head()
        click.echo(f"{newest.sequence} {newest.hash}")
