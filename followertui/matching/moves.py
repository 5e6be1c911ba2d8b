"""Whether someone who was known to work for a company says another employer now.

Owns reading the employers a bio states and the comparison with the one on record. It stores
and decides nothing. ``services`` imports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from followertui.domain.match import MOVED, Evidence
from followertui.matching.mentions import AT_WORDS, SENTENCE
from followertui.matching.normalising import core_words, short_core
from followertui.matching.vocabulary import vocabulary
from followertui.text.folding import words
from followertui.text.generic_employers import is_generic_employer

_NAME = r"(?:[A-Z0-9][\w.'’-]*)(?: (?:(?:of|de|und|and|&|the) )?[A-Z0-9][\w.'’-]*){0,4}"
_STATED = re.compile(
    rf"(?:\b(?i:{'|'.join(sorted(AT_WORDS))})\b ?|@ |(?<=[a-z]), )[\"“„«]?(?P<name>{_NAME})|@(?P<handle>\w{{2,30}})",
    re.UNICODE,
)
_LONGEST_NAME = 60


def employers_said(bio: str) -> list[tuple[str, int, int]]:
    """The employers a bio states as present: after "at" or a role, by name or by handle.

    Args:
        bio: as stored.

    Returns:
        Texts with their offsets in the bio, in order; former ones and those without a role
        or an "at" are left out.
    """
    lists = vocabulary()
    found = []
    start = 0
    for end in [*(match.start() for match in SENTENCE.finditer(bio)), len(bio)]:
        for match in _STATED.finditer(bio, start, end):
            name = "name" if match.group("name") else "handle"
            text = match.group(name).rstrip(".'’-")
            before = words(bio[start : match.start()])
            is_handle = name == "handle"
            has_role = any(word in lists.role_words for word in before)
            is_direct = bool(before) and before[-1] in AT_WORDS
            if not lists.past_words.isdisjoint(before) or not lists.not_employer_words.isdisjoint(before[-3:]):
                continue
            is_comma = match.group().startswith(",")
            if (is_handle or is_comma) and not (has_role or is_direct):
                continue
            if text and len(text) <= _LONGEST_NAME and not is_generic_employer(text):
                found.append((text, match.start(name), match.start(name) + len(text)))
        start = end
    return found


def moved(bio: str, known: Iterable[str], employer: str, said_before: str) -> Evidence | None:
    """That a bio states another employer than the one on record.

    Args:
        bio: the bio as it is now.
        known: every name, handle and name of a domain of the employer on record.
        employer: what it is called.
        said_before: the account's side when the match was decided; an employer that stood
            there already is nothing new.

    Returns:
        Evidence whose account span is the new employer, None where the old one is still named
        or no other is.
    """
    stated = employers_said(bio)
    if not stated:
        return None
    old = {joined for text in known for joined in _joined(text)}
    names = [_joined(text) for text, _, _ in stated]
    if any(_is_same(name, other) for forms in names for name in forms for other in old):
        return None
    before = " ".join(words(said_before))
    for text, start, end in stated:
        if f" {' '.join(words(text))} " not in f" {before} ":
            return Evidence(MOVED, 0, "bio", bio, employer, (start, end), (0, len(employer)), "company")
    return None


def _joined(name: str) -> set[str]:
    """A name as one word: whole, and without its generic closing words."""
    core = core_words(name.replace("_", " "))
    return {text for text in ("".join(core), "".join(short_core(core)) if core else "") if text}


def _is_same(one: str, other: str) -> bool:
    """Whether two names written as one word may be one company's: one begins with the other."""
    short, long = sorted((one, other), key=len)
    return len(short) > 2 and long.startswith(short)
