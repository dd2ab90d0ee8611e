"""Every message of the code and the templates has its Chinese, with the same placeholders, and there are no others."""

import pytest
from babel.messages import Catalog

from tests.support.catalogue import extracted, placeholders, problems, stored, updated


def test_the_catalogue_is_complete() -> None:
    assert list(problems(extracted(), stored())) == []


def test_messages_of_errors_are_found() -> None:
    assert (
        "DATABASE_URL starts with %(scheme)s; use sqlite:///path or postgresql://user:password@host/name."
        in extracted()
    )


def catalogues(string: str | tuple[str, ...], *flags: str) -> tuple[Catalog, Catalog]:
    used, translated = Catalog(), Catalog(locale="zh_Hans")
    used.add(("%(num)d report", "%(num)d reports") if isinstance(string, tuple) else "Due on %(day)s.")
    translated.add(next(message.id for message in used if message.id), string, flags=flags)
    return used, translated


@pytest.mark.parametrize("string", ["%(day)s截止。", ("%(num)d份季报",)])
def test_a_translation_with_the_same_placeholders_passes(string: str | tuple[str, ...]) -> None:
    assert list(problems(*catalogues(string))) == []


@pytest.mark.parametrize(
    ("string", "flags", "problem"),
    [
        ("", (), "not translated"),
        ("%(date)s截止。", (), "other placeholders"),
        ("%(day)s截止。", ("fuzzy",), "fuzzy"),
        (("份季报",), (), "other placeholders"),
    ],
)
def test_what_is_wrong_is_named(string: str | tuple[str, ...], flags: tuple[str, ...], problem: str) -> None:
    assert [line.partition(":")[0].startswith(problem) for line in problems(*catalogues(string, *flags))] == [True]


def test_updating_keeps_translations_and_drops_what_is_unused() -> None:
    used, translated = catalogues("%(day)s截止。")
    translated.add("Gone.", "没了。")
    used.add("New.")
    result = updated(used, translated)
    assert {message.id: message.string for message in result if message.id} == {
        "Due on %(day)s.": "%(day)s截止。",
        "New.": "",
    }


def test_placeholders_are_told_apart_by_name_and_kind() -> None:
    assert placeholders("%(a)s of %(b)d, %(a)s, 100%") == ["%(a)s", "%(b)d"]
