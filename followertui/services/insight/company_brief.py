"""One page about a company before a call, and who of a list is on X.

Owns the wording of a brief, the records of coverage and of lists, and the dropping of lists
and aliases. Reads the store; reaches nothing outside. The command line calls it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import tzinfo
from difflib import get_close_matches
from typing import Any

from followertui.domain.clock import iso
from followertui.domain.errors import BadInput
from followertui.domain.lists import Basis
from followertui.domain.match import Band, MatchState
from followertui.services.intake import amending
from followertui.services.phrases import (
    ACTION_WORDS,
    DECISION_WORDS,
    EXECUTOR_WORDS,
    counted,
    day,
    kind_word,
    one_line,
    short_day,
)
from followertui.services.review.cards import sentence_of
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import RowCells
from followertui.store.audience import interactions, pages, scores
from followertui.store.decisions import calls
from followertui.store.lists import listings, lists, matches
from followertui.store.lists.listings import EntryLine, Tie
from followertui.store.lists.matches import StoredMatch
from followertui.text.folding import words
from followertui.text.legal_forms import without_legal_form

COVERAGE_KEYS = (
    "list", "line", "company", "person", "on_x", "people", "follows_us", "we_follow", "engaged", "band", "state",
)  # fmt: skip
"""Keys of one entry's coverage, in order."""

COVERAGE_SUMMARY_KEYS = (
    "list", "kind", "basis", "entries", "on_x", "possible", "confirmed", "follows_us", "we_follow", "engaged",
)  # fmt: skip
"""Keys of one list's coverage, in order: how many of its entries."""

LIST_KEYS = ("name", "kind", "basis", "entries", "left", "as_of")
"""Keys of one list, in order."""

LATELY_DAYS = 28
"""What a brief calls lately."""

_MOST_SHOWN = 25
_MOST_EVENTS = 15
_TIES = {"is": "their account", "brand_of": "a brand of theirs", "works_at": "works there"}
_BASES = {
    "own-records": "they gave us their details",
    "public-directory": "public directory",
    "third-party": "bought or collected by others",
}


def brief(session: Session, company: str) -> list[str]:
    """One page: who of a company is here, how they relate to us, what changed, what is planned.

    Args:
        session: the open store.
        company: name as a person types it.

    Returns:
        Lines of plain text.

    Raises:
        BadInput: no list has such a company.
    """
    entity_ids = _entities_named(session, company)
    entries = listings.entries_of(session.store, entity_ids)
    ties = _ties_of(session, entity_ids)
    shown = {cell.row: cell for cell in cells(session, list(ties))}
    lines = _head(entries, session.zone)
    if not shown:
        return [*lines, "", "Nobody of them is known to be on X.", *_absent(entries, ties)]
    lines += ["", _who_follows_whom(list(shown.values()))]
    people = {entry.entity_id: entry.person for entry in entries if entry.person}
    for row, match in list(ties.items())[:_MOST_SHOWN]:
        lines += _account(session, shown[row], match, people.get(match.entity_id, ""))
    if len(ties) > _MOST_SHOWN:
        lines.append(f"  and {len(ties) - _MOST_SHOWN:,} more: followertui accounts 'company:\"{company}\"'")
    return [*lines, *_absent(entries, ties), *_lately(session, shown), *_planned(session, shown)]


def _entities_named(session: Session, company: str) -> list[int]:
    """Entities of a company: the same name, else names that begin with or contain its words.

    Raises:
        BadInput: nothing is like it, or the words fit several companies.
    """
    wanted = _key(company)
    if not wanted:
        raise BadInput("name the company: followertui brief COMPANY")
    known: dict[str, dict[int, str]] = {}
    for name, entity_id in listings.companies(session.store):
        known.setdefault(_key(name), {})[entity_id] = name
    if wanted in known:
        return list(known[wanted])
    part = [key for key in known if f" {wanted} " in f" {key} "]
    if len(part) == 1:
        return list(known[part[0]])
    near = part or get_close_matches(wanted, known, n=3, cutoff=0.6)
    names = ", ".join(f'"{next(iter(known[key].values()))}"' for key in sorted(near, key=len)[:5])
    hint = f"; did you mean {names}?" if names else "; `followertui lists` shows your lists"
    raise BadInput(f'no company on your lists is "{one_line(company, 60)}"{hint}')


