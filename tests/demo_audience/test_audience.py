"""The made-up audience: repeatable, believable in its mix, hostile where it should be."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

import pytest

from followertui.demo import words
from followertui.demo.audience import BLOCK, WEEK_WAVE, Audience
from followertui.demo.audience_lists import COLUMNS
from followertui.demo.audience_profiles import SPECIALS, Archetype, Truth
from followertui.demo.words_companies import COMPETITORS, NEWSROOMS, VENDORS, companies
from followertui.demo.words_people import people
from followertui.domain.account import AccountRecord
from followertui.domain.kind import Kind

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
HOST = re.compile(r"(?:https?://|@)([A-Za-z0-9.-]+\.[A-Za-z]{2,})")


def truths(audience: Audience) -> list[Truth]:
    """Who everyone of the first reading is, newest first."""
    return [audience.truth(position) for position in range(audience.accounts)]


@pytest.fixture(scope="module")
def audience() -> Audience:
    return Audience(5_000, 7, NOW)


@pytest.fixture(scope="module")
def everyone(audience: Audience) -> list[AccountRecord]:
    return [record for batch in audience.batches() for record in batch]


def ids(audience: Audience, reading: str, week: int = 0) -> list[int | None]:
    return [r.x_id for batch in audience.batches(reading, week=week) for r in batch]  # type: ignore[arg-type]


def test_the_same_seed_gives_the_same_audience(everyone: list[AccountRecord]) -> None:
    again = [r for batch in Audience(5_000, 7, NOW).batches(size=77) for r in batch]
    other = [r for batch in Audience(5_000, 8, NOW).batches() for r in batch]
    assert again == everyone
    assert other != everyone


@pytest.mark.parametrize("accounts", [1, 3, 499, 500, 501, 1_234])
def test_the_size_is_the_size_asked_for(accounts: int) -> None:
    audience = Audience(accounts, 1, NOW)
    batches = list(audience.batches(size=100))
    assert sum(map(len, batches)) == accounts
    assert all(len(batch) == 100 for batch in batches[:-1])
    assert [t.position for t in truths(audience)] == list(range(accounts))


def test_the_readings_are_everyone_in_the_same_order(audience: Audience, everyone: list[AccountRecord]) -> None:
    followers, following = ids(audience, "follower"), ids(audience, "following")
    assert followers == [r.x_id for r in everyone if r.follows_us]
    assert following == [r.x_id for r in everyone if r.we_follow]
    assert 3_700 <= len(followers) <= 4_100
    assert 1_700 <= len(following) <= 2_100
    reading = next(audience.batches("follower"))
    assert {(r.follows_us, r.we_follow) for r in reading} == {(None, None)}


def test_no_id_and_no_handle_is_given_twice() -> None:
    records = [r for batch in Audience(60_000, 3, NOW).batches() for r in batch]
    assert len({r.x_id for r in records}) == len(records)
    assert len({(r.handle or "").lower() for r in records}) == len(records)
    assert all(re.fullmatch(r"[A-Za-z0-9_]{1,15}", r.handle or "") for r in records)


def test_the_mix_is_believable(audience: Audience) -> None:
    kinds = Counter(truth.kind for truth in truths(audience))
    that_matter = sum(kinds[kind] for kind in Kind if kind in (Kind.CUSTOMER, Kind.PROSPECT, Kind.PARTNER, Kind.PRESS))
    assert 0.04 <= that_matter / 5_000 <= 0.08
    assert 0.30 <= (kinds[Kind.BOT] + kinds[Kind.HARMFUL]) / 5_000 <= 0.40
    assert kinds[Kind.EMPLOYEE] >= 5
    assert kinds[Kind.COMPETITOR] >= 5
    archetypes = {truth.archetype for truth in truths(audience)}
    assert archetypes == set(Archetype)


def test_counts_and_times_are_possible(everyone: list[AccountRecord]) -> None:
    now = int(NOW.timestamp())
    for record in everyone:
        assert record.created_at is not None
        assert record.created_at <= now
        assert record.last_post_at is None or record.created_at <= record.last_post_at <= now
        assert (record.last_post_at is None) == (record.posts == 0)
        assert min(record.followers or 0, record.following or 0, record.listed or 0) >= 0
        assert bool(record.default_image) == (record.image_url is None)


def test_bought_waves_stand_together_and_share_a_trait(audience: Audience, everyone: list[AccountRecord]) -> None:
    waves = [t.position for t in truths(audience) if t.archetype is Archetype.WAVE]
    breaks = sum(1 for a, b in pairwise(waves) if b != a + 1)
    assert len(waves) == 840
    assert breaks == 1
    runs = [waves[i : i + 140] for i in range(0, len(waves), 140)]
    for run in runs:
        records = [everyone[i] for i in run]
        born = [r.created_at or 0 for r in records]
        is_burst = max(born) - min(born) <= 5 * 86_400
        same_link = len({r.site for r in records}) == 1 and records[0].site is not None
        same_bio = all(r.bio for r in records)
        assert is_burst or same_link or same_bio


def test_every_hostile_text_comes_raw(audience: Audience, everyone: list[AccountRecord]) -> None:
    hostile = [everyone[t.position] for t in truths(audience) if t.archetype is Archetype.HOSTILE]
    assert {(r.name, r.bio, r.location) for r in hostile} == set(words.HOSTILE)
    text = "\n".join(f"{r.name}{r.bio}{r.location}" for r in hostile)
    for threat in (
        "[@click=",
        "[/ founder]",
        "\x1b[",
        "\u202e",
        "\u200b",
        "=HYPERLINK",
        "\x00",
        "\r\n",
        "👩‍👩‍👧‍👦",
        "東京",
        "ע",
    ):
        assert threat in text
    assert max(len(r.name or "") for r in hostile) > 400


def test_truth_belongs_to_the_record(audience: Audience, everyone: list[AccountRecord]) -> None:
    for position in (0, 499, 500, 777, 4_999):
        truth = audience.truth(position)
        assert (truth.position, truth.x_id, truth.handle) == (
            position,
            everyone[position].x_id,
            everyone[position].handle,
        )
    with pytest.raises(IndexError):
        audience.truth(5_000)


def test_lists_look_like_a_crm_and_lead_to_accounts(audience: Audience) -> None:
    rows = audience.customer_list()
    assert all(tuple(row) == COLUMNS for row in rows)
    assert len({row["Record ID"] for row in rows}) == len(rows) >= 300
    firms = [row for row in rows if not row["Last Name"]]
    assert 0.05 < sum(not row["Company Domain Name"] for row in firms) / len(firms) < 0.25
    assert any("GmbH" in row["Company name"] for row in rows)
    assert any(row["Company name"] != row["Company name"].strip() for row in rows)
    named = "\n".join(row["Company name"].casefold() for row in rows)
    customers = [t for t in truths(audience) if t.kind is Kind.CUSTOMER]
    assert customers
    assert all((t.company or "").casefold() in named for t in customers)


def test_a_known_contact_is_on_x_under_that_name(audience: Audience, everyone: list[AccountRecord]) -> None:
    on_x = {r.handle: r for r in everyone}
    with_handle = [
        row for row in audience.prospect_list() + audience.customer_list() if row["Last Name"] and row["Twitter Handle"]
    ]
    found = [row for row in with_handle if row["Twitter Handle"][1:] in on_x]
    assert len(found) == len(with_handle) > 0
    assert any(on_x[row["Twitter Handle"][1:]].name == f"{row['First Name']} {row['Last Name']}" for row in found)


def test_every_list_has_rows_and_is_repeatable(audience: Audience) -> None:
    twin = Audience(5_000, 7, NOW)
    for name in ("customer", "prospect", "partner", "press", "employee", "competitor", "vendor"):
        rows = getattr(audience, f"{name}_list")()
        assert len(rows) >= 8
        assert rows == getattr(twin, f"{name}_list")()


def test_nothing_leads_to_the_real_world(audience: Audience, everyone: list[AccountRecord]) -> None:
    texts = [text for r in everyone for text in (r.url, r.site, r.bio, r.image_url, r.location, r.name) if text]
    texts += [cell for row in audience.customer_list() + audience.prospect_list() for cell in row.values()]
    hosts = {host for text in texts for host in HOST.findall(text)}
    assert len(hosts) > 100
    assert {host for host in hosts if not host.endswith(".example")} == set()


def test_the_pools_are_distinct() -> None:
    slugs = [firm.slug for firm in companies()]
    assert len(set(slugs)) == len(slugs) > 2_000
    assert not {firm.name for firm in companies()} & {*COMPETITORS, *VENDORS, *NEWSROOMS}
    stems = {person.slug_first[:6] + person.slug_last[:6] for person in people()}
    assert len(stems) == len(people())
    assert len(people()) % 701


def test_a_week_brings_who_matters_and_a_bought_wave(audience: Audience) -> None:
    changes = audience.next_week(1)
    kinds = Counter(truth.kind for truth in changes.joined)
    assert kinds[Kind.CUSTOMER] >= 1
    assert kinds[Kind.PROSPECT] >= 1
    assert sum(truth.archetype is Archetype.WAVE for truth in changes.joined) == WEEK_WAVE
    assert changes.left
    assert changes.renamed
    assert changes.moved
    assert changes.suspended


def test_the_readings_after_a_week_are_the_changes(audience: Audience, everyone: list[AccountRecord]) -> None:
    changes = audience.next_week(1)
    before, after = ids(audience, "follower"), ids(audience, "follower", week=1)
    gone = {t.x_id for t in (*changes.left, *changes.suspended)}
    assert after == [t.x_id for t in changes.joined] + [x_id for x_id in before if x_id not in gone]
    assert gone <= set(before)
    suspended = {t.x_id for t in changes.suspended}
    assert ids(audience, "following", week=1) == [i for i in ids(audience, "following") if i not in suspended]
    by_id = {r.x_id: r for batch in audience.batches(week=1) for r in batch}
    assert all(by_id[t.x_id].handle == handle != t.handle for t, handle in changes.renamed)
    assert all(by_id[t.x_id].bio == bio != everyone[t.position].bio for t, bio in changes.moved)


def test_weeks_follow_each_other() -> None:
    audience = Audience(1_500, 2, NOW)
    third = audience.next_week(3)
    assert Audience(1_500, 2, NOW).next_week(3) == third
    left = [t.x_id for week in (1, 2, 3) for t in audience.next_week(week).left]
    assert len(left) == len(set(left))
    joined = [t.x_id for week in (3, 2, 1) for t in audience.next_week(week).joined]
    assert ids(audience, "follower", week=3)[: len(joined)] == joined
    handles = [r.handle for batch in audience.batches(week=3) for r in batch]
    assert len(handles) == len(set(handles))


def test_a_tiny_audience_has_weeks_too() -> None:
    assert len(Audience(3, 1, NOW).next_week(2).joined) >= WEEK_WAVE
    assert sum(SPECIALS.values()) <= BLOCK
