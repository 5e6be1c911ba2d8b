"""The command ``followertui``: groups, lazy commands, one way to fail.

Owns the list of commands and how errors reach a person. Each command's module is imported
only when it is asked for, so that ``--help`` stays light.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
from typing import TYPE_CHECKING, Any

import click

from followertui import __version__
from followertui.cli import printing
from followertui.cli.arguments import take_utf_8_only
from followertui.cli.options import Options
from followertui.cli.signals import EXIT_STOPPED, interrupt, on_stopping_signals, say_no_interrupts_of_finalisers
from followertui.domain.errors import FollowertuiError
from followertui.late import late
from followertui.store.file import log

if TYPE_CHECKING:
    import difflib

    from followertui.cli import reviewing
else:
    difflib = late("difflib")
    reviewing = late("followertui.cli.reviewing")

SECTIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Look": (
        ("review", "reviewing", "open the review (what happens without a command)"),
        ("accounts", "looking", "accounts a query finds, as a table, JSON, JSONL or CSV"),
        ("show", "looking", "everything known about one account"),
        ("matches", "matches", "people and companies of your lists found here, with evidence"),
        ("brief", "looking", "one page about a company before a call"),
        ("coverage", "looking", "which entries of a list are on X and follow you"),
        ("candidates", "discovering", "accounts that could be entries of a list nobody was matched with"),
        ("views", "looking", "saved views"),
        ("journal", "looking", "what was done, by whom"),
        ("session", "reviewing", "what came of your last review session"),
        ("demo", "showing", "a generated store and a sandbox X, to try everything"),
    ),
    "Bring in": (
        ("import", "importing", "X archives, exports of followers and following, customer lists"),
        ("auth", "auth", "sign in to X: keys, status, logout"),
        ("sync", "syncing", "read followers and following from X, price first"),
        ("find", "syncing", "search X for people who are not here, price first"),
        ("peek", "syncing", "someone's last posts, price first; off until a budget is set"),
        ("lists", "bringing_in", "your lists"),
        ("about", "bringing_in", "who you are"),
        ("sentinels", "bringing_in", "accounts you surely follow: a list without them is not complete"),
        ("match", "bringing_in", "compare accounts with your lists"),
        ("judge", "bringing_in", "judge accounts, with every reason"),
        ("aliases", "bringing_in", "names and handles learned from confirmed matches"),
    ),
    "Decide": (
        ("decide", "deciding", "keep, out, follow, engage, later"),
        ("kind", "deciding", "set the kind of accounts"),
        ("tag", "deciding", "add and remove tags"),
        ("note", "deciding", "write a note"),
        ("release", "deciding", "release guarded accounts"),
        ("draw", "deciding", "draw followers at random, to look at"),
        ("undo", "deciding", "undo the last gesture"),
        ("redo", "deciding", "do it again"),
    ),
    "Carry out": (
        ("plan", "planning", "what is still to be done on X"),
        ("apply", "applying", "carry out the plan"),
        ("worksheet", "worksheets", "the plan as a file, to work through by hand"),
        ("costs", "syncing", "what X has cost, and the budgets"),
        ("sandbox", "sandbox", "a simulated X on this machine"),
    ),
    "Engage": (
        ("today", "engaging", "what your playbooks propose for today"),
        ("engage", "engaging", "whom to engage with which link, and that it was done"),
        ("contact", "engaging", "never contact, contact allowed again, wrote first"),
        ("timeline", "engaging", "every contact with one account"),
        ("playbook", "playbooks", "what is done with people of a kind, step by step"),
        ("shelf", "shelf", "links to offer, and what came of them"),
    ),
    "Measure": (
        ("report", "reporting", "what the audience is worth, and whether it gets better"),
        ("handover", "reporting", "what the next person has to know: plans, releases, what is put off and due"),
        ("alerts", "reporting", "who that matters followed, left or moved since a day"),
        ("notice", "notices", "where `alerts --notify` sends counts of them: desktop, mail, chat"),
    ),
    "Care": (
        ("doctor", "maintenance", "check the store and unfinished work"),
        ("checks", "checks", "house checks: what must hold before anything is carried out"),
        ("backup", "maintenance", "copy the store"),
        ("restore", "maintenance", "restore the store from a copy"),
        ("merge", "maintenance", "take a colleague's decisions back from a copy of the store"),
        ("export", "maintenance", "all accounts as one JSON, JSONL or CSV file"),
        ("purge", "maintenance", "remove people permanently"),
        ("settings", "settings", "your settings, and what decides figures"),
        ("keys", "maintenance", "every key of the review"),
        ("themes", "maintenance", "colour themes"),
        ("screenshots", "showing", "redraw the screenshots of the README"),
        ("help", "helping", "longer texts, by topic"),
    ),
}
"""Section of the main help -> (command, module in ``cli``, one line)."""

_MODULES = {name: module for lines in SECTIONS.values() for name, module, _ in lines}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every command, in the order of the sections."""
        return list(_MODULES)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in _MODULES:
            return None
        module = importlib.import_module(f"followertui.cli.{_MODULES[cmd_name]}")
        command: click.Command = module.COMMANDS[cmd_name]
        take_utf_8_only(command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, suggesting the nearest name for an unknown one."""
        if args and args[0] not in _MODULES:
            near = difflib.get_close_matches(args[0], _MODULES, n=1)
            hint = f"; did you mean {near[0]}?" if near else "; `followertui --help` lists them"
            raise click.UsageError(f'no command is named "{args[0]}"{hint}', ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The commands by section, without importing any."""
        for section, lines in SECTIONS.items():
            with formatter.section(section):
                formatter.write_dl([(name, text) for name, _, text in lines])


_EPILOG = """
\b
First steps:
  followertui demo                        try everything on generated data
  followertui import FILE...              import your files; their format is recognised
  followertui                             review
\b
A query is one quoted argument:
  followertui accounts 'is:leader match:none silent:2y..' --count
  followertui decide 'kind:bot is:following' out
\b
Exit codes: 0 done, 1 failed, 2 usage, 3 stopped and resumable, 4 nothing to do (help scripts).
"""


@click.group(
    cls=LazyGroup,
    invoke_without_command=True,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["--help"], "max_content_width": 100},
)
@click.option("--store", metavar="FILE", envvar="FOLLOWERTUI_STORE", help="The store file to work on.")
@click.option(
    "--profile",
    metavar="NAME",
    envvar="FOLLOWERTUI_PROFILE",
    help="The X profile; each has a store (default: default).",
)
@click.option("--config", metavar="FILE", envvar="FOLLOWERTUI_CONFIG", help="The settings file to read.")
@click.option("--reviewer", metavar="NAME", help="Name on what you decide (default: your login).")
@click.option("--read-only", is_flag=True, help="Open the store read-only.")
@click.option("--redact", is_flag=True, help="Mask names, handles and bios on the screen, to share it.")
@click.option("--quiet", is_flag=True, help="No progress, no messages.")
@click.option("--verbose", is_flag=True, help="Print what is logged, too.")
@click.version_option(__version__, message="followertui %(version)s")
@click.pass_context
def cli(ctx: click.Context, /, **given: Any) -> None:
    """Review who follows your company's X account, and whom it follows, from the keyboard.

    Everything is local: one SQLite file, no server. Without a command it opens the review.
    """
    options = ctx.obj = Options(**given)
    # These two are what brings a settings file that is not there.
    options.check(has_settings=ctx.invoked_subcommand not in ("restore", "settings"))
    if ctx.invoked_subcommand is None:
        reviewing.open_review(options, "")


