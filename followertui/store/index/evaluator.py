"""Query -> row numbers: the one evaluator.

Owns what every term of the query language means. A term becomes one comparison on a
derived array or one SQL or full-text statement; AND, OR and NOT are mask arithmetic.
Two-valued: what is unknown satisfies no comparison. Only ``services`` imports it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from followertui.domain import reach
from followertui.domain.clock import DAY
from followertui.domain.decision import ACTION_ORDER, DECISION_ORDER, ActionKind, Decision
from followertui.domain.errors import BadQuery
from followertui.domain.fields import RELATIONS, STATUSES
from followertui.domain.guards import AROUND_DAYS, ENGAGEMENTS, GUARD_ORDER
from followertui.domain.judgement import ROLES, SENIORITIES, TYPE_ORDER
from followertui.domain.kind import KIND_ORDER, SOURCE_ORDER, UNKNOWN_KINDS, Kind
from followertui.domain.query import And, At, Equals, Flag, Has, Node, Not, Or, Query, Range, Sort, Words
from followertui.store.audience import contact_facts, interactions, scores, waves, x_answers
from followertui.store.decisions import calls, differences, draws, due, shelf
from followertui.store.file import settings, watermarks
from followertui.store.file.connection import Store
from followertui.store.index import columns as a
from followertui.store.index.arrays import Arrays
from followertui.store.index.guards import guard_codes
from followertui.store.index.like_bios import rows_like
from followertui.store.index.orders import Cuts, Orders
from followertui.store.index.spell_arrays import CAUSE_ORDER, SpellArrays
from followertui.store.index.text_search import containing, rows_with_words
from followertui.store.lists import match_counts, matches
from followertui.text.clauses import asked_clause

Mask = NDArray[np.bool_]


class _When(NamedTuple):
    """The present, and the moment relations are asked for where that is another one; epoch seconds UTC."""

    now: int
    at: float | None


class Evaluator:
    """Evaluates queries on one store.

    Args:
        store: the open store.
        columns: its derived arrays.
        cuts: from which score on an account is judged to be of a kind, by kind.
        goals: finds the rows of what is asked of the goal of a playbook.
    """

    def __init__(
        self, store: Store, columns: Arrays, cuts: Cuts = dict, goals: Callable[[str], Iterable[int]] = lambda _: ()
    ) -> None:
        self.store = store
        self.columns = columns
        self.orders = Orders(store, columns, cuts)
        self.spells = SpellArrays(store, columns)
        self._goals = goals
        self._kept_silent: tuple[object, Mask] | None = None

    def rows(self, query: Query, now: int) -> NDArray[np.uint32]:
        """Rows a query holds for, in its order (by row where it asks for none).

        Args:
            query: what was asked.
            now: epoch seconds UTC.

        Returns:
            uint32 row numbers.
        """
        with self.columns.hold():
            return self.ordered(self.mask(query.where, now), query.sort)

    def ordered(self, mask: Mask, sort: Sort | None) -> NDArray[np.uint32]:
        """Rows of a mask in an order; unknowns last both ways, ties by row."""
        if sort is None:
            return np.flatnonzero(mask).astype(np.uint32)
        order = self.orders.order(sort)
        if int(mask.sum()) == len(order):
            return order
        found: NDArray[np.uint32] = order[mask[order]]
        return found

    def mask(self, node: Node, now: int) -> Mask:
        """Which rows a condition holds for; position 0 and hidden rows never."""
        with self.columns.hold():
            alive: Mask = self.columns.get("alive") == 1
            return alive & self._part(node, _When(now, None))

    def _part(self, node: Node, when: _When) -> Mask:
        if isinstance(node, And):
            result = np.ones(self.columns.size(), np.bool_)
            for part in node.parts:
                result &= self._part(part, when)
            return result
        if isinstance(node, Or):
            result = np.zeros(self.columns.size(), np.bool_)
            for part in node.parts:
                result |= self._part(part, when)
            return result
        if isinstance(node, Not):
            return ~self._part(node.part, when)
        if isinstance(node, At):
            return self._part(node.part, _When(when.now, node.moment if node.moment < when.now else None))
        if isinstance(node, Flag):
            return self._flag(node.name, when)
        if isinstance(node, Range):
            return self._range(node, when.now)
        if isinstance(node, Has):
            return self._has(node.field)
        if isinstance(node, Words):
            return self._words(node)
        return self._equals(node, when.now)

    # --- flags -------------------------------------------------------------------------

    def _flag(self, name: str, when: _When) -> Mask:
        get, now = self.columns.get, when.now
        relation = get("relation") if when.at is None else self.spells.relation_at(int(when.at))
        simple: dict[str, Callable[[], Any]] = {
            "follower": lambda: relation & a.FOLLOWS_US > 0,
            "following": lambda: relation & a.WE_FOLLOW > 0,
            "mutual": lambda: relation & (a.FOLLOWS_US | a.WE_FOLLOW) == a.FOLLOWS_US | a.WE_FOLLOW,
            "fan": lambda: relation & (a.FOLLOWS_US | a.WE_FOLLOW) == a.FOLLOWS_US,
            "leader": lambda: relation & (a.FOLLOWS_US | a.WE_FOLLOW) == a.WE_FOLLOW,
            "new": lambda: relation & a.NEW_FOLLOWER > 0,
            "left": lambda: relation & (a.FOLLOWS_US | a.EVER_FOLLOWED_US) == a.EVER_FOLLOWED_US,
            "kept": lambda: get("decision") == DECISION_ORDER.index(Decision.KEEP),
            "reviewed": lambda: self._reviewed(now),
            "planned": lambda: get("planned") > 0,
            "verified": lambda: get("verified") > 0,
            "locked": lambda: get("locked") == 1,
            "nameless": lambda: get("nameless") == 1,
            "gone": lambda: get("status") == 1,
            "suspended": lambda: get("status") == 2,
            "silent": lambda: self._silent(now),
            "guarded": lambda: self.guards(now) > 0,
            "engaged": lambda: self._happened(ENGAGEMENTS),
            "influencer": lambda: self._influencers(now),
            "looked": lambda: get("looked") != a.UNKNOWN,
            "drawn": self._drawn,
            **{mark: partial(self._marked, mark) for mark in (x_answers.MUTED, x_answers.BLOCKED, x_answers.LISTED)},
            "differing": lambda: self._among(differences.rows(self.store)),
            "due": lambda: self.columns.rows_of(due.OPEN_ROWS, [now]),
            "do-not-contact": lambda: self.columns.rows_of(contact_facts.NO_CONTACT_ROWS, []),
        }
        if name not in simple:
            raise BadQuery(f'"is:{name}" is not known')
        found: Mask = simple[name]()
        return found

    def _reviewed(self, now: int) -> Mask:
        decision, due = self.columns.get("decision"), self.columns.get("due")
        is_back = (decision == DECISION_ORDER.index(Decision.LATER)) & (due != a.UNKNOWN) & (due <= now)
        found: Mask = ((decision > 0) & ~is_back) | (self.columns.get("has_word") > 0)
        return found

    def _drawn(self) -> Mask:
        marks = [draw.upto for draw in draws.draws(self.store)]
        return self.orders.random() <= max(marks) if marks else np.zeros(self.columns.size(), np.bool_)

    def _marked(self, mark: str) -> Mask:
        found = np.zeros(self.columns.size(), np.bool_)
        found[x_answers.rows_marked(self.store, mark)] = True
        return found

    def _silent(self, now: int) -> Mask:
        seconds = settings.SILENT_DAYS.read(self.store) * DAY
        stamp = (*self.columns.stamp(), now, seconds)
        if self._kept_silent is None or self._kept_silent[0] != stamp:
            found: Mask = self._number("silent", now) >= seconds
            found.setflags(write=False)
            self._kept_silent = (stamp, found)
        return self._kept_silent[1]

    def _influencers(self, now: int) -> Mask:
        get, kinds = self.columns.get, self.columns.kinds()[0]
        followers, following, listed, bot = (get(name) for name in ("followers", "following", "listed", "bot"))
        is_free = ~a.among(kinds, [KIND_ORDER.index(kind) for kind in reach.OTHERWISE])
        is_known = (followers >= reach.FOLLOWERS) & (following >= 0)
        is_named = (listed * reach.FOLLOWERS_A_LIST >= followers) | (get("verified") > 0)
        is_sought = following <= followers * reach.RATIO
        is_close = get("relevance") >= reach.RELEVANCE
        is_real = (bot >= 0) & (bot < reach.BOT) & (get("status") == 0) & ~self._silent(now)
        found: Mask = is_free & is_known & is_named & is_sought & is_close & is_real
        found |= kinds == KIND_ORDER.index(Kind.INFLUENCER)
        return found

    def guards(self, now: int) -> NDArray[np.uint8]:
        """What holds each row back from pruning: positions in ``GUARD_ORDER`` plus one, 0 for nothing."""
        return guard_codes(self.columns, ActionKind.UNFOLLOW, now)

    # --- ranges ------------------------------------------------------------------------

    def number(self, name: str, now: int) -> NDArray[Any]:
        """Values of a sortable number, duration or date; UNKNOWN where not known."""
        with self.columns.hold():
            return self._number(name, now)

    def _number(self, name: str, now: int) -> NDArray[Any]:
        get = self.columns.get
        if name == "ratio":
            followers, following = get("followers"), get("following")
            known = (followers >= 0) & (following >= 0)
            ratio: NDArray[Any] = np.where(known, following / np.maximum(followers, 1), a.UNKNOWN)
            return ratio
        if name == "age":
            created = get("created")
            return np.where(created == a.UNKNOWN, a.UNKNOWN, np.maximum(now - created, 0))
        if name == "silent":
            # What was read then tells nothing of the time since.
            posted, read = get("posted"), get("read")
            until = np.where(read == a.UNKNOWN, now, np.minimum(read, now))
            return np.where(posted == a.UNKNOWN, a.UNKNOWN, np.maximum(until - posted, 0))
        if name in ("contacted", "offered"):
            return self.orders.contacts(name)
        if name == "doubt":
            return self.orders.doubt()
        if name == "random":
            return (self.orders.random() / (1 << 62) * 100).astype(np.int64)
        if name == "pruned":
            return self._moments(calls.pruned_at(self.store))
        if name == "engaged":
            return self._moments(interactions.first_at(self.store, ENGAGEMENTS))
        return get("match_score" if name == "match" else name)

    def _moments(self, found: Mapping[int, int]) -> NDArray[np.int64]:
        """A moment per row, UNKNOWN where there is none."""
        values = np.full(self.columns.size(), a.UNKNOWN, np.int64)
        for row, at in found.items():
            if row < len(values):
                values[row] = at
        return values

    def _range(self, node: Range, now: int) -> Mask:
        values = self.number(node.field, now)
        mask: Mask = values != a.UNKNOWN
        if node.low is not None:
            mask = mask & ((values > node.low) if node.low_open else (values >= node.low))
        if node.high is not None:
            mask = mask & ((values < node.high) if node.high_open else (values <= node.high))
        return mask

    # --- words and values ----------------------------------------------------------------

    def _words(self, node: Words) -> Mask:
        return self._among(rows_with_words(self.store, node.text, node.is_phrase))

    def _among(self, found: Iterable[int]) -> Mask:
        mask = np.zeros(self.columns.size(), np.bool_)
        rows = np.fromiter(found, np.int64)
        mask[rows[rows < len(mask)]] = True
        return mask

    def _holds(self, column: str, text: str, table: str = "account") -> Mask:
        condition, wanted = containing(column, text)
        return self.columns.rows_of(f"SELECT row FROM {table} WHERE {condition}", [wanted])

    def _equals(self, node: Equals, now: int) -> Mask:
        get, name, value = self.columns.get, node.field, node.value
        if name in ("kind", "basis"):
            place, known = (0, KIND_ORDER) if name == "kind" else (1, SOURCE_ORDER)
            found: Mask = self.columns.kinds()[place] == _code([word.value for word in known], node)
            return found
        if name == "guard":
            held: Mask = self.guards(now) == 1 + _code([guard.value for guard in GUARD_ORDER], node)
            return held
        closed: dict[str, tuple[str, Sequence[str]]] = {
            "type": ("type", [t.value for t in TYPE_ORDER]),
            "decision": ("decision", [d.value for d in DECISION_ORDER]),
            "role": ("role", ROLES),
            "seniority": ("seniority", SENIORITIES),
            "status": ("status", STATUSES),
        }
        if name in closed:
            column, words = closed[name]
            same: Mask = get(column) == _code(words, node)
            return same
        if name == "relation":
            alone: Mask = get("relation") & (a.FOLLOWS_US | a.WE_FOLLOW) == _code(RELATIONS, node)
            return alone
        if name == "plan":
            return self._plan(node)
        if name == "match":
            return self._match(value)
        if name == "handle" and value.startswith("@"):
            return self.columns.rows_of("SELECT row FROM account WHERE handle = ?", [value[1:]])
        if name in ("name", "handle", "bio", "location", "affiliation", "domain", "url"):
            return self._holds("coalesce(nullif(site, ''), url)" if name == "url" else name, value)
        if name == "note":
            return self._holds("text", value, "note")
        if name == "tag":
            sql = "SELECT row FROM tagged WHERE tag_id IN (SELECT id FROM tag WHERE casefold(name) = ?)"
            return self.columns.rows_of(sql, [value.casefold()])
        if name == "reason":
            return self._reason(value)
        if name == "cause":
            lost: Mask = self.spells.causes() == 1 + _code([cause.value for cause in CAUSE_ORDER], node)
            return lost
        if name == "done":
            return self.columns.rows_of("SELECT row FROM call WHERE state = 'done' AND action = ?", [value])
        if name == "outcome":
            return self._happened([value])
        if name in ("came-before", "came-after"):
            is_after, window = name == "came-after", AROUND_DAYS * DAY
            return self._among(interactions.around_rows(self.store, ENGAGEMENTS, value, window, is_after=is_after))
        if name == "wave":
            return self._wave(value.lower())
        if name == "like":
            return self._among(rows_like(self.store, value))
        if name == "clause":
            return self._clause(asked_clause(value))
        if name in ("goal", "shelf"):
            return self._among(self._goals(value) if name == "goal" else shelf.rows_asked(self.store, value))
        return self._matched(name, value)

    def _clause(self, asked: str) -> Mask:
        """Rows with a match that rests on some words of a field."""
        field = asked.rpartition(" in ")[2]
        found = np.zeros(self.columns.size(), np.bool_)
        rows = [row for row, said in matches.clauses_of(self.store, field) if asked in said]
        found[[row for row in rows if row < len(found)]] = True
        return found

    def _happened(self, kinds: Sequence[str]) -> Mask:
        marks = ",".join("?" * len(kinds))
        return self.columns.rows_of(f"SELECT DISTINCT row FROM interaction_now WHERE kind IN ({marks})", kinds)

    def _plan(self, node: Equals) -> Mask:
        planned = self.columns.get("planned")
        if node.value in ("any", "none"):
            found: Mask = (planned > 0) == (node.value == "any")
            return found
        bit = 1 << _code([action.value for action in ACTION_ORDER], node)
        some: Mask = planned & bit > 0
        return some

    def _reason(self, value: str) -> Mask:
        place = scores.place_of(self.store, value.lower())
        if place is None:
            return self._wave(value.lower())
        column, bit = place
        mask: Mask = self.columns.get(column) & np.uint64(1 << bit) > 0
        return mask

    def _wave(self, which: str) -> Mask:
        """Members of a wave by its number, of those with a trait, or of any."""
        members = np.zeros(self.columns.size(), np.bool_)
        members[[row for row in waves.wave_rows(self.store, which) if row < len(members)]] = True
        return members

    def compared(self) -> Mask:
        """Rows that were compared with the lists as they are now."""
        mask = np.zeros(self.columns.size(), np.bool_)
        if watermarks.COMPARED_LISTS.read(self.store) == watermarks.LISTS_VERSION.read(self.store):
            mask[: watermarks.COMPARED_UPTO.read(self.store) + 1] = True
            mask &= ~self.columns.rows_of("SELECT row FROM compare_pending", [])
        return mask

    def _match(self, value: str) -> Mask:
        bits = self.columns.get("match_bits")
        if value == "any":
            found: Mask = bits & a.MATCH_ANY > 0
        elif value in ("none", "unchecked"):
            found = (bits & a.MATCH_ANY == 0) & (self.compared() == (value == "none"))
        elif value == "confirmed":
            found = bits & a.MATCH_CONFIRMED > 0
        elif value == "rejected":
            found = bits & a.MATCH_REJECTED > 0
        else:
            found = self.columns.get("match_band") == a.BAND_ORDER.index(value)
        return found

    def _matched(self, name: str, value: str) -> Mask:
        """Terms that speak of the entries an account is matched with, rejected ones left out."""
        by_name, words = containing("en.name", value)
        by_company, _ = containing("e.company", value)
        condition, wanted = {
            "company": (f"(en.type = 'company' AND {by_name} OR {by_company})", [words, words]),
            "list": ("casefold(l.name) = ?", [value.casefold()]),
            "owner": ("casefold(json_extract(e.data, '$.owner')) = ?", [value.casefold()]),
        }[name]
        return self._with_entry(condition, wanted)

    def _with_entry(self, condition: str, wanted: Sequence[str] = ()) -> Mask:
        """Rows matched with an entry of which a condition holds, rejected matches left out."""
        return self.columns.rows_of(match_counts.ROWS_WITH_ENTRY + condition, list(wanted))

    def _has(self, name: str) -> Mask:
        get = self.columns.get
        numbers = {
            "id": "x_id", "followers": "followers", "following": "following", "posts": "posts", "listed": "listed",
            "likes": "likes",
            "created": "created", "posted": "posted", "bot": "bot", "relevance": "relevance",
        }  # fmt: skip
        if name in numbers:
            known: Mask = get(numbers[name]) != a.UNKNOWN
            return known
        bits = {
            "verified": ("verified", 255), "type": ("type", 255), "role": ("role", 255),
            "seniority": ("seniority", 255), "decision": ("decision", 255),
            "plan": ("planned", 0xFFFF), "match": ("match_bits", a.MATCH_ANY), "affiliation": ("affiliated", 1),
        }  # fmt: skip
        if name in bits:
            column, wanted = bits[name]
            some: Mask = get(column) & wanted > 0
            return some
        if name in a.KNOWN_TEXTS:
            held: Mask = get("known") & (1 << a.KNOWN_TEXTS.index(name)) > 0
            return held
        if name == "kind":
            unknown = [code for code, kind in enumerate(KIND_ORDER) if kind in UNKNOWN_KINDS]
            told: Mask = ~a.among(self.columns.kinds()[0], unknown)
            return told
        if name == "reason":
            fired: Mask = np.logical_or.reduce([get(column) > 0 for column in scores.REASON_COLUMNS])
            return fired
        if name == "wave":
            return self._wave(waves.ANY)
        if name in _OF_ENTRIES:
            return self._with_entry(_OF_ENTRIES[name])
        if name in ("contacted", "offered", "followed", "left", "seen"):
            moment: Mask = self.number(name, 0) != a.UNKNOWN
            return moment
        return self.columns.rows_of({"tag": "SELECT row FROM tagged", "note": "SELECT row FROM note"}[name], [])


_OF_ENTRIES = {
    "company": "(en.type = 'company' OR coalesce(e.company, '') <> '')",
    "list": "1",
    "owner": "coalesce(json_extract(e.data, '$.owner'), '') <> ''",
}
"""What ``has:`` asks of the entries an account is matched with."""


def _code(words: Sequence[str], node: Equals) -> int:
    try:
        return list(words).index(node.value)
    except ValueError:
        raise BadQuery(f'"{node.value}" is no value of {node.field}') from None
