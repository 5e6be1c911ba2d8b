"""The campaign parameters of a link of the shelf, as analytics and form exports give them back.

Owns how they are read from columns or from the address of a page; ``engage.shelf_item`` writes them.
Foreign campaigns say nothing here. Only ``sources`` imports it.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from followertui.domain.kind import KIND_ORDER
from followertui.text.cleaning import clean_handle

CAMPAIGN_FIELDS = ("utm_content", "utm_campaign", "utm_term", "utm_source", "link")
"""Names of columns a campaign is read from."""

_OURS = re.compile(r"x(?:\s*/.*)?", re.I)
"""The source our links name; web analytics write the medium behind it: "x / social"."""
_SHELF = re.compile(r"shelf-([1-9][0-9]{0,8})", re.I)
_KINDS = frozenset(kind.value for kind in KIND_ORDER)


class Campaign(NamedTuple):
    """What a line says of the link a visitor came by.

    Attributes:
        shelf_id: the link of the shelf, None where it is none of ours.
        kind: kind of the people it was offered to, "" where not said.
        handle: the very person, of links of those who opted in; "" for all others.
    """

    shelf_id: int | None = None
    kind: str = ""
    handle: str = ""


NO_CAMPAIGN = Campaign()


def campaign_of(cells: dict[str, str]) -> Campaign:
    """The campaign of a line: its own columns first, then the parameters of the page's address.

    Args:
        cells: field -> text; those of ``CAMPAIGN_FIELDS`` are read.
    """
    inside = _parameters(cells.get("link", ""))
    said = {name: cells.get(name, "").strip() or inside.get(name, "") for name in CAMPAIGN_FIELDS[:4]}
    found = _SHELF.fullmatch(said["utm_content"])
    if found is None or (said["utm_source"] and not _OURS.fullmatch(said["utm_source"])):
        return NO_CAMPAIGN
    kind = said["utm_campaign"].lower()
    return Campaign(int(found[1]), kind if kind in _KINDS else "", (clean_handle(said["utm_term"]) or "").lower())


def _parameters(address: str) -> dict[str, str]:
    if "utm_" not in address:
        return {}
    try:
        values = parse_qs(urlsplit(address.strip()).query)
    except ValueError:
        return {}
    return {name: some[0] for name, some in values.items()}
