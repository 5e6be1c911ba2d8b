"""What an audience is made of: kinds, the three states of quality, who matters in it.

Owns the figures of one moment, each with the query that finds what it counts. Reads only.
``services.insight.reporting`` and ``history`` use it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from followertui.domain.kind import KIND_ORDER, LIST_PRECEDENCE, SOURCE_ORDER, KindSource, LossCause
from followertui.late import late
from followertui.services.insight.values import Figure, FollowBack, Person, Quality, Side
from followertui.services.review import sampling
from followertui.services.session import Session
from followertui.store.audience import pages
from followertui.store.file import settings

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from followertui.store.index import columns as array_columns
else:
    np = late("numpy")
    array_columns = late("followertui.store.index.columns")

STATE_NAMES = ("qualified", "not qualified", "not known yet")
FAKE = "kind:bot,harmful"
JUNK = "kind:bot,harmful,offtopic"
_MOST_PEOPLE = 8


class Groups(NamedTuple):
    """Kind and state of every account, by row; -1 where it is none (any more).

    Attributes:
        kind: position in ``KIND_ORDER``.
        state: position in ``STATE_NAMES``.
    """

    kind: NDArray[np.int16]
    state: NDArray[np.int16]


def qualified_term(session: Session) -> str:
    """The query term of qualified kinds."""
    return "kind:" + ",".join(kind.value for kind in KIND_ORDER if kind in settings.qualified_kinds(session.store))


def state_terms(session: Session) -> tuple[str, str, str]:
    """The query terms of the three states, in the order of ``STATE_NAMES``."""
    term = qualified_term(session)
    unknown = "kind:unseen,unclear -decision:out"
    return term, f"-{term} -({unknown})", unknown


def groups(session: Session) -> Groups:
    """Kind and state per row, as they are known today."""
    columns = session.evaluator.columns
    with columns.hold():
        alive = columns.get("alive") == 1
        kind = columns.kinds()[0].astype(np.int16)
        states = sampling.states(session)
    state = np.where(states.yes, 0, np.where(states.no, 1, 2)).astype(np.int16)
    return Groups(np.where(alive, kind, -1), np.where(alive, state, -1))


def count(session: Session, query: str) -> int:
    """How many accounts a query finds."""
    return int(np.count_nonzero(session.evaluator.mask(session.parse(query).where, session.now)))


def figure(session: Session, name: str, query: str) -> Figure:
    """A figure counted by its own query."""
    return Figure(name, count(session, query), query)


def by_kind(mask: NDArray[np.bool_], known: Groups, query: str) -> tuple[Figure, ...]:
    """Accounts of a mask by kind; ``query`` is what the mask holds for."""
    counts = np.bincount(known.kind[mask & (known.kind >= 0)], minlength=len(KIND_ORDER))
    return tuple(
        Figure(kind.value, int(counts[place]), f"kind:{kind.value} {query}")
        for place, kind in enumerate(KIND_ORDER)
        if counts[place]
    )


def by_state(session: Session, mask: NDArray[np.bool_], known: Groups, query: str) -> tuple[Figure, Figure, Figure]:
    """Accounts of a mask by state of quality; ``query`` is what the mask holds for."""
    counts = np.bincount(known.state[mask & (known.state >= 0)], minlength=3)
    first, second, third = (
        Figure(name, int(counts[place]), f"{term} {query}")
        for place, (name, term) in enumerate(zip(STATE_NAMES, state_terms(session), strict=True))
    )
    return first, second, third


def side(session: Session, known: Groups, query: str, facts: Iterable[tuple[str, str]]) -> Side:
    """Followers or those we follow.

    Args:
        session: the open store.
        known: kinds and states.
        query: whom: ``is:follower`` or ``is:following``.
        facts: names and query terms of what else is counted among them.
    """
    mask = session.evaluator.mask(session.parse(query).where, session.now)
    return Side(
        Figure("followers" if query == "is:follower" else "following", int(np.count_nonzero(mask)), query),
        by_kind(mask, known, query),
        by_state(session, mask, known, query),
        tuple(figure(session, name, f"{query} {term}") for name, term in facts),
    )


def followers(session: Session, known: Groups) -> Side:
    """Who follows us."""
    facts = (("fake", FAKE), ("silent", "is:silent"), ("nameless", "is:nameless"))
    return side(session, known, "is:follower", facts)


def following(session: Session, known: Groups) -> Side:
    """Whom we follow."""
    facts = (("junk", JUNK), ("silent", "is:silent"), ("not mutual", "-is:follower"))
    return side(session, known, "is:following", facts)


def by_basis(session: Session) -> tuple[Figure, ...]:
    """Followers by what decided their kind, strongest first; what decided none left out."""
    columns = session.evaluator.columns
    with columns.hold():
        mask = session.evaluator.mask(session.parse("is:follower").where, session.now)
        counts = np.bincount(columns.kinds()[1][mask], minlength=len(SOURCE_ORDER))
    return tuple(
        Figure(source.value, int(counts[place]), f"basis:{source.value} is:follower")
        for place, source in enumerate(SOURCE_ORDER)
        if counts[place]
    )


def losses(session: Session) -> tuple[Figure, ...]:
    """Who followed once and does no longer, by cause; causes without anyone left out."""
    found = (figure(session, cause.value, f"cause:{cause.value} -is:follower") for cause in LossCause)
    return tuple(one for one in found if one.count)


def quality(session: Session, known: Groups) -> Quality:
    """How many followers are qualified, and how well that is known."""
    columns = session.evaluator.columns
    with columns.hold():
        mask = session.evaluator.mask(session.parse("is:follower").where, session.now)
        source = columns.kinds()[1]
    qualified = mask & (known.state == 0)
    sure = array_columns.among(source, [SOURCE_ORDER.index(one) for one in (KindSource.PERSON, KindSource.CONFIRMED)])
    certain = source == SOURCE_ORDER.index(KindSource.CERTAIN)
    standing = sampling.standing(session)
    answer, term = standing.answer, f"{qualified_term(session)} is:follower"
    return Quality(
        confirmed=Figure("confirmed", int(np.count_nonzero(qualified & sure)), f"{term} basis:person,confirmed"),
        certain=Figure("certain", int(np.count_nonzero(qualified & certain)), f"{term} basis:certain"),
        by_rule=Figure("qualified", int(np.count_nonzero(qualified)), term),
        of=int(np.count_nonzero(mask)),
        low=None if answer is None else answer.low,
        point=None if answer is None else answer.point,
        high=None if answer is None else answer.high,
        random_looks=standing.random_looks,
        waiting=standing.waiting,
        needed=standing.needed,
        minutes=standing.minutes,
        exact=0 if answer is None else answer.exact,
    )


def matters(session: Session, known: Side) -> tuple[Figure, ...]:
    """Followers of each qualified kind, also where there are none."""
    found = {one.name: one for one in known.kinds}
    kinds = [kind for kind in KIND_ORDER if kind in settings.qualified_kinds(session.store)]
    return tuple(found.get(kind.value, Figure(kind.value, 0, f"kind:{kind.value} is:follower")) for kind in kinds)


def influencers(session: Session) -> tuple[Figure, ...]:
    """Whom the rule of influencers finds: followers, and prospects and others close to the market who do not follow."""
    asked = (
        ("among followers", "is:follower"),
        ("among prospects who do not follow", "kind:prospect -is:follower"),
        ("others who do not follow", "-kind:prospect -is:follower"),
    )
    evaluator = session.evaluator
    with evaluator.columns.hold():
        found = evaluator.mask(session.parse("is:influencer").where, session.now)
        counts = [np.count_nonzero(found & evaluator.mask(session.parse(term).where, session.now)) for _, term in asked]
    return tuple(
        Figure(name, int(count), f"is:influencer {term}") for (name, term), count in zip(asked, counts, strict=True)
    )


def people(session: Session) -> tuple[Person, ...]:
    """Some followers who matter: customers first, then by reach."""
    columns, kinds = session.evaluator.columns, settings.qualified_kinds(session.store)
    with columns.hold():
        mask = session.evaluator.mask(session.parse(f"{qualified_term(session)} is:follower").where, session.now)
        kind, reach = columns.kinds()[0], columns.get("followers")
    order = [one for one in LIST_PRECEDENCE if one in kinds] + [one for one in KIND_ORDER if one in kinds]
    rank = np.full(len(KIND_ORDER), len(order))
    for place in range(len(order) - 1, -1, -1):
        rank[KIND_ORDER.index(order[place])] = place
    rows = np.flatnonzero(mask)
    rows = rows[np.lexsort((-reach[rows], rank[kind[rows]]))][:_MOST_PEOPLE]
    found = []
    for line in pages.page(session.store, rows.tolist()):
        company = line.match.entity if line.match is not None else ""
        found.append(
            Person(
                line.handle, line.name or f"id {line.x_id}", KIND_ORDER[kind[line.row]].value, company, line.followers
            )
        )
    return tuple(found)


def follow_back(session: Session) -> tuple[FollowBack, ...]:
    """By kind: whom we follow, who follows us, and who does both; kinds without either left out."""
    columns = session.evaluator.columns
    with columns.hold():
        kind = columns.kinds()[0]
        masks = [
            session.evaluator.mask(session.parse(query).where, session.now)
            for query in ("is:following", "is:follower", "is:mutual")
        ]
    counts = [np.bincount(kind[mask], minlength=len(KIND_ORDER)) for mask in masks]
    found = []
    for place, one in enumerate(KIND_ORDER):
        if counts[0][place] or counts[1][place]:
            both, we, us = (
                Figure(name, int(counts[number][place]), f"kind:{one.value} {query}")
                for name, number, query in (
                    ("both", 2, "is:mutual"),
                    ("we follow", 0, "is:following"),
                    ("follow us", 1, "is:follower"),
                )
            )
            found.append(FollowBack(one.value, we, us, both))
    return tuple(found)
