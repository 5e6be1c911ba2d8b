"""One account in a word or two: its name and its kind, wherever a row of it is shown.

Owns those words and the look of each kind.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from followertui.domain.kind import Kind

if TYPE_CHECKING:
    from followertui.services.values import RowCells

KIND_LOOKS: dict[Kind, str] = {
    Kind.CUSTOMER: "good",
    Kind.PROSPECT: "ours",
    Kind.PARTNER: "good",
    Kind.INFLUENCER: "voice",
    Kind.PRESS: "voice",
    Kind.EMPLOYEE: "ours",
    Kind.VENDOR: "trade",
    Kind.COMPETITOR: "trade",
    Kind.BOT: "bad",
    Kind.HARMFUL: "bad",
    Kind.OFFTOPIC: "muted",
    Kind.UNSEEN: "muted",
    Kind.UNCLEAR: "muted",
    Kind.OTHER: "",
}


def kind_word(cells: RowCells) -> str:
    """The kind as shown: with a question mark while it is only proposed."""
    return f"{cells.kind.value}?" if cells.is_doubtful else cells.kind.value


def name_of(cells: RowCells) -> str:
    """What an account is called: its name, else its handle, else its number on X."""
    if cells.name:
        return cells.name
    if cells.handle:
        return f"@{cells.handle}"
    return f"id {cells.x_id}" if cells.x_id is not None else "nameless"
