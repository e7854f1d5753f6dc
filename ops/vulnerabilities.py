"""Checks all locked dependencies for known vulnerabilities (pip-audit), except those that
requirements/ignored-vulnerabilities.txt lists.

If the vulnerability service is unreachable, the result is unknown: that is reported prominently,
and is a failure in CI only (the environment variable CI), so that one can work without a network.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ops import terminal

PROJECT = Path(__file__).resolve().parents[1]
PIP_AUDIT = PROJECT / ".venv" / "opt" / "audit" / "bin" / "pip-audit"
IGNORED = PROJECT / "requirements" / "ignored-vulnerabilities.txt"
LOCKS = (
    "layers/dependencies/requirements.txt",
    *(
        f"requirements/{name}.txt"
        for name in ("uv", "dev", "sam", "ministack", "bench", "checkov", "audit")
    ),
)


class InvalidAllowList(Exception):
    """A line has no day or no reason, or its day has come."""


@terminal.guarded
def main() -> int:
    try:
        ignored = list(allowed(IGNORED.read_text(), datetime.now(UTC).date()))
    except InvalidAllowList as error:
        print(f"!! {IGNORED.relative_to(PROJECT)}: {error}", file=sys.stderr)
        return 1
    unknown, vulnerable = [], []
    for lock in LOCKS:
        found = _queried(lock, ignored)
        if found is None or any("skip_reason" in package for package in found):
            unknown.append(lock)
        vulnerable += [(lock, package) for package in found or [] if package.get("vulns")]
    for lock, package in vulnerable:
        for known in package["vulns"]:
            fixed = ", ".join(known["fix_versions"]) or "no version yet"
            print(f"!! {lock}: {package['name']} {package['version']} has {known['id']}, fixed in {fixed}")  # fmt: skip  # noqa: E501
    if unknown:
        print("!! NOT AUDITED, the vulnerability service knows nothing or cannot be reached: "
              f"{', '.join(unknown)}", file=sys.stderr)  # fmt: skip
    if not unknown and not vulnerable:
        print(f"- No known vulnerability in {len(LOCKS)} lock files")
    return 1 if vulnerable or (unknown and os.environ.get("CI")) else 0


def allowed(text: str, today: date) -> Iterator[str]:
    """Ids to pass over. Raises InvalidAllowList."""
    for line in text.splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        id_, day, *reason = line.split(maxsplit=2)
        try:
            until = date.fromisoformat(day)
        except ValueError:
            raise InvalidAllowList(f"{id_} needs a day, such as 2027-01-31") from None
        if not reason:
            raise InvalidAllowList(f"{id_} needs a reason")
        if until < today:
            raise InvalidAllowList(f"{id_} was to be looked at again by {day}")
        yield id_


def _queried(lock: str, ignored: list[str]) -> list[dict[str, Any]] | None:
    """Packages with their known vulnerabilities; None if there was no response."""
    options = [option for id_ in ignored for option in ("--ignore-vuln", id_)]
    print(f"- Checking {lock} ...", file=sys.stderr)
    done = subprocess.run(
        [str(PIP_AUDIT), "--disable-pip", "--require-hashes", "--format", "json",
         "--progress-spinner", "off", "--timeout", "10", "--requirement", lock, *options],
        cwd=PROJECT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    try:
        dependencies: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError):
        return None
    return dependencies


if __name__ == "__main__":
    sys.exit(main())
