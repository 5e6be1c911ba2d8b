"""Commands that carry out: plan, apply, worksheet, sandbox."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from pathlib import Path
from threading import Event
from typing import Any

import click

from followertui.cli.options import Options
from followertui.cli.output import run_job, say, table, write_json
from followertui.cli.queries import QueryCommand
from followertui.cli.wiring import opened
from followertui.domain.decision import ACTION_ORDER, ActionKind
from followertui.domain.errors import BadInput, LimitReached, NothingToDo
from followertui.services.plan.values import ApplyEvent, ApplyReport, HandTask
from followertui.services.workbench import Workbench

_ACTIONS = click.Choice([action.value for action in ACTION_ORDER])
_ANSWERS = {"d": "done", "s": "later", "m": "missing"}


@click.group(invoke_without_command=True)
@click.option("--json", "form", flag_value="json", help="One JSON document.")
@click.pass_context
def plan(ctx: click.Context, form: str | None) -> None:
    """What still has to be done on X: counts, reasons, what is held back, price, time."""
    if ctx.invoked_subcommand is not None:
        return
    from followertui.services.plan import previewing

    with opened(ctx.obj) as bench:
        overview = bench.plan_overview()
        if form == "json":
            write_json(previewing.plan_record(overview))
            return
        for line in previewing.plan_text(overview):
            click.echo(line)
        if not overview.groups:
            say(ctx.obj, "Nothing is planned; `followertui decide QUERY out` or the review plans something.")


@plan.command("add", cls=QueryCommand)
@click.argument("action", type=_ACTIONS)
@click.argument("query")
@click.option("--list", "list_name", metavar="NAME", help="List of X, for list-add and list-remove.")
@click.option("--post", metavar="ID", help="Number of the post, for repost.")
@click.pass_obj
def plan_add(options: Options, action: str, query: str, list_name: str | None, post: str | None) -> None:
    """Plan ACTION on everyone QUERY finds; nothing reaches X before `apply`."""
    if post is not None and not (post.isascii() and post.isdigit()):
        raise BadInput(f'--post "{post}": give the number at the end of the post\'s address')
    with opened(options) as bench:
        gesture = bench.plan_add(ActionKind(action), _rows(bench, query), list_name or post or "", query)
        say(options, gesture.text)
        for held in gesture.held:
            say(options, f"  {held.count:,} not: {held.reason}")


@plan.command("drop", cls=QueryCommand)
@click.argument("query")
@click.pass_obj
def plan_drop(options: Options, query: str) -> None:
    """Take everyone QUERY finds out of the plan; what was decided stays."""
    from followertui.services.plan import previewing

    with opened(options) as bench:
        ids = previewing.rows_planned(bench.session, _rows(bench, query))
        if not ids:
            raise NothingToDo(f'nothing is planned for whom "{query}" finds')
        say(options, bench.plan_drop(ids).text)


def _rows(bench: Workbench, query: str) -> list[int]:
    from followertui.services import querying

    rows = querying.rows_of(bench.session, query)
    if not rows:
        raise NothingToDo(f'the query "{query}" finds nobody')
    return list(rows)


@click.command()
@click.option("--dry-run", is_flag=True, help="Print what would be done; do nothing.")
@click.option("--via", type=click.Choice(["api", "hand"]), help="Through the API, or click by click.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="At most so many.")
@click.option("--yes", "count", type=click.IntRange(min=0), metavar="COUNT", help="Go on if it is so many.")
@click.option(
    "--watch", "minutes", type=click.IntRange(min=1), metavar="N", help="At a limit of X wait N minutes and go on."
)
@click.pass_obj
def apply(
    options: Options, dry_run: bool, via: str | None, limit: int | None, count: int | None, minutes: int | None
) -> None:
    """Carry the plan out: through the API where X lets you, else click by click.

    Price and duration come first, and you type how many. What X refuses stays in the plan
    and goes by hand. A stopped run is gone on with by the same command.
    """
    from followertui.services.plan import previewing

    with opened(options) as bench:
        if dry_run:
            _show_steps(bench, via, limit)
            return
        if via is None and not previewing.api_items(bench.session, 1):
            via = "hand"
        if via == "hand":
            _by_hand(options, bench, limit)
        else:
            _by_api(options, bench, limit, count, minutes)


def _show_steps(bench: Workbench, via: str | None, limit: int | None) -> None:
    from followertui.domain.decision import Executor
    from followertui.services.plan import previewing

    steps = previewing.steps(bench.session, Executor(via) if via else None, limit)
    lines = [
        (step.action.value, f"@{step.cell.handle or step.cell.x_id}", step.via.value, step.how, step.object)
        for step in steps
    ]
    if not lines:
        raise NothingToDo("nothing in the plan is ready to be carried out")
    table(lines, ("action", "account", "by", "how", "on"), widest=200)


def _by_api(options: Options, bench: Workbench, limit: int | None, count: int | None, minutes: int | None) -> None:
    from followertui.services.plan import previewing

    preview = previewing.preview(bench.session, limit)
    for line in preview.lines:
        say(options, line)
    if preview.actions and count is None:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise BadInput(f"say --yes {preview.actions} to carry out {preview.actions:,}, or run it in a terminal")
        click.echo(f"${preview.usd:,.2f} at list price, nothing is taken back by itself.", err=True)
        count = click.prompt("Type how many to go on", type=int, err=True)
    report = _run(options, bench, limit, count or 0)
    while minutes and report.stopped and report.left and not _is_over(report):
        say(options, f"waiting {minutes} minutes; ctrl+c stops")
        Event().wait(minutes * 60)
        left = limit - report.done if limit else None
        items = len(previewing.api_items(bench.session, left))
        if not items:
            break
        report = _run(options, bench, left, items)
    say(options, previewing.by_hand_hint(previewing.hand_count(bench.session)))
    if report.stopped:
        raise LimitReached(f"{report.stopped} ({report.left:,} left in the plan)")


def _is_over(report: ApplyReport) -> bool:
    """Whether waiting would not help: what X says about money or keys does not pass by itself."""
    return "run apply again" not in report.stopped


def _run(options: Options, bench: Workbench, limit: int | None, count: int) -> ApplyReport:
    said: set[str] = set()

    def work(cancel: Event) -> Generator[ApplyEvent, None, ApplyReport]:
        events = bench.apply("api", limit, count, cancel)
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                result: ApplyReport = end.value
                return result
            if event.outcome != "done" and event.text not in said:
                said.add(event.text)
                say(options, event.text)
            yield event

    report = run_job(options, work, lambda event: f"{event.done:,} of {event.total:,}  {event.text}")
    say(options, report.text)
    return report


def _by_hand(options: Options, bench: Workbench, limit: int | None) -> None:
    task = bench.next_manual()
    if task is None:
        raise NothingToDo("nothing in the plan is ready; decide out or follow first")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadInput("by hand goes click by click in a terminal; for a sheet: followertui worksheet plan.html")
    from followertui.services.plan import previewing

    overview = bench.plan_overview()
    for warning in overview.warnings:
        click.echo(f"! {warning}", err=True)
    say(
        options,
        previewing.by_hand_hint(len(previewing.api_items(bench.session)) + previewing.hand_count(bench.session)),
    )
    profile = f"@{overview.profile}" if overview.profile else "the right account"
    click.echo(f"Is x.com signed in as {profile}?  d done, s later, m missing, u take the last back, q stop", err=True)
    given: list[str] = []
    while task is not None and (limit is None or len(given) < limit):
        _show_task(task)
        key = click.getchar().lower()
        if key in ("q", "\x1b"):
            break
        if key == "u":
            task = bench.undo_manual() or bench.next_manual()
            # What was put off comes back by itself: only the other two answers are taken back.
            last = next((n for n in reversed(range(len(given))) if given[n] != "later"), None)
            given = given[:last] + given[last + 1 :] if last is not None else given
        elif key in _ANSWERS:
            bench.record_manual(task.item_id, _ANSWERS[key])
            given.append(_ANSWERS[key])
            task = bench.next_manual()
    say(options, ", ".join(f"{given.count(word):,} {word}" for word in _ANSWERS.values()))


def _show_task(task: HandTask) -> None:
    from followertui.services.phrases import ACTION_WORDS, kind_word

    cell = task.cells
    who = f"@{cell.handle}" if cell.handle else str(cell.x_id)
    lines = (
        f"{task.position:,} of {task.total:,}  {ACTION_WORDS[task.action]}  {who}  {cell.name}  "
        f"{kind_word(cell.kind, cell.is_doubtful)}  {cell.why}",
        f"  {task.url}",
        f"  {task.what_to_click}",
    )
    from followertui.text.cleaning import clean_text

    for line in lines:
        indent = "  " if line.startswith("  ") else ""
        click.echo(indent + clean_text(line, limit=300))


class _WorksheetGroup(click.Group):
    """``worksheet FILE`` writes; ``worksheet import FILE`` reads back."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["write", *args]
        return super().parse_args(ctx, args)


