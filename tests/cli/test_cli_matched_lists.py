"""Lists as they come, matched with accounts as they are: the company behind contacts, and words that mean "and"."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Call, write_rows

HUBSPOT = ("Record ID", "First Name", "Last Name", "Email", "Company Name", "Job Title")
LINKEDIN = ("First Name", "Last Name", "URL", "Email Address", "Company", "Position", "Connected On")
SALESFORCE = ("Contact ID", "First Name", "Last Name", "Account Name", "Title", "Email")
GERMAN = ("Datensatz-ID", "Vorname", "Nachname", "E-Mail", "Unternehmensname", "Jobbezeichnung")

FIRM, MAIL = "Nordkai Logistik GmbH", "nordkai-logistik.de"
CONTACTS = {
    "HubSpot": (HUBSPOT, [(str(n), f"Ann{n}", f"Berg{n}", f"ann{n}@{MAIL}", FIRM, "Buyer") for n in range(3)]),
    "LinkedIn": (
        LINKEDIN,
        [(f"Ann{n}", f"Berg{n}", "", f"ann{n}@{MAIL}", FIRM, "Buyer", "01 May 2024") for n in range(3)],
    ),
    "Salesforce": (
        SALESFORCE,
        [(f"003A{n}", f"Ann{n}", f"Berg{n}", FIRM, "Buyer", f"ann{n}@{MAIL}") for n in range(3)],
    ),
    "German": (GERMAN, [(str(n), f"Ann{n}", f"Berg{n}", f"ann{n}@{MAIL}", FIRM, "Einkauf") for n in range(3)]),
    "one contact": (HUBSPOT, [("9", "Ann", "Berg", f"ann@{MAIL}", FIRM, "Buyer")]),
}


@pytest.mark.parametrize("way", CONTACTS)
def test_the_company_behind_own_contacts_is_held_back(call: Call, tmp_path: Path, way: str) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    accounts = write_rows(
        tmp_path / "accounts.csv",
        ("id", "screen_name", "name", "description", "url"),
        [("900001", "nordkai_de", "Nordkai Logistik", "Freight from Hamburg", f"https://{MAIL}"),
         ("900002", "someone_else", "Someone Else", "Coffee and trains", "")],
    )  # fmt: skip
    assert call(*fresh, "import", "accounts", str(accounts), "--relation", "following", "--complete").code == 0
    path = write_rows(tmp_path / "contacts.csv", *CONTACTS[way])
    said = call(*fresh, "import", "list", str(path), "--kind", "customer", "--name", "C", "--basis", "own-records")
    assert said.code == 0, said.err
    assert call(*fresh, "decide", "handle:nordkai_de OR handle:someone_else", "out").code == 0
    (action,) = call(*fresh, "plan", "--json").json["actions"]
    assert action["ready"] <= 1
    names = [one["handle"] for one in call(*fresh, "matches", "--json").json]
    assert "nordkai_de" in names
    assert "someone_else" not in names


AND = {
    "German": ("Müller und Söhne GmbH", "Müller & Söhne", "muellersoehne"),
    "Danish": ("Weber og Partner A/S", "Weber & Partner", "weberpartner"),
    "Swedish": ("Nilsson och Lund AB", "Nilsson & Lund", "nilssonlund"),
    "Polish": ("Nowak i Wspólnicy", "Nowak & Wspólnicy", "nowakwspolnicy"),
    "French": ("Lefèvre et Fils SARL", "Lefèvre & Fils", "lefevrefils"),
    "a plus": ("Schmidt + Kollegen", "Schmidt & Kollegen", "schmidtkollegen"),
    "the other way": ("Ernst & Jung", "Ernst and Jung", "ernstjung"),
}


@pytest.mark.parametrize("way", AND)
def test_a_word_for_and_is_the_sign(call: Call, tmp_path: Path, way: str) -> None:
    fresh = ("--store", str(tmp_path / "fresh.db"))
    on_list, on_x, handle = AND[way]
    head = ("id", "screen_name", "name", "description")
    accounts = write_rows(tmp_path / "a.csv", head, [("900001", handle, on_x, ""), ("900002", "other", "Lee", "")])
    assert call(*fresh, "import", "accounts", str(accounts), "--relation", "following", "--complete").code == 0
    path = write_rows(tmp_path / "customers.csv", ("Company Name", "City"), [(on_list, "Ulm"), ("Hana Works", "Seoul")])
    said = call(*fresh, "import", "list", str(path), "--kind", "customer", "--name", "C", "--basis", "own-records")
    assert said.code == 0, said.err
    (found,) = call(*fresh, "matches", "--json").json
    assert (found["handle"], found["relation"]) == (handle, "is")
    assert found["band"] in ("certain", "likely")
