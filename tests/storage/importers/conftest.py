"""Files for importers, made on the spot, and the real ones where they are there."""

from pathlib import Path

import openpyxl
import pytest

SHARED = Path(__file__).resolve().parents[3] / ".." / "shared" / "data" / "machine"


@pytest.fixture
def machine_data():
    """The folder with the real MES log and the real SHDR log."""
    if not SHARED.is_dir():
        pytest.skip("the shared machine data is not beside this repository")
    return SHARED


@pytest.fixture
def text_file(tmp_path):
    """Write a text file and return its path."""

    def write(content, name="data.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(content.encode(encoding))
        return path

    return write


@pytest.fixture
def workbook(tmp_path):
    """Write rows into a workbook and return its path; `formats` gives number formats by cell."""

    def write(rows, formats=None, sheet="Tabelle1", name="data.xlsx"):
        book = openpyxl.Workbook()
        book.active.title = sheet
        for row in rows:
            book.active.append(row)
        for cell, number_format in (formats or {}).items():
            book.active[cell].number_format = number_format
        book.save(tmp_path / name)
        return tmp_path / name

    return write


def check_report(imported):
    """Every row has one fate, and each refused one a finding that names it."""
    report = imported.report
    assert report.read == report.used + report.passed_over + report.refused
    errors = [finding for finding in report.findings if finding.severity == "error"]
    assert len({finding.rows[0] for finding in errors}) == report.refused
    return imported


@pytest.fixture
def checked():
    return check_report
