"""What Today shows: what is due as rows, and how the one under the cursor is done.

Owns the table of what is due and the wording of a draft. Values are handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from followertui.domain.engagement import POST_LENGTH
from followertui.ui.cells import counted, hanging, line, lines, plain
from followertui.ui.columns import Column
from followertui.ui.row_text import KIND_LOOKS, kind_word, name_of
from followertui.ui.widgets.table import VirtualTable

if TYPE_CHECKING:
    from followertui.domain.progress import Progress
    from followertui.services.engage.values import Composed, DueLine, Today

NOTHING_DUE = (
    "Nothing is due today\nF10 shows who your playbooks are for; in the review e says that someone is worth talking to"
)

NARROW = 100
"""Columns below which the kind is left out, so that what is carried over or handed to whom can be read."""

_NOTE = 29
"""Columns the playbook gets on a narrow screen: its title, and for how many days something has been due."""

STILL_LOOKING = "Nothing is due so far\nwho is due is being looked for; you can go on meanwhile"


class TodayTable(VirtualTable["DueLine"]):
    """What is due, what is worth most first.

    Args:
        page: fetches items by their number.
        id: widget id.
    """

    def __init__(self, page: Callable[[Sequence[int]], Sequence[DueLine]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._page = page

    def fetch(self, keys: Sequence[int]) -> Sequence[DueLine]:
        """At most 64 items."""
        return self._page(keys)

    def columns(self, width: int) -> tuple[Column, ...]:
        """Columns for this width; where it is narrow the playbook alone says of which kind someone is."""
        fixed = [Column("action", "Do", 8), Column("worth", "Worth", 5, right=True)]
        middle = [Column("relation", "↔", 1), *([Column("kind", "Kind", 11)] if width >= NARROW else [])]
        room = width - sum(column.width + 1 for column in (*fixed, *middle)) - 3
        handle = 16 if width >= NARROW else 13
        name = max(10, min(26, (room - handle) // 2 if width >= NARROW else room - handle - _NOTE))
        return (
            *fixed,
            Column("name", "Name", name),
            Column("handle", "Handle", handle),
            *middle,
            Column("note", "Playbook", max(8, room - name - handle)),
        )

    def is_dim(self, row: DueLine) -> bool:
        """What may not be done now is dimmed."""
        return bool(row.held)

    def cell(self, row: DueLine, column: str) -> tuple[str, str]:
        """Text and look of one cell."""
        late_by = f" · due for {counted(row.days)} day{'' if row.days == 1 else 's'}" if row.days else ""
        what = f" · {row.object}" if row.object else ""
        shown = {
            "action": (row.action.value, ""),
            "worth": (str(row.worth), "muted"),
            "name": (name_of(row.cells), "strong"),
            "handle": (row.cells.handle, ""),
            "relation": (row.cells.relation, "muted"),
            "kind": (kind_word(row.cells), KIND_LOOKS.get(row.cells.kind, "")),
        }
        return shown.get(column, (row.held, "warn") if row.held else (f"{row.title}{what}{late_by}", "muted"))


def title_parts(today: Today, looking: Progress | None = None) -> list[tuple[str, str]]:
    """The title of the screen: how much is due, carried over, answered, snoozed.

    Args:
        today: what is due.
        looking: how far the look for more is, None where none goes on.
    """
    parts = [(" Today", "bold $primary"), (f" · {counted(len(today.ids))} due", "")]
    for count, word in ((today.carried, "carried over"), (today.answered, "answered"), (today.snoozed, "snoozed")):
        if count:
            parts.append((f" · {counted(count)} {word}", "$foreground-muted"))
    if looking is not None and looking.total:
        parts.append((f" · looking who is due: {100 * looking.done // looking.total}%", "$accent"))
    return parts


def composed_content(found: Composed, post: str, width: int) -> Content:
    """How one step is done.

    Args:
        found: page, text, link.
        post: the post that was named, "" for none.
        width: cells.

    Returns:
        Several lines.
    """
    rows = [hanging(" do", plain(found.what_to_do, "bold"), width, label_width=7)]
    if found.text:
        too_long = found.length > POST_LENGTH
        which = "your words" if found.is_own else f"draft {found.variant + 1} of {found.variants}"
        rows.append(hanging(" text", plain(found.text), width, label_width=7))
        facts = line(
            (f"{counted(found.length)} of {POST_LENGTH}", "bold $error" if too_long else "$foreground-muted"),
            (f" · {which}", "$foreground-muted"),
        )
        rows.append(hanging("", facts, width, label_width=7))
    if found.shelf_id:
        why = f" · {found.why_link}" if found.why_link else ""
        rows.append(hanging(" link", line(found.shelf_title, (why, "$foreground-muted")), width, label_width=7))
    if post:
        rows.append(hanging(" post", plain(post, "$primary"), width, label_width=7))
    if found.api:
        rows.append(hanging(" how", plain(found.api, "$foreground-muted"), width, label_width=7))
    if found.again:
        rows.append(hanging(" then", plain(found.again, "$foreground-muted"), width, label_width=7))
    if found.problem:
        rows.append(hanging(" !", plain(found.problem, "bold $warning"), width, label_width=7))
    return lines(rows)
