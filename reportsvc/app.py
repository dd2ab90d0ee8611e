"""Where everything is wired; nothing else knows all the parts. Nothing runs at import."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from datetime import timedelta

import peewee
import structlog
from flask import Blueprint, Flask, g
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from reportsvc import attachments, audit, cli, config, db, logs
from reportsvc.accounts.allowances import Allowance
from reportsvc.accounts.notice import Terms
from reportsvc.accounts.people import Reach
from reportsvc.accounts.sessions import Lifetimes
from reportsvc.accounts.signing import Desk
from reportsvc.cli.wiring import Wiring
from reportsvc.config import Settings
from reportsvc.errors import ConfigurationError
from reportsvc.messages import channels, chosen
from reportsvc.messages.courier import Courier
from reportsvc.pdf.fonts import FontSet
from reportsvc.pdf.receipts import render as print_receipt
from reportsvc.reports.checks import flags
from reportsvc.web import (
    account,
    administering,
    api,
    assets,
    autosave,
    check_desk,
    colleagues,
    data,
    difficulties,
    difficulty_words,
    errors,
    files,
    form_desk,
    form_preview,
    guard,
    health,
    home,
    hooks,
    imports,
    joining,
    language,
    leaving,
    legacy,
    logbook,
    my_difficulties,
    my_projects,
    navigation,
    nil,
    offline,
    photos,
    picturing,
    preferences,
    privacy,
    project,
    project_editing,
    project_words,
    projects,
    publishing,
    receipts,
    reporting,
    requests,
    reviewing,
    security,
    signing,
    staff,
    tokens,
    words,
)
from reportsvc.web.assets import Assets

log = structlog.get_logger("reportsvc")


def create_app(overrides: Mapping[str, object] | None = None, courier: Courier | None = None) -> Flask:
    """The web application: settings checked, database opened, routes in place.

    :param overrides: settings by field name, for tests.
    :param courier: who sends messages off the request; tests hand in one that sends at once.
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
        # A session's row says how long it lives; a cookie that isn't sent anew with every page saves 0.3 kB each time.
        PERMANENT_SESSION_LIFETIME=timedelta(days=400),
        SESSION_REFRESH_EACH_REQUEST=False,
        WTF_CSRF_TIME_LIMIT=None,  # a form may lie open for days; its token lives as long as the session
    )
    app.extensions["reportsvc"] = settings
    database = _open(settings)
    requests.install(app)
    served = assets.install(app, config.static_dir())
    _connect_per_request(app, database)
    language.install(app)
    words.install(app)
    difficulty_words.install(app)
    navigation.install(app)
    photos.install(app)
    my_difficulties.install(app)
    files.install(app, attachments.Folder(settings.attachments))
    form_desk.install(app)
    reviewing.install(app, flags.flagged)
    project.install(app)
    project_words.install(app)
    imports.install(app)
    guard.install(app, _lifetimes(settings), Terms(settings.contact, settings.retention_years))
    CSRFProtect(app)  # after the guard: whoever was away for too long is asked to sign in, not told of a token
    errors.install(app)
    app.register_blueprint(health.blueprint(lambda: _problems(database)))
    for pages in _pages(settings, served, courier or Courier()):
        app.register_blueprint(pages)
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count)  # type: ignore[method-assign]
    return app


def _pages(settings: Settings, served: Assets, courier: Courier) -> Iterable[Blueprint]:
    store = attachments.Folder(settings.attachments)
    desk = _desk(settings, courier)
    return (
        home.pages,
        account.pages,
        leaving.pages,
        privacy.pages,
        preferences.pages,
        signing.blueprint(desk, by_mail="email" in chosen.names_of(settings)),
        staff.blueprint(settings.secret_key),
        joining.blueprint(settings.secret_key),
        security.blueprint(settings.secret_key),
        colleagues.blueprint(settings.secret_key),
        reporting.pages,
        autosave.pages,
        nil.pages,
        offline.blueprint(served),
        photos.blueprint(store),
        files.blueprint(store),
        receipts.blueprint(lambda receipt: print_receipt(receipt, FontSet.load(settings.fonts))),
        reviewing.pages,
        reviewing.conversation.reporting_pages,
        picturing.blueprint(),
        difficulties.blueprint(store),
        my_difficulties.blueprint(store, settings.secret_key),
        publishing.blueprint(store),
        form_desk.pages,
        form_preview.pages,
        projects.pages,
        project.blueprint(store),
        project_editing.pages,
        my_projects.pages,
        data.blueprint(store),
        imports.blueprint(store),
        legacy.blueprint(store),
        tokens.blueprint(settings.secret_key, settings.base_url),
        hooks.blueprint(settings.secret_key, private=settings.environment == "development"),
        api.blueprint(settings.secret_key, settings.base_url, settings.api_calls_a_minute),
        check_desk.pages,
        administering.blueprint(settings.secret_key),
        logbook.pages,
    )


def _lifetimes(settings: Settings) -> Lifetimes:
    return Lifetimes(
        key=settings.secret_key,
        reporter=timedelta(days=settings.reporter_days),
        staff_idle=timedelta(minutes=settings.staff_idle_minutes),
        staff=timedelta(hours=settings.staff_hours),
    )


def _desk(settings: Settings, courier: Courier) -> Desk:
    ways = chosen.channels(settings, _show_code)

    def send(reach: Reach, code: str) -> None:
        channels.send_code(ways, reach, channels.Code(code, settings.sign_in_code_minutes))

    allowance = Allowance(settings.codes_per_address, settings.tries_per_address, settings.codes_a_day)
    return Desk(settings.secret_key, send, settings.sign_in_code_minutes, courier, allowance)


def _show_code(phone: str, code: str) -> None:
    """The channel ``console``: whoever runs the server reads the code out."""
    log.warning("sign-in code", phone=Reach(phone).masked, code=code)


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
    opened = db.open_database(settings.database)
    audit.keep_head_in(settings.instance_dir)
    return opened


def main() -> None:
    """The console script. An operator's error is one line and exit status 2, never a traceback."""
    try:
        cli.build(Wiring(create_app, config.load, _open, logs.configure))()
    except ConfigurationError as error:
        sys.exit(_complain(error))


def _complain(error: ConfigurationError) -> int:
    print(f"reportsvc: {error}", file=sys.stderr)
    return 2
