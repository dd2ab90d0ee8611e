"""Commands that keep running: the web server, the scheduler, and both together on one machine."""

from __future__ import annotations

import dataclasses
import gc
import signal
import subprocess
import sys
import time
from contextlib import suppress
from types import FrameType
from typing import Any

import click
import peewee
import structlog
from flask import Flask
from waitress.server import create_server

from reportsvc import db, files, photos
from reportsvc.audit import settings as audited
from reportsvc.cli.wiring import Wiring, workshop
from reportsvc.config import Settings
from reportsvc.errors import ConfigurationError
from reportsvc.jobs import scheduler
from reportsvc.web import imports

log = structlog.get_logger("reportsvc.serve")

PROGRAM = "from reportsvc.app import main; main()"
QUICK_SECONDS = 5
"""A part that ends sooner than this after its start will not do better a second time."""
STOP_SECONDS = 20


def add(commands: click.Group, wiring: Wiring) -> None:
    """Add ``web``, ``scheduler`` and ``serve``."""

    @commands.command()
    def web() -> None:
        """Serve the web pages."""
        settings = wiring.load()
        _note_settings(wiring)
        server = _listen(wiring.create_app(), settings)
        settle()
        # Waitress ends by this exception: requests that have begun are answered first.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        click.echo(f"Serving on http://{settings.host}:{settings.port}")
        server.run()

    @commands.command("scheduler")
    def run_scheduler() -> None:
        """Do due work: compile circulars. Any number of these may run side by side."""
        settings = wiring.load()
        wiring.log_to(settings)
        scheduler.run(workshop(settings), wiring.open_database(settings), settings.tick_seconds)

    @commands.command()
    def serve() -> None:
        """Run the web server and the scheduler together, for one machine."""
        settings = wiring.load()
        wiring.log_to(settings)
        workshop(settings)  # what the scheduler would lack is said here, once, before anything is started
        sys.exit(supervise(("web", "scheduler")))


def settle() -> None:
    """Take what stands after the start out of the garbage collector's sight: it stays until the process ends.

    Looking through all of it again and again made single answers wait for 100 to 200 ms (tests/bench/desk.py).
    """
    gc.collect()
    gc.freeze()


def _note_settings(wiring: Wiring) -> None:
    """Put into the log which settings differ from those of the last start; a database that is away stops no start."""
    with suppress(peewee.PeeweeException), wiring.database() as (settings, opened):
        if not db.pending(opened):
            values = {spec.name: getattr(settings, spec.name) for spec in dataclasses.fields(settings)}
            audited.note(settings.secret_key, values)


def _listen(app: Flask, settings: Settings) -> Any:
    try:
        return create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            connection_limit=settings.connection_limit,
            max_request_body_size=max(
                settings.max_request_bytes, photos.LARGEST_REQUEST, files.LARGEST_SECTION, imports.LARGEST_REQUEST
            ),
            ident=None,
        )
    except OSError as error:
        raise ConfigurationError(
            "The web server can't listen on %(host)s:%(port)s: %(error)s. Set REPORTSVC_HOST and REPORTSVC_PORT to an "
            "address that is free.",
            host=settings.host,
            port=settings.port,
            error=error.strerror or error,
        ) from error


def supervise(names: tuple[str, ...]) -> int:
    """Keep one process of each command running until asked to stop; gives the exit status.

    A part that ends is started again; one that ends at once has a reason that starting again won't cure.
    """
    stopping = False

    def stop(number: int, frame: FrameType | None) -> None:
        nonlocal stopping
        stopping = True

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    parts = {name: _Part(name) for name in names}
    status = 0
    try:
        while not stopping and status == 0:
            for part in parts.values():
                status = status or part.look()
            time.sleep(0.2)
    finally:
        for part in parts.values():
            part.ask_to_stop()
        for part in parts.values():
            part.stop()
    return status


class _Part:
    """One command in a process of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.start()

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen([sys.executable, "-c", PROGRAM, self.name])  # noqa: S603 - our own program

    def look(self) -> int:
        """0 while all is well; the status to end with, if the part can't stay up."""
        ended = self.process.poll()
        if ended is None:
            return 0
        if time.monotonic() - self.began < QUICK_SECONDS:
            log.error("ended right after its start", part=self.name, status=ended)
            return abs(ended) or 1
        log.warning("ended, started again", part=self.name, status=ended)
        self.start()
        return 0

    def ask_to_stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()

    def stop(self) -> None:
        try:
            self.process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