def _key(name: str) -> str:
    """A company's name for comparing: folded words without its legal form."""
    return " ".join(without_legal_form(words(name))) or name.strip().casefold()


def _ties_of(session: Session, entity_ids: Sequence[int]) -> dict[int, StoredMatch]:
    """Row -> its strongest match with one of the entities; company accounts, then people, possible ones last."""
    wanted = set(entity_ids)
    best: dict[int, StoredMatch] = {}
    for match in matches.matches_of(session.store, listings.rows_of(session.store, entity_ids)):
        if match.entity_id in wanted and match.state is not MatchState.REJECTED:
            best.setdefault(match.row, match)
    order = {"is": 0, "brand_of": 1, "works_at": 2}
    return dict(
        sorted(
            best.items(),
            key=lambda item: (_is_weak(item[1]), order[item[1].relation.value], -item[1].score, item[0]),
        )
    )


def _is_weak(match: StoredMatch) -> bool:
    return match.band is Band.POSSIBLE and match.state is not MatchState.CONFIRMED


def _head(entries: Sequence[EntryLine], zone: tzinfo) -> list[str]:
    names = dict.fromkeys(entry.company or entry.entity for entry in entries)
    kinds = dict.fromkeys(entry.kind for entry in entries if entry.kind)
    lines = [f"{' / '.join(names)}  {', '.join(kinds)}".rstrip()]
    for name in dict.fromkeys(entry.list for entry in entries):
        some = [entry for entry in entries if entry.list == name]
        lines.append(
            f"  on {name}, line {some[0].line}" + (f" and {len(some) - 1} more" if len(some) > 1 else "")
            + f" · {_BASES.get(some[0].consent_basis, some[0].consent_basis)} · as of {day(some[0].as_of, zone)}"
        )  # fmt: skip
    return lines


def _who_follows_whom(here: Sequence[RowCells]) -> str:
    follow_us = sum(cell.relation in ("←", "↔") for cell in here)
    followed = sum(cell.relation in ("→", "↔") for cell in here)
    both = sum(cell.relation == "↔" for cell in here)
    return (
        f"{counted(len(here), 'account')} on X · they follow us {follow_us} · we follow {followed} · both ways {both}"
    )


def _account(session: Session, cell: RowCells, match: StoredMatch, person: str) -> list[str]:
    followers = "" if cell.followers is None else f"{cell.followers:,} followers"
    sure = match.state.value if match.state is MatchState.CONFIRMED else f"{match.band.value} {match.score}"
    tie = f"{person} of your list" if person else _TIES[match.relation.value]
    tie = f"perhaps {tie}" if _is_weak(match) else tie
    parts = [kind_word(cell.kind, cell.is_doubtful), followers, f"{tie}, {sure}"]
    return [
        f"  {cell.relation or '·'} @{cell.handle or cell.x_id}  {one_line(cell.name, 40)}  "
        + " · ".join(part for part in parts if part),
        f"      {one_line(sentence_of(session, match), 110)}",
    ]


def _absent(entries: Sequence[EntryLine], ties: dict[int, StoredMatch]) -> list[str]:
    """People on the lists without a matched account."""
    tied = {match.entity_id for match in ties.values()}
    names = dict.fromkeys(entry.person for entry in entries if entry.person and entry.entity_id not in tied)
    if not names:
        return []
    few = ", ".join(list(names)[:10])
    return ["", f"Not seen on X: {few}" + (f" and {len(names) - 10} more" if len(names) > 10 else "")]


