"""Lists with people in them: what a bare "Name" is, and which columns are their company's and not theirs.

Owns what is decided by looking at several columns at once. Imported by ``list_columns``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from followertui.sources.column_names import SUFFIX_RANK, VALUE_RANK, ColumnGuess, fold_header
from followertui.sources.list_headers import is_of_company
from followertui.text.cleaning import clean_text
from followertui.text.folding import words
from followertui.text.given_names import begins_with_given_name
from followertui.text.legal_forms import without_legal_form

NAME_WORDS = frozenset(
    map(
        fold_header,
        (
            *(
                "name",
                "nom",
                "nombre",
                "nome",
                "naam",
                "nimi",
                "nazwa",
                "namn",
                "名前",
                "名称",
                "navn",
                "jméno",
                "název",
            ),
            *("meno", "názov", "ad", "adı", "isim", "имя", "название", "наименование", "ім'я", "назва", "이름", "名字"),
            *("名稱", "név", "nume", "denumire", "όνομα", "الاسم", "שם"),
        ),
    )
)
"""Folded headers that say "name" and not whose."""

_RECORD_WORDS = frozenset({"record", "datensatz", "completename"})
"""Folded headers a CRM gives the name of a record of any type."""

_LINES_OF_A_NAME = frozenset({"name1", "name2"})
_OF_PEOPLE = frozenset({"person", "first_name", "last_name"})
_COMPANYS_OWN = frozenset({"email", "handle"})
"""Fields that would say of a person what is true of the company."""

_RANKED_LOWER = frozenset({"crm_id", "owner", "city", "region", "country"})
_SHARED_BY_SEVERAL = 0.2
_CONSTANT_ROWS = 5

_FEWEST_NAMES = 3
_SOME_PEOPLE, _MOSTLY_PEOPLE = 0.1, 0.4
"""Shares of names that begin with a given name: 12 lists of companies at most 0.04, 3 of people 0.49 to 0.82."""

PEOPLE_OR_COMPANIES = "may be people or companies; read as companies"
"""Why a bare name is a company where its values do not tell."""

Found = list[tuple[str, int, str]]
"""Field, rank and reason of each column, in file order; changed in place."""


def settle_names(header: Sequence[str], cells: Sequence[Sequence[str]], found: Found) -> None:
    """Decide what a bare "Name" column is: a company, unless the file is about people.

    Args:
        header: headers as written.
        cells: of each column, the sample's cells, "" where they say nothing.
        found: what each column is taken for by itself.
    """
    folded = [fold_header(column) for column in header]
    if not {field for field, _, _ in found} - {"", "company"}:
        # Two numbered names and nothing else may be anything, such as names and their short forms.
        for index, word in enumerate(folded):
            if word in _LINES_OF_A_NAME:
                found[index] = ("", 0, "a numbered name, and nothing that says whose")
    at = next((index for index, word in enumerate(folded) if word in NAME_WORDS), None)
    if at is None:
        at = next((index for index, word in enumerate(folded) if word in _RECORD_WORDS), None)
    if at is None:
        return
    others = {field for index, (field, _, _) in enumerate(found) if index != at}
    own = found[at][0]
    if "last_name" in others and "first_name" not in others:
        found[at] = ("first_name", 10, "a name beside a last name")
    elif "last_name" in others:
        if "person" not in others:
            found[at] = ("", 0, "first and last name say it already")
    elif "first_name" in others and "person" not in others:
        found[at] = _beside_first_name(cells[at], cells[_position(found, "first_name", at)])
    elif others & {"company", "person", "title", "first_name"}:
        if own in ("", "last_name", "first_name") and "person" not in others:
            found[at] = ("person", 10, "a name beside a company or title, so a person")
    elif own in ("", "last_name", "first_name"):
        found[at] = _whose(cells[at], ("company", 10, "a name, and nothing about a person"))
    elif own == "company" and found[at][1] >= VALUE_RANK:
        found[at] = _whose(cells[at], found[at])


def _whose(names: Sequence[str], otherwise: tuple[str, int, str]) -> tuple[str, int, str]:
    """What a bare name is where no other column says whose: told by how many begin with a given name."""
    filled = list(filter(None, names))
    given = sum(map(begins_with_given_name, filled))
    if len(filled) < _FEWEST_NAMES or given < _SOME_PEOPLE * len(filled):
        return otherwise
    forms = sum(without_legal_form(parts) != parts for parts in map(words, filled))
    if given >= _MOSTLY_PEOPLE * len(filled) and forms < _SOME_PEOPLE * len(filled):
        return "person", 10, f"{given:,} of {len(filled):,} begin with a given name, so people"
    return "company", VALUE_RANK, PEOPLE_OR_COMPANIES


def _position(found: Found, field: str, but: int) -> int:
    return next(index for index, (known, _, _) in enumerate(found) if known == field and index != but)


def _beside_first_name(names: Sequence[str], firsts: Sequence[str]) -> tuple[str, int, str]:
    """A name beside a first name: the whole of it where it holds the first, else the last."""
    pairs = [(name, first) for name, first in zip(names, firsts, strict=True) if name and first]
    if sum(first.casefold() in name.casefold() for name, first in pairs) * 2 > len(pairs):
        return "person", 10, "a name that holds the first name"
    return "last_name", 10, "a name beside a first name"


def tell_people_from_companies(header: Sequence[str], cells: Sequence[Sequence[str]], found: Found) -> None:
    """Where rows are people, let what is their company's neither name them nor outrank what is theirs.

    Args:
        header: headers as written.
        cells: of each column, the sample's cells, "" where they say nothing.
        found: what each column is taken for; the company's addresses and handles are left alone.
    """
    for index, (field, rank, why) in enumerate(found):
        filled = set(filter(None, cells[index]))
        if field == "company" and len(filled) == 1 and len(cells[index]) >= _CONSTANT_ROWS:
            # A constant company, such as the owner's own in an export of Odoo, yields to one that varies.
            found[index] = (field, rank + SUFFIX_RANK, why)
    if not _OF_PEOPLE & {field for field, _, _ in found}:
        return
    people = _people(cells, found)
    for index, (field, rank, why) in enumerate(found):
        if field in _RANKED_LOWER and is_of_company(header[index]):
            found[index] = (field, rank + SUFFIX_RANK, why)
        elif field in _COMPANYS_OWN and is_of_company(header[index]):
            found[index] = ("", 0, "the company's, and each row is a person")
        elif field in _COMPANYS_OWN and _is_shared(cells[index], people):
            found[index] = ("", 0, "several people share a value, so it is their company's")


def _people(cells: Sequence[Sequence[str]], found: Found) -> list[str]:
    """Whom each row of the sample is about."""
    named = [column for column, (field, _, _) in zip(cells, found, strict=True) if field in _OF_PEOPLE]
    return [" ".join(row).strip().casefold() for row in zip(*named, strict=True)]


def _is_shared(values: Sequence[str], people: Sequence[str]) -> bool:
    """Whether one value stands beside several people in many rows."""
    beside: dict[str, set[str]] = defaultdict(set)
    for value, person in zip(values, people, strict=True):
        if value and person:
            beside[value.casefold()].add(person)
    shared = sum(len(persons) for persons in beside.values() if len(persons) > 1)
    return shared > _SHARED_BY_SEVERAL * sum(map(len, beside.values()))


def unsure_lines(columns: Sequence[ColumnGuess]) -> tuple[str, ...]:
    """Which columns may be people's names or companies', and how a person says which.

    Args:
        columns: what each column of a list is taken for.
    """
    unsure = (clean_text(column.column, limit=40) for column in columns if column.why == PEOPLE_OR_COMPANIES)
    return tuple(f"{name} {PEOPLE_OR_COMPANIES}: --map '{name}=person' if they are people" for name in unsure)
