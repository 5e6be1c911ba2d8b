"""Whether a snapshot is complete: the rules that decide if a missing account has left.

Owns the judgement of one reading, pure. Only ``services`` imports it.
"""

from __future__ import annotations

from typing import NamedTuple

COMPLETE_SHARE = 0.98
"""A reading that reached its end is complete with so much of the profile's own count."""

_CAP = range(9_990, 10_001)
"""An archive's list of this length may have been cut off. Source: two real archives, 20,502 in 2022, 9,999 in 2026."""


class Verdict(NamedTuple):
    """Completeness of a snapshot: "complete", "partial" or "unknown", and lines to show."""

    completeness: str
    notes: tuple[str, ...]


def judge_reading(
    *,
    direction: str,
    read: int,
    expected: int | None,
    word: str | None,
    is_main: bool,
    is_archive: bool,
    has_one_identity: bool,
) -> Verdict:
    """Decide the completeness of one snapshot that was read to its end.

    Args:
        direction: "follower" or "following".
        read: accounts read.
        expected: the profile's own count, None where unknown.
        word: what the person said: "complete", "partial" or None.
        is_main: the source is a list of this direction; else only flags in it name the direction.
        is_archive: it comes from X's archive, which says its own count.
        has_one_identity: every account of it is known in the same way.

    Returns:
        The verdict; whatever is not complete creates no leavers.
    """
    words = "followers" if direction == "follower" else "following"
    if not is_main:
        return Verdict("partial", ())
    if not has_one_identity:
        return Verdict("partial", (f"{words}: some rows have only an id, others only a handle; creates no leavers",))
    if word is not None:
        return Verdict(word, () if word == "complete" else (f"partial: {_of(read, expected)}; creates no leavers",))
    if is_archive and direction == "follower" and read in _CAP:
        return Verdict("partial", (f"{read:,} {words}: possibly capped at 10,000: creates no leavers",))
    if expected is not None:
        if read > (expected if is_archive else expected / COMPLETE_SHARE):
            more = f"{read:,} {words}, more than the {expected:,} stated: treated as partial, creates no leavers"
            return Verdict("partial", (more,))
        if read >= COMPLETE_SHARE * expected:
            return Verdict("complete", (f"complete: {_of(read, expected)} {words}",))
        return Verdict("partial", (f"partial: {_of(read, expected)}; creates no leavers",))
    if is_archive:
        return Verdict("complete", ())
    return Verdict(
        "unknown",
        (f"not said whether these are all {words}: treated as partial, creates no leavers (--complete says they are)",),
    )


def _of(read: int, expected: int | None) -> str:
    return f"{read:,}" if expected is None else f"{read:,} of {expected:,}"
