"""Lists: entries come and go with newer files, and stand for one company or person across lists."""

from __future__ import annotations

import pytest
from importing_bench import Bench, accounts

from followertui.domain.errors import BadInput, NothingToDo
from followertui.domain.kind import Kind
from followertui.domain.lists import EntityAlias, ListEntry
from followertui.domain.progress import NeverCancelled, drained
from followertui.services.insight import company_brief
from followertui.services.intake import inspecting
from followertui.services.intake.values import ImportChoices
from followertui.services.review import undoing
from followertui.services.scoring import matching
from followertui.services.session import Session
from followertui.store.file import watermarks
from followertui.store.lists import listings, lists, match_counts

COMPANIES = "Company name,Company Domain Name,City"
OWN = {"what": "list", "kind": "customer", "basis": "own-records"}


def companies(bench: Bench, name: str = "customers") -> set[str]:
    ids = {info.id for info in lists.lists(bench.store) if info.name == name}
    return {entry.company for entry in lists.entries(bench.store) if entry.list_id in ids}


def test_a_newer_file_marks_what_left(bench: Bench) -> None:
    old = bench.write("old.csv", COMPANIES, [("Globex", "globex.com", "Ulm"), ("Initech", "initech.com", "Bonn")])
    report = bench.bring(old, name="customers", as_of="2026-01-01", **OWN)
    assert (report.added, report.left) == (2, 0)
    new = bench.write("new.csv", COMPANIES, [("Globex", "globex.com", "Ulm"), ("Hooli", "hooli.com", "Köln")])
    report = bench.bring(new, name="customers", as_of="2026-02-01", **OWN)
    assert (report.added, report.updated, report.unchanged, report.left) == (1, 0, 1, 1)
    assert companies(bench) == {"Globex", "Hooli"}
    bench.undo()
    assert companies(bench) == {"Globex", "Initech"}
    bench.redo()
    assert companies(bench) == {"Globex", "Hooli"}


def test_an_older_file_takes_nothing_away(bench: Bench) -> None:
    new = bench.write("new.csv", COMPANIES, [("Globex", "globex.com", "Ulm")])
    bench.bring(new, name="customers", as_of="2026-02-01", **OWN)
    old = bench.write("old.csv", COMPANIES, [("Initech", "initech.com", "Bonn")])
    report = bench.bring(old, name="customers", as_of="2026-01-01", **OWN)
    assert companies(bench) == {"Globex"}
    assert any("older" in note for note in report.notes)


def test_an_entry_is_known_again_by_its_crm_id(bench: Bench) -> None:
    header = "Record ID,Company name,Company Domain Name"
    bench.bring(bench.write("a.csv", header, [(17, "Globex", "globex.com")]), name="c", as_of="2026-01-01", **OWN)
    before = next(lists.entries(bench.store))
    report = bench.bring(
        bench.write("b.csv", header, [(17, "Globex SE", "globex.com")]), name="c", as_of="2026-02-01", **OWN
    )
    after = next(lists.entries(bench.store))
    assert (report.added, report.updated, report.left) == (0, 1, 0)
    assert (after.id, after.entity_id, after.company) == (before.id, before.entity_id, "Globex SE")
    bench.undo()
    assert next(lists.entries(bench.store)) == before


def test_the_same_list_again_changes_nothing(bench: Bench) -> None:
    path = bench.write("customers.csv", COMPANIES, [("Globex", "globex.com", "Ulm"), ("Globex", "globex.com", "Ulm")])
    report = bench.bring(path, **OWN)
    assert (report.added, report.merged) == (1, 1)
    before = bench.everything()
    assert bench.bring(path, **OWN).is_repeat
    assert bench.everything() == before


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        (("Globex", "globex.com", ""), ("Globex Holding", "www.globex.com", ""), True),
        (("Globex", "", ""), ("GLOBEX", "", ""), True),
        (("Globex", "globex.com", ""), ("Globex", "globex.de", ""), False),
        (("Herald", "", "Ulm"), ("Herald", "", "Bonn"), False),
        (("Globex", "", ""), ("Globix", "", ""), False),
        (("Globex", "gmail.com", ""), ("Initech", "gmail.com", ""), False),
    ],
)
def test_entries_of_two_lists_are_one_by_domain_or_exact_name(
    bench: Bench, first: tuple[str, ...], second: tuple[str, ...], is_one: bool
) -> None:
    bench.bring(bench.write("a.csv", COMPANIES, [first]), **OWN)
    bench.bring(bench.write("b.csv", COMPANIES, [second]), **OWN)
    entities = {entry.entity_id for entry in lists.entries(bench.store)}
    assert (len(entities) == 1) is is_one


def test_one_name_twice_on_one_list_is_two(bench: Bench) -> None:
    bench.bring(bench.write("a.csv", COMPANIES, [("The Record", "", "Ulm"), ("The Record", "", "")]), **OWN)
    assert len({entry.entity_id for entry in lists.entries(bench.store)}) == 2


