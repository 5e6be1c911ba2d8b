"""Rows put into a store by plain SQL, so that what reads them is tested against nothing but tables."""

from __future__ import annotations

import json
import random
import sqlite3
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from followertui.domain.decision import ACTION_ORDER, DECISION_ORDER
from followertui.domain.guards import RELEASABLE, evidence_hash
from followertui.domain.kind import KIND_ORDER
from followertui.store.audience import waves
from followertui.store.audience.row_facts import row_facts
from followertui.store.file.connection import Store
from followertui.store.file.schema import CHANGE_DOMAINS

NOW = int(datetime(2026, 11, 22, 12, 0, tzinfo=UTC).timestamp())
DAY = 86_400
WORDS = ("Acme", "Globex", "founder", "Ärzte", "100%", "a_b", "Größe", "Tokyo", "crypto", "C++", 'say "hi"', "日本")
PLACES = ("Berlin", "Berlin, Germany", "berlin", "Lisbon", "", None)
FIRST_X_ID = 1_000_000_000_000


def new_store(path: Path) -> Store:
    """An empty store with one finished import."""
    store = Store(path)
    with store.write() as con:
        con.execute(
            "INSERT INTO import_run(id, what, source, source_rank, sha256, choices, as_of, started_at, finished_at, "
            "state, path) VALUES (1, 'accounts', 'made', 1, '', '{}', ?, ?, ?, 'done', '')",
            [NOW - 90 * DAY, NOW, NOW],
        )
    return store


def add_accounts(store: Store, *accounts: dict[str, Any]) -> list[int]:
    """Insert accounts and return their rows; ids and handles are made where none are given."""
    rows = []
    with store.write() as con:
        first = con.execute("SELECT coalesce(max(row), 0) + 1 FROM account").fetchone()[0]
        for row, given in enumerate(accounts, start=first):
            fields = {
                "x_id": FIRST_X_ID + row,
                "handle": f"user_{row}",
                "name": f"User {row}",
                "first_import": 1,
                **given,
            }
            con.execute(
                f"INSERT INTO account(row, {', '.join(fields)}) VALUES ({', '.join('?' * (len(fields) + 1))})",
                [row, *fields.values()],
            )
            rows.append(row)
        store.bump("profile", rows)
    return rows


def relate(store: Store, rows: list[int], direction: str, is_new: bool = False, first: int = NOW - 80 * DAY) -> None:
    """Let rows follow us ("follower") or be followed ("following") since a time."""
    with store.write() as con:
        con.execute(
            "INSERT OR IGNORE INTO snapshot(id, import_id, direction, as_of, completeness, identity) "
            "VALUES (1, 1, ?, ?, 'partial', 'ids')",
            [direction, first],
        )
        con.executemany(
            "INSERT INTO relation VALUES (?, ?, 1, 1, NULL, ?, ?, ?, NULL)",
            [(row, direction, int(is_new), first, NOW - DAY) for row in rows],
        )
        store.bump("relation", rows)


def add_list(store: Store, name: str, kind: str | None, companies: list[str], owner: str = "") -> dict[str, int]:
    """A list of companies all accounts are compared with; company -> entity id. Equal names share an entity."""
    found = {}
    with store.write() as con:
        list_id = con.execute(
            "INSERT INTO list(name, kind, consent_basis, import_id, as_of) VALUES (?, ?, 'own-records', 1, ?)",
            [name, kind, NOW],
        ).lastrowid
        for line, company in enumerate(companies, start=2):
            known = con.execute("SELECT id FROM entity WHERE name = ?", [company]).fetchone()
            entity = known[0] if known else None
            if entity is None:
                entity = con.execute("INSERT INTO entity(type, name) VALUES ('company', ?)", [company]).lastrowid
            con.execute(
                "INSERT INTO entry(list_id, entity_id, key, line, company, person, data, fields, import_id) "
                "VALUES (?, ?, ?, ?, ?, '', ?, ?, 1)",
                [
                    list_id,
                    entity,
                    company,
                    line,
                    company,
                    json.dumps({"owner": owner}),
                    json.dumps({"Company": company}),
                ],
            )
            found[company] = entity
        con.execute("INSERT OR REPLACE INTO meta VALUES ('compared_upto', '1000000')")
        store.bump("match", [line[0] for line in con.execute("SELECT row FROM match")])
    return found


