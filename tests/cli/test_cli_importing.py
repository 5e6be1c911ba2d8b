"""Bringing files in from the command line: what is said, asked, remembered, taken back."""

from __future__ import annotations

import csv
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from command_line import CRM, LIST, STAGES, Call, rows, write_rows

sys.path.insert(0, str(Path(__file__).parents[1] / "sources"))

from workbook_files import write_workbook


def test_a_dry_run_shows_columns_kinds_and_what_is_missing(call: Call, store: Path, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "crm.csv", CRM, STAGES)
    before = rows(store, "SELECT count(*) FROM import_run")
    plain = call("import", "--dry-run", str(path))
    assert plain.code == 0
    assert "Company Domain Name  domain" in plain.out
    assert 'each row\'s kind may be in "Lifecycle Stage"' in plain.out
    assert "still to say: --kind or --kind-from, --basis" in plain.out
    told = call("import", "list", str(path), "--kind-from", "lifecycle stage", *LIST, "--dry-run")
    assert "Customer -> customer: 1" in told.err
    assert "Lead -> prospect: 1" in told.err
    assert "Other -> no kind: compared, not counted: 1" in told.err
    assert rows(store, "SELECT count(*) FROM import_run") == before


def test_kinds_come_from_a_column_and_the_list_s_kind_where_it_says_nothing(
    call: Call, store: Path, tmp_path: Path
) -> None:
    path = write_rows(tmp_path / "crm.csv", CRM, STAGES)
    done = call("import", "list", str(path), "--kind-from", "Lifecycle Stage", "--kind", "partner", *LIST)
    assert done.code == 0
    assert "Other -> partner (as --kind): 1" in done.err
    found = rows(
        store,
        "SELECT company, coalesce(e.kind, l.kind) FROM entry e JOIN list l ON l.id = list_id "
        "WHERE l.name = 'CRM' ORDER BY line",
    )
    assert [kind for _, kind in found] == ["customer", "prospect", "customer", "partner", "partner"]


def test_a_mapping_is_remembered_for_its_shape_of_file(call: Call, store: Path, tmp_path: Path) -> None:
    head = ("Wer", "Wo")
    one = write_rows(tmp_path / "one.csv", head, (("Acme", "Bonn"), ("Globex", "Ulm")))
    other = write_rows(tmp_path / "other.csv", head, (("Initech", "Rom"),))
    said = ("--kind", "customer", "--basis", "own-records")
    refused = call("import", "list", str(one), *said)
    assert refused.code == 1
    assert "--map COLUMN=company" in refused.err
    assert call("import", "list", str(one), *said, "--map", "wer=company", "--map", "Wo=city").code == 0
    assert call("import", "list", str(other), *said).code == 0
    assert rows(store, "SELECT company FROM entry WHERE company = 'Initech' AND data LIKE '%Rom%'")
    misspelt = call("import", "list", str(other), *said, "--map", "Wers=company")
    assert misspelt.code == 1
    assert "did you mean 'Wer'" in misspelt.err


