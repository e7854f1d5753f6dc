"""Checks this machine; its exit status is 1 if Jmpy cannot run on it."""

from __future__ import annotations

import argparse
import sys

from local import ports
from local.doctor import diagnosis
from local.doctor.finding import Level
from ops import terminal


@terminal.guarded
def main() -> int:
    parser = argparse.ArgumentParser(prog="doctor", description=__doc__)
    parser.add_argument("--port", type=ports.number, default=ports.DEFAULT)
    parser.add_argument(
        "--brief", action="store_true", help="print only problems, to standard error"
    )
    options = parser.parse_args()
    if options.brief:
        problems = diagnosis.problems(options.port)
        print(*problems, sep="\n", file=sys.stderr)
        return 1 if problems else 0
    count = 0
    for finding in diagnosis.diagnose(options.port):
        print(finding, flush=True)
        count += finding.level is Level.PROBLEM
    print(f"\nProblems: {count}" if count else "\nJmpy can run on this machine.")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
