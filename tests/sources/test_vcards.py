"""Address books as vCards: each card as it would be read as a row of a list."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from one_by_one import read_list

from followertui.domain.lists import ListEntry
from followertui.sources.problems import Problem
from followertui.sources.recognising import describe, recognise

GOOGLE = r"""
BEGIN:VCARD
VERSION:3.0
FN:Dr. Lena Maria Bergström\, PhD
N:Bergström;Lena;Maria;Dr.;PhD
EMAIL;TYPE=INTERNET;TYPE=WORK:lena@nordwind.example
EMAIL;TYPE=INTERNET:lena.b@mail.example
item1.TEL:+49 30 1
ADR;TYPE=HOME:;;Weg 1;Bonn;NRW;53111;Germany;Weg 1\nBonn
ORG:Nordwind\, Logistik GmbH;Vertrieb
TITLE:Head of Sales\, DACH
item2.URL:https\://nordwind.example
item2.X-ABLabel:Work
item3.URL:https\://twitter.com/lena_b?lang=de
NOTE:FN:a long note that goes on over
  a folded line\nand another
END:VCARD
"""
APPLE = """
BEGIN:VCARD
VERSION:3.0
N:Ortiz;Dana;;;
FN:Dana Ortiz
ORG:Globex GmbH;
TITLE:CTO
EMAIL;type=INTERNET;type=WORK;type=pref:dana@globex.example
item1.URL;type=pref:https://globex.example/
item1.X-ABLabel:_$!<HomePage>!$_
X-SOCIALPROFILE;type=twitter;x-user=dana_ortiz:http://twitter.com/dana_ortiz
X-SOCIALPROFILE;type=LinkedIn:https://www.linkedin.com/in/danaortiz
PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD/4gHYSUNDX1BST0ZJTEUAAQEAAAHIAAAA
 bnRyUkdCIFhZWiAAAAAAAAAAAAAAAABhY3NwAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAFN:no
UID:6A3C-1
END:VCARD
BEGIN:VCARD
VERSION:3.0
N:;;;;
FN:Initech Inc.
ORG:Initech Inc.;
X-ABShowAs:COMPANY
URL:http://initech.example
X-SOCIALPROFILE;type=Twitter:x-apple:initech
END:VCARD
"""
OUTLOOK = """
BEGIN:VCARD
VERSION:2.1
N;LANGUAGE=de;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:M=FCller;J=FCrgen
FN;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:J=FCrgen M=FCller
ORG;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:B=E4ckerei M=FCller GmbH =
& Co. KG;Einkauf
NOTE;ENCODING=QUOTED-PRINTABLE:erste Zeile=0D=0A=
END:VCARD steht hier nur im Text=0D=0A
ADR;WORK;PREF;CHARSET=Windows-1252;ENCODING=QUOTED-PRINTABLE:;;Stra=DFe 1;M=FCnchen;;80331;Deutschland
ADR;HOME:;;;Ulm;;;
EMAIL;PREF;INTERNET:j.mueller@baeckerei.example
URL;WORK:http://baeckerei.example
PHOTO;TYPE=JPEG;ENCODING=BASE64:
 /9j/4AAQSkZJRgABAQEAYABgAAD/2wBDAAEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEB

