"""When a step of a playbook is due: for many people at once.

Owns the arithmetic of steps, waits and cadence over arrays. Which people there are and what happened to
them is handed in; nothing here reads a store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain.clock import DAY
from followertui.domain.engagement import TALKING, StepAction
from followertui.engage.playbook import Playbook

ENDED = -1
"""Place of someone for whom no step is left."""

Moments = NDArray[np.int64]
Mask = NDArray[np.bool_]


class Progress(NamedTuple):
    """Where people stand in one playbook.

    Attributes:
        last: place of the step that was done or skipped last, -1 before the first.
        last_at: when, or when the playbook began for them; epoch seconds UTC.
        touched_at: when each was addressed last by whatever way, or talked with us; 0 for never.
        own_days: after how many days what repeats comes again for each, 0 where the playbook's interval holds.
    """

    last: NDArray[np.int64]
    last_at: Moments
    touched_at: Moments
    own_days: NDArray[np.int64]


class NextStep(NamedTuple):
    """What comes next: place of the step, ``ENDED`` for none, and from when on it may be proposed."""

    place: NDArray[np.int64]
    due_at: Moments


def next_steps(playbook: Playbook, progress: Progress, holds: Mapping[str, Mask]) -> NextStep:
    """The step each person comes to next.

    Args:
        playbook: whose steps.
        progress: where they stand, one position per person.
        holds: query text of a step's ``only`` -> for whom it holds, the same positions.

    Returns:
        Same positions. A step that addresses someone is never due before the cool-down, and one that
        repeats never before its days have passed since that person was addressed last.
    """
    count = len(progress.last)
    place = np.full(count, ENDED, np.int64)
    due_at = np.zeros(count, np.int64)
    base = progress.last_at.copy()
    position = progress.last + 1
    steps = playbook.steps
    for number, step in enumerate(steps):
        here = (position == number) & (place == ENDED)
        is_meant = holds[step.only] if step.only else np.ones(count, np.bool_)
        if step.action is StepAction.WAIT:
            base = np.where(here & is_meant, base + step.after_days * DAY, base)
            position = np.where(here, number + 1, position)
        elif step.action is StepAction.STOP:
            position = np.where(here & ~is_meant, number + 1, position)
        else:
            found = here & is_meant
            place = np.where(found, number, place)
            due_at = np.where(found, base + step.after_days * DAY, due_at)
            position = np.where(here & ~is_meant, number + 1, position)
    place, due_at = _again(playbook, progress, holds, place, due_at)
    return NextStep(place, _held_off(playbook, progress, place, due_at))


def _again(
    playbook: Playbook, progress: Progress, holds: Mapping[str, Mask], place: NDArray[np.int64], due_at: Moments
) -> tuple[NDArray[np.int64], Moments]:
    """The last step once more, for those who had it, where it repeats."""
    number = len(playbook.steps) - 1
    last = playbook.steps[number]
    if not last.every_days:
        return place, due_at
    again = progress.last >= number
    if last.only:
        again &= holds[last.only]
    days = _interval(progress, last.every_days)
    return np.where(again, number, place), np.where(again, progress.last_at + days * DAY, due_at)


def _interval(progress: Progress, every_days: int) -> NDArray[np.int64]:
    """After how many days what repeats comes again, for each person."""
    return np.where(progress.own_days > 0, progress.own_days, every_days)


def _held_off(playbook: Playbook, progress: Progress, place: NDArray[np.int64], due_at: Moments) -> Moments:
    """Not before the cool-down; what repeats not before its days since the person was addressed."""
    for number, step in enumerate(playbook.steps):
        if step.action not in TALKING:
            continue
        again = _interval(progress, step.every_days) if step.every_days else 0
        days = np.where(progress.last >= number, again, playbook.cool_down_days)
        days = np.maximum(days, playbook.cool_down_days)
        free_at = np.where(progress.touched_at > 0, progress.touched_at + days * DAY, 0)
        due_at = np.where(place == number, np.maximum(due_at, free_at), due_at)
    return due_at
