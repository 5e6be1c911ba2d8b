"""Contacts as vCards, versions 2.1, 3.0 and 4.0: one row a card.

Owns folded lines, parameters, escapes and quoted-printable, and which property is which column. What the
columns mean is said like that of any list (``list_columns``). Imported by ``formats``.

Source: RFC 2425, 2426, 6350 and 9554; versit's vCard 2.1; cards written by Google, Apple, Outlook and Nextcloud.
"""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from followertui.domain.errors import BadInput
from followertui.sources.problems import row_problem, value_problem
from followertui.sources.sifting import Batch
from followertui.sources.tables import SAMPLE_ROWS, TableFormat, TableShape, sample_rows
from followertui.sources.text_files import FirstLook, open_text, shown_name

_COLUMNS = (
    "Full name", "First name", "Middle name", "Last name", "Suffix", "Nickname", "Company", "Job title", "Email",
    "Website", "X handle", "City", "State/Region", "Country", "Contact ID",
)  # fmt: skip
_PROPERTY = re.compile(r'((?:"[^"]*"|[^":])*):(.*)', re.DOTALL)
_PARAMETER = re.compile(r';((?:"[^"]*"|[^";])*)')
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_PROFILE = re.compile(
    r"(?:https?://)?(?:www\.|mobile\.)?(?:twitter|x)\.com/(?:#!/)?@?(\w{1,15})/?(?:\?.*)?", re.IGNORECASE
)
_SERVICE = re.compile(r"twitter|x", re.IGNORECASE)
_MOST_LINES = 20_000
"""Lines of one card; a picture in it takes some thousands."""


class _Property(NamedTuple):
    """One line of a card.

    Attributes:
        name: in capitals, without its group.
        parameters: words and values of its parameters, in capitals; names in front of "=".
        value: decoded, its escapes as they stand.
    """

    name: str
    parameters: dict[str, str]
    value: str

    def parts(self, separator: str = ";") -> list[str]:
        """The value's components, without escapes."""
        found = re.findall(rf"((?:\\.|[^\\{separator}])*)(?:{separator}|$)", self.value, re.DOTALL)
        return [_plain(part) for part in found[: -1 or None]]


def _plain(text: str) -> str:
    unescaped = _ESCAPE.sub(lambda found: " " if found[1] in "nN" else found[1], text)
    return " ".join(unescaped.split())


class VCards(TableFormat):
    """Cards one after another."""

    def inspect(self, first: FirstLook, sheet: str | None) -> TableShape:
        """The columns any card fills, and the first cards; all are counted."""
        # Cards have names for their values: they stand where a table has its header.
        whole = TableShape(first.path, "vCard", first.encoding, "", "", (), _COLUMNS, 1, [])
        filled: set[int] = set()
        samples: list[list[str]] = []
        count = 0
        for batch in self.batches(whole, SAMPLE_ROWS):
            count += len(batch.rows)
            samples = samples or sample_rows(batch.rows)
            filled.update(at for row in batch.rows for at, cell in enumerate(row) if cell)
        if not count:
            raise BadInput(f"{shown_name(first.path)}: no vCard in it names a person or company; export it again.")
        header = tuple(column for at, column in enumerate(_COLUMNS) if at in filled)
        rows = [[row[at] for at in sorted(filled)] for row in samples]
        return replace(whole, header=header, samples=rows, row_estimate=count, is_counted=True)

    def batches(self, shape: TableShape, size: int) -> Iterator[Batch]:
        """Cards as rows; those that name nobody, and groups of contacts, are left out."""
        places = [_COLUMNS.index(column) for column in shape.header]
        with open_text(shape.path, shape.encoding) as file:
            cards = _cards(_unfolded(file))
            while chunk := list(islice(cards, size)):
                batch = Batch([], [], [])
                lines: list[int] = []
                for line, properties, is_closed in chunk:
                    row = _row(properties)
                    if isinstance(row, str):
                        batch.problems.append(row_problem(line, _first(properties, "FN"), row))
                        continue
                    if not is_closed:
                        batch.problems.append(value_problem(line, "", row[0], "the card has no end"))
                    lines.append(line)
                    batch.rows.append([row[at] for at in places])
                yield batch._replace(lines=lines)


