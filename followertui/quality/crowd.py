"""Crowd signals: bought waves seen in the whole audience, never in one profile.

Owns what counts as a wave. The members of a wave always share a trait: a bio template, a link
or a picture that enough accounts have; or a pattern of handle or name, or a period of
creation, that is dense in one stretch of the follow order or far more frequent in one
snapshot than in all others; or an unusual number of arrivals between two snapshots. Accounts
that merely arrived together are no wave. Imported by services.

Source: the swarm method (follow order against creation date), conspirator0.substack.com.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from followertui.domain.account import ProfileColumns
from followertui.quality import traits
from followertui.quality.concentration import Positions, dense_stretches, groups_of, over_represented
from followertui.quality.likeness import like_bios
from followertui.quality.signals import WAVE_TRAITS

MIN_SIZE = 40
"""Smallest wave reported; sellers start at a hundred."""

BASELINE = 0
"""Cohort of the first snapshot: its size is no event."""

BURST_DAYS = 60
"""Accounts of one bought batch were created within this many days."""

BURST_LIFT = 8.0
"""Arrivals between two snapshots that make a burst, as a multiple of the median."""


@dataclass(frozen=True, slots=True)
class Wave:
    """Accounts that share a trait which is not shared by chance.

    Attributes:
        rows: row numbers of the members, ascending.
        trait: its reason code, as ``reason:`` takes it.
        text: plain words for the card.
        also: further traits shared by nearly the same accounts.
    """

    rows: tuple[int, ...]
    trait: str
    text: str
    also: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """The text, and what its members share besides."""
        return f"{self.text}; also {', '.join(WAVE_TRAITS[trait] for trait in self.also)}" if self.also else self.text

    @property
    def size(self) -> int:
        """Number of accounts in the wave."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class _Claim:
    """A possible wave, by positions."""

    members: Positions
    trait: str
    text: str


def find_waves(
    columns: ProfileColumns,
    order: Sequence[int | None],
    first_seen: Sequence[int | None],
    *,
    min_size: int = MIN_SIZE,
    known_domains: Collection[str] = (),
) -> list[Wave]:
    """Find bought waves in an audience.

    Args:
        columns: profiles of the audience.
        order: position of each account in the newest-first follower list, None unknown.
        first_seen: number or time of the snapshot that saw each first, ascending in time, None
            unknown. The earliest is the baseline.
        min_size: smallest wave.
        known_domains: registrable domains of our own and of known companies, whose staff
            legitimately share links.

    Returns:
        Waves, largest first. A wave nearly contained in another is listed in that one's ``also``.
    """
    size = len(columns)
    if size < min_size:
        return []
    line = _line(order)
    cohorts = _cohorts(first_seen)
    claims = list(_shared(columns, min_size, known_domains))
    claims += _together(columns, line, cohorts, min_size)
    claims += _creation_bursts(columns, line, cohorts, min_size)
    claims += _arrival_bursts(cohorts, first_seen, min_size)
    return _merged(claims, columns.rows)


def _line(order: Sequence[int | None]) -> Positions:
    """Positions of accounts in follow order; those without one are left out."""
    places = np.array(order, dtype=np.float64)
    return np.argsort(places, kind="stable")[: int((~np.isnan(places)).sum())].astype(np.int64)


def _cohorts(first_seen: Sequence[int | None]) -> Positions:
    """Number of the snapshot that saw each first, in order of time; -1 unknown."""
    seen = np.array(first_seen, dtype=np.float64)
    cohorts = np.full(len(seen), -1, dtype=np.int64)
    known = ~np.isnan(seen)
    cohorts[known] = np.unique(seen[known], return_inverse=True)[1]
    return cohorts


def _shared(columns: ProfileColumns, min_size: int, known_domains: Collection[str]) -> Iterator[_Claim]:
    """Traits that are sufficient on their own: the same bio, link or picture."""
    known = {domain.lower() for domain in known_domains}
    for group in like_bios(columns.bio, min_size):
        sample = columns.bio[group[0]] or ""
        yield _Claim(np.array(group), "same-bio", f"{len(group)} bios are nearly the same: “{sample[:60]}”")
    for trait, (keys, names), what in (
        ("same-link", traits.links(columns), "show the same link"),
        ("same-picture", traits.pictures(columns), "show the same picture"),
    ):
        for key, members in groups_of(keys, min_size):
            if trait == "same-link" and traits.is_common_link(names[key], known):
                continue
            yield _Claim(members, trait, f"{len(members)} accounts {what}: {names[key][:80]}")


