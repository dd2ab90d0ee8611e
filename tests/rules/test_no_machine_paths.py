"""No tracked file names a path of one machine or the address of a package registry.

Each pattern holds one letter in brackets, so that this file does not match itself.
"""

import re

from tests.support.tracked import ROOT, tracked_files

PATTERNS = {
    "a path of one machine": r"(?<![\w.])/(?:wor[k]|roo[t]|hom[e]/\w|User[s]/\w|opt/whee[l]s)(?:/|\b(?!\w))",
    "a package index": r"index-ur[l]|find-link[s]|(?:files\.)?pythonhoste[d]|pypi\.or[g]|registry\.npmj[s]",
    "a package mirror": r"(?:deb|security|ftp|snapshot)\.debian\.or[g]",
}


def test_no_tracked_file_names_them() -> None:
    found = []
    for path in tracked_files():
        try:
            text = (ROOT / path).read_text("utf-8")
        except UnicodeDecodeError:
            continue  # not text
        for kind, pattern in PATTERNS.items():
            found += [f"{path}: {kind}: {match.group()}" for match in re.finditer(pattern, text)]
    assert found == []


def test_the_patterns_find_what_they_are_for() -> None:
    samples = [
        "open('/wo~rk/main')",
        "HOME=/ro~ot",
        "--index~-url",
        "https://py~pi.org/simple",
        "http://deb.deb~ian.org",
    ]
    assert [text for text in samples if not matches(text.replace("~", ""))] == []
    assert [text for text in samples if matches(text)] == []
    harmless = ["templates/wo~rk/list.html", "the /wo~rkers page", "docs/ro~ot/", "$ROOT/srv"]
    assert [text for text in harmless if matches(text.replace("~", ""))] == []


def matches(text: str) -> bool:
    return any(re.search(pattern, text) for pattern in PATTERNS.values())
