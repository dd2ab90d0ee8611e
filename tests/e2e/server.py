"""The real web server for browser tests, in a thread, over a database of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from waitress.server import create_server

from reportsvc.app import create_app


@contextmanager
def running(instance: Path, key: str) -> Iterator[str]:
    """The server's address, while the block runs."""
    app = create_app({"instance_dir": instance, "environment": "test", "secret_key": key, "log_level": "ERROR"})
    server = create_server(app, host="127.0.0.1", port=0, threads=4, ident=None)
    stopping = threading.Event()

    def serve() -> None:
        try:
            server.run()
        except (OSError, ValueError):
            # Its loop may be waiting on the very socket that is being closed from here.
            if not stopping.is_set():
                raise

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}"
    finally:
        stopping.set()
        server.close()
        thread.join(10)
