"""One small file per source of figures, for the page that `bench.reliability` writes."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bench import committed

FOLDER = Path(__file__).resolve().parent / "results" / "reliability"

Figure = int | float | str


def write(
    source: str, what: str, command: str, figures: dict[str, Figure], *, trial: bool = False
) -> Path:
    """`what` is the heading of its part of the page."""
    result = {
        "what": what,
        "command": command,
        "measured": datetime.now(UTC).date().isoformat(),
        "figures": figures,
    }
    path = FOLDER / f"{source}.json"
    committed.write(path, result, trial=trial)
    return path
