"""Releasing accounts from the guards that hold them.

Owns which guards a person can lift, and when not. A release rests on the evidence of its moment.
``Workbench`` and the command line call it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.domain.guards import RELEASABLE, Guard, GuardSigns, evidence_hash, guards_from, signs_of
from followertui.domain.kind import KindSource
from followertui.services import guarding
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.services.values import Gesture, HeldBack
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import release_slot


def release(session: Session, rows: Sequence[int]) -> Gesture:
    """Release accounts from the guards that hold them now, each named; what is planned for them may go on.

    A release ends when what its guard rests on changes. ``keep`` and what is not compared yet
    are not released from, nor are matches, and a kind that rests on them, with lists that changed
    since they were compared.

    Raises:
        BadInput: nothing that can be lifted holds any of them; nothing was written.
    """
    changes: list[Change] = []
    lifted: Counter[Guard] = Counter()
    others: Counter[str] = Counter()
    with session.store.write():
        for row, facts in guarding.facts_of(session, deciding.present(session, rows).tolist()).items():
            signs = signs_of(facts, session.now)
            held = list(guards_from(ActionKind.UNFOLLOW, signs))
            held += [guard for guard in guards_from(ActionKind.FOLLOW, signs) if guard is Guard.UNFOLLOWED]
            for guard in held:
                if signs.is_not_compared and _rests_on_matches(guard, signs):
                    # What it matches may have left the lists by now: a release would also lift what comes back.
                    others[guarding.sentence(session, Guard.NOT_COMPARED)] += 1
                elif guard in RELEASABLE:
                    value = (evidence_hash(guard, facts), session.reviewer, session.now)
                    changes.append(Change(release_slot(guard.value), [row], value))
                    lifted[guard] += 1
                else:
                    others[guarding.sentence(session, guard)] += 1
            if not held:
                others["nothing holds it back"] += 1
        reasons = [HeldBack(why, count) for why, count in others.items()]
        if not changes:
            raise BadInput(f"nothing to release from: {deciding.held_words(reasons)}; nothing was written")
        words = "released from: " + ", ".join(guard.sentence() for guard in lifted)
        return deciding.write(session, "release", changes, reasons, "", words, None)


def _rests_on_matches(guard: Guard, signs: GuardSigns) -> bool:
    """Whether it is the comparison with the lists that raised a guard."""
    return guard is Guard.MATCHED or (guard.value == signs.kind.value and signs.source is KindSource.CONFIRMED)