def test_what_is_left_out_is_written_with_reasons(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("id,username,followers\n1.25E+18,anna,5\n7,bert,many\n,,9\n", encoding="utf-8")
    for more in (("--dry-run",), ()):
        target = tmp_path / f"left-out{len(more)}.csv"
        done = call("import", "accounts", str(path), "--relation", "none", "--problems", str(target), *more)
        assert done.code == 0
        with target.open(encoding="utf-8-sig") as file:
            found = list(csv.DictReader(file))
        assert [(line["line"], line["column"], line["row"]) for line in found] == [
            ("2", "id", "taken"), ("3", "followers", "taken"), ("4", "", "left out"),
        ]  # fmt: skip


def test_a_newer_list_marks_what_left_it(call: Call, tmp_path: Path) -> None:
    said = ("--kind", "customer", "--name", "Deals", "--basis", "own-records")
    head = ("Company", "Website")
    one = write_rows(tmp_path / "a.csv", head, (("Acme", "acme.example"), ("Hooli", "hooli.example")))
    two = write_rows(tmp_path / "b.csv", head, (("Acme", "acme.example"), ("Pied", "pied.example")))
    call("import", "list", str(one), *said, "--as-of", "2026-11-01")
    newer = call("import", "list", str(two), *said, "--as-of", "2026-11-08")
    assert "no longer on this list: 1 entry" in newer.err
    info = next(one for one in call("lists", "--json").json if one["name"] == "Deals")
    assert (info["entries"], info["left"]) == (2, 1)
    call("undo")
    info = next(one for one in call("lists", "--json").json if one["name"] == "Deals")
    assert (info["entries"], info["left"]) == (2, 0)
    call("redo")
    info = next(one for one in call("lists", "--json").json if one["name"] == "Deals")
    assert (info["entries"], info["left"]) == (2, 1)


def test_people_follow_the_basis_of_their_list(call: Call, tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "people.csv",
        ("First Name", "Last Name", "Company", "X Handle"),
        (("Dana", "Ortiz", "Globex GmbH", "dana_ortiz"),),
    )
    call("import", "list", str(path), "--kind", "prospect", "--name", "Bought", "--basis", "third-party")
    people = [m for m in call("matches", "--json").json if m["list"] == "Bought" and m["handle"] == "dana_ortiz"]
    assert not [m for m in people if m["relation"] == "is"]
    changed = call("lists", "basis", "bought", "own-records")
    assert changed.code == 0
    assert 'list "Bought": basis third-party -> own-records' in changed.err
    assert [
        m["entity"]["type"]
        for m in call("matches", "--json").json
        if m["list"] == "Bought" and m["handle"] == "dana_ortiz" and m["relation"] == "is"
    ] == ["person"]
    assert any("third-party -> own-records" in line["text"] for line in call("journal", "--json").json)
    assert call("lists", "basis", "Bought", "own-records").code == 4
    call("undo")
    assert next(one for one in call("lists", "--json").json if one["name"] == "Bought")["basis"] == "third-party"
    call("match")
    assert not [
        m for m in call("matches", "--json").json
        if m["list"] == "Bought" and m["handle"] == "dana_ortiz" and m["relation"] == "is"
    ]  # fmt: skip


def test_a_dropped_list_comes_back_with_undo(call: Call) -> None:
    assert call("lists", "drop", "Customers").code == 0
    assert call("lists", "--json").json == []
    assert 'list "Customers" dropped' in call("undo").err
    assert [one["name"] for one in call("lists", "--json").json] == ["Customers"]


LOG = ("Handle", "Date", "Channel", "Notes")


def test_a_contact_log_guards_whom_it_names(call: Call, store: Path, tmp_path: Path) -> None:
    path = write_rows(
        tmp_path / "contacts.csv",
        LOG,
        (
            ("@OldFriend", "2026-11-20", "DM", "asked about \x1b[31mprices"),
            ("x8271628192", "2026-01-02", "Call", "long ago"),
            ("nobody_here", "2026-11-20", "Call", ""),
            ("freightnews", "some day", "Call", ""),
        ),
    )
    look = call("import", "--dry-run", str(path))
    assert "contact log" in look.err
    done = call("import", str(path))
    assert done.code == 0, done.err
    assert "4 read, 2 added, 2 refused" in done.err
    assert "no known account" in done.err
    kept = rows(store, "SELECT kind, reference FROM interaction ORDER BY at DESC")
    assert kept == [("message", "DM: asked about prices"), ("contact", "Call: long ago")]
    guarded = call("accounts", "is:guarded is:leader", "--csv").out
    assert "oldfriend" in guarded
    assert call("import", str(path)).err.count("nothing changed") == 1
    call("undo")
    assert "oldfriend" not in call("accounts", "is:guarded is:leader", "--csv").out
    call("redo")
    assert "oldfriend" in call("accounts", "is:guarded is:leader", "--csv").out
    assert "message (contact log" in call("show", "oldfriend").out


@pytest.mark.parametrize(
    ("head", "lines", "kept"),
    [
        (
            ("Email", "Event", "Date", "Page"),
            (("kim@globexparts.com", "Page view", "2026-11-01", "/pricing"),
             ("bo@gmail.com", "Download", "2026-11-02", ""),
             ("kim@globexparts.com", "Downloaded whitepaper", "2026-11-03", "Guide"),
             ("kim@globexparts.com", "Coffee", "2026-11-03", "")),
            [("visit", "/pricing"), ("download", "Guide")],
        ),
        (
            ("Company domain", "Visits", "Downloads", "Registrations"),
            (("www.globexparts.com", "12", "0", "1"), ("unknown.example", "3", "", "")),
            [("registration", "1 registration"), ("visit", "12 visits")],
        ),
    ],
)  # fmt: skip
def test_outcomes_are_joined_and_the_rest_is_named(
    call: Call, store: Path, tmp_path: Path, head: tuple[str, ...], lines: tuple[tuple[str, ...], ...],
    kept: list[tuple[str, str]],
) -> None:  # fmt: skip
    parts = write_rows(
        tmp_path / "parts.csv",
        ("id", "username", "url", "followers"),
        (("7", "parts", "https://globexparts.com", "4"),),
    )
    assert call("import", "accounts", str(parts), "--relation", "none").code == 0
    path = write_rows(tmp_path / "visits.csv", head, lines)
    assert "outcomes" in call("import", "--dry-run", str(path)).err
    done = call("import", "outcomes", str(path))
    assert done.code == 0, done.err
    assert rows(store, "SELECT kind, reference FROM interaction ORDER BY at, kind") == kept
    assert "no known account" in done.err or "names no one" in done.err
    assert rows(store, "SELECT DISTINCT handle FROM interaction JOIN account USING (row)") == [("parts",)]
    assert "oldfriend" not in call("accounts", "is:guarded", "--csv").out


def test_a_log_without_a_who_or_a_when_is_refused_with_the_way_out(call: Call, tmp_path: Path) -> None:
    path = write_rows(tmp_path / "log.csv", ("Was", "Wann"), (("anna", "2026-11-01"),))
    refused = call("import", "contacts", str(path))
    assert refused.code == 1
    assert "--map COLUMN=handle" in refused.err
    named = ("--map", "Was=handle", "--map", "Wann=date")
    assert "1 refused" in call("import", "contacts", str(path), *named).err


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("followertui im", {"import"}),
        ("followertui import l", {"list", "log"}),
        ("followertui import /tm", {"/tm"}),
        ("followertui import one.csv tw", {"tw"}),
        ("followertui import list --ki", {"--kind", "--kind-from"}),
        ("followertui lists basis Customers pub", {"public-directory"}),
    ],
)
def test_the_shell_completes(words: str, offered: set[str]) -> None:
    from click.shell_completion import ShellComplete

    from followertui.cli.main import cli

    *before, last = words.split()
    found = ShellComplete(cli, {}, "followertui", "_FOLLOWERTUI_COMPLETE").get_completions(before[1:], last)
    assert offered <= {item.value for item in found} <= {*offered, last}


