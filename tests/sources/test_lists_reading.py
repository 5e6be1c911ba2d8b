import pytest

from followertui.domain.errors import BadInput
from followertui.domain.kind import Kind
from followertui.domain.lists import ListEntry
from followertui.sources.lists import kind_of_value, read_list
from followertui.sources.problems import Problem
from followertui.sources.recognising import describe, recognise


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
