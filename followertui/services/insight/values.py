"""Plain values of the report: figures with the query that finds what they count.

Owns shapes only. Text in them is cleaned but still foreign. ``ui`` and ``cli`` may import it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Figure:
    """A number of accounts.

    Attributes:
        name: what is counted, a word of ``domain.kind`` where there is one.
        count: how many.
        query: finds just these, "" where no query does.
    """

    name: str
    count: int
    query: str


@dataclass(frozen=True, slots=True)
class Side:
    """Followers, or those we follow.

    Attributes:
        total: all of them.
        kinds: by kind, in the order of ``domain.kind``, those without accounts left out.
        states: qualified, not qualified, not known.
        facts: fake, silent and the like; they overlap.
    """

    total: Figure
    kinds: tuple[Figure, ...]
    states: tuple[Figure, Figure, Figure]
    facts: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Quality:
    """How many followers are qualified, and how well that is known.

    Attributes:
        confirmed: a person or a confirmed match says so.
        certain: a certain match says so, unreviewed.
        by_rule: all that count as qualified now, whatever says so.
        of: followers.
        low, point, high: the estimate, None while there is none.
        random_looks: looks it rests on, or that count so far.
        waiting: drawn and not looked at yet.
        needed: looks a first estimate still needs.
        minutes: how long these take.
        exact: followers known exactly.
    """

    confirmed: Figure
    certain: Figure
    by_rule: Figure
    of: int
    low: float | None
    point: float | None
    high: float | None
    random_looks: int
    waiting: int
    needed: int
    minutes: int
    exact: int


@dataclass(frozen=True, slots=True)
class Change:
    """What happened since a day.

    Attributes:
        since: the day, ISO; counted from its end.
        before: followers then.
        gained, lost: by kind; who came and left again in between is in neither.
        causes: the lost by cause.
        states: followers then: qualified, not qualified, not known.
        net_qualified: qualified gained less qualified lost.
        are_losses_known: whether a complete reading came after that day.
    """

    since: str
    before: Figure
    gained: tuple[Figure, ...]
    lost: tuple[Figure, ...]
    causes: tuple[Figure, ...]
    states: tuple[Figure, Figure, Figure]
    net_qualified: int
    are_losses_known: bool


class Point(NamedTuple):
    """Followers at one reading.

    Attributes:
        at: epoch seconds UTC.
        is_complete: a partial one shows no losses.
        source: what brought it.
        total: followers then.
        states: qualified, not qualified, not known.
        kinds: by kind, in the order of ``domain.kind``, zeros kept.
    """

    at: int
    is_complete: bool
    source: str
    total: int
    states: tuple[int, int, int]
    kinds: tuple[int, ...]


class Shift(NamedTuple):
    """A figure before and now, each with the query that finds its accounts."""

    name: str
    before: Figure
    now: Figure


@dataclass(frozen=True, slots=True)
class CleanUp:
    """What the last clean-up did: accounts unfollowed, removed, blocked, muted or reported without a long pause.

    Attributes:
        begin, end: its first and last day, ISO.
        actions: accounts by what was done.
        pruned: accounts by kind.
        following, followers: all, the three states, then by kind, just before and now; comings and
            goings since are in it too.
        index_before, index_now: the quality index, None where it cannot be told.
        lost: what was lost besides; they overlap.
        are_losses_known: whether a complete reading of followers came after it began.
    """

    begin: str
    end: str
    actions: tuple[Figure, ...]
    pruned: tuple[Figure, ...]
    following: tuple[Shift, ...]
    followers: tuple[Shift, ...]
    index_before: float | None
    index_now: float | None
    lost: tuple[Figure, ...]
    are_losses_known: bool

    @property
    def days(self) -> str:
        """From when to when, as it is said: one day, or both with a dash."""
        return self.begin if self.begin == self.end else f"{self.begin} to {self.end}"


class GrowthDay(NamedTuple):
    """One day by X's own count.

    Attributes:
        day: ISO.
        new_follows, unfollows, profile_visits, impressions, posts: None where not told.
        followers: at its end, None where no reading tells.
    """

    day: str
    new_follows: int | None
    unfollows: int | None
    profile_visits: int | None
    impressions: int | None
    posts: int | None
    followers: int | None


@dataclass(frozen=True, slots=True)
class Growth:
    """What X's account analytics tell.

    Attributes:
        days: oldest first.
        missing: days in between that are not told of.
        new_follows, unfollows: in all.
        profile_visits, posts: in all, None where not told.
        anchored_on: when the reading was taken on which the curve hangs, epoch seconds UTC, None where no reading is.
    """

    days: tuple[GrowthDay, ...]
    missing: int
    new_follows: int
    unfollows: int
    profile_visits: int | None
    posts: int | None
    anchored_on: int | None


class Staying(NamedTuple):
    """How long a group of followers stays.

    Attributes:
        name: a kind, or a month of following such as "2026-10".
        joined: followers of the group whose beginning was seen.
        lost: of those, lost since.
        shares: estimated share still there after ``STAYING_DAYS``, None where it is too early to say.
    """

    name: str
    joined: Figure
    lost: Figure
    shares: tuple[float | None, ...]


class FollowBack(NamedTuple):
    """One kind: whom of it we follow, who follows us, and who does both."""

    name: str
    we_follow: Figure
    follow_us: Figure
    both: Figure


class Funnel(NamedTuple):
    """One group of followers and what came of it.

    Attributes:
        name: a kind, a month of following such as "2026-10", or ``BASELINE`` of those who followed before.
        steps: followers of the group, then how many of them were engaged, visited, downloaded, registered.
        came: who visited, downloaded or registered, each once.
    """

    name: str
    steps: tuple[Figure, ...]
    came: Figure


BASELINE = "before"
"""Name of the group of followers whose beginning was not seen: they followed before the first complete reading."""


class Around(NamedTuple):
    """What followers did around the first time you engaged with them.

    Attributes:
        outcome: visit, download or registration.
        of: followers engaged with long enough ago.
        before, after: those of them who did it at least once in ``AROUND_DAYS`` before and after.
    """

    outcome: str
    of: Figure
    before: Figure
    after: Figure


class IndexPart(NamedTuple):
    """One part of the quality index: what it is, its share 0 to 1, what it can add at most."""

    name: str
    share: float
    weight: float


@dataclass(frozen=True, slots=True)
class Person:
    """Someone who matters and follows us: handle without @, name, kind, company, followers."""

    handle: str
    name: str
    kind: str
    company: str
    followers: int | None


class GoalLine(NamedTuple):
    """How the goal of one playbook stands, and what the playbook brought.

    Attributes:
        name, title: of the playbook.
        since: first day of the goal's present stretch, ISO; of the last 90 days without a goal.
        target, per: how many people are to be engaged in a week, month, quarter or year; None and "" without a goal.
        engaged: people addressed since.
        done, skipped, waiting: people with a step done or skipped since, and with one that waits now.
        outcomes: kind of outcome -> people who came after something was done with them.
    """

    name: str
    title: str
    since: str
    target: int | None
    per: str
    engaged: int
    done: int
    skipped: int
    waiting: int
    outcomes: dict[str, int]

    def figures(self) -> tuple[Figure, ...]:
        """Every count, with the query of the people behind it."""
        counts = {"done": self.done, "skipped": self.skipped, "waiting": self.waiting, **self.outcomes}
        parts = (Figure(name, count, f"goal:{self.name}/{name}") for name, count in counts.items())
        return (Figure("engaged", self.engaged, f"goal:{self.name}"), *parts)


class LinkLine(NamedTuple):
    """What one link of the shelf brought.

    Attributes:
        id, title: its number, and its title or address.
        offered: people it was offered to.
        outcomes: kind of outcome -> people it was offered to who came within 30 days.
        by_kind: kind of people ("" where not told) -> outcome -> how often, by the link's campaign parameters;
            nobody's name is known of these.
    """

    id: int
    title: str
    offered: int
    outcomes: dict[str, int]
    by_kind: dict[str, dict[str, int]]

    def figures(self) -> tuple[Figure, ...]:
        """Every count of people, with the query of those behind it."""
        parts = (Figure(name, count, f"shelf:{self.id}/{name}") for name, count in self.outcomes.items())
        return (Figure("offered", self.offered, f"shelf:{self.id}"), *parts)

    def by_link(self, outcome: str) -> int:
        """How often it happened by the link's campaign parameters, over all kinds of people."""
        return sum(some.get(outcome, 0) for some in self.by_kind.values())


