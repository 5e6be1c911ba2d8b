"""When enough followers were looked at: what more random looks would bring, in words.

Owns the rule: a look is worth it while fifty more narrow the interval by a point or more.
``sampling`` has the figures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from followertui.services.phrases import counted, span
from followertui.services.review.sampling import SECONDS_A_LOOK, Outlook

if TYPE_CHECKING:
    from followertui.quality.estimating import Estimate

LEAST_GAIN = 1.0
"""Points of the interval's width that fifty more looks must take off to be worth it."""


def lines(found: Outlook) -> list[tuple[str, str]]:
    """What the outlook says, as labelled lines.

    Args:
        found: the estimate and what more looks would make of it.
    """
    told = [("qualified", _now(found))]
    for more, expected in found.ahead:
        # Without a look so far only the width can be foreseen, not where the share lies.
        at_most = f"an interval of at most {_width(expected):.0f} points"
        wide = at_most if found.now is None else f"about {_range(expected)}"
        told.append((f"{more:,} more", f"{wide}, in {span(more * SECONDS_A_LOOK)}"))
    told.append(("advice", advice(found)))
    yes, no, unknown = found.by_rule
    told.append(
        (
            "by rule",
            f"{counted(yes + no + unknown, 'follower')} nobody looked at: {yes:,} qualified, {no:,} not, "
            f"{unknown:,} not known; the estimate covers them, so they can stay as the rules judge them",
        )
    )
    return told


def advice(found: Outlook) -> str:
    """Whether to go on."""
    if found.now is not None and found.now.low == found.now.high:
        return "everyone was looked at: the share is exact"
    if found.now is None:
        return "draw looks (:draw): below 30 there is no estimate" if found.ahead else "nobody to look at"
    gain = _width(found.now) - _width(found.ahead[0][1]) if found.ahead else 0.0
    if gain >= LEAST_GAIN:
        return f"go on: {found.ahead[0][0]:,} more take {gain:.0f} points off the interval"
    return "enough: fifty more would take less than a point off the interval"


def _now(found: Outlook) -> str:
    if found.now is None:
        return "no estimate yet"
    looks = counted(found.now.looks, "random look")
    return f"{_range(found.now)} of {counted(found.followers, 'follower')}, from {looks}"


def _range(one: Estimate) -> str:
    low, point, high = (100 * part / one.of if one.of else 0 for part in (one.low, one.point, one.high))
    return f"{point:.0f}% ({low:.0f}-{high:.0f})"


def _width(one: Estimate) -> float:
    return 100 * (one.high - one.low) / one.of if one.of else 0.0
