"""Drafts: the text a person may send, one that nobody else got.

Owns choosing and filling a variant, the key by which two texts are the same, and the length. What was sent
before is handed in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from followertui.domain.engagement import POST_LENGTH
from followertui.text import templates
from followertui.text.folding import fold
from followertui.text.post_length import post_length, without_links

_HANDLE = re.compile(r"@\w{1,20}")
_LETTERS = re.compile(r"[^\W_]+")


class Draft(NamedTuple):
    """A text ready to be sent.

    Attributes:
        text: as it goes out.
        variant: which of the templates it is, from 0.
        length: as X counts it.
        is_new: False where all variants were sent to others before: it has to be changed first.
    """

    text: str
    variant: int
    length: int
    is_new: bool

    @property
    def is_too_long(self) -> bool:
        """Whether X would refuse it."""
        return self.length > POST_LENGTH


def text_key(text: str) -> str:
    """What two texts share that say the same: letters and digits, without links and the handles they speak to."""
    words = _LETTERS.findall(fold(_HANDLE.sub(" ", without_links(text))))
    return hashlib.blake2b(" ".join(words).encode(), digest_size=16).hexdigest() if words else ""


def draft(
    texts: Sequence[str], values: Mapping[str, str], seed: int, is_taken: Callable[[str], bool], skip: int = 0
) -> Draft | None:
    """The first variant that fits into a post and that nobody else was sent.

    Args:
        texts: templates.
        values: every variable, "" for unknown.
        seed: which variant a person begins with, so that neighbours differ.
        is_taken: whether a text with this key was sent to someone else.
        skip: how many variants on, to see the next.

    Returns:
        None where there are no templates; the shortest taken or too long one where no other is left.
    """
    made = []
    for place in range(len(texts)):
        variant = (seed + skip + place) % len(texts)
        text = templates.render(texts[variant], values)
        made.append(Draft(text, variant, post_length(text), not is_taken(text_key(text))))
    good = [one for one in made if one.is_new and not one.is_too_long and one.text]
    return next(iter(good), min(made, key=lambda one: one.length, default=None))
