"""Where everything is wired; nothing else knows all the parts. Nothing runs at import."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import timedelta

import peewee
import structlog
from flask import Flask, g
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from reportsvc import attachments, cli, config, db, logs
from reportsvc.accounts.sessions import Lifetimes
from reportsvc.accounts.signing import Desk
from reportsvc.cli.wiring import Wiring
from reportsvc.config import Settings
from reportsvc.errors import ConfigurationError
from reportsvc.pdf.fonts import FontSet
from reportsvc.pdf.receipts import render as print_receipt
from reportsvc.web import (
    account,
    assets,
    autosave,
    errors,
    files,
    guard,
    health,
    home,
    language,
    nil,
    photos,
    preferences,
    publishing,
    receipts,
    reporting,
    requests,
    reviewing,
    signing,
    words,
)

log = structlog.get_logger("reportsvc")


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """The web application: settings checked, database opened, routes in place.

    :param overrides: settings by field name, for tests.
    :raises ConfigurationError: naming the setting that is wrong and the fix.
    """
    settings = config.load(overrides)
    logs.configure(settings)
    app = Flask("reportsvc", template_folder=config.templates_dir(), static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEBUG=settings.debug,
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.reporter_days),
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open for days; its token lives as long as the session
    )
    app.extensions["reportsvc"] = settings
    database = db.open_database(settings.database)
    requests.install(app)
    assets.install(app, config.static_dir())
    _connect_per_request(app, database)
    language.install(app)
    words.install(app)
    photos.install(app)
    store = attachments.Folder(settings.attachments)
    files.install(app, store)
    guard.install(app, _lifetimes(settings))
    CSRFProtect(app)  # after the guard: whoever was away for too long is asked to sign in, not told of a token
    errors.install(app)
    app.register_blueprint(health.blueprint(lambda: _problems(database)))
    desk = Desk(settings.secret_key, _show_code, settings.sign_in_code_minutes)
    for pages in (
        home.pages,
        account.pages,
        preferences.pages,
        signing.blueprint(desk),
        reporting.pages,
        autosave.pages,
        nil.pages,
        photos.blueprint(store),
        files.blueprint(store),
        receipts.blueprint(lambda receipt: print_receipt(receipt, FontSet.load(settings.fonts))),
        reviewing.pages,
        publishing.blueprint(store),
    ):
        app.register_blueprint(pages)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app


def _lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(
        key=settings.secret_key,
        reporter=timedelta(days=settings.reporter_days),
        staff_idle=timedelta(minutes=settings.staff_idle_minutes),
        staff=timedelta(hours=settings.staff_hours),
    )


def _show_code(phone: str, code: str) -> None:
    """The only way to a phone for now: whoever runs the server reads the code out."""
    log.warning("sign-in code", phone=f"{phone[:3]}****{phone[-4:]}", code=code)


def _connect_per_request(app: Flask, database: peewee.Database) -> None:
    @app.before_request
    def connect() -> None:
        try:
            database.connect(reuse_if_open=True)
        except peewee.PeeweeException as error:
            # /healthz and /readyz must answer while the database is away; a view that needs it fails by itself.
            g.database_error = str(error)

    @app.teardown_request
    def close(_: BaseException | None) -> None:
        if not database.is_closed():
            database.close()


def _problems(database: peewee.Database) -> dict[str, str]:
    try:
        pending = db.pending(database)
    except peewee.PeeweeException:
        return {"database": "The database does not answer. Look at DATABASE_URL and at the database's own log."}
    if pending:
        return {"schema": f"Migrations have not run: {', '.join(pending)}. Run: reportsvc migrate"}
    return {}


def _open(settings: Settings) -> peewee.Database:
    return db.open_database(settings.database)


def main() -> None:
    """The console script. An operator's error is one line and exit status 2, never a traceback."""
    try:
        cli.build(Wiring(create_app, config.load, _open, logs.configure))()
    except ConfigurationError as error:
        sys.exit(_complain(error))


def _complain(error: ConfigurationError) -> int:
    print(f"reportsvc: {error}", file=sys.stderr)
    return 2
