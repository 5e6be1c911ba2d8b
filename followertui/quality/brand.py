"""Whether an account impersonates us: our name, or a look-alike of our handle.

Owns what counts as using our name and as imitating our handle, and who may do so: our own
handles, accounts affiliated with us, verified organisations. Imported within ``quality`` and
by services.

Source: Unicode Technical Standard 39 (letters of other scripts that look like Latin ones);
X Help Center, misleading and deceptive identities.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from followertui.domain.account import ProfileColumns
from followertui.late import late
from followertui.quality.reading import Measure
from followertui.text.domains import host_of
from followertui.text.folding import fold, words
from followertui.text.legal_forms import without_legal_form

if TYPE_CHECKING:
    from rapidfuzz import distance, process
else:
    distance = late("rapidfuzz.distance")
    process = late("rapidfuzz.process")

_ADDED = (
    *("official", "support", "supports", "help", "helpdesk", "helpcenter", "helps", "care", "customercare", "service"),
    *(
        "services",
        "customerservice",
        "team",
        "hq",
        "real",
        "the",
        "admin",
        "desk",
        "live",
        "online",
        "assist",
        "refund",
    ),
)
"""Words impersonators add before or after a name."""

_LOOKS_LIKE = str.maketrans(
    dict(zip("авсԁеһіјкмнорԛѕтухь", "abcdehijkmhopqstyxb", strict=True))
    | dict(zip("αβεικνορτυχω", "abeikvoptuxw", strict=True))
    | dict(zip("ⅼⅰ", "li", strict=True))
)
"""Lower-case Cyrillic and Greek letters and Roman numerals that look like a Latin letter."""

_SAME_SHAPE = str.maketrans({"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "8": "b", "_": None})
_LETTERS_OF_ONE = (("rn", "m"), ("vv", "w"))
_BEFORE = 24
"""Letters before "@us" that say how it is meant."""

_NO_EMPLOYER = re.compile(
    r"(?:\b(?:ex|former|formerly|previously|prev|past|was|were|left|alum|alumni|alumnus|fan|fans|lover|user|users|uses|using|"
    r"love|customer|client|partner|investor|via|by|not|no|vs|against|boycott|parody|inspired|featured|ehemals|früher|"
    r"ancien|ancienne)\b|🔙)[^.|·\n]*$"
)
"""Words before "@us" after which it is no present employer."""

_NOW = re.compile(r"\b(?:now|currently|today|jetzt|aktuell)\b[^.|·\n]*$")
"""Words after which it is one again: "ex-Globex, now @us"."""

_LAST_DIGITS = re.compile(r"(?<=\D{4})\d{1,4}$")
_NO_SIGNS = {code: None for code in range(128) if not chr(code).isalnum()}
_SHORTEST_NEAR = 7
"""Shortest handle of which one letter off counts as a copy: a shorter one is just another word."""


@dataclass(frozen=True)
class OwnBrand:
    """Our names, handles and domains, which impersonators copy.

    Attributes:
        names: our company's names.
        handles: our own handles, lower case.
        domains: our domains.
        rivals: competitors' handles, lower case.
    """

    names: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    domains: tuple[str, ...] = ()
    rivals: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.names or self.handles or self.rivals)

    @cached_property
    def own_handles(self) -> frozenset[str]:
        """Our handles, lower case."""
        return frozenset(handle.lower() for handle in self.handles)

    @cached_property
    def rival_handles(self) -> frozenset[str]:
        """Competitors' handles, lower case."""
        return frozenset(handle.lower() for handle in self.rivals)

    @cached_property
    def mention(self) -> re.Pattern[str] | None:
        """Finds one of our handles in a bio, with what stands before it; None without a handle."""
        names = "|".join(re.escape(handle) for handle in sorted(self.own_handles))
        return re.compile(rf"(.{{0,{_BEFORE}}})(?<![\w@])@(?:{names})(?!\w)", re.DOTALL) if names else None

    @cached_property
    def own_hosts(self) -> frozenset[str]:
        """Our domains as hosts, lower case."""
        return frozenset(host.removeprefix("www.") for text in self.domains if (host := host_of(text)))

    @cached_property
    def name_keys(self) -> frozenset[str]:
        """Our names as one word each, with and without the words impersonators add."""
        return frozenset(key for name in self.names for key in (_name_key(name), "".join(words(name))) if key)

    @cached_property
    def shapes(self) -> frozenset[str]:
        """Shapes of our handles and names; a handle of the same shape is a copy."""
        texts = [*self.handles, *self.name_keys]
        return frozenset(shape for text in texts if len(shape := _shape(text)) >= 3)


