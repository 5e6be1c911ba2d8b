"""What accounts of a crowd may share: links, pictures, patterns of handle and name, months.

Owns how each trait becomes a whole-number key, one for each account, -1 for none. Whether a
shared key means anything is decided in ``crowd``. Imported by ``crowd``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

from followertui.domain.account import ProfileColumns
from followertui.quality.lexicon import plain
from followertui.text.domains import domain_sort, registrable_domain

Keys = tuple[NDArray[np.int64], list[str]]
"""Key of each account, and what each key stands for."""

_RUN = re.compile(r"[A-Za-z]+|[0-9]+|_+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_SIZE = re.compile(r"_(?:normal|bigger|mini|\d+x\d+)(?=\.\w+$|$)")
_STARTS_WITH_WORD = re.compile(r"[a-z]{4,}")


def keyed(values: Sequence[str | None]) -> Keys:
    """Number distinct texts in order of first appearance; None and "" become -1."""
    number: dict[str, int] = {}
    keys = [number.setdefault(v, len(number)) if v else -1 for v in values]
    return np.array(keys, dtype=np.int64), list(number)


def links(columns: ProfileColumns, known_domains: Collection[str]) -> Keys:
    """The link each account shows in its profile or bio, without scheme and tracking.

    Front pages of shared hosts and links of known companies (whose staff link to them) are
    left out; so are t.co addresses, of which every account gets its own.
    """
    domains = {d.lower() for d in known_domains}
    seen: dict[str, str | None] = {}

    def tidy(link: str) -> str | None:
        if link not in seen:
            seen[link] = _tidy_link(link, domains)
        return seen[link]

    values: list[str | None] = []
    for site, url, bio in zip(columns.site, columns.url, columns.bio, strict=True):
        value = tidy(site) if site else None
        if value is None and url:
            value = tidy(url)
        if value is None and bio and ("http" in bio or "www." in bio):
            met = _LINK.search(bio)
            value = tidy(met.group()) if met else None
        values.append(value)
    return keyed(values)


def _tidy_link(link: str, known_domains: set[str]) -> str | None:
    domain = registrable_domain(link)
    if domain is None or domain == "t.co" or domain in known_domains:
        return None
    address = re.sub(r"^\w+://", "", link.strip()).removeprefix("www.")
    host, _, path = address.partition("/")
    path = path.split("?")[0].split("#")[0].rstrip("/.,;)")
    if not path and domain_sort(domain):
        return None
    return f"{host.lower()}/{path}" if path else host.lower()


def pictures(columns: ProfileColumns) -> Keys:
    """The picture each account shows, whatever size the address asks for; not X's default."""
    values: list[str | None] = []
    for address in columns.image_url:
        if not address or "default_profile" in address:
            values.append(None)
        else:
            values.append(_SIZE.sub("", address.partition("?")[0]))
    return keyed(values)


def months(columns: ProfileColumns, half: int) -> Keys:
    """Stretches of 120 days of creation; ``half`` 1 starts 60 days later.

    Any 60 days lie whole within a stretch of one of the two.
    """
    created = np.array(columns.created_at, dtype=np.float64)
    stretch = np.floor((created / 86_400 + 60 * half) / 120)
    keys = np.where(np.isnan(stretch), -1, stretch).astype(np.int64)
    return keys, [str(k) for k in range(int(keys.max(initial=0)) + 1)]


def handle_patterns(columns: ProfileColumns) -> list[Keys]:
    """Patterns of handles: the shape, the shape with lengths, the first and the last letters."""
    return [keyed([rule(h) if h else None for h in columns.handle]) for rule in _HANDLE_RULES]


def _shape(handle: str) -> str | None:
    """``anna_48213`` is "word _ 5 digits"; letters alone are no pattern."""
    parts = _RUN.findall(handle)
    if len(parts) < 2:
        return None
    return " ".join(f"{len(p)} digits" if p.isdigit() else "_" if p[0] == "_" else "word" for p in parts)


def _measured_shape(handle: str) -> str | None:
    """The shape with the length of each word too."""
    parts = _RUN.findall(handle)
    if len(parts) < 2 and len(handle) < 12:
        return None
    return " ".join(
        f"{len(p)} digits" if p.isdigit() else "_" if p[0] == "_" else f"{len(p)} letters" for p in parts
    )


def _head(handle: str) -> str | None:
    met = _STARTS_WITH_WORD.match(handle.lower())
    return f"starts with {met.group()[:5]}" if met else None


def _tail(handle: str) -> str | None:
    word = handle.lower().rstrip("0123456789_")
    return f"ends with {word[-5:]}" if len(word) >= 8 and word[-5:].isalpha() else None


_HANDLE_RULES: tuple[Callable[[str], str | None], ...] = (_shape, _measured_shape, _head, _tail)


def name_patterns(columns: ProfileColumns) -> list[Keys]:
    """Patterns of names: their first word, their last word, their shape."""
    firsts: list[str | None] = []
    lasts: list[str | None] = []
    shapes: list[str | None] = []
    for name in columns.name:
        parts = plain(name).split() if name else []
        firsts.append(f"starts with {parts[0]}" if parts else None)
        lasts.append(f"ends with {parts[-1]}" if len(parts) > 1 else None)
        shapes.append(_name_shape(parts))
    return [keyed(firsts), keyed(lasts), keyed(shapes)]


def _name_shape(parts: list[str]) -> str | None:
    """Words as "word", "number" or the sign itself; plain words are no pattern."""
    kinds = ["word" if p.isalpha() else "number" if p.isdigit() else _mixed(p) for p in parts]
    return None if all(k == "word" for k in kinds) else " ".join(kinds[:6])


def _mixed(part: str) -> str:
    if part.isalnum():
        return "word with digits"
    return part if len(part) <= 2 else "signs"
