"""What `make import` and `make export` promise: links go on working where they were taken."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import httpx
import pytest

from ops import link as link_command
from ops import stack_env
from ops.smoke.assertions import SHORT_URLS, bearer

if TYPE_CHECKING:
    from pathlib import Path

    from project.stack import Stack

KUTT = {
    "data": [
        {"address": "moved-1", "target": "https://a.example/1", "visit_count": 17},
        {"address": "moved-2", "target": "https://a.example/2", "banned": True},
        {"address": "x", "target": "https://a.example/3"},
    ]
}


@pytest.fixture(autouse=True)
def _on_the_test_stack(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stack_env, "read", lambda: stack.env)


def test_links_move_with_their_codes(
    stack: Stack, http: httpx.Client, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key, _ = stack.key("read", account="moving")
    file, report, written = tmp_path / "kutt.json", tmp_path / "report.csv", tmp_path / "out.csv"
    file.write_text(json.dumps(KUTT))
    take = ["import", str(file), "--account", "moving"]

    assert link_command.main([*take, "--dry-run"]) == 0
    printed = capsys.readouterr().out
    assert "2 would be created" in printed
    assert "nothing was created" in printed
    assert http.get(SHORT_URLS, headers=bearer(key)).json()["pagination"]["total"] == 0

    assert link_command.main([*take, "--report", str(report)]) == 0
    printed = capsys.readouterr().out
    assert "2 created" in printed
    assert "1 x custom_alias: An alias has 3 to 50" in printed
    assert "not imported: visit_count" in printed
    with report.open(newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert [row["result"] for row in rows] == ["new", "new", "rejected"]
    assert http.get(rows[0]["short_url"]).headers["location"] == ("https://a.example/1")
    assert http.get(rows[1]["short_url"]).status_code == 410

    assert link_command.main([*take, "--new-codes"]) == 0
    printed = capsys.readouterr().out
    assert "1 created, 1 of them under new codes" in printed
    assert "2 already there" in printed

    assert link_command.main(["export", "--account", "moving", "--file", str(written)]) == 0
    response = http.get(f"{SHORT_URLS}/export", headers=bearer(key))
    assert written.read_bytes().decode() == response.text
    assert len(response.text.splitlines()) == 1 + len(KUTT["data"])


@pytest.mark.parametrize(("text", "reason"), [(None, "No such file"), ("[", "cannot be read")])
def test_a_file_that_cannot_be_read_is_told_in_a_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | None, reason: str
) -> None:
    file = tmp_path / "links.json"
    if text is not None:
        file.write_text(text)
    assert link_command.main(["import", str(file), "--account", "moving"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("error: ")
    assert reason in line
