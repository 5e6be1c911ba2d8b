"""What the review finds again at the next start, kept in the store.

Owns saved views and where each reviewer left off. Knows no screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from followertui.late import late
from followertui.services.review import views
from followertui.services.session import Session
from followertui.store.decisions import saved_views
from followertui.store.decisions.saved_views import SavedView

if TYPE_CHECKING:
    from followertui.services.review import view_rules
else:
    view_rules = late("followertui.services.review.view_rules")


class Looks:
    """The choices of one store.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    def views(self) -> list[tuple[str, str]]:
        """Saved views: name, query."""
        return saved_views.views(self._session.store)

    def save_view(self, name: str, text: str) -> None:
        """Save a query as a view; raises BadQuery."""
        self._session.parse(text)
        saved_views.save_view(self._session.store, name, text)

    def saved(self) -> list[SavedView]:
        """Saved views with all that is set of them."""
        return saved_views.every(self._session.store)

    def rename_view(self, name: str, new_name: str) -> None:
        """Give a view another name."""
        saved_views.rename_view(self._session.store, name, new_name)

    def move_view(self, name: str, place: int) -> None:
        """Put a view at a place, from 1 on."""
        saved_views.move_view(self._session.store, name, place)

    def set_view_hidden(self, name: str, is_hidden: bool) -> None:
        """Hide a view from the queues, or show it again."""
        saved_views.set_hidden(self._session.store, name, is_hidden)

    def check_tag(self, tag: str, name: str, query: str) -> None:
        """Raise BadInput where X forbids to tag people so."""
        view_rules.check(tag, name, query)

    def set_view_tag(self, name: str, tag: str) -> str:
        """Tag everyone who is in a view or enters it; "" ends that. One line."""
        return view_rules.set_tag(self._session, name, tag)

    def run_rules(self) -> list[str]:
        """Tag everyone who entered a view with a tag since; one line per view."""
        return view_rules.run(self._session) if saved_views.has_rules(self._session.store) else []

    def drop_view(self, name: str) -> None:
        """Delete a view."""
        saved_views.drop_view(self._session.store, name)

    def place(self) -> dict[str, Any]:
        """Where this reviewer left off."""
        return views.place(self._session)

    def remember_place(self, where: dict[str, Any]) -> None:
        """Note where this reviewer is."""
        views.remember_place(self._session, where)