def add_match(store: Store, row: int, entity: int, band: str, score: int, relation: str = "is") -> int:
    """A match as the matcher would propose it; returns its id."""
    with store.write() as con:
        entry = con.execute("SELECT coalesce(min(id), 0) FROM entry WHERE entity_id = ?", [entity]).fetchone()[0]
        evidence = json.dumps([["name", score, "name", "Acme", "Acme", None, None]])
        cursor = con.execute(
            "INSERT INTO match(row, entity_id, entry_id, relation, score, band, evidence, evidence_hash) "
            "VALUES (?, ?, ?, ?, ?, ?, ?, 'b1')",
            [row, entity, entry, relation, score, band, evidence],
        )
        store.bump("match", [row])
        return int(cursor.lastrowid or 0)


def add_score(store: Store, row: int, kind: str = "other", **scores: int | None) -> None:
    """What judging would conclude of one account."""
    with store.write() as con:
        con.execute(
            "INSERT OR REPLACE INTO score VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                row, scores.get("bot"), scores.get("harmful"), scores.get("offtopic"), scores.get("relevance"),
                scores.get("type") or 0, scores.get("role") or 0, scores.get("seniority") or 0,
                [k.value for k in KIND_ORDER].index(kind), scores.get("reasons") or 0, "a reason",
                scores.get("more_reasons") or 0,
            ],
        )  # fmt: skip
        store.bump("score", [row])


def fill(store: Store, seed: int, count: int) -> None:
    """Random accounts with everything a store may know of them."""
    dice = random.Random(seed)
    add_accounts(store, *(_profile(dice, number) for number in range(1, count + 1)))
    rows = list(range(1, count + 1))
    _fill_snapshots(store, dice)
    for row in rows:
        _fill_relations(store, dice, row)
        _fill_words(store, dice, row)
    lists = [
        add_list(store, "Customers", "customer", ["Acme", "Globex"], "Dana"),
        add_list(store, "Rivals", "competitor", ["Initech", "Größe AG"], "dana"),
        add_list(store, "Suppliers", "vendor", ["Acme", "Initech"]),
        add_list(store, "No kind", None, ["Umbrella"]),
        add_list(store, "Staff", "employee", ["Acme"]),
        add_list(store, "Papers", "press", ["Globex", "Initech"]),
    ]
    entities = sorted({entity for found in lists for entity in found.values()})
    for row in rows:
        for entity in dice.sample(entities, dice.choice((0, 0, 1, 2))):
            _fill_match(store, dice, row, entity)
    with store.write() as con:
        for bit, code in ((0, "silent"), (1, "spam-words"), (2, "no-bio"), (62, "egg"), (63, "mass"), (125, "wave")):
            con.execute("INSERT OR IGNORE INTO reason_code VALUES (?, ?)", [bit, code])
        upto = dice.choice((count, dice.randint(0, count)))
        con.execute("INSERT OR REPLACE INTO meta VALUES ('compared_upto', ?)", [str(upto)])
        con.execute("INSERT OR REPLACE INTO meta VALUES ('compared_lists', ?)", [dice.choice(("1", "1", "1", "2"))])
        con.execute("INSERT OR REPLACE INTO meta VALUES ('lists_version', '1')")
        con.executemany("INSERT INTO compare_pending VALUES (?)", [(row,) for row in rows if dice.random() < 0.2])
        looks = random.Random(seed)
        con.execute("INSERT INTO draw(at, reviewer, looks, upto) VALUES (?, 'me', 20, 1 << 61)", [NOW])
        con.execute("INSERT INTO draw(at, reviewer, looks, upto, undone_at) VALUES (?, 'me', 20, 1 << 62, 1)", [NOW])
        looked = [(row, looks.choice((1, None)), NOW) for row in rows if looks.random() < 0.4]
        con.executemany("INSERT INTO look VALUES (?, ?, 'me', ?)", looked)
        if dice.random() < 0.5:
            about = {"names": ["Our Cö"], "handles": ["ourco"]}
            con.execute("INSERT OR REPLACE INTO setting VALUES ('about', ?)", [json.dumps(about)])
        _fill_releases(store, con, dice, rows)
        _fill_calls(con, random.Random(seed), rows)
        _fill_engagement(con, random.Random(seed), rows)
        if seed % 2:
            con.execute("UPDATE account SET counts_from = 1")
        for domain in CHANGE_DOMAINS:
            store.bump(domain, rows)
    waves.write_waves(store, [(trait, "alike", rows[at::5]) for at, trait in enumerate(("same-bio", "same-link"))])


