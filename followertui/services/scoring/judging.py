"""Judging every account, incrementally, and the waves in the crowd.

Owns the use case; signals and weights belong to ``quality``. Waves are looked for first, as they
weigh; a rescore then reads profiles in chunks and writes scores in short transactions.
``Workbench`` and ``followertui judge`` call it.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Generator, Sequence
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.account import ProfileColumns
from followertui.domain.clock import DAY
from followertui.domain.errors import Cancelled
from followertui.domain.judgement import Judgement, Reason
from followertui.domain.kind import Kind
from followertui.domain.progress import CancelToken, Progress
from followertui.late import late
from followertui.services.intake.values import JudgeReport
from followertui.services.phrases import counted, day
from followertui.services.querying import rows_of
from followertui.services.scoring.about_us import about_us
from followertui.services.session import Session
from followertui.services.worker_processes import computed_apart, helpers_for, parts_of, shared_out
from followertui.store.audience import pages, scores, waves
from followertui.store.file import settings, watermarks
from followertui.store.file.changed_profiles import ChangedProfiles
from followertui.store.file.connection import Store
from followertui.store.lists import listings

if TYPE_CHECKING:
    from followertui.quality import brand, crowd, explaining, judging, kinds, market, signals, weights
else:
    brand = late("followertui.quality.brand")
    crowd = late("followertui.quality.crowd")
    explaining = late("followertui.quality.explaining")
    judging = late("followertui.quality.judging")
    kinds = late("followertui.quality.kinds")
    market = late("followertui.quality.market")
    signals = late("followertui.quality.signals")
    weights = late("followertui.quality.weights")

_READ = 1000
"""Accounts in one answer of a helper. It is unpacked in one piece, and no key is handled meanwhile."""
_WRITE = 500
_NEAR = 30
_STALE_DAYS = 30
"""Profiles read longer ago say as of when they are judged."""

Lines = list[tuple[Judgement, Kind, str]]
"""Judgement, judged kind and strongest reasons of some accounts."""
Waves = list[tuple[str, str, Sequence[int]]]
"""What members of a wave share, in words too, and their rows."""


class Standards(NamedTuple):
    """What accounts of a store are judged by: the weights, the market's words, who we are, and the moment."""

    weights: weights.Weights
    market: market.MarketWords | None
    brand: brand.OwnBrand | None
    now: datetime

    @property
    def version(self) -> str:
        """Tells these from others; the moment does not count."""
        return f"{self.weights.version}:{self.market}:{self.brand}"


def market_of(session: Session) -> market.MarketWords | None:
    """The person's own market words, None where none are set."""
    about = about_us(session)
    return market.MarketWords.of(about.market, about.titles, about.places) or None


def brand_of(session: Session) -> brand.OwnBrand | None:
    """Our names, handles, domains and competitors; None where none are set."""
    about, handles = about_us(session), tuple(handle.lower() for handle in settings.own_handles(session.store))
    return brand.OwnBrand(about.names, handles, about.domains, about.competitors) or None


def weights_of(session: Session) -> weights.Weights:
    """The weights of this store: the user's own file, else the built-in ones, with the thresholds set beside them.

    Raises:
        BadInput: the person's file is gone or broken.
    """
    return weights.with_standards(weights_file_of(session), settings.STANDARDS.read(session.store))


def weights_file_of(session: Session) -> weights.Weights:
    """The weights of this store as their file has them.

    Raises:
        BadInput: the person's file is gone or broken.
    """
    kept = settings.WEIGHTS_FILE.read(session.store)
    return weights.load_weights(Path(kept) if kept else None)


def standards_of(session: Session, own: weights.Weights | None = None) -> Standards:
    """What this store is judged by now.

    Args:
        session: the open store.
        own: other weights, None for those in use.

    Raises:
        BadInput: the person's weights file is gone or broken.
    """
    return Standards(own or weights_of(session), market_of(session), brand_of(session), session.clock.now())


