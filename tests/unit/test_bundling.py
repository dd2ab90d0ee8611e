"""A script with all that it imports: in the order needed, names apart, and nothing that is only half understood."""

from pathlib import Path

import pytest

from reportsvc import config
from reportsvc.errors import ConfigurationError
from reportsvc.web.assets import BUNDLES
from reportsvc.web.bundling import bundle


def write(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, "utf-8")
    return folder / "page.js"


def test_what_is_imported_comes_first_and_once(tmp_path: Path) -> None:
    text = bundle(write(
        tmp_path,
        page='import { a as b } from "./x.js";\nimport * as y from "./y.js";\nimport "./z.js";\nb(y.c);\n',
        x='import {\n  c,\n} from "./y.js";\nexport function a() { return c; }\n',
        y="export const c = 1;\nexport class D {}\n",
        z="console.log(1);\n",
    ))  # fmt: skip
    assert [text.index(f"const module_{name}_js") for name in "yxz"] == sorted(
        text.index(f"const module_{name}_js") for name in "yxz"
    )
    assert text.count("const module_y_js") == 1
    assert "const { a: b } = module_x_js;" in text
    assert "const y = module_y_js;" in text
    assert "return {c, D};" in text
    assert "import" not in text
    assert "export" not in text


@pytest.mark.parametrize(
    "line",
    [
        'import a from "./x.js";',
        "export default 1;",
        "export { a };",
        'const m = import("./x.js");',
        "import.meta.url;",
    ],
)
def test_other_syntax_is_refused_with_its_line(tmp_path: Path, line: str) -> None:
    with pytest.raises(ConfigurationError, match=r"page\.js can't be bundled"):
        bundle(write(tmp_path, page=f"{line}\n", x="export const a = 1;\n"))


def test_a_circle_is_refused(tmp_path: Path) -> None:
    entry = write(
        tmp_path, page='import { a } from "./x.js";\n', x='import { b } from "./page.js";\nexport const a = b;\n'
    )
    with pytest.raises(ConfigurationError, match=r"page\.js → x\.js → page\.js"):
        bundle(entry)


FIRST = {
    "forms/alone.js": "form", "forms/page.js": "copies", "forms/waiting.js": "copies", "forms/form.js": "decimal",
    "forms/form-rest.js": "arithmetic", "forms/form-more.js": "curves",
    "photos/page.js": "elements", "photos/answers.js": "boxes", "photos/worker.js": "shrinking",
}  # fmt: skip
"""What each of our own scripts needs before anything else."""


@pytest.mark.parametrize("name", sorted(BUNDLES))
def test_our_own_scripts_can_be_bundled(name: str) -> None:
    text = bundle(config.static_dir() / name)
    assert text.index(f"module_{FIRST[name]}_js") < text.index(f"module_{Path(name).stem.replace('-', '_')}_js =")
