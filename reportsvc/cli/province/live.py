"""The campaign that is under way: a few counties, last quarter approved, this quarter's reports at every stage.

Everything here goes through the functions that phones and reviewers use, at times of the past where it happened then,
so that every event is one that could have come from a person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any
from uuid import UUID

from reportsvc import clock, reviews, totals
from reportsvc.accounts import people
from reportsvc.cli.province import draws, historic, troubles, words
from reportsvc.cli.province.answers import complete, yuan
from reportsvc.cli.province.shapes import Codes
from reportsvc.models import Campaign, FormVersion, Organization, Person, Project, ProjectCounty, Region, Round, Slot
from reportsvc.projects import campaigns, organizations, regions
from reportsvc.reports import submissions, transitions

CODE = "hebei-2026"
SEED = 20260101
FIRST_BODY = 900_000
"""Organization codes of this campaign start here, well after those of the historic one."""

COUNTIES = {"130826": 14, "130881": 9, "130624": 9, "130629": 4, "130682": 4}
"""Projects in each county: 丰宁, 平泉, 阜平, 容城 (雄安新区) and 定州."""
HOME = "130826"
"""Where the demo's reporter and county reviewer are."""

CATEGORIES = tuple(words.LIVE_SUBJECTS)

STAGES = ("approved", "province", "county", "open", "county", "open", "province", "open", "approved", "open")
"""Where this quarter's reports stand, over and over; ``county`` and ``province`` are where one waits."""

RETURN_REASON = "投入资金与上季度相差较大，请核对“自有资金”一栏，并在进展里说明原因。"

NAMES = (
    "李秀英", "赵建国", "孙丽华", "周志强", "吴桂兰", "郑海涛", "冯春梅", "陈立新", "褚玉珍", "卫东升",
    "蒋淑芬", "沈国栋", "韩雪梅", "杨永康", "朱红霞", "秦学文", "许凤英", "何振华", "吕小燕", "施卫民",
    "张彩云", "孔令军", "曹金花", "严志远", "华秀芝", "金宝林", "魏巧玲", "陶长顺", "姜素琴", "戚文博",
    "谢春生", "邹丽娟", "喻建平", "柏玉兰", "窦大勇", "章慧敏", "云志刚", "苏美玲", "潘俊峰", "葛爱华",
)  # fmt: skip
"""Made-up people; their numbers, from 13800000001 on, are made up too."""


@dataclass(frozen=True, slots=True)
class People:
    """Who can sign in to look at the demo."""

    reporter: Person
    county: Person
    province: Person
    county_reviewers: Mapping[str, Person]
    """By county."""
    reporters: Mapping[int, Person]
    """By organization's id."""


@dataclass(frozen=True, slots=True)
class Days:
    """The days of a round."""

    opens: date
    due: date
    closes: date


class Phones:
    """Hands out made-up mobile numbers."""

    def __init__(self) -> None:
        self._next = 1

    def person(self, name: str) -> Person:
        """A new person with the next number."""
        found = people.create_person(name, f"138{self._next:08d}")
        self._next += 1
        return found


