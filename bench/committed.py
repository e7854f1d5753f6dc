"""What a bench measured, into its file: of a whole run. One that was made smaller to try something
leaves what is committed as it is."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any


def is_trial(parser: argparse.ArgumentParser, asked: argparse.Namespace, *sizes: str) -> bool:
    """Whether one of the sizes is less than usual."""
    return any(getattr(asked, size) < parser.get_default(size) for size in sizes)


def write(path: Path, document: dict[str, Any], *, trial: bool) -> None:
    if trial:
        print(f"- Smaller than usual: {path.name} is left as it is")
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document, indent=2) + "\n")
