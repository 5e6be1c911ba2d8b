"""What holds people back from being addressed, read from the tables as they stand.

Owns the last look: inside a write transaction it holds until that ends. A person known by a handle alone
is held back by what is known of the account with an id and that handle.
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
    namesakes = handles.namesakes(session.store, rows)
    all_rows = list(dict.fromkeys([*rows, *(other for found in namesakes.values() for other in found)]))
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
    for row, others in namesakes.items():
        if row in found and any(found[other].is_no_contact for other in others if other in found):
            found[row] = found[row]._replace(is_no_contact=True)
    return {row: found[row] for row in rows if row in found}
