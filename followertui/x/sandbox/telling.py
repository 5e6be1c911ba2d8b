"""What happens in the sandbox, told on its activity stream where someone asked for it.

Owns the shape of an event, as X's OpenAPI 2.167 describes it. Imported inside ``x.sandbox`` and by
tests.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping
from typing import Any

from followertui.x.sandbox.state import SandboxState
from followertui.x.sandbox.views import user_view

_FIELDS = {
    "profile.update.bio": "description",
    "profile.update.screenname": "name",
    "profile.update.handle": "username",
    "profile.update.url": "url",
    "profile.update.geo": "location",
}
"""Event -> the field of a profile it is about."""


def tell(state: SandboxState, kind: str, user: str, said: Mapping[str, Any], at: int) -> dict[str, Any] | None:
    """Let something happen, and tell it where it is subscribed to.

    Args:
        state: the sandbox; followers and profiles change.
        kind: as X calls it.
        user: id of who follows us, no longer does, or whose profile changes.
        said: ``after``: what the profile says now; ``again``: the same event a second time.
        at: epoch seconds UTC.

    Returns:
        The event, None where there is no such account.
    """
    watches = state.watches
    if said.get("again") and watches.events:
        watches.events.append((at, watches.events[-1][1]))
        return watches.events[-1][1]
    if not user.isdigit() or state.profile(int(user)) is None:
        return None
    x_id, own = int(user), str(state.own_id)
    profile = dict(state.profile(x_id) or {})
    shown = user_view(state, x_id, "created_at,description,location,public_metrics")
    if kind in ("follow.follow", "follow.unfollow"):
        others = [one for one in state.followers if one != x_id]
        state.followers = array("q", [x_id, *others] if kind == "follow.follow" else others)
        payload: dict[str, Any] = {"source": shown or {"id": user}, "target": {"id": own}}
        subject = own
    elif kind in _FIELDS:
        after = str(said.get("after", ""))
        payload = {"before": str(profile.get(_FIELDS[kind], "")), "after": after}
        state.known = {**state.known, x_id: {**profile, _FIELDS[kind]: after}}
        subject = user
    else:
        return None
    named = watches.filter_of(kind, subject)
    event = {
        "event_type": kind,
        "event_uuid": watches.number(),
        "filter": named,
        "payload": payload,
        "tag": "followertui",
    }
    if named is not None:
        watches.events.append((at, event))
    return event
