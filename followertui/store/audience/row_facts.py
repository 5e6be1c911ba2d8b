"""Facts of a few rows, from which ``domain.guards`` says who they are and what holds them back.

Owns the plain SQL behind kind and guards: the tables as they stand, no derived array and no
cache, so that the last look before a call sees what was written a moment ago, by this
process or another. It needs no numpy. ``pages`` and ``services`` import it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.decision import Decision
from followertui.domain.guards import CONVERSATIONS, NEVER_FOLLOW_TAG, MatchFacts, RowFacts
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.domain.match import Band, MatchState
from followertui.store.file.connection import Store
from followertui.store.file.settings import folded_name, our_names
from followertui.store.lists.matches import ENTITY_KINDS, STRONGEST_FIRST, kinds_from

_FACTS = """
SELECT a.row, d.decision, f.row IS NOT NULL, k.kind, coalesce(a.affiliation, ''), s.kind,
  (SELECT max(i.at) FROM interaction i WHERE i.row = a.row AND i.kind IN ({kinds})),
  (SELECT max(at) FROM (
    SELECT r.first_seen AS at FROM relation r
    WHERE r.row = a.row AND r.direction = 'following' AND r.is_new = 1 AND r.missed_at IS NULL
    UNION ALL SELECT o.at FROM own_relation o WHERE o.row = a.row AND o.direction = 'following' AND o.is_on)),
  EXISTS (SELECT 1 FROM tagged g JOIN tag t ON t.id = g.tag_id WHERE g.row = a.row AND t.name = '{tag}')
FROM account a
LEFT JOIN kind_word k ON k.row = a.row LEFT JOIN decision d ON d.row = a.row
LEFT JOIN score s ON s.row = a.row LEFT JOIN release f ON f.row = a.row
WHERE a.row IN ({marks})
"""

_MATCHES = f"""
SELECT m.row, m.score, m.band, coalesce(w.state, 'unreviewed'), m.is_stale, {ENTITY_KINDS}, n.name, m.relation
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
    """

    facts: MatchFacts
    score: int
    entity: str
    relation: str


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
    matches = row_matches(store, wanted) if matches is None else matches
    sql = _FACTS.format(kinds=_KINDS, tag=NEVER_FOLLOW_TAG, marks=",".join("?" * len(wanted)))
    found: dict[int, RowFacts] = {}
    for row, decision, is_released, word, affiliation, judged, talked_at, followed_at, is_never in store.con.execute(
        sql, wanted
    ):
        found[row] = RowFacts(
            decision=Decision(decision or "none"),
            is_released=bool(is_released),
            word=Kind(word) if word else None,
            is_affiliated=bool(affiliation) and folded_name(affiliation) in ours,
            matches=tuple(match.facts for match in matches.get(row, ())),
            judged=None if judged is None else KIND_ORDER[judged],
            talked_at=talked_at,
            followed_at=followed_at,
            is_never_follow=bool(is_never),
        )
    return found


def row_matches(store: Store, rows: Sequence[int]) -> dict[int, list[RowMatch]]:
    """Every match of some rows: confirmed first, then by descending score; rows without one are left out."""
    found: dict[int, list[RowMatch]] = {}
    for row, score, band, state, is_stale, kinds, entity, relation in store.con.execute(
        _MATCHES.format(marks=",".join("?" * len(rows))), [int(row) for row in rows]
    ):
        facts = MatchFacts(MatchState(state), Band(band), bool(is_stale), kinds_from(kinds))
        found.setdefault(row, []).append(RowMatch(facts, score, entity, relation))
    return found
