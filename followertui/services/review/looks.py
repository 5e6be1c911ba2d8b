"""How a person wants the review to look: theme and columns, kept in the store for the next start.

Owns what is kept and what a choice falls back to. Knows no screen.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.services.session import Session
from followertui.store.file import settings


class Looks:
    """The choices of one store.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def theme(self) -> str:
        """Name of the chosen theme, "" for none."""
        return settings.THEME.read(self._session.store)

    def set_theme(self, name: str) -> None:
        """Save a theme for the next start."""
        settings.THEME.write(self._session.store, name)

    def columns(self) -> list[str]:
        """Names of the chosen columns in order; empty where they choose themselves."""
        return [name for name in settings.COLUMNS.read(self._session.store) if isinstance(name, str)]

    def set_columns(self, names: Sequence[str]) -> None:
        """Save columns for the next start; none lets them choose themselves again."""
        settings.COLUMNS.write(self._session.store, list(names))
