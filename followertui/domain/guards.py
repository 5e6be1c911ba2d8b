"""The one statement of who someone is and of what holds an account back.

Owns the precedence of kinds and the guards, stated for one account: the store fetches the
facts of a row (``store.audience.row_facts``), this module answers. Derived arrays
(``store.index.guards``) answer for all rows at once from a table made of these functions.
Stdlib only; anyone may import it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import NamedTuple

from followertui.domain.clock import DAY
from followertui.domain.decision import PRUNING_ACTIONS, ActionKind, Decision
from followertui.domain.kind import (
    GUARDED_KINDS,
    LIST_PRECEDENCE,
    SOURCE_ORDER,
    UNGUARDED_LIST_KINDS,
    Kind,
    KindSource,
)
from followertui.domain.match import Band, MatchState

CONVERSATIONS = ("mention", "reply", "message", "contact", "quote", "inbound")
"""Kinds of interaction that count as talking to each other."""

ENGAGEMENTS = (*CONVERSATIONS, "like", "repost", "offer")
"""Kinds of interaction that count as engaged: we talked, or one of us did something with the other's posts."""

OUTCOMES = ("visit", "download", "registration")
"""Kinds of interaction that outcome files bring, in the order of a funnel."""

AROUND_DAYS = 90
"""How many days before and after a first engagement are compared."""

JOB_CHANGE = "job-change"
"""Kind of an interaction that is none with us: someone says another employer than before."""

NEVER_FOLLOW_TAG = "never follow"
"""Accounts with this tag are not followed."""

_LIST_RANK = {kind.value: rank for rank, kind in enumerate(LIST_PRECEDENCE)}
_UNGUARDED = frozenset(kind.value for kind in UNGUARDED_LIST_KINDS)
_SAID = frozenset({KindSource.PERSON, KindSource.CONFIRMED, KindSource.AFFILIATION})
"""Sources that make a guarded kind guard; what is only judged or proposed does not."""
_NOT_FOLLOWED = frozenset({Kind.BOT, Kind.HARMFUL})


class GuardSettings(NamedTuple):
    """How long a guard by time holds.

    Attributes:
        conversation_days: days after the last conversation.
        fresh_days: days after a follow of ours was observed to begin, and after an unfollow of ours.
        comparing: what has to be done before an account counts as compared, in plain words.
    """

    conversation_days: int = 60
    fresh_days: int = 30
    comparing: str = "`followertui match` compares"

    def talked_since(self, now: int) -> int:
        """A conversation at or after this moment guards (epoch seconds UTC)."""
        return now - self.conversation_days * DAY

    def followed_since(self, now: int) -> int:
        """A follow of ours that began, or an unfollow, at or after this moment guards (epoch seconds UTC)."""
        return now - self.fresh_days * DAY


DEFAULT_SETTINGS = GuardSettings()


class Guard(str, Enum):
    """What holds an account back from an action, strongest first."""

    KEPT = "kept"
    CUSTOMER = "customer"
    PROSPECT = "prospect"
    PARTNER = "partner"
    INFLUENCER = "influencer"
    EMPLOYEE = "employee"
    PRESS = "press"
    MATCHED = "matched"
    NOT_COMPARED = "not-compared"
    TALKED = "talked"
    FRESH = "fresh"
    NEVER_FOLLOW = "never-follow"
    NOT_GENUINE = "not-genuine"
    UNFOLLOWED = "unfollowed"
    NO_CONTACT = "no-contact"

    def __str__(self) -> str:
        return self.value

    def sentence(self, settings: GuardSettings = DEFAULT_SETTINGS) -> str:
        """Why the account is held back, and what lets it go, in plain words."""
        return _SENTENCES[self].format(**settings._asdict())


GUARD_ORDER: tuple[Guard, ...] = tuple(Guard)
"""Every guard; the position plus one is the code used in derived arrays, 0 is none."""

