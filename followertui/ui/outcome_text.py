"""What a bulk gesture will do, in lines for the question before it.

Owns the wording. Pure: values in, lines out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from followertui.domain.guards import reason_for
from followertui.services.phrases import ACTION_WORDS
from followertui.ui.cells import counted, lasting

if TYPE_CHECKING:
    from followertui.services.review.foreseeing import Foreseen

SHOWN_REASONS = 4
SHOWN_COMPANIES = 5


def decision_outcome(foreseen: Foreseen) -> list[str]:
    """What will be planned, what is held back and why, and for how many nothing has to be done on X."""
    rows = [f"{counted(count)} to {ACTION_WORDS[action]}" for action, count in foreseen.planned]
    if rows:
        rows[-1] += f", about {lasting(foreseen.seconds_by_hand)} of clicking by hand"
    held = foreseen.held[:SHOWN_REASONS]
    if held:
        total = sum(item.count for item in foreseen.held)
        reasons = ", ".join(f"{counted(item.count)} {reason_for(item.count, item.reason)}" for item in held)
        more = len(foreseen.held) - len(held)
        rows.append(f"{counted(total)} held back: {reasons}" + (f" and {more} more reasons" if more else ""))
    if foreseen.undone:
        rows.append(f"{counted(foreseen.undone)} with nothing to do on X")
    return rows


def answer_outcome(answer: str, companies: Sequence[tuple[str, int]], accounts: int) -> list[str]:
    """Which matches an answer is about.

    Args:
        answer: what is said of them, one word.
        companies: companies or people with how many matches, most first.
        accounts: how many accounts are marked.
    """
    total = sum(count for _, count in companies)
    named = ", ".join(f"{name} {counted(count)}" for name, count in companies[:SHOWN_COMPANIES])
    more = len(companies) - SHOWN_COMPANIES
    rows = [f"{answer} {counted(total)} matches: {named}" + (f" and {counted(more)} more" if more > 0 else "")]
    if accounts > total:
        rows.append(f"{counted(accounts - total)} with no match to answer")
    return rows
