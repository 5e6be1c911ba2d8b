"""Outcome files of web analytics and forms: joined to accounts and to links of the shelf, never to strangers."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from importing_bench import Bench, accounts

from followertui.services.intake import inspecting
from followertui.services.intake.values import ImportChoices, ImportReport
from followertui.store.decisions import shelf

GA4 = """# ----------------------------------------
# Traffic acquisition: Session source / medium
# Start date: 20261001
# End date: 20261031
# ----------------------------------------
Date,Session source / medium,Session campaign,Session manual ad content,Sessions,Engaged sessions
20261003,x / social,customer,shelf-1,41,20
20261003,x / social,customer,shelf-1,2,1
20261004,x / social,prospect,shelf-1,7,2
20261004,google / organic,(organic),(not set),900,2
20261004,google / cpc,customer,shelf-1,900,2
20261005,x / social,customer,shelf-99,3,2
"""
"""Source: the CSV download of GA4's reports (support.google.com/analytics/answer/9317657), with their # lines."""

MATOMO = """Date,Campaign Name,Campaign Source,Campaign Medium,Campaign Content,Campaign Keyword,Visits,Actions
2026-10-03,customer,x,social,shelf-2,,12,30
2026-10-03,prospect,x,social,shelf-2,dana,2,3
2026-10-03,prospect,x,social,shelf-2,eve,5,3
"""

HUBSPOT = """First Name,Last Name,Email,Conversion Date,Conversion Page
Dana,Ortiz,d.ortiz@nowhere.example,2026-10-03 11:22,https://a.example/d?utm_source=x&utm_content=shelf-2&utm_term=dana
Jo,Doe,jo@gmail.com,2026-10-04 09:00,https://a.example/d?utm_source=x&utm_content=shelf-1&utm_campaign=press
Ann,Lee,ann@gmail.com,2026-10-04 09:00,https://a.example/d?gclid=1
"""

TYPEFORM = """#,What's your name?,Email,utm_source,utm_content,utm_term,Start Date (UTC),Submit Date (UTC),Network ID
a1,Dana,d.ortiz@nowhere.example,x,shelf-2,@Dana,2026-10-03 11:20:00,2026-10-03 11:22:00,aa
a2,Jo,jo@gmail.com,google,shelf-2,dana,2026-10-04 09:00:00,2026-10-04 09:01:00,bb
"""


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    """Two accounts and two links, the second of which was offered to one of them."""
    made = Bench(tmp_path)
    made.records(accounts("dana", "eve"), 100)
    with made.store.write() as con:
        for number in (1, 2):
            con.execute(
                "INSERT INTO shelf VALUES (?, ?, 'A', '', '[]', '[]', '', NULL, NULL, '', 5, NULL)",
                [number, f"https://a.example/{number}"],
            )
        row = con.execute("SELECT row FROM account WHERE handle = 'dana'").fetchone()[0]
        con.execute("INSERT INTO sent VALUES (?, 5, 'offer', 'text', 'key', 2, '', 'mine', 'me')", [row])
    return made


def bring(bench: Bench, name: str, text: str) -> ImportReport:
    path = bench.folder / name
    path.write_text(text, encoding="utf-8")
    look = inspecting.plan_import(bench.store, str(path), ImportChoices())
    return bench.bring(path, **({} if look.what == "outcomes" else {"what": "outcomes"}))


def came_by_link(bench: Bench) -> dict[tuple[int, str], dict[str, int]]:
    found = shelf.results(bench.store)
    return {(number, kind): times for number, by_kind in found.items() for kind, times in by_kind.items()}


