"""Cleaning of foreign text: removes what is invisible, controlling or hostile, keeps the words.

Owns cleaning names, bios, cells and handles on the way in; ``escaping`` is the way out. Does not own
folding, matching or drawing (markup is made harmless where it is drawn). Any floor above
``domain`` may import it; stdlib only.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

# Escape sequences of terminals: CSI, then strings (OSC, DCS, SOS, PM, APC) that end on their line, then
# two-character ones. An unterminated string loses its introducer only, and so does every one-byte introducer (C1):
# a letter of another code page may stand for it, and must not take the rest of a name with it.
_ESCAPES = re.compile(
    "\x1b\\[[0-?]*[ -/]*[@-~]?|\x1b[\\]PX^_][^\x07\x1b\x9c\r\n]*(?:\x07|\x1b\\\\|\x9c)|\x1b[ -/]*[0-~]?"
)

# Controls, bidi controls, default-ignorable and filler characters, lone surrogates, tags, non-characters.
# Source: Unicode DerivedCoreProperties, Default_Ignorable_Code_Point; UAX #9 for the bidi controls.
DROPPED_CLASS = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufe00-\ufe0e\ufeff\uffa0"
    "\ufff0-\ufffb\ufffe\uffff\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
_DROPPED = re.compile(f"[{DROPPED_CLASS}]")

# Characters that look blank but are no white space to Python.
_SPACES = "\\s\u2800"
_SPACE_RUN = re.compile(f"[{_SPACES}]+")
_INLINE_RUN = re.compile(f"[^\\S\n]*[\u2800][{_SPACES}]*|[^\\S\n]+")
_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_MANY_LINES = re.compile(r" *\n[ \n]*\n *")
_LINE_EDGES = re.compile(r" *\n *")

# What may precede a variation selector 16 or surround a zero-width joiner: pictures.
_PICTURE_CLASS = (
    "#*0-9\xa9\xae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u27bf\u2934\u2935\u2b05-\u2b55"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff"
)
# Scripts spelled with joiners: Arabic and its relatives, Syriac, the Indic blocks, Khmer, Mongolian.
_JOINING_CLASS = (
    "\u0600-\u07ff\u0860-\u08ff\u0900-\u0dff\u0e00-\u0fff\u1000-\u109f\u1780-\u17ff\u1800-\u18af"
    "\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
)
_STRAY_SELECTOR = re.compile(f"(?<![{_PICTURE_CLASS}])\ufe0f")
_STRAY_JOINER = re.compile(
    f"(?<![{_PICTURE_CLASS}{_JOINING_CLASS}\ufe0f])[\u200c\u200d]"
    f"|\u200c(?![{_JOINING_CLASS}])|\u200d(?![{_PICTURE_CLASS}{_JOINING_CLASS}])"
)
_MARKS = "[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_STACKED_MARKS = re.compile(f"({_MARKS}{{4}}){_MARKS}+")

# One search for everything the slow path would change; text without a hit is clean once it is NFC.
_SUSPECT = re.compile(
    f"[{DROPPED_CLASS}\t-\r\x85\xa0\u1680\u2000-\u200b\u2028\u2029\u202f\u205f\u2800\u3000{_MARKS[1:-1]}]"
)
_ESCAPE_STARTS = re.compile("\x1b")

# Cutting may leave these at the end, where they mean nothing.
_ENDS = " \n\u200c\u200d"
_SEPARATOR = "|"

HANDLE = re.compile(r"[A-Za-z0-9_]{1,20}")
_PROFILE_LINK = re.compile(
    r"(?:https?:)?(?://)?(?:www\.|mobile\.|m\.)?(?:twitter|x)\.com/(?:#!/)?@?([A-Za-z0-9_]{1,20})(?:[/?#\s].*)?",
    re.IGNORECASE,
)
_INTENT_NAME = re.compile(r"[?&]screen_name=@?([A-Za-z0-9_]{1,20})(?:&|$)", re.IGNORECASE)

RESERVED_PATHS: frozenset[str] = frozenset(
    {
        *("about", "account", "compose", "download", "explore", "followers", "following", "hashtag", "home", "i"),
        *("intent", "jobs", "lists", "login", "logout", "messages", "notifications", "oauth", "privacy", "search"),
        *("settings", "share", "signup", "status", "tos", "who_to_follow", "widgets"),
    }
)
"""First path segments of X's own pages, which cannot be handles."""