PRUNING_GUARDS: tuple[Guard, ...] = GUARD_ORDER[: GUARD_ORDER.index(Guard.FRESH) + 1]
"""Guards against taking out; those behind them hold back a follow or, the last, a repost."""

_SENTENCES: dict[Guard, str] = {
    Guard.KEPT: "kept for ever",
    **{
        Guard(kind.value): f"is {'an' if kind.value[0] in 'aeiou' else 'a'} {kind.value} (release to allow)"
        for kind in GUARDED_KINDS
    },
    Guard.PRESS: "is press (release to allow)",
    Guard.MATCHED: "matches a list entry (reject the match to allow)",
    Guard.NOT_COMPARED: "not compared with your lists yet; {comparing}",
    Guard.TALKED: "talked with us in the last {conversation_days} days",
    Guard.FRESH: "followed less than {fresh_days} days ago",
    Guard.NEVER_FOLLOW: "tagged never follow",
    Guard.NOT_GENUINE: "looks like a bot or harmful",
    Guard.UNFOLLOWED: "unfollowed less than {fresh_days} days ago (release to allow)",
    Guard.NO_CONTACT: "never to be contacted",
}


RELEASABLE: frozenset[Guard] = frozenset(
    {*(Guard(kind.value) for kind in GUARDED_KINDS), Guard.MATCHED, Guard.TALKED, Guard.FRESH, Guard.UNFOLLOWED}
)
"""Guards a release can lift. ``keep`` is another decision away, comparing takes a moment."""

_OF_MANY: dict[str, str] = {
    **{_SENTENCES[Guard(kind.value)]: f"are {kind.value}s (release to allow)" for kind in GUARDED_KINDS},
    _SENTENCES[Guard.PRESS]: "are press (release to allow)",
    _SENTENCES[Guard.MATCHED]: "match a list entry (reject the matches to allow)",
    _SENTENCES[Guard.NOT_GENUINE]: "look like bots or harmful",
}
"""Sentence of a guard -> the same of several accounts, where it differs."""


def reason_for(count: int, reason: str) -> str:
    """The reason some accounts are held back for, as it follows their count: "is a customer", "are customers".

    Args:
        count: accounts.
        reason: the sentence of a guard, or other words that fit any number.
    """
    return reason if count == 1 else _OF_MANY.get(reason, reason)


class MatchFacts(NamedTuple):
    """One match of an account, as far as kind and guards depend on it.

    Attributes:
        state: a person's answer to it.
        band: how sure its score is.
        is_stale: no longer proposed; kept because a person decided it.
        kinds: kinds of the entity's current entries, each once, "" where neither entry nor list
            says one; empty where no entry is current.
        entity, relation: what it ties the account to, and how.
        evidence_hash: fingerprint of what it is computed from now.
    """

    state: MatchState
    band: Band
    is_stale: bool
    kinds: tuple[str, ...]
    entity: int = 0
    relation: str = "is"
    evidence_hash: str = ""


class RowFacts(NamedTuple):
    """What is stored of one account, as far as its kind and its guards depend on it.

    Attributes:
        decision: what was decided.
        releases: what a person released it from: guard -> evidence hash of its basis then.
        word: a person's word on the kind, None without one.
        word_at: when it was said, epoch seconds UTC, None without one.
        is_affiliated: X vouches that the account belongs to our company.
        matches: every match, whatever its state, in no order.
        judged: the judged kind, None where it was not judged.
        talked_at: epoch seconds UTC of the last conversation, None without one.
        followed_at: when a follow of ours was observed to begin, None where it was not.
        unfollowed_at: when we unfollowed it last, None where we did not or follow it again.
        is_never_follow: tagged so.
        is_compared: compared with the lists as they are now, or there is no list.
        is_no_contact: never to be contacted; read only where an action addresses the account.
    """

    decision: Decision = Decision.NONE
    releases: tuple[tuple[Guard, str], ...] = ()
    word: Kind | None = None
    word_at: int | None = None
    is_affiliated: bool = False
    matches: tuple[MatchFacts, ...] = ()
    judged: Kind | None = None
    talked_at: int | None = None
    followed_at: int | None = None
    unfollowed_at: int | None = None
    is_never_follow: bool = False
    is_compared: bool = True
    is_no_contact: bool = False


