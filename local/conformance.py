"""Compares the emulator with what AWS was recorded to do: one of its own, which is gone afterwards.
Exits with 1 if it does something else that is not listed (ops/conformance/emulator.py)."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from local import emulator_process
from local.conformance_stack import deploy
from local.deploy import EMULATOR_PYTHON
from local.emulator_process import EmulatorFailed
from local.ports import free_port
from ops import terminal
from ops.conformance import report
from ops.conformance.emulator import KNOWN_MISSES


@terminal.guarded
def main() -> int:
    options = report.parser("local.conformance", __doc__).parse_args()
    with tempfile.TemporaryDirectory(prefix="conformance-") as folder:
        try:
            report.say(options, "Starting an emulator")
            emulator = emulator_process.start(EMULATOR_PYTHON, free_port(), Path(folder))
            report.say(options, "Deploying ops/conformance/template.yaml")
            return report.compare(options, deploy(emulator, "conformance"), KNOWN_MISSES)
        except EmulatorFailed as error:
            print(f"error: {error}", file=sys.stderr)
            return 1
        finally:
            emulator_process.stop(Path(folder))


if __name__ == "__main__":
    sys.exit(main())
