"""Handing out files under names in any script."""

from __future__ import annotations

from urllib.parse import quote

from flask import Response


def attach(answer: Response, name: str) -> Response:
    """Let a browser save the answer under a name; one that is not ASCII goes as RFC 8187 has it.

    Headers are Latin-1: a Chinese name as it stands would end the connection instead.
    """
    plain = name.encode("ascii", "ignore").decode().strip() or "file"
    names = {"filename": plain}
    if plain != name:
        names["filename*"] = f"UTF-8''{quote(name, safe='')}"
    answer.headers.set("Content-Disposition", "attachment", **names)
    return answer
