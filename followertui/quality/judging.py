"""Judges accounts: the weights of the signals that fire, summed, with every reason.

Owns how a score is computed: it starts at the weights' ``start``, each signal that fires adds
its points, the sum is clamped to 0-100. Absence of data is not evidence: the bot score is
kept below its threshold while followers, following, posts or the creation date are unknown,
while unknown fields (bio, location, link, lists) could still lower it, and where only being new
lifts it there: new is not fake.
Pure; imported by services, tests and benchmarks.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain.account import ProfileColumns
from followertui.domain.judgement import AccountType, Judgement
from followertui.quality import reading, types
from followertui.quality.brand import OwnBrand, brand_measures
from followertui.quality.lexicon import Lexicon
from followertui.quality.market import MarketWords, relevance_of
from followertui.quality.reading import Measure
from followertui.quality.signals import SCORES, SIGNALS, WAVE_TRAITS, join_measures
from followertui.quality.weights import ScoreWeights, Steps, Weights

CHUNK = 100_000
"""Accounts judged at once: keeps a million of them within a few hundred megabytes."""

_CORE = ("followers", "following", "posts", "age_years")
"""Measures without which no account is judged a bot."""

_NEW_YEARS = 60 / 365.25
_AGE_EXPLAINS = ("young", "few-followers", "few-posts", "never-listed", "unreturned", "follows-at-speed")
"""Signals an account younger than ``_NEW_YEARS`` fires because it is new."""

_ORGANISATIONS = (AccountType.COMPANY, AccountType.MEDIA, AccountType.COMMUNITY)

_MAY_CLEAR = ("bio_length", "own_life", "has_role", "has_place", "has_link", "listed_people")
"""Measures that get the benefit of the doubt while unknown. Badges and affiliation do not:
most sources never state them, and then no account could be judged a bot."""


Waves = Mapping[int, Mapping[str, int]]
"""Row number -> trait -> number of the wave the account came with; others came with none."""


class Sheet(NamedTuple):
    """All measures of a batch, before any weight.

    Attributes:
        measures: name -> column.
        types, roles, seniorities: facts, in the order of the columns.
        lexicon: the word lists the bios were read by.
    """

    measures: dict[str, Measure]
    types: list[AccountType]
    roles: list[str]
    seniorities: list[str]
    lexicon: Lexicon


def measure(
    columns: ProfileColumns,
    now: datetime,
    market: MarketWords | None = None,
    own_words: types.OwnWords = (),
    brand: OwnBrand | None = None,
    waves: Waves | None = None,
) -> Sheet:
    """Measure a batch of profiles; no weight is involved.

    Args:
        columns: profiles.
        now: moment they are judged at, aware.
        market: the person's market words, or None.
        own_words: the user's word lists (``Weights.words``).
        brand: who we are, or None (then no account can impersonate us).
        waves: the waves accounts came with, or None.

    Returns:
        Measures and facts, in the order of the columns.
    """
    bios = reading.read_bios(columns, types.bio_lexicon(own_words))
    m = {
        **reading.number_measures(columns, now),
        **reading.flag_measures(columns),
        **reading.link_measures(columns),
        **reading.shape_measures(columns),
        **bios.measures,
        **reading.word_measures(bios),
        "relevance": relevance_of(columns, market),
        **brand_measures(columns, brand),
        **_wave_measures(columns, waves or {}),
    }
    roles, levels = types.roles_of(columns, bios, own_words)
    no_bio = np.isnan(m["bio_length"])
    works = np.array([float(bool(r) and r != "student") for r in roles])
    student = np.array([float(r == "student") for r in roles])
    works[no_bio] = student[no_bio] = np.nan
    m |= join_measures(m, works, student)
    sorts = types.types_of(columns, bios, m, roles, levels)
    m["is_feed"] = np.array([float(t is AccountType.FEED) for t in sorts])
    m["is_organisation"] = np.array([float(t in _ORGANISATIONS) for t in sorts])
    student[m["is_organisation"] > 0] = 0.0
    for i in np.flatnonzero(m["is_organisation"] + m["is_feed"]).tolist():
        roles[i] = levels[i] = ""
    far = (m["relevance"] == 0) & (m["bio_length"] >= 20)
    m["far_from_market"] = np.where(np.isnan(m["relevance"]), np.nan, far.astype(float))
    return Sheet(m, sorts, roles, levels, bios.lexicon)


def _wave_measures(columns: ProfileColumns, waves: Waves) -> dict[str, Measure]:
    """The number of the wave of each trait an account came with, NaN for none."""
    found = {trait: np.full(len(columns), np.nan) for trait in WAVE_TRAITS}
    if waves:
        for at, row in enumerate(columns.rows):
            for trait, number in waves.get(row, {}).items():
                found[trait][at] = number
    return {f"wave_{trait}": column for trait, column in found.items()}


def points_for(values: Measure, steps: Steps) -> NDArray[np.int16]:
    """Points of one signal.

    Args:
        values: its measure, NaN unknown.
        steps: (at least, points), ascending.

    Returns:
        Points in the order of ``values``; 0 below the first step and for NaN.
    """
    table = np.array([0, *(points for _, points in steps)], dtype=np.int16)
    place = np.searchsorted(np.array([at for at, _ in steps]), values, side="right")
    place[np.isnan(values)] = 0
    return table[place]


def judge(
    columns: ProfileColumns,
    weights: Weights,
    now: datetime,
    market: MarketWords | None = None,
    brand: OwnBrand | None = None,
    waves: Waves | None = None,
) -> list[Judgement]:
    """Judge a batch of accounts, each by its own profile and the wave it came with.

    Args:
        columns: profiles; one account is a batch of one.
        weights: from ``load_weights``.
        now: moment they are judged at, aware.
        market: the user's market words, or None (relevance is then None).
        brand: who we are, or None.
        waves: the waves accounts came with, or None.

    Returns:
        Judgements, in the order of the columns.
    """
    judgements: list[Judgement] = []
    for start in range(0, len(columns), CHUNK):
        part = columns if len(columns) <= CHUNK else _slice(columns, start, start + CHUNK)
        judgements += _judge_chunk(part, weights, measure(part, now, market, weights.words, brand, waves))
    return judgements


def _judge_chunk(columns: ProfileColumns, weights: Weights, sheet: Sheet) -> list[Judgement]:
    fired: dict[str, NDArray[np.int16]] = {}
    totals: list[list[int | None]] = []
    for score in SCORES:
        points, total, _ = score_points(sheet.measures, weights, score)
        fired |= points
        totals.append(_optional(total))
    fired |= {code: fact.astype(np.int16) for code, fact in facts_that_hold(sheet.measures, weights).items()}
    fields = zip(
        list(columns.rows),
        *totals,
        _optional(sheet.measures["relevance"]),
        sheet.types,
        sheet.roles,
        sheet.seniorities,
        _codes(fired),
        strict=True,
    )
    return [Judgement._make(values) for values in fields]


def score_points(
    measures: dict[str, Measure], weights: Weights, score: str
) -> tuple[dict[str, NDArray[np.int16]], Measure, NDArray[np.bool_]]:
    """How one score comes about.

    Returns:
        Signal -> its points, the score (NaN where nothing is known), and where it was held below
        its threshold; all in the order of the measures.
    """
    how = weights.scores[score]
    points = {code: points_for(measures[SIGNALS[code].measure], steps) for code, steps in how.points.items()}
    total = np.full(len(measures["followers"]), float(how.start))
    for column in points.values():
        total += column
    held = np.zeros(len(total), dtype=bool)
    if score == "bot":
        doubt = _doubt(measures, how) + _owed_to_age(measures, points)
        held = (total >= how.threshold) & (_little_known(measures) | (total - doubt < how.threshold))
        total[held] = how.threshold - 1
    total = np.clip(total, 0, 100)
    unknown = ~_known(measures, score)
    total[unknown] = np.nan
    for column in points.values():
        column[unknown] = 0
    return points, total, held


def _little_known(measures: dict[str, Measure]) -> NDArray[np.bool_]:
    """Where a count is unknown, or where an account has done nothing that could be judged, as parked ones."""
    idle = (measures["posts"] <= 1) & (measures["following"] <= 1)
    return np.array(np.logical_or.reduce([idle, *(np.isnan(measures[name]) for name in _CORE)]))


def _doubt(measures: dict[str, Measure], how: ScoreWeights) -> Measure:
    """Most points the unknown measures of each account could take off its score."""
    doubt = np.zeros(len(measures["followers"]))
    for code, steps in how.points.items():
        name = SIGNALS[code].measure
        if name in _MAY_CLEAR:
            doubt += np.isnan(measures[name]) * -min(0, *(points for _, points in steps), 0)
    return doubt


def _owed_to_age(measures: dict[str, Measure], points: dict[str, NDArray[np.int16]]) -> Measure:
    """Points that an account of a few weeks has because it is new; 0 for older ones."""
    owed = np.zeros(len(measures["followers"]))
    for code in _AGE_EXPLAINS:
        if code in points:
            owed += np.maximum(points[code], 0)
    return np.where(measures["age_years"] < _NEW_YEARS, owed, 0.0)


def _known(measures: dict[str, Measure], score: str) -> NDArray[np.bool_]:
    """Where at least one measure of the score is known."""
    bases = {
        "bot": (*_CORE, "listed", "bio_length"),
        "harmful": ("bio_length", "shortened", "impersonates_name", "copies_our_handle"),
        "offtopic": ("bio_length", "relevance"),
    }[score]
    return np.array(~np.logical_and.reduce([np.isnan(measures[name]) for name in bases]))


def facts_that_hold(measures: dict[str, Measure], weights: Weights) -> dict[str, NDArray[np.bool_]]:
    """Fact -> for which accounts it holds."""
    facts: dict[str, NDArray[np.bool_]] = {}
    for code, signal in SIGNALS.items():
        if signal.score == "fact":
            facts[code] = measures[signal.measure] >= (weights.silent_days if code == "silent" else 1)
    return facts


def _optional(total: Measure) -> list[int | None]:
    return [None if value != value else int(value) for value in total.tolist()]


def _codes(fired: dict[str, NDArray[np.int16]]) -> list[tuple[str, ...]]:
    """Codes that fired for each account, strongest first, facts last.

    Accounts share patterns, so each distinct row of points is sorted once; rows are compared by a
    64-bit hash.
    """
    names = list(fired)
    is_fact = np.array([SIGNALS[name].score == "fact" for name in names])
    matrix = np.stack(list(fired.values()), axis=1)
    mix = np.frombuffer(b"".join(blake2b(name.encode(), digest_size=8).digest() for name in names), np.int64)
    _, first, pattern = np.unique(matrix.astype(np.int64) @ mix, return_index=True, return_inverse=True)
    distinct = matrix[first]
    rows, signals = np.nonzero(distinct)
    order = np.lexsort((signals, -np.abs(distinct[rows, signals]), is_fact[signals], rows))
    codes = [names[k] for k in signals[order].tolist()]
    ends = np.cumsum(np.bincount(rows, minlength=len(first))).tolist()
    table = [tuple(codes[start:end]) for start, end in zip([0, *ends], ends, strict=False)]
    return [table[p] for p in pattern.tolist()]


def _slice(columns: ProfileColumns, start: int, stop: int) -> ProfileColumns:
    fields = ProfileColumns.__dataclass_fields__
    return ProfileColumns(**{name: getattr(columns, name)[start:stop] for name in fields})
