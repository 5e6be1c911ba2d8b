"""The real files, where they are present: what is read equals an independent count."""

import csv
import json
import re
from pathlib import Path

import pytest
from one_by_one import read_accounts, read_archive, read_list

from followertui.domain.account import AccountRecord
from followertui.domain.lists import ListEntry
from followertui.sources.archives import inspect_archive
from followertui.sources.recognising import recognise

DATA = Path(__file__).parents[3] / "shared" / "data"
pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data is not here")

ACCOUNT_TABLES = [
    "ai-influencers-2026/ai_influencers.csv",
    "bots-cresci2015/users.csv",
    "bots-multilingual/users.csv",
    "bots-nyu/users.csv",
    "bots-nyu/unlabelled_test_users.csv",
    "following-okeneo/following.csv",
    "match-benchmark/accounts.csv",
]
LISTS = {
    "companies-landscape/landscape_items.csv": {"name": "company", "homepage_url": "domain", "handle": "handle"},
    "companies-fortune1000/fortune1000.csv": {"company": "company", "Website": "domain", "city": "city"},
    "companies-sec-tickers/company_tickers.csv": {"title": "company", "cik_str": "crm_id"},
    "companies-gleif-legal-names/gleif_legal_names.csv": {"Entity.LegalName": "company", "LEI": "crm_id"},
    "companies-sp500-profiles/companies_with_x_profile.csv": {"company": "company", "website": "domain"},
    "conference-speakers/speakers.csv": {"name": "person", "company": "company", "title": "title", "handle": "handle"},
    "linkedin-connections/connections.csv": {"Company": "company", "Position": "title"},
    "crm-accounts/accounts.csv": {"account": "company"},
    "newspapers/newspapers.csv": {"Name": "company", "Website": "domain", "Twitter_Name": "handle"},
    "match-benchmark/lists/companies_enterprise.csv": {"company": "company", "domain": "domain", "country": "country"},
    "match-benchmark/lists/companies_tech.csv": {"company": "company", "website": "domain"},
    "match-benchmark/lists/organisations_newspapers.csv": {"company": "company", "domain": "domain"},
    "match-benchmark/lists/people_legislators.csv": {"first_name": "first_name", "suffix": "suffix", "title": "title"},
    "match-benchmark/lists/people_politicians.csv": {"full_name": "person"},
    "match-benchmark/lists/people_speakers.csv": {"full_name": "person", "company": "company", "country": "country"},
}


def rows_by_hand(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("name", ACCOUNT_TABLES)
def test_every_account_row_is_taken_or_named(name):
    path = DATA / name
    assert recognise(path).what == "accounts"
    found = list(read_accounts(path))
    records = [one for one in found if isinstance(one, AccountRecord)]
    refused = [one for one in found if not isinstance(one, AccountRecord) and one.is_refused]
    assert len(records) + len(refused) == len(rows_by_hand(path))
    assert len(refused) <= 1


@pytest.mark.parametrize("name", LISTS)
def test_lists_are_mapped_without_a_flag_and_counted(name):
    path = DATA / name
    recognised = recognise(path)
    assert recognised.what == "list"
    mapped = {guess.column: guess.field for guess in recognised.columns}
    assert {column: mapped[column] for column in LISTS[name]} == LISTS[name]
    found = list(read_list(path))
    entries = [one for one in found if isinstance(one, ListEntry)]
    refused = [one for one in found if not isinstance(one, ListEntry) and one.is_refused]
    assert len(entries) + len(refused) == len(rows_by_hand(path))
    assert len(refused) <= len(entries) * 0.05


@pytest.mark.parametrize("path", sorted(DATA.glob("following-okeneo/raw/*.txt")), ids=lambda path: path.name)
def test_raw_lists_of_accounts_followed(path):
    text = path.read_text(encoding="cp1252", errors="replace")
    assert recognise(path).relation == "following"
    records = [one for one in read_accounts(path) if isinstance(one, AccountRecord)]
    assert len(records) == len(json.loads(text)["following"])
    assert all(record.x_id and record.handle and record.we_follow == 1 for record in records)


def test_v2_objects_with_missing_keys():
    path = DATA / "export-v2-following" / "following.json"
    users = json.loads(path.read_text(encoding="utf-8"))
    records = [one for one in read_accounts(path) if isinstance(one, AccountRecord)]
    assert [record.x_id for record in records] == [int(user["id"]) for user in users]
    places = sum(user.get("location", "undefined") not in ("", "undefined") for user in users)
    assert sum(record.location is not None for record in records) == places


@pytest.mark.parametrize("name", ["organisation-2021", "empty-2022"])
def test_archives(name):
    folder = DATA / "x-archives" / name
    found = inspect_archive(folder)
    assert found.own_id
    assert found.own_handle
    for direction in ("follower", "following"):
        text = (folder / "data" / f"{direction}.js").read_text(encoding="utf-8")
        ids = [int(one) for one in re.findall(r'"accountId" : "(\d+)"', text)]
        assert [one.x_id for one in read_archive(folder, direction)] == ids


def test_ids_ruined_by_a_spreadsheet_are_never_taken():
    path = DATA / "bots-nyu" / "users.csv"
    raw = {row["id_str"] for row in rows_by_hand(path) if row["id_str"].isdigit()}
    records = [one for one in read_accounts(path) if isinstance(one, AccountRecord)]
    assert {str(one.x_id) for one in records if one.x_id} <= raw
    assert sum(one.x_id is None for one in records) > 200
