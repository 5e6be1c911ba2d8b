"""A store whose accounts are those of a made sandbox, and running its plan."""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from filling import FIRST_X_ID, add_accounts, relate

from followertui.domain.decision import Decision
from followertui.domain.progress import NeverCancelled
from followertui.services.plan import applying, planning
from followertui.services.plan.values import ApplyEvent, ApplyReport
from followertui.services.review import deciding
from followertui.services.session import Session
from followertui.x.sandbox.made import FIRST_ID
from followertui.x.sandbox.state import SandboxState

assert FIRST_X_ID == FIRST_ID


def mirror(session: Session, state: SandboxState, count: int) -> list[int]:
    """Rows of the first accounts we follow in the sandbox."""
    ids = list(state.following)[:count]
    rows = add_accounts(
        session.store,
        *({"x_id": x_id, "handle": f"made_{x_id - FIRST_ID}", "bio": f"makes thing {x_id - FIRST_ID}"} for x_id in ids),
    )
    relate(session.store, rows, "following")
    return rows


def planned(session: Session, state: SandboxState, count: int) -> list[int]:
    """The same, decided out."""
    rows = mirror(session, state, count)
    deciding.decide(session, rows, Decision.OUT)
    return rows


def ended(job: Generator[Any, None, Any]) -> tuple[list[Any], Any]:
    """Everything a job yielded, and its report."""
    events = []
    while True:
        try:
            events.append(next(job))
        except StopIteration as end:
            return events, end.value


def apply(session: Session, count: int | None = None, limit: int | None = None) -> tuple[list[ApplyEvent], ApplyReport]:
    """Carry out what is ready, or a number of it."""
    typed = count if count is not None else min(len(planning.ready(session)), limit or 10**9)
    return ended(applying.apply(session, NeverCancelled(), typed, limit))


def states(session: Session) -> dict[int, str]:
    """Row -> state of its plan item."""
    return dict(session.store.con.execute("SELECT row, state FROM plan_item").fetchall())


def sent(state: SandboxState, method: str = "DELETE") -> int:
    """How many calls of a method X answered with 200."""
    return sum(call[2] == method and call[4] == 200 for call in state.calls)
