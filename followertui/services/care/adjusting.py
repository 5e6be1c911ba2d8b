"""What decides figures, changed by a person: kept in the store, so that all who review it share it.

Owns which settings of the store a person changes, what each takes, and their undo. Weights of
single signals are a file of their own (``scoring.weights``). The command line and the screen call it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NamedTuple

from followertui.domain.decision import ACTION_ORDER, ActionKind
from followertui.domain.errors import BadInput
from followertui.domain.kind import KIND_ORDER, QUALIFIED_KINDS, UNKNOWN_KINDS
from followertui.domain.pace import caps as parsed_caps
from followertui.domain.pace import quiet_hours
from followertui.services.plan import pacing
from followertui.services.scoring import weights
from followertui.services.session import Session
from followertui.services.values import Gesture, Undone
from followertui.store.decisions.journal import Entry
from followertui.store.file import settings

COMMAND = "setting"
"""What the journal calls a change of a setting."""

QUALIFYING = tuple(kind.value for kind in KIND_ORDER if kind not in UNKNOWN_KINDS)
"""Kinds that may count as qualified."""

_ACTIONS = ", ".join(ACTION_ORDER)

_QUALIFIED = [kind for kind in QUALIFYING if kind in {one.value for one in QUALIFIED_KINDS}]


@dataclass(frozen=True, slots=True)
class StoreChoice:
    """One setting of the store.

    Attributes:
        name: as the command line and the journal call it.
        meaning: one sentence.
        parse: its value from what was typed; raises BadInput.
        read, write: the value in force; None, to ``write`` only, is the default.
        default: the value where nobody set one.
        words: what it takes, where that is a closed set of words.
        is_judged_by: whether accounts have to be judged again before it shows.
    """

    name: str
    meaning: str
    parse: Callable[[str], Any]
    read: Callable[[Session], Any]
    write: Callable[[Session, Any], None]
    default: Callable[[Session], Any]
    words: tuple[str, ...] = ()
    is_judged_by: bool = False


class StoreSetting(NamedTuple):
    """A setting as it stands: name, value as it is typed, whether that is the default, meaning, words it takes."""

    name: str
    value: str
    is_default: bool
    meaning: str
    words: tuple[str, ...]


def store_settings(session: Session) -> list[StoreSetting]:
    """Every setting of the store, in order."""
    return [_as_it_stands(session, choice) for choice in CHOICES.values()]


def _as_it_stands(session: Session, choice: StoreChoice) -> StoreSetting:
    value = choice.read(session)
    return StoreSetting(choice.name, typed(value), value == choice.default(session), choice.meaning, choice.words)


def typed(value: object) -> str:
    """A value as a person types it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return f"{value:g}" if isinstance(value, float) else str(value)


def change(session: Session, name: str, text: str | None, was: str | None = None) -> Gesture:
    """Change one setting of the store, as one gesture that can be undone.

    Args:
        session: the open store.
        name: of ``CHOICES``.
        text: the value as typed; None for the default.
        was: the value that was shown when it was typed, where one was.

    Raises:
        BadInput: it takes no such value, or someone else changed it meanwhile; nothing was written.
    """
    choice = CHOICES[name]
    value = None if text is None else choice.parse(text)
    with session.store.write():
        before = choice.read(session)
        if was is not None and typed(before) != was:
            raise BadInput(f"{name}: is {typed(before)} now, changed meanwhile by another program; nothing was written")
        choice.write(session, value)
        after = choice.read(session)
        if after == before:
            return Gesture(0, 0, 0, 0, (), f"{name} is {typed(after) or 'not set'} already")
        said = f"{name}: {typed(before) or 'not set'} → {typed(after) or 'not set'}"
        payload = {"name": name, "before": before, "after": after}
        entry = session.journal.record(COMMAND, session.now, said, 0, payload)
    return Gesture(entry, 1, 0, 0, (), said)


def reverse(session: Session, entry: Entry, is_redo: bool) -> Undone:
    """Undo a change of a setting, or do it again, unless it was changed since."""
    payload = session.journal.payload(entry.id)
    choice = CHOICES[str(payload["name"])]
    expected, wanted = (payload["before"], payload["after"]) if is_redo else (payload["after"], payload["before"])
    verb = "redo" if is_redo else "undo"
    with session.store.write():
        is_untouched = choice.read(session) == expected
        if is_untouched:
            choice.write(session, wanted)
        number = session.journal.mark_reversed(entry, session.now, is_redo)
    left = "" if is_untouched else " · left alone: changed since"
    return Undone(number, f"{verb}: {entry.text}{left}", (), "", ())


def needs_judging(name: str) -> bool:
    """Whether a change of a setting shows only after accounts were judged again."""
    return CHOICES[name].is_judged_by


# What there is ----------------------------------------------------------------------


def _stored(setting: settings.Setting[Any], parse: Callable[[str], Any], **more: Any) -> StoreChoice:
    """A setting that stands in the store as it is."""

    def write(session: Session, value: Any) -> None:
        """Keep it; the default is not kept."""
        setting.write(session.store, setting.default if value is None else value)

    return StoreChoice(
        setting.name,
        setting.meaning,
        parse,
        lambda session: setting.read(session.store),
        write,
        lambda session: setting.default,
        **more,
    )


