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


def judged_kind(judgement: Judgement, weights: Weights) -> Kind:
    """The kind the scores alone give.

    Args:
        judgement: the account's scores.
        weights: give the thresholds.

    Returns:
        The kind with the highest score that reaches its own threshold; UNCLEAR where none is,
        UNSEEN where nothing is known to judge.
    """
    scores = {kind: _score(judgement, kind) for kind in _JUDGED}
    if all(score is None for score in scores.values()):
        return Kind.UNSEEN
    above = [k for k in _JUDGED if (scores[k] or 0) >= weights.scores[k.value].threshold]
    return max(above, key=lambda kind: scores[kind] or 0, default=Kind.UNCLEAR)


def _score(judgement: Judgement, kind: Kind) -> int | None:
    return {Kind.BOT: judgement.bot, Kind.HARMFUL: judgement.harmful, Kind.OFFTOPIC: judgement.offtopic}[kind]
