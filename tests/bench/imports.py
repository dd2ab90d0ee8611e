"""How long an import of a whole province takes: 6,300 organizations and 5,367 projects, checked and written.

Run: .venv/bin/python -m tests.bench.imports [sqlite|postgresql]. Prints one JSON line.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from itertools import pairwise
from pathlib import Path

import xlsxwriter

from reportsvc import db
from reportsvc.exchange.imports import layout
from reportsvc.models import Organization, Project
from reportsvc.projects import uscc
from tests.support.importing import Desk
from tests.support.postgres import postgres_server
from tests.support.world import COUNTY, OTHER_COUNTY, build

ORGANIZATIONS, PROJECTS = 6300, 5367


def workbook(folder: Path) -> bytes:
    """A file of that many rows."""
    path = folder / "province.xlsx"
    codes = [uscc.build("51", COUNTY, f"6{number:07d}") for number in range(ORGANIZATIONS)]
    rows = {
        layout.ORGANIZATIONS: [[code, f"样例协会{code}", "社会团体", "县级", COUNTY] for code in codes],
        layout.PROJECTS: [
            [f"B{number:05d}", f"样例项目{number}", "教育", codes[number], f"{COUNTY},{OTHER_COUNTY}", "样例村", "", ""]
            for number in range(PROJECTS)
        ],
        layout.PARTICIPATIONS: [[f"B{number:05d}", codes[-1 - number], "合作"] for number in range(900)],
    }
    book = xlsxwriter.Workbook(str(path))
    for key, lines in rows.items():
        sheet = book.add_worksheet(layout.BY_KEY[key].title)
        sheet.write_row(0, 0, [column.title for column in layout.BY_KEY[key].columns])
        for number, line in enumerate(lines, start=1):
            sheet.write_row(number, 0, line)
    book.close()
    return path.read_bytes()


def measure(url: str, folder: Path) -> dict[str, object]:
    """Upload, check, write, and once more without an effect."""
    opened = db.open_database(url)
    db.migrate(opened)
    with opened.connection_context():
        office = Desk(build(), folder / "files")
        source = workbook(folder)
        times = [time.perf_counter()]
        made = office.upload(source)
        times.append(time.perf_counter())
        office.apply(made)
        times.append(time.perf_counter())
        again = office.upload(source)
        times.append(time.perf_counter())
        assert all(set(again.counts[key]) == {"same"} for key in (layout.ORGANIZATIONS, layout.PROJECTS)), again.counts
        rows = Organization.select().count(), Project.select().count()
    opened.close_all()
    check, write, second = (round(after - before, 1) for before, after in pairwise(times))
    return {
        "organizations": rows[0], "projects": rows[1], "check_s": check, "write_s": write, "again_s": second,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip


def main() -> None:
    """One database, named on the command line."""
    kind = sys.argv[1] if len(sys.argv) > 1 else "sqlite"
    with tempfile.TemporaryDirectory() as folder:
        if kind == "sqlite":
            found = measure(f"sqlite:///{folder}/bench.db", Path(folder))
        else:
            with postgres_server() as server:
                found = measure(server.create(), Path(folder))
    print(json.dumps({"database": kind, **found}))


if __name__ == "__main__":
    main()
