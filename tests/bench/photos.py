"""What the decoding process takes for photos and for what isn't one: `python -m tests.bench.photos`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from resource import RUSAGE_CHILDREN, RUSAGE_SELF, getrusage
from statistics import median

from reportsvc.files import kinds
from reportsvc.photos import limited
from tests.support import attaching, pictures

TIMES = 5


def cases() -> dict[str, Callable[[], bytes]]:
    """What is sent, by name."""
    shrunk, large = (1600, 1200), (4000, 3000)
    return {
        "bomb, 169 megapixels": pictures.bomb,
        "archive behind a JPEG": lambda: pictures.phone() + pictures.archive(),
        "SVG": lambda: b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        "50 MB": lambda: b"\xff\xd8\xff" + bytes(50_000_000),
        "half a JPEG": lambda: pictures.phone("JPEG", large)[:1_000_000],
        "shrunk on the phone": lambda: pictures.phone("JPEG", shrunk),
        "12 megapixels, JPEG": lambda: pictures.phone("JPEG", large),
        "12 megapixels, HEIC": lambda: pictures.phone("HEIF", large),
    }


def documents() -> dict[str, Callable[[], bytes]]:
    """Documents that are sent as answers, by name; they are looked at by the worker itself, and never opened."""
    return {
        "docx that unpacks to 210 MB": lambda: attaching.office("x.xml", content={"x.xml": bytes(210_000_000)}),
        "PDF with an archive": lambda: attaching.PDF + pictures.archive(),
        "11 MB of text": lambda: "名称,数量\n".encode("gb18030") * 1_000_000,
    }


def computed() -> float:
    """Seconds that this process and those it started have computed."""
    return sum(one.ru_utime + one.ru_stime for one in map(getrusage, (RUSAGE_SELF, RUSAGE_CHILDREN)))


def main() -> None:
    """Each case five times; prints medians, then one line of JSON: seconds of computing by the worker."""
    found: dict[str, float] = {}
    for name, make in cases().items():
        content, spent, passed = make(), [], []
        for _ in range(TIMES):
            began, started = computed(), time.perf_counter()
            outcome = limited.run(content)
            spent.append(computed() - began)
            passed.append(time.perf_counter() - started)
        found[name] = median(spent)
        what = outcome.reason if isinstance(outcome, limited.Refusal) else f"{len(outcome.full):,} bytes"
        print(f"{name:>22} {median(spent):6.3f} s computing {median(passed):6.3f} s passed  {what}")
    for name, make in documents().items():
        content, began = make(), computed()
        try:
            told = kinds.kind_of(content, "a.csv")
        except kinds.Refused as refused:
            told = kinds.REASONS[refused.code]
        print(f"{name:>28} {computed() - began:6.3f} s computing  {told}")
    print(json.dumps({
        "bomb_s": round(found["bomb, 169 megapixels"], 3), "typical_s": round(found["shrunk on the phone"], 3),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
