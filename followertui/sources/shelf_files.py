"""Links for the shelf from a file: a CSV, a saved RSS or Atom feed, a JSON Feed.

Owns which columns and elements say what. A feed is read from the file alone: nothing it names is fetched.
Only ``services`` imports it.
"""

from __future__ import annotations

import calendar
import csv
import io
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import unescape
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from followertui.domain.errors import BadInput
from followertui.late import late
from followertui.sources.text_files import look_at, open_text
from followertui.text.quantities import parse_moment

if TYPE_CHECKING:
    import feedparser
else:
    feedparser = late("feedparser")

MOST_BYTES = 20_000_000
"""A larger file is no list of links."""
MOST_LINKS = 5_000

_COLUMNS = {
    "url": ("url", "link", "address", "page", "href", "permalink", "website", "landing page"),
    "title": ("title", "name", "headline", "subject"),
    "summary": ("summary", "description", "abstract", "excerpt"),
    "topics": ("topics", "topic", "tags", "keywords", "categories", "category"),
    "kinds": ("kinds", "kind", "audience", "for", "persona"),
    "lang": ("lang", "language", "locale"),
    "from": ("from", "start", "valid from", "publish date", "published"),
    "until": ("until", "end", "valid until", "expires", "expiry"),
}
_SPLIT = re.compile(r"[;,|]")
_TAG = re.compile(r"<[^<>]*>")


class FoundLink(NamedTuple):
    """One link of a file: its line or place, then what the file says of it, text still raw."""

    line: int
    url: str
    title: str
    summary: str
    topics: tuple[str, ...]
    kinds: tuple[str, ...]
    lang: str
    from_at: int | None
    until_at: int | None


class FoundLinks(NamedTuple):
    """The links of a file, its name, and what was left out: line or place, and why."""

    name: str
    links: list[FoundLink]
    problems: list[tuple[int, str]]


def read_links(path: Path) -> FoundLinks:
    """Every link of a file.

    Raises:
        BadInput: it cannot be read, is too large, or holds no links.
    """
    try:
        with path.open("rb") as file:
            body = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror or error})") from None
    if len(body) > MOST_BYTES:
        raise BadInput(f"{path.name}: is larger than {MOST_BYTES // 1_000_000} MB; a list of links is not")
    start = body.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if start.startswith((b"{", b"[")):
        found = _json_feed(path.name, body)
    elif start.startswith(b"<"):
        found = _feed(path.name, body)
    else:
        found = _table(path)
    if not found.links and not found.problems:
        raise BadInput(f"{path.name}: holds no links")
    return found


def _feed(name: str, body: bytes) -> FoundLinks:
    """A saved RSS or Atom feed."""
    if re.search(rb"<!(?:DOCTYPE|ENTITY)\b[^>]*(?:\[|ENTITY|SYSTEM)", body[:4_096], re.IGNORECASE):
        raise BadInput(f"{name}: declares entities of its own; save the feed again from its address")
    parsed = feedparser.parse(io.BytesIO(body), sanitize_html=True, resolve_relative_uris=False)
    if not parsed.get("version"):
        raise BadInput(f"{name}: is neither an RSS nor an Atom feed")
    lang = str(parsed.feed.get("language") or "")
    links: list[FoundLink] = []
    problems: list[tuple[int, str]] = []
    for place, entry in enumerate(parsed.entries[:MOST_LINKS], start=1):
        url = str(entry.get("link") or "").strip()
        if not url:
            problems.append((place, "has no link"))
            continue
        moment = entry.get("published_parsed") or entry.get("updated_parsed")
        topics = tuple(str(tag.get("term") or "") for tag in entry.get("tags") or ())
        links.append(
            FoundLink(
                place,
                url,
                _text(entry.get("title")),
                _text(entry.get("summary")),
                topics,
                (),
                str(entry.get("language") or lang),
                calendar.timegm(moment) if moment else None,
                None,
            )
        )
    return FoundLinks(name, links, problems)


