"""Importing a file by its plan, and records that come from no file.

Owns the use case: what is checked before, what is remembered, which reader feeds which
writer. Inspecting a file is ``inspecting``, undo ``reversing``. Only ``services``
and ``demo`` import it.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Sequence
from dataclasses import replace
from itertools import chain
from pathlib import Path

from followertui.domain.account import AccountRecord
from followertui.domain.clock import Clock
from followertui.domain.errors import BadInput
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake import amending, own_profile, reversing, sentinels
from followertui.services.intake.account_files import run_accounts, run_archive
from followertui.services.intake.accounts import AccountRun
from followertui.services.intake.analytics import run_analytics
from followertui.services.intake.chunks import Chunk
from followertui.services.intake.events import STRANGER, run_events
from followertui.services.intake.import_plan import ImportPlan, source_of
from followertui.services.intake.lists import run_list
from followertui.services.intake.reports import report_of_repeat
from followertui.services.intake.sources import Source
from followertui.services.intake.values import ImportReport
from followertui.sources.kinds import ACCOUNTS, ANALYTICS, ARCHIVE, CONTACT_LOG, HANDLES, LIST, OUTCOMES
from followertui.sources.problems import Problem, check_target, write_problems
from followertui.sources.recognising import kind_called
from followertui.sources.text_files import shown_name
from followertui.store.audience import imports, relations
from followertui.store.decisions.journal import Journal
from followertui.store.file import settings
from followertui.store.file.connection import Store

_ASKED = {
    "encoding": "how is it written? say --encoding NAME",
    "owner": "it holds the lists of several accounts; say whose to read with --owner HANDLE",
    "dates": "its dates may be read in two ways; say --dates day-first or --dates month-first",
    "relation": "who is in it? say --relation follower, following, both or none",
    "kind": "what are they to you? say --kind KIND or --kind-from COLUMN",
    "basis": "how did you get these people? say --basis own-records, public-directory or third-party",
}
_Run = Callable[[Store, Journal, Clock, Source, ImportPlan, CancelToken], Generator[Progress, None, ImportReport]]
_RUNS: dict[str, _Run] = {
    ARCHIVE: run_archive,
    ACCOUNTS: run_accounts,
    HANDLES: run_accounts,
    LIST: run_list,
    CONTACT_LOG: run_events,
    OUTCOMES: run_events,
    ANALYTICS: run_analytics,
}
"""What takes in which kind of file."""


def import_file(
    store: Store, journal: Journal, clock: Clock, plan: ImportPlan, cancel: CancelToken
) -> Generator[Progress, None, ImportReport]:
    """Read a file into the store as planned.

    The same bytes read in the same way are a no-op; an unfinished import of them is
    read again from the start, under its number.

    Args:
        store: the open store.
        journal: who writes in it.
        clock: the time.
        plan: what ``inspecting`` or ``resuming`` made.
        cancel: polled before each chunk.

    Raises:
        BadInput: the file changed since it was inspected, or an answer is missing.
        Busy: another process is importing.
        Cancelled: it was stopped.
    """
    _check(plan)
    earlier = _repeat(store, journal, clock, plan)
    if earlier is not None:
        return earlier
    with store.leases.take("import"):
        reversing.require_none(store)
        _remember(store, plan)
        try:
            return (yield from _RUNS[plan.what](store, journal, clock, source_of(plan), plan, cancel))
        except BadInput as error:
            if (yield from _discard_rest(store, plan)):
                raise BadInput(f"{error} Nothing of it is kept.") from None
            raise


def _check(plan: ImportPlan) -> None:
    name = shown_name(plan.seen.path)
    if plan.what not in _RUNS:
        raise BadInput(f"{name}: not recognised; say `import accounts` or `import list`, with --map COLUMN=FIELD")
    missing = [_ASKED[question] for question in plan.questions if question in _ASKED]
    if missing:
        raise BadInput(f"{name}: {missing[0]}")
    try:
        state = plan.seen.path.stat()
    except OSError as error:
        raise BadInput(f"{name}: cannot be read ({error.strerror}).") from None
    looked_at = (plan.seen.size, plan.seen.modified_ns)
    if not plan.seen.path.is_dir() and (state.st_size, state.st_mtime_ns) != looked_at:
        raise BadInput(f"{name}: changed since it was inspected; import it again")


def _repeat(store: Store, journal: Journal, clock: Clock, plan: ImportPlan) -> ImportReport | None:
    """The report of the same import done before; a new completeness is applied."""
    earlier = imports.done_before(store, plan.seen.sha256, plan.key)
    if earlier is None:
        return None
    word = plan.choices.completeness
    if word is None or all(known == word for _, known in relations.snapshots_of(store, earlier.id)):
        return report_of_repeat(store, earlier)
    doubt = sentinels.doubt_of_import(store, earlier.id) if word == "complete" else ""
    if doubt:
        note = f"the same file was imported before and stays partial: {doubt}; `import complete {earlier.id}` overrules"
        return replace(report_of_repeat(store, earlier), notes=(note,))
    said = amending.set_completeness(store, journal, clock, earlier.id, word)
    note = f"the same file was imported before: only that it is {word} is new"
    return replace(report_of_repeat(store, earlier), new=said.new, left=said.left, notes=(note,))


def _remember(store: Store, plan: ImportPlan) -> None:
    """Keep whose store this is, and the mapping of this shape of file.

    Raises:
        BadInput: the archive is another profile's.
    """
    if plan.seen.archive is not None:
        own_profile.take(store, plan.seen.archive)
    if plan.choices.mapping:
        settings.MAPPING.of(plan.what, plan.seen.shape).write(store, plan.mapping)


def _discard_rest(store: Store, plan: ImportPlan) -> Generator[Progress, None, bool]:
    """Undo what was written of a file that turned out to be broken further down; whether there was any."""
    for run in imports.unfinished(store):
        if (run.sha256, run.choices) == (plan.seen.sha256, plan.key):
            yield from reversing.discard(store, run)
            return True
    return False


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
        source: where they come from.
        batches: at most 500 records each, in reading order.
        direction: "follower", "following" or "" (records say it by their flags, or not at all).
        cancel: polled before each batch.

    Raises:
        Busy: another process is importing.
        Cancelled: it was stopped.
    """
    with store.leases.take("import"), store.many_writes():
        reversing.require_none(store)
        run = AccountRun(store, journal, clock, source)
        return (yield from run.run((Chunk(batch, direction=direction) for batch in batches), cancel))


def check_problems_target(target: str) -> None:
    """Make sure, before a file is read, that its problems can be saved.

    Raises:
        BadInput: something else has the name.
    """
    try:
        check_target(Path(target))
    except OSError as error:
        raise BadInput(f"{target}: cannot be written ({error.strerror}); name another file") from None


def save_problems(store: Store, plan: ImportPlan, target: str, import_id: int = 0) -> int:
    """Write everything that is left out of a file as CSV, values as well as rows, in file order.

    Args:
        store: the open store.
        plan: as the file was or would be imported.
        target: the CSV file; an earlier list of problems is replaced.
        import_id: the import of it, whose rows the store itself refused come last; 0 for none.

    Returns:
        How many lines were written.

    Raises:
        BadInput: the CSV cannot be written.
    """
    found = kind_called(plan.what).problems(plan.seen, plan.answers)
    of_store = (
        Problem(*refusal, is_refused=True)
        for refusal in (imports.refused(store, import_id) if import_id else ())
        if refusal.line == 0 or refusal.reason == STRANGER
    )
    try:
        return write_problems(Path(target), chain(found, of_store))
    except OSError as error:
        raise BadInput(f"{target}: cannot be written ({error.strerror})") from None
