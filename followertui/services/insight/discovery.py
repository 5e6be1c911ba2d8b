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
from followertui.matching.unstored import UnstoredHandles
from followertui.services.insight.company_brief import list_named
from followertui.services.phrases import counted
from followertui.services.review import deciding
from followertui.services.scoring.incremental import ListsNow
from followertui.services.session import Session
from followertui.services.values import Gesture
from followertui.store.audience import handles, pages
from followertui.store.decisions.journal import Change
from followertui.store.decisions.slots import MATCH_WORD
from followertui.store.lists import listings, matches

CANDIDATE_KEYS = ("list", "line", "company", "person", "rank", "handle", "id", "name", "bits", "why")
"""Keys of one candidate, in order."""

_CHUNK = 500


class Found(NamedTuple):
    """One candidate of an entry.

    Attributes:
        line: of the entry in its file.
        company, person: of the entry, "" where it names none.
        rank: 1 for the entry's best.
        row: of the account.
        handle, x_id, name: of the account, None where not known.
        bits: how much speaks for it.
        why: the reasons in plain words, strongest first.
    """

    line: int
    company: str
    person: str
    rank: int
    row: int
    handle: str | None
    x_id: int | None
    name: str | None
    bits: float
    why: str

    @property
    def who(self) -> str:
        """The account as a command takes it."""
        return self.handle or str(self.x_id)


class ToLookUp(NamedTuple):
    """A handle that could be an entry's and is not in the store: only X can tell.

    Attributes:
        line, company, person: of the entry.
        handle: without @.
        mentions: in how many bios it is mentioned; 0 where the file names it.
    """

    line: int
    company: str
    person: str
    handle: str
    mentions: int

    @property
    def why(self) -> str:
        """Why it could be theirs, in plain words."""
        return f"mentioned in {counted(self.mentions, 'bio')}" if self.mentions else "named in the file"


class Searched(NamedTuple):
    """What a search found.

    Attributes:
        list_name: the list as it is written.
        entries: how many of it have no account yet and could be searched for.
        left_out: people who must not be searched for, as others collected them or they did not agree.
        found: candidates by line, best first.
        to_look_up: handles that are not in the store, by line.
    """

    list_name: str
    entries: int
    left_out: int
    found: list[Found]
    to_look_up: tuple[ToLookUp, ...] = ()

    @property
    def handles(self) -> tuple[str, ...]:
        """The handles X can be asked for, each once."""
        return tuple(dict.fromkeys(one.handle for one in self.to_look_up))

    @property
    def text(self) -> str:
        """One line."""
        with_some = len({one.line for one in self.found})
        have = "has" if with_some == 1 else "have"
        said = f"{counted(with_some, 'entry', 'entries')} of {self.entries:,} without an account {have} candidates"
        if self.left_out:
            said += f"; {counted(self.left_out, 'person', 'people')} of third parties not searched for"
        if self.handles:
            said += f"; {counted(len(self.handles), 'handle')} that could be theirs can be looked up on X"
        return said

    def records(self) -> list[dict[str, Any]]:
        """The candidates with ``CANDIDATE_KEYS``."""
        return [
            {
                "list": self.list_name,
                "line": one.line,
                "company": one.company or None,
                "person": one.person or None,
                "rank": one.rank,
                "handle": one.handle,
                "id": None if one.x_id is None else str(one.x_id),
                "name": one.name,
                "bits": one.bits,
                "why": one.why,
            }
            for one in self.found
        ]


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
        listings.settled_rows(session.store),
        most,
    )
    unstored = UnstoredHandles(searched, now.third_party)
    last = session.evaluator.columns.size() - 1 if searched else 0
    for step, work in enumerate((discovery.count, discovery.look)):
        for first in range(1, last + 1, _CHUNK):
            if cancel.is_set():
                raise Cancelled("candidates: stopped; nothing was written")
            profiles = pages.profiles_between(session.store, first, min(first + _CHUNK - 1, last))
            work(profiles)
            if step == 0:
                unstored.look(profiles)
            yield Progress(step * last + min(first + _CHUNK - 1, last), 2 * last, "looking for candidates")
    some = [
        _found(session, lines[searched[at].id], rank, candidate)
        for at in range(len(searched))
        for rank, candidate in enumerate(discovery.of(at), start=1)
    ]
    stored = handles.known(session.store, unstored.handles())
    to_look_up = [
        ToLookUp(line.line, line.company, line.person, *one)
        for at, line in enumerate(lines[entry.id] for entry in searched)
        for one in unstored.of(at, stored)
    ]
    some.sort(key=lambda one: (one.line, one.rank))
    to_look_up.sort(key=lambda one: one.line)
    return Searched(name, len(searched), len(wanted) - len(searched), some, tuple(to_look_up))


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


def _found(session: Session, line: listings.EntryLine, rank: int, candidate: Candidate) -> Found:
    who = pages.identity(session.store, candidate.row)
    return Found(
        line.line,
        line.company,
        line.person,
        rank,
        candidate.row,
        who.handle,
        who.x_id,
        who.name,
        candidate.bits,
        _why(candidate.reasons),
    )


def _why(reasons: Sequence[Reason]) -> str:
    """Reasons in plain words: what was seen in one place together, what speaks against last."""
    seen: dict[str, list[str]] = {}
    for reason in reasons:
        seen.setdefault(reason.code, []).append(f'"{reason.text}"' if reason.text and reason.code != "site" else "")
    parts = [" ".join(text for text in (", ".join(filter(None, said)), REASONS[code]) if text)
             for code, said in seen.items()]  # fmt: skip
    return " · ".join(f"against: {text}" if code == "foreign" else text for code, text in zip(seen, parts, strict=True))


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


def answers(session: Session, list_name: str) -> dict[tuple[int, int], MatchState]:
    """(line, row) -> what a person said of each account that was an entry's candidate or match."""
    return {(line, row): MatchState(state) for line, row, state in listings.answers(session.store, list_name)}
