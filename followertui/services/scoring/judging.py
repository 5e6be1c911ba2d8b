"""Judging every account, incrementally, and the waves in the crowd.

Owns the use case; signals and weights belong to ``quality``. A rescore reads profiles in
chunks and writes scores in short transactions. ``Workbench`` and ``followertui judge`` call it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from followertui.domain.errors import Cancelled
from followertui.domain.judgement import Judgement
from followertui.domain.kind import Kind
from followertui.domain.progress import CancelToken, Progress
from followertui.services.intake.values import JudgeReport
from followertui.services.phrases import counted
from followertui.services.scoring.about_us import about_us
from followertui.services.session import Session
from followertui.services.worker_processes import helpers_for, parts_of, shared_out
from followertui.store.audience import pages, scores
from followertui.store.file import settings, watermarks
from followertui.store.file.connection import Store
from followertui.store.lists import listings

if TYPE_CHECKING:
    from followertui.quality.brand import OwnBrand
    from followertui.quality.market import MarketWords
    from followertui.quality.weights import Weights

_READ = 4000
_WRITE = 500
_NEAR = 30

Lines = list[tuple[Judgement, Kind, str]]
"""Judgement, judged kind and strongest reasons of some accounts."""


def market_of(session: Session) -> MarketWords | None:
    """The person's own market words, None where none are set."""
    from followertui.quality.market import MarketWords

    about = about_us(session)
    return MarketWords.of(about.market, about.titles, about.places) or None


def brand_of(session: Session) -> OwnBrand | None:
    """Our names, handles and domains; None where none are set."""
    from followertui.quality.brand import OwnBrand

    about = about_us(session)
    return OwnBrand(about.names, about.handles, about.domains) or None


def weights_of(session: Session) -> Weights:
    """The weights of this store: the user's own file, else the built-in ones.

    Raises:
        BadInput: the person's file is gone or broken.
    """
    from followertui.quality.weights import load_weights

    kept = settings.WEIGHTS_FILE.read(session.store)
    return load_weights(Path(kept) if kept else None)


def accusing(weights: Weights, kind: Kind) -> frozenset[str]:
    """Codes of the signals that support a judged kind; empty for any other kind."""
    if kind.value not in weights.scores:
        return frozenset()
    points = weights.scores[kind.value].points
    return frozenset(code for code, steps in points.items() if any(value > 0 for _, value in steps))


def judge(session: Session, cancel: CancelToken, is_full: bool = False) -> Generator[Progress, None, JudgeReport]:
    """Judge accounts that are new or changed, or all of them.

    Args:
        session: the open store.
        cancel: polled per chunk; what was written stays, and a new run continues with the rest.
        is_full: judge all accounts again; also done when weights or market words changed.

    Yields:
        Progress in accounts.

    Returns:
        Counts of what the machine concluded.

    Raises:
        Cancelled: it was stopped.
    """
    began = time.monotonic()
    weights, market, brand = weights_of(session), market_of(session), brand_of(session)
    version = f"{weights.version}:{market}:{brand}"
    is_full = is_full or watermarks.SCORING_VERSION.read(session.store) != version
    last = session.evaluator.columns.size() - 1
    reached = _reached(session.store, version) if is_full else last
    changed = [row for row in scores.pending(session.store) if row <= reached]
    rest = range(reached + 1, last + 1)
    total, done = len(changed) + len(rest), 0
    values = (weights, market, brand, session.clock.now())
    parts = chain(parts_of(changed, _READ), parts_of(rest, _READ))
    for some, lines in shared_out(session.store, judge_of, values, parts, helpers_for(total, session.store)):
        if cancel.is_set():
            raise Cancelled(f"judging: stopped after {done:,} of {counted(total, 'account')}")
        _write(session, lines)
        _remember(session.store, some[-1], version if some[-1] > reached else "")
        done += len(some)
        yield Progress(done, total, "judging accounts")
    with session.store.write():
        watermarks.JUDGED_UPTO.write(session.store, last)
        watermarks.SCORING_VERSION.write(session.store, version)
        watermarks.JUDGE_RUN.write(session.store, None)
    yield Progress(done, total, "looking for waves in the crowd")
    waves = find_waves(session) if done else scores.wave_count(session.store)
    return _report(session, done, waves, time.monotonic() - began)


def _reached(store: Store, version: str) -> int:
    """The row up to which a stopped run over all accounts came, 0 where there is none to continue."""
    run = watermarks.JUDGE_RUN.read(store)
    return run.reached if run is not None and run.scoring_version == version else 0


def _remember(store: Store, row: int, version: str) -> None:
    """Store that accounts up to a row are judged, by which scoring version in a run over all of them, else ""."""
    with store.write():
        if row > watermarks.JUDGED_UPTO.read(store):
            watermarks.JUDGED_UPTO.write(store, row)
        if version:
            watermarks.JUDGE_RUN.write(store, watermarks.FullJudgement(version, row))


