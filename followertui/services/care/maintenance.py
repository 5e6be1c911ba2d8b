"""Maintenance of the store: everything as one file, and removing people.

Owns the form of an export and what is told of a purge. The command line calls it. SQL belongs
to ``store``.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from followertui.domain.errors import BadInput, NothingToDo
from followertui.services import naming, querying
from followertui.services.care import exporting
from followertui.services.care.backups import known_backups
from followertui.services.phrases import counted
from followertui.services.session import Session
from followertui.store.audience import imports, purging
from followertui.store.file import copies
from followertui.text.escaping import json_text, safe_csv_cell

# --- everything as one file ------------------------------------------------------------------


def export(session: Session, target: Path) -> int:
    """Write every account into a file, streamed; the form by its ending. Returns how many.

    Raises:
        BadInput: the ending is none of .json, .jsonl and .csv, the file exists or cannot be written.
    """
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
    """Whom a purge would remove, with the names to show; ``is_marked``: whether later imports leave them out."""

    people: tuple[purging.Person, ...]
    names: tuple[str, ...]
    is_marked: bool = True


def removal(session: Session, handles: Sequence[str], is_gone: bool, is_from_x: bool = False) -> Removal:
    """The people of handles or ids, all whose account is gone, or all known through X's API alone.

    Raises:
        BadInput: an account is unknown, or a handle is that of several.
        NothingToDo: there is none of them.
    """
    rows: list[int] = []
    for handle in handles:
        row = naming.row_named(session, handle)
        if row is None:
            raise BadInput(f'no account is known as "{handle}"; nothing was removed')
        rows.append(row)
    if is_gone:
        rows += purging.gone_rows(session.store)
        if not rows:
            raise NothingToDo("no account here is known to be gone")
    if is_from_x:
        rows += imports.rows_from_x(session.store)
        if not rows:
            raise NothingToDo("no account here is known through X's API alone")
    chosen = list(dict.fromkeys(rows))
    people = tuple(purging.people(session.store, chosen))
    names = tuple(f"@{who.handles[0]}" if who.handles else str((who.ids or ("?",))[0]) for who in people)
    # Nobody asked to be left out: only access ended, and with new access they may be read again.
    return Removal(people, names, is_marked=bool(handles) or is_gone)


def purge(session: Session, chosen: Removal) -> list[str]:
    """Remove people permanently; returns lines to show, the first says what was done.

    Raises:
        Busy: an import is running.
    """
    with session.store.leases.take("import"):
        purging.purge(session.store, chosen.people, is_marked=chosen.is_marked)
    later = "later imports leave them out" if chosen.is_marked else "a new sign-in may read them again"
    lines = [f"{counted(len(chosen.people), 'person', 'people')} removed permanently; {later}"]
    backups = known_backups(session)
    if backups:
        lines.append("These copies still hold them; delete or renew them:")
        lines += [f"  {path}" for path in backups]
    lines.append("Your own lists are not touched: take the person out of the CRM and import the list again.")
    return lines


def purge_from_x(session: Session) -> list[str]:
    """Remove everyone known through X's API alone; returns lines to show.

    Raises:
        NothingToDo: there is none of them.
        Busy: an import is running.
    """
    return purge(session, removal(session, (), False, True))
