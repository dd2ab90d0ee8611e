"""A circular's file is known by every byte of it; its figures are added up anew, and what changed is named."""

from __future__ import annotations

import hashlib
import random
from pathlib import Path

import peewee
import pytest

from reportsvc import attachments, reviews, totals
from reportsvc.circulars import compiling, snapshot, verifying
from reportsvc.circulars.document import CircularDocument, Progress
from reportsvc.cli.circulars import told
from reportsvc.errors import NotFound
from reportsvc.models import Circular, Snapshot, Version
from reportsvc.projects import regions
from tests.support.world import World, build

BYTES = random.Random(9704).randbytes(20_000)  # noqa: S311 - the same bytes each time
PAGE = 1000


@pytest.fixture
def world(database: peewee.Database) -> World:
    return build()


@pytest.fixture
def circular(world: World, tmp_path: Path) -> Circular:
    """Made over one approved report."""
    world.submit()
    world.approve()
    through = totals.Quarter(world.now.year, world.now.quarter)
    asked = compiling.request(world.campaign, through, world.province)

    def render(document: CircularDocument, progress: Progress) -> bytes:
        return b"%PDF-1.7" + BYTES

    press = compiling.Press(render, attachments.Folder(tmp_path), "https://reports.example.cn")
    return compiling.compile_circular(asked.id, press, lambda *_: None)


FILE = b"%PDF-1.7" + BYTES


def tampered(turn: int) -> bytes:
    """The file with a bit flipped, something added or cut, or two stretches in each other's place."""
    chance = random.Random(turn)  # noqa: S311 - the same each time
    content = bytearray(FILE)
    at = chance.randrange(len(content))
    match turn % 4:
        case 0:
            content[at] ^= 1 << chance.randrange(8)
        case 1:
            content += chance.randbytes(1 + turn)
        case 2:
            del content[at]
        case _:
            first, second = chance.sample(range(len(content) // PAGE), 2)
            one, other = content[first * PAGE :][:PAGE], content[second * PAGE :][:PAGE]
            content[first * PAGE : (first + 1) * PAGE], content[second * PAGE : (second + 1) * PAGE] = other, one
    return bytes(content)


def test_the_file_as_it_was_made_holds(circular: Circular) -> None:
    found = verifying.verify(FILE)
    assert found.circular == circular
    assert found.changed == ()
    frozen = circular.snapshot
    assert frozen is not None
    assert found.snapshot == hashlib.sha256(frozen.data.encode()).hexdigest()
    assert found.figures == len(snapshot.load(frozen)["figures"]) > 5
    assert f"{found.figures} of {found.figures} figures still hold." in list(told(found))


def test_two_hundred_of_two_hundred_tamperings_are_found(circular: Circular) -> None:
    caught = 0
    for turn in range(200):
        content = tampered(turn)
        assert content != FILE
        with pytest.raises(NotFound, match="No circular that was made here has these bytes"):
            verifying.verify(content)
        caught += 1
    assert caught == 200
    assert verifying.verify(FILE).circular == circular


def test_a_snapshot_that_was_altered_in_the_database_is_found(circular: Circular) -> None:
    frozen = circular.snapshot
    assert frozen is not None
    Snapshot.update(data=frozen.data.replace("乡村", "城镇", 1)).where(Snapshot.id == frozen.id).execute()
    with pytest.raises(snapshot.Disagreement):
        verifying.verify(FILE)


def test_what_was_corrected_since_is_named_with_both_versions(world: World, circular: Circular) -> None:
    first = Version.get(Version.slot == world.slot())
    was = next(one for one in snapshot.load(Snapshot.get())["figures"].items() if one[0] == "funds_yuan")[1]["value"]
    slot = world.slot()
    reviews.send_back(regions.scope("130000"), slot.id, world.province, slot.revision, reason="金额多写了一位。")
    gone = {one.key: one for one in verifying.verify(FILE).changed}["funds_yuan"]
    assert (gone.left, gone.came) == ((first.receipt,), ())
    assert gone.now < gone.was == was
    second = world.submit(own_funds="1")
    world.approve()
    found = verifying.verify(FILE)
    changed = {one.key: one for one in found.changed}
    funds = changed["funds_yuan"]
    assert (funds.was, funds.unit, funds.scale) == (was, "元", 2)
    assert (
        funds.now
        == snapshot.figures_now(world.campaign, totals.Quarter(world.now.year, world.now.quarter))["funds_yuan"][0]
    )
    assert funds.now != funds.was
    assert (funds.left, funds.came) == ((first.receipt,), (second.receipt,))
    assert changed["projects"].was == changed["projects"].now == 1, "counted as before, but from the new version"
    lines = list(told(found))
    assert any(f"-{first.receipt} +{second.receipt}" in line and line.startswith("  funds_yuan") for line in lines)
    assert f"{found.figures - len(found.changed)} of {found.figures} figures still hold." in lines
