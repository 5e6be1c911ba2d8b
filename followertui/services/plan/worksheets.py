"""The plan as a worksheet for work by hand, and its answers.

Owns the columns of a worksheet, its HTML form, and what a person may write into ``done``.
Every text in it is foreign: it is escaped for HTML and kept from being a formula in CSV.
The command line calls it.
"""

from __future__ import annotations

import csv
import html
import io
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple, TextIO

from followertui.domain.decision import CHANGEABLE_PLAN_STATES, Handing
from followertui.domain.errors import BadInput, NothingToDo
from followertui.services.phrases import ACTION_WORDS, counted, kind_word, one_line
from followertui.services.plan import by_hand, planning
from followertui.services.plan.values import HandAnswer
from followertui.services.session import Session
from followertui.store.file import watermarks
from followertui.text.escaping import safe_csv_cell
from followertui.x import links

COLUMNS = ("item", "action", "handle", "id", "name", "kind", "why", "list or post", "click", "link", "done")
"""Columns of a worksheet, in order; ``done`` is the person's."""

_CHUNK = 500
_MOST_BYTES = 64_000_000
_WORDS = {
    **dict.fromkeys(("done", "d", "x", "yes", "y", "1", "ok", "true", "✓", "✔"), HandAnswer.DONE),
    **dict.fromkeys(("later", "l", "s"), HandAnswer.LATER),
    **dict.fromkeys(("missing", "gone", "m"), HandAnswer.MISSING),
}


class SheetReport(NamedTuple):
    """Answers of a worksheet.

    Attributes:
        done, later, missing, open: how many lines say so; open ones say nothing.
        refused: lines left alone, by reason.
        held_since: recorded though a guard came after the link was handed out, by reason.
    """

    done: int
    later: int
    missing: int
    open: int
    refused: tuple[tuple[str, int], ...]
    held_since: tuple[tuple[str, int], ...] = ()


def lines(session: Session) -> Iterator[dict[str, str]]:
    """One line per action that is ready, worst first: ``COLUMNS`` -> text."""
    items = planning.ready(session)
    for start in range(0, len(items), _CHUNK):
        given = planning.hand_out(session, items[start : start + _CHUNK], Handing.WORKSHEET)
        for line in planning.lines(session, [item.id for item in given]):
            cell = line.cells
            page = links.link(line.action, cell.handle or None, cell.x_id, line.object)
            yield {
                "item": str(line.id),
                "action": ACTION_WORDS[line.action],
                "handle": cell.handle,
                "id": "" if cell.x_id is None else str(cell.x_id),
                "name": cell.name,
                "kind": kind_word(cell.kind, cell.is_doubtful),
                "why": cell.why,
                "list or post": line.object,
                "click": page.what_to_click,
                "link": page.url,
                "done": "",
            }


def write(session: Session, path: Path) -> int:
    """Write the sheet; CSV or HTML by the file's ending.

    Returns:
        Number of actions in it.

    Raises:
        NothingToDo: nothing is ready.
        BadInput: the ending is neither, the file exists, or it cannot be written.
    """
    ending = path.suffix.lower()
    if ending not in (".csv", ".html", ".htm"):
        raise BadInput(f"{path}: a worksheet ends in .csv or .html")
    if not planning.ready(session):
        raise NothingToDo("nothing in the plan is ready; decide out or follow first")
    try:
        with open(
            os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8", newline=""
        ) as file:
            return _write_csv(session, file) if ending == ".csv" else _write_html(session, file)
    except FileExistsError:
        raise BadInput(f"{path}: exists already; name another file") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror})") from None


def _write_csv(session: Session, file: TextIO) -> int:
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    count = 0
    for line in lines(session):
        writer.writerow([safe_csv_cell(line[name]) for name in COLUMNS])
        count += 1
    return count


