from dataclasses import replace
from pathlib import Path

import pytest

from local import stack_env
from local.credentials import Credentials
from local.stack_env import NoLocalStack, StackEnv

ENV = StackEnv(
    "http://base", "key", "http://endpoint", Credentials("AKIAKEY", "sec=ret"), "stack", "sub",
    "a@example.com", "p=w",
)  # fmt: skip


def test_what_was_written_is_read(tmp_path: Path) -> None:
    stack_env.write(ENV, tmp_path)
    assert stack_env.read(tmp_path) == ENV
    assert ENV.dashboard_url == "http://base/dashboard"


def test_a_later_start_replaces_it(tmp_path: Path) -> None:
    stack_env.write(ENV, tmp_path)
    changed = replace(ENV, api_key="other")
    stack_env.write(changed, tmp_path)
    assert stack_env.read(tmp_path) == changed


def test_a_file_of_an_earlier_version_is_no_running_stack(tmp_path: Path) -> None:
    stack_env.write(ENV, tmp_path)
    lines = stack_env.path(tmp_path).read_text().splitlines()
    kept = [line for line in lines if "ACCOUNT" not in line]
    stack_env.path(tmp_path).write_text("\n".join(kept))
    with pytest.raises(NoLocalStack):
        stack_env.read(tmp_path)
