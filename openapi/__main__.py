"""`make openapi`: writes all that is generated from the operations."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from openapi import document, page
from openapi.errors import Missing
from project import functions

PROJECT = Path(__file__).resolve().parents[1]


def files() -> dict[Path, str]:
    """What is generated from the code, by path. Raises Missing."""
    described = document.build()
    documentation = PROJECT / "docs" / "api.md"
    return {
        # Beside the function that serves it; docs/openapi.json links to it.
        PROJECT / "functions" / "docs" / "openapi.json": _json(described),
        # For the access log, whose entries contain no permission, and for the dashboard.
        PROJECT / "layers" / "jmpy" / "access" / "operations.json": _json(_permitted()),
        documentation: page.with_operations(documentation.read_text(encoding="utf-8"), described),
    }


def _json(content: Any) -> str:
    return f"{json.dumps(content, indent=1, ensure_ascii=False)}\n"


def _permitted() -> dict[str, list[str]]:
    """Permission and summary by method and route."""
    permitted = {
        f"{operation.method} {operation.path}": [
            operation.access_policy.permission.value,
            operation.summary,
        ]
        for operation in functions.operations()
        if operation.access_policy.permission is not None
    }
    return dict(sorted(permitted.items()))


if __name__ == "__main__":
    try:
        made = files()
    except Missing as missing:
        sys.exit(f"Missing: {missing}")
    for path, text in made.items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        print(f"- {path.relative_to(PROJECT)}")
