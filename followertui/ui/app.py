"""The Textual app: holds the workbench, the keymap and the themes, and opens the first screen.

Owns the way from one screen to another. Does not own any verb; what runs beside the screens,
errors and leaving are ``running``'s. The command line builds it and hands in the workbench;
heavy libraries are never imported from here.
"""

from __future__ import annotations

import contextlib
import gc
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import PurePath
from threading import Event
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events
from textual.binding import Binding, BindingType
from textual.filter import LineFilter

from followertui.domain.errors import FollowertuiError
from followertui.late import late
from followertui.services.care.settings_file import SettingsFile
from followertui.services.jobs import Work
from followertui.ui.attempt import attempt
from followertui.ui.caps import CapsWatch
from followertui.ui.commands import Place
from followertui.ui.dialogs.theming import ThemeChooser
from followertui.ui.key_gate import KeyGate
from followertui.ui.keymap import build_keymap
from followertui.ui.preferences import check
from followertui.ui.readable_text import ReadableText
from followertui.ui.redacting import RedactedBench
from followertui.ui.running import RunningApp
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.review.screen import review_screen
from followertui.ui.themes import DARK, OURS
from followertui.ui.widgets.accounts import AccountTable

if TYPE_CHECKING:
    from followertui.domain.decision import ActionKind
    from followertui.services.insight.discovery import Searched
    from followertui.services.intake.values import JudgeReport
    from followertui.services.values import Gesture, Undone
    from followertui.services.workbench import Workbench
    from followertui.ui.screens import (
        about_us,
        by_hand,
        candidates,
        card,
        import_files,
        import_sheet,
        journal,
        plan,
        playbooks,
        report,
        settings,
        since,
        today,
        welcome,
    )
    from followertui.ui.screens import help as help_screen
    from followertui.ui.screens.answers import OpenQuery, PlanAnswer
    from followertui.ui.screens.welcome import Welcome
else:
    about_us = late("followertui.ui.screens.about_us")
    by_hand = late("followertui.ui.screens.by_hand")
    candidates = late("followertui.ui.screens.candidates")
    card = late("followertui.ui.screens.card")
    help_screen = late("followertui.ui.screens.help")
    import_files = late("followertui.ui.screens.import_files")
    import_sheet = late("followertui.ui.screens.import_sheet")
    journal = late("followertui.ui.screens.journal")
    plan = late("followertui.ui.screens.plan")
    playbooks = late("followertui.ui.screens.playbooks")
    report = late("followertui.ui.screens.report")
    settings = late("followertui.ui.screens.settings")
    since = late("followertui.ui.screens.since")
    today = late("followertui.ui.screens.today")
    welcome = late("followertui.ui.screens.welcome")

SWITCH_SECONDS = 0.001
"""So long a key waits at most for a thread that works beside the screen; Python's own five are felt at every step."""
BACKUP_AFTER_SECONDS = 2.0
"""So long after the first paint the backup of the day is kept, if one is due."""


_OWN_NAMES = frozenset(theme.name for theme in OURS)


