"""Drafts for people: the variables filled in from what is stored, a variant nobody else got, a link that fits.

Owns what a draft may know of a person. A draft is only shown: ``today`` records what was sent.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from followertui.domain.engagement import StepAction
from followertui.domain.judgement import ROLES, TYPE_ORDER, AccountType
from followertui.domain.match import Band, MatchState
from followertui.engage import drafts, shelf_item
from followertui.engage.playbook import Step
from followertui.engage.shelf_item import ShelfItem
from followertui.services.engage.fitting import Fitter
from followertui.services.session import Session
from followertui.services.values import RowCells
from followertui.store.audience import contact_facts, pages, row_facts, scores
from followertui.store.decisions import shelf
from followertui.store.file import settings
from followertui.text.post_length import without_links

_NOT_A_NAME = re.compile(r"[^\w .'’-]+")
_LONGEST_NAME = 30


class Made(NamedTuple):
    """A draft with the link it offers.

    Attributes:
        draft: the text, None where the step writes none.
        variants: how many templates there are.
        item: the link, None without one.
        why_link: why it fits.
    """

    draft: drafts.Draft | None
    variants: int
    item: ShelfItem | None
    why_link: str


def make(
    session: Session, fitter: Fitter, cells: RowCells, step: Step, seed: int, skip: int = 0, shelf_id: int | None = None
) -> Made:
    """The draft of a step for one person.

    Args:
        session: the open store.
        fitter: the shelf.
        cells: the person.
        step: of the playbook.
        seed: which variant to begin with, the number of what is due.
        skip: how many variants on.
        shelf_id: the link to offer; None for the one that fits best.
    """
    values = variables(session, cells)
    item, why = None, ""
    if step.action is StepAction.OFFER:
        item, why = _link(session, fitter, cells, values["company"], shelf_id)
        if item is None:
            return Made(None, len(step.texts), None, "")
        values |= {
            "title": item.title,
            "link": shelf_item.with_campaign(item, cells.kind.value, _person(session, cells)),
        }
    found = drafts.draft(step.texts, values, seed, lambda key: shelf.has_other(session.store, key, cells.row), skip)
    return Made(found, len(step.texts), item, why)


def _link(
    session: Session, fitter: Fitter, cells: RowCells, company: str, shelf_id: int | None
) -> tuple[ShelfItem | None, str]:
    ranked = fitter.ranked(cells, company)
    if shelf_id is None:
        return (ranked[0][0], ranked[0][1].why) if ranked else (None, "")
    fits = {item.id: fit.why for item, fit in ranked}
    found = shelf.link(session.store, shelf_id)
    return (None, "") if found is None else (ShelfItem._make(found), fits.get(shelf_id, "chosen by you"))


def _person(session: Session, cells: RowCells) -> str:
    """What tells this very person in a link: only of who opted in."""
    facts = contact_facts.contact_facts(session.store, [cells.row]).get(cells.row)
    return cells.handle.lower() if facts is not None and facts.is_opted_in else ""


def variables(session: Session, cells: RowCells) -> dict[str, str]:
    """Every variable of a template for one person, "" for what is unknown."""
    facts = scores.facts_of(session.store, cells.row)
    kind_of_account = TYPE_ORDER[facts.type] if facts else TYPE_ORDER[0]
    name, ties = _plain_name(cells.name), _ties(session, cells.row)
    is_company = ties.is_company or kind_of_account in (AccountType.COMPANY, AccountType.MEDIA)
    about = settings.ABOUT.read(session.store)
    detail = pages.detail(session.store, cells.row)
    place = detail.fields.get("location") if detail is not None else ""
    us = next(iter(about.get("names", [])), "")
    return {
        "name": name or cells.handle,
        "first_name": _first_name(name, is_company) or f"@{cells.handle}",
        "handle": cells.handle,
        "company": ties.company,
        "role": ROLES[facts.role] if facts else "",
        "place": _plain_name(str(place or "")),
        "kind": cells.kind.value,
        "title": "",
        "link": "",
        "us": str(us),
    }


class _Ties(NamedTuple):
    """What sure matches say: the company someone works at, and whether the account itself is a company's."""

    company: str
    is_company: bool


def _ties(session: Session, row: int) -> _Ties:
    """What confirmed and certain matches with companies say of an account."""
    company, is_company = "", False
    for match in row_facts.row_matches(session.store, [row]).get(row, ()):
        facts = match.facts
        is_sure = facts.state is MatchState.CONFIRMED or (
            facts.state is MatchState.UNREVIEWED and facts.band is Band.CERTAIN and not facts.is_stale
        )
        if is_sure and match.is_company and facts.relation == "works_at":
            company = company or _plain_name(match.entity)
        elif is_sure and match.is_company:
            is_company = True
    return _Ties(company, is_company)


def company_of(session: Session, row: int) -> str:
    """The company a confirmed or certain match says a person works at, "" without one."""
    return _ties(session, row).company


def _plain_name(text: str) -> str:
    """A name as it may stand in a post: no mentions, tags, links or signs that would do something there."""
    words = " ".join(_NOT_A_NAME.sub(" ", without_links(text)).replace("_", " ").split())
    return words if len(words) <= _LONGEST_NAME else words[:_LONGEST_NAME].rsplit(" ", 1)[0]


def _first_name(name: str, is_company: bool) -> str:
    """The first name of a person, the whole name of a company; "" where none can be read."""
    if is_company:
        return name
    first = name.split(" ")[0] if name else ""
    return first.strip(".'’-") if re.fullmatch(r"[^\W\d_][\w.'’-]*", first) else ""
