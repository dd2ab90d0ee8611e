"""Every template parses, and every template that another one names exists."""

import jinja2
import pytest
from jinja2 import meta

from tests.support.tracked import ROOT

TEMPLATES = ROOT / "templates"
NAMES = sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*") if path.is_file())
ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.i18n"], autoescape=True)


@pytest.mark.parametrize("name", NAMES)
def test_it_parses(name: str) -> None:
    tree = ENVIRONMENT.parse((TEMPLATES / name).read_text("utf-8"), name)
    named = {other for other in meta.find_referenced_templates(tree) if other is not None}
    assert named <= set(NAMES)
