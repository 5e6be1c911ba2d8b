"""Every term of the query language against a plain SQL statement over the tables."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import combining, normalize

import numpy as np
import pytest
from filling import DAY, NOW, WORDS, add_accounts, fill, new_store
from hypothesis import given, settings
from hypothesis import strategies as st

from followertui.domain.decision import ACTION_ORDER, DECISION_ORDER, PRUNING_ACTIONS
from followertui.domain.errors import BadQuery
from followertui.domain.fields import FIELDS, FLAGS, HAS_FIELDS, RELATIONS, SORT_FIELDS, STATUSES
from followertui.domain.guards import GUARD_ORDER, OUTCOMES
from followertui.domain.judgement import ROLES, SENIORITIES, TYPE_ORDER
from followertui.domain.kind import GUARDED_KINDS, KIND_ORDER, LIST_PRECEDENCE, KindSource, LossCause
from followertui.domain.query import And, At, Equals, Flag, Has, Node, Not, Or, Query, Range, Sort, Words
from followertui.store.audience import pages
from followertui.store.decisions import due
from followertui.store.file.connection import Store
from followertui.store.index import cache_files
from followertui.store.index.arrays import Arrays
from followertui.store.index.evaluator import Evaluator

ALIVE = "a.hidden_by IS NULL AND a.merged_into IS NULL"
OPEN = "('planned', 'held', 'attempting', 'later')"
PRUNING = f"({', '.join(repr(action.value) for action in sorted(PRUNING_ACTIONS))})"
ENGAGED = "('mention', 'reply', 'message', 'contact', 'quote', 'inbound', 'like', 'repost', 'offer')"
TALK = "('mention', 'reply', 'message', 'contact', 'quote')"

FOLLOWS = "EXISTS (SELECT 1 FROM relation_now n WHERE n.row = a.row AND n.direction = 'follower')"
FOLLOWED = "EXISTS (SELECT 1 FROM relation_now n WHERE n.row = a.row AND n.direction = 'following')"
WORD = "(SELECT w.state FROM match_word w WHERE w.match_id = m.id)"
STANDS = f"m.row = a.row AND coalesce({WORD}, '') <> 'rejected' AND (m.is_stale = 0 OR {WORD} IS NOT NULL)"
ENTRIES = (
    "entry e JOIN list l ON l.id = e.list_id JOIN entity n ON n.id = e.entity_id "
    "WHERE e.entity_id = m.entity_id AND e.left_at IS NULL AND l.dropped_at IS NULL"
)
ANY_MATCH = f"EXISTS (SELECT 1 FROM match m WHERE {STANDS})"
GUARDS = (
    f"EXISTS (SELECT 1 FROM match m WHERE {STANDS} AND (NOT EXISTS (SELECT 1 FROM {ENTRIES}) OR EXISTS "
    f"(SELECT 1 FROM {ENTRIES} AND coalesce(e.kind, l.kind, '') NOT IN ('vendor', 'competitor'))))"
)
COMPARED = (
    "((SELECT value FROM meta WHERE name = 'compared_lists') = (SELECT value FROM meta WHERE name = 'lists_version') "
    "AND a.row <= (SELECT CAST(value AS INTEGER) FROM meta WHERE name = 'compared_upto') "
    "AND NOT EXISTS (SELECT 1 FROM compare_pending c WHERE c.row = a.row))"
)
KIND_RANK = "CASE k " + " ".join(f"WHEN '{k.value}' THEN {n}" for n, k in enumerate(LIST_PRECEDENCE)) + " END"


def said_by(which: str) -> str:
    return (
        "(SELECT k FROM (SELECT coalesce(e.kind, l.kind) AS k FROM match m, entry e, list l "
        "WHERE e.list_id = l.id AND e.entity_id = m.entity_id AND e.left_at IS NULL AND l.dropped_at IS NULL "
        f"AND m.row = a.row AND {which}) WHERE k IS NOT NULL ORDER BY {KIND_RANK} LIMIT 1)"
    )


PERSON = "(SELECT kind FROM kind_word k WHERE k.row = a.row)"
CONFIRMED = said_by(f"{WORD} = 'confirmed'")
OURS = (
    "(CASE WHEN casefold(ltrim(a.affiliation, '@')) IN (SELECT casefold(j.value) FROM setting s, "
    "json_each(json_extract(s.value, '$.names')) j WHERE s.name = 'about' UNION SELECT casefold(j.value) "
    "FROM setting s, json_each(json_extract(s.value, '$.handles')) j WHERE s.name = 'about') THEN 'employee' END)"
)
CERTAIN = said_by(f"{WORD} IS NULL AND m.is_stale = 0 AND m.band = 'certain'")
JUDGED = (
    "(SELECT CASE s.kind "
    + " ".join(f"WHEN {n} THEN '{k.value}'" for n, k in enumerate(KIND_ORDER))
    + " END FROM score s WHERE s.row = a.row)"
)
KIND = f"coalesce({PERSON}, {CONFIRMED}, {OURS}, {CERTAIN}, {JUDGED}, 'unseen')"
BASIS = "CASE " + " ".join(
    f"WHEN {said} IS NOT NULL THEN '{by}'"
    for by, said in (
        ("person", PERSON), ("confirmed", CONFIRMED), ("affiliation", OURS), ("certain", CERTAIN), ("judged", JUDGED)
    )
) + " ELSE 'none' END"  # fmt: skip
DECIDED = "(SELECT d.decision FROM decision d WHERE d.row = a.row)"
NOT_COMPARED = f"(EXISTS (SELECT 1 FROM list WHERE dropped_at IS NULL) AND NOT coalesce({COMPARED}, 0))"
SAID_KIND = f"coalesce({PERSON}, {CONFIRMED}, {OURS}, '')"


def released(guard: str) -> str:
    return f"EXISTS (SELECT 1 FROM release f WHERE f.row = a.row AND f.guard = {guard} AND f.evidence_hash <> 'gone')"


TO_MATCHED, TO_TALKED = "'matched'", "'talked'"
GUARD_RULES = {
    "kept": f"{DECIDED} IS 'keep'",
    **{
        kind.value: f"({SAID_KIND} = '{kind.value}' AND NOT {released(SAID_KIND)})"
        for kind in sorted(GUARDED_KINDS, key=[guard.value for guard in GUARD_ORDER].index)
    },
    "matched": f"({GUARDS} AND NOT {released(TO_MATCHED)})",
    "not-compared": NOT_COMPARED,
    "talked": f"(NOT {released(TO_TALKED)} AND EXISTS (SELECT 1 FROM interaction i WHERE i.row = a.row "
    f"AND i.kind IN {TALK} AND i.at >= {NOW - 60 * DAY}))",
    "fresh": f"""(NOT {released("'fresh'")} AND (
    EXISTS (SELECT 1 FROM relation r WHERE r.row = a.row AND r.direction = 'following' AND r.is_new
            AND r.missed_at IS NULL AND r.first_seen >= {NOW - 30 * DAY})
    OR EXISTS (SELECT 1 FROM own_relation o WHERE o.row = a.row AND o.direction = 'following' AND o.is_on
               AND o.at >= {NOW - 30 * DAY})))""",
}
"""Guard -> when it holds, strongest first."""
GUARDED = f"({' OR '.join(GUARD_RULES.values())})"
GUARD = "CASE " + " ".join(f"WHEN {rule} THEN '{guard}'" for guard, rule in GUARD_RULES.items()) + " ELSE '' END"

UNTIL = f"min({NOW}, coalesce((SELECT i.as_of FROM import_run i WHERE i.id = a.counts_from), {NOW}))"
"""Silence is counted up to when an account was read."""

FLAG_SQL = {
    "follower": FOLLOWS,
    "following": FOLLOWED,
    "mutual": f"{FOLLOWS} AND {FOLLOWED}",
    "fan": f"{FOLLOWS} AND NOT {FOLLOWED}",
    "leader": f"{FOLLOWED} AND NOT {FOLLOWS}",
    "new": "EXISTS (SELECT 1 FROM relation r WHERE r.row = a.row AND r.direction = 'follower' AND r.is_new "
    "AND r.missed_at IS NULL)",
    "left": f"EXISTS (SELECT 1 FROM relation r WHERE r.row = a.row AND r.direction = 'follower') AND NOT {FOLLOWS}",
    "kept": f"{DECIDED} = 'keep'",
    "reviewed": f"EXISTS (SELECT 1 FROM decision d WHERE d.row = a.row AND NOT (d.decision = 'later' AND "
    f"d.due_at IS NOT NULL AND d.due_at <= {NOW})) OR {PERSON} IS NOT NULL",
    "planned": f"EXISTS (SELECT 1 FROM plan_item p WHERE p.row = a.row AND p.state IN {OPEN})",
    "verified": "coalesce(a.verified, '') <> ''",
    "locked": "a.protected = 1",
    "guarded": GUARDED,
    "engaged": f"EXISTS (SELECT 1 FROM interaction_now i WHERE i.row = a.row AND i.kind IN {TALK[:-1]}, 'like', "
    "'repost', 'offer'))",
    "looked": "EXISTS (SELECT 1 FROM look k WHERE k.row = a.row)",
    "differing": "EXISTS (SELECT 1 FROM difference d WHERE d.row = a.row)",
    "influencer": f"({KIND} = 'influencer' OR {KIND} NOT IN ('employee', 'competitor', 'vendor', 'bot', 'harmful', "
    f"'offtopic') AND a.followers >= 2000 AND a.following * 2 <= a.followers AND a.status = 0 "
    f"AND (a.listed * 500 >= a.followers OR coalesce(a.verified, '') <> '') "
    f"AND coalesce({UNTIL} - a.last_post_at, 0) < {180 * DAY} AND EXISTS (SELECT 1 FROM score s "
    "WHERE s.row = a.row AND s.relevance >= 40 AND s.bot BETWEEN 0 AND 29))",
    "due": "EXISTS (SELECT 1 FROM due d WHERE d.row = a.row "
    f"AND (d.state = 'open' OR d.state = 'snoozed' AND d.until <= {NOW}))",
    "do-not-contact": "(EXISTS (SELECT 1 FROM no_contact n WHERE n.row = a.row) OR EXISTS (SELECT 1 FROM match m "
    "JOIN entry e ON e.entity_id = m.entity_id LEFT JOIN match_word w ON w.match_id = m.id WHERE m.row = a.row "
    "AND json_extract(e.data, '$.do_not_contact') = 1 AND coalesce(w.state, '') <> 'rejected'))",
    "drawn": "number_of(a.row) <= (SELECT coalesce(max(upto), -1) FROM draw WHERE undone_at IS NULL)",
    "nameless": "a.handle IS NULL",
    "silent": f"{UNTIL} - a.last_post_at >= {180 * DAY}",
    "gone": "a.status = 1",
    "suspended": "a.status = 2",
    **{
        mark: f"EXISTS (SELECT 1 FROM own_mark k WHERE k.row = a.row AND k.mark = '{mark}')"
        for mark in ("muted", "blocked", "listed")
    },
}

GOING = "r.first_seen <= {t} AND (r.missed_at IS NULL OR r.missed_at > {t})"
READ = (
    "(SELECT {which} FROM snapshot s JOIN import_run i ON i.id = s.import_id WHERE s.direction = {direction} "
    "AND i.state = 'done' AND s.as_of <= {t})"
)
COMPLETE = READ.replace("{which}", "coalesce(max(CASE s.completeness WHEN 'complete' THEN s.as_of END), 0)")
WAS = (
    f"(EXISTS (SELECT 1 FROM relation r WHERE r.row = a.row AND r.direction = {{direction}} AND {GOING} AND NOT EXISTS "
    "(SELECT 1 FROM own_relation o WHERE o.row = a.row AND o.direction = {direction} AND NOT o.is_on AND o.at <= {t} "
    f"AND o.at >= r.last_seen)) OR (NOT EXISTS (SELECT 1 FROM relation r WHERE r.row = a.row "
    f"AND r.direction = {{direction}} AND {GOING}) AND EXISTS (SELECT 1 FROM own_relation o WHERE o.row = a.row "
    f"AND o.direction = {{direction}} AND o.is_on AND o.at <= {{t}} AND o.at > {COMPLETE})))"
)


def flags_at(moment: int) -> dict[str, str]:
    """SQL of the flags that speak of relations, at a moment of the past."""
    follows, followed = (WAS.format(direction=f"'{way}'", t=moment) for way in ("follower", "following"))
    spell = "EXISTS (SELECT 1 FROM relation r WHERE r.row = a.row AND r.direction = 'follower' AND {})"
    return {
        "follower": follows,
        "following": followed,
        "mutual": f"{follows} AND {followed}",
        "fan": f"{follows} AND NOT {followed}",
        "leader": f"{followed} AND NOT {follows}",
        "new": spell.format(f"{GOING.format(t=moment)} AND r.is_new"),
        "left": spell.format(f"r.first_seen <= {moment}") + f" AND NOT {follows}",
    }


LEFT = (
    "EXISTS (SELECT 1 FROM (SELECT * FROM relation l WHERE l.row = a.row AND l.direction = 'follower' "
    "ORDER BY l.first_seen DESC LIMIT 1) r WHERE r.missed_at IS NOT NULL AND {})"
)
REMOVED = (
    "EXISTS (SELECT 1 FROM own_relation o WHERE o.row = a.row AND o.direction = 'follower' AND o.is_on = 0 "
    "AND o.at <= r.missed_at)"
)
SEEN = (
    "(r.missed_at <= (SELECT max(i.as_of) FROM import_run i WHERE i.id = a.identity_from OR i.id = a.about_from "
    "OR i.id = a.counts_from OR i.id = a.flags_from) OR coalesce(r.missed_at <= (SELECT max(f.last_seen) "
    "FROM relation f WHERE f.row = a.row AND f.direction = 'following'), 0) "
    "OR coalesce(r.missed_at <= (SELECT s.at FROM x_seen s WHERE s.row = a.row), 0))"
)
ENDED_BY_US = (
    "EXISTS (SELECT 1 FROM relation r, own_relation o WHERE r.row = a.row AND r.direction = 'follower' "
    "AND r.missed_at IS NULL AND o.row = a.row AND o.direction = 'follower' AND NOT o.is_on AND o.at >= r.last_seen)"
)
CAUSE_SQL = {
    "suspended": "a.status = 2",
    "renamed": "a.status = 3",
    "gone": "a.status = 1",
    "removed": f"a.status = 0 AND {REMOVED}",
    "unfollowed": f"a.status = 0 AND NOT {REMOVED} AND coalesce({SEEN}, 0)",
    "unknown": f"a.status = 0 AND NOT {REMOVED} AND NOT coalesce({SEEN}, 0)",
}

BAND = (
    "(SELECT m.band FROM match m WHERE m.row = a.row AND m.is_stale = 0 AND NOT EXISTS (SELECT 1 FROM match_word w "
    "WHERE w.match_id = m.id AND w.evidence_hash = m.evidence_hash) "
    "ORDER BY instr('possible likely certain', m.band) DESC LIMIT 1)"
)
LAST_SPELL = (
    "(SELECT {value} FROM relation r WHERE r.row = a.row AND r.direction = 'follower' "
    "ORDER BY r.first_seen DESC LIMIT 1)"
)
MATCH_ORDER = (
    f"(SELECT max(round(1e4 * ifnull(m.probability, m.score * 0.01)) * 1e3 + m.score) FROM match m WHERE {STANDS})"
)
ORDER_SQL = {"match": MATCH_ORDER, "random": "number_of(a.row)"}
"""What is sorted by where it is not what ranges compare: chances order matches, whole numbers random rows."""

NUMBER_SQL = {
    **{name: f"a.{name}" for name in ("followers", "following", "posts", "listed", "likes")},
    "ratio": "a.following * 1.0 / max(a.followers, 1)",
    **{name: f"(SELECT s.{name} FROM score s WHERE s.row = a.row)" for name in ("bot", "relevance")},
    "age": f"max({NOW} - a.created_at, 0)",
    "silent": f"max({UNTIL} - a.last_post_at, 0)",
    "posted": "a.last_post_at",
    "created": "a.created_at",
    "followed": LAST_SPELL.format(value="CASE WHEN r.is_new THEN r.first_seen END"),
    "left": LAST_SPELL.format(value="r.missed_at"),
    "seen": "(SELECT i.as_of FROM import_run i WHERE i.id = a.first_import)",
    "contacted": f"(SELECT max(i.at) FROM interaction i WHERE i.row = a.row AND i.kind IN {TALK})",
    "offered": "(SELECT max(i.at) FROM interaction i WHERE i.row = a.row AND i.kind = 'offer')",
    "match": f"(SELECT max(m.score) FROM match m WHERE {STANDS})",
    "engaged": f"(SELECT min(i.at) FROM interaction i WHERE i.row = a.row AND i.kind IN {ENGAGED})",
    "pruned": f"(SELECT max(c.at) FROM call c WHERE c.row = a.row AND c.state = 'done' AND c.action IN {PRUNING})",
}
CUTS = {"bot": 64, "harmful": 50, "offtopic": 60}
NEAREST = ", ".join(f"ifnull(max(100 - 4 * abs(s.{name} - {cut}), 0), -1)" for name, cut in CUTS.items())
NUMBER_SQL |= {
    "random": "CAST(number_of(a.row) / 4611686018427387904.0 * 100 AS INTEGER)",
    "doubt": f"(SELECT CASE WHEN max({NEAREST}) < 0 THEN NULL WHEN {BASIS} IN ('person', 'confirmed', 'affiliation') "
    f"THEN 0 ELSE max({NEAREST}) END FROM score s WHERE s.row = a.row)",
}
CODE_SQL = {
    "type": ("type", [t.value for t in TYPE_ORDER]),
    "role": ("role", list(ROLES)),
    "seniority": ("seniority", list(SENIORITIES)),
}
MATCH_SQL = {
    "any": ANY_MATCH,
    "none": f"NOT {ANY_MATCH} AND {COMPARED}",
    "unchecked": f"NOT {ANY_MATCH} AND NOT coalesce({COMPARED}, 0)",
    "confirmed": f"EXISTS (SELECT 1 FROM match m WHERE m.row = a.row AND {WORD} = 'confirmed')",
    "rejected": f"EXISTS (SELECT 1 FROM match m WHERE m.row = a.row AND {WORD} = 'rejected')",
    **{band: f"{BAND} = '{band}'" for band in ("certain", "likely", "possible")},
}
HAS_SQL = {
    **{name: f"coalesce(a.{name}, '') <> ''" for name in ("handle", "name", "bio", "location", "url", "domain")},
    **{name: f"a.{name} IS NOT NULL" for name in ("followers", "following", "posts", "listed", "likes")},
    "id": "a.x_id IS NOT NULL",
    "created": "a.created_at IS NOT NULL",
    "posted": "a.last_post_at IS NOT NULL",
    "verified": FLAG_SQL["verified"],
    "affiliation": "coalesce(a.affiliation, '') <> ''",
    "note": "EXISTS (SELECT 1 FROM note n WHERE n.row = a.row)",
    "tag": "EXISTS (SELECT 1 FROM tagged n WHERE n.row = a.row)",
    **{name: f"{NUMBER_SQL[name]} IS NOT NULL" for name in ("bot", "relevance", "contacted", "offered")},
    "kind": f"{KIND} NOT IN ('unseen', 'unclear')",
    **{
        name: f"EXISTS (SELECT 1 FROM score s WHERE s.row = a.row AND s.{name} > 0)"
        for name in ("type", "role", "seniority")
    },
    "reason": "EXISTS (SELECT 1 FROM score s WHERE s.row = a.row AND (s.reasons <> 0 OR s.more_reasons <> 0))",
    "wave": "a.row % 5 IN (1, 2)",
    "decision": f"{DECIDED} IS NOT NULL",
    "plan": FLAG_SQL["planned"],
    "match": ANY_MATCH,
    **{name: f"{NUMBER_SQL[name]} IS NOT NULL" for name in ("followed", "left", "seen")},
    **{
        name: f"EXISTS (SELECT 1 FROM match m WHERE {STANDS} AND EXISTS (SELECT 1 FROM {ENTRIES} AND {condition}))"
        for name, condition in (
            ("company", "(n.type = 'company' OR length(e.company) > 0)"),
            ("list", "1"),
            ("owner", "length(json_extract(e.data, '$.owner')) > 0"),
        )
    },
}


def equals_sql(node: Equals) -> tuple[str, list[Any]]:
    name, value = node.field, node.value
    folded = value.casefold()
    if name == "kind":
        return f"{KIND} = ?", [value]
    if name == "basis":
        return f"{BASIS} = ?", [value]
    if name == "guard":
        return f"{GUARD} = ?", [value]
    if name == "decision":
        return f"coalesce({DECIDED}, 'none') = ?", [value]
    if name == "relation":
        return f"({FLAG_SQL['follower']}) + 2 * ({FLAG_SQL['following']}) = ?", [RELATIONS.index(value)]
    if name == "status":
        return "a.status = ?", [STATUSES.index(value)]
    if name in CODE_SQL:
        column, words = CODE_SQL[name]
        return f"coalesce((SELECT s.{column} FROM score s WHERE s.row = a.row), 0) = ?", [words.index(value)]
    if name == "plan" and value in ("any", "none"):
        return ("" if value == "any" else "NOT ") + FLAG_SQL["planned"], []
    if name == "plan":
        return f"EXISTS (SELECT 1 FROM plan_item p WHERE p.row = a.row AND p.action = ? AND p.state IN {OPEN})", [value]
    if name == "done":
        return "EXISTS (SELECT 1 FROM call c WHERE c.row = a.row AND c.state = 'done' AND c.action = ?)", [value]
    if name == "match":
        return MATCH_SQL[value], []
    if name == "cause":
        ended = f" OR {ENDED_BY_US}" if value == "removed" else ""
        return f"({LEFT.format(CAUSE_SQL[value])}{ended})", []
    if name == "outcome":
        return "EXISTS (SELECT 1 FROM interaction_now i WHERE i.row = a.row AND i.kind = ?)", [value]
    if name in ("came-before", "came-after"):
        window = "BETWEEN f.at - 7776000 AND f.at - 1" if name == "came-before" else "BETWEEN f.at AND f.at + 7775999"
        first = f"SELECT min(n.at) AS at FROM interaction_now n WHERE n.row = a.row AND n.kind IN {ENGAGED}"
        sql = f"SELECT 1 FROM interaction_now i, ({first}) f WHERE i.row = a.row AND i.kind = ? AND i.at {window}"
        return f"EXISTS ({sql})", [value]
    if name == "goal":
        book, _, what = value.partition("/")
        states = "('open', 'snoozed')" if what == "waiting" else "('skipped')" if what == "skipped" else "('done')"
        came = "EXISTS (SELECT 1 FROM interaction_now i WHERE i.row = a.row AND i.kind = ?2 AND i.at >= d.at)"
        sql = f"SELECT 1 FROM due d WHERE d.row = a.row AND d.playbook = ?1 AND d.state IN {states}"
        return f"EXISTS ({sql} AND (?2 <> 'visit' OR {came}))", [book, what]
    if name == "shelf":
        number, _, what = value.partition("/")
        came = "EXISTS (SELECT 1 FROM interaction_now i WHERE i.row = a.row AND i.kind = ?2 AND i.at >= n.at)"
        sql = "SELECT 1 FROM sent n WHERE n.row = a.row AND n.shelf_id = CAST(?1 AS INTEGER)"
        return f"EXISTS ({sql} AND (?2 = '' OR {came}))", [number, what]
    if name == "tag":
        return (
            "EXISTS (SELECT 1 FROM tagged g JOIN tag t ON t.id = g.tag_id "
            "WHERE g.row = a.row AND casefold(t.name) = ?)",
            [folded],
        )
    if name == "reason":
        return (
            "coalesce((SELECT CASE WHEN c.bit < 63 THEN s.reasons >> c.bit ELSE s.more_reasons >> (c.bit - 63) END & 1 "
            "FROM score s, reason_code c WHERE s.row = a.row AND c.code = ?), 0)",
            [value],
        )
    if name == "wave":
        places = {"1": "= 1", "same-bio": "= 1", "2": "= 2", "same-link": "= 2"}
        return f"a.row % 5 {places.get(value, 'IS NULL')}", []
    if name == "like":
        of = "(SELECT b.bio FROM account b WHERE b.handle = ?1 OR b.x_id = ?1)"
        return f"is_like(a.bio, {of})", [value.lstrip("@")]
    if name == "clause":
        said = "casefold(json_extract(p.value, '$[3]') || ' in ' || json_extract(p.value, '$[2]')) = ?1"
        return (
            f"EXISTS (SELECT 1 FROM match m, json_each(m.evidence) p WHERE {STANDS} "
            f"AND json_extract(p.value, '$[1]') > 0 AND {said})",
            [folded],
        )
    matched = {
        "list": "casefold(l.name) = ?1",
        "company": "(instr(casefold(n.name), ?1) OR instr(casefold(e.company), ?1))",
        "owner": "casefold(json_extract(e.data, '$.owner')) = ?1",
    }
    if name in matched:
        return (
            f"EXISTS (SELECT 1 FROM match m WHERE {STANDS} AND EXISTS (SELECT 1 FROM {ENTRIES} AND {matched[name]}))",
            [folded],
        )
    columns = {
        "note": "(SELECT n.text FROM note n WHERE n.row = a.row)",
        "url": "CASE WHEN length(a.site) > 0 THEN a.site ELSE a.url END",
    }
    column = columns.get(name, f"a.{name}")
    return f"coalesce(instr(casefold({column}), ?), 0) > 0", [folded]


def sql_of(node: Node) -> tuple[str, list[Any]]:
    if isinstance(node, Flag):
        return f"({FLAG_SQL[node.name]})", []
    if isinstance(node, Has):
        return f"({HAS_SQL[node.field]})", []
    if isinstance(node, Equals):
        sql, values = equals_sql(node)
        return f"({sql})", values
    if isinstance(node, Range):
        value = NUMBER_SQL[node.field]
        parts, values = [f"{value} IS NOT NULL"], []
        for bound, sign in ((node.low, ">" if node.low_open else ">="), (node.high, "<" if node.high_open else "<=")):
            if bound is not None:
                parts.append(f"{value} {sign} ?")
                values.append(bound)
        return f"({' AND '.join(parts)})", values
    assert not isinstance(node, Words | Not | And | Or | At)
    raise AssertionError(node)


def number_of(store: Store, row: int) -> int:
    """splitmix64 as published, on Python's integers."""
    seed = int(store.con.execute("SELECT value FROM meta WHERE name = 'store_id'").fetchone()[0][:16], 16)
    z = (row + seed) * 0x9E3779B97F4A7C15 % 2**64
    z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 % 2**64
    z = (z ^ z >> 27) * 0x94D049BB133111EB % 2**64
    return (z ^ z >> 31) >> 2