def happened(bench: Bench) -> list[tuple[str, str, str, str]]:
    found = bench.store.con.execute(
        "SELECT handle, kind, at, reference FROM interaction_now JOIN account USING (row) ORDER BY 1, 2, 3"
    )
    return [(who, kind, f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d}", said) for who, kind, at, said in found]


def test_sessions_of_web_analytics_are_of_the_link_and_of_nobody(bench: Bench) -> None:
    report = bring(bench, "ga4.csv", GA4)
    assert report.notes == ("50 visits by 1 link of the shelf",)
    assert came_by_link(bench) == {(1, "customer"): {"visit": 43}, (1, "prospect"): {"visit": 7}}
    assert happened(bench) == []
    assert (report.read, report.refused) == (6, 3)
    reasons = {line[0] for line in bench.store.con.execute("SELECT reason FROM refused_row")}
    assert reasons == {
        "no link with this number is on the shelf",
        "names no one: no handle, id, e-mail or domain",
    }


def test_a_later_export_counts_once_and_undo_takes_it_back(bench: Bench) -> None:
    bring(bench, "ga4.csv", GA4)
    bring(bench, "again.csv", GA4.replace(",41,", ",50,").replace("20261004,x", "20261006,x"))
    assert came_by_link(bench) == {(1, "customer"): {"visit": 52}, (1, "prospect"): {"visit": 14}}
    bench.undo()
    assert came_by_link(bench) == {(1, "customer"): {"visit": 43}, (1, "prospect"): {"visit": 7}}
    bench.redo()
    assert came_by_link(bench)[1, "customer"] == {"visit": 52}


def test_a_link_that_names_whom_it_was_offered_to_joins_that_account_alone(bench: Bench) -> None:
    """Eve's handle stands in an address too, but nobody ever offered her that link."""
    bring(bench, "matomo.csv", MATOMO)
    assert happened(bench) == [("dana", "visit", "2026-10-03", "2 visits")]
    assert came_by_link(bench) == {(2, "customer"): {"visit": 12}, (2, "prospect"): {"visit": 7}}


def test_a_form_with_the_page_it_was_sent_from(bench: Bench) -> None:
    report = bring(bench, "hubspot.csv", HUBSPOT)
    assert happened(bench) == [("dana", "registration", "2026-10-03", "")]
    assert came_by_link(bench) == {(1, "press"): {"registration": 1}, (2, ""): {"registration": 1}}
    assert report.refused == 1, "who came by an ad and is known by free mail alone is a stranger"


def test_a_form_with_hidden_fields(bench: Bench) -> None:
    bring(bench, "typeform.csv", TYPEFORM)
    assert happened(bench) == [("dana", "registration", "2026-10-03", "")]
    assert came_by_link(bench) == {(2, ""): {"registration": 1}}, "another source's campaign is none of ours"


@pytest.mark.parametrize("text", [GA4, MATOMO, TYPEFORM])
def test_they_are_recognised(bench: Bench, text: str) -> None:
    path = bench.folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    look = inspecting.plan_import(bench.store, str(path), ImportChoices())
    assert (look.what, look.questions) == ("outcomes", ())


ABROAD = {
    "de": ("Datum;Impressionen;Neue Follower;Entfolgungen;Profilbesuche", "03.10.2026", ";"),
    "fr": ("Date,Impressions,Nouveaux abonnements,Désabonnements,Visites du profil", '"sam., 3 oct. 2026"', ","),
    "es": ("Fecha,Impresiones,Nuevos seguidores,Dejaron de seguir,Visitas al perfil", "3 de octubre de 2026", ","),
    "ja": ("日付,インプレッション,新しいフォロワー,フォロー解除,プロフィールへのアクセス", "2026年10月3日", ","),
    "en": ("Day,Impressions,New followers,Unfollows,Profile visits", '"Sat, Oct 3, 2026"', ","),
    "compact": ("date,impressions,new follows,unfollows,profile visits", "20261003", ","),
}


@pytest.mark.parametrize("tongue", ABROAD)
def test_account_analytics_of_other_tongues(bench: Bench, tongue: str) -> None:
    header, day, comma = ABROAD[tongue]
    path = bench.folder / "overview.csv"
    path.write_text(f"{header}\n{comma.join((day, '900', '5', '3', '70'))}\n", encoding="utf-8")
    look = inspecting.plan_import(bench.store, str(path), ImportChoices())
    assert (look.what, look.questions) == ("analytics", ())
    bench.bring(path)
    found = bench.store.con.execute("SELECT day, new_follows, unfollows, profile_visits, impressions FROM account_day")
    assert found.fetchall() == [(int(datetime(2026, 10, 3, tzinfo=UTC).timestamp()), 5, 3, 70, 900)]