class FollowerApp(RunningApp):
    """followertui on a terminal.

    Args:
        bench: the open store, None where there is none yet.
        welcome: ways in while there is no store.
        own: the settings file; None keeps what is chosen in memory only.
        is_redacted: mask names, handles and bios from the start.
        text: query the review begins with.
        queue_id: queue the review begins with.
        open_url_with: opens a page and tells whether it could; None for the machine's browser.

    Raises:
        BadInput: the settings name a theme, column, command or key that cannot be used.
    """

    TITLE = "followertui"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | PurePath]] = [
        "styles/frame.tcss",
        "styles/review.tcss",
        "styles/dialogs.tcss",
        "styles/screens.tcss",
    ]
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+q", "quit", "Quit", show=False, priority=True)]
    AUTO_FOCUS = ""
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide"), (150, "-broad")]  # noqa: RUF012 - as App declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (34, "-tall")]  # noqa: RUF012 - as App declares it

    def __init__(
        self,
        bench: Workbench | None,
        welcome: Welcome | None = None,
        *,
        own: SettingsFile | None = None,
        is_redacted: bool = False,
        text: str = "",
        queue_id: str = "",
        open_url_with: Callable[[str], object] | None = None,
    ) -> None:
        self.own = own or SettingsFile(None)
        check(self.own)
        super().__init__(build_keymap(self.own.keys))
        self.open_url_with = open_url_with
        self.is_read_only = False
        self.is_redacted = is_redacted
        self._readable_text = ReadableText()
        self.caps = CapsWatch()
        self._bench = bench
        self._welcome = welcome
        self._start = (text, queue_id)
        self._gone_on_at: set[datetime] = set()
        self.key_gate = KeyGate(self, super().on_event, self.is_program_key)
        self.animation_level = "none"
        for ours in OURS:
            self.register_theme(ours)
        self.take_settings()
        # The style sheets are parsed once, in the colours chosen, instead of in others first.
        self._parsed_for, self._is_styled = self._look(), False
        self.stylesheet.set_variables(self.get_css_variables())

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Filters of every line that is drawn: a theme that is not ours is made readable."""
        filters = super().get_line_filters()
        if self.theme in _OWN_NAMES or self.current_theme.ansi:
            return filters
        return [*filters, self._readable_text]

    def _look(self) -> tuple[str, bool]:
        """What the style sheets are parsed for: the theme, and whether the terminal's own colours are used."""
        return (self.theme, self.native_ansi_color)

    def refresh_css(self, animate: bool = True) -> None:
        """Parse the style sheets again where they were parsed for another look."""
        if self._look() != self._parsed_for or self._is_styled:
            super().refresh_css(animate)
        self._parsed_for, self._is_styled = self._look(), True

    def take_settings(self) -> None:
        """Go by the settings file from now on, as far as it counts before the next start: theme and keys."""
        self.theme = self.own.value("theme") or DARK.name
        self.keymap.take(build_keymap(self.own.keys))

    def keep_setting(self, name: str, value: object) -> None:
        """Set an entry of the settings file and go by it; a read-only session only goes by it while it lasts.

        Raises:
            BadInput: the file cannot be written, or was changed meanwhile.
        """
        if self.is_read_only:
            self.own = SettingsFile(None, self.own.text)
        self.own.set(name, value)
        self.take_settings()

    @property
    def bench(self) -> Workbench:
        """The open store.

        Raises:
            FollowertuiError: no store is open yet.
        """
        if self._bench is None:
            raise FollowertuiError("no store is open yet: choose 1, 2 or 3")
        return cast("Workbench", RedactedBench(self._bench)) if self.is_redacted else self._bench

    @property
    def welcome(self) -> Welcome | None:
        """Ways in while there is no store."""
        return self._welcome

    def on_mount(self) -> None:
        """Open the review, or the welcome where there is no store."""
        sys.setswitchinterval(SWITCH_SECONDS)
        self.screen_change_signal.subscribe(self, self.key_gate.screen_changed, immediate=True)
        if self._bench is not None:
            self.enter(self._bench)
        else:
            self.push_screen(welcome.WelcomeScreen())

    async def on_event(self, event: events.Event) -> None:
        """Keys go through the gate, everything else as ever."""
        if isinstance(event, (events.Key, events.Paste)) and not event.is_forwarded:
            await self.key_gate.take(event)
        else:
            await super().on_event(event)

    def on_ready(self) -> None:
        """What is there now stays; the collector need not walk it again."""
        gc.freeze()
        self.set_timer(BACKUP_AFTER_SECONDS, self._keep_backup)

    def _keep_backup(self) -> None:
        """Keep the backup of the day in a thread, once nobody waits for a first paint."""
        if self._bench is not None:
            self._threads.submit(self._keep_backup_of, self._bench)

    def _keep_backup_of(self, bench: Workbench) -> None:
        _, error = attempt("keep a backup", bench.keep_backup)
        if error is not None:
            with contextlib.suppress(RuntimeError):  # the loop is closed
                self.call_from_thread(self.say, str(error), "$text-error")

    def enter(self, bench: Workbench, queue_id: str = "") -> None:
        """Begin the review on a store.

        Args:
            bench: the open store.
            queue_id: queue to begin with, "" for where the person was.
        """
        self._bench = bench
        self.is_read_only = bench.header().is_read_only
        text, first = self._start
        review = review_screen(self.keymap, text, queue_id or first)
        # Laid out for this size from the first on: its style sheets are applied once.
        review.add_class(*_classes_at(self.size.width, self.HORIZONTAL_BREAKPOINTS))
        review.add_class(*_classes_at(self.size.height, self.VERTICAL_BREAKPOINTS))
        self.push_screen(review)
        self.call_after_refresh(self._show_job)

    def find_waiting(self) -> str:
        """What waits for X, in words; it goes on at once where the person said so, once for each time X names."""
        if self._bench is None or not self._bench.session.waits_for_x:
            return ""
        account = self._bench.x_account
        due = account.due_at
        if due is not None and not self.is_read_only and due not in self._gone_on_at:
            self._gone_on_at.add(due)
            self.call_later(self.go_on)
        return account.waiting

    def go_on(self) -> None:
        """Go on with what waits for X: the price was agreed to."""
        bench = self.bench
        account = bench.x_account
        if self.is_read_only or not account.is_signed_in:
            self.say("sign in to X first: :login" if not self.is_read_only else "this store is read-only", "$warning")
            return

        def make(cancel: Event) -> Work:
            """Read on, then compare and judge who is new."""
            text = yield from account.go_on(cancel)
            yield from bench.catch_up(cancel)
            return text

        _, error = attempt("go on", lambda: self.start_job(account.waiting_job(), "reading from X", make, str))
        if error is not None:
            self.say(str(error), "$text-error")

    # From one screen to another: screens name where they go, so that none needs to import another.

    def show_card(self, review: ReviewScreen) -> None:
        """The whole card of the account under the review's cursor."""
        self.push_screen(card.CardScreen(review))

    def show_plan(self, then: Callable[[PlanAnswer | None], None]) -> None:
        """The plan; ``then`` is called with what it answers when it closes."""
        self.push_screen(plan.PlanScreen(self.keymap), then)

    def show_today(self, then: Callable[[PlanAnswer | None], None]) -> None:
        """What is due today; ``then`` is called with what it answers when it closes."""
        self.push_screen(today.TodayScreen(self.keymap), then)

    def show_playbooks(self, then: Callable[[None], None]) -> None:
        """Your playbooks; ``then`` is called when they are closed."""
        self.push_screen(playbooks.PlaybooksScreen(), then)

    def show_by_hand(self, action: ActionKind, then: Callable[[str | None], None], most: int | None = None) -> None:
        """By hand, for one action, ``most`` of them or all; ``then`` is called with what was done, in one line."""
        self.push_screen(by_hand.HandScreen(action, self.keymap, most), then)

    def bring_files(self) -> None:
        """The import; the review under it shows what it brought."""
        self.push_screen(import_files.ImportScreen(), self._imported)

    def sign_in(self) -> None:
        """Signing in to X, on the review once it is there."""
        if isinstance(self.screen, ReviewScreen):
            self.screen.call_after_refresh(self.screen.run_command, "x.login")

    def _imported(self, answer: str | OpenQuery | None) -> None:
        if isinstance(self.screen, ReviewScreen):
            self.screen.imported(answer if isinstance(answer, str) else None)
            if answer is not None and not isinstance(answer, str):
                self.screen.show_query(answer.query)

    def bring_decisions(self) -> None:
        """The import of a sheet of decisions; the review under it shows what it changed."""
        self.push_screen(import_sheet.SheetScreen(), self._decided)

    def _decided(self, text: str | None) -> None:
        if text and isinstance(self.screen, ReviewScreen):
            self.screen.imported(None)
            self.screen.say(text, "$text-success")

    def show_about(self, then: Callable[[Gesture | None], None]) -> None:
        """About us; ``then`` is called with what saving did, None where nothing was saved."""
        self.push_screen(about_us.AboutScreen(), then)

    def show_report(self, then: Callable[[OpenQuery | None], None]) -> None:
        """The report; ``then`` is called with the query whose rows are to be shown, None for none."""
        if not self._is_back_on(report.ReportScreen):
            self.push_screen(report.ReportScreen(), then)

    def _is_back_on(self, page: type[AppScreen]) -> bool:
        """Go back where ``page`` lies right under this screen, so that two pages never pile up; False elsewhere."""
        lies_under = len(self.screen_stack) > 1 and isinstance(self.screen_stack[-2], page)
        if lies_under:
            self.pop_screen()
        return lies_under

    def show_since(self, then: Callable[[OpenQuery | None, bool], None]) -> None:
        """What happened since the reviewer was last through.

        Args:
            then: called as the report's, and with whether the reviewer moved on.
        """
        if self._is_back_on(since.SinceScreen):
            return
        screen = since.SinceScreen()
        self.push_screen(screen, lambda answer: then(answer, screen.has_moved))

    def show_candidates(self, found: Searched) -> None:
        """Accounts that could be a list's entries nobody was matched with."""
        self.push_screen(candidates.CandidatesScreen(found))

    def show_journal(self) -> None:
        """The journal."""
        self.push_screen(journal.JournalScreen())

    def choose_theme(self, then: Callable[[], None] = lambda: None) -> None:
        """Choose a theme, seen at once, and keep it in the settings file; ``then`` is called where one was chosen."""
        before = self.theme

        def answered(answer: str | None) -> None:
            """Keep the theme chosen, or go back to the one before."""
            self.theme = before
            if answer is not None:
                self.keep_setting("theme", answer)
                then()

        self.push_screen(ThemeChooser(self), answered)

    def show_settings(self, under: AppScreen) -> None:
        """The settings; the screen under them goes by what was changed."""

        def closed(is_judging_due: bool | None) -> None:
            """Judge again where what decides figures was changed."""
            under.show_place()
            for table in under.query(AccountTable):
                table.choose_columns(self.own.value("columns"))
            if is_judging_due:
                under.start_job("judge", "judging by the new settings", partial(self.bench.judge, True), _text_of)

        self.push_screen(settings.SettingsScreen(), closed)

    def show_help(self, place: Place) -> None:
        """The help, what applies at ``place`` first."""
        self.push_screen(help_screen.HelpScreen(place))

    def import_reversed(self, redo: bool) -> Callable[[Event], Work]:
        """Makes the work of undoing or redoing an import, and of comparing and judging what changed by it."""
        bench = self.bench

        def make(cancel: Event) -> Work:
            """Undo or redo the import, then catch up."""
            undone: Undone = yield from bench.reverse_import(redo, cancel)
            yield undone
            yield from bench.catch_up(cancel)
            return undone

        return make


def _classes_at(cells: int, breakpoints: Sequence[tuple[int, str]]) -> list[str]:
    """The class of the widest breakpoint that a number of cells reaches."""
    return [name for least, name in breakpoints if cells >= least][-1:]


def _text_of(report: JudgeReport) -> str:
    return report.text