def is_like(one: str | None, other: str | None) -> bool:
    """Whether two bios share six tenths of their words; of fewer than four words all, in their order."""
    first, second = (
        re.findall(r"[^\W_]+", "".join(c for c in normalize("NFKD", bio or "").lower() if not combining(c)))
        for bio in (one, other)
    )
    if min(len(first), len(second)) < 4 or len(set(second)) < 4:
        return bool(second) and first == second
    return len({*first} & {*second}) >= 0.6 * len({*first, *second})


def rows_by_sql(store: Store, node: Node, moment: int = NOW) -> set[int]:
    store.con.create_function("number_of", 1, lambda row: number_of(store, row))
    store.con.create_function("is_like", 2, is_like)
    alive = {line[0] for line in store.con.execute(f"SELECT a.row FROM account a WHERE {ALIVE}")}
    if isinstance(node, And):
        return alive.intersection(*(rows_by_sql(store, part, moment) for part in node.parts))
    if isinstance(node, Or):
        return set().union(*(rows_by_sql(store, part, moment) for part in node.parts))
    if isinstance(node, Not):
        return alive - rows_by_sql(store, node.part, moment)
    if isinstance(node, At):
        return rows_by_sql(store, node.part, int(node.moment))
    condition, values = sql_of(node)
    if isinstance(node, Flag) and moment < NOW:
        condition = flags_at(moment).get(node.name, condition)
    return {line[0] for line in store.con.execute(f"SELECT a.row FROM account a WHERE {ALIVE} AND {condition}", values)}


