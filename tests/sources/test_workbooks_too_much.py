"""Workbooks that reach too far, unpack to too much or are damaged cost one line, and no process of ours."""

import os
import zipfile

import pytest
from workbook_files import write_workbook

from followertui.domain.errors import BadInput
from followertui.sources import workbook_sizes
from followertui.sources.formats import inspect_table, read_batches
from followertui.sources.text_files import look_at
from followertui.sources.workbook_sizes import measured
from followertui.sources.workbooks import read_sheet

ROWS = [["Company", "Website"], ["Globex", "globex.example"], ["Initech", "initech.example"]]
SHEET = "xl/worksheets/s0.xml"
STRINGS = (
    '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>real</t></si><si><t> </t></si></sst>'
)


def rewritten(path, change, extra=()):
    """A small workbook whose sheet is changed as bytes."""
    write_workbook(path, {"Clients": ROWS})
    with zipfile.ZipFile(path) as book:
        parts = {name: book.read(name) for name in book.namelist()}
    parts[SHEET] = change(parts[SHEET])
    parts.update(extra)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        for name, text in parts.items():
            book.writestr(name, text)
    return path


def with_row(path, row):
    return rewritten(path, lambda text: text.replace(b"</sheetData>", row.encode() + b"</sheetData>"))


def refusal(path):
    with pytest.raises(BadInput) as caught:
        list(read_sheet(path, None).rows)
    return str(caught.value)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="Z1048576" s="1"/>',
        '<c r="Z1048576" t="inlineStr"><is><t></t></is></c>',
        '<c r="Z1048576" t="inlineStr"><is><t> </t></is></c>',
        '<c r="XFD1048576" t="str"><v></v></c>',
    ],
)
def test_a_stray_blank_far_away_is_left_out(tmp_path, cell):
    shape = inspect_table(look_at(with_row(tmp_path / "stray.xlsx", f'<row r="1048576">{cell}</row>')))
    assert (shape.header, shape.row_estimate) == (("Company", "Website"), 2)
    assert [batch.rows for batch in read_batches(shape)] == [ROWS[1:]]


def test_a_stray_blank_among_shared_strings_is_left_out(tmp_path):
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r0" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
        'Target="worksheets/s0.xml"/><Relationship Id="r9" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
        'relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
    )
    far = b'<row r="9"><c r="A9" t="s"><v>0</v></c></row><row r="1048576"><c r="Z1048576" t="s"><v>1</v></c></row>'
    path = rewritten(
        tmp_path / "shared.xlsx",
        lambda text: text.replace(b"</sheetData>", far + b"</sheetData>"),
        {"xl/sharedStrings.xml": STRINGS, "xl/_rels/workbook.xml.rels": rels},
    )
    sheet = read_sheet(path, None)
    assert sheet.row_count == 9
    assert list(sheet.rows)[8] == ["real", ""]


def test_a_filled_cell_far_away_is_refused_with_its_place(tmp_path):
    path = with_row(tmp_path / "far.xlsx", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    text = refusal(path)
    assert "XFD1048576" in text
    assert "17,179,869,184 cells" in text
    assert "\n" not in text


@pytest.mark.parametrize("place", ["A0", "1A", "", "ZZZZZZZZZZZ1", "A99999999999999999999", "A1A1", "XFE1", "A1048577"])
def test_a_cell_no_sheet_has_is_refused(tmp_path, place):
    assert "which no sheet has" in refusal(with_row(tmp_path / "bad.xlsx", f'<row><c r="{place}"><v>1</v></c></row>'))


def test_what_ends_the_reader_is_one_line(tmp_path, monkeypatch):
    path = with_row(tmp_path / "abort.xlsx", "")
    monkeypatch.setattr("followertui.sources.workbooks._START", "import os; os.abort()")
    text = refusal(path)
    assert "too much memory" in text
    assert "\n" not in text


def test_what_unpacks_to_too_much_is_refused_before_it_is_read(tmp_path, monkeypatch):
    path = with_row(tmp_path / "bomb.xlsx", "")
    monkeypatch.setattr(workbook_sizes, "MOST_BYTES", 500)
    with pytest.raises(BadInput, match="too much for a table"):
        measured(path, "bomb.xlsx")


def test_a_size_that_lies_is_found(tmp_path):
    path = rewritten(
        tmp_path / "liar.xlsx", lambda text: text.replace(b"</sheetData>", b" " * 200_000 + b"</sheetData>")
    )
    whole = path.read_bytes()
    size = zipfile.ZipFile(path).getinfo(SHEET).file_size
    assert whole.count(size.to_bytes(4, "little")) == 2
    path.write_bytes(whole.replace(size.to_bytes(4, "little"), (300).to_bytes(4, "little")))
    assert "damaged" in refusal(path)


def test_a_folder_with_modules_of_the_same_names_changes_nothing(tmp_path, monkeypatch):
    for name in ("json", "resource", "python_calamine", "followertui"):
        (tmp_path / f"{name}.py").write_text("raise SystemExit(9)", encoding="utf-8")
    path = with_row(tmp_path / "plain.xlsx", "")
    monkeypatch.chdir(tmp_path)
    assert list(read_sheet(path, None).rows) == ROWS


def test_a_name_that_is_no_utf_8_is_read(tmp_path):
    path = with_row(tmp_path / os.fsdecode(b"caf\xe9.xlsx"), "")
    assert list(read_sheet(path, "Clients").rows) == ROWS
