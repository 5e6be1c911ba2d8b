"""The table of query fields: the one place that says which fields there are.

Owns names, types, choices and help of every query field. The parser, completion, the
evaluator, ``sort:``, count-by and the help read it. Stdlib only; anyone may import it.
"""

from __future__ import annotations

from followertui.domain.decision import ACTION_ORDER, DECISION_ORDER
from followertui.domain.judgement import ROLES, SENIORITIES, TYPE_ORDER
from followertui.domain.kind import KIND_ORDER
from followertui.domain.query import FieldType, QueryField

FLAGS: dict[str, str] = {
    "follower": "follows us",
    "following": "we follow them",
    "mutual": "both follow each other",
    "fan": "follows us, we do not follow back",
    "leader": "we follow them, they do not follow back",
    "new": "followed us after the first complete reading",
    "left": "followed us once, does not any more",
    "kept": "decided keep",
    "reviewed": "a person decided or said a kind",
    "planned": "something is planned and not done yet",
    "verified": "X verified the account",
    "locked": "the posts are protected",
    "guarded": "held back from pruning",
    "nameless": "known by id only",
    "silent": "no post for longer than the silence setting",
    "gone": "the account no longer exists",
    "suspended": "X suspended the account",
}

_C, _T, _N, _D, _W = FieldType.CHOICE, FieldType.TEXT, FieldType.NUMBER, FieldType.DATE, FieldType.NAME

_FIELDS: tuple[QueryField, ...] = (
    QueryField("is", FieldType.FLAG, "a state", tuple(FLAGS)),
    QueryField("kind", _C, "who someone is", tuple(k.value for k in KIND_ORDER), True, True),
    QueryField("type", _C, "sort of account", tuple(t.value for t in TYPE_ORDER), True, True),
    QueryField("decision", _C, "what was decided", tuple(d.value for d in DECISION_ORDER), True, True),
    QueryField("plan", _C, "what is planned", ("any", "none", *(a.value for a in ACTION_ORDER)), False, True),
    QueryField(
        "match",
        FieldType.MATCH,
        "ties to your lists, or a score range such as 90..",
        ("any", "none", "unchecked", "certain", "likely", "possible", "confirmed", "rejected"),
        True,
        True,
    ),
    QueryField("tag", _W, "a tag", (), False, True),
    QueryField("list", _W, "matches an entry of this list", (), False, True),
    QueryField("company", _T, "matches this company", (), False, True),
    QueryField("owner", _W, "owner of the matched record in the CRM", (), False, True),
    QueryField("affiliation", _T, "vouched for by a verified organisation", (), True, True),
    QueryField("role", _C, "function read from the bio", tuple(r for r in ROLES if r), True, True),
    QueryField("seniority", _C, "seniority read from the bio", tuple(s for s in SENIORITIES if s), True, True),
    QueryField("reason", _W, "a signal that fired", (), False, True),
    QueryField("domain", _T, "the site's domain", (), False, True),
    QueryField("name", _T, "display name", (), True, False),
    QueryField("handle", _T, "handle", (), True, False),
    QueryField("bio", _T, "bio", (), False, False),
    QueryField("location", _T, "place", (), True, True),
    QueryField("note", _T, "your note", (), False, False),
    QueryField("has", _C, "something is known of a field", (), False, False),
    QueryField("followers", _N, "how many follow them", (), True, False),
    QueryField("following", _N, "how many they follow", (), True, False),
    QueryField("posts", _N, "how many posts", (), True, False),
    QueryField("listed", _N, "on how many lists", (), True, False),
    QueryField("ratio", _N, "following / followers", (), True, False),
    QueryField("bot", _N, "bot score 0-100", (), True, False),
    QueryField("relevance", _N, "closeness to your market 0-100", (), True, False),
    QueryField("age", FieldType.DURATION, "how long the account exists", (), True, False),
    QueryField("silent", FieldType.DURATION, "time since the last post", (), True, False),
    QueryField("posted", _D, "last post", (), True, True),
    QueryField("created", _D, "when the account was made", (), True, True),
    QueryField("followed", _D, "when they began to follow us, as far as seen", (), True, True),
    QueryField("left", _D, "when they stopped following us", (), True, True),
    QueryField("seen", _D, "when first seen", (), True, True),
    QueryField("contacted", _D, "last contact", (), True, False),
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
    "created",
    "posted",
    "verified",
    "affiliation",
    "note",
    "tag",
    "bot",
    "relevance",
    "role",
    "decision",
    "plan",
    "match",
    "contacted",
    "offered",
)
"""What ``has:`` takes."""

FIELDS: dict[str, QueryField] = {f.name: f._replace(choices=HAS_FIELDS) if f.name == "has" else f for f in _FIELDS}
"""Name -> field, in the order help shows them."""

SORT_FIELDS: tuple[str, ...] = tuple(f.name for f in FIELDS.values() if f.is_sortable)
"""What ``sort:`` takes; times sort by the moment, durations by their length."""

COUNT_FIELDS: tuple[str, ...] = tuple(f.name for f in FIELDS.values() if f.is_countable)
"""What count-by takes; dates count by month."""
