"""What is wrong with a store or unfinished, what to do about it, and mending what is safe.

Owns the wording of findings and repairs. The command line calls it; SQL belongs to ``store``.
"""

from __future__ import annotations

import os
import platform as machine
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import NamedTuple

from followertui import __version__
from followertui.services import guarding
from followertui.services.care.backups import known_backups, megabytes
from followertui.services.intake import reversing
from followertui.services.phrases import counted, day
from followertui.services.review import house_checks
from followertui.services.session import Session
from followertui.services.sync import ending, limits, parking, trouble
from followertui.store.audience import imports, purging, scores
from followertui.store.audience.row_facts import not_compared
from followertui.store.decisions import calls
from followertui.store.file import backup_folder, copies, kept_backups, leftovers, mending, settings
from followertui.store.file.leases import LEASE_SECONDS

_MEND = "followertui doctor --mend"
_NOUNS = {
    "account": ("account", "accounts"), "list": ("list", "lists"), "entry": ("entry", "entries"),
    "match": ("match", "matches"), "decision": ("decision", "decisions"), "plan_item": ("plan item", "plan items"),
    "journal": ("journal entry", "journal entries"), "import_run": ("import", "imports"),
}  # fmt: skip
_LIBRARIES = ("textual", "tweepy", "sqlite-utils", "rapidfuzz", "numpy", "click", "lark")


class Finding(NamedTuple):
    """One line of doctor: level "ok", "note" or "bad", what was checked, what was found."""

    level: str
    what: str
    text: str


def doctor(session: Session) -> Iterator[Finding]:
    """Checks of a store's health."""
    store = session.store
    yield Finding("ok", "store", f"{store.path}, {megabytes(store.path)}")
    broken = copies.integrity(store)
    if broken:
        yield from (Finding("bad", "file", f"{text}; {_remedy(text)}") for text in broken)
    else:
        yield Finding("ok", "file", "SQLite finds nothing broken")
    safe = mending.repairs(store)
    for table, count in copies.strays(store).items():
        found = counted(count, "row refers", "rows refer")
        remedy = f"{_MEND} mends it" if table in safe else "put a backup back: followertui restore --list"
        yield Finding("bad", "numbers", f"table {table}: {found} to something that does not exist; {remedy}")
    yield from _folder(session)
    yield from _work(session)
    sizes = ", ".join(counted(count, *_NOUNS[name]) for name, count in copies.sizes(store).items())
    yield Finding("ok", "holds", sizes)
    purged = purging.count(store)
    if purged:
        yield Finding("ok", "purged", f"{counted(purged, 'mark')} of people removed permanently")
    libraries = ", ".join(f"{name} {_version(name)}" for name in _LIBRARIES)
    yield Finding("ok", "program", f"followertui {__version__}, Python {machine.python_version()}, "
                  f"SQLite {copies.sqlite_version()}, {libraries}")  # fmt: skip


def _folder(session: Session) -> Iterator[Finding]:
    path = session.store.path
    for text in session.store.warnings():
        yield Finding("note", "place", text)
    if os.name == "posix":
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            yield Finding("note", "permissions", f"others can read the store ({mode:o}): {_MEND} closes it to them")
        else:
            yield Finding("ok", "permissions", "only you can read the store")
    if not os.access(path.parent, os.W_OK):
        yield Finding("note", "place", f"{path.parent} cannot be written: no decisions can be kept there")
    cache = path.with_name(path.name + ".cache")
    size = sum(file.stat().st_size for file in cache.iterdir() if file.is_file()) if cache.is_dir() else 0
    yield Finding("ok", "cache", f"{cache.name}, {size / 1e6:,.1f} MB; may be deleted any time")
    for backup in known_backups(session):
        yield Finding("ok", "backup", f"{backup}, {megabytes(backup)}")
    for left in leftovers.find(path, _backup_folders(session)):
        text = f"{left.path}, {left.size / 1e6:,.1f} MB, was left by something that was ended: {_MEND} removes it"
        yield Finding("note", "leftover", text)


def _work(session: Session) -> Iterator[Finding]:
    """Unfinished work."""
    store = session.store
    for run in imports.unfinished(store):
        again = f"followertui import resume {run.id} reads it again" if run.path else "the same command goes on with it"
        yield Finding(
            "note", "import",
            f"{run.source} of {day(run.started_at, session.zone)} did not end and counts for nothing: "
            f"{again}, followertui import take-back {run.id} drops it",
        )  # fmt: skip
    interrupted = reversing.unfinished_line(store)
    if interrupted:
        yield Finding("note", "import", interrupted)
    unanswered = calls.open_calls(store)
    if unanswered:
        yield Finding("note", "calls", f"{counted(len(unanswered), 'call')} to X without an answer; apply asks again")
    waiting = not_compared(store)
    if waiting:
        comparing = guarding.settings_of(session).comparing
        found = f"{counted(waiting, 'account')} not compared with your lists, held back from the plan; {comparing}"
        yield Finding("note", "compare", found)
    unjudged = len(scores.pending(store))
    if unjudged:
        yield Finding("note", "judge", f"{counted(unjudged, 'account')} not judged yet: followertui judge")
    for text in house_checks.failures(session):
        yield Finding("bad", "check", f"{text}; nothing is carried out until it holds (followertui checks)")
    deletion = ending.due(session)
    if deletion is not None:
        yield Finding("bad" if deletion.is_late else "note", "X's data", ending.lines(session)[0])
    parked = parking.waiting(session)
    if parked is not None:
        yield Finding("note", "waits", f"{parking.text(session)}; {parked.command} goes on")
    for text in limits.lines(session):
        yield Finding("note", "limit", text)
    refused = trouble.last(session)
    if refused is not None:
        since = day(refused.at, session.zone)
        yield Finding("bad", f"X: {refused.what}", f"{refused.text} (since {since}; followertui auth status)")
    for holder in store.leases.holders():
        process = f"process {holder.pid} on {holder.host}"
        if not holder.is_alive:
            yield Finding("ok", "work", f"{holder.name} ended in {process} without a word; nothing waits for it")
        elif holder.is_visible:
            yield Finding("note", "busy", f"{holder.name} runs in {process}")
        else:
            text = f"{holder.name} runs in {process}; free again {LEASE_SECONDS} s after it is last heard of"
            yield Finding("note", "busy", text)


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


def _remedy(text: str) -> str:
    return f"{_MEND} mends it" if mending.is_of_an_index(text) else "put a backup back: followertui restore --list"


def _backup_folders(session: Session) -> list[Path]:
    told = [Path(text).parent for text in settings.BACKUPS.read(session.store)]
    return [backup_folder.folder_of(session.store.path), *dict.fromkeys(told)]


# --- mending --------------------------------------------------------------------------------


def mend(session: Session) -> list[str]:
    """Mend what can be mended without losing anything; returns one line per repair, with its count.

    A backup is kept first. What the store itself holds is mended in one transaction.

    Raises:
        StoreError: the store is read-only or cannot be written.
    """
    store = session.store
    kept_backups.keep(store, session.now)
    lines = [f"{what}: {counted(count, 'row')} {done}" for what, done, count in mending.mend(store)]
    removed = 0
    for left in leftovers.find(store.path, _backup_folders(session)):
        removed += leftovers.remove(left)
    if removed:
        lines.append(f"leftovers: {counted(removed, 'file')} removed")
    if os.name == "posix" and store.path.stat().st_mode & 0o077:
        store.path.chmod(0o600)
        lines.append("permissions: only you can read the store now")
    return lines
