"""What stands at the top of the repository is fixed; a new thing finds its place below."""

from tests.support.tracked import ROOT, tracked_files

FILES = {
    *(".gitignore", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "README.md", "pyproject.toml"),
    *("requirements.lock", "requirements-test.lock"),
}
FOLDERS = {".ci", "docs", "instance", "reportsvc", "script", "static", "templates", "tests"}


def test_nothing_else_is_at_the_top() -> None:
    assert {path.parts[0] for path in tracked_files()} <= FILES | FOLDERS


def test_what_belongs_there_is_there() -> None:
    assert {path.name for path in ROOT.iterdir()} >= FILES | FOLDERS


def test_scripts_can_be_run() -> None:
    scripts = [path for path in tracked_files() if path.parts[0] in {"script", ".ci"} and not path.suffix]
    assert scripts
    assert [str(path) for path in scripts if not (ROOT / path).stat().st_mode & 0o111] == []


def test_instance_is_empty_in_git() -> None:
    assert [path.name for path in tracked_files() if path.parts[0] == "instance"] == [".gitkeep"]
