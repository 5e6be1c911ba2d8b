"""Bringing files and readings in, and taking them back.

Owns the use case; the look is ``import_looking``, the running ``import_running``. Loads
readers and numpy only when something is imported. ``ui`` and ``cli`` may import it.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from followertui.domain.account import AccountRecord
from followertui.domain.clock import Clock, epoch
from followertui.domain.errors import BadInput, Cancelled, NothingToDo
from followertui.domain.progress import CancelToken, Progress, drained
from followertui.services.intake.values import ImportChoices, ImportReport, Look
from followertui.store.decisions.journal import Entry, Journal
from followertui.store.file.connection import Store

if TYPE_CHECKING:
    from followertui.services.intake.accounts import Source
    from followertui.services.intake.inspecting import ImportPlan
    from followertui.store.audience.imports import ImportRun, TakenBack

_ASKED = {
    "relation": "who is in it? say --relation follower, following, both or none",
    "kind": "what are they to you? say --kind KIND or --kind-from COLUMN",
    "basis": "how did you get these people? say --basis own-records, public-directory or third-party",
}
Part = TypeVar("Part")

_COMPLETENESS = ("complete", "partial")
_EVENTS = ("contact-log", "outcomes")


def look(store: Store, path: str, choices: ImportChoices) -> Look:
    """What a file is believed to be and what still must be asked; writes nothing.

    Raises:
        BadInput: the file cannot be used.
    """
    from followertui.services.intake import inspecting

    return inspecting.look(store, path, choices)


def import_file(
    store: Store, journal: Journal, clock: Clock, path: str, choices: ImportChoices, cancel: CancelToken
) -> Generator[Progress, None, ImportReport]:
    """Read a file into the store.

    The same bytes read in the same way are a no-op; an import of them that did not end is
    read again from the start, under its number.

    Args:
        store: the open store.
        journal: who writes in it.
        clock: the time.
        path: file or folder.
        choices: answers; what they leave open is as recognised.
        cancel: polled before each chunk.

    Raises:
        BadInput: the file cannot be used, or an answer is missing.
        Busy: another process is importing.
        Cancelled: the person stopped it.
    """
    from followertui.services.intake import inspecting
    from followertui.sources.fingerprints import fingerprint

    if choices.completeness not in (None, *_COMPLETENESS):
        raise BadInput(f"a reading is complete or partial, not {choices.completeness!r}")
    plan = inspecting.plan_import(store, path, choices)
    _require_answers(plan, choices)
    sha256 = fingerprint(plan.seen.path)
    earlier = _repeat(store, journal, clock, sha256, plan, choices)
    if earlier is not None:
        return earlier
    source = _source(plan, choices, sha256)
    with store.lease("import"):
        _remember(store, plan, choices)
        try:
            return (yield from _run(store, journal, clock, plan, source, choices, cancel))
        except BadInput as error:
            if _drop_rest(store, source):
                raise BadInput(f"{error} Nothing of it is kept.") from None
            raise


def _run(
    store: Store,
    journal: Journal,
    clock: Clock,
    plan: ImportPlan,
    source: Source,
    choices: ImportChoices,
    cancel: CancelToken,
) -> Generator[Progress, None, ImportReport]:
    from followertui.domain.kind import Kind
    from followertui.services.intake import accounts
    from followertui.services.intake.chunks import account_chunks, archive_chunks, entry_chunks, partners
    from followertui.services.intake.events import run_events

    if plan.what in _EVENTS:
        return (yield from run_events(store, journal, clock, source, plan, cancel))
    if plan.what == "list":
        about = (plan.name, Kind(plan.kind) if plan.kind else None, plan.basis)
        with store.many_writes(), contextlib.closing(_read(store, entry_chunks, plan)) as entries:
            return (yield from accounts.run_list(store, journal, clock, source, about, entries, cancel))
    run = accounts.AccountRun(store, journal, clock, source)
    read = archive_chunks if plan.what == "archive" else account_chunks
    with store.many_writes(), contextlib.closing(_read(store, read, plan)) as chunks:
        return (yield from run.run(chunks, cancel, partners(plan)))


def _read(store: Store, read: Callable[[ImportPlan], Iterator[Part]], plan: ImportPlan) -> Generator[Part, None, None]:
    """What a file holds; a long one is read ahead by a helper, so that two processors share the work."""
    from followertui.services.worker_processes import helpers_for, read_apart

    if helpers_for(plan.seen.rows, store) > 1:
        yield from read_apart(read, (plan,))
    else:
        yield from read(plan)


def _drop_rest(store: Store, source: Source) -> bool:
    """Take back what was written of a file that turned out to be broken further down."""
    from followertui.store.audience import imports

    begun = [run for run in imports.unfinished(store) if (run.sha256, run.choices) == (source.sha256, source.choices)]
    for run in begun:
        with store.write() as con:
            drained(imports.take_back(store, con, run.id))
    return bool(begun)


def import_records(
    store: Store,
    journal: Journal,
    clock: Clock,
    source: Source,
    batches: Iterable[Sequence[AccountRecord]],
    direction: str,
    cancel: CancelToken,
) -> Generator[Progress, None, ImportReport]:
    """Take in records that come from no file: the API, the demo.

    Args:
        store: the open store.
        journal: who writes in it.
        clock: the time.
        source: where they come from; see ``import_running.Source``.
        batches: at most 500 records each, in reading order.
        direction: "follower", "following" or "" (records say it by their flags, or not at all).
        cancel: polled before each batch.

    Raises:
        Busy: another process is importing.
        Cancelled: the person stopped it.
    """
    from followertui.services.intake.accounts import AccountRun, Chunk

    with store.lease("import"), store.many_writes():
        run = AccountRun(store, journal, clock, source)
        return (yield from run.run((Chunk(batch, direction=direction) for batch in batches), cancel))


def unfinished(store: Store) -> list[ImportRun]:
    """Imports that did not end: import the file again, or take them back."""
    from followertui.store.audience import imports

    return imports.unfinished(store)


def interrupted(store: Store) -> list[tuple[int, str]]:
    """Imports that did not end while none is running: (number, file name). Light enough for every start."""
    from followertui.store.file import copies

    return copies.unended_imports(store)


def take_back(store: Store, import_id: int) -> str:
    """Take an import back that has no journal entry because it did not end.

    Returns:
        One line.

    Raises:
        BadInput: there is none of that number, or it was taken back before.
    """
    from followertui.store.audience import imports

    run = imports.run(store, import_id)
    if run is None or run.state == "undone":
        raise BadInput(f"import {import_id}: there is nothing to take back; `import log` lists imports")
    if run.state == "done":
        raise BadInput(f"import {import_id} ({run.source}): ended and counts; `undo` takes back what came after it too")
    with store.lease("import"), store.write() as con:
        return _line(run, drained(imports.take_back(store, con, import_id)), False)


def resumable(store: Store, import_id: int | None) -> tuple[str, ImportChoices]:
    """The file of an import that did not end and the answers it began with: ``import_file`` goes on with them.

    Args:
        store: the open store.
        import_id: which; None where only one did not end.

    Raises:
        NothingToDo: every import ended.
        BadInput: it is not one of them, or its file is gone or another one now.
    """
    from followertui.sources.fingerprints import fingerprint
    from followertui.store.audience import imports

    open_runs = {run.id: run for run in imports.unfinished(store)}
    if not open_runs:
        raise NothingToDo("every import ended; there is nothing to resume")
    if import_id is None and len(open_runs) > 1:
        which = ", ".join(f"{run.id} ({run.source})" for run in open_runs.values())
        raise BadInput(f"{len(open_runs)} imports did not end: {which}; say which")
    run = open_runs.get(import_id) if import_id is not None else next(iter(open_runs.values()))
    if run is None:
        raise BadInput(f"import {import_id}: is not one that did not end; `import log` lists imports")
    ways = f"`import take-back {run.id}` drops what was read"
    if not run.path:
        raise BadInput(f"import {run.id} ({run.source}): was read from X; sync again, or {ways}")
    path = Path(run.path)
    if not path.exists():
        raise BadInput(f"{run.path}: is no longer there; {ways}")
    if fingerprint(path) != run.sha256:
        raise BadInput(f"{run.path}: is another file now; import it anew, and {ways}")
    known = json.loads(run.choices)
    said = {name: value for name, value in known.items() if value not in ("", None)}
    return run.path, ImportChoices(**said)


def log(store: Store) -> Iterator[dict[str, object]]:
    """Every import, newest first, as a record with ``LOG_KEYS``."""
    from followertui.domain.clock import iso
    from followertui.store.audience import imports

    for run in imports.runs(store):
        report = json.loads(run.report)
        yield {
            "id": run.id,
            "file": run.source,
            "what": run.what,
            "as_of": iso(run.as_of),
            "state": "did not end" if run.state == "running" else run.state,
            "read": report.get("read"),
            "added": report.get("added"),
            "refused": report.get("refused"),
        }


LOG_KEYS = ("id", "file", "what", "as_of", "state", "read", "added", "refused")
"""Keys of one import, in order."""


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
    from followertui.store.audience import imports, interactions

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


def _require_answers(plan: ImportPlan, choices: ImportChoices) -> None:
    from followertui.services.intake.inspecting import questions

    name = plan.seen.path.name
    if plan.what not in ("archive", "accounts", "handles", "list", *_EVENTS):
        raise BadInput(f"{name}: not recognised; say `import accounts` or `import list`, with --map COLUMN=FIELD")
    missing = [_ASKED[question] for question in questions(plan, choices) if question in _ASKED]
    if missing:
        raise BadInput(f"{name}: {missing[0]}")


def _repeat(
    store: Store, journal: Journal, clock: Clock, sha256: str, plan: ImportPlan, choices: ImportChoices
) -> ImportReport | None:
    """The report of the same import done before; a new word on completeness is taken."""
    from followertui.services.intake import amending
    from followertui.services.intake.accounts import report_of_repeat
    from followertui.store.audience import imports, relations

    earlier = imports.done_before(store, sha256, plan.key)
    if earlier is None:
        return None
    word = choices.completeness
    if word is None or all(known == word for _, known in relations.snapshots_of(store, earlier.id)):
        return report_of_repeat(store, earlier)
    said = amending.set_completeness(store, journal, clock, earlier.id, word)
    note = f"the same file was imported before: only that it is {word} is new"
    return replace(report_of_repeat(store, earlier), new=said.new, left=said.left, notes=(note,))


def _source(plan: ImportPlan, choices: ImportChoices, sha256: str) -> Source:
    from followertui.services.intake.accounts import Source

    archive = plan.seen.archive
    word = choices.completeness
    if word is None and archive is not None and archive.is_partial:
        word = "partial"
    return Source(
        what=plan.what,
        name=plan.seen.path.name,
        rank=plan.rank,
        as_of=plan.as_of,
        sha256=sha256,
        choices=plan.key,
        path=str(plan.seen.path.resolve()),
        total=plan.seen.rows or None,
        completeness=word,
        expected=plan.expected,
        is_flag_reading=plan.relation == "both" and archive is None,
        ignores_flags=plan.relation == "none",
        notes=plan.seen.notes if archive is not None else (),
    )


def _remember(store: Store, plan: ImportPlan, choices: ImportChoices) -> None:
    """Keep whose store this is, and the mapping of this shape of file.

    Raises:
        BadInput: the archive is another profile's.
    """
    from followertui.store.file import settings

    archive = plan.seen.archive
    if archive is not None:
        own = store.meta("profile_x_id")
        if own and archive.own_id is not None and own != str(archive.own_id):
            raise BadInput(
                f"{plan.seen.path.name}: is the archive of @{archive.own_handle or archive.own_id}, this store is of "
                f"@{store.meta('profile_handle') or own}; use --profile or --store for another one"
            )
        if archive.own_id is not None and not own:
            store.set_meta("profile_x_id", str(archive.own_id))
        if archive.own_handle and not store.meta("profile_handle"):
            store.set_meta("profile_handle", archive.own_handle)
    if choices.mapping:
        settings.set_setting(store, f"mapping:{plan.what}:{plan.seen.shape}", plan.mapping)


def save_problems(store: Store, path: str, choices: ImportChoices, target: str, import_id: int = 0) -> int:
    """Write everything that is left out of a file as CSV, values as well as rows, in file order.

    Args:
        store: the open store.
        path: the file.
        choices: as it was or would be imported with.
        target: the CSV file, replaced if it exists.
        import_id: the import of it, whose rows the store itself refused come last; 0 for none.

    Returns:
        How many lines were written.

    Raises:
        BadInput: the file cannot be used, or the CSV cannot be written.
    """
    from followertui.services.intake import chunks, inspecting
    from followertui.sources.problems import write_problems

    plan = inspecting.plan_import(store, path, choices)
    try:
        return write_problems(Path(target), chunks.problems_of(store, plan, import_id))
    except OSError as error:
        raise BadInput(f"{target}: cannot be written ({error.strerror})") from None
