"""Every call to X and every click by hand, as records for a report: who, when, why, what came of it, its price.

Owns the keys of a record. The command line calls it.
"""

from __future__ import annotations

from typing import Any

from followertui.domain.clock import iso
from followertui.services.session import Session
from followertui.store.decisions import calls

KEYS = ("id", "at", "who", "action", "handle", "account_id", "object", "by", "outcome", "status", "usd", "why", "text")
"""Keys of a record, in order; times are ISO 8601 UTC, ids text, ``usd`` the price at the time."""


def records(session: Session, limit: int) -> list[dict[str, Any]]:
    """Calls and clicks, newest first."""
    found = []
    for line in calls.history(session.store, limit):
        finished = line["finished_at"] if line["finished_at"] is not None else line["at"]
        found.append(
            {
                "id": str(line["id"]),
                "at": iso(int(str(finished))),
                "who": line["reviewer"],
                "action": line["action"],
                "handle": line["handle"] or "",
                "account_id": "" if line["x_id"] is None else str(line["x_id"]),
                "object": line["object"],
                "by": line["executor"],
                "outcome": str(line["state"]).lower(),
                "status": line["status"],
                "usd": line["price_usd"],
                "why": line["reason"] or "",
                "text": line["text"],
            }
        )
    return found
