"""Importing files: choose one, see what it is recognised as, answer the rest, import, go on.

Owns the steps on the screen. Recognising, mapping and reading are the workbench's; the words of
each question are in ``import_text``.
"""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from followertui.domain.errors import FollowertuiError
from followertui.services.intake.values import ImportChoices, ImportReport
from followertui.ui.attempt import attempt
from followertui.ui.cells import counted, line, plain
from followertui.ui.dialogs.asking import LineDialog
from followertui.ui.import_text import (
    ImportAnswer,
    NextStep,
    archive_choices,
    column_line,
    field_choices,
    looking_hint,
    next_step,
    plan_lines,
    question_of,
    report_lines,
    samples_of,
    tag_remarks,
    where_from,
)
from followertui.ui.screens.answers import OpenQuery
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.bars import StatusLine
from followertui.ui.widgets.files import FilePicker

if TYPE_CHECKING:
    from followertui.services.intake.import_plan import ImportPlan
    from followertui.services.intake.inspecting import ArchiveInside
    from followertui.services.jobs import Job, Work
    from followertui.services.values import Gesture

PICKING, LOOKING, IMPORTING, REPORTING = "picking", "looking", "importing", "reporting"
HINTS = {
    PICKING: " type or arrows · Tab completes · Enter takes · Esc back",
    IMPORTING: " F6 stops · Esc back to the review, the import goes on",
    REPORTING: " Enter goes there · A who we are · F2 their worth · i next file · Esc the review",
}
COMPARING_HINT = " F6 stops · Esc back to the review, comparing goes on"
"""While the file is in and the rest of the work goes on: there is nowhere to go yet."""


class Looked(Message):
    """A file was inspected."""

    def __init__(self, number: int, plan: ImportPlan | None, error: FollowertuiError | None, *, asks: bool) -> None:
        super().__init__()
        self.number = number
        self.plan = plan
        self.error = error
        self.asks = asks


class ArchivesFound(Message):
    """A folder holds several archives."""

    def __init__(self, number: int, found: list[ArchiveInside]) -> None:
        super().__init__()
        self.number = number
        self.found = found