take_utf_8_only(cli)


def run(arguments: list[str] | None = None) -> int:
    """Run the command line; returns the exit code.

    0 done, 1 failed with one clear line, 2 usage, 3 stopped by a limit, Ctrl-C, SIGTERM or
    SIGHUP (resumable), 4 nothing to do.
    """
    try:
        _speak_utf_8()
        say_no_interrupts_of_finalisers()
        with on_stopping_signals(interrupt):
            return _run(arguments)
    except KeyboardInterrupt:
        return _stopped()


def _run(arguments: list[str] | None) -> int:
    try:
        result = cli.main(args=arguments, prog_name="followertui", standalone_mode=False)
        return result if isinstance(result, int) else 0
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.UsageError as error:
        printing.usage(_in_its_place(error))
        return 2
    except click.ClickException as error:
        printing.fail(error.format_message())
        return 1
    except FollowertuiError as error:
        printing.fail(str(error))
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return _stopped()
    except (BrokenPipeError, SystemExit):
        # The reader of our output has closed it (head, less): nothing is wrong. Click turns this
        # into a SystemExit, and raises that for nothing else.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        printing.fail(f"{where}{error.strerror or error}")
        return 1
    except Exception as error:
        printing.fail(str(log.as_error("followertui", error)))
        return 1


def _stopped() -> int:
    printing.fail("stopped; what was done stays done, run it again to go on")
    return EXIT_STOPPED


def _in_its_place(error: click.UsageError) -> click.UsageError:
    """The error; for a global option given after a command it says where the option belongs."""
    if isinstance(error, click.NoSuchOption) and any(error.option_name in option.opts for option in cli.params):
        said = f"{error.option_name} goes before the command: followertui {error.option_name} ..."
        return click.UsageError(said, error.ctx)
    return error


def _speak_utf_8() -> None:
    """Write UTF-8 to files and pipes, and a replacement where a terminal cannot show a character."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
