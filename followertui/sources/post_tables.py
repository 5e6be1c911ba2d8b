"""Tables of posts, whose people are authors, of lists on X and of whole graphs: none is a list of accounts.

Owns telling them by their headers, and what is said of them. Imported by ``account_exports``.
"""

from __future__ import annotations

from collections.abc import Sequence

from followertui.sources.column_names import fold_header

_OF_POSTS = frozenset(
    {
        *(
            "tweetid",
            "tweeturl",
            "tweetlink",
            "tweettext",
            "tweetcontent",
            "tweet",
            "tweetdate",
            "statusid",
            "statusurl",
        ),
        *("posturl", "postlink", "posttext", "embeddedtext", "fulltext", "text", "content", "retweets", "retweetcount"),
        *("retweetscount", "reposts", "repostcount", "replycount", "repliescount", "replies", "quotecount"),
        *("rt", "rts", "fav", "favs", "conversationid", "inreplytouserid", "inreplytouseridstr", "inreplytoscreenname"),
        *("inreplytostatusid", "postedat", "tweetedat"),
        *("inreplytostatusidstr", "isretweet", "retweeted", "hashtags", "mentions"),
    }
)
_FEWEST, _SURELY, _FEWEST_OF_LISTS = 2, 4, 3

POSTS = (
    "a table of posts: who wrote them is no list of followers; to take their authors name the column of who they are, "
    "as --map 'Screen Name=handle', with --relation none --tag NAME"
)

_OF_LISTS = frozenset({"slug", "members", "membercount", "subscribers", "subscribercount", "mode", "privacy"})
LISTS = "a table of lists on X, not of who is in them: save the members of one, and say --relation none --tag NAME"
_OF_GRAPHS = frozenset({"_start", "_end", "_type"})
GRAPH = (
    "a whole graph in one table, as apoc.export.csv.all writes it: which account is whose is not told by its rows; "
    "export it as JSON instead (apoc.export.json.all), which is read"
)


def is_of_graph(header: Sequence[str]) -> bool:
    """Whether a table holds nodes and the relations between them one below the other."""
    return _OF_GRAPHS.issubset(header)


def is_of_lists(header: Sequence[str]) -> bool:
    """Whether a table tells of lists on X, whose handles are their owners'."""
    return sum(fold_header(column) in _OF_LISTS for column in header) >= _FEWEST_OF_LISTS


def is_of_posts(header: Sequence[str], fields: set[str]) -> bool:
    """Whether a table is of posts.

    Args:
        header: headers as written.
        fields: fields its columns have if these are accounts; one with bios is of accounts with their last post.
    """
    return "bio" not in fields and sum(fold_header(column) in _OF_POSTS for column in header) >= _FEWEST


def is_surely_of_posts(header: Sequence[str], fields: set[str]) -> bool:
    """Whether a table is of posts, also where no column is the handle or id of who wrote them.

    Args:
        header: headers as written.
        fields: fields its columns have if these are entries of a list; one with addresses is of people.
    """
    words = sum(fold_header(column) in _OF_POSTS for column in header)
    return words >= _SURELY and not fields & {"email", "domain", "last_name"}
