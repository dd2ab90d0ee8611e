import pytest
from hypothesis import given
from hypothesis import strategies as st

from reportsvc.errors import Invalid
from reportsvc.projects import uscc

KNOWN = frozenset({"130000", "130826", "130223"})
GOOD = uscc.build("53", "130000", "50120345")
BODY = st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=8, max_size=8)


def _check(text: str, kind: str | None = None) -> str:
    return uscc.check(text, kind=kind, knows_region=KNOWN.__contains__)


def test_a_code_of_a_real_company_passes_both_check_digits() -> None:
    # The example of python-stdnum's own documentation.
    assert uscc.check("91110000600037341L", knows_region=lambda _: True) == "91110000600037341L"


def test_full_width_spaces_and_hyphens_are_taken_out() -> None:
    typed = "".join(chr(ord(char) + 0xFEE0) for char in GOOD[:6]) + " " + GOOD[6:10].lower() + "-" + GOOD[10:]
    assert _check(typed, "foundation") == GOOD


@given(BODY, st.sampled_from(sorted(uscc.KIND_BY_PREFIX)))
def test_every_built_code_is_good(body: str, prefix: str) -> None:
    code = uscc.build(prefix, "130826", body)
    assert _check(code, uscc.KIND_BY_PREFIX[prefix]) == code


@given(BODY, st.integers(8, 17), st.sampled_from(uscc.ALPHABET))
def test_one_wrong_character_is_found(body: str, place: int, char: str) -> None:
    code = uscc.build("51", "130000", body)
    if code[place] == char:
        return
    with pytest.raises(Invalid):
        _check(code[:place] + char + code[place + 1 :])


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("5313", "18 characters"),
        (GOOD[:10] + "O" + GOOD[11:], "letters I, O, S, V and Z"),
        ("11" + GOOD[2:], "starts with 11"),
        (uscc.build("53", "130999", "50120345"), "Digits 3 to 8"),
        (GOOD[:16] + ("1" if GOOD[16] != "1" else "2") + GOOD[17], "Character 17"),
        (GOOD[:17] + ("1" if GOOD[17] != "1" else "2"), "Character 18"),
    ],
)
def test_each_mistake_is_told_apart(typed: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        _check(typed)


def test_the_prefix_must_fit_the_kind() -> None:
    with pytest.raises(Invalid, match="kind of organization"):
        _check(GOOD, "association")
