"""What two reports share: texts of the same quarter, photos and files of any report that was ever sent."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from reportsvc import attachments
from reportsvc.models import (
    AnswerFile,
    Attachment,
    Organization,
    Photo,
    Project,
    Round,
    Slot,
    Version,
    VersionFile,
    VersionPhoto,
)
from reportsvc.photos import limited
from reportsvc.projects.rules import Rule
from reportsvc.reports import doubts
from reportsvc.reports.checks import alike, looking, single
from reportsvc.reports.checks.quarters import Quarter, Report

Found = dict[int, list[doubts.Doubt]]


def texts(rule: Rule, quarter: Quarter, tell: Callable[[], None] = lambda: None) -> Found:
    """Long answers that are nearly the same as in a report on another project of this quarter, by version.

    :param tell: called now and then, for it takes its time.
    """
    told: dict[str, dict[str, list[Report]]] = defaultdict(lambda: defaultdict(list))
    for report in quarter.reports:
        for name, text in looking.texts(report.form, report.answers).items():
            plain = alike.normal(text)
            if len(plain) >= rule["least"]:
                told[name][plain].append(report)
    found: Found = defaultdict(list)
    for name, each in told.items():
        best: dict[int, tuple[float, Report]] = {}
        for one, other, share in _pairs(each, float(rule["alike"]), tell):
            if share > best.get(one.version, (0.0, None))[0]:
                best[one.version] = (share, other)
        for report in quarter.reports:
            if report.version in best:
                share, other = best[report.version]
                label = looking.labels(report.form)[name]
                found[report.version].append(
                    replace(
                        single.text_doubt(name, label, "shared_text", rule, share, _named(other)),
                        severity=rule.severity,
                        check=rule.id,
                    )
                )
    return found


def _pairs(
    each: Mapping[str, Sequence[Report]], least: float, tell: Callable[[], None]
) -> Iterator[tuple[Report, Report, float]]:
    """(report, one of another project with nearly its text, percent); of many others the first speaks for all."""
    for reports in each.values():
        for one in reports:
            other = _stranger(one, reports)
            if other is not None:
                yield one, other, 100.0
    for text, like, share in alike.pairs(each, least, tell):
        for mine, theirs in ((text, like), (like, text)):
            for one in each[mine]:
                other = _stranger(one, each[theirs])
                if other is not None:
                    yield one, other, share


def _stranger(report: Report, others: Sequence[Report]) -> Report | None:
    """The first report on another project by another organization."""
    return next((o for o in others if o.project != report.project and o.organization != report.organization), None)


def _named(other: Report) -> dict[str, str]:
    return {"organization": other.organization_name, "project": other.project_name, "slot": str(other.slot)}


# --- photos and files ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Piece:
    """A photo or a file as it went in with the reports of one slot."""

    kind: str
    id: int
    slot: int
    project_name: str
    organization_name: str
    year: int
    quarter: int
    versions: tuple[int, ...]
    sha256: str
    hash: int | None

    @property
    def number(self) -> int:
        """Of the quarter."""
        return self.year * 4 + self.quarter


def complete_hashes(store: attachments.Store) -> int:
    """Work out how photos look that were made ready before that was done; gives how many."""
    count = 0
    models: tuple[Any, ...] = (Photo, AnswerFile)
    for model in models:
        rows = (
            model.select(model, Attachment)
            .join(Attachment, on=(model.small == Attachment.id))
            .where(model.state == "ready", model.dhash.is_null())
        )
        for row in list(rows):
            made = limited.run(attachments.read(store, row.small))
            hashed = made.looks if isinstance(made, limited.Made) else ""
            model.update(dhash=hashed).where(model.id == row.id).execute()
            count += 1
    return count


def pieces() -> list[Piece]:
    """Every photo and file that went in with a report, oldest first."""
    return sorted(
        [
            *_pieces("photo", Photo, VersionPhoto, VersionPhoto.photo),
            *_pieces("file", AnswerFile, VersionFile, VersionFile.file),
        ],
        key=lambda one: (one.number, one.kind, one.id),
    )


def _pieces(kind: str, model: Any, link: Any, column: Any) -> Iterator[Piece]:
    query = (
        link.select(
            model.id, model.sha256, model.dhash, link.version, Slot.id, Project.name, Organization.name,
            Round.year, Round.quarter,
        )
        .join_from(link, model, on=(column == model.id))
        .join_from(link, Version)
        .join_from(Version, Slot)
        .join_from(Slot, Project)
        .join_from(Slot, Organization)
        .join_from(Slot, Round)
        .order_by(link.version)
    )  # fmt: skip
    found: dict[int, Piece] = {}
    for id, sha256, dhash, version, slot, project, organization, year, quarter in query.tuples():
        looks_like = int(dhash, 16) if dhash else None
        new = Piece(kind, id, slot, project, organization, year, quarter, (version,), sha256, looks_like)
        found[id] = replace(found[id], versions=(*found[id].versions, version)) if id in found else new
    yield from found.values()


def photos(rule: Rule, quarter: Quarter, every: Sequence[Piece]) -> Found:
    """Photos and files of this quarter's reports that went in with another report up to this quarter, by version."""
    current = {report.version for report in quarter.reports}
    number = quarter.round.year * 4 + quarter.round.quarter
    known = [one for one in every if one.number <= number]
    same: dict[str, list[Piece]] = defaultdict(list)
    for one in known:
        same[one.sha256].append(one)
    hashed = [one for one in known if one.hash is not None]
    pictures = alike.Pictures([one.hash or 0 for one in hashed], int(rule["points"]))
    found: Found = defaultdict(list)
    for one in known:
        for version in current.intersection(one.versions):
            doubt = _same(rule, one, same[one.sha256]) or _like(rule, one, [hashed[at] for at in _near(pictures, one)])
            if doubt is not None:
                found[version].append(replace(doubt, severity=rule.severity, check=rule.id))
    return found


def _near(pictures: alike.Pictures, one: Piece) -> list[int]:
    return pictures.like(one.hash) if one.hash is not None else []


def _same(rule: Rule, one: Piece, others: Sequence[Piece]) -> doubts.Doubt | None:
    """The very same bytes: in another report, or twice in this one."""
    beside = (o for o in others if (o.kind, o.id) != (one.kind, one.id))
    other = next((o for o in beside if o.slot != one.slot or set(o.versions) & set(one.versions)), None)
    return _doubt(rule, one, other, "same_file", 0) if other else None


def _like(rule: Rule, one: Piece, others: Sequence[Piece]) -> doubts.Doubt | None:
    """A picture that looks the same in another report; two of one report may well be of one scene."""
    strangers = [o for o in others if o.slot != one.slot]
    other = min(strangers, key=lambda o: alike.points(o.hash or 0, one.hash or 0), default=None)
    return _doubt(rule, one, other, "same_photo", alike.points(other.hash or 0, one.hash or 0)) if other else None


def _doubt(rule: Rule, one: Piece, other: Piece, word: str, points: int) -> doubts.Doubt:
    data = {
        "organization": other.organization_name,
        "project": other.project_name,
        "slot": str(other.slot),
        "quarter": f"{other.year}Q{other.quarter}",
        "piece": f"{one.kind}:{one.id}",
    }
    return doubts.Doubt(
        "report", "", "", word, rule["points"], Decimal(points), single.PHOTOS, data, f"{one.kind}{one.id}"
    )
