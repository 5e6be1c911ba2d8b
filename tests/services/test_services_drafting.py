"""What a draft knows of a person: plain names, the company they work at, nothing that would act in a post."""

from __future__ import annotations

import pytest
from filling import add_accounts, add_list

from followertui.services.engage import drafting
from followertui.services.row_cells import cells
from followertui.services.session import Session


def drawn(session: Session, row: int) -> dict[str, str]:
    return drafting.variables(session, cells(session, [row])[0])


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("Dana Ortiz", "Dana"),
        ("🚀 Dana Ortiz 🚀", "Dana"),
        ("Jean-Luc O’Neill", "Jean-Luc"),
        ("Buy @evil at evil.example", "Buy"),
        ("#1 Trader", "@user_1"),
        ("高军", "高军"),
        ("", "@user_1"),
        ("[b]x[/] {{ us }}", "b"),
    ],
)
def test_a_name_in_a_draft_does_nothing_there(session: Session, name: str, first: str) -> None:
    [row] = add_accounts(session.store, {"name": name})
    values = drawn(session, row)
    assert values["first_name"] == first
    assert not set("@#[]{}") & set(values["name"].removeprefix("@"))
    assert "evil.example" not in values["name"]


@pytest.mark.parametrize(("relation", "company", "first"), [("works_at", "Globex", "Dana"), ("is", "", "Dana Ortiz")])
def test_a_company_is_where_someone_works_never_the_account_itself(
    session: Session, relation: str, company: str, first: str
) -> None:
    [row] = add_accounts(session.store, {"name": "Dana Ortiz"})
    [entity] = add_list(session.store, "Customers", "customer", ["Globex"]).values()
    with session.store.write() as con:
        con.execute(
            "INSERT INTO match(id, row, entity_id, entry_id, relation, score, band, evidence, evidence_hash) "
            "VALUES (1, ?, ?, (SELECT id FROM entry WHERE entity_id = ?), ?, 95, 'certain', '[]', 'h')",
            [row, entity, entity, relation],
        )
        session.store.bump("match", [row])
    values = drawn(session, row)
    assert (values["company"], values["first_name"]) == (company, first)
