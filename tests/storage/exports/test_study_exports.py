import csv
import json

import pytest

from productivity.result_table import Column, Kind, ResultTable
from productivity.time import SECOND
from storage.exports.delimited import GERMAN, INTERNATIONAL, delimited_bytes
from storage.exports.json_document import json_bytes, schema_bytes, schema_of
from storage.exports.spreadsheet_text import harmless
from storage.exports.workbook import sheet_names, workbook_bytes

HOUR = 3600 * SECOND
TABLE = ResultTable(
    key="states",
    title="Zustände",
    columns=(
        Column("state", "Zustand"),
        Column("total", "Summe", Kind.HOURS),
        Column("mean", "Mittel", Kind.SECONDS),
        Column("portion", "Anteil", Kind.SHARE),
        Column("pieces", "Stück", Kind.COUNT),
        Column("kappa", "Kappa", Kind.NUMBER),
        Column("estimated", "geschätzt", Kind.FLAG),
    ),
    rows=(
        ("Prüfung", 1234 * HOUR + HOUR // 2, 2 * SECOND, 0.125, 1200, 0.75, True),
        ('=HYPERLINK("x")', 0, None, 0.0, None, None, False),
    ),
    note="eine Anmerkung",
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("screwing", "screwing"),
        ("", ""),
        ("a=b", "a=b"),
        ("=1+1", "'=1+1"),
        ("+49", "'+49"),
        ("-waiting", "'-waiting"),
        ("@sum(a1)", "'@sum(a1)"),
        ("\tx", "'\tx"),
        ("\rx", "'\rx"),
        ("  =1", "'  =1"),
        ("＝1", "'＝1"),
    ],
)
def test_text_that_a_spreadsheet_would_run_is_made_harmless(text, expected):
    assert harmless(text) == expected


def read(path, **form):
    with path.open(encoding=form.pop("encoding"), newline="") as file:
        return list(csv.reader(file, **form))


def test_international_csv_has_keys_points_and_commas(tmp_path):
    (tmp_path / "a.csv").write_bytes(delimited_bytes(TABLE, INTERNATIONAL))
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith(b"state,total_h,mean_s,portion_percent,pieces,kappa,estimated\n")
    assert read(tmp_path / "a.csv", encoding="utf-8")[1:] == [
        ["Prüfung", "1234.5", "2", "12.5", "1200", "0.75", "1"],
        ['\'=HYPERLINK("x")', "0", "", "0", "", "", "0"],
    ]


def test_german_csv_opens_by_double_click_in_a_german_excel(tmp_path):
    """Byte order mark, semicolons, decimal commas and lines that end as Windows ends them."""
    (tmp_path / "a.csv").write_bytes(delimited_bytes(TABLE, GERMAN))
    raw = (tmp_path / "a.csv").read_bytes()
    assert raw.startswith("\ufeffZustand;Summe [h];Mittel [s];Anteil [%];Stück;Kappa;geschätzt\r\n".encode())
    first = read(tmp_path / "a.csv", encoding="utf-8-sig", delimiter=";")[1]
    assert first == ["Prüfung", "1234,5", "2", "12,5", "1200", "0,75", "1"]


def test_json_keeps_whole_nanoseconds_and_fits_its_schema(tmp_path):
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    (tmp_path / "a.json").write_bytes(json_bytes([TABLE], "cell", schema="a.schema.json"))
    (tmp_path / "a.schema.json").write_bytes(schema_bytes([TABLE]))
    found = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
    schema = json.loads((tmp_path / "a.schema.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(found, schema)
    assert found["states"][0]["total_ns"] == 1234 * HOUR + HOUR // 2
    assert found["states"][0]["portion"] == 0.125
    assert found["states"][1] == {
        "state": '=HYPERLINK("x")',
        "total_ns": 0,
        "mean_ns": None,
        "portion": 0.0,
        "pieces": None,
        "kappa": None,
        "estimated": False,
    }
    found["states"][0]["total_ns"] = 0.5
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(found, schema)


def test_json_has_no_number_that_json_does_not_know(tmp_path):
    table = ResultTable("t", "t", (Column("a", "a", Kind.NUMBER),), ((float("inf"),), (float("nan"),)))
    (tmp_path / "a.json").write_bytes(json_bytes([table], "cell"))
    assert json.loads((tmp_path / "a.json").read_text())["t"] == [{"a": None}, {"a": None}]


def test_the_schema_depends_on_the_columns_alone():
    empty = ResultTable(TABLE.key, "another language", TABLE.columns, ())
    assert schema_of([empty]) == schema_of([TABLE])


def test_a_workbook_has_formats_frozen_headings_and_no_formula(tmp_path):
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    (tmp_path / "a.xlsx").write_bytes(workbook_bytes([TABLE, TABLE]))
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["Zustände", "Zustände 2"]
    sheet = book["Zustände"]
    assert [cell.value for cell in sheet[1]][:4] == ["Zustand", "Summe [h]", "Mittel [s]", "Anteil"]
    assert [cell.value for cell in sheet[2]] == ["Prüfung", 1234.5, 2, 0.125, 1200, 0.75, True]
    assert [cell.value for cell in sheet[3]] == ['=HYPERLINK("x")', 0, None, 0, None, None, False]
    assert sheet["A3"].data_type == "s", "a formula would be of type f"
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == "A1:G3"
    assert sheet["D2"].number_format == "0.0%"
    assert sheet["B2"].number_format == "#,##0.0"
    assert sheet["A5"].value == "eine Anmerkung"


@pytest.mark.parametrize(
    ("titles", "expected"),
    [
        (["a", "b"], ["a", "b"]),
        (["a", "A"], ["a", "A 2"]),
        (["a/b[c]:d*e?f\\g"], ["a b c  d e f g"]),
        (["x" * 40, "x" * 40], ["x" * 31, "x" * 29 + " 2"]),
        (["'quoted'"], ["quoted"]),
        ([""], ["-"]),
    ],
)
def test_names_of_sheets_are_those_that_excel_allows(titles, expected):
    assert sheet_names(titles) == expected


def test_a_row_of_another_length_is_refused():
    with pytest.raises(ValueError, match="expected 1 values, found 2"):
        ResultTable("t", "t", (Column("a", "a"),), ((1, 2),))
