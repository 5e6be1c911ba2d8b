"""What a person decides: decisions, kinds, answers to matches.

Owns gestures: each is one journal entry, and says what it held back and why. A decision
that asks something of X plans it in the same transaction. ``Workbench`` and the command
line call it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.clock import DAY
from followertui.domain.decision import LATER_DAYS, OBJECT_OPTIONS, ActionKind, Decision, PlanState
from followertui.domain.errors import BadInput
from followertui.domain.guards import (
    GUARD_ORDER,
    reason_for,
)
from followertui.domain.kind import Kind
from followertui.domain.match import MatchState
from followertui.late import late
from followertui.services import guarding
from followertui.services.phrases import ACTION_WORDS, counted
from followertui.services.review import narrowing, suggesting
from followertui.services.review.gesture_names import with_name
from followertui.services.review.overriding import yielding
from followertui.services.session import Session
from followertui.services.values import BULK, Gesture, HeldBack, Word
from followertui.store.decisions import differences
from followertui.store.decisions.journal import Change, Segment, Written
from followertui.store.decisions.slots import (
    BLIND_LOOK,
    DECISION,
    KIND,
    LOOK,
    MATCH_WORD,
    PlanSlot,
    Slot,
    plan_slot,
)
from followertui.store.lists import matches

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from followertui.store.decisions import draws
    from followertui.store.index import guards
else:
    draws = late("followertui.store.decisions.draws")
    np = late("numpy")
    guards = late("followertui.store.index.guards")

UNFOLLOW_REASON = "decided out"
FOLLOW_REASON = "decided follow"
_FOLLOWS_US, _WE_FOLLOW = 1, 2
"""Bits of the array relation."""
NOTHING_SUGGESTED = "Nothing is suggested here: decide with a keep, x out, f follow, e engage or s later."
FEW_ROWS = 20
"""Up to this number accounts are asked one by one what holds them."""
NOTHING = Gesture(0, 0, 0, 0, (), "Nothing to change.")


def present(session: Session, rows: Sequence[int]) -> NDArray[np.int64]:
    """The rows that are accounts, without repeats, in their order."""
    alive = session.evaluator.columns.get("alive")
    wanted = np.asarray(list(dict.fromkeys(int(row) for row in rows)), dtype=np.int64)
    wanted = wanted[(wanted > 0) & (wanted < len(alive))]
    found: NDArray[np.int64] = wanted[alive[wanted] == 1]
    return found


def decide(
    session: Session,
    rows: Sequence[int],
    decision: Decision | None,
    query: str = "",
    days: int = LATER_DAYS,
    word: Word = BULK,
) -> Gesture:
    """Decide on accounts; plans the actions that follow.

    What was decided ``keep``, or by another reviewer, yields to a word on that account by name
    only; see ``overriding``.

    Args:
        session: the open store.
        rows: row numbers.
        decision: what should happen; None or NONE takes the decision back.
        query: the words the rows were chosen with, for the journal.
        days: after how many days ``later`` comes back.
        word: how it is given: by name, and what was shown.

    Returns:
        What changed, what was planned and what was held back.
    """
    decision = None if decision is Decision.NONE else decision
    proposed = propose(session, present(session, rows), decision, days)
    suggested = _suggested(session, proposed, word)
    words = decision.value if decision else "decision cleared"
    with session.store.write():
        return _decide(session, "decide", [proposed], query, words, word, suggested=suggested)


def _suggested(session: Session, proposed: Proposed, word: Word) -> Mapping[int, Decision]:
    """What the cards suggested for accounts decided by name, the only ones whose cards were surely seen."""
    if not word.is_by_name or proposed.decision is None:
        return {}
    found = suggesting.suggestions(session, proposed.rows.tolist())
    return {row: one.decision for row, one in found.items() if one.decision is not Decision.NONE}


class Proposed(NamedTuple):
    """One decision on some accounts, as the derived arrays propose to plan it.

    Attributes:
        rows: the accounts.
        decision: what should happen.
        due: when ``later`` comes back.
        chosen: per action: the accounts it is planned for, and the guard code of each.
    """

    rows: NDArray[np.int64]
    decision: Decision | None
    due: int | None
    chosen: dict[ActionKind, tuple[NDArray[np.int64], NDArray[np.uint8]]]


def propose(session: Session, rows: NDArray[np.int64], decision: Decision | None, days: int = LATER_DAYS) -> Proposed:
    """What one decision asks of the plan; reading arrays may take a moment, so no transaction is open yet."""
    we_follow = session.evaluator.columns.get("relation")[rows] & _WE_FOLLOW > 0
    if decision is Decision.OUT:
        narrowing.require(session, rows, ActionKind.UNFOLLOW)
    targets = {
        ActionKind.UNFOLLOW: rows[we_follow] if decision is Decision.OUT else rows[:0],
        ActionKind.FOLLOW: rows[~we_follow] if decision is Decision.FOLLOW else rows[:0],
    }
    due = session.now + days * DAY if decision is Decision.LATER else None
    # An earlier keep holds no more where the decision replaces it.
    chosen = {action: (some, _codes(session, action, some, is_keep_lifted=True)) for action, some in targets.items()}
    return Proposed(rows, decision, due, chosen)


def _decide(
    session: Session,
    command: str,
    proposals: Sequence[Proposed],
    query: str,
    words: str,
    word: Word,
    held_before: Sequence[HeldBack] = (),
    others: Sequence[Change] = (),
    suggested: Mapping[int, Decision] = MappingProxyType({}),
) -> Gesture:
    """Write decisions and other changes as one gesture, inside the transaction that asked what they may replace."""
    changes: list[Change] = list(others)
    held: list[HeldBack] = []
    told: list[str] = []
    for proposed in proposals:
        stands = yielding(session, proposed.rows.tolist(), proposed.decision, word)
        held += stands.held
        told += stands.told
        changes += _decision_changes(session, proposed, stands.stands, held, told)
    counts = None if others else DECISION
    is_answer = word.is_by_name and all(p.decision not in (None, Decision.LATER) for p in proposals)
    looked = [key for change in changes if is_answer and change.slot is DECISION for key in change.keys]
    done = write(session, command, changes, _united([*held, *held_before]), query, words, counts, told, looked)
    if done.entry_id and suggested:
        wanted = {row: p.decision for p in proposals for row in p.rows.tolist()}
        session.journal.note_agreement(
            done.entry_id, len(suggested), sum(wanted.get(row) is what for row, what in suggested.items())
        )
    return done


def _united(held: Iterable[HeldBack]) -> list[HeldBack]:
    """Each reason once, in the order they came up."""
    counts: dict[str, int] = {}
    for item in held:
        counts[item.reason] = counts.get(item.reason, 0) + item.count
    return [HeldBack(reason, count) for reason, count in counts.items()]


_NO_UNFOLLOW, _NO_FOLLOW = "we do not follow: nothing to unfollow", "we follow already"
_NOTHING_TO_DO = {
    (Decision.OUT, ActionKind.UNFOLLOW): _NO_UNFOLLOW,
    (Decision.FOLLOW, ActionKind.FOLLOW): _NO_FOLLOW,
}
"""Said of accounts whose decision asks nothing of X."""
_ONLY_FOR = {
    ActionKind.UNFOLLOW: (_WE_FOLLOW, True, _NO_UNFOLLOW),
    ActionKind.FOLLOW: (_WE_FOLLOW, False, _NO_FOLLOW),
    ActionKind.REMOVE_FOLLOWER: (_FOLLOWS_US, True, "do not follow us: nobody to remove"),
}
"""Action -> the relation it changes, whether it has to be there, and what is said of others."""


def _decision_changes(
    session: Session, proposed: Proposed, stands: frozenset[int], held: list[HeldBack], told: list[str]
) -> list[Change]:
    """What one decision asks of the slots; ``held`` gets what guards hold back, ``told`` what needs nothing done."""
    keeps = np.fromiter(stands, np.int64, len(stands))
    wanted = proposed.rows[~np.isin(proposed.rows, keeps)]
    if not len(wanted):
        return []
    decision = proposed.decision
    value = (decision.value, proposed.due, session.reviewer, session.now) if decision else None
    for action, (chosen, _) in proposed.chosen.items():
        others = np.setdiff1d(wanted, chosen, assume_unique=True)
        nothing = _NOTHING_TO_DO.get((decision, action)) if decision is not None else None
        if nothing and len(others):
            told.append(nothing if len(wanted) == 1 else f"{len(others):,} {nothing}")
    return [Change(DECISION, wanted.tolist(), value), *planned_by(session, proposed, wanted, held)]


def planned_by(session: Session, proposed: Proposed, wanted: NDArray[np.int64], held: list[HeldBack]) -> list[Change]:
    """What a decision makes of the plan.

    Args:
        session: the open store.
        proposed: the decision.
        wanted: those of its accounts it is taken for.
        held: gets what guards hold back.
    """
    changes: list[Change] = []
    for action, (chosen, codes) in proposed.chosen.items():
        is_wanted = np.isin(chosen, wanted)
        changes.append(Change(plan_slot(action.value), np.setdiff1d(wanted, chosen).tolist(), None))
        made, kept_back = _plan_changes(session, action, chosen[is_wanted], codes[is_wanted], _reason(action))
        changes += made
        held += kept_back
    return changes


def _reason(action: ActionKind) -> str:
    return UNFOLLOW_REASON if action is ActionKind.UNFOLLOW else FOLLOW_REASON


def _codes(
    session: Session, action: ActionKind, rows: NDArray[np.int64], is_keep_lifted: bool = False
) -> NDArray[np.uint8]:
    """The guard code of each row against an action; a few are asked of the tables, which takes no array over all."""
    if not len(rows):
        return np.zeros(0, np.uint8)
    if len(rows) <= FEW_ROWS:
        found = guarding.strongest(session, rows.tolist(), action, is_keep_lifted=is_keep_lifted)
        codes = [0 if found[row] is None else GUARD_ORDER.index(found[row]) + 1 for row in rows.tolist()]
        return np.array(codes, np.uint8)
    return guards.guard_codes(session.evaluator.columns, action, session.now, is_keep_lifted)[rows]


def _plan_changes(
    session: Session,
    action: ActionKind,
    rows: NDArray[np.int64],
    codes: NDArray[np.uint8],
    reason: str,
    object_: str = "",
) -> tuple[list[Change], list[HeldBack]]:
    """Plan an action for rows: changes per guard that holds some back, and what was held."""
    slot, now = plan_slot(action.value, object_), session.now
    changes: list[Change] = []
    held: list[HeldBack] = []
    for code in sorted(set(codes.tolist()) - {0}):
        why = guarding.sentence(session, GUARD_ORDER[code - 1])
        caught = rows[codes == code]
        changes.append(Change(slot, caught.tolist(), (PlanState.HELD.value, why, None, now, None)))
        held.append(HeldBack(why, len(caught)))
    left = rows[codes == 0]
    if len(left):
        changes.append(Change(slot, left.tolist(), (PlanState.PLANNED.value, reason, None, now, None)))
    return changes, held


def to_plan(
    session: Session, action: ActionKind, rows: NDArray[np.int64], reason: str, object_: str = ""
) -> tuple[list[Change], list[HeldBack]]:
    """Changes that plan an action on accounts for a reason, and what guards hold back of it."""
    return _plan_changes(session, action, rows, _codes(session, action, rows), reason, object_)


def plan_add(session: Session, action: ActionKind, rows: Sequence[int], object_: str = "", query: str = "") -> Gesture:
    """Plan an action on accounts without a decision; who is as the action would have it is left out and told.

    Raises:
        BadInput: the action needs a list or post and none is named, or everyone is meant.
    """
    if action in OBJECT_OPTIONS and not object_:
        raise BadInput(f"{action.value} needs {OBJECT_OPTIONS[action]}")
    asked = present(session, rows)
    narrowing.require(session, asked, action, object_)
    wanted, told = asked, []
    if action in _ONLY_FOR:
        bit, is_there, nothing = _ONLY_FOR[action]
        wanted = asked[(session.evaluator.columns.get("relation")[asked] & bit > 0) == is_there]
        if others := len(asked) - len(wanted):
            told.append(nothing if len(asked) == 1 else f"{others:,} {nothing}")
        if told and not len(wanted):
            return Gesture(0, 0, 0, 0, (), f"Nothing is planned: {told[0]}")
    words = f"{ACTION_WORDS[action]} planned"
    changes, held = to_plan(session, action, wanted, words, object_)
    return write(session, "plan.add", changes, held, query, words, plan_slot(action.value, object_), told)


def accept(session: Session, rows: Sequence[int], query: str = "", word: Word = BULK) -> Gesture:
    """Do what each account's card suggests, as one gesture.

    Accepting is a decision and does not set the kind.
    """
    wanted = present(session, rows).tolist()
    by_decision: dict[Decision, list[int]] = {}
    for row, suggestion in suggesting.suggestions(session, wanted).items():
        by_decision.setdefault(suggestion.decision, []).append(row)
    silent = by_decision.pop(Decision.NONE, [])
    held = [HeldBack("nothing suggested", len(silent))] if silent else []
    proposals = [
        propose(session, np.array(chosen, dtype=np.int64), decision) for decision, chosen in by_decision.items()
    ]
    if not proposals:
        return Gesture(0, 0, 0, 0, tuple(held), NOTHING_SUGGESTED)
    words = " and ".join(decision.value for decision in by_decision)
    suggested = {row: what for what, some in by_decision.items() for row in some} if word.is_by_name else {}
    with session.store.write():
        return _decide(session, "accept", proposals, query, f"as suggested ({words})", word, held, suggested=suggested)


def decide_sheet(
    session: Session, decisions: Mapping[Decision | None, Sequence[int]], others: Sequence[Change], name: str
) -> Gesture:
    """Write what a sheet says as one gesture; decisions of it are bulk words, so what is kept stands.

    Args:
        session: the open store.
        decisions: decision, None to take one back -> row numbers.
        others: changes of kinds, tags and notes.
        name: of the file, for the journal.
    """
    proposals = [propose(session, present(session, rows), decision) for decision, rows in decisions.items()]
    with session.store.write():
        return _decide(session, "import.decisions", proposals, "", f"decisions of {name}", BULK, others=others)


def say_kind(session: Session, rows: Sequence[int], kind: Kind | None, query: str = "", word: Word = BULK) -> Gesture:
    """Set the kind of accounts; None or UNSEEN lets the program decide again (``auto``)."""
    wanted = present(session, rows).tolist()
    is_auto = kind is None or kind is Kind.UNSEEN
    value = None if is_auto or kind is None else (kind.value, session.reviewer, session.now)
    name = "auto" if is_auto or kind is None else kind.value
    looked = wanted if word.is_by_name and not is_auto else []
    return write(session, "kind", [Change(KIND, wanted, value)], [], query, f"kind {name}", KIND, looked=looked)


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
    looked = [match.row for match in found] if len(found) == 1 and state is not MatchState.UNREVIEWED else []
    return write(session, f"match.{state.value}", changes, [], "", state.value, MATCH_WORD, looked=looked)


def profile_text(match: matches.StoredMatch) -> str:
    """The account's side of a match as it is now, kept so that a change can be shown."""
    return " · ".join(dict.fromkeys(f"{piece.field}: {piece.account_text}" for piece in match.evidence))[:600]


