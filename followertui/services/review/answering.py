"""Which match an answer on several accounts is about.

Owns the choice of one open match for each account. Reads only; the answer is ``deciding``'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.services.session import Session
from followertui.store.lists import matches
from followertui.store.lists.matches import OpenMatch


def to_answer(session: Session, rows: Sequence[int], company: str = "") -> list[OpenMatch]:
    """The match of each account that an answer is about, by row.

    Args:
        session: the open store.
        rows: row numbers; accounts without an open match are left out.
        company: name of the company the accounts were marked by; its match is taken before a stronger one.
    """
    wanted = company.casefold()
    chosen: dict[int, OpenMatch] = {}
    preferred: set[int] = set()
    for match in matches.open_matches(session.store, rows):
        is_wanted = bool(wanted) and wanted in (match.entity.casefold(), match.company.casefold())
        if match.row not in chosen or (is_wanted and match.row not in preferred):
            chosen[match.row] = match
        if is_wanted:
            preferred.add(match.row)
    return list(chosen.values())
