"""The long run: ``python -m tests.chaos --moments 1000 --seed 1 --jobs 2``.

A life is one seed; it goes on until some ten processes were struck. A life in which something does
not hold is told with the command that repeats it; ``--seed`` of the next one goes on from there.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

_HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(_HERE))

from chaos_base import base  # noqa: E402
from chaos_breaking import BREAKS  # noqa: E402
from chaos_life import Life, Wrong  # noqa: E402
from chaos_running import warm_up  # noqa: E402

_MOMENTS_A_LIFE = 10
_MOST_FAILED = 20
"""Lives with something wrong after which it gives up."""


def main() -> int:
    """Live lives until enough moments were hit; returns 1 where something did not hold."""
    # Begun in the background it would ignore Ctrl-C, and so would every program it starts and strikes.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--moments", type=int, default=1_000, help="processes struck while they work")
    parser.add_argument("--seed", type=int, default=1, help="of the first life")
    parser.add_argument("--jobs", type=int, default=1, help="processes that live lives")
    parser.add_argument("--of", type=int, default=1, help=argparse.SUPPRESS)
    parser.add_argument("--keep", action="store_true", help="keep the folder of a life in which something is wrong")
    parser.add_argument("--verbose", action="store_true", help="tell everything that happens")
    parser.add_argument("--break", dest="broken", choices=sorted(BREAKS), help="break the program, to see it noticed")
    asked = parser.parse_args()
    if asked.jobs > 1:
        return _shared_out(asked)
    warm_up()
    return _lives(asked)


def _shared_out(asked: argparse.Namespace) -> int:
    """Every job lives each so-many-th life."""
    share = -(-asked.moments // asked.jobs)
    more = ["--keep"] * asked.keep + ["--verbose"] * asked.verbose
    jobs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.chaos", "--moments", str(share), "--seed", str(asked.seed + number),
             "--of", str(asked.jobs), *more]
        )
        for number in range(asked.jobs)
    ]  # fmt: skip
    return max([job.wait() for job in jobs])


def _lives(asked: argparse.Namespace) -> int:
    os.environ["TZ"] = "UTC"
    time.tzset()
    moments, failed, seed = 0, [], asked.seed
    counts, refusals = Counter[str](), Counter[str]()
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="chaos-") as place:
        for name in [name for name in os.environ if name.startswith("FOLLOWERTUI_")]:
            del os.environ[name]
        os.environ.update(XDG_DATA_HOME=place, XDG_CONFIG_HOME=place)
        (made := Path(place) / "base").mkdir()
        beginning = base(made)
        if asked.broken:
            BREAKS[asked.broken][0]()
        while moments < asked.moments and len(failed) < (1 if asked.broken else _MOST_FAILED):
            (folder := Path(place) / f"life-{seed}").mkdir()
            life = Life(beginning, folder, seed)
            wanted = min(_MOMENTS_A_LIFE, asked.moments - moments)
            try:
                life.live(wanted)
            except Wrong as problem:
                failed.append(seed)
                print(
                    f"{problem}\n  repeat it: python -m tests.chaos --seed {seed} --moments {wanted} --keep", flush=True
                )
                if asked.keep:
                    shutil.copytree(folder, Path(tempfile.gettempdir()) / f"kept-chaos-{seed}", dirs_exist_ok=True)
            if asked.verbose:
                print("\n".join(life.story), flush=True)
            shutil.rmtree(folder)
            moments += life.moments
            counts += life.counts
            refusals += life.refusals
            print(
                f"seed {seed}: {moments:,} of {asked.moments:,} moments, {time.monotonic() - began:.0f} s", flush=True
            )
            seed += asked.of
    for words, count in refusals.most_common(12):
        print(f"  refused {count:,}: {words}")
    print(f"{moments:,} moments in {time.monotonic() - began:.0f} s: {dict(counts.most_common())}")
    print(f"{len(failed)} lives with something wrong{': ' if failed else ''}{', '.join(map(str, failed))}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
