"""Writes the shelf of links and the first rounds by playbook into the demo's store.

Owns the recording: through Today, at the moment it was done, as a person's own answers are.
``building`` calls it.
"""

from __future__ import annotations

from followertui.demo import outreach
from followertui.demo.audience import Audience
from followertui.domain.clock import DAY, FixedClock, epoch, from_epoch
from followertui.domain.kind import Kind
from followertui.engage import playbook
from followertui.engage.shelf_item import ShelfItem, with_campaign
from followertui.services.engage import shelving, today
from followertui.services.engage.values import Wording
from followertui.services.session import Session
from followertui.store.decisions import due
from followertui.store.file.connection import Store

_BEGUN_WEEKS_AGO = 6
_WORTH = 50
"""Of what was proposed then; nothing shows it any more."""

SHELF = (
    ("fleet-report", "The fleet report 2026", "fleet, trucking", ""),
    ("warehouse-checklist", "A checklist for warehouse managers", "warehouse, operations", ""),
    ("freight-benchmarks", "Freight benchmarks by lane", "freight, shipping, logistics", "prospect"),
    (
        "supply-chain-analytics",
        "Supply chain analytics: where to begin",
        "supply chain, analytics",
        "prospect, customer",
    ),
    ("customer-day", "Customer day: the talks on video", "", "customer"),
)
"""The demo's links to offer: page, title, topics, kinds."""


def number_of(page: str) -> int:
    """The number a page has on the shelf."""
    return [line[0] for line in SHELF].index(page) + 1


def offered_link(page: str, kind: str) -> str:
    """The address of a page as it is offered to people of a kind."""
    item = ShelfItem(number_of(page), _address(page), "", "", (), (), "", None, None, "", 0)
    return with_campaign(item, kind)


def _address(page: str) -> str:
    return f"https://acme.example/{page}"


def fill_shelf(past: Session) -> None:
    """Put the demo's links on its shelf."""
    for page, title, topics, kinds in SHELF:
        words, meant = ([part.strip() for part in text.split(",") if part.strip()] for text in (topics, kinds))
        shelving.add(past, _address(page), title, words, meant)


def write(store: Store, reviewer: str, audience: Audience, *, is_whole: bool = True) -> None:
    """Fill the shelf some weeks ago, and record whom the first rounds addressed.

    Args:
        store: the demo's store, with its first reading.
        reviewer: who did it.
        audience: who there is.
        is_whole: False for the shelf alone.
    """
    clock = FixedClock(from_epoch(epoch(audience.now) - _BEGUN_WEEKS_AGO * 7 * DAY))
    past = Session(store, clock, reviewer, is_demo=True)
    fill_shelf(past)
    if not is_whole:
        return
    rows = dict(store.con.execute("SELECT x_id, row FROM account WHERE x_id IS NOT NULL"))
    steps = {
        one.playbook: {
            step.name: step for step in playbook.parse(one.playbook, playbook.shipped_text(one.playbook)).steps
        }
        for one in outreach.ROUNDS
    }
    for made in outreach.contacts(audience):
        clock.at = from_epoch(made.at)
        step = steps[made.playbook][made.turn.step]
        with store.write():
            proposal = due.Proposal(rows[made.truth.x_id], made.playbook, step.name, step.action, step.to, _WORTH)
            [number] = due.propose(store, [proposal], past.now, reviewer)
        if made.is_skipped:
            today.skip(past, [number])
            continue
        post, page = outreach.post_of(made), made.turn.page
        wording = Wording(post=str(post) if post else "", shelf_id=number_of(page) if page else None)
        if page:
            # Their lists come later; the person knew then of which kind they are.
            text = today.compose(past, number, wording).text
            text = text.replace(offered_link(page, Kind.UNSEEN.value), offered_link(page, made.playbook))
            wording = wording._replace(text=text)
        today.done(past, number, wording)
