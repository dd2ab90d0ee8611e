"""Regions, organizations, campaigns and rounds, on both databases."""

from datetime import date

import peewee
import pytest

from reportsvc import clock, models
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.projects import campaigns, organizations, regions, uscc

pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture(autouse=True)
def hebei(database: peewee.Database) -> None:
    regions.load()


def _foundation(body: str = "50120345", region: str = "130000") -> models.Organization:
    code = uscc.build("53", region, body)
    return organizations.register(organizations.NewOrganization(code, "河北省三强公益基金会", "foundation"))


def _campaign() -> models.Campaign:
    return campaigns.create_campaign(
        campaigns.CampaignSpec("hebei-2026", "乡村振兴行动", date(2026, 1, 1), None, ("county", "province"), ("产业",))
    )


def _form() -> models.FormVersion:
    return models.FormVersion.create(
        form_id="quarterly", number=1, title="季报", filename="q.md", source=b"", definition={}, sha256="0" * 64,
        created_at=clock.now(),
    )  # fmt: skip


def test_hebei_has_its_prefectures_counties_and_reporting_units() -> None:
    cities = models.Region.select().where(models.Region.level == "city")
    counties = models.Region.select().where(models.Region.level == "county")
    assert (cities.count(), counties.count()) == (11 + 1, 167)
    assert regions.load() == 0


@pytest.mark.parametrize(
    ("county", "reporting_line"),
    [
        ("130624", ["130624", "130600", "130000"]),
        ("130629", ["130629", "1306XA", "130000"]),
        ("130682", ["130682", "130000"]),
        ("130181", ["130181", "130000"]),
    ],
)
def test_each_county_reports_where_it_really_reports(county: str, reporting_line: list[str]) -> None:
    assert regions.chain(regions.scope(county).path) == reporting_line


def test_a_region_that_is_not_there_is_not_found() -> None:
    with pytest.raises(NotFound, match="999999"):
        regions.scope("999999")


@pytest.mark.parametrize(("code", "known"), [("130223", True), ("130999", False), ("110105", True), ("990000", False)])
def test_divisions_are_known_with_retired_ones_and_other_provinces(code: str, known: bool) -> None:
    assert regions.is_division(code) is known


def test_an_organization_of_a_retired_county_lives_in_its_successor() -> None:
    assert _foundation(region="130223").region_id == "130284"


def test_a_county_that_was_split_has_no_successor() -> None:
    assert _foundation(region="130421").region_id is None


def test_a_code_is_registered_once() -> None:
    _foundation()
    with pytest.raises(Conflict, match="already registered"):
        _foundation()


@pytest.mark.parametrize(
    ("counties", "region"),
    [
        (("130826",), "130826"),
        (("130624", "130636"), "130600"),
        (("130624", "130629"), "130000"),
        ((), "130000"),
    ],
)
def test_a_project_belongs_to_the_smallest_region_of_all_its_counties(counties: tuple[str, ...], region: str) -> None:
    spec = campaigns.ProjectSpec("P1", "捐建蔬菜大棚", "产业", (_foundation(),), counties)
    assert campaigns.create_project(_campaign(), spec).region_id == region


def test_a_project_must_fit_its_campaign() -> None:
    campaign, lead = _campaign(), _foundation()
    for spec, says in [
        (campaigns.ProjectSpec("P1", "x", "教育", (lead,)), "not a category"),
        (campaigns.ProjectSpec("P1", "x", "产业", ()), "leads it"),
        (campaigns.ProjectSpec("P1", "x", "产业", (lead,), ("130600",)), "130600"),
    ]:
        with pytest.raises(Invalid, match=says):
            campaigns.create_project(campaign, spec)
    assert models.Project.select().count() == 0


@pytest.mark.parametrize("route", [(), ("county",), ("province", "county"), ("village", "province")])
def test_a_route_runs_upwards_and_ends_at_the_province(route: tuple[str, ...]) -> None:
    with pytest.raises(Invalid, match="route"):
        campaigns.create_campaign(campaigns.CampaignSpec("x", "x", date(2026, 1, 1), None, route, ()))


def test_member_enterprises_money_is_no_part_of_the_funds() -> None:
    campaign = _campaign()
    assert "money.member_enterprise_investment" not in campaign.fund_kinds
    assert len(campaign.fund_kinds) == 6


def test_a_round_opens_one_slot_for_each_participation() -> None:
    campaign = _campaign()
    lead, partner = _foundation(), _foundation("50120999")
    campaigns.create_project(campaign, campaigns.ProjectSpec("P1", "x", "产业", (lead, partner), ("130826",)))
    spec = campaigns.RoundSpec(2026, 4, date(2026, 10, 1), date(2027, 1, 10), date(2027, 1, 20))
    opened = campaigns.open_round(campaign, _form(), spec)
    slots = list(models.Slot.select().where(models.Slot.round == opened).order_by(models.Slot.id))
    assert [(slot.role, slot.organization_id, slot.region_id, slot.due) for slot in slots] == [
        ("lead", lead.id, "130826", spec.due),
        ("partner", partner.id, "130826", spec.due),
    ]
    assert {slot.state for slot in slots} == {"open"}


def test_a_rounds_days_are_in_order() -> None:
    spec = campaigns.RoundSpec(2026, 4, date(2027, 1, 1), date(2026, 12, 1), date(2027, 1, 20))
    with pytest.raises(Invalid, match="in that order"):
        campaigns.open_round(_campaign(), _form(), spec)
