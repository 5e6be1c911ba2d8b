"""Finished and unfinished imports, and resuming the latter.

Owns what is said about them. Only ``services`` imports it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, tzinfo
from pathlib import Path

from followertui.domain.clock import iso
from followertui.domain.errors import BadInput, NothingToDo
from followertui.services.intake import inspecting
from followertui.services.intake.import_plan import ImportPlan, from_json
from followertui.services.intake.values import ImportChoices
from followertui.sources.recognising import recognise
from followertui.store.audience import imports, relations, reversal_notes
from followertui.store.file.connection import Store


def resumable(store: Store, import_id: int | None, zone: tzinfo = UTC) -> ImportPlan:
    """The plan of an unfinished import, as it began; ``importing.import_file`` resumes it.

    Args:
        store: the open store.
        import_id: which; None where only one is unfinished.
        zone: the person's; a day without a time begins there.

    Raises:
        NothingToDo: every import ended.
        BadInput: it is not one of them, or its file is gone or another one now.
    """
    open_runs = {run.id: run for run in imports.unfinished(store)}
    if not open_runs:
        raise NothingToDo("every import ended; there is nothing to resume")
    if import_id is None and len(open_runs) > 1:
        which = ", ".join(f"{run.id} ({run.source})" for run in open_runs.values())
        raise BadInput(f"{len(open_runs)} imports are unfinished: {which}; name one")
    run = open_runs.get(import_id) if import_id is not None else next(iter(open_runs.values()))
    if run is None:
        raise BadInput(f"import {import_id}: is not unfinished; `import log` lists imports")
    ways = f"`import take-back {run.id}` drops what was read"
    if not run.path:
        raise BadInput(f"import {run.id} ({run.source}): was read from X; sync again, or {ways}")
    path = Path(run.path)
    if not path.exists():
        raise BadInput(f"{run.path}: is no longer there; {ways}")
    plan = json.loads(run.plan)
    said = plan.get("choices", {})
    seen = recognise(path, said.get("sheet"), said.get("encoding"))
    if seen.sha256 != run.sha256:
        raise BadInput(f"{run.path}: is another file now; import it again, and {ways}")
    if plan:
        return from_json(run.plan, seen)
    # Begun by a version that kept the answers only.
    known = {name: value for name, value in json.loads(run.choices).items() if value not in ("", None)}
    return inspecting.plan_import(store, run.path, ImportChoices(**known), zone=zone)


def log(store: Store) -> Iterator[dict[str, object]]:
    """Every import, newest first, as a record with ``LOG_KEYS``."""
    reversal = reversal_notes.unfinished(store)
    for run in imports.runs(store):
        state = "did not end" if run.state == "running" else run.state
        if reversal is not None and reversal.import_id == run.id:
            state = f"{'redo' if reversal.is_redo else 'undo'} not finished"
        report = json.loads(run.report)
        yield {
            "id": run.id,
            "file": run.source,
            "what": run.what,
            "as_of": iso(run.as_of),
            "state": state,
            "read": report.get("read"),
            "added": report.get("added"),
            "refused": report.get("refused"),
            "completeness": ", ".join(dict.fromkeys(word for _, word in relations.snapshots_of(store, run.id))) or None,
        }


LOG_KEYS = ("id", "file", "what", "as_of", "state", "read", "added", "refused", "completeness")
"""Keys of one import, in order."""
