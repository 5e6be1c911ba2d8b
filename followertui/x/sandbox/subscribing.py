"""Subscriptions of the sandbox's activity stream: asked for, listed, taken back.

Owns those three endpoints; what the stream tells is ``watches``. Imported by ``endpoints`` only.
"""

from __future__ import annotations

import re

from followertui.x.sandbox.calls import ID, Call, Refused, Reply, forbidden, invalid
from followertui.x.sandbox.watches import MOST_SUBSCRIPTIONS


def subscribe(call: Call) -> Reply:
    """Ask the stream to tell of something."""
    kind, given = call.body.get("event_type"), call.body.get("filter")
    named = given if isinstance(given, dict) else {}
    user = named.get("user_id")
    if not isinstance(kind, str) or not isinstance(user, str) or not re.fullmatch(ID, user):
        raise invalid("filter", [str(given)])
    watches = call.state.watches
    if len(watches.subscriptions) >= MOST_SUBSCRIPTIONS:
        raise Refused(403, forbidden("You have reached the number of subscriptions."))
    made = watches.subscribe(kind, user, str(named.get("direction") or ""))
    return Reply({"data": {"subscription": made}})


def subscriptions(call: Call) -> Reply:
    """What the stream tells of."""
    return Reply({"data": list(call.state.watches.subscriptions.values())})


def unsubscribe(call: Call) -> Reply:
    """Take subscriptions back."""
    gone = [number for number in call.params.get("ids", "").split(",") if number]
    found = [call.state.watches.subscriptions.pop(number, None) for number in gone[:100]]
    return Reply({"data": [{"subscription_id": each["subscription_id"], "deleted": True} for each in found if each]})
