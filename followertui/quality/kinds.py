"""From scores, and from what the person said of us and of competitors, to a judged kind.

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
        COMPETITOR where the person named it as one. Else the kind with the highest score that reaches
        its own threshold; EMPLOYEE where the bio says so and it is neither harmful nor a bot; UNCLEAR
        where nothing is reached, UNSEEN where nothing is known to judge.
    """
    if "named-rival" in judgement.reasons:
        return Kind.COMPETITOR
    found, best = Kind.UNSEEN, -1
    scores = (judgement.harmful, judgement.bot, judgement.offtopic)
    for kind, name, score in zip(_JUDGED, _NAMES, scores, strict=True):
        if score is None:
            continue
        if score > best and score >= weights.scores[name].threshold:
            found, best = kind, score
        elif found is Kind.UNSEEN:
            found = Kind.UNCLEAR
    if "works-here" in judgement.reasons and found not in (Kind.HARMFUL, Kind.BOT):
        return Kind.EMPLOYEE
    return found