def test_completion_has_its_topic(call: Call) -> None:
    assert "_FOLLOWERTUI_COMPLETE=zsh_source" in call("help", "completion").out


def test_one_sheet_of_a_workbook(call: Call, store: Path, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    sheets = {"Notes": [["Read me"], ["nothing here"]], "Firms": [["Company", "Website"], ["Acme", "acme.example"]]}
    write_workbook(path, sheets)
    said = ("--kind", "customer", "--name", "Book", "--basis", "own-records")
    assert call("import", "list", str(path), *said, "--sheet", "Firms").code == 0
    assert rows(store, "SELECT company FROM entry JOIN list l ON l.id = list_id WHERE l.name = 'Book'") == [("Acme",)]
    wrong = call("import", "list", str(path), *said, "--sheet", "Firmz")
    assert wrong.code == 1
    assert "Firms" in wrong.err


def test_a_person_is_asked_only_what_the_file_does_not_say(
    call: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_rows(tmp_path / "crm.csv", CRM, STAGES)
    asked: list[str] = []
    answers = {"Who are they": "column", "": 1}

    def prompt(text: str, **more: object) -> object:
        asked.append(text)
        return next(answer for start, answer in answers.items() if text.startswith(start))

    monkeypatch.setattr("click.prompt", prompt)
    monkeypatch.setattr("followertui.cli.asking.is_interactive", lambda: True)
    done = call("import", str(path))
    assert done.code == 0
    assert len(asked) == 2, "the list is named after its file"
    assert "read: Record ID = crm_id, Company name = company" in done.err
    assert "Lead -> prospect: 1" in done.err
    assert rows(store, "SELECT count(*) FROM entry e JOIN list l ON l.id = list_id WHERE l.name = 'CRM'") == [(5,)]


def test_ids_alone_are_told_with_the_ways_to_their_names(fresh: Call, tmp_path: Path) -> None:
    ids = tmp_path / "followers.csv"
    ids.write_text("id\n" + "\n".join(str(1_000_000 + n) for n in range(30)) + "\n", encoding="utf-8")
    done = fresh("import", "accounts", str(ids), "--relation", "follower", "--complete")
    assert "30 known by id only" in done.err
    assert "30 accounts known by id only: bring a browser exporter's file" in done.err
    shown = fresh("show", "1000007").out
    assert shown.startswith("id 1000007  ")
    assert "looking 30 ids up through X's API (:names): about $0.30" in shown


def test_a_doubtful_encoding_is_asked_in_a_terminal_and_named_in_a_script(call: Call, tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes("Company,City\r\nAcme,Köln\r\n".encode("mac_roman"))
    said = ("import", "list", str(path), "--kind", "customer", "--name", "Firms", "--basis", "own-records")
    refused = call(*said)
    assert refused.code == 1
    assert "its encoding is not certain; say --encoding mac_roman (Köln) or" in refused.err
    shown = call(*said, "--dry-run")
    assert "still to say: --encoding" in shown.out
    assert "mac_roman (Western, Mac): Köln" in shown.err
    assert call(*said, "--encoding", "klingon").err.count("no encoding is called that") == 1
    taken = call(*said, "--encoding", "macintosh")
    assert taken.code == 0
    assert "read as Western, Mac (mac_roman)" in taken.err
    again = call(*said, "--encoding", "cp1252")
    assert again.code == 0
    assert "1 read" in again.err


def test_dates_of_two_readings_stop_a_script_and_are_asked_in_a_terminal(
    call: Call, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    head = ("id", "username", "description", "created_at")
    path = write_rows(tmp_path / "followers.csv", head, [("700001", "ann_x", "hi", "03/04/2012")])
    said = call("import", "accounts", str(path), "--partial")
    assert said.code == 1
    assert (
        'say --dates day-first or month-first ("03/04/2012" in column "created_at" is 3 April 2012 or 4 March 2012)'
        in said.err
    )
    assert rows(store, "SELECT count(*) FROM account WHERE handle = 'ann_x'") == [(0,)]
    tried = call("import", "accounts", str(path), "--partial", "--dry-run")
    assert tried.code == 0
    assert "still to say: --dates day-first or month-first" in tried.out
    asked: list[str] = []
    monkeypatch.setattr("click.prompt", lambda text, **_: asked.append(text) or 2)
    monkeypatch.setattr("followertui.cli.asking.is_interactive", lambda: True)
    done = call("import", "accounts", str(path), "--partial")
    assert done.code == 0, done.err
    assert len(asked) == 1
    march = int(datetime(2012, 3, 4, tzinfo=UTC).timestamp())
    assert rows(store, "SELECT created_at FROM account WHERE handle = 'ann_x'") == [(march,)]


def test_a_script_says_how_dates_are_written_and_no_date_asks_nothing(call: Call, store: Path, tmp_path: Path) -> None:
    head = ("id", "username", "description", "created_at")
    path = write_rows(tmp_path / "followers.csv", head, [("700001", "ann_x", "hi", "03/04/2012")])
    assert call("import", "accounts", str(path), "--partial", "--dates", "day-first").code == 0
    april = int(datetime(2012, 4, 3, tzinfo=UTC).timestamp())
    assert rows(store, "SELECT created_at FROM account WHERE handle = 'ann_x'") == [(april,)]
    log = write_rows(tmp_path / "calls.csv", ("handle", "contacted at", "channel"), [("globex", "03/04/2026", "call")])
    assert "say --dates" in call("import", "contacts", str(log)).err
    assert call("import", "contacts", str(log), "--dates", "day-first").code == 0
    april = int(datetime(2026, 4, 3, tzinfo=UTC).timestamp())
    assert rows(store, "SELECT at FROM interaction WHERE kind = 'contact'") == [(april,)]
    same = write_rows(tmp_path / "same.csv", head, [("700002", "bo_x", "hi", "04/04/2012")])
    assert call("import", "accounts", str(same), "--relation", "follower", "--partial").code == 0
    left = write_rows(tmp_path / "left.csv", (*head[:3], "renewal"), [("700003", "cy_x", "hi", "03/04/2012")])
    assert call("import", "accounts", str(left), "--relation", "follower", "--partial").code == 0


def test_a_file_that_is_one_account_again_and_again_stops_and_nothing_is_kept(
    call: Call, store: Path, tmp_path: Path
) -> None:
    known = rows(store, "SELECT count(*) FROM account")
    pairs = [("someone_else", f"note {n}", str(n)) for n in range(40)]
    path = write_rows(tmp_path / "followers.csv", ("screen_name", "bio", "likes"), pairs)
    said = call("import", "accounts", str(path), "--partial", "--map", "screen_name=handle")
    assert said.code == 1
    assert "the first 40 rows are only 1 account" in said.err
    assert rows(store, "SELECT count(*) FROM account") == known
    fine = write_rows(
        tmp_path / "followers.csv", ("screen_name", "bio", "likes"), [(f"u{n % 8}", "", "") for n in range(40)]
    )
    assert call("import", "accounts", str(fine), "--partial", "--map", "screen_name=handle").code == 0


def test_an_import_says_how_to_say_who_we_are_until_it_is_said(call: Call, tmp_path: Path) -> None:
    def imported(number: int) -> str:
        path = tmp_path / f"people{number}.csv"
        path.write_text(f"id,screen_name,bio\n{10**9 + number},person_{number},hello\n")
        return call("import", "accounts", str(path), "--relation", "none").err

    call("about", "--set", "names=", "--set", "domains=", "--set", "market=")
    assert "followertui about --set names=... says who you are" in imported(1)
    call("about", "--set", "names=Acme")
    assert "says who you are" not in imported(2)
