"""Writes docs/licences.md: the licences of the third-party code that runs in Lambda."""

from __future__ import annotations

import re
import sys
from importlib.metadata import PackageMetadata, metadata
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "licences.md"
LOCK = PROJECT / "layers" / "dependencies" / "requirements.txt"

ALLOWED = frozenset(
    {
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "MPL-2.0",  # covers the package's own files, which are shipped unchanged
        "PSF-2.0",
    }
)
"""SPDX ids of licences under which Jmpy (Apache-2.0) may be shipped together with a package."""

_OTHER_WORDS = {
    "Apache 2.0": "Apache-2.0",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "MIT License": "MIT",
}
_STATED_ELSEWHERE = {
    "crawler-user-agents": "MIT",  # in the file LICENSE of its repository
}
_HEADER = """\
# Licences

Written by `make licences`; `tests/unit/test_licences.py` fails when it is out of date, or when a
package with another licence than these enters the layer. Versions are in
`layers/dependencies/requirements.txt`; the texts are in the packages, which are shipped whole.

| Package | Licence |
|---|---|
"""
_FOOTER = """
Not a Python package: `htmx.min.js`, 0BSD
([source](../layers/jmpy/dashboard/assets/THIRD_PARTY.md)).
"""


class UnknownLicence(Exception):
    def __init__(self, package: str, licence: str) -> None:
        super().__init__(f"{package} has the licence {licence!r}, which ALLOWED does not name")


def main() -> int:
    PAGE.write_text(page())
    return 0


def page() -> str:
    """Raises UnknownLicence."""
    rows = [f"| {package} | {licence_of(package)} |" for package in packages()]
    return _HEADER + "\n".join(rows) + "\n" + _FOOTER


def packages() -> list[str]:
    return re.findall(r"^([a-z0-9-]+)==", LOCK.read_text(), re.MULTILINE)


def licence_of(package: str) -> str:
    """As an SPDX expression. Raises UnknownLicence."""
    licence = _STATED_ELSEWHERE.get(package) or _audited(metadata(package))
    if not any(part in ALLOWED for part in licence.split(" OR ")):
        raise UnknownLicence(package, licence)
    return licence


def _audited(about: PackageMetadata) -> str:
    fields = {name: about[name] for name in about}
    expression = fields.get("License-Expression") or fields.get("License") or ""
    classifiers = [
        line.rpartition(" :: ")[2]
        for line in about.get_all("Classifier") or []
        if line.startswith("License")
    ]
    for stated in (expression, *classifiers):
        if stated and (known := _OTHER_WORDS.get(stated, stated)) and "\n" not in known:
            return str(known)
    return ""


if __name__ == "__main__":
    sys.exit(main())
