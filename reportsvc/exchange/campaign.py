"""A whole campaign as a zip: every list as CSV, the answers by form version, and a dictionary of all columns."""

from __future__ import annotations

import csv
import io
import tempfile
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any

from reportsvc import attachments, clock
from reportsvc.accounts.people import Actor
from reportsvc.db import consistent_read, database
from reportsvc.errors import NotFound
from reportsvc.exchange import files
from reportsvc.exchange.lists import BY_NAME, Listing, View, answers, view
from reportsvc.exchange.lists.codes import CODES
from reportsvc.exchange.lists.shape import campaign_for, whole
from reportsvc.exchange.querying import key
from reportsvc.exchange.workbooks import Progress
from reportsvc.forms.messages import N_
from reportsvc.models import Campaign, CampaignExport, Circular, Task

TASK = "campaign-export"
STEPS = 100
NAMES = (
    "campaigns", "rounds", "indicators", "organizations", "projects", "participations", "slots", "figures", "late",
    "flags", "checklist", "plans", "difficulties", "circulars",
)  # fmt: skip
KINDS = {
    "text": N_("text"),
    "code": N_("code (text; keep leading zeros)"),
    "whole": N_("whole number"),
    "number": N_("exact decimal"),
    "day": N_("day, as 2026-01-31"),
    "moment": N_("day and time in China, as 2026-01-31 17:05:00"),
    "truth": N_("yes or no"),
    "codes": N_("codes, separated by commas"),
    "rows": N_("JSON array"),
}
HEADS = (N_("File"), N_("Column"), N_("Head"), N_("What it is"), N_("Kind"), N_("Unit"), N_("Values"))
README = N_(
    "Campaign: %(name)s\nMade: %(at)s\nEvery file is CSV in UTF-8. dictionary.csv explains each column, codes.csv each "
    "value that is a code. In cells that a spreadsheet would take for a formula an apostrophe stands in front.\n"
)


@dataclass(frozen=True, slots=True)
class Work:
    """What the job needs of the outside."""

    store: attachments.Store
    say: files.Say


def request(actor: Actor, code: str) -> CampaignExport:
    """Ask for a campaign as it is in the asker's scope; while one is on its way, that one is given.

    :raises NotFound: if they have no part in it.
    """
    scope = sorted({*actor.reviews, *actor.publishes})
    campaign = campaign_for(scope, code)
    with database.atomic():
        mine = (CampaignExport.person == actor.id) & (CampaignExport.campaign == campaign)
        waiting: CampaignExport | None = CampaignExport.get_or_none(
            mine & CampaignExport.state.in_(("asked", "making"))
        )
        if waiting is not None:
            return waiting
        now = clock.now()
        made = CampaignExport.create(
            campaign=campaign,
            regions=scope,
            personal=sorted(actor.reviews),
            state="asked",
            person=actor.id,
            created_at=now,
        )
        Task.create(kind=TASK, key=_key(made.id), payload={"export": made.id}, due_at=now, created_at=now, total=STEPS)
    return made


def _key(number: int) -> str:
    return f"campaign-export:{number}"


def find(person: int, export_id: int) -> CampaignExport:
    """Somebody's own export: what is in it hangs on who asked.

    :raises NotFound: if it is not there, or another's.
    """
    found: CampaignExport | None = CampaignExport.get_or_none(
        CampaignExport.id == export_id, CampaignExport.person == person
    )
    if found is None:
        raise NotFound("There is no such export.")
    return found


def still_allowed(actor: Actor, export: CampaignExport) -> bool:
    """Whether the asker still answers for all that is in it: a role may have been taken away since."""
    return set(export.regions) <= {*actor.reviews, *actor.publishes} and set(export.personal) <= set(actor.reviews)


def mine(person: int) -> list[CampaignExport]:
    """The newest of somebody's exports."""
    query = CampaignExport.select(CampaignExport, Campaign).join(Campaign).where(CampaignExport.person == person)
    return list(query.order_by(CampaignExport.created_at.desc(), key(CampaignExport).desc()).limit(10))


def progress_of(export: CampaignExport) -> tuple[int, int, str]:
    """Done of total steps, and what went wrong."""
    task: Task | None = Task.get_or_none(Task.key == _key(export.id))
    return (task.done, max(task.total, 1), task.error) if task else (0, STEPS, "")


def do(export_id: int, work: Work, progress: Progress) -> None:
    """Make the zip; done again it changes nothing."""
    export: CampaignExport = CampaignExport.get_by_id(export_id)
    if export.state == "made":
        return
    _set(export_id, state="making")
    seen = view(export.regions, export.personal, campaign=export.campaign, person=export.person_id)
    with tempfile.TemporaryFile() as target:
        with consistent_read():
            _write(target, seen, export, work.say)
        progress(STEPS * 9 // 10, STEPS)
        target.seek(0)
        name = f"{export.campaign.code}-{clock.today().isoformat()}.zip"
        kept = attachments.keep(work.store, target.read(), "application/zip", name)
    _set(export_id, state="made", attachment=kept.id)
    progress(STEPS, STEPS)


def give_up(export_id: int) -> None:
    """Whoever asked sees that it failed."""
    _set(export_id, state="failed")


def _set(export_id: int, **values: Any) -> None:
    CampaignExport.update(values).where(CampaignExport.id == export_id).execute()


def _lists(seen: View, export: CampaignExport) -> Iterator[tuple[str, Listing, View]]:
    """(file's name without ending, list, what is seen of it)."""
    for name in NAMES:
        yield name, BY_NAME[name], seen
    for version in answers.versions(seen):
        found = answers.listing(version)
        yield found.name, found, seen
        for part in found.parts:
            yield part.name, part, seen
    if whole(export.regions, seen.named):
        held = Circular.select().where(Circular.campaign == seen.named, Circular.snapshot.is_null(False))
        for circular in held.order_by(Circular.id):
            yield f"circular_{circular.id}_figures", BY_NAME["circular_figures"], replace(seen, circular=circular.id)


def _write(target: IO[bytes], seen: View, export: CampaignExport, say: files.Say) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        rows: list[Sequence[str]] = [[say(one) for one in HEADS]]
        for name, listing, eyes in _lists(seen, export):
            with archive.open(f"{name}.csv", "w", force_zip64=True) as member:
                for part in files.as_csv(listing, eyes, say):
                    member.write(part.encode())
            rows += _explained(f"{name}.csv", listing, eyes, say)
        archive.writestr("dictionary.csv", _csv(rows))
        archive.writestr("codes.csv", _csv(_codes(say)))
        at = clock.local(clock.now()).strftime("%Y-%m-%d %H:%M")
        archive.writestr("README.txt", files.BOM + say(README, name=seen.named.name, at=at))


def _explained(name: str, listing: Listing, seen: View, say: files.Say) -> Iterator[list[str]]:
    for column in listing.shown(seen):
        about = say(column.about) if column.about else ""
        yield [
            name, column.key, files.head(column, say), about, say(KINDS[column.kind]), column.unit, column.codes,
        ]  # fmt: skip


def _codes(say: files.Say) -> list[Sequence[str]]:
    rows: list[Sequence[str]] = [[say(N_("List")), say(N_("Value")), say(N_("Meaning"))]]
    return rows + [[name, code, say(word)] for name, words in CODES.items() for code, word in words.items()]


def _csv(rows: Sequence[Sequence[str]]) -> str:
    stream = io.StringIO()
    csv.writer(stream, lineterminator="\r\n").writerows([[files.harmless(cell) for cell in row] for row in rows])
    return files.BOM + stream.getvalue()
