"""Why accounts we follow are not in the plan: what the plan leaves alone, and for which reason.

Owns the reasons and their order; each account is counted once. Screen and command line call it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from followertui.domain.decision import DECISION_ORDER, ActionKind, Decision
from followertui.domain.guards import GUARD_ORDER, reason_for
from followertui.domain.kind import KIND_ORDER
from followertui.late import late
from followertui.services import guarding
from followertui.services.phrases import DECISION_WORDS
from followertui.services.session import Session
from followertui.services.values import CountLine

if TYPE_CHECKING:
    import numpy as np

    from followertui.store.index import guards
else:
    np = late("numpy")
    guards = late("followertui.store.index.guards")

STAYING = "is:following -plan:unfollow"
"""Accounts we follow that no unfollow is planned for."""


def reasons(session: Session) -> list[CountLine]:
    """Why the others stay: what holds them, then what was decided, then what they are; most first within each."""
    columns = session.evaluator.columns
    left = np.flatnonzero(session.evaluator.mask(session.parse(STAYING).where, session.now))
    codes = guards.guard_codes(columns, ActionKind.UNFOLLOW, session.now)[left]
    words = guarding.settings_of(session)
    found = []
    for code, count in _counted(codes[codes > 0]):
        guard = GUARD_ORDER[code - 1]
        found.append(CountLine(reason_for(count, guard.sentence(words)), f"{STAYING} guard:{guard.value}", count))
    left = left[codes == 0]
    decisions = columns.get("decision")[left]
    for code, count in _counted(decisions[decisions > 0]):
        decision = DECISION_ORDER[code]
        query = f"{STAYING} -is:guarded decision:{decision.value}"
        found.append(CountLine(f"decided {DECISION_WORDS[decision]}", query, count))
    left = left[decisions == DECISION_ORDER.index(Decision.NONE)]
    for code, count in _counted(columns.kinds()[0][left]):
        kind = KIND_ORDER[code].value
        query = f"{STAYING} -is:guarded decision:none kind:{kind}"
        found.append(CountLine(f"not decided: {kind}", query, count))
    return found


def _counted(codes: np.ndarray) -> list[tuple[int, int]]:
    """Codes with how often each is there, most first."""
    values, counts = np.unique(codes, return_counts=True)
    pairs = zip(values.tolist(), counts.tolist(), strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])
