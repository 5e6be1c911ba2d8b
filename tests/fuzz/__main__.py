"""The long run: ``python -m tests.fuzz --inputs 200000 --processes 2000 --seed 1``.

Prints figures and every fault with the number that makes it again (``--only NUMBER``).
"""

from __future__ import annotations

import argparse
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

sys.path[:0] = [str(Path(__file__).resolve().parent), str(Path(__file__).resolve().parents[1] / "sources")]

from fuzz_inputs import Input, made  # noqa: E402
from fuzz_running import MOST_BYTES, as_process, bench, in_process  # noqa: E402
from workbook_files import write_workbook  # noqa: E402

_RENEWED_AFTER = 500
_SHOWN = 40


def workbook() -> bytes:
    """A small good workbook."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "good.xlsx"
        write_workbook(path, {"Clients": [["Company", "Website"], ["Globex", "globex.example"], ["Initech", 42]]})
        return path.read_bytes()


def main() -> int:
    """Run what was asked for; returns 1 where anything misbehaved."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--inputs", type=int, default=200_000, help="run in this process")
    parser.add_argument("--processes", type=int, default=2_000, help="run as processes of their own")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="the number of one input, to run it again")
    asked = parser.parse_args()
    faults = 0
    for title, count, run_one, offset in (
        ("in process", asked.inputs, in_process, 0),
        ("processes", asked.processes, as_process, 1 << 40),
    ):
        faults += _many(title, count, run_one, offset, asked)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(f"memory of this process: {most >> 20} MB")
    return 1 if faults or most > MOST_BYTES else 0


def _many(title: str, count: int, run_one: object, offset: int, asked: argparse.Namespace) -> int:
    book, codes, kinds, faults = workbook(), Counter[int](), Counter[str](), Counter[str]()
    slowest, began = (0.0, 0), time.monotonic()
    numbers = range(count) if asked.only is None else [asked.only] if count else []
    with bench() as place:
        for done, number in enumerate(numbers, start=1):
            one: Input = made(random.Random(f"{asked.seed}:{offset + number}"), book)
            outcome = run_one(place, one)  # type: ignore[operator]
            codes[outcome.code] += 1
            kinds[one.kind] += 1
            slowest = max(slowest, (outcome.seconds, number))
            if outcome.fault:
                faults[outcome.fault[:90]] += 1
                if faults[outcome.fault[:90]] == 1 and len(faults) <= _SHOWN:
                    print(f"{title} {number}: {outcome.fault[:200]!r} {one.arguments!r:.300}", flush=True)
            if done % _RENEWED_AFTER == 0:
                place.renew()
            if done % max(1, len(numbers) // 20) == 0:
                print(f"  {title}: {done:,} in {time.monotonic() - began:.0f} s, {faults.total()} faults", flush=True)
    print(
        f"{title}: {len(numbers):,} inputs {dict(kinds)} in {time.monotonic() - began:.0f} s, codes {dict(codes)}, "
        f"slowest {slowest[0]:.1f} s ({slowest[1]}), {faults.total()} faults of {len(faults)} kinds"
    )
    return faults.total()


if __name__ == "__main__":
    sys.exit(main())
