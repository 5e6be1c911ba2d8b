"""Lists of companies and people as their owner keeps them.

Owns list entries, the basis a list stands on, and the fields a column can be mapped to.
Stdlib only; anyone may import it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from followertui.domain.kind import Kind


class Basis(str, Enum):
    """How the people on a list were obtained."""

    OWN_RECORDS = "own-records"
    PUBLIC_DIRECTORY = "public-directory"
    THIRD_PARTY = "third-party"

    def __str__(self) -> str:
        return self.value


@dataclass(frozen=True, slots=True)
class ListEntry:
    """One line of a list, as understood.

    Attributes:
        line: one-based line or row number in the source file.
        company, person: names as written, cleaned; empty where absent.
        first_name, middle_name, last_name, suffix, nickname, title: parts of a person's name
            and the job title or office, where the file gives them apart.
        domains: registrable or full host names, lower case, in file order.
        emails: addresses, lower case.
        handles: X handles without @, lower case.
        city, region, country: place, as written.
        owner: who owns the record in the CRM.
        crm_id: the CRM's own id of the record.
        kind: kind of this row where a column says so, else None (the list's kind holds).
        opted_in: whether this person agreed to be matched, where a column says so.
        do_not_contact: whether they are never to be contacted, where a column says so.
        fields: original column -> original text, for the export back to its CRM.
        id, list_id, entity_id: the store's numbers, 0 before it is stored.
        is_behind: no line of its own: the company that people of the list work for.
        bare_company: the company without what many on the list have behind their name in
            brackets, "" where it has nothing of the kind.
    """

    line: int
    company: str = ""
    person: str = ""
    first_name: str = ""
    middle_name: str = ""
    last_name: str = ""
    suffix: str = ""
    nickname: str = ""
    title: str = ""
    domains: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    city: str = ""
    region: str = ""
    country: str = ""
    owner: str = ""
    crm_id: str = ""
    kind: Kind | None = None
    opted_in: bool | None = None
    do_not_contact: bool | None = None
    fields: dict[str, str] = field(default_factory=dict, hash=False)
    id: int = 0
    list_id: int = 0
    entity_id: int = 0
    is_behind: bool = False
    bare_company: str = ""


LIST_FIELDS: tuple[str, ...] = (
    "company",
    "person",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "nickname",
    "title",
    "domain",
    "email",
    "handle",
    "city",
    "region",
    "country",
    "owner",
    "crm_id",
    "kind",
    "opted_in",
    "do_not_contact",
)
"""Names a column of a list can be mapped to (``--map COLUMN=FIELD``)."""


BRING_THEIR_COMPANY: frozenset[Kind] = frozenset(
    {Kind.CUSTOMER, Kind.PROSPECT, Kind.PARTNER, Kind.VENDOR, Kind.COMPETITOR, Kind.PRESS}
)
"""Kinds a person shares with the company; an influencer's employer is none, our staff's is ourselves."""


@dataclass(frozen=True, slots=True)
class EntityAlias:
    """A name, handle or domain learned by confirming a match.

    Attributes:
        entity_id: whose alias it is.
        type: "name", "handle" or "domain".
        value: the text, as seen.
    """

    entity_id: int
    type: str
    value: str
