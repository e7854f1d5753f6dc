"""`make openapi`: writes the files anew."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from openapi import document
from openapi.errors import Missing
from project import functions

PROJECT = Path(__file__).resolve().parents[1]


def files() -> dict[Path, str]:
    """What the code makes them, by where they are kept."""
    made = {
        # Beside the function that serves it; docs/openapi.json leads there.
        "functions/docs/openapi.json": document.build(),
        # What the access log does not know of a request: which permission it needed.
        "layers/jmpy/activity/permissions.json": _permissions(),
    }
    return {
        PROJECT / name: f"{json.dumps(content, indent=1, ensure_ascii=False)}\n"
        for name, content in made.items()
    }


def _permissions() -> dict[str, str]:
    """By method and route."""
    needed = {
        f"{operation.method} {operation.path}": operation.access_policy.permission.value
        for operation in functions.operations()
        if operation.access_policy.permission is not None
    }
    return dict(sorted(needed.items()))


if __name__ == "__main__":
    try:
        made = files()
    except Missing as missing:
        sys.exit(f"The reference wants {missing}")
    for path, text in made.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"- {path.relative_to(PROJECT)}")
