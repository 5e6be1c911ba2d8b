"""Reconciles clicks by hand with a later snapshot: confirmed, or planned again.

Owns the comparison of clicks with complete snapshots. A partial file confirms none by
absence. ``Workbench.catch_up`` calls it after every import.
"""

from __future__ import annotations

from followertui.domain.decision import ActionKind, PlanState
from followertui.services.phrases import counted, day
from followertui.services.session import Session
from followertui.store.audience import imports
from followertui.store.decisions import calls, plans

_AFTERWARDS: dict[ActionKind, tuple[str, bool]] = {
    ActionKind.UNFOLLOW: ("following", False),
    ActionKind.FOLLOW: ("following", True),
    ActionKind.REMOVE_FOLLOWER: ("follower", False),
}
"""Action -> the direction a reading must be of, and whether the relation must stand afterwards."""


def reconcile(session: Session) -> str:
    """Compare everything done by hand with the newest complete snapshot after it.

    Returns:
        One line, "" where there was nothing to compare.
    """
    agreed: list[int] = []
    open_again: list[int] = []
    when = 0
    for action, (direction, wanted) in _AFTERWARDS.items():
        read_at = imports.last_complete_reading(session.store, direction)
        if read_at is None:
            continue
        for click in calls.clicked(session.store, action):
            if click.at >= read_at:
                continue
            when = max(when, read_at)
            stands = click.we_follow if direction == "following" else click.follows_us
            (agreed if stands == wanted else open_again).append(click.item_id)
    if not agreed and not open_again:
        return ""
    reading = f"the reading of {day(when, session.zone)}"
    with session.store.write():
        plans.set_states(session.store, agreed, PlanState.DONE, f"confirmed by {reading}")
        calls.reopen_unconfirmed(session.store, open_again, f"marked done, but {reading} says otherwise", session.now)
    line = f"{counted(len(agreed), 'click')} by hand confirmed by {reading}"
    return line + (f"; {len(open_again):,} marked done but not so: back in the plan" if open_again else "")
