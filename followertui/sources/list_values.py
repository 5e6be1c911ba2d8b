"""Cells of a list's column to values of entries: texts, hosts, addresses, handles, kinds.

Owns the repair of a list's cells: HTML in them, several sites or addresses in one, guarded
formulas. Looks at a whole column first and at single cells only where that is needed.
Imported by ``lists``.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Sequence
from typing import Any

from followertui.domain.kind import Kind
from followertui.domain.lists import LIST_FIELDS
from followertui.sources.account_columns import PROFILE_LINK
from followertui.sources.column_names import exact_field_of, fold_header
from followertui.sources.list_columns import EMAIL, HOST
from followertui.text.cleaning import clean_handle, clean_text
from followertui.text.domains import host_of
from followertui.text.quantities import NOTHING, parse_flag

_TEXT_FIELDS = frozenset(LIST_FIELDS) - {"domain", "email", "handle", "kind", "opted_in", "do_not_contact"}
_HREF = re.compile(r"""<a\s[^>]*?href\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_PLAIN_SITE = re.compile(r"(?:https?://)?((?=[^/]{4,253}/?$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24})/?")
_SPLIT_SITES = re.compile(r"[\s;,|]+")
_SPLIT_EMAILS = re.compile(r"[\s;,|<>()]+")
_MARKED = re.compile("[<&'\n;]|:::|notion\\.so/")
_SEVERAL_TEXTS = re.compile(r"\s*(?::::|;)\s*")
_SEVERAL_FIELDS = frozenset({"company", "person", "first_name", "last_name", "title", "city", "country", "owner"})
_STRONG_FORM = re.compile(
    r"\b(?:inc|corp|corporation|ltd|limited|llc|llp|plc|gmbh|mbh|kgaa|kg|ohg|e\.?v|s\.?a\.?r\.?l|s\.?r\.?l|s\.?p\.?a"
    r"|b\.?v|n\.?v|oyj|aps|pty|pte|s\.l)\.?\)?$|株式会社|有限会社",
    re.IGNORECASE,
)
_PAGE = re.compile(r"\s*\(https?://(?:www\.)?notion\.so/[^()\s]*\)")
_TEXT_LIMIT = 500
_NOT_YET = frozenset({"other", "churned", "formercustomer", "lost", "closedlost", "sonstige", "autre", "otro", "altro"})


def column_values(field: str, cells: Sequence[str], shown: Sequence[str]) -> list[Any]:
    """What a column says as one of an entry's fields.

    Args:
        field: one of ``LIST_FIELDS``.
        cells: as the file has them.
        shown: the same cells cleaned, line breaks kept.

    Returns:
        A value for each cell: text ("" where it says nothing), a tuple of hosts, addresses or
        handles, a kind or None, a flag or None.
    """
    if field in _TEXT_FIELDS:
        return _texts(field, cells, shown)
    read = _READERS[field]
    return [read(cell.strip()) if says_something(cell) else read("") for cell in cells]


def says_something(cell: str) -> bool:
    """Whether a cell is neither empty nor one of the words for nothing."""
    return cell.strip().lower() not in NOTHING


def kind_of_value(value: str) -> Kind | None:
    """The kind a CRM's word means, in any of its languages, or None.

    Source: HubSpot's default lifecycle stages, Salesforce's default account types.
    """
    if fold_header(value) in _NOT_YET:
        return None
    found = exact_field_of("kind_values", value)
    return None if found is None else Kind(found)


def texts_in(field: str, cell: str) -> list[str]:
    """What a cell of a text field holds: one text, or several parted by ``;``, ``:::`` or lines of full names."""
    text = _plain(cell.strip())
    if field not in _SEVERAL_FIELDS:
        return [text]
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(map(_STRONG_FORM.search, lines)):
        return lines
    parts = [part for part in _SEVERAL_TEXTS.split(text) if part]
    return parts if parts and all(any(map(str.isalnum, part)) for part in parts) else [text]


def ends_like_a_company(name: str) -> bool:
    """Whether a name ends in a legal form that ends no person's name."""
    return _STRONG_FORM.search(name) is not None


