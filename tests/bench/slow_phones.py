"""How the web server answers while many phones on a bad link send their reports byte by byte.

Run: .venv/bin/python tests/bench/slow_phones.py [PHONES] — needs nothing running; starts `reportsvc web` by itself.
Each slow phone holds a connection open, with a request whose body trickles in. Meanwhile quick requests are timed.
"""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
QUICK = 200
BODY = 20_000


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start(port: int, instance: str) -> subprocess.Popen[bytes]:
    env = {
        **os.environ,
        "REPORTSVC_INSTANCE_DIR": instance,
        "REPORTSVC_PORT": str(port),
        "REPORTSVC_LOG_LEVEL": "ERROR",
    }
    program = [sys.executable, "-c", "from reportsvc.app import main; main()"]
    subprocess.run([*program, "migrate"], env=env, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    server = subprocess.Popen([*program, "web"], env=env, cwd=ROOT, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
    for _ in range(100):
        try:
            ask(port)
        except OSError:
            time.sleep(0.1)
        else:
            return server
    raise SystemExit("the server did not start")


def ask(port: int) -> float:
    """Seconds that a page with a database behind it takes, on a connection of its own."""
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", "/readyz")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status != 200:
        raise SystemExit(f"/readyz answered {answer.status}")
    return time.perf_counter() - began


async def slow_phone(port: int, stop: asyncio.Event) -> int:
    """Send a form at a crawl until told to stop; gives 1 if the connection held."""
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {BODY}\r\n"
    writer.write((head + "Content-Type: application/x-www-form-urlencoded\r\n\r\n").encode())
    held = 1
    try:
        while not stop.is_set():
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.5)
    except OSError:
        held = 0
    writer.close()
    return held


async def measure(port: int, phones: int) -> tuple[list[float], int]:
    stop = asyncio.Event()
    slow = [asyncio.create_task(slow_phone(port, stop)) for _ in range(phones)]
    await asyncio.sleep(2)
    times = [await asyncio.to_thread(ask, port) for _ in range(QUICK)]
    stop.set()
    held = await asyncio.gather(*slow, return_exceptions=True)
    return times, sum(one for one in held if isinstance(one, int))


def main() -> None:
    phones = int(sys.argv[1]) if len(sys.argv) > 1 else 900
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(8192, resource.getrlimit(resource.RLIMIT_NOFILE)[1]),) * 2)
    port = free_port()
    with tempfile.TemporaryDirectory() as instance:
        server = start(port, instance)
        try:
            alone, _ = asyncio.run(measure(port, 0))
            crowded, held = asyncio.run(measure(port, phones))
        finally:
            server.terminate()
            server.wait()
    figures = {
        "phones": phones,
        "held": held,
        "alone_ms": round(statistics.median(alone) * 1000, 1),
        "crowded_ms": round(statistics.median(crowded) * 1000, 1),
        "crowded_worst_ms": round(max(crowded) * 1000, 1),
        "answered": len(crowded),
    }
    print(f"{held} of {phones} slow phones held their connection; {len(crowded)} of {QUICK} quick requests answered.")
    print(f"Median alone {figures['alone_ms']} ms, beside them {figures['crowded_ms']} ms, worst {max(crowded):.3f} s.")
    print(f"Ratio crowded to alone: {statistics.median(crowded) / statistics.median(alone):.2f}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