def test_branches_of_one_site_on_one_list_stay_apart(bench: Bench) -> None:
    rows = [("Globex", "globex.com", "Ulm"), ("Globex", "globex.com", "Bonn"), ("Globex", "globex.com", "")]
    bench.bring(bench.write("a.csv", COMPANIES, rows), **OWN)
    ulm, bonn, nowhere = (entry.entity_id for entry in lists.entries(bench.store))
    assert ulm != bonn
    assert nowhere == ulm


@pytest.mark.parametrize("size", [1, 7])
def test_entries_join_alike_however_many_are_read_at_a_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    names = ("Globex", "Globex Holding", "Herald", "Initech")
    sites = ("globex.com", "", "herald.com", "globex.de", "initech.com")
    rows = [(names[n % 4], sites[n % 5], ("", "Ulm", "Bonn")[n % 3]) for n in range(60)]
    path = bench.write("a.csv", COMPANIES, rows)
    other = Bench(bench.folder, "other.db")
    bench.bring(path, **OWN)
    monkeypatch.setattr("followertui.sources.lists.BATCH_ENTRIES", size)
    other.bring(path, **OWN)
    assert other.everything() == bench.everything()
    other.close()


def test_a_column_more_keeps_who_is_meant(bench: Bench) -> None:
    bench.bring(bench.write("a.csv", "Company name", [("Globex",), ("Initech",)]), name="c", as_of="2026-01-01", **OWN)
    before = {entry.company: entry.entity_id for entry in lists.entries(bench.store)}
    rows = [("Initech", "initech.com", "Bonn"), ("Globex", "globex.com", "Ulm")]
    report = bench.bring(bench.write("b.csv", COMPANIES, rows), name="c", as_of="2026-02-01", **OWN)
    assert (report.added, report.left) == (2, 2)
    assert {entry.company: entry.entity_id for entry in lists.entries(bench.store)} == before


def test_a_learned_alias_joins_later_lists(bench: Bench) -> None:
    bench.bring(bench.write("a.csv", COMPANIES, [("Globex", "globex.com", "")]), **OWN)
    entity = next(lists.entries(bench.store)).entity_id
    with bench.store.write() as con:
        listings.learn_alias(con, EntityAlias(entity, "name", "Globex Industries"), None)
    bench.bring(bench.write("b.csv", COMPANIES, [("Globex Industries", "", "")]), **OWN)
    assert {entry.entity_id for entry in lists.entries(bench.store)} == {entity}
    assert listings.aliases(bench.store) == [EntityAlias(entity, "name", "Globex Industries")]


def test_people_of_one_name_stay_two(bench: Bench) -> None:
    header = "First Name,Last Name,Email,Company"
    rows = [("Dana", "Ortiz", "", "Globex"), ("Dana", "Ortiz", "", "Initech"), ("Dana", "Ortiz", "d@globex.com", "")]
    bench.bring(bench.write("people.csv", header, rows), **OWN)
    assert len({entry.entity_id for entry in lists.entries(bench.store) if not entry.is_behind}) == 3


def test_everything_understood_comes_back(bench: Bench) -> None:
    header = "First Name,Last Name,Email,Company,Twitter,City,=cmd()"
    bench.bring(
        bench.write("p.csv", header, [("Dana", "Ortiz", "d@globex.com", "Globex", "@dana", "Ulm", "=1+1")]), **OWN
    )
    entry = next(lists.entries(bench.store))
    assert isinstance(entry, ListEntry)
    assert (entry.emails, entry.handles, entry.city) == (("d@globex.com",), ("dana",), "Ulm")
    assert entry.fields["First Name"] == "Dana"
    assert lists.entry(bench.store, entry.id) == entry


def test_dropped_lists_no_longer_count(bench: Bench) -> None:
    bench.bring(bench.write("a.csv", COMPANIES, [("Globex", "globex.com", "")]), **OWN)
    assert [(info.name, info.kind, info.entries) for info in lists.lists(bench.store)] == [("a", Kind.CUSTOMER, 1)]
    version = watermarks.LISTS_VERSION.read(bench.store)
    assert lists.drop(bench.store, "A", 5)
    assert watermarks.LISTS_VERSION.read(bench.store) != version
    assert not list(lists.entries(bench.store))
    assert not lists.lists(bench.store)
    assert lists.restore(bench.store, "a")
    assert len(list(lists.entries(bench.store))) == 1
    assert not lists.drop(bench.store, "nothing", 5)


@pytest.mark.parametrize("missing", ["kind", "basis"])
def test_what_a_list_is_must_be_said(bench: Bench, missing: str) -> None:
    path = bench.write("a.csv", COMPANIES, [("Globex", "globex.com", "")])
    with pytest.raises(BadInput, match=f"--{missing}"):
        bench.bring(path, **{**OWN, missing: None})


def test_a_list_being_read_is_not_matched_yet(bench: Bench) -> None:
    path = bench.write("a.csv", COMPANIES, [(f"Firm {n}", f"firm{n}.com", "") for n in range(2500)])
    job = bench.begin(path, **OWN)
    next(job)
    job.close()
    assert bench.one("SELECT count(*) FROM entry") == 2000
    assert not list(lists.entries(bench.store))
    bench.kill()
    assert bench.bring(path, **OWN).added == 2500
    assert len(list(lists.entries(bench.store))) == 2500