class GuardSigns(NamedTuple):
    """What the guards look at: the facts of one account at one moment.

    Attributes:
        kind, source: who it is, and which rule decided.
        is_kept: decided ``keep``.
        is_kind_released: released from the guard of its kind.
        is_matched: a match that was not rejected and whose lists guard; not released from.
        is_not_compared: not compared with the lists as they are.
        has_talked, is_fresh: a conversation, or a follow of ours, not long ago; not released from.
        is_never_follow: tagged so.
        is_unfollowed: we unfollowed it not long ago; not released from.
        is_no_contact: never to be contacted.
    """

    kind: Kind
    source: KindSource
    is_kept: bool = False
    is_kind_released: bool = False
    is_matched: bool = False
    is_not_compared: bool = False
    has_talked: bool = False
    is_fresh: bool = False
    is_never_follow: bool = False
    is_unfollowed: bool = False
    is_no_contact: bool = False


# --- matches -------------------------------------------------------------------------------


def stands(match: MatchFacts) -> bool:
    """Whether a match counts: not rejected, and proposed still or confirmed."""
    return match.state is not MatchState.REJECTED and not (match.is_stale and match.state is MatchState.UNREVIEWED)


def guards(match: MatchFacts) -> bool:
    """Whether a match holds the account back from pruning.

    All do that stand, whatever their band, but those whose entity is on unguarded lists only.
    """
    return stands(match) and (not match.kinds or any(kind not in _UNGUARDED for kind in match.kinds))


def strongest_kind(kinds: Iterable[str]) -> Kind | None:
    """The kind that wins where lists disagree, None where none says one."""
    known = [kind for kind in kinds if kind in _LIST_RANK]
    return Kind(min(known, key=_LIST_RANK.__getitem__)) if known else None


def confirmed_kind(matches: Iterable[MatchFacts]) -> Kind | None:
    """What confirmed matches say of the kind."""
    return strongest_kind(kind for match in matches if match.state is MatchState.CONFIRMED for kind in match.kinds)


def certain_kind(matches: Iterable[MatchFacts]) -> Kind | None:
    """The kind that certain, unreviewed matches propose."""
    return strongest_kind(
        kind
        for match in matches
        if stands(match) and match.state is MatchState.UNREVIEWED and match.band is Band.CERTAIN
        for kind in match.kinds
    )


# --- kind ----------------------------------------------------------------------------------


def kind_of(facts: RowFacts) -> tuple[Kind, KindSource]:
    """Who someone is and which rule decided: the first source of ``SOURCE_ORDER`` that says one."""
    said = {
        KindSource.PERSON: facts.word,
        KindSource.CONFIRMED: confirmed_kind(facts.matches),
        KindSource.AFFILIATION: Kind.EMPLOYEE if facts.is_affiliated else None,
        KindSource.CERTAIN: certain_kind(facts.matches),
        KindSource.JUDGED: facts.judged,
        KindSource.NONE: Kind.UNSEEN,
    }
    return next((kind, source) for source in SOURCE_ORDER if (kind := said[source]) is not None)


# --- guards --------------------------------------------------------------------------------


