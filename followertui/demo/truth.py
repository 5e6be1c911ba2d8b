"""What the report must say of the demo, computed from its parameters and from nothing stored.

Owns the figures of an audience that is known person by person: followers by kind at each reading,
who came and left, how long they stay, who follows back, what came of it. Plain sets and sums, written apart from
what ``services.insight`` computes on purpose. Pure; tests and later work compare with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from followertui.demo import building_history, history, outreach
from followertui.demo.audience import Audience
from followertui.demo.audience_lists import MAX_CONTACTS
from followertui.demo.audience_profiles import SPECIALS, Archetype, contact
from followertui.demo.history import Read, Story
from followertui.domain.clock import epoch
from followertui.domain.guards import OUTCOMES
from followertui.domain.kind import Kind

_DAY = 86_400


class World(NamedTuple):
    """Everything true of a demo.

    Attributes:
        reads: every reading of followers, oldest first.
        kinds: id -> kind a careful person would give.
        following: ids of those we follow, at the newest reading.
        known_since: ids whose profiles are known from the newest reading.
    """

    reads: tuple[Read, ...]
    kinds: Mapping[int, Kind]
    following: frozenset[int]
    known_since: frozenset[int]


class Stay(NamedTuple):
    """One group: how many joined, how many of them were lost, shares still there after some days."""

    joined: int
    lost: int
    shares: tuple[float | None, ...]


def world(audience: Audience, story: Story, weeks: int = 1, begin: int = 0) -> World:
    """What is true of a demo after some weeks.

    Args:
        audience: who there is.
        story: what happened before.
        weeks: weeks of changes that were read, each as a whole.
        begin: how many of the story's looks are left out, oldest first.
    """
    known = history.lives(audience, story)
    reads = history.readings(audience, story, known)[begin:]
    kinds = {life.x_id: life.kind for life in known}
    since = {life.x_id for life in known if life.is_known_since}
    following: set[int] = set()
    for week in range(weeks + 1):
        everyone = [record for batch in audience.batches("all", week=week) for record in batch]
        reads.append(
            Read(
                epoch(audience.now) + week * 7 * _DAY, True, tuple(one.x_id or 0 for one in everyone if one.follows_us)
            )
        )
        following = {one.x_id or 0 for one in everyone if one.we_follow}
        if week:
            kinds.update({truth.x_id: truth.kind for truth in audience.next_week(week).joined})
    kinds.update({truth.x_id: truth.kind for _, truth in audience.first_reading()})
    return World(tuple(reads), kinds, frozenset(following), frozenset(since))


def present(reads: Sequence[Read], upto: int) -> set[int]:
    """Who follows after all readings up to a moment: a partial one adds and never takes away."""
    found: set[int] = set()
    for read in reads:
        if read.at <= upto:
            found = set(read.ids) if read.is_complete else found | set(read.ids)
    return found


def by_kind(ids: Collection[int], kinds: Mapping[int, Kind]) -> dict[str, int]:
    """How many of each kind, kinds without any left out."""
    return dict(Counter(kinds[one].value for one in ids))


def spells(reads: Sequence[Read]) -> dict[int, tuple[int, int | None]]:
    """Id -> when first read and when missed, of those who came after the first complete reading and never twice."""
    first = next(place for place, read in enumerate(reads) if read.is_complete)
    baseline = {one for read in reads[: first + 1] for one in read.ids}
    began: dict[int, int] = {}
    missed: dict[int, int | None] = {}
    for read in reads[first + 1 :]:
        held = set(read.ids)
        for one in held - baseline:
            began.setdefault(one, read.at)
            missed.setdefault(one, None)
        if read.is_complete:
            missed.update({one: read.at for one, end in missed.items() if end is None and one not in held})
    return {one: (at, missed[one]) for one, at in began.items()}


def staying(reads: Sequence[Read], some: Collection[int], days: Sequence[int]) -> Stay:
    """How long a group stays whose beginning was seen, by the product of what is left at every loss.

    Args:
        reads: every reading, oldest first.
        some: ids of the group.
        days: after how many days it is asked.
    """
    upto = max(read.at for read in reads if read.is_complete)
    lasted = [
        (max(0, (upto if end is None else end) - at), end is not None)
        for one, (at, end) in spells(reads).items()
        if one in some
    ]
    return Stay(len(lasted), sum(is_lost for _, is_lost in lasted), tuple(_share(lasted, day * _DAY) for day in days))


def _share(lasted: Sequence[tuple[int, bool]], wanted: int) -> float | None:
    """Share still there after some seconds; None where nobody was followed up so long and some are left."""
    share = 1.0
    for moment in sorted({seconds for seconds, is_lost in lasted if is_lost and seconds <= wanted}):
        at_risk = sum(seconds >= moment for seconds, _ in lasted)
        share *= 1 - sum(is_lost and seconds == moment for seconds, is_lost in lasted) / at_risk
    is_followed_up = any(seconds >= wanted for seconds, _ in lasted)
    return share if is_followed_up or share == 0 else None


def causes(known: World, lost: Collection[int]) -> dict[str, int]:
    """Why some are no longer there, as far as readings tell: unfollowed where a profile is known from after it."""
    told = known.known_since | known.following
    found = Counter("unfollowed" if one in told else "unknown" for one in lost)
    return dict(found)


def funnel(known: World, audience: Audience) -> dict[str, dict[str, int]]:
    """By kind: followers now, of them who was engaged and who did what; kinds without any of it left out.

    Args:
        known: what is true after the last reading.
        audience: whom the messages and the visits were made of.
    """
    now = present(known.reads, known.reads[-1].at)
    steps = {"follow": now, "engaged": engaged(audience), **{name: came(audience, name) for name in OUTCOMES}}
    found = {}
    for kind in Kind:
        some = {one for one in now if known.kinds[one] is kind}
        counts = {name: len(some & ids) for name, ids in steps.items()}
        if sum(counts.values()) > counts["follow"]:
            found[kind.value] = counts
    return found


def engaged(audience: Audience) -> set[int]:
    """Ids of those who were thanked with everybody else, or addressed by a playbook."""
    addressed = {one.truth.x_id for one in outreach.contacts(audience) if not one.is_skipped}
    return {one.x_id for one in building_history.thanked(audience)} | addressed


def came(audience: Audience, outcome: str) -> set[int]:
    """Ids of those with an outcome, by a link that was offered or by themselves."""
    found = {one.truth.x_id for one in outreach.outcomes(audience) if one.outcome == outcome}
    return found | {one.x_id for one in building_history.visitors(audience)} if outcome == "visit" else found


class Goal(NamedTuple):
    """What a playbook brought: people engaged, left out, and outcome -> people who did it after they were engaged."""

    engaged: int
    skipped: int
    outcomes: dict[str, int]


def goals(audience: Audience, since: int) -> dict[str, Goal]:
    """What each playbook brought from a moment on.

    Args:
        audience: who there is.
        since: epoch seconds UTC.
    """
    found = {}
    for name in {one.playbook for one in outreach.ROUNDS}:
        some = [one for one in outreach.contacts(audience) if one.playbook == name and one.at >= since]
        begun: dict[int, int] = {}
        for one in some:
            if not one.is_skipped:
                begun.setdefault(one.truth.x_id, one.at)
        after = {
            (one.outcome, one.truth.x_id)
            for one in outreach.outcomes(audience)
            if _day_begins(one.at) >= begun.get(one.truth.x_id, one.at + 1)
        }
        skipped = {one.truth.x_id for one in some if one.is_skipped}
        if some:
            found[name] = Goal(len(begun), len(skipped), dict(Counter(outcome for outcome, _ in after)))
    return found


def _day_begins(at: int) -> int:
    """The moment a file that gives days alone is read as."""
    return at - at % _DAY


class Link(NamedTuple):
    """What a link brought: people it was offered to, and outcome -> people who did it by the link."""

    offered: int
    outcomes: dict[str, int]


def links(audience: Audience) -> dict[str, Link]:
    """Page -> what it brought."""
    taken = [one for one in outreach.contacts(audience) if one.turn.page and not one.is_skipped]
    did = {(one.page, one.outcome, one.truth.x_id) for one in outreach.outcomes(audience)}
    return {
        page: Link(
            len({one.truth.x_id for one in taken if one.turn.page == page}),
            dict(Counter(outcome for where, outcome, _ in did if where == page)),
        )
        for page in {one.turn.page for one in taken}
    }


class Coverage(NamedTuple):
    """One list in figures.

    Attributes:
        entries: of the list.
        tied: for each entry in the list's order, ids of the accounts that are it or work there.
        on_x, follows_us, we_follow, engaged: entries with such an account.
    """

    entries: int
    tied: tuple[frozenset[int], ...]
    on_x: int
    follows_us: int
    we_follow: int
    engaged: int


def coverage(
    known: World, audience: Audience, story: Story, weeks: int = 1, rejected: Collection[int] = ()
) -> dict[str, Coverage]:
    """Lists of customers and prospects, by stage: who of them is among all accounts that were ever read.

    Args:
        known: what is true after the last reading.
        audience: who there is.
        story: what happened before.
        weeks: weeks of changes that were read.
        rejected: ids of accounts a person said are nobody of a list.
    """
    truths = [truth for _, truth in audience.first_reading()]
    truths += [truth for _, drawn in history.past_people(audience, story) for _, truth in drawn]
    truths += [truth for week in range(1, weeks + 1) for truth in audience.next_week(week).joined]
    read = {one for reading in known.reads for one in reading.ids} | known.following
    told = [truth for truth in truths if truth.x_id in read and truth.x_id not in rejected]
    by_handle = {truth.handle: truth.x_id for truth in told}
    by_company: dict[str, set[int]] = {}
    for truth in told:
        if truth.company is not None and truth.kind in (Kind.CUSTOMER, Kind.PROSPECT):
            by_company.setdefault(truth.company, set()).add(truth.x_id)
    now = present(known.reads, known.reads[-1].at)
    talked = engaged(audience).union(*(came(audience, name) for name in OUTCOMES))
    found = {}
    for kind, firms, archetype in (
        (Kind.CUSTOMER, audience.market.customers, Archetype.CUSTOMER_PERSON),
        (Kind.PROSPECT, audience.market.prospects, Archetype.PROSPECT_PERSON),
    ):
        tied = [frozenset(by_company.get(firm.name, ())) for firm in firms]
        for ordinal in range(0, min(audience.blocks * SPECIALS[archetype], 2 * MAX_CONTACTS), 2):
            person = by_handle.get(contact(archetype, ordinal).handle)
            tied += [frozenset() if person is None else frozenset((person,)), frozenset()]
        counts = (sum(bool(ids & some) for ids in tied) for some in (read, now, known.following, talked))
        found[kind.value] = Coverage(len(tied), tuple(tied), *counts)
    return found
