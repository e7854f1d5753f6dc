"""Known vulnerabilities that may be passed over: only until a day, and with a reason."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from typing import Any

import pytest

from ops import vulnerabilities

TODAY = date(2027, 1, 15)
PACKAGE = {"name": "x", "version": "1", "vulns": []}
VULNERABLE = {**PACKAGE, "vulns": [{"id": "GHSA-1", "fix_versions": ["2"]}]}
UNKNOWN = {"name": "x", "skip_reason": "not found"}


def test_the_list_names_ids_until_their_day() -> None:
    text = "# why\n\nGHSA-1 2027-01-15 not used here\nCVE-2 2027-02-01 only on Windows\n"
    assert list(vulnerabilities.allowed(text, TODAY)) == ["GHSA-1", "CVE-2"]
    list(vulnerabilities.allowed(vulnerabilities.IGNORED.read_text(), date.today()))  # noqa: DTZ011 - any day will do


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("GHSA-1 2027-01-14 not used here", "looked at again"),
        ("GHSA-1 2027-01-15", "reason"),
        ("GHSA-1 not used", "a day"),
    ],
)
def test_a_line_without_a_day_to_come_or_a_reason_fails(line: str, message: str) -> None:
    with pytest.raises(vulnerabilities.InvalidAllowList, match=message):
        list(vulnerabilities.allowed(line, TODAY))


@pytest.mark.parametrize(
    ("packages", "ci", "status"),
    [
        ([PACKAGE], "", 0),
        ([PACKAGE], "true", 0),
        ([VULNERABLE], "", 1),
        ([UNKNOWN], "", 0),
        ([UNKNOWN], "true", 1),
        (None, "", 0),
        (None, "true", 1),
    ],
)
def test_known_changes_are_applied_and_unknown_ones_reported(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    packages: Any,
    ci: str,
    status: int,
) -> None:
    out = "" if packages is None else json.dumps({"dependencies": packages})
    monkeypatch.setattr(
        subprocess, "run", lambda *_, **__: subprocess.CompletedProcess([], 0, stdout=out)
    )
    monkeypatch.setenv("CI", ci)
    assert vulnerabilities.main() == status
    stated = capsys.readouterr()
    assert ("NOT AUDITED" in stated.err) is (packages in (None, [UNKNOWN]))
    assert ("GHSA-1" in stated.out) is (packages == [VULNERABLE])