def _fill_releases(store: Store, con: sqlite3.Connection, dice: random.Random, rows: list[int]) -> None:
    """Releases of guards that hold or not; those with the evidence hash "gone" lift nothing."""
    for row, facts in row_facts(store, rows).items():
        for guard in sorted(RELEASABLE):
            if dice.random() < 0.3:
                basis = dice.choice((evidence_hash(guard, facts), "gone"))
                con.execute("INSERT INTO release VALUES (?, ?, ?, 'me', ?)", [row, guard.value, basis, NOW])


def _fill_engagement(con: sqlite3.Connection, dice: random.Random, rows: list[int]) -> None:
    """What is due or was, and who is never to be contacted, as a person or a list says."""
    for row in dice.sample(rows, len(rows) // 2):
        state = dice.choice(("open", "done", "skipped", "snoozed", "lapsed"))
        until = NOW + dice.choice((-1, 0, 1)) * DAY if state == "snoozed" else None
        con.execute(
            "INSERT INTO due(row, playbook, step, action, worth, since, state, until, reviewer, at) "
            "VALUES (?, 'mine', 'reply', 'reply', 1, ?, ?, ?, 'me', ?)",
            [row, NOW, state, until, NOW],
        )
    con.executemany("INSERT INTO no_contact VALUES (?, 'me', 1)", [(row,) for row in dice.sample(rows, len(rows) // 8)])
    for number in (1, 2):
        link = (number, f"https://a.example/{number}", f"Link {number}")
        con.execute("INSERT INTO shelf VALUES (?, ?, ?, '', '[]', '[]', '', 1, 2, '', 5, NULL)", link)
    lottery = random.Random(len(rows))
    for row in rows:
        if lottery.random() < 0.4:
            at, number = NOW - lottery.randint(0, 25) * DAY, lottery.randint(1, 2)
            con.execute("INSERT INTO sent VALUES (?, ?, 'offer', '', '', ?, '', '', 'me')", [row, at, number])
    for (number,) in con.execute("SELECT id FROM entry ORDER BY id").fetchall():
        if dice.random() < 0.2:
            said = dice.choice(("true", "false"))
            con.execute(
                "UPDATE entry SET data = json_set(data, '$.do_not_contact', json(?)) WHERE id = ?", [said, number]
            )


def _fill_calls(con: sqlite3.Connection, dice: random.Random, rows: list[int]) -> None:
    """Calls of any outcome, some accounts with several."""
    for row in dice.choices(rows, k=len(rows)):
        con.execute(
            "INSERT INTO call(row, action, object, executor, state, price_usd, at, reviewer) "
            "VALUES (?, ?, '', 'hand', ?, 0, ?, 'me')",
            [row, dice.choice(ACTION_ORDER).value, dice.choice(("done", "done", "taken-back", "ATTEMPTING")),
             NOW - dice.choice((60, dice.randint(0, 120))) * DAY],
        )  # fmt: skip


def _profile(dice: random.Random, number: int) -> dict[str, Any]:
    def maybe(value: Any) -> Any:
        return value if dice.random() < 0.75 else None

    def text() -> Any:
        return maybe(" ".join(dice.choices(WORDS, k=dice.randint(0, 3))))

    return {
        "x_id": maybe(FIRST_X_ID + number),
        "handle": maybe(f"{dice.choice(('Ada', 'bo', 'acme'))}_{number}"),
        "name": text(), "bio": text(), "location": dice.choice(PLACES),
        "url": maybe("https://t.co/x"), "site": maybe("https://acme.com"),
        "domain": dice.choice((None, "", "acme.com", "notacme.com")),
        "followers": maybe(dice.choice((0, 1, 10, 5_000))), "following": maybe(dice.choice((0, 3, 10))),
        "posts": maybe(dice.randint(0, 50)), "listed": maybe(dice.randint(0, 3)),
        "likes": maybe(number % 4),
        "created_at": maybe(NOW - dice.randint(1, 4_000) * DAY),
        "last_post_at": maybe(NOW - dice.randint(-1, 900) * DAY),
        "verified": dice.choice((None, "", "blue", "business", "government", "legacy")),
        "protected": dice.choice((None, 0, 1)),
        "affiliation": dice.choice((None, None, "", "@OurCo", "our cÖ", "Other Inc")),
        "status": dice.choice((0, 0, 0, 1, 2, 3)),
        "hidden_by": 1 if dice.random() < 0.08 else None,
        "merged_into": 1 if number > 1 and dice.random() < 0.08 else None,
    }  # fmt: skip


def _fill_snapshots(store: Store, dice: random.Random) -> None:
    with store.write() as con:
        for direction in ("follower", "following"):
            con.execute(
                "INSERT INTO snapshot(import_id, direction, as_of, completeness, identity) VALUES (1, ?, ?, ?, 'ids')",
                [direction, NOW - 20 * DAY, dice.choice(("complete", "partial"))],
            )
        con.execute(
            "INSERT INTO snapshot(import_id, direction, as_of, completeness, identity) "
            "VALUES (1, 'follower', ?, 'partial', 'ids')",
            [NOW - 20 * DAY],
        )


def _fill_relations(store: Store, dice: random.Random, row: int) -> None:
    with store.write() as con:
        for direction in ("follower", "following"):
            spells = dice.choice((0, 1, 1, 2))
            start = NOW - 100 * DAY
            for spell in range(spells):
                is_last = spell == spells - 1
                begun, start = start, start + dice.randint(10, 45) * DAY
                missed = None if is_last and dice.random() < 0.7 else start - DAY
                con.execute(
                    "INSERT INTO relation VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                    [row, direction, spell + 1, spell + 1, None, dice.choice((0, 1)), begun, start - 2 * DAY, missed],
                )
            if dice.random() < 0.2:
                con.execute(
                    "INSERT INTO own_relation VALUES (?, ?, ?, ?)",
                    [row, direction, dice.choice((0, 1)), NOW - dice.choice((30, dice.randint(0, 100))) * DAY],
                )
        for mark, name in (("muted", ""), ("blocked", ""), ("listed", "Press"), ("listed", "Prospects")):
            if dice.random() < 0.1:
                con.execute("INSERT INTO own_mark VALUES (?, ?, ?, ?)", [row, mark, name, NOW])
        if dice.random() < 0.2:
            con.execute("INSERT INTO x_seen VALUES (?, ?)", [row, NOW - dice.randint(0, 120) * DAY])
        for kind in ("mention", "offer", "repost", "message", "visit"):
            if dice.random() < 0.15:
                con.execute(
                    "INSERT INTO interaction VALUES (?3, ?1, ?2, '', 'made', NULL)",
                    [NOW - dice.choice((60, dice.randint(0, 120))) * DAY, kind, row],
                )


def _fill_words(store: Store, dice: random.Random, row: int) -> None:
    with store.write() as con:
        if dice.random() < 0.5:
            decision = dice.choice(DECISION_ORDER[1:]).value
            due = NOW + dice.randint(-3, 3) * DAY if decision == "later" else None
            con.execute("INSERT INTO decision VALUES (?, ?, ?, 'me', ?)", [row, decision, due, NOW])
        if dice.random() < 0.3:
            con.execute("INSERT INTO kind_word VALUES (?, ?, 'me', ?)", [row, dice.choice(KIND_ORDER).value, NOW])
        if dice.random() < 0.2:
            con.execute("INSERT INTO note VALUES (?, ?, 'me', ?)", [row, " ".join(dice.choices(WORDS, k=2)), NOW])
        for name in ("Öko", "hot", "never follow"):
            if dice.random() < 0.2:
                con.execute("INSERT OR IGNORE INTO tag(name) VALUES (?)", [name])
                con.execute("INSERT INTO tagged SELECT id, ? FROM tag WHERE name = ?", [row, name])
        for action in dice.sample(ACTION_ORDER, dice.choice((0, 0, 1, 2))):
            state = dice.choice(("planned", "held", "attempting", "later", "done", "failed", "missing"))
            con.execute(
                "INSERT INTO plan_item(row, action, state, reason, at) VALUES (?, ?, ?, 'why', ?)",
                [row, action.value, state, NOW],
            )
    if dice.random() < 0.8:
        add_score(
            store, row, dice.choice(("unclear", "bot", "harmful", "offtopic", "other")),
            bot=dice.choice((None, 0, 50, 90)), relevance=dice.choice((None, 10, 60)),
            type=dice.randint(0, 5), role=dice.randint(0, 4), seniority=dice.randint(0, 7),
            reasons=dice.randint(0, 7) | dice.choice((0, 1 << 62)),
            more_reasons=dice.choice((0, 1, 1 << 62, 1 << 62 | 1)),
        )  # fmt: skip


def _fill_match(store: Store, dice: random.Random, row: int, entity: int) -> None:
    number = add_match(store, row, entity, dice.choice(("certain", "likely", "possible")), dice.randint(1, 100))
    state = dice.choice((None, None, "confirmed", "rejected"))
    with store.write() as con:
        con.execute("UPDATE match SET is_stale = ? WHERE id = ?", [int(dice.random() < 0.2), number])
        if state:
            basis = dice.choice(("b1", "b0"))
            con.execute("INSERT INTO match_word VALUES (?, ?, ?, '', 'me', ?)", [number, state, basis, NOW])
