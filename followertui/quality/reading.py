"""Profiles as measures: one number per account and measure.

Owns how counts, times and texts of ``ProfileColumns`` become numpy columns in which NaN
means unknown. What a measure is worth is in ``signals`` and ``weights``.
Imported within ``quality``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from followertui.domain.account import ProfileColumns
from followertui.quality.handles import handle_measures
from followertui.quality.lexicon import Lexicon, plain, tokens_of
from followertui.text.domains import domain_category

Measure = NDArray[np.float64]

DAY = 86_400
YEAR_DAYS = 365.25

_LINK = re.compile(r"https?://\S+|\bwww\.\S+")
_CHEAP_ENDINGS = (".xyz", ".top", ".icu", ".click", ".buzz", ".club", ".monster", ".rest", ".cam", ".live", ".sbs")
"""Top-level domains most often on abuse lists; weak evidence. Source: Spamhaus, most abused top-level domains."""
_LONGEST_SHORTENER = 16
"""Longest host that can be a shortener; longer ones are not looked up."""
_VERIFIED = ("blue", "business", "government", "legacy")
_BADGE_CODES: dict[str | None, int] = {None: -1, **{badge: n for n, badge in enumerate(_VERIFIED, start=1)}}


@dataclass(frozen=True, slots=True)
class BioReading:
    """The result of one pass over bios and names, in the order of the columns.

    Attributes:
        lexicon: the word lists used.
        bits: categories of the lexicon found in each account's bio or name, as bits.
        measures: ``bio_length`` (characters), ``bio_words`` (words outside links),
            ``bio_links``, ``name_says_bot``, ``name_is_handle``.
    """

    lexicon: Lexicon
    bits: NDArray[np.uint64]
    measures: dict[str, Measure]


def number_measures(columns: ProfileColumns, now: datetime) -> dict[str, Measure]:
    """Counts, ratios and rates.

    Args:
        columns: profiles.
        now: moment the profiles are judged at, aware; those read earlier are judged as of then.

    Returns:
        Name -> column; rates per day, ages in years, NaN where any part is unknown.
        Source: Cresci et al. 2015 table 13 (friends / followers squared, following rate);
        BotometerLite (growth rates).
    """
    # What was read then tells nothing of the time since: its counts belong to its date.
    seconds = np.fmin(now.timestamp(), numbers(columns.read_at) if len(columns.read_at) else np.nan)
    followers, following = numbers(columns.followers), numbers(columns.following)
    posts, listed, likes = numbers(columns.posts), numbers(columns.listed), numbers(columns.likes)
    days = np.maximum((seconds - numbers(columns.created_at)) / DAY, 1.0)
    silent_days = np.maximum((seconds - numbers(columns.last_post_at)) / DAY, 0.0)
    some = np.maximum(followers, 1.0)
    return {
        "followers": followers,
        "following": following,
        "posts": posts,
        "listed": listed,
        "age_years": days / YEAR_DAYS,
        "silent_days": silent_days,
        "following_per_follower": following / some,
        "following_per_follower_squared": following / (some * some),
        "followers_per_post": followers / np.maximum(posts, 1.0),
        "posts_per_day": posts / days,
        "likes": likes,
        "likes_per_post": likes / np.maximum(posts, 1.0),
        "following_per_day": following / days,
        "listed_per_thousand": np.where(followers >= 100, 1000.0 * listed / some, np.nan),
    }


def flag_measures(columns: ProfileColumns) -> dict[str, Measure]:
    """What X states about an account: picture, lock, badge, parody, affiliation; 1, 0 or NaN."""
    measures = {
        "default_picture": numbers(columns.default_image),
        "locked": numbers(columns.protected),
        "parody": numbers(columns.parody),
        "affiliated": present(columns.affiliation),
        "has_place": present(columns.location),
        "has_link": np.fmax(present(columns.url), present(columns.site)),
    }
    code = np.array([_BADGE_CODES.get(b, 0) for b in columns.verified], dtype=np.int8)
    for number, badge in enumerate(_VERIFIED, start=1):
        measures[f"verified_{badge}"] = np.where(code < 0, np.nan, (code == number).astype(np.float64))
    return measures


def link_measures(columns: ProfileColumns) -> dict[str, Measure]:
    """Measures of a profile's link: ``shortened`` and ``cheap_domain``, NaN without a link.

    X wraps every link as t.co, which hides the target and says nothing.
    """
    short, cheap = [np.nan] * len(columns), [np.nan] * len(columns)
    for i, (site, url, bio) in enumerate(zip(columns.site, columns.url, columns.bio, strict=True)):
        link = site or url
        if not link:
            if not bio or "http" not in bio:
                continue
            met = _LINK.search(bio)
            link = met.group() if met else ""
        host = (link.partition("://")[2] or link).partition("/")[0].lower()
        if not host or host == "t.co":
            continue
        short[i] = float(len(host) <= _LONGEST_SHORTENER and domain_category(host) == "shortener")
        cheap[i] = float(host.endswith(_CHEAP_ENDINGS))
    return {"shortened": np.array(short), "cheap_domain": np.array(cheap)}


def read_bios(columns: ProfileColumns, lexicon: Lexicon) -> BioReading:
    """Read every bio and name in one pass.

    Args:
        columns: profiles.
        lexicon: categories to search for; ``says-bot`` must be one of them.

    Returns:
        Bits and measures; measures of an unknown bio are NaN, its bits those of the name.
    """
    size = len(columns)
    bits = [0] * size
    length, words, links = ([np.nan] * size for _ in range(3))
    for i, bio in enumerate(columns.bio):
        if not bio:
            continue
        text = plain(bio)
        found = tokens_of(text)
        bits[i] = lexicon.bits_of(text, found)
        length[i] = len(bio)
        words[i] = len(found)
        links[i] = (text.count("http") or text.count("www.")) if "." in text or ":" in text else 0
    says_bot, is_handle = [np.nan] * size, [np.nan] * size
    for i, (name, handle) in enumerate(zip(columns.name, columns.handle, strict=True)):
        if not name:
            continue
        low = plain(name)
        says_bot[i] = float(("bot" in low or "ボット" in low) and bool(_NAME_BOT.search(low)))
        if handle:
            is_handle[i] = float(low == handle.lower())
    found_columns = {
        "bio_length": length,
        "bio_words": words,
        "bio_links": links,
        "name_says_bot": says_bot,
        "name_is_handle": is_handle,
    }
    measures = {name: np.array(column) for name, column in found_columns.items()}
    return BioReading(lexicon, np.array(bits, dtype=np.uint64), measures)


_NAME_BOT = re.compile(r"\b(?:ro)?bots?\b|bot$|ボット|bot(?=\s)")


def word_measures(reading: BioReading) -> dict[str, Measure]:
    """A column for each category of the lexicon: 1, 0, or NaN without a bio."""
    unknown = np.isnan(reading.measures["bio_length"])
    columns: dict[str, Measure] = {}
    for number, name in enumerate(reading.lexicon.names):
        hit = (reading.bits >> np.uint64(number) & np.uint64(1)).astype(np.float64)
        hit[unknown] = np.nan
        columns[f"words_{name}"] = hit
    return columns


def shape_measures(columns: ProfileColumns) -> dict[str, Measure]:
    """The shape of handles (``handles.handle_measures``)."""
    return handle_measures(columns.handle)


def numbers(values: Sequence[int | None]) -> Measure:
    """A column of optional whole numbers as floats, NaN for None."""
    return np.array(values, dtype=np.float64)


def present(values: Sequence[str | None]) -> Measure:
    """1 where a text is present, NaN where not: an empty cell may only be a gap in the source."""
    return np.array([1.0 if v else np.nan for v in values], dtype=np.float64)
