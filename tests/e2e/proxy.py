"""A small TCP proxy that cuts connections where it is told to, as a mast at the edge of a village does."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable
from urllib.parse import urlsplit

Cut = str
"""``none``; ``request``: in the middle of what the phone sends; ``before``: all is sent, nothing comes back (the server
may have done it); ``answer``: in the middle of what comes back."""


class CuttingProxy:
    """Listens on a port of its own; ``choose`` says for each connection how it ends."""

    def __init__(self, target: str, choose: Callable[[], Cut]) -> None:
        parts = urlsplit(target)
        self.target = (str(parts.hostname), int(parts.port or 80))
        self.choose = choose
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = int(self.listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _accept(self) -> None:
        while True:
            try:
                phone, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(phone, self.choose()), daemon=True).start()

    def _carry(self, phone: socket.socket, cut: Cut) -> None:
        with phone, socket.create_connection(self.target, timeout=10) as server:
            phone.settimeout(10)
            try:
                request = self._request(phone)
                if cut == "request":
                    server.sendall(request[: len(request) * 2 // 3])
                else:
                    server.sendall(request)
                    self._answer(phone, server, cut)
            except OSError:
                pass  # one side was quicker to hang up: that is what this is for
            if cut != "none":
                # Reset at once instead of closing in good order: neither side is told why.
                phone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    @staticmethod
    def _request(phone: socket.socket) -> bytes:
        found = b""
        while b"\r\n\r\n" not in found:
            part = phone.recv(65536)
            if not part:
                return found
            found += part
        head, _, body = found.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
        length = int(lengths[0].split(b":")[1]) if lengths else 0
        while len(body) < length:
            body += phone.recv(65536)
        return head + b"\r\n\r\n" + body

    @staticmethod
    def _answer(phone: socket.socket, server: socket.socket, cut: Cut) -> None:
        first = True
        while part := server.recv(65536):
            if cut == "before":
                return
            if cut == "answer" and first:
                phone.sendall(part[: len(part) // 2])
                return
            first = False
            phone.sendall(part)
