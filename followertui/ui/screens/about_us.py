"""About us: a few lines that feed employees, competitors and relevance.

Owns the form.
"""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input, Static

from followertui.domain.errors import FollowertuiError
from followertui.services.intake.values import AboutUs
from followertui.ui.cells import plain
from followertui.ui.screens.app_screen import AppScreen
from followertui.ui.widgets.bars import StatusLine
from followertui.ui.widgets.line import LineInput

LINES: tuple[tuple[str, str, str], ...] = (
    ("names", "Our company's names", "Acme, Acme GmbH"),
    ("domains", "Our domains", "acme.com, acme.io"),
    ("handles", "Our own handles", "@acme, @acme_help"),
    ("competitors", "Competitors' handles", "@rival, @other"),
    ("market", "Words of our market", "logistics, supply chain, freight"),
    ("titles", "Titles of those who buy", "head of logistics, COO, founder"),
    ("places", "Places we sell in", "Berlin, Germany, DACH"),
)
HANDLE_FIELDS = frozenset({"handles", "competitors"})


def words_of(typed: str, name: str) -> tuple[str, ...]:
    """Comma-separated words of one line; handles lose their @ and become lower case."""
    words = [word.strip() for word in typed.replace(";", ",").split(",")]
    if name in HANDLE_FIELDS:
        words = [word.lstrip("@").lower() for word in words]
    elif name == "domains":
        words = [word.lower() for word in words]
    return tuple(dict.fromkeys(word for word in words if word))


class AboutScreen(AppScreen):
    """Who we are; answers what saving did, None when nothing was saved."""

    AUTO_FOCUS = "#about-names"

    def compose(self) -> ComposeResult:
        """The lines."""
        about = self._opened_with = self.bench.about()
        yield Static(plain(" About us", "bold $primary"), classes="screen-title")
        with Vertical(classes="body form"):
            yield Static(
                plain(
                    "Asked once. Tells employees from strangers, finds competitors and who poses as you, and says"
                    " who is close to your market. Commas between; empty lines are fine.",
                    "$foreground-muted",
                ),
                classes="form-text",
            )
            for name, label, example in LINES:
                yield Static(plain(label, "bold"), classes="form-label")
                value = ", ".join(getattr(about, name))
                yield LineInput(value, placeholder=example, id=f"about-{name}", compact=True, select_on_focus=False)
        yield StatusLine(id="status")
        yield Static(
            plain(" Enter next line, saves from the last · ctrl+s or F10 save · Esc back", "$foreground-muted"),
            classes="hint-line",
        )

    def pressed(self, event: events.Key) -> bool:
        """Enter and the arrows move between the lines."""
        if event.key == "escape":
            self.dismiss(None)
        elif event.key in ("f10", "ctrl+s"):
            self.save()
        elif event.key in ("down", "up"):
            (self.focus_next if event.key == "down" else self.focus_previous)(Input)
        else:
            return False
        return True

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """The next line; from the last, save."""
        if event.input.id == f"about-{LINES[-1][0]}":
            self.save()
        else:
            self.focus_next(Input)

    def save(self) -> None:
        """Hand it to the store."""
        values = {name: words_of(self.query_one(f"#about-{name}", Input).value, name) for name, _, _ in LINES}
        try:
            gesture = self.bench.set_about(AboutUs(**values), self._opened_with)
        except FollowertuiError as error:
            self.query_one(StatusLine).say(str(error), "$text-error")
            return
        self.dismiss(gesture)