def brand_measures(columns: ProfileColumns, brand: OwnBrand | None) -> dict[str, Measure]:
    """Which accounts use our name, and whose handle copies ours.

    Args:
        columns: profiles.
        brand: who we are, or None.

    Returns:
        ``impersonates_name`` and ``copies_our_handle``: 1, or NaN where neither applies and for
        those who may: our own handles, our affiliates, verified organisations. A name is not
        impersonation where the profile links to our own domain, as our branches do. ``named_rival``
        and ``works_here``: 1 where the person named the account as a competitor, or its bio says
        "@us" as an employer; NaN elsewhere.
    """
    rivals, staff = np.full(len(columns), np.nan), np.full(len(columns), np.nan)
    impersonates, copies = np.full(len(columns), np.nan), np.full(len(columns), np.nan)
    if brand:
        for at in _users_of_name(columns.name, brand):
            if not _may(columns, at, brand) and not _links_home(columns, at, brand):
                impersonates[at] = 1.0
        for at in _copies(columns.handle, brand):
            if not _may(columns, at, brand):
                copies[at] = 1.0
        for at, handle in enumerate(columns.handle):
            if handle and handle.lower() in brand.rival_handles:
                rivals[at] = 1.0
            elif _works_here(columns.bio[at] or "", handle or "", brand):
                staff[at] = 1.0
    return {
        "impersonates_name": impersonates,
        "copies_our_handle": copies,
        "named_rival": rivals,
        "works_here": staff,
    }


def _works_here(bio: str, handle: str, brand: OwnBrand) -> bool:
    """Whether a bio names one of our handles as its employer: not as a former one, and not as a fan or customer."""
    if brand.mention is None or "@" not in bio or handle.lower() in brand.own_handles:
        return False
    found = brand.mention.search(bio.lower())
    return found is not None and (_NO_EMPLOYER.search(found[1]) is None or _NOW.search(found[1]) is not None)


def _users_of_name(names: Sequence[str | None], brand: OwnBrand) -> list[int]:
    """Positions of names equal to ours, or that look like ours."""
    parts = tuple({part for key in brand.name_keys for part in (key[:3], key[-3:])})
    found: list[int] = []
    for at, name in enumerate(names):
        if not name:
            continue
        seen = name.lower() if name.isascii() else _seen(name)
        letters = seen.translate(_NO_SIGNS)
        if any(part in letters for part in parts) and _name_key(seen) in brand.name_keys:
            found.append(at)
    return found


def _copies(handles: Sequence[str | None], brand: OwnBrand) -> list[int]:
    """Positions of handles that copy one of ours: same shape, words added, or one letter off."""
    shapes = [_shape(handle or "") for handle in handles]
    ours = brand.shapes
    copied = np.fromiter(
        (
            shape in ours or (h is not None and h[-1:].isdigit() and _shape(_last_digits_off(h)) in ours)
            for h, shape in zip(handles, shapes, strict=True)
        ),
        dtype=bool,
        count=len(shapes),
    )
    near = [shape for shape in sorted(brand.shapes) if len(shape) >= _SHORTEST_NEAR]
    if near and shapes:
        away = process.cdist(near, shapes, scorer=distance.OSA.distance, score_cutoff=1, dtype=np.uint8)
        copied |= (away <= 1).any(axis=0)
    return [int(at) for at in np.flatnonzero(copied)]


def _may(columns: ProfileColumns, at: int, brand: OwnBrand) -> bool:
    """Whether an account is ours, affiliated with us, or a verified organisation."""
    affiliation = (columns.affiliation[at] or "").lstrip("@").lower()
    own = (columns.handle[at] or "").lower() in brand.own_handles
    return own or affiliation in brand.own_handles or columns.verified[at] in ("business", "government")


def _links_home(columns: ProfileColumns, at: int, brand: OwnBrand) -> bool:
    """Whether the profile's link is on one of our domains or a subdomain."""
    host = host_of(columns.site[at] or columns.url[at] or "") or ""
    return any(host == own or host.endswith(f".{own}") for own in brand.own_hosts)


def _shape(handle: str) -> str:
    """A handle as it looks: similar letters merged, added words removed."""
    bare = handle.lower().replace("_", "")
    for word in _ADDED if bare.startswith(_ADDED) or bare.endswith(_ADDED) else ():
        if len(bare) - len(word) >= 3:
            bare = bare.removeprefix(word) if bare.startswith(word) else bare.removesuffix(word)
    bare = bare.translate(_SAME_SHAPE)
    for pair, letter in _LETTERS_OF_ONE:
        bare = bare.replace(pair, letter)
    return bare


def _last_digits_off(handle: str) -> str:
    return _LAST_DIGITS.sub("", handle)


def _seen(name: str) -> str:
    """A name in lower case, with letters of other scripts replaced by their Latin look-alikes."""
    return fold(unicodedata.normalize("NFKC", name).lower().translate(_LOOKS_LIKE))


def _name_key(name: str) -> str:
    """A name as one word, without legal form and the words impersonators add."""
    left = without_legal_form(words(name))
    bare = [word for word in left if word not in _ADDED]
    return "".join(bare or left)
