"""A small province for tests: a campaign, three projects, people with roles; last quarter approved, this one open."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import uuid4

from reportsvc import clock, reviews
from reportsvc.accounts import notice, people, signing
from reportsvc.forms import shipped
from reportsvc.models import Campaign, FormVersion, Organization, Person, Round, Slot, Version
from reportsvc.projects import campaigns, organizations, regions, uscc
from reportsvc.reports import forms, submissions, transitions

COUNTY, OTHER_COUNTY, CITY = "130826", "130822", "130800"
KEY = "k" * 40

ANSWERS = {
    "project_state": "running",
    "activity": "yes",
    "own_funds": "12000.50",
    "raised_funds": "3000",
    "benefits": [{"benefit_unit": "visits", "benefit_amount": "320", "benefit_who": "村民"}],
    "outputs": [{"output_name": "图书室", "output_quantity": "2", "output_unit": "间"}],
    "activities": "donation visit",
    "progress_text": "为两个村配齐图书，组织志愿者辅导。",
    "may_publish": "yes",
}


@dataclass
class World:
    """What the tests ask about."""

    campaign: Campaign
    form: FormVersion
    lotus: Organization
    pine: Organization
    reporter: Person
    other_reporter: Person
    county: Person
    other_county: Person
    province: Person
    now: Round
    before: Round
    slots: dict[str, int] = field(default_factory=dict)
    """Ids of this quarter's slots: library (莲花 alone), orchard (松树 in another county), joint:lotus, joint:pine."""

    def slot(self, name: str = "library") -> Slot:
        """A slot as it is now."""
        return transitions.slot_by_id(self.slots[name])

    def submit(self, name: str = "library", **changes: object) -> Version:
        """Send a report in, as its reporter would."""
        slot = self.slot(name)
        checked = forms.checked(slot, forms.form_of(self.form), {**ANSWERS, **changes})
        assert checked.problems == ()
        person = self.reporter if slot.organization_id == self.lotus.id else self.other_reporter
        return submissions.submit(slot, self.form, person, submissions.Submission(str(uuid4()), checked.answers))

    def approve(self, name: str = "library") -> Slot:
        """Endorse a report at each level of its route."""
        slot = self.slot(name)
        while slot.waiting_at_id is not None:
            scope = regions.scope(slot.waiting_at_id)
            person = self.province if scope.level == "province" else self.county
            slot = reviews.endorse(scope, slot.id, person, slot.revision, forms.read_quantities)
        return slot

    def link(self, person: Person) -> str:
        """The path of a sign-in link."""
        return f"/sign-in/link/{signing.make_link(signing.Desk(KEY, lambda *_: None, 10), person)}"


def build(today: date | None = None) -> World:
    """Fill an empty, migrated database."""
    today = today or clock.today()
    regions.load()
    form = forms.publish(*shipped.quarterly_report())
    campaign = campaigns.create_campaign(
        campaigns.CampaignSpec(
            "hebei-2026", "社会组织助力乡村振兴行动", date(2026, 1, 1), None, ("county", "province"), ("教育", "产业"),
            {"mark": "河北省民政厅文件", "number": "冀民函〔2026〕样例号", "signatory": "河北省民政厅"},
        )
    )  # fmt: skip
    lotus, pine = (
        organizations.register(organizations.NewOrganization(uscc.build(prefix, region, body), name, kind))
        for prefix, region, body, name, kind in (
            ("51", COUNTY, "50120345", "丰宁满族自治县莲花志愿服务协会", "association"),
            ("53", "130000", "50120346", "河北省松树公益基金会", "foundation"),
        )
    )
    for code, name, category, parties, counties in (
        ("P1", "乡村图书室", "教育", (lotus,), (COUNTY,)),
        ("P2", "果树品种改良", "产业", (pine,), (OTHER_COUNTY,)),
        ("P3", "两县联建卫生室", "教育", (pine, lotus), (COUNTY, OTHER_COUNTY)),
    ):
        campaigns.create_project(campaign, campaigns.ProjectSpec(code, name, category, parties, counties))
    names = ("王素梅", "赵国强", "刘振江", "孙丽", "高文静")
    staff = [people.create_person(name, f"1380000000{number}") for number, name in enumerate(names, start=1)]
    for person in staff:
        notice.accept(person.id, notice.Terms())
    people.grant(staff[0], people.REPORTER, organization=lotus)
    people.grant(staff[0], people.MANAGER, organization=lotus)
    people.grant(staff[1], people.REPORTER, organization=pine)
    people.grant(staff[2], people.REVIEWER, region=COUNTY)
    people.grant(staff[3], people.REVIEWER, region=OTHER_COUNTY)
    people.grant(staff[4], people.REVIEWER, region=regions.PROVINCE)
    people.grant(staff[4], people.PUBLISHER, region=regions.PROVINCE)
    quarter = (today.year * 4 + (today.month - 1) // 3) - 1
    before = _round(campaign, form, quarter, today - timedelta(days=95))
    world = World(campaign, form, lotus, pine, *staff, _round(campaign, form, quarter + 1, today), before)
    world.slots = _slots(before, lotus)
    world.submit(own_funds="8000", raised_funds="")
    world.approve()
    world.slots = _slots(world.now, lotus)
    return world


def _round(campaign: Campaign, form: FormVersion, number: int, day: date) -> Round:
    days = (day - timedelta(days=10), day + timedelta(days=10), day + timedelta(days=20))
    return campaigns.open_round(campaign, form, campaigns.RoundSpec(number // 4, number % 4 + 1, *days))


def _slots(owed: Round, lotus: Organization) -> dict[str, int]:
    found = {}
    for slot in Slot.select().where(Slot.round == owed):
        name = {"P1": "library", "P2": "orchard", "P3": "joint:"}[slot.project.code]
        found[name + ("" if name != "joint:" else "lotus" if slot.organization_id == lotus.id else "pine")] = slot.id
    return found
