import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from one_by_one import read_list

from followertui.domain.errors import BadInput
from followertui.domain.kind import Kind
from followertui.domain.lists import ListEntry
from followertui.sources.list_columns import guess_list_columns
from followertui.sources.list_values import column_values, kind_of_value
from followertui.sources.problems import Problem
from followertui.sources.recognising import describe, recognise
from followertui.text.cleaning import clean_column


def entries_of(tmp_path, text, **options):
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    return list(read_list(path, **options))


HUBSPOT = (
    "Record ID,Company name,Company Domain Name,Company owner,City,Country/Region,Lifecycle Stage,Twitter Handle\n"
    "11,Acme GmbH,www.Acme.de; acme.com,Kim,Bonn,Germany,Customer,@acme\n"
    "12,Globex,<a href=https://globex.com/x>globex</a>,Lee,Rome,Italy,Opportunity,https://x.com/Globex\n"
    "13,Initech,,Lee,,,Strange,\n"
)


def test_a_hubspot_list_keeps_record_owner_domains_and_original_columns(tmp_path):
    first, second, third = entries_of(tmp_path, HUBSPOT)
    assert first == ListEntry(
        line=2,
        company="Acme GmbH",
        domains=("acme.de", "acme.com"),
        handles=("acme",),
        city="Bonn",
        country="Germany",
        owner="Kim",
        crm_id="11",
        fields=first.fields,
    )
    assert first.fields["Company Domain Name"] == "www.Acme.de; acme.com"
    assert (second.domains, second.handles) == (("globex.com",), ("globex",))
    assert (third.company, third.kind) == ("Initech", None)


def test_kinds_come_from_a_column_only_when_asked(tmp_path):
    found = entries_of(tmp_path, HUBSPOT, kind_from="lifecycle stage")
    kinds = [one.kind for one in found if isinstance(one, ListEntry)]
    assert kinds == [Kind.CUSTOMER, Kind.PROSPECT, None]
    assert [one.line for one in found if isinstance(one, Problem)] == [4]
    assert recognise(tmp_path / "list.csv").kind_columns == ("Lifecycle Stage",)
    with pytest.raises(BadInput, match="did you mean 'Lifecycle Stage'"):
        entries_of(tmp_path, HUBSPOT, kind_from="Lifecicle Stge")


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ("Customer - Direct", Kind.CUSTOMER),
        ("Kunde", Kind.CUSTOMER),
        ("Sales Qualified Lead", Kind.PROSPECT),
        ("見込み客", Kind.PROSPECT),
        ("Channel Partner / Reseller", Kind.PARTNER),
        ("Competitor", Kind.COMPETITOR),
        ("Former customer", None),
        ("Other", None),
    ],
)
def test_words_of_crms_stand_for_kinds(value, kind):
    assert kind_of_value(value) is kind


@pytest.mark.parametrize(
    ("header", "values", "field"),
    [
        ("HQ Location", ["Berlin, Germany", "Austin, TX"], "region"),
        ("office_location", ["Kenya", "Germany"], "region"),
        ("HQ Country", ["Kenya", "Germany"], "country"),
        ("Standort", ["Bonn", "Ulm"], "region"),
        ("First", ["Dana", "Kim"], "first_name"),
        ("Primary Contact", ["Dana Ortiz", "Kim Lee"], "person"),
        ("CSM", ["Dana Ortiz", "Kim Lee"], "owner"),
        ("Customer Status", ["Customer", "Lead"], "kind"),
        ("Status", ["green", "red"], ""),
        ("Last Activity", ["2026-01-01", "2026-02-01"], ""),
    ],
)
def test_headers_people_type_by_hand(header, values, field):
    guesses = guess_list_columns(("Company", header), [[f"Firm {n}", value] for n, value in enumerate(values)])
    assert (guesses[0].field, guesses[1].field) == ("company", field)


