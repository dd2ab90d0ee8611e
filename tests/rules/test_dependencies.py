"""docs/dependencies.md says of every direct dependency why it is there."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support.tracked import ROOT


def named() -> set[str]:
    project = tomllib.loads(Path(ROOT, "pyproject.toml").read_text("utf-8"))
    lines = project["project"]["dependencies"] + project["build-system"]["requires"]
    lines += [line for extra in project["project"]["optional-dependencies"].values() for line in extra]
    lines += [line for group in project["dependency-groups"].values() for line in group]
    return {canonicalize_name(Requirement(line).name) for line in lines}


def test_each_has_a_line_with_its_reason_and_there_are_no_others() -> None:
    rows = re.findall(
        r"^\| ([\w-]+) \| (.+?) \| (.+?) \|$", Path(ROOT, "docs/dependencies.md").read_text("utf-8"), re.M
    )
    assert sorted(name for name, _, _ in rows if name != "package") == sorted(named())
    assert [name for name, why, _ in rows if len(why) < 10 and name != "package"] == []
