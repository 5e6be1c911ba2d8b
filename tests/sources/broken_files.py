"""Writes a hundred files of every shape people bring, most of them broken.

Each case says what the file is and what must come of it: how many records, or a refusal
whose one line holds a word.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Case:
    name: str
    content: bytes
    what: str
    records: int = 0
    problems: int | None = None
    refusal: str = ""


PEOPLE = [
    {"id": str(1000 + n), "screen_name": f"person_{n}", "name": f"Person {n}", "followers_count": n * 10}
    for n in range(6)
]
FIRMS = [("Acme GmbH", "acme.de"), ("Globex, Inc.", "globex.com"), ("Initech", "initech.co.uk")]
LONG_IDS = [str(1349149096909668363 + n * 7919) for n in range(6)]


def table(rows: list[list[object]], delimiter: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(rows)
    return out.getvalue()


def accounts(header: list[str] | None = None, **options: str) -> str:
    return table([header or list(PEOPLE[0]), *(list(person.values()) for person in PEOPLE)], **options)


def firms(header: tuple[str, str] = ("Company name", "Website"), **options: str) -> str:
    return table([list(header), *(list(firm) for firm in FIRMS)], **options)


def js(name: str, values: object, part: int = 0) -> str:
    return f"window.YTD.{name}.part{part} = " + json.dumps(values, indent=2)


def ids(name: str, count: int, start: int = 1) -> str:
    return js(name, [{name: {"accountId": str(start + n), "userLink": "x"}} for n in range(count)])


def zipped(files: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return out.getvalue()


def utf8_cases() -> Iterator[Case]:
    ok = accounts()
    yield Case("plain.csv", ok.encode(), "accounts", 6, 0)
    yield Case("bom.csv", ok.encode("utf-8-sig"), "accounts", 6, 0)
    yield Case("utf16.csv", ok.encode("utf-16"), "accounts", 6, 0)
    yield Case("utf16-no-bom.csv", ok.encode("utf-16-le"), "accounts", 6, 0)
    yield Case("semicolon.csv", accounts(delimiter=";").encode(), "accounts", 6, 0)
    yield Case("pipe.csv", accounts(delimiter="|").encode(), "accounts", 6, 0)
    yield Case("tab.tsv", accounts(delimiter="\t").encode(), "accounts", 6, 0)
    yield Case("old-mac.csv", accounts(end="\r").encode(), "accounts", 6, 0)
    yield Case("unix.csv", accounts(end="\n").encode(), "accounts", 6, 0)
    yield Case("sep-line.csv", ("sep=;\r\n" + accounts(delimiter=";")).encode(), "accounts", 6, 0)
    yield Case("no-last-newline.csv", ok.rstrip().encode(), "accounts", 6, 0)
    yield Case("blank-lines.csv", ok.replace("\r\n", "\r\n\r\n").encode(), "accounts", 6, 0)
    yield Case("empty-rows.csv", (ok + ",,,\r\n,,,\r\n").encode(), "accounts", 6, 0)
    yield Case("nul.csv", ok.replace("Person 1", "Per\0son 1").encode(), "accounts", 6)
    yield Case("short-row.csv", (ok + "77,short\r\n").encode(), "accounts", 7, 1)
    yield Case("long-row.csv", (ok + "77,long,L,5,surplus,more\r\n").encode(), "accounts", 6, 1)
    western = ok.replace("Person 1", "Jürgen Müller: Größe und Straße €").encode("cp1252")
    yield Case("cp1252.csv", western, "accounts", 6, 0)
    some_broken = "Zoë Çelik Ångström Ünal".encode() + b"\xff"
    yield Case("broken-utf8.csv", ok.encode().replace(b"Person 1", some_broken), "accounts", 6)
    yield Case("hostile.csv", ok.replace("Person 1", "\x1b[31m=1+1[/red]\u202e").encode(), "accounts", 6, 0)
    yield Case("newline-in-cell.csv", ok.replace("Person 1", '"Two\nlines ""q"""').encode(), "accounts", 6, 0)
    yield Case("header-twice.csv", (ok + ok).encode(), "accounts", 12, None)
    yield Case("preamble.csv", ("Report of today\r\n\r\n" + ok).encode(), "accounts", 6, 0)