def _standard(name: str, key: str, meaning: str, least: int, most: int) -> StoreChoice:
    """A threshold or span of the weights, which a person may set beside them."""
    return StoreChoice(
        name,
        meaning,
        lambda text: _whole(name, text, least, most),
        lambda session: weights.standard(session, key),
        lambda session, value: weights.set_standard(session, key, value),
        lambda session: weights.standard_of_weights(session, key),
        is_judged_by=True,
    )


def _kinds(text: str) -> list[str]:
    chosen = [word.strip().lower() for word in text.split(",") if word.strip()]
    wrong = next((word for word in chosen if word not in QUALIFYING), None)
    if wrong is not None or not chosen:
        raise BadInput(f'qualified: "{wrong or text}" is no kind; it takes {", ".join(QUALIFYING)}')
    return [kind for kind in QUALIFYING if kind in chosen]


def _whole(name: str, text: str, least: int, most: int) -> int:
    try:
        number = int(text.strip().replace(",", ""))
    except ValueError:
        number = least - 1
    if not least <= number <= most:
        raise BadInput(f'{name}: "{text.strip()[:20]}" is no number from {least:,} to {most:,}')
    return number


def _dollars(name: str) -> Callable[[str], float]:
    def parse(text: str) -> float:
        """Dollars and cents, 0 for no limit."""
        try:
            usd = float(text.strip().removeprefix("$").replace(",", ""))
        except ValueError:
            usd = -1.0
        if not 0 <= usd < 1e6:
            raise BadInput(f'{name}: "{text.strip()[:20]}" is no amount in dollars; 0 is no limit')
        return round(usd, 2)

    return parse


def _hours(text: str) -> str:
    return "" if text.strip().lower() in ("", "off", "none") else str(quiet_hours(text))


def _switch(name: str) -> Callable[[str], bool]:
    def parse(text: str) -> bool:
        """On or off."""
        if text.strip().lower() not in ("on", "off"):
            raise BadInput(f'{name}: "{text.strip()[:20]}" is neither on nor off')
        return text.strip().lower() == "on"

    return parse


def _caps(text: str) -> str:
    return _caps_text(_caps_read(text))


def _caps_read(text: str) -> dict[str, list[int]]:
    """Caps by action from a text such as ``unfollow=100/20``.

    Raises:
        BadInput: an action is unknown, or a cap is none or above what can be set.
    """
    found: dict[str, list[int]] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, sign, value = part.partition("=")
        if not sign or name.strip().lower() not in ACTION_ORDER:
            raise BadInput(f'caps: "{part[:40]}": write ACTION=DAY or ACTION=DAY/15MIN; actions are {_ACTIONS}')
        action = ActionKind(name.strip().lower())
        wanted, most = parsed_caps(value), pacing.highest(action)
        if wanted.per_day > most.per_day or wanted.per_window > most.per_window:
            raise BadInput(f"caps: {action.value} takes at most {most.per_day:,}/{most.per_window:,}")
        found[action.value] = list(wanted)
    return found


def _caps_text(caps: dict[str, list[int]]) -> str:
    return ", ".join(f"{name}={day}{f'/{window}' if window else ''}" for name, (day, window) in caps.items())


_QUALIFIED_CHOICE = StoreChoice(
    "qualified",
    settings.QUALIFIED.meaning,
    _kinds,
    lambda session: settings.QUALIFIED.read(session.store) or _QUALIFIED,
    lambda session, value: settings.QUALIFIED.write(
        session.store, [] if value is None or value == _QUALIFIED else value
    ),
    lambda session: _QUALIFIED,
    words=QUALIFYING,
)

_CAPS_CHOICE = StoreChoice(
    "caps",
    f"{settings.CAPS.meaning}, as unfollow=100/20",
    _caps,
    lambda session: _caps_text(settings.CAPS.read(session.store)),
    lambda session, value: settings.CAPS.write(session.store, _caps_read(value or "")),
    lambda session: "",
)

CHOICES: dict[str, StoreChoice] = {
    choice.name: choice
    for choice in (
        _QUALIFIED_CHOICE,
        _standard("silent_days", "silent", "days without a post from which an account is silent", 1, 36_500),
        _standard("bot_threshold", "bot", "bot score from which an account is judged a bot", 1, 100),
        _standard("harmful_threshold", "harmful", "harm score from which an account is judged harmful", 1, 100),
        _standard("offtopic_threshold", "offtopic", "score from which an account is judged off-topic", 1, 100),
        _stored(settings.BUDGET_DAY, _dollars("budget_day")),
        _stored(settings.BUDGET_MONTH, _dollars("budget_month")),
        _stored(settings.QUIET_HOURS, _hours),
        _CAPS_CHOICE,
        _stored(settings.SURPRISES, lambda text: _whole("surprises", text, 1, 100)),
        _stored(settings.LOOK_DAYS, lambda text: _whole("look_days", text, 1, 365)),
        _stored(settings.WATCH, _switch("watch"), words=("on", "off")),
        _stored(settings.GOES_ON, _switch("sync_goes_on"), words=("on", "off")),
    )
}
"""Settings of the store by name, in the order they are shown."""
