"""Where a bio names an employer, and where a company's words stand for something else."""

from __future__ import annotations

import pytest
from match_fixtures import company, profiles

from followertui.domain.match import Band, MatchRelation
from followertui.matching.matcher import Matcher

ENTRIES = [
    company(1, "Quorvane"),
    company(2, "Coach"),
    company(3, "Brinton Research"),
    company(4, "Globex (member)"),
    company(5, "G-Research"),
    company(6, "Multi-site Quarn Safety Initiative Council (MUSIC)"),
    company(7, "Quarnland Bureau of Insurance", domains=("https://insurance.quarnland.gov",)),
    company(8, "Angel"),
    company(9, "Waste Management"),
    company(10, "Daily Herald", domains=("https://quarnherald.com",), region="TX"),
    company(11, "Daily Chronicle", domains=("https://dailychronicle.com",), region="TX"),
]


def employers(bio: str) -> set[int]:
    """Entries a bio is proposed to work for, likely or better."""
    found = Matcher(ENTRIES).propose(profiles({"handle": "carla_d", "name": "Carla Diaz", "bio": bio}))
    return {one.entry_id for one in found if one.relation is MatchRelation.WORKS_AT and one.band is not Band.POSSIBLE}


@pytest.mark.parametrize(
    ("bio", "entry"),
    [
        ("Engineer at Quorvane", 1),
        ("CTO, Quorvane", 1),
        ("Quorvane reporter. Views my own", 1),
        ("Engineer @ Brinton Research", 3),
        ("Analyst at Globex. Runner", 4),
        ("Analyst at G-Research", 5),
        ("Analyst at MUSIC", 6),
        ("Analyst. Mail carla@insurance.quarnland.gov", 7),
        ("Former U.S. Marine. Engineer at Quorvane", 1),
        ("Previously: Hooli. Now engineer at Quorvane", 1),
        ("Engineer @quorvane - alum of @brinton_college", 1),
        ("Reporter for @quorvane via @corps4brinton", 1),
        ("Director of Streaming @quorvane", 1),
        ("Director at Angel", 8),
        ("Regional sales manager at Waste Management", 9),
        ("Reporter @dailychronicle in Texas", 11),
    ],
)
def test_an_employer_is_found(bio: str, entry: int) -> None:
    assert entry in employers(bio)


@pytest.mark.parametrize(
    "bio",
    [
        "Student at Quorvane. Mother of two",
        "Engineer. Quorvane member, cat person",
        "Writer, Quorvane, Teacher, mother",
        "Producer, Yoga Teacher, Coach, mom",
        "Director of Research at the zoo",
        "Pianist and member of a choir",
        "Music teacher, mother of two",
        "Reporter (energy, Quorvane/aerospace)",
        "Owner. Peace of Quorvane is all I want",
        "Engineer, Port of Call, Quorvane of Brinton",
        "Analyst. Mail carla@senate.quarnland.gov",
        "Senior partner emeritus, Quorvane",
        "Two kids, one writer from Quorvane",
        "Former @hooli, U.S. Government reporter @quorvane",
        "Previous: founding team @hooli | Recruiting Manager @quorvane",
        "Reporter @hooli. Product of @quorvane and Delaware",
        "Coordinator @hooli. History PhD candidate at @quorvane",
        "Growth @hooli. Angel investor and startup advisor",
        "CEO of two Angel Inc. 500 companies",
        "Elected to the board, attorney, Quarles & Quorvane LLP",
        "Dabble in Investment, Employee Benefits, and Waste Management. Manager",
        "Division of the Department of Insurance and Brinton Research, officer",
        "Lawyer on the team that won a judgment against @quorvane",
        "Founder of Wildfire (acq'd by @quorvane)",
        "Freelance writer for Quorvane and others",
        "Bylines in @hooli, writer @quorvane",
        "Editor @hooli. Longtime @quorvane staff writer before that",
        "Engagement editor @dailyherald",
        "Editor of Daily Herald in Ohio",
    ],
)
def test_what_only_sounds_like_an_employer_is_none(bio: str) -> None:
    assert employers(bio) == set()


def test_credits_in_brackets_are_no_employers() -> None:
    assert employers("Writer (@quorvane, @hooli, @initech)") == set()
    assert employers("Writer (@quorvane)") == {1}