def _together(columns: ProfileColumns, line: Positions, cohorts: Positions, min_size: int) -> Iterator[_Claim]:
    """Patterns of handle and name that arrived together: dense in the order, or in one snapshot."""
    created = traits.months(columns, 0)[0]
    for trait, patterns in (
        ("handle-pattern", traits.handle_patterns(columns)),
        ("name-pattern", traits.name_patterns(columns)),
    ):
        what = trait.partition("-")[0]
        for keys, names in patterns:
            for key, members in _dense(keys, line, min_size):
                yield _Claim(members, trait, f"{len(members)} {what}s “{names[key]}” followed in one run")
            for key, _, members in over_represented(keys, cohorts, min_size, skipped=BASELINE):
                yield _Claim(members, trait, f"{len(members)} {what}s “{names[key]}” arrived in one snapshot")
            for key, _, members in over_represented(keys, created, min_size):
                yield _Claim(members, trait, f"{len(members)} {what}s “{names[key]}” created in the same months")


def _dense(keys: NDArray[np.int64], line: Positions, min_size: int) -> Iterator[tuple[int, Positions]]:
    """Groups of a key that are close together in the follow order."""
    for key, places in groups_of(keys[line], min_size):
        for first, last in dense_stretches(places, len(line), min_size):
            yield key, np.sort(line[places[first : last + 1]])


def _creation_bursts(columns: ProfileColumns, line: Positions, cohorts: Positions, min_size: int) -> Iterator[_Claim]:
    """Accounts of one period of creation that arrived together, or more than the season explains."""
    created = np.array(columns.created_at, dtype=np.float64)
    for half in (0, 1):
        keys, _ = traits.months(columns, half)
        found = [members for _, members in _dense(keys, line, min_size)]
        found += [members for _, _, members in over_represented(keys, cohorts, min_size, skipped=BASELINE)]
        for members in found:
            tight = _tightest(members, created, BURST_DAYS)
            if len(tight) >= max(min_size, int(0.5 * len(members))):
                yield _Claim(tight, "creation-burst", _burst_text(tight, created, "followed together"))
    for tight in _day_spikes(created, min_size):
        yield _Claim(tight, "creation-burst", _burst_text(tight, created, "follow us"))


def _tightest(members: Positions, created: NDArray[np.float64], days: int) -> Positions:
    """The members created within the window of ``days`` days that holds the most of them."""
    by_time = members[np.argsort(created[members], kind="stable")]
    times = created[by_time]
    ends = np.searchsorted(times, times + days * 86_400, side="right")
    best = int(np.argmax(ends - np.arange(len(times))))
    return np.sort(by_time[best : int(ends[best])])


def _day_spikes(created: NDArray[np.float64], min_size: int) -> Iterator[Positions]:
    """Days on which far more accounts of the audience were created than in the two months around."""
    known = np.flatnonzero(~np.isnan(created))
    if not len(known):
        return
    days = (created[known] // 86_400).astype(np.int64)
    low = int(days.min())
    counts = np.bincount(days - low)
    around = np.convolve(counts, np.ones(61))[30:-30] - np.convolve(counts, np.ones(7))[3:-3]
    usual = around / 54.0
    for day in np.flatnonzero((counts >= min_size) & (counts >= 20 * (usual + 0.1))).tolist():
        yield known[days - low == day]


def _burst_text(members: Positions, created: NDArray[np.float64], what: str) -> str:
    times = created[members]
    days = [datetime.fromtimestamp(t, tz=UTC) for t in (times.min(), times.max())]
    first, last = (f"{moment.day} {moment:%b %Y}" for moment in days)
    when = f"on {first}" if first == last else f"from {first} to {last}"
    return f"{len(members)} accounts created {when} {what}"


def _arrival_bursts(cohorts: Positions, first_seen: Sequence[int | None], min_size: int) -> Iterator[_Claim]:
    """Snapshots that brought far more newcomers than the others."""
    counts = np.bincount(cohorts[cohorts > 0])
    arrivals = counts[1:] if len(counts) > 1 else counts[:0]
    if len(arrivals) < 4:
        return
    usual = float(np.median(arrivals))
    for number in np.flatnonzero(arrivals >= max(min_size, BURST_LIFT * usual)).tolist():
        members = np.flatnonzero(cohorts == number + 1)
        text = f"{len(members)} arrived between two snapshots, {usual:.0f} are usual: was there a reason?"
        yield _Claim(members, "arrival-burst", text)


def _merged(claims: list[_Claim], rows: Sequence[int]) -> list[Wave]:
    """Claims as waves; one nearly contained in a kept one becomes its ``also``."""
    owner: dict[int, int] = {}
    kept: list[_Claim] = []
    also: list[dict[str, None]] = []
    for claim in sorted(claims, key=lambda c: (-len(c.members), c.trait)):
        members = claim.members.tolist()
        owned = Counter(owner[m] for m in members if m in owner)
        if owned.total() >= 0.7 * len(members):
            best = owned.most_common(1)[0][0]
            if claim.trait != kept[best].trait:
                also[best][claim.trait] = None
            continue
        for m in members:
            owner.setdefault(m, len(kept))
        kept.append(claim)
        also.append({})
    numbers = list(rows)
    return [
        Wave(tuple(sorted(numbers[m] for m in claim.members.tolist())), claim.trait, claim.text, tuple(more))
        for claim, more in zip(kept, also, strict=True)
    ]
