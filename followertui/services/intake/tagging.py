"""The tag an import gives its accounts: written when the import begins to count, taken off by its undo.

Owns that and its undo record. Only ``services.intake`` imports it.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence

from followertui.services.phrases import counted
from followertui.store.decisions import tags
from followertui.store.decisions.slots import tag_slot
from followertui.store.file.connection import Store, packed, unpacked


def tag_accounts(store: Store, name: str, rows: Sequence[int]) -> tuple[dict[str, object], str]:
    """Tag the accounts of an import, in the caller's transaction.

    Args:
        store: the open store.
        name: of the tag; made where there is none.
        rows: row numbers, each once.

    Returns:
        The undo record, which holds those that did not carry the tag before; and a line to say.
    """
    number = tags.make_tag(store, name)
    slot = tag_slot(number)
    with store.write() as con:
        carrying = slot.read(con, rows)
        fresh = [row for row in rows if row not in carrying]
        slot.write(con, fresh, ())
        store.bump(slot.domain, fresh)
    shown = f'tag:"{name}"' if " " in name else f"tag:{name}"
    line = f'{counted(len(rows), "account")} tagged "{name}": {shown} is:follower finds those who follow you too'
    return {"tag": number, "tagged": base64.b64encode(packed(fresh)).decode()}, line


def reverse(store: Store, record: Mapping[str, object], is_redo: bool) -> None:
    """Take the tag of an import off the accounts it put it on, or put it on again; in the caller's transaction.

    Args:
        store: the open store.
        record: the undo record of the import; one without a tag changes nothing.
        is_redo: put it on again.
    """
    if "tag" not in record:
        return
    slot = tag_slot(int(str(record["tag"])))
    rows = unpacked(base64.b64decode(str(record["tagged"])))
    with store.write() as con:
        slot.write(con, rows, () if is_redo else None)
        store.bump(slot.domain, rows)
