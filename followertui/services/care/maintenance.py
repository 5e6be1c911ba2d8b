"""Maintenance of the store: checks, copies, export, removing people.

Owns the wording of findings, the form of a backup and what restore may replace. The command
line calls it. SQL belongs to ``store``.
"""

from __future__ import annotations

import json
import os
import platform as machine
import tempfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any, NamedTuple

from followertui import __version__
from followertui.domain.clock import from_epoch
from followertui.domain.errors import BadInput, Busy, NothingToDo
from followertui.services import guarding
from followertui.services.intake import reversing
from followertui.services.phrases import counted, day
from followertui.services.session import Session
from followertui.store.audience import imports, pages, purging, scores
from followertui.store.audience.row_facts import not_compared
from followertui.store.decisions import plans
from followertui.store.file import copies, settings
from followertui.store.file.leases import LEASE_SECONDS

_STORE_NAME = "store.db"
_SETTINGS_NAME = "settings.json"
_KEPT_SETTINGS = ("reviewer", "theme", "keys")
_NOUNS = {
    "account": ("account", "accounts"), "list": ("list", "lists"), "entry": ("entry", "entries"),
    "match": ("match", "matches"), "decision": ("decision", "decisions"), "plan_item": ("plan item", "plan items"),
    "journal": ("journal entry", "journal entries"), "import_run": ("import", "imports"),
}  # fmt: skip
_LIBRARIES = ("textual", "tweepy", "sqlite-utils", "rapidfuzz", "numpy", "click", "lark")
_MOST_BYTES = 64 << 30


class Finding(NamedTuple):
    """One line of doctor: level "ok", "note" or "bad", what was checked, what was found."""

    level: str
    what: str
    text: str


# --- doctor ---------------------------------------------------------------------------------


def doctor(session: Session) -> Iterator[Finding]:
    """Checks of a store's health."""
    store = session.store
    yield Finding("ok", "store", f"{store.path}, {_megabytes(store.path)}")
    broken = copies.integrity(store)
    if broken:
        yield from (Finding("bad", "file", f"{text}; put a backup back: followertui restore FILE") for text in broken)
    else:
        yield Finding("ok", "file", "SQLite finds nothing broken")
    for table, count in copies.strays(store).items():
        found = counted(count, "row refers", "rows refer")
        yield Finding("bad", "numbers", f"table {table}: {found} to something that does not exist")
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
            yield Finding("note", "permissions", f"others can read the store ({mode:o}): chmod 600 {path}")
        else:
            yield Finding("ok", "permissions", "only you can read the store")
    if not os.access(path.parent, os.W_OK):
        yield Finding("note", "place", f"{path.parent} cannot be written: no decisions can be kept there")
    cache = path.with_name(path.name + ".cache")
    size = sum(file.stat().st_size for file in cache.iterdir() if file.is_file()) if cache.is_dir() else 0
    yield Finding("ok", "cache", f"{cache.name}, {size / 1e6:,.1f} MB; may be deleted any time")
    for backup in known_backups(session):
        yield Finding("ok", "backup", f"{backup}, {_megabytes(backup)}")


def _work(session: Session) -> Iterator[Finding]:
    """Unfinished work."""
    store = session.store
    for run in imports.unfinished(store):
        yield Finding(
            "note", "import",
            f"{run.source} of {day(run.started_at, session.zone)} did not end and counts for nothing: "
            f"followertui import resume {run.id} reads it again, followertui import take-back {run.id} drops it",
        )  # fmt: skip
    interrupted = reversing.unfinished_line(store)
    if interrupted:
        yield Finding("note", "import", interrupted)
    calls = plans.open_calls(store)
    if calls:
        yield Finding("note", "calls", f"{counted(len(calls), 'call')} to X without an answer; apply asks again")
    waiting = not_compared(store)
    if waiting:
        comparing = guarding.settings_of(session).comparing
        found = f"{counted(waiting, 'account')} not compared with your lists, held back from the plan; {comparing}"
        yield Finding("note", "compare", found)
    unjudged = len(scores.pending(store))
    if unjudged:
        yield Finding("note", "judge", f"{counted(unjudged, 'account')} not judged yet: followertui judge")
    for holder in store.leases.holders():
        process = f"process {holder.pid} on {holder.host}"
        if not holder.is_alive:
            yield Finding("ok", "work", f"{holder.name} ended in {process} without a word; nothing waits for it")
        elif holder.is_visible:
            yield Finding("note", "busy", f"{holder.name} runs in {process}")
        else:
            text = f"{holder.name} runs in {process}; free again {LEASE_SECONDS} s after it is last heard of"
            yield Finding("note", "busy", text)


