"""Who of a list may be on X after all: candidate accounts for entries nobody was matched with.

Owns the search and what a person answers. Accepting a candidate is a confirmed match, rejecting it
a rejected one: both are gestures that undo takes back, and last through every later comparison.
The command line calls it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Generator, Iterable, Sequence
from typing import Any, NamedTuple

from followertui.domain.errors import BadInput, Cancelled
from followertui.domain.lists import ListEntry
from followertui.domain.match import MatchState
from followertui.domain.progress import CancelToken, Progress
from followertui.matching.candidates import MOST, REASONS, Candidate, Discovery, Reason
from followertui.matching.forms import entry_domains
from followertui.matching.matcher import form_of
from followertui.services.insight.company_brief import list_named
from followertui.services.review import deciding
from followertui.services.scoring.incremental import ListsNow
from followertui.services.session import Session
from followertui.services.values import Gesture
from followertui.store.audience import pages
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import MATCH_WORD
from followertui.store.lists import listings, matches

CANDIDATE_KEYS = ("list", "line", "company", "person", "rank", "handle", "id", "name", "bits", "why")
"""Keys of one candidate, in order."""

_CHUNK = 500


class Searched(NamedTuple):
    """What a search found.

    Attributes:
        entries: how many of the list have no account yet and could be searched for.
        found: how many of them have a candidate.
        left_out: people who must not be searched for, as others collected them or they did not agree.
        records: with ``CANDIDATE_KEYS``, by line, best candidate first.
    """

    entries: int
    found: int
    left_out: int
    records: list[dict[str, Any]]


def candidates(
    session: Session, list_name: str, cancel: CancelToken, most: int = MOST
) -> Generator[Progress, None, Searched]:
    """Search the stored accounts for entries of a list that have no certain, likely or confirmed match.

    Args:
        session: the open store.
        list_name: name of a current list, any case.
        cancel: polled per chunk; nothing is written.
        most: candidates of each entry.

    Yields:
        Progress in accounts; each is read twice.

    Returns:
        The candidates; none of them is a match.

    Raises:
        BadInput: there is no such list.
        Cancelled: it was stopped.
    """
    name = list_named(session, list_name)
    yield Progress(0, None, "reading lists")
    now = ListsNow(session.store)
    sure = {line: ties for line, _, ties in listings.sure_ties(session.store)}
    known = {entry_id for entry_id, _ in sure.get(name, ())}
    lines = {line.id: line for line in listings.current_entries(session.store, name)}
    wanted = [entry for entry in now.entries if entry.id in lines and entry.id not in known]
    searched = [entry for entry in wanted if form_of(0, entry, (), now.third_party) is not None]
    discovery = Discovery(
        searched,
        now.third_party,
        _rows_by_domain(now.entries, sure.values()),
        listings.tied_entries(session.store, name),
        most,
    )
    last = session.evaluator.columns.size() - 1 if searched else 0
    for step, work in enumerate((discovery.count, discovery.look)):
        for first in range(1, last + 1, _CHUNK):
            if cancel.is_set():
                raise Cancelled("candidates: stopped; nothing was written")
            work(pages.profiles_between(session.store, first, min(first + _CHUNK - 1, last)))
            yield Progress(step * last + min(first + _CHUNK - 1, last), 2 * last, "looking for candidates")
    found = {at: some for at in range(len(searched)) if (some := discovery.of(at))}
    records = [
        _record(session, lines[searched[at].id], rank, candidate)
        for at, some in sorted(found.items(), key=lambda item: lines[searched[item[0]].id].line)
        for rank, candidate in enumerate(some, start=1)
    ]
    return Searched(len(searched), len(found), len(wanted) - len(searched), records)


def _rows_by_domain(entries: Sequence[ListEntry], ties: Iterable[Sequence[tuple[int, int]]]) -> dict[str, set[int]]:
    """Registrable domain -> accounts known to belong to an entry of it."""
    by_id = {entry.id: entry for entry in entries}
    rows: dict[str, set[int]] = defaultdict(set)
    for some in ties:
        for entry_id, row in some:
            if entry_id in by_id:
                for domain in entry_domains(by_id[entry_id]):
                    rows[domain].add(row)
    return rows


def _record(session: Session, line: listings.EntryLine, rank: int, candidate: Candidate) -> dict[str, Any]:
    who = pages.identity(session.store, candidate.row)
    return {
        "list": line.list,
        "line": line.line,
        "company": line.company or None,
        "person": line.person or None,
        "rank": rank,
        "handle": who.handle,
        "id": None if who.x_id is None else str(who.x_id),
        "name": who.name,
        "bits": candidate.bits,
        "why": " · ".join(map(_words, candidate.reasons)),
    }


def _words(reason: Reason) -> str:
    """A reason in plain words."""
    said = f'"{reason.text}" ' if reason.text and reason.code != "site" else ""
    against = "against: " if reason.bits < 0 else ""
    return f"{against}{said}{REASONS[reason.code]}"


def answer(session: Session, list_name: str, line: int, account: str, state: MatchState) -> Gesture:
    """Accept a candidate as the account of an entry, or reject it.

    Args:
        session: the open store.
        list_name: name of a current list, any case.
        line: of the entry in its file.
        account: handle or id.
        state: CONFIRMED or REJECTED.

    Raises:
        BadInput: there is no such list, line or account.
    """
    name = list_named(session, list_name)
    entry = next((one for one in listings.current_entries(session.store, name) if one.line == line), None)
    if entry is None:
        raise BadInput(f'"{name}" has no line {line:,}; `followertui coverage "{name}"` shows its lines')
    row = pages.find(session.store, account)
    if row is None:
        raise BadInput(f"{account} is not in the store; `followertui accounts` lists who is")
    with session.store.write():
        known = [match.id for match in matches.matches_of(session.store, [row]) if match.entity_id == entry.entity_id]
        if known:
            return deciding.say_match(session, known, state)
        handle = pages.identity(session.store, row).handle or account
        match_id = matches.choose(session.store, row, entry, handle)
        word = (state.value, "", f"handle: {handle}", session.reviewer, session.now)
        change = Change(MATCH_WORD, [match_id], word)
        return deciding.write(session, f"match.{state.value}", [change], [], "", state.value, MATCH_WORD, looked=[row])