class Advice(NamedTuple):
    """What would make it better: a sentence, how many it is about, the query that opens them."""

    text: str
    figure: Figure


class PostingWeek(NamedTuple):
    """One week of our own posts.

    Attributes:
        monday: its first day, ISO.
        posts: how many, None where nothing is told of it.
        gained: followers that came in it, as far as readings saw them come.
        qualified: those of them that are qualified by now.
    """

    monday: str
    posts: int | None
    gained: int
    qualified: int


class Rhythm(NamedTuple):
    """Our own posting rhythm.

    Attributes:
        weeks: oldest first, without a gap.
        a_week: posts a week, of the weeks told of.
        silent: weeks without a post.
        longest_silence: most weeks without one in a row.
    """

    weeks: tuple[PostingWeek, ...]
    a_week: float
    silent: int
    longest_silence: int


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report.

    Attributes:
        profile: our handle, "" where not known.
        made_at: epoch seconds UTC.
        as_of: of the newest reading of followers, None without one.
        is_judged: whether accounts were judged at all.
        followers, following: who they are.
        quality: the qualified share.
        matters: followers who matter, by kind.
        people: some of them by name.
        change: since a day, None at the first measurement.
        history: one point per reading of followers, oldest first, from the first complete one on.
        staying_by_kind, staying_by_month: how long followers stay.
        follow_back: by kind.
        funnel: by kind, kinds of whose followers nothing is known left out.
        funnel_by_month: by month of following, newest first, those who followed before at the end; months of
            whose followers nothing is known left out.
        around: what they did before and after the first engagement, outcomes nobody had left out.
        coverage: one record per list.
        index: 0 to 100, None while nothing is known.
        index_parts: what it is made of.
        advice: what would change it.
        basis: followers by what decided their kind.
        losses: who followed once and does no longer, by cause.
        rules: a mark of what accounts were judged with and from when on they are silent.
        growth: by X's own count, None without account analytics.
        clean_up: what the last clean-up did, None without one.
        goals: how the goals of playbooks stand, and what each brought.
        links: what links of the shelf brought that were offered or that analytics tell of, the most offered first.
        influencers: accounts the rule of influencers finds, among followers and among others worth winning.
        posting: our own posting rhythm, None where no post is told of.
        is_whole: False where what happened over time is not counted yet: change, history, growth, posting, how long
            they stay, losses, the funnel by month, around, the clean-up, goals, links.
    """

    profile: str
    made_at: int
    as_of: int | None
    is_judged: bool
    followers: Side
    following: Side
    quality: Quality
    matters: tuple[Figure, ...]
    people: tuple[Person, ...]
    change: Change | None
    history: tuple[Point, ...]
    staying_by_kind: tuple[Staying, ...]
    staying_by_month: tuple[Staying, ...]
    follow_back: tuple[FollowBack, ...]
    funnel: tuple[Funnel, ...]
    coverage: tuple[dict[str, Any], ...]
    index: float | None
    index_parts: tuple[IndexPart, ...]
    advice: tuple[Advice, ...]
    basis: tuple[Figure, ...]
    losses: tuple[Figure, ...]
    rules: str
    funnel_by_month: tuple[Funnel, ...] = ()
    around: tuple[Around, ...] = ()
    growth: Growth | None = None
    clean_up: CleanUp | None = None
    is_whole: bool = True
    goals: tuple[GoalLine, ...] = ()
    links: tuple[LinkLine, ...] = ()
    influencers: tuple[Figure, ...] = ()
    posting: Rhythm | None = None


STAYING_DAYS: tuple[int, ...] = (30, 90, 180, 365)
"""After how many days it is asked who is still there."""
