"""The command that compiles a circular into a file."""

from __future__ import annotations

import time
from pathlib import Path

import click

from reportsvc import attachments, totals
from reportsvc.circulars import compiling
from reportsvc.cli.quarters import QuarterType
from reportsvc.cli.wiring import Wiring, workshop
from reportsvc.config import Settings
from reportsvc.errors import NotFound, ReportsvcError
from reportsvc.jobs import tasks
from reportsvc.models import Circular

POLL_SECONDS = 0.5


def add(commands: click.Group, wiring: Wiring) -> None:
    """Add ``circular compile``."""

    @commands.group()
    def circular() -> None:
        """Circulars (通报)."""

    @circular.command("compile")
    @click.option("--campaign", "code", required=True, help="The campaign's code, such as hebei-2018.")
    @click.option("--through", required=True, type=QuarterType(), help="The last quarter that counts: 2020Q3.")
    @click.option(
        "--out", required=True, type=click.Path(dir_okay=False, writable=True, path_type=Path), help="The PDF to write."
    )
    def compile_one(code: str, through: totals.Quarter, out: Path) -> None:
        """Freeze the figures, lay the circular out, and write it to a file."""
        with wiring.database() as (settings, _):
            compiled = compile_now(settings, code, through)
            write(settings, compiled, out)
            snapshot = compiled.snapshot
        click.echo(f"{out}: {out.stat().st_size:,} bytes, snapshot {snapshot.sha256 if snapshot else ''}")


def compile_now(settings: Settings, code: str, through: totals.Quarter) -> Circular:
    """Ask for the circular and do the work here; if a scheduler took it first, wait until that one is done.

    :raises ReportsvcError: if it could not be made.
    """
    circular = compiling.request_by_code(code, through, None)
    shop, task = workshop(settings), compiling.task_of(circular)
    while True:
        work = tasks.claim(shop.worker, shop.lease, key=task.key) if task else None
        done = work is None or tasks.do(work, shop.handlers, shop.give_up)
        standing = compiling.standing(circular)
        if not done or standing.state == "failed":
            raise ReportsvcError("The circular could not be made: %(error)s", error=standing.error)
        circular = compiling.by_id(circular.id)
        if circular.state == "compiled":
            return circular
        time.sleep(POLL_SECONDS)


def write(settings: Settings, circular: Circular, out: Path) -> None:
    """Write the PDF of a compiled circular to ``out``.

    :raises NotFound: if it is not compiled yet.
    """
    if circular.attachment is None:
        raise NotFound("This circular is not ready yet.")
    content = attachments.read(attachments.Folder(settings.attachments), circular.attachment)
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_bytes(content)