CHOICES: dict[str, list[str]] = {
    "kind": [kind.value for kind in KIND_ORDER],
    "type": [t.value for t in TYPE_ORDER],
    "decision": [d.value for d in DECISION_ORDER],
    "relation": list(RELATIONS),
    "status": list(STATUSES),
    "plan": ["any", "none", *(action.value for action in ACTION_ORDER)],
    "match": list(MATCH_SQL),
    "role": [role for role in ROLES if role],
    "seniority": [s for s in SENIORITIES if s],
    "tag": ["öko", "HOT", "never follow", "unknown"],
    "list": ["customers", "Rivals", "nobody"],
    "company": ["acme", "größe", "%"],
    "owner": ["dana", "DANA", "joe"],
    "clause": ["acme in name", "ACME in name", "acme in bio", "nobody"],
    "like": ["@bo_3", "acme_5", "@nobody", "1000000000003"],
    "affiliation": ["ourco", "CÖ", "inc"],
    "reason": ["silent", "spam-words", "egg", "mass", "wave", "unheard-of"],
    "wave": ["1", "2", "same-link", "3", "same-picture"],
    "domain": ["acme.com", "NOT"],
    "url": ["acme", "HTTPS", "ä"],
    **{name: [*WORDS, "ä", "_", "B"] for name in ("name", "handle", "bio", "note")},
    "location": ["berlin", "ger", ","],
    "basis": [source.value for source in KindSource],
    "guard": list(GUARD_RULES),
    "cause": [cause.value for cause in LossCause],
    "outcome": list(OUTCOMES),
    "came-before": list(OUTCOMES),
    "came-after": list(OUTCOMES),
    "done": [action.value for action in ACTION_ORDER],
    "goal": ["mine", "mine/done", "mine/skipped", "mine/waiting", "mine/visit", "nobody", "nobody/done"],
    "shelf": ["1", "2", "1/visit", "2/visit", "3", "none"],
}
_DATES = ("posted", "created", "followed", "left", "seen", "contacted", "offered", "pruned", "engaged")
RANGE_VALUES: dict[str, list[Any]] = {
    **{name: [0, 200 * DAY, 900 * DAY, 2000 * DAY] for name in ("age", "silent")},
    **{name: [NOW - days * DAY for days in (2000, 90, 60, 40, 0)] for name in _DATES},
    **{name: [0, 10, 50, 90, 100] for name in ("bot", "relevance", "match", "doubt", "random")},
    **{name: [0, 1, 3, 10, 5000] for name in ("followers", "following", "posts", "listed", "likes")},
    "ratio": [0, 0.3, 1, 3, 10],
}
bounds = st.one_of(
    *(
        st.builds(
            Range,
            st.just(field),
            st.none() | st.sampled_from(values),
            st.none() | st.sampled_from(values),
            st.booleans(),
            st.booleans(),
        )
        for field, values in RANGE_VALUES.items()
    )
)
MOMENTS = [NOW - days * DAY for days in (100, 70, 40, 10, 0)]
leaves = st.one_of(
    st.sampled_from([Flag(name) for name in FLAGS]),
    st.sampled_from([Has(name) for name in HAS_FIELDS]),
    st.sampled_from([Equals(field, value) for field, values in CHOICES.items() for value in values]),
    bounds,
)
nodes = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds(Not, inner),
        st.builds(At, st.sampled_from(MOMENTS), inner),
        st.builds(And, st.lists(inner, max_size=3).map(tuple)),
        st.builds(Or, st.lists(inner, max_size=3).map(tuple)),
    ),
    max_leaves=5,
)


