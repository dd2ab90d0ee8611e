"""Every route says who may open it, and the list of addresses is a contract."""

from pathlib import Path

from reportsvc.app import create_app
from reportsvc.web.access import ROLES, rule_of

ADDRESSES = {
    "/": "public",
    "/account": "signed_in",
    "/account/authenticator": "staff",
    "/account/authenticator/new": "staff",
    "/account/data.json": "signed_in",
    "/account/devices/<int:session_id>/end": "signed_in",
    "/account/devices/end-others": "signed_in",
    "/account/email": "signed_in",
    "/account/leave": "signed_in",
    "/account/password": "staff",
    "/account/recovery-codes": "staff",
    "/checks": "publisher",
    "/circulars": "publisher",
    "/circulars/<int:circular_id>": "publisher",
    "/circulars/<int:circular_id>/file": "publisher",
    "/circulars/<int:circular_id>/progress": "publisher",
    "/difficulties": "reviewer",
    "/difficulties/<int:difficulty_id>": "reviewer",
    "/difficulties/<int:difficulty_id>/<step>": "reviewer",
    "/difficulties/<int:difficulty_id>/photo": "signed_in",
    "/difficulties/<int:difficulty_id>/photo/small": "signed_in",
    "/difficulties/mine": "reporter",
    "/difficulties/mine/<int:difficulty_id>": "reporter",
    "/difficulties/mine/<int:difficulty_id>/<step>": "reporter",
    "/difficulties/new": "reporter",
    "/figures/<int:snapshot_id>/<path:key>": "staff",
    "/files/<uuid:name>": "signed_in",
    "/files/<uuid:name>/small": "signed_in",
    "/files/<uuid:name>/state": "signed_in",
    "/form-language": "signed_in",
    "/forms": "publisher",
    "/forms/paste": "publisher",
    "/forms/proposals/<int:proposal_id>": "publisher",
    "/forms/proposals/<int:proposal_id>/discard": "publisher",
    "/forms/proposals/<int:proposal_id>/preview/<section>": "publisher",
    "/forms/proposals/<int:proposal_id>/workbook": "publisher",
    "/forms/versions/<int:version_id>/lists/<name>": "publisher",
    "/forms/versions/<int:version_id>/original": "publisher",
    "/forms/versions/<int:version_id>/workbook": "publisher",
    "/healthz": "public",
    "/language/<code>": "public",
    "/offline": "public",
    "/notice": "signed_in",
    "/organization": "manager",
    "/organization/<int:organization_id>/add": "manager",
    "/organization/<int:organization_id>/people/<int:person_id>/manager": "manager",
    "/organization/<int:organization_id>/people/<int:person_id>/withdraw/<role>": "manager",
    "/photos/<int:photo_id>": "signed_in",
    "/photos/<int:photo_id>/small": "signed_in",
    "/privacy": "public",
    "/readyz": "public",
    "/receipts/<number>/<fingerprint>": "public",
    "/reports": "reporter",
    "/reports/<int:slot_id>": "writer",
    "/reports/<int:slot_id>/autosave/<section>": "writer",
    "/reports/<int:slot_id>/check": "writer",
    "/reports/<int:slot_id>/comments": "reporter",
    "/reports/<int:slot_id>/explanations": "writer",
    "/reports/<int:slot_id>/files/<question>": "writer",
    "/reports/<int:slot_id>/fill/<section>": "writer",
    "/reports/<int:slot_id>/nil": "reporter",
    "/reports/<int:slot_id>/photos": "writer",
    "/reports/<int:slot_id>/photos/<int:photo_id>": "writer",
    "/reports/<int:slot_id>/receipt": "reporter",
    "/reports/<int:slot_id>/sent/<int:number>": "reporter",
    "/reports/<int:slot_id>/sent/<int:number>/receipt.pdf": "reporter",
    "/review": "reviewer",
    "/review/<int:slot_id>": "reviewer",
    "/review/<int:slot_id>/approve": "reviewer",
    "/review/<int:slot_id>/comments": "reviewer",
    "/review/<int:slot_id>/comments/<int:thread_id>": "reviewer",
    "/review/<int:slot_id>/decide": "reviewer",
    "/review/<int:slot_id>/flags/<int:flag_id>": "reviewer",
    "/review/<int:slot_id>/return": "reviewer",
    "/review/<int:slot_id>/take-back": "reviewer",
    "/review/batches/<int:batch_id>": "reviewer",
    "/review/batches/<int:batch_id>/undo": "reviewer",
    "/review/bulk": "reviewer",
    "/review/bulk/move": "reviewer",
    "/review/extend": "reviewer",
    "/sign-in": "public",
    "/sign-in/code": "public",
    "/sign-in/link/<token>": "public",
    "/sign-in/staff": "public",
    "/sign-in/staff/code": "public",
    "/sign-out": "public",
    "/staff/join/<token>": "public",
    "/staff/join/<token>/app": "public",
    "/static/<release>/<path:filename>": "public",
    "/sw.js": "public",
    "/type/<size>": "public",
    "/versions/<int:version_id>": "staff",
}
"""Circulars in print link to figures: an address that has been published stays."""


def test_every_address_is_listed_with_its_access_rule(tmp_path: Path) -> None:
    app = create_app({"instance_dir": tmp_path, "environment": "test"})
    found: dict[str, set[str | None]] = {}
    for rule in app.url_map.iter_rules():
        access = rule_of(app.view_functions[rule.endpoint])
        found.setdefault(rule.rule, set()).add(access)
    assert found == {address: {access} for address, access in ADDRESSES.items()}


def test_every_access_rule_is_known(tmp_path: Path) -> None:
    assert set(ADDRESSES.values()) <= {"public", "signed_in", *ROLES}
