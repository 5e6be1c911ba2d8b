"""Contacts and companies as the interfaces of CRMs and address books answer, as plain objects.

Owns telling such an answer by its shape (many alike objects with an address or a name and a company)
and laying each record flat: values wrapped in ``properties`` or ``attributes``, lists of typed values,
references to another record. Accounts of X and their envelopes stay as they are. Imported by ``json_tables``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any

from followertui.sources.account_objects import folded
from followertui.sources.json_files import Item
from followertui.sources.problems import Problem, value_problem

_LOOKED_AT = 20
_DEPTH = 3
_MAIL = re.compile(r"[^@\s;,<>]+@[\w-]+(?:\.[\w-]+)+")
_WRAPS = frozenset({"properties", "values", "fields", "attributes"})
"""Keys whose object holds the values of a record."""

_TELLING = ("value", "email_address", "full_name", "displayName", "display_name", "name", "Name", "domain", "url")
"""Keys of what a typed value or a reference says, the most telling first."""

_PERSON = frozenset(
    {"firstname", "lastname", "givenname", "familyname", "fullname", "surname", "jobtitle", "title", "name", "names"}
)
_COMPANY = frozenset(
    {
        *("company", "companyname", "organization", "organizationname", "organizations", "orgid", "orgname", "account"),
        *("accountname", "domain", "domains", "website", "websiteurl", "companydomain", "parentid", "employer"),
        *("billingcity", "billingcountry", "billingstreet", "mailingcity", "mailingcountry", "mailingstreet"),
    }
)
_OF_X = frozenset(
    {
        *("publicmetrics", "legacy", "restid", "screenname", "followerscount", "friendscount", "followingcount"),
        *("statusescount", "tweetcount", "isblueverified", "profileimageurl", "profileimageurlhttps"),
    }
)
"""Keys that accounts of X have and contacts have not."""

_FORMATTED = "@OData.Community.Display.V1.FormattedValue"
_ONE_OF = {"names": "name", "emailAddresses": "email", "email_addresses": "email", "organizations": "company"}
"""Lists of one person -> the name of their column."""

_RENAMED = {"parentcustomerid": "company", "parentaccountid": "company", "accountid": "company"}
"""References of Dynamics, without the signs around them -> what they refer to."""

_SALESFORCE = frozenset({"Account", "Contact", "Lead"})
"""What ``attributes.type`` says of the objects Salesforce's tools save."""

_CUSTOM = "__c"
"""How Salesforce ends the name of a field its users made."""

_OWN_NAMES = frozenset({"firstname", "lastname", "givenname", "familyname"})
"""Parts of a name that say whose they are wherever they stand."""

_POSITIONS = frozenset({"title", "jobtitle", "role"})
"""What is said beside an employer of the person, not of the employer."""

_ABOUT_VALUES = frozenset(
    {
        *("type", "label", "attributetype", "activefrom", "activeuntil", "targetobject", "primary", "metadata", "etag"),
        *("workspaceid", "objectid"),
    }
)
"""Keys beside a value that say what sort of value it is."""

_LINKED = frozenset({"type", "url", "href"})
"""An object with no other keys only says where a record is."""


def records_in(items: Iterator[Item | Problem]) -> Iterator[Item | Problem]:
    """The values of a JSON file; contacts and companies in envelopes or wrapped as plain objects in an array.

    Args:
        items: as ``json_files`` reads them: a large object comes member by member.
    """
    first = list(islice(items, _LOOKED_AT))
    together = chain(first, items)
    values = [item for item in first if isinstance(item, Item)]
    if values and all(item.path == () and isinstance(item.value, dict) for item in values):
        places = _places_in(values[0].value)
        if places:
            yield from _opened(together, places[0][0])
            for path, count in places[1:]:
                told = f"{path[-1]} ({count:,})"
                yield value_problem(0, "", told, "another list of the file, left alone; save it as a file of its own")
            return
    for path in {item.path for item in values if item.path[-1:] == ("[]",)}:
        alike = [item.value for item in values if item.path == path]
        if len(path) <= _DEPTH and _are_wrapped(alike):
            yield from _laid_flat(together, path)
            return
    yield from together


def _places_in(envelope: Mapping[str, Any]) -> list[tuple[tuple[str, ...], int]]:
    """Where an envelope holds contacts or companies, and how many: the most first, else in file order."""
    found = [(path, len(some)) for path, some in _arrays(envelope, ()) if are_contacts(some)]
    return sorted(found, key=lambda one: -one[1])


def _arrays(value: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Sequence[Any]]]:
    for key, part in value.items():
        if isinstance(part, list) and part and all(isinstance(one, dict) for one in part[:_LOOKED_AT]):
            yield (*path, key), part
        elif isinstance(part, dict) and len(path) < _DEPTH - 1:
            yield from _arrays(part, (*path, key))


