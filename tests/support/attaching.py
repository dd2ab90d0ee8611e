"""A form whose questions are answered with files, and files to answer them with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping

from reportsvc.models import Round
from reportsvc.reports import forms
from tests.support.world import World

FORM = """
| settings |
| | form_title | form_id |
| | 附件 | with_files |

| survey |
| | type | name | label | required | relevant | parameters |
| | begin_group | start | 基本情况 | | | |
| | text | place | 地点 | | | |
| | image | front | 门口照片 | yes | ${place} != '没有' | max-pixels=800 |
| | file | minutes | 会议纪要 | | | |
| | begin_repeat | village | 村 | | | |
| | text | village_name | 村名 | | | |
| | image | road | 道路照片 | | | |
| | begin_repeat | house | 户 | | | |
| | text | owner | 户主 | | | |
| | image | roof | 屋顶照片 | | | |
| | end_repeat | | | | | |
| | end_repeat | | | | | |
| | end_group | | | | | |
| | begin_group | last | 其他 | | | |
| | text | remark | 备注 | | | |
| | end_group | | | | | |
"""

PDF = b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"


def use_form(world: World) -> None:
    """Let this quarter ask by the form above."""
    form = forms.publish(FORM.encode(), "with_files.md")
    Round.update(form_version=form).where(Round.id == world.now.id).execute()
    world.form = form


def office(*more: str, main: str = "word/document.xml", content: Mapping[str, bytes] | None = None) -> bytes:
    """A small .docx, or with another main part an .xlsx; with further parts by name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ("[Content_Types].xml", main, *more):
            archive.writestr(name, (content or {}).get(name, b"<x/>"))
    return out.getvalue()


def old_office(*parts: str) -> bytes:
    """What an old Office file shows of its parts: their names, in its directory."""
    names = b"".join(part.encode("utf-16-le").ljust(128, b"\0") for part in ("Root Entry", *parts))
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504) + names
