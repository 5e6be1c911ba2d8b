"""What holds people back from being addressed, read from the tables as they stand.

Owns the last look: inside a write transaction it holds until that ends. What is known of a handle alone and
of the account with an id and that handle is of one person: X shows one page for both.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.domain.guards import kind_of
from followertui.domain.kind import Kind
from followertui.engage.contact_rules import ContactFacts
from followertui.services.session import Session
from followertui.store.audience import contact_facts, handles
from followertui.store.audience.row_facts import row_facts


def facts_of(session: Session, rows: Sequence[int]) -> dict[int, ContactFacts]:
    """What addressing some accounts depends on; unknown rows are left out."""
    pages = handles.on_one_page(session.store, rows)
    all_rows = list(dict.fromkeys([*rows, *(other for found in pages.values() for other in found)]))
    stored = contact_facts.contact_facts(session.store, all_rows)
    kinds = {row: kind_of(facts)[0] for row, facts in row_facts(session.store, all_rows).items()}
    found = {
        row: ContactFacts(
            is_no_contact=one.is_no_contact,
            is_there=one.is_there,
            is_genuine=kinds.get(row) not in (Kind.BOT, Kind.HARMFUL),
            touched_at=one.touched_at,
            thanked_at=one.thanked_at,
            has_written=one.has_written,
            is_opted_in=one.is_opted_in,
            takes_messages=one.takes_messages,
            offered=one.offered,
        )
        for row, one in stored.items()
    }
    apart = dict(found)
    for row, others in pages.items():
        for other in others:
            found[row] = _of_both(found[row], apart[other])
    return {row: found[row] for row in rows if row in found}


def _of_both(one: ContactFacts, other: ContactFacts) -> ContactFacts:
    """What holds a person back who is known by two accounts: what was done with either."""
    return one._replace(
        is_no_contact=one.is_no_contact or other.is_no_contact,
        touched_at=max((at for at in (one.touched_at, other.touched_at) if at is not None), default=None),
        thanked_at=max((at for at in (one.thanked_at, other.thanked_at) if at is not None), default=None),
        offered=one.offered | other.offered,
    )
