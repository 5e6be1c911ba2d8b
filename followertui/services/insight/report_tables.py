"""The report as tables: what CSV and Markdown are made of.

Owns the columns and their order, which scripts rely on. ``report_text`` owns the words.
"""

from __future__ import annotations

from typing import Any

from followertui.domain.guards import OUTCOMES
from followertui.domain.kind import KIND_ORDER
from followertui.services.insight import report_text
from followertui.services.insight.values import STAYING_DAYS, Funnel, GrowthDay, Report


def tables(report: Report) -> dict[str, tuple[tuple[str, ...], list[dict[str, Any]]]]:
    """The report as tables: name -> columns and records."""
    body = report_text.as_json(report)
    sides = [
        {"side": side, "group": group, **one}
        for side in ("followers", "following")
        for group in ("kinds", "states", "facts")
        for one in body[side][group]
    ]
    change = body["change"] or {}
    changes = [
        {"since": change["since"], "group": group, **one}
        for group in ("gained", "lost", "causes")
        for one in change.get(group, ())
    ]
    staying = [
        {**one, "joined": one["joined"]["count"], "lost": one["lost"]["count"], "query": one["joined"]["query"]}
        for one in (*body["staying_by_kind"], *body["staying_by_month"])
    ]
    back = [{key: value if key == "kind" else value["count"] for key, value in one.items()} for one in
            body["follow_back"]]  # fmt: skip
    funnels = {
        key: [_funnel(one, line, key) for one, line in zip(some, body[name], strict=True)]
        for key, name, some in (
            ("kind", "funnel", report.funnel), ("month", "funnel_by_month", report.funnel_by_month)
        )
    }  # fmt: skip
    around = [{**one, "query": one["queries"]["of"]} for one in body["around_first_engagement"]]
    links = [
        {"link": one.id, "title": one.title, "offered": one.offered,
         **{kind: one.outcomes.get(kind, 0) for kind in OUTCOMES},
         **{f"{kind}_by_link": one.by_link(kind) for kind in OUTCOMES}}
        for one in report.links
    ]  # fmt: skip
    goals = [{**one, **{kind: one["outcomes"].get(kind, 0) for kind in OUTCOMES}} for one in body["goals"]]
    days = tuple(f"after_{days}_days" for days in STAYING_DAYS)
    steps = ("follow", "engaged", *OUTCOMES, "came", "low", "share", "high", "says", "query")
    points = ("at", "is_complete", "source", "followers", "qualified", "not_qualified", "not_known")
    listed = ("list", "kind", "basis", "entries", "on_x", "possible", "confirmed", "follows_us", "we_follow", "engaged")
    return {
        "composition": (("side", "group", "name", "count", "query"), sides),
        "change": (("since", "group", "name", "count", "query"), changes),
        "history": ((*points, *(kind.value for kind in KIND_ORDER), "query"), [_point(one) for one in body["history"]]),
        "staying": (("name", "joined", "lost", *days, "query"), staying),
        "follow-back": (("kind", "we_follow", "follow_us", "both"), back),
        "funnel": (("kind", *steps), funnels["kind"]),
        "funnel-by-month": (("month", *steps), funnels["month"]),
        "around": (("outcome", "of", "before", "after", "verdict", "query"), around),
        "goals": (
            ("name", "title", "since", "target", "per", "engaged", "done", "skipped", "waiting", *OUTCOMES),
            goals,
        ),
        "links": (("link", "title", "offered", *OUTCOMES, *(f"{kind}_by_link" for kind in OUTCOMES)), links),
        "growth": (GrowthDay._fields, (body["growth"] or {}).get("days", [])),
        "clean-up": (("side", "name", "before", "now", "query"), _clean_up(body["clean_up"] or {})),
        "coverage": (listed, body["coverage"]),
        "people": (("handle", "name", "kind", "company", "followers"), body["people"]),
    }


def _funnel(one: Funnel, line: dict[str, Any], key: str) -> dict[str, Any]:
    """A line of a funnel; the query finds who came."""
    steps = {step["name"]: step["count"] for step in line["steps"]}
    share, says = line["came_share"] or {}, report_text.TOO_FEW if line["is_too_few"] else ""
    return {key: one.name, **steps, "came": one.came.count, **share, "says": says, "query": one.came.query}


def _point(one: dict[str, Any]) -> dict[str, Any]:
    """A reading with a column for every kind."""
    kinds = {kind.value: one["kinds"].get(kind.value, 0) for kind in KIND_ORDER}
    return {**{key: value for key, value in one.items() if key != "kinds"}, **kinds}


def _clean_up(cleaned: dict[str, Any]) -> list[dict[str, Any]]:
    """What was done and lost, then what it changed."""
    done = [
        {"side": group, "name": one["name"], "now": one["count"], "query": one["query"]}
        for group in ("actions", "pruned", "lost")
        for one in cleaned.get(group, ())
    ]
    shifts = [
        {"side": side, "name": one["name"], "before": one["before"]["count"], "now": one["now"]["count"]}
        for side in ("following", "followers")
        for one in cleaned.get(side, ())
    ]
    return [*done, *shifts]
