"""Facts of a few rows, from which ``domain.guards`` says who they are and what holds them back.

Owns the plain SQL behind kind and guards: the tables as they stand, no derived array and no
cache, so that the last look before a call sees what was written a moment ago, by this
process or another. It needs no numpy. ``pages`` and ``services`` import it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.decision import Decision
from followertui.domain.guards import CONVERSATIONS, NEVER_FOLLOW_TAG, Guard, MatchFacts, RowFacts
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.domain.match import Band, MatchState
from followertui.store.file import watermarks
from followertui.store.file.connection import Store
from followertui.store.file.settings import folded_name, our_names
from followertui.store.lists.matches import ENTITY_KINDS, STRONGEST_FIRST, kinds_from

_FACTS = """
SELECT a.row, d.decision, k.kind, k.at, coalesce(a.affiliation, ''), s.kind,
  (SELECT max(i.at) FROM interaction_now i WHERE i.row = a.row AND i.kind IN ({kinds})),
  (SELECT max(at) FROM (
    SELECT r.first_seen AS at FROM relation r
    WHERE r.row = a.row AND r.direction = 'following' AND r.is_new = 1 AND r.missed_at IS NULL
    UNION ALL SELECT o.at FROM own_relation o WHERE o.row = a.row AND o.direction = 'following' AND o.is_on)),
  (SELECT o.at FROM own_relation o WHERE o.row = a.row AND o.direction = 'following' AND NOT o.is_on),
  EXISTS (SELECT 1 FROM tagged g JOIN tag t ON t.id = g.tag_id WHERE g.row = a.row AND t.name = '{tag}'),
  (SELECT json_group_array(json_array(f.guard, f.evidence_hash)) FROM release f WHERE f.row = a.row),
  EXISTS (SELECT 1 FROM compare_pending c WHERE c.row = a.row)
FROM account a
LEFT JOIN kind_word k ON k.row = a.row LEFT JOIN decision d ON d.row = a.row
LEFT JOIN score s ON s.row = a.row
WHERE a.row IN ({marks})
"""

_MATCHES = f"""
SELECT m.row, m.score, m.band, coalesce(w.state, 'unreviewed'), m.is_stale, {ENTITY_KINDS}, n.name, m.relation,
  m.entity_id, m.evidence_hash, n.type = 'company'
FROM match m LEFT JOIN match_word w ON w.match_id = m.id JOIN entity n ON n.id = m.entity_id
WHERE m.row IN ({{marks}})
ORDER BY m.row, {STRONGEST_FIRST}
"""

_KINDS = ", ".join(f"'{kind}'" for kind in CONVERSATIONS)


class RowMatch(NamedTuple):
    """One match of an account.

    Attributes:
        facts: what kind and guards depend on.
        score: 0-100.
        entity: name of the company or person.
        relation: "is", "brand_of" or "works_at".
        is_company: whether the entity is a company.
    """

    facts: MatchFacts
    score: int
    entity: str
    relation: str
    is_company: bool = True


_LISTS = """
SELECT EXISTS (SELECT 1 FROM list WHERE dropped_at IS NULL),
  EXISTS (SELECT 1 FROM import_run WHERE what = 'list' AND state = 'running')
"""


class ListsNow(NamedTuple):
    """The lists as they stand, and which accounts were compared with them.

    Attributes:
        has_list: there is a list to compare with.
        is_half_read: the import of a list, or the undo of an import, is not finished.
        compared_upto: the last row that was compared with these lists; rows in
            ``compare_pending`` were not.
    """

    has_list: bool
    is_half_read: bool
    compared_upto: int

    @property
    def upto(self) -> int | None:
        """The last row that counts as compared, 0 for none; None where there is nothing to compare with."""
        return self.compared_upto if self.has_list or self.is_half_read else None


def lists_now(store: Store) -> ListsNow:
    """What the store holds of lists at this moment."""
    has_list, is_half_read = store.con.execute(_LISTS).fetchone()
    is_half_read = is_half_read or bool(watermarks.IMPORT_REVERSAL.read(store))
    is_behind = is_half_read or watermarks.LISTS_VERSION.read(store) != (watermarks.COMPARED_LISTS.read(store) or 0)
    return ListsNow(bool(has_list), bool(is_half_read), 0 if is_behind else watermarks.COMPARED_UPTO.read(store))


def not_compared(store: Store) -> int:
    """How many accounts are not compared with the lists as they now are, 0 where there is no list."""
    upto = lists_now(store).upto
    if upto is None:
        return 0
    found = store.con.execute(
        "SELECT count(*) FROM account WHERE hidden_by IS NULL AND merged_into IS NULL "
        "AND (row > ? OR row IN (SELECT row FROM compare_pending))",
        [upto],
    ).fetchone()
    return int(found[0])


def about_not_compared(store: Store) -> int:
    """About as many as ``not_compared``, hidden and merged rows among them; reads no table to its end."""
    upto = lists_now(store).upto
    if upto is None:
        return 0
    newest, pending = store.con.execute(
        "SELECT (SELECT coalesce(max(row), 0) FROM account), (SELECT count(*) FROM compare_pending)"
    ).fetchone()
    return max(0, int(newest) - upto) + int(pending)


def row_facts(
    store: Store, rows: Sequence[int], matches: dict[int, list[RowMatch]] | None = None
) -> dict[int, RowFacts]:
    """What kind and guards of some rows depend on.

    Args:
        store: the open store; inside its transaction the answer holds until the transaction ends.
        rows: at most a few hundred row numbers.
        matches: the rows' matches where the caller has read them already.

    Returns:
        Row -> facts; unknown rows are left out.
    """
    wanted = [int(row) for row in rows]
    ours = our_names(store)
    upto = lists_now(store).upto
    matches = row_matches(store, wanted) if matches is None else matches
    sql = _FACTS.format(kinds=_KINDS, tag=NEVER_FOLLOW_TAG, marks=",".join("?" * len(wanted)))
    found: dict[int, RowFacts] = {}
    for line in store.con.execute(sql, wanted):
        row, decision, word, word_at, affiliation, judged, talked_at, followed_at, *others = line
        unfollowed_at, is_never, releases, is_pending = others
        found[row] = RowFacts(
            decision=Decision(decision or "none"),
            releases=tuple((Guard(guard), basis) for guard, basis in json.loads(releases)),
            word=Kind(word) if word else None,
            word_at=word_at,
            is_affiliated=bool(affiliation) and folded_name(affiliation) in ours,
            matches=tuple(match.facts for match in matches.get(row, ())),
            judged=None if judged is None else KIND_ORDER[judged],
            talked_at=talked_at,
            followed_at=followed_at,
            unfollowed_at=unfollowed_at,
            is_never_follow=bool(is_never),
            is_compared=upto is None or (row <= upto and not is_pending),
        )
    return found


def row_matches(store: Store, rows: Sequence[int]) -> dict[int, list[RowMatch]]:
    """Every match of some rows: confirmed first, then by descending score; rows without one are left out."""
    found: dict[int, list[RowMatch]] = {}
    sql = _MATCHES.format(marks=",".join("?" * len(rows)))
    for line in store.con.execute(sql, [int(row) for row in rows]):
        row, score, band, state, is_stale, kinds, entity, relation, entity_id, evidence_hash, is_company = line
        facts = MatchFacts(
            MatchState(state), Band(band), bool(is_stale), kinds_from(kinds), entity_id, relation, evidence_hash
        )
        found.setdefault(row, []).append(RowMatch(facts, score, entity, relation, bool(is_company)))
    return found
