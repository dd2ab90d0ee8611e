"""The demo province: its totals are the published ones, by summing and in no other way."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any

import peewee
import pytest

from reportsvc import clock, db, models, totals
from reportsvc.circulars import phrases
from reportsvc.cli import province
from reportsvc.cli.province import answers, cases, draws
from reportsvc.errors import Conflict
from reportsvc.forms import shipped
from reportsvc.projects import regions, uscc
from reportsvc.reports import figures, forms, submissions

THROUGH = totals.Quarter(2020, 3)
FACTS = json.loads(files("reportsvc.data").joinpath("campaign_2018_2020.json").read_text("utf-8"))
UNITS = {"人次": "visits", "人": "persons", "户": "households", "名": "named"}
KINDS = {"基金会": "foundation", "社会团体": "association", "社会服务机构": "agency"}


def load(folder: Path) -> tuple[peewee.Database, province.Loaded, list[str]]:
    opened = db.open_database(f"sqlite:///{folder / 'province.db'}")
    db.migrate(opened)
    told: list[str] = []
    opened.connect()
    regions.load()
    form = forms.publish(*shipped.quarterly_report())
    return opened, province.load(form, read=forms.read_quantities, progress=told.append), told


def fingerprint() -> str:
    """A digest over every version of the historic campaign, by what it is about and what it says."""
    query = (
        models.Version.select(models.Version.receipt, models.Version.submission, models.Version.sha256)
        .where(models.Version.source == "import")
        .order_by(models.Version.id)
    )
    return hashlib.sha256(json.dumps(list(query.tuples())).encode()).hexdigest()


@dataclass(frozen=True)
class World:
    loaded: province.Loaded
    told: list[str]
    fingerprint: str
    second: tuple[str, dict[str, int | str]]
    """Fingerprint and headline of a load into another database."""


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    opened, loaded, _ = load(tmp_path_factory.mktemp("second"))
    second = fingerprint(), totals.headline(loaded.historic, THROUGH)
    opened.close()
    opened, loaded, told = load(tmp_path_factory.mktemp("first"))
    yield World(loaded, told, fingerprint(), second)
    opened.close()


def test_the_headline_is_the_published_one(world: World) -> None:
    headline = totals.headline(world.loaded.historic, THROUGH)
    assert 6300 <= int(headline["organizations"]) < 6400
    assert headline["projects"] == 5367
    assert 218_750_000_000 <= answers.fen(str(headline["funds_yuan"])) < 218_850_000_000
    assert headline["key_counties"] == 62
    assert 2_800_000 <= int(headline["beneficiary_visits"]) < 2_900_000
    assert 300_000_000_000 < answers.fen(str(headline["member_enterprise_investment_yuan"])) < 310_000_000_000
    assert headline["coordination_meetings"] == 11


def test_two_loads_give_the_same(world: World) -> None:
    assert world.second == (world.fingerprint, totals.headline(world.loaded.historic, THROUGH))


def test_a_second_load_is_refused(world: World) -> None:
    before = models.Version.select().count()
    with pytest.raises(Conflict, match="already loaded"):
        province.load(models.FormVersion.get(), read=forms.read_quantities, progress=world.told.append)
    assert models.Version.select().count() == before


def test_every_digest_and_receipt_is_right(world: World) -> None:
    wrong = [
        version.id
        for version in models.Version.select()
        if version.sha256 != submissions.digest(version.answers) or not version.receipt.endswith(f"-{version.number}")
    ]
    assert wrong == []
    slot = models.Slot.select().join(models.Version).where(models.Version.source == "import").first()
    assert models.Version.get(models.Version.slot == slot).receipt == submissions.receipt_number(slot, 1)


def test_answers_are_text_and_name_their_organization(world: World) -> None:
    query = models.Version.select(models.Version, models.Slot, models.Organization, models.Project).join(models.Slot)
    joined: Any = query.join(models.Organization).switch(models.Slot).join(models.Project)
    for version in joined:
        slot = version.slot
        values = list(version.answers.values())
        rows = [value for value in values if isinstance(value, list)]
        leaves = [text for each in rows for row in each for text in row.values()]
        leaves += [value for value in values if not isinstance(value, list)]
        assert all(isinstance(leaf, str) for leaf in leaves)
        assert version.answers["organization_name"] == slot.organization.name
        assert version.answers["project_name"] == slot.project.name
        assert version.answers["role"] == slot.role


def versions_of_cases() -> list[models.Version]:
    named = models.Project.code.in_([case["code"] for case in cases.read()])
    found = list(models.Version.select().join(models.Slot).join(models.Project).where(named))
    assert len(found) == sum(len(case["reports"]) for case in cases.read())
    return found


def some_imported() -> list[models.Version]:
    found = models.Version.select().where(models.Version.source == "import").order_by(models.Version.id)
    return list(found)[60::90]


def test_the_form_accepts_every_answer_as_it_is(world: World) -> None:
    entered = list(models.Version.select().where(models.Version.source != "import"))
    form = forms.form_of(models.FormVersion.get())
    for version in [*versions_of_cases(), *some_imported(), *entered]:
        checked = forms.checked(version.slot, form, version.answers)
        assert checked.problems == ()
        assert checked.answers == version.answers
    assert len(entered) > 60


def stored(version: models.Version) -> list[tuple[Any, ...]]:
    query = models.Figure.select(
        models.Figure.indicator, models.Figure.region, models.Figure.value, models.Figure.path
    ).where(models.Figure.version == version)
    return sorted(query.tuples())


def test_figures_are_those_that_approval_would_have_written(world: World) -> None:
    some = versions_of_cases() + some_imported()
    with db.database.atomic() as transaction:
        for version in some:
            before = stored(version)
            models.Figure.delete().where(models.Figure.version == version).execute()
            figures.write(version, forms.read_quantities(version))
            assert stored(version) == before
        transaction.rollback()
    assert sum(bool(stored(version)) for version in some) > 100


def test_no_figure_is_without_an_approved_current_version(world: World) -> None:
    good = (
        models.Figure.select(models.Figure.id)
        .join(models.Version)
        .join(models.Slot)
        .where(models.Slot.state == "approved", models.Slot.current == models.Version.number)
    )
    assert models.Figure.select().where(models.Figure.id.not_in(good)).count() == 0
    assert models.Figure.select().count() > 20_000


def test_the_parts_add_up_to_the_whole(world: World) -> None:
    campaign = world.loaded.historic
    whole = totals.amounts(campaign, THROUGH)
    assert totals.funds(campaign, whole) == answers.fen(str(totals.headline(campaign, THROUGH)["funds_yuan"]))
    for by in ("category", "kind", "region"):
        parts: dict[tuple[str, str], int] = defaultdict(int)
        for (code, _), value in totals.amounts(campaign, THROUGH, by).items():
            parts[(code, "")] += value
        assert dict(parts) == whole


def test_every_category_kind_and_part_of_the_province_appears(world: World) -> None:
    campaign = world.loaded.historic
    reports = totals.reports(campaign, THROUGH)
    assert {one.category for one in reports} == set(FACTS["categories"])
    assert {one.kind for one in reports} == set(KINDS.values())
    cities = {regions.chain(regions.scope(code).path)[-2] for code in _counties_of(campaign)}
    above = models.Region.select().where(models.Region.reports_to == regions.PROVINCE)
    assert cities == {region.code for region in above}
    assert len(cities) == 11 + 1 + 2


def _counties_of(campaign: models.Campaign) -> set[str]:
    query = models.ProjectCounty.select().join(models.Project).where(models.Project.campaign == campaign)
    return {row.region_id for row in query}


def test_samples_say_so_and_every_code_is_valid(world: World) -> None:
    known = regions.known_codes()
    for party in models.Organization.select():
        code = uscc.check(party.uscc, kind=party.kind, knows_region=lambda six: regions.is_division(six, known))
        assert code == party.uscc
        assert party.sample == ("样例" in party.name)
        expected = {"national": "100000", "beijing": "110000", "tianjin": "120000", "province": "130000"}
        assert party.uscc[2:8] == expected.get(party.level, party.region_id)
    assert all(project.sample == ("样例" in project.name) for project in models.Project.select())
    assert models.Organization.select().where(~models.Organization.sample).count() == 13
    assert models.Project.select().where(~models.Project.sample).count() == 9


def test_everybody_takes_part_and_most_lead_one_project(world: World) -> None:
    part = models.Participation.select(models.Participation.organization)
    assert models.Organization.select().where(models.Organization.id.not_in(part)).count() == 0
    leads = Counter(project.lead_id for project in models.Project.select())
    assert sum(count == 1 for count in leads.values()) > len(leads) * 0.8
    assert max(leads.values()) > 1
    parties = Counter(row.project_id for row in models.Participation.select())
    assert {count for project, count in parties.items() if count != 11} == {1, 2, 3, 4}


def test_slots_are_of_active_quarters_only(world: World) -> None:
    quarters: dict[tuple[int, int], set[int]] = defaultdict(set)
    for slot in models.Slot.select().join(models.Round).where(models.Round.campaign == world.loaded.historic):
        quarters[(slot.project_id, slot.organization_id)].add(slot.round_id)
        assert (slot.state, slot.current, slot.waiting_at_id) == ("approved", 1, None)
    assert {len(held) for held in quarters.values()} == {1, 2, 3, 4, 5}
    assert 12_000 <= sum(map(len, quarters.values())) <= 16_000
    parts = models.Participation.select().join(models.Project)
    assert parts.where(models.Project.campaign == world.loaded.historic).count() == len(quarters)


def test_cities_and_counties_joined_in_2019(world: World) -> None:
    early = (
        models.Slot.select()
        .join(models.Round)
        .where(models.Round.campaign == world.loaded.historic, models.Round.year == 2018)
        .switch(models.Slot)
        .join(models.Organization)
    )
    assert early.where(models.Organization.level.in_(("county", "city"))).count() == 0
    assert early.count() > 100


def test_events_follow_one_another_inside_the_round(world: World) -> None:
    query = models.Event.select(models.Event, models.Slot, models.Round).join(models.Slot).join(models.Round)
    steps: dict[int, list[models.Event]] = defaultdict(list)
    for event in query.order_by(models.Event.id):
        steps[event.slot_id].append(event)
    for events in steps.values():
        owed = events[0].slot.round
        days = [clock.local(event.at).date() for event in events]
        assert days == sorted(days)
        assert owed.opens <= days[0] <= owed.due
        assert days[-1] <= owed.closes
        assert (events[0].action, events[0].before) == ("submit", "open")
        assert events[-1].after == events[0].slot.state
        assert len(events) == events[0].slot.revision
        assert [event.after for event in events[:-1]] == [event.before for event in events[1:]]
    sent = models.Slot.select().where(models.Slot.current > 0)
    assert len(steps) == sent.count()


@pytest.mark.parametrize("number", range(9))
def test_each_case_is_as_published(world: World, number: int) -> None:
    fact = FACTS["cases"][number]
    project = models.Project.get(models.Project.code == f"HB18-{number + 1:04d}")
    assert (project.name, project.category) == (fact["project"], fact["category"])
    assert [row.region_id for row in project.places.order_by(models.ProjectCounty.region)] == fact["counties"]
    assert (project.village, project.organizer) == (fact.get("village", ""), fact.get("organizer", ""))
    assert project.executor == fact.get("executor", {}).get("name", "")
    assert (project.lead.kind, project.lead.level) == (KINDS[fact["kind"]], fact["level"])
    expected: dict[str, tuple[int, int]] = {}
    for money in [fact["money"]] if "money" in fact else []:
        expected[f"money.{money['kind']}"] = band(money, "yuan", 100)
    for result in fact.get("results", ()):
        expected[f"result.{result['kind']}"] = band(result, "yuan", 100)
    if "benefit" in fact:
        expected[f"benefit.{UNITS[fact['benefit']['unit']]}"] = band(fact["benefit"], "value", 1)
    found = sums(project)
    assert set(found) == set(expected)
    assert [code for code, (low, high) in expected.items() if not low <= found[code] <= high] == []
    if "money" in fact:
        assert phrases.holds(fact["money"]["printed"], Decimal(found[f"money.{fact['money']['kind']}"]) / 100)


def band(fact: dict[str, Any], key: str, scale: int) -> tuple[int, int]:
    """What a published amount allows: itself; for 余 and 多 more, below the next value of its last printed digit."""
    if key in fact:
        return fact[key] * scale, fact[key] * scale
    least = fact["at_least" if key == "value" else f"{key}_at_least"]
    zeros = len(str(least)) - len(str(least).rstrip("0"))
    return least * scale + 1, (least + 10**zeros) * scale - 1


def sums(project: models.Project) -> dict[str, int]:
    query = (
        models.Figure.select(models.Indicator.code, peewee.fn.SUM(models.Figure.value))
        .join(models.Indicator)
        .switch(models.Figure)
        .join(models.Version)
        .join(models.Slot)
        .where(models.Slot.project == project)
        .group_by(models.Indicator.code)
    )
    return dict(query.tuples())


@pytest.mark.parametrize("number", range(9))
def test_each_case_tells_its_benefit_and_outputs_in_its_last_report(world: World, number: int) -> None:
    fact = FACTS["cases"][number]
    project = models.Project.get(models.Project.code == f"HB18-{number + 1:04d}")
    slots = project.slots.where(models.Slot.role == "lead").order_by(models.Slot.round.desc())
    given = models.Version.get(models.Version.slot == slots.first()).answers
    rows = given.get("outputs", [])
    assert [(row["output_name"], row["output_unit"]) for row in rows] == [
        (each["name"], each["unit"]) for each in fact.get("outputs", ())
    ]
    for row, each in zip(rows, fact.get("outputs", ()), strict=True):
        low, high = band(each, "value", 1)
        assert low <= int(row["output_quantity"]) <= high
    if "benefit" in fact:
        assert {row["benefit_who"] for row in given["benefits"]} == {fact["benefit"]["who"]}
    for words in (fact.get("member_enterprises"), fact.get("place")):
        assert words is None or words in given["progress_text"]
    for name, value in fact.get("coverage", {}).items():
        assert f"{value}个{ {'townships': '乡镇', 'villages': '村'}[name] }" in given["progress_text"]


def test_the_organizations_of_the_cases_are_the_published_ones(world: World) -> None:
    for number, fact in enumerate(FACTS["cases"], start=1):
        project = models.Project.get(models.Project.code == f"HB18-{number:04d}")
        names = [part.organization.name for part in project.participations.order_by(models.Participation.id)]
        if fact.get("joint"):
            assert len(names) == 11
            assert [name.removesuffix("公益基金会") for name in names[:4]] == [
                name.removesuffix("公益基金会") for name in fact["named"]
            ]
        else:
            assert names == [fact["organization"], *fact.get("with", ())]


def test_the_joint_project_counts_once_with_the_money_of_all_eleven(world: World) -> None:
    project = models.Project.get(models.Project.code == "HB18-0009")
    assert project.slots.count() == 11
    assert sums(project) == {"money.pooled_funds": 826_000_000, "benefit.households": 94}


def test_the_circular_prints_the_cases_as_they_were_published(world: World) -> None:
    printed = 0
    for fact, case in zip(FACTS["cases"], world.loaded.historic.circular["cases"], strict=True):
        found = sums(models.Project.get(models.Project.code == case["project"]))
        styles = case.get("printed", {})
        if "money" in fact:
            code = f"money.{fact['money']['kind']}"
            qualifier, step, word = styles.get(code, ("exact", None, "多"))
            assert phrases.money(found[code], qualifier, step, word=word).removeprefix("达") == fact["money"]["printed"]
        counted = [(each["name"], each) for each in fact.get("outputs", ())]
        if "benefit" in fact:
            counted.append((f"benefit.{UNITS[fact['benefit']['unit']]}", fact["benefit"]))
        for name, each in counted:
            if "at_least" in each:
                qualifier, step, word = styles[name]
                text = phrases.count(each["at_least"] + 1, each["unit"], qualifier, step, word=word)
                assert text == f"{each['at_least']}{each['qualifier']}{each['unit']}"
                printed += 1
            else:
                assert styles.get(name, ["exact"])[0] == "exact"
    assert printed == 4


def test_the_words_of_the_circular_name_all_cases(world: World) -> None:
    words = world.loaded.historic.circular
    assert [case["project"] for case in words["cases"]] == [case["code"] for case in cases.read()]
    assert {"mark", "number", "title", "addressee", "signatory", "copies_to", "printed_by"} <= set(words)
    assert words["title"] == "河北省民政厅关于“京津冀社会组织跟党走—助力脱贫攻坚行动”有关情况的通报"


def test_progress_tells_what_was_stored(world: World) -> None:
    assert "Organizations: 6342. Projects: 5367." in world.told


@pytest.mark.parametrize("total", [1_000_000, 987_654_321])
def test_shares_add_up_and_none_is_nothing(total: int) -> None:
    rng = Random(1)  # noqa: S311 - amounts, no secrets
    shares = draws.share_out(rng, [draws.skewed(rng, 1.3) for _ in range(500)], total, 100)
    assert sum(shares) == total
    assert min(shares) >= 100
