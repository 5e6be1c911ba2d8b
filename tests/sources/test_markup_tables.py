"""HTML and XML tables called .xls: read, or named for what they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from followertui.domain.errors import BadInput
from followertui.sources.formats import inspect_table, read_batches
from followertui.sources.text_files import look_at

HEAD = '<html xmlns:x="urn:schemas-microsoft-com:office:excel"><head><meta charset="UTF-8"></head><body>'
HTML = (
    HEAD + '<table border="1"><tr><th>Account Name</th><th>Website</th><th>Type</th></tr>'
    '<tr><td>Nordkap AG</td><td><a href="http://nordkap.example">nordkap.example</a></td><td>Customer</td></tr>'
    "<tr><td>M&uuml;hle &amp; Sohn</td><td></td><td>Prospect</td></tr></table></body></html>"
)
XML = (
    '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>\n'
    '<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" '
    'xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet ss:Name="A"><Table><Row><Cell><Data ss:Type="String">Account Name</Data></Cell>'
    '<Cell><Data ss:Type="String">Website</Data></Cell><Cell><Data ss:Type="String">Type</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">Nordkap AG</Data></Cell>'
    '<Cell><Data ss:Type="String">nordkap.example</Data></Cell>'
    '<Cell><Data ss:Type="String">Customer</Data></Cell></Row>'
    '<Row><Cell><Data ss:Type="String">Mühle &amp; Sohn</Data></Cell>'
    '<Cell ss:Index="3"><Data ss:Type="String">Prospect</Data></Cell></Row></Table></Worksheet></Workbook>'
)
ROWS = [["Nordkap AG", "nordkap.example", "Customer"], ["Mühle & Sohn", "", "Prospect"]]


def rows_of(path: Path, text: str, encoding: str = "utf-8") -> list[list[str]]:
    path.write_bytes(text.encode(encoding))
    shape = inspect_table(look_at(path))
    assert shape.header == ("Account Name", "Website", "Type")
    rows = [row for batch in read_batches(shape) for row in batch.rows]
    assert shape.row_estimate == len(rows)
    return rows


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("text", [HTML, XML, HTML.upper().replace("&UUML;", "&uuml;").replace("&AMP;", "&amp;")])
def test_a_table_called_xls_is_read(text: str, encoding: str, tmp_path: Path) -> None:
    path = tmp_path / "report.xls"
    path.write_bytes(text.encode(encoding))
    rows = [row for batch in read_batches(inspect_table(look_at(path))) for row in batch.rows]
    assert [[cell.lower() for cell in row] for row in rows] == [[cell.lower() for cell in row] for row in ROWS]


def test_rows_and_cells_that_are_not_closed_end_with_the_next(tmp_path: Path) -> None:
    loose = HTML.replace("</td>", "").replace("</tr>", "").replace("</th>", "")
    assert rows_of(tmp_path / "report.xls", loose) == ROWS


def test_scripts_styles_and_spans_do_not_shift_a_row(tmp_path: Path) -> None:
    text = HTML.replace("<table", "<style>td{}</style><script>'<td>'</script><table")
    text = text.replace("<td>Nordkap AG</td>", "<td><b>Nordkap</b> AG<script>x()</script></td>")
    text = text.replace("</table>", '<tr><td colspan="2">Wide</td><td>Other</td></tr></table>')
    assert rows_of(tmp_path / "report.xls", text) == [*ROWS, ["Wide", "", "Other"]]


def test_a_long_table_is_read_in_pieces(tmp_path: Path) -> None:
    more = "".join(f"<tr><td>Firm {n}</td><td>firm{n}.example</td><td>Other</td></tr>" for n in range(3000))
    rows = rows_of(tmp_path / "report.xls", HTML.replace("</table>", f"{more}</table>"))
    assert rows[2:] == [[f"Firm {n}", f"firm{n}.example", "Other"] for n in range(3000)]


@pytest.mark.parametrize(("page", "what"), [
    ("<!doctype html><title>Sign in</title><form></form>", "this is a web page, not an export"),
    ("<?xml version='1.0'?><html><body/></html>", "this is a web page, not an export"),
    ("<?xml version='1.0'?><feed/>", "this is a feed"),
    ("<?xml version='1.0'?><graphml xmlns='x'><graph/></graphml>", "export its edges as CSV"),
    ("<?xml version='1.0'?>\n<!-- a list -->\n<opml version='2.0'/>", "one @handle a line"),
    ("<?xml version='1.0'?><office:document xmlns:office='x'><table:table/></office:document>", "save it as .ods"),
    ("<?xml version='1.0'?><people><person/></people>", "XML that holds no table"),
])  # fmt: skip
def test_a_page_without_a_table_is_no_export(page: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "report.xls"
    path.write_text(page)
    with pytest.raises(BadInput, match=what):
        look_at(path)
