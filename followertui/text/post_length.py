"""How long a post is as X counts it: weighted characters, every link the same.

Owns the weights and what counts as a link. Source: ``twitter-text`` configuration 3, which the
documentation of X's "Counting characters" names. Imports ``domain`` only.
"""

from __future__ import annotations

import re
import unicodedata

from followertui.domain.engagement import LINK_LENGTH

_LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
"""Ranges of code points that count one; all others count two."""

_LINK = re.compile(
    r"https?://[^\s<>\"]+|(?<![@\w.])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?:/[^\s<>\"]*)?(?![\w@])",
    re.IGNORECASE,
)
_JOINER, _VARIATION, _KEYCAP = "\u200d", "\ufe0f", "\u20e3"
_EMOJI = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    f"|[#*0-9]{_VARIATION}?{_KEYCAP}"
    f"|[\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff](?:{_VARIATION}|[\U0001f3fb-\U0001f3ff])?"
    f"(?:{_JOINER}[\u2190-\u2bff\U0001f000-\U0001faff](?:{_VARIATION}|[\U0001f3fb-\U0001f3ff])?)*)"
)


def post_length(text: str) -> int:
    """Weighted length of a text: 23 for each link, two for an emoji, one or two for any other character."""
    plain = unicodedata.normalize("NFC", text)
    links = len(_LINK.findall(plain))
    rest = _LINK.sub("", plain)
    emoji = len(_EMOJI.findall(rest))
    return links * LINK_LENGTH + 2 * emoji + sum(map(_weight, _EMOJI.sub("", rest)))


def has_link(text: str) -> bool:
    """Whether X would turn part of a text into a link."""
    return _LINK.search(text) is not None


def without_links(text: str) -> str:
    """The text without what X would turn into links."""
    return _LINK.sub(" ", text)


def _weight(character: str) -> int:
    code = ord(character)
    return 1 if any(low <= code <= high for low, high in _LIGHT) else 2
