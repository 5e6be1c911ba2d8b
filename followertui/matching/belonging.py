"""What an organisation's bio says it is of: a part of a company, or its official account.

Owns reading the words around a mention for that. Only ``matching`` imports it.
"""

from __future__ import annotations

import re

from followertui.matching.longer_names import CAPITALISED
from followertui.matching.mention_index import Mention
from followertui.matching.mentions import SENTENCE
from followertui.matching.vocabulary import vocabulary
from followertui.text.folding import words


def says_part_of(bio: str, mention: Mention) -> bool:
    """Whether an organisation's bio says it belongs to what it mentions: "a business of @globex".

    Args:
        bio: the bio.
        mention: where it names the company.

    Returns:
        True where a word of belonging is in the same clause.
    """
    before = words(SENTENCE.split(bio[: mention.start])[-1])[-5:]
    after = words(SENTENCE.split(bio[mention.end :], maxsplit=1)[0])[:2]
    belonging = vocabulary().belonging_words
    if not _ABOVE.isdisjoint(before) or _OF_ANOTHER.search(bio[: mention.start]):
        return False
    return (bool(before) and before[-1] in _OF and any(word in belonging for word in before)) or (
        bool(after) and after[0] in belonging
    )


def says_official(bio: str, mention: Mention) -> bool:
    """Whether a bio says the account is the official one of what it mentions.

    Args:
        bio: the bio.
        mention: where it names the company.

    Returns:
        True for "official account of Globex" and the like in the languages of ``_OFFICIAL``;
        not where the name goes on, as that of a part does.
    """
    behind = CAPITALISED.match(bio, mention.end) or _POSSESSIVE.match(bio, mention.end)
    goes_on = not mention.has_form and behind is not None
    return not goes_on and _OFFICIAL.search(bio[: mention.start]) is not None


_POSSESSIVE = re.compile(r"(?:['’`´\ufffd]s|s['’])\b")
"""Behind a name: what follows is the name's, not the name."""

_ACCOUNT_WORD = "(?:account|page|profile|handle|feed|channel|konto|kanal|seite|profil|compte|cuenta|perfil|conta|canal)"
_OFFICIAL = re.compile(
    rf"(?:\b(?:official|offizieller?s?|officiel(?:le)?|oficial|ufficiale|officieel|officiele)"
    rf"(?: (?:twitter|x))? {_ACCOUNT_WORD}|\b{_ACCOUNT_WORD} (?:official|officiel(?:le)?|oficial|ufficiale))"
    r" (?:of|for|from|von|der|des|de|du|di|del|della|da|do|van|pour)(?: (?:the|der|la|el|le|os?|a))? ?[@\"“„]?$",
    re.IGNORECASE,
)

_ABOVE = frozenset(
    {"parent", "owner", "maker", "makers", "owners", "home", "publisher", "publishers", "former", "formerly"}
)
"""Words that make the account the parent of what it names, or put the relation in the past."""

_OF = frozenset({"of", "by", "the", "a", "an", "von", "de"})

_OF_ANOTHER = re.compile(r"@\w+,? (?:an? |the )?\w+(?: \w+)? (?:of|by) (?:the )?$")
"""Another handle that belongs to what follows: "reporter @brinton, part of "."""
