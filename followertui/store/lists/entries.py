"""Lines of a list ready to be stored: their columns, and the keys by which they are known again.

Owns what follows from an entry alone, so that the reader of a file can compute it ahead.
Only ``store`` and the readers of ``services`` import it.
"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any, NamedTuple

from followertui.domain.kind import Kind
from followertui.domain.lists import BRING_THEIR_COMPANY, ListEntry
from followertui.text.domains import own_domain
from followertui.text.folding import words
from followertui.text.generic_employers import is_generic_employer
from followertui.text.legal_forms import without_legal_form

_PLAIN = ("company", "person", "first_name", "middle_name", "last_name", "suffix", "nickname", "title", "city",
          "region", "country", "owner", "crm_id")  # fmt: skip
SEVERAL = ("domains", "emails", "handles")
PLACE = ("city", "region", "country")
_GLOBAL_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_encoded = json.JSONEncoder(ensure_ascii=False, check_circular=False).encode
_EVERYTHING = (*_PLAIN, *SEVERAL)

BEHIND = "company:"
"""What the key of an entry begins with that stands for the company of people of a list."""

OF_A_LINE = f"key NOT LIKE '{BEHIND}%'"
"""SQL: entries that a line of a file gave."""


class EntryLine(NamedTuple):
    """One entry of a list as the store keeps it.

    Attributes:
        key: what identifies it inside its list.
        line, company, person, kind, data, fields: columns of the table entry.
        content: digest of all a file says of it.
        sure: keys that mean the same company or person wherever they are met.
        name: key of its exact name, "" where the name identifies no one.
        called: what a company or person made for it is called.
        is_person: whether it is about a person, or names nothing but a handle.
    """

    key: str
    line: int
    company: str
    person: str
    kind: str | None
    data: str
    fields: str
    content: bytes
    sure: tuple[str, ...]
    name: str
    called: str
    is_person: bool

    @property
    def is_behind(self) -> bool:
        """Whether it stands for the company of people rather than for a line of a file."""
        return self.key.startswith(BEHIND)

    @property
    def columns(self) -> tuple[int, str, str, str | None, str, str]:
        """The columns of the table entry, in its order."""
        return self[1:7]


def entry_line(entry: ListEntry) -> EntryLine:
    """An entry as the store keeps it."""
    person = person_of(entry)
    kind = None if entry.kind is None else entry.kind.value
    data, fields = _encoded(entry_data(entry)), _encoded(entry.fields)
    content = hashlib.blake2b(f"{kind}\x1f{data}\x1f{fields}".encode(), digest_size=12).digest()
    company = words(entry.company)
    return EntryLine(
        _key(entry, company, person), entry.line, entry.company, person, kind, data, fields, content,
        tuple(sure_keys(entry)), _name_key(company, person),
        person or entry.company or (entry.domains or ("",))[0] or "".join(f"@{handle}" for handle in entry.handles[:1]),
        bool(person) or not (entry.company or entry.domains),
    )  # fmt: skip


def company_behind(entry: ListEntry, list_kind: Kind | None) -> EntryLine | None:
    """The company a person of a list works for, as an entry beside the person's own.

    Args:
        entry: the person.
        list_kind: kind of the list, None where each entry says.

    Returns:
        An entry that is the same for all people of one company, domain and kind; None for an
        entry that is no person's, for an employer that is none, and for kinds a person does not
        share with the company.
    """
    kind = entry.kind or list_kind
    if not entry.company or not person_of(entry) or is_generic_employer(entry.company):
        return None
    if kind is not None and kind not in BRING_THEIR_COMPANY:
        return None
    domains = _company_domains(entry)
    line = entry_line(ListEntry(entry.line, company=entry.company, domains=domains, owner=entry.owner, kind=entry.kind))
    parts = (
        " ".join(words(entry.company)) or entry.company.casefold(),
        *domains,
        entry.kind.value if entry.kind else "",
    )
    return line._replace(key=BEHIND + hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest())


def _company_domains(entry: ListEntry) -> tuple[str, ...]:
    """Domains of a person's addresses and sites that are the company's, sorted.

    A site counts where it speaks of the company; a mail domain also where it speaks of nobody.
    """
    company = without_legal_form(words(entry.company))
    names = [word for word in words(f"{person_of(entry)} {entry.first_name} {entry.last_name}") if len(word) > 2]
    found = set()
    for text in (*entry.domains, *entry.emails):
        domain = own_domain(text)
        label = "".join(words(domain.partition(".")[0])) if domain else ""
        is_theirs = bool(label) and _speaks_of(label, company)
        is_own = any(name in label for name in names)
        if domain and (is_theirs or (text in entry.emails and not is_own)):
            found.add(domain)
    return tuple(sorted(found))


def _speaks_of(label: str, company: list[str]) -> bool:
    """Whether the name of a domain is a company's: its words as one, its first word, or its initials."""
    joined = "".join(company)
    first = company[0] if company else ""
    initials = "".join(word[0] for word in company)
    return bool(joined) and (
        (len(label) > 1 and (joined.startswith(label) or label == initials))
        or (len(first) > 3 and label.startswith(first))
    )


def _key(entry: ListEntry, company: list[str], person: str) -> str:
    """What identifies an entry inside its list: the CRM's id, a person's address, else a hash."""
    if entry.crm_id:
        return f"id:{entry.crm_id}"
    if person and entry.emails:
        return f"mail:{entry.emails[0]}"
    parts = [
        " ".join(company),
        " ".join(words(person)) or person,
        "" if company else entry.company,
        *(values[0] if values else "" for values in (entry.domains, entry.emails, entry.handles)),
        entry.city.casefold(),
        entry.region.casefold(),
        entry.country.casefold(),
    ]
    return "hash:" + hashlib.blake2b("\x1f".join(parts).encode(), digest_size=12).hexdigest()


def sure_keys(entry: ListEntry) -> list[str]:
    """Keys that mean the same company or person wherever they are met."""
    keys = []
    if entry.crm_id and _GLOBAL_ID.fullmatch(entry.crm_id):
        keys.append(f"id:{entry.crm_id}")
    if person_of(entry):
        keys += [f"mail:{email}" for email in entry.emails]
    else:
        domains = (own_domain(text) for text in (*entry.domains, *entry.emails))
        keys += [f"domain:{domain}" for domain in dict.fromkeys(domains) if domain]
    if not person_of(entry) and not entry.company and not keys:
        keys += [f"handle:{handle}" for handle in entry.handles]
    return keys


def name_key(entry: ListEntry) -> str:
    """The exact name, folded; a person's name identifies someone only with the company."""
    return _name_key(words(entry.company), person_of(entry))


def _name_key(company: list[str], person: str) -> str:
    if not person:
        return f"name:{' '.join(company)}" if company else ""
    name = " ".join(words(person))
    return f"person:{name}|{' '.join(company)}" if name and company else ""


def person_of(entry: ListEntry) -> str:
    """The name of the person of an entry, also from its parts; "" for a company."""
    return entry.person or (f"{entry.first_name} {entry.last_name}".strip() if entry.last_name else "")


def entry_data(entry: ListEntry) -> dict[str, Any]:
    """Every understood field that says something, as JSON keeps it."""
    found: dict[str, Any] = {name: value for name in _EVERYTHING if (value := getattr(entry, name))}
    if entry.opted_in is not None:
        found["opted_in"] = entry.opted_in
    if entry.do_not_contact is not None:
        found["do_not_contact"] = entry.do_not_contact
    return found