def goals_of(store: Store) -> Callable[[str], list[int]]:
    """Whom playbooks engaged since the day before."""

    def asked(value: str) -> list[int]:
        name, _, what = value.partition("/")
        return due.rows_of(store, name, what, ("reply",), NOW - DAY)

    return asked


@contextmanager
def filled(seed: int, count: int = 24) -> Iterator[Evaluator]:
    with TemporaryDirectory() as folder:
        store = new_store(Path(folder) / "store.db")
        fill(store, seed, count)
        yield Evaluator(store, Arrays(store), lambda: CUTS, goals_of(store))
        store.close()


def found_rows(evaluator: Evaluator, node: Node) -> set[int]:
    return set(evaluator.rows(Query(node), NOW).tolist())


@pytest.mark.parametrize("seed", range(4))
def test_every_term_equals_its_sql(seed: int) -> None:
    terms: list[Node] = [Flag(name) for name in FLAGS]
    terms += [At(moment, Flag(name)) for moment in MOMENTS for name in FLAGS]
    terms += [Has(name) for name in HAS_FIELDS]
    terms += [Equals(field, value) for field, values in CHOICES.items() for value in values]
    terms += [Range(field, value, None) for field, values in RANGE_VALUES.items() for value in values]
    terms += [Range(field, None, value, high_open=True) for field, values in RANGE_VALUES.items() for value in values]
    with filled(seed) as evaluator:
        wrong = {
            repr(term): (found, expected)
            for term in terms
            if (found := found_rows(evaluator, term)) != (expected := rows_by_sql(evaluator.store, term))
        }
    assert wrong == {}


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), trees=st.lists(nodes, min_size=5, max_size=25))
def test_any_query_equals_its_sql(seed: int, trees: list[Node]) -> None:
    with filled(seed, 12) as evaluator:
        for tree in trees:
            assert found_rows(evaluator, tree) == rows_by_sql(evaluator.store, tree), tree