@click.command("write", hidden=True)
@click.argument("path", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def worksheet_write(options: Options, path: Path) -> None:
    """Write the plan as FILE.csv or FILE.html with a link per account."""
    from followertui.services.plan import worksheets

    with opened(options) as bench:
        count = worksheets.write(bench.session, path)
        say(options, f"{count:,} actions in {path}")


@click.command("import")
@click.argument("path", metavar="FILE.csv", type=click.Path(path_type=Path))
@click.pass_obj
def worksheet_import(options: Options, path: Path) -> None:
    """Read back what was done: the column `done` says done, later or missing."""
    from followertui.services.plan import worksheets

    with opened(options) as bench:
        report = worksheets.take_back(bench.session, path)
        for reason, count in report.refused:
            say(options, f"  {count:,} left alone: {reason}")
        if not (report.done or report.later or report.missing):
            raise NothingToDo(f"{path}: no answer could be taken; fill in the column done")
        say(
            options,
            f"{report.done:,} done, {report.later:,} later, {report.missing:,} missing, {report.open:,} still open",
        )


WORKSHEET = _WorksheetGroup(
    "worksheet",
    commands={"write": worksheet_write, "import": worksheet_import},
    help="""The plan as a sheet for somebody's hands.

    \b
    followertui worksheet plan.html          links to click
    followertui worksheet plan.csv           the same with a column to fill in
    followertui worksheet import plan.csv    what was done comes back
    """,
    subcommand_metavar="FILE.csv|FILE.html | import FILE.csv",
)


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Port; any free one by default.")
@click.option("--access", type=click.Choice(["pay-per-use", "enterprise"]), default="pay-per-use", show_default=True)
@click.option("--accounts", type=click.IntRange(1, 2_000_000), default=5000, show_default=True, metavar="N")
@click.option("--state", type=click.Path(path_type=Path), metavar="FILE", help="Keep its state here, go on from it.")
@click.option("--faults", type=click.Path(path_type=Path), metavar="FILE", help="Scripted trouble, JSON.")
@click.pass_obj
def sandbox(options: Options, port: int, access: str, accounts: int, state: Path | None, faults: Path | None) -> None:
    """A made-up X on this machine, to try anything safely; runs until ctrl+c.

    \b
    followertui sandbox > keys.sh &
    . ./keys.sh; followertui apply --dry-run
    curl "$FOLLOWERTUI_X_BASE_URL/sandbox/state"
    """  # noqa: D301
    from followertui.x.platform import Access
    from followertui.x.sandbox.faults import read_faults
    from followertui.x.sandbox.made import made_state, opened_state
    from followertui.x.sandbox.server import serve

    level = Access(access)
    truth = opened_state(state, accounts, level) if state else made_state(accounts, level)
    if faults:
        truth.faults = read_faults(faults)
    server = serve(truth, port, _sandbox_clock(), state)
    with server:
        for name, value in truth.keys.environ(truth.own_id, server.address).items():
            click.echo(f"export {name}={value}")
        if clock_file := os.environ.get("FOLLOWERTUI_CLOCK_FILE", "").strip():
            click.echo(f"export FOLLOWERTUI_CLOCK_FILE={clock_file}")
        sys.stdout.flush()
        say(options, f"sandbox X at {server.address}, {accounts:,} accounts, {access}; ctrl+c stops it")
        _wait()


def _sandbox_clock() -> Any:
    from followertui.domain.clock import FileClock, SystemClock

    path = os.environ.get("FOLLOWERTUI_CLOCK_FILE", "").strip()
    return FileClock(Path(path)) if path else SystemClock()


def _wait() -> None:
    """Wait until ctrl+c or a polite kill, so that the state file is written either way."""
    import signal

    stop = Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    try:
        while not stop.wait(3600):
            pass
    except KeyboardInterrupt:
        return


COMMANDS: dict[str, click.Command] = {
    "plan": plan,
    "apply": apply,
    "worksheet": WORKSHEET,
    "sandbox": sandbox,
}
