"""The texts of a list's entry with the columns they stand in.

Owns what an entry says of names and addresses, as its file gives it and as confirming taught.
It compares nothing. ``sources`` uses it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from followertui.domain.lists import ListEntry
from followertui.matching.forms import CompanyForm, HandleForm, PersonForm

Form = PersonForm | CompanyForm | HandleForm
Span = tuple[int, int]

ALIAS = "alias"
"""The column of a text that no file holds: a confirmed match taught it."""


class Side(NamedTuple):
    """The entry's side of a clause: the column, its text, and where in it."""

    column: str
    text: str
    span: Span | None = None


def entry_texts(entry: ListEntry) -> list[Side]:
    """Every text of an entry with its column: what is understood of it, then its other columns.

    Parts of a person's name, given apart, are one text; its column joins theirs with "+".
    """
    found = [Side("company", entry.company), Side("person", entry.person)]
    found += _parts(entry)
    found += [Side(name, getattr(entry, name)) for name in _NAME_PARTS]
    found += [Side(name, getattr(entry, name)) for name in ("nickname", "suffix", "title")]
    found += [Side("domain", text) for text in entry.domains] + [Side("email", text) for text in entry.emails]
    found += [Side("handle", text) for text in entry.handles]
    found += [Side(name, getattr(entry, name)) for name in ("city", "region", "country")]
    found += [Side(name, text) for name, text in entry.fields.items()]
    return [side for side in found if side.text]


_NAME_PARTS = ("first_name", "middle_name", "last_name")


def _parts(entry: ListEntry) -> list[Side]:
    """The parts of a person's name as one text; empty where there are none."""
    told = [name for name in _NAME_PARTS if getattr(entry, name)]
    return [Side("+".join(told), " ".join(getattr(entry, name) for name in told))] if told else []


def name_sides(form: Form) -> list[Side]:
    """The names of an entry: as its file gives them, then those learned."""
    entry = form.entry
    if isinstance(form, CompanyForm):
        learned = (text for text, _ in form.names if text not in entry.company)
        return [Side("company", entry.company), *(Side(ALIAS, text) for text in dict.fromkeys(learned))]
    named = [Side("person", entry.person)] if entry.person else _parts(entry)
    aliases = form.aliases if isinstance(form, PersonForm) else ()
    return [*named[:1], *(Side(ALIAS, " ".join(alias)) for alias in aliases)]


def address_sides(form: Form) -> list[Side]:
    """The sites and mail addresses of an entry, and domains learned."""
    entry = form.entry
    known = [Side("domain", text) for text in entry.domains] + [Side("email", text) for text in entry.emails]
    if isinstance(form, HandleForm):
        return known
    joined = " ".join(side.text for side in known)
    return [*known, *(Side(ALIAS, text) for text in sorted(form.domains) if text not in joined)]


def holding(sides: Iterable[Side], text: str) -> Side | None:
    """The first side that holds a text as written, with its span."""
    for side in sides:
        met = re.search(re.escape(text), side.text, re.IGNORECASE) if text else None
        if met is not None:
            return Side(side.column, side.text, met.span())
    return None


def side_of(text: str, form: Form) -> Side:
    """Where a text of the entry stands."""
    entry = form.entry
    if text == entry.company:
        return Side("company", text)
    if text == entry.person:
        return Side("person", text)
    sides = entry_texts(entry)
    exact = next((side for side in sides if side.text == text), None)
    if exact is not None:
        return exact
    return holding(sides, text) or Side(ALIAS, text)