def _megabytes(path: Path) -> str:
    return f"{path.stat().st_size / 1e6:,.1f} MB"


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "missing"


# --- copies ---------------------------------------------------------------------------------


def backup(session: Session, target: Path, kept_settings: dict[str, Any] | None = None) -> str:
    """Copy the store into a file; returns one line.

    Args:
        session: the open store.
        target: a file that does not exist yet.
        kept_settings: the settings file, to go along in a zip; None for the bare store.

    Raises:
        BadInput: the file exists or cannot be written.
    """
    if kept_settings is None:
        copies.copy_to(session.store, target)
    else:
        _zip(session, target, {name: kept_settings[name] for name in _KEPT_SETTINGS if name in kept_settings})
    if not session.store.is_read_only:
        known = [str(path) for path in known_backups(session)]
        settings.BACKUPS.write(session.store, list(dict.fromkeys([*known, str(target.resolve())])))
    copies_what = "store and settings" if kept_settings is not None else "store"
    return f"{copies_what} copied to {target}, {_megabytes(target)}; keep it as safe as the store itself"


def _zip(session: Session, target: Path, kept_settings: dict[str, Any]) -> None:
    copies.make_private(target)
    try:
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            part = Path(folder) / _STORE_NAME
            copies.copy_to(session.store, part)
            with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.write(part, _STORE_NAME)
                archive.writestr(_SETTINGS_NAME, json.dumps(kept_settings, indent=2, sort_keys=True))
    except OSError as error:
        target.unlink(missing_ok=True)
        raise BadInput(f"{target}: cannot be written ({error.strerror})") from None


def known_backups(session: Session) -> list[Path]:
    """Known copies of this store that still exist."""
    path = session.store.path
    beside = [*path.parent.glob(f"{path.name}.schema*.backup"), *path.parent.glob(f"{path.name}.replaced-*")]
    told = [Path(text) for text in settings.BACKUPS.read(session.store)]
    return [found for found in dict.fromkeys([*told, *sorted(beside)]) if found.is_file()]


def restore(source: Path, target: Path, now: int, config: Path | None = None) -> str:
    """Replace a store by a backup; the replaced one is kept. Returns one line.

    Args:
        source: what ``backup`` wrote.
        target: the store's path.
        now: epoch seconds UTC, for the name of the replaced store.
        config: where settings of a zip go unless there are any; None leaves them.

    Raises:
        BadInput: the backup cannot be used.
        Busy: another program has the store open.
    """
    if source.resolve() == target.resolve():
        raise BadInput(f"{source}: is the store itself; name a backup")
    aside = target.with_name(f"{target.name}.replaced-{from_epoch(now):%Y%m%d-%H%M%S}")
    if aside.exists():
        raise Busy(f"{aside.name} exists already; wait a second and try again")
    if not zipfile.is_zipfile(source):
        return _put(source, source, target, aside)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        part = Path(folder) / _STORE_NAME
        kept = _unzip(source, part)
        text = _put(part, source, target, aside)
    if config is not None and kept and not config.exists():
        config.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        config.write_text(_toml(kept), encoding="utf-8")
        text += f"; settings written to {config}"
    return text


def _put(checked: Path, source: Path, target: Path, aside: Path) -> str:
    accounts = copies.check_file(checked)
    had = copies.put_in_place(checked, target, aside)
    kept = f"; the store it replaced is kept as {aside}" if had else ""
    return f"{source.name} is the store now, {counted(accounts, 'account')}{kept}"


def _unzip(source: Path, part: Path) -> dict[str, Any]:
    try:
        with zipfile.ZipFile(source) as archive:
            if archive.getinfo(_STORE_NAME).file_size > _MOST_BYTES:
                raise BadInput(f"{source}: is far too large for a backup")
            copies.make_private(part)
            with archive.open(_STORE_NAME) as inner, part.open("wb") as outer:
                while block := inner.read(1 << 20):
                    outer.write(block)
            found = json.loads(archive.read(_SETTINGS_NAME)) if _SETTINGS_NAME in archive.namelist() else {}
    except (KeyError, zipfile.BadZipFile, ValueError, EOFError):
        raise BadInput(f"{source}: is no backup of a followertui store") from None
    return found if isinstance(found, dict) else {}


