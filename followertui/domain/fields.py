"""The table of query fields.

Owns names, types, choices and help of every query field. The parser, completion, the
evaluator, ``sort:``, count-by and the help read it. Stdlib only; anyone may import it.
"""

from __future__ import annotations

from followertui.domain.decision import ACTION_ORDER, DECISION_ORDER
from followertui.domain.guards import OUTCOMES, PRUNING_GUARDS
from followertui.domain.judgement import ROLES, SENIORITIES, TYPE_ORDER
from followertui.domain.kind import KIND_ORDER, KindSource, LossCause
from followertui.domain.query import FieldType, QueryField

FLAGS: dict[str, str] = {
    "follower": "follows us",
    "following": "we follow them",
    "mutual": "both follow each other",
    "fan": "follows us, we do not follow back",
    "leader": "we follow them, they do not follow back",
    "new": "followed us after the first complete snapshot",
    "left": "followed us once, no longer does",
    "kept": "decided keep",
    "reviewed": "decided, or its kind set, by a person",
    "planned": "has a planned action not done yet",
    "verified": "X verified the account",
    "locked": "the posts are protected",
    "guarded": "held back from pruning",
    "engaged": "talked with us, or one of us liked, reposted or offered something",
    "influencer": "an influencer by word or list, or reach that is real: `followertui help influencers`",
    "due": "something is due for them in Today",
    "do-not-contact": "never to be contacted: you or a list said so",
    "looked": "a person answered on it by name, not in bulk",
    "drawn": "drawn at random, to be looked at",
    "differing": "two people said different things of it, in two copies of the store",
    "nameless": "known by id only",
    "silent": "no post for longer than the silence setting",
    "gone": "the account no longer exists",
    "suspended": "X suspended the account",
    "muted": "you muted it, as X last said",
    "blocked": "you blocked it, as X last said",
    "listed": "it is on a list of yours, as X last said",
}

RELATIONS: tuple[str, ...] = ("none", "follower", "following", "mutual")
"""Who follows whom, each without the others; the position is 1 for following us and 2 for being followed."""

STATUSES: tuple[str, ...] = ("exists", "gone", "suspended", "renamed")
"""What became of an account, by its stored number."""

_C, _T, _N, _D, _W = FieldType.CHOICE, FieldType.TEXT, FieldType.NUMBER, FieldType.DATE, FieldType.NAME

