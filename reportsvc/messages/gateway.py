"""One signed POST to a gateway: with a time limit, no redirects, and a bounded answer."""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from reportsvc.messages.channels import UndeliveredError

TIMEOUT_SECONDS = 8
LONGEST_ANSWER = 64 * 1024


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is ready to go. ``headers`` hold the signature: they are never logged."""

    path: str
    headers: Mapping[str, str]
    body: bytes


def host_of(endpoint: str) -> str:
    """The host of an endpoint as it is signed and sent, with its port if it has one of its own."""
    return urlsplit(endpoint).netloc


def post(endpoint: str, request: Request, timeout: float = TIMEOUT_SECONDS) -> dict[str, Any]:
    """Send the request; the gateway's JSON, whatever it says.

    :param endpoint: ``https://host``; ``http://`` goes unencrypted and is for a gateway on this machine.
    :param timeout: seconds that connecting, and each wait for a part of the answer, may take.
    :raises UndeliveredError: if there is no answer in time, or it is not JSON.
    """
    address = urlsplit(endpoint)
    kind = http.client.HTTPConnection if address.scheme == "http" else http.client.HTTPSConnection
    connection = kind(address.netloc, timeout=timeout)
    try:
        connection.request("POST", request.path, request.body, dict(request.headers))
        answer = connection.getresponse()
        status, text = answer.status, answer.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException) as error:
        raise UndeliveredError(f"no answer from {address.hostname}: {type(error).__name__}") from None
    finally:
        connection.close()
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise UndeliveredError(f"{address.hostname} answered {status} without JSON") from None
    return found
