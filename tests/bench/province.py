"""How long the demo province takes to load, on an empty SQLite file: `python -m tests.bench.province`."""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

from reportsvc import db, models
from reportsvc.cli import province
from reportsvc.forms import shipped
from reportsvc.projects import regions
from reportsvc.reports import forms


def main() -> None:
    """Load it once; print what was stored, then one line of JSON."""
    with tempfile.TemporaryDirectory() as folder:
        opened = db.open_database(f"sqlite:///{Path(folder) / 'province.db'}")
        db.migrate(opened)
        with opened.connection_context():
            regions.load()
            form = forms.publish(*shipped.quarterly_report())
            started = time.perf_counter()
            province.load(form, read=forms.read_quantities, progress=print)
            seconds = round(time.perf_counter() - started, 2)
            rows = {model.__name__: model.select().count() for model in models.ALL}
        opened.close_all()
    print(f"{seconds} s")
    for name, count in rows.items():
        if count:
            print(f"{name:>14} {count:>7}")
    print(json.dumps({"seconds": seconds, "slots": rows["Slot"], "figures": rows["Figure"]}))


if __name__ == "__main__":
    main()
