"""The files that git tracks, for rules about the repository itself."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def _listed() -> tuple[str, ...] | None:
    command = ["git", "-c", f"safe.directory={ROOT}", "-C", str(ROOT), "ls-files", "-z"]
    result = subprocess.run(command, capture_output=True, check=False)  # noqa: S603 - no part of it comes from outside
    return tuple(sorted(filter(None, result.stdout.decode().split("\0")))) if result.returncode == 0 else None


def tracked_files() -> list[Path]:
    """Every tracked file that is on disk, as a path under the root; skips the test where this is no git checkout."""
    names = _listed()
    if names is None:
        pytest.skip("not a git checkout")
    return [Path(name) for name in names if (ROOT / name).is_file()]
