"""The three years before the demo begins: who followed when, who left, and when a person looked.

Owns the story as parameters and what follows from them: the life of every follower and what each
reading held. Pure: ``building_history`` writes it, ``truth`` counts it. Six causes of a poor
audience are in it: it was counted by number (the crowd grows, those who matter hardly), followed
back blindly, given thin content (those who matter leave within months), everybody was treated
alike, nobody was ever pruned, and nobody asked the right ones to come; and once it was bought.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import groupby, pairwise
from random import Random
from typing import NamedTuple

from followertui.demo.audience import BLOCK, WEEKS_AHEAD, Audience, Drawn
from followertui.demo.audience_profiles import SPECIALS, Archetype, Profiles
from followertui.domain.clock import epoch
from followertui.domain.kind import Kind

_WEEK = 7 * 86_400


class Loss(NamedTuple):
    """How much of a cohort was lost up to a week: weeks before the demo's first reading, percent in all."""

    weeks_ago: int
    percent: int


class Cohort(NamedTuple):
    """People who followed together and are all lost before the demo begins.

    Attributes:
        archetype: what they are.
        per_mille: how many, of the accounts of the demo.
        weeks_ago: when they followed, in weeks before the demo's first reading.
        losses: when they left, the last one all of them.
        is_known_since: their profiles are known from after they left, so that they unfollowed.
    """

    archetype: Archetype
    per_mille: int
    weeks_ago: int
    losses: tuple[Loss, ...]
    is_known_since: bool

    def size(self, accounts: int) -> int:
        """How many people."""
        return accounts * self.per_mille // 1000

    def lost(self, accounts: int) -> list[int]:
        """How many were lost at each loss."""
        upto = [self.size(accounts) * loss.percent // 100 for loss in self.losses]
        return [now - before for before, now in pairwise([0, *upto])]


class Look(NamedTuple):
    """One reading of followers: weeks before the demo's first one, and whether only the newest third was read."""

    weeks_ago: int
    is_partial: bool = False


class Story(NamedTuple):
    """What happened before the demo begins.

    Attributes:
        cohorts: who came and left again.
        growth: share of the present list, newest first -> weeks ago they followed; the rest were always there.
        looks: readings, oldest first.
    """

    cohorts: tuple[Cohort, ...]
    growth: tuple[tuple[float, float], ...]
    looks: tuple[Look, ...]


STORY = Story(
    cohorts=(
        Cohort(Archetype.FAKE, 20, 142, (Loss(131, 100),), is_known_since=False),
        Cohort(Archetype.CUSTOMER_PERSON, 8, 121, (Loss(109, 40), Loss(90, 100)), is_known_since=True),
        Cohort(Archetype.WAVE, 60, 110, (Loss(102, 50), Loss(86, 100)), is_known_since=False),
        Cohort(Archetype.PRIVATE, 30, 70, (Loss(66, 80), Loss(61, 100)), is_known_since=True),
        Cohort(Archetype.PROSPECT_PERSON, 8, 59, (Loss(50, 50), Loss(38, 100)), is_known_since=True),
    ),
    growth=((0.0, 0.0), (0.05, 8.0), (0.2, 40.0), (0.45, 100.0), (0.7, 155.0)),
    looks=tuple(Look(weeks, is_partial=weeks == 48) for weeks in range(156, 0, -4) if weeks not in (96, 92, 64)),
)
"""The demo's: a look about every four weeks, in the second summer nobody looked."""


class Life(NamedTuple):
    """When one account followed, and what it is.

    Attributes:
        x_id: its id on X.
        archetype: what it is.
        kind: what a careful person would call it.
        joined: epoch seconds UTC, 0 where it was there from the beginning.
        lost: epoch seconds UTC; None: it follows when the demo begins.
        is_known_since: its profile is known from after it was lost.
    """

    x_id: int
    archetype: Archetype
    kind: Kind
    joined: int
    lost: int | None
    is_known_since: bool


class Read(NamedTuple):
    """One reading: epoch seconds UTC, whether it is complete, ids, newest first."""

    at: int
    is_complete: bool
    ids: tuple[int, ...]


def past_people(audience: Audience, story: Story) -> Iterator[tuple[Cohort, list[Drawn]]]:
    """The people of each cohort, with their profiles as they were when they followed."""
    index = (audience.blocks + WEEKS_AHEAD) * BLOCK
    ordinals = {archetype: index // BLOCK * quota for archetype, quota in SPECIALS.items()}
    for number, cohort in enumerate(story.cohorts):
        then = epoch(audience.now - timedelta(weeks=cohort.weeks_ago))
        profiles = Profiles(audience.accounts, audience.seed, then)
        rnd = Random(f"{audience.seed}:past:{number}")
        trait = profiles.trait(Random(f"{audience.seed}:past:{number}:trait"))
        drawn: list[Drawn] = []
        for _ in range(cohort.size(audience.accounts)):
            if cohort.archetype is Archetype.WAVE:
                record = profiles.wave(rnd, index, trait)
                drawn.append((record, profiles.truth(index, record, Archetype.WAVE)))
            else:
                ordinal = ordinals.get(cohort.archetype, 0)
                ordinals[cohort.archetype] = ordinal + 1
                drawn.append(profiles.draw(rnd, index, cohort.archetype, ordinal))
            index += 1
        yield cohort, drawn


def lives(audience: Audience, story: Story) -> list[Life]:
    """Everybody who ever followed up to the demo's first reading: those of today newest first, then the past."""
    found = list(_present(audience, story))
    for cohort, drawn in past_people(audience, story):
        then = epoch(audience.now - timedelta(weeks=cohort.weeks_ago))
        ends = [
            epoch(audience.now - timedelta(weeks=loss.weeks_ago))
            for loss, count in zip(cohort.losses, cohort.lost(audience.accounts), strict=True)
            for _ in range(count)
        ]
        for (_, truth), end in zip(drawn, ends, strict=True):
            found.append(Life(truth.x_id, truth.archetype, truth.kind, then, end, cohort.is_known_since))
    return found


def _present(audience: Audience, story: Story) -> Iterator[Life]:
    """Followers of the first reading; a run of bought ones came on one day, nobody before it was made."""
    begin = epoch(audience.now) - story.looks[0].weeks_ago * _WEEK if story.looks else 0
    for is_wave, some in groupby(audience.first_reading(), key=lambda drawn: drawn[1].archetype is Archetype.WAVE):
        run = list(some)
        bought = max(record.created_at or 0 for record, _ in run) if is_wave else 0
        for record, truth in run:
            position = run[0][1].position if is_wave else truth.position
            joined = max(_joined(audience, story, position), bought or record.created_at or 0)
            if record.follows_us:
                is_old = joined <= begin
                yield Life(truth.x_id, truth.archetype, truth.kind, 0 if is_old else joined, None, False)


def _joined(audience: Audience, story: Story, position: int) -> int:
    """When the account at a position followed, by the growth alone; 0 where it was always there."""
    share = position / audience.accounts
    for (low, weeks), (high, later) in pairwise(story.growth):
        if share < high:
            ago = weeks + (later - weeks) * (share - low) / (high - low)
            return epoch(audience.now) - int(ago * _WEEK)
    return 0


def readings(audience: Audience, story: Story, known: Sequence[Life]) -> list[Read]:
    """What every look before the demo's first reading held, oldest first."""
    found = []
    order = sorted(known, key=lambda life: -life.joined)
    for look in story.looks:
        at = epoch(audience.now) - look.weeks_ago * _WEEK
        ids = [life.x_id for life in order if life.joined <= at and (life.lost is None or life.lost > at)]
        found.append(Read(at, not look.is_partial, tuple(ids[: len(ids) // 3] if look.is_partial else ids)))
    return found
