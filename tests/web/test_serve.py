"""The service as an operator runs it: two processes under one command, kept up, ended cleanly; a circular in a file."""

from __future__ import annotations

import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from http.client import HTTPConnection
from pathlib import Path

import pdfplumber
import pytest

from reportsvc import db, totals
from reportsvc.circulars import compiling
from tests.support.world import World, build

FONTS = Path(__file__).parents[2] / "instance" / "fonts"
PATIENCE = 60.0
"""Seconds to wait at most for what takes less than three on an idle machine."""
MAIN = "from reportsvc.app import main; main()"
IMPATIENT = f"from reportsvc.cli import serving; serving.QUICK_SECONDS = 0.1; {MAIN}"
"""A part may be killed right after its start, and is started again."""


def until(look: Callable[[], object], what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < end, what
        time.sleep(0.05)


class Operator:
    """Somebody at a terminal, with an instance folder and a port of their own."""

    def __init__(self, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}"
        self.env = {
            **os.environ,
            "REPORTSVC_INSTANCE_DIR": str(folder),
            "REPORTSVC_FONT_DIR": str(FONTS),
            "REPORTSVC_PORT": str(self.port),
            "REPORTSVC_BASE_URL": self.address,
            "REPORTSVC_TICK_SECONDS": "1",
        }

    def run(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", MAIN, *words]
        env = {**self.env, **environ}
        return subprocess.run(command, env=env, capture_output=True, text=True, check=False, timeout=PATIENCE)  # noqa: S603 - our own program

    def start(self, log: Path) -> subprocess.Popen[bytes]:
        with log.open("wb") as file:
            command = [sys.executable, "-c", IMPATIENT, "serve"]
            return subprocess.Popen(command, env=self.env, stdout=file, stderr=file)  # noqa: S603 - our own program

    def is_ready(self) -> bool:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with suppress(OSError), closing(connection):
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        return False


def parts_of(served: subprocess.Popen[bytes]) -> dict[str, int]:
    """Its processes by the command that they run, as Linux lists them."""
    found = {}
    for child in Path(f"/proc/{served.pid}/task/{served.pid}/children").read_text(encoding="ascii").split():
        with suppress(OSError, IndexError):  # it has just ended, or is not yet what it will be
            words = Path(f"/proc/{child}/cmdline").read_bytes().decode().split("\0")
            found[words[-2]] = int(child)
    return found


def is_running(pid: int) -> bool:
    with suppress(OSError):
        os.kill(pid, 0)
        return True
    return False


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    return Operator(tmp_path)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    opened = db.open_database(f"sqlite:///{tmp_path / 'reportsvc.db'}")
    db.migrate(opened)
    with opened.connection_context():
        yield build()
    opened.close_all()


def through(world: World) -> totals.Quarter:
    return totals.Quarter(world.now.year, world.now.quarter)


def text_of(pdf: bytes) -> str:
    with pdfplumber.open(io.BytesIO(pdf)) as opened:
        return "".join(page.extract_text() or "" for page in opened.pages).replace("\n", "")


def test_a_circular_is_compiled_into_a_file(operator: Operator, world: World, tmp_path: Path) -> None:
    quarter, out = f"{world.now.year}Q{world.now.quarter}", tmp_path / "new" / "circular.pdf"
    made = operator.run("circular", "compile", "--campaign", "hebei-2026", "--through", quarter, "--out", str(out))
    assert made.returncode == 0, made.stderr
    circular = compiling.by_id(1)
    assert circular.snapshot is not None
    assert made.stdout == f"{out}: {out.stat().st_size:,} bytes, snapshot {circular.snapshot.sha256}\n"
    assert "投入资金约8000元" in text_of(out.read_bytes())


def test_a_circular_that_a_closed_round_asked_for_is_made_by_the_command_too(
    operator: Operator, world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiling, "HISTORY_DAYS", 10_000)
    (asked,) = compiling.request_for_closed_rounds()
    quarter, out = f"{world.before.year}Q{world.before.quarter}", tmp_path / "circular.pdf"
    made = operator.run("circular", "compile", "--campaign", "hebei-2026", "--through", quarter, "--out", str(out))
    assert made.returncode == 0, made.stderr
    assert compiling.standing(compiling.by_id(asked.id)).state == "compiled"
    assert out.read_bytes().startswith(b"%PDF")


def test_what_can_not_be_compiled_is_one_line_that_says_why(operator: Operator, world: World, tmp_path: Path) -> None:
    words = ("circular", "compile", "--through", "2020Q3", "--out", str(tmp_path / "x.pdf"))
    missing = operator.run(*words, "--campaign", "nosuch")
    assert (missing.returncode, missing.stderr) == (1, "Error: There is no campaign with the code nosuch.\n")
    assert not (tmp_path / "x.pdf").exists()


def test_served_it_compiles_comes_up_again_and_ends_cleanly(operator: Operator, world: World, tmp_path: Path) -> None:
    asked = compiling.request(world.campaign, through(world), world.province)
    log = tmp_path / "log"
    served = operator.start(log)
    try:
        until(operator.is_ready, "it answers")
        first = parts_of(served)
        assert set(first) == {"web", "scheduler"}
        until(lambda: compiling.by_id(asked.id).state == "compiled", "its scheduler compiles what was asked for")

        os.kill(first["web"], signal.SIGKILL)
        until(lambda: parts_of(served).get("web", first["web"]) != first["web"], "another web process is started")
        until(operator.is_ready, "and answers")
        second = parts_of(served)
        assert second["scheduler"] == first["scheduler"]

        served.send_signal(signal.SIGTERM)
        assert served.wait(PATIENCE) == 0
        assert [name for name, pid in second.items() if is_running(pid)] == []
    finally:
        served.terminate()
        served.wait(PATIENCE)
    said = log.read_text(encoding="utf-8")
    assert "Traceback" not in said
    assert said.count("Serving on") == 2
    assert len(re.findall("ended, started again", said)) == 1


def test_a_setting_that_is_wrong_is_one_line_and_nothing_is_started(operator: Operator, tmp_path: Path) -> None:
    for environ, named in (
        ({"REPORTSVC_ENV": "production"}, "REPORTSVC_SECRET_KEY"),
        ({"REPORTSVC_FONT_DIR": str(tmp_path / "nothing")}, "script/bootstrap"),
    ):
        refused = operator.run("serve", **environ)
        assert (refused.returncode, refused.stdout) == (2, ""), environ
        assert re.fullmatch(f"reportsvc: .*{named}.*\n", refused.stderr), refused.stderr


def test_a_port_that_is_taken_is_one_line(operator: Operator) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", operator.port))
        taken.listen()
        refused = operator.run("web")
    assert refused.returncode == 2
    assert refused.stderr.startswith(f"reportsvc: The web server can't listen on 127.0.0.1:{operator.port}: ")
    assert len(refused.stderr.splitlines()) == 1
