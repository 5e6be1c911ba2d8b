"""The review's verbs that lead to X: signing in, reading lists with their price first, costs.

Owns what is asked and in which order. Nothing is paid before a question that names the price was
answered; what a step costs and how it is done is the workbench's.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from threading import Event
from typing import TYPE_CHECKING, Any

from textual.content import Content

from followertui.services.sync.values import OWN_KEYS, Quote, SyncReport, Wish
from followertui.ui.cells import lines, plain
from followertui.ui.dialogs.asking import LineDialog, Question
from followertui.ui.dialogs.choosing import Choice
from followertui.ui.screens.review.frame import ReviewScreen
from followertui.ui.screens.verbs import Verbs

if TYPE_CHECKING:
    from followertui.services.jobs import Work
    from followertui.services.sync.x_account import XAccount

_BROWSER, _KEYS = "browser", "keys"
_TELL, _KEEP = "tell", "keep"
_YES, _NO, _UNKNOWN = "yes", "no", "?"
"""Answers to whose the app is."""


class FromX(Verbs[ReviewScreen]):
    """From X to here."""

    @property
    def account(self) -> XAccount:
        """The account at X."""
        return self.screen.bench.x_account

    # Signing in -------------------------------------------------------------------------

    def do_x_login(self) -> None:
        """Ask how."""
        self.account.door()
        self.screen.choose(
            "Sign in to X with your own app (console.x.com, package Pay-per-use, Production)",
            [
                Choice(_BROWSER, "on X's page in the browser", "1", "asks to read your lists, nothing else"),
                Choice(_KEYS, "paste the app's four keys", "2", "the app shows them once"),
            ],
            self._chosen,
        )

    def _chosen(self, answer: str) -> None:
        if answer == _KEYS:
            self._ask_key(())
            return
        remarks = [
            plain("In the app's user authentication: type Native App, and as callback exactly"),
            plain(self.account.callback_address, "bold"),
            plain("Asking X afterwards who is signed in costs $0.01.", "$foreground-muted"),
        ]
        dialog = LineDialog("OAuth 2.0 Client ID of the app", remarks=remarks)
        self.screen.app.push_screen(dialog, lambda text: self._log_in(text) if text else None)

    def _log_in(self, client_id: str) -> None:
        screen, account = self.screen, self.account

        def make(cancel: Event) -> Work:
            """Wait for the browser; the page is opened in the screen's own thread."""
            return account.log_in(client_id, lambda url: _open(screen, url), cancel)

        screen.start_job("x-login", "sign-in", make, _signed_in)

    def _ask_key(self, given: tuple[str, ...]) -> None:
        """Ask for one key after the other."""
        names = list(OWN_KEYS)
        if len(given) == len(names):
            keys, account = dict(zip(names, given, strict=True)), self.account
            self.screen.start_job("x-login", "sign-in", lambda cancel: account.sign_in_keys(keys, cancel), _signed_in)
            return
        remarks = [plain(f"{len(given) + 1} of 4; X is asked whose they are for $0.01", "$foreground-muted")]
        dialog = LineDialog(OWN_KEYS[names[len(given)]], remarks=remarks, is_hidden=True)
        self.screen.app.push_screen(dialog, lambda text: self._ask_key((*given, text)) if text else None)

    # Signing out ------------------------------------------------------------------------

    def do_x_logout(self) -> None:
        """Say what signing out does, and do it."""
        self.account.door()
        if not self.account.keeps_keys:
            in_environment = "; unset the FOLLOWERTUI_X_ variables that sign in" if self.account.is_signed_in else ""
            self.screen.say(f"no keys of X are kept here{in_environment}", "$warning")
            return
        self._if_yes(
            "Sign out of X?",
            "The keys are removed from this machine, and what is read and decided stays. X asks that what came through "
            "its API alone is deleted within ten business days: how many accounts that are is said then.",
            lambda: self.screen.start_job("x-logout", "signing out", self.account.sign_out, self._signed_out),
        )

    def _signed_out(self, said: list[str]) -> str:
        if self.account.to_delete():
            self.screen.call_later(self._ask_duty, said[-1])
        return said[0]

    def _ask_duty(self, duty: str) -> None:
        def answered(answer: str) -> None:
            """Decline where the person does."""
            if answer == _KEEP:
                self.account.keep_what_came()
                self.screen.say("kept; you will be told of it no more")

        self.screen.choose(
            duty,
            [
                Choice(_TELL, "be told of it until then", "1", "in Today and by doctor"),
                Choice(_KEEP, "keep them, and be told no more", "2", "X asks for it all the same"),
            ],
            answered,
        )

    # Reading ----------------------------------------------------------------------------

    def do_x_sync(self) -> None:
        """Say what reading takes, and read what is chosen; sign in first where nobody is."""
        if not self.account.is_signed_in:
            self.screen.say("not signed in to X yet", "$warning")
            self.do_x_login()
            return
        offer = self.account.quote(Wish())
        if any(one.accounts is None for one in offer.directions):
            self._ask_counts()
        elif not offer.owns_app:
            self._ask_owner(offer)
        else:
            self._ask_what()

    def _ask_counts(self) -> None:
        account, screen = self.account, self.screen

        def make(cancel: Event) -> Generator[Any, None, str]:
            """Ask, then go on in the screen's own thread."""
            text = yield from account.ask_counts(cancel)
            screen.call_later(self.do_x_sync)
            return text

        self._if_yes(
            "Ask X who is signed in and how many there are?",
            "It costs $0.01; then the price of reading them can be said.",
            lambda: screen.start_job("x-counts", "asking X", make, str),
        )

    def _ask_owner(self, offer: Quote) -> None:
        name = f"@{offer.handle}" if offer.handle else "this account"

        def answered(answer: str) -> None:
            """Keep what the person knows."""
            if answer != _UNKNOWN:
                self.account.set_owner(answer == _YES)
            self._ask_what()

        self.screen.choose(
            f"Does {name} own the app whose keys it uses?",
            [
                Choice(_YES, "yes, it made the app", "y", "$0.001 an account"),
                Choice(_NO, "no, another account did", "n", "$0.010 an account"),
                Choice(_UNKNOWN, "not known", "?", "the first page tells"),
            ],
            answered,
        )

    def _ask_what(self) -> None:
        """Offer what can be read, each with the most it costs."""
        both = Wish()
        offer = self.account.quote(both)
        wishes = []
        if any(one.is_look for one in offer.directions):
            wishes.append((both, "the newest of both"))
        wishes += [
            (_to_the_end(both), "everyone of both"),
            (_to_the_end(Wish(("follower",))), "all followers"),
            (_to_the_end(Wish(("following",))), "all following"),
        ]
        if any(one.known for one in offer.directions):
            wishes.insert(0, (both, "go on where it stopped"))
        choices = [
            Choice(wish, title, str(number), self.account.most(wish)) for number, (wish, title) in enumerate(wishes, 1)
        ]
        self.screen.choose("Read from X", choices, self._confirm)

    def _confirm(self, wish: Wish) -> None:
        offer = self.account.quote(wish)
        text = [plain(one) for one in offer.lines]
        self._if_yes(
            f"Read this from X for {self.account.most(wish)}?",
            lines([*text, plain("F6 stops it at any time; what was read is kept.", "$foreground-muted")]),
            lambda: self._read(wish),
        )

    def _read(self, wish: Wish) -> None:
        bench, account = self.screen.bench, self.account

        def make(cancel: Event) -> Generator[Any, None, str]:
            """Read, then compare and judge who is new."""
            reports = yield from account.sync(wish, cancel)
            yield from bench.catch_up(cancel)
            return _read_text(reports)

        self.screen.start_job("sync", "reading from X", make, str)

    def _if_yes(self, title: str, text: Content | str, then: Callable[[], object]) -> None:
        """Go on where the person agrees."""

        def answered(yes: bool | None) -> None:
            """Go on, or leave it."""
            if yes:
                then()

        self.screen.app.push_screen(Question(title, text), answered)

    # Money ------------------------------------------------------------------------------

    def do_x_costs(self) -> None:
        """What X has cost."""
        text = lines([plain(one) for one in self.account.costs()])
        self.screen.app.push_screen(Question("What X has cost", text, yes="close", no="close"))


def _to_the_end(wish: Wish) -> Wish:
    """The same lists, to their end."""
    return wish._replace(is_full=True)


def _open(screen: ReviewScreen, url: str) -> None:
    screen.call_later(screen.open_link, url)


def _signed_in(said: list[str]) -> str:
    return f"{said[0]}; :sync reads them" if said else ""


def _read_text(reports: list[SyncReport]) -> str:
    return " · ".join(report.text for report in reports)
