"""Every route says who may open it, and the list of addresses is a contract."""

from pathlib import Path

from reportsvc.app import create_app
from reportsvc.web.access import rule_of

ADDRESSES = {"/healthz": "public", "/readyz": "public", "/static/<path:filename>": "static"}


def test_every_address_is_listed_with_its_access_rule(tmp_path: Path) -> None:
    app = create_app({"instance_dir": tmp_path, "environment": "test"})
    found = {
        rule.rule: "static" if rule.endpoint == "static" else rule_of(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
    }
    assert found == ADDRESSES
