"""The names completion offers after a field: tags, lists, reasons, waves, companies, owners.

Owns which names a store knows of a field, and what is said of a name it does not know. Reads only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from followertui.domain.errors import BadQuery
from followertui.domain.query import And, At, Equals, Node, Not, Or
from followertui.late import late
from followertui.query.wording import as_value, did_you_mean, nearest, shown
from followertui.services.session import Session
from followertui.store.decisions import tags
from followertui.store.lists import listings, lists

if TYPE_CHECKING:
    from followertui.services.scoring import judging
else:
    judging = late("followertui.services.scoring.judging")

_MOST = 50
_TYPED = re.compile(
    r"\b(tag|list|reason|wave|company|owner):(?:(?:\"[^\"]*\"|[^\s(),\"]*),)*(?:\"([^\"]*)|([^\s(),\"]*))$",
    re.IGNORECASE,
)
"""A field of names at the end of a query and the value begun: after a quotation mark with spaces, else without."""


def names_at(session: Session, before: str) -> dict[str, list[str]]:
    """The names of the field whose value is being typed.

    Args:
        session: the open store.
        before: the query up to the cursor.

    Returns:
        Field -> names; empty where no field of names is being typed.
    """
    found = _TYPED.search(before)
    if found is None:
        return {}
    field, typed = found[1].lower(), found[2] or found[3] or ""
    if field == "tag":
        names = [name for name, _, _ in tags.tags(session.store)]
    elif field == "list":
        names = [one.name for one in lists.lists(session.store)]
    elif field == "reason":
        names = judging.reason_names(session)
    elif field == "wave":
        names = judging.wave_names(session)
    else:
        names = listings.names_matched(session.store, typed, _MOST)[field]
    return {field: names}


_OPEN = frozenset({"tag", "list", "company", "owner"})
"""Fields of names a store may come to know: one that finds nobody is no error, and often a slip."""


def unknown_name(session: Session, text: str) -> BadQuery | None:
    """The first name in a query that finds nobody, with its place and the nearest that is known.

    A query goes on without it: ``-list:Custmers`` holds for everybody.

    Args:
        session: the open store.
        text: the query as typed.

    Returns:
        What to say of the name, not raised; None where each finds an account.

    Raises:
        BadQuery: the query cannot be read.
    """
    for node in _equals(session.parse_often(text).where) if text.strip() else ():
        if node.field in _OPEN and not session.evaluator.mask(node, session.now).any():
            return _pointed(session, text, node)
    return None


def _equals(node: Node) -> Iterator[Equals]:
    if isinstance(node, Equals):
        yield node
    elif isinstance(node, And | Or):
        for part in node.parts:
            yield from _equals(part)
    elif isinstance(node, Not | At):
        yield from _equals(node.part)


def _pointed(session: Session, text: str, node: Equals) -> BadQuery:
    field, value = node.field, node.value
    start = max(0, text.lower().find(f"{field}:"))
    at = text.find(value, start)
    at, length = (at, len(value)) if at >= 0 else (start, len(field))
    names = names_at(session, f"{field}:") | names_at(session, f'{field}:"{value[:2]}')
    known = {name.lower(): name for name in names.get(field, ())}
    near = known.get(nearest(value, known) or "")
    near = None if near is None or near.lower() == value.lower() else near
    is_quoted = text[at - 1 : at] == '"'
    typed = near if near is None or is_quoted else as_value(near)
    return BadQuery(f"{field}: {shown(value)} finds nobody{did_you_mean(near)}", at, length, typed)
