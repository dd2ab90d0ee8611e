"""A manager adds and withdraws colleagues; somebody can always do so; who did what is remembered."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import peewee
import pytest

from reportsvc.accounts import colleagues, people
from reportsvc.accounts.people import MANAGER, REPORTER, Actor
from reportsvc.errors import Conflict, Invalid, NotFound
from reportsvc.models import Grant, GrantEvent, Person
from tests.support.world import World, build


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def acting(person: Person) -> Actor:
    found = people.actor(person.id)
    assert found is not None
    return found


def roles(world: World) -> dict[str, frozenset[str]]:
    return {one.name: one.roles for one in colleagues.listed(acting(world.reporter), world.lotus.id)}


def test_who_is_added_may_report_at_once_and_only_there(world: World) -> None:
    added = colleagues.add(acting(world.reporter), world.lotus.id, " 钱  小芳 ", "139 0000 0001")
    assert added.name == "钱 小芳"
    assert acting(added) == Actor(added.id, "钱 小芳", (world.lotus.id,), (), ())
    [*_, last] = colleagues.listed(acting(world.reporter), world.lotus.id)
    assert [(part.role, part.by) for part in last.parts] == [(REPORTER, "王素梅")]
    assert last.parts[0].since is not None


def test_a_name_that_is_typed_changes_nobodys_name(world: World) -> None:
    again = colleagues.add(acting(world.reporter), world.lotus.id, "别的名字", world.other_reporter.phone)
    assert (again.id, again.name) == (world.other_reporter.id, "赵国强")
    assert acting(again).organizations == (world.pine.id, world.lotus.id), "one person may report for several"


def test_added_twice_is_added_once(world: World) -> None:
    for _ in range(2):
        colleagues.add(acting(world.reporter), world.lotus.id, "钱小芳", "13900000001")
    assert len(roles(world)) == 2
    assert GrantEvent.select().where(GrantEvent.by == world.reporter).count() == 1


@pytest.mark.parametrize("name", ["", "  ", "长" * 61])
def test_a_name_is_needed(world: World, name: str) -> None:
    with pytest.raises(Invalid, match="Enter the name"):
        colleagues.add(acting(world.reporter), world.lotus.id, name, "13900000001")


def test_who_reviews_does_not_report_and_who_was_closed_out_stays_out(world: World) -> None:
    closed = people.create_person("前同事", "13900000002")
    Person.update(active=False).where(Person.id == closed.id).execute()
    for phone in (world.county.phone, world.province.phone, closed.phone):
        with pytest.raises(Invalid, match="can't be added here"):
            colleagues.add(acting(world.reporter), world.lotus.id, "某某", phone)
    assert acting(world.county).roles == {"reviewer"}


def test_only_a_manager_of_the_organization_does_any_of_it(world: World) -> None:
    for actor in (acting(world.other_reporter), acting(world.county), acting(world.province)):
        for doing in (
            lambda actor: colleagues.listed(actor, world.lotus.id),
            lambda actor: colleagues.history(actor, world.lotus.id),
            lambda actor: colleagues.add(actor, world.lotus.id, "钱小芳", "13900000001"),
            lambda actor: colleagues.make_manager(actor, world.lotus.id, world.reporter.id),
            lambda actor: colleagues.withdraw(actor, world.lotus.id, world.reporter.id, REPORTER),
        ):
            with pytest.raises(NotFound):
                doing(actor)
    with pytest.raises(NotFound):
        colleagues.add(acting(world.reporter), world.pine.id, "钱小芳", "13900000001")
    with pytest.raises(NotFound):
        colleagues.make_manager(acting(world.reporter), world.lotus.id, world.other_reporter.id)


def test_a_manager_alone_reports_nothing_until_added(world: World) -> None:
    me = world.reporter
    colleagues.withdraw(acting(me), world.lotus.id, me.id, REPORTER)
    assert acting(me).roles == {MANAGER}
    colleagues.add(acting(me), world.lotus.id, "王素梅", me.phone)
    assert acting(me).roles == {MANAGER, REPORTER}


def test_the_last_manager_stays_until_there_is_another(world: World) -> None:
    me, added = world.reporter, colleagues.add(acting(world.reporter), world.lotus.id, "钱小芳", "13900000001")
    with pytest.raises(Conflict, match="last one who can add"):
        colleagues.withdraw(acting(me), world.lotus.id, me.id, MANAGER)
    colleagues.make_manager(acting(me), world.lotus.id, added.id)
    colleagues.withdraw(acting(me), world.lotus.id, me.id, MANAGER)
    assert acting(me).manages == ()
    assert acting(added).manages == (world.lotus.id,)


def test_two_managers_who_withdraw_each_other_at_the_same_moment_leave_one(
    database: peewee.Database, world: World
) -> None:
    added = colleagues.add(acting(world.reporter), world.lotus.id, "钱小芳", "13900000001")
    colleagues.make_manager(acting(world.reporter), world.lotus.id, added.id)
    actors = [acting(world.reporter), acting(added)]

    def withdraw(which: int) -> bool:
        with database.connection_context():
            try:
                colleagues.withdraw(actors[which], world.lotus.id, actors[1 - which].id, MANAGER)
            except Conflict:
                return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(withdraw, range(2))) == [False, True]
    assert Grant.select().where(Grant.role == MANAGER, Grant.organization == world.lotus).count() == 1


def test_who_gave_and_withdrew_what_is_remembered(world: World) -> None:
    me, added = world.reporter, colleagues.add(acting(world.reporter), world.lotus.id, "钱小芳", "13900000001")
    for _ in range(2):
        colleagues.withdraw(acting(me), world.lotus.id, added.id, REPORTER)
    assert acting(added).roles == frozenset()
    told = [
        (event.person.name, event.action, event.role, event.by.name if event.by else "")
        for event in colleagues.history(acting(me), world.lotus.id)
    ]
    assert told == [
        ("钱小芳", "withdrawn", REPORTER, "王素梅"),
        ("钱小芳", "given", REPORTER, "王素梅"),
        ("王素梅", "given", MANAGER, ""),
        ("王素梅", "given", REPORTER, ""),
    ]
