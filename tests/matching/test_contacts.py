"""What people on lists say of their companies: whose a handle is, and which employers are none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from match_fixtures import company, person

from followertui.domain.lists import ListEntry
from followertui.matching.contacts import as_compared, generic_employers
from followertui.text.generic_employers import is_generic_employer


def behind(number: int, name: str, **more: Any) -> ListEntry:
    """The company behind people of a list."""
    return replace(company(number, name, **more), is_behind=True)


def handles(entries: list[ListEntry]) -> list[tuple[str, ...]]:
    return [entry.handles for entry in as_compared(entries)]


def test_a_handle_on_several_people_is_their_companys() -> None:
    entries = [
        person(1, "Lena Brandt", company="Nordkai", handles=("sailtalk", "lena_b")),
        person(2, "Uwe Klein", company="Nordkai", handles=("sailtalk",)),
        person(3, "Ada Berg", handles=("sailtalk",)),
        behind(4, "Nordkai"),
    ]
    assert handles(entries) == [("lena_b",), (), (), ("sailtalk",)]


def test_one_person_on_two_lists_keeps_the_handle() -> None:
    entries = [
        person(1, "Lena Brandt", company="Nordkai", handles=("lena_b",)),
        person(2, "Brandt, Lena M.", company="Nordkai", list_id=2, handles=("lena_b",)),
        behind(3, "Nordkai"),
    ]
    assert handles(entries) == [("lena_b",), ("lena_b",), ()]


@pytest.mark.parametrize(
    ("handle", "name", "is_companys"),
    [
        ("nordkai", "Lena Brandt", True),
        ("nordkai_logistik", "Lena Brandt", True),
        ("nordkai_lena", "Lena Brandt", False),
        ("brandt", "Lena Brandt", False),
        ("lenab", "Lena Brandt", False),
    ],
)
def test_a_handle_that_is_the_companys_name_is_not_a_persons(handle: str, name: str, is_companys: bool) -> None:
    contact = person(1, name, company="Nordkai Logistik GmbH", emails=("l@nordkai.de",), handles=(handle,))
    entries = [contact, behind(2, "Nordkai Logistik GmbH")]
    assert handles(entries) == ([(), (handle,)] if is_companys else [(handle,), ()])
    assert handles([contact]) == [(handle,)]


@pytest.mark.parametrize(
    "name",
    ["Freelance", "Self-Employed", "self employed", "Retired", "N/A", "-", "Selbständig", "Indépendant", "Jubilado",
     "(none)", "Stealth Startup", "Zelfstandig", "Student"],
)  # fmt: skip
def test_the_list_holds_what_people_write_for_no_employer(name: str) -> None:
    assert is_generic_employer(name)


@pytest.mark.parametrize("name", ["Artisan Foods", "Student Loans Inc", "東京電力", "Owner Rez", "X Corp", "Target"])
def test_companies_are_employers(name: str) -> None:
    assert not is_generic_employer(name)


def test_lists_show_which_employers_are_none() -> None:
    alone = ["ada-berg.de", "uwe-klein.net", "olaf.io"]
    people = [
        *(person(at, f"Ada Berg{at}", company="Progressive", emails=(f"me@{site}",)) for at, site in enumerate(alone)),
        *(person(9 + at, f"Bo Ek{at}", company="Quorvane", emails=(f"b{at}@quorvane.{end}",))
          for at, end in enumerate(("de", "fr", "se"))),
        person(20, "Cy Dahl", company="Independent Consultant"),
        person(21, "Di Elm", company="Weaver"),
        person(22, "Ed Fox", company="Globex", title="Weaver"),
        person(23, "Flo Gray", company="Anchor", emails=("flo@anchor.de",)),
    ]  # fmt: skip
    assert generic_employers(people) == {"progressive", "independent consultant", "weaver"}


def test_an_employer_that_is_none_is_nobodys_company() -> None:
    people = [person(1, "Cy Dahl", company="Independent Consultant"), person(2, "Ed Fox", company="Globex")]
    entries = [*people, behind(3, "Independent Consultant"), behind(4, "Globex"), company(5, "Independent Consultant")]
    assert [(entry.id, entry.company) for entry in as_compared(entries)] == [
        (1, ""), (2, "Globex"), (4, "Globex"), (5, "Independent Consultant"),
    ]  # fmt: skip


_ENTRIES = st.lists(
    st.builds(
        lambda at, name, firm, own: person(at, name, company=firm, handles=tuple(own)),
        st.integers(1, 99), st.sampled_from(("Ada Berg", "Uwe Klein", "Berg, Ada")),
        st.sampled_from(("", "Globex", "Artist")), st.lists(st.sampled_from(("globex", "ab", "kk")), unique=True),
    ),
    max_size=6, unique_by=lambda entry: entry.id,
)  # fmt: skip


@given(_ENTRIES)
def test_no_handle_is_lost_and_a_second_look_changes_nothing(people: list[ListEntry]) -> None:
    entries = [*people, behind(100, "Globex")]
    once = as_compared(entries)
    assert {handle for entry in entries for handle in entry.handles} == {
        handle for entry in once for handle in entry.handles
    }
    assert as_compared(once) == once
