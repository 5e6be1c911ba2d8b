"""Whom a gesture on one account was about, by name, wherever its line is said.

The journal keeps counts only, so that nothing of a person has to be taken out of it when they
are removed; the name is looked up when the line is read.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from followertui.services.session import Session
from followertui.store.audience import pages
from followertui.store.decisions.journal import Entry, Segment
from followertui.store.decisions.slots import DUE, PLAN_TIME
from followertui.store.lists import matches

_ONE = re.compile(r": 1 (account|action|match)(?= ·|$)")
"""Where a line counts the one account, action or match it is about."""


def with_name(session: Session, text: str, segments: Sequence[Segment]) -> str:
    """A gesture's line that names the one account or match it was about.

    Args:
        session: the open store.
        text: the line as the journal keeps it.
        segments: what the gesture changed.

    Returns:
        The line as it was where it was about several, or the account is not there any more.
    """
    found = _ONE.search(text)
    if found is None:
        return text
    is_match = found.group(1) == "match"
    keys = {key for segment in segments if segment.slot.key_is_row is not is_match for key in segment.keys}
    if not keys and not is_match:
        con = session.store.con
        numbered = [segment for segment in segments if segment.slot in (DUE, PLAN_TIME)]
        keys = {row for segment in numbered for row in segment.slot.rows_behind(con, list(segment.keys))}
    name = _subject(session, keys.pop(), is_match) if len(keys) == 1 else ""
    return f"{text[: found.start()]}: {name}{text[found.end() :]}" if name else text


def _subject(session: Session, key: int, is_match: bool) -> str:
    if not is_match:
        return name_of(session, key)
    match = next(iter(matches.matches_with_ids(session.store, [key])), None)
    name = name_of(session, match.row) if match is not None else ""
    return f"{name} as {match.entity}" if match is not None and name else ""


def named_text(session: Session, entry: Entry) -> str:
    """An entry's line that names the one account or match it was about."""
    if entry.rows != 1 or _ONE.search(entry.text) is None:
        return entry.text
    return with_name(session, entry.text, session.journal.segments(entry.id))


HIDDEN = "an account whose name is hidden"


def name_of(session: Session, row: int) -> str:
    """Handle, else name, else number of an account, "" where it is not there any more."""
    found = pages.identity_of(session.store, row)
    if found is None:
        return ""
    if session.hidden == "name":
        return HIDDEN
    return f"@{found.handle}" if found.handle else found.name or (f"id {found.x_id}" if found.x_id else "")
