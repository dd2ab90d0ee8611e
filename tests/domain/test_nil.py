"""The nil report: explicit, exactly once, and without a figure."""

from __future__ import annotations

import peewee
import pytest

from reportsvc.errors import Conflict
from reportsvc.models import Figure, Version
from reportsvc.reports import drafts, forms, nil
from tests.support.world import World, build


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


def test_it_takes_last_quarters_choices_and_says_that_nothing_happened(world: World) -> None:
    checked = nil.offered(world.slot())
    assert checked is not None
    kept = {name: checked.answers[name] for name in ("activity", "project_state", "may_publish")}
    assert kept == {"activity": "no", "project_state": "running", "may_publish": "yes"}
    assert "own_funds" not in checked.answers


def test_it_is_sent_once_however_often_it_is_tapped_and_gives_no_figure(world: World) -> None:
    first = nil.send(world.slot(), world.reporter)
    assert nil.send(world.slot(), world.reporter).id == first.id
    assert (first.source, world.slot().state) == ("nil", "submitted")
    assert Version.select().where(Version.slot == world.slots["library"]).count() == 1
    assert world.approve().state == "approved"
    assert Figure.select().where(Figure.version == first).count() == 0


def test_it_is_not_offered_where_something_was_typed_or_nothing_is_known(world: World) -> None:
    assert nil.offered(world.slot("orchard")) is None  # no report of last quarter to take the project's state from
    section = forms.form_of(world.form).sections[0]
    typed = drafts.Typed(section, {"activity": "yes"}, drafts.mark(section, {}), world.form)
    drafts.save(world.slot(), world.reporter, typed)
    assert nil.offered(world.slot()) is None
    with pytest.raises(Conflict, match="nil report"):
        nil.send(world.slot(), world.reporter)
