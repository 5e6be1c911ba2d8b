"""Which link of the shelf fits a person, and was never offered to them.

Owns what is known of a person's interests. The rules are ``engage.shelf_item``'s.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from followertui.domain.judgement import ROLES
from followertui.engage import shelf_item
from followertui.engage.shelf_item import Fit, Interest, ShelfItem
from followertui.services.session import Session
from followertui.store.audience import pages, scores
from followertui.store.decisions import shelf

if TYPE_CHECKING:
    from followertui.services.values import RowCells


def item_of(link: shelf.Link) -> ShelfItem:
    """A link as the rules know it."""
    return ShelfItem._make(link)


class Fitter:
    """Finds links for people; the shelf is read once.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self._session = session

    @cached_property
    def items(self) -> list[ShelfItem]:
        """The shelf as it stands."""
        return [item_of(link) for link in shelf.links(self._session.store)]

    def ranked(self, cells: RowCells, company: str) -> list[tuple[ShelfItem, Fit]]:
        """Links that fit an account, best first, without those it was offered before."""
        if not self.items:
            return []
        session = self._session
        detail = pages.detail(session.store, cells.row)
        facts = scores.facts_of(session.store, cells.row)
        fields = detail.fields if detail is not None else {}
        interest = Interest(
            cells.kind.value,
            str(fields.get("bio") or ""),
            ROLES[facts.role] if facts else "",
            company,
            str(fields.get("lang") or ""),
        )
        return shelf_item.ranked(self.items, interest, shelf.offered_to(session.store, cells.row), session.now)