REV:20240101T120000Z
END:VCARD
"""
NEWEST = """
BEGIN:VCARD
VERSION:4.0
UID:urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1
FN;PREF=1:佐藤 花子
N:佐藤;花子;;;
ORG;SORT-AS="ABC":株式会社例
EMAIL;TYPE=work:mailto:hanako@rei.example
SOCIALPROFILE;SERVICE-TYPE=Twitter;TYPE="home,work":https://x.com/hanako_s
IMPP;X-SERVICE-TYPE="Twitter";X-USER=hanako2:x-apple:hanako2
IMPP:xmpp:hanako@jabber.example
ADR;GEO="geo:12.3457,78.910";LABEL="Mr: X; y":;;1-1;Tokyo;;100;Japan
END:VCARD
begin:vcard
version:4.0
kind:org
fn:Acme AG
url:https://acme.example
x-twitter:acme
end:vcard
"""
READ: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "Google, 3.0": (GOOGLE, "utf-8", [{
        "person": "Dr. Lena Maria Bergström, PhD", "first_name": "Lena", "last_name": "Bergström",
        "company": "Nordwind, Logistik GmbH", "title": "Head of Sales, DACH", "city": "Bonn", "country": "Germany",
        "emails": ("lena@nordwind.example", "lena.b@mail.example"), "domains": ("nordwind.example",),
        "handles": ("lena_b",),
    }]),
    "Apple, 3.0": (APPLE, "utf-8", [
        {"person": "Dana Ortiz", "company": "Globex GmbH", "title": "CTO", "handles": ("dana_ortiz",),
         "domains": ("globex.example",), "crm_id": "6A3C-1"},
        {"person": "", "company": "Initech Inc.", "handles": ("initech",), "domains": ("initech.example",)},
    ]),
    "Outlook, 2.1": (OUTLOOK, "ascii", [{
        "person": "Jürgen Müller", "last_name": "Müller", "company": "Bäckerei Müller GmbH & Co. KG",
        "city": "München", "country": "Deutschland", "emails": ("j.mueller@baeckerei.example",),
        "domains": ("baeckerei.example",),
    }]),
    "4.0": (NEWEST, "utf-8", [
        {"person": "佐藤 花子", "company": "株式会社例", "handles": ("hanako_s", "hanako2"), "city": "Tokyo",
         "emails": ("hanako@rei.example",), "crm_id": "urn:uuid:4fbe8971-0bc3-424c-9c26-36c3e1eff6b1"},
        {"person": "", "company": "Acme AG", "handles": ("acme",), "domains": ("acme.example",)},
    ]),
    "two bytes a letter": (APPLE, "utf-16", [{"person": "Dana Ortiz"}, {"company": "Initech Inc."}]),
    "a code page": (
        "BEGIN:VCARD\nVERSION:2.1\nN:Größmann;Jörg;;;\nFN:Jörg Größmann\nORG:Käserei Süd GmbH\nEND:VCARD", "cp1252",
        [{"person": "Jörg Größmann", "company": "Käserei Süd GmbH"}],
    ),
}  # fmt: skip


def saved(path: Path, text: str, encoding: str = "utf-8") -> Path:
    path.write_bytes(text.strip("\n").replace("\n", "\r\n").encode(encoding) + "\r\n".encode(encoding)[-2:])
    return path


@pytest.mark.parametrize("name", ["book.vcf", "book", "book (1).csv"])
@pytest.mark.parametrize("case", READ)
def test_every_card_is_an_entry_whatever_the_file_is_called(tmp_path: Path, case: str, name: str) -> None:
    text, encoding, expected = READ[case]
    path = saved(tmp_path / name, text, encoding)
    seen = recognise(path)
    assert (seen.what, seen.rows, describe(seen).startswith("vCard list")) == ("list", len(expected), True)
    found = [one for one in read_list(path) if isinstance(one, ListEntry)]
    assert len(found) == len(expected)
    for entry, fields in zip(found, expected, strict=True):
        assert {field: getattr(entry, field) for field in fields} == fields


def test_columns_no_card_fills_are_not_there(tmp_path: Path) -> None:
    seen = recognise(saved(tmp_path / "book.vcf", READ["a code page"][0]))
    assert [guess.column for guess in seen.columns] == ["Full name", "First name", "Last name", "Company"]


def test_groups_nobody_and_cards_without_an_end_are_told_with_their_lines(tmp_path: Path) -> None:
    text = """
BEGIN:VCARD
FN:The team
X-ADDRESSBOOKSERVER-KIND:group
END:VCARD
BEGIN:VCARD
TEL:+49 1
END:VCARD
BEGIN:VCARD
FN:Dana Ortiz
AGENT:
BEGIN:VCARD
FN:Her assistant
END:VCARD
EMAIL:dana@globex.example
END:VCARD
BEGIN:VCARD
FN:Omar Fitouri
BEGIN:VCARD
FN:Kim
"""
    found = list(read_list(saved(tmp_path / "book.vcf", text)))
    assert [one.person for one in found if isinstance(one, ListEntry)] == ["Dana Ortiz", "Omar Fitouri", "Kim"]
    assert [(one.line, one.reason, one.is_refused) for one in found if isinstance(one, Problem)] == [
        (1, "a group of contacts, not a contact", True),
        (5, "names nobody", True),
        (16, "the card has no end", False),
        (18, "the card has no end", False),
    ]


def test_what_is_hostile_in_a_card_is_cleaned_like_any_text(tmp_path: Path) -> None:
    text = "BEGIN:VCARD\nFN:\x1b[31mDana\u202e [@click=app.quit]\nORG:=cmd()|A1\nEND:VCARD"
    (entry,) = read_list(saved(tmp_path / "book.vcf", text))
    assert isinstance(entry, ListEntry)
    assert "\x1b" not in entry.person
    assert "\u202e" not in entry.person
