"""The Chinese catalogue: brought up to the messages of the code, or checked against them. Run by script/catalogue."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Iterator
from configparser import RawConfigParser
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from tests.support.tracked import ROOT

TRANSLATIONS = Path("reportsvc/translations")
PO = TRANSLATIONS / "zh_Hans/LC_MESSAGES/messages.po"
MAPPING = TRANSLATIONS / "babel.cfg"

# The first argument of our errors is a message id, translated where the error is shown.
ERRORS = ("Invalid", "Conflict", "Forbidden", "NotFound", "TooMany", "ConfigurationError")
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_ngettext": (1, 2), **dict.fromkeys(ERRORS)}


def extracted() -> Catalog:
    """The messages that the code and the templates use now."""
    config = RawConfigParser()
    config.read(ROOT / MAPPING, "utf-8")
    methods = [
        (pattern.strip(), kind.strip()) for kind, _, pattern in (name.partition(":") for name in config.sections())
    ]
    options = {name.partition(":")[2].strip(): dict(config.items(name)) for name in config.sections()}
    catalogue = Catalog(project="reportsvc", charset="utf-8")
    for folder in ("reportsvc", "templates"):
        found = extract_from_dir(
            ROOT / folder, methods, options, keywords=KEYWORDS, comment_tags=("TRANSLATORS:",), strip_comment_tags=True
        )
        for _file, _line, message, comments, context in found:
            catalogue.add(message, auto_comments=comments, context=context)
    return catalogue


def stored() -> Catalog:
    """The catalogue as it is in git."""
    path = ROOT / PO
    if not path.exists():
        return Catalog(locale="zh_Hans", project="reportsvc", charset="utf-8")
    with path.open("rb") as file:
        return read_po(file, locale="zh_Hans", abort_invalid=True)


def problems(used: Catalog, translated: Catalog) -> Iterator[str]:
    """What keeps ``translated`` from being complete and right for the messages of ``used``."""
    for message in _messages(used):
        have = translated.get(message.id, message.context)
        if have is None:
            yield f"not in the catalogue: {_first(message)!r}"
        elif have.fuzzy:
            yield f"fuzzy: {_first(message)!r}"
        elif not all(_strings(have)):
            yield f"not translated: {_first(message)!r}"
        elif wrong := [text for text in _strings(have) if placeholders(text) != placeholders(_last(message))]:
            yield f"other placeholders than {_last(message)!r}: {wrong[0]!r}"
    for message in _messages(translated):
        if used.get(message.id, message.context) is None:
            yield f"not used any more: {_first(message)!r}"
    for message in translated.obsolete.values():
        yield f"obsolete: {_first(message)!r}"


def placeholders(text: str) -> list[str]:
    """The distinct ``%(name)s`` of a message, in order of name."""
    return sorted(set(re.findall(r"%\(\w+\)[sdif]", text)))


def updated(used: Catalog, translated: Catalog) -> Catalog:
    """``translated`` with the messages of ``used`` and no others; what is new is empty, nothing is guessed."""
    result = Catalog(locale="zh_Hans", charset="utf-8", header_comment="# Chinese of reportsvc.", fuzzy=False)
    for message in _messages(used):
        have = translated.get(message.id, message.context)
        flags = message.flags - {"fuzzy"}
        result.add(
            message.id,
            have.string if have and not have.fuzzy else "",
            flags=flags,
            auto_comments=message.auto_comments,
            user_comments=have.user_comments if have else (),
            context=message.context,
        )
    return result


def text_of(catalogue: Catalog) -> str:
    """As stored: by message id, without places and dates, which would change with every commit."""
    buffer = io.BytesIO()
    write_po(buffer, catalogue, width=120, no_location=True, sort_output=True)
    lines = buffer.getvalue().decode().splitlines(keepends=True)
    dates = "POT-Creation-Date|PO-Revision-Date|Last-Translator|Report-Msgid|Generated-By|Project-Id|Language-Team"
    noise = re.compile(f'"({dates})')
    return "".join(line for line in lines if not noise.match(line))


def _messages(catalogue: Catalog) -> Iterator[Message]:
    return (message for message in catalogue if message.id)


def _first(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _last(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[-1]


def _strings(message: Message) -> list[str]:
    return [message.string or ""] if isinstance(message.string, str | None) else list(message.string)


def main(arguments: list[str]) -> int:
    """Write the catalogue, or with ``--check`` only look at it."""
    if arguments not in ([], ["--check"]):
        print("usage: script/catalogue [--check]", file=sys.stderr)
        return 2
    used, translated = extracted(), stored()
    if not arguments:
        translated = updated(used, translated)
        (ROOT / PO).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / PO).write_text(text_of(translated), "utf-8")
    found = list(problems(used, translated))
    print(*found, sep="\n", end="\n" if found else "")
    print(f"{len(list(_messages(used)))} messages, {len(found)} to be done in {PO}")
    return 1 if found and arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
