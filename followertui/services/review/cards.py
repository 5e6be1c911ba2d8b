"""The whole card of one account, and its matches as Confirm shows them.

Owns the assembly of everything known into one value. Reads only. ``Workbench`` and
``followertui show`` call it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from followertui.domain.decision import ActionKind
from followertui.domain.errors import BadInput
from followertui.domain.guards import RELEASABLE, strongest_kind
from followertui.domain.judgement import ROLES, SENIORITIES, TYPE_ORDER
from followertui.domain.kind import Kind, KindSource
from followertui.domain.lists import ListEntry
from followertui.domain.match import Proposal
from followertui.late import late
from followertui.services import guarding
from followertui.services.intake.unresolved_ids import ways_to_names
from followertui.services.phrases import EXECUTOR_WORDS, KIND_RULES, day, kind_word, past_day
from followertui.services.review.reasons import NO_REASONS, why
from followertui.services.review.suggesting import suggest
from followertui.services.row_cells import cells
from followertui.services.session import Session
from followertui.services.values import Card, MatchCard, RowCells, Why
from followertui.store.audience import interactions, pages, past, scores, x_answers
from followertui.store.decisions import calls, differences
from followertui.store.file import settings
from followertui.store.lists import lists, match_counts, matches
from followertui.store.lists.matches import StoredMatch

if TYPE_CHECKING:
    from followertui.matching import chances, common_words, explaining
else:
    common_words = late("followertui.matching.common_words")
    chances = late("followertui.matching.chances")
    explaining = late("followertui.matching.explaining")

_LINK = re.compile(r"https?://[^\s<>\"')\]]+")
_VERIFIED = {"": "", "blue": "paid check", "business": "business", "government": "government", "legacy": "verified"}
_FIELD_WORDS = {"location": "place", "url": "site"}
_NAMED_OTHERS = 5
_STATUS = {0: "", 1: "gone", 2: "suspended", 3: "renamed"}


def card(session: Session, row: int, reasons: Callable[[int], Why] | None = None) -> Card:
    """The whole card of one account.

    Args:
        session: the open store.
        row: the account.
        reasons: says why it is judged as it is, None to compute that.

    Raises:
        BadInput: there is no such account.
    """
    found = cells(session, [row])
    detail = pages.detail(session.store, row)
    if not found or detail is None:
        raise BadInput("this account is not in the store any more")
    cell, fields, zone = found[0], detail.fields, session.zone
    guards = guarding.all_guards(session, row, ActionKind.UNFOLLOW)
    held = [guarding.sentence(session, guard) for guard in guards[:1]]
    ties = matches.matches_of(session.store, [row])
    facts = scores.facts_of(session.store, row)
    followed = [spell for spell in detail.spells if spell.direction == "follower"]
    left = followed[-1].missed_at if followed else None
    return Card(
        cells=cell,
        bio=_text(fields["bio"]),
        location=_text(fields["location"]),
        url=_text(fields["url"]),
        site=_text(fields["site"]) or _text(fields["url"]),
        following=_number(fields["following"]),
        posts=_number(fields["posts"]),
        listed=_number(fields["listed"]),
        likes=_number(fields["likes"]),
        created=day(_number(fields["created_at"]), zone),
        last_post=day(_number(fields["last_post_at"]), zone),
        first_seen=day(detail.spells[0].first_seen if detail.spells else None, zone),
        left=day(left, zone),
        followed_since=_since(followed, zone),
        verified=_VERIFIED.get(_text(fields["verified"]), _text(fields["verified"])),
        affiliation=_text(fields["affiliation"]),
        type=TYPE_ORDER[facts.type if facts else 0],
        role=ROLES[facts.role if facts else 0],
        seniority=SENIORITIES[facts.seniority if facts else 0],
        relevance=facts.relevance if facts else None,
        kind_rule=_rule(cell),
        kind_conflict=_conflict(ties),
        matches=tuple(_match_card(session, match) for match in ties),
        why=why(session, [row]).get(row, NO_REASONS) if reasons is None else reasons(row),
        suggestion=suggest(cell._replace(why="") if cell.kind in (Kind.BOT, Kind.HARMFUL) else cell),
        note=detail.note,
        tags=cell.tags,
        guard=held[0] if held else "",
        guards=tuple(guard.sentence() for guard in guards if guard in RELEASABLE),
        status=_STATUS[int(str(fields["status"]))],
        history=_history(session, row, detail.spells),
        provenance=tuple(f"{what}: {source}, {day(at, zone)}" for what, (source, at) in detail.sources.items()),
        bio_links=_links(_text(fields["bio"])),
        names_by=() if cell.handle else ways_to_names(_nameless(session)),
        own_marks=tuple(_mark_words(mark, name) for mark, name in x_answers.marks_of(session.store, row)),
        differences=tuple(map(_difference, differences.of_row(session.store, row))),
    )


def _mark_words(mark: str, list_name: str) -> str:
    return f"on your list {list_name}" if mark == x_answers.LISTED else f"{mark} by you"


def _nameless(session: Session) -> int:
    """How many accounts are known by id only, as last counted."""
    return max(1, settings.QUEUE_COUNTS.read(session.store).get("nameless", 0))


def match_cards(session: Session, row: int) -> tuple[MatchCard, ...]:
    """Matches of one account, confirmed first, then by descending score."""
    return tuple(_match_card(session, match) for match in matches.matches_of(session.store, [row]))


def _match_card(session: Session, match: StoredMatch) -> MatchCard:
    return MatchCard(
        id=match.id,
        entity=match.entity,
        lists=tuple(dict.fromkeys(name for name, _ in match.lists)),
        kind=strongest_kind(kind for _, kind in match.lists) or Kind.OTHER,
        relation=match.relation,
        band=match.band,
        score=match.score,
        state=match.state,
        sentence=sentence_of(session, match),
        evidence=match.evidence,
        clauses=tuple(
            explaining.words_for(piece) if piece.signal in explaining.ONE_SIDED else "" for piece in match.evidence
        ),
        inferred=tuple(not common_words.rests_on_same_words(piece) for piece in match.evidence),
        entry_lines=tuple(f"{column}: {text}" for column, text in match.fields.items() if text),
        is_changed=match.is_changed,
        changed_from=match.profile_text if match.is_changed else "",
        siblings=match_counts.siblings(session.store, match.entity_id, match.row),
        probability=match.probability,
        others=tuple(match_counts.names_tied_to(session.store, match.entity_id, match.row, _NAMED_OTHERS)),
        bits=tuple(chances.bits_of(piece.weight) for piece in match.evidence),
    )


def sentence_of(session: Session, match: StoredMatch) -> str:
    """The evidence in one plain sentence."""
    entry = lists.entry(session.store, match.entry_id) or ListEntry(match.line, company=match.entity)
    proposal = Proposal(
        match.row, match.entry_id, match.entity_id, match.relation, match.score, match.band, match.evidence
    )
    return explaining.explain(proposal, entry)


def _conflict(ties: Sequence[StoredMatch]) -> str:
    """Lists that disagree about who this is, "" where they do not."""
    said = {(name, kind) for match in ties if match.state.value != "rejected" for name, kind in match.lists if kind}
    kinds = {kind for _, kind in said}
    return "lists disagree: " + ", ".join(f"{kind} ({name})" for name, kind in sorted(said)) if len(kinds) > 1 else ""


def _difference(pair: differences.Difference) -> str:
    """Two people's words on an account, in one sentence."""
    return (
        f"two people differ on the {pair.what}: {pair.here_by} says {pair.here}, {pair.there_by} says {pair.there};"
        " say it again to settle it"
    )


