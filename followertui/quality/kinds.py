"""From scores to a judged kind.

Owns only the last rule of precedence (the highest judged kind that reaches its threshold); a
person's word, a match and an affiliation outrank it and are resolved before. Imported by
services.
"""

from __future__ import annotations

from followertui.domain.judgement import Judgement
from followertui.domain.kind import Kind
from followertui.quality.weights import Weights

_JUDGED: tuple[Kind, ...] = (Kind.HARMFUL, Kind.BOT, Kind.OFFTOPIC)
"""Kinds a score can give; the first wins a tie."""

_NAMES = tuple(kind.value for kind in _JUDGED)


def judged_kind(judgement: Judgement, weights: Weights) -> Kind:
    """The kind the scores alone give.

    Args:
        judgement: the account's scores.
        weights: give the thresholds.

    Returns:
        The kind with the highest score that reaches its own threshold; UNCLEAR where none is,
        UNSEEN where nothing is known to judge.
    """
    found, best = Kind.UNSEEN, -1
    scores = (judgement.harmful, judgement.bot, judgement.offtopic)
    for kind, name, score in zip(_JUDGED, _NAMES, scores, strict=True):
        if score is None:
            continue
        if score > best and score >= weights.scores[name].threshold:
            found, best = kind, score
        elif found is Kind.UNSEEN:
            found = Kind.UNCLEAR
    return found
