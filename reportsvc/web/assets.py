"""Files for the browser, and everything that is sent, as small as it can be: 400 kbit/s is what the phones have.

Every static file's address holds a digest of all of them, so a browser keeps it for ever and a new release is seen at
once; modules that import one another by relative paths stay in one release. Comments go out of scripts and stylesheets
when they are first asked for, and each encoding is made once. Pages carry their stylesheet inside: on a link with
400 ms to and fro, one file more costs more than its bytes.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import mimetypes
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import brotli
import minify
from flask import Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from reportsvc.web.access import access
from reportsvc.web.bundling import bundle

FOREVER = "public, max-age=31536000, immutable"
BUNDLES: dict[str, tuple[str, ...]] = {
    "forms/alone.js": (),
    "forms/page.js": (),
    "forms/waiting.js": (),
    "forms/form.js": (),
    "forms/form-rest.js": ("forms/form.js",),
    "forms/form-more.js": ("forms/form.js", "forms/form-rest.js"),
    "photos/page.js": (),
    "photos/answers.js": (),
    "photos/worker.js": (),
}
"""Scripts that travel with all that they import, but for what the bundles named, which a page runs before, hold."""
SMALLEST = 600
"""Below so many bytes an answer fits its packet anyway."""
PHONES_PAGE = 40_000
"""Pages below so many bytes are compressed as well as can be."""
MINIFIED = {".js": "application/javascript", ".css": "text/css"}
COMPRESSED = ("text/html", "application/json")
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class Assets:
    """The static files of one release."""

    def __init__(self, root: Path) -> None:
        minify.config({"js-version": 2019})  # nothing newer may come out: the phones' WebView is of that year
        self.root = root
        self.files = {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}
        digest = hashlib.sha256()
        for name in sorted(self.files):
            digest.update(name.encode() + b"\0" + (root / name).read_bytes())
        self.release = digest.hexdigest()[:12]
        self.content = lru_cache(maxsize=None)(self._content)
        self.inline = lru_cache(maxsize=None)(self._inline)

    def _content(self, name: str, encoding: str) -> bytes:
        """A file as it travels."""
        content = (self.root / name).read_bytes()
        if name in BUNDLES:
            content = bundle(self.root / name, after=[self.root / other for other in BUNDLES[name]]).encode()
        kind = MINIFIED.get(Path(name).suffix)
        if kind:
            content = minify.string(kind, content.decode()).encode()
        if encoding == "br":
            return bytes(brotli.compress(content, quality=11))
        return gzip.compress(content, 9, mtime=0) if encoding == "gzip" else content

    def _inline(self, names: tuple[str, ...]) -> tuple[str, str]:
        """(stylesheet, its digest for the Content-Security-Policy)."""
        text = "".join(self.content(name, "").decode() for name in names)
        return text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def install(app: Flask, root: Path) -> Assets:
    """Serve the files, give templates ``inline_css``, and send pages compressed; gives what it serves."""
    files = Assets(root)

    @access("public")
    def static(release: str, filename: str) -> ResponseReturnValue:
        if filename not in files.files:
            abort(404)
        encoding = _encoding()
        kind = KINDS.get(Path(filename).suffix) or mimetypes.guess_type(filename)[0] or "application/octet-stream"
        answer = Response(files.content(filename, encoding), content_type=kind)
        # An address of an earlier release still answers, with what is there now, and is not kept.
        answer.headers["Cache-Control"] = FOREVER if release == files.release else "no-cache"
        return _encoded(answer, encoding)

    app.add_url_rule("/static/<release>/<path:filename>", "static", static)

    @app.url_defaults
    def in_this_release(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static":
            values.setdefault("release", files.release)

    def inline_css(*names: str) -> Markup:
        text, digest = files.inline(names)
        g.style_digests = [*g.get("style_digests", []), digest]
        return Markup("<style>") + Markup(text) + Markup("</style>")  # noqa: S704 - our own files

    app.jinja_env.globals["inline_css"] = inline_css
    app.jinja_env.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":"), "sort_keys": True}
    app.after_request(_compress)
    return files


def style_sources() -> str:
    """What the Content-Security-Policy must let through for this page's own stylesheets."""
    return "".join(f" 'sha256-{digest}'" for digest in g.get("style_digests", []))


def _encoding() -> str:
    accepted = request.accept_encodings
    return "br" if accepted["br"] else "gzip" if accepted["gzip"] else ""


def _encoded(answer: Response, encoding: str) -> Response:
    if encoding:
        answer.headers["Content-Encoding"] = encoding
    answer.headers.add("Vary", "Accept-Encoding")
    return answer


def _compress(answer: Response) -> Response:
    """Pages and JSON, unless small, streamed or encoded already."""
    if answer.mimetype not in COMPRESSED or answer.is_streamed or "Content-Encoding" in answer.headers:
        return answer
    content, encoding = answer.get_data(), _encoding()
    if len(content) < SMALLEST or not encoding:
        return answer
    # Hard enough for a phone's page, in 6 ms; a desk's long list would take ten times as long, over a quick link.
    quality = 10 if len(content) < PHONES_PAGE else 5
    make: dict[str, Callable[[bytes], bytes]] = {
        "br": lambda data: bytes(brotli.compress(data, quality=quality)),
        "gzip": lambda data: gzip.compress(data, 6),
    }
    answer.set_data(make[encoding](content))
    return _encoded(answer, encoding)
