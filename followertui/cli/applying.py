"""``apply``: carries out the plan, through the API or click by click in a terminal."""

from __future__ import annotations

import sys
from collections.abc import Generator
from threading import Event
from typing import TYPE_CHECKING

import click

from followertui.cli.jobs import run_job
from followertui.cli.options import COUNT, Options
from followertui.cli.output import say
from followertui.cli.printing import ask, put, warn
from followertui.cli.wiring import opened
from followertui.domain.decision import Executor
from followertui.domain.errors import BadInput, Cancelled, FollowertuiError, LimitReached, NothingToDo
from followertui.domain.stopping import StopReason
from followertui.late import late
from followertui.services.phrases import ACTION_WORDS, kind_word
from followertui.services.plan.values import ApplyEvent, ApplyReport, HandAnswer, HandTask, ItemOutcome
from followertui.services.workbench import Workbench
from followertui.text.cleaning import clean_text

if TYPE_CHECKING:
    from followertui.cli import tables
    from followertui.services.plan import previewing, unattended
else:
    tables = late("followertui.cli.tables")
    previewing = late("followertui.services.plan.previewing")
    unattended = late("followertui.services.plan.unattended")

_ANSWERS = {"d": HandAnswer.DONE, "s": HandAnswer.LATER, "m": HandAnswer.MISSING}


@click.command()
@click.option("--dry-run", is_flag=True, help="Print what would be done; do nothing.")
@click.option("--via", type=click.Choice(["api", "hand"]), help="Through the API, or click by click.")
@click.option("--limit", type=COUNT, metavar="N", help="Carry out at most N actions.")
@click.option(
    "--yes", "count", type=click.IntRange(0, COUNT.max), metavar="COUNT", help="Go on if COUNT actions are ready."
)
@click.option(
    "--watch",
    "per_day",
    type=click.IntRange(1, 1_000),
    metavar="N",
    help="Go on by itself over days: unfollow and unmute, at most N a day, until the first surprise.",
)
@click.option("--budget", type=click.FloatRange(min=0), metavar="USD", help="Spend at most USD at list price.")
@click.pass_obj
def apply(
    options: Options,
    dry_run: bool,
    via: str | None,
    limit: int | None,
    count: int | None,
    per_day: int | None,
    budget: float | None,
) -> None:
    """Carry out the plan: through the API where X allows it, else click by click.

    Shows price and duration first and asks you to type the number of actions. What X refuses
    stays in the plan, to be done by hand. The same command resumes a stopped run; a call whose
    answer was lost is looked up before anything is sent again.
    """
    with opened(options) as bench:
        if dry_run:
            _show_steps(bench, via, limit)
            return
        if per_day is not None:
            _over_days(options, bench, per_day, count, budget)
            return
        waiting = previewing.held_for_comparing(bench.session)
        if waiting:
            warn(f"! {waiting}")
        if via is None and not previewing.api_items(bench.session, 1):
            via = "hand"
        if via == "hand":
            _by_hand(options, bench, limit)
        else:
            _by_api(options, bench, limit, count, budget, is_tried=via == "api")


def _show_steps(bench: Workbench, via: str | None, limit: int | None) -> None:
    steps = previewing.steps(bench.session, Executor(via) if via else None, limit)
    lines = [
        (step.action.value, f"@{step.cell.handle or step.cell.x_id}", step.via.value, step.how, step.object)
        for step in steps
    ]
    if not lines:
        raise NothingToDo("nothing in the plan is ready to be carried out")
    tables.write_table(lines, ("action", "account", "by", "how", "on"), widest=200)


def _by_api(
    options: Options,
    bench: Workbench,
    limit: int | None,
    count: int | None,
    budget: float | None,
    *,
    is_tried: bool,
) -> None:
    preview = previewing.preview(bench.session, limit, is_tried=is_tried)
    for line in preview.lines:
        say(options, line)
    if preview.actions and count is None:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise BadInput(f"add --yes {preview.actions} to carry them out, or run it in a terminal")
        warn(f"${preview.usd:,.2f} at list price; actions on X are not undone automatically.")
        count = ask("Type the number of actions to go on", type=int)
    report = _run(options, bench, limit, count or 0, budget, is_tried=is_tried)
    if report.stop and report.stop.reason is StopReason.PERSON:
        raise Cancelled(f"{report.text.rstrip('.')} ({report.left:,} left in the plan)")
    say(options, previewing.by_hand_hint(previewing.hand_count(bench.session)))
    if report.stop and not report.failed:
        raise LimitReached(f"{report.stop_text} ({report.left:,} left in the plan)")
    if report.stop:
        raise FollowertuiError(f"{report.failed:,} of the actions failed, {report.done:,} are done; {report.stop_text}")
    if report.failed and not report.done:
        raise FollowertuiError(f"none of the actions was carried out: {report.failed:,} failed; `plan` says why")
    if report.failed:
        raise FollowertuiError(f"{report.failed:,} of the actions failed, {report.done:,} are done; `plan` says why")


