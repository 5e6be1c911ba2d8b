"""Which link would be offered to whom, and why others get none.

Owns the look before ``engage --done``. Reads only.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.engagement import StepAction
from followertui.domain.errors import BadInput
from followertui.engage import contact_rules
from followertui.services.engage import drafting
from followertui.services.engage.contact_guard import facts_of
from followertui.services.engage.fitting import Fitter, item_of
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.store.decisions import shelf

MOST = 500
"""Accounts looked at."""


def offers_for(
    session: Session, rows: Sequence[int], shelf_id: int | None = None
) -> list[tuple[str, str, str, str, str]]:
    """Account, kind, link, why it fits, what holds the account back; in the order of ``rows``, at most ``MOST``.

    Args:
        session: the open store.
        rows: row numbers.
        shelf_id: only this link; None for the one that fits best.

    Raises:
        BadInput: there is no such link.
    """
    chosen = shelf.link(session.store, shelf_id) if shelf_id is not None else None
    if shelf_id is not None and chosen is None:
        raise BadInput(f"no link with the number {shelf_id} is on the shelf; `followertui shelf list` lists them")
    fitter = Fitter(session)
    facts = facts_of(session, rows[:MOST])
    found = []
    for cell in cells(session, rows[:MOST]):
        held = contact_rules.why_not(StepAction.OFFER, facts[cell.row], session.now)
        ranked = fitter.ranked(cell, drafting.company_of(session, cell.row))
        best = next(((item, fit) for item, fit in ranked if chosen is None or item.id == chosen.id), None)
        if chosen is not None and chosen.id in facts[cell.row].offered:
            held = held or "offered this link before"
        item = best[0] if best is not None else item_of(chosen) if chosen is not None else None
        who = f"@{cell.handle}" if cell.handle else str(cell.x_id or cell.name)
        why = best[1].why if best is not None else ""
        found.append((who, cell.kind.value, f"{item.id} {item.title or item.url}" if item else "", why, held))
    return found
