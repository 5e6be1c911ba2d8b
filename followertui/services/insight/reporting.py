"""The report: every figure of the audience in one value, and what would make it better.

Owns what the report holds, the quality index and the advice. Reads only. Command line, screen and
HTML page show the same value; ``services.insight.report_text`` writes it in words.
"""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from followertui.domain.clock import day_of, from_epoch
from followertui.domain.errors import BadInput
from followertui.domain.match import MatchState
from followertui.domain.progress import CancelToken, Progress
from followertui.late import late
from followertui.services.insight import (
    cleaning_up,
    company_brief,
    composing,
    goals,
    growing,
    history,
    outcomes,
    posting,
    quality_index,
)
from followertui.services.insight import since as opening
from followertui.services.insight.values import Advice, Figure, Growth, IndexPart, Quality, Report, Side
from followertui.services.review import moving_on, sampling
from followertui.services.session import Session
from followertui.services.values import Gesture
from followertui.store.audience import imports
from followertui.store.decisions import draws
from followertui.store.file import settings, watermarks
from followertui.store.lists import lists

if TYPE_CHECKING:
    from followertui.services.insight import discovery
else:
    discovery = late("followertui.services.insight.discovery")


class Reporter:
    """Reports of one store, counted again only after something changed or a day passed.

    Args:
        session: the open store.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept: tuple[object, Report] | None = None
        self._begun: tuple[object, Report] | None = None

    def today(self) -> Report:
        """The figures of now, soon; the rest follows with ``report``, and is there where nothing changed."""
        stamp = self._stamp()
        for kept in (self._kept, self._begun):
            if kept is not None and kept[0] == stamp:
                return kept[1]
        # Kept at once, so that it is there while the rest is still being counted in another thread.
        self._begun = (stamp, today(self._session))
        return self._begun[1]

    def report(self, begun: Report | None = None) -> Report:
        """The report as of now.

        Args:
            begun: what ``today`` said just before, so that it is not counted again.
        """
        stamp = self._stamp()
        if self._kept is None or self._kept[0] != stamp:
            self._kept = (stamp, whole(self._session, begun or today(self._session)))
        return self._kept[1]

    def _stamp(self) -> object:
        session = self._session
        day = day_of(session.clock.now(), session.zone)
        made = len(draws.draws(session.store))
        finished = imports.count_finished(session.store)
        return (session.store.lineage(), settings.QUALIFIED.read(session.store), made, finished, day)

    def since(self) -> opening.Since:
        """What happened since this reviewer was last through."""
        return opening.since(self._session)

    def move_on(self) -> date | None:
        """Count what is new from the newest reading on; returns its day, None without one."""
        return moving_on.move_on(self._session)

    @property
    def random_looks(self) -> str:
        """The query of followers drawn at random and not looked at yet."""
        return sampling.QUERY

    def draw(self) -> str:
        """Draw followers at random to be looked at; returns one line."""
        return sampling.draw(self._session, sampling.LOOKS)

    def lists(self) -> list[tuple[str, int]]:
        """The current lists: name and how many entries."""
        return [(info.name, info.entries) for info in lists.lists(self._session.store)]

    def candidates(self, list_name: str, cancel: CancelToken) -> Generator[Progress, None, discovery.Searched]:
        """Search the accounts for entries of a list nobody was matched with."""
        return discovery.candidates(self._session, list_name, cancel)

    def answer_candidate(self, list_name: str, line: int, account: str, state: MatchState) -> Gesture:
        """Accept or reject a candidate."""
        return discovery.answer(self._session, list_name, line, account, state)

    def candidate_answers(self, list_name: str) -> dict[tuple[int, int], MatchState]:
        """(line, row) -> what was said of it."""
        return discovery.answers(self._session, list_name)


def report(session: Session, since: date | None = None) -> Report:
    """Everything about the audience as it is now, and what changed.

    Args:
        session: the open store.
        since: day from whose end changes are counted; None for about four weeks before the newest reading.

    Raises:
        BadInput: there is no reading up to that day.
    """
    if since is not None:
        _check(session, since)
    return whole(session, today(session), since)


def days(session: Session) -> Growth | None:
    """What X's account analytics tell day by day, as the report sums it up; None without any."""
    return growing.growth(session, history.points(session, composing.groups(session)))