def evidence_hash(guard: Guard, facts: RowFacts) -> str:
    """What a guard rests on now: 24 hexadecimal digits. A release lifts the guard while they stay the same.

    The kind rests on its source, the word and when it was given, or the matches confirmed; a
    match on the entities and the evidence of all that guard; a conversation on the newest one;
    a follow on when it began. Where the lists have to be asked first, nothing is rested on.
    """
    parts: tuple[object, ...]
    if guard is Guard.MATCHED:
        parts = tuple(
            sorted((m.entity, m.relation, m.evidence_hash, m.state.value) for m in facts.matches if guards(m))
        )
    elif guard is Guard.TALKED:
        parts = (facts.talked_at,)
    elif guard is Guard.FRESH:
        parts = (facts.followed_at,)
    elif guard is Guard.UNFOLLOWED:
        parts = (facts.unfollowed_at,)
    else:
        kind, source = kind_of(facts)
        parts = (kind.value, source.value)
        if source is KindSource.PERSON:
            parts += (facts.word_at,)
        elif source is KindSource.CONFIRMED:
            confirmed = (match for match in facts.matches if match.state is MatchState.CONFIRMED)
            parts += tuple(sorted((match.entity, match.relation, match.evidence_hash) for match in confirmed))
    return hashlib.blake2b(repr((guard.value, parts)).encode(), digest_size=12).hexdigest()


def signs_of(facts: RowFacts, now: int, settings: GuardSettings = DEFAULT_SETTINGS) -> GuardSigns:
    """What the guards look at.

    Args:
        facts: the row as stored.
        now: epoch seconds UTC.
        settings: how long guards by time hold.
    """
    kind, source = kind_of(facts)
    lifted = {guard for guard, basis in facts.releases if basis == evidence_hash(guard, facts)}
    return GuardSigns(
        kind,
        source,
        is_kept=facts.decision is Decision.KEEP,
        is_kind_released=any(guard.value == kind.value for guard in lifted),
        is_matched=Guard.MATCHED not in lifted and any(guards(match) for match in facts.matches),
        is_not_compared=not facts.is_compared,
        has_talked=Guard.TALKED not in lifted and _is_since(facts.talked_at, settings.talked_since(now)),
        is_fresh=Guard.FRESH not in lifted and _is_since(facts.followed_at, settings.followed_since(now)),
        is_never_follow=facts.is_never_follow,
        is_unfollowed=Guard.UNFOLLOWED not in lifted and _is_since(facts.unfollowed_at, settings.followed_since(now)),
        is_no_contact=facts.is_no_contact,
    )


def _is_since(at: int | None, since: int) -> bool:
    return at is not None and at >= since


def guard_of(action: ActionKind, facts: RowFacts, now: int, settings: GuardSettings = DEFAULT_SETTINGS) -> Guard | None:
    """The strongest guard that holds one account back from an action, None where none does.

    Args:
        action: what is to be done.
        facts: the row as stored.
        now: epoch seconds UTC.
        settings: how long guards by time hold.
    """
    return guard_from(action, signs_of(facts, now, settings))


def guard_from(action: ActionKind, signs: GuardSigns) -> Guard | None:
    """The strongest guard that the signs of one account raise against an action."""
    return next(guards_from(action, signs), None)


def guards_from(action: ActionKind, signs: GuardSigns) -> Iterator[Guard]:
    """Every guard that the signs of one account raise against an action, strongest first."""
    if action in PRUNING_ACTIONS:
        yield from _pruning_guards(signs)
    elif action is ActionKind.FOLLOW:
        if signs.is_never_follow:
            yield Guard.NEVER_FOLLOW
        if signs.kind in _NOT_FOLLOWED:
            yield Guard.NOT_GENUINE
        if signs.is_unfollowed:
            yield Guard.UNFOLLOWED
    elif action is ActionKind.REPOST and signs.is_no_contact:
        yield Guard.NO_CONTACT


def _pruning_guards(signs: GuardSigns) -> Iterator[Guard]:
    if signs.is_kept:
        yield Guard.KEPT
    if signs.kind in GUARDED_KINDS and signs.source in _SAID and not signs.is_kind_released:
        yield Guard(signs.kind.value)
    if signs.is_matched:
        yield Guard.MATCHED
    if signs.is_not_compared:
        yield Guard.NOT_COMPARED
    if signs.has_talked:
        yield Guard.TALKED
    if signs.is_fresh:
        yield Guard.FRESH