def accusing(own: weights.Weights, kind: Kind) -> frozenset[str]:
    """Codes of the signals that support a judged kind; empty for any other kind."""
    if kind.value not in own.scores:
        return frozenset()
    points = own.scores[kind.value].points
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
    standards = standards_of(session)
    version = standards.version
    is_full = is_full or watermarks.SCORING_VERSION.read(session.store) != version
    last = session.evaluator.columns.size() - 1
    reached = _reached(session.store, version) if is_full else last
    rest = range(reached + 1, last + 1)
    if rest or scores.pending(session.store):
        yield from _find_waves(session, cancel)
    changed = [row for row in scores.pending(session.store) if row <= reached]
    total, done, moved = len(changed) + len(rest), 0, 0
    profiles = ChangedProfiles(session.store)
    parts = chain(parts_of(changed, _READ), parts_of(rest, _READ))
    for some, lines in shared_out(session.store, judge_of, standards, parts, helpers_for(total, session.store)):
        if cancel.is_set():
            raise Cancelled(f"judging: stopped after {done:,} of {counted(total, 'account')}")
        moved += _write(session, lines, profiles)
        _remember(session.store, some[-1], version if some[-1] > reached else "")
        done += len(some)
        yield Progress(done, total, "judging accounts")
    with session.store.write():
        watermarks.JUDGED_UPTO.write(session.store, last)
        watermarks.SCORING_VERSION.write(session.store, version)
        watermarks.JUDGE_RUN.write(session.store, None)
    return _report(session, done, moved, len(waves.waves(session.store)), time.monotonic() - began)


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
    store: Store,
    own: weights.Weights,
    words: market.MarketWords | None,
    us: brand.OwnBrand | None,
    now: datetime,
) -> Callable[[Sequence[int]], Lines]:
    """Returns a function that judges accounts of a store by its ``Standards``; writes nothing."""
    reasons: dict[tuple[Kind, tuple[str, ...], bool], str] = {}
    numbers = waves.wave_numbers(store)
    kind_of = kinds.judged_kind

    def judge_rows(rows: Sequence[int]) -> Lines:
        """Judge some rows; a range is read faster than single rows."""
        lines: Lines = []
        for judgement in judging.judge(_profiles(store, rows), own, now, words, us, numbers):
            kind = kind_of(judgement, own)
            is_near = (judgement.relevance or 0) >= _NEAR
            key = (kind, judgement.reasons, is_near)
            text = reasons.get(key)
            if text is None:
                text = reasons[key] = _top_reason(judgement.reasons, kind, is_near, own)
            lines.append((judgement, kind, text))
        return lines

    return judge_rows


def _profiles(store: Store, rows: Sequence[int]) -> ProfileColumns:
    """Profiles of some rows, ascending; a range is read faster than single rows."""
    return pages.profiles_between(store, rows[0], rows[-1]) if isinstance(rows, range) else pages.profiles(store, rows)


def _write(session: Session, lines: Lines, profiles: ChangedProfiles) -> int:
    """Write judgements; how many are of profiles that changed since, whose accounts stay to be judged."""
    moved = 0
    for some in parts_of(lines, _WRITE):
        with session.store.write():
            changed = profiles.among([judgement.row for judgement, _, _ in some])
            scores.write_scores(session.store, some, changed)
        moved += len(changed)
    return moved


def _top_reason(codes: Sequence[str], kind: Kind, is_near: bool, own: weights.Weights) -> str:
    """What the table says in a few words: codes of the strongest signals that explain the kind.

    The words are the codes ``reason:`` takes, so that the column teaches the query.
    """
    wanted = accusing(own, kind)
    against = [code for code in codes if code in wanted]
    known = signals.SIGNALS
    facts = [code for code in codes if known[code].score == "fact" and code != "locked"]
    near = ["near-market"] if not wanted and is_near else []
    return ", ".join(code.replace("-", " ") for code in [*against[:2], *near, *facts][:2])


def _find_waves(session: Session, cancel: CancelToken) -> Generator[Progress, None, None]:
    """Search for bought waves among all followers, and have those judged again who joined or left one.

    Raises:
        Cancelled: it was stopped; nothing of it was written.
    """
    us = brand_of(session)
    known = {*listings.listed_domains(session.store), *(us.own_hosts if us else ())}
    helpers = helpers_for(session.evaluator.columns.size(), session.store)
    looking = Progress(0, 0, "looking for waves in the crowd")
    found = yield from computed_apart(session.store, waves_in, (known,), (), helpers, cancel, looking)
    if found is not None:
        waves.write_waves(session.store, found)