def test_a_field_without_a_line_in_has_is_not_taken_for_a_note() -> None:
    with filled(1) as evaluator, pytest.raises(KeyError):
        found_rows(evaluator, Has("ratio"))


def test_every_field_of_the_language_is_in_this_test() -> None:
    assert set(FLAG_SQL) == set(FLAGS)
    assert set(HAS_SQL) == set(HAS_FIELDS)
    assert set(FIELDS) == {*CHOICES, *RANGE_VALUES, "is", "has", "at"}


def expected_order(store: Store, sort: Sort) -> list[int]:
    text = sort.field in ("name", "handle", "location", "affiliation")
    if text:
        value = f"nullif(a.{sort.field}, '')"
    elif sort.field == "kind":
        value = (
            f"CASE {KIND} " + " ".join(f"WHEN '{k.value}' THEN {n}" for n, k in enumerate(KIND_ORDER) if n > 1) + " END"
        )
    elif sort.field == "decision":
        value = (
            f"CASE {DECIDED} "
            + " ".join(f"WHEN '{d.value}' THEN {n}" for n, d in enumerate(DECISION_ORDER) if n)
            + " END"
        )
    elif sort.field in CODE_SQL:
        value = f"nullif((SELECT s.{sort.field} FROM score s WHERE s.row = a.row), 0)"
    else:
        value = ORDER_SQL.get(sort.field, NUMBER_SQL[sort.field])
    way = "DESC" if sort.descending else "ASC"
    collate = "COLLATE NOCASE" if text else ""
    found = store.con.execute(
        f"SELECT a.row FROM account a WHERE {ALIVE} ORDER BY {value} IS NULL, {value} {collate} {way}, a.row"
    )
    return [line[0] for line in found]


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("field", SORT_FIELDS)
def test_every_order_puts_unknowns_last_and_breaks_ties_by_row(field: str, descending: bool, shared: Evaluator) -> None:
    sort = Sort(field, descending)
    order = shared.rows(Query(sort=sort), NOW).tolist()
    values = expected_order(shared.store, sort)
    if field in ("age", "silent"):
        # What lies in the future counts as 0 long, so moments after now may stand in any order among themselves.
        def ahead(row: int) -> bool:
            line = shared.store.con.execute(
                "SELECT created_at, last_post_at FROM account WHERE row = ?", [row]
            ).fetchone()
            return (line[0] if field == "age" else line[1] or 0) > NOW if line[field != "age"] is not None else False

        order, values = [r for r in order if not ahead(r)], [r for r in values if not ahead(r)]
    assert order == values


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evaluator]:
    store = new_store(tmp_path_factory.mktemp("orders") / "store.db")
    fill(store, 7, 60)
    store.con.create_function("number_of", 1, lambda row: number_of(store, row))
    yield Evaluator(store, Arrays(store), lambda: CUTS, goals_of(store))
    store.close()


