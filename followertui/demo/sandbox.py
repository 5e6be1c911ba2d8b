"""The sandbox X beside the demo's store: the same people, the same relations.

Owns how the sandbox's state is derived from the audience and changes with the weeks. Profiles
are read from the demo's store, so that the state itself stays small.
"""

from __future__ import annotations

import json
from array import array
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from followertui.demo import outreach
from followertui.demo.words_companies import MARKET
from followertui.domain.clock import Clock
from followertui.store.audience import pages, row_facts
from followertui.store.file.connection import Store
from followertui.x.platform import Access
from followertui.x.sandbox import written
from followertui.x.sandbox.state import Profile, SandboxState
from followertui.x.sandbox.transport import Sandbox

if TYPE_CHECKING:
    from followertui.demo.audience import Audience
    from followertui.demo.building import Recipe

OWN_ID = 900_000_000_000_000_001
"""@acme's own id."""

_KEEP_FOLLOWERS = 50_000
"""Most followers kept in the state, the newest ones: the state is written after every action."""


class Reading(Protocol):
    """The accounts of a snapshot: ids, newest first."""

    followers: array[int]
    following: array[int]


def first_sandbox(people: Reading, audience: Audience, recipe: Recipe, path: Path, clock: Clock) -> Sandbox:
    """A sandbox with the audience's relations.

    Args:
        people: who follows and is followed.
        audience: for who is suspended.
        recipe: what the account pays for.
        path: where its state is kept.
        clock: the demo's.
    """
    state = SandboxState(OWN_ID, access=Access(recipe.access))
    state.followers = people.followers[:_KEEP_FOLLOWERS]
    state.following = dict.fromkeys(reversed(people.following))
    state.suspended = {truth.x_id for truth in audience.next_week(1).suspended}
    state.reposted = {post: None for made in outreach.contacts(audience) if (post := outreach.post_of(made))}
    return Sandbox(state, clock, path)


def open_sandbox(path: Path, store: Store, clock: Clock) -> Sandbox:
    """The sandbox as it was left; profiles come from the demo's store."""

    def profile(x_id: int) -> Profile | None:
        """The profile X shows for an id, from the demo's store."""
        if x_id == OWN_ID:
            return {"id": str(OWN_ID), "name": "Acme Analytics", "username": "acme"}
        row = pages.find(store, str(x_id))
        if row is None:
            return None
        found = pages.identity(store, row)
        return {"id": str(x_id), "name": found.name or "", "username": found.handle or f"id{x_id}"}

    def named(handle: str) -> int | None:
        """The id behind a handle, from the demo's store."""
        row = pages.find(store, f"@{handle}")
        return pages.identity(store, row).x_id if row is not None else None

    def wrote(x_id: int) -> list[dict[str, Any]]:
        """What the account of an id wrote: those who matter write about the trade, the others of other things."""
        row = pages.find(store, str(x_id))
        detail = pages.detail(store, row) if row is not None else None
        if row is None or detail is None or detail.fields.get("protected"):
            return []
        about, last_at = str(detail.fields.get("bio") or "").lower(), detail.fields.get("last_post_at")
        is_listed = bool(row_facts.row_matches(store, [row]).get(row))
        posted_at = last_at if isinstance(last_at, int) else None
        return written.posts(x_id, posted_at, is_trade=is_listed or any(word in about for word in MARKET))

    state = SandboxState.from_json(json.loads(path.read_text(encoding="utf-8")), profile, named)
    state.written = wrote
    return Sandbox(state, clock, path)


def pass_week(sandbox: Sandbox, audience: Audience, week: int, people: Reading) -> None:
    """Apply a week's changes to the sandbox; our own actions stay."""
    state = sandbox.state
    changes = audience.next_week(week)
    state.followers = people.followers[:_KEEP_FOLLOWERS]
    state.suspended |= {truth.x_id for truth in changes.suspended}
    sandbox.save()
