"""Who leaves takes their data along; what was reported stays, under a number."""

from __future__ import annotations

import peewee
import pytest

from reportsvc.accounts import colleagues, leaving, mine, notice, people, sessions, signing
from reportsvc.errors import Forbidden, Invalid, NotFound
from reportsvc.models import Grant, GrantEvent, Person, Session, SignInCode, Version
from tests.domain.test_colleagues import acting
from tests.domain.test_sessions import LIFETIMES
from tests.support.world import KEY, World, build


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def texts() -> list[peewee.Field]:
    """Every column of a person that holds text: whatever is added later must go too."""
    return [field for field in Person._meta.sorted_fields if isinstance(field, peewee.CharField | peewee.TextField)]


def test_all_that_is_about_the_person_goes(world: World) -> None:
    me, sent = world.reporter, world.submit()
    token = sessions.begin(LIFETIMES, me.id, "王素梅的手机")
    signing.ask(signing.Desk(KEY, lambda *_: None, 10), me.phone)
    Person.update({field: f"mine{number}" for number, field in enumerate(texts())}).where(Person.id == me.id).execute()
    Person.update(phone="13800000001").where(Person.id == me.id).execute()
    leaving.leave(me.id, "００0 1")
    left = Person.get_by_id(me.id)
    assert not [field.name for field in texts() if str(getattr(left, field.name)).startswith(("mine", "138"))]
    assert left.name == f"已注销用户 #{me.id}"
    assert sessions.find(LIFETIMES, token) is None
    for table in (Session, SignInCode, Grant):
        assert table.select().where(table.person == me).count() == 0
    assert Version.get_by_id(sent.id).person == me, "the report stays, and so does that one person sent it"


def test_done_twice_it_is_done_once_and_the_number_is_free(world: World) -> None:
    me = world.reporter
    for _ in range(2):
        leaving.leave(me.id, "0001")
    assert GrantEvent.select().where(GrantEvent.person == me, GrantEvent.action == "withdrawn").count() == 2
    assert people.actor(me.id) is None
    assert people.create_person("新来的", "13800000001").id != me.id


def test_without_the_end_of_the_number_nothing_happens(world: World) -> None:
    for typed in ("", "0002", "13800000001"):
        with pytest.raises(Invalid, match="last four digits"):
            leaving.leave(world.reporter.id, typed)
    assert acting(world.reporter).name == "王素梅"


def test_staff_stay_for_the_records_of_their_office(world: World) -> None:
    with pytest.raises(Forbidden, match="record of your office"):
        leaving.leave(world.county.id, "0003")
    assert acting(world.county).name == "刘振江"


def test_it_is_told_where_nobody_could_add_colleagues_any_more(world: World) -> None:
    me = acting(world.reporter)
    assert leaving.without_manager(me) == [world.lotus]
    added = colleagues.add(me, world.lotus.id, "钱小芳", "13900000001")
    colleagues.make_manager(me, world.lotus.id, added.id)
    assert leaving.without_manager(me) == []
    leaving.leave(added.id, "0001")
    leaving.leave(me.id, "0001")
    assert Grant.select().where(Grant.role == "manager").count() == 0


def test_what_is_kept_can_be_taken_away_with_all_that_is_new(world: World) -> None:
    colleagues.add(acting(world.reporter), world.lotus.id, "钱小芳", "13900000001")
    data = mine.export(world.reporter.id)
    assert data["notice_read"]["version"] == notice.Terms().version
    assert [one["role"] for one in data["roles_given_and_withdrawn"]] == ["reporter", "manager"]
    [given] = data["given_and_withdrawn_to_others"]
    assert (given["what"], given["role"], given["over"]) == ("given", "reporter", world.lotus.name)
    assert "钱小芳" not in str(data)
    assert data["password"] is None


def test_a_notice_with_other_terms_is_another_notice() -> None:
    versions = {notice.Terms().version, notice.Terms("省民政厅").version, notice.Terms(years=30).version}
    assert len(versions) == 3
    assert max(map(len, versions)) <= Person.notice_version.max_length


def test_an_account_that_is_closed_keeps_its_name_under_what_was_done_and_frees_the_number(world: World) -> None:
    token = sessions.begin(LIFETIMES, world.county.id, "")
    leaving.close(" 138 0000 0003")
    closed = Person.get_by_id(world.county.id)
    assert (closed.name, closed.active, people.actor(closed.id)) == ("刘振江", False, None)
    assert sessions.find(LIFETIMES, token) is None
    assert people.create_person("新来的", "13800000003").id != closed.id
    with pytest.raises(NotFound):
        leaving.close("13900000009")
