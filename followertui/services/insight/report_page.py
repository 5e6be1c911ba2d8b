"""The report as one HTML page: charts, tables beside them, and its whole data as inert JSON.

Owns the page and its charts. It needs nothing from elsewhere: no script, no font, no picture, and
says so in its Content-Security-Policy. Charts are pygal's SVG (kept up, no dependency that draws,
loaded only here), without the script it would link; colours follow the reader's light or dark
scheme. Foreign text is escaped here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import tzinfo
from html import escape
from typing import TYPE_CHECKING, Any

from followertui.domain.guards import AROUND_DAYS, OUTCOMES
from followertui.domain.kind import QUALIFIED_KINDS, Kind
from followertui.late import late
from followertui.services.insight import growing, report_text
from followertui.services.insight.values import BASELINE, STAYING_DAYS, Figure, Funnel, Report
from followertui.services.phrases import DONE_WORDS, day
from followertui.text.escaping import json_text, safe_line

if TYPE_CHECKING:
    import pygal
    from pygal.style import Style
else:
    pygal = late("pygal")

_COLOURS: dict[str, str] = {
    **{kind.value: "var(--good)" for kind in QUALIFIED_KINDS},
    **dict.fromkeys((Kind.EMPLOYEE.value, Kind.VENDOR.value), "var(--own)"),
    **dict.fromkeys((Kind.BOT.value, Kind.HARMFUL.value), "var(--bad)"),
    **dict.fromkeys((Kind.OFFTOPIC.value, Kind.OTHER.value, Kind.COMPETITOR.value), "var(--doubt)"),
}
_REST = "var(--dim)"

_CSS = """
:root{color-scheme:light dark;--fg:#1c232b;--bg:#fff;--line:#ccd3da;--dim:#8b95a1;--good:#1d7a41;--bad:#b3261e;
--doubt:#b06a00;--own:#6b45b0;--link:#0f6d8c}
@media (prefers-color-scheme:dark){:root{--fg:#d8dee6;--bg:#10141b;--line:#2c3644;--dim:#7f8a97;--good:#6cc98c;
--bad:#ef6f6c;--doubt:#f0b45b;--own:#a78bda;--link:#5cb8d6}}
body{margin:0 auto;max-width:70rem;padding:1rem;background:var(--bg);color:var(--fg);
font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
h1{font-size:1.5rem;line-height:1.25}h2{font-size:1.15rem;margin:2rem 0 .5rem}
.answer{font-size:1.15rem;font-weight:600;color:var(--good)}ul{padding-left:1.2rem}
figure,tr{break-inside:avoid}h2{break-after:avoid}figure{margin:0}.whole figure{max-width:45rem}
figure .guide.line{stroke:var(--line)!important}
svg{width:100%;height:auto;max-height:30rem}
.wide{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{padding:.25rem .5rem;border-bottom:1px solid var(--line);text-align:left;white-space:nowrap}
td.w{white-space:normal;min-width:12rem}
td.q{min-width:14rem}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}code{font-size:.8rem;color:var(--dim);white-space:normal;
overflow-wrap:anywhere}caption{text-align:left;color:var(--dim)}
@media (max-width:40rem){.q{display:none}caption{max-width:90vw}}
@media (min-width:55rem){.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1.15fr);
gap:1.5rem;align-items:start}.pair .wide{max-height:32rem;overflow:auto}
.pair th{position:sticky;top:0;background:var(--bg)}}
@media print{body{max-width:none;padding:0;font-size:10pt}.q{display:none}svg{max-height:7cm}
.wide,.pair .wide{max-height:none;overflow:visible}table{font-size:8pt}th{position:static;white-space:normal}
td,th{padding:.1rem .35rem}h2{margin-top:1rem}}
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(report: Report, zone: tzinfo) -> str:
    """The whole page, UTF-8 text."""
    first, *rest = report_text.lines(report, zone)
    body = [f"<h1>{_text(first)}</h1>", f'<p class="answer">{_text(report_text.quality_line(report.quality))}</p>']
    told = [line for line in rest if line != report_text.quality_line(report.quality)]
    body.append("<ul>" + "".join(f"<li>{_text(line)}</li>" for line in told) + "</ul>")
    body += _kinds(report)
    body += _over_time(report, zone)
    body += _growth(report)
    body += _changes(report)
    body += _clean_up(report)
    body += _outcomes(report)
    body += _goals(report)
    body += _staying(report)
    body += _lists(report)
    body += _links(report)
    body += _people(report)
    data = json_text(report_text.as_json(report)).replace("<", "\\u003c")
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        '<meta name="referrer" content="no-referrer">'
        f"<title>{_text(first)}</title><style>{_CSS}</style></head><body>{''.join(body)}"
        f'<script type="application/json" id="report">{data}</script></body></html>\n'
    )


def _text(text: Any) -> str:
    """Foreign text as text of the page."""
    return escape(safe_line(str(text)))


def _wide(table: str) -> str:
    """A table that may be scrolled where there is no room for it, with the keyboard too."""
    return f'<div class="wide" tabindex="0">{table}</div>'


def _section(title: str, chart: str, table: str) -> str:
    return f'<section><h2>{_text(title)}</h2><div class="pair">{chart}{_wide(table)}</div></section>'


def _plain_section(title: str, table: str, chart: str = "") -> str:
    """A section whose table needs the whole width, below its chart if there is one."""
    return f'<section class="whole"><h2>{_text(title)}</h2>{chart}{_wide(table)}</section>'


def _table(caption: str, heads: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """A table; numbers stand at the right, a last column of queries in small."""
    lines = []
    for row in rows:
        cells = (_cell(head, cell) for head, cell in zip(heads, row, strict=True))
        lines.append(f"<tr>{''.join(cells)}</tr>")
    head = "".join(f'<th scope="col"{_kind_of_column(one)}>{_text(one)}</th>' for one in heads)
    top = f"<caption>{_text(caption)}</caption><thead><tr>{head}</tr></thead>"
    return f"<table>{top}<tbody>{''.join(lines)}</tbody></table>"


def _cell(head: str, cell: Any) -> str:
    if head == "query":
        # A list of kinds may be broken after each of them, and nothing is copied with it.
        return f'<td class="q"><code>{_text(cell).replace(",", ",<wbr>")}</code></td>'
    text = f"{cell:,}" if isinstance(cell, int) else _text(cell)
    wraps = ' class="w"' if len(text) > _LONG and head in _WORDS else _kind_of_column(head)
    return f"<td{wraps}>{text}</td>"


def _kind_of_column(head: str) -> str:
    """The class of a column's cells: words, numbers or queries."""
    if head == "query":
        return ' class="q"'
    return "" if head in _WORDS else ' class="n"'


_LONG = 30
"""Characters from which words of a cell may be broken into lines."""

_WORDS = frozenset(
    {
        "",
        "week until",
        "kind or state",
        "kind",
        "reading",
        "who",
        "list",
        "handle",
        "name",
        "company",
        "month",
        "outcome",
        "playbook",
        "difference",
    }
)
"""Heads of columns that hold words; the others hold numbers."""


def _chart(name: str, title: str, drawn: Any) -> str:
    """A chart of pygal as a figure: its SVG, without the script and the addresses it would link."""
    drawn.uuid = name
    svg = drawn.render(is_unicode=True)
    svg = re.sub(r"<script.*?</script>|<!--.*?-->", "", svg, flags=re.DOTALL)
    svg = svg.replace("<svg ", f'<svg role="img" aria-label="{_text(title)}" ', 1)
    return f"<figure>{svg}</figure>"


def _style(colours: Sequence[str]) -> Style:
    return pygal.style.Style(
        background="transparent", plot_background="transparent", foreground="var(--fg)",
        foreground_strong="var(--fg)", foreground_subtle="var(--line)", colors=tuple(colours), opacity=".85",
        font_family="system-ui, sans-serif", label_font_size=14, major_label_font_size=14, legend_font_size=15,
        value_font_size=13,
    )  # fmt: skip


def _options(colours: Sequence[str], height: int) -> dict[str, Any]:
    return {
        "style": _style(colours), "js": [], "width": 720, "height": height, "disable_xml_declaration": True,
        "show_minor_y_labels": True, "margin": 8, "margin_right": 48,
        "legend_at_bottom": True, "max_scale": 8, "truncate_label": 20, "truncate_legend": 30,
        "value_formatter": lambda value: f"{value:,.0f}" if value is not None else "",
    }  # fmt: skip


def _bars(name: str, title: str, figures: Sequence[Figure]) -> str:
    shown = sorted((one for one in figures if one.count), key=lambda one: one.count)
    drawn = pygal.HorizontalBar(
        **{**_options(["var(--good)"], 90 + 30 * len(shown)), "show_legend": False}, show_y_guides=False
    )
    drawn.x_labels = [one.name for one in shown]
    drawn.add("accounts", [{"value": one.count, "color": _COLOURS.get(one.name, _REST)} for one in shown])
    return _chart(name, title, drawn)


def _kinds(report: Report) -> list[str]:
    made = []
    for name, title, side in (
        ("followers", "What the followers are", report.followers),
        ("following", "Whom we follow", report.following),
    ):
        if not side.total.count:
            continue
        rows = [(one.name, one.count, report_text.share(one.count, side.total.count), one.query) for one in
                (*side.kinds, *side.states, *side.facts)]  # fmt: skip
        table = _table(f"{side.total.count:,} accounts", ("kind or state", "accounts", "share", "query"), rows)
        made.append(_section(title, _bars(name, title, side.kinds), table))
    return made


def _over_time(report: Report, zone: tzinfo) -> list[str]:
    points = report.history
    if len(points) < 2:
        return []
    drawn = pygal.StackedLine(
        **_options(("var(--good)", "var(--doubt)", "var(--dim)"), 380), fill=True, show_dots=len(points) < 30,
        x_labels_major_count=6, show_minor_x_labels=False, show_only_major_dots=False,
    )  # fmt: skip
    days = [day(one.at, zone) + ("" if one.is_complete else " (partial)") for one in points]
    drawn.x_labels = days
    for place, label in enumerate(("qualified", "not qualified", "not known yet")):
        drawn.add(label, [one.states[place] for one in points])
    rows = [
        (days[place], points[place].total, *points[place].states)
        for place in (0, *range(1, len(points) - 1, max(1, len(points) // 24)), len(points) - 1)
    ]
    heads = ("reading", "followers", "qualified", "not qualified", "not known")
    title = "Followers over time, by the kinds as they are known today"
    caption = f"{len(points):,} readings; partial ones add and never take away"
    return [_section(title, _chart("history", title, drawn), _table(caption, heads, rows))]


def _growth(report: Report) -> list[str]:
    growth = report.growth
    if growth is None:
        return []
    weeks = {name: growing.by_week(growth, name) for name in ("new_follows", "unfollows", "profile_visits", "posts")}
    count = len(weeks["new_follows"])
    ends = [growth.days[-1 - 7 * back].day for back in range(count) if 7 * back < len(growth.days)][::-1]
    drawn = pygal.Bar(**_options(("var(--good)", "var(--bad)"), 340), x_labels_major_count=6, show_minor_x_labels=False)
    drawn.x_labels = ends
    drawn.add("new follows", weeks["new_follows"])
    drawn.add("unfollows", [-one for one in weeks["unfollows"]])
    followers = {one.day: one.followers for one in growth.days}
    rows = [
        (end, weeks["new_follows"][at], weeks["unfollows"][at], weeks["profile_visits"][at], weeks["posts"][at],
         "" if followers[end] is None else followers[end])
        for at, end in enumerate(ends)
    ]  # fmt: skip
    heads = ("week until", "new follows", "unfollows", "profile visits", "posts", "followers")
    title = "Growth by X's own count"
    table = _table(report_text.growth_line(growth), heads, rows[-26:])
    return [_section(title, _chart("growth", title, drawn), table)]


def _changes(report: Report) -> list[str]:
    change = report.change
    if change is None or not (change.gained or change.lost):
        return []
    gained, lost = ({one.name: one.count for one in some} for some in (change.gained, change.lost))
    names = [one.name for one in (*change.gained, *(two for two in change.lost if two.name not in gained))]
    drawn = pygal.HorizontalBar(**_options(("var(--good)", "var(--bad)"), 140 + 44 * len(names)), show_y_guides=False)
    drawn.x_labels = names
    drawn.add("came", [gained.get(name, 0) for name in names])
    drawn.add("left", [lost.get(name, 0) for name in names])
    rows = [(f"{word}: {report_text.CAUSE_WORDS.get(one.name, one.name)}", one.count, one.query) for word, some in
            (("came", change.gained), ("left", change.lost), ("lost", change.causes)) for one in some]  # fmt: skip
    title = f"Who came and who left since {change.since}"
    known = "" if change.are_losses_known else "; losses are not known: no complete reading since"
    table = _table(f"qualified {change.net_qualified:+,}{known}", ("who", "accounts", "query"), rows)
    return [_section(title, _chart("change", title, drawn), table)]


def _clean_up(report: Report) -> list[str]:
    clean_up = report.clean_up
    if clean_up is None:
        return []
    both = (("we follow", clean_up.following), ("followers", clean_up.followers))
    shown = [
        (f"{side}: {one.name}", one)
        for side, shifts in both
        for one in (shifts[0], *(two for two in shifts[4:] if two.before.count != two.now.count))
    ]
    drawn = pygal.HorizontalBar(**_options(("var(--dim)", "var(--good)"), 140 + 34 * len(shown)), show_y_guides=False)
    drawn.x_labels = [name for name, _ in reversed(shown)]
    drawn.add("before", [one.before.count for _, one in reversed(shown)])
    drawn.add("now", [one.now.count for _, one in reversed(shown)])
    rows: list[tuple[Any, ...]] = [(DONE_WORDS[one.name], "", one.count, one.query) for one in clean_up.actions]
    rows += [(f"{side}: {one.name}", one.before.count, one.now.count, one.now.query)
             for side, shifts in both for one in shifts]  # fmt: skip
    rows += [(f"lost besides: {one.name}", "", one.count, one.query) for one in clean_up.lost]
    title = f"What the clean-up did, {clean_up.days}"
    table = _table(report_text.lost_besides(clean_up), ("who", "before", "now", "query"), rows)
    return [_section(title, _chart("clean-up", title, drawn), table)]


def _outcomes(report: Report) -> list[str]:
    """What came of following, by kind with a chart, then by month, then around the first engagement."""
    made = []
    if report.funnel:
        steps = report.funnel[0].steps[1:]
        drawn = pygal.HorizontalBar(
            **_options(("var(--link)", "var(--own)", "var(--doubt)", "var(--good)"), 150 + 58 * len(report.funnel)),
            show_y_guides=False,
        )
        drawn.x_labels = [one.name for one in reversed(report.funnel)]
        for place, step in enumerate(steps, start=1):
            drawn.add(_STEP_WORDS[step.name], [one.steps[place].count or None for one in reversed(report.funnel)])
        title = "What came of following"
        made.append(_plain_section(title, _funnel_table("kind", report.funnel), _chart("funnel", title, drawn)))
    if report.funnel_by_month:
        made.append(_plain_section("What came of following, by month", _funnel_table("month", report.funnel_by_month)))
    if report.around:
        heads = ("outcome", "engaged with", "before", "after", "difference", "query")
        rows = [
            (one.outcome, one.of.count, one.before.count, one.after.count,
             report_text.around_verdict(one) or "more than chance", one.of.query)
            for one in report.around
        ]  # fmt: skip
        caption = (
            f"followers who did it in the {AROUND_DAYS} days before and after; "
            f"below {report_text.FEW} no difference is told"
        )
        made.append(_plain_section("Around the first engagement", _table(caption, heads, rows)))
    return made


_STEP_WORDS = {
    "follow": "follow", "engaged": "engaged", "visit": "visited", "download": "downloaded",
    "registration": "registered",
}  # fmt: skip


def _funnel_table(head: str, groups: Sequence[Funnel]) -> str:
    """Every step of each group, and the share of its followers that came, where there are enough of them."""
    heads = (head, *_STEP_WORDS.values(), "came (95%)", "query")
    rows = [(_GROUP_WORDS.get(one.name, one.name), *(step.count for step in one.steps), report_text.came_words(one),
             one.came.query) for one in groups]  # fmt: skip
    caption = (
        "each step is counted by itself; came: visited, downloaded or registered, of "
        f"{report_text.FEW_FOLLOWERS} followers or more"
    )
    return _table(caption, heads, rows)


_GROUP_WORDS = {BASELINE: "before the first reading"}


def _goals(report: Report) -> list[str]:
    """How the goal of each playbook stands, and what came after."""
    if not report.goals:
        return []
    heads = ("playbook", "engaged", "goal", "done", "skipped", "waiting", "visited", "downloaded", "registered")
    rows = [
        (one.title, one.engaged, "" if one.target is None else f"{one.target:,} a {one.per}", one.done, one.skipped,
         one.waiting, *(one.outcomes.get(kind, 0) for kind in OUTCOMES))
        for one in report.goals
    ]  # fmt: skip
    caption = "people engaged and what came after it, since the goal's present stretch began"
    return [_plain_section("Playbooks and goals", _table(caption, heads, rows))]


def _staying(report: Report) -> list[str]:
    groups = [one for one in report.staying_by_kind if any(share is not None for share in one.shares)]
    if not groups:
        return []
    drawn = pygal.Line(**{**_options([_COLOURS.get(one.name, _REST) for one in groups], 360),
                          "value_formatter": report_text.percent}, range=(0, 1))  # fmt: skip
    drawn.x_labels = ["0 d", *(f"{days} d" for days in STAYING_DAYS)]
    for one in groups:
        drawn.add(one.name, [1.0, *one.shares])
    rows = [
        (one.name, one.joined.count, *("" if share is None else report_text.percent(share) for share in one.shares))
        for one in (*groups, *report.staying_by_month)
    ]
    heads = ("who", "joined", *(f"{days} d" for days in STAYING_DAYS))
    title = "How long followers stay"
    caption = "share still there (Kaplan-Meier), by kind and by month of following"
    return [_section(title, _chart("staying", title, drawn), _table(caption, heads, rows))]


def _lists(report: Report) -> list[str]:
    lines = [line for line in report.coverage if line["entries"]]
    if not lines:
        return []
    drawn = pygal.HorizontalBar(**{**_options(("var(--link)", "var(--good)"), 140 + 44 * len(lines)),
                                   "value_formatter": report_text.percent}, range=(0, 1))  # fmt: skip
    drawn.x_labels = [safe_line(str(line["list"])) for line in lines]
    drawn.add("on X", [line["on_x"] / line["entries"] for line in lines])
    drawn.add("follow us", [line["follows_us"] / line["entries"] for line in lines])
    keys = ("list", "entries", "on_x", "follows_us", "we_follow", "engaged")
    heads = ("list", "entries", "on X", "follow us", "we follow", "engaged")
    rows = [[line[key] for key in keys] for line in lines]
    title = "How much of your lists is here"
    return [_section(title, _chart("lists", title, drawn), _table("entries of each list", heads, rows))]


def _links(report: Report) -> list[str]:
    if not report.links:
        return []
    rows = [
        (one.title, kind or "not told", one.offered, *(some.get(outcome, 0) for outcome in OUTCOMES))
        for one in report.links
        for kind, some in (one.by_kind or {"": {}}).items()
    ]
    heads = ("name", "kind", "offered", "visits", "downloads", "registrations")
    table = _table("by the campaign parameters of each link; nobody is named by them", heads, rows)
    return [_plain_section("What links brought", table)]


def _people(report: Report) -> list[str]:
    if not report.people:
        return []
    rows = [(one.kind, f"@{one.handle}" if one.handle else "", one.name, one.company) for one in report.people]
    table = _table("customers first, then by reach", ("kind", "handle", "name", "company"), rows)
    return [_plain_section("Who that matters is here", table)]
