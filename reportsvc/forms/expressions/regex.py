"""The patterns of ``regex()``: a safe part of what Python and JavaScript both know, put so that both read it alike.

Allowed are characters, ``.``, classes, ``\\d \\w \\s`` and their opposites (ASCII), groups ``(…)`` and ``(?:…)``,
``|``, ``* + ? {m} {m,} {m,n}``, ``^`` and ``$``. Refused is a repetition without end around another one or around
``|``, which can take for ever on a long answer.
"""

from __future__ import annotations

import re

SHORT = {"d": "0-9", "w": "A-Za-z0-9_", "s": r" \t\n\r\f\v"}
CONTROL = "tnrfv"
SYNTAX = set(r"\^$.|?*+()[]{}/-")
_TIMES = re.compile(r"[*+?]|\{([0-9]{1,3})(,([0-9]{0,3}))?\}")


class PatternError(Exception):
    """``found`` at ``place`` (from 0) of a pattern is not allowed."""

    def __init__(self, place: int, found: str) -> None:
        super().__init__(found)
        self.place, self.found = place, found


def translate(pattern: str) -> str:
    """``pattern`` rewritten so that Python's ``re`` and JavaScript's ``RegExp`` with the flag ``u`` agree on it.

    :raises PatternError: pointing at what is not allowed.
    """
    reader = _Reader(pattern)
    text, _ = reader.alternatives()
    if reader.place < len(pattern):
        raise PatternError(reader.place, pattern[reader.place])
    try:
        re.compile(text)
    except (re.error, OverflowError):
        raise PatternError(0, pattern[:20]) from None
    return text


class _Reader:
    """Reads a pattern by descent; every method gives the rewritten text and whether it is risky to repeat."""

    def __init__(self, pattern: str) -> None:
        self.pattern, self.place, self.depth = pattern, 0, 0

    def peek(self, ahead: int = 1) -> str:
        return self.pattern[self.place : self.place + ahead]

    def take(self) -> str:
        character = self.peek()
        if not character:
            raise PatternError(max(0, len(self.pattern) - 1), self.pattern[-1:])
        self.place += 1
        return character

    def alternatives(self) -> tuple[str, bool]:
        parts, risky = [], False
        while True:
            text, part_risky = self.sequence()
            parts.append(text)
            risky = risky or part_risky
            if self.peek() != "|":
                return "|".join(parts), risky or len(parts) > 1
            self.take()

    def sequence(self) -> tuple[str, bool]:
        text, risky = "", False
        while self.peek() and self.peek() not in "|)":
            start = self.place
            piece, piece_risky, repeatable = self.piece()
            times = _TIMES.match(self.pattern, self.place)
            if times:
                endless = times[0] in "*+" or (times[2] is not None and not times[3])
                if not repeatable or (piece_risky and endless):
                    raise PatternError(start, self.pattern[start : times.end()][:20])
                self.place = times.end()
                lazy = self.take() if self.peek() == "?" else ""
                piece, piece_risky = piece + times[0] + lazy, piece_risky or endless or times[0] != "?"
                if self.peek() in set("*+?{"):
                    raise PatternError(self.place, self.peek())
            text, risky = text + piece, risky or piece_risky
        return text, risky

    def piece(self) -> tuple[str, bool, bool]:
        """One piece: its text, whether it is risky to repeat without end, whether it can be repeated at all."""
        character = self.take()
        if character == "(":
            text, risky = self.group()
            return text, risky, True
        if character == "[":
            return self.char_class(), False, True
        if character == "\\":
            return self.escape(), False, True
        if character == ".":
            return r"[^\n\r]", False, True
        if character in "^$":
            return (r"(?<![\s\S])" if character == "^" else r"(?![\s\S])"), False, False
        if character in "*+?{}])":
            raise PatternError(self.place - 1, character)
        return _literal(character), False, True

    def group(self) -> tuple[str, bool]:
        start = self.place - 1
        if self.peek() == "?":
            if self.peek(2) != "?:":
                raise PatternError(start, self.pattern[start : start + 4])
            self.place += 2
        self.depth += 1
        if self.depth > 20:
            raise PatternError(start, "(")
        text, risky = self.alternatives()
        if self.peek() != ")":
            raise PatternError(start, "(")
        self.take()
        self.depth -= 1
        return f"(?:{text})", risky

    def escape(self) -> str:
        character = self.take()
        if character.lower() in SHORT:
            return f"[{'^' if character.isupper() else ''}{SHORT[character.lower()]}]"
        if character in CONTROL:
            return "\\" + character
        if character in SYNTAX or (not character.isalnum() and character.isascii()):
            return _literal(character)
        raise PatternError(self.place - 2, "\\" + character)

    def char_class(self) -> str:
        start = self.place - 1
        text = "[" + (self.take() if self.peek() == "^" else "")
        if self.peek() == "]":
            raise PatternError(start, "[]")
        while self.peek() != "]":
            text += self.class_member()
        self.take()
        return text + "]"

    def class_member(self) -> str:
        start = self.place
        low = self.take()
        if low == "\\":
            low = self.take()
            if low in SHORT:
                return SHORT[low]
            if low in CONTROL:
                return "\\" + low
            if low.isalnum() or not low.isascii():
                raise PatternError(start, "\\" + low)
        elif low == "[":
            raise PatternError(start, low)
        if self.peek() != "-" or self.peek(2) == "-]":
            return _literal(low)
        self.take()
        high = self.take()
        if high == "\\":
            high = self.take()
        if high in "[]" or high < low:
            raise PatternError(start, self.pattern[start : self.place])
        return f"{_literal(low)}-{_literal(high)}"


def _literal(character: str) -> str:
    """A character so that neither language sees syntax in it."""
    return "\\" + character if character in SYNTAX and character != "-" else r"\x2d" if character == "-" else character
