"""The themes followertui offers: one dark and one light of its own, and those of Textual that can be read.

Owns colours only. The app registers ours.
"""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

DARK = Theme(
    name="followertui",
    primary="#5cb8d6",
    secondary="#a78bda",
    accent="#f0b45b",
    warning="#f0b45b",
    error="#ef6f6c",
    success="#6cc98c",
    foreground="#d8dee6",
    background="#10141b",
    surface="#161c25",
    panel="#212a37",
    dark=True,
    variables={"foreground-muted": "#9ba4af", "text-disabled": "#868f9a"},
)

LIGHT = Theme(
    name="followertui-light",
    primary="#0b5c77",
    secondary="#5f3aa3",
    accent="#7f4a00",
    warning="#7f4a00",
    error="#a51d16",
    success="#14632f",
    foreground="#1c232b",
    background="#fafbfc",
    surface="#f0f3f6",
    panel="#dfe5eb",
    dark=False,
    variables={"foreground-muted": "#4b525a", "text-disabled": "#666d75"},
)

OURS: tuple[Theme, ...] = (DARK, LIGHT)
"""Themes of our own."""

OFFERED: dict[str, Theme] = {theme.name: theme for theme in (*OURS, *BUILTIN_THEMES.values())}
"""Themes a person can choose, by name, ours first."""
