"""The timeline of contacts with one account: what files brought, what Today recorded, what was noted.

Owns how each line is told. Reads only.
"""

from __future__ import annotations

from typing import NamedTuple

from followertui.services.session import Session
from followertui.store.audience import interactions
from followertui.store.decisions import shelf
from followertui.x import links


class Contacted(NamedTuple):
    """One contact: when (epoch seconds UTC), what it was, what it was about, where it is known from."""

    at: int
    what: str
    text: str
    source: str


def timeline(session: Session, row: int) -> list[Contacted]:
    """Contacts with one account, newest first."""
    sent = {(one.at, one.action): one for one in shelf.sent_to(session.store, row)}
    titles = {link.id: link.title or link.url for link in shelf.links(session.store, with_dropped=True)} if sent else {}
    found = []
    for met in interactions.interactions(session.store, row):
        ours = sent.get((met.at, "thank" if met.kind == "mention" else met.kind))
        text = met.reference if ours is None else ours.text
        if ours is not None and ours.shelf_id is not None and not text:
            text = titles.get(ours.shelf_id, "")
        if ours is not None and ours.post and not text:
            text = links.post(ours.post)
        found.append(Contacted(met.at, met.kind, text, met.source))
    return found