def waiting(session: Session) -> int:
    """How many accounts are still to be judged."""
    return len(scores.pending(session.store))


def judge_of(
    store: Store, weights: Weights, market: MarketWords | None, brand: OwnBrand | None, now: datetime
) -> Callable[[Sequence[int]], Lines]:
    """Returns a function that judges accounts of a store; writes nothing."""
    from followertui.quality.judging import judge as judge_columns
    from followertui.quality.kinds import judged_kind

    reasons: dict[tuple[Kind, tuple[str, ...], bool], str] = {}

    def judge_rows(rows: Sequence[int]) -> Lines:
        """Judge some rows; a range is read faster than single rows."""
        if isinstance(rows, range):
            columns = pages.profiles_between(store, rows[0], rows[-1])
        else:
            columns = pages.profiles(store, rows)
        lines: Lines = []
        for judgement in judge_columns(columns, weights, now, market, brand):
            kind = judged_kind(judgement, weights)
            is_near = (judgement.relevance or 0) >= _NEAR
            key = (kind, judgement.reasons, is_near)
            text = reasons.get(key)
            if text is None:
                text = reasons[key] = _top_reason(judgement.reasons, kind, is_near, weights)
            lines.append((judgement, kind, text))
        return lines

    return judge_rows


def _write(session: Session, lines: Lines) -> None:
    for some in parts_of(lines, _WRITE):
        scores.write_scores(session.store, some)


def _top_reason(codes: Sequence[str], kind: Kind, is_near: bool, weights: Weights) -> str:
    """What the table says in a few words: codes of the strongest signals that explain the kind.

    The words are the codes ``reason:`` takes, so that the column teaches the query.
    """
    from followertui.quality.signals import SIGNALS

    wanted = accusing(weights, kind)
    against = [code for code in codes if code in wanted]
    facts = [code for code in codes if SIGNALS[code].score == "fact" and code != "locked"]
    near = ["near-market"] if not wanted and is_near else []
    return ", ".join(code.replace("-", " ") for code in [*against[:2], *near, *facts][:2])


def find_waves(session: Session) -> int:
    """Search for bought waves among all followers; returns how many were found."""
    from followertui.quality.crowd import find_waves as find

    chunks = pages.crowd_columns(session.store)
    if chunks is None:
        return 0
    columns, order, first_seen = chunks
    brand = brand_of(session)
    known = {*listings.listed_domains(session.store), *(brand.own_hosts if brand else ())}
    waves = find(columns, order, first_seen, known_domains=known)
    scores.write_waves(session.store, [(wave.trait, wave.text, wave.rows) for wave in waves])
    return len(waves)


def _report(session: Session, done: int, waves: int, seconds: float) -> JudgeReport:
    counts = {
        word: int(session.evaluator.mask(session.parse(f"kind:{word}").where, session.now).sum())
        for word in ("bot", "harmful", "offtopic")
    }
    text = (
        f"{counted(done, 'account')} judged in {seconds:.1f} s: {counts['bot']:,} bots, "
        f"{counts['harmful']:,} harmful, {counts['offtopic']:,} off-topic, {counted(waves, 'wave')}"
    )
    return JudgeReport(done, counts["bot"], counts["harmful"], counts["offtopic"], waves, seconds, text)


def judge_query(session: Session, text: str) -> str:
    """Judge the accounts of a query again; returns one line."""
    from followertui.services.querying import rows_of

    rows = rows_of(session, text)
    judge_rows = judge_of(
        session.store, weights_of(session), market_of(session), brand_of(session), session.clock.now()
    )
    for some in parts_of(rows.tolist(), _READ):
        _write(session, judge_rows(some))
    return f"{counted(len(rows), 'account')} judged again"


def explain_lines(session: Session, row: int) -> list[str]:
    """The full breakdown of one account: every line of every score, then the facts."""
    from followertui.quality.judging import explain

    profile = pages.profiles(session.store, [row])
    reasons = explain(profile, weights_of(session), session.clock.now(), market_of(session), brand_of(session))
    lines: list[str] = []
    for score in dict.fromkeys(reason.score for reason in reasons):
        own = [reason for reason in reasons if reason.score == score]
        if score == "fact":
            lines += [f"fact       {reason.code:24} {reason.text}" for reason in own]
            continue
        lines.append(f"{score}: {sum(reason.points for reason in own)}")
        lines += [f"  {reason.points:+5d}    {reason.code:24} {reason.text}" for reason in own]
    return lines + [f"wave       {trait:24} {text}" for trait, text in scores.waves_of(session.store, row)]
