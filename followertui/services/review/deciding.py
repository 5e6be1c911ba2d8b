"""What a person decides: decisions, kinds, tags, notes, releases, answers to matches.

Owns gestures: each is one journal entry, and says what it held back and why. A decision
that asks something of X plans it in the same transaction. ``Workbench`` and the command
line call it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from followertui.domain.clock import DAY
from followertui.domain.decision import (
    DECISION_ORDER,
    LATER_DAYS,
    ActionKind,
    Decision,
    PlanState,
)
from followertui.domain.errors import BadInput
from followertui.domain.guards import GUARD_ORDER
from followertui.domain.kind import Kind
from followertui.domain.match import MatchState
from followertui.late import late
from followertui.services.phrases import ACTION_WORDS, counted
from followertui.services.review import suggesting
from followertui.services.session import Session
from followertui.services.values import Gesture, HeldBack
from followertui.store.decisions import tags
from followertui.store.decisions.journal import (
    DECISION,
    KIND,
    MATCH_WORD,
    NOTE,
    RELEASE,
    Change,
    PlanSlot,
    Segment,
    Slot,
    Written,
    plan_slot,
    tag_slot,
)
from followertui.store.lists import matches
from followertui.text import cleaning

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from followertui.store.index import guards
else:
    np = late("numpy")
    guards = late("followertui.store.index.guards")

UNFOLLOW_REASON = "decided out"
FOLLOW_REASON = "decided follow"
NOTHING = Gesture(0, 0, 0, 0, (), "Nothing to change.")


def _present(session: Session, rows: Sequence[int]) -> NDArray[np.int64]:
    """The rows that are accounts, without repeats, in their order."""
    alive = session.evaluator.columns.get("alive")
    wanted = np.asarray(list(dict.fromkeys(int(row) for row in rows)), dtype=np.int64)
    wanted = wanted[(wanted > 0) & (wanted < len(alive))]
    found: NDArray[np.int64] = wanted[alive[wanted] == 1]
    return found


def decide(
    session: Session, rows: Sequence[int], decision: Decision | None, query: str = "", days: int = LATER_DAYS
) -> Gesture:
    """Decide on accounts; plans the actions that follow.

    A gesture over several rows leaves accounts that were decided ``keep`` alone unless it is
    about keeping; one row at a time overrides.

    Args:
        session: the open store.
        rows: row numbers.
        decision: what should happen; None or NONE takes the decision back.
        query: the words the rows were chosen with, for the journal.
        days: after how many days ``later`` comes back.

    Returns:
        What changed, what was planned and what was held back.
    """
    decision = None if decision is Decision.NONE else decision
    wanted = _present(session, rows)
    changes, held = _decision_changes(session, wanted, decision, len(wanted) > 1, days)
    word = decision.value if decision else "decision cleared"
    return _write(session, "decide", changes, held, query, word)


def _decision_changes(
    session: Session, wanted: NDArray[np.int64], decision: Decision | None, is_bulk: bool, days: int = LATER_DAYS
) -> tuple[list[Change], list[HeldBack]]:
    """What one decision on some accounts asks of the slots, and what it holds back."""
    held: list[HeldBack] = []
    columns = session.evaluator.columns
    if is_bulk and decision not in (Decision.KEEP, None):
        kept = columns.get("decision")[wanted] == DECISION_ORDER.index(Decision.KEEP)
        if kept.any():
            held.append(HeldBack("decided keep: decide it one by one to change that", int(kept.sum())))
            wanted = wanted[~kept]
    if not len(wanted):
        return [], held
    due = session.now + days * DAY if decision is Decision.LATER else None
    value = (decision.value, due, session.reviewer, session.now) if decision else None
    changes = [Change(DECISION, wanted.tolist(), value)]
    we_follow = columns.get("relation")[wanted] & 2 > 0
    targets = {
        ActionKind.UNFOLLOW: wanted[we_follow] if decision is Decision.OUT else wanted[:0],
        ActionKind.FOLLOW: wanted[~we_follow] if decision is Decision.FOLLOW else wanted[:0],
    }
    for action, chosen in targets.items():
        others = np.setdiff1d(wanted, chosen, assume_unique=True)
        changes.append(Change(plan_slot(action.value), others.tolist(), None))
        made, kept_back = _plan_changes(session, action, chosen, _reason(action), is_decided=True)
        changes += made
        held += kept_back
    return changes, held


def _reason(action: ActionKind) -> str:
    return UNFOLLOW_REASON if action is ActionKind.UNFOLLOW else FOLLOW_REASON


def _plan_changes(
    session: Session,
    action: ActionKind,
    rows: NDArray[np.int64],
    reason: str,
    object_: str = "",
    is_decided: bool = False,
) -> tuple[list[Change], list[HeldBack]]:
    """Plan an action for rows: changes per guard that holds some back, and what was held.

    With ``is_decided`` the rows get a new decision in the same gesture, so an earlier keep holds no more.
    """
    slot, now = plan_slot(action.value, object_), session.now
    changes: list[Change] = []
    held: list[HeldBack] = []
    codes = guards.guard_codes(session.evaluator.columns, action, now, is_keep_lifted=is_decided)[rows]
    for code in sorted(set(codes.tolist()) - {0}):
        why = GUARD_ORDER[code - 1].sentence()
        caught = rows[codes == code]
        changes.append(Change(slot, caught.tolist(), (PlanState.HELD.value, why, None, now)))
        held.append(HeldBack(why, len(caught)))
    left = rows[codes == 0]
    if len(left):
        changes.append(Change(slot, left.tolist(), (PlanState.PLANNED.value, reason, None, now)))
    return changes, held


def plan_add(session: Session, action: ActionKind, rows: Sequence[int], object_: str = "", query: str = "") -> Gesture:
    """Plan an action on accounts without a decision.

    Raises:
        BadInput: the action needs a list or post and none is named.
    """
    needs_object = {
        ActionKind.LIST_ADD: "--list NAME",
        ActionKind.LIST_REMOVE: "--list NAME",
        ActionKind.REPOST: "--post ID",
    }
    if action in needs_object and not object_:
        raise BadInput(f"{action.value} needs {needs_object[action]}")
    wanted = _present(session, rows)
    words = f"{ACTION_WORDS[action]} planned"
    changes, held = _plan_changes(session, action, wanted, words, object_)
    return _write(session, "plan.add", changes, held, query, words, plan_slot(action.value, object_))


def accept(session: Session, rows: Sequence[int], query: str = "") -> Gesture:
    """Do what each account's card suggests, as one gesture.

    Accepting is a decision and does not set the kind.
    """
    wanted = _present(session, rows).tolist()
    by_decision: dict[Decision, list[int]] = {}
    for row, suggestion in suggesting.suggestions(session, wanted).items():
        by_decision.setdefault(suggestion.decision, []).append(row)
    silent = by_decision.pop(Decision.NONE, [])
    held = [HeldBack("nothing suggested", len(silent))] if silent else []
    changes: list[Change] = []
    for decision, chosen in by_decision.items():
        made, kept_back = _decision_changes(session, np.array(chosen, dtype=np.int64), decision, len(wanted) > 1)
        changes += made
        held = [*kept_back, *held]
    words = " and ".join(decision.value for decision in by_decision)
    return _write(session, "accept", changes, held, query, f"as suggested ({words})")


def say_kind(session: Session, rows: Sequence[int], kind: Kind | None, query: str = "") -> Gesture:
    """Set the kind of accounts; None or UNSEEN lets the program decide again (``auto``)."""
    wanted = _present(session, rows).tolist()
    is_auto = kind is None or kind is Kind.UNSEEN
    value = None if is_auto or kind is None else (kind.value, session.reviewer, session.now)
    word = "auto" if is_auto or kind is None else kind.value
    return _write(session, "kind", [Change(KIND, wanted, value)], [], query, f"kind {word}", KIND)


def tag(
    session: Session, rows: Sequence[int], add: Iterable[str] = (), remove: Iterable[str] = (), query: str = ""
) -> Gesture:
    """Add and remove tags.

    Raises:
        BadInput: a tag to remove does not exist, or no tag is named.
    """
    wanted = _present(session, rows).tolist()
    changes, words = [], []
    for name in add:
        changes.append(Change(tag_slot(tags.make_tag(session.store, name)), wanted, ()))
        words.append(f"+{name}")
    for name in remove:
        number = tags.tag_named(session.store, name)
        if number is None:
            raise BadInput(f'no tag is named "{name}"')
        changes.append(Change(tag_slot(number), wanted, None))
        words.append(f"-{name}")
    if not changes:
        raise BadInput("name a tag to add or remove")
    return _write(session, "tag", changes, [], query, f"tag {' '.join(words)}", None)


def note(session: Session, row: int, text: str) -> Gesture:
    """Write a note on one account; an empty text removes it."""
    clean = cleaning.clean_text(text, limit=4000, keep_lines=True).strip()
    value = (clean, session.reviewer, session.now) if clean else None
    line = "note written" if clean else "note removed"
    return _write(session, "note", [Change(NOTE, _present(session, [row]).tolist(), value)], [], "", line, NOTE)


def release(session: Session, rows: Sequence[int]) -> Gesture:
    """Release guarded accounts; what is planned for them is no longer held."""
    wanted = _present(session, rows).tolist()
    change = Change(RELEASE, wanted, (session.reviewer, session.now))
    return _write(session, "release", [change], [], "", "released", RELEASE)


def say_match(session: Session, match_ids: Sequence[int], state: MatchState) -> Gesture:
    """Confirm or reject matches; UNREVIEWED clears the decision. Confirming teaches aliases.

    Raises:
        BadInput: a match number does not exist.
    """
    found = matches.matches_with_ids(session.store, list(dict.fromkeys(match_ids)))
    missing = set(match_ids) - {match.id for match in found}
    if missing:
        raise BadInput(f"no match has the id {min(missing)}; `followertui matches --json` lists them")
    changes = []
    for match in found:
        value = (
            None
            if state is MatchState.UNREVIEWED
            else (state.value, match.evidence_hash, profile_text(match), session.reviewer, session.now)
        )
        changes.append(Change(MATCH_WORD, [match.id], value))
    return _write(session, f"match.{state.value}", changes, [], "", state.value, MATCH_WORD)


def profile_text(match: matches.StoredMatch) -> str:
    """The account's side of a match as it is now, kept so that a change can be shown."""
    return " · ".join(dict.fromkeys(f"{piece.field}: {piece.account_text}" for piece in match.evidence))[:600]