def are_contacts(some: Sequence[Any]) -> bool:
    """Whether objects are people or companies of an address book, and no accounts of X.

    Args:
        some: values of one array.
    """
    objects = [laid_flat(one) for one in some[:_LOOKED_AT] if isinstance(one, dict)]
    if not objects or any(not _OF_X.isdisjoint(map(folded, one)) for one in some if isinstance(one, dict)):
        return False
    return sum(_is_contact(one) for one in objects) * 2 >= len(objects)


def _is_contact(record: Mapping[str, Any]) -> bool:
    keys = {folded(key) for key, value in record.items() if value not in ("", None)}
    if not _OF_X.isdisjoint(keys):
        return False
    if record.get("type") in _SALESFORCE and {"referenceId", "url"} & record.keys():
        return True
    has_mail = any("mail" in key.lower() and _MAIL.search(str(value)) for key, value in record.items())
    return (has_mail or bool(keys & _COMPANY)) and bool(keys & (_PERSON | _COMPANY))


def _are_wrapped(some: Sequence[Any]) -> bool:
    """Whether objects are contacts whose values cannot be read where they stand."""
    objects = [one for one in some if isinstance(one, dict)]
    is_nested = any(isinstance(part, (dict, list)) for one in objects for part in one.values())
    return is_nested and are_contacts(objects)


def _opened(items: Iterator[Item | Problem], place: tuple[str, ...]) -> Iterator[Item | Problem]:
    for item in items:
        if isinstance(item, Problem):
            yield item
            continue
        part = item.value
        for key in place:
            part = part.get(key) if isinstance(part, dict) else None
        for one in part if isinstance(part, list) else ():
            yield Item(item.line, ("[]",), laid_flat(one) if isinstance(one, dict) else one)


def _laid_flat(items: Iterator[Item | Problem], path: tuple[str, ...]) -> Iterator[Item | Problem]:
    for item in items:
        if isinstance(item, Problem):
            yield item
        elif item.path == path:
            yield Item(item.line, ("[]",), laid_flat(item.value) if isinstance(item.value, dict) else item.value)


def laid_flat(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record with one text, number or "" under each of its names.

    Args:
        record: as an interface answers it.
    """
    flat: dict[str, Any] = {}
    for name, value in record.items():
        key = _ONE_OF.get(name, name).removesuffix(_CUSTOM)
        if key.startswith("@odata.") or (isinstance(value, dict) and value and _LINKED.issuperset(value)):
            continue
        if key.endswith(_FORMATTED):
            other = key.removesuffix(_FORMATTED).removesuffix("_value").lstrip("_")
            flat[_RENAMED.get(other, other)] = value
        elif key in _WRAPS and isinstance(value, dict):
            flat.update(laid_flat(value))
        else:
            _put(flat, key, value)
    return flat


def _put(flat: dict[str, Any], key: str, value: Any) -> None:
    if isinstance(value, dict):
        inner = value.get("data", value)
        parts = inner if isinstance(inner, list) else [inner]
        _put_objects(flat, key, [part for part in parts if isinstance(part, dict)])
    elif isinstance(value, list) and any(isinstance(one, dict) for one in value):
        _put_objects(flat, key, [one for one in value if isinstance(one, dict)])
    elif isinstance(value, list) and len(value) == 2 and type(value[0]) is int and isinstance(value[1], str):
        flat[key] = value[1]  # Odoo: the number of the other record, and its name.
    elif isinstance(value, list):
        flat[key] = "; ".join(str(one) for one in value if isinstance(one, (str, int, float)))
    else:
        flat[key] = "" if value is None or value is False else value


def _put_objects(flat: dict[str, Any], key: str, some: Sequence[Mapping[str, Any]]) -> None:
    """What typed values or references say under their key, and what else the first of them says beside it."""
    said = [str(one[name]) for one in some if (name := _telling(one)) is not None]
    if said:
        flat[key] = "; ".join(dict.fromkeys(said))
    for one in some[:1]:
        for name, part in one.items():
            word = folded(name)
            if name == _telling(one) or not isinstance(part, str) or not part or word in _ABOUT_VALUES:
                continue
            if word in _OWN_NAMES:
                flat.setdefault(name, part)
            elif word in _POSITIONS and folded(key) in _COMPANY:
                flat.setdefault("job title", part)
            elif not name.startswith("@odata."):
                flat[f"{key} {name}"] = part


def _telling(one: Mapping[str, Any]) -> str | None:
    """The key of what an object says: a text rather than a number."""
    for sort in (str, int):
        for name in _TELLING:
            if type(one.get(name)) is sort and one[name] != "":
                return name
    return None