class ImportScreen(AppScreen):
    """One file at a time; answers the queue to go to, None to stay."""

    def __init__(self) -> None:
        super().__init__()
        self.stage = PICKING
        self.path = ""
        self.more: tuple[str, ...] = ()
        self.choices = ImportChoices()
        self.plan: ImportPlan | None = None
        self.report: ImportReport | None = None
        self.step: NextStep | None = None
        self._looks = 0
        self._is_looking = False
        self._was_about_said = False
        """Whether it was said who we are while something ran that may have judged before."""

    def compose(self) -> ComposeResult:
        """All steps; one is shown."""
        yield Static(plain(" Bring files in", "bold $primary"), classes="screen-title")
        yield Static(where_from(), id="where-from")
        yield FilePicker(id="picker")
        with Vertical(id="look"):
            yield Static(id="look-text")
            yield OptionList(id="mapping", markup=False, compact=True)
        yield Static(id="report", classes="body")
        yield StatusLine(id="status")
        yield Static(id="import-hint", classes="hint-line")

    def on_mount(self) -> None:
        """Choose a file first."""
        job = self.ft.jobs.job
        if job is not None and job.name == "import":
            self._go(IMPORTING)
            return
        self._go(PICKING)
        self.say("an archive, an export or a list: it is inspected first, nothing is written yet")

    def _go(self, stage: str) -> None:
        self.stage = stage
        self.query_one("#picker").display = stage == PICKING
        self.query_one("#where-from").display = stage == PICKING
        self.query_one("#look").display = stage in (LOOKING, IMPORTING)
        self.query_one("#report").display = stage == REPORTING
        self._show_hint()
        if stage == PICKING:
            self.query_one(FilePicker).enter()
        elif stage == LOOKING:
            self.query_one("#mapping").focus()
        else:
            self.set_focus(None)

    def _show_hint(self) -> None:
        plan = self.plan
        if self.stage == LOOKING and plan is not None:
            hint = looking_hint(plan, is_answered=self.choices != ImportChoices(mapping=self.choices.mapping))
        else:
            is_comparing = self.stage == REPORTING and self.ft.jobs.job is not None
            hint = COMPARING_HINT if is_comparing else HINTS[self.stage]
        self.query_one("#import-hint", Static).update(plain(hint, "$foreground-muted"))

    # Looking --------------------------------------------------------------------------

    @on(FilePicker.Picked)
    def picked(self, message: FilePicker.Picked) -> None:
        """Inspect the file."""
        self._take((message.path,))

    def _take(self, paths: tuple[str, ...]) -> None:
        """Inspect the first of some paths; the others are read after it in the same way."""
        self.path, *more = paths
        self.more = tuple(more)
        self.choices = ImportChoices()
        self.plan = None
        self.look_again(asks=True)

    @on(ArchivesFound)
    def archives_found(self, message: ArchivesFound) -> None:
        """Ask which of them is read."""
        if message.number == self._looks:
            self._look_ended()
            self.say("archives of several accounts or days: each is a reading of its own")
            self.choose(f"{len(message.found)} archives lie here. Which is read?", archive_choices(message.found),
                        self._take)  # fmt: skip

    def look_again(self, *, asks: bool) -> None:
        """Look at the file with the answers so far.

        Args:
            asks: whether open questions are asked afterwards.
        """
        self._looks += 1
        number, path, choices, bench, plan = self._looks, self.path, self.choices, self.bench, self.plan
        self.say("looking …")
        self._is_looking = True
        self.ft.key_gate.hold(self)

        def look() -> None:
            """Inspect the file in the thread."""
            several, error = attempt("look at the folder", lambda: bench.archives_in(path))
            if several is not None and len(several) > 1:
                self.post_message(ArchivesFound(number, several))
                return
            inside = several[0].path if several else path
            found, error = attempt("look at the file", lambda: bench.plan_import(inside, choices, plan))
            self.post_message(Looked(number, found, error, asks=asks))

        self.run_worker(look, name="look", group="look", thread=True, exclusive=True)

    @on(Looked)
    def looked(self, message: Looked) -> None:
        """Show what it is recognised as and ask the rest."""
        if message.number != self._looks:
            return
        self._look_ended()
        if message.plan is None:
            self.say(str(message.error), "$text-error")
            return
        self.plan = message.plan
        self._show_plan(message.plan)
        if message.asks and message.plan.questions:
            self._ask(message.plan)

    def _look_ended(self) -> None:
        self._is_looking = False
        self.ft.key_gate.release(self)

    def _show_plan(self, plan: ImportPlan) -> None:
        self._go(LOOKING)
        self.query_one("#look-text", Static).update(plan_lines(plan, self.choices, self.size.width - 4))
        mapping = self.query_one("#mapping", OptionList)
        mapping.clear_options()
        open_count = len(plan.questions)
        if open_count:
            first = line(("▶ ", "bold $accent"), (f"answer {open_count} more", "bold"))
        else:
            rows = f" {counted(plan.rows)} rows" if plan.rows is not None and plan.seen.archive is None else ""
            first = line(("▶ ", "bold $accent"), (f"import{rows}", "bold"))
        mapping.add_options([Option(first), *(Option(column_line(one, self.size.width)) for one in plan.columns)])
        mapping.highlighted = 0
        if plan.is_known:
            self.say(
                "this file was imported before with the same mapping: importing it again changes nothing", "$warning"
            )
        else:
            self.say("nothing is written yet")

    def _ask(self, plan: ImportPlan) -> None:
        name = plan.questions[0]
        if name == "name":
            self._ask_name(plan)
            return
        if name == "tag":
            title = "A tag to find them by (empty: none)"
            self.app.push_screen(LineDialog(title, plan.suggested_name, remarks=tag_remarks()), self._tagged)
            return
        title, choices = question_of(name, plan)
        start = ImportAnswer("kind", plan.suggested_kind)
        self.choose(title, choices, self._answered, start=start, is_aside=True)

    def _ask_again(self, plan: ImportPlan) -> None:
        """Ask what is open, or all that was answered once more; columns stay as they were mapped."""
        mapped = ImportChoices(mapping=self.choices.mapping)
        if plan.questions:
            self._ask(plan)
        elif self.choices == mapped:
            self.say("nothing to ask: all of it was recognised; Enter on a column changes what it is", "$warning")
        else:
            self.choices, self.plan = mapped, None
            self.look_again(asks=True)

    def _ask_name(self, plan: ImportPlan) -> None:
        self.app.push_screen(LineDialog("What is this list called?", plan.name or plan.suggested_name), self._named)

    def _named(self, text: str | None) -> None:
        if text:
            self.choices = replace(self.choices, name=text)
            self.look_again(asks=True)

    def _tagged(self, text: str | None) -> None:
        if text is not None:
            self.choices = replace(self.choices, tag=text)
            self.look_again(asks=True)

    def _answered(self, answer: ImportAnswer) -> None:
        changed: dict[str, Any] = {answer.field: answer.value}
        if answer.completeness:
            changed["completeness"] = answer.completeness
        self.choices = replace(self.choices, **changed)
        self.look_again(asks=True)

    @on(OptionList.OptionSelected, "#mapping")
    def column_chosen(self, event: OptionList.OptionSelected) -> None:
        """The first line goes on; a column can be mapped to another field."""
        event.stop()
        plan = self.plan
        if plan is None or self._is_looking:
            return
        if event.option_index == 0:
            if plan.questions:
                self._ask(plan)
            else:
                self._import()
            return
        column = plan.columns[event.option_index - 1]

        def mapped(answer: str) -> None:
            """Map the column to the field chosen."""
            mapping = {**self.choices.mapping, column.column: answer}
            self.choices = replace(self.choices, mapping=mapping)
            self.look_again(asks=False)

        title = f"What is {column.column!r}? {samples_of(column)}"
        self.choose(title, field_choices(plan), mapped, is_searchable=True, start=column.field, is_aside=True)

    # Importing ------------------------------------------------------------------------

    def _import(self) -> None:
        plan, bench, more = self.plan, self.bench, self.more
        if plan is None:
            return

        def make(cancel: Event) -> Work:
            """Import the file and those that follow it, then catch up."""
            yield (yield from bench.run_import(plan, cancel))
            for path in more:
                yield (yield from bench.run_import(bench.plan_import(path), cancel))
            return (yield from bench.catch_up(cancel))

        self.start_job("import", "import", make, self._agreed)
        self._go(IMPORTING)

    def job_yielded(self, job: Job, value: Any) -> None:
        """The file is in; comparing and judging go on."""
        if job.name == "import" and isinstance(value, ImportReport):
            self.report = value
            self.step = None
            self._go(REPORTING)
            self._show_report()
            done = (
                "nothing changed: it was imported before" if value.is_repeat else "imported; u in the review undoes it"
            )
            self.say(done, "$text-success")

    def job_ended(self, job: Job) -> None:
        """Show the next step, or return to what was recognised."""
        if job.name not in ("import", "catch-up") or self.stage not in (IMPORTING, REPORTING):
            return
        if job.error is not None:
            self._go(REPORTING if self.report is not None else LOOKING if self.plan is not None else PICKING)
            return
        if self._was_about_said:
            self._was_about_said = False
            self._catch_up()
            return
        bench, agreed = self.bench, self._agreed(job.result)
        self.step = next_step(bench.queues(), bench.next_step(), has_lists=bool(bench.lists()), agreed=agreed)
        self._go(REPORTING)
        self._show_report()

    def _agreed(self, result: object) -> str:
        """What catching up settled by itself, without the next step: that one stands on the screen with its key."""
        return str(result).removesuffix(self.bench.next_step()).rstrip(" ·")

    def _show_report(self) -> None:
        if self.report is not None:
            shown = report_lines(self.report, self.step, asks_about_us=not self.bench.about().is_said)
            self.query_one("#report", Static).update(shown)

    def _catch_up(self) -> None:
        self.start_job("catch-up", "comparing and judging", self.bench.catch_up, self._agreed)
        self._show_hint()

    def _about_us(self) -> None:
        """Say who we are; everyone is judged by it, after what runs now."""

        def saved(gesture: Gesture | None) -> None:
            """Judge again by what was said."""
            if gesture is None or not gesture.changed:
                return
            self.say(gesture.text)
            self._was_about_said = self.ft.jobs.job is not None
            if not self._was_about_said:
                self._catch_up()

        self.ft.show_about(saved)

    def _next_step(self) -> None:
        job = self.ft.jobs.job
        if job is not None:
            self.say(f"{job.line}; F6 stops it, Esc goes back to the review", "$warning")
        elif self.step is None:
            self._catch_up()
        elif self.step.brings_files:
            self._another()
        else:
            self.dismiss(self.step.queue_id)

    def _report_closed(self, answer: OpenQuery | None) -> None:
        if answer is not None:
            self.dismiss(answer)

    def _another(self) -> None:
        self.query_one(FilePicker).clear()
        self._go(PICKING)

    # Keys -----------------------------------------------------------------------------

    def pressed(self, event: events.Key) -> bool:
        """Keys of the step that is shown; typing stays typing."""
        if event.key == "escape":
            self._escape()
        elif self.stage == REPORTING and event.key == "enter":
            self._next_step()
        elif self.stage == REPORTING and event.key == "f2":
            self.ft.show_report(self._report_closed)
        elif self.stage == REPORTING and event.key == "i":
            self._another()
        elif self.stage == REPORTING and event.key == "A":
            self._about_us()
        elif self.stage == LOOKING and event.key == "a" and self.plan is not None and not self._is_looking:
            self._ask_again(self.plan)
        elif self.stage == LOOKING and event.key == "n" and self.plan is not None and self.plan.name:
            self._ask_name(self.plan)
        elif event.key == "q" and not isinstance(self.focused, Input):
            self.dismiss(None)
        else:
            return False
        return True

    def _escape(self) -> None:
        if self.stage == LOOKING:
            self._go(PICKING)
        else:
            self.dismiss(None)
