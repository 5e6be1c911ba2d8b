"""Contacts and companies as CRMs and address books answer them: read as lists, flat, and never for accounts of X."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from one_by_one import read_list

from followertui.domain.lists import ListEntry
from followertui.sources.recognising import recognise
from followertui.sources.record_envelopes import are_contacts, laid_flat

PEOPLE = (
    ("Dana", "Ortiz", "dana@globex.example", "Globex GmbH", "VP Sales", "dana_ortiz"),
    ("Lena", "Iversen", "lena@initech.example", "Initech Ltd", "CTO", "lenaiv"),
    ("Omar", "Haddad", "omar@hooli.example", "Hooli Inc.", "Head of Growth", "omarh"),
    ("Mei", "Lin", "mei@umbrella.example", "Umbrella Corp", "Marketing Manager", "meilin"),
)
Person = tuple[str, str, str, str, str, str]


def each(make: Callable[[int, Person], Any]) -> list[Any]:
    return [make(number, person) for number, person in enumerate(PEOPLE)]


HUBSPOT = {
    "results": each(lambda n, p: {
        "id": str(n + 51),
        "properties": {"email": p[2], "firstname": p[0], "lastname": p[1], "company": p[3], "jobtitle": p[4],
                       "twitterhandle": p[5], "hs_object_id": str(n + 51)},
        "createdAt": "2025-05-01T10:00:00.000Z", "archived": False,
    }),
    "paging": {"next": {"after": "55", "link": "https://crm.example/objects/contacts?after=55"}},
}  # fmt: skip
SALESFORCE = {
    "totalSize": 4, "done": True,
    "records": each(lambda n, p: {
        "attributes": {"type": "Contact", "url": f"/services/data/{n}"}, "Id": f"0035g{n:05}", "FirstName": p[0],
        "LastName": p[1], "Email": p[2], "Title": p[4], "Twitter__c": p[5],
        "Account": {"attributes": {"type": "Account", "url": "/a"}, "Name": p[3]},
    }),
}  # fmt: skip
PIPEDRIVE = {
    "success": True,
    "data": each(lambda n, p: {
        "id": n + 1, "owner_id": {"id": 9, "name": "Kim Sales", "email": "kim@us.example"},
        "org_id": {"name": p[3], "people_count": 1, "value": n + 5}, "name": f"{p[0]} {p[1]}", "job_title": p[4],
        "email": [{"value": p[2], "primary": True, "label": "work"}, {"value": f"x{p[2]}", "primary": False}],
        "first_name": p[0], "last_name": p[1], "twitter": p[5],
    }),
    "additional_data": {"pagination": {"start": 0, "more_items_in_collection": False}},
}  # fmt: skip
ATTIO = {
    "data": each(lambda n, p: {
        "id": {"workspace_id": "w", "object_id": "o", "record_id": f"r{n}"},
        "values": {
            "name": [{"first_name": p[0], "last_name": p[1], "full_name": f"{p[0]} {p[1]}"}],
            "email_addresses": [{"email_address": p[2], "email_domain": p[2].split("@")[1]}],
            "job_title": [{"value": p[4], "attribute_type": "text"}], "company_name": [{"value": p[3]}],
            "twitter": [{"value": p[5]}],
        },
    })
}  # fmt: skip
ZOHO = {
    "data": each(lambda n, p: {
        "Owner": {"name": "Kim Sales", "id": "1", "email": "kim@us.example"}, "Email": p[2], "First_Name": p[0],
        "Last_Name": p[1], "Account_Name": {"name": p[3], "id": f"9{n}"}, "Title": p[4], "Twitter": p[5], "id": f"8{n}",
    }),
    "info": {"per_page": 200, "count": 4, "more_records": False},
}  # fmt: skip
DYNAMICS = {
    "@odata.context": "https://crm.example/$metadata#contacts",
    "value": each(lambda n, p: {
        "@odata.etag": 'W/"1"', "contactid": f"c-{n}", "firstname": p[0], "lastname": p[1], "emailaddress1": p[2],
        "jobtitle": p[4], "_parentcustomerid_value@OData.Community.Display.V1.FormattedValue": p[3],
        "_parentcustomerid_value": f"acc{n}", "twitter": p[5],
    }),
}  # fmt: skip
ODOO = {
    "jsonrpc": "2.0", "id": 1,
    "result": each(lambda n, p: {
        "id": n + 1, "name": f"{p[0]} {p[1]}", "email": p[2], "function": p[4], "parent_id": [n + 40, p[3]],
        "website": False, "twitter": p[5],
    }),
}  # fmt: skip
GOOGLE = {
    "connections": each(lambda n, p: {
        "resourceName": f"people/c{n}",
        "names": [{"displayName": f"{p[0]} {p[1]}", "familyName": p[1], "givenName": p[0]}],
        "emailAddresses": [{"value": p[2], "type": "work"}], "organizations": [{"name": p[3], "title": p[4]}],
        "urls": [{"value": f"https://x.com/{p[5]}"}],
    }),
    "totalPeople": 4,
}  # fmt: skip
JSON_API = {
    "data": each(lambda n, p: {
        "type": "prospect", "id": n,
        "attributes": {"firstName": p[0], "lastName": p[1], "email": p[2], "company": p[3], "title": p[4],
                       "twitterUsername": p[5]},
    }),
    "meta": {"count": 4},
}  # fmt: skip
AIRTABLE = {
    "records": each(lambda n, p: {
        "id": f"rec{n}", "createdTime": "2025-01-01T00:00:00.000Z",
        "fields": {"First Name": p[0], "Last Name": p[1], "Email": p[2], "Company": p[3], "Title": p[4],
                   "X handle": p[5]},
    }),
    "offset": "itr/rec",
}  # fmt: skip
ANSWERS = {
    "hubspot": HUBSPOT, "salesforce": SALESFORCE, "pipedrive": PIPEDRIVE, "attio": ATTIO, "zoho": ZOHO,
    "dynamics": DYNAMICS, "odoo": ODOO, "google": GOOGLE, "json api": JSON_API, "airtable": AIRTABLE,
    "an array alone": HUBSPOT["results"], "an answer in an answer": {"response": {"body": SALESFORCE}},
}  # fmt: skip


def entries_of(path: Path) -> list[ListEntry]:
    seen = recognise(path)
    assert (seen.what, seen.tool) == ("list", "")
    assert seen.form.startswith("JSON")
    found = list(read_list(path))
    assert all(isinstance(entry, ListEntry) for entry in found)
    return [entry for entry in found if isinstance(entry, ListEntry)]


@pytest.mark.parametrize("name", ANSWERS)
def test_every_contact_is_read_with_name_address_company_title_and_handle(name: str, tmp_path: Path) -> None:
    path = tmp_path / "answer.json"
    path.write_text(json.dumps(ANSWERS[name], indent=1), encoding="utf-8")
    found = entries_of(path)
    assert len(found) == len(PEOPLE)
    for entry, person in zip(found, PEOPLE, strict=True):
        first, last, mail, company, title, handle = person
        assert (entry.person or f"{entry.first_name} {entry.last_name}") == f"{first} {last}"
        assert mail in entry.emails
        assert entry.company == company
        assert entry.title == title
        assert entry.handles == (handle,)


def test_pages_one_after_the_other_are_one_list(tmp_path: Path) -> None:
    path = tmp_path / "pages.jsonl"
    path.write_text("".join(json.dumps(HUBSPOT) + "\n" for _ in range(3)), encoding="utf-8")
    assert len(entries_of(path)) == 3 * len(PEOPLE)


X_USER = {"id": "1234567890", "name": "Dana Ortiz", "username": "dana_ortiz", "url": "https://globex.example"}
OF_X = (
    {**X_USER, "public_metrics": {"followers_count": 3}},
    {"rest_id": "1", "legacy": {"screen_name": "dana", "name": "Dana", "url": "https://globex.example"}},
    {"id_str": "1", "screen_name": "dana", "name": "Dana", "followers_count": 4, "email": "dana@globex.example"},
)


@pytest.mark.parametrize("user", OF_X)
def test_accounts_of_x_are_no_contacts(user: dict[str, Any]) -> None:
    assert not are_contacts([user] * 5)


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=8))
NAMES = st.text(max_size=6)
ANYTHING = st.recursive(
    VALUES,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(NAMES, inner, max_size=3)),
    max_leaves=8,
)


@given(st.dictionaries(NAMES, ANYTHING, max_size=6))
def test_a_record_of_any_shape_is_laid_flat(record: dict[str, Any]) -> None:
    flat = laid_flat(record)
    assert all(isinstance(value, (str, int, float)) for value in flat.values())
