"""The way back of an import: undo and redo of one that ended, discarding one that did not.

Owns the use case and its words; what is restored belongs to ``store``. Only ``services``
imports it.
"""

from __future__ import annotations

from collections.abc import Generator

from followertui.domain.clock import Clock, epoch
from followertui.domain.errors import BadInput, Cancelled
from followertui.domain.progress import CancelToken, Progress, drained
from followertui.store.audience import imports, interactions
from followertui.store.audience.imports import ImportRun, TakenBack
from followertui.store.decisions.journal import Entry, Journal
from followertui.store.file.connection import Store


def take_back(store: Store, import_id: int) -> str:
    """Take an import back that has no journal entry because it did not end.

    Returns:
        One line.

    Raises:
        BadInput: there is none of that number, or it was taken back before.
    """
    run = imports.run(store, import_id)
    if run is None or run.state == "undone":
        raise BadInput(f"import {import_id}: there is nothing to take back; `import log` lists imports")
    if run.state == "done":
        raise BadInput(f"import {import_id} ({run.source}): ended and counts; `undo` takes back what came after it too")
    with store.lease("import"), store.write() as con:
        return _line(run, drained(imports.take_back(store, con, import_id)), False)


def reverse_import(
    store: Store, journal: Journal, clock: Clock, entry: Entry, is_redo: bool, cancel: CancelToken
) -> Generator[Progress, None, str]:
    """Undo or redo the import behind a journal entry, all of it or nothing.

    Args:
        store: the open store.
        journal: who writes in it.
        clock: the time.
        entry: of an import.
        is_redo: do it again instead of taking it back.
        cancel: polled now and then.

    Returns:
        One line: what stands again, and what was left alone because something touched it since.

    Raises:
        Busy: another process is importing.
        Cancelled: the person stopped it; everything is as it was.
    """
    import_id = int(str(journal.payload(entry.id)["import_id"]))
    run = imports.run(store, import_id)
    if run is None:
        raise BadInput(f"import {import_id}: is not in this store")
    total = imports.counts(store, import_id)[1]
    doing = f"{'bringing back' if is_redo else 'taking back'} {run.source}"
    with store.lease("import"), store.write() as con:
        work = (imports.redo if is_redo else imports.take_back)(store, con, import_id)
        done = yield from _told(work, total, doing, cancel)
        told = (interactions.redo if is_redo else interactions.take_back)(con, import_id)
        journal.mark_reversed(entry, epoch(clock.now()), is_redo)
    return _line(run, done, is_redo, told)


def _told(
    work: Generator[int, None, TakenBack], total: int, doing: str, cancel: CancelToken
) -> Generator[Progress, None, TakenBack]:
    """Work on the store as signs of life."""
    seen = 0
    while True:
        yield Progress(seen, total or None, doing)
        if cancel.is_set():
            raise Cancelled(f"{doing}: stopped; everything is as it was", is_resumable=False)
        try:
            seen = next(work)
        except StopIteration as end:
            done: TakenBack = end.value
            return done


def _line(run: ImportRun, done: TakenBack, is_redo: bool, told: int = 0) -> str:
    parts = [f"import {run.source}"]
    if done.restored:
        parts.append(f"{done.restored:,} {'changed again' if is_redo else 'as before'}")
    if done.hidden:
        parts.append(f"{done.hidden:,} {'back' if is_redo else 'known only from it are hidden'}")
    if done.entries:
        parts.append(f"{done.entries:,} entries {'as imported' if is_redo else 'as before'}")
    if told:
        parts.append(f"{told:,} contacts and outcomes {'count again' if is_redo else 'no longer count'}")
    if done.kept:
        parts.append(f"{done.kept:,} left alone, changed since")
    return " · ".join(parts)