def _toml(kept: dict[str, Any]) -> str:
    """The few settings a backup keeps, as TOML; JSON's strings are TOML's basic strings."""
    lines = [f"{name} = {json.dumps(kept[name])}" for name in ("reviewer", "theme") if isinstance(kept.get(name), str)]
    keys = kept.get("keys")
    if isinstance(keys, dict):
        lines += ["", "[keys]", *(f"{json.dumps(str(k))} = {json.dumps(v)}" for k, v in keys.items())]
    text = "\n".join(lines) + "\n"
    tomllib.loads(text)
    return text


# --- everything as one file ------------------------------------------------------------------


def export(session: Session, target: Path) -> int:
    """Write every account into a file, streamed; the form by its ending. Returns how many.

    Raises:
        BadInput: the ending is none of .json, .jsonl and .csv, the file exists or cannot be written.
    """
    import csv

    from followertui.services import querying
    from followertui.services.care import exporting
    from followertui.text.escaping import json_text, safe_csv_cell

    form = target.suffix.lower()
    if form not in (".json", ".jsonl", ".csv"):
        raise BadInput(f"{target}: an export ends in .json, .jsonl or .csv")
    copies.make_private(target)
    count = 0
    try:
        with target.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            file.write("[" if form == ".json" else "")
            if form == ".csv":
                writer.writerow(exporting.ACCOUNT_KEYS)
            for count, record in enumerate(exporting.accounts(session, querying.rows_of(session, "")), start=1):
                if form == ".csv":
                    writer.writerow([safe_csv_cell(_cell(value)) for value in record.values()])
                    continue
                file.write(("," if count > 1 else "") + "\n" if form == ".json" else "")
                file.write(json_text(record) + ("\n" if form == ".jsonl" else ""))
            file.write("\n]\n" if form == ".json" else "")
    except OSError as error:
        target.unlink(missing_ok=True)
        raise BadInput(f"{target}: cannot be written ({error.strerror})") from None
    return count


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ", ".join(str(item.get("entity", item)) if isinstance(item, dict) else str(item) for item in value)
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


# --- removing people -------------------------------------------------------------------------


class Removal(NamedTuple):
    """Whom a purge would remove, with the names to show."""

    people: tuple[purging.Person, ...]
    names: tuple[str, ...]


def removal(session: Session, handles: Sequence[str], is_gone: bool) -> Removal:
    """The people of handles or ids, or all whose account is gone.

    Raises:
        BadInput: an account is unknown.
        NothingToDo: no account is gone.
    """
    rows: list[int] = []
    for handle in handles:
        row = pages.find(session.store, handle)
        if row is None:
            raise BadInput(f'no account is known as "{handle}"; nothing was removed')
        rows.append(row)
    if is_gone:
        rows += purging.gone_rows(session.store)
        if not rows:
            raise NothingToDo("no account here is known to be gone")
    chosen = list(dict.fromkeys(rows))
    people = tuple(purging.person(session.store, row) for row in chosen)
    names = tuple(f"@{who.handles[0]}" if who.handles else str((who.ids or ("?",))[0]) for who in people)
    return Removal(people, names)


def purge(session: Session, chosen: Removal) -> list[str]:
    """Remove people permanently; returns lines to show, the first says what was done.

    Raises:
        Busy: an import is running.
    """
    with session.store.leases.take("import"):
        purging.purge(session.store, chosen.people)
    lines = [f"{counted(len(chosen.people), 'person', 'people')} removed permanently; later imports leave them out"]
    backups = known_backups(session)
    if backups:
        lines.append("These copies still hold them; delete or renew them:")
        lines += [f"  {path}" for path in backups]
    lines.append("Your own lists are not touched: take the person out of the CRM and import the list again.")
    return lines


def config_path() -> Path:
    """Default path of the settings file."""
    import platformdirs

    return Path(platformdirs.user_config_path("followertui", appauthor=False)) / "config.toml"