def clean_text(value: str, *, limit: int = 1000, keep_lines: bool = False) -> str:
    """Remove everything from foreign text that could act on a screen; idempotent.

    Drops terminal escape sequences, control, bidi and invisible format characters, lone
    surrogates and stacked accents; composes to NFC; collapses white space. Keeps joiners in
    scripts spelled with them, and joiners and variation selectors inside emoji.

    Args:
        value: any text.
        limit: most characters kept.
        keep_lines: keep single line breaks and one empty line between paragraphs.

    Returns:
        The text, trimmed, at most ``limit`` characters.
    """
    if not is_suspect(value):
        text = value.strip()
        return text if len(text) <= limit else text[:limit].rstrip(_ENDS)
    text = without_escapes(value)
    text = _DROPPED.sub("", text)
    text = unicodedata.normalize("NFC", text)
    text = _STRAY_JOINER.sub("", _STRAY_SELECTOR.sub("", text))
    text = unicodedata.normalize("NFC", _STACKED_MARKS.sub(r"\1", text))
    if keep_lines:
        text = _INLINE_RUN.sub(" ", _LINE_BREAKS.sub("\n", text))
        text = _LINE_EDGES.sub("\n", _MANY_LINES.sub("\n\n", text))
    else:
        text = _SPACE_RUN.sub(" ", text)
    return text.strip()[:limit].rstrip(_ENDS)


def without_escapes(value: str) -> str:
    """A text without the escape sequences of terminals; everything else stays."""
    return _ESCAPES.sub("", value) if _ESCAPE_STARTS.search(value) else value


def is_suspect(value: str) -> bool:
    """Whether cleaning would change more than the edges of ``value``."""
    if "  " in value:
        return True
    if value.isascii():
        return not value.isprintable()
    if _SUSPECT.search(value) is not None or not unicodedata.is_normalized("NFC", value):
        return True
    if "\ufe0f" in value and _STRAY_SELECTOR.search(value) is not None:
        return True
    return ("\u200d" in value or "\u200c" in value) and _STRAY_JOINER.search(value) is not None


def clean_column(values: Sequence[str], *, limit: int = 1000, keep_lines: bool = False) -> list[str]:
    """Clean many cells at once; fast where none needs cleaning.

    Args:
        values: cells, any order.
        limit: most characters kept of each.
        keep_lines: keep single line breaks and one empty line between paragraphs.

    Returns:
        ``clean_text`` of each cell, in order.
    """
    if not is_suspect(_SEPARATOR.join(values)) and max(map(len, values), default=0) <= limit:
        return list(map(str.strip, values))
    return [
        value if _is_plain(value, limit) else clean_text(value, limit=limit, keep_lines=keep_lines) for value in values
    ]


def _is_plain(value: str, limit: int) -> bool:
    """Whether a text is short printable ASCII without extra blanks: the cheap check before the thorough one."""
    return (
        value.isascii()
        and value.isprintable()
        and len(value) <= limit
        and "  " not in value
        and value[:1] != " "
        and value[-1:] != " "
    )


def clean_handle(value: str) -> str | None:
    """The handle in a cell: a bare name, ``@name``, or a link to a profile.

    Args:
        value: the cell.

    Returns:
        The handle without ``@``, case kept, or None where the text is not a handle or is one of
        X's own pages.
    """
    if HANDLE.fullmatch(value):
        return None if value.lower() in RESERVED_PATHS else value
    text = clean_text(value, limit=300).lstrip("'\"").rstrip("'\"").strip()
    if text[:1] in ("@", "\uff20"):
        text = text[1:].strip()
    if HANDLE.fullmatch(text):
        return None if text.lower() in RESERVED_PATHS else text
    link = _PROFILE_LINK.fullmatch(text)
    if link is None:
        return None
    handle = link.group(1)
    if handle.lower() == "intent":
        named = _INTENT_NAME.search(text)
        handle = named.group(1) if named else "intent"
    return None if handle.lower() in RESERVED_PATHS else handle