def _rule(cell: RowCells) -> str:
    word = kind_word(cell.kind, cell.is_doubtful)
    if cell.kind_source is KindSource.NONE:
        return KIND_RULES[cell.kind_source]
    if cell.kind is Kind.UNSEEN and not cell.handle:
        return f"{word}: no profile to judge from"
    return f"{word}: {KIND_RULES[cell.kind_source]}"


def _since(followed: Sequence[pages.StoredSpell], zone: tzinfo) -> str:
    if not followed:
        return ""
    spell = followed[-1]
    if spell.missed_at is not None:
        return f"left between {day(spell.last_seen, zone)} and {day(spell.missed_at, zone)}"
    return f"{'since' if spell.is_new else 'followed before'} {day(spell.first_seen, zone)}"


def _history(session: Session, row: int, spells: Sequence[pages.StoredSpell]) -> tuple[tuple[str, str], ...]:
    """What is dated of an account, newest first: follows, renames, new profiles, what people said, calls, contacts."""
    store = session.store
    lines: list[tuple[int, str]] = [(at, f"{who}: {what}") for at, who, what in scores.words_of(store, row)]
    lines += [event for spell in spells for event in _spell_lines(spell)]
    lines += [(at, f"renamed, was @{handle}") for at, handle in past.renames(store, row)]
    for at, field, was in past.earlier_values(store, row):
        lines.append((at, f"new {_FIELD_WORDS.get(field, field)}, was: {was}"))
    for call in calls.calls_of(session.store, row):
        lines.append((call.at, f"{call.action} {EXECUTOR_WORDS[call.executor]}: {call.state}"))
    for met in interactions.interactions(session.store, row):
        lines.append((met.at, f"{met.kind} ({met.source})"))
    lines.sort(key=lambda line: -line[0])
    return tuple((past_day(at, session.now, session.zone), text) for at, text in lines[:20])


def _spell_lines(spell: pages.StoredSpell) -> Iterator[tuple[int, str]]:
    began, ended = ("followed us", "left") if spell.direction == "follower" else ("we followed", "we unfollowed")
    if spell.is_new:
        yield spell.first_seen, began
    if spell.missed_at is not None:
        yield spell.missed_at, ended


def _links(bio: str) -> tuple[tuple[int, int, str], ...]:
    return tuple((found.start(), found.end(), found.group()) for found in _LINK.finditer(bio))


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _number(value: object) -> int | None:
    return value if isinstance(value, int) else None
