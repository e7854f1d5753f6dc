"""An execution environment as a bare process: what the code costs, and nothing around it."""

from __future__ import annotations

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.speed import trees
from bench.speed.measure import WARM_UP, Sample, UnexpectedResponse

if TYPE_CHECKING:
    from bench.speed.subjects import Subject

CHILD = Path(__file__).with_name("child.py")


@dataclass(frozen=True)
class Processes:
    python: str
    variables: dict[str, str]
    scratch: Path

    def __call__(self, subject: Subject, calls: int) -> Sample:
        target = self.scratch / "figures.json"
        target.unlink(missing_ok=True)
        done = subprocess.run(
            [self.python, "-S", CHILD, subject.module, target, str(WARM_UP), str(calls)],
            env=trees.environment(self.variables, subject.import_path),
            input=json.dumps(subject.events),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise UnexpectedResponse(f"{subject.name} failed:\n{done.stderr[-2000:]}")
        return Sample(**json.loads(target.read_text()))
