"""The undo and redo of an import that ended, and the discarding of one that did not.

Owns the use case and its words; what is restored, and in which steps, belongs to
``store.audience.reversals``. Only ``services`` and ``cli`` import it.
"""

from __future__ import annotations

from collections.abc import Generator

from followertui.domain.clock import Clock, epoch
from followertui.domain.errors import BadInput, Cancelled
from followertui.domain.progress import CancelToken, NeverCancelled, Progress
from followertui.services.intake import own_profile, tagging
from followertui.services.phrases import counted
from followertui.store.audience import imports, reversal_notes, reversals
from followertui.store.audience.imports import ImportRun
from followertui.store.audience.reversal_notes import Reversal
from followertui.store.decisions.journal import Entry, Journal
from followertui.store.file.connection import Store


def reverse_import(
    store: Store, journal: Journal, clock: Clock, entry: Entry, is_redo: bool, cancel: CancelToken
) -> Generator[Progress, None, str]:
    """Undo or redo the import behind a journal entry, or resume that where it was interrupted.

    Args:
        store: the open store.
        journal: who writes in it.
        clock: the time.
        entry: of an import.
        is_redo: do it again instead of undoing it.
        cancel: polled after each step.

    Returns:
        One line: what stands again, and what was left alone because something touched it since.

    Raises:
        BadInput: the undo of another import is not finished.
        Busy: another process is importing.
        Cancelled: it was stopped; ``resume`` goes on with it.
    """
    import_id = int(str(journal.payload(entry.id)["import_id"]))
    run = _run(store, import_id)
    with store.leases.take("import"):
        now = reversal_notes.unfinished(store)
        if now is None:
            now = reversals.begin(store, import_id, entry.id, is_redo)
        elif (now.import_id, now.is_redo) != (import_id, is_redo):
            require_none(store)
        return (yield from _finish(store, journal, clock, run, now, cancel))


def resume(store: Store, journal: Journal, clock: Clock, cancel: CancelToken) -> Generator[Progress, None, str]:
    """Go on with an undo or redo that was interrupted; see ``reverse_import``.

    Raises:
        BadInput: there is none.
        Busy: another process is importing.
        Cancelled: it was stopped again.
    """
    with store.leases.take("import"):
        now = reversal_notes.unfinished(store)
        if now is None:
            raise BadInput("no undo of an import is unfinished")
        return (yield from _finish(store, journal, clock, _run(store, now.import_id), now, cancel))


def discard(store: Store, run: ImportRun) -> Generator[Progress, None, str]:
    """Discard what an unfinished import has read; returns one line.

    Args:
        store: the open store, with the lease "import" held.
        run: the import.
    """
    now = reversals.begin(store, run.id, 0, False)
    now = yield from _steps(store, run, now, NeverCancelled())
    with store.write():
        own_profile.let_go(store, run)
        reversal_notes.remove(store)
    return _line(run, now)


def discard_import(store: Store, import_id: int) -> Generator[Progress, None, str]:
    """``discard`` by the import's number.

    Raises:
        BadInput: there is none of that number, or it ended, or was undone before.
        Busy: another process is importing.
    """
    run = imports.run(store, import_id)
    if run is None or run.state == "undone":
        raise BadInput(f"import {import_id}: there is nothing to discard; `import log` lists imports")
    if run.state == "done":
        raise BadInput(f"import {import_id} ({run.source}): finished and counts; `undo` also undoes what came after it")
    with store.leases.take("import"):
        require_none(store)
        return (yield from discard(store, run))


def require_none(store: Store) -> None:
    """Refuse where the undo or redo of an import was interrupted: what it is about to restore must not change.

    Raises:
        BadInput: says what finishes it.
    """
    text = unfinished_line(store)
    if text:
        raise BadInput(text)


def unfinished_line(store: Store) -> str:
    """One line on an undo or redo of an import that is not finished, "" where there is none."""
    now = reversal_notes.unfinished(store)
    if now is None:
        return ""
    run = _run(store, now.import_id)
    return f"{_doing(now)} of import {run.id} ({run.source}) is not finished: followertui import resume finishes it"


def _run(store: Store, import_id: int) -> ImportRun:
    run = imports.run(store, import_id)
    if run is None:
        raise BadInput(f"import {import_id}: is not in this store")
    return run


def _doing(now: Reversal) -> str:
    return "redo" if now.is_redo else "undo"


def _finish(
    store: Store, journal: Journal, clock: Clock, run: ImportRun, now: Reversal, cancel: CancelToken
) -> Generator[Progress, None, str]:
    now = yield from _steps(store, run, now, cancel)
    with store.write():
        (own_profile.take_again if now.is_redo else own_profile.let_go)(store, run)
        if now.entry_id:
            tagging.reverse(store, journal.payload(now.entry_id), now.is_redo)
            journal.mark_reversed(journal.entry(now.entry_id), epoch(clock.now()), now.is_redo)
        reversal_notes.remove(store)
    return _line(run, now)


def _steps(store: Store, run: ImportRun, now: Reversal, cancel: CancelToken) -> Generator[Progress, None, Reversal]:
    """Every step with the progress it makes."""
    text = f"{_doing(now)} of {run.source}"
    work = reversals.steps(store, now)
    seen = 0
    while True:
        yield Progress(seen, None, text)
        if cancel.is_set():
            raise Cancelled(f"{text}: stopped, not finished")
        try:
            seen = next(work)
        except StopIteration as end:
            done: Reversal = end.value
            return done


def _line(run: ImportRun, now: Reversal) -> str:
    parts = [f"import {run.source}"]
    if now.restored:
        parts.append(f"{now.restored:,} {'changed again' if now.is_redo else 'as before'}")
    if now.hidden:
        parts.append(f"{now.hidden:,} {'back' if now.is_redo else 'known only from it are hidden'}")
    if now.entries:
        parts.append(f"{counted(now.entries, 'entry', 'entries')} {'as imported' if now.is_redo else 'as before'}")
    if now.contacts:
        parts.append(f"{now.contacts:,} contacts and outcomes {'count again' if now.is_redo else 'no longer count'}")
    if now.kept:
        parts.append(f"{now.kept:,} left alone, changed since")
    return " · ".join(parts)
