"""Guards of all rows at once, for queries, bulk decisions and the plan.

Owns how the signs of a row are packed into one number and looked up in a table that
``domain.guards`` filled: the guards are stated there only. One row at a time is
``store.audience.row_facts``. Only ``services`` and the evaluator import it.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from followertui.domain.decision import DECISION_ORDER, PRUNING_ACTIONS, ActionKind, Decision
from followertui.domain.guards import (
    CONVERSATIONS,
    DEFAULT_SETTINGS,
    GUARD_ORDER,
    NEVER_FOLLOW_TAG,
    Guard,
    GuardSettings,
    GuardSigns,
    guard_from,
    signs_of,
)
from followertui.domain.kind import KIND_ORDER, SOURCE_ORDER, KindSource
from followertui.store.audience.contact_facts import NO_CONTACT_ROWS
from followertui.store.audience.row_facts import lists_now, row_facts
from followertui.store.index import columns as a
from followertui.store.index.arrays import Arrays

_SOURCE_BITS, _KIND_BITS = 3, 4
_CHUNK = 500
_FLAGS = tuple(name for name in GuardSigns._fields[2:] if name not in ("is_kind_released", "is_no_contact"))
"""Signs that are true or false, lowest bit first; kind and source stand above them. A kind that was
released guards like one without a source, and only reposts ask for do-not-contact: neither needs a bit."""


def guard_codes(
    columns: Arrays,
    action: ActionKind,
    now: int,
    is_keep_lifted: bool = False,
    settings: GuardSettings = DEFAULT_SETTINGS,
) -> NDArray[np.uint8]:
    """The strongest guard of every row against an action.

    Args:
        columns: the derived arrays.
        action: what is to be done.
        now: epoch seconds UTC.
        is_keep_lifted: answer as if no row were decided ``keep``.
        settings: how long guards by time hold.

    Returns:
        uint8 per row: 0 where nothing holds it back, else its position in GUARD_ORDER plus one.
    """
    if action is ActionKind.REPOST:
        code = GUARD_ORDER.index(Guard.NO_CONTACT) + 1
        return np.where(columns.rows_of(NO_CONTACT_ROWS), np.uint8(code), np.uint8(0))
    if action not in PRUNING_ACTIONS and action is not ActionKind.FOLLOW:
        return np.zeros(columns.size(), np.uint8)
    with columns.hold():
        packed = _packed(columns, now, is_keep_lifted, settings)
        table = np.zeros(1 << (_KIND_BITS + _SOURCE_BITS + len(_FLAGS)), np.uint8)
        occurring = table.astype(np.bool_)
        occurring[packed] = True
        for number in np.flatnonzero(occurring).tolist():
            table[number] = _code(action, number)
        codes: NDArray[np.uint8] = table[packed]
        return codes


def not_compared(columns: Arrays) -> NDArray[np.bool_]:
    """Rows that are not compared with the lists as they now are; none where there is no list."""
    upto = lists_now(columns.store).upto
    if upto is None:
        return np.zeros(columns.size(), np.bool_)
    mask = columns.rows_of("SELECT row FROM compare_pending")
    mask[upto + 1 :] = True
    return mask


def _packed(columns: Arrays, now: int, is_keep_lifted: bool, settings: GuardSettings) -> NDArray[np.uint16]:
    """The signs of every row as one number."""
    kind, source = columns.kinds()
    kept = columns.get("decision") == DECISION_ORDER.index(Decision.KEEP)
    marks = ",".join("?" * len(CONVERSATIONS))
    signs: dict[str, NDArray[np.bool_]] = {
        "is_kept": np.zeros_like(kept) if is_keep_lifted else kept,
        "is_matched": columns.get("match_bits") & a.MATCH_GUARDS > 0,
        "is_not_compared": not_compared(columns),
        "has_talked": columns.rows_of(
            f"SELECT row FROM interaction_now WHERE at >= ? AND kind IN ({marks})",
            [settings.talked_since(now), *CONVERSATIONS],
        ),
        "is_fresh": columns.get("begun") >= settings.followed_since(now),
        "is_never_follow": columns.rows_of(
            "SELECT row FROM tagged WHERE tag_id = (SELECT id FROM tag WHERE name = ?)", [NEVER_FOLLOW_TAG]
        ),
        "is_unfollowed": columns.rows_of(
            "SELECT row FROM own_relation WHERE direction = 'following' AND NOT is_on AND at >= ?",
            [settings.followed_since(now)],
        ),
    }
    packed: NDArray[np.uint16] = kind.astype(np.uint16)
    packed <<= _SOURCE_BITS
    packed |= source
    packed <<= len(_FLAGS)
    for bit, name in enumerate(_FLAGS):
        packed |= signs[name].astype(np.uint16) << bit
    _lay_releases(columns, packed, now, is_keep_lifted, settings)
    return packed


def _lay_releases(
    columns: Arrays, packed: NDArray[np.uint16], now: int, is_keep_lifted: bool, settings: GuardSettings
) -> None:
    """Write the signs of released accounts, which are few: whether a release stands is asked of the tables."""
    found = columns.store.con.execute("SELECT DISTINCT row FROM release WHERE row < ?", [len(packed)])
    rows = [line[0] for line in found]
    for start in range(0, len(rows), _CHUNK):
        for row, facts in row_facts(columns.store, rows[start : start + _CHUNK]).items():
            signs = signs_of(facts, now, settings)
            source = KindSource.NONE if signs.is_kind_released else signs.source
            number = KIND_ORDER.index(signs.kind) << _SOURCE_BITS | SOURCE_ORDER.index(source)
            signs = signs._replace(is_kept=signs.is_kept and not is_keep_lifted)
            flags = sum(bool(getattr(signs, name)) << bit for bit, name in enumerate(_FLAGS))
            packed[row] = number << len(_FLAGS) | flags


@cache
def _code(action: ActionKind, packed: int) -> int:
    """The guard code of packed signs, by the one statement; few of all that can be ever occur."""
    number, flags = divmod(packed, 1 << len(_FLAGS))
    kind, source = divmod(number, 1 << _SOURCE_BITS)
    said = {name: bool(flags >> bit & 1) for bit, name in enumerate(_FLAGS)}
    guard = guard_from(action, GuardSigns(KIND_ORDER[kind], SOURCE_ORDER[source], **said))
    return 0 if guard is None else GUARD_ORDER.index(guard) + 1