_HEAD = """<!doctype html>
<html lang="en"><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Plan of {profile}</title>
<style>
body {{ font: 15px/1.45 system-ui, sans-serif; margin: 2em auto; max-width: 75em; padding: 0 1em }}
table {{ border-collapse: collapse; width: 100% }}
th, td {{ text-align: left; padding: .3em .6em; border-bottom: 1px solid #ccc; vertical-align: top }}
a:visited {{ opacity: .45 }}
</style>
<h1>Plan of {profile}</h1>
<p>Is x.com signed in as {profile}? Open a link, click as the line says, come back. Links you opened
turn pale. Tell followertui what you did: <code>followertui apply --via hand</code>, or the CSV form of
this sheet with its column <i>done</i> filled in.</p>
<table><tr><th>What</th><th>Who</th><th>Kind</th><th>Why</th><th>Click</th></tr>
"""


def _write_html(session: Session, file: TextIO) -> int:
    profile = watermarks.PROFILE_HANDLE.read(session.store)
    file.write(_HEAD.format(profile=html.escape(f"@{profile}" if profile else "your account")))
    count = 0
    for line in lines(session):
        text = {name: html.escape(one_line(value, 200)) for name, value in line.items()}
        who = f"@{text['handle']}" if text["handle"] else text["id"]
        what = " ".join(part for part in (text["action"], text["list or post"]) if part)
        file.write(
            f'<tr><td>{what}<td><a href="{html.escape(line["link"])}" target="_blank" rel="noopener noreferrer">'
            f"<bdi>{who}</bdi></a> <bdi>{text['name']}</bdi><td>{text['kind']}<td><bdi>{text['why']}</bdi>"
            f"<td>{text['click']}\n"
        )
        count += 1
    file.write(f"</table><p>{counted(count, 'action')}.</p></html>\n")
    return count


def read_answers(session: Session, path: Path) -> SheetReport:
    """Read a filled-in CSV sheet and record what its ``done`` column says.

    Returns:
        What was recorded.

    Raises:
        BadInput: the file is no worksheet.
    """
    found: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    since: Counter[str] = Counter()
    for line in _read(path):
        word = line["done"].strip().lower().lstrip("'")
        if not word:
            found["open"] += 1
            continue
        if word not in _WORDS:
            refused[f'"{one_line(word, 20)}" is none of done, later, missing'] += 1
            continue
        problem = _problem(session, line)
        if problem:
            refused[problem] += 1
            continue
        try:
            done = by_hand.record_manual(session, int(line["item"]), _WORDS[word])
        except BadInput as error:
            refused[str(error)] += 1
            continue
        found[_WORDS[word]] += 1
        for held in done.held:
            since[held.reason] += 1
    return SheetReport(
        found["done"],
        found["later"],
        found["missing"],
        found["open"],
        tuple(refused.most_common()),
        tuple(since.most_common()),
    )


def _problem(session: Session, line: dict[str, str]) -> str:
    """Why a line cannot be taken, "" if it can: it must be the same account, still in the plan."""
    number = line["item"].strip()
    items = planning.lines(session, [int(number)]) if number.isascii() and number.isdigit() and len(number) < 16 else []
    if not items:
        return "not in this store's plan"
    cell = items[0].cells
    # A spreadsheet may have rounded the id: the handle is as good together with the item.
    is_same_id = bool(cell.x_id) and line["id"].strip() == str(cell.x_id)
    handle = line["handle"].strip().lstrip("'@").lower()
    if not is_same_id and (not handle or handle != cell.handle.lower()):
        return "is another account in this store; was the sheet made from another one?"
    if items[0].state not in CHANGEABLE_PLAN_STATES:
        return "was recorded before"
    return ""


def _read(path: Path) -> Iterator[dict[str, str]]:
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput(f"{path}: is far too large for a worksheet")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise BadInput(f"{path}: is no UTF-8 text; save the sheet as CSV UTF-8") from None
    head = text.splitlines()[0] if text else ""
    separator = max(",;\t", key=head.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
        names = reader.fieldnames or []
        if not {"item", "done", "handle", "id"} <= set(names):
            raise BadInput(f"{path}: is no worksheet; it needs the columns item, handle, id and done")
        for line in reader:
            yield {name: str(line.get(name) or "") for name in ("item", "handle", "id", "done")}
    except csv.Error as error:
        raise BadInput(f"{path}: cannot be read as CSV ({error})") from None