def joined_name(name: str, rest: str) -> str:
    """A company's name with its next line, where that ends in the legal form the first lacks."""
    if not name or not rest or ends_like_a_company(name) or not ends_like_a_company(rest):
        return name or rest
    return f"{name} {rest}"


def profile_handles(cell: str) -> tuple[str, ...]:
    """Handles of the links to X profiles in a cell of sites, in lower case."""
    if "twitter.com/" not in cell.lower() and "x.com/" not in cell.lower():
        return ()
    links = (part for part in _SPLIT_SITES.split(cell) if PROFILE_LINK.match(part))
    found = (clean_handle(link) for link in links)
    return tuple(dict.fromkeys(handle.lower() for handle in found if handle))


def _texts(field: str, cells: Sequence[str], shown: Sequence[str]) -> list[str]:
    """Texts of a column; what is shown of them is it, unless there is HTML, a guarded formula or several in a cell."""
    if _MARKED.search("\r".join(shown)) is None and max(map(len, shown), default=0) <= _TEXT_LIMIT:
        return ["" if text.lower() in NOTHING else text for text in shown]
    return [_text(field, cell, text) for cell, text in zip(cells, shown, strict=True)]


def _text(field: str, cell: str, shown: str) -> str:
    is_plain = len(shown) <= _TEXT_LIMIT and _MARKED.search(shown) is None
    text = shown if is_plain else clean_text(texts_in(field, cell)[0], limit=_TEXT_LIMIT)
    return "" if text.lower() in NOTHING else text


def _plain(raw: str) -> str:
    """A cell without HTML, entities, and the apostrophe that guards formulas."""
    text = raw
    if "<" in text:
        text = _TAG.sub(" ", text)
    if "&" in text:
        text = html.unescape(text)
    if "notion.so/" in text:
        # Notion writes where the page of what a cell names is.
        text = _PAGE.sub("", text)
    return text[1:] if text[:1] == "'" and text[1:2] in ("=", "+", "-", "@") else text


def _hosts(raw: str) -> tuple[str, ...]:
    """Hosts in a cell: ``https://Acme.com/about; acme.de`` -> ``acme.com``, ``acme.de``."""
    plain = _PLAIN_SITE.fullmatch(raw)
    if plain is not None:
        return (_without_www(plain.group(1)),)
    links = _HREF.findall(raw)
    found: dict[str, None] = {}
    for part in _SPLIT_SITES.split(" ".join(links) if links else _plain(raw)):
        if PROFILE_LINK.match(part):
            continue
        part = clean_text(part.strip("\"'()[]<>"), limit=300)
        if "@" in part and EMAIL.fullmatch(part.removeprefix("mailto:")):
            part = part.rpartition("@")[2]
        host = host_of(part) if HOST.fullmatch(part) else None
        if host is not None:
            found[_without_www(host)] = None
    return tuple(found)


def _without_www(host: str) -> str:
    bare = host.removeprefix("www.")
    return bare if "." in bare else host


def _emails(raw: str) -> tuple[str, ...]:
    """Addresses in a cell."""
    found: dict[str, None] = {}
    for part in _SPLIT_EMAILS.split(_plain(raw)):
        address = clean_text(part, limit=254).removeprefix("mailto:").strip("\"'")
        if EMAIL.fullmatch(address):
            found[address.lower()] = None
    return tuple(found)


def _handles(raw: str) -> tuple[str, ...]:
    """X handles in a cell, in lower case."""
    found = (clean_handle(_plain(part)) for part in _SPLIT_SITES.split(raw))
    return tuple(dict.fromkeys(handle.lower() for handle in found if handle))


def _flag(raw: str) -> bool | None:
    flag = parse_flag(raw)
    return None if flag is None else bool(flag)


_READERS: dict[str, Callable[[str], Any]] = {
    "domain": _hosts,
    "email": _emails,
    "handle": _handles,
    "kind": kind_of_value,
    "opted_in": _flag,
    "do_not_contact": _flag,
}
"""How a cell is read for the fields that are no plain text; an empty one says nothing."""
