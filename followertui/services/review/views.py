"""Frozen views: a queue narrowed by a filter, its order, and where a reviewer left off.

Owns what a view is and when a kept one may be shown again. ``Workbench`` calls it.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from followertui.domain.query import Sort
from followertui.late import late
from followertui.services.review import offering
from followertui.services.review.queues import queue_named
from followertui.services.session import Session
from followertui.services.values import View
from followertui.store.file import settings, watermarks
from followertui.store.index.view_cache import read_view, write_view

if TYPE_CHECKING:
    import numpy as np
else:
    np = late("numpy")


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
        whole = session.counts.mask(session.parse_often(base).where, now)
        chosen = whole & evaluator.mask(session.parse(text).where, now) if text.strip() else whole
        rows = evaluator.ordered(chosen, query.sort)
        remark = offering.unknown_name(session, text)
    sort = f"{'-' if query.sort.descending else ''}{query.sort.field}" if query.sort else ""
    view = View(queue_id, text, rows.data, int(whole.sum()), sort, remark)
    if not text and not session.store.is_read_only:
        write_view(session.store, queue_id, stamp, rows.data, view.of, sort)
    return view


def _stamp(session: Session, queue_id: str, text: str, base: str) -> str:
    """What a kept view was computed from; the hour covers everything that changes with time alone."""
    store = session.store
    marks = (watermarks.LISTS_VERSION, watermarks.COMPARED_LISTS, watermarks.COMPARED_UPTO, watermarks.TEXT_UPTO)
    known = [mark.read(store) for mark in marks]
    chosen = [settings.ABOUT.read(store), settings.SILENT_DAYS.read(store)]
    return json.dumps([store.lineage(), queue_id, text, base, known, chosen, session.now // 3600])


def sort_view(session: Session, view: View, field: str, descending: bool) -> View:
    """The same rows in another order."""
    evaluator = session.evaluator
    with evaluator.columns.hold():
        mask = np.zeros(evaluator.columns.size(), np.bool_)
        mask[np.asarray(view.rows, dtype=np.uint32)] = True
        rows = evaluator.ordered(mask, Sort(field, descending))
    return replace(view, rows=rows.data, sort=f"{'-' if descending else ''}{field}")


def place(session: Session) -> dict[str, Any]:
    """Where this reviewer left off."""
    return settings.PLACE.of(session.reviewer).read(session.store)


def remember_place(session: Session, where: dict[str, Any]) -> None:
    """Note where this reviewer is."""
    if not session.store.is_read_only:
        settings.PLACE.of(session.reviewer).write(session.store, where)