def _lately(session: Session, here: dict[int, RowCells]) -> list[str]:
    since = session.now - LATELY_DAYS * 86_400
    events = [event for row, cell in here.items() for event in _events(session, row, cell) if event[0] >= since]
    events.sort(reverse=True)
    head = ["", f"Last {LATELY_DAYS // 7} weeks"]
    if not events:
        return [*head, "  nothing changed, as far as the files that were brought in tell"]
    return [*head, *(f"  {short_day(at, session.zone):>6}  {text}" for at, text in events[:_MOST_EVENTS])]


def _events(session: Session, row: int, cell: RowCells) -> Iterator[tuple[int, str]]:
    name = f"@{cell.handle or cell.x_id}"
    detail = pages.detail(session.store, row)
    for spell in detail.spells if detail else ():
        is_follower = spell.direction == "follower"
        if spell.is_new:
            yield spell.first_seen, f"{name} follows us" if is_follower else f"we follow {name}"
        if spell.missed_at is not None:
            yield spell.missed_at, f"{name} left us" if is_follower else f"we no longer follow {name}"
    for until, handle in listings.handle_changes(session.store, row):
        yield until, f"{name} was @{handle} before"
    for at, who, what in scores.words_of(session.store, row):
        yield at, f"{name}: {what} ({who})"
    for call in calls.calls_of(session.store, row):
        yield call.at, f"{name}: {call.action} {EXECUTOR_WORDS[call.executor]}: {call.state}"
    for met in interactions.interactions(session.store, row):
        yield met.at, f"{name}: {met.kind} ({met.source})"


def _planned(session: Session, here: dict[int, RowCells]) -> list[str]:
    lines = []
    for row, cell in here.items():
        said = [] if cell.decision.value == "none" else [f"decided {DECISION_WORDS[cell.decision]}"]
        said += [f"planned {ACTION_WORDS[cell.action]}"] if cell.action else []
        said += [f"tags {', '.join(cell.tags)}"] if cell.tags else []
        detail = pages.detail(session.store, row) if cell.has_note else None
        said += [f"note: {one_line(detail.note)}"] if detail else []
        if said:
            lines.append(f"  @{cell.handle or cell.x_id}: {' · '.join(said)}")
    return ["", "Decided and planned", *lines] if lines else []


# --- coverage and lists ---------------------------------------------------------------------


def coverage(session: Session, list_name: str) -> Iterator[dict[str, Any]]:
    """Who of a list is on X, entry by entry.

    Args:
        session: the open store.
        list_name: name of a current list, any case.

    Yields:
        Records with ``COVERAGE_KEYS``: ``on_x`` are handles of the entry's own accounts and
        brands, ``people`` of those who work there, strongest first.

    Raises:
        BadInput: there is no such list.
    """
    name = list_named(session, list_name)
    ties = _by_entity(session, name)
    for entry in listings.current_entries(session.store, name):
        yield _covered(entry, ties.get(entry.entity_id, []))


def _covered(entry: EntryLine, ties: Sequence[Tie]) -> dict[str, Any]:
    return {
        "list": entry.list,
        "line": entry.line,
        "company": entry.company or None,
        "person": entry.person or None,
        "on_x": [tie.name for tie in ties if tie.relation != "works_at"],
        "people": [tie.name for tie in ties if tie.relation == "works_at"],
        "follows_us": any(tie.follows_us for tie in ties),
        "we_follow": any(tie.we_follow for tie in ties),
        "engaged": any(tie.engaged for tie in ties),
        "band": ties[0].band if ties else None,
        "state": ties[0].state if ties else None,
    }