def test_people_and_companies_in_one_file(tmp_path):
    text = (
        "First Name,Last Name,Job Title,Email,Company Name,Website,Opted in\n"
        "Ann,Lee,CEO,Ann@Acme.de,Acme,acme.de,yes\n,,,,Globex,globex.com,no\nBo,Ray,,bo@gmail.com,,,\n"
    )
    ann, globex, bo = entries_of(tmp_path, text)
    assert (ann.first_name, ann.title, ann.emails, ann.company, ann.opted_in) == (
        "Ann",
        "CEO",
        ("ann@acme.de",),
        "Acme",
        True,
    )
    assert (globex.company, globex.last_name, globex.opted_in) == ("Globex", "", False)
    assert (bo.domains, bo.emails, bo.opted_in) == ((), ("bo@gmail.com",), None)
    assert describe(recognise(tmp_path / "list.csv")) == "CSV list, 3 people and companies"


def test_hostile_cells_stay_text(tmp_path):
    (entry,) = entries_of(tmp_path, 'Company,Website\n"=cmd|x [/red]\x1b[31m\u202e",acme.de\n')
    assert entry.company == "=cmd|x [/red]"
    assert entry.fields["Company"] == "=cmd|x [/red]"


def test_a_list_that_names_nobody_is_refused(tmp_path):
    with pytest.raises(BadInput, match="--map COLUMN=company"):
        entries_of(tmp_path, "Amount,When\n12,2020-01-01\n13,2020-01-02\n")


SITES = st.from_regex(r"(https?://)?(www\.)?[a-z0-9.-]{1,30}\.[a-z]{2,6}/?", fullmatch=True)


@given(SITES)
@example("www.com")
@example("https://a.b.co.uk/")
@example("x-.de")
def test_a_plain_site_is_read_like_one_of_several(site):
    assert column_values("domain", [site], [site]) == column_values("domain", [f"{site} ;"], [f"{site} ;"])


NAMES = st.text(alphabet="ab <b>&amp;'=\n\u202e\u00e9-", max_size=12)


@given(st.lists(NAMES, min_size=1, max_size=4))
@example(["<", "-\u202e"])
@example(["'=1", "<b>n/a</b>"])
def test_a_column_of_names_is_read_like_its_cells(cells):
    def read(some):
        return column_values("company", some, clean_column(some, limit=4000, keep_lines=True))

    assert read(cells) == [value for cell in cells for value in read([cell])]


def test_markup_and_guards_go_from_a_name_beside_plain_ones(tmp_path):
    found = entries_of(tmp_path, "Company,Website\nGlobex,globex.com\n'=SUM(A1),\nO'Neil & <b>Sons</b>,\nn/a,x.org\n")
    assert [one.company for one in found] == ["Globex", "=SUM(A1)", "O'Neil & Sons", ""]
    assert found[2].fields["Company"] == "O'Neil & <b>Sons</b>"


def test_two_columns_of_one_field_add_up(tmp_path):
    text = "Company,Website,Other Website\nGlobex,globex.com,https://www.globex.de\nHooli,,hooli.com\n"
    mapping = {"Website": "domain", "Other Website": "domain"}
    assert [one.domains for one in entries_of(tmp_path, text, mapping=mapping)] == [
        ("globex.com", "globex.de"),
        ("hooli.com",),
    ]


@pytest.mark.parametrize(
    ("names", "field", "why"),
    [
        (["Dana Ortiz", "Tom Baker", "Priya Natarajan"], "person", "2 of 3 begin with a given name, so people"),
        (["Globex", "Initech", "Hooli Networks", "Morgan Freight"], "company", "may be people or companies"),
        (["Globex", "Initech", "Hooli Networks"], "company", "a name, and nothing about a person"),
        (["Tom Baker GmbH", "Maria Weber Ltd", "Anna Cole Inc"], "company", "may be people or companies"),
        (["Tom Baker", "Anna Cole"], "company", "a name, and nothing about a person"),
    ],
)
def test_a_name_beside_a_handle_is_told_by_its_values(names, field, why):
    name, handle = guess_list_columns(["Name", "X handle"], [[one, f"user_{at}"] for at, one in enumerate(names)])
    assert (name.field, handle.field) == (field, "handle")
    assert name.why.startswith(why)