def today(session: Session) -> Report:
    """The audience as it is now, without what happened over time or came of what was done."""
    session.evaluator.columns.prepare()
    known = composing.groups(session)
    followers, following = composing.followers(session, known), composing.following(session, known)
    quality = composing.quality(session, known)
    coverage = tuple(company_brief.coverage_summary(session))
    parts = _index_parts(followers, quality, coverage)
    moments = imports.reading_moments(session.store, "follower")
    return Report(
        profile=settings.own_handle(session.store),
        made_at=session.now,
        as_of=moments[-1] if moments else None,
        is_judged=watermarks.JUDGED_UPTO.read(session.store) > 0,
        followers=followers,
        following=following,
        quality=quality,
        matters=composing.matters(session, followers),
        people=composing.people(session),
        change=None,
        history=(),
        staying_by_kind=(),
        staying_by_month=(),
        follow_back=composing.follow_back(session),
        funnel=outcomes.by_kind(session, known),
        coverage=coverage,
        index=quality_index.value(parts),
        index_parts=parts,
        advice=tuple(_advice(session, quality)),
        basis=composing.by_basis(session),
        losses=(),
        rules=_rules(session),
        is_whole=False,
        influencers=composing.influencers(session),
    )


def whole(session: Session, begun: Report, since: date | None = None) -> Report:
    """The report of today with what happened over time.

    Args:
        session: the open store, as it was when ``begun`` was counted.
        begun: what ``today`` said.
        since: as for ``report``.
    """
    known = composing.groups(session)
    day = since or history.usual_since(session)
    by_kind, by_month = history.staying(session, known)
    return replace(
        begun,
        change=None if day is None else history.change(session, known, day),
        history=(points := history.points(session, known)),
        growth=growing.growth(session, points),
        posting=posting.rhythm(session),
        staying_by_kind=by_kind,
        staying_by_month=by_month,
        losses=composing.losses(session),
        funnel_by_month=outcomes.by_month(session),
        around=outcomes.around(session),
        goals=goals.goals(session),
        links=goals.links(session),
        clean_up=cleaning_up.clean_up(session, known, begun),
        is_whole=True,
    )


def _check(session: Session, since: date) -> None:
    """Refuse a day before the first reading.

    Raises:
        BadInput: nothing is known of that day.
    """
    found = history.readings(session)
    if not found:
        raise BadInput("no reading of followers yet: followertui import FILE brings one in")
    if history.end_of(session, since) <= found[0].as_of:
        first = day_of(from_epoch(found[0].as_of), session.zone)
        raise BadInput(f"--since {since.isoformat()}: the first reading is of {first.isoformat()}")


def _index_parts(followers: Side, quality: Quality, coverage: tuple[dict[str, Any], ...]) -> tuple[IndexPart, ...]:
    """The parts of the index as of now."""
    lists = [line for line in coverage if line["kind"] in quality_index.REACHED_KINDS]
    fake = next(one.count for one in followers.facts if one.name == "fake")
    reached, entries = (sum(line[key] for line in lists) for key in ("follows_us", "entries"))
    return quality_index.parts(followers.total.count, quality.by_rule.count, fake, reached, entries)


def _rules(session: Session) -> str:
    """A mark that changes where accounts are judged otherwise, or are silent earlier or later."""
    said = f"{watermarks.SCORING_VERSION.read(session.store)} {settings.SILENT_DAYS.read(session.store)}"
    return hashlib.sha256(said.encode()).hexdigest()[:12]


def _advice(session: Session, quality: Quality) -> list[Advice]:
    """What would change the figures, with how many accounts it is about; nothing about none."""
    term = composing.qualified_term(session)
    asked = [
        ("matches to confirm or reject", "match:certain,likely is:follower"),
        ("qualified followers you do not follow", f"is:fan {term}"),
        ("junk you follow that nothing holds back", f"is:following {composing.JUNK} -is:guarded"),
        ("followers not judged yet", "is:follower kind:unseen -is:nameless"),
        ("followers known by id only", "is:follower is:nameless"),
    ]
    found = [Advice(text, composing.figure(session, text, query)) for text, query in asked]
    made = [one for one in found if one.figure.count]
    if quality.needed:
        text = f"random looks for an estimate, {quality.minutes} min"
        made.insert(0, Advice(text, Figure("random looks", quality.needed, "")))
    return made
