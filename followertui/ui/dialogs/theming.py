"""Choosing a theme, seen while it is chosen.

Owns the preview; who asks puts the old theme back when nothing was chosen.
"""

from __future__ import annotations

from typing import Any

from textual import on
from textual.app import App
from textual.widgets import OptionList

from followertui.ui.dialogs.choosing import Choice, Chooser


class ThemeChooser(Chooser[str]):
    """Themes by name; the highlighted one is shown at once.

    Args:
        app: whose themes there are.
    """

    def __init__(self, app: App[Any]) -> None:
        self._before = app.theme
        names = sorted(app.available_themes, key=lambda name: (not name.startswith("followertui"), name))
        choices = [Choice(name, name, "", "light" if not app.available_themes[name].dark else "") for name in names]
        super().__init__("Theme", choices, start=self._before, is_narrow=True)

    @on(OptionList.OptionHighlighted, "#choices")
    def preview(self, event: OptionList.OptionHighlighted) -> None:
        """Show the highlighted theme."""
        self.app.theme = self._shown[event.option_index].answer
