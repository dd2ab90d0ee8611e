"""At the door: who is there, may they come in, and what was typed when they were away for too long."""

from __future__ import annotations

from typing import Any, cast

from flask import Flask, abort, current_app, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeSerializer

from reportsvc.accounts import people, sessions
from reportsvc.accounts.notice import Terms
from reportsvc.accounts.people import Actor
from reportsvc.accounts.sessions import Lifetimes
from reportsvc.errors import Forbidden
from reportsvc.web.access import ROLES, allows, rule_of

TOKEN, LANGUAGE = "token", "language"
WITHOUT_DATABASE = {"health.alive", "health.is_ready", "signing.sign_out", "preferences.language"}
"""Views that answer while the database is away."""
BEFORE_NOTICE = {"privacy.notice", "privacy.understood"}
"""What opens to somebody who has not read the notice on personal data, besides what is public."""


def install(app: Flask, lifetimes: Lifetimes, terms: Terms) -> None:
    """Check every request against its view's rule, before anything else looks at it."""
    app.extensions["reportsvc.sessions"] = lifetimes
    app.jinja_env.globals["terms"] = terms
    # The token is bound to the session, which is enough. In-app browsers may leave Referer out, and a form that is
    # refused for that would be refused again and again.
    app.config["WTF_CSRF_SSL_STRICT"] = False

    @app.before_request
    def check() -> ResponseReturnValue | None:
        g.actor = None
        if request.endpoint == "static":
            return None  # the session stays unread, so that what a cache keeps does not hang on a cookie
        g.actor = _current(lifetimes)
        if request.endpoint is None:
            return None
        if "database_error" in g and request.endpoint not in WITHOUT_DATABASE:
            abort(503)
        rule = rule_of(app.view_functions[request.endpoint])
        if rule is None:
            raise Forbidden("Nobody has said who may open this page.")
        if rule in {"public", "token"}:
            return None
        if g.actor is None:
            return _to_sign_in(rule)
        if g.actor.notice != terms.version and request.endpoint not in BEFORE_NOTICE:
            return _to_notice()
        if not allows(rule, g.actor.roles, request.method):
            raise Forbidden("Your account has no part in this page. Ask your civil-affairs department for access.")
        return None

    @app.after_request
    def keep_private(response: Any) -> Any:
        # Pages of a person must not come back from a cache on a shared phone, or by the back button after signing out.
        # Pages around the sign-in may hold what was typed.
        if request.endpoint != "static":
            response.headers.setdefault("Cache-Control", "no-store")
        return response


def _current(lifetimes: Lifetimes) -> Actor | None:
    if "database_error" in g or not isinstance(session.get(TOKEN), str):
        return None
    return sessions.find(lifetimes, session[TOKEN])


def _to_sign_in(rule: str) -> ResponseReturnValue:
    """A page that was asked for waits behind the sign-in; so does what was typed into a form."""
    staff = (rule in ROLES and ROLES[rule] <= people.STAFF) or (
        bool(token()) and sessions.of_staff(lifetimes(), token())
    )
    if request.method == "POST":
        page = "staff/sign_in.html" if staff else "sign_in.html"
        return render_template(page, kept=keep_posted(), phone="", problem=None), 401
    return redirect(url_for("staff.sign_in" if staff else "signing.sign_in", next=request.full_path.rstrip("?")))


def _to_notice() -> ResponseReturnValue:
    """As with the sign-in; a script that saves is told the same, and keeps what was typed until a reload."""
    if request.method == "POST":
        return render_template("privacy/notice.html", kept=keep_posted()), 401
    return redirect(url_for("privacy.notice", next=request.full_path.rstrip("?")))


def has_read_notice(person: int) -> bool:
    """Whether somebody has read the notice on personal data as it stands now."""
    found = people.actor(person)
    return found is not None and found.notice == terms().version


def terms() -> Terms:
    """What the notice says here."""
    return cast("Terms", current_app.jinja_env.globals["terms"])


def actor() -> Actor:
    """Who is signed in; only for views whose rule is not ``public``."""
    return cast("Actor", g.actor)


def lifetimes() -> Lifetimes:
    """How long sessions last here."""
    return cast("Lifetimes", current_app.extensions["reportsvc.sessions"])


def token() -> str:
    """What this device holds; empty if nobody is signed in."""
    return str(session.get(TOKEN, ""))


def begin(person: int) -> None:
    """Start a session of its own. The CSRF token stays, so that a form in another tab can still be sent."""
    _forget()
    session[TOKEN] = sessions.begin(lifetimes(), person, device_name(request.headers.get("User-Agent", "")))
    session.permanent = True


def end() -> None:
    """Sign this device out for good, and forget all else but the language."""
    _forget()
    g.actor = None
    language = session.get(LANGUAGE)
    session.clear()
    if language:
        session[LANGUAGE] = language


def _forget() -> None:
    if token() and "database_error" not in g:
        sessions.end(lifetimes(), token())


SYSTEMS = ("iPhone", "iPad", "HarmonyOS", "Android", "Windows", "Macintosh", "Linux")
BROWSERS = {
    "MicroMessenger": "微信",
    "HuaweiBrowser": "华为浏览器",
    "UCBrowser": "UC",
    "Edg/": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
"""What browsers call themselves, the more particular first: most also say Chrome or Safari."""


def device_name(agent: str) -> str:
    """A device in a few words, from what its browser says of itself."""
    browser = next((name for mark, name in BROWSERS.items() if mark in agent), "")
    system = next((name for name in SYSTEMS if name in agent), "")
    return " · ".join(part for part in (browser, system) if part) or "—"


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(str(current_app.secret_key), salt="kept")


SECRET_PAGES = {"staff", "joining", "security"}
"""Blueprints of forms with passwords and codes in them, which are typed again rather than carried along."""
HARMLESS = {"phone", "kept"}


def posted() -> dict[str, Any]:
    """The form that was just posted: its path, and its fields without the token."""
    fields = [[name, value] for name, value in request.form.items(multi=True) if name != "csrf_token"]
    if request.blueprint in SECRET_PAGES:
        fields = [[name, value] for name, value in fields if name in HARMLESS]
    return {"path": request.full_path.rstrip("?"), "fields": fields}


def keep_posted() -> str:
    """The form that was just posted, signed, to be carried through the sign-in pages in a hidden field."""
    return "" if request.blueprint in SECRET_PAGES else str(_signer().dumps(posted()))


def kept(text: str) -> dict[str, Any] | None:
    """What :func:`keep_posted` made; nothing if it is empty or not ours."""
    try:
        return cast("dict[str, Any]", _signer().loads(text)) if text else None
    except BadSignature:
        return None


def safe_path(text: str | None) -> str | None:
    """``text`` if it is a path of this service, so that nobody is led elsewhere after signing in."""
    if not text or not text.startswith("/") or text.startswith(("//", "/\\")) or any(ord(char) < 32 for char in text):
        return None
    return text
