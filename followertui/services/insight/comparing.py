"""Two saved reports side by side: what changed, what of it is beyond the noise, what moves by itself.

Owns reading saved reports (``report --json``) and the wording of their difference. Reads files
only, no store; the command line calls it.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from followertui.domain.errors import BadInput
from followertui.services.insight.report_text import CAUSE_WORDS, FORMAT, percent, share

_MOST_BYTES = 50_000_000
_NEEDED = ("followers", "following", "qualified", "as_of", "profile", "index")


def saved(path: Path) -> dict[str, Any]:
    """A report as ``followertui report --json`` wrote it.

    Raises:
        BadInput: it cannot be read, is none, or is of another format.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise BadInput(f"{path}: is larger than any report; name a file of `followertui report --json`")
        body = json.loads(path.read_text(encoding="utf-8"))
    except OSError as problem:
        raise BadInput(f"{path}: cannot be read ({problem.strerror})") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{path}: is no JSON; name a file of `followertui report --json`") from None
    if not isinstance(body, dict) or any(key not in body for key in _NEEDED):
        raise BadInput(f"{path}: is no saved report; `followertui report --json > FILE` writes one")
    if body.get("format") != FORMAT:
        raise BadInput(f"{path}: is of format {body.get('format')}, this program reads {FORMAT}")
    return body


def compare(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any]:
    """How one report differs from an earlier one.

    Returns:
        Keys ``from`` and ``to`` (when they were read), ``figures``: records of side, name, old, new,
        change and is_beyond_noise; ``losses``: followers lost between them by cause, None where a report does not
        say it; ``qualified``: both estimates and whether they differ beyond the
        noise, None where one is missing; ``index``: both; ``by_itself``: sentences on what moves
        figures without anybody coming or leaving.

    Raises:
        BadInput: they are of different profiles.
    """
    if old["profile"] and new["profile"] and old["profile"] != new["profile"]:
        raise BadInput(f"the reports are of @{old['profile']} and @{new['profile']}: compare two of one profile")
    try:
        figures = [line for side in ("followers", "following") for line in _figures(side, old[side], new[side])]
        return {
            "from": old["as_of"],
            "to": new["as_of"],
            "figures": figures,
            "losses": _losses(old, new),
            "qualified": _qualified(old["qualified"], new["qualified"]),
            "index": {"old": old["index"], "new": new["index"]},
            "by_itself": _by_itself(old, new),
        }
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadInput(
            "one of the files is a damaged report: write it again with `followertui report --json`"
        ) from None


def _figures(side: str, old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]]:
    made = []
    for group in ("total", "states", "kinds", "facts"):
        before, after = (
            {one["name"]: int(one["count"]) for one in ([body["total"]] if group == "total" else body[group])}
            for body in (old, new)
        )
        for name in dict.fromkeys([*before, *after]):
            one, other = before.get(name, 0), after.get(name, 0)
            # Comings and goings of independent people vary by about the root of their number.
            is_beyond = abs(other - one) > 2 * math.sqrt(max(1, one + other))
            made.append(
                {"side": side, "group": group, "name": name, "old": one, "new": other, "change": other - one,
                 "is_beyond_noise": is_beyond}
            )  # fmt: skip
    return made


def _losses(old: dict[str, Any], new: dict[str, Any]) -> list[dict[str, Any]] | None:
    """Followers lost between both, by cause; who came back since counts in none."""
    if "losses" not in old or "losses" not in new:
        return None
    before, after = ({one["name"]: int(one["count"]) for one in body["losses"]} for body in (old, new))
    changes = {name: after.get(name, 0) - before.get(name, 0) for name in dict.fromkeys([*before, *after])}
    return [{"cause": name, "count": count} for name, count in changes.items() if count]