def test_a_look_writes_nothing_and_asks_the_rest(bench: Bench) -> None:
    path = bench.write("prospects.csv", COMPANIES, [("Globex", "globex.com", "Ulm")])
    before = bench.everything()
    look = inspecting.plan_import(bench.store, str(path), ImportChoices())
    assert (look.what, look.suggested_kind, look.suggested_name) == ("list", "prospect", "prospects")
    assert look.questions == ("kind", "basis")
    assert look.sample[0]["company"] == "Globex"
    assert {column.column: column.field for column in look.columns}["Company Domain Name"] == "domain"
    assert bench.everything() == before


def test_a_list_is_named_after_its_file_unless_another_has_that_name(bench: Bench) -> None:
    path = bench.write("export.csv", COMPANIES, [("Globex", "globex.com", "Ulm")])
    assert "name" not in inspecting.plan_import(bench.store, str(path), ImportChoices()).questions
    bench.bring(path, kind="customer", basis="own-records")
    assert [info.name for info in lists.lists(bench.store)] == ["export"]
    other = bench.write("Export.csv", COMPANIES, [("Initech", "initech.com", "Bonn")])
    look = inspecting.plan_import(bench.store, str(other), ImportChoices())
    assert (look.questions, look.suggested_name) == (("kind", "name", "basis"), "Export")


def test_a_list_gets_another_name_and_undo_gives_the_first_back(bench: Bench) -> None:
    session = Session(bench.store, bench.clock)
    bench.bring(bench.write("a.csv", COMPANIES, [("Globex", "globex.com", "Ulm")]), **{**OWN, "name": "A"})
    bench.bring(bench.write("b.csv", COMPANIES, [("Initech", "initech.com", "Bonn")]), **{**OWN, "name": "B"})
    with pytest.raises(BadInput, match='a list named "b"'):
        company_brief.rename_list(session, "a", "b")
    with pytest.raises(NothingToDo):
        company_brief.rename_list(session, "a", "A")
    assert company_brief.rename_list(session, "a", " Key  accounts ").startswith('list "A" renamed to "Key accounts"')
    names = [info.name for info in lists.lists(bench.store)]
    assert names == ["B", "Key accounts"]
    undoing.undo(session, force=True)
    assert [info.name for info in lists.lists(bench.store)] == ["A", "B"]
    undoing.redo(session, force=True)
    assert [info.name for info in lists.lists(bench.store)] == names


def test_a_mapping_is_remembered_for_the_shape_of_file(bench: Bench) -> None:
    header = "Firma X,Wo"
    first = bench.write("a.csv", header, [("Globex", "Ulm")])
    bench.bring(first, mapping={"Firma X": "company", "Wo": "city"}, **OWN)
    second = bench.write("b.csv", header, [("Initech", "Bonn")])
    look = inspecting.plan_import(bench.store, str(second), ImportChoices(what="list"))
    assert [(column.column, column.field) for column in look.columns] == [("Firma X", "company"), ("Wo", "city")]


def test_without_a_list_nobody_is_compared_and_former_matches_go(bench: Bench) -> None:
    session = Session(bench.store, bench.clock)
    bench.records(accounts("globex", "initech", name="Globex", site="https://globex.com"), 100)
    report = drained(matching.match(session, NeverCancelled()))
    assert (report.accounts, report.text.partition(":")[0]) == (0, "no list to compare with")
    assert not matching.is_behind(session)
    bench.bring(bench.write("a.csv", COMPANIES, [("Globex", "globex.com", "")]), name="customers", **OWN)
    assert drained(matching.match(session, NeverCancelled())).accounts == 2
    tied = match_counts.tied_rows(bench.store)
    assert tied
    lists.drop(bench.store, "customers", 1)
    drained(matching.match(session, NeverCancelled()))
    assert match_counts.tied_rows(bench.store) == []
    lists.restore(bench.store, "customers")
    drained(matching.match(session, NeverCancelled()))
    assert match_counts.tied_rows(bench.store) == tied


def test_a_renamed_company_of_a_small_report_is_known_again_by_its_record_id(bench: Bench) -> None:
    footer = (
        '\n"Accounts by owner"\n"Copyright (c) 2000-2026 salesforce.com, inc."\n"Generated By:  Anna  11/20/2026"\n'
    )
    head = '"Account ID","Account Name","Website"\n'
    rest = '"001A000001abcdE","Globex","globex.com"\n"001A000001abCde","Initech","initech.ie"\n' + footer
    for name, company, day in (("one", "Nordkai GmbH", "01"), ("two", "Nordkai SE", "08")):
        path = bench.folder / f"{name}.csv"
        path.write_text(f'{head}"001A000001abCdE","{company}","nordkai.de"\n{rest}')
        report = bench.bring(path, as_of=f"2026-10-{day}", **{**OWN, "name": "SF"})
    assert (report.read, report.added, report.updated, report.left, report.refused) == (3, 0, 1, 0, 0)
    assert companies(bench, "SF") == {"Nordkai SE", "Globex", "Initech"}
