"""Characters as a line breaker sees them: punctuation, unbreakable runs, and what may stand at a line's ends."""

from __future__ import annotations

import re
import unicodedata

CLOSING = frozenset("、，。；：？！）〕】》〉」』”’")
"""Full-width marks with their ink at the left; half a character wide where squeezed."""
OPENING = frozenset("（〔【《〈「『“‘")
"""Full-width marks with their ink at the right; half a character wide where squeezed."""
NO_START = CLOSING | frozenset("％‰℃°…—～·.,;:!?%)]}")
"""May not start a line (避头)."""
NO_END = OPENING | frozenset("([{￥＄№")
"""May not end a line (避尾)."""

_ATOM = re.compile(r"[!-~\u00c0-\u00d6\u00d8-\u024f]+|—+|…+| +|.", re.DOTALL)
_INVISIBLE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn"))


def clean(text: str) -> str:
    """``text`` with one space for any white space, and without controls, direction marks and variation selectors."""
    if text.isascii() and text.isprintable():
        return text
    text = " ".join(unicodedata.normalize("NFC", text).split())
    return "".join(
        character
        for character in text
        if unicodedata.category(character) not in _INVISIBLE and not _selects_variant(character)
    )


def _selects_variant(character: str) -> bool:
    return "\ufe00" <= character <= "\ufe0f" or "\U000e0100" <= character <= "\U000e01ef"


def atoms(text: str) -> list[str]:
    """Split ``text`` into what a line end may not tear: a figure, a Latin word, a dash, or one character."""
    return _ATOM.findall(text)


def is_run(atom: str) -> bool:
    """Whether the atom is a run of digits or Latin letters."""
    return "!" <= atom[0] <= "~" or "\u00c0" <= atom[0] <= "\u024f"


def may_part(before: str, after: str) -> bool:
    """Whether a line may end between two atoms."""
    return after[0] not in NO_START and before[-1] not in NO_END


def squeezes(before: str, after: str) -> tuple[bool, bool]:
    """Which of two neighbouring marks gives up its empty half, so that no gap of a whole character opens."""
    if before in CLOSING:
        return after in CLOSING or after in OPENING, False
    return False, before in OPENING and after in OPENING


def split_run(run: str, fits: int) -> int:
    """Where to cut a run that is too long for any line, when ``fits`` characters of it fit; at least 1."""
    for index in range(fits, max(1, fits // 2), -1):
        if run[index - 1] in "/-_.,:&=?#@":
            return index
    return max(1, fits)