def _held_words(held: Sequence[HeldBack]) -> str:
    return ", ".join(f"{h.count:,} {h.reason}" for h in held)


def _write(
    session: Session,
    command: str,
    changes: Sequence[Change],
    held: Sequence[HeldBack],
    query: str,
    words: str,
    counts: Slot | None = DECISION,
) -> Gesture:
    """Write one gesture and say what it really changed.

    Args:
        session: the open store.
        command: registry id of the command.
        changes: what it asks.
        held: what it leaves alone or plans as held, and why.
        query: the words the rows were chosen with.
        words: what it does, for the journal's line.
        counts: the slot whose changed keys are counted; None counts all.
    """
    with session.store.write():
        done = session.journal.gesture(command, changes, session.now, query)
        if not done.entry_id:
            return Gesture(0, 0, 0, 0, tuple(held), "Held back: " + _held_words(held) if held else NOTHING.text)
        changed = done.count(counts)
        planned = sum(len(s.keys) for s in _plan_segments(done) if s.after and s.after[0] == PlanState.PLANNED.value)
        unplanned = sum(len(s.keys) for s in _plan_segments(done) if s.after is None)
        noun = ("match", "matches") if counts is MATCH_WORD else ("account", "accounts")
        line = f"{words}: {counted(changed, *noun)}"
        if planned and counts is DECISION:
            line += f" · {counted(planned, 'action')} planned"
        if unplanned:
            line += f" · {counted(unplanned, 'action')} off the plan"
        if held:
            line += f" · held back: {_held_words(held)}"
        session.journal.set_text(done.entry_id, line)
    return Gesture(done.entry_id, changed, planned, unplanned, tuple(held), line)


def _plan_segments(done: Written) -> Iterable[Segment]:
    return (segment for segment in done.segments if isinstance(segment.slot, PlanSlot))