def held_words(held: Sequence[HeldBack]) -> str:
    """What was held back, in words: how many for which reason."""
    return ", ".join(f"{h.count:,} {reason_for(h.count, h.reason)}" for h in held)


def write(
    session: Session,
    command: str,
    changes: Sequence[Change],
    held: Sequence[HeldBack],
    query: str,
    words: str,
    counts: Slot | None = DECISION,
    told: Sequence[str] = (),
    looked: Sequence[int] = (),
) -> Gesture:
    """Write one gesture and say what it really changed.

    Args:
        session: the open store.
        command: registry id of the command.
        changes: what it asks.
        held: what it leaves alone or plans as held, and why.
        query: the words the rows were chosen with.
        words: what it does, for the journal's line.
        counts: the slot whose changed keys are counted; None counts all accounts.
        told: whose decisions it replaced.
        looked: accounts a person answered on by name.
    """
    with session.store.write() as con:
        looks = [
            Change(LOOK, [row], (draws.draw_of(session.store, row), session.reviewer, session.now)) for row in looked
        ]
        if looked and session.hidden:
            looks.append(Change(BLIND_LOOK, looked, (session.hidden, session.reviewer, session.now)))
        settled = differences.settled_by(con, changes)
        done = session.journal.gesture(command, [*changes, *looks, *settled], session.now, query)
        if not done.entry_id:
            return Gesture(0, 0, 0, 0, tuple(held), "Held back: " + held_words(held) if held else NOTHING.text)
        changed = done.count(counts) if counts else len(done.keys())
        if not changed and (again := max(done.count(LOOK), done.count(BLIND_LOOK))):
            words, changed = f"looked at, {words} as it was", again
        planned = sum(len(s.keys) for s in _plan_segments(done) if s.after and s.after[0] == PlanState.PLANNED.value)
        unplanned = sum(len(s.keys) for s in _plan_segments(done) if s.after is None)
        noun = ("match", "matches") if counts is MATCH_WORD else ("account", "accounts")
        line = f"{words}: {counted(changed, *noun)}"
        if planned and counts in (DECISION, None):
            line += f" · {counted(planned, 'action')} planned"
        if unplanned:
            line += f" · {counted(unplanned, 'action')} off the plan"
        if told:
            line += f" · {', '.join(told)}"
        if held:
            line += f" · held back: {held_words(held)}"
        session.journal.set_text(done.entry_id, line)
    named = with_name(session, line, done.segments)
    return Gesture(done.entry_id, changed, planned, unplanned, tuple(held), named)


def _plan_segments(done: Written) -> Iterable[Segment]:
    return (segment for segment in done.segments if isinstance(segment.slot, PlanSlot))