def _unfolded(file: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Lines with what was folded joined again, each with the one-based line it begins at."""
    begun, held = 0, ""
    for number, raw in enumerate(file, start=1):
        line = raw.rstrip("\r\n").lstrip("\ufeff")
        is_soft = held.endswith("=") and "QUOTED-PRINTABLE" in held.partition(":")[0].upper()
        if begun and is_soft:
            held = held[:-1] + line.lstrip(" \t")
        elif begun and line[:1] in (" ", "\t") and not line.isspace():
            held += line[1:]
        else:
            if begun:
                yield begun, held
            begun, held = number, line
    if begun:
        yield begun, held


def _cards(lines: Iterable[tuple[int, str]]) -> Iterator[tuple[int, list[_Property], bool]]:
    """Cards with the line each begins at, and whether it ends; one inside another is passed over."""
    begun, depth = 0, 0
    card: list[_Property] = []
    for number, line in lines:
        word = line.strip().upper().replace(" ", "")
        if word == "BEGIN:VCARD":
            is_inner = depth == 1 and card and card[-1].name == "AGENT"
            if depth == 1 and not is_inner:
                yield begun, card, False
                depth = 0
            depth += 1
            if depth == 1:
                begun, card = number, []
        elif word == "END:VCARD":
            depth -= 1
            if depth == 0:
                yield begun, card, True
            depth = max(0, depth)
        elif depth == 1 and len(card) < _MOST_LINES and (found := _property(line)) is not None:
            card.append(found)
    if depth:
        yield begun, card, False


def _property(line: str) -> _Property | None:
    found = _PROPERTY.fullmatch(line)
    if found is None:
        return None
    head, value = found[1], found[2]
    name, _, _ = head.partition(";")
    parameters: dict[str, str] = {}
    for text in _PARAMETER.findall(head[len(name) :]):
        key, equals, said = text.partition("=")
        key, said = (key, said.strip('"')) if equals else ("TYPE", key)
        key = key.strip().upper()
        parameters[key] = f"{parameters[key]},{said}" if key in parameters else said
    how = ",".join(parameters.values()).upper()
    if "QUOTED-PRINTABLE" in how:
        value = _quoted(value, parameters.get("CHARSET", "utf-8"))
    elif "BASE64" in how or parameters.get("ENCODING", "").upper() == "B":
        value = ""
    return _Property(name.rpartition(".")[2].strip().upper(), parameters, value)


def _quoted(value: str, charset: str) -> str:
    """A quoted-printable value; a line break in it is a space between words."""
    raw = quopri.decodestring(value.encode("utf-8", "replace"))
    try:
        return raw.decode(charset, "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _all(card: list[_Property], *names: str) -> list[_Property]:
    return [one for one in card if one.name in names]


def _first(card: list[_Property], *names: str) -> str:
    return next((text for one in _all(card, *names) if (text := _plain(one.value))), "")


def _row(card: list[_Property]) -> list[str] | str:
    """The cells of a card, or why it is no row."""
    is_group = _first(card, "KIND", "X-ADDRESSBOOKSERVER-KIND").lower() == "group"
    if is_group:
        return "a group of contacts, not a contact"
    family, given, middle, _, suffix, *_ = [*next((one.parts() for one in _all(card, "N")), []), *[""] * 5]
    company = next((parts[0] for one in _all(card, "ORG") if (parts := one.parts()) and parts[0]), "")
    name = _first(card, "FN")
    kind = _first(card, "KIND", "X-ABSHOWAS").lower()
    if kind in ("org", "company"):
        company, name, family, given, middle = company or name, "", "", "", ""
    emails = list(dict.fromkeys(mail for one in _all(card, "EMAIL") if "@" in (mail := _address(one))))
    sites, handles = _links(card)
    if not any((name, family, given, company, emails, handles, sites)):
        return "names nobody"
    places = sorted(_all(card, "ADR"), key=lambda one: "WORK" not in one.parameters.get("TYPE", "").upper())
    place = next((parts for one in places if any((parts := [*one.parts(), *[""] * 7])[3:7])), [""] * 7)
    title = _first(card, "TITLE") or _first(card, "ROLE")
    return [
        name, given, middle, family, suffix, _first(card, "NICKNAME"), company, title, "; ".join(emails),
        "; ".join(sites), "; ".join(handles), place[3], place[4], place[6], _first(card, "UID"),
    ]  # fmt: skip


def _address(one: _Property) -> str:
    return re.sub(r"^mailto:", "", _plain(one.value), flags=re.IGNORECASE)


def _links(card: list[_Property]) -> tuple[list[str], list[str]]:
    """Sites and handles of X of a card, each once, in order."""
    sites: dict[str, None] = {}
    handles: dict[str, None] = {}
    for one in _all(card, "URL", "X-SOCIALPROFILE", "SOCIALPROFILE", "IMPP", "X-TWITTER", "X-KADDRESSBOOK-X-TWITTER"):
        text = _plain(one.value)
        profile = _PROFILE.fullmatch(text)
        if profile is not None:
            handles[f"@{profile[1]}"] = None
        elif one.name == "URL":
            sites[text] = None
        elif _is_of_x(one):
            user = one.parameters.get("X-USER") or one.parameters.get("USERNAME") or text.rpartition(":")[2]
            if re.fullmatch(r"@?\w{1,15}", user):
                handles[f"@{user.lstrip('@')}"] = None
    return [site for site in sites if site], list(handles)


def _is_of_x(one: _Property) -> bool:
    """Whether a property is an account of X by its name, its parameters, or the scheme of its value."""
    services = [one.parameters.get(key, "") for key in ("TYPE", "X-SERVICE-TYPE", "SERVICE-TYPE")]
    scheme, colon, _ = one.value.partition(":")
    said = [*(word for service in services for word in service.split(",")), scheme if colon else ""]
    return one.name.endswith("TWITTER") or any(_SERVICE.fullmatch(word.strip()) for word in said)
