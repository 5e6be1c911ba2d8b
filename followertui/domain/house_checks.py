"""House checks: what a person wrote down once and nothing may break, such as ``must_be customer @globex``.

Owns what such a line may say. Whether it holds is ``services.review.house_checks``. Stdlib only;
anyone may import it.
"""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import NamedTuple

from followertui.domain.errors import BadInput
from followertui.domain.kind import UNKNOWN_KINDS, Kind

MUST_KEEP = "must_keep"
MUST_BE = "must_be"
KINDS = {kind.value: kind for kind in Kind if kind not in UNKNOWN_KINDS}
"""Kinds a check may ask for."""

_ACCOUNT = re.compile(r"@[A-Za-z0-9_]{1,20}|\d{1,19}", re.ASCII)
FORMS = "must_keep @handle or must_be KIND @handle"


class HouseCheck(NamedTuple):
    """One line.

    Attributes:
        rule: ``must_keep``: nothing that removes it may be planned; ``must_be``: it is of that kind.
        kind: of ``must_be``, None of ``must_keep``.
        account: as written: an @handle or an id.
    """

    rule: str
    kind: Kind | None
    account: str

    def __str__(self) -> str:
        return " ".join(part for part in (self.rule, self.kind.value if self.kind else "", self.account) if part)


def parse(text: str) -> HouseCheck:
    """A check from its line.

    Raises:
        BadInput: it is none; the message says what it may be.
    """
    words = text.split()
    rule = words[0].lower() if words else ""
    wanted = {MUST_KEEP: 2, MUST_BE: 3}.get(rule)
    if wanted is None or len(words) != wanted:
        raise BadInput(f'"{text.strip()[:60]}" is no house check: write {FORMS}')
    account = words[-1] if words[-1].isdigit() else "@" + words[-1].lstrip("@")
    if not _ACCOUNT.fullmatch(account):
        raise BadInput(f'"{words[-1][:40]}" is neither a handle nor an id: write {FORMS}')
    if rule == MUST_KEEP:
        return HouseCheck(rule, None, account)
    kind = KINDS.get(words[1].lower())
    if kind is None:
        near = get_close_matches(words[1].lower(), KINDS, n=1)
        hint = f"did you mean {near[0]}?" if near else f"kinds: {', '.join(KINDS)}"
        raise BadInput(f'"{words[1][:40]}" is no kind; {hint}')
    return HouseCheck(rule, kind, account)
