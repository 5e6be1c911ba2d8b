"""Weights a person edits: what a change would do before it is done, and which signals misled.

Owns the preview of a rescore, the choice of a weights file, and what words such as "not a
bot" teach about single signals. Nothing is trained. ``followertui judge`` calls it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from followertui.domain.errors import BadInput, Cancelled
from followertui.domain.kind import KIND_ORDER, Kind
from followertui.domain.progress import CancelToken, Progress
from followertui.late import late
from followertui.services.phrases import counted
from followertui.services.querying import rows_of
from followertui.services.scoring.judging import (
    Lines,
    accusing,
    judge_of,
    standards_of,
    weights_file_of,
    weights_of,
)
from followertui.services.session import Session
from followertui.store.audience import pages, scores
from followertui.store.file import settings

if TYPE_CHECKING:
    from followertui.quality import market
    from followertui.quality import weights as weight_files
    from followertui.quality.weights import Weights
else:
    market = late("followertui.quality.market")
    weight_files = late("followertui.quality.weights")

_READ = 4000
_LEARN_FROM = "match:confirmed kind:customer,prospect OR match:certain kind:customer,prospect"


def use_weights(session: Session, path: str | None) -> str:
    """Use a weights file from now on; None returns to the built-in weights. Returns one line.

    Raises:
        BadInput: the file cannot be read or holds no weights.
    """
    whole = Path(path).expanduser().resolve() if path is not None else None
    weight_files.load_weights(whole)
    with session.store.write():
        settings.WEIGHTS_FILE.write(session.store, "" if whole is None else str(whole))
        _keep_silent_days(session)
    return f"judged by {'the built-in weights' if whole is None else whole} from now on"


def _keep_silent_days(session: Session) -> None:
    """Let ``is:silent`` mean what judging means by it."""
    settings.SILENT_DAYS.write(session.store, weights_of(session).silent_days)


def standard(session: Session, name: str) -> int:
    """The threshold of a score, or the days of "silent", in force."""
    return _standard_in(weights_of(session), name)


def standard_of_weights(session: Session, name: str) -> int:
    """The same as the weights say it, whatever was set beside them."""
    return _standard_in(weights_file_of(session), name)


def _standard_in(weights: Weights, name: str) -> int:
    return weights.silent_days if name == "silent" else weights.scores[name].threshold


def set_standard(session: Session, name: str, value: int | None) -> None:
    """Set a threshold, or the days of "silent", beside the weights; None for what the weights say."""
    with session.store.write():
        kept = {one: own for one, own in settings.STANDARDS.read(session.store).items() if one != name}
        if value is not None and value != standard_of_weights(session, name):
            kept[name] = value
        settings.STANDARDS.write(session.store, kept)
        _keep_silent_days(session)


def copy_weights(path: str) -> str:
    """Write the built-in weights to a new file, to edit. Returns one line.

    Raises:
        BadInput: the file is there already or cannot be written.
    """
    try:
        with Path(path).expanduser().open("x", encoding="utf-8") as file:
            file.write(weight_files.shipped_text())
    except FileExistsError:
        raise BadInput(f"{path}: is there already; name a new file") from None
    except OSError as error:
        raise BadInput(f"{path}: cannot be written ({error.strerror})") from None
    return f"wrote {path}; edit it, look with `judge --weights {path} --dry-run`, use it with `judge --weights {path}`"


def preview(session: Session, cancel: CancelToken, path: str | None) -> Generator[Progress, None, list[str]]:
    """What judging by other weights would change; writes nothing.

    Args:
        session: the open store.
        cancel: polled per chunk.
        path: weights file, None for the ones in use (after a new program or other market words).

    Returns:
        Lines: how the weights differ, then how many accounts would get another judged kind.
    """
    now = wanted = weights_of(session)
    if path:
        wanted = weight_files.with_standards(
            weight_files.load_weights(Path(path).expanduser()), settings.STANDARDS.read(session.store)
        )
    moved: Counter[tuple[str, str]] = Counter()
    last = session.evaluator.columns.size() - 1
    judge_rows = judge_of(session.store, *standards_of(session, wanted))
    for start in range(1, last + 1, _READ):
        if cancel.is_set():
            raise Cancelled("the look at other weights: stopped; nothing was changed", is_resumable=False)
        moved.update(_moved(session, range(start, min(start + _READ, last + 1)), judge_rows))
        yield Progress(min(start + _READ, last), last, "judging by other weights, only to look")
    lines = weight_files.diff(now, wanted)
    for (before, after), count in moved.most_common():
        lines.append(f"{counted(count, 'account')}: {before} -> {after}")
    return lines or ["nothing would change"]


def _moved(session: Session, rows: range, judge_rows: Callable[[Sequence[int]], Lines]) -> Counter[tuple[str, str]]:
    kept = scores.kinds_between(session.store, rows[0], rows[-1])
    found: Counter[tuple[str, str]] = Counter()
    for judgement, kind, _ in judge_rows(rows):
        before = KIND_ORDER[kept[judgement.row]].value if judgement.row in kept else Kind.UNSEEN.value
        if before != kind.value:
            found[before, kind.value] += 1
    return found


def misled(session: Session) -> list[tuple[str, int, int]]:
    """Signals that suggested a kind a person then corrected.

    Returns:
        (reason code, times it misled, times it fired on accounts a person said the kind of),
        most misled first: what to turn down in the weights.
    """
    evaluator = session.evaluator
    wrong: Counter[str] = Counter()
    fired: Counter[str] = Counter()
    codes = scores.reason_codes(session.store)
    decision, score = evaluator.columns.group("decision"), evaluator.columns.group("score")
    reasons = [evaluator.columns.get(column) for column in scores.REASON_COLUMNS]
    rows = [int(row) for row in (decision["has_word"] == 1).nonzero()[0]]
    weights = weights_of(session)
    for row in rows:
        machine, person = KIND_ORDER[score["judged_kind"][row]], KIND_ORDER[decision["word"][row]]
        against = accusing(weights, machine)
        words = [int(column[row]) for column in reasons]
        found = [code for code in scores.codes_in(codes, words) if code in against]
        fired.update(found)
        if machine is not person:
            wrong.update(found)
    return [(code, count, fired[code]) for code, count in wrong.most_common()]


def learned_market(session: Session) -> list[tuple[str, int]]:
    """Terms shared by bios of customers and prospects: (term, number of bios), most first.

    Confirmed and certain matches only. Counted, nothing trained; a person picks from it.
    """
    rows: Sequence[int] = rows_of(session, _LEARN_FROM)
    bios = [bio for bio in pages.profiles(session.store, rows).bio if bio]
    return market.learn_market(bios)
