import subprocess
import sys
import tracemalloc
import warnings
import zipfile
from datetime import datetime, time, timedelta
from pathlib import Path

import openpyxl
import pytest

from productivity.errors import BadInput
from productivity.time import SECOND
from storage.importers import grid
from storage.importers.grid import read_grid
from storage.importers.load import import_file
from storage.importers.mapping import FileMapping, Kind

HOUR = 3600 * SECOND
PLAIN = FileMapping(kind=Kind.STATE_LOG)
HEADER = ["system", "state", "start", "end", "duration", "period"]


def codes(imported):
    return [(finding.code, finding.rows) for finding in imported.report.findings]


def test_dates_and_times_as_excel_holds_them(workbook, checked):
    path = workbook(
        [
            HEADER,
            ["cell", "waiting", datetime(2026, 3, 2, 6), datetime(2026, 3, 2, 7, 30), None, None],
            [None, None, None, None, None, None],
            ["cell", "cleaning", None, None, time(0, 15), "2026-03"],
            ["cell", "cleaning", None, None, 0.25, "2026-03"],
        ]
    )
    imported = checked(import_file(path, PLAIN))
    assert [(r.duration_ns, r.period, r.source) for r in imported.records.documented] == [
        (HOUR + HOUR // 2, "2026-03", "data.xlsx:2"),
        (HOUR // 4, "2026-03", "data.xlsx:4"),
        (HOUR // 4, "2026-03", "data.xlsx:5"),
    ]
    assert imported.report.findings == ()


@pytest.mark.parametrize(
    ("number_format", "found"),
    [("h:mm", [("rolled-over", ("data.xlsx:2",))]), ("[h]:mm", [])],
)
def test_a_sum_over_24_hours_is_read_whole_and_said_when_the_workbook_hides_it(
    workbook, checked, number_format, found
):
    """26:30 is held as 1.104...; as h:mm the workbook shows 2:30, as [h]:mm it shows 26:30."""
    path = workbook(
        [HEADER, ["cell", "cleaning", None, None, timedelta(hours=26, minutes=30), "may"]],
        formats={"E2": number_format},
    )
    imported = checked(import_file(path, PLAIN))
    assert [record.duration_ns for record in imported.records.documented] == [26 * HOUR + HOUR // 2]
    assert codes(imported) == found


def test_formulas_read_as_their_last_value_and_are_refused_without_one(workbook, checked, tmp_path):
    """openpyxl writes formulas without values; a value is put into the file as Excel would."""
    path = workbook(
        [
            HEADER,
            ["cell", "cleaning", None, None, "=1/48", "may"],
            ["cell", "cleaning", None, None, "=1/24", "may"],
        ]
    )
    rewritten = tmp_path / "calculated.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(rewritten, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/worksheets/sheet1.xml":
                assert content.count(b"<f>1/48</f><v />") + content.count(b"<f>1/48</f><v></v>") == 1
                content = content.replace(b"<f>1/48</f><v />", b"<f>1/48</f><v>0.5</v>")
                content = content.replace(b"<f>1/48</f><v></v>", b"<f>1/48</f><v>0.5</v>")
            new.writestr(name, content)
    imported = checked(import_file(rewritten, PLAIN))
    assert [record.duration_ns for record in imported.records.documented] == [HOUR // 2]
    assert codes(imported) == [("row-refused", ("calculated.xlsx:3",))]
    assert "a formula that was never calculated" in imported.report.findings[0].text


def test_a_sheet_and_a_header_further_down(workbook, checked):
    path = workbook([["Auswertung Mai"], [], HEADER, ["cell", "waiting", None, None, 2, "may"]], sheet="Mai")
    mapping = PLAIN.model_copy(update={"sheet": "Mai", "header_line": 3})
    assert [r.source for r in checked(import_file(path, mapping)).records.documented] == ["data.xlsx:4"]
    missing = import_file(path, PLAIN.model_copy(update={"sheet": "June"}))
    assert "sheet 'June' is missing: expected Mai" in missing.report.findings[0].text


def test_a_workbook_with_a_drop_down_list_gives_no_warning(workbook):
    path = workbook([HEADER, ["cell", "waiting", None, None, 2, "may"]])
    book = openpyxl.load_workbook(path)
    validation = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1='"waiting"')
    book.active.add_data_validation(validation)
    validation.add("B2")
    book.save(path)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(read_grid(path, HEADER).rows) == 1


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"not a zip", "not an Excel workbook, or damaged"),
        (b"", "not an Excel workbook, or damaged"),
    ],
)
def test_a_file_that_is_no_workbook(tmp_path, content, reason):
    (tmp_path / "data.xlsx").write_bytes(content)
    with pytest.raises(BadInput, match=reason):
        read_grid(tmp_path / "data.xlsx", HEADER)


def rewritten(path, changed, change, **how):
    """Return the workbook beside it in which one part is another; `how` it is packed."""
    target = path.with_name("changed.xlsx")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(target, "w", **how) as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == changed else content)
    return target


SHEET, STYLES = "xl/worksheets/sheet1.xml", "xl/styles.xml"