def value_cases() -> Iterator[Case]:
    def one(name: str, header: str, row: str, records: int, problems: int | None) -> Case:
        return Case(name, f"{header}\r\n{row}\r\n".encode(), "accounts", records, problems)

    yield one("sci-id.csv", "id,username,followers", "1.25E+18,anna,5", 1, 1)
    yield one("sci-id-alone.csv", "id,followers", "1.25E+18,5\r\n12,6", 1, 1)
    yield one("rounded-id.csv", "id,username,followers", "1349149096909660000,anna,5", 1, 1)
    yield one("comma-sci.csv", "id;username;followers", "1,25E+18;anna;5", 1, 1)
    yield one("abbreviated.csv", "username,followers", 'anna,1.2K\r\nbert,"3,4M"', 2, 0)
    yield one("bad-count.csv", "username,followers", "anna,12\r\nbert,many", 2, 1)
    yield one("negative.csv", "username,followers", "anna,-12\r\nbert,5", 2, 1)
    yield one("bad-date.csv", "username,followers,created_at", "anna,1,soon\r\nbert,5,2020-01-01", 2, 1)
    yield one("apostrophe.csv", "id,username,followers", "'1349149096909668363,'@anna,5", 1, 0)
    yield one("formula-id.csv", "id,username,followers", '"=""1349149096909668363""",anna,5', 1, 0)
    yield one("links.csv", "profile url,followers", "https://x.com/anna/?lang=de,5", 1, 0)
    yield one("id-links.csv", "profile url,followers", "https://x.com/i/user/123,5", 1, 0)
    yield one("reserved.csv", "username,followers", "anna,1\r\nhome,2", 1, 1)
    yield one("nobody.csv", "username,name,followers", "anna,A,1\r\n,B,2", 1, 1)
    yield one("flag-following.csv", "username,following,followed_by,bio", "anna,true,false,hi", 1, 0)
    yield one("padding.csv", "username,name,followers", "mock_tweet,Unknown,0\r\nanna,A,1", 1, 1)
    yield one("followers2csv.csv", "ID,NAME,USER,FOLLOWED,FOLLOWERS,FOLLOWING,LISTED", "1,A,anna,x,1,2,3", 1, 0)
    yield one(
        "apify.csv", "userId,name,username,followingCount,followersCount,createdAt", "1,A,anna,1,2,2020-01-01", 1, 0
    )
    yield one("kaito.csv", "type,userName,displayName,followersCount", "follower,anna,A,2", 1, 0)
    yield one("german-numbers.csv", "username;followers;tweets", "anna;12.345;1.000", 1, 0)


def handle_cases() -> Iterator[Case]:
    yield Case("handles.txt", b"@anna\nbert\nhttps://twitter.com/carla\n", "handles", 3, 0)
    yield Case("links.txt", b"https://x.com/anna\nhttps://x.com/bert?lang=en\n", "handles", 2, 0)
    yield Case("handles-bad.txt", b"@anna\n@bert\n@carla\nnot a handle!\n", "handles", 3, 1)
    yield Case("handle-header.csv", b"handle\nanna\nbert\n", "handles", 2, 0)
    yield Case("ids.txt", "\n".join(LONG_IDS).encode(), "handles", 6, 0)
    yield Case("array.json", json.dumps(["anna", "bert"]).encode(), "handles", 2, 0)


