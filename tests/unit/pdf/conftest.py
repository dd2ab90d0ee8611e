"""The typefaces made by script/bootstrap, and the sample circular, rendered once."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pdfplumber
import pikepdf
import pytest
from pdfplumber.pdf import PDF

from reportsvc import config
from reportsvc.circulars.document import CircularDocument
from reportsvc.pdf.circular import render
from reportsvc.pdf.fonts import FontSet
from reportsvc.pdf.metrics import Metrics
from tests.unit.pdf.samples import circular


@pytest.fixture(scope="session")
def fonts() -> FontSet:
    overrides: dict[str, object] = {"environment": "test", "secret_key": "k" * 32}
    return FontSet.load(config.load(overrides).fonts)


@pytest.fixture(scope="session")
def metrics(fonts: FontSet) -> Metrics:
    return Metrics(fonts)


@pytest.fixture(scope="session")
def sample() -> CircularDocument:
    return circular()


@pytest.fixture(scope="session")
def sample_bytes(sample: CircularDocument, fonts: FontSet) -> bytes:
    return render(sample, lambda done, of: None, fonts)


@pytest.fixture(scope="session")
def plumbed(sample_bytes: bytes) -> Iterator[PDF]:
    """The sample as pdfplumber sees it: where each character stands."""
    with pdfplumber.open(io.BytesIO(sample_bytes)) as pdf:
        yield pdf


@pytest.fixture(scope="session")
def opened(sample_bytes: bytes) -> Iterator[pikepdf.Pdf]:
    """The sample as objects."""
    with pikepdf.open(io.BytesIO(sample_bytes)) as pdf:
        yield pdf
