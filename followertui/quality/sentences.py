"""Reasons as sentences a marketer understands, with the figures measured.

Owns how the templates of ``signals`` are filled, and which reasons are said first: the strongest
for and against, none of which only says again what a stronger one said. Imported by ``quality``
and services.

A template names measures and how each is said: ``{followers}`` a number, ``{followers:count
follower}`` with its noun, ``{followers:few follower}`` as little ("only 3 followers", "no
followers"), ``{silent_days:days}`` and ``{age_years:years}`` as a span of time; ``{words}`` and
``{market}`` are the words found, in quotes, and ``{role}`` the function.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from followertui.domain.judgement import Reason
from followertui.quality.signals import SIGNALS

MOST = 3
"""Reasons said on each side before the rest is folded away."""

_BLANK = re.compile(r"\{([\w-]+)(?::([^}]*))?\}")
_NO_WORDS = re.compile(r": \{words\}|: \{role\}|: \{market\}")
_DAYS_A_YEAR = 365.25
_SAID_WITH = {
    "following_per_follower": ("following", "followers"),
    "following_per_follower_squared": ("following", "followers"),
    "followers_per_post": ("followers", "posts"),
    "likes_per_post": ("likes",),
    "listed_per_thousand": ("listed", "followers"),
    "listed_people": ("listed",),
    "never_listed": ("listed",),
    "never_posted": ("posts",),
    "following_per_day": ("following", "age_years"),
    "posts_per_day": ("posts", "age_years"),
}
"""Measures made of others -> those that say the same together."""

_YES_OR_NO = frozenset({"never_listed", "never_posted", "listed_people"})
_TELLING_FACTS = frozenset({"silent", "never-posted"})
"""Facts that speak against following an account, though they are worth no points."""


def filled(text: str, figure: Callable[[str], float], words: Mapping[str, str]) -> str:
    """A template with its figures.

    Args:
        text: a template.
        figure: the value of a measure by its name, NaN where unknown.
        words: "words", "market" and "role" -> what was found; what is absent is left out with its colon.
    """
    for name in ("words", "role", "market"):
        if not words.get(name):
            text = text.replace(f": {{{name}}}", "")
    return _BLANK.sub(lambda met: words.get(met[1]) or _said(figure(met[1]), met[2] or ""), text)


def general(text: str) -> str:
    """A template as it is for any account: N for every figure, and no words found."""
    plain = _NO_WORDS.sub("", text)
    nouns = {"few": "only N {}s", "count": "N {}s", "days": "N days", "years": "N years"}

    def blank(met: re.Match[str]) -> str:
        """What stands for one figure."""
        how, _, noun = (met[2] or "").partition(" ")
        return nouns.get(how, "N").format(noun)

    return _BLANK.sub(blank, plain)


def unit_of(measure: str, text: str) -> str | None:
    """What the steps of a signal count: "" for the figure its template names, None where it is a yes or no."""
    if f"{{{measure}" in text:
        return None if measure.startswith("wave_") else ""
    return measure.replace("_", " ") if measure in _SAID_WITH and measure not in _YES_OR_NO else None


def quoted(terms: Iterable[str]) -> str:
    """The first two different words found, in quotes."""
    return ", ".join(f"“{term}”" for term in list(dict.fromkeys(terms))[:2])


def strongest(reasons: Sequence[Reason]) -> tuple[list[Reason], list[Reason]]:
    """The reasons to say first.

    Args:
        reasons: of one account, any order.

    Returns:
        The three that weigh most against it, silence first, and the three that weigh most for it;
        each strongest first, leaving out what only repeats the figures of a stronger one.
    """
    facts = [reason for reason in reasons if reason.code in _TELLING_FACTS]
    ordered = sorted(reasons, key=lambda reason: -abs(reason.points))
    return (
        _different([*facts, *(reason for reason in ordered if reason.points > 0)]),
        _different(reason for reason in ordered if reason.points < 0),
    )


def _different(reasons: Iterable[Reason]) -> list[Reason]:
    said: set[str] = set()
    kept: list[Reason] = []
    for reason in reasons:
        signal = SIGNALS.get(reason.code)
        if signal is None or len(kept) == MOST:
            continue
        about = set(_SAID_WITH.get(signal.measure, (signal.measure,)))
        if about <= said or any(reason.text == other.text for other in kept):
            continue
        said |= about | {met[1] for met in _BLANK.finditer(signal.text)}
        kept.append(reason)
    return kept


def _said(value: float, how: str) -> str:
    """One figure: ``count noun``, ``few noun``, ``days``, ``years``, or "" for the number alone."""
    way, _, noun = how.partition(" ")
    if way == "days":
        return _span(value)
    if way == "years":
        return _span(value * _DAYS_A_YEAR)
    shown = _number(value)
    if not noun:
        return shown
    if shown == "0":
        return f"no {noun}s"
    return f"{'only ' if way == 'few' else ''}{shown} {noun if shown == '1' else noun + 's'}"


def _number(value: float) -> str:
    if value != value:
        return "?"
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 10 else f"{value:.2g}"


def _span(days: float) -> str:
    """A span of time in its largest fitting unit: 12 days, 7 months, 3 years."""
    for unit, length, least in (("year", _DAYS_A_YEAR, 2.0), ("month", _DAYS_A_YEAR / 12, 2.0), ("day", 1.0, 0.0)):
        if days / length >= least:
            count = int(days / length)
            return f"{count:,} {unit if count == 1 else unit + 's'}"
    return "0 days"
