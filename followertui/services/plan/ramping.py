"""The ramp of a run: one action, then five, then a fifth of them, then the rest, looking back each time.

Owns the steps, what counts as a surprise and when a run pauses. ``applying`` asks it after every item.
"""

from __future__ import annotations

from typing import NamedTuple

from followertui.domain.stopping import Stop, StopReason

_FIRST, _FEW, _SHARE = 1, 5, 0.2


class Handled(NamedTuple):
    """What a run has handled so far.

    Attributes:
        done: carried out.
        failed: refused for a reason of their own.
        missing: no longer there.
        changed: held back or set aside since the run began.
        by_hand: turned to by hand.
    """

    done: int
    failed: int
    missing: int
    changed: int
    by_hand: int = 0

    @property
    def surprises(self) -> int:
        """Everything that was not what the plan said."""
        return self.failed + self.missing + self.changed


class Ramp:
    """Where one run looks back.

    Args:
        total: number of its items.
        most_percent: the share of surprises it goes on with.
        is_watched: a person typed its count; else it ends at the first surprise.
    """

    def __init__(self, total: int, most_percent: int, *, is_watched: bool = True) -> None:
        self.steps = steps(total)
        self._most_percent = most_percent
        self._is_watched = is_watched

    def pause(self, handled: Handled) -> Stop | None:
        """Why the run pauses after what it handled, None where it goes on."""
        count = handled.done + handled.surprises
        if not self._is_watched:
            if not handled.surprises and not handled.by_hand:
                return None
            return _stop(f"number {count + handled.by_hand:,} was a surprise, and nobody is watching", handled)
        if count not in self.steps:
            return None
        if count == _FIRST:
            # One that is gone or held back says nothing of the others; one that failed may.
            return _stop("the first one failed", handled) if handled.failed else None
        if handled.surprises * 100 <= count * self._most_percent:
            return None
        return _stop(f"{handled.surprises:,} of the first {count:,} were not what the plan said", handled)


def steps(total: int) -> frozenset[int]:
    """After how many items a run looks back, then after every fifth of them; never in a run of a few."""
    if total <= _FEW:
        return frozenset()
    fifth = max(_FEW, round(total * _SHARE))
    return frozenset({_FIRST, _FEW, *range(fifth, total, fifth)})


def in_words(total: int) -> str:
    """How a run begins; "" where it is too short to have steps."""
    if total <= _FEW:
        return ""
    fifth = max(_FEW, round(total * _SHARE))
    return f"begins with 1, then {_FEW}, then {fifth:,}, then the rest; pauses where too much is not as planned"


def _stop(what: str, handled: Handled) -> Stop:
    parts = [
        f"{count:,} {word}"
        for count, word in (
            (handled.failed, "failed"), (handled.missing, "no longer there"), (handled.changed, "changed or held back"),
            (handled.by_hand, "refused by X, to do by hand"),
        )
        if count
    ]  # fmt: skip
    text = f"paused: {what} ({', '.join(parts)}); look at `followertui plan`, then run apply again"
    return Stop(StopReason.SURPRISES, message=text)
