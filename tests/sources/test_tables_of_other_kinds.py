"""Tables as public repositories hold them: counted rows, edges, records of customers, posts, groups above headers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from one_by_one import read_accounts, read_list
from workbook_files import write_workbook

from followertui.domain.account import AccountRecord
from followertui.domain.lists import ListEntry
from followertui.services.intake.losses import losses
from followertui.services.intake.values import MappedColumn
from followertui.sources.post_tables import GRAPH, LISTS, POSTS
from followertui.sources.recognising import Recognised, recognise


def written(tmp_path: Path, name: str, text: str) -> Path:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def meant(seen: Recognised) -> dict[str, str]:
    return {guess.column: guess.field for guess in seen.columns if guess.field}


def entries(path: Path) -> list[ListEntry]:
    return [one for one in read_list(path) if isinstance(one, ListEntry)]


def people(path: Path) -> list[AccountRecord]:
    return [one for one in read_accounts(path) if isinstance(one, AccountRecord)]


ROWS = range(1, 9)
NOT_READ = {
    "edges of Gephi, numbered": (
        "followers.csv",
        "source;target;type;id;label;weight\n" + "".join(f"1;{n + 20};Directed;{n};;1.0\n" for n in ROWS),
    ),
    "edges counted from nought": ("following.csv", "from,to,id\n" + "".join(f"{n},3,{n - 1}\n" for n in ROWS)),
    "deals with numbers of their own": (
        "leads.csv",
        "id,status,company_id,owner_id\n" + "".join(f"{n},INQUIRY,{n % 3 + 1},1\n" for n in ROWS),
    ),
    "a table of nodes": ("followers.csv", "id,label\n" + "".join(f"{n},node {n}\n" for n in ROWS)),
}
POSTED = {
    "posts of one's own": (
        "mine.csv",
        "id,created_at,text,fav,RT\n" + "".join(f"10232113812464476{n},2018-07-28,words {n},2,1\n" for n in ROWS),
    ),
    "posts one liked": (
        "favorites.csv",
        "ID,Posted at,Screen name,Text\n"
        + "".join(f"72115340242878464{n},2016-04-16 01:49:04 +0000,dana_{n},words {n}\n" for n in ROWS),
    ),
    "posts with the names of their authors": (
        "labelled.csv",
        "name,gender,retweet_count,text,tweet_created,tweet_date,tweet_id\n"
        + "".join(f"Dena_{n},f,0,my resolution {n},1/1/15 10:01,1/1/15,55073300000000{n}\n" for n in ROWS),
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", NOT_READ)
def test_numbers_that_count_rows_are_no_accounts(case: str, tmp_path: Path) -> None:
    assert recognise(written(tmp_path, *NOT_READ[case])).what == "unknown"


def test_one_row_with_the_number_one_is_no_account_either(tmp_path: Path) -> None:
    assert meant(recognise(written(tmp_path, "firms.csv", "id,name\n1,Globex GmbH\n")))["name"] == "company"
    (one,) = people(written(tmp_path, "followers.csv", "id,screen_name\n1,dana_o\n"))
    assert (one.x_id, one.handle) == (None, "dana_o")


@pytest.mark.parametrize(
    ("sheets", "told"),
    [
        ({"A": [["@dana_o"]]}, ["dana_o"]),
        ({"Empty": [], "A": [["@dana_o"]], "B": [["@omar"]]}, ["dana_o"]),
        ({"A": [["@dana_o"]], "B": [["handle"], ["omar"], ["lena"]]}, ["omar", "lena"]),
    ],
)
def test_a_sheet_of_one_row_is_read_where_no_other_has_more(
    sheets: dict[str, list[list[str]]], told: list[str], tmp_path: Path
) -> None:
    write_workbook(tmp_path / "own.xlsx", sheets)
    assert [one.handle for one in people(tmp_path / "own.xlsx")] == told


def test_ids_of_x_in_order_are_accounts_still(tmp_path: Path) -> None:
    path = written(tmp_path, "followers.csv", "id,label\n" + "".join(f"10000{n},node\n" for n in ROWS))
    assert [one.x_id for one in people(path)] == [int(f"10000{n}") for n in ROWS]


@pytest.mark.parametrize("case", POSTED)
def test_posts_are_neither_accounts_nor_a_list(case: str, tmp_path: Path) -> None:
    seen = recognise(written(tmp_path, *POSTED[case]))
    assert (seen.what, seen.notes) == ("unknown", (POSTS,))


def test_lists_on_x_are_neither_their_owner_nor_companies(tmp_path: Path) -> None:
    rows = "".join(f"2112711{n},2015-06-19,acme,list-{n},27,0,public,\n" for n in ROWS)
    head = "ID,Created at,Screen name,Slug,Members,Subscribers,Mode,Description\n"
    seen = recognise(written(tmp_path, "lists.csv", head + rows))
    assert (seen.what, seen.notes) == ("unknown", (LISTS,))


@pytest.mark.parametrize(("beside", "handle"), [("Followers", ("dana_o",)), ("Logins", ())])
def test_a_username_in_a_list_is_a_handle_where_followers_are_counted(
    beside: str, handle: tuple[str, ...], tmp_path: Path
) -> None:
    rows = "".join(f"Ortiz,Dana,dana_o,CTO,{n}00\n" for n in ROWS)
    path = written(tmp_path, "speakers.csv", f"Last Name,First Name,Username,Position/Title,{beside}\n{rows}")
    assert {entry.handles for entry in entries(path)} == {handle}


def test_people_with_addresses_are_a_list_whatever_was_posted_to_them(tmp_path: Path) -> None:
    head = "first_name,last_name,email,text,content,replies,mentions\n"
    path = written(tmp_path, "people.csv", head + "Dana,Ortiz,d@globex.com,a,b,1,2\nOmar,Ali,o@hooli.com,a,b,1,2\n")
    assert [entry.emails for entry in entries(path)] == [("d@globex.com",), ("o@hooli.com",)]


def test_names_without_spaces_beside_counts_of_followers_are_handles(tmp_path: Path) -> None:
    rows = "".join(f"Dena_{n},{n * 7},2010-04-0{n}\n" for n in ROWS)
    path = written(tmp_path, "followers.csv", f"Name,followers,created in\n{rows}")
    assert [(one.handle, one.followers) for one in people(path)] == [(f"Dena_{n}", n * 7) for n in ROWS]


def test_names_of_firms_beside_counts_stay_names(tmp_path: Path) -> None:
    rows = "".join(f"{name},{n}\n" for n, name in enumerate(("Globex", "Initech", "Hooli", "Umbrella", "Acme")))
    seen = recognise(written(tmp_path, "firms.csv", f"Name,followers\n{rows}"))
    assert (seen.what, meant(seen)) == ("list", {"Name": "company"})


@pytest.mark.parametrize(
    ("header", "fields"),
    [
        ("usuario,num_tweets,num_amigos,num_seguidores", ["posts", "following", "followers"]),
        ("handle,nb_tweets,total_friends,total_followers", ["posts", "following", "followers"]),
        ("username,numTweets,countFollowing,num of followers", ["posts", "following", "followers"]),
        ("username,qtd_tweets,qtd_seguindo,qtd_seguidores", ["posts", "following", "followers"]),
    ],
)
def test_counts_whose_headers_say_that_they_are_numbers(header: str, fields: list[str], tmp_path: Path) -> None:
    path = written(tmp_path, "users.csv", header + "\n" + "".join(f"dana_{n},{n}1,{n}2,{n}3\n" for n in ROWS))
    assert list(meant(recognise(path)).values()) == ["handle", *fields]
    first = people(path)[0]
    assert (first.posts, first.following, first.followers) == (11, 12, 13)


@pytest.mark.parametrize("header", ["total,name", "country,name", "number,name", "account,name"])
def test_a_word_that_only_begins_as_a_count_is_none(header: str, tmp_path: Path) -> None:
    seen = recognise(written(tmp_path, "x.csv", f"handle,{header}\ndana,4,Dana Ortiz\nomar,5,Omar Ali\n"))
    assert {field for column, field in meant(seen).items() if column == header.partition(",")[0]} <= {"handle"}


def test_from_follows_to_and_a_name_of_one_side_is_no_third(tmp_path: Path) -> None:
    rows = "".join(
        f"11414584049946828{own},12128931126096256{n},owner_{own}\n" for own in (1, 2) for n in range(10, 18)
    )
    seen = recognise(written(tmp_path, "followers.csv", f"to,from,username\n{rows}"))
    assert (seen.what, seen.relation) == ("accounts", "follower")
    assert set(seen.owners) == {"114145840499468281", "114145840499468282"}
    path = seen.path
    found = [one for one in read_accounts(path, owner="114145840499468282") if isinstance(one, AccountRecord)]
    assert [one.x_id for one in found] == [int(f"12128931126096256{n}") for n in range(10, 18)]


def test_the_key_of_a_tenant_is_no_company_of_the_list(tmp_path: Path) -> None:
    rows = "".join(f"{n},{'Evil Inc.' if n % 2 else 'Free GmbH'},system,Shop {n} Ltd\n" for n in ROWS)
    path = written(tmp_path, "companies.csv", f"id,tenant_id,created_by,name\n{rows}")
    assert [(entry.company, entry.person) for entry in entries(path)] == [(f"Shop {n} Ltd", "") for n in ROWS]


RECORD = {"sector": "industrials", "phone_number": "+1", "revenue": "$2B", "address": "Hauptplatz 1"}


def test_companies_with_numbers_and_descriptions_are_no_accounts_and_other_lists_are_told(tmp_path: Path) -> None:
    dump = {
        "sales": [{"id": 123, "first_name": "Barney"}],
        "companies": [
            {"id": 234 + n, "name": f"Globex {n}", "description": "We do", "website": f"https://g{n}.com", **RECORD}
            for n in range(3)
        ],
        "contacts": [{"id": 4, "first_name": "Dana", "last_name": "Ortiz", "emails": [{"email": "d@globex.com"}]}],
    }
    path = written(tmp_path, "dump.json", json.dumps(dump))
    assert recognise(path).what == "list"
    found = list(read_list(path))
    assert [one.company for one in found if isinstance(one, ListEntry)] == ["Globex 0", "Globex 1", "Globex 2"]
    told = [(one.value, one.is_refused) for one in found if not isinstance(one, ListEntry)]
    assert told == [("contacts (1)", False)]


def test_accounts_that_an_exporter_gave_a_sector_are_accounts_still(tmp_path: Path) -> None:
    some = [{"id": 10**9 + n, "screen_name": f"dana_{n}", "description": "CTO", **RECORD} for n in range(3)]
    assert [one.handle for one in people(written(tmp_path, "f.json", json.dumps(some)))] == [
        "dana_0",
        "dana_1",
        "dana_2",
    ]


@pytest.mark.parametrize("kind", ["Account", "Contact", "Lead"])
def test_trees_of_salesforce_are_lists(kind: str, tmp_path: Path) -> None:
    own = (
        {"Name": "Globex GmbH"}
        if kind == "Account"
        else {"FirstName": "Dana", "LastName": "Ortiz", "Company": "Globex GmbH"}
    )
    tree = {"records": [{"attributes": {"type": kind, "referenceId": f"{kind}Ref{n}"}, **own} for n in (1, 2)]}
    found = entries(written(tmp_path, "tree.json", json.dumps(tree)))
    assert [entry.company for entry in found] == ["Globex GmbH"] * 2
    assert {entry.last_name for entry in found} == ({""} if kind == "Account" else {"Ortiz"})


GROUPS = {
    "two names": (
        "Account,,Primary Contact,,\nName,Website,Name,Title,Email\n",
        "Globex,globex.com,Dana Ortiz,CTO,dana@globex.com\n", ("Globex", "Dana Ortiz"),
    ),
    "one name, of the company": (
        "Company,,,Contact,,\nName,Domain,City,First Name,Last Name,Email\n",
        "Globex,globex.com,Berlin,Dana,Ortiz,dana@globex.com\n", ("Globex", "Dana Ortiz"),
    ),
    "in German, a person first": (
        "Ansprechpartner,,,Firma,,\nVorname,Name,E-Mail,Name,Ort,Webseite\n",
        "Dana,Ortiz,dana@globex.com,Globex,Köln,globex.com\n", ("Globex", "Dana Ortiz"),
    ),
    "over every column": (
        "Company,Company,Company,Contact,Contact,Contact\nName,Domain,City,First Name,Name,Email\n",
        "Globex,globex.com,Berlin,Dana,Ortiz,dana@globex.com\n", ("Globex", "Dana Ortiz"),
    ),
    "below a title": (
        "Leads of May,,,,\n\nCompany,,Contact,,\nName,Website,Name,Title,Email\n",
        "Globex,globex.com,Dana Ortiz,CTO,dana@globex.com\n", ("Globex", "Dana Ortiz"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("rows", [1, 4])
@pytest.mark.parametrize("case", GROUPS)
def test_groups_above_the_header_say_whose_name_it_is(case: str, rows: int, tmp_path: Path) -> None:
    top, row, told = GROUPS[case]
    found = entries(written(tmp_path, "leads.csv", top + row * rows))
    assert [(one.company, one.person or f"{one.first_name} {one.last_name}") for one in found] == [told] * rows
    assert found[0].emails == ("dana@globex.com",)


def test_groups_in_a_workbook_are_read_alike(tmp_path: Path) -> None:
    cells = [["Company", "", "Contact", ""], ["Name", "Website", "Name", "Email"]]
    path = tmp_path / "leads.xlsx"
    write_workbook(path, {"Leads": [*cells, ["Globex", "globex.com", "Dana Ortiz", "d@globex.com"]]})
    assert [(one.company, one.person) for one in entries(path)] == [("Globex", "Dana Ortiz")]


@pytest.mark.parametrize(
    "text",
    [
        "Company,Contact\nGlobex,Dana Ortiz\nInitech,Bill Lum\n",
        "Company,Contact,,\nGlobex,Dana Ortiz,x,y\nInitech,Bill Lum,,\n",
        "Company,Company,Contact\nGlobex,Globex,Dana Ortiz\nInitech,Initech,Bill Lum\n",
    ],
)
def test_a_header_with_empty_or_repeated_columns_is_no_line_of_groups(text: str, tmp_path: Path) -> None:
    found = entries(written(tmp_path, "leads.csv", text))
    assert [(one.company.partition(";")[0], one.person) for one in found] == [
        ("Globex", "Dana Ortiz"), ("Initech", "Bill Lum"),
    ]  # fmt: skip


def test_a_last_post_called_status_is_no_decision() -> None:
    post = MappedColumn("Status", "", "the header is not known", ("Sunny today", "RT @dana"))
    word = MappedColumn("Status", "", "the header is not known", ("keep",))
    handle = MappedColumn("handle", "handle", "by its header", ("dana",))
    told = "decisions in it are left alone: followertui import decisions FILE brings them back"
    assert told not in losses("accounts", (handle, post))
    assert told in losses("accounts", (handle, word))


def as_halves(text: str) -> bytes:
    """UTF-8 as R and Java write it: both halves of a sign beyond the first 65,536 by themselves."""
    units = text.encode("utf-16-le")
    codes = (int.from_bytes(units[at : at + 2], "little") for at in range(0, len(units), 2))
    return b"".join(chr(code).encode("utf-8", "surrogatepass") for code in codes)


@pytest.mark.parametrize("name", ["followers.csv", "followers.json", "followers.jsonl"])
def test_signs_written_as_two_halves_are_read_as_the_signs_they_are(name: str, tmp_path: Path) -> None:
    bios = [f"{'é' * (n % 7)} from Köln 🇺🇸 {'x' * n} 🚀 ’quoted’" for n in range(1, 900)]
    rows = [{"screen_name": f"dana_{n}", "id": str(10**9 + n), "description": bio} for n, bio in enumerate(bios)]
    if name.endswith("csv"):
        text = "screen_name,id,description\n" + "".join(",".join(row.values()) + "\n" for row in rows)
    elif name.endswith("jsonl"):
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
    else:
        text = json.dumps(rows, ensure_ascii=False)
    path = tmp_path / name
    path.write_bytes(as_halves(text))
    seen = recognise(path)
    assert (seen.readings, seen.table is not None and seen.table.encoding.is_damaged) == ((), False)
    read = [one.bio or "" for one in people(path)]
    plain = str.maketrans(dict.fromkeys("🇺🇸🚀"))
    assert [bio.translate(plain).split() for bio in read] == [bio.translate(plain).split() for bio in bios]
    # A sign cut by the end of a piece of the file may be lost, alone.
    assert sum(bio == told.strip() for bio, told in zip(read, bios, strict=True)) > 880


def test_bytes_broken_besides_are_told(tmp_path: Path) -> None:
    path = tmp_path / "followers.csv"
    path.write_bytes(
        as_halves("screen_name,id,description\ndana,1234567,Köln 🚀 über é è ü ö ä\nomar,2345678,a") + b"\xff\n"
    )
    table = recognise(path).table
    assert table is not None
    assert table.encoding.is_damaged
    assert [one.handle for one in people(path)] == ["dana", "omar"]


def node(number: int, name: str = "") -> dict[str, object]:
    properties = {"screen_name": name or f"user_{number}", "id": 10**8 + number, "name": f"User {number}"}
    return {"type": "node", "id": str(number), "labels": ["User"], "properties": properties}


def follows(start: int, end: int, called: str = "FOLLOWS") -> dict[str, object]:
    ends = {"start": {"id": str(start), "labels": ["User"]}, "end": {"id": str(end), "labels": ["User"]}}
    return {"type": "relationship", "id": f"{start}-{end}", "label": called, **ends}


NODES = [node(0, "acme"), *map(node, range(1, 9))]
BROWSER = [
    {
        "u": {"identity": n, "labels": ["User"], "properties": {"screen_name": f"user_{n}"}},
        "r": {"identity": n, "start": n, "end": 0, "type": "FOLLOWS", "properties": {}},
        "o": {"identity": 0, "labels": ["User"], "properties": {"screen_name": "acme"}},
    }
    for n in (1, 2, 3)
]
TO_US = [follows(n, 0) for n in (1, 2, 3)]
DUMPS = {
    "lines": [*NODES, *TO_US],
    "lines, relations first": [*TO_US, *NODES],
    "an array": [[*NODES, *TO_US]],
    "a document": [{"nodes": NODES, "rels": TO_US}],
    "said from the other side": [*NODES, *(follows(0, n, "FOLLOWED_BY") for n in (1, 2, 3))],
    "saved from the browser": [BROWSER],
    "lines of the browser": BROWSER,
}


@pytest.mark.parametrize("case", DUMPS)
def test_a_graph_of_one_owner_is_the_owners_followers(case: str, tmp_path: Path) -> None:
    path = written(tmp_path, "dump.json", "".join(json.dumps(value) + "\n" for value in DUMPS[case]))
    seen = recognise(path)
    assert (seen.what in ("accounts", "handles"), seen.relation) == (True, "follower")
    assert "acme" in seen.own_names
    assert [one.handle for one in people(path)] == ["user_1", "user_2", "user_3"]


def test_a_graph_with_both_directions_is_two_lists(tmp_path: Path) -> None:
    dump = [*NODES, *TO_US, follows(0, 3), follows(0, 4)]
    seen = recognise(written(tmp_path, "dump.jsonl", "".join(json.dumps(value) + "\n" for value in dump)))
    assert (seen.relation, seen.has_both_lists) == ("both", True)
    read = {
        direction: [one.handle for one in read_accounts(seen.path, only=direction) if isinstance(one, AccountRecord)]
        for direction in ("follower", "following")
    }
    assert read == {"follower": ["user_1", "user_2", "user_3"], "following": ["user_3", "user_4"]}


def test_a_graph_of_several_owners_asks_whose_list_is_ours(tmp_path: Path) -> None:
    nodes = [node(0, "acme"), node(1, "beta"), *map(node, range(2, 20))]
    dump = [*nodes, *(follows(n, 0) for n in range(2, 9)), *(follows(n, 1) for n in range(9, 20))]
    path = written(tmp_path, "dump.jsonl", "".join(json.dumps(value) + "\n" for value in dump))
    seen = recognise(path, is_through=True)
    assert set(seen.owners) == {"@acme", "@beta"}
    ours = [one for one in read_accounts(seen.path, owner="acme") if isinstance(one, AccountRecord)]
    assert [one.handle for one in ours] == [f"user_{n}" for n in range(2, 9)]


def test_a_graph_without_follows_is_read_as_it_stands(tmp_path: Path) -> None:
    dump = [*NODES[1:4], follows(1, 2, "MENTIONS")]
    path = written(tmp_path, "dump.jsonl", "".join(json.dumps(value) + "\n" for value in dump))
    assert [one.handle for one in people(path)] == ["user_1", "user_2", "user_3"]


def test_a_graph_in_one_table_says_how_to_save_it(tmp_path: Path) -> None:
    head = '"_id","_labels","id","screen_name","_start","_end","_type"\n'
    nodes = "".join(f'"{n}",":User","10000000{n}","user_{n}",,,\n' for n in ROWS)
    seen = recognise(written(tmp_path, "all.csv", head + nodes + ',,,,"1","2","FOLLOWS"\n'))
    assert (seen.what, seen.notes) == ("unknown", (GRAPH,))


def test_columns_with_the_types_of_neo4j_are_read(tmp_path: Path) -> None:
    rows = "".join(f"10000000{n},user_{n},{n},User\n" for n in ROWS)
    path = written(tmp_path, "users.csv", f"id:ID(User),screen_name:string,followers:int,:LABEL\n{rows}")
    assert [(one.x_id, one.handle, one.followers) for one in people(path)][:2] == [
        (100000001, "user_1", 1),
        (100000002, "user_2", 2),
    ]
