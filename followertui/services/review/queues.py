"""The queues of a review: which there are, what each asks for, how many wait in it.

Owns their queries and their empty states. Reads only, but for the counts it remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from followertui.domain.errors import BadInput, BadQuery
from followertui.domain.kind import KIND_ORDER
from followertui.domain.query import Node
from followertui.services.intake.unresolved_ids import nameless_line
from followertui.services.review import moving_on, sampling
from followertui.services.session import Session
from followertui.services.values import PLAN_QUEUE, RANDOM_QUEUE, TODAY_QUEUE, Queue
from followertui.store.decisions import saved_views
from followertui.store.file import settings

_WORTH = "(relevance:40.. OR seniority:director,vp,chief,owner OR is:verified)"
_MAIN: tuple[tuple[str, str, str, str], ...] = (
    (
        "to-review",
        "To review",
        f"-is:reviewed -is:nameless (is:following OR (is:follower -kind:bot,harmful,offtopic {_WORTH})) "
        "sort:-relevance",
        "Nothing left to review. ] goes to the next queue, / looks at everyone.",
    ),
    (
        "confirm",
        "Confirm",
        "match:certain,likely -is:nameless sort:-match",
        "No match waits for your word. Import a customer list (:import) to find more.",
    ),
    (
        "new",
        "New",
        "",
        "No new followers since you moved on. Import a newer export with :import.",
    ),
    (TODAY_QUEUE, "Today", "is:due", "Nothing is due today. e says that someone is worth talking to."),
    (PLAN_QUEUE, "Plan", "is:planned", "Nothing planned. x on someone we follow plans an unfollow."),
)
_MORE: tuple[tuple[str, str, str], ...] = (
    ("possible", "Possible matches", "match:possible sort:-match"),
    ("differing", "Differing words", "is:differing"),
    (RANDOM_QUEUE, "Random looks", sampling.QUERY),
    ("leaders", "Not following back", "is:leader -is:reviewed sort:-silent"),
    ("silent", "Silent we follow", "is:following is:silent -is:reviewed sort:-silent"),
    ("bots", "Bots", "kind:bot -is:reviewed sort:-bot"),
    ("left", "Left us", "is:left sort:-left"),
    ("guarded", "Held back from pruning", "is:following is:guarded"),
    ("nameless", "Nameless", "is:nameless"),
    ("everyone", "Everyone", ""),
)


def queue_texts(session: Session) -> list[Queue]:
    """Every queue without its count, main ones first, saved views last."""
    texts = {"new": moving_on.new_query(session)}
    found = [Queue(i, title, texts.get(i, query), None, True, empty) for i, title, query, empty in _MAIN]
    nothing = "Nothing here. ] goes to the next queue."
    found += [Queue(i, title, query, None, False, nothing) for i, title, query in _MORE]
    found += [
        Queue(f"kind:{kind.value}", kind.value.capitalize(), f"kind:{kind.value}", None, False, nothing)
        for kind in KIND_ORDER
    ]
    found += [
        Queue(f"view:{view.name}", view.name, view.query, None, False, nothing)
        for view in saved_views.every(session.store)
        if not view.is_hidden
    ]
    return found


def cached_queues(session: Session) -> list[Queue]:
    """Queues with the counts of the last time they were counted; needs no numpy."""
    return _with_counts(queue_texts(session), settings.QUEUE_COUNTS.read(session.store))


def counted_queues(session: Session, *, is_quick: bool = False) -> list[Queue]:
    """Queues with exact counts; remembers them for the next start.

    Args:
        session: the open store.
        is_quick: ask only the rows that changed since the last time.
    """
    queues = queue_texts(session)
    if not is_quick:
        session.counts.forget()
    with session.counts.at(session.now) as count:
        found = [(queue.id, _counted(session, queue, count)) for queue in queues]
    counts = {queue_id: number for queue_id, number in found if number is not None}
    if not session.store.is_read_only and counts != settings.QUEUE_COUNTS.read(session.store):
        settings.QUEUE_COUNTS.write(session.store, counts)
    return _with_counts(queues, counts)


def _counted(session: Session, queue: Queue, count: Callable[[Node], int]) -> int | None:
    """How many a queue holds; None for a view whose query asks for what is no longer there, such as a wave."""
    try:
        return count(session.parse_often(queue.query).where)
    except BadQuery:
        if not queue.id.startswith("view:"):
            raise
        return None


def _with_counts(queues: Sequence[Queue], counts: dict[str, int]) -> list[Queue]:
    """Queues with their known sizes; the first says where names are missing."""
    found = [replace(queue, count=counts.get(queue.id)) for queue in queues]
    nameless = counts.get("nameless") or 0
    if nameless and not found[0].count:
        found[0] = replace(found[0], empty_text=nameless_line(nameless))
    return found


def queue_named(session: Session, queue_id: str) -> Queue:
    """One queue by its id.

    Raises:
        BadInput: there is none.
    """
    for queue in queue_texts(session):
        if queue.id == queue_id:
            return queue
    raise BadInput(f'no queue is named "{queue_id}"')
