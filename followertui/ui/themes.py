"""The themes followertui brings: one dark, one light; Textual's own stay available.

Owns colours only. The app registers them.
"""

from __future__ import annotations

from textual.theme import Theme

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
)

LIGHT = Theme(
    name="followertui-light",
    primary="#0f6d8c",
    secondary="#6b45b0",
    accent="#9a5b00",
    warning="#9a5b00",
    error="#b3261e",
    success="#1d7a41",
    foreground="#1c232b",
    background="#fafbfc",
    surface="#f0f3f6",
    panel="#dfe5eb",
    dark=False,
)

OURS: tuple[Theme, ...] = (DARK, LIGHT)
