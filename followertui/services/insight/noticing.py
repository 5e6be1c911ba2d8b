"""Notices of alerts: counts and kinds, or names where a person wanted that after being told.

Owns what a notice says, what leaves this machine with it, and what is kept of it. Sending is
``x.notices``; the address is kept where the keys of X are, never in the store.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from followertui.domain.errors import BadInput
from followertui.services.insight.alerting import Alert, AlertType
from followertui.services.phrases import counted
from followertui.x import notices
from followertui.x.keychain import Keychain

_MOST_NAMED = 20
_ADDRESS, _NAMES = "address", "names"

_WORDS = {
    AlertType.FOLLOWED: "followed you",
    AlertType.LEFT: "left",
    AlertType.JOB_CHANGE: "changed company",
}


class Notice(NamedTuple):
    """How notices go out: the address, which is a secret, and whether they name people."""

    address: str
    with_names: bool


def what_leaves(with_names: bool) -> list[str]:
    """What leaves this machine with every notice, in sentences."""
    told = ['leaves this machine with every notice: how many of which kind, such as "2 prospects followed you"']
    if with_names:
        told.append("and with --names: handle, name and company of each of them, and names of your lists")
        told.append("the service behind the address, and all it passes through, can read and keep that")
    else:
        told.append("no name, no handle, no company, no list")
    return told


def keep(keychain: Keychain, notice: Notice) -> list[str]:
    """Keep where notices go; returns lines that say so.

    Raises:
        BadInput: it is no address, apprise is missing, or it cannot be kept.
    """
    service = notices.check(notice.address)
    where = keychain.save({_ADDRESS: notice.address, _NAMES: "yes" if notice.with_names else "no"})
    place = "the keyring of your system" if where == "keyring" else f"{keychain.path}, which only you can read"
    return [f"notices go out through {service}; the address is in {place}, not in the store"]


def kept(keychain: Keychain) -> Notice | None:
    """Where notices go, None where nothing was set.

    Raises:
        BadInput: what is kept cannot be read.
    """
    found = keychain.load()
    return Notice(found[_ADDRESS], found.get(_NAMES) == "yes") if found.get(_ADDRESS) else None


def wanted(keychain: Keychain) -> Notice:
    """Where notices go.

    Raises:
        BadInput: nothing was set, or what is kept cannot be read.
    """
    notice = kept(keychain)
    if notice is None:
        raise BadInput("no address for notices yet: followertui notice set")
    return notice


def send_test(notice: Notice) -> None:
    """Send a notice without anything of the store.

    Raises:
        BadInput: it did not go out.
    """
    notices.send(notice.address, "followertui: a test", "Notices of alerts will come here.")


def send(notice: Notice, alerts: Sequence[Alert]) -> None:
    """Send what happened.

    Raises:
        BadInput: it did not go out.
    """
    notices.send(
        notice.address, f"followertui: {counted(len(alerts), 'alert')}", "\n".join(body(alerts, notice.with_names))
    )


def body(alerts: Sequence[Alert], with_names: bool) -> list[str]:
    """The lines of a notice: counts and kinds, then names where they are wanted."""
    people = Counter((one.type, one.kind) for one in alerts if one.kind is not None)
    lines = [f"{counted(count, str(kind.value))} {_WORDS[type_]}" for (type_, kind), count in people.items() if kind]
    new = sum(one.count for one in alerts if one.type is AlertType.WAVE)
    if new:
        lines.append(f"{counted(new, 'new follower')} came in waves")
    crossed = sum(one.type is AlertType.COVERAGE for one in alerts)
    if crossed:
        lines.append(f"{counted(crossed, 'list')} crossed a mark of coverage")
    if with_names:
        lines += ["", *(one.text for one in alerts[:_MOST_NAMED])]
        if len(alerts) > _MOST_NAMED:
            lines.append(f"and {len(alerts) - _MOST_NAMED:,} more")
    return lines