def _qualified(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
    """Both estimates as shares, and whether their intervals leave no value in common."""
    if not old["estimate"] or not new["estimate"] or not old["of"] or not new["of"]:
        return None
    shares = [{key: body["estimate"][key] / body["of"] for key in ("low", "point", "high")} for body in (old, new)]
    is_beyond = shares[0]["high"] < shares[1]["low"] or shares[1]["high"] < shares[0]["low"]
    return {"old": shares[0], "new": shares[1], "is_beyond_noise": is_beyond}


def _by_itself(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """What moves figures although nobody came or left."""
    said = []
    kinds = [{one["name"]: one["count"] for one in body["followers"]["kinds"]} for body in (old, new)]
    judged = kinds[0].get("unseen", 0) - kinds[1].get("unseen", 0)
    if judged > 0:
        said.append(f"{judged:,} followers were judged since, which alone moves every share")
    said += _said_of_kinds(old, new)
    matters = [[one["name"] for one in body.get("matters", ())] for body in (old, new)]
    if matters[0] != matters[1]:
        said.append(f"other kinds count as qualified: {', '.join(matters[0])} before, {', '.join(matters[1])} now")
    lists = [len(body.get("coverage", ())) for body in (old, new)]
    if lists[0] != lists[1]:
        said.append(f"{lists[1]} lists instead of {lists[0]}: matches and the index follow from that")
    if old.get("rules", new.get("rules")) != new.get("rules"):
        said.append("accounts were judged by other rules: kinds and what counts as silent follow from that")
    cleaned = new.get("clean_up")
    if cleaned and cleaned["end"] > str(old["as_of"])[:10]:
        pruned = sum(one["count"] for one in cleaned["pruned"])
        said.append(f"you pruned {pruned:,} accounts from {cleaned['begin']} to {cleaned['end']}")
    change = new.get("change")
    if change and not change["are_losses_known"]:
        said.append("no complete reading lately: nobody can have left")
    return said


_DECIDED = {
    "person": "set by a person",
    "confirmed": "from a confirmed match",
    "certain": "from a certain match",
}
"""What decides a kind -> how it is said."""


def _said_of_kinds(old: dict[str, Any], new: dict[str, Any]) -> list[str]:
    """Which kinds were decided otherwise than before."""
    before, after = ({one["name"]: int(one["count"]) for one in body.get("basis", ())} for body in (old, new))
    if not before:
        return []
    return [
        f"kinds {how} are {count:,} more among followers, and the past is counted by them too"
        for name, how in _DECIDED.items()
        if (count := after.get(name, 0) - before.get(name, 0)) > 0
    ]


def lines(body: dict[str, Any]) -> list[str]:
    """The difference in words."""
    made = [f"from {str(body['from'])[:10]} to {str(body['to'])[:10]}"]
    totals = {one["side"]: one for one in body["figures"] if one["group"] == "total"}
    for side in ("followers", "following"):
        total = totals[side]
        made.append(f"{side}: {total['old']:,} to {total['new']:,} ({total['change']:+,})")
        for one in body["figures"]:
            if one["side"] == side and one["group"] in ("states", "kinds") and one["change"]:
                noise = "" if one["is_beyond_noise"] else ", within the noise"
                shares = f"{share(one['old'], total['old'])} to {share(one['new'], total['new'])}"
                made.append(f"  {one['name']:<14} {one['change']:+7,}   {shares}{noise}")
    for one in body["losses"] or ():
        made.append(f"  lost: {CAUSE_WORDS.get(one['cause'], one['cause']):<14} {one['count']:+7,}")
    qualified = body["qualified"]
    if qualified is not None:
        told = " to ".join(
            f"{percent(one['point'])} ({percent(one['low'])}-{percent(one['high'])})"
            for one in (qualified["old"], qualified["new"])
        )
        made.append(f"qualified: {told}" + ("" if qualified["is_beyond_noise"] else ", within the noise"))
    else:
        made.append("qualified: no estimate on both sides to compare; the counts above are by rule")
    index = body["index"]
    if index["old"] is not None and index["new"] is not None:
        made.append(f"quality index: {index['old']:.0f} to {index['new']:.0f}")
    return [*made, *(f"moves by itself: {line}" for line in body["by_itself"])]
