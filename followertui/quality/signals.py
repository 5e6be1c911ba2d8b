"""The signals: their measure, score, wording, and the source of the rule.

Owns the registry and the measures derived from several others. The weight of a signal is in
``weights.toml``. Every signal is a pure function of one measure: NaN (unknown) never fires.
Codes are what the query ``reason:`` takes. Imported by ``quality`` and services.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from followertui.quality.reading import Measure

CRESCI = "Cresci et al. 2015, Fame for sale (arXiv 1509.04098)"
LITE = "BotometerLite, Yang et al. 2020 (arXiv 1911.09179)"
SOCIALBAKERS = "Socialbakers FakeFollowerCheck"
SPARKTORO = "SparkToro fake follower audit"
XACTIONS = "XActions find-fake-followers"
HOUSE = "our own rule; measured by tests/benchmarks/bench_quality.py"


WAVE_TRAITS = {
    "same-bio": "with nearly the same bio",
    "same-link": "with the same link",
    "same-picture": "with the same picture",
    "handle-pattern": "with handles made alike",
    "name-pattern": "with names made alike",
    "creation-burst": "created within the same weeks",
    "arrival-burst": "far more arrivals than usual between two readings",
}
"""What the members of a wave share: its reason code and plain words."""

LOOSE_TRAIT = "arrival-burst"
"""A wave whose members share nothing but when they came: a campaign of our own does that too."""


class Signal(NamedTuple):
    """One piece of evidence for or against an account.

    Attributes:
        score: "bot", "harmful", "offtopic" or "fact".
        measure: name of the column it reads.
        text: the sentence for the card, a template of ``sentences``: ``{followers:few follower}``
            is a measure by name and how it is said.
        source: where the rule was published, or ``HOUSE`` for our own.
    """

    score: str
    measure: str
    text: str
    source: str


SIGNALS: dict[str, Signal] = {
    "few-followers": Signal("bot", "followers", "{followers:few follower}", f"{CRESCI}: followers < 30"),
    "many-followers": Signal("bot", "followers", "{followers:count follower}", LITE),
    "follows-far-more": Signal(
        "bot",
        "following_per_follower",
        "follows {following:count account}, has {followers:count follower}",
        f"{SOCIALBAKERS}: 50 to 1",
    ),
    "balanced": Signal(
        "bot",
        "following_per_follower",
        "ordinary: {followers:count follower}, follows {following}",
        f"{CRESCI}: rule CC19",
    ),
    "unreturned": Signal(
        "bot",
        "following_per_follower_squared",
        "following {following:count account} brought it {followers:few follower}",
        f"{CRESCI}: table 13",
    ),
    "follows-nobody": Signal("bot", "following", "follows {following:few account}", HOUSE),
    "follows-at-speed": Signal(
        "bot", "following_per_day", "has followed {following_per_day} accounts a day since it was created", CRESCI
    ),
    "few-posts": Signal("bot", "posts", "{posts:few post}", f"{CRESCI}: posts < 50"),
    "posts-nonstop": Signal("bot", "posts_per_day", "{posts_per_day} posts a day all its life", LITE),
    "posts-steadily": Signal("bot", "posts_per_day", "{posts:count post} in {age_years:years}", LITE),
    "seldom-likes": Signal("bot", "likes_per_post", "wrote {posts:count post}, liked {likes:few post}", LITE),
    "posts-unheard": Signal(
        "bot", "followers_per_post", "{posts:count post} brought it {followers:count follower}", HOUSE
    ),
    "well-heard": Signal("bot", "followers_per_post", "{followers:count follower} after {posts:count post}", HOUSE),
    "young": Signal("bot", "age_years", "on X for only {age_years:years}", f"{LITE}; {SPARKTORO}"),
    "established": Signal("bot", "age_years", "on X for {age_years:years}", LITE),
    "never-listed": Signal("bot", "never_listed", "on nobody's list", f"{CRESCI}: rule CC6"),
    "listed": Signal("bot", "listed_people", "on {listed:count list} of others", f"{CRESCI}: rule CC6"),
    "collected": Signal(
        "bot", "listed_per_thousand", "on {listed:count list} of others for {followers:count follower}", HOUSE
    ),
    "says-bot": Signal("bot", "says_bot", "calls itself a bot", "State of Search, Van den Beld: rule 1"),
    "random-handle": Signal("bot", "handle_surprise", "its handle looks like random letters", LITE),
    "digits-in-handle": Signal("bot", "handle_digits", "{handle_digits} digits in its handle", LITE),
    "default-picture": Signal(
        "bot", "lasting_default_picture", "no picture of its own after two months", f"{SOCIALBAKERS}: rule 7"
    ),
    "name-is-handle": Signal("bot", "name_is_handle", "its name only repeats its handle", HOUSE),
    "link-lure": Signal("bot", "lure", "its bio is little but a link, and it follows {following:few account}", HOUSE),
    "follow-trade": Signal("bot", "words_follow-trade", "trades follows: {words}", XACTIONS),
    "bio": Signal("bot", "bio_length", "has a bio", f"{CRESCI}: rule CC4"),
    "own-life": Signal("bot", "own_life", "writes about its own life or views", HOUSE),
    "bait-bio": Signal("bot", "bait_in_bio", "its bio asks for a click: {words}", XACTIONS),
    "work": Signal("bot", "has_role", "says what it does for a living: {role}", HOUSE),
    "place": Signal("bot", "has_place", "says where it is", f"{CRESCI}: rule CC3"),
    "link": Signal("bot", "has_link", "links to a site", f"{CRESCI}: rule CC9"),
    "verified-blue": Signal("bot", "verified_blue", "pays for the blue badge", "X: verified_type"),
    "verified-legacy": Signal("bot", "verified_legacy", "verified by X", "X: verified"),
    "verified-business": Signal("bot", "verified_business", "a verified organisation", "X: verified_type"),
    "verified-government": Signal("bot", "verified_government", "a verified public body", "X: verified_type"),
    "affiliated": Signal("bot", "affiliated", "a verified organisation vouches for it", "X: affiliation"),
    **{
        trait: Signal("bot", f"wave_{trait}", f"one of many {words} (wave {{wave_{trait}}})", HOUSE)
        for trait, words in WAVE_TRAITS.items()
        if trait != LOOSE_TRAIT
    },
    "scam-words": Signal(
        "harmful", "words_scam", "uses words common in scams: {words}", f"{XACTIONS}; {SOCIALBAKERS}: rule 2"
    ),
    "phishing-words": Signal("harmful", "words_phishing", "asks for passwords, keys or verification: {words}", HOUSE),
    "adult-words": Signal("harmful", "words_adult", "uses adult words: {words}", XACTIONS),
    "bait-words": Signal("harmful", "bait_with_link", "asks for a click without saying why: {words}", HOUSE),
    "link-trap": Signal(
        "harmful", "lure", "asks for a click, says little else, follows {following:few account}", HOUSE
    ),
    "contact-words": Signal("harmful", "words_contact", "moves conversations off X: {words}", XACTIONS),
    "poses-as-help": Signal("harmful", "poses", "poses as a help desk nobody vouches for: {words}", HOUSE),
    "impersonates-name": Signal(
        "harmful", "impersonates_name", "uses your company's name and is not on your list", HOUSE
    ),
    "copies-our-handle": Signal("harmful", "copies_our_handle", "its handle copies one of yours", HOUSE),
    "shortened-link": Signal("harmful", "shortened", "hides its link behind a shortener", SPARKTORO),
    "cheap-domain": Signal("harmful", "cheap_domain", "links to a cheap, throwaway domain", "Spamhaus"),
    "harm-vouched": Signal("harmful", "vouched", "verified, or an organisation vouches for it", "X: verified_type"),
    "harm-listed": Signal("harmful", "listed", "on {listed:count list} of others", f"{CRESCI}: rule CC6"),
    "fandom": Signal("offtopic", "words_fandom", "a fan account: {words}", HOUSE),
    "sport": Signal("offtopic", "words_sport-fan", "a sports fan: {words}", HOUSE),
    "gaming": Signal("offtopic", "words_gaming", "about games: {words}", HOUSE),
    "private-life": Signal("offtopic", "words_private-life", "writes about private life: {words}", HOUSE),
    "student": Signal("offtopic", "is_student", "a student", HOUSE),
    "far-from-market": Signal("offtopic", "far_from_market", "none of your market words in its profile", HOUSE),
    "near-market": Signal("offtopic", "relevance", "close to your market: {market} (relevance {relevance})", HOUSE),
    "prominent": Signal("offtopic", "listed", "on {listed:count list} of others", f"{CRESCI}: rule CC6"),
    "business-role": Signal("offtopic", "has_role", "says what it does for a living: {role}", HOUSE),
    "organisation": Signal("offtopic", "is_organisation", "an organisation, by its name or bio", HOUSE),
    "silent": Signal("fact", "silent_days", "no post for {silent_days:days}", f"{SPARKTORO}: 120 days"),
    "never-posted": Signal("fact", "never_posted", "never posted", f"{SOCIALBAKERS}: rule 6"),
    "locked": Signal("fact", "locked", "posts are locked: its activity cannot be known", "X: protected"),
    "parody": Signal("fact", "parody", "labelled parody", "X: parody"),
    LOOSE_TRAIT: Signal("fact", f"wave_{LOOSE_TRAIT}", f"came with {WAVE_TRAITS[LOOSE_TRAIT]}", HOUSE),
    "feed": Signal("fact", "is_feed", "an announcement feed", HOUSE),
    "named-rival": Signal("fact", "named_rival", "you named it as a competitor", HOUSE),
    "works-here": Signal("fact", "works_here", "its bio says that it works for you", HOUSE),
}
"""Code -> signal, in the order they are explained."""

SCORES: tuple[str, ...] = ("bot", "harmful", "offtopic")
"""The separate scores, in display order."""


_OWN_LIFE = ("own-voice", "private-life", "politics-private", "sport-fan")


def join_measures(m: dict[str, Measure], roles_known: Measure, is_student: Measure) -> dict[str, Measure]:
    """Measures derived from several others.

    Args:
        m: measures of ``reading``, by name.
        roles_known: 1 where the bio names a function, 0 where it does not, NaN without bio.
        is_student: the same for students.

    Returns:
        Name -> column, NaN where a needed part is unknown.
    """
    no_link = np.nan_to_num(m["bio_links"]) + np.nan_to_num(m["has_link"]) == 0
    bait = np.fmax(m["words_bait"], m["words_adult"])
    wordless = m["bio_words"] <= 12
    in_bio = m["bio_links"] >= 1
    quiet = m["following"] <= 20
    lure = np.where(in_bio & wordless & quiet, 1.0 + (bait > 0), 0.0)
    vouched = np.fmax.reduce([m["verified_business"], m["verified_government"], m["verified_legacy"], m["affiliated"]])
    return {
        "never_listed": _flag(m["listed"] == 0, m["listed"]),
        "listed_people": np.where(m["following"] < 30, 0.0 * m["listed"], m["listed"]),
        "never_posted": _flag(m["posts"] == 0, m["posts"]),
        "says_bot": np.fmax.reduce([m["words_says-bot"], m["name_says_bot"], m["handle_says_bot"]]),
        "lasting_default_picture": _flag((m["default_picture"] > 0) & (m["age_years"] > 1 / 6), m["age_years"]),
        "lure": np.where(np.isnan(m["bio_length"]) | np.isnan(m["following"]), np.nan, lure),
        "own_life": np.fmax.reduce([m[f"words_{w}"] for w in _OWN_LIFE]),
        "bait_in_bio": np.where(m["bio_links"] >= 1, bait, np.where(np.isnan(m["bio_links"]), np.nan, 0.0)),
        "bait_with_link": np.where(no_link, np.nan, m["words_bait"]),
        "vouched": vouched,
        "poses": np.where(vouched > 0, 0.0, np.where(np.isnan(vouched), np.nan, m["words_poses"])),
        "has_role": roles_known,
        "is_student": is_student,
    }


def _flag(condition: np.ndarray, known: Measure) -> Measure:
    """A condition as 1 or 0, NaN where its measure is unknown."""
    return np.where(np.isnan(known), np.nan, condition.astype(np.float64))
