"""A wheel, installed elsewhere, holds everything that the checkout runs on."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.support.tracked import ROOT, tracked_files

LOOK = """
import sys
from reportsvc import config, db
assert config.PACKAGE.is_relative_to(sys.prefix), config.PACKAGE
print(config.templates_dir(), config.static_dir(), db.MIGRATIONS, sep="\\n")
"""


def run(*command: str | Path) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", folder)
    return next(folder.glob("reportsvc-*.whl"))


def test_it_holds_every_tracked_file_and_the_compiled_translations(wheel: Path) -> None:
    tracked = {str(path) for path in tracked_files()}
    wanted = {name for name in tracked if name.startswith("reportsvc/")}
    wanted |= {f"reportsvc/{name}" for name in tracked if name.startswith(("templates/", "static/"))}
    wanted |= {name.removesuffix(".po") + ".mo" for name in wanted if name.endswith(".po")}
    assert sorted(wanted - set(zipfile.ZipFile(wheel).namelist())) == []


def test_it_finds_its_files_where_it_is_installed(wheel: Path, tmp_path: Path) -> None:
    """Into a fresh environment, which sees the packages of this one but not this checkout."""
    run(sys.executable, "-m", "venv", "--without-pip", tmp_path)
    python = tmp_path / "bin" / "python"
    run(sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", wheel)
    packages = Path(pytest.__file__).parents[1]
    look = f"import sys; sys.path.append({str(packages)!r})\n{LOOK}"
    for line in run(python, "-I", "-c", look).split():
        folder = Path(line)
        assert folder.is_relative_to(tmp_path)
        assert any(folder.iterdir()), folder
