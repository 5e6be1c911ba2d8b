"""One life of a store: commands struck at random moments, mishaps in between, and a check after each.

Owns what a moment is and what must hold after it. Who is guarded and what a store holds is told
by ``chaos_oracle``, what X was asked by ``chaos_x``.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
import signal
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import chaos_oracle as oracle
from chaos_base import Base
from chaos_beside import Beside
from chaos_operations import OPERATIONS, Operation, World
from chaos_oracle import Facts
from chaos_running import NOT_BEGUN, Ended, Running, Strike, strike_for
from chaos_x import X

from followertui.x.sandbox.faults import Fault

_NAMED = re.compile(
    r"followertui (import resume(?: \d+)?|match(?: --full)?|judge(?: --full)?|doctor --mend|plan)(?![\w-])"
)
"""Commands that go on with something, as messages and ``doctor`` name them."""
_ORDER = ("import", "plan", "match", "judge", "doctor")
_MUST_GO = ("import", "calls", "compare", "judge", "leftover", "file", "numbers")
"""Findings of ``doctor`` that are gone once its remedies were run."""
_MOST_LATE = 3
"""Calls made after a signal: one at most, but a busy machine is slow to hand a signal on."""
_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Wrong(AssertionError):
    """Something that must hold does not."""


class Life:
    """A store, X beside it, and what happens to them.

    Args:
        base: what it begins with.
        folder: an empty folder.
        seed: decides everything.

    Attributes:
        moments: how many processes were struck while they worked.
        counts: what happened, and how often.
        refusals: what commands that were not to blame said when they ended with 1.
    """

    def __init__(self, base: Base, folder: Path, seed: int) -> None:
        self.dice = random.Random(f"life {seed}")
        self.moments = 0
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()
        self.story: list[str] = []
        self.world = World(base, folder, self.dice)
        shutil.copyfile(base.store, self.world.store)
        self.world.store.chmod(0o600)
        (folder / "clock").write_text(base.clock)
        self.x = X(base, folder, self._faults())
        self.world.x = self.x
        self._environment = {
            **{name: value for name, value in self.x.environment.items() if name.isupper()},
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            "XDG_DATA_HOME": str(folder / "data"), "XDG_CONFIG_HOME": str(folder / "config"), "TZ": "UTC",
            "FOLLOWERTUI_CLOCK_FILE": str(folder / "clock"),
        }  # fmt: skip
        self._asked_before = self._call_before = 0

    def _faults(self) -> list[Fault]:
        """What goes wrong at X: answers that are lost, refusals, limits."""
        if self.dice.random() < 0.4:
            return []
        calls = tuple(self.dice.sample(range(1, 25), 4))
        return [Fault(self.dice.choice(("lost", "reset", "status", "cut", "html", "no-headers")), method="DELETE",
                      calls=calls)]  # fmt: skip

    # --- what happens ---------------------------------------------------------------------------

    def live(self, moments: int) -> None:
        """Go on until so many moments were hit, then bring everything to its end.

        Raises:
            Wrong: something does not hold; the message says what.
        """
        try:
            while self.moments < moments:
                if self.dice.random() < 0.5:
                    mishap = self.world.mishap()
                    self._tell(f"mishap: {mishap}")
                    self.counts[mishap.split(":")[0]] += 1
                    if mishap.startswith("cp"):
                        self._begin_history()
                self._moment(self.dice.choices(list(OPERATIONS), [one.weight for one in OPERATIONS])[0])
            self._end()
        except (Wrong, TimeoutError) as problem:
            raise Wrong("\n".join([*self.story[-14:], f"WRONG: {problem}"])) from None
        finally:
            self.x.close()

    def _moment(self, operation: Operation) -> None:
        arguments = operation.prepare(self.world)
        if arguments is None:
            return
        before = self._facts()
        inode, known = self.world.store.stat().st_ino, len(self.x.asked())
        is_full = self.dice.random() < 0.06
        is_pair = not is_full and not operation.replaces and self.dice.random() < (0.25 if operation.calls else 0.12)
        strike = None if is_full else strike_for(self.dice, *operation[3:6], operation.calls)
        self._tell(f"{' '.join(arguments)[:200]}   [{'full disk' if is_full else strike}]")
        other = self._other_reviewer(operation) if is_pair else None
        most = int(self.world.store.stat().st_size * self.dice.uniform(0.02, 1.1)) if is_full else None
        done = self._start(arguments, strike, most).ended(other.go_on if other else lambda: None)
        if other is not None and (beside := other.ended()) is not None:
            self._judge(beside, None, "beside it")
        self.counts[operation.name] += 1
        self.counts["full disk"] += is_full
        self.counts["two at once"] += is_pair
        if done.is_struck and strike is not None:
            self.moments += 1
            self.counts[strike.signal.name] += 1
        self._judge(done, strike, "full" if is_full else "")
        after = self._facts()
        if operation.replaces and self.world.store.stat().st_ino != inode:
            self._check_replaced(operation, before, after)
        else:
            self._check_kept(operation, before, after, is_pair)
        self._check_x(after)
        if done.is_struck and strike is not None and strike.at == "call":
            late = len(self.x.asked()) - known - strike.number
            if late > _MOST_LATE:
                raise Wrong(f"{late} more calls were made after {strike}")
        if done.code == -signal.SIGKILL and self.dice.random() < 0.4:
            self._tell("  nobody looks after it: its log stays beside the store")
            self.counts["left as it was"] += 1
        else:
            self._go_on(done.lines)

    def _other_reviewer(self, operation: Operation) -> Beside:
        """A second person who decides at the same time: while X is called, to keep whoever is about to go."""
        arguments = ["decide", self.world.someone(), self.dice.choice(("keep", "out", "later"))]
        if operation.calls:
            query = self.dice.choice(("plan:unfollow", "plan:unfollow followers:..300"))
            arguments = self.dice.choice((["decide", query, "keep"], ["kind", query, "customer"]))
        self._tell(f"beside it, bo: {' '.join(arguments)}")
        line, folder = self._line(arguments, "bo"), self.world.folder
        return Beside(
            self.world.store, self.world.now, lambda: Running(folder, line, self._environment),
            self.dice.uniform(0, 0.15)
        )  # fmt: skip

    def _line(self, arguments: Sequence[str], reviewer: str) -> list[str]:
        return ["--store", str(self.world.store), "--reviewer", reviewer, *arguments]

    def _start(self, arguments: Sequence[str], strike: Strike | None = None, most: int | None = None) -> Running:
        return Running(self.world.folder, self._line(arguments, "ann"), self._environment, strike, most)

    def command(self, *arguments: str) -> Ended:
        """Run a command to its end; it may refuse, but not fail.

        Raises:
            Wrong: it fails.
        """
        done = self._start(arguments).ended()
        self._judge(done, None, "")
        return done

    def _facts(self) -> Facts:
        found = oracle.facts(self.world.store, self.world.folder)
        if found.problems:
            raise Wrong(f"the store is damaged: {found.problems}")
        return found

    def _tell(self, line: str) -> None:
        self.story.append(line)

    def _begin_history(self) -> None:
        """The store was replaced: what X was asked before is in no table of it, or was asked by another one."""
        self._asked_before = len(self.x.asked())
        self._call_before = max((call[0] for call in self._facts().calls), default=0)

    # --- what must hold -------------------------------------------------------------------------

    def _judge(self, done: Ended, strike: Strike | None, why: str) -> None:
        """A command ends with a known code and, where it failed or was stopped, one clear line."""
        name = " ".join(done.arguments[4:])[:160]
        log = Path(f"{self.world.store}.log")
        if log.exists():
            text = log.read_text()
            log.unlink()
            raise Wrong(f"{name}: an error nobody foresaw: {done.err[-400:]}\n{text[-1500:]}")
        if "Traceback" in done.err or "went wrong" in done.err or _ACTING.search(done.out + done.err):
            raise Wrong(f"{name}: {done.err[-1500:]}")
        allowed = {0, 1, 3, 4}
        if strike is not None:
            self._tell(f"  -> {done.code} {'struck' if done.is_struck else 'not struck'} {done.err[-200:]!r}")
            allowed |= {-signal.SIGKILL} if done.is_struck and strike.signal is signal.SIGKILL else set()
            # A signal may come before the program has taken its handlers, or after it has given them back.
            allowed |= {NOT_BEGUN} if strike.at == "time" else set()
            allowed |= {-signal.SIGTERM} if strike.at == "time" and not done.err else set()
        if done.code not in allowed:
            raise Wrong(f"{name}: exit code {done.code}: {done.err[-600:]}")
        if done.code in (1, 3, 4) and not done.lines:
            raise Wrong(f"{name}: exit code {done.code} without a word")
        if done.code == 1:
            words = re.sub(r"/\S+/|\d+", "", done.lines[-1])
            self.refusals[f"{why} {words}".strip()[:150]] += 1

    def _check_kept(self, operation: Operation, before: Facts, after: Facts, is_pair: bool) -> None:
        """What was said before is there, an unfinished import counts for nothing."""
        if after.journal < before.journal or not set(before.imports) <= set(after.imports):
            raise Wrong("entries of the journal, or imports, are gone")
        if [call[:3] for call in after.calls[: len(before.calls)]] != [call[:3] for call in before.calls]:
            raise Wrong("calls are gone")
        lost = before.words - after.words
        if lost and not operation.decides and not is_pair:
            raise Wrong(f"what was said is gone: {sorted(map(str, lost))[:4]}")
        if not operation.decides and not is_pair and not before.items <= after.items:
            raise Wrong(f"plan items are gone: {sorted(before.items - after.items)[:5]}")
        if after.journal == before.journal and before.words != after.words:
            raise Wrong(f"words changed without an entry: {sorted(map(str, before.words ^ after.words))[:4]}")
        is_open = bool(after.imports) and after.imports[max(after.imports)] == "running"
        if is_open and operation.name == "accounts" and after.moved != before.moved:
            raise Wrong(f"an import that did not end made somebody new or left: {before.moved} {after.moved}")

    def _check_replaced(self, operation: Operation, before: Facts, after: Facts) -> None:
        """A restored store is the backup, whole; the one it replaced can be restored as well."""
        wanted = self.world.restoring
        if wanted is None or (after.words, after.items, after.calls, after.imports) != (
            wanted.words, wanted.items, wanted.calls, wanted.imports
        ):  # fmt: skip
            raise Wrong("the restored store is not the backup")
        kept = sorted(self.world.folder.glob("store.db.replaced-*[0-9]"), key=lambda path: path.stat().st_mtime_ns)
        if not kept:
            raise Wrong("the store that was replaced is not kept")
        aside = oracle.facts(kept[-1], self.world.folder)
        if (aside.problems, aside.words, aside.calls) != ((), before.words, before.calls):
            raise Wrong("the store that was replaced is not as it was")
        self.counts["restored"] += 1
        self._begin_history()

    def _check_x(self, after: Facts) -> None:
        """X was asked of nobody guarded, nothing twice, and every call is written down."""
        asked = self.x.asked()
        for one in asked:
            if one.is_unfollow and one.guards:
                raise Wrong(f"{one.x_id} was unfollowed, guarded as {', '.join(one.guards)}")
        calls = [call for call in after.calls if call[0] > self._call_before and call[2] == "unfollow"]
        written, done = Counter(call[1] for call in calls), {call[1] for call in calls if call[3] == "done"}
        seen: dict[int, list[bool]] = defaultdict(list)
        for one in asked[self._asked_before :]:
            if not one.is_unfollow:
                seen.pop(one.x_id, None)
                continue
            if not one.has_changed and True in seen[one.x_id]:
                raise Wrong(f"{one.x_id} was unfollowed twice: {[each for each in asked if each.x_id == one.x_id]}")
            seen[one.x_id].append(one.has_changed)
        sent = Counter(one.x_id for one in asked[self._asked_before :] if one.is_unfollow)
        for x_id, count in sent.items():
            if written[x_id] < count:
                raise Wrong(f"X was asked {count} times to unfollow {x_id}, the store knows of {written[x_id]}")
        following = self.x.following()
        by_hand = {one.x_id for one in asked if not one.is_unfollow}
        if done & following - by_hand:
            raise Wrong(f"written down as done, but X says we follow {sorted(done & following - by_hand)[:5]}")

    def _go_on(self, said: Sequence[str] = ()) -> None:
        """Doctor finds nothing, or says how to mend it; the commands named go on with what was stopped."""
        found = self._doctor()
        named = [match for line in said for match in _NAMED.findall(line)]
        for finding in found:
            remedies = _NAMED.findall(finding["text"])
            if finding["what"] in _MUST_GO and not remedies and "apply asks again" not in finding["text"]:
                raise Wrong(f"doctor does not say what to do: {finding}")
            named += ["plan"] if finding["what"] == "calls" else remedies
        # An import before what compares it, everything once.
        for command in sorted(dict.fromkeys(named), key=lambda command: _ORDER.index(command.split()[0])):
            done = self.command(*command.split())
            self._tell(f"  {command} -> {done.code}")
            if done.code not in (0, 4):
                raise Wrong(f"{command}, which was named, does not go on: {done.code} {done.err[-500:]}")
        left = [finding for finding in self._doctor() if finding["what"] in _MUST_GO] if named else []
        if left:
            raise Wrong(f"after {named} doctor still finds {left}")

    def _doctor(self) -> list[dict[str, str]]:
        done = self.command("doctor", "--json")
        if done.code not in (0, 1):
            raise Wrong(f"doctor: exit code {done.code}: {done.err[-500:]}")
        return [finding for finding in json.loads(done.out) if finding["level"] != "ok"]

    def _say_it_is_ours(self) -> None:
        """A store that was put back does not know what was unfollowed since, and doubts a list without them."""
        last = json.loads(self.command("import", "log", "--json").out)
        for number in [run["id"] for run in last if run["completeness"] == "doubtful"]:
            self._tell(f"  doubted: import complete {number} -> {self.command('import', 'complete', str(number)).code}")

    def _end(self) -> None:
        """Carry out what is left, read whom we follow: store and X agree."""
        self.world.set_clock_right()
        self._go_on()
        for _ in range(4):
            arguments = self.world.apply(most=400)
            if arguments is None:
                break
            self.command(*arguments)
            self._check_x(self._facts())
        reading = self.world.reading()
        self.command(*reading)
        self._say_it_is_ours()
        after = self._facts()
        if after.following != self.x.following():
            differing = sorted(after.following ^ self.x.following())
            raise Wrong(f"after a complete reading store and X differ about {differing[:5]} ({len(differing)})")
        if any(call[3] == "ATTEMPTING" for call in after.calls):
            raise Wrong("a call is left without an answer")
