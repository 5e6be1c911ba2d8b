"""The plan as a worksheet for work by hand, and its answers.

Owns the columns of a worksheet, its HTML form, and what a person may write into ``done``.
Every text in it is foreign: it is escaped for HTML and kept from being a formula in CSV.
The command line calls it.
"""

from __future__ import annotations

import codecs
import contextlib
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
from followertui.services.review import house_checks
from followertui.services.session import Session
from followertui.services.values import HeldBack, Undone
from followertui.store.decisions.journal import Entry
from followertui.store.file import settings
from followertui.text.escaping import safe_csv_cell
from followertui.x import links

COLUMNS = ("code", "action", "handle", "name", "kind", "why", "list or post", "click", "link", "done")
"""Columns of a worksheet, in order; ``done`` is the person's. No long id stands in a cell of its own, as
spreadsheets round it: a line is known by its short code together with the handle or the link."""

COMMAND = "worksheet"
"""Journal entries of a filled-in sheet; ``reverse`` undoes them."""

_CHUNK = 500
_CODE = "p"
"""Stands before an item's number, so that no spreadsheet takes the code for a number or a day."""
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
    """One line per action that is ready, worst first: ``COLUMNS`` -> text.

    Raises:
        BadInput: a house check fails.
    """
    house_checks.require(session)
    items = planning.ready(session)
    for start in range(0, len(items), _CHUNK):
        given = planning.hand_out(session, items[start : start + _CHUNK], Handing.WORKSHEET)
        for line in planning.lines(session, [item.id for item in given]):
            cell = line.cells
            page = links.link(line.action, cell.handle or None, cell.x_id, line.object)
            yield {
                "code": f"{_CODE}{line.id}",
                "action": ACTION_WORDS[line.action],
                "handle": cell.handle,
                "name": cell.name,
                "kind": kind_word(cell.kind, cell.is_doubtful),
                "why": line.reason,
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
        BadInput: the ending is neither, the file exists, it cannot be written, or a house check fails.
    """
    house_checks.require(session)
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
td:nth-child(n+2):nth-child(-n+4) {{ font-size: 1.3em; text-align: center }}
@media print {{
a {{ color: inherit }}
body {{ max-width: none; margin: 0; font-size: 11px }}
tr {{ break-inside: avoid }}
}}
th, td {{ text-align: left; padding: .3em .6em; border-bottom: 1px solid #ccc; vertical-align: top }}
a:visited {{ opacity: .45 }}
</style>
<h1>Plan of {profile}</h1>
<p>Is x.com signed in as {profile}? Open a link, click as the line says, come back. Links you opened
turn pale. Printed, tick what you did. Tell followertui: <code>followertui apply --via hand</code>, or the CSV
form of this sheet with its column <i>done</i> filled in (done, later, missing), by the same codes.</p>
<table><tr><th>Code</th><th>Done</th><th>Later</th><th>Missing</th><th>What</th><th>Who</th><th>Kind</th><th>Why</th>
<th>Click</th></tr>
"""


def _write_html(session: Session, file: TextIO) -> int:
    profile = settings.own_handle(session.store)
    file.write(_HEAD.format(profile=html.escape(f"@{profile}" if profile else "your account")))
    count = 0
    for line in lines(session):
        text = {name: html.escape(one_line(value, 200)) for name, value in line.items()}
        who = f"@{text['handle']}" if text["handle"] else "known by its id only"
        what = " ".join(part for part in (text["action"], text["list or post"]) if part)
        address = html.escape(line["link"])
        file.write(
            f"<tr><td>{text['code']}<td>☐<td>☐<td>☐<td>{what}"
            f'<td><a href="{address}" target="_blank" rel="noopener noreferrer"><bdi>{who}</bdi></a> '
            f"<bdi>{text['name']}</bdi><td>{text['kind']}<td><bdi>{text['why']}</bdi><td>{text['click']}\n"
        )
        count += 1
    file.write(f"</table><p>{counted(count, 'action')}.</p></html>\n")
    return count


def read_answers(session: Session, path: Path) -> SheetReport:
    """Read a filled-in CSV sheet and record what its ``done`` column says, as one gesture that can be undone.

    Returns:
        What was recorded.

    Raises:
        BadInput: the file is no worksheet; nothing was recorded.
    """
    found: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    since: Counter[str] = Counter()
    answers: list[tuple[int, str, int]] = []
    with session.store.write(), _own_batch(session):
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
                done = by_hand.record_manual(session, _number(line), _WORDS[word], is_gesture=False)
            except BadInput as error:
                refused[str(error)] += 1
                continue
            found[_WORDS[word]] += 1
            answers.append((_number(line), _WORDS[word].value, session.answers[-1].call_id))
            for held in done.held:
                since[held.reason] += 1
        if answers:
            said = ", ".join(f"{found[answer]:,} {answer}" for answer in HandAnswer if found[answer])
            text = f"worksheet {one_line(path.name, 60)}: {said}"
            session.journal.record(COMMAND, session.now, text, len(answers), {"answers": answers})
    return SheetReport(
        found["done"],
        found["later"],
        found["missing"],
        found["open"],
        tuple(refused.most_common()),
        tuple(since.most_common()),
    )


@contextlib.contextmanager
def _own_batch(session: Session) -> Iterator[None]:
    """What is recorded within this is a batch of its own, beside the clicks of the session."""
    kept, session.hand_batch = session.hand_batch, 0
    try:
        yield
    finally:
        session.hand_batch = kept


def reverse(session: Session, entry: Entry, is_redo: bool) -> Undone:
    """Undo what a sheet recorded, or record it again; what changed since is left alone.

    Args:
        session: the open store.
        entry: a journal entry of ``COMMAND``.
        is_redo: record it again.
    """
    left: list[list[object]] = []
    with session.store.write():
        kept = session.journal.payload(entry.id).get("answers")
        for item_id, word, call_id in list(kept) if isinstance(kept, list) else []:
            if is_redo:
                try:
                    by_hand.record_manual(session, item_id, HandAnswer(word), is_gesture=False)
                except BadInput:
                    continue
                left.append([item_id, word, session.answers[-1].call_id])
            elif by_hand.is_undone(session, item_id, call_id):
                left.append([item_id, word, call_id])
        if is_redo:
            session.journal.set_payload(entry.id, {"answers": left})
        inverse = session.journal.mark_reversed(entry, session.now, is_redo)
    skipped = entry.rows - len(left)
    held = (HeldBack("changed since", skipped),) if skipped else ()
    text = f"{'redo' if is_redo else 'undo'}: {entry.text}"
    return Undone(inverse, text + (f" · left alone: {skipped:,} changed since" if skipped else ""), held, "", ())


def _number(line: dict[str, str]) -> int:
    """The item's number from its code, 0 where it is none."""
    number = (line["code"] or line["item"]).strip().lstrip("'").lower().removeprefix(_CODE)
    return int(number) if number.isascii() and number.isdigit() and len(number) < 16 else 0


def _problem(session: Session, line: dict[str, str]) -> str:
    """Why a line cannot be taken, "" if it can: it must be the same account, still in the plan."""
    items = planning.lines(session, [_number(line)])
    if not items:
        return "not in this store's plan"
    cell = items[0].cells
    # A spreadsheet takes a handle of digits for a number: the link is as good together with the code.
    page = links.link(items[0].action, cell.handle or None, cell.x_id, items[0].object)
    handle = line["handle"].strip().lstrip("'@").lower()
    is_same = (bool(handle) and handle == cell.handle.lower()) or line["link"].strip().lstrip("'") == page.url
    if not is_same and not (cell.x_id and line["id"].strip() == str(cell.x_id)):
        return "is another account in this store; was the sheet made from another one?"
    if items[0].state not in CHANGEABLE_PLAN_STATES:
        return "was recorded before"
    return ""


_READ = ("code", "item", "handle", "id", "link", "done")
"""Columns that are read; ``item`` and ``id`` are those of sheets written by an earlier version."""


def _text_of(path: Path) -> str:
    """The text of a sheet in whatever a spreadsheet saved it as.

    What is read of it is ASCII, so any code page of one byte will do where it is no UTF.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput(f"{path}: is far too large for a worksheet")
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"{path}: cannot be read ({error.strerror})") from None
    if data[:4] == b"PK\x03\x04":
        raise BadInput(f"{path}: is a workbook; save the sheet as CSV")
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _read(path: Path) -> Iterator[dict[str, str]]:
    text = _text_of(path)
    head, _, rest = text.partition("\n")
    if head.strip().lower().startswith("sep="):
        text = rest
    head = text.splitlines()[0] if text else ""
    separator = max(",;\t", key=head.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=separator)
        reader.fieldnames = [name.strip().strip("'").lower() for name in reader.fieldnames or []]
        names = set(reader.fieldnames)
        if not {"done", "handle"} <= names or not names & {"code", "item"}:
            raise BadInput(f"{path}: is no worksheet; it needs the columns code, handle and done")
        for line in reader:
            yield {name: str(line.get(name) or "") for name in _READ}
    except csv.Error as error:
        raise BadInput(f"{path}: cannot be read as CSV ({error})") from None