def json_cases() -> Iterator[Case]:
    v2 = [{"id": one, "username": f"u{n}", "name": "N"} for n, one in enumerate(LONG_IDS)]
    yield Case("array-v2.json", json.dumps(v2).encode(), "accounts", 6, 0)
    yield Case("pretty.json", json.dumps(v2, indent=2).encode("utf-8-sig"), "accounts", 6, 0)
    yield Case("lines.jsonl", "\n".join(map(json.dumps, v2)).encode(), "accounts", 6, 0)
    yield Case("envelope.json", json.dumps({"data": v2, "meta": {"result_count": 6}}).encode(), "accounts", 6, 0)
    pages = [{"data": v2[:3], "meta": {}}, {"data": v2[3:], "meta": {}}]
    yield Case("pages.jsonl", "\n".join(map(json.dumps, pages)).encode(), "accounts", 6, 0)
    yield Case("pages.json", json.dumps(pages).encode(), "accounts", 6, 0)
    yield Case("followers-key.json", json.dumps({"followers": v2}).encode(), "accounts", 6, 0)
    posts = {"data": [{"id": "9", "text": "hi", "author_id": "1"}], "includes": {"users": v2}}
    yield Case("posts-with-users.json", json.dumps(posts).encode(), "accounts", 6, 0)
    yield Case("graphql.json", json.dumps([graphql(n) for n in range(4)]).encode(), "accounts", 4, 0)
    entry = {"content": {"itemContent": {"user_results": {"result": graphql(1)}}}}
    deep = {"data": {"user": {"result": {"timeline": {"instructions": [{"entries": [entry]}]}}}}}
    yield Case("graphql-timeline.json", json.dumps(deep).encode(), "accounts", 1, 0)
    text = json.dumps(v2, indent=1)
    yield Case("cut.json", text[: len(text) // 2].encode(), "refused", refusal="breaks off")
    yield Case("cut-mid-word.json", text[:-12].encode(), "refused", refusal="breaks off")
    lines = [json.dumps(one) for one in v2]
    lines[2] = lines[2][:-9]
    yield Case("broken-line.jsonl", "\n".join(lines).encode(), "accounts", 5, 1)
    yield Case("utf16.json", text.encode("utf-16"), "accounts", 6, 0)
    yield Case("float-ids.json", json.dumps([{"id": 1.25e18, "username": "anna"}]).encode(), "accounts", 1, 1)
    yield Case(
        "int-ids.json", json.dumps([{"id": int(one), "username": "a"} for one in LONG_IDS]).encode(), "accounts", 6, 0
    )
    yield Case("errors-inside.json", json.dumps([*v2, {"error": "gone"}]).encode(), "accounts", 6, 1)
    yield Case("empty-array.json", b"[]", "refused", refusal="no rows")
    yield Case("numbers.json", b"[1.5, {]", "refused", refusal="")


def graphql(n: int) -> dict[str, object]:
    legacy = {"description": "hi https://t.co/x", "followers_count": n, "friends_count": 2, "entities": {}}
    core = {"screen_name": f"g{n}", "name": "G", "created_at": "Wed Oct 10 20:19:24 +0000 2018"}
    return {"__typename": "User", "id": "VXNlcjox", "rest_id": LONG_IDS[n], "core": core, "legacy": legacy}


def list_cases() -> Iterator[Case]:
    def one(name: str, text: str, records: int, problems: int | None = 0) -> Case:
        return Case(name, text.encode(), "list", records, problems)

    yield one("firms.csv", firms(), 3)
    for language, header in {
        "de": ("Name des Unternehmens", "Domain des Unternehmens"),
        "fr": ("Nom de l’entreprise", "Site web"),
        "es": ("Nombre de la empresa", "Sitio web"),
        "it": ("Nome azienda", "Sito web"),
        "pt": ("Nome da empresa", "Domínio da empresa"),
        "nl": ("Bedrijfsnaam", "Bedrijfsdomein"),
        "fi": ("Yrityksen nimi", "Verkkosivusto"),
        "pl": ("Nazwa firmy", "Strona internetowa"),
        "sv": ("Företagsnamn", "Webbplats"),
        "ja": ("会社名", "ウェブサイト"),
    }.items():
        yield one(f"firms-{language}.csv", firms(header), 3)
    yield one("firms-semicolon.csv", firms(delimiter=";"), 3)
    preamble = (
        "Notes:\n" + '"When exporting your connection data, you may notice that some are missing, and, so on"' + "\n\n"
    )
    connection = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n"
    rows = "Ann,Lee,https://www.linkedin.com/in/a,,Acme,CEO,12 Jun 2024\n,,,,,,\nBo,Ray,,,Globex,CTO,1 May 2023\n"
    yield one("Connections.csv", preamble + connection + rows, 2)
    yield one(
        "Connections-old.csv",
        connection.replace("URL,", "")
        + rows.replace("https://www.linkedin.com/in/a,", "").replace("Ray,,", "Ray,").replace(",,,,,,", ",,,,,"),
        2,
    )
    footer = '"Grand Totals (3 records)",,\n\n"Confidential Information - Do Not Distribute",,\n'
    footer += '"Copyright © 2000-2026 salesforce.com, inc. All rights reserved.",,\nMy report,,\nGenerated By: Me,,\n'
    report = "Account Name,Website,Type\nAcme,<a href=http://acme.de>acme</a>,Customer\nGlobex,globex.com,Prospect\nIni,,Other\n"
    yield one("salesforce.csv", report + footer, 3)
    western = (report.replace("Ini", "Müller Gemüse und Söhne in Köln") + footer).encode("latin-1")
    yield Case("salesforce-latin1.csv", western, "list", 3, 0)
    yield one("pipedrive.csv", "Organization - Name*,Person - Email (Work),Person - Name\nAcme,a@acme.de,Ann Lee\n", 1)
    hubspot = (
        "Record ID,Company name,Company Domain Name,Lifecycle Stage\n11,Acme,acme.de;acme.com,Customer\n12,Glo,,Lead\n"
    )
    yield one("hubspot.csv", hubspot, 2)
    yield one("people.csv", "First Name,Last Name,Email\nAnn,Lee,ann@acme.de\nBo,Ray,\n", 2)
    yield one(
        "unknown-headers.csv", "Alpha,Beta\nAcme GmbH,https://acme.de\nGlobex Inc.,globex.com\nIni Ltd,ini.co\n", 3
    )
    yield one("no-name.csv", "Company,Website\nAcme,acme.de\n,\n , \nGlobex,\n", 2)
    yield one("one-nameless.csv", "Company,City\nAcme,Bonn\n,Ulm\n", 1, 1)
    yield one("formula.csv", 'Company,Website\n"=HYPERLINK(""http://evil"")",acme.de\n', 1)
    yield one("firms.json", json.dumps([{"company": "Acme", "website": "acme.de"}]), 1)
    yield one("firms.jsonl", '{"company": "Acme", "website": "acme.de"}\n{"company": "Globex"}\n', 2)
    swallowed = "Company,Website\n" + "".join(f"Firm {n},firm{n}.com\n" for n in range(30))
    yield one("open-quote.csv", swallowed.replace("Firm 3,", '"Firm 3,'), 30, 1)


def archive_cases() -> Iterator[Case]:
    manifest = "window.__THAR_CONFIG = " + json.dumps(
        {
            "userInfo": {"accountId": "7", "userName": "acme"},
            "archiveInfo": {"generationDate": "2024-05-01T00:00:00.000Z"},
        }
    )
    files = {
        "data/follower.js": ids("follower", 5),
        "data/following.js": ids("following", 2),
        "data/manifest.js": manifest,
    }
    yield Case("archive.zip", zipped(files), "archive", 5, 0)
    yield Case("nested.zip", zipped({f"twitter-2024/x/{name}": text for name, text in files.items()}), "archive", 5, 0)
    yield Case("no-manifest.zip", zipped({"follower.js": files["data/follower.js"]}), "archive", 5, 0)
    second = {"data/follower-part1.js": ids("follower", 4, 100)}
    yield Case("parts.zip", zipped(files | second), "archive", 9, 0)
    yield Case(
        "periscope.zip", zipped(files | {"data/periscope-followers.js": ids("follower", 50, 500)}), "archive", 5, 0
    )
    yield Case("cut-list.zip", zipped({"data/follower.js": files["data/follower.js"][:-60]}), "archive", 4, 1)
    yield Case("bad-manifest.zip", zipped(files | {"data/manifest.js": "window.__THAR = {"}), "archive", 5, 0)
    yield Case("follower.js", files["data/follower.js"].encode(), "archive", 5, 0)
    yield Case("damaged.zip", zipped(files)[:-40], "refused", refusal="damaged")
    yield Case(
        "other.zip", zipped({"Connections.csv": "a,b"}), "refused", refusal="unpack it and import Connections.csv"
    )
    yield Case("no-lists.zip", zipped({"data/tweets.js": js("tweets", [])}), "refused", refusal="no follower.js")


def refused_cases() -> Iterator[Case]:
    yield Case("empty.csv", b"", "refused", refusal="empty")
    yield Case("contacts.vcf", b"BEGIN:VCARD\r\nFN:Lena\r\nEND:VCARD\r\n", "list", 1, 0)
    yield Case("nobody.vcf", b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "refused", refusal="no vCard in it names")
    yield Case("list.numbers", zipped({"Index/Document.iwa": "x", "preview.jpg": "y"}), "refused", refusal="Numbers")
    yield Case("blank.csv", b"\xef\xbb\xbf\r\n \r\n", "refused", refusal="empty")
    yield Case("login.csv", b"<!DOCTYPE html><html><body>Log in</body></html>", "refused", refusal="web page")
    yield Case("picture.csv", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "refused", refusal="picture")
    yield Case("noise.csv", bytes(range(1, 256)) * 50 + bytes(200) * 20, "refused", refusal="binary")
    yield Case("packed.csv.gz", b"\x1f\x8b\x08" + bytes(range(50)), "refused", refusal="gzip")
    yield Case("report.pdf", b"%PDF-1.7 blah", "refused", refusal="PDF")
    yield Case("store.db", b"SQLite format 3\0" + bytes(90), "refused", refusal="SQLite")
    yield Case("fake.xlsx", b"\xd0\xcf\x11\xe0" + bytes(600), "refused", refusal="workbook")


SOURCES: tuple[Callable[[], Iterator[Case]], ...] = (
    utf8_cases,
    value_cases,
    handle_cases,
    json_cases,
    list_cases,
    archive_cases,
    refused_cases,
)


def all_cases() -> list[Case]:
    return [case for source in SOURCES for case in source()]


def write(case: Case, folder: Path) -> Path:
    path = folder / case.name
    path.write_bytes(case.content)
    return path
