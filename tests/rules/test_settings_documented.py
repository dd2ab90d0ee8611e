"""docs/settings.md says what the code says, setting by setting."""

from dataclasses import MISSING, fields

from reportsvc.config import Settings
from tests.support.tracked import ROOT


def _documented() -> dict[str, list[str]]:
    lines = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if line.startswith("| `")]
    return {row[1].strip("`"): row for row in rows}


def test_every_setting_stands_there_with_its_variable_default_and_words() -> None:
    documented = _documented()
    assert list(documented) == [spec.name for spec in fields(Settings)]
    for spec in fields(Settings):
        variable, _, default, words = documented[spec.name]
        assert variable == f"`{spec.metadata['env']}`"
        assert words == spec.metadata["doc"]
        if spec.default is not MISSING:
            assert default == ("none" if spec.default in ("", None, ()) else f"`{spec.default}`")
