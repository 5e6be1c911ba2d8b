"""The weights: read from a documented TOML, checked, hashed, compared.

Owns the file format and the ``Weights`` judging uses, but no weight itself. Imported by
``quality`` and services.
"""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from followertui.domain.errors import BadInput
from followertui.quality.signals import SCORES, SIGNALS
from followertui.quality.types import OwnWords, categories

Steps = tuple[tuple[float, int], ...]


@dataclass(frozen=True, slots=True)
class ScoreWeights:
    """How one score is summed.

    Attributes:
        start: points before any signal, 0-100.
        threshold: from it on the account is judged to be of this kind.
        points: code -> steps (at least, points), ascending.
    """

    start: int
    threshold: int
    points: dict[str, Steps]


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything the user may adjust.

    Attributes:
        scores: "bot", "harmful" and "offtopic" -> how it is summed.
        silent_days: days without a post after which an account is silent.
        words: word lists that replace the built-in ones: (category, language, terms).
        version: scoring version, a short hash of the above; a new one requires judging again.
    """

    scores: dict[str, ScoreWeights]
    silent_days: int
    words: OwnWords
    version: str


def load_weights(path: Path | None = None) -> Weights:
    """Read weights.

    Args:
        path: a TOML file, or None for the built-in weights.

    Returns:
        The weights.

    Raises:
        BadInput: the file cannot be read, or contains something that is not a weight.
    """
    return _shipped() if path is None else _parsed(_text_of(path), str(path))


def with_standards(own: Weights, standards: Mapping[str, int]) -> Weights:
    """Weights with some thresholds, or the days of silence, set otherwise.

    Args:
        own: the weights.
        standards: score -> threshold, and "silent" -> days; what it does not name stays.

    Returns:
        The same weights where nothing differs, else others of another version.
    """
    scores = {score: replace(how, threshold=standards.get(score, how.threshold)) for score, how in own.scores.items()}
    silent_days = standards.get("silent", own.silent_days)
    if scores == own.scores and silent_days == own.silent_days:
        return own
    thresholds = {score: how.threshold for score, how in scores.items()}
    digest = hashlib.sha256(json.dumps([own.version, thresholds, silent_days], sort_keys=True).encode()).hexdigest()
    return replace(own, scores=scores, silent_days=silent_days, version=digest[:12])


def shipped_text(name: str = "weights.toml") -> str:
    """The text of a built-in file, to copy and edit."""
    return files("followertui.quality").joinpath(name).read_text(encoding="utf-8")


def diff(before: Weights, after: Weights) -> list[str]:
    """What changed between two sets of weights, one line each, in the order of the file."""
    lines: list[str] = []
    for score in SCORES:
        old, new = before.scores[score], after.scores[score]
        for field in ("start", "threshold"):
            if getattr(old, field) != getattr(new, field):
                lines.append(f"{score}.{field}: {getattr(old, field)} -> {getattr(new, field)}")
        for code in dict.fromkeys([*old.points, *new.points]):
            was, now = old.points.get(code), new.points.get(code)
            if was != now:
                lines.append(f"{score}.{code}: {_shown(was)} -> {_shown(now)}")
    old_words, new_words = ({(c, lang): terms for c, lang, terms in w.words} for w in (before, after))
    for key in sorted({*old_words, *new_words}):
        if old_words.get(key) != new_words.get(key):
            lines.append(f"words.{key[0]}.{key[1]}: {_listed(old_words.get(key))} -> {_listed(new_words.get(key))}")
    if before.silent_days != after.silent_days:
        lines.append(f"fact.silent: {before.silent_days} -> {after.silent_days}")
    return lines


def _listed(terms: tuple[str, ...] | None) -> str:
    return "built-in" if terms is None else ", ".join(terms)


def _shown(steps: Steps | None) -> str:
    if steps is None:
        return "none"
    return ", ".join(f"{points:+d} from {at:g}" for at, points in steps)


@cache
def _shipped() -> Weights:
    return _parsed(shipped_text(), "weights.toml")


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"cannot read weights {path}: {error}; give a TOML file in UTF-8") from error


def _parsed(text: str, where: str) -> Weights:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadInput(f"weights {where}: {error}; compare it with the built-in file") from error
    unknown = set(data) - {*SCORES, "fact", "words"}
    if unknown:
        known = ", ".join((*SCORES, "fact", "words"))
        raise BadInput(f"weights {where}: unknown section [{min(unknown)}]; there are {known}")
    scores = {score: _score(data.get(score), score, where) for score in SCORES}
    fact = data.get("fact", {})
    silent = _whole(fact.get("silent", 180) if isinstance(fact, dict) else None, 1, 36_500, "fact.silent", where)
    plain = {s: [w.start, w.threshold, w.points] for s, w in scores.items()}
    words = _words(data.get("words", {}), where)
    lists = [shipped_text("words.toml"), shipped_text("roles.toml")]
    digest = hashlib.sha256(json.dumps([plain, silent, words, lists], sort_keys=True).encode()).hexdigest()
    return Weights(scores, silent, words, digest[:12])


def _words(data: Any, where: str) -> OwnWords:
    words: list[tuple[str, str, tuple[str, ...]]] = []
    for category, lists in data.items() if isinstance(data, dict) else ():
        if category not in categories():
            raise BadInput(f"weights {where}: there is no word list {category}; words.toml and roles.toml name them")
        for language, terms in lists.items() if isinstance(lists, dict) else ((category, None),):
            if not isinstance(terms, list) or not all(isinstance(term, str) and term.strip() for term in terms):
                raise BadInput(f'weights {where}: words.{category} wants a list for each language, as en = ["a", "b"]')
            words.append((category, language, tuple(terms)))
    return tuple(sorted(words))


def _score(data: Any, score: str, where: str) -> ScoreWeights:
    if not isinstance(data, dict) or not isinstance(data.get("points"), dict):
        raise BadInput(f"weights {where}: [{score}] and [{score}.points] are missing; copy them in")
    start = _whole(data.get("start"), 0, 100, f"{score}.start", where)
    threshold = _whole(data.get("threshold"), 0, 100, f"{score}.threshold", where)
    points: dict[str, Steps] = {}
    for code, steps in data["points"].items():
        if code not in SIGNALS or SIGNALS[code].score != score:
            raise BadInput(f"weights {where}: {score}.points.{code} is not a signal of this score; remove or rename it")
        points[code] = _steps(steps, f"{score}.points.{code}", where)
    return ScoreWeights(start, threshold, points)


def _whole(value: Any, low: int, high: int, name: str, where: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise BadInput(f"weights {where}: {name} is {value!r}; give a whole number from {low} to {high}")
    return value


def _steps(value: Any, name: str, where: str) -> Steps:
    steps: list[tuple[float, int]] = []
    given: list[Any] = value if isinstance(value, list) and value else [value]
    for step in given:
        if not _is_step(step):
            raise BadInput(f"weights {where}: {name} has {step!r}; give steps [[at-least, points -100..100], ...]")
        if steps and step[0] <= steps[-1][0]:
            raise BadInput(f"weights {where}: {name} steps must ascend, {step[0]:g} comes after {steps[-1][0]:g}")
        steps.append((float(step[0]), step[1]))
    return tuple(steps)


def _is_step(step: Any) -> bool:
    """Whether a value is [number, whole points from -100 to 100]."""
    if not isinstance(step, list) or len(step) != 2:
        return False
    at, points = step
    return type(at) in (int, float) and type(points) is int and -100 <= points <= 100
