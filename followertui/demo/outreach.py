"""The weeks before the demo begins in which a few people were addressed by playbook: whom, with what, what came of it.

Owns the rounds as parameters and what follows from them. Pure: ``building_history`` records them through
Today, ``truth`` counts them. Before these weeks everybody was treated alike, and most still are.
"""

from __future__ import annotations

from typing import NamedTuple

from followertui.demo.audience import Audience
from followertui.demo.audience_profiles import Archetype, Truth
from followertui.domain.clock import epoch
from followertui.domain.engagement import StepAction
from followertui.x.sandbox import written

_DAY = 86_400
MOST = 15
"""Most people of one round: a small team began with the first ones."""

_QUIET_DAYS = 90
"""Who has posted nothing for so long has no post to answer."""


class Turn(NamedTuple):
    """One step of a round.

    Attributes:
        step, action: name of the playbook's step, and what it does.
        weeks_ago: when the first person had it, in weeks before the demo's first reading.
        page: the link it offers, "" for none.
        skipped_every: of how many people one is left out of it, 0 for none.
    """

    step: str
    action: StepAction
    weeks_ago: int
    page: str = ""
    skipped_every: int = 0


class Came(NamedTuple):
    """What some did after the offer: the outcome, of how many people one, how many days later."""

    outcome: str
    every: int
    days: int


class Round(NamedTuple):
    """People of one kind who went through the first steps of a playbook.

    Attributes:
        playbook: its name.
        archetype: whom it was for: those of them who follow and are followed.
        a_day: how many had a step on one day.
        turns: the steps, in order.
        came: what came of the offer.
    """

    playbook: str
    archetype: Archetype
    a_day: int
    turns: tuple[Turn, ...]
    came: tuple[Came, ...] = ()


ROUNDS = (
    Round(
        "customer",
        Archetype.CUSTOMER_PERSON,
        4,
        (
            Turn("reply", StepAction.REPLY, 5),
            Turn("offer", StepAction.OFFER, 2, "customer-day", skipped_every=4),
        ),
        (Came("visit", 2, 1), Came("download", 5, 2)),
    ),
    Round(
        "prospect",
        Archetype.PROSPECT_PERSON,
        5,
        (
            Turn("reply", StepAction.REPLY, 5),
            Turn("offer", StepAction.OFFER, 3, "freight-benchmarks", skipped_every=5),
        ),
        (Came("visit", 2, 1), Came("registration", 6, 4)),
    ),
    Round("partner", Archetype.PARTNER_PERSON, 2, (Turn("repost", StepAction.REPOST, 3),)),
)
"""The demo's."""


class Contact(NamedTuple):
    """One step with one person.

    Attributes:
        playbook, turn: which step of which playbook.
        truth: the person.
        at: epoch seconds UTC.
        is_skipped: it was left out.
    """

    playbook: str
    turn: Turn
    truth: Truth
    at: int
    is_skipped: bool


class Outcome(NamedTuple):
    """What one person did after an offer: who, the playbook, the page offered, the outcome, epoch seconds UTC."""

    truth: Truth
    playbook: str
    page: str
    outcome: str
    at: int


def people(audience: Audience) -> dict[Archetype, list[Truth]]:
    """Whom each round was for, those who followed last first: both follow, and there are posts to answer."""
    since = epoch(audience.now) - _QUIET_DAYS * _DAY
    found: dict[Archetype, list[Truth]] = {one.archetype: [] for one in ROUNDS}
    for record, truth in audience.first_reading():
        has_posts = not record.protected and (record.last_post_at or 0) >= since
        if truth.archetype in found and record.follows_us and record.we_follow and has_posts:
            found[truth.archetype].append(truth)
        if all(len(some) >= MOST for some in found.values()):
            break
    return {archetype: some[:MOST] for archetype, some in found.items()}


def contacts(audience: Audience) -> list[Contact]:
    """Every step with everybody, oldest first."""
    found = []
    known = people(audience)
    for one in ROUNDS:
        some = known[one.archetype]
        for turn in one.turns:
            begun = epoch(audience.now) - turn.weeks_ago * 7 * _DAY
            for place, truth in enumerate(some, start=1):
                is_skipped = bool(turn.skipped_every) and place % turn.skipped_every == 0
                at = begun + (place - 1) // one.a_day * _DAY
                found.append(Contact(one.playbook, turn, truth, at, is_skipped))
    return sorted(found, key=lambda contact: contact.at)


def post_of(contact: Contact) -> int:
    """The number of the post that was passed on, 0 where none was: it tells when it was written, the day before."""
    if contact.turn.action is not StepAction.REPOST:
        return 0
    return written.number(contact.at - _DAY, contact.truth.position)


def outcomes(audience: Audience) -> list[Outcome]:
    """What those did who were offered a link."""
    found = []
    every = contacts(audience)
    for one in ROUNDS:
        offered = [made for made in every if made.playbook == one.playbook and made.turn.page]
        taken = [made for made in offered if not made.is_skipped]
        for came in one.came:
            found += [
                Outcome(made.truth, one.playbook, made.turn.page, came.outcome, made.at + came.days * _DAY)
                for made in taken[:: came.every]
            ]
    return found
