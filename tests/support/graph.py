"""Who imports whom inside reportsvc, by import-linter's own graph (grimp), as text and as a picture; and sizes.

Run by script/graph. The same code gives the same picture, byte for byte.
"""

from __future__ import annotations

import ast
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from xml.sax.saxutils import escape

import grimp

from tests.support.tracked import ROOT

PICTURE = Path("docs/import-graph.svg")
WIDTH, BOX_WIDTH, BOX_HEIGHT, ROW = 760, 132, 40, 84


def layers() -> list[list[str]]:
    """The rows of the layer contract, from the top down."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    rows = next(contract["layers"] for contract in contracts if contract["type"] == "layers")
    return [[module.strip().strip("()") for module in row.split(":")] for row in rows]


def imports() -> Counter[tuple[str, str]]:
    """How many import statements go from one module or package right under reportsvc to another."""
    graph = grimp.build_graph("reportsvc", cache_dir=None)
    found: Counter[tuple[str, str]] = Counter()
    for importer in graph.modules:
        for imported in graph.find_modules_directly_imported_by(importer):
            ends = _child(importer), _child(imported)
            if ends[0] and ends[1] and ends[0] != ends[1]:
                found[ends] += len(graph.get_import_details(importer=importer, imported=imported))
    return found


def _child(module: str) -> str:
    return module.split(".")[1] if "." in module else ""


# --- the picture -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Box:
    """A module in the picture: the middle of its upper edge, and its row."""

    x: float
    y: float
    row: int


def picture(rows: list[list[str]], arrows: Counter[tuple[str, str]]) -> str:
    """The graph as SVG: layers as rows, an arrow for each pair, thicker where there are more imports."""
    boxes = _place(rows)
    height = 20 + ROW * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" '
        'font-size="15" role="img">',
        "<title>Imports inside reportsvc, upper layers importing lower ones</title>",
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" '
        'markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 8 4 0 8z" fill="#567"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        *(_arrow(boxes[start], boxes[end], arrows[start, end]) for start, end in sorted(arrows)),
        *(_box(name, boxes[name]) for name in sorted(boxes)),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _place(rows: list[list[str]]) -> dict[str, Box]:
    boxes = {}
    for number, row in enumerate(rows):
        for place, name in enumerate(row):
            # Rows of one stand to the left and to the right in turn, so that arrows past them can be told apart.
            shift = 0.5 if len(row) > 1 else (0.25, 0.75)[number % 2]
            x = WIDTH * (place + 0.5) / len(row) if len(row) > 1 else WIDTH * (0.2 + 0.6 * shift)
            boxes[name] = Box(x, 20 + ROW * number, number)
    return boxes


def _arrow(start: Box, end: Box, weight: int) -> str:
    width = min(0.8 + 0.3 * weight, 3.5)
    if start.row == end.row:
        side = 1 if end.x > start.x else -1
        line = f"M{start.x + side * BOX_WIDTH / 2:.0f} {start.y + 20:.0f}H{end.x - side * BOX_WIDTH / 2:.0f}"
    else:
        top, bottom = start.y + BOX_HEIGHT, end.y - 2
        bend = (bottom - top) / 2
        line = f"M{start.x:.0f} {top:.0f}C{start.x:.0f} {top + bend:.0f} {end.x:.0f} {bottom - bend:.0f} "
        line += f"{end.x:.0f} {bottom:.0f}"
    colour = "#567" if end.row >= start.row else "#c00"
    return (
        f'<path d="{line}" fill="none" stroke="{colour}" stroke-width="{width:.1f}" stroke-opacity=".55" '
        'marker-end="url(#tip)"/>'
    )


def _box(name: str, box: Box) -> str:
    left = box.x - BOX_WIDTH / 2
    return (
        f'<rect x="{left:.0f}" y="{box.y:.0f}" width="{BOX_WIDTH}" height="{BOX_HEIGHT}" rx="5" fill="#eef4fa" '
        f'stroke="#246"/><text x="{box.x:.0f}" y="{box.y + 25:.0f}" text-anchor="middle">{escape(name)}</text>'
    )


# --- sizes -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Size:
    """Lines of a module, or of a function with its decorators and docstring."""

    lines: int
    name: str


def sources() -> list[Path]:
    """The Python files of the package, migrations left out: a migration is a record of a schema, not a module."""
    package = ROOT / "reportsvc"
    return [path for path in sorted(package.rglob("*.py")) if "migrations" not in path.relative_to(package).parts]


def module_sizes() -> list[Size]:
    """Every module that holds something."""
    sizes = (Size(path.read_bytes().count(b"\n"), str(path.relative_to(ROOT))) for path in sources())
    return sorted(size for size in sizes if size.lines)


def function_sizes() -> list[Size]:
    """Every function and method."""
    return sorted(size for path in sources() for size in _functions(path))


def _functions(path: Path) -> Iterator[Size]:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            yield Size((node.end_lineno or first) - first + 1, f"{path.relative_to(ROOT)}:{node.name}")


# --- all of it -------------------------------------------------------------------------------------------------------


def main() -> int:
    """Print the graph and the sizes; write the picture."""
    arrows = imports()
    present = {path.stem for path in (ROOT / "reportsvc").iterdir() if path.suffix == ".py" or _is_package(path)}
    rows = [kept for row in layers() if (kept := [name for name in row if name in present])]
    drawn = {name for row in rows for name in row}
    for name in (name for row in rows for name in row):
        below = ", ".join(f"{end} {arrows[start, end]}" for start, end in sorted(arrows) if start == name)
        print(f"{name:>10} → {below or 'nothing'}")
    kept_arrows = Counter({ends: number for ends, number in arrows.items() if drawn.issuperset(ends)})
    (ROOT / PICTURE).write_text(picture(rows, kept_arrows), "utf-8")
    print(f"{'':>10}   {len(kept_arrows)} arrows, {sum(kept_arrows.values())} imports, drawn in {PICTURE}")
    for kind, sizes in (("modules", module_sizes()), ("functions", function_sizes())):
        largest = ", ".join(f"{size.name} {size.lines}" for size in reversed(sizes[-3:]))
        middle = median(size.lines for size in sizes)
        print(f"{len(sizes)} {kind}: median {middle:g} lines; largest {largest}")
    return 0


def _is_package(path: Path) -> bool:
    return (path / "__init__.py").is_file()


if __name__ == "__main__":
    sys.exit(main())
