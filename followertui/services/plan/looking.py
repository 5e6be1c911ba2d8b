"""The plan as a person saw it: what it was made on, and what is different since.

Owns the stamp of a look (lists, rules, guards, house checks, who you are), why a plan has to be
looked at again before a run, and the comparison with the look before. What is carried out is
``applying``'s.
"""

from __future__ import annotations

from followertui.domain.clock import DAY
from followertui.domain.decision import PlanState
from followertui.domain.errors import BadInput
from followertui.domain.guards import DEFAULT_SETTINGS
from followertui.domain.kind import GUARDED_KINDS, UNGUARDED_LIST_KINDS
from followertui.services.phrases import counted, day
from followertui.services.review import house_checks
from followertui.services.session import Session
from followertui.store.decisions import plan_looks
from followertui.store.file import settings, watermarks

_SAME_LOOK_SECONDS = 1800
"""A look within this time after the last one is the same look, going on."""
_AGAIN = "look at the plan again first (`followertui plan`, or p in the review); nothing was done"
_NAMES = {
    "lists": "your lists changed",
    "rules": "accounts were judged by other rules",
    "guards": "the guards changed",
    "checks": "your house checks changed",
    "about": "who you are changed",
}
"""Part of the stamp -> what is said where it differs."""
_BECAME = (
    (("done", "done-by-hand"), "carried out"),
    (("held",), "held back now"),
    (("later",), "put off"),
    (("missing",), "no longer there"),
    (("failed",), "failed"),
    (("dropped",), "dropped"),
)
"""States of what was ready at the last look, and how they are called."""


def stamp(session: Session) -> dict[str, str]:
    """What the plan is made on at present, by name."""
    store = session.store
    lists, entries, newest = plan_looks.lists_stamp(store)
    about = settings.ABOUT.read(store)
    kinds = sorted(kind.value for kind in (*GUARDED_KINDS, *UNGUARDED_LIST_KINDS))
    return {
        "lists": f"{counted(lists, 'list')}, {counted(entries, 'entry', 'entries')}, {newest}",
        "rules": watermarks.SCORING_VERSION.read(store),
        "guards": f"{DEFAULT_SETTINGS.conversation_days} {DEFAULT_SETTINGS.fresh_days} {' '.join(kinds)}",
        "checks": "; ".join(str(check) for check in house_checks.checks(session)),
        "about": repr(sorted((name, tuple(words)) for name, words in about.items())),
    }


def note(session: Session) -> None:
    """Note that a person looks at the plan as it stands now."""
    now, ready = session.now, plan_looks.ready(session.store)
    if ready and not session.store.is_read_only:
        plan_looks.note(session.store, stamp(session), ready, session.reviewer, now, now - _SAME_LOOK_SECONDS)


def require(session: Session, *, is_unattended: bool = False) -> None:
    """Let nothing be carried out on another state than the one a person looked at.

    Args:
        session: the open store.
        is_unattended: nobody typed the count just now: then what was planned since counts as a change too.

    Raises:
        BadInput: the plan is not what was seen, or was seen too long ago; the line names what changed.
    """
    store, now = session.store, session.now
    days = settings.LOOK_DAYS.read(store)
    last = next(iter(plan_looks.looks(store)), None)
    if last is None:
        planned = plan_looks.oldest_planned(store)
        if planned is not None and now - planned > days * DAY:
            when = day(planned, session.zone)
            raise BadInput(f"some of the plan is from {when}, more than {counted(days, 'day')} ago; {_AGAIN}")
        return
    when = day(last.at, session.zone)
    if now - last.at > days * DAY:
        raise BadInput(f"the plan was last looked at on {when}, more than {counted(days, 'day')} ago; {_AGAIN}")
    present = stamp(session)
    changes = [words for name, words in _NAMES.items() if present[name] != last.state.get(name)]
    added = len(set(plan_looks.ready(store)).difference(last.items)) if is_unattended else 0
    if added:
        changes.append(f"{counted(added, 'action')} more {'is' if added == 1 else 'are'} ready")
    if changes:
        raise BadInput(f"since the plan was looked at on {when}: {', '.join(changes)}; {_AGAIN}")


def compared(session: Session) -> str:
    """How the plan differs from the look before this one, in one line; "" where there was none, or nothing differs."""
    found = plan_looks.looks(session.store)
    if len(found) < 2:
        return ""
    before = found[1]
    ready = plan_looks.ready(session.store)
    states = plan_looks.states_of(session.store, before.items)
    parts = []
    added = len(set(ready).difference(before.items))
    if added:
        parts.append(f"{added:,} new")
    for names, words in _BECAME:
        count = sum(states.get(name, 0) for name in names)
        if count:
            parts.append(f"{count:,} {words}")
    if not parts:
        return ""
    still = states.get(PlanState.PLANNED.value, 0)
    return f"since {day(before.at, session.zone)}: {', '.join(parts)}, {still:,} as they were"
