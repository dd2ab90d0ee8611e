"""Where everything is wired; nothing else knows all the parts. Nothing runs at import."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import peewee
from flask import Flask, g
from werkzeug.middleware.proxy_fix import ProxyFix

from reportsvc import cli, config, db, logs
from reportsvc.config import Settings
from reportsvc.errors import ConfigurationError
from reportsvc.web import health, requests


def create_app(overrides: Mapping[str, object] | None = None) -> Flask:
    """The web application: settings checked, database opened, routes in place.

    :param overrides: settings by field name, for tests.
    :raises ConfigurationError: naming the setting that is wrong and the fix.
    """
    settings = config.load(overrides)
    logs.configure(settings)
    app = Flask("reportsvc", template_folder=config.templates_dir(), static_folder=config.static_dir())
    app.config.update(
        SECRET_KEY=settings.secret_key,
        DEBUG=settings.debug,
        MAX_CONTENT_LENGTH=settings.max_request_bytes,
        TRUSTED_HOSTS=list(settings.trusted_hosts) or None,
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    app.extensions["reportsvc"] = settings
    database = db.open_database(settings.database)
    requests.install(app)
    _connect_per_request(app, database)
    app.register_blueprint(health.blueprint(lambda: _problems(database)))
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app


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
        cli.build(create_app=create_app, load=config.load, open_database=_open)()
    except ConfigurationError as error:
        sys.exit(_complain(error))


def _complain(error: ConfigurationError) -> int:
    print(f"reportsvc: {error}", file=sys.stderr)
    return 2
