"""What ``app.main`` hands to the commands, since they stand below the wiring; and what they make of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import click
import peewee
from babel.support import Translations
from flask import Flask

from reportsvc import attachments
from reportsvc.accounts.people import Reach
from reportsvc.accounts.signing import Desk
from reportsvc.checklist import standing
from reportsvc.circulars import compiling
from reportsvc.circulars.document import CircularDocument, Progress
from reportsvc.config import Settings
from reportsvc.difficulties import overdue
from reportsvc.errors import ConfigurationError, ReportsvcError
from reportsvc.exchange import campaign
from reportsvc.exchange.imports.desk import Say
from reportsvc.exchange.imports.desk import Work as Importing
from reportsvc.jobs import campaigns as campaign_jobs
from reportsvc.jobs import checks as check_jobs
from reportsvc.jobs import circulars as circular_jobs
from reportsvc.jobs import difficulties as difficulty_jobs
from reportsvc.jobs import files as file_jobs
from reportsvc.jobs import hooks as hook_jobs
from reportsvc.jobs import imports as import_jobs
from reportsvc.jobs import photos as photo_jobs
from reportsvc.jobs import projects as project_jobs
from reportsvc.jobs.scheduler import Workshop
from reportsvc.pdf.circular import render
from reportsvc.pdf.fonts import FontSet
from reportsvc.web import language


@dataclass(frozen=True, slots=True)
class Wiring:
    """The parts of the service."""

    create_app: Callable[[], Flask]
    load: Callable[[], Settings]
    open_database: Callable[[Settings], peewee.Database]
    log_to: Callable[[Settings], None]

    @contextmanager
    def database(self) -> Iterator[tuple[Settings, peewee.Database]]:
        """The settings and an open database; an error of ours becomes one line."""
        settings = self.load()
        self.log_to(settings)
        opened = self.open_database(settings)
        try:
            with opened.connection_context():
                yield settings, opened
        except ConfigurationError:
            raise
        except ReportsvcError as error:
            raise click.ClickException(str(error)) from error


def press(settings: Settings) -> compiling.Press:
    """What compiling a circular needs.

    :raises ConfigurationError: if the typefaces have not been made.
    """
    fonts = FontSet.load(settings.fonts)

    def lay_out(document: CircularDocument, progress: Progress) -> bytes:
        return render(document, progress, fonts)

    return compiling.Press(lay_out, attachments.Folder(settings.attachments), settings.base_url)


def workshop(settings: Settings) -> Workshop:
    """All that the scheduler does."""
    store, development = attachments.Folder(settings.attachments), settings.environment == "development"
    return Workshop(
        handlers={
            circular_jobs.HANDLES: circular_jobs.handler(press(settings)),
            photo_jobs.HANDLES: photo_jobs.handler(attachments.Folder(settings.attachments)),
            file_jobs.HANDLES: file_jobs.handler(attachments.Folder(settings.attachments)),
            import_jobs.HANDLES: import_jobs.handler(Importing(store, in_chinese())),
            campaign_jobs.HANDLES: campaign_jobs.handler(campaign.Work(store, in_chinese())),
            hook_jobs.HANDLES: hook_jobs.handler(hook_jobs.Post(settings.secret_key, private=development)),
            difficulty_jobs.HANDLES: difficulty_jobs.act,
            difficulty_jobs.PICTURES: difficulty_jobs.picture_handler(attachments.Folder(settings.attachments)),
            **check_jobs.handlers(attachments.Folder(settings.attachments)),
            **project_jobs.HANDLERS,
        },
        give_up={
            **circular_jobs.GIVE_UP,
            **photo_jobs.GIVE_UP,
            **file_jobs.GIVE_UP,
            **difficulty_jobs.GIVE_UP,
            **check_jobs.GIVE_UP,
            **import_jobs.GIVE_UP,
            **campaign_jobs.GIVE_UP,
        },
        look=(compiling.request_for_closed_rounds, overdue.enqueue, check_jobs.LOOK, standing.request),
        lease=timedelta(seconds=settings.lease_seconds),
    )


def in_chinese() -> Say:
    """Messages for files that are made without a reader at hand: they go to an office."""
    catalogue = Translations.load(str(language.TRANSLATIONS), [language.DEFAULT])

    def say(message: str, **values: object) -> str:
        said = catalogue.gettext(message)
        return str(said % values if values else said)

    return say


def desk(settings: Settings) -> Desk:
    """For making sign-in links; codes are sent by the web server only."""

    def send_nothing(reach: Reach, code: str) -> None:
        raise ConfigurationError("Codes are sent by the web server, not by this command.")

    return Desk(settings.secret_key, send_nothing, settings.sign_in_code_minutes)
