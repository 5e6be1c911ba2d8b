"""Traits that accounts of a crowd may share: links, pictures, patterns of handle and name, creation dates.

Owns how each trait becomes a whole-number key, one for each account, -1 for none. Whether a
shared key means anything is decided in ``crowd``. Imported by ``crowd``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from followertui.domain.account import ProfileColumns
from followertui.quality.handles import DIGIT, GAP, letter_codes
from followertui.quality.lexicon import plain
from followertui.text.domains import domain_category, registrable_domain

Keys = tuple[NDArray[np.int64], list[str]]
"""Key of each account, and the text of each key."""

_RUN = re.compile(r"[A-Za-z]+|[0-9]+|_+")
_LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"']+", re.IGNORECASE)
_SIZE = re.compile(r"_(?:normal|bigger|mini|\d+x\d+)(?=\.\w+$|$)")
_USUAL_SIZE = "_normal."


def keyed(values: Sequence[str | None]) -> Keys:
    """Number texts that several share, in order of first appearance; None, "" and the rest become -1."""
    names = [value for value, times in Counter(values).items() if value and times > 1]
    number: dict[str | None, int] = {name: key for key, name in enumerate(names)}
    return np.fromiter(map(number.get, values, repeat(-1)), dtype=np.int64, count=len(values)), names


def links(columns: ProfileColumns) -> Keys:
    """The link in each account's profile or bio, without scheme and tracking.

    t.co addresses are left out: every account gets its own.
    """
    values: list[str | None] = []
    for site, url, bio in zip(columns.site, columns.url, columns.bio, strict=True):
        value = _tidy_link(site) if site else None
        if value is None and url:
            value = _tidy_link(url)
        if value is None and bio and ("http" in bio or "www." in bio):
            met = _LINK.search(bio)
            value = _tidy_link(met.group()) if met else None
        values.append(value)
    return keyed(values)


def _tidy_link(link: str) -> str | None:
    address = (link.partition("://")[2] or link).strip().removeprefix("www.")
    host, _, path = address.partition("/")
    host = host.lower()
    if "." not in host or host == "t.co":
        return None
    path = path.partition("?")[0].partition("#")[0].rstrip("/.,;)")
    return f"{host}/{path}" if path else host


def is_common_link(link: str, known_domains: Collection[str]) -> bool:
    """Whether many accounts may legitimately share a link: the home page of a shared host, a known company's site.

    Args:
        link: as ``links`` gives it.
        known_domains: registrable domains of our own and of known companies, lower case.
    """
    domain = registrable_domain(link)
    return domain is None or domain in known_domains or ("/" not in link and bool(domain_category(domain)))


def pictures(columns: ProfileColumns) -> Keys:
    """The picture of each account, whatever size its address asks for; not X's default."""
    values: list[str | None] = []
    for address in columns.image_url:
        if not address or "default_profile" in address:
            values.append(None)
        else:
            head, usual, ending = address.rpartition(_USUAL_SIZE)
            is_plain = usual and ending.isalpha()
            values.append(f"{head}.{ending}" if is_plain else _SIZE.sub("", address.partition("?")[0]))
    return keyed(values)


def months(columns: ProfileColumns, half: int) -> Keys:
    """Windows of 120 creation days; those of ``half`` 1 start 60 days later.

    Any 60 days lie entirely within a window of one of the two.
    """
    created = np.array(columns.created_at, dtype=np.float64)
    stretch = np.floor((created / 86_400 + 60 * half) / 120)
    keys = np.where(np.isnan(stretch), -1, stretch).astype(np.int64)
    return keys, [str(k) for k in range(int(keys.max(initial=0)) + 1)]


def handle_patterns(columns: ProfileColumns) -> list[Keys]:
    """Patterns of handles: shape, shape with lengths, first letters, last letters.

    ``anna_48213`` is "word _ 5 digits" and "4 letters _ 5 digits"; letters alone are no shape.
    """
    handles = columns.handle
    codes = letter_codes(handles)
    letter, digit, other = codes < 26, codes == DIGIT, codes == GAP
    letter &= codes >= 0
    classes = letter + 2 * digit + 3 * other
    again = np.zeros_like(letter)
    again[:, 1:] = letter[:, 1:] & letter[:, :-1]
    shape, measured = (_as_number(classes, skip) for skip in (again, np.zeros_like(again)))
    plain_letters = ~(digit | other).any(axis=1)
    shape[plain_letters] = measured[plain_letters] = -1
    heads = [h[:5].lower() if h and h[:4].isalpha() else None for h in handles]
    ends = [h.rstrip("0123456789_") if h else "" for h in handles]
    tails = [h[-5:].lower() if len(h) >= 8 and h[-5:].isalpha() else None for h in ends]
    return [
        _renumbered(shape, [_shape_of(h, "word") for h in _examples(shape, handles)]),
        _renumbered(measured, [_shape_of(h, "") for h in _examples(measured, handles)]),
        _worded(keyed(heads), "starts with"),
        _worded(keyed(tails), "ends with"),
    ]


def _as_number(classes: NDArray[np.int64], skip: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Rows of letter classes 0-3 as one whole number each; skipped places and 0 are ignored."""
    number = np.zeros(len(classes), dtype=np.int64)
    for column in range(classes.shape[1]):
        here = classes[:, column]
        number = np.where((here == 0) | skip[:, column], number, number * 4 + here)
    return number


def _examples(keys: NDArray[np.int64], handles: Sequence[str | None]) -> list[str]:
    """One handle for each distinct key, keys ascending."""
    first = np.unique(keys, return_index=True)[1].tolist()
    return [handles[i] or "" for i in first]


def _renumbered(keys: NDArray[np.int64], names: list[str]) -> Keys:
    distinct, numbered = np.unique(keys, return_inverse=True)
    return np.where(distinct[numbered] < 0, -1, numbered), names


def _worded(keys: Keys, words: str) -> Keys:
    return keys[0], [f"{words} {name}" for name in keys[1]]


def _shape_of(handle: str, letters: str) -> str:
    return " ".join(_part(run, letters or f"{len(run)} letters") for run in _RUN.findall(handle))


def _part(run: str, letters: str) -> str:
    if run[0] == "_":
        return "_"
    return letters if run.isalpha() else f"{len(run)} digits"


def name_patterns(columns: ProfileColumns) -> list[Keys]:
    """Patterns of names: their first word, their last word, their shape."""
    firsts: list[str | None] = [None] * len(columns)
    lasts: list[str | None] = [None] * len(columns)
    shapes: list[str | None] = [None] * len(columns)
    for i, name in enumerate(columns.name):
        parts = plain(name).split() if name else []
        if not parts:
            continue
        firsts[i] = parts[0]
        if len(parts) > 1:
            lasts[i] = parts[-1]
        if not "".join(parts).isalpha():
            shapes[i] = _name_shape(parts)
    return [_worded(keyed(firsts), "starts with"), _worded(keyed(lasts), "ends with"), keyed(shapes)]


def _name_shape(parts: list[str]) -> str:
    """Each word as "word", "number" or the sign itself."""
    return " ".join("word" if p.isalpha() else "number" if p.isdigit() else _mixed(p) for p in parts[:6])


def _mixed(part: str) -> str:
    if part.isalnum():
        return "word with digits"
    return part if len(part) <= 2 else "signs"