LIKE = [
    "Freight software for small carriers in Hamburg since 2009",
    "Freight software for small carriers in HAMBURG, since 2012!",
    "since 2009: software for freight. Small carriers in Hambürg",
    "Freight trains and coffee in Hamburg, my own views",
    "Growth",
    "growth!",
    "growth hacker",
    None,
]


@pytest.mark.parametrize("indexed", [0, 3, 100])
def test_bios_nearly_the_same_are_found_before_and_after_they_are_indexed(tmp_path: Path, indexed: int) -> None:
    store = new_store(tmp_path / "store.db")
    rows = add_accounts(store, *({"handle": f"h{at}", "x_id": 70 + at, "bio": bio} for at, bio in enumerate(LIKE)))
    pages.index_text(store, indexed)
    evaluator = Evaluator(store, Arrays(store))

    def found(asked: str) -> list[int]:
        return [rows.index(row) for row in evaluator.rows(Query(Equals("like", asked)), NOW).tolist()]

    assert found("@h0") == found("@h2") == found("70") == [0, 1, 2]
    assert found("h3") == [3]
    assert found("@h4") == [4, 5]
    assert found("@h7") == found("@nobody") == found("@70") == []
    store.close()


def test_an_order_follows_what_it_sorts_by(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store.db")
    rows = add_accounts(store, {"followers": 5}, {"followers": 9}, {"followers": None})
    evaluator = Evaluator(store, Arrays(store))
    by_followers = Query(sort=Sort("followers", True))
    assert evaluator.rows(by_followers, NOW).tolist() == [rows[1], rows[0], rows[2]]
    with store.write() as con:
        con.execute("UPDATE account SET followers = 99 WHERE row = ?", [rows[2]])
        store.bump("profile", [rows[2]])
    assert evaluator.rows(by_followers, NOW).tolist() == [rows[2], rows[1], rows[0]]
    store.close()


def test_orders_are_read_back_from_disk_and_only_while_they_hold(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store.db")
    with store.write() as con:
        con.execute(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20001) "
            "INSERT INTO account(row, x_id, handle, followers, first_import) "
            "SELECT i, i, 'h' || i, i * 7919 % 20011, 1 FROM n"
        )
        store.bump("profile", range(1, 20_002))
    sort = Sort("followers", False)
    order = Evaluator(store, Arrays(store)).orders.order(sort).copy()
    [file] = (tmp_path / "store.db.cache").glob("order*.bin")
    content = file.read_bytes()
    found = cache_files.read(store, file.name)
    assert found is not None
    cache_files.write(store, file.name, found[0], order[::-1].copy().data)
    backwards = file.read_bytes()
    assert np.array_equal(Evaluator(store, Arrays(store)).orders.order(sort), order[::-1])
    for broken in (b"", content[:3], b"\xff\xff\xff\x7f", content[:-5], bytes(len(content)), content[:-90] + bytes(90)):
        file.write_bytes(broken)
        assert np.array_equal(Evaluator(store, Arrays(store)).orders.order(sort), order)
    file.write_bytes(backwards)
    with store.write():
        store.bump("profile", [1])
    assert np.array_equal(Evaluator(store, Arrays(store)).orders.order(sort), order)
    store.close()


def words_found(evaluator: Evaluator, text: str, is_phrase: bool = False) -> list[int]:
    return evaluator.rows(Query(Words(text, is_phrase)), NOW).tolist()


@pytest.mark.parametrize("indexed", [0, 2, 100])
def test_words_are_found_before_and_after_they_are_indexed(tmp_path: Path, indexed: int) -> None:
    store = new_store(tmp_path / "store.db")
    rows = add_accounts(
        store,
        {"name": "Dana Ortiz", "bio": "Head of growth at Globex", "location": "Köln"},
        {"name": "Globexpert", "handle": "globexpert"},
        {"name": "Nobody", "bio": "growth hacker 100%"},
        {"name": "Rocket 🚀", "handle": None, "bio": None},
    )
    pages.index_text(store, indexed)
    evaluator = Evaluator(store, Arrays(store))
    assert words_found(evaluator, "globex") == rows[:2]
    assert words_found(evaluator, "head of growth", True) == rows[:1]
    assert words_found(evaluator, "Köln") == rows[:1]
    assert words_found(evaluator, "🚀") == rows[3:]
    assert words_found(evaluator, "%") == [rows[2]]
    for hostile in ('"', '" OR name:x', "NEAR(", "*", "a\0b", "^x", "-"):
        assert isinstance(words_found(evaluator, hostile), list)
    with store.write() as con:
        con.execute("UPDATE account SET name = 'Initech' WHERE row = 2")
        con.execute("UPDATE account SET handle = 'renamed' WHERE row = 2")
        store.bump("profile", [2])
    assert words_found(evaluator, "globexpert") == []
    assert words_found(evaluator, "initech") == [2]
    store.close()


def test_indexing_goes_on_where_it_was(tmp_path: Path) -> None:
    store = new_store(tmp_path / "store.db")
    add_accounts(store, *({"name": f"Name{number}"} for number in range(10)))
    assert [pages.index_text(store, upto) for upto in (4, 2, 99, 99)] == [4, 4, 10, 10]
    assert store.con.execute("SELECT count(*) FROM account_text WHERE account_text MATCH 'name9'").fetchone()[0] == 1
    store.con.execute("INSERT INTO account_text(account_text) VALUES ('integrity-check')")
    store.close()


def test_an_unknown_value_of_a_closed_set_is_refused(shared: Evaluator) -> None:
    for node in (Equals("kind", "boss"), Flag("rich"), Equals("plan", "poke")):
        with pytest.raises(BadQuery):
            shared.rows(Query(node), NOW)


def test_the_silence_setting_moves_what_is_silent(shared: Evaluator) -> None:
    with shared.store.write() as con:
        con.execute("INSERT OR REPLACE INTO setting VALUES ('silent_days', ?)", [json.dumps(30)])
    expected = {
        line[0]
        for line in shared.store.con.execute(
            f"SELECT a.row FROM account a WHERE {ALIVE} AND {UNTIL} - a.last_post_at >= {30 * DAY}"
        )
    }
    assert found_rows(shared, Flag("silent")) == expected
    with shared.store.write() as con:
        con.execute("DELETE FROM setting WHERE name = 'silent_days'")


def test_rows_come_from_one_moment_while_another_thread_imports(tmp_path: Path) -> None:
    from threading import Thread

    store = new_store(tmp_path / "store.db")
    add_accounts(store, {})
    evaluator = Evaluator(store, Arrays(store))
    writer = Thread(target=lambda: [add_accounts(store, *[{} for _ in range(20)]) for _ in range(40)])
    writer.start()
    sizes = []
    while writer.is_alive():
        everyone = evaluator.rows(Query(Or((Flag("follower"), Not(Flag("reviewed"))))), NOW)
        sizes.append(len(everyone))
    writer.join()
    assert sizes == sorted(sizes)
    assert len(evaluator.rows(Query(), NOW)) == 801
    store.close()


@pytest.mark.parametrize("seed", range(3))
def test_counts_over_time_equal_the_query_at_each_moment(seed: int) -> None:
    with filled(seed, 60) as evaluator:
        moments = np.array(sorted(MOMENTS[:-1]), np.int64)
        groups = np.where(evaluator.columns.get("alive") == 1, np.arange(evaluator.columns.size()) % 3, -1)
        found = evaluator.spells.counts("follower", groups, 3, moments)
        expected = [
            [sum(row % 3 == group for row in found_rows(evaluator, At(moment, Flag("follower")))) for moment in moments]
            for group in range(3)
        ]
        assert found.tolist() == expected
        assert sum(map(sum, expected)) > 0
