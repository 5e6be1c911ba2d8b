"""A store whose every text acts: markup, control sequences, bidirectional overrides, formulas.

What comes in through files is cleaned. Here it is written past that, so that what goes out to the
screen is tested on its own.
"""

from __future__ import annotations

import json

from followertui.services.workbench import Workbench
from followertui.store.file import watermarks

HOSTILE = "CEO [/ founder] [@click=app.quit]x[/] \x1b[2J\u202eevil\u2066 [red]a\tb\nc = 1"


def make_hostile(bench: Workbench) -> None:
    """Put hostile text wherever a store holds a person's or a file's words."""
    store = bench.session.store
    row = next(iter(bench.open_view("confirm").rows))
    bench.tag([row], ["conference"])
    bench.note(row, "a note")
    bench.looks.save_view("mine", "is:new")
    bench.looks.set_view_tag("mine", "newcomer")
    with store.write() as con:
        watermarks.TEXT_UPTO.write(store, 0)
        con.execute(
            "UPDATE account SET name = :t, bio = :t, location = :t, url = :t, site = :t, affiliation = :t, lang = :t,"
            " handle = :t || row",
            {"t": HOSTILE},
        )
        con.execute("UPDATE entity SET name = ? || id", [HOSTILE])
        con.execute("UPDATE list SET name = ? || id", [HOSTILE])
        con.execute("UPDATE tag SET name = ? || id", [HOSTILE])
        con.execute("UPDATE note SET text = ?", [HOSTILE])
        con.execute("UPDATE saved_view SET name = ?", [HOSTILE])
        con.execute("UPDATE journal SET text = ?, reviewer = ?", [HOSTILE, HOSTILE])
        con.execute("UPDATE import_run SET source = ?", [HOSTILE])
        con.execute("UPDATE score SET top_reason = ?", [HOSTILE])
        con.execute("UPDATE wave SET text = ?", [HOSTILE])
        # Another one than what accounts are affiliated with: who is affiliated with us is an employee.
        watermarks.PROFILE_HANDLE.write(store, f"{HOSTILE}us")
        for entry_id, data, fields in con.execute("SELECT id, data, fields FROM entry").fetchall():
            con.execute(
                "UPDATE entry SET company = ?, person = ?, data = ?, fields = ? WHERE id = ?",
                [HOSTILE, HOSTILE, _hostile(data), _hostile(fields, **{HOSTILE: HOSTILE}), entry_id],
            )
        for match_id, evidence in con.execute("SELECT id, evidence FROM match").fetchall():
            told = [[*item[:3], HOSTILE, HOSTILE, *item[5:]] for item in json.loads(evidence)]
            con.execute("UPDATE match SET evidence = ? WHERE id = ?", [json.dumps(told), match_id])


def _hostile(text: str, **more: str) -> str:
    """A JSON object with every text in it made hostile, and more of them."""
    return json.dumps({name: _replaced(value) for name, value in json.loads(text).items()} | more)


def _replaced(value: object) -> object:
    if isinstance(value, list):
        return [_replaced(held) for held in value]
    return HOSTILE if isinstance(value, str) else value
