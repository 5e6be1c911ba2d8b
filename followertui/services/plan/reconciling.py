"""A later reading against what was done by hand: ticked off, or named as still there.

Owns the comparison of clicks with complete readings. A partial file confirms nobody by
absence. ``Workbench.catch_up`` calls it after every import.
"""

from __future__ import annotations

from followertui.domain.decision import ActionKind, PlanState
from followertui.services.phrases import counted, day
from followertui.services.session import Session
from followertui.store.decisions import plans

_LOOKS: dict[ActionKind, tuple[str, int]] = {
    ActionKind.UNFOLLOW: ("following", 0),
    ActionKind.FOLLOW: ("following", 2),
    ActionKind.REMOVE_FOLLOWER: ("follower", 0),
}
"""Action -> the direction a reading must be of, and the relation bit that must stand afterwards."""


def reconcile(session: Session) -> str:
    """Compare everything done by hand with the newest complete reading after it.

    Returns:
        One line, "" where there was nothing to compare.
    """
    agreed: list[int] = []
    open_again: list[int] = []
    when = 0
    for action, (direction, wanted) in _LOOKS.items():
        read_at = plans.last_complete_reading(session.store, direction)
        if read_at is None:
            continue
        bit = 2 if direction == "following" else 1
        for item, clicked_at, bits in plans.clicked(session.store, action):
            if clicked_at >= read_at:
                continue
            when = max(when, read_at)
            (agreed if bits & bit == wanted else open_again).append(item)
    if not agreed and not open_again:
        return ""
    reading = f"the reading of {day(when, session.zone)}"
    with session.store.write():
        plans.set_states(session.store, agreed, PlanState.DONE, f"confirmed by {reading}")
        plans.set_states(
            session.store,
            open_again,
            PlanState.PLANNED,
            f"marked done, but {reading} says otherwise",
        )
    line = f"{counted(len(agreed), 'click')} by hand confirmed by {reading}"
    return line + (f"; {len(open_again):,} marked done but not so: back in the plan" if open_again else "")
