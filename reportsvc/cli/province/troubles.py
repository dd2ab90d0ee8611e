"""Difficulties of the campaign that is under way, in every state: told of in reports, and raised on the spot.

Each went through the functions that phones and desks use, at times of the past, as the reports did.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from reportsvc import clock
from reportsvc.accounts import people
from reportsvc.difficulties import confirming, handling, overdue, raising
from reportsvc.models import Difficulty, Person
from reportsvc.projects import regions, workdays

CITY = "130800"
"""承德市, above the demo's county: so that there is a level between it and the province."""

ON_THE_SPOT = (
    ("skills", "soon", "helper", "果树剪枝缺懂技术的人，想请帮扶方派技术员来村里教两天。", "answered"),
    ("goods", "normal", "receiver", "图书室还缺两个书架，想请乡里协调旧书架。", "working"),
    ("permits", "urgent", "department", "村里配电容量不够，烘干设备装好了用不上，想请供电部门协调增容。", "open"),
    ("sales", "soon", "helper", "五百斤小米没有销路，想请帮扶方帮忙找企业采购。", "solved"),
)
"""What the demo's reporter raised: kind, urgency, who is asked, the words, and where it stands."""

ANSWER = "已与村里和有关单位对接，本周内派人到场办理，联系电话已发给您。"


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts for which region, and the first day of the round that is open."""

    reviewers: Mapping[str, Person]
    opens: date

    def hand(self, found: Difficulty) -> handling.Hand:
        """The reviewer whose turn it is."""
        code = found.owner_region_id
        return handling.Hand(regions.scope(code), self.reviewers[code], found.revision)


def load(reporter: Person, counties: Mapping[str, Person], province: Person, opens: date) -> None:
    """Lead those that the reports told of along, and raise some on the spot."""
    told = list(Difficulty.select().order_by(Difficulty.raised_at, Difficulty.id))
    city = people.create_person("杨城", "13900000001")
    people.grant(city, people.REVIEWER, region=CITY)
    staff = Staff({**counties, CITY: city, regions.PROVINCE: province}, opens)
    for number, one in enumerate(one for one in told if clock.local(one.raised_at).date() < opens):
        if number % 6 == 5:
            _left(staff, one)
        else:
            _earlier(staff, one, silent=number % 6 == 4)
    for number, one in enumerate(one for one in told if clock.local(one.raised_at).date() >= opens):
        LATELY[number % len(LATELY)](staff, one)
    for number, words in enumerate(ON_THE_SPOT):
        _spot(staff, reporter, number, *words)


def _at(day: date, hour: int) -> datetime:
    moment = datetime.combine(day, time(hour), tzinfo=clock.LOCAL).astimezone(UTC)
    return min(moment, clock.now())


def _earlier(staff: Staff, found: Difficulty, *, silent: bool) -> None:
    """One of the last quarter: it was answered in time, and then confirmed, or nobody said a word."""
    day = clock.local(found.raised_at).date()
    with clock.frozen(_at(day + timedelta(days=3), 10)):
        found = handling.take(staff.hand(found), found.id)
    with clock.frozen(_at(day + timedelta(days=5), 10)):
        found = handling.answer(staff.hand(found), found.id, ANSWER)
    if silent:
        with clock.frozen(_at((found.due or day) + timedelta(days=1), 6)):
            overdue.act(found.id, found.revision)
        return
    with clock.frozen(_at(day + timedelta(days=9), 15)):
        confirming.solved(_raiser(found), found.id, "已解决，感谢。")


def _left(staff: Staff, found: Difficulty) -> None:
    """One of the last quarter that nobody did anything about: it went up and up, and the province took it over late."""
    while found.owner_region_id != regions.PROVINCE:
        with clock.frozen(_at((found.due or clock.today()) + workdays.DAY, 6)):
            if not overdue.act(found.id, found.revision):
                return
        found = Difficulty.get_by_id(found.id)
    with clock.frozen(_at(staff.opens, 10)):
        handling.take(staff.hand(found), found.id)


def _raiser(found: Difficulty) -> confirming.Raiser:
    person = people.person_by_id(found.raised_by_id or 0)
    return confirming.Raiser((found.organization_id,), person, found.revision)


def _take(staff: Staff, found: Difficulty) -> None:
    with clock.frozen(_at(staff.opens + timedelta(days=4), 9)):
        handling.take(staff.hand(found), found.id)


def _sort(staff: Staff, found: Difficulty) -> None:
    with clock.frozen(_at(staff.opens + timedelta(days=4), 11)):
        handling.sort(staff.hand(found), found.id, kind="people", urgency="soon", asked="helper")


def _hand_on(staff: Staff, found: Difficulty) -> None:
    with clock.frozen(_at(staff.opens + timedelta(days=4), 10)):
        handling.hand_on(staff.hand(found), found.id, regions.PROVINCE, "县里没有这方面的资源，请省里协调。")


def _refer(staff: Staff, found: Difficulty) -> None:
    with clock.frozen(_at(staff.opens + timedelta(days=5), 9)):
        handling.refer(staff.hand(found), found.id, "县农业农村局", "涉及技术指导，请农业农村局安排。")


def _answer(staff: Staff, found: Difficulty) -> None:
    with clock.frozen(_at(staff.opens + timedelta(days=5), 14)):
        handling.answer(staff.hand(found), found.id, ANSWER)


LATELY: tuple[Callable[[Staff, Difficulty], None], ...] = (
    _take, lambda *_: None, _answer, _sort, _hand_on, _refer,
)  # fmt: skip
"""What happened to those of this quarter, over and over."""


def _spot(  # noqa: PLR0913, PLR0917 - the columns of ON_THE_SPOT
    staff: Staff, reporter: Person, number: int, kind: str, urgency: str, asked: str, text: str, stands: str
) -> None:
    actor = people.actor(reporter.id)
    organizations = actor.organizations if actor else ()
    part = raising.projects(organizations)[0]
    submission = str(UUID(int=number + 1, version=4))
    day = staff.opens + timedelta(days=1)
    with clock.frozen(_at(day, 9)):
        found = raising.on_the_spot(
            organizations, reporter, raising.Raised(submission, part.id, kind, urgency, asked, text)
        )
    if stands == "open":
        _escalated(staff, found)
        return
    with clock.frozen(_at(day + timedelta(days=1), 9)):
        found = handling.take(staff.hand(found), found.id)
    if stands in {"answered", "solved"}:
        with clock.frozen(_at(day + timedelta(days=2), 9)):
            found = handling.answer(staff.hand(found), found.id, ANSWER)
    if stands == "solved":
        with clock.frozen(_at(day + timedelta(days=3), 9)):
            confirming.solved(_raiser(found), found.id, "企业已经来收了，谢谢。")


def _escalated(staff: Staff, found: Difficulty) -> None:
    """An urgent one that the county was silent about went up, if enough working days have passed since."""
    moment = _at((found.due or clock.today()) + workdays.DAY, 6)
    with clock.frozen(moment):
        overdue.act(found.id, found.revision)
