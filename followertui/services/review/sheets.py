"""A colleague's sheet, or an old tool's list, brought back as one gesture.

Owns which cell is a word and which only repeats what stood there, what conflicts, and what is said
of it. Reading the file is ``sources.decision_sheets``, writing the gesture ``deciding``. The
command line and exports call it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from followertui.domain.decision import Decision
from followertui.domain.errors import BadInput, WordMissing
from followertui.domain.guards import NEVER_FOLLOW_TAG
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.services import naming
from followertui.services.phrases import counted
from followertui.services.review import deciding
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import Gesture, HeldBack, RowCells
from followertui.sources.column_names import exact_field_of
from followertui.sources.decision_sheets import (
    DECIDED,
    DecisionSheet,
    SheetLine,
    decision_of,
    is_listed,
    look_at_sheet,
    read_sheet,
)
from followertui.sources.problems import Problem
from followertui.sources.text_files import shown_name
from followertui.store.audience import handles, imports, pages, records
from followertui.store.decisions import tags
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import KIND, NOTE, tag_slot
from followertui.store.decisions.standing import said_at
from followertui.text.quantities import looks_rounded

_CHUNK = 500
_NAMED = 5
_WHOLE_SHEET = frozenset({"x_id", "handle", "kind", "decision", "tags", "note"})
_PARTS = re.compile(r"[,;|\n]")
_KINDS = frozenset(kind.value for kind in KIND_ORDER)


class SheetReport(NamedTuple):
    """What a sheet did.

    Attributes:
        gesture: what was written; its entry is 0 where nothing changed.
        read: lines of the sheet.
        unchanged: lines that say what stands already.
        left_out: lines left out, by reason, with the first of them.
        conflicts: what the sheet says otherwise than a newer word here, one line each.
    """

    gesture: Gesture
    read: int
    unchanged: int
    left_out: tuple[HeldBack, ...]
    conflicts: tuple[str, ...]


class _State(NamedTuple):
    """What an account says: kind as shown, decision, tags, and its note as a digest."""

    kind: str
    decision: str
    tags: tuple[str, ...]
    note: str


def as_written(cell: RowCells, note: str | None) -> str:
    """What an account says when a sheet is written, for its column ``was``; a note only as a digest."""
    return json.dumps([cell.kind.value, cell.decision.value, list(cell.tags), _digest(note or "")], ensure_ascii=False)


class _Asked:
    """What a sheet asks, and what of it was left out."""

    def __init__(self) -> None:
        self.decisions: dict[Decision | None, list[int]] = defaultdict(list)
        self.kinds: dict[Kind | None, list[int]] = defaultdict(list)
        self.tags: dict[tuple[str, bool], list[int]] = defaultdict(list)
        self.notes: list[tuple[int, str]] = []
        self.conflicts: list[str] = []
        self.left_out: Counter[str] = Counter()
        self.first: dict[str, list[str]] = defaultdict(list)
        self.unchanged = 0

    def add(self, field: str, text: str, row: int) -> None:
        """Ask for a decision, kind or note of an account, by its word."""
        if field == "decision":
            self.decisions[None if text == Decision.NONE.value else Decision(text)].append(row)
        elif field == "kind":
            self.kinds[None if text in ("auto", Kind.UNSEEN.value) else Kind(text)].append(row)
        else:
            self.notes.append((row, text))

    def _by_word(self) -> Iterator[tuple[str, list[int]]]:
        for decision, rows in self.decisions.items():
            yield f"decision {decision.value if decision else 'none'}", rows
        for kind, rows in self.kinds.items():
            yield f"kind {kind.value if kind else 'auto'}", rows
        for (name, is_added), rows in self.tags.items():
            yield f"tag {'+' if is_added else '-'}{name}", rows
        if self.notes:
            yield "note", [row for row, _ in self.notes]

    @property
    def rows(self) -> int:
        """How many accounts it asks something of."""
        return len({row for _, rows in self._by_word() for row in rows})

    def in_words(self) -> str:
        """What would be written, one line."""
        told = ", ".join(f"{word} for {len(rows):,}" for word, rows in self._by_word())
        return f"{counted(self.rows, 'account')} would change: {told}" if told else "no account would change"

    def leave_out(self, reason: str, who: str) -> None:
        """Count a line or cell that is left out."""
        self.left_out[reason] += 1
        if len(self.first[reason]) < _NAMED:
            self.first[reason].append(who)

    def reasons(self) -> tuple[HeldBack, ...]:
        """Why lines were left out, most first, with the first of each."""
        return tuple(
            HeldBack(f"{reason} ({', '.join(self.first[reason])}{' ...' if count > _NAMED else ''})", count)
            for reason, count in self.left_out.most_common()
        )


def bring_back(
    session: Session, path: Path, word: str = "", sheet: str | None = None, *, is_dry: bool = False
) -> SheetReport:
    """Read a sheet of decisions and write what it says as one gesture.

    A cell is a word where it differs from what the row's ``was`` says, or, without one, from what
    stands now; what someone said here since is a conflict and stands.

    Args:
        session: the open store.
        path: the sheet.
        word: a decision or "never-follow" for every account of a list that has no column for it, "" for none.
        sheet: worksheet of a workbook.
        is_dry: nothing is written; the gesture tells what would be.

    Raises:
        BadInput: it is no table, no column says which account, or no line could be used.
        WordMissing: no column says what to do, and neither does ``word``.
    """
    looked = look_at_sheet(path.expanduser(), sheet)
    said = word.replace("-", "_") or looked.word
    if not looked.columns.keys() & set(DECIDED) and not said:
        raise WordMissing(
            f"{shown_name(path)}: no column says what to do (kind, decision, tags, note); for a list of accounts say "
            "--as keep (a whitelist) or --as never-follow"
        )
    asked, lines = _Asked(), list(read_sheet(looked))
    for_all = said if word or not looked.columns.keys() & set(DECIDED) else ""
    by_row = _by_row(session, [one for one in lines if isinstance(one, SheetLine)], asked)
    for one in lines:
        if isinstance(one, Problem):
            asked.leave_out(one.reason, f"line {one.line}")
    if not by_row:
        raise BadInput(f"{shown_name(path)}: no line of it could be used: {_first_reason(asked)}")
    _ask_all(session, looked, by_row, for_all, asked)
    if is_dry:
        gesture = Gesture(0, asked.rows, 0, 0, (), f"{asked.in_words()}; nothing is written")
        return SheetReport(gesture, len(lines), asked.unchanged, asked.reasons(), tuple(asked.conflicts))
    gesture = deciding.decide_sheet(session, dict(asked.decisions), _changes(session, asked), shown_name(path))
    return SheetReport(gesture, len(lines), asked.unchanged, asked.reasons(), tuple(asked.conflicts))


def _first_reason(asked: _Asked) -> str:
    return asked.reasons()[0].reason if asked.left_out else "it has no lines"


def _by_row(session: Session, lines: Sequence[SheetLine], asked: _Asked) -> dict[int, SheetLine]:
    """The account each line is about; lines that contradict each other are left out."""
    found: dict[int, SheetLine] = {}
    doubtful: set[int] = set()
    for line in lines:
        row, reason = _row_of(session, line)
        if row is None:
            asked.leave_out(reason, _who(line))
        elif row in found and found[row].said != line.said:
            doubtful.add(row)
        else:
            found[row] = line
    for row in doubtful:
        asked.leave_out("stands there twice with different words", _who(found.pop(row)))
    return found


def _row_of(session: Session, line: SheetLine) -> tuple[int | None, str]:
    """Row of the account a line is about, or None and why it cannot be taken."""
    by_id = pages.find(session.store, str(line.x_id)) if line.x_id is not None else None
    if by_id is not None and line.handle:
        holders = handles.holders(session.store, line.handle)
        if any(holder.row == by_id for holder in holders) or not holders:
            return by_id, ""
        if not looks_rounded(line.x_id or 0):
            return None, "id and handle are two different accounts"
        by_id = None
    if by_id is not None:
        return by_id, ""
    try:
        row = naming.row_listed(session, line.handle) if line.handle else None
    except BadInput as error:
        return None, str(error)
    if row is None:
        return None, "not in this store: import accounts FILE --relation none brings them in"
    if line.x_id is not None and not looks_rounded(line.x_id):
        known = pages.identity(session.store, row).x_id
        if known not in (None, line.x_id):
            return None, "id and handle are two different accounts"
    return row, ""


def _who(line: SheetLine) -> str:
    return f"@{line.handle}" if line.handle else str(line.x_id)


def _ask_all(session: Session, sheet: DecisionSheet, by_row: dict[int, SheetLine], word: str, asked: _Asked) -> None:
    is_whole = sheet.columns.keys() >= _WHOLE_SHEET
    saved_at = int(sheet.path.stat().st_mtime)
    # A whole sheet repeats kinds as they were judged, and an import judges again.
    judged_at = imports.last_finished_at(session.store) if is_whole else 0
    rows = list(by_row)
    for start in range(0, len(rows), _CHUNK):
        some = rows[start : start + _CHUNK]
        full = records.account_lines(session.store, some)
        since = said_at(session.store, some)
        for cell in cells(session, some):
            now = _State(cell.kind.value, cell.decision.value, cell.tags, _digest(full[cell.row].note or ""))
            said = since.get(cell.row, {})
            if judged_at > saved_at and not by_row[cell.row].was:
                said["kind"] = max(said.get("kind", 0), judged_at)
            _ask(by_row[cell.row], cell.row, now, asked, word, is_whole, said, saved_at)


def _ask(
    line: SheetLine,
    row: int,
    now: _State,
    asked: _Asked,
    word: str,
    is_whole: bool,
    said_at: dict[str, int],
    saved_at: int,
) -> None:
    """Add what one line asks of one account."""
    was = _baseline(line.was)
    is_silent = True
    for field, text in _words_in(line, word, was is not None, is_whole, asked):
        told = _digest(text) if field == "note" else text
        stands = getattr(now, field)
        stood = getattr(was, field) if was else None
        if told in (stands, stood):
            continue
        is_silent = False
        has_moved = stands != stood if was else said_at.get(field, 0) > saved_at
        if has_moved and field in said_at:
            there = "another text" if field == "note" else stands
            asked.conflicts.append(f"{_who(line)}: {field} {text[:40] or 'empty'} in the sheet, {there} here since")
        else:
            asked.add(field, text, row)
    for name, is_added in _tags_in(line, word, now, was, is_whole):
        is_silent = False
        asked.tags[(name, is_added)].append(row)
    asked.unchanged += is_silent


def _words_in(line: SheetLine, word: str, has_was: bool, is_whole: bool, asked: _Asked) -> Iterator[tuple[str, str]]:
    """Field and word of the cells that may say something; what is no word is left out and counted."""
    said = line.said
    decision = decision_of(said.get("decision", ""))
    if word not in ("", "never_follow") or is_listed(said.get("keep", "")):
        yield "decision", word if word not in ("", "never_follow") else "keep"
    elif decision is None:
        asked.leave_out(f'"{said["decision"][:20]}" is no decision', _who(line))
    elif decision or has_was:
        yield "decision", decision.replace("never_follow", "") or "none"
    kind = said.get("kind")
    if kind or (kind == "" and has_was):
        found = _kind_of(kind)
        if found is None:
            asked.leave_out(f'"{kind[:20]}" is no kind', _who(line))
        else:
            yield "kind", found
    note = said.get("note")
    if note or (note == "" and (has_was or is_whole)):
        yield "note", note


def _kind_of(text: str) -> str | None:
    """A kind, "auto" where the program decides, or None where the word is unknown."""
    folded = text.casefold()
    if folded in ("", "auto"):
        return "auto"
    return folded if folded in _KINDS else exact_field_of("kind_values", text)


def _tags_in(line: SheetLine, word: str, now: _State, was: _State | None, is_whole: bool) -> Iterator[tuple[str, bool]]:
    """Tags to add, and, of a sheet that holds all of an account's tags, those to take off."""
    is_never = word == "never_follow" or decision_of(line.said.get("decision", "")) == "never_follow"
    if (is_never or is_listed(line.said.get("never_follow", ""))) and NEVER_FOLLOW_TAG not in now.tags:
        yield NEVER_FOLLOW_TAG, True
    cell = line.said.get("tags")
    if cell is None:
        return
    stood = was.tags if was else now.tags
    # A tag may hold a comma: those that stood there are looked for whole.
    wanted = {name for name in stood if "," in name and name in cell}
    for name in wanted:
        cell = cell.replace(name, "")
    wanted |= {" ".join(part.split()) for part in _PARTS.split(cell) if part.strip()}
    yield from ((name, True) for name in sorted(wanted - set(stood) - set(now.tags)))
    if was or is_whole:
        yield from ((name, False) for name in sorted((set(stood) - wanted) & set(now.tags)))


def _baseline(text: str) -> _State | None:
    """What a line said when it was written, None where it does not say."""
    try:
        kind, decision, names, note = json.loads(text)
        return _State(str(kind), str(decision), tuple(map(str, names)), str(note))
    except (ValueError, TypeError):
        return None


def _digest(note: str) -> str:
    """A note without what a spreadsheet changes in it, as a few letters; "" for none."""
    plain = " ".join(note.split())
    return hashlib.blake2b(plain.encode(), digest_size=6).hexdigest() if plain else ""


def _changes(session: Session, asked: _Asked) -> list[Change]:
    """What a sheet asks beside decisions."""
    now, who = session.now, session.reviewer
    changes = [
        Change(KIND, rows, None if kind is None else (kind.value, who, now)) for kind, rows in asked.kinds.items()
    ]
    for (name, is_added), rows in asked.tags.items():
        number = tags.make_tag(session.store, name) if is_added else tags.tag_named(session.store, name)
        if number is not None:
            changes.append(Change(tag_slot(number), rows, () if is_added else None))
    changes += [Change(NOTE, [row], (text, who, now) if text else None) for row, text in asked.notes]
    return changes
