"""The work that sends webhooks: signed, to public addresses only, in a bounded time, tried again later."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import socket
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from reportsvc import clock
from reportsvc.accounts import authenticator
from reportsvc.hooks import outbox, registry
from reportsvc.jobs.tasks import Handler, Work

TIMEOUT = 10  # seconds for connecting, and for each part of the answer
LONGEST_ANSWER = 4096  # bytes that are read of it
SIGNATURE = "X-Reportsvc-Signature"


class NotSentError(Exception):
    """It could not be sent; the text says why."""


@dataclass(frozen=True, slots=True)
class Post:
    """How letters go out."""

    key: str
    """What the secrets are encrypted with."""
    private: bool
    """Whether private networks may be sent to: in development only."""
    look_up: Callable[[str, int], str] | None = None
    """Gives the IP address of a host; tests hand in their own."""


def signature(secret: str, moment: int, body: str) -> str:
    """The value of the signature's header: ``t=<seconds>,v1=<HMAC-SHA256 of "seconds.body" in hex>``."""
    digest = hmac.new(secret.encode(), f"{moment}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={moment},v1={digest}"


def handler(post: Post) -> Handler:
    """Sends the delivery that a task names."""

    def send(payload: Mapping[str, Any], _: Work) -> None:
        letter = outbox.letter(payload["delivery"], payload["try"])
        if letter is None:
            return
        try:
            status = _send(letter, post)
        except (NotSentError, OSError, http.client.HTTPException) as error:
            outbox.not_sent(letter.delivery, 0, str(error) or type(error).__name__)
            return
        if 200 <= status < 300:
            outbox.sent(letter.delivery, status)
        else:
            outbox.not_sent(letter.delivery, status, f"HTTP {status}")

    return send


def _send(letter: outbox.Letter, post: Post) -> int:
    """The status that the address answered with. A redirect is an answer like any other: nobody follows it."""
    secret = authenticator.readable(post.key, letter.secret)
    if not secret:
        raise NotSentError("the secret can't be read any more: register the address anew")
    registry.check_address(letter.address, post.private)
    moment = int(clock.now().timestamp())
    parts = urlsplit(letter.address)
    connection = _connection(parts.scheme, parts.hostname or "", parts.port, post)
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "reportsvc",
            "X-Reportsvc-Event": letter.event,
            "X-Reportsvc-Delivery": letter.uuid,
            SIGNATURE: signature(secret, moment, letter.body),
        }
        connection.request("POST", path, letter.body.encode(), headers)
        answer = connection.getresponse()
        answer.read(LONGEST_ANSWER)
        return answer.status
    finally:
        connection.close()


def _connection(scheme: str, host: str, port: int | None, post: Post) -> http.client.HTTPConnection:
    """To the very IP address that was looked at, so that a name can't point elsewhere a moment later."""
    number = port or (443 if scheme == "https" else 80)
    address = (post.look_up or look_up)(host, number)
    if not post.private and not registry.is_public(address):
        raise NotSentError(f"{host} is inside a private network")
    made: http.client.HTTPConnection
    if scheme == "https":
        made = http.client.HTTPSConnection(host, number, timeout=TIMEOUT, context=ssl.create_default_context())
    else:
        made = http.client.HTTPConnection(host, number, timeout=TIMEOUT)
    # http.client asks this for its socket; TLS then checks the certificate against the name.
    made._create_connection = lambda _, *more, **options: socket.create_connection((address, number), *more, **options)  # type: ignore[attr-defined]
    return made


def look_up(host: str, port: int) -> str:
    """The first IP address of a host."""
    return str(socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][4][0])


HANDLES = outbox.TASK