def waves_in(store: Store, known: Collection[str]) -> Callable[[Sequence[int]], Waves | None]:
    """Returns a function that searches the followers of a store for waves; None without followers.

    Args:
        store: the open store; nothing is written.
        known: domains that tell nothing where many share them, as a listed company's.
    """

    def search(_: Sequence[int]) -> Waves | None:
        """Every wave; rows are not asked for."""
        chunks = pages.crowd_columns(store)
        if chunks is None:
            return None
        found = crowd.find_waves(*chunks, known_domains=known)
        return [(wave.trait, wave.words, wave.rows) for wave in found]

    return search


def reason_names(session: Session) -> list[str]:
    """What ``reason:`` takes, in the order of the help; reasons of earlier versions that accounts still have last."""
    names = [*signals.SIGNALS, waves.ANY, *scores.reason_codes(session.store).values()]
    return list(dict.fromkeys(names))


def wave_names(session: Session) -> list[str]:
    """What ``wave:`` takes: the numbers of the waves, the largest first, then what members share."""
    found = waves.waves(session.store)
    return list(dict.fromkeys([*(str(wave.number) for wave in found), *(wave.trait for wave in found)]))


def wave_lines(session: Session) -> list[tuple[str, str, str]]:
    """Every wave, the largest first: its number, how many are in it, what they share."""
    return [(str(wave.number), f"{wave.size:,}", wave.text) for wave in waves.waves(session.store)]


def _report(session: Session, done: int, moved: int, waves: int, seconds: float) -> JudgeReport:
    counts = {
        word: int(session.evaluator.mask(session.parse(f"kind:{word}").where, session.now).sum())
        for word in ("bot", "harmful", "offtopic")
    }
    text = (
        f"{counted(done, 'account')} judged in {seconds:.1f} s: {counts['bot']:,} bots, "
        f"{counts['harmful']:,} harmful, {counts['offtopic']:,} off-topic, {counted(waves, 'wave')}"
        + (f"; {counted(moved, 'account')} changed meanwhile: judge again" if moved else "")
    )
    return JudgeReport(done, counts["bot"], counts["harmful"], counts["offtopic"], waves, seconds, text)


def judge_query(session: Session, text: str) -> str:
    """Judge the accounts of a query again; returns one line."""
    rows = rows_of(session, text)
    judge_rows = judge_of(session.store, *standards_of(session))
    profiles = ChangedProfiles(session.store)
    for some in parts_of(rows.tolist(), _READ):
        _write(session, judge_rows(some), profiles)
    return f"{counted(len(rows), 'account')} judged again"


def explained(session: Session, rows: Sequence[int]) -> dict[int, list[Reason]]:
    """The full breakdown of accounts, by row, facts and waves last; hidden and merged ones are left out."""
    own, words, us, now = standards_of(session)
    columns = pages.profiles(session.store, rows)
    crowds = {row: waves.waves_of(session.store, row) for row in columns.rows}
    numbers = {row: {wave.trait: wave.number for wave in some} for row, some in crowds.items()}
    found = dict(zip(columns.rows, explaining.explain(columns, own, now, words, us, numbers), strict=True))
    for at, (row, lines) in enumerate(found.items()):
        read_at = columns.read_at[at]
        if read_at is not None and session.now - read_at > _STALE_DAYS * DAY:
            lines.append(Reason("as-of", 0, "fact", f"judged as of {day(read_at, session.zone)}, when it was read"))
        for wave in crowds[row]:
            lines.append(Reason(f"wave:{wave.number}", 0, "fact", wave.text))
    return found


def explain_lines(session: Session, row: int) -> list[str]:
    """The full breakdown of one account: every line of every score, then the facts."""
    reasons = explained(session, [row]).get(row, [])
    lines: list[str] = []
    for score in dict.fromkeys(reason.score for reason in reasons):
        own = [reason for reason in reasons if reason.score == score]
        if score == "fact":
            lines += [f"fact       {reason.code:24} {reason.text}" for reason in own]
            continue
        lines.append(f"{score}: {sum(reason.points for reason in own)}")
        lines += [f"  {reason.points:+5d}    {reason.code:24} {reason.text}" for reason in own]
    return lines
