"""What came of following: who was engaged, visited, downloaded and registered, by kind and by month of following.

Owns these figures of the report. Each step is counted by itself, one need not pass all of them. Reads
only; ``services.insight.reporting`` uses it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.clock import day_of
from followertui.domain.guards import AROUND_DAYS, ENGAGEMENTS, OUTCOMES
from followertui.domain.kind import KIND_ORDER
from followertui.late import late
from followertui.services.insight import history
from followertui.services.insight.composing import Groups
from followertui.services.insight.values import BASELINE, Around, Figure, Funnel
from followertui.services.session import Session
from followertui.store.audience import interactions

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray
else:
    np = late("numpy")

_DAY = 86_400
_STEPS = (("follow", ""), ("engaged", "is:engaged"), *((kind, f"outcome:{kind}") for kind in OUTCOMES))
_CAME = f"outcome:{','.join(OUTCOMES)}"


class _Step(NamedTuple):
    """One step: its name, the query of everyone who took it, and whose rows it holds for."""

    name: str
    query: str
    mask: NDArray[np.bool_]


def _steps(session: Session) -> list[_Step]:
    """Every step among followers, last those who came at all."""
    evaluator, found = session.evaluator, []
    with evaluator.columns.hold():
        follower = evaluator.mask(session.parse("is:follower").where, session.now)
        for name, term in (*_STEPS, ("came", _CAME)):
            mask = follower & evaluator.mask(session.parse(term).where, session.now) if term else follower
            found.append(_Step(name, f"is:follower {term}".rstrip(), mask))
    return found


def _funnels(
    steps: Sequence[_Step], names: Sequence[str], terms: Sequence[str], group: NDArray[np.int16]
) -> list[Funnel]:
    """One funnel per group with anyone beyond following.

    Args:
        steps: all of them.
        names: of every group.
        terms: query terms that find them, in the same order.
        group: position in ``names`` per row, -1 for none.
    """
    counts = [np.bincount(group[step.mask & (group >= 0)], minlength=len(names)) for step in steps]
    found = []
    for place, (name, term) in enumerate(zip(names, terms, strict=True)):
        if any(count[place] for count in counts[1:]):
            *figures, came = (
                Figure(step.name, int(count[place]), f"{term} {step.query}")
                for step, count in zip(steps, counts, strict=True)
            )
            found.append(Funnel(name, tuple(figures), came))
    return found


def by_kind(session: Session, known: Groups) -> tuple[Funnel, ...]:
    """How many followers of each kind took each step."""
    names = [kind.value for kind in KIND_ORDER]
    return tuple(_funnels(_steps(session), names, [f"kind:{name}" for name in names], known.kind))


def by_month(session: Session) -> tuple[Funnel, ...]:
    """The same by month of following, newest first; at the end those who followed before the first reading."""
    steps, evaluator = _steps(session), session.evaluator
    with evaluator.columns.hold():
        followed = evaluator.columns.get("followed")
    begun = np.flatnonzero(followed >= 0)
    group = np.zeros(len(followed), np.int16)
    months = history.by_month(session, followed[begun])
    for place, (_, some) in enumerate(months, start=1):
        group[begun[some]] = place
    names = [BASELINE, *(name for name, _ in months)]
    terms = ["-followed:1970..", *(f"followed:{name}" for name, _ in months)]
    return tuple(_funnels(steps, names, terms, group)[::-1][: history.MOST_MONTHS + 1])


def around(session: Session) -> tuple[Around, ...]:
    """What followers did before and after the first engagement, of those long enough ago to have both."""
    day = day_of(session.clock.now(), session.zone) - timedelta(days=AROUND_DAYS + 1)
    upto = history.end_of(session, day) - 1
    count, found = interactions.around_first(session.store, ENGAGEMENTS, OUTCOMES, AROUND_DAYS * _DAY, upto)
    term = f"is:follower engaged:..{day.isoformat()}"
    return tuple(
        Around(
            kind,
            Figure("engaged", count, term),
            *(
                Figure(side, number, f"{term} came-{side}:{kind}")
                for side, number in zip(("before", "after"), found[kind], strict=True)
            ),
        )
        for kind in OUTCOMES
        if kind in found
    )
