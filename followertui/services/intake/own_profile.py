"""Whose store this is: taken from the first archive that says so, let go when no standing import says it.

Owns that rule only. Only ``services.intake`` imports it.
"""

from __future__ import annotations

import json
from typing import Any

from followertui.domain.errors import BadInput
from followertui.sources.kinds import Archive
from followertui.sources.text_files import shown_name
from followertui.store.audience import imports
from followertui.store.audience.imports import ImportRun
from followertui.store.file import watermarks
from followertui.store.file.connection import Store


def take(store: Store, archive: Archive) -> None:
    """Note whose archive it is where nobody's is noted yet.

    Raises:
        BadInput: the store is another profile's.
    """
    own = watermarks.PROFILE_ID.read(store)
    if own is not None and archive.own_id not in (None, own):
        raise BadInput(
            f"{shown_name(archive.path)}: is the archive of @{archive.own_handle or archive.own_id}, this store "
            f"is of @{watermarks.PROFILE_HANDLE.read(store) or own}; use --profile or --store for another one"
        )
    _write(store, archive.own_id, archive.own_handle)


def take_again(store: Store, run: ImportRun) -> None:
    """Note the profile an import named, where its undo let it go; in the caller's transaction."""
    number, handle = _named_by(run)
    if watermarks.PROFILE_ID.read(store) in (None, number):
        _write(store, number, handle)


def let_go(store: Store, run: ImportRun) -> None:
    """Forget the profile an undone import named, unless another that stands names it; in the caller's transaction."""
    number, handle = _named_by(run)
    if number is None and not handle:
        return
    standing = [_named_by(one) for one in imports.runs(store) if one.id != run.id and one.state != "undone"]
    if (
        number is not None
        and number == watermarks.PROFILE_ID.read(store)
        and number not in {one for one, _ in standing}
    ):
        watermarks.PROFILE_ID.write(store, None)
    if handle and handle == watermarks.PROFILE_HANDLE.read(store) and handle not in {one for _, one in standing}:
        watermarks.PROFILE_HANDLE.write(store, "")


def _write(store: Store, number: int | None, handle: str | None) -> None:
    if number is not None and watermarks.PROFILE_ID.read(store) is None:
        watermarks.PROFILE_ID.write(store, number)
    if handle and not watermarks.PROFILE_HANDLE.read(store):
        watermarks.PROFILE_HANDLE.write(store, handle)


def _named_by(run: ImportRun) -> tuple[int | None, str]:
    """Id and handle of the profile whose archive an import read, None and "" where it names none."""
    plan: dict[str, Any] = json.loads(run.plan or "{}")
    archive = (plan.get("seen") or {}).get("archive") or {}
    return archive.get("own_id"), archive.get("own_handle") or ""