def this_quarter() -> totals.Quarter:
    """The quarter of today."""
    today = clock.today()
    return totals.Quarter(today.year, (today.month + 2) // 3)


def last_quarter() -> totals.Quarter:
    """The quarter before today's."""
    number = this_quarter().number - 1
    return totals.Quarter((number - 1) // 4, (number - 1) % 4 + 1)


def open_days() -> Days:
    """Of this quarter's round: opened lately, due soon, so that today lies inside."""
    today = clock.today()
    return Days(today - timedelta(days=6), today + timedelta(days=9), today + timedelta(days=24))


def past_days() -> Days:
    """Of last quarter's round: it was due before this quarter's opened."""
    end = historic.last_day(last_quarter())
    return Days(end - timedelta(days=20), end - timedelta(days=6), end)


def load(form: FormVersion, read: reviews.ReadQuantities) -> tuple[Campaign, People]:
    """Store the campaign with its people and reports."""
    return _Builder(form, read).build()


class _Builder:
    def __init__(self, form: FormVersion, read: reviews.ReadQuantities) -> None:
        self._form = form
        self._read = read
        self._rng = Random(SEED)  # noqa: S311 - sample records, no secrets
        self._scopes: dict[str, regions.Scope] = {}

    def build(self) -> tuple[Campaign, People]:
        with clock.frozen(_at(past_days().opens, 8)):
            campaign = _campaign()
            found = self._parties(campaign)
        past = self._round(campaign, last_quarter(), past_days())
        self._past(past, found)
        current = self._round(campaign, this_quarter(), open_days())
        self._current(current, found)
        troubles.load(found.reporter, found.county_reviewers, found.province, current.opens)
        return campaign, found

    def _scope(self, code: str) -> regions.Scope:
        if code not in self._scopes:
            self._scopes[code] = regions.scope(code)
        return self._scopes[code]

    def _round(self, campaign: Campaign, quarter: totals.Quarter, days: Days) -> Round:
        spec = campaigns.RoundSpec(quarter.year, quarter.quarter, days.opens, days.due, days.closes)
        return campaigns.open_round(campaign, self._form, spec)

    def _parties(self, campaign: Campaign) -> People:
        """Organizations with a reporter each, their projects, and the reviewers."""
        phones, codes = Phones(), Codes(FIRST_BODY)
        names = iter(NAMES * 2)
        reporter, county, province = (phones.person(name) for name in ("王素梅", "刘振江", "高文静"))
        reviewers = {HOME: county}
        reporters: dict[int, Person] = {}
        number = 0
        for code, count in COUNTIES.items():
            made: list[Organization] = []
            for _ in range(count):
                number += 1
                made.append(self._organization(codes, code, number))
                first = not reporters
                reporters[made[-1].id] = reporter if first else phones.person(next(names))
                people.grant(reporters[made[-1].id], people.REPORTER, organization=made[-1])
                if first:
                    people.grant(reporter, people.MANAGER, organization=made[-1])
                joins = number % 6 == 0 and len(made) > 1
                self._project(campaign, code, number, (made[-1], made[-2]) if joins else (made[-1],))
            if code not in reviewers:
                reviewers[code] = phones.person(next(names))
            people.grant(reviewers[code], people.REVIEWER, region=code)
        people.grant(province, people.REVIEWER, region=regions.PROVINCE)
        people.grant(province, people.PUBLISHER, region=regions.PROVINCE)
        return People(reporter, county, province, reviewers, reporters)

    def _organization(self, codes: Codes, county: str, number: int) -> Organization:
        kind = self._rng.choice(("association", "association", "agency", "agency", "foundation"))
        name = words.organization(self._rng, self._scope(county).name, 9000 + number, kind)
        new = organizations.NewOrganization(codes.take(kind, county), name, kind, "county", county)
        found = organizations.register(new)
        found.sample = True
        found.save()
        return found

    def _project(self, campaign: Campaign, county: str, number: int, parties: tuple[Organization, ...]) -> None:
        category = CATEGORIES[number % len(CATEGORIES)]
        subject = self._rng.choice(words.LIVE_SUBJECTS[category])
        spec = campaigns.ProjectSpec(
            code=f"HB26-{number:04d}",
            name=words.project(self._rng, subject, "", 9000 + number),
            category=category,
            organizations=parties,
            counties=(county,),
        )
        made = campaigns.create_project(campaign, spec)
        made.sample = True
        made.save()

    def _past(self, owed: Round, found: People) -> None:
        """Last quarter: nearly all approved, a few never sent."""
        for index, slot in enumerate(_slots(owed)):
            if index % 13 == 12:
                continue
            self._send(slot, found, owed.opens + timedelta(days=self._rng.randint(1, 6)))
            self._endorse(slot.id, found, owed.opens + timedelta(days=self._rng.randint(8, 11)))
            self._endorse(slot.id, found, owed.opens + timedelta(days=self._rng.randint(12, 16)))

    def _current(self, owed: Round, found: People) -> None:
        """This quarter: the demo's reporter has not begun; one report went back; the others stand all along the way."""
        returned = False
        for index, slot in enumerate(_slots(owed)):
            stage = "open" if found.reporters[slot.organization_id] == found.reporter else STAGES[index % len(STAGES)]
            if stage == "open":
                continue
            self._send(slot, found, owed.opens + timedelta(days=self._rng.randint(0, 2)))
            if stage == "county" and slot.region_id == HOME and not returned:
                self._return(slot.id, found, owed.opens + timedelta(days=3))
                returned = True
                continue
            if stage in {"province", "approved"}:
                self._endorse(slot.id, found, owed.opens + timedelta(days=3))
            if stage == "approved":
                self._endorse(slot.id, found, owed.opens + timedelta(days=5))

    def _send(self, slot: Slot, found: People, day: date) -> None:
        sent = submissions.Submission(
            str(UUID(int=self._rng.getrandbits(128), version=4)), self._answers(slot), source="phone"
        )
        with clock.frozen(self._moment(day)):
            submissions.submit(slot, self._form, found.reporters[slot.organization_id], sent)

    def _endorse(self, slot_id: int, found: People, day: date) -> None:
        slot = transitions.slot_by_id(slot_id)
        code = str(slot.waiting_at_id)
        person = found.province if code == regions.PROVINCE else found.county_reviewers[code]
        with clock.frozen(self._moment(day)):
            reviews.endorse(self._scope(code), slot.id, person, slot.revision, self._read)

    def _return(self, slot_id: int, found: People, day: date) -> None:
        slot = transitions.slot_by_id(slot_id)
        with clock.frozen(self._moment(day)):
            reviews.send_back(
                self._scope(HOME),
                slot.id,
                found.county,
                slot.revision,
                reason=RETURN_REASON,
                fields=("own_funds", "progress_text"),
                due=clock.today() + timedelta(days=7),
            )

    def _moment(self, day: date) -> datetime:
        return _at(day, self._rng.randint(9, 16), self._rng.randint(0, 59))

    def _answers(self, slot: Slot) -> dict[str, Any]:
        project: Project = slot.project
        given: dict[str, Any] = {
            "project_state": "running",
            "activity": "yes",
            "may_publish": "yes",
            "activities": self._rng.choice(("training visit", "donation", "training purchase", "training employment")),
            "progress_text": words.progress(self._rng, project.name, self._scope(slot.region_id).name),
            "own_funds": self._yuan(8_000),
        }
        if self._rng.random() < 0.5:
            given[self._rng.choice(("raised_funds", "in_kind", "waived_fees", "purchases"))] = self._yuan(5_000)
        if self._rng.random() < 0.3:
            given["difficulties"] = words.difficulty(self._rng, project.category)
        if slot.role == "lead":
            visits = str(draws.tidy(60 * draws.skewed(self._rng, 0.8, 10.0) // 1_000_000 + 5, 1))
            given["benefits"] = [{"benefit_unit": "visits", "benefit_amount": visits, "benefit_who": "农户"}]
        counties = ProjectCounty.select().where(ProjectCounty.project == project).count()
        answers: dict[str, Any] = dict(complete(slot.role, project.name, slot.organization.name, counties, given))
        return answers

    def _yuan(self, median: int) -> str:
        amount = median * draws.skewed(self._rng, 0.9, 12.0) // 10_000
        return yuan(draws.tidy(amount, draws.YUAN) if self._rng.random() < 0.8 else amount)


def _slots(owed: Round) -> Sequence[Slot]:
    return list(
        Slot.select(Slot, Region)
        .join(Region, on=(Slot.region == Region.code))
        .where(Slot.round == owed)
        .order_by(Slot.id)
    )


def _at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=clock.LOCAL).astimezone(UTC)


def _campaign() -> Campaign:
    name = "社会组织助力乡村振兴行动（2026—2028）"
    return campaigns.create_campaign(
        campaigns.CampaignSpec(
            code=CODE,
            name=name,
            starts=date(2026, 1, 1),
            ends=date(2028, 12, 31),
            route=("county", "province"),
            categories=CATEGORIES,
            circular={
                "mark": "河北省民政厅文件",
                "number": "冀民函〔样例〕号",
                "title": f"河北省民政厅关于“{name}”有关情况的通报",
                "addressee": "各市（含定州、辛集市）民政局，雄安新区公共服务局：",
                "signatory": "河北省民政厅",
                "copies_to": "",
                "printed_by": "河北省民政厅办公室（样例）",
            },
        )
    )
