"""No module and no function grows past what a reader can hold; see design: at 400 lines a module becomes a package."""

from tests.support.graph import function_sizes, module_sizes

MODULE_LINES = 400
FUNCTION_LINES = 60

EXCEPTIONS: dict[str, str] = {}
"""Name as the test prints it → the reason why it may be larger. An entry that is not needed any more fails too."""


def test_modules_and_functions_are_small() -> None:
    large = [size for size in module_sizes() if size.lines > MODULE_LINES]
    large += [size for size in function_sizes() if size.lines > FUNCTION_LINES]
    assert [size for size in large if size.name not in EXCEPTIONS] == []
    assert sorted(EXCEPTIONS) == sorted(size.name for size in large)


def test_every_exception_has_a_reason() -> None:
    assert all(len(reason) > 20 for reason in EXCEPTIONS.values())