def _json_feed(name: str, body: bytes) -> FoundLinks:
    """A JSON Feed; https://jsonfeed.org/version/1.1."""
    try:
        parsed = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        raise BadInput(f"{name}: is no JSON") from None
    items = parsed.get("items") if isinstance(parsed, dict) else None
    if not isinstance(items, list) or not str(parsed.get("version", "")).startswith("https://jsonfeed.org/"):
        raise BadInput(f"{name}: is no JSON Feed: it needs version and items")
    lang = _string(parsed, "language")
    links: list[FoundLink] = []
    problems: list[tuple[int, str]] = []
    for place, item in enumerate(items[:MOST_LINKS], start=1):
        url = _address(item) if isinstance(item, dict) else ""
        if not url:
            problems.append((place, "has no url"))
            continue
        tags = item.get("tags")
        topics = tuple(str(tag) for tag in tags) if isinstance(tags, list) else ()
        links.append(
            FoundLink(
                place,
                url,
                _text(item.get("title")),
                _text(item.get("summary") or item.get("content_text")),
                topics,
                (),
                _string(item, "language") or lang,
                _moment(_string(item, "date_published")),
                None,
            )
        )
    return FoundLinks(name, links, problems)


def _table(path: Path) -> FoundLinks:
    """A CSV with a column of links."""
    name = path.name
    with open_text(path, look_at(path).encoding) as file:
        text = file.read()
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4_096], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    rows = _rows(text, dialect)
    header = next(rows, None)
    if header is None:
        raise BadInput(f"{name}: is empty")
    at = _places(header[1])
    if "url" not in at:
        raise BadInput(
            f"{name}: no column holds links; call one url (columns: {', '.join(header[1][:10])}); "
            "it takes title, topics, kinds, lang, from, until beside it"
        )
    links: list[FoundLink] = []
    problems: list[tuple[int, str]] = []
    for line, cells in rows:
        known = {field: cells[place].strip() for field, place in at.items() if place < len(cells)}
        if not any(cells):
            continue
        if not known.get("url"):
            problems.append((line, "has no link"))
        elif len(links) < MOST_LINKS:
            dates = {field: _moment(known.get(field, "")) for field in ("from", "until")}
            wrong = next((field for field, at_ in dates.items() if at_ is None and known.get(field)), "")
            if wrong:
                problems.append((line, f'{wrong} "{known[wrong][:40]}" is no date'))
                continue
            links.append(_link_of(line, known, dates))
    return FoundLinks(name, links, problems)


def _link_of(line: int, known: Mapping[str, str], dates: Mapping[str, int | None]) -> FoundLink:
    until = dates["until"]
    return FoundLink(
        line, known["url"], known.get("title", ""), known.get("summary", ""), _split(known.get("topics", "")),
        tuple(kind.lower() for kind in _split(known.get("kinds", ""))), known.get("lang", ""),
        dates["from"], None if until is None else until + 86_399,
    )  # fmt: skip


def _rows(text: str, dialect: Any) -> Iterator[tuple[int, list[str]]]:
    """Rows with the line they end at; raises BadInput where a cell has no end."""
    reader = csv.reader(io.StringIO(text, newline=""), dialect)
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise BadInput(f"line {reader.line_num}: {error}") from None


def _places(header: Sequence[str]) -> dict[str, int]:
    """Field -> position of its column."""
    names = [" ".join(re.split(r"[\s_-]+", cell.strip().lower().lstrip("\ufeff"))) for cell in header]
    found: dict[str, int] = {}
    for field, words in _COLUMNS.items():
        at = next((names.index(word) for word in words if word in names), None)
        if at is not None:
            found[field] = at
    return found


def _split(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SPLIT.split(text) if part.strip())


def _address(item: Mapping[str, Any]) -> str:
    """Where an item of a JSON Feed is: many give their address as the id alone."""
    number = _string(item, "id")
    is_address = number.startswith(("https://", "http://"))
    return _string(item, "url") or _string(item, "external_url") or (number if is_address else "")


def _string(table: Any, key: str) -> str:
    value = table.get(key) if isinstance(table, dict) else None
    return value.strip() if isinstance(value, str) else ""


def _text(value: Any) -> str:
    """Plain text of a title or summary, tags taken out."""
    return " ".join(unescape(_TAG.sub(" ", value)).split()) if isinstance(value, str) else ""


def _moment(text: str) -> int | None:
    try:
        return parse_moment(text) if text else None
    except ValueError:
        return None
