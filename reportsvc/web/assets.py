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
import rcssmin
import rjsmin
from flask import Flask, Response, abort, g, request
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from reportsvc.web.access import access
from reportsvc.web.bundling import bundle

FOREVER = "public, max-age=31536000, immutable"
BUNDLES = frozenset(
    {"forms/page.js", "forms/form.js", "forms/form-more.js", "photos/page.js", "photos/answers.js", "photos/worker.js"}
)
"""Scripts that travel with all that they import."""
SMALLEST = 600
"""Below so many bytes an answer fits its packet anyway."""
COMPRESSED = ("text/html", "application/json")
KINDS = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


class Assets:
    """The static files of one release."""

    def __init__(self, root: Path) -> None:
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
            content = bundle(self.root / name).encode()
        if name.endswith(".js"):
            content = rjsmin.jsmin(content.decode()).encode()
        if name.endswith(".css"):
            content = rcssmin.cssmin(content.decode()).encode()
        if encoding == "br":
            return bytes(brotli.compress(content, quality=11))
        return gzip.compress(content, 9, mtime=0) if encoding == "gzip" else content

    def _inline(self, names: tuple[str, ...]) -> tuple[str, str]:
        """(stylesheet, its digest for the Content-Security-Policy)."""
        text = "".join(self.content(name, "").decode() for name in names)
        return text, base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def install(app: Flask, root: Path) -> None:
    """Serve the files, give templates ``inline_css``, and send pages compressed."""
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
    app.after_request(_compress)


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
    make: dict[str, Callable[[bytes], bytes]] = {
        "br": lambda data: bytes(brotli.compress(data, quality=5)),
        "gzip": lambda data: gzip.compress(data, 6),
    }
    answer.set_data(make[encoding](content))
    return _encoded(answer, encoding)
