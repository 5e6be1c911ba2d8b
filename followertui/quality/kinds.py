"""From scores to a judged kind, and to what the card suggests.

Owns the last rule of precedence only (the highest judged kind above its threshold); a
person's word, a match and an affiliation outrank it and are settled before. A suggestion
decides nothing. Imported by services.
"""

from __future__ import annotations

from typing import NamedTuple

from followertui.domain.decision import Decision
from followertui.domain.judgement import AccountType, Judgement
from followertui.domain.kind import GUARDED_KINDS, QUALIFIED_KINDS, Kind
from followertui.domain.match import Band
from followertui.quality.weights import Weights

CLOSE = 40
"""Relevance from which an account nobody knows is worth a contact."""

_JUDGED: tuple[Kind, ...] = (Kind.HARMFUL, Kind.BOT, Kind.OFFTOPIC)
"""Kinds a score can give; of equal scores the first wins."""

_WATCHED: frozenset[Kind] = frozenset({Kind.VENDOR, Kind.COMPETITOR})


class Suggestion(NamedTuple):
    """What the card suggests, and why.

    Attributes:
        decision: the decision, NONE where only a person can tell.
        text: one line, as the card shows it.
    """

    decision: Decision
    text: str


def judged_kind(judgement: Judgement, weights: Weights) -> Kind:
    """The kind the scores alone give.

    Args:
        judgement: of the account.
        weights: their thresholds are used.

    Returns:
        The kind with the highest score above its own threshold; UNCLEAR where none is,
        UNSEEN where there was nothing to judge by.
    """
    scores = {kind: _score(judgement, kind) for kind in _JUDGED}
    if all(score is None for score in scores.values()):
        return Kind.UNSEEN
    above = [k for k in _JUDGED if (scores[k] or 0) > weights.scores[k.value].threshold]
    return max(above, key=lambda kind: scores[kind] or 0, default=Kind.UNCLEAR)


def _score(judgement: Judgement, kind: Kind) -> int | None:
    return {Kind.BOT: judgement.bot, Kind.HARMFUL: judgement.harmful, Kind.OFFTOPIC: judgement.offtopic}[kind]


def suggest(
    judgement: Judgement,
    kind: Kind,
    *,
    we_follow: bool,
    follows_us: bool,
    band: Band | None = None,
) -> Suggestion:
    """What the card suggests for one account.

    A match of any band that was not rejected speaks before every score, silence alone never
    speaks against a match, and somebody unknown who merely follows us is left in peace.

    Args:
        judgement: of the account.
        kind: its kind after all precedence.
        we_follow: whether we follow it.
        follows_us: whether it follows us.
        band: of its best match that is not rejected, or None.

    Returns:
        The suggestion.
    """
    if kind in GUARDED_KINDS:
        return _for_known(kind, we_follow, follows_us)
    if kind in _WATCHED:
        return _suggestion(Decision.KEEP, f"a {kind}: worth watching")
    if band is not None:
        return _suggestion(Decision.NONE, f"look at its {band} match first")
    if kind in _JUDGED:
        because = ", ".join(judgement.reasons[:3])
        return _suggestion(Decision.OUT, f"{kind} {_score(judgement, kind)}" + (f": {because}" if because else ""))
    return _for_unknown(judgement, kind, we_follow, follows_us)


def _for_known(kind: Kind, we_follow: bool, follows_us: bool) -> Suggestion:
    if we_follow:
        return _suggestion(Decision.KEEP, f"a {kind} we follow")
    if follows_us and kind in QUALIFIED_KINDS | {Kind.EMPLOYEE}:
        return _suggestion(Decision.FOLLOW, f"a {kind} who follows us, and we do not follow back")
    return _suggestion(Decision.ENGAGE, f"a {kind} with whom there is no contact yet")


def _for_unknown(judgement: Judgement, kind: Kind, we_follow: bool, follows_us: bool) -> Suggestion:
    if kind is Kind.UNSEEN:
        return _suggestion(Decision.NONE, "nothing is known yet")
    relevance = judgement.relevance or 0
    if relevance >= CLOSE:
        if we_follow:
            return _suggestion(Decision.KEEP, f"relevance {relevance} to your market")
        decision = Decision.FOLLOW if follows_us else Decision.ENGAGE
        return _suggestion(decision, f"relevance {relevance} to your market, and we do not follow")
    if we_follow and not follows_us:
        for code, words in (("silent", "silent"), ("never-posted", "it never posted")):
            if code in judgement.reasons:
                return _suggestion(Decision.OUT, f"{words}, does not follow us, matches nothing")
        if judgement.type is AccountType.FEED:
            return _suggestion(Decision.OUT, "a feed that matches nothing")
    if we_follow and follows_us and judgement.role:
        return _suggestion(Decision.KEEP, f"works in {judgement.role} and follows us too")
    return _suggestion(Decision.NONE, "only a person can tell")


def _suggestion(decision: Decision, because: str) -> Suggestion:
    verb = "your look" if decision is Decision.NONE else decision.value
    return Suggestion(decision, f"suggests: {verb} ({because})")
