"""What a screen answers when it closes, for the screen below to act on.

Owns the values only, so that neither screen needs to know the other.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OpenQuery:
    """Show the rows of a query."""

    query: str


@dataclass(frozen=True, slots=True)
class StepQueue:
    """Go on to a neighbouring queue: 1 the next, -1 the one before."""

    by: int


PlanAnswer = OpenQuery | StepQueue
