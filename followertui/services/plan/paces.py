"""The pace in force as a person sees and sets it: caps, quiet hours, when a run pauses.

Owns the lines of ``plan pace`` and what one change of it writes. What a pace means is ``pacing``'s.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from followertui.domain.decision import ACTION_ORDER, ActionKind, Executor
from followertui.domain.errors import BadInput
from followertui.services.phrases import counted
from followertui.services.plan import pacing
from followertui.services.session import Session
from followertui.store.file import settings


class Wanted(NamedTuple):
    """What a person asks to change; None and empty leave things as they are.

    Attributes:
        quiet: quiet hours as text, "off" for none.
        caps: texts such as ``unfollow=100/20``.
        surprises: share in percent at which a run pauses.
        look_days: days a look at the plan holds.
        watch: "on" or "off".
    """

    quiet: str | None = None
    caps: tuple[str, ...] = ()
    surprises: int | None = None
    look_days: int | None = None
    watch: str | None = None


def change(session: Session, wanted: Wanted) -> list[str]:
    """Change what is asked, all of it or nothing; returns one line for each change.

    Raises:
        BadInput: one of them cannot be set; nothing was changed.
    """
    store, said = session.store, []
    pairs = [_pair(text) for text in wanted.caps]
    if wanted == Wanted():
        return []
    with store.write():
        if wanted.quiet is not None:
            said.append(pacing.set_quiet(session, wanted.quiet))
        said += [pacing.set_caps(session, action, text) for action, text in pairs]
        if wanted.surprises is not None:
            settings.SURPRISES.write(store, wanted.surprises)
            said.append(f"a run pauses where more than {wanted.surprises}% is not as planned")
        if wanted.look_days is not None:
            settings.LOOK_DAYS.write(store, wanted.look_days)
            said.append(f"a plan is looked at again after {counted(wanted.look_days, 'day')}")
        if wanted.watch is not None:
            settings.WATCH.write(store, wanted.watch == "on")
            said.append(f"going on over days by itself: {wanted.watch}")
    return said


def _pair(text: str) -> tuple[ActionKind, str]:
    name, sign, value = text.partition("=")
    try:
        action = ActionKind(name.strip().lower())
    except ValueError:
        raise BadInput(f'--cap "{text[:40]}": actions are {", ".join(ACTION_ORDER)}') from None
    if not sign:
        raise BadInput(f'--cap "{text[:40]}": write ACTION=DAY, such as {action.value}=100 or {action.value}=100/20')
    return action, value


def lines(session: Session) -> Iterator[tuple[str, str, str, str]]:
    """The pace in force: what, the value, what was done of it today, the most that can be set."""
    for action in ACTION_ORDER:
        hand, api = (pacing.caps(session, action, via) for via in (Executor.HAND, Executor.API))
        most = pacing.highest(action)
        parts = [f"by hand {hand.per_day:,} a day, {hand.per_window:,} in 15 minutes"]
        parts += [f"API {api.per_day:,} a day, {api.per_window:,} in 15 minutes"] if api.per_day else []
        today = pacing.today(session, action, Executor.HAND).done
        yield (
            action.value,
            " · ".join(parts),
            f"{today:,}",
            f"{most.per_day:,} a day, {most.per_window:,} in 15 minutes",
        )
    hours = pacing.quiet(session)
    yield "quiet hours", str(hours) if hours else "none", "", ""
    yield "pause", f"above {settings.SURPRISES.read(session.store)}% surprises", "", ""
    yield "look again", f"after {counted(settings.LOOK_DAYS.read(session.store), 'day')}", "", ""
    yield "watch", "on" if settings.WATCH.read(session.store) else "off", "", ""


def record(session: Session) -> dict[str, Any]:
    """The pace in force as one JSON document with stable keys."""
    caps = {
        action.value: {
            via.value: dict(pacing.caps(session, action, via)._asdict()) for via in (Executor.HAND, Executor.API)
        }
        for action in ACTION_ORDER
    }
    hours = pacing.quiet(session)
    return {
        "caps": caps,
        "quiet_hours": str(hours) if hours else None,
        "surprises": settings.SURPRISES.read(session.store),
        "look_days": settings.LOOK_DAYS.read(session.store),
        "watch": settings.WATCH.read(session.store),
    }