def coverage_summary(session: Session) -> Iterator[dict[str, Any]]:
    """How much of every list is on X: records with ``COVERAGE_SUMMARY_KEYS``.

    ``on_x`` counts entries with a confirmed, certain or likely tie, ``possible`` those with
    nothing better than a possible one; the relations are counted among ``on_x``.
    """
    ties = _by_entity(session, None)
    counts: dict[str, dict[str, int]] = {}
    for entry in listings.current_entries(session.store):
        count = counts.setdefault(entry.list, dict.fromkeys(COVERAGE_SUMMARY_KEYS[4:], 0))
        all_ties = ties.get(entry.entity_id, [])
        sure = [tie for tie in all_ties if tie.band != "possible" or tie.state == "confirmed"]
        count["on_x"] += bool(sure)
        count["possible"] += bool(all_ties) and not sure
        count["confirmed"] += any(tie.state == "confirmed" for tie in sure)
        count["follows_us"] += any(tie.follows_us for tie in sure)
        count["we_follow"] += any(tie.we_follow for tie in sure)
        count["engaged"] += any(tie.engaged for tie in sure)
    for info in lists.lists(session.store):
        yield {
            "list": info.name,
            "kind": info.kind.value if info.kind else None,
            "basis": info.consent_basis,
            "entries": info.entries,
            **counts.get(info.name, dict.fromkeys(COVERAGE_SUMMARY_KEYS[4:], 0)),
        }


def _by_entity(session: Session, list_name: str | None) -> dict[int, list[Tie]]:
    found: dict[int, list[Tie]] = {}
    for tie in listings.ties(session.store, list_name):
        found.setdefault(tie.entity_id, []).append(tie)
    return found


def list_records(session: Session) -> Iterator[dict[str, Any]]:
    """Every current list as a record with ``LIST_KEYS``; ``left`` counts entries it once had."""
    for info in lists.lists(session.store):
        yield {
            "name": info.name,
            "kind": info.kind.value if info.kind else None,
            "basis": info.consent_basis,
            "entries": info.entries,
            "left": info.left,
            "as_of": iso(info.as_of),
        }


def drop_list(session: Session, name: str) -> str:
    """Drop a list; returns one line.

    Raises:
        BadInput: there is no such list.
    """
    return amending.drop_list(session.store, session.journal, session.clock, list_named(session, name))


def say_basis(session: Session, name: str, basis: Basis) -> str:
    """Change how a list's people were obtained; returns one line.

    Raises:
        BadInput: there is no such list.
        NothingToDo: it has that basis already.
    """
    return amending.say_basis(session.store, session.journal, session.clock, list_named(session, name), basis)


def rename_list(session: Session, name: str, new: str) -> str:
    """Call a list by another name; returns one line.

    Raises:
        BadInput: there is no such list, or the new name is blank or taken.
        NothingToDo: it is called that already.
    """
    return amending.rename_list(session.store, session.journal, session.clock, list_named(session, name), new)


def list_named(session: Session, name: str) -> str:
    """A list's name as it is written; raises BadInput, with the nearest, where there is none."""
    known = {info.name.casefold(): info.name for info in lists.lists(session.store)}
    if name.casefold() in known:
        return known[name.casefold()]
    near = get_close_matches(name.casefold(), known, n=1)
    hint = f'; did you mean "{known[near[0]]}"?' if near else "; `followertui lists` shows them"
    raise BadInput(f'no list is named "{one_line(name, 60)}"{hint}')


def alias_lines(session: Session) -> list[tuple[str, str, str]]:
    """Learned aliases: (entity, type, value), by entity."""
    return listings.alias_lines(session.store)


def drop_alias(session: Session, type_: str, value: str) -> str:
    """Delete a learned alias; returns one line.

    Args:
        session: the open store.
        type_: "name", "handle" or "domain".
        value: as `followertui aliases` shows it, any case.

    Raises:
        BadInput: none is known.
    """
    if not listings.forget(session.store, type_, value.removeprefix("@") if type_ == "handle" else value):
        raise BadInput(f'no {type_} "{one_line(value, 60)}" was learned; `followertui aliases` lists them')
    return f'forgot the {type_} "{value}"; `followertui match` compares without it'
