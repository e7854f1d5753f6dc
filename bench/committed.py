"""Writes the results of a whole run of a benchmark to its file. A smaller run, as a trial, leaves
the committed results unchanged."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def is_trial(parser: argparse.ArgumentParser, options: argparse.Namespace, *sizes: str) -> bool:
    """Whether one of the sizes is below its default."""
    return any(getattr(options, size) < parser.get_default(size) for size in sizes)


def write(path: Path, document: dict[str, Any], *, trial: bool) -> None:
    if trial:
        print(f"- Smaller than the default: {path.name} is unchanged")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n")
