"""The commands that compile a circular into a file, and verify such a file."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import click

from reportsvc import attachments, totals
from reportsvc.circulars import compiling, verifying
from reportsvc.cli.quarters import QuarterType
from reportsvc.cli.wiring import Wiring, workshop
from reportsvc.config import Settings
from reportsvc.errors import NotFound, ReportsvcError
from reportsvc.jobs import tasks
from reportsvc.models import Circular

POLL_SECONDS = 0.5
CORRECTED = 3
"""Exit status of ``circular verify`` where figures were corrected since; 2 is what wrong arguments end with."""
MOST, MOST_RECEIPTS = 50, 6
"""Figures, and receipts of each, that are listed."""


def add(commands: click.Group, wiring: Wiring) -> None:
    """Add ``circular compile`` and ``circular verify``."""

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

    @circular.command()
    @click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
    def verify(file: Path) -> None:
        """Tell whether FILE is a circular as it was made here, and which of its figures still hold.

        Ends with status 0 if it is and all do, 1 if it is not, and 3 if figures were corrected since.
        """
        with wiring.database():
            found = verifying.verify(file.read_bytes())
        for line in told(found):
            click.echo(line)
        if found.changed:
            sys.exit(CORRECTED)


def told(found: verifying.Verdict) -> Iterator[str]:
    """The lines about a file that is a circular of ours."""
    made = found.circular
    yield f"Circular {made.id}, {made.campaign.code} through {made.year}Q{made.quarter}: every byte is as it was made."
    yield f"Its snapshot has the SHA-256 {found.snapshot}, computed anew."
    yield f"{found.figures - len(found.changed)} of {found.figures} figures still hold."
    if found.changed:
        yield "Corrected since, with the receipts of reports that no longer count (-) and that count now (+):"
    for one in found.changed[:MOST]:
        was, now = (f"{Decimal(value).scaleb(-one.scale):,f}" for value in (one.was, one.now))
        reports = [*(f"-{number}" for number in one.left), *(f"+{number}" for number in one.came)]
        more = f" and {len(reports) - MOST_RECEIPTS} more" if len(reports) > MOST_RECEIPTS else ""
        comes = "as before, from other reports" if was == now else f"then, {now} {one.unit} now"
        yield f"  {one.key}: {was} {one.unit} {comes} ({' '.join(reports[:MOST_RECEIPTS])}{more})"
    if len(found.changed) > MOST:
        yield f"  … and {len(found.changed) - MOST} more figures."


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