def damaged_stream(path):
    """Spoil what is packed of the sheet, and leave every header."""
    path = rewritten(path, SHEET, lambda content: content, compression=zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo(SHEET)
    begin = part.header_offset + 30 + len(SHEET)
    content = bytearray(path.read_bytes())
    content[begin : begin + part.compress_size] = b"\xff" * part.compress_size
    path.write_bytes(content)
    return path


def encrypted(path):
    """Set the flag of an encrypted part, in its own header and in the directory."""
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = content.find(signature)
        while at >= 0:
            content[at + flags] |= 1
            at = content.find(signature, at + 1)
    path.write_bytes(content)
    return path


DAMAGES = {
    "stream": damaged_stream,
    "encrypted": encrypted,
    "attribute": lambda path: rewritten(path, STYLES, lambda it: it.replace(b"<font>", b'<font x="1">')),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_workbook_is_refused_in_one_line(workbook, damage):
    path = workbook([HEADER, [datetime(2026, 3, 2)]])
    with pytest.raises(BadInput, match="not an Excel workbook, or damaged") as caught:
        read_grid(DAMAGES[damage](path), HEADER)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("missing", ["[Content_Types].xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
def test_a_workbook_without_one_of_its_parts(workbook, tmp_path, missing):
    torn = tmp_path / "torn.xlsx"
    with zipfile.ZipFile(workbook([HEADER])) as old, zipfile.ZipFile(torn, "w") as new:
        for name in old.namelist():
            if name != missing:
                new.writestr(name, old.read(name))
    with pytest.raises(BadInput, match=r"torn\.xlsx"):
        read_grid(torn, HEADER)


def test_entities_in_a_workbook_are_refused(workbook, tmp_path):
    """Without defusedxml, openpyxl would expand them: this workbook is whole but for the declaration."""
    trap = tmp_path / "trap.xlsx"
    with zipfile.ZipFile(workbook([HEADER])) as old, zipfile.ZipFile(trap, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaa">]>' + content.partition(b"?>")[2] or content
            new.writestr(name, content)
    with pytest.raises(BadInput, match="not an Excel workbook, or damaged"):
        read_grid(trap, HEADER)


def test_a_workbook_that_unpacks_to_more_than_is_sensible(workbook, monkeypatch):
    monkeypatch.setattr(grid, "LARGEST_WORKBOOK", 1000)
    with pytest.raises(BadInput, match="workbook is too large: expected at most 1000 bytes"):
        read_grid(workbook([HEADER]), HEADER)


def test_a_workbook_with_more_styles_than_is_sensible(workbook, monkeypatch):
    monkeypatch.setattr(grid, "LARGEST_STYLES", 100)
    with pytest.raises(BadInput, match="too many styles: expected at most 100 bytes"):
        read_grid(workbook([HEADER]), HEADER)


FAR = b'<row r="%d"><c r="XFD%d"/></row>'


def with_rows(path, *rows):
    return rewritten(path, SHEET, lambda it: it.replace(b"</sheetData>", b"".join(rows) + b"</sheetData>"))


def test_cells_at_the_far_end_of_a_sheet_take_no_memory(workbook):
    """Each line here has 16,384 cells, all empty: 128 KiB if they were kept."""
    path = with_rows(workbook([HEADER]), *(FAR % (line, line) for line in range(2, 400)))
    tracemalloc.start()
    try:
        assert read_grid(path, HEADER).rows == ()
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()


def test_a_sheet_with_more_cells_than_is_sensible(workbook, monkeypatch):
    monkeypatch.setattr(grid, "MOST_CELLS", 30_000)
    path = with_rows(workbook([HEADER]), FAR % (2, 2), FAR % (3, 3))
    with pytest.raises(BadInput, match=r"^changed\.xlsx:3: sheet is too large"):
        read_grid(path, HEADER)


def test_a_line_far_below_all_others_is_no_million_empty_ones(workbook, monkeypatch):
    monkeypatch.setattr(grid, "MOST_LINES", 1000)
    with pytest.raises(BadInput, match="sheet is too large: expected at most 1000 lines"):
        read_grid(with_rows(workbook([HEADER]), FAR % (2_000_000_000, 2_000_000_000)), HEADER)


def test_another_ending_is_no_table(tmp_path):
    with pytest.raises(BadInput, match=r"expected \.csv, \.tsv, \.txt or \.xlsx, found '\.xls'"):
        read_grid(tmp_path / "data.xls", HEADER)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_the_separator_is_the_one_that_finds_the_columns(text_file, separator):
    header = separator.join(["Zeit (h,mm; gerundet)", "state"]) if separator == "\t" else f"a{separator}state"
    found = read_grid(text_file(f"{header}\n1{separator}waiting\n"), ["state"])
    assert [row.cells for row in found.rows] == [{"state": "waiting"}]


def test_a_header_that_is_too_long_is_refused(text_file):
    with pytest.raises(BadInput, match=r"data\.csv:1: not a CSV file: field larger than"):
        read_grid(text_file("a" * 200_000 + ",state\n"), ["state"])


def test_only_wanted_columns_are_kept(text_file):
    found = read_grid(text_file("state,Operator\nwaiting,Anna Example\n"), ["state"])
    assert "Anna" not in repr(found)


def test_a_row_over_several_lines_is_named_by_its_first(text_file):
    found = read_grid(text_file('state,note\nwaiting,"a\nb"\nassembly,c\n'), ["state"])
    assert [row.source for row in found.rows] == ["data.csv:2", "data.csv:4"]


def test_workbooks_are_read_by_the_guarded_parser_even_beside_lxml():
    """With lxml installed, openpyxl would take that instead, and entities would be its business."""
    code = "import storage.importers.grid; from openpyxl.xml import DEFUSEDXML, LXML; print(DEFUSEDXML, LXML)"
    root = Path(__file__).resolve().parents[3]
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["True", "False"], done.stderr
