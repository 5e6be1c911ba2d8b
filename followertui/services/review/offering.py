"""The names completion offers after a field: tags, lists, reasons, waves, companies, owners.

Owns which names a store knows of a field. Reads only.
"""

from __future__ import annotations

import re

from followertui.services.scoring import judging
from followertui.services.session import Session
from followertui.store.decisions import tags
from followertui.store.lists import listings, lists

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
