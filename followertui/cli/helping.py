"""The command ``help``: longer texts by topic.

Owns the topics and their order. A topic is a file of ``topics``, or is written from a registry.
"""

from __future__ import annotations

import difflib
import sys
import textwrap
from collections.abc import Sequence
from importlib.resources import files
from typing import TYPE_CHECKING

import click

from followertui.cli.output import say
from followertui.cli.printing import put, put_document
from followertui.domain import reach
from followertui.domain.errors import BadInput
from followertui.late import late

if TYPE_CHECKING:
    from followertui.matching import measured
    from followertui.quality import sentences, signals, weights
    from followertui.store.file import settings
else:
    measured = late("followertui.matching.measured")
    sentences = late("followertui.quality.sentences")
    signals = late("followertui.quality.signals")
    weights = late("followertui.quality.weights")
    settings = late("followertui.store.file.settings")

TOPICS: tuple[str, ...] = (
    "files",
    "query",
    "matching",
    "judging",
    "report",
    "notices",
    "playbooks",
    "influencers",
    "reasons",
    "keys",
    "settings",
    "x-sync",
    "by-hand",
    "x-rules",
    "privacy",
    "scripts",
    "completion",
    "schema",
)
"""In the order of reading."""

_REASONS = """# Reasons: every signal, what it says and what it is worth

Find accounts by one: followertui accounts 'reason:never-listed'. N is the account's own
figure. "+10 from 0, +2 from 30" counts the last step that is reached. These are the weights as
shipped; `followertui judge --copy-weights FILE` writes them out to be edited.
"""


@click.command("help")
@click.argument("topic", required=False)
@click.pass_context
def help_(ctx: click.Context, topic: str | None) -> None:
    """Longer texts by TOPIC; without one, which there are."""
    if topic is None:
        for name in TOPICS:
            put(f"{name:<10} {topic_text(name).splitlines()[0].lstrip('# ')}")
        say(ctx.obj, "followertui help TOPIC; followertui COMMAND --help for a command")
        return
    if topic not in TOPICS:
        raise BadInput(_unknown_topic(ctx, topic))
    text = topic_text(topic)
    click.echo_via_pager(text) if sys.stdout.isatty() else put_document(text, is_line=False)


def topic_text(topic: str) -> str:
    """The text of one of ``TOPICS``, its first line a heading with ``# ``."""
    if topic == "reasons":
        return "\n".join([_REASONS, *reason_lines()]) + "\n"
    text = (files("followertui.cli") / "topics" / f"{topic}.md").read_text(encoding="utf-8")
    if topic == "matching":
        return text.replace(_FIGURES, "\n".join(measured.table(measured.measured(), SECONDS_A_PAIR)))
    if topic == "influencers":
        return text.replace(_RULE, textwrap.fill(f"  {reach.RULE}.", 100, subsequent_indent="  "))
    return text + _kept_settings() if topic == "settings" else text


_FIGURES, _RULE = "{figures}", "{rule}"
SECONDS_A_PAIR = 6.0
"""How long a look at a match takes where nobody's pace is known."""


def _kept_settings() -> str:
    """What the store keeps without being asked to, as a paragraph."""
    meanings = ", ".join(dict.fromkeys(one.meaning for one in settings.SETTINGS if not one.is_personal))
    return textwrap.fill(f"What the program keeps for itself there: {meanings}.", 100) + "\n"


def reason_lines() -> list[str]:
    """Every reason code by score: what it says and its points in the weights that come with the program."""
    shipped = weights.load_weights().scores
    lines = []
    for score in (*signals.SCORES, "fact"):
        how = shipped.get(score)
        if how is None:
            lines.append("Facts: shown, worth no points")
        else:
            lines.append(f"{score}: starts at {how.start}, judged so from {how.threshold}")
        for code, signal in signals.SIGNALS.items():
            if signal.score == score:
                unit = sentences.unit_of(signal.measure, signal.text)
                lines.append(f"  {code:<20} {_reason(signal.text, unit, how.points.get(code, ()) if how else ())}")
        lines.append("")
    lines.append("Waves: many accounts that came together and share something")
    lines += [f"  {code:<20} {text}" for code, text in (("wave", "in any wave"), *signals.WAVE_TRAITS.items())]
    return lines


def _reason(text: str, unit: str | None, steps: Sequence[tuple[float, int]]) -> str:
    """What a signal says, and its points; where it does not depend on a figure (unit None), the points alone."""
    if unit is not None:
        points = ", ".join(f"{worth:+d} from {at:g}" if worth else f"0 from {at:g}" for at, worth in steps)
        points += f" {unit}" if unit and points else ""
    else:
        points = " or ".join(f"{worth:+d}" for _, worth in steps)
    return sentences.general(text) + (f": {points}" if points else "")


def _unknown_topic(ctx: click.Context, topic: str) -> str:
    root = ctx.find_root()
    if isinstance(root.command, click.Group) and topic in root.command.list_commands(root):
        return f'"{topic}" is a command: followertui {topic} --help'
    near = difflib.get_close_matches(topic, TOPICS, n=1)
    return f'no topic is "{topic}"; ' + (f"did you mean {near[0]}?" if near else f"there are {', '.join(TOPICS)}")


COMMANDS: dict[str, click.Command] = {"help": help_}
