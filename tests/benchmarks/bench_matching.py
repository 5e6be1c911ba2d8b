"""Measures matching: quality on labelled data, the name score alone, and speed ratios.

Run ``python tests/benchmarks/bench_matching.py [--only quality|pairs|wild|costs|candidates|speed] [--scale N|full]``.
It prints figures and asserts nothing, and with ``--only costs --write`` keeps those of the help; data
that is absent is skipped with a line.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import match_candidates
import match_costs
import match_quality
import match_speed
import match_wild


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("quality", "pairs", "wild", "costs", "candidates", "speed"))
    parser.add_argument("--scale", default="0.1", help="share of 1,000,000 accounts x 50,000 entries, or full")
    parser.add_argument("--repeats", type=int, default=5, help="runs of which the median counts")
    parser.add_argument("--write", action="store_true", help="write what costs measures for the help")
    asked = parser.parse_args()
    if asked.only in (None, "quality"):
        match_quality.run()
    if asked.only in (None, "pairs"):
        match_quality.pairs()
    if asked.only in (None, "wild"):
        match_wild.run()
    if asked.only in (None, "costs"):
        match_costs.run(asked.write)
    if asked.only in (None, "candidates"):
        match_candidates.run()
    if asked.only in (None, "speed"):
        match_speed.run(1.0 if asked.scale == "full" else float(asked.scale), asked.repeats)


if __name__ == "__main__":
    main()
