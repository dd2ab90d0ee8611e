"""The tables. Thin: columns, keys and indexes; what may be done with them stands in the capabilities."""

from __future__ import annotations

from reportsvc.models.base import Base
from reportsvc.models.campaigns import (
    Campaign,
    FormProposal,
    FormVersion,
    Indicator,
    Participation,
    Project,
    ProjectCounty,
    Round,
)
from reportsvc.models.files import AnswerFile, VersionFile
from reportsvc.models.people import (
    Grant,
    GrantEvent,
    Organization,
    Person,
    RateLimit,
    RecoveryCode,
    Session,
    SignInCode,
    StaffLogin,
)
from reportsvc.models.photos import Photo, VersionPhoto
from reportsvc.models.places import Region, RetiredRegion
from reportsvc.models.publishing import Attachment, Circular, Snapshot, Task
from reportsvc.models.reports import Draft, Event, Figure, Slot, Version
from reportsvc.models.reviews import Comment, CommentThread, ReviewBatch, ReviewBatchSlot

ALL: tuple[type[Base], ...] = (
    Region,
    RetiredRegion,
    Organization,
    Person,
    Grant,
    GrantEvent,
    SignInCode,
    StaffLogin,
    RecoveryCode,
    Session,
    RateLimit,
    Campaign,
    Indicator,
    FormVersion,
    FormProposal,
    Project,
    ProjectCounty,
    Participation,
    Round,
    Slot,
    Draft,
    Version,
    Figure,
    Event,
    Attachment,
    Snapshot,
    Circular,
    Task,
    Photo,
    VersionPhoto,
    AnswerFile,
    VersionFile,
    CommentThread,
    Comment,
    ReviewBatch,
    ReviewBatchSlot,
)
"""Every table, in an order that foreign keys allow."""

__all__ = [
    "ALL",
    "AnswerFile",
    "Attachment",
    "Base",
    "Campaign",
    "Circular",
    "Comment",
    "CommentThread",
    "Draft",
    "Event",
    "Figure",
    "FormProposal",
    "FormVersion",
    "Grant",
    "GrantEvent",
    "Indicator",
    "Organization",
    "Participation",
    "Person",
    "Photo",
    "Project",
    "ProjectCounty",
    "RateLimit",
    "RecoveryCode",
    "Region",
    "RetiredRegion",
    "ReviewBatch",
    "ReviewBatchSlot",
    "Round",
    "Session",
    "SignInCode",
    "Slot",
    "Snapshot",
    "StaffLogin",
    "Task",
    "Version",
    "VersionFile",
    "VersionPhoto",
]
