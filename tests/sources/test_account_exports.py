import json

import pytest
from one_by_one import read_accounts

from followertui.domain.account import AccountRecord
from followertui.domain.errors import BadInput
from followertui.sources.account_exports import read_account_batches
from followertui.sources.formats import inspect_table
from followertui.sources.problems import Problem
from followertui.sources.recognising import describe, recognise
from followertui.sources.text_files import look_at


def records_of(path, **options):
    return [one for one in read_accounts(path, **options) if isinstance(one, AccountRecord)]


def save(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


GRAPHQL = {
    "__typename": "User",
    "id": "VXNlcjox",
    "rest_id": "1349149096909668363",
    "core": {"screen_name": "anna", "name": "Anna &amp; Co", "created_at": "Wed Oct 10 20:19:24 +0000 2018"},
    "legacy": {
        "description": "We build https://t.co/abc",
        "followers_count": 12,
        "friends_count": 3,
        "statuses_count": 7,
        "listed_count": 1,
        "url": "https://t.co/xyz",
        "entities": {
            "description": {"urls": [{"url": "https://t.co/abc", "expanded_url": "https://acme.com/about"}]},
            "url": {"urls": [{"url": "https://t.co/xyz", "expanded_url": "https://acme.com"}]},
        },
    },
    "location": {"location": "Bonn"},
    "avatar": {"image_url": "https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png"},
    "verification": {"verified_type": "Business"},
    "is_blue_verified": True,
    "privacy": {"protected": True},
    "dm_permissions": {"can_dm": False},
    "relationship_perspectives": {"following": True, "followed_by": False},
    "affiliates_highlighted_label": {"label": {"description": "Globex"}},
}


def test_a_raw_graphql_user_is_opened_out(tmp_path):
    (record,) = records_of(save(tmp_path, "g.json", [GRAPHQL]))
    assert record == AccountRecord(
        x_id=1349149096909668363,
        handle="anna",
        name="Anna & Co",
        bio="We build https://acme.com/about",
        location="Bonn",
        url="https://t.co/xyz",
        site="https://acme.com",
        followers=12,
        following=3,
        posts=7,
        listed=1,
        created_at=1539202764,
        verified="business",
        protected=1,
        default_image=1,
        can_dm=0,
        image_url="https://abs.twimg.com/sticky/default_profile_images/default_profile_normal.png",
        affiliation="Globex",
        follows_us=0,
        we_follow=1,
    )


def test_a_v2_user_gives_counts_last_post_and_kind_of_badge(tmp_path):
    user = {
        "id": "12",
        "username": "anna",
        "name": "Anna",
        "public_metrics": {
            "followers_count": 1,
            "following_count": 2,
            "tweet_count": 3,
            "listed_count": 4,
            "like_count": 5,
        },
        "verified": True,
        "verified_type": "blue",
        "most_recent_tweet_id": "1050118621198921728",
        "connection_status": ["followed_by"],
        "parody": False,
    }
    (record,) = records_of(save(tmp_path, "v2.jsonl", json.dumps(user)))
    assert (record.followers, record.following, record.posts, record.listed, record.likes) == (1, 2, 3, 4, 5)
    assert (record.last_post_at, record.verified, record.parody) == (1539202764, "blue", 0)
    assert (record.follows_us, record.we_follow) == (1, 0)


EXPORTER = (
    "id,screen_name,name,description,profile_image_url,profile_banner_url,followers_count,friends_count,"
    "statuses_count,favourites_count,listed_count,location,website,birthdate,verified_type,is_blue_verified,"
    "following,followed_by,can_dm,protected,created_at,about_profile,url\n"
    '1349149096909668363,anna,Anna,"one\\ntwo",https://pbs.twimg.com/a.jpg,,10,20,30,40,5,Bonn,https://acme.com,,,true,'
    "false,true,true,false,2018-10-10 20:19:24 +00:00,,https://x.com/anna\n"
)


def test_the_exporters_csv_tells_flags_from_counts_and_profile_from_site(tmp_path):
    path = save(tmp_path, "twitter-Followers-1714521600000.csv", EXPORTER)
    recognised = recognise(path)
    assert describe(recognised) == "exporter CSV, followers, 1 person"
    assert (recognised.as_of, recognised.as_of_from) == (1714521600, "file name")
    (record,) = records_of(path)
    assert (record.followers, record.following, record.posts, record.likes) == (10, 20, 30, 40)
    assert (record.follows_us, record.we_follow, record.verified) == (1, 0, "blue")
    assert (record.bio, record.site, record.url) == ("one two", "https://acme.com", "https://acme.com")
    assert record.default_image == 0


def test_ids_of_a_spreadsheet_are_refused_and_true_ids_with_zeros_are_kept(tmp_path):
    good = [1349149096909668363 + n * 104729 for n in range(200)]
    true_zero = 1349149096909660000
    rows = "".join(f"{one},u{n}\n" for n, one in enumerate([*good, true_zero]))
    assert records_of(save(tmp_path, "ok.csv", "id,username\n" + rows))[-1].x_id == true_zero
    ruined = "".join(f"{one // 10_000 * 10_000},u{n}\n" for n, one in enumerate(good))
    found = list(read_accounts(save(tmp_path, "ruined.csv", "id,username\n" + ruined)))
    assert {one.x_id for one in found if isinstance(one, AccountRecord)} == {None}
    assert sum(isinstance(one, Problem) for one in found) == 200


def test_a_mapping_outranks_the_guess(tmp_path):
    path = save(tmp_path, "m.csv", "alpha,beta,name\nanna,12,x\nbert,13,y\n")
    with pytest.raises(BadInput, match="--map COLUMN=handle"):
        records_of(path)
    found = records_of(path, mapping={"alpha": "handle", "beta": "followers", "name": ""})
    assert [(one.handle, one.followers, one.name) for one in found] == [("anna", 12, None), ("bert", 13, None)]


def test_a_relation_said_by_the_person_is_on_every_record(tmp_path):
    path = save(tmp_path, "h.txt", "@anna\n@bert\n")
    assert [(r.follows_us, r.we_follow) for r in records_of(path, relation="both")] == [(1, 1), (1, 1)]


def test_one_huge_envelope_is_streamed(tmp_path):
    users = [{"id": str(n + 1), "username": f"u{n}", "description": "x" * 900} for n in range(6000)]
    path = save(tmp_path, "big.json", {"meta": {"n": 6000}, "followers": users, "done": True})
    assert path.stat().st_size > 5 << 20
    batches = list(read_account_batches(inspect_table(look_at(path))))
    assert sum(len(batch.records) for batch in batches) == 6000
    assert max(len(batch.records) for batch in batches) <= 500
    assert batches[0].records[0].follows_us == 1
    assert recognise(path).relation == "follower"


def test_a_cut_off_huge_envelope_is_refused(tmp_path):
    users = [{"id": str(n + 1), "username": f"u{n}", "description": "x" * 900} for n in range(6000)]
    text = json.dumps({"followers": users})
    path = save(tmp_path, "big.json", text[: text.rindex("}, {") + 1])
    with pytest.raises(BadInput, match="breaks off at line 1"):
        records_of(path)


def test_workbooks_are_read_by_the_same_table(tmp_path):
    from test_workbooks_written import write_workbook

    path = tmp_path / "book.xlsx"
    write_workbook(
        path, {"Empty": [], "People": [["Username", "ID", "Followers"], ["anna", 1.25e18, 5.0], ["bert", 12.0, 6.0]]}
    )
    recognised = recognise(path)
    assert (recognised.what, recognised.sheet, recognised.rows) == ("accounts", "People", 2)
    found = list(read_accounts(path))
    assert [one.x_id for one in found if isinstance(one, AccountRecord)] == [None, 12]
    assert any(isinstance(one, Problem) and "damaged" in one.reason for one in found)
    with pytest.raises(BadInput, match="did you mean 'People'"):
        recognise(path, "Peple")