def _run(
    options: Options, bench: Workbench, limit: int | None, count: int, budget: float | None, *, is_tried: bool
) -> ApplyReport:
    said: set[str] = set()

    def work(cancel: Event) -> Generator[ApplyEvent, None, ApplyReport]:
        """The run, with what is not done said once as it comes."""
        events = bench.apply(count, cancel, limit, budget, is_tried=is_tried)
        while True:
            try:
                event = next(events)
            except StopIteration as end:
                result: ApplyReport = end.value
                return result
            if event.outcome is not ItemOutcome.DONE and event.text not in said:
                said.add(event.text)
                say(options, event.text)
            yield event

    report = run_job(options, work, lambda event: f"{event.done:,} of {event.total:,}  {event.text}")
    if not report.stop or report.stop.reason is not StopReason.PERSON:
        say(options, report.text)
    return report


def _over_days(options: Options, bench: Workbench, per_day: int, count: int | None, budget: float | None) -> None:
    """Go on by itself over days, after the daily number was typed."""
    say(options, unattended.begins(bench.session, per_day))
    if count is None:
        if not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise BadInput(f"add --yes {per_day} to let it go on by itself, or run it in a terminal")
        count = ask("Type the most that may be done on one day", type=int)
    if count != per_day:
        raise BadInput(f"{count:,} is not {per_day:,}; nothing was done")

    def shown(event: ApplyEvent | unattended.Waiting) -> str:
        """One line of progress."""
        return (
            event.text if isinstance(event, unattended.Waiting) else f"{event.done:,} of {event.total:,}  {event.text}"
        )

    report = run_job(
        options,
        lambda cancel: unattended.go_on(bench.session, cancel, per_day, budget),
        shown,
        resume=f"followertui apply --watch {per_day}",
    )
    if report.stop and report.stop.reason is StopReason.PERSON:
        raise Cancelled(report.text.rstrip("."))
    if report.stop:
        raise LimitReached(report.text)
    say(options, report.text)


def _by_hand(options: Options, bench: Workbench, limit: int | None) -> None:
    task = bench.clicks.next_task()
    if task is None and (full := bench.clicks.why_none()):
        raise LimitReached(full)
    if task is None:
        raise NothingToDo("nothing in the plan is ready; decide out or follow first")
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadInput("work by hand needs a terminal; for a worksheet: followertui worksheet plan.html")
    overview = bench.plan_overview()
    for warning in overview.warnings:
        warn(f"! {warning}")
    say(
        options,
        previewing.by_hand_hint(len(previewing.api_items(bench.session)) + previewing.hand_count(bench.session)),
    )
    profile = f"@{overview.profile}" if overview.profile else "the right account"
    warn(f"Is x.com signed in as {profile}?  d done, s later, m missing, u undo the last, q stop")
    given: list[HandAnswer] = []
    page_time = bench.clicks.page_time()
    shown = 0
    while task is not None and (limit is None or len(given) < limit):
        if task.item_id != shown:
            _show_task(task)
            page_time.opened()
            shown = task.item_id
        key = click.getchar().lower()
        if key in ("q", "\x1b"):
            break
        if key == "u":
            undone = bench.clicks.undo()
            given = given[:-1] if undone else given
            task, shown = undone or bench.clicks.next_task(), 0
        elif key in _ANSWERS:
            early = page_time.too_early(is_answer=_ANSWERS[key] is not HandAnswer.LATER)
            if early:
                warn(f"  {early}")
                continue
            bench.clicks.record(task.item_id, _ANSWERS[key])
            given.append(_ANSWERS[key])
            task = bench.clicks.next_task()
        else:
            _show_task(task)
    if task is None and (full := bench.clicks.why_none()):
        warn(full)
    say(options, ", ".join(f"{given.count(answer):,} {answer}" for answer in _ANSWERS.values()))


def _show_task(task: HandTask) -> None:
    cell = task.cells
    who = f"@{cell.handle}" if cell.handle else str(cell.x_id)
    lines = (
        f"{task.position:,} of {task.total:,}  {ACTION_WORDS[task.action]}  {who}  {cell.name}  "
        f"{kind_word(cell.kind, cell.is_doubtful)}  {task.why}",
        f"  {task.url}",
        f"  {task.what_to_click}",
        *([f"  {task.pace}"] if task.pace else []),
    )
    for line in lines:
        indent = "  " if line.startswith("  ") else ""
        put(indent + clean_text(line, limit=300))


COMMANDS: dict[str, click.Command] = {"apply": apply}
