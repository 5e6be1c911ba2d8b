"""Commands that measure: report, alerts."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from followertui.cli.options import Options
from followertui.cli.output import say, write_json
from followertui.cli.printing import put, put_document
from followertui.cli.wiring import notice_keychain, opened
from followertui.domain.clock import day_of, from_epoch
from followertui.domain.errors import BadInput, BadQuery, NothingToDo
from followertui.domain.query import At
from followertui.late import late
from followertui.services.insight.values import GrowthDay
from followertui.services.review import moving_on
from followertui.services.session import Session

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.care import adjusting
    from followertui.services.insight import (
        alerting,
        comparing,
        handing_over,
        handover_page,
        noticing,
        posting,
        report_files,
        report_text,
        reporting,
    )
else:
    adjusting = late("followertui.services.care.adjusting")
    alerting = late("followertui.services.insight.alerting")
    comparing = late("followertui.services.insight.comparing")
    handing_over = late("followertui.services.insight.handing_over")
    handover_page = late("followertui.services.insight.handover_page")
    noticing = late("followertui.services.insight.noticing")
    posting = late("followertui.services.insight.posting")
    report_files = late("followertui.services.insight.report_files")
    report_text = late("followertui.services.insight.report_text")
    reporting = late("followertui.services.insight.reporting")
    tables = late("followertui.cli.tables")


@click.group(invoke_without_command=True)
@click.option("--since", metavar="DATE", help="Count what changed from the end of this day: 2026-10-01, 30d, monday.")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.option("--md", "form", flag_value="md", help="Markdown.")
@click.option("--csv", "folder", metavar="DIR", type=click.Path(path_type=Path), help="Every table as CSV, into DIR.")
@click.option(
    "--html", "page", metavar="FILE", type=click.Path(path_type=Path), help="One page with charts, into FILE."
)
@click.option("--redact", is_flag=True, help="Leave out names, so that it can be passed on.")
@click.option("--qualified", metavar="KIND,...", help="From now on these kinds count as qualified.")
@click.pass_context
def report(
    ctx: click.Context,
    since: str | None,
    form: str | None,
    folder: Path | None,
    page: Path | None,
    redact: bool,
    qualified: str | None,
) -> None:
    """What the audience is worth, whether it gets better, who came and who left.

    Without options about eight lines to paste into a chat. Every figure names the query that
    finds the accounts behind it (--json). `followertui help report` has the formulas.
    """
    if ctx.invoked_subcommand is not None:
        return
    options: Options = ctx.obj
    with opened(options) as bench:
        session = bench.session
        if qualified is not None:
            adjusting.change(session, "qualified", qualified)
            bench.refresh_counts()
        made = reporting.report(session, None if since is None else _day(session, since))
        if redact:
            made = report_files.redacted(made)
        if folder is not None:
            written = report_files.write_tables(made, folder)
            say(options, f"{', '.join(written)} in {folder}")
        if page is not None:
            report_files.write_page(made, page, session.zone)
            names = "" if redact else "; it holds names, --redact leaves them out"
            say(options, f"{page}: one page, nothing of it is loaded from elsewhere{names}")
        if form == "json":
            write_json(report_text.as_json(made))
        elif form == "md":
            put_document(report_files.markdown(made, session.zone), is_line=False)
        elif folder is None and page is None:
            for line in report_text.lines(made, session.zone):
                put(line)


@report.command("diff")
@click.argument("old", metavar="OLD", type=click.Path(path_type=Path))
@click.argument("new", metavar="NEW", type=click.Path(path_type=Path))
@click.option("--json", "form", flag_value="json", help="One JSON document.")
def diff(old: Path, new: Path, form: str | None) -> None:
    """Compare two reports saved with `report --json > FILE`: by kind, and what is beyond the noise."""
    body = comparing.compare(comparing.saved(old), comparing.saved(new))
    if form == "json":
        write_json(body)
        return
    for line in comparing.lines(body):
        put(line)


@report.command("days")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def days(options: Options, form: str | None) -> None:
    """X's account analytics day by day: what the growth in the report adds up.

    Followers are those at the end of the day, counted from the reading the curve hangs on.
    """
    with opened(options) as bench:
        growth = reporting.days(bench.session)
    if growth is None:
        raise NothingToDo("no account analytics yet: followertui import analytics FILE brings them in")
    if form == "json":
        write_json([one._asdict() for one in growth.days])
        return
    tables.write_table(
        ((one.day, *("" if count is None else f"{count:,}" for count in one[1:])) for one in growth.days),
        [name.replace("_", " ") for name in GrowthDay._fields],
    )


@click.command()
@click.option("--html", "page", metavar="FILE", type=click.Path(path_type=Path), help="One page to print, into FILE.")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def handover(options: Options, page: Path | None, form: str | None) -> None:
    """What the next person has to know, in Markdown.

    Open plans and what holds them back, calls left in doubt, released guards, what was put off with
    its date and note, where two people differ, what is due, and who worked here.
    """
    with opened(options) as bench:
        made = handing_over.handover(bench.session)
        if page is not None:
            handover_page.write(made, page)
            say(options, f"{page}: one page; it holds names, keep it as safe as the store")
        elif form == "json":
            write_json(handing_over.as_json(made))
        else:
            put_document("\n".join(handing_over.as_text(made)), is_line=True)


@click.command()
@click.option("--since", metavar="DATE", help="What happened after this day: 2026-10-01, 7d, monday.")
@click.option("--unseen", is_flag=True, help="What happened since this reviewer moved on (m on the page of F3).")
@click.option("--move-on", "is_through", is_flag=True, help="Then count from the newest reading on, for this reviewer.")
@click.option("--notify", is_flag=True, help="Send a notice of it too, counts and kinds only: followertui notice set.")
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_obj
def alerts(options: Options, since: str | None, unseen: bool, is_through: bool, notify: bool, form: str | None) -> None:
    """Who that matters followed, left or changed company; waves of fakes; coverage that crossed a mark.

    By owner of the matched record. Without --since: since the reading before the newest one. The
    exit code is 4 where there is nothing to tell, so that a scheduled job can stay silent, and 1
    where a notice did not go out; then --move-on did not move on.
    """
    if unseen and since is not None:
        raise click.UsageError("--since and --unseen both name a day: give one")
    with opened(options) as bench:
        session = bench.session
        day = moving_on.seen_until(session) if unseen else None if since is None else _day(session, since)
        notice = noticing.wanted(notice_keychain(options, session.store)) if notify else None
        found = alerting.alerts(session, day)
        if form == "json":
            write_json([alerting.record(session, one) for one in found])
        else:
            for line in alerting.lines(session, found):
                put(line)
        if notice is not None and found:
            noticing.send(notice, found)
        if is_through:
            moving_on.move_on(session)
        if not found:
            raise NothingToDo("nothing to tell: nobody who matters came, left or moved")


def _day(session: Session, text: str) -> date:
    """The day a person names.

    Raises:
        BadInput: it is none.
    """
    try:
        where = session.parse(f"at:{text}").where
    except BadQuery as problem:
        raise BadInput(f"--since: {str(problem).removeprefix('at: ').rpartition(' at ')[0]}") from None
    if not isinstance(where, At):
        raise BadInput(f'--since takes one day, not "{text}"')
    return day_of(from_epoch(int(where.moment)), session.zone)


@report.command("posts")
@click.option("--json", "is_json", is_flag=True, help="One JSON document.")
@click.pass_obj
def report_posts(options: Options, is_json: bool) -> None:
    """Your own posts week by week, and the followers that came in each; silent weeks are named.

    The posts are those of an X archive or of account analytics. What came beside them did not have to
    come because of them.
    """
    with opened(options) as bench:
        found = posting.rhythm(bench.session)
    if found is None:
        raise NothingToDo("no post of yours is known: import an X archive or X's account analytics")
    if is_json:
        write_json({**found._asdict(), "weeks": [week._asdict() for week in found.weeks]})
        return
    tables.write_table(
        (
            (week.monday, _posts_word(week.posts), str(week.gained), str(week.qualified))
            for week in reversed(found.weeks)
        ),
        ("week of", "posts", "new followers", "qualified"),
    )
    silent = f", {found.silent:,} without any (the longest silence {found.longest_silence:,})" if found.silent else ""
    say(options, f"{found.a_week:g} posts a week over {len(found.weeks):,} weeks{silent}")


def _posts_word(posts: int | None) -> str:
    return "not known" if posts is None else str(posts) if posts else "silent"


COMMANDS: dict[str, click.Command] = {"report": report, "handover": handover, "alerts": alerts}
