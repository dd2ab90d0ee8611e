"""The log of every change: it can't be changed, goes on in one chain whoever writes, and shows any tampering."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import peewee
import pytest

from reportsvc import audit, clock, db, reviews
from reportsvc.accounts import leaving, people, sessions, signing
from reportsvc.audit import anchor, chain, verifying
from reportsvc.errors import Conflict, Invalid
from reportsvc.models import AuditEntry, AuditPending, Event, GrantEvent, Organization, Person, Version
from reportsvc.projects import regions
from tests.domain.test_sessions import LIFETIMES
from tests.support.world import COUNTY, KEY, World, build


@pytest.fixture
def world(database: peewee.Database, tmp_path: Path) -> World:
    audit.keep_head_in(tmp_path)
    return build()


class _Undone(Exception):
    pass


def whats() -> list[str]:
    return [f"{one.area}.{one.action}" for one in AuditEntry.select().order_by(AuditEntry.sequence)]


def found() -> list[str]:
    return verifying.summary(verifying.verify().findings)


@contextmanager
def keys_to_the_database(database: peewee.Database) -> Iterator[None]:
    """As somebody who administers the database: triggers and foreign keys stop nobody."""
    if isinstance(database, peewee.SqliteDatabase):
        texts = [text for (text,) in database.execute_sql("SELECT sql FROM sqlite_master WHERE type='trigger'")]
        for name in ("audit_entry_not_changed", "audit_entry_not_deleted"):
            database.execute_sql(f"DROP TRIGGER {name}")
        database.pragma("foreign_keys", 0)
        yield
        database.pragma("foreign_keys", 1)
        for text in texts:
            database.execute_sql(text)
    else:
        database.execute_sql("SET session_replication_role = replica")
        yield
        database.execute_sql("SET session_replication_role = DEFAULT")


# --- what is recorded -------------------------------------------------------------------------------------------------


def test_what_happened_is_there_with_who_and_where(world: World) -> None:
    world.submit()
    newest = AuditEntry.select().order_by(AuditEntry.sequence.desc()).get()
    assert (newest.area, newest.action, newest.actor) == ("slot", "submit", world.reporter.id)
    assert (newest.subject, newest.place) == (f"slot:{world.slots['library']}", regions.scope(COUNTY).path)
    assert found() == []
    assert AuditPending.select().count() == 0


def test_what_is_rolled_back_leaves_no_entry(world: World) -> None:
    before = whats()
    with suppress(_Undone), db.database.atomic():
        people.grant(world.county, people.PUBLISHER, region=COUNTY)
        raise _Undone
    with db.database.atomic():
        with suppress(_Undone), db.database.atomic():  # a savepoint
            people.grant(world.county, people.PUBLISHER, region=COUNTY)
            raise _Undone
        people.grant(world.other_county, people.PUBLISHER, region=COUNTY)
    assert whats() == [*before, "grant.given"]
    assert found() == []


def test_signing_in_and_out_and_failing_is_recorded_without_numbers(world: World) -> None:
    before, desk = len(whats()), signing.Desk(KEY, lambda *_: None, 10)
    for phone in (world.reporter.phone, "13900000000"):
        with pytest.raises(Invalid):
            signing.enter(desk, phone, "000000")
    token = sessions.begin(LIFETIMES, world.reporter.id, "")
    sessions.end(LIFETIMES, token)
    sessions.end(LIFETIMES, token)
    assert whats()[before:] == ["sign_in.failed", "sign_in.failed", "sign_in.in", "sign_in.out"]
    entries = list(AuditEntry.select().where(AuditEntry.area == "sign_in"))
    assert not [one for one in entries if "138" in one.data + one.subject or "139" in one.data + one.subject]


def test_being_locked_out_is_recorded_once(world: World) -> None:
    before, desk = len(whats()), signing.Desk(KEY, lambda *_: None, 10)
    with clock.frozen(clock.now().replace(minute=10)):
        for _ in range(33):
            with pytest.raises(Invalid):
                signing.enter(desk, world.reporter.phone, "000000")
    assert whats()[before:].count("sign_in.locked") == 1


def test_a_number_never_gets_into_the_log(world: World) -> None:
    with pytest.raises(ValueError, match="mobile number"):
        audit.record("person.created", "person:1", actor=None, data={"phone": world.reporter.phone})


def test_who_leaves_is_forgotten_and_the_log_still_holds(world: World) -> None:
    world.submit()
    leaving.leave(world.reporter.id, "0001")
    assert Person.get_by_id(world.reporter.id).name.startswith("已注销用户")
    assert "person.left" in whats()
    assert found() == []


def test_rows_brought_in_at_once_are_taken_in(world: World) -> None:
    slot = world.slot("joint:pine")
    rows = [{"slot": slot, "action": "start", "before": "open", "after": "draft", "data": {}, "at": clock.now()}] * 450
    db.insert_many(Event, rows)
    assert len(found()) == 450
    audit.take_in("log.taken_in")
    assert found() == []
    audit.take_in("log.taken_in")
    assert whats().count("log.taken_in") == 1
    with keys_to_the_database(db.database.obj):
        Event.update(reason="nachträglich").where(Event.id == 400).execute()
    assert len(found()) == 1
    assert "event" in found()[0]


def test_what_is_older_than_the_log_is_sealed_by_its_first_entry(database: peewee.Database) -> None:
    build()
    with keys_to_the_database(database):
        AuditEntry.delete().execute()
    audit.begin()
    assert whats() == ["log.begun"]
    assert found() == []
    with keys_to_the_database(database):
        GrantEvent.update(role="publisher").where(GrantEvent.id == 5).execute()
    assert found() == ["entry 1: grant_event 1-7: changed since they were taken in"]


# --- it cannot be changed ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET actor = 1", "DELETE FROM audit_entry"])
def test_the_database_refuses_to_change_it(world: World, statement: str) -> None:
    with pytest.raises(peewee.PeeweeException, match="only ever added to"):
        db.database.execute_sql(statement)
    if isinstance(db.database.obj, peewee.PostgresqlDatabase):
        with pytest.raises(peewee.PeeweeException, match="only ever added to"):
            db.database.execute_sql("TRUNCATE audit_entry")


def test_several_who_write_at_once_make_one_chain(world: World) -> None:
    organization, before = Organization.get(), len(whats())
    persons = [people.create_person(f"同事{number}", f"1370000{number:04d}") for number in range(12)]
    problems: list[BaseException] = []

    def give(mine: list[Person]) -> None:
        try:
            with db.connected():
                for person in mine:
                    people.grant(person, people.REPORTER, organization=organization)
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=give, args=(persons[start::4],)) for start in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert len(whats()) == before + 24
    assert found() == []


def test_two_who_lock_in_another_order_do_not_wait_for_each_other(world: World) -> None:
    """The head is locked only at the commit: whoever has recorded something can still wait for a row."""
    if isinstance(db.database.obj, peewee.SqliteDatabase):
        return  # transactions follow one another
    first, second = world.reporter, world.other_reporter
    recorded, locked = threading.Event(), threading.Event()
    problems: list[BaseException] = []

    def other() -> None:
        try:
            with db.connected(), db.database.atomic():
                people.lock(second.id)
                locked.set()
                recorded.wait(10)
                people.log(second.id, "email_set")
        except BaseException as problem:
            problems.append(problem)

    thread = threading.Thread(target=other)
    thread.start()
    locked.wait(10)
    with db.database.atomic():
        people.log(first.id, "email_set")
        recorded.set()
        people.lock(second.id)
        people.log(second.id, "email_removed")
    thread.join()
    assert problems == []
    assert found() == []


# --- tampering --------------------------------------------------------------------------------------------------------

Tampering = Callable[[Random, peewee.Database], Any]
COLUMNS = ("at", "actor", "area", "action", "subject", "place", "data", "previous", "hash")


def one_of(rng: Random, model: Any) -> Any:
    return rng.choice(list(model.select().order_by(model._meta.primary_key)))


def other_value(rng: Random, value: Any) -> Any:
    if isinstance(value, int) or value is None:
        return (value or 0) + rng.randint(1, 9)
    if hasattr(value, "isoformat"):
        return value + timedelta(seconds=rng.randint(1, 9))
    return str(value)[:-1] + rng.choice([char for char in "0123456789abc" if char != str(value)[-1:]])


def edit_entry(rng: Random, database: peewee.Database) -> None:
    entry, column = one_of(rng, AuditEntry), rng.choice(COLUMNS)
    value = other_value(rng, getattr(entry, column))
    AuditEntry.update({column: value}).where(AuditEntry.sequence == entry.sequence).execute()


def edit_and_seal_anew(rng: Random, database: peewee.Database) -> None:
    """As somebody who knows how an entry is sealed, but not that the next one seals it too; or the written head."""
    entry = one_of(rng, AuditEntry)
    entry.actor = (entry.actor or 0) + 1
    sealed = chain.seal(entry.previous, entry.__data__)
    AuditEntry.update(actor=entry.actor, hash=sealed).where(AuditEntry.sequence == entry.sequence).execute()


def write_the_rest_anew(rng: Random, database: peewee.Database) -> None:
    """All that follows as well: only the written head tells."""
    entries = list(AuditEntry.select().order_by(AuditEntry.sequence))
    start = rng.randrange(len(entries))
    entries[start].actor = 77
    last = entries[start].previous
    for entry in entries[start:]:
        entry.previous, entry.hash = last, chain.seal(last, entry.__data__)
        last = entry.hash
        AuditEntry.update(actor=entry.actor, previous=entry.previous, hash=entry.hash).where(
            AuditEntry.sequence == entry.sequence
        ).execute()


def delete_one(rng: Random, database: peewee.Database) -> None:
    AuditEntry.delete().where(AuditEntry.sequence == one_of(rng, AuditEntry).sequence).execute()


def delete_and_close_the_gap(rng: Random, database: peewee.Database) -> None:
    gone = rng.randrange(1, AuditEntry.select().count())
    AuditEntry.delete().where(AuditEntry.sequence == gone).execute()
    for entry in AuditEntry.select().where(AuditEntry.sequence > gone).order_by(AuditEntry.sequence):
        AuditEntry.update(sequence=entry.sequence - 1).where(AuditEntry.sequence == entry.sequence).execute()


def cut_the_end(rng: Random, database: peewee.Database) -> None:
    AuditEntry.delete().where(AuditEntry.sequence > rng.randrange(AuditEntry.select().count())).execute()


def cut_the_end_with_its_rows(rng: Random, database: peewee.Database) -> None:
    last = one_of(rng, Event).id
    first = next(e.sequence for e in AuditEntry.select() if f'"event:{last}"' in e.data)
    AuditEntry.delete().where(AuditEntry.sequence >= first).execute()
    Version.delete().where(Version.id.in_([e.version_id for e in Event.select().where(Event.id >= last)])).execute()
    Event.delete().where(Event.id >= last).execute()


def swap(rng: Random, database: peewee.Database) -> None:
    first, second = rng.sample(list(AuditEntry.select()), 2)
    for number, moved in ((-1, first), (first.sequence, second), (second.sequence, None)):
        old = moved.sequence if moved else -1
        AuditEntry.update(sequence=number).where(AuditEntry.sequence == old).execute()


def forge(rng: Random, database: peewee.Database) -> None:
    """An entry that is sealed as it should be, at the end."""
    last = audit.head()
    entry: dict[str, Any] = {
        "sequence": last.sequence + 1, "at": clock.now(), "actor": 1, "area": "slot", "action": "approve",
        "subject": "slot:1", "place": "", "data": "{}",
    }  # fmt: skip
    AuditEntry.insert(previous=last.hash, hash=chain.seal(last.hash, entry), **entry).execute()


def forge_badly(rng: Random, database: peewee.Database) -> None:
    last = audit.head()
    AuditEntry.insert(
        sequence=last.sequence + rng.randint(1, 5), at=clock.now(), area="slot", action="approve", subject="slot:1",
        place="", data="{}", previous=last.hash, hash="f" * 64,
    ).execute()  # fmt: skip


def edit_row(rng: Random, database: peewee.Database) -> None:
    """Any column of a row that an entry names, such as the answers of a version and the reason of a return."""
    model = rng.choice((Event, GrantEvent, Version))
    row = one_of(rng, model)
    field = rng.choice([f for f in model._meta.sorted_fields if not f.primary_key])
    value = row.__data__[field.name]
    changed = {**(value or {}), "own_funds": "1"} if isinstance(field, peewee.JSONField) else other_value(rng, value)
    model.update({field: changed}).where(model.id == row.id).execute()


def delete_row(rng: Random, database: peewee.Database) -> None:
    model = rng.choice((Event, GrantEvent, Version))
    model.delete().where(model.id == one_of(rng, model).id).execute()


def forge_row(rng: Random, database: peewee.Database) -> None:
    row = one_of(rng, Event)
    Event.create(slot=row.slot_id, action="approve", before="submitted", after="approved", data={}, at=clock.now())


TAMPERINGS: tuple[Tampering, ...] = (
    *(edit_entry, edit_and_seal_anew, write_the_rest_anew, delete_one, delete_and_close_the_gap, cut_the_end),
    *(cut_the_end_with_its_rows, swap, forge, forge_badly, edit_row, delete_row, forge_row, edit_entry, edit_row),
)


def test_a_hundred_of_a_hundred_tamperings_are_found(world: World, database: peewee.Database) -> None:
    """Each at random, each on its own; what a tampering with the newest forged entry can't show on PostgreSQL, where
    another machine may have gone on, is shown by a head that was written down."""
    _lively(world)
    assert found() == []
    head = audit.head()
    missed = []
    with keys_to_the_database(database):
        for seed in range(100):
            rng = Random(seed)  # noqa: S311 - a test that goes the same way each time
            tampering = TAMPERINGS[seed % len(TAMPERINGS)]
            if tampering is forge and not isinstance(database, peewee.SqliteDatabase):
                tampering = forge_badly
            with suppress(_Undone), database.atomic():
                tampering(rng, database)
                findings = verifying.verify(head.hash).findings
                if not findings or not all(str(one) for one in findings):
                    missed.append((seed, tampering.__name__))
                raise _Undone
    assert missed == []
    assert found() == []


def _lively(world: World) -> None:
    world.submit()
    reviews.send_back(regions.scope(COUNTY), world.slot().id, world.county, world.slot().revision, reason="请核对金额")
    world.submit(own_funds="11000")
    world.approve()
    world.submit("orchard")
    people.grant(world.county, people.PUBLISHER, region=COUNTY)
    sessions.begin(LIFETIMES, world.reporter.id, "")
    with pytest.raises(Conflict):
        reviews.endorse(regions.scope(COUNTY), world.slot().id, world.county, 0, lambda _: ())


def test_it_is_said_which_entry_and_what_differs(world: World, database: peewee.Database) -> None:
    version = world.submit()
    sequence = audit.head().sequence
    with keys_to_the_database(database):
        Version.update(answers={**version.answers, "own_funds": "1"}).where(Version.id == version.id).execute()
        AuditEntry.update(actor=3).where(AuditEntry.sequence == 3).execute()
    assert found() == [
        "entry 3: its content or its hash was changed",
        f"entry {sequence}: version {version.id} was changed since it was written",
    ]


# --- the written head -------------------------------------------------------------------------------------------------


def test_the_written_head_goes_along_and_is_not_led_astray(
    world: World, database: peewee.Database, tmp_path: Path
) -> None:
    assert anchor.read(tmp_path / anchor.FILE) == audit.head()
    written = audit.head()
    with keys_to_the_database(database):
        AuditEntry.delete().where(AuditEntry.sequence > 5).execute()
    for number in range(22):  # the log goes on, past where it had been
        people.create_person("后来者", f"1370000{number:04d}")
    assert audit.head().sequence > written.sequence
    assert anchor.read(tmp_path / anchor.FILE) == written, "kept: it shows that there was something else"
    assert any("written anew" in one for one in found())


def test_a_head_that_was_noted_down_is_looked_for(world: World, database: peewee.Database) -> None:
    noted = audit.head().hash
    database.head_file = None
    world.submit()
    assert verifying.verify(noted).findings == []
    with keys_to_the_database(database):
        Version.delete().where(Version.id == 2).execute()
        Event.delete().where(Event.id > 3).execute()
        AuditEntry.delete().where(AuditEntry.sequence >= 17).execute()
    assert [str(one) for one in verifying.verify("0" * 64).findings][-1].startswith("no entry has the hash")
