"""What will come of a bulk decision, said before it is made.

Owns the counts: what will be planned, what is held back and why, what needs nothing done on X.
Reads only; the decision itself asks again in its own transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.decision import ActionKind, Decision
from followertui.domain.guards import GUARD_ORDER
from followertui.services import guarding
from followertui.services.review import deciding, suggesting
from followertui.services.review.overriding import yielding
from followertui.services.session import Session
from followertui.services.values import BULK, HeldBack
from followertui.x.platform import Platform


class Foreseen(NamedTuple):
    """What a bulk decision will do.

    Attributes:
        planned: how many of each action will be planned.
        held: what is decided but held back from its action, and what is left alone, with reasons; most first.
        undone: decided accounts for which there is nothing to do on X.
        seconds_by_hand: of clicking, for all that is planned.
    """

    planned: tuple[tuple[ActionKind, int], ...]
    held: tuple[HeldBack, ...]
    undone: int
    seconds_by_hand: float


def foresee(session: Session, rows: Sequence[int], decision: Decision | None) -> Foreseen:
    """What deciding on accounts will do.

    Args:
        session: the open store.
        rows: row numbers.
        decision: what should happen; None for what each card suggests.
    """
    wanted = deciding.present(session, rows)
    by_decision: dict[Decision, list[int]] = {}
    if decision is not None:
        by_decision[decision] = wanted.tolist()
    else:
        for row, suggestion in suggesting.suggestions(session, wanted.tolist()).items():
            by_decision.setdefault(suggestion.decision, []).append(row)
    held: Counter[str] = Counter()
    planned: Counter[ActionKind] = Counter()
    undone = 0
    silent = by_decision.pop(Decision.NONE, [])
    if silent:
        held["nothing suggested"] += len(silent)
    for what, some in by_decision.items():
        stands = yielding(session, some, what, BULK)
        for item in stands.held:
            held[item.reason] += item.count
        proposed = deciding.propose(session, deciding.present(session, sorted(set(some) - stands.stands)), what)
        asked = 0
        for action, (chosen, codes) in proposed.chosen.items():
            asked += len(chosen)
            planned[action] += int((codes == 0).sum())
            for code in sorted(set(codes.tolist()) - {0}):
                held[guarding.sentence(session, GUARD_ORDER[code - 1])] += int((codes == code).sum())
        undone += len(proposed.rows) - asked
    total = sum(planned.values())
    return Foreseen(
        tuple((action, count) for action, count in planned.items() if count),
        tuple(HeldBack(reason, count) for reason, count in held.most_common()),
        undone,
        Platform.load().seconds_by_hand * total,
    )
