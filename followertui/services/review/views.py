"""The review: queues with counts, frozen views, pages of rows, counting and sampling.

Owns which queues there are and what a view is. Reads only. ``Workbench`` calls it.
"""

from __future__ import annotations

import json
import random
from array import array
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from followertui.domain.decision import ActionKind, Decision
from followertui.domain.errors import BadInput
from followertui.domain.kind import GUARDED_KINDS, KIND_ORDER, Kind, KindSource
from followertui.domain.query import Sort
from followertui.services.intake.unresolved_ids import nameless_line
from followertui.services.phrases import kind_word
from followertui.services.session import Session
from followertui.services.values import Queue, RowCells, View
from followertui.store.audience import pages
from followertui.store.decisions import plans
from followertui.store.file import settings
from followertui.store.index.view_cache import read_view, write_view

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DAY = 86_400

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
        "is:new is:follower -is:reviewed sort:-followed",
        "Nobody new since the first complete reading. Bring a newer export with :import.",
    ),
    ("today", "Today", "decision:engage", "Nobody to engage today. Press e on someone who matters."),
    ("plan", "Plan", "is:planned", "Nothing planned. x on someone we follow plans an unfollow."),
)
_MORE: tuple[tuple[str, str, str], ...] = (
    ("possible", "Possible matches", "match:possible sort:-match"),
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
    found = [Queue(i, title, query, None, True, empty) for i, title, query, empty in _MAIN]
    nothing = "Nothing here. ] goes to the next queue."
    found += [Queue(i, title, query, None, False, nothing) for i, title, query in _MORE]
    found += [
        Queue(f"kind:{kind.value}", kind.value.capitalize(), f"kind:{kind.value}", None, False, nothing)
        for kind in KIND_ORDER
    ]
    found += [Queue(f"view:{name}", name, text, None, False, nothing) for name, text in settings.views(session.store)]
    return found


def cached_queues(session: Session) -> list[Queue]:
    """Queues with the counts of the last time they were counted; needs no numpy."""
    return _with_counts(queue_texts(session), settings.setting(session.store, "queue_counts", {}))


def counted_queues(session: Session) -> list[Queue]:
    """Queues with exact counts; remembers them for the next start."""
    queues = queue_texts(session)
    counts = {
        queue.id: int(session.evaluator.mask(session.parse(queue.query).where, session.now).sum()) for queue in queues
    }
    if not session.store.is_read_only and counts != settings.setting(session.store, "queue_counts"):
        settings.set_setting(session.store, "queue_counts", counts)
    return _with_counts(queues, counts)


def _with_counts(queues: Sequence[Queue], counts: dict[str, int]) -> list[Queue]:
    """Queues with what is known of their size; the first says so where names are what is missing."""
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


def open_view(session: Session, queue_id: str = "", text: str = "") -> View:
    """Rows of a queue, narrowed by a typed filter, frozen as they are now.

    Args:
        session: the open store.
        queue_id: "" for the whole store.
        text: filter as typed; its ``sort:`` wins over the queue's.

    Raises:
        BadQuery: the filter cannot be read.
        BadInput: the queue does not exist.
    """
    base = queue_named(session, queue_id).query if queue_id else ""
    stamp = _stamp(session, queue_id, text, base)
    if not session.is_warm:
        cached = read_view(session.store, queue_id, stamp)
        if cached is not None:
            return View(queue_id, text, cached[0], cached[1], cached[2])
    query, evaluator, now = session.parse_both(base, text), session.evaluator, session.now
    with evaluator.columns.hold():
        whole = evaluator.mask(session.parse(base).where, now)
        rows = evaluator.ordered(whole & evaluator.mask(query.where, now) if text.strip() else whole, query.sort)
    sort = f"{'-' if query.sort.descending else ''}{query.sort.field}" if query.sort else ""
    view = View(queue_id, text, rows.data, int(whole.sum()), sort)
    if not text and not session.store.is_read_only:
        write_view(session.store, queue_id, stamp, rows.data, view.of, sort)
    return view


def _stamp(session: Session, queue_id: str, text: str, base: str) -> str:
    """What a kept view was computed from; the hour stands for all that changes with time alone."""
    store = session.store
    known = [store.meta(name) for name in ("lists_version", "compared_lists", "compared_upto", "text_upto")]
    chosen = [settings.setting(store, name) for name in ("about", "silent_days")]
    return json.dumps([store.counters(), queue_id, text, base, known, chosen, session.now // 3600])


def sort_view(session: Session, view: View, field: str, descending: bool) -> View:
    """The same rows in another order."""
    import numpy as np

    evaluator = session.evaluator
    with evaluator.columns.hold():
        mask = np.zeros(evaluator.columns.size(), np.bool_)
        mask[np.asarray(view.rows, dtype=np.uint32)] = True
        rows = evaluator.ordered(mask, Sort(field, descending))
    return View(view.queue_id, view.text, rows.data, view.of, f"{'-' if descending else ''}{field}")


def rows_matching(session: Session, rows: Sequence[int], text: str) -> list[int]:
    """Which of some rows a query holds for, in their order."""
    return [int(row) for row in _filtered(session, rows, text)]


def _filtered(session: Session, rows: Sequence[int], text: str) -> NDArray[np.uint32]:
    import numpy as np

    wanted = np.asarray(rows, dtype=np.uint32)
    mask = session.evaluator.mask(session.parse(text).where, session.now)
    found: NDArray[np.uint32] = wanted[mask[wanted]]
    return found


def rows_of(session: Session, text: str) -> array[int]:
    """Rows a query holds for, in its order: what the command line works on."""
    rows = session.evaluator.rows(session.parse(text), session.now)
    return array("I", rows.tobytes())


def sample(session: Session, rows: Sequence[int], n: int = 20) -> list[int]:
    """A random sample without repeats, in the order of ``rows``; another one each time."""
    places = sorted(random.Random().sample(range(len(rows)), min(n, len(rows))))
    return [int(rows[place]) for place in places]


def cells(session: Session, rows: Sequence[int]) -> list[RowCells]:
    """A page of rows, in order."""
    if not rows:
        return []
    about = settings.setting(session.store, "about", {})
    ours = {word.lower() for word in [*about.get("names", []), *about.get("handles", [])]}
    now = session.now
    return [cells_of(line, ours, now) for line in pages.page(session.store, rows)]


def cells_of(line: pages.PageRow, ours: set[str], now: int) -> RowCells:
    """One stored row as the table shows it."""
    kind, source = kind_of(line, ours)
    silent = None if line.last_post_at is None else max(0, (now - line.last_post_at) // DAY)
    return RowCells(
        row=line.row,
        name=line.name,
        handle=line.handle,
        x_id=line.x_id,
        relation=("", "←", "→", "↔")[line.bits],
        kind=kind,
        kind_source=source,
        is_doubtful=source is KindSource.CERTAIN,
        why=why_of(line),
        bot=line.bot,
        silent_days=silent,
        decision=Decision(line.decision or "none"),
        action=ActionKind(line.plan[0]) if line.plan else None,
        tags=line.tags,
        is_guarded=_is_guarded(line, kind, source, now),
        is_locked=bool(line.protected),
        has_note=line.has_note,
        followers=line.followers,
    )


def kind_of(line: pages.PageRow, ours: set[str]) -> tuple[Kind, KindSource]:
    """Who someone is by precedence: a person's word, confirmed, affiliation, certain, judged."""
    if line.word:
        return Kind(line.word), KindSource.PERSON
    if line.confirmed_kind:
        return Kind(line.confirmed_kind), KindSource.CONFIRMED
    if line.affiliation and line.affiliation.lstrip("@").lower() in ours:
        return Kind.EMPLOYEE, KindSource.AFFILIATION
    if line.certain_kind:
        return Kind(line.certain_kind), KindSource.CERTAIN
    if line.judged_kind is not None:
        return KIND_ORDER[line.judged_kind], KindSource.JUDGED
    return Kind.UNSEEN, KindSource.NONE


def why_of(line: pages.PageRow) -> str:
    """The strongest reason in a few words: a match, else a signal."""
    if line.match is None:
        return line.top_reason
    _, band, state, kind, entity, relation = line.match
    tie = {"is": "", "brand_of": "brand of ", "works_at": "at "}[relation]
    sure = "" if state == "confirmed" else f"{band} "
    return f"{sure}{tie}{entity}" + (f" · {kind_word(Kind(kind), False)}" if kind else "")


def _is_guarded(line: pages.PageRow, kind: Kind, source: KindSource, now: int) -> bool:
    if line.decision == Decision.KEEP.value:
        return True
    if line.released:
        return False
    said = source in (KindSource.PERSON, KindSource.CONFIRMED, KindSource.AFFILIATION)
    has_talked = line.talked_at is not None and line.talked_at >= now - plans.CONVERSATION_DAYS * DAY
    is_fresh = line.followed_at is not None and line.followed_at >= now - plans.FRESH_DAYS * DAY
    return line.match_guards or has_talked or is_fresh or (kind in GUARDED_KINDS and said)


def place(session: Session) -> dict[str, Any]:
    """Where this reviewer left off."""
    found: dict[str, Any] = settings.setting(session.store, f"place:{session.reviewer}", {})
    return found


def remember_place(session: Session, where: dict[str, Any]) -> None:
    """Note where this reviewer is."""
    if not session.store.is_read_only:
        settings.set_setting(session.store, f"place:{session.reviewer}", where)
