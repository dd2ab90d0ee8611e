"""The import contracts of pyproject.toml cover what exists; `lint-imports` itself is a step of script/test."""

import tomllib
from pathlib import Path

from tests.support.graph import layers
from tests.support.tracked import ROOT

CAPABILITIES = {
    *("circulars", "reminders", "surveys", "reviews", "reports", "totals", "accounts", "attachments", "projects"),
    *("models", "db", "photos", "files", "checklist", "difficulties", "picture", "audit", "exchange", "hooks"),
}


def exists(module: str) -> bool:
    path = Path(ROOT, "reportsvc", module)
    return path.with_suffix(".py").is_file() or (path / "__init__.py").is_file()


def test_the_contract_on_capabilities_names_every_one_that_exists() -> None:
    contracts = tomllib.loads(Path(ROOT, "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    named = next(contract["source_modules"] for contract in contracts if contract["name"].startswith("Capabilities"))
    assert sorted(named) == sorted(f"reportsvc.{module}" for module in CAPABILITIES if exists(module))


def test_every_capability_is_a_layer() -> None:
    assert {module for row in layers() for module in row} >= CAPABILITIES
