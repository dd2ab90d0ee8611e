"""The read-only API: who may ask, what comes, page by page; every answer holds to the document."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from werkzeug.test import TestResponse

from reportsvc import clock
from reportsvc.accounts import people, tokens
from reportsvc.circulars import compiling, snapshot
from reportsvc.models import ApiToken, Grant, Project
from reportsvc.projects import regions
from reportsvc.totals import Quarter
from tests.support.world import COUNTY, KEY
from tests.web.conftest import Site, running

A = "/api/v1/campaigns/hebei-2026"


class Client:
    """A machine with a token. Whatever it gets is held to the API's own document."""

    def __init__(self, site: Site, region: str = regions.PROVINCE, token: str = "") -> None:
        self.site, self.client = site, site.app.test_client()
        self.token = token or self.make(region)
        self.document: dict[str, Any] = self.client.get("/api/v1/openapi.json").get_json()

    def make(self, region: str) -> str:
        person = self.site.world.province
        return tokens.make(KEY, person.id, (regions.PROVINCE,), region, "样例平台", 30)[1]

    def get(self, path: str, **headers: str) -> TestResponse:
        answer = self.client.get(path, headers={"Authorization": f"Bearer {self.token}", **headers})
        self.check(path.partition("?")[0], answer)
        return answer

    def check(self, path: str, answer: TestResponse) -> None:
        found = [one for one in self.document["paths"] if re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", one), path)]
        if not found:
            assert answer.status_code == 404
            return
        responses = self.document["paths"][min(found, key=lambda one: one.count("{"))]["get"]["responses"]
        said = responses[str(answer.status_code)]
        if "$ref" in said:
            said = self.document["components"]["responses"][said["$ref"].rpartition("/")[2]]
        if "content" in said:
            ((kind, content),) = said["content"].items()
            assert answer.mimetype == kind
            schema = {**content["schema"], "components": self.document["components"]}
            jsonschema.validate(answer.get_json(), schema, format_checker=jsonschema.FormatChecker())

    def data(self, path: str) -> list[dict[str, Any]]:
        answer = self.get(path)
        assert answer.status_code == 200, answer.get_json()
        found: list[dict[str, Any]] = answer.get_json()["data"]
        return found


def circular(site: Site) -> int:
    """A circular whose figures are frozen."""
    world = site.world
    through = Quarter(world.before.year, world.before.quarter)
    made = compiling.request(world.campaign, through, world.province)
    made.snapshot = snapshot.freeze(world.campaign, through)
    made.save()
    return int(made.id)


def test_the_document_describes_every_address_and_is_openapi(site: Site) -> None:
    document = site.app.test_client().get("/api/v1/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    rules = {rule.rule for rule in site.app.url_map.iter_rules() if rule.rule.startswith("/api/")}
    described = {re.sub(r"<(?:int:)?(\w+)>", r"{\1}", rule) for rule in rules}
    assert set(document["paths"]) == described
    for path, item in document["paths"].items():
        given = {one["name"] for one in item["get"].get("parameters", []) if one["in"] == "path"}
        assert given == set(re.findall(r"\{(\w+)\}", path))
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft202012Validator.check_schema(schema)
    names = [item["get"]["operationId"] for item in document["paths"].values()]
    assert len(names) == len(set(names))


def test_each_address_answers_as_the_document_says(either: Site) -> None:
    world, client = either.world, Client(either)
    assert [one["code"] for one in client.data("/api/v1/campaigns")] == ["hebei-2026"]
    assert client.get(A).get_json()["province"] == "130000"
    assert len(client.data(f"{A}/rounds")) == 2
    assert "money.own_funds" in [one["code"] for one in client.data(f"{A}/indicators")]
    assert {one["uscc"] for one in client.data("/api/v1/organizations")} == {world.lotus.uscc, world.pine.uscc}
    assert client.get(f"/api/v1/organizations/{world.pine.uscc}").get_json()["kind"] == "foundation"
    joint = client.get(f"{A}/projects/P3").get_json()
    assert (joint["lead"], joint["partners"], len(joint["counties"])) == (world.pine.uscc, [world.lotus.uscc], 2)
    assert [one["code"] for one in client.data(f"{A}/projects")] == ["P1", "P2", "P3"]
    quarter = f"{world.before.year}Q{world.before.quarter}"
    approved = client.data(f"{A}/slots?state=approved&quarter={quarter}")
    assert [(one["project"], one["version"]) for one in approved] == [("P1", 1)]
    figures = client.data(f"{A}/figures")
    assert ("money.own_funds", "8000.00") in [(one["indicator"], one["value"]) for one in figures]
    totals = client.get(f"{A}/totals?through={quarter}&by=category").get_json()
    assert {"indicator": "money.own_funds", "split": "教育", "value": "8000.00", "unit": "元"} in totals["sums"]
    number = circular(either)
    assert [one["number"] for one in client.data(f"{A}/circulars")] == [number]
    printed = client.data(f"{A}/circulars/{number}/figures?limit=200")
    assert {"funds_yuan", "organizations"} <= {one["key"] for one in printed}


def test_pages_follow_one_another_until_there_are_no_more(either: Site) -> None:
    client, path, seen = Client(either), f"{A}/slots?limit=2", []
    while path:
        answer = client.get(path)
        body = answer.get_json()
        assert len(body["data"]) <= 2
        seen += [one["number"] for one in body["data"]]
        path = f"{A}/slots?limit=2&cursor={body['next']}" if body["next"] else ""
        assert ("Link" in answer.headers) == bool(body["next"])
    assert len(seen) == len(set(seen)) == 8


def test_a_token_shows_its_region_and_nothing_of_persons(either: Site) -> None:
    client = Client(either, COUNTY)
    assert [one["code"] for one in client.data(f"{A}/projects")] == ["P1"]
    assert {one["region"] for one in client.data(f"{A}/slots")} == {COUNTY}
    assert client.get(f"{A}/projects/P2").status_code == 404
    assert client.get(f"{A}/totals?through=2026Q1").status_code == 404
    assert client.data(f"{A}/circulars") == []
    assert client.get(f"{A}/circulars/{circular(either)}/figures").status_code == 404
    everything = client.get(f"{A}/slots").get_data(as_text=True)
    assert either.world.reporter.phone not in everything
    assert either.world.reporter.name not in everything


def test_what_has_not_changed_is_not_sent_again(site: Site) -> None:
    client = Client(site)
    first = client.get(f"{A}/projects")
    again = client.get(f"{A}/projects", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    Project.update(name="改名").where(Project.code == "P1").execute()
    assert client.get(f"{A}/projects", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


@pytest.mark.parametrize(
    ("path", "status"),
    [
        (f"{A}/slots?limit=0", 400),
        (f"{A}/slots?limit=201", 400),
        (f"{A}/slots?limit=²", 400),
        (f"{A}/slots?cursor=abc", 400),
        (f"{A}/slots?cursor=cHJvamVjdHM6MQ", 400),
        (f"{A}/slots?quarter=2026", 400),
        (f"{A}/slots?state=lost", 400),
        (f"{A}/slots?page=2", 400),
        (f"{A}/totals", 400),
        (f"{A}/totals?through=2026Q1&by=moon", 400),
        ("/api/v1/campaigns/none", 404),
        ("/api/v1/organizations/none", 404),
        ("/api/v1/nothing", 404),
        (f"{A}/circulars/99999999999999999999/figures", 404),
    ],
)
def test_a_wrong_question_is_answered_as_a_problem(site: Site, path: str, status: int) -> None:
    answer = Client(site).get(path)
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")
    assert answer.get_json()["status"] == status


def test_nothing_can_be_written(site: Site) -> None:
    client = Client(site)
    answer = client.client.post(f"{A}/projects", headers={"Authorization": f"Bearer {client.token}"}, json={})
    assert answer.status_code in {400, 405}
    assert answer.mimetype == "application/problem+json"


def test_a_token_ends_when_it_is_revoked_is_over_or_its_maker_may_no_more(site: Site) -> None:
    client = Client(site)
    assert client.get(A).status_code == 200
    with clock.frozen(clock.now() + timedelta(days=31)):
        assert client.get(A).status_code == 401
    held = Grant.get(Grant.person == site.world.province, Grant.role == people.PUBLISHER)
    people.withdraw(held, None)
    assert client.get(A).status_code == 401
    people.grant(site.world.province, people.PUBLISHER, region=regions.PROVINCE)
    assert client.get(A).status_code == 200
    tokens.revoke((regions.PROVINCE,), ApiToken.get().id)
    answer = client.get(A)
    assert (answer.status_code, "Bearer" in answer.headers["WWW-Authenticate"]) == (401, True)
    assert client.token not in str(list(ApiToken.select().dicts()))


def test_a_session_of_the_pages_opens_nothing_here(site: Site) -> None:
    assert site.phone(site.world.province).get(A).status == 401


def test_too_many_calls_are_told_to_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    url = f"sqlite:///{tmp_path / 's.db'}"
    with running(url, tmp_path, monkeypatch, api_calls_a_minute=2) as site, clock.frozen(clock.now()):
        client = Client(site)
        assert [client.get(A).status_code for _ in range(3)] == [200, 200, 429]
        assert 1 <= int(client.get(A).headers["Retry-After"]) <= 60
        stranger = Client(site, token="rsv_guess")
        assert [stranger.get(A).status_code for _ in range(61)][-1] == 429


def test_a_publisher_makes_a_token_sees_it_once_and_revokes_it(site: Site) -> None:
    phone = site.phone(site.world.province)
    page = phone.send(phone.get("/data/tokens"), name="省数据平台", days="30")
    (token,) = re.findall(r"rsv_[\w-]{43}", page.text)
    assert Client(site, token=token).get(A).status_code == 200
    listing = phone.get("/data/tokens")
    assert token not in listing.html
    assert "省数据平台" in listing.main
    revoke = next(form for form in listing.forms if form.attributes["action"].endswith("/revoke"))
    phone.send(listing, revoke)
    assert Client(site, token=token).get(A).status_code == 401
    assert phone.send(phone.get("/data/tokens"), name=" ").status == 422


def test_a_publisher_of_one_region_sees_no_tokens_of_another(site: Site) -> None:
    Client(site)
    other = people.create_person("县里", "13800000077")
    people.grant(other, people.PUBLISHER, region=COUNTY)
    assert tokens.listing((COUNTY,)) == []
    with pytest.raises(Exception, match="no such token"):
        tokens.revoke((COUNTY,), ApiToken.get().id)
