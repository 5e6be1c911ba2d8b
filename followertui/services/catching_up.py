"""Catching up after an import: indexing text, comparing and judging accounts, reconciling the plan.

Owns the order of these steps, what is left of them after a stop, and the next thing to do.
``Workbench`` calls it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

from followertui.domain.errors import Busy, Cancelled
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake.unresolved_ids import BRING_NAMES
from followertui.services.phrases import counted, span
from followertui.services.plan import changing, reconciling
from followertui.services.review import house_checks, kept_handles
from followertui.services.scoring import judging, matching
from followertui.services.session import Session
from followertui.services.values import Queue
from followertui.store.audience import pages
from followertui.store.audience.row_facts import not_compared

NOTHING_LEFT = "nothing is left to do"
"""What ``unfinished`` says where everything is compared and judged."""

_TEXT_CHUNK = 2000
_SECONDS_PER_MATCH = 3.4
"""What a person takes to answer one match."""


def catch_up(session: Session, cancel: CancelToken, compare_most: int | None = None) -> Generator[Progress, None, str]:
    """Index text, match, judge, reconcile the plan; the queues are to be counted afterwards.

    Args:
        session: the open store.
        cancel: polled all along.
        compare_most: most accounts compared now, the newest first; None for all.

    Yields:
        Progress.

    Returns:
        What of the plan the new reading agreed with or set aside, whose words followed a handle, and which
        house checks fail; "" if nothing.

    Raises:
        Cancelled: it was stopped; the line says what is left to do.
        Busy: another process compares or judges; the line says what is left to do.
    """
    last = session.evaluator.columns.size() - 1
    reached = 0
    while reached < last and not cancel.is_set():
        reached = pages.index_text(session.store, reached + _TEXT_CHUNK)
        yield Progress(reached, last, "making text searchable")
    try:
        yield from matching.match(session, cancel, most=compare_most)
        yield from judging.judge(session, cancel)
    except Cancelled:
        raise Cancelled(f"comparing and judging: stopped; {unfinished(session)}") from None
    except Busy as error:
        raise Busy(f"{error}; {unfinished(session)}") from None
    yield Progress(0, None, "counting")
    followed = kept_handles.follow(session)
    told = (reconciling.reconcile(session), changing.set_aside(session), followed, house_checks.said(session))
    return " · ".join(line for line in told if line)


def unfinished(session: Session) -> str:
    """How many accounts are not compared or judged yet, in words."""
    waiting = ((matching.waiting(session), "compared with your lists"), (judging.waiting(session), "judged"))
    parts = [f"{counted(count, 'account')} not {what}" for count, what in waiting if count]
    held = "; the plan holds back what is not compared" if not_compared(session.store) else ""
    return f"{' and '.join(parts)} yet{held}" if parts else NOTHING_LEFT


def next_step(queues: Sequence[Queue], *, has_lists: bool) -> str:
    """The suggested next step, in one line.

    Args:
        queues: all queues with their counts.
        has_lists: whether any list was brought.
    """
    counts = {queue.id: queue.count or 0 for queue in queues}
    waiting = counts["confirm"]
    if waiting:
        return f"{counted(waiting, 'match', 'matches')} to confirm, about {span(waiting * _SECONDS_PER_MATCH)}"
    if counts.get("nameless") and not counts["to-review"]:
        return f"{counted(counts['nameless'], 'account')} known by id only: {BRING_NAMES}: followertui import FILE"
    if not has_lists:
        return "bring a customer list to see who among them is here: followertui import FILE"
    return "followertui review opens the review"
