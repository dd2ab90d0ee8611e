"""The locks pin every package with hashes, name no package index, and hold what pyproject.toml asks for."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from tests.support.tracked import ROOT

RUNTIME, TEST = "requirements.lock", "requirements-test.lock"


def locked(name: str) -> dict[str, list[str]]:
    """Each requirement of a lock with its hashes."""
    text = Path(ROOT, name).read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {line.split(" --hash=")[0].strip(): re.findall(r" --hash=(\S+)", line) for line in lines}


def versions(name: str) -> dict[str, Version]:
    found = {}
    for line in locked(name):
        requirement = Requirement(line)
        pins = list(requirement.specifier)
        assert [pin.operator for pin in pins] == ["=="], line
        found[canonicalize_name(requirement.name)] = Version(pins[0].version)
    return found


def wanted() -> dict[str, list[Requirement]]:
    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text("utf-8"))
    build = project["dependency-groups"]["build"] + project["build-system"]["requires"]
    runtime = [Requirement(line) for line in project["project"]["dependencies"] + build]
    tests = [Requirement(line) for line in project["project"]["optional-dependencies"]["test"]]
    return {RUNTIME: runtime, TEST: runtime + tests}


@pytest.mark.parametrize("lock", [RUNTIME, TEST])
def test_every_requirement_has_hashes(lock: str) -> None:
    for line, hashes in locked(lock).items():
        assert hashes, line
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", digest) for digest in hashes), line


@pytest.mark.parametrize("lock", [RUNTIME, TEST])
def test_no_line_names_an_address_or_an_option(lock: str) -> None:
    text = Path(ROOT, lock).read_text("utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*-(?!-hash=)", text, re.MULTILINE)
    assert " @ " not in text


@pytest.mark.parametrize("lock", [RUNTIME, TEST])
def test_it_holds_what_pyproject_asks_for(lock: str) -> None:
    have = versions(lock)
    for requirement in wanted()[lock]:
        version = have.get(canonicalize_name(requirement.name))
        assert version is not None, f"{requirement} is not in {lock}: run script/lock"
        assert requirement.specifier.contains(version, prereleases=True), f"{requirement}: {lock} has {version}"


def test_the_tests_run_on_the_versions_that_are_shipped() -> None:
    tests = versions(TEST)
    assert {name: tests.get(name) for name in versions(RUNTIME)} == versions(RUNTIME)
