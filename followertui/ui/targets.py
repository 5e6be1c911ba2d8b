"""What a click on a part of a line does: typed values a style carries to the screen.

Owns the values. Each screen acts on those it knows; ``AppScreen.on_click`` hands them on.
"""

from __future__ import annotations

from dataclasses import dataclass

from textual.style import Style

from followertui.domain.decision import ActionKind

_META = "target"


@dataclass(frozen=True, slots=True)
class RunVerb:
    """Run a command of the registry by its id."""

    command_id: str


@dataclass(frozen=True, slots=True)
class ToQueue:
    """Go to a queue by its id."""

    queue_id: str


@dataclass(frozen=True, slots=True)
class ToQuery:
    """Show the rows of a query."""

    query: str


@dataclass(frozen=True, slots=True)
class ToRow:
    """Show an account by its row."""

    row: int


@dataclass(frozen=True, slots=True)
class ToGroup:
    """Show the details of one action of the plan."""

    action: ActionKind


Target = RunVerb | ToQueue | ToQuery | ToRow | ToGroup


def target(value: Target) -> Style:
    """The style of a part a click acts on."""
    return Style.from_meta({_META: value})


def target_of(meta: dict[str, object]) -> Target | None:
    """The target the style under a click carries, None where it carries none.

    Args:
        meta: the ``meta`` of a style.
    """
    value = meta.get(_META)
    return value if isinstance(value, Target) else None
