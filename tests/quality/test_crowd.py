from __future__ import annotations

import random

import numpy as np
from made_audience import DAY, NOW, WORDS, Audience, columns_of, genuine, with_waves

from followertui.quality.concentration import dense_stretches, over_represented
from followertui.quality.crowd import Wave, find_waves
from followertui.quality.likeness import like_bios


def best_match(wave: Wave, audience: Audience) -> tuple[str, float, float]:
    rows = set(wave.rows)
    trait = max(audience.planted, key=lambda name: len(rows & audience.planted[name]))
    common = len(rows & audience.planted[trait])
    return trait, common / len(rows), common / len(audience.planted[trait])


def test_planted_waves_are_found_and_a_traitless_one_is_not() -> None:
    audience = with_waves(genuine(8_000, 11), seed=5)
    waves = find_waves(columns_of(audience.profiles), audience.order, audience.first_seen)
    found = {}
    for wave in waves:
        trait, precision, recall = best_match(wave, audience)
        assert wave.trait == trait
        assert precision >= 0.95
        assert recall >= 0.95
        found[trait] = wave
    assert set(found) == set(audience.planted) - {"none"}
    assert all(str(wave.size) in wave.text for wave in waves)


def test_people_who_have_nothing_in_common_are_no_wave() -> None:
    profiles = genuine(6_000, 4)
    assert find_waves(columns_of(profiles), range(6_000), [0] * 6_000) == []


def test_without_an_order_a_season_shows_in_the_reading_it_came_with() -> None:
    rnd = random.Random(8)
    profiles = genuine(5_000, 9)
    for profile in profiles[:300]:
        profile["created_at"] = NOW - 900 * DAY + rnd.randrange(50 * DAY)
    seen = [3] * 300 + [rnd.choice([0] * 20 + [1, 2, 3, 4, 5]) for _ in range(4_700)]
    waves = find_waves(columns_of(profiles), [None] * 5_000, seen)
    bursts = [wave for wave in waves if "creation-burst" in (wave.trait, *wave.also)]
    assert bursts
    assert len(set(bursts[0].rows) & set(range(300))) >= 295


def test_accounts_created_on_one_day_need_no_order() -> None:
    profiles = genuine(5_000, 12)
    for profile in profiles[:120]:
        profile["created_at"] = (NOW // DAY - 800) * DAY + 600
    (wave,) = find_waves(columns_of(profiles), [None] * 5_000, [None] * 5_000)
    assert wave.trait == "creation-burst"
    assert set(range(120)) <= set(wave.rows)


def test_staff_of_a_known_company_share_its_link_rightly() -> None:
    profiles = genuine(500, 2)
    for profile in profiles[:80]:
        profile["site"] = "https://www.globex.com/"
    columns = columns_of(profiles)
    (wave,) = find_waves(columns, [None] * 500, [None] * 500)
    assert (wave.trait, wave.rows) == ("same-link", tuple(range(80)))
    assert find_waves(columns, [None] * 500, [None] * 500, known_domains=["globex.com"]) == []


def test_one_picture_in_two_sizes_is_one_picture() -> None:
    profiles = genuine(300, 6)
    for number, profile in enumerate(profiles[:60]):
        size = "_normal" if number % 2 else "_400x400"
        profile["image_url"] = f"https://pbs.twimg.com/profile_images/1/face{size}.jpg"
    (wave,) = find_waves(columns_of(profiles), [None] * 300, [None] * 300)
    assert (wave.trait, wave.size) == ("same-picture", 60)


def test_an_empty_audience_has_no_waves() -> None:
    assert find_waves(columns_of([]), [], []) == []
    assert find_waves(columns_of([{"handle": "a"}] * 50), [None] * 50, [None] * 50) == []


def test_bio_templates_are_told_apart() -> None:
    rnd = random.Random(3)
    one = [f"Proud {rnd.choice(WORDS)} fan. Coffee, travel and long walks by the sea" for _ in range(50)]
    two = [f"Trader of {rnd.choice(WORDS)}. Ask me how to win every week from home" for _ in range(45)]
    noise = [" ".join(rnd.sample(WORDS, 9)) for _ in range(2_000)]
    groups = like_bios([*one, *noise, *two, None, ""], min_size=40)
    assert groups == [list(range(50)), list(range(2_050, 2_095))]


def test_equal_bios_count_each_account() -> None:
    bios = ["Living my best life in the sun"] * 60 + ["short"] * 60
    assert like_bios(bios, min_size=40) == [list(range(60))]


def test_a_dense_stretch_is_cut_where_it_ends() -> None:
    stray = [10, 400, 900, 5_000, 9_000]
    block = [2_000 + step + step // 10 for step in range(100)]
    places = np.array(sorted(stray + block))
    ((first, last),) = dense_stretches(places, 10_000, 40)
    assert places[first : last + 1].tolist() == block


def test_what_is_frequent_everywhere_is_not_over_represented() -> None:
    cohorts = np.repeat(np.arange(5), 100)
    even = np.tile(np.arange(2), 250)
    odd = np.where(cohorts == 2, 7, -1)
    odd[0] = 8
    assert list(over_represented(even, cohorts, 40)) == []
    assert [(k, c, len(m)) for k, c, m in over_represented(odd, cohorts, 40)] == [(7, 2, 100)]
