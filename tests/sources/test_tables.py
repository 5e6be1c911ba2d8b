import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from workbook_files import write_workbook

from followertui.domain.errors import BadInput
from followertui.sources.column_names import parse_map, shape_of
from followertui.sources.formats import inspect_table, read_batches
from followertui.sources.problems import row_problem, value_problem, write_problems
from followertui.sources.sniffing import folder_hash
from followertui.sources.text_files import look_at

CELLS = st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12).map(str.strip)
WORDS = st.sampled_from(["", "a", "b,c", 'q"q', "two\nlines", "ünï", "3", "x;y", "tab\there"])


def rows_of(path, sheet=None):
    return [
        (line, row)
        for batch in read_batches(inspect_table(look_at(path), sheet))
        for line, row in zip(batch.lines, batch.rows, strict=True)
    ]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.tuples(st.one_of(CELLS, WORDS), st.one_of(CELLS, WORDS), CELLS), min_size=3, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_a_writer_wrote_is_read_with_its_line(tmp_path, rows, delimiter, encoding, quoting):
    rows = [(f"user{number}", *row) for number, row in enumerate(rows)]
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, quoting=quoting)
    writer.writerow(("username", "bio", "location", "website"))
    starts = []
    for row in rows:
        starts.append(out.getvalue().count("\n") + 1)
        writer.writerow(row)
    path = tmp_path / "table.csv"
    path.write_bytes(out.getvalue().encode(encoding))
    assert rows_of(path) == [(line, list(row)) for line, row in zip(starts, rows, strict=True)]


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.one_of(
        st.binary(min_size=1, max_size=400), st.text(max_size=200).map(lambda t: t.encode("utf-8", "ignore"))
    )
)
def test_any_bytes_are_read_or_refused_with_one_line(tmp_path, content):
    path = tmp_path / "any.csv"
    path.write_bytes(content)
    said = ""
    try:
        width = len(inspect_table(look_at(path)).header)
        assert all(len(row) == width for _, row in rows_of(path))
    except BadInput as refusal:
        said = str(refusal)
    assert "\n" not in said


def test_line_numbers_stand_below_a_preamble(tmp_path):
    path = tmp_path / "p.csv"
    path.write_text(
        'Notes:\n"a, long\nparagraph, of text"\n\nFirst Name,Last Name,Company\nAnn,Lee,Acme\nBo,Ray,Globex\n'
    )
    shape = inspect_table(look_at(path))
    assert shape.header_line == 5
    assert rows_of(path) == [(6, ["Ann", "Lee", "Acme"]), (7, ["Bo", "Ray", "Globex"])]


def test_a_footer_ends_the_rows_but_a_company_called_total_does_not(tmp_path):
    path = tmp_path / "f.csv"
    path.write_text(
        "Account Name,City,Type\nTotal Energies,Paris,Customer\nAcme,Bonn,Lead\nGrand Totals (2 records),,\n\nx,,\n"
    )
    assert [row[0] for _, row in rows_of(path)] == ["Total Energies", "Acme"]


def test_batches_hold_at_most_five_hundred_rows(tmp_path):
    path = tmp_path / "many.csv"
    path.write_text("username,followers\n" + "".join(f"u{n},{n}\n" for n in range(1203)))
    sizes = [len(batch.rows) for batch in read_batches(inspect_table(look_at(path)))]
    assert sizes == [500, 500, 203]
    assert inspect_table(look_at(path)).row_estimate == 1203


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    with pytest.raises(BadInput, match="no such file"):
        inspect_table(look_at(tmp_path / "gone.csv"))
    with pytest.raises(BadInput, match="folder"):
        inspect_table(look_at(tmp_path))


@pytest.mark.parametrize(
    ("pair", "hint"),
    [
        ("Compani=company", "did you mean 'Company'"),
        ("Company=compny", "did you mean 'company'"),
        ("Company", "write COLUMN=FIELD"),
        ("Zzz=company", "there are: Company, Web site"),
    ],
)
def test_a_wrong_map_names_the_nearest(pair, hint):
    with pytest.raises(BadInput, match=hint):
        parse_map([pair], ["Company", "Web site"], ["company", "domain"])


def test_a_map_takes_columns_without_case_and_spaces():
    assert parse_map(["website=domain", "Company="], ["Company", "Web site"], ["company", "domain"]) == {
        "Web site": "domain",
        "Company": "",
    }


def test_the_shape_of_a_table_is_its_headers():
    assert shape_of(["Company Name", "E-mail"]) == shape_of(["company_name", "e mail"])
    assert shape_of(["a", "b"]) != shape_of(["b", "a"])


def test_the_hash_of_a_folder_follows_content_and_names(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "x.js").write_text("1")
    before = folder_hash(tmp_path / "a")
    assert before == folder_hash(tmp_path / "a")
    (tmp_path / "a" / "x.js").rename(tmp_path / "a" / "y.js")
    assert folder_hash(tmp_path / "a") != before


def test_problems_are_saved_harmlessly(tmp_path):
    problems = [
        value_problem(2, "id", "=cmd()", "no id"),
        row_problem(3, "x", "no id", "id"),
        row_problem(9, "y", "empty"),
    ]
    path = tmp_path / "p.csv"
    assert write_problems(path, problems) == 3
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1] == ["2", "id", "'=cmd()", "no id", "taken"]
    assert rows[2][4] == "left out"


@pytest.mark.parametrize("blank", ["", ";;", "   ", '"";"";""'])
@pytest.mark.parametrize("count", [0, 39, 41, 120, 1000])
def test_blank_lines_above_a_table_count_for_line_numbers_only(tmp_path, blank, count):
    path = tmp_path / "report.csv"
    path.write_text(f"{blank}\n" * count + "Company;Website;City\nAcme;acme.example;Ulm\nGlobex;globex.example;Linz\n")
    shape = inspect_table(look_at(path))
    assert (shape.header, shape.header_line) == (("Company", "Website", "City"), count + 1)
    assert (shape.row_estimate, shape.is_counted) == (2, True)
    assert rows_of(path) == [
        (count + 2, ["Acme", "acme.example", "Ulm"]),
        (count + 3, ["Globex", "globex.example", "Linz"]),
    ]


@pytest.mark.parametrize("form", ["xlsx", "html"])
def test_blank_rows_above_a_sheet_count_for_line_numbers_only(tmp_path, form):
    path = tmp_path / f"report.{form}"
    rows = [[""]] * 300 + [["Company", "Website"], ["Acme", "acme.example"]]
    if form == "xlsx":
        write_workbook(path, {"Sheet": rows})
    else:
        path.write_text("<table>" + "".join(f"<tr><td>{'</td><td>'.join(row)}</td></tr>" for row in rows) + "</table>")
    shape = inspect_table(look_at(path))
    assert (shape.header, shape.header_line, shape.row_estimate) == (("Company", "Website"), 301, 1)
    assert rows_of(path) == [(302, ["Acme", "acme.example"])]
