"""Accounts that are no longer who they were when they were planned: they drop out until a person looks again.

Owns when that is asked and what is said. What counts as a change is ``store.decisions.plan_bases``;
a match that is new holds the account back by its guard.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from followertui.domain.decision import PlanItem
from followertui.services.phrases import counted
from followertui.services.session import Session
from followertui.store.decisions import plan_bases, plans

WORDS = "changed since it was planned: {}; bring it back to carry it out"
"""Why an item is set aside."""
_BEGIN = WORDS.partition("{}")[0]


def set_aside(session: Session) -> str:
    """Set aside everything planned whose account changed; returns one line, "" where none did."""
    found = plan_bases.changed(session.store)
    _set_aside(session, found)
    if not found:
        return ""
    kinds = ", ".join(f"{count:,} {why}" for why, count in Counter(found.values()).most_common())
    return f"out of the plan until you look again: {counted(len(found), 'account')} changed ({kinds})"


def unchanged(session: Session, items: Sequence[PlanItem]) -> list[PlanItem]:
    """Those of a few planned items whose account is still who it was; the others are set aside.

    The last look before a call or a click, inside its transaction. Of a read-only store nothing changes.
    """
    found = plan_bases.changed(session.store, [item.id for item in items])
    if found and not session.store.is_read_only:
        _set_aside(session, found)
    return [item for item in items if item.id not in found]


def is_set_aside(item: PlanItem) -> bool:
    """Whether an item that was put off waits because its account changed."""
    return item.reason.startswith(_BEGIN)


def _set_aside(session: Session, found: dict[int, str]) -> None:
    by_reason: dict[str, list[int]] = {}
    for number, why in found.items():
        by_reason.setdefault(why, []).append(number)
    for why, ids in by_reason.items():
        plans.set_aside(session.store, ids, WORDS.format(why))
