"""Whether words of a bio are a name of their own or part of a longer one.

Owns reading what stands right before and behind a name. It knows no companies. Only ``mentions``
imports it.
"""

from __future__ import annotations

import re

from followertui.matching.vocabulary import vocabulary
from followertui.text.folding import fold, words


def stands_alone(bio: str, start: int, end: int, has_form: bool) -> bool:
    """Whether words of a bio are written like a name, and are not part of a longer one.

    Args:
        bio: the bio.
        start: offset of the first word.
        end: offset behind the last one.
        has_form: a legal form stands behind them.
    """
    text = bio[start:end]
    if not has_form and _TOPIC.match(bio, end):
        return False
    if _is_tail(bio[:start], text, has_form) or (has_form and _PRIZE.match(bio, end)):
        return False
    if len(words(text)) > 1:
        return has_form or not (_is_longer_name(bio[end:]) or _is_title(bio, start, end))
    owner = _OWNER.search(bio[:start])
    if owner is not None and fold(owner.group(1)) not in vocabulary().role_words and not has_form:
        return False
    if text.islower() and not bio.islower():
        return False
    return has_form or _GOES_ON.match(bio, end) is None


def _is_tail(before: str, text: str, has_form: bool) -> bool:
    """Whether a name is but the end of a longer one: "Quarles & Brady LLP", "Department of Insurance and Globex"."""
    near = before[-_NEAR:]
    if _OFFICE_OF.search(near):
        return True
    joined = _PARTNER.search(near)
    return joined is not None and (has_form or " " in text) and fold(joined.group(1)) not in vocabulary().role_words


_NEAR = 80
"""Letters before a name that are looked at."""

_PARTNER = re.compile(r"\b([A-Z][\w'’-]+)(?:, [A-Z][\w'’-]+)* & $")
"""A name that goes on with "&" before another."""

_OFFICE_OF = re.compile(
    r"\b(?:Department|Ministry|Office|Bureau|Division|Institute|College|School|Faculty) (?:of|for) (?:the )?"
    r"(?:[A-Z]\w+,? )+(?:and|&) (?:the )?$"
)
"""A body whose name is an enumeration."""

_PRIZE = re.compile(r"\.? ?\d")
"""A number behind a legal form, which is a rank or prize then: "Inc. 500"."""


_GOES_ON = re.compile(r" (?:(?:of|for|on the|de|del|do|da|du|di|la|van|von|am|an der) )?[A-Z]")
"""What follows a word that is but the beginning of a name: "Rio de Janeiro", "Quarns for Brinton"."""

_TOPIC = re.compile(r"/[a-z]|-\w")
"""A name that goes on as a subject or a longer word: "Globex/aerospace", "Two-time"."""

_OWNER = re.compile(r"\b([A-Z][a-z]+) of (?:the )?$")
"""What a capitalised word makes part of a longer name: "Peace of Mind"."""


def _is_title(bio: str, start: int, end: int) -> bool:
    """Whether words stand inside a title: "Chief Information Security Officer"."""
    before, after = words(bio[:start][-24:]), words(bio[end:][:24])
    roles = vocabulary().role_words
    return bool(before and after) and before[-1] in roles and after[0] in roles and bio[end : end + 1] == " "


def _is_longer_name(behind: str) -> bool:
    """Whether a name goes on as that of a school, a town or a prize."""
    first = CAPITALISED.match(behind)
    return first is not None and fold(first.group(1)) in vocabulary().institutions | vocabulary().longer_name_words


CAPITALISED = re.compile(r" ([A-Z]\w+)")
