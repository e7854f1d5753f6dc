"""One small file per source of figures, for the page that `bench.reliability` writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).resolve().parent / "results" / "reliability"

Figure = int | float | str


def write(source: str, what: str, command: str, figures: dict[str, Figure]) -> Path:
    """`what` is the heading of its part of the page."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    result = {
        "what": what,
        "command": command,
        "measured": datetime.now(UTC).date().isoformat(),
        "figures": figures,
    }
    path = FOLDER / f"{source}.json"
    path.write_text(json.dumps(result, indent=2) + "\n")
    return path
