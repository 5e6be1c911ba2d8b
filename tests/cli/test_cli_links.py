"""What analytics and form exports tell of links of the shelf, from the file to the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Call

GA4 = """# ----------------------------------------
# Traffic acquisition: Session manual ad content
# Acme - GA4
# 20261101-20261107
# ----------------------------------------
Date,Session manual ad content,Session campaign,Sessions
20261103,shelf-1,prospect,12
20261104,shelf-1,prospect,3
20261104,shelf-1,customer,5
20261104,spring-sale,(organic),40
20261105,shelf-9,prospect,2
"""
FORM = (
    "Submitted,Email,Event,Landing page\n"
    "2026-11-05 10:00,stranger@nowhere.example,Form submission,"
    "https://acme.example/freight?utm_source=x&utm_campaign=prospect&utm_content=shelf-1\n"
    "2026-11-06 11:00,someone@private.example,Form submission,"
    "https://acme.example/freight?utm_content=shelf-1&utm_term=dana_ortiz\n"
    "2026-11-06 12:00,other@nowhere.example,Form submission,https://acme.example/\n"
)


@pytest.fixture
def shelved(call: Call) -> Call:
    added = call("shelf", "add", "https://acme.example/freight", "--title", "Freight guide")
    assert added.code == 0, added.err
    return call


def write(tmp_path: Path, name: str, text: str) -> str:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return str(path)


def by_link(call: Call) -> dict[str, int]:
    return dict(call("shelf", "list", "--json").json[0]["by_link"])


def test_sessions_of_an_analytics_export_count_for_the_link_and_its_kind(shelved: Call, tmp_path: Path) -> None:
    path = write(tmp_path, "ga4.csv", GA4)
    assert "outcomes" in shelved("import", "--dry-run", path).err
    done = shelved("import", "outcomes", path)
    assert done.code == 0, done.err
    assert "20 visits by 1 link of the shelf" in done.err
    assert "no link with this number is on the shelf" in done.err
    assert by_link(shelved) == {"visit": 20}
    [link] = shelved("report", "--json").json["links"]
    assert link["by_kind"] == {"customer": {"visit": 5}, "prospect": {"visit": 15}}
    assert "20 visits" in shelved("shelf", "list").out
    assert shelved("accounts", "outcome:visit", "--count").out.strip() == "0", "no person is told of"


def test_exports_that_overlap_count_a_day_once_and_undo_takes_one_back(shelved: Call, tmp_path: Path) -> None:
    shelved("import", "outcomes", write(tmp_path, "week1.csv", GA4))
    later = GA4.replace("20261104,shelf-1,prospect,3", "20261104,shelf-1,prospect,4") + "20261108,shelf-1,prospect,1\n"
    shelved("import", "outcomes", write(tmp_path, "week2.csv", later))
    assert by_link(shelved) == {"visit": 22}
    assert shelved("undo").code == 0
    assert by_link(shelved) == {"visit": 20}
    assert shelved("undo").code == 0
    assert by_link(shelved) == {}
    assert shelved("redo").code == 0
    assert by_link(shelved) == {"visit": 20}


def test_a_form_joins_who_opted_in_by_the_link_and_never_a_stranger(shelved: Call, tmp_path: Path) -> None:
    path = write(tmp_path, "form.csv", FORM)
    assert "outcomes" in shelved("import", "--dry-run", path).err
    offered = shelved("engage", "handle:@dana_ortiz", "--shelf", "1", "--done")
    assert offered.code == 0, offered.err
    done = shelved("import", "outcomes", path)
    assert done.code == 0, done.err
    assert by_link(shelved) == {"registration": 2}
    assert shelved("accounts", "outcome:registration", "--csv").out.count("dana_ortiz") == 1
    assert shelved("accounts", "outcome:registration", "--count").out.strip() == "1"
    assert "refused 1: no known account" in done.err
    store = next(tmp_path.rglob("*.db"))
    assert b"stranger@nowhere" not in store.read_bytes()


def test_a_link_somebody_came_by_is_dropped_and_not_forgotten(shelved: Call, tmp_path: Path) -> None:
    shelved("import", "outcomes", write(tmp_path, "ga4.csv", GA4))
    assert shelved("shelf", "drop", "1").code == 0
    [link] = shelved("report", "--json").json["links"]
    assert (link["title"], link["by_kind"]["customer"]) == ("Freight guide", {"visit": 5})
    page = tmp_path / "report.html"
    assert shelved("report", "--html", str(page)).code == 0
    assert "What links brought" in page.read_text("utf-8")