_FIELDS: tuple[QueryField, ...] = (
    QueryField("is", FieldType.FLAG, "a state", tuple(FLAGS)),
    QueryField("relation", _C, "who follows whom and no more", RELATIONS, False, False),
    QueryField("status", _C, "what became of the account", STATUSES, False, False),
    QueryField("kind", _C, "who someone is", tuple(k.value for k in KIND_ORDER), True, True),
    QueryField("basis", _C, "what decided the kind", tuple(s.value for s in KindSource), False, False),
    QueryField("type", _C, "account type", tuple(t.value for t in TYPE_ORDER), True, True),
    QueryField("decision", _C, "what was decided", tuple(d.value for d in DECISION_ORDER), True, True),
    QueryField("plan", _C, "what is planned", ("any", "none", *(a.value for a in ACTION_ORDER)), False, True),
    QueryField("guard", _C, "what holds it back from pruning", tuple(g.value for g in PRUNING_GUARDS), False, False),
    QueryField("done", _C, "what was carried out on X", tuple(a.value for a in ACTION_ORDER), False, False),
    QueryField(
        "match",
        FieldType.MATCH,
        "matches with your lists, or a score range such as 90..",
        ("any", "none", "unchecked", "certain", "likely", "possible", "confirmed", "rejected"),
        True,
        True,
    ),
    QueryField("tag", _W, "a tag", (), False, True),
    QueryField("list", _W, "matches an entry of this list", (), False, True),
    QueryField("company", _T, "matches this company", (), False, True),
    QueryField("owner", _W, "owner of the matched record in the CRM", (), False, True),
    QueryField("clause", _W, 'a match rests on these words, such as "summit in bio"', (), False, True),
    QueryField("affiliation", _T, "affiliated with a verified organisation", (), True, True),
    QueryField("role", _C, "function read from the bio", tuple(r for r in ROLES if r), True, True),
    QueryField("seniority", _C, "seniority read from the bio", tuple(s for s in SENIORITIES if s), True, True),
    QueryField("reason", _W, "a signal that fired", (), False, True),
    QueryField("wave", _W, "a wave it came with, by number or what its members share", (), False, True),
    QueryField("domain", _T, "the site's domain", (), False, True),
    QueryField("url", _T, "the site's address", (), False, False),
    QueryField("name", _T, "display name", (), True, False),
    QueryField("handle", _T, "handle", (), True, False),
    QueryField("bio", _T, "bio", (), False, False),
    QueryField("like", _W, "the bio is nearly that of an account, such as like:@dana", (), False, True),
    QueryField("location", _T, "place", (), True, True),
    QueryField("note", _T, "your note", (), False, False),
    QueryField("has", _C, "a field is known", (), False, False),
    QueryField("followers", _N, "number of followers", (), True, False),
    QueryField("following", _N, "number of accounts they follow", (), True, False),
    QueryField("posts", _N, "number of posts", (), True, False),
    QueryField("listed", _N, "number of lists they are on", (), True, False),
    QueryField("likes", _N, "number of posts they liked", (), True, False),
    QueryField("ratio", _N, "following / followers", (), True, False),
    QueryField("bot", _N, "bot score 0-100", (), True, False),
    QueryField("relevance", _N, "closeness to your market 0-100", (), True, False),
    QueryField("doubt", _N, "how close the judgement was 0-100; 0 where a person said it", (), True, False),
    QueryField("random", _N, "a random number 0-99 that stays; random:..4 is one in twenty", (), True, False),
    QueryField("age", FieldType.DURATION, "age of the account", (), True, False),
    QueryField("silent", FieldType.DURATION, "time since the last post", (), True, False),
    QueryField("posted", _D, "last post", (), True, True),
    QueryField("created", _D, "when the account was created", (), True, True),
    QueryField("followed", _D, "when they started following us, as far as seen", (), True, True),
    QueryField("left", _D, "when they stopped following us", (), True, True),
    QueryField("at", FieldType.DAY, "relations as they were at the end of that day", (), False, False),
    QueryField("cause", _C, "why a follower was lost", tuple(c.value for c in LossCause), False, False),
    QueryField("outcome", _C, "visited, downloaded or registered", OUTCOMES, False, False),
    QueryField("came-before", _C, "visited, downloaded or registered in the 90 days before engaged:", OUTCOMES),
    QueryField("came-after", _C, "visited, downloaded or registered in the 90 days from engaged: on", OUTCOMES),
    QueryField("goal", _W, "engaged by a playbook in the present stretch of its goal, such as goal:customer/visit"),
    QueryField("shelf", _W, "offered a link of the shelf by its number, such as shelf:4 or shelf:4/visit"),
    QueryField("engaged", _D, "when first engaged: talked, liked, reposted, offered something", (), False, False),
    QueryField("seen", _D, "when first seen", (), True, True),
    QueryField("contacted", _D, "last contact", (), True, False),
    QueryField("pruned", _D, "when last unfollowed, removed, blocked, muted or reported", (), False, False),
    QueryField("offered", _D, "last link offered", (), True, False),
)

HAS_FIELDS: tuple[str, ...] = (
    "id",
    "handle",
    "name",
    "bio",
    "location",
    "url",
    "domain",
    "followers",
    "following",
    "posts",
    "listed",
    "likes",
    "created",
    "posted",
    "verified",
    "affiliation",
    "note",
    "tag",
    "bot",
    "relevance",
    "kind",
    "type",
    "role",
    "seniority",
    "reason",
    "wave",
    "decision",
    "plan",
    "match",
    "company",
    "list",
    "owner",
    "followed",
    "left",
    "seen",
    "contacted",
    "offered",
)
"""Fields ``has:`` takes."""

FIELDS: dict[str, QueryField] = {f.name: f._replace(choices=HAS_FIELDS) if f.name == "has" else f for f in _FIELDS}
"""Name -> field, in the order help shows them."""

SORT_FIELDS: tuple[str, ...] = tuple(f.name for f in FIELDS.values() if f.is_sortable)
"""Fields ``sort:`` takes; times sort by the moment, durations by their length."""

COUNT_FIELDS: tuple[str, ...] = tuple(f.name for f in FIELDS.values() if f.is_countable)
"""Fields count-by takes; dates count by month."""
